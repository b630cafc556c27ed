//! The library of what may be shown in letters, on the command line.

use crate::cli::LibraryVerb;
use crate::out::{Talk, safe, table};
use anyhow::Result;
use app::{App, NewContent, StoredContent};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: LibraryVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        LibraryVerb::List => return list(app, talk),
        LibraryVerb::Add(args) => {
            let content = NewContent {
                word: args.word,
                kind: args.kind,
                title: args.title,
                said: args.said,
                holder: args.holder,
                permitted_on: args.permitted,
                until: args.until,
                marking: args.mark,
                link: args.link,
            };
            app.save_content(&content, &args.by)?;
            if !talk.json {
                let (kind, word) = (content.kind.word(), &content.word);
                let name = format!("{{{{ {kind}.{word} }}}}");
                talk.line(&format!("{}: {name}", talk.say("文面での書き方", "in letters")))?;
            }
        }
        LibraryVerb::Retire { word } => app.retire_content(&word)?,
    }
    if talk.json {
        talk.value(&json!({ "done": true }))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, talk: &Talk) -> Result<ExitCode> {
    let all = app.library()?;
    if talk.json {
        let one = |c: &StoredContent| {
            let x = &c.content;
            json!({
                "word": x.word, "kind": x.kind, "title": x.title, "said": x.said, "holder": x.holder,
                "permitted": x.permitted_on, "until": x.until, "mark": x.marking, "link": x.link,
                "by": c.by, "at": c.at, "retired": c.retired,
            })
        };
        talk.value(&all.iter().map(one).collect::<Vec<Value>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |c: &StoredContent| {
        let x = &c.content;
        let day = |day: Option<model::Day>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let said: String = x.said.chars().take(30).collect();
        vec![
            x.word.clone(),
            talk.say(x.kind.ja(), x.kind.en()).to_owned(),
            safe(&x.holder),
            day(x.permitted_on),
            day(x.until),
            talk.say(x.marking.ja(), x.marking.en()).to_owned(),
            safe(&said.replace('\n', " ")),
        ]
    };
    let header = match talk.english {
        false => ["呼び名", "種類", "権利者", "許可の日", "いつまで", "広告表示", "本文"],
        true => ["word", "kind", "holder", "allowed", "until", "mark", "text"],
    };
    let standing = all.iter().filter(|c| c.retired.is_none());
    talk.line(&table(&header, &[], standing.map(row).collect()))?;
    Ok(ExitCode::SUCCESS)
}
