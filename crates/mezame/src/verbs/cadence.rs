//! How often people hear from the newsletter, mourning, invitations, and what the season proposes.

use crate::cli::{Answer, MourningArgs, NewsletterVerb, Often};
use crate::out::Talk;
use anyhow::{Context, Result};
use app::App;
use model::{Attendance, Cadence};
use serde_json::json;
use std::process::ExitCode;

pub fn newsletter(app: &App, what: &NewsletterVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        NewsletterVerb::List => list(app, talk),
        NewsletterVerb::Show { customer } => show(app, customer, talk),
        NewsletterVerb::Set { customer, cadence, by } => {
            let wish = match cadence {
                Often::Weekly => Cadence::Weekly,
                Often::Monthly => Cadence::Monthly,
                Often::Stopped => Cadence::Stopped,
            };
            app.set_cadence(super::customers::number(app, customer)?, wish, by)?;
            talk.noted("ご希望を記録しました。", "Noted.")?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn list(app: &App, talk: &Talk) -> Result<ExitCode> {
    let counts = app.cadence_counts()?;
    if talk.json {
        talk.value(&counts)?;
        return Ok(ExitCode::SUCCESS);
    }
    for count in counts {
        let word = if talk.english { count.cadence.en() } else { count.cadence.ja() };
        talk.line(&format!("{word}\t{}", count.people))?;
    }
    talk.line(match talk.english {
        true => "Everybody else gets it once a week.",
        false => "記録のない方には、週に1回お届けします。",
    })?;
    Ok(ExitCode::SUCCESS)
}

fn show(app: &App, customer: &str, talk: &Talk) -> Result<ExitCode> {
    let person =
        app.person(super::customers::number(app, customer)?)?.context("there is no such customer")?;
    let view = person.newsletter.context("there is no newsletter yet")?;
    if talk.json {
        let changes: Vec<_> = view
            .changes
            .iter()
            .map(|c| json!({ "at": c.at, "was": c.was, "cadence": c.cadence, "ja": c.ja, "en": c.en, "by": c.by }))
            .collect();
        talk.value(
            &json!({ "wish": view.wish, "cadence": view.cadence, "silent": view.silent, "changes": changes }),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let words = |c: Cadence| if talk.english { c.en() } else { c.ja() };
    talk.line(&match talk.english {
        true => format!(
            "{}; asked for {}; {} issues without a reaction",
            words(view.cadence),
            words(view.wish),
            view.silent
        ),
        false => format!(
            "{}(ご希望: {})。反応のないお便り: {}通",
            words(view.cadence),
            words(view.wish),
            view.silent
        ),
    })?;
    for c in &view.changes {
        let why = if talk.english { &c.en } else { &c.ja };
        talk.line(&format!(
            "{}\t{} → {}\t{why}\t{}",
            app.local_time(c.at)?,
            words(c.was),
            words(c.cadence),
            c.by
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn mourning(app: &App, args: &MourningArgs, talk: &Talk) -> Result<ExitCode> {
    let customer = super::customers::number(app, &args.customer)?;
    if args.lift {
        let person = app.person(customer)?.context("there is no such customer")?;
        anyhow::ensure!(!person.mournings.is_empty(), "nothing of the kind is on record");
        for mourning in &person.mournings {
            app.lift_mourning(mourning.id, &args.by)?;
        }
        talk.noted("喪中の記録を取り消しました。", "Taken back.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let new = app.mourn(customer, args.since, &args.note, &args.by)?;
    match new {
        true => talk.noted(
            "喪中を記録しました。今季の年賀状はお送りしません。寒中見舞いをおすすめします。",
            "Noted: no New Year's card this season; a midwinter greeting instead.",
        )?,
        false => {
            talk.noted("今季の喪中は、すでに記録されています。", "This is on record for the season already.")?
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn proposals(app: &App, talk: &Talk) -> Result<ExitCode> {
    let proposals = app.proposals()?;
    if talk.json {
        talk.value(&proposals)?;
        return Ok(ExitCode::SUCCESS);
    }
    for p in &proposals {
        let words = if talk.english { &p.en } else { &p.ja };
        talk.line(&format!("{}\t{}〜{}\t{words}", p.word, p.from, p.until))?;
    }
    if proposals.is_empty() {
        talk.line(if talk.english { "Nothing today." } else { "本日のご提案はありません。" })?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn propose(app: &App, word: &str, name: &str, owner: &str, talk: &Talk) -> Result<ExitCode> {
    let id = app.take_proposal(word, name, owner)?;
    if talk.json {
        talk.value(&json!({ "id": id }))?;
    } else {
        talk.line(&match talk.english {
            true => format!("Made the draft {id}. Next: mezame campaign check {id}"),
            false => format!("下書き {id} を作りました。次: mezame campaign check {id}"),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn answers(app: &App, campaign: &str, talk: &Talk) -> Result<ExitCode> {
    let rows = app.attendances(app.find_campaign(campaign)?)?;
    if talk.json {
        talk.value(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    for r in &rows {
        let answer = if talk.english { r.answer.en() } else { r.answer.ja() };
        talk.line(&format!("{answer}\t{}\t{}\t{}\t{}", r.person, r.name, r.people, r.note))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What was said, and how many come.
type Said<'a> = (Answer, u32, &'a str);

pub fn attend(
    app: &App,
    campaign: &str,
    customer: &str,
    (answer, people, note): Said<'_>,
    by: &str,
    talk: &Talk,
) -> Result<ExitCode> {
    let answer = match answer {
        Answer::Coming => Attendance::Coming,
        Answer::NotComing => Attendance::NotComing,
        Answer::Came => Attendance::Came,
        Answer::Absent => Attendance::Absent,
    };
    let (id, customer) = (app.find_campaign(campaign)?, super::customers::number(app, customer)?);
    app.attend(id, customer, (answer, people), note, by)?;
    talk.noted("記録しました。", "Noted.")?;
    Ok(ExitCode::SUCCESS)
}
