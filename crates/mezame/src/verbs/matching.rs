//! Records that may be one person.

use crate::cli::MatchVerb;
use crate::out::{Talk, safe, table};
use anyhow::Result;
use app::App;
use serde_json::json;
use std::process::ExitCode;

pub fn run(app: &App, what: MatchVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        MatchVerb::List { limit } => list(app, limit, talk)?,
        MatchVerb::Merge { id, by } => app.decide(id, true, &by)?,
        MatchVerb::Apart { id, by } => app.decide(id, false, &by)?,
        MatchVerb::Undo { merge, by } => app.undo_merge(merge, &by)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, limit: usize, talk: &Talk) -> Result<()> {
    let (total, pairs) = app.suggestions(0, limit)?;
    if talk.json {
        let row = |p: &app::SuggestionView| {
            json!({
                "id": p.id, "customers": [p.customers.0, p.customers.1], "facts": p.facts_en, "conflict": p.conflict,
                "sources": [format!("{}:{}", p.a.source, p.a.ext_id), format!("{}:{}", p.b.source, p.b.ext_id)],
            })
        };
        return talk.value(&json!({ "total": total, "pairs": pairs.iter().map(row).collect::<Vec<_>>() }));
    }
    let rows = pairs.iter().map(|p| {
        let who = |r: &app::RecordView, customer: i64| format!("{customer} {} ({})", safe(&r.name), r.source);
        vec![
            p.id.to_string(),
            who(&p.a, p.customers.0),
            who(&p.b, p.customers.1),
            talk.say(&p.facts_ja, &p.facts_en).to_owned(),
            p.conflict.clone().map(|c| safe(&c)).unwrap_or_default(),
        ]
    });
    let header = match talk.english {
        false => ["番号", "一人目", "二人目", "一致", "食い違い"],
        true => ["no.", "one", "other", "agree", "conflict"],
    };
    talk.line(&table(&header, &[0], rows.collect()))?;
    talk.line(&match talk.english {
        false => format!("全{total}件。同じ方なら mezame match merge 番号 --by 氏名、別の方なら mezame match apart 番号 --by 氏名"),
        true => format!("{total} in all. One person: mezame match merge NO --by NAME; two: mezame match apart NO --by NAME"),
    })
}
