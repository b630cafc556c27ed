//! Segments: named rules over the published columns.

use crate::cli::SegmentVerb;
use crate::out::{Talk, safe, table};
use anyhow::Result;
use app::App;
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

pub fn run(app: &App, what: SegmentVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        SegmentVerb::List => list(app, talk)?,
        SegmentVerb::Save { name, condition } => {
            app.save_segment(&name, &condition)?;
            let (people, _) = app.count(&condition)?;
            talk.line(&format!("{}: {}", safe(&name), talk.people(people)))?;
        }
        SegmentVerb::Delete { name } => app.delete_segment(&name)?,
        SegmentVerb::Count { condition, repeat } => count(app, &condition, repeat, talk)?,
        SegmentVerb::Columns => columns(talk)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, talk: &Talk) -> Result<()> {
    let mut rows = Vec::new();
    for (name, condition) in app.segments()? {
        let (people, spend) = app.count(&condition)?;
        rows.push((name, condition, people, spend));
    }
    if talk.json {
        let row = |r: &(String, String, u64, model::Money)| json!({ "name": r.0, "condition": r.1, "customers": r.2 });
        return talk.value(&rows.iter().map(row).collect::<Vec<_>>());
    }
    let currency = app.settings()?.currency;
    let rows = rows.into_iter().map(|(name, condition, people, spend)| {
        vec![safe(&name), talk.people(people), talk.money(spend, &currency), safe(&condition)]
    });
    let header = match talk.english {
        false => ["名前", "人数", "累計金額", "条件"],
        true => ["name", "customers", "spend", "condition"],
    };
    talk.line(&table(&header, &[1, 2], rows.collect()))
}

#[allow(clippy::disallowed_methods, reason = "--repeat asks how long it takes")]
fn count(app: &App, condition: &str, repeat: u32, talk: &Talk) -> Result<()> {
    let mut times = Vec::new();
    let mut found = app.count(condition)?;
    for _ in 1..repeat {
        let start = Instant::now();
        found = app.count(condition)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2);
    if talk.json {
        return talk.value(&json!({ "condition": condition, "customers": found.0, "median_ms": median }));
    }
    let time = median.map(|ms| format!("  ({ms:.1} ms)")).unwrap_or_default();
    talk.line(&format!("{}{time}", talk.people(found.0)))
}

fn columns(talk: &Talk) -> Result<()> {
    let all = app::columns();
    if talk.json {
        let row = |c: &app::ColumnInfo| json!({ "name": c.name, "type": c.kind, "ja": c.ja, "en": c.en, "history": c.history });
        return talk.value(&all.iter().map(row).collect::<Vec<_>>());
    }
    let rows =
        all.iter().map(|c| vec![c.name.to_owned(), c.kind.to_owned(), talk.say(c.ja, c.en).to_owned()]);
    talk.line(&table(
        &[talk.say("列", "column"), talk.say("型", "type"), talk.say("意味", "meaning")],
        &[],
        rows.collect(),
    ))
}
