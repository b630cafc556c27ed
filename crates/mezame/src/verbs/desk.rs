//! The phone desk on the command line.

use crate::cli::{DeskVerb, ResultArgs};
use crate::out::{Talk, grouped, safe, table};
use crate::verbs::NEEDS_A_PERSON;
use anyhow::{Context, Result};
use app::{App, CallCard, CallSaid, DeskQuery, DeskRow, Hand, TaskView, Turn};
use serde_json::{Value, json};
use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

pub fn run(app: &App, what: DeskVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        DeskVerb::Next { by, campaign } => next(app, &by, campaign.as_deref(), talk),
        DeskVerb::Result(args) => result(app, &args, talk),
        DeskVerb::Back { touch, by, why } => {
            app.desk_back(touch, &by, &why)?;
            done(talk, "お預かりしている電話を戻しました。", "Given back.")
        }
        DeskVerb::Undo { touch, by, why } => {
            app.desk_undo(touch, &by, &why)?;
            done(
                talk,
                "結果を取り消しました。もう一度お手元にあります。",
                "Taken back; it is in your hand again.",
            )
        }
        DeskVerb::List { campaign, csv } => {
            let campaign = campaign.map(|name| app.find_campaign(&name)).transpose()?;
            list(app, campaign, csv.as_deref(), talk)
        }
        DeskVerb::Tasks { owner } => tasks(app, owner.as_deref(), talk),
        DeskVerb::Task { customer, what, at, by, owner } => {
            let customer = crate::verbs::customers::number(app, &customer)?;
            let at = if at.contains(':') { at } else { format!("{at} 09:00") };
            let id = app.add_task(customer, &what, app.moment_typed(&at)?, &owner, &by)?;
            match talk.json {
                true => talk.value(&json!({ "id": id }))?,
                false => talk.line(&format!("{} {id}", talk.say("予定を登録しました:", "Task")))?,
            }
            Ok(ExitCode::SUCCESS)
        }
        DeskVerb::Done { task, by } => {
            app.task_done(task, &by)?;
            done(talk, "済みにしました。", "Done.")
        }
    }
}

