//! What customers wrote to us, on the command line.

use crate::cli::{InboxVerb, Shows};
use crate::out::{Talk, safe, table};
use crate::verbs::customers::number;
use anyhow::{Context, Result};
use app::{App, InquiryFilter, InquiryView, InquiryWords};
use model::{Leaving, Severity};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: InboxVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        InboxVerb::List { show, limit } => list(app, show, limit, talk),
        InboxVerb::Show { inquiry } => one(app, inquiry, talk),
        InboxVerb::Answer { inquiry, by, said } => {
            app.answer_inquiry(inquiry, &said, &by)?;
            match app.inquiry(inquiry)?.0.inquiry.severity {
                Severity::None => done(
                    talk,
                    inquiry,
                    "お答えを記録しました。止めていたご案内が再開します。",
                    "Noted; what was held goes on.",
                ),
                _ => done(
                    talk,
                    inquiry,
                    "お答えを記録しました。クレームの対応を終えるまで、ご案内は止めたままです: mezame inbox close",
                    "Noted; everything stays held until the complaint is settled: mezame inbox close",
                ),
            }
        }
        InboxVerb::Close { inquiry, by, why } => {
            app.close_inquiry(inquiry, &why, &by)?;
            done(talk, inquiry, "終了しました。", "Closed.")
        }
        InboxVerb::Complaint { of, severity, by, owner, due, said } => {
            let due = due.map(|at| if at.contains(':') { at } else { format!("{at} 17:00") });
            let due = due.map(|at| app.moment_typed(&at)).transpose()?;
            let id = match said.is_empty() {
                true => of.parse().context("the number of an inquiry, or a customer with --said")?,
                false => app.note_inquiry(number(app, &of)?, &said, severity, &by)?,
            };
            app.grade_inquiry(id, severity, &owner, due, &by)?;
            done(talk, id, "登録しました。", "Noted.")
        }
        InboxVerb::Whose { inquiry, customer, by } => {
            app.whose_inquiry(inquiry, number(app, &customer)?, &by)?;
            done(talk, inquiry, "お客様を登録しました。", "Noted whose it is.")
        }
        InboxVerb::Leaving { inquiry, take, by } => {
            app.decide_leaving(inquiry, take, &by)?;
            match take {
                true => done(talk, inquiry, "この手段でのご案内を停止しました。", "The channel is closed."),
                false => done(
                    talk,
                    inquiry,
                    "停止のご希望ではないと記録しました。",
                    "Noted that it is no wish to leave.",
                ),
            }
        }
    }
}

fn done(talk: &Talk, id: i64, ja: &str, en: &str) -> Result<ExitCode> {
    match talk.json {
        true => talk.value(&json!({ "inquiry": id }))?,
        false => talk.line(&format!("{id}: {}", talk.say(ja, en)))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, show: Shows, limit: usize, talk: &Talk) -> Result<ExitCode> {
    let filter = match show {
        Shows::Waiting => InquiryFilter::Waiting,
        Shows::Complaints => InquiryFilter::Complaints,
        Shows::Answered => InquiryFilter::Answered,
        Shows::Closed => InquiryFilter::Closed,
        Shows::All => InquiryFilter::All,
    };
    let (total, rows) = app.inbox(filter, 0, limit)?;
    let count = app.inbox_count()?;
    if talk.json {
        let rows: Vec<Value> = rows.iter().map(|x| view_json(x, &[])).collect();
        talk.value(&json!({
            "total": total, "waiting": count.waiting, "overdue": count.overdue, "complaints": count.complaints,
            "inquiries": rows,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (ja, en) = (
        format!(
            "お答え待ち {}件(期限超過 {}件)、対応中のクレーム {}件",
            count.waiting, count.overdue, count.complaints
        ),
        format!("waiting {} (overdue {}), complaints {}", count.waiting, count.overdue, count.complaints),
    );
    talk.line(talk.say(&ja, &en))?;
    let header = match talk.english {
        false => ["番号", "お客様", "手段", "期限", "重さ", "言葉"],
        true => ["id", "customer", "by", "due", "grave", "words"],
    };
    let line = |x: &InquiryView| {
        let due = x.due.map(|at| app.local_time(at)).transpose()?;
        let late = if x.overdue { talk.say("(超過)", " (overdue)") } else { "" };
        let i = &x.inquiry;
        let grave =
            if i.severity == Severity::None { "" } else { talk.say(i.severity.ja(), i.severity.en()) };
        let said: String = x.said.chars().take(40).collect();
        Ok(vec![
            i.id.to_string(),
            safe(if x.name.is_empty() { &i.contact } else { &x.name }),
            talk.say(i.way.ja(), i.way.en()).to_owned(),
            format!("{}{late}", due.unwrap_or_else(|| "-".to_owned())),
            grave.to_owned(),
            safe(&said.replace('\n', " ")),
        ])
    };
    let rows: Result<Vec<Vec<String>>> = rows.iter().map(line).collect();
    talk.line(&table(&header, &[0], rows?))?;
    Ok(ExitCode::SUCCESS)
}

fn one(app: &App, id: i64, talk: &Talk) -> Result<ExitCode> {
    let (x, words) = app.inquiry(id)?;
    if talk.json {
        talk.value(&view_json(&x, &words))?;
        return Ok(ExitCode::SUCCESS);
    }
    let i = &x.inquiry;
    let customer = i.customer.map_or_else(|| "-".to_owned(), |c| c.to_string());
    talk.line(&safe(&format!(
        "{id} {} ({customer}) {} {}",
        x.name,
        talk.say(i.way.ja(), i.way.en()),
        i.contact
    )))?;
    if i.severity != Severity::None {
        talk.line(&safe(&format!(
            "{}: {} {}",
            talk.say("クレーム", "complaint"),
            talk.say(i.severity.ja(), i.severity.en()),
            i.owner
        )))?;
    }
    if i.leaving != Leaving::No {
        talk.line(talk.say(i.leaving.ja(), i.leaving.en()))?;
    }
    if let Some(due) = x.due {
        talk.line(&format!("{}: {}", talk.say("期限", "due"), app.local_time(due)?))?;
    }
    for w in &words {
        let who = if w.by.is_empty() { talk.say("お客様", "customer") } else { &w.by };
        talk.line(&safe(&format!("■ {} {who}", app.local_time(w.at)?)))?;
        for line in w.said.lines() {
            talk.line(&safe(&format!("  {line}")))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn view_json(x: &InquiryView, words: &[InquiryWords]) -> Value {
    let i = &x.inquiry;
    let said = words.iter().map(|w| json!({ "at": w.at, "by": w.by, "said": w.said }));
    json!({
        "id": i.id, "customer": i.customer, "name": x.name, "contact": i.contact, "by": i.way, "touch": i.touch,
        "at": i.at, "since": i.since, "due": x.due, "overdue": x.overdue, "severity": i.severity,
        "leaving": i.leaving, "owner": i.owner, "subject": i.subject, "said": x.said,
        "answered": i.answered, "closed": i.closed, "words": said.collect::<Vec<_>>(),
    })
}
