//! What the shop makes better, on the command line.

use crate::cli::ImprovementVerb;
use crate::out::{Talk, day, safe, table};
use anyhow::Result;
use app::{App, ImprovementView};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: ImprovementVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        ImprovementVerb::List => list(app, talk)?,
        ImprovementVerb::Add { issue, reason, message, by } => {
            let id = app.add_improvement(&issue, &reason, &message, &by)?;
            match talk.json {
                true => talk.value(&json!({ "id": id }))?,
                false => talk.line(&format!("{} {id}", talk.say("登録しました:", "Written down:")))?,
            }
        }
        ImprovementVerb::Fixed { improvement, on, by } => {
            app.fix_improvement(improvement, on, &by)?;
            list(app, talk)?;
        }
        ImprovementVerb::Draft { improvement, start, owner } => {
            let campaign = app.improvement_campaign(improvement, start, &owner)?;
            match talk.json {
                true => talk.value(&json!({ "campaign": campaign }))?,
                false => talk.line(&match talk.english {
                    false => {
                        format!("施策 {campaign} の下書きを作りました。次: mezame campaign check {campaign}")
                    }
                    true => format!("Made the draft {campaign}. Next: mezame campaign check {campaign}"),
                })?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, talk: &Talk) -> Result<()> {
    let all = app.improvements()?;
    if talk.json {
        let row = |v: &ImprovementView| {
            let i = &v.improvement;
            json!({
                "id": i.id, "issue": i.issue, "reason": i.reason, "message": i.message, "fixed_on": i.fixed.as_ref().map(|f| f.0),
                "where": v.condition, "affected": v.affected, "reachable_by_mail": v.reachable, "campaign": i.campaign,
            })
        };
        return talk.value(&all.iter().map(row).collect::<Vec<Value>>());
    }
    if all.is_empty() {
        return talk.line(talk.say("改善の登録はまだありません。", "Nothing is written down yet."));
    }
    let line = |v: &ImprovementView| {
        let i = &v.improvement;
        vec![
            i.id.to_string(),
            safe(&i.issue),
            talk.say(&v.reason_ja, &v.reason_en).to_owned(),
            day(i.fixed.as_ref().map(|f| f.0)),
            talk.people(v.affected),
            v.reachable.map_or_else(|| "-".to_owned(), |n| talk.people(n)),
            i.campaign.map_or_else(|| "-".to_owned(), |id| id.to_string()),
        ]
    };
    let header = match talk.english {
        false => ["番号", "改善すること", "休眠理由", "直した日", "対象", "うちメール可", "施策"],
        true => ["id", "issue", "reason", "fixed on", "affected", "by mail", "campaign"],
    };
    talk.line(&table(&header, &[0, 4, 5, 6], all.iter().map(line).collect()))
}
