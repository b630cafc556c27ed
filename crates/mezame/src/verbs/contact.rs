//! Contact persons of companies on the command line.

use crate::cli::ContactVerb;
use crate::out::{Talk, safe, table};
use crate::verbs::customers::number;
use anyhow::Result;
use app::{App, ContactPerson, TypedContact};
use serde_json::json;
use std::process::ExitCode;

pub fn run(app: &App, what: ContactVerb, talk: &Talk) -> Result<ExitCode> {
    let id = match what {
        ContactVerb::List { customer } => return list(app, number(app, &customer)?, talk),
        ContactVerb::Save(args) => {
            let customer = number(app, &args.customer)?;
            let known =
                app.contacts_of(customer)?.into_iter().find(|c| c.id.is_some() && c.id == args.contact);
            let known = known.as_ref();
            // What is not said stays as it was.
            let text = |said: String, of: fn(&ContactPerson) -> &String| match known {
                Some(known) if said.is_empty() => of(known).clone(),
                _ => said,
            };
            let typed = TypedContact {
                name: args.name,
                department: text(args.department, |c| &c.department),
                title: text(args.title, |c| &c.title),
                mail: text(args.mail, |c| &c.mail),
                phone: text(args.phone, |c| &c.phone),
                since: args.since.or(known.and_then(|c| c.since)),
                met_on: args.met_on.or(known.and_then(|c| c.met_on)),
                met_at: text(args.met_at, |c| &c.met_at),
                interests: text(args.interests, |c| &c.interests),
            };
            app.save_contact(customer, args.contact, &typed, &args.by)?
        }
        ContactVerb::State { customer, state, contact, next, by } => {
            app.contact_state(number(app, &customer)?, contact, state, &next, &by)?
        }
    };
    match talk.json {
        true => talk.value(&json!({ "contact": id }))?,
        false => talk.line(&format!("{id}: {}", talk.say("記録しました。", "Noted.")))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, customer: i64, talk: &Talk) -> Result<ExitCode> {
    let all = app.contacts_of(customer)?;
    if talk.json {
        talk.value(&serde_json::to_value(&all)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |c: &ContactPerson| {
        let day = |day: Option<model::Day>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        vec![
            c.id.map_or_else(|| "-".to_owned(), |id| id.to_string()),
            safe(&c.name),
            safe(&c.department),
            safe(&c.title),
            talk.say(c.state.ja(), c.state.en()).to_owned(),
            day(c.state_on),
            safe(&c.successor),
            day(c.met_on),
            safe(&c.met_at),
            safe(&c.interests),
        ]
    };
    let header = match talk.english {
        false => ["番号", "お名前", "部署", "役職", "状況", "確認", "後任", "出会い", "場所", "ご興味"],
        true => {
            ["id", "name", "department", "title", "state", "as of", "successor", "met", "where", "interests"]
        }
    };
    talk.line(&table(&header, &[], all.iter().map(row).collect()))?;
    Ok(ExitCode::SUCCESS)
}
