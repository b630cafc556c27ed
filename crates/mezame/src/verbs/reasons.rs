//! Why customers went quiet, on the command line.

use crate::cli::{ReasonsVerb, StateArgs};
use crate::out::{Talk, day, grouped, safe, table};
use crate::verbs::customers::number;
use anyhow::Result;
use app::{App, LeftFor, PersonReasons, ReasonRow, SILENT_ONES, Stated, StatementView};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: Option<ReasonsVerb>, talk: &Talk) -> Result<ExitCode> {
    match what {
        None => report(app, talk),
        Some(ReasonsVerb::List) => list(app, talk),
        Some(ReasonsVerb::Show { customer }) => show(app, number(app, &customer)?, talk),
        Some(ReasonsVerb::Set(args)) => set(app, &args, talk),
        Some(ReasonsVerb::Drop { statement, by }) => {
            app.drop_reason(statement, &by)?;
            match talk.json {
                true => talk.value(&json!({ "dropped": statement }))?,
                false => talk.line(
                    talk.say("取り消しました。記録には残ります。", "Taken back; it stays on record."),
                )?,
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn report(app: &App, talk: &Talk) -> Result<ExitCode> {
    let report = app.reason_report()?;
    let rows = || std::iter::once(&report.unknown).chain(&report.rows);
    if talk.json {
        let row = |r: &ReasonRow| {
            json!({
                "reason": r.id, "customers": r.customers, "inferred": r.inferred, "where": r.condition,
                "scenario": r.scenario.as_ref().map(|s| &s.0),
            })
        };
        talk.value(&json!({
            "as_of": report.as_of, "dormant": report.dormant, "reasons": rows().map(row).collect::<Vec<_>>(),
            "silent": { "customers": report.silent, "where": SILENT_ONES },
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let share = |n: u64| format!("{:.1}%", n as f64 * 100.0 / report.dormant.max(1) as f64);
    let line = |r: &ReasonRow| {
        vec![
            talk.say(&r.ja, &r.en).to_owned(),
            r.id.clone(),
            grouped(r.customers as i64),
            share(r.customers),
            grouped(r.inferred as i64),
            r.scenario.as_ref().map_or_else(|| "-".to_owned(), |s| s.0.clone()),
        ]
    };
    talk.line(&format!("{}: {}", talk.say("休眠中の方", "Dormant"), talk.people(report.dormant)))?;
    let header = match talk.english {
        false => ["休眠理由", "id", "人数", "割合", "うち推定", "シナリオ"],
        true => ["why they went quiet", "id", "customers", "share", "inferred", "scenario"],
    };
    talk.line(&table(&header, &[2, 3, 4], rows().map(line).collect()))?;
    talk.line(&format!(
        "{}: {} (mezame customers --where \"{SILENT_ONES}\")",
        talk.say("無言のままの方", "Silent ones"),
        talk.people(report.silent)
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, talk: &Talk) -> Result<ExitCode> {
    let list = app.left_for()?;
    if talk.json {
        let row = |r: &LeftFor| json!({ "id": r.id, "ja": r.ja, "en": r.en, "scenario": r.scenario, "own": r.own, "hidden": r.hidden });
        talk.value(&list.iter().map(row).collect::<Vec<Value>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let line = |r: &LeftFor| {
        let mark = match (r.own, r.hidden) {
            (_, true) => talk.say("非表示", "hidden"),
            (true, false) => talk.say("自店", "own"),
            (false, false) => "",
        };
        let scenario = if r.scenario.is_empty() { "-".to_owned() } else { r.scenario.clone() };
        vec![r.id.clone(), safe(talk.say(&r.ja, &r.en)), scenario, mark.to_owned()]
    };
    let header = match talk.english {
        false => ["id", "休眠理由", "シナリオ", ""],
        true => ["id", "why", "scenario", ""],
    };
    talk.line(&table(&header, &[], list.iter().map(line).collect()))?;
    Ok(ExitCode::SUCCESS)
}

fn show(app: &App, customer: i64, talk: &Talk) -> Result<ExitCode> {
    let found = app.reasons_of(customer)?;
    if talk.json {
        talk.value(&reasons_json(&found))?;
        return Ok(ExitCode::SUCCESS);
    }
    let now = found.current.as_ref().map_or(talk.say("不明", "not known"), |v| talk.say(&v.ja, &v.en));
    talk.line(&safe(&format!("{}: {now}", talk.say("休眠理由", "Went quiet for"))))?;
    talk.line(&safe(talk.say(&found.why_ja, &found.why_en)))?;
    if let Some((id, ja, en)) = &found.scenario {
        talk.line(&format!("{}: {} ({id})", talk.say("沿ったシナリオ", "Scenario"), talk.say(ja, en)))?;
    }
    for likely in &found.likely {
        talk.line(&format!(
            "  {:>3.0}%  {}  {}",
            likely.weight * 100.0,
            talk.say(&likely.ja, &likely.en),
            talk.say(&likely.because_ja, &likely.because_en)
        ))?;
    }
    let line = |v: &StatementView| {
        let s = &v.statement;
        vec![
            s.id.map_or_else(|| "-".to_owned(), |id| id.to_string()),
            day(Some(s.day)),
            safe(talk.say(&v.ja, &v.en)),
            talk.say(s.source.ja(), s.source.en()).to_owned(),
            format!("{:.0}%", s.confidence * 100.0),
            safe(&s.by),
            safe(&s.words),
            if v.past { talk.say("その後ご注文あり", "ordered since") } else { "" }.to_owned(),
        ]
    };
    if !found.statements.is_empty() {
        let header = match talk.english {
            false => ["番号", "日付", "休眠理由", "根拠", "確かさ", "担当", "内容", ""],
            true => ["id", "day", "why", "from", "sure", "by", "words", ""],
        };
        talk.line(&table(&header, &[0, 4], found.statements.iter().map(line).collect()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn reasons_json(found: &PersonReasons) -> Value {
    let statement = |v: &StatementView| {
        let s = &v.statement;
        json!({
            "id": s.id, "reason": s.reason, "source": s.source, "said": s.source.is_said(), "confidence": s.confidence,
            "day": s.day, "words": s.words, "by": s.by, "past": v.past,
        })
    };
    json!({
        "reason": found.current.as_ref().map_or(app::UNKNOWN_REASON, |v| &v.statement.reason),
        "scenario": found.scenario.as_ref().map(|s| &s.0), "why_ja": found.why_ja, "why_en": found.why_en,
        "statements": found.statements.iter().map(statement).collect::<Vec<_>>(),
        "likely": found.likely.iter().map(|l| json!({ "reason": l.id, "weight": l.weight, "because_ja": l.because_ja, "because_en": l.because_en })).collect::<Vec<_>>(),
    })
}

fn set(app: &App, args: &StateArgs, talk: &Talk) -> Result<ExitCode> {
    let customer = number(app, &args.customer)?;
    let StateArgs { reason, source, confidence, words, .. } = args;
    let stated = Stated {
        customer,
        reason: reason.clone(),
        source: *source,
        confidence: *confidence,
        words: words.clone(),
    };
    app.state_reason(&stated, &args.by)?;
    show(app, customer, talk)
}