fn done(talk: &Talk, ja: &str, en: &str) -> Result<ExitCode> {
    match talk.json {
        true => talk.value(&json!({ "done": true }))?,
        false => talk.line(talk.say(ja, en))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn next(app: &App, by: &str, campaign: Option<&str>, talk: &Talk) -> Result<ExitCode> {
    let campaign = campaign.map(|name| app.find_campaign(name)).transpose()?;
    let turn = app.desk_next(by, campaign)?;
    let said = match &turn {
        Turn::Call(_) => return hand(app, by, talk),
        Turn::Closed { rule, from } => {
            let from = from.map(|at| app.local_time(at)).transpose()?;
            let opens = from.clone().unwrap_or_else(|| "-".to_owned());
            let ja = format!("いまはお電話できる時間ではありません。次は{opens}からです。");
            let en = format!("Not an hour at which people may be called; the next is {opens}.");
            (json!({ "call": null, "rule": rule, "opens": from }), ja, en, NEEDS_A_PERSON)
        }
        Turn::Held { rule, ja, en } => (
            json!({ "call": null, "rule": rule, "ja": ja, "en": en }),
            ja.clone(),
            en.clone(),
            NEEDS_A_PERSON,
        ),
        Turn::Nobody => {
            let ja = "お電話を待っている方はいません。".to_owned();
            (json!({ "call": null }), ja, "Nobody waits for a call.".to_owned(), 0)
        }
    };
    let (value, ja, en, code) = said;
    match talk.json {
        true => talk.value(&value)?,
        false => talk.line(talk.say(&ja, &en))?,
    }
    Ok(ExitCode::from(code))
}

fn hand(app: &App, by: &str, talk: &Talk) -> Result<ExitCode> {
    let Some(Hand::Call(card)) = app.desk(by)?.hand else {
        return done(talk, "お手元に電話はありません。", "Nothing is in your hand.");
    };
    if talk.json {
        talk.value(&card_json(&card))?;
        return Ok(ExitCode::SUCCESS);
    }
    talk.line(&safe(&format!(
        "{} {} {}",
        card.touch,
        card.addressee,
        card.number.as_deref().unwrap_or("-")
    )))?;
    talk.line(&safe(&format!("{} / {} {}", card.campaign_name, card.step, card.about)))?;
    if let Some(person) = &card.person {
        talk.line(&safe(talk.say(&person.row.reason_ja, &person.row.reason_en)))?;
    }
    for rule in card.rules.iter().filter(|r| !r.allowed) {
        talk.line(&format!("  × {:<14} {}", rule.rule, talk.say(&rule.ja, &rule.en)))?;
    }
    for (ja, en) in &card.pretexts {
        talk.line(&format!("  ・{}", talk.say(ja, en)))?;
    }
    for (heading, text) in &card.script {
        if !heading.is_empty() {
            talk.line(&safe(&format!("■ {heading}")))?;
        }
        for line in text.lines() {
            talk.line(&safe(&format!("  {line}")))?;
        }
    }
    if let Some(why) = &card.broken {
        talk.line(&safe(&format!("× {why}")))?;
    }
    talk.line(&format!("{}: mezame desk result {} reached --by …", talk.say("結果", "Then"), card.touch))?;
    Ok(ExitCode::SUCCESS)
}

fn card_json(card: &CallCard) -> Value {
    let script = card.script.iter().map(|(heading, text)| json!({ "heading": heading, "text": text }));
    let calls = card.calls.iter().map(|c| {
        json!({ "at": c.at, "caller": c.caller, "result": c.result, "note": c.note, "minutes": c.minutes })
    });
    json!({
        "call": card.touch, "customer": card.customer, "addressee": card.addressee, "company": card.company,
        "number": card.number, "campaign": card.campaign, "step": card.step, "about": card.about,
        "script": script.collect::<Vec<_>>(), "broken": card.broken, "rules": card.rules,
        "refused": card.no.as_ref().map(|(said, _)| said), "from": card.no.as_ref().and_then(|(_, from)| *from),
        "calls": calls.collect::<Vec<_>>(), "unanswered": card.unanswered, "until": card.until,
        "missing": card.missing.iter().map(|(_, en)| en).collect::<Vec<_>>(),
        "pretexts": card.pretexts.iter().map(|(_, en)| en).collect::<Vec<_>>(),
        "reason": card.person.as_ref().map(|p| &p.row.reason_ja),
    })
}

fn result(app: &App, args: &ResultArgs, talk: &Talk) -> Result<ExitCode> {
    let by = match &args.by {
        Some(by) => by.clone(),
        None => app
            .desk_holder(args.touch)?
            .context("nobody has this call in hand: mezame desk next --by NAME")?,
    };
    let said = CallSaid {
        note: args.note.clone(),
        branch: args.branch.clone(),
        left_for: args.left_for.clone(),
        minutes: args.minutes,
        at: args.at.as_deref().map(|at| app.moment_typed(at)).transpose()?,
        next: args.next.clone(),
        ..CallSaid::of(args.touch, args.result)
    };
    let done = app.desk_result(&by, &said)?;
    let again = done.again.map(|at| app.local_time(at)).transpose()?;
    if talk.json {
        talk.value(&json!({
            "call": done.touch, "customer": done.person, "result": args.result, "again": again, "closed": done.closed,
            "tasks": done.tasks, "minutes": done.minutes, "cost": done.cost.as_f64(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let currency = app.settings()?.currency;
    talk.line(&format!(
        "{}: {} ({}{} {})",
        talk.say("記録しました", "Noted"),
        talk.say(args.result.ja(), args.result.en()),
        done.minutes,
        talk.say("分", " min"),
        talk.money(done.cost, &currency)
    ))?;
    if let Some(again) = again {
        talk.line(&format!("{} {again}", talk.say("次のお電話:", "Called again:")))?;
    }
    if done.closed {
        talk.line(talk.say("連絡の停止を登録しました。", "A must-not is in force from now on."))?;
    }
    if done.tasks > 0 {
        talk.line(&format!("{} {}", talk.say("予定に入れた件数:", "Tasks made:"), done.tasks))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, campaign: Option<i64>, csv: Option<&std::path::Path>, talk: &Talk) -> Result<ExitCode> {
    app.make_due()?;
    if let Some(path) = csv {
        let file = File::create(path).with_context(|| format!("writing {}", path.display()))?;
        let rows = app.desk_csv(campaign, talk.english, &mut BufWriter::new(file))?;
        match talk.json {
            true => talk.value(&json!({ "rows": rows }))?,
            false => talk.line(&talk.people(rows))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let list = app.desk_list(&DeskQuery { campaign, page: 0 })?;
    if talk.json {
        let row = |r: &DeskRow| {
            json!({
                "call": r.touch, "customer": r.person, "name": r.name, "company": r.company, "number": r.number,
                "campaign": r.campaign, "step": r.step, "value": r.value.as_f64(), "promised": r.promised,
                "tries": r.tries, "last": r.last.as_ref().map(|c| c.result), "rule": r.no.as_ref().map(|n| n.rule),
                "missing": r.missing.iter().map(|(_, en)| en).collect::<Vec<_>>(),
            })
        };
        let rows: Vec<Value> = list.rows.iter().map(row).collect();
        let kept_out: Vec<Value> = list.kept_out.iter().map(row).collect();
        talk.value(&json!({ "total": list.total, "rows": rows, "kept_out": kept_out }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let line = |r: &DeskRow| {
        let last = r.last.as_ref().map_or("-", |c| talk.say(c.result.ja(), c.result.en()));
        vec![
            r.touch.to_string(),
            safe(if r.name.is_empty() { r.company.as_deref().unwrap_or("-") } else { &r.name }),
            safe(&r.campaign_name),
            grouped(r.value.0 / 100),
            r.tries.to_string(),
            last.to_owned(),
        ]
    };
    let header = match talk.english {
        false => ["番号", "お客様", "施策", "見込み", "回数", "前回"],
        true => ["call", "customer", "campaign", "expected", "tries", "last"],
    };
    talk.line(&format!("{}: {}", talk.say("お電話を待っている方", "Waiting"), talk.people(list.total)))?;
    talk.line(&table(&header, &[0, 3, 4], list.rows.iter().map(line).collect()))?;
    for r in &list.kept_out {
        let (ja, en) = r.why();
        talk.line(&safe(&format!("× {} {}: {}", r.touch, r.name, talk.say(&ja, &en))))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tasks(app: &App, owner: Option<&str>, talk: &Talk) -> Result<ExitCode> {
    let tasks = app.tasks(owner)?;
    if talk.json {
        let row = |t: &TaskView| json!({ "id": t.id, "customer": t.person, "name": t.name, "what": t.what, "due": t.due, "owner": t.owner, "overdue": t.overdue });
        talk.value(&tasks.iter().map(row).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if tasks.is_empty() {
        talk.line(talk.say("予定はありません。", "Nothing is to be done."))?;
        return Ok(ExitCode::SUCCESS);
    }
    let line = |t: &TaskView| {
        let late = if t.overdue { talk.say("期限超過", "overdue") } else { "" };
        Ok(vec![
            t.id.to_string(),
            app.local_time(t.due)?,
            late.to_owned(),
            safe(&t.name),
            safe(&t.what),
            safe(&t.owner),
        ])
    };
    let header = match talk.english {
        false => ["番号", "期限", "", "お客様", "すること", "担当"],
        true => ["id", "due", "", "customer", "what", "owner"],
    };
    let rows: Result<Vec<Vec<String>>> = tasks.iter().map(line).collect();
    talk.line(&table(&header, &[0], rows?))?;
    Ok(ExitCode::SUCCESS)
}
