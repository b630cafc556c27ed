//! Notes of customers on the command line.

use crate::cli::NotesVerb;
use crate::out::Talk;
use crate::verbs::{NEEDS_A_PERSON, customers::number};
use anyhow::Result;
use app::App;
use serde_json::json;
use std::process::ExitCode;

pub fn run(app: &App, what: NotesVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        NotesVerb::Add { customer, kind, said, on, place, by } => {
            let day = on.map_or_else(|| app.today(), Ok)?;
            app.add_note(number(app, &customer)?, kind, day, &said, &place, &by)?;
            done(talk, "メモを記録しました。", "Noted.")
        }
        NotesVerb::Strike { note, by } => {
            app.strike_note(note, &by)?;
            done(talk, "メモを取り消しました。", "Taken back.")
        }
        NotesVerb::Import { file, by } => {
            let taken = app.import_notes(&file, &by)?;
            if talk.json {
                talk.value(&serde_json::to_value(&taken)?)?;
            } else {
                let known = taken.rows - taken.kept - taken.rejected;
                let (ja, en) = (
                    format!(
                        "{}行中 {}件を記録しました(登録済み {known}件、読めない行 {}件)",
                        taken.rows, taken.kept, taken.rejected
                    ),
                    format!(
                        "{} rows: {} new, {known} known, {} rejected",
                        taken.rows, taken.kept, taken.rejected
                    ),
                );
                talk.line(talk.say(&ja, &en))?;
                if let Some(file) = &taken.rejects_file {
                    talk.line(&format!("{}: {file}", talk.say("読めない行", "rejects")))?;
                }
            }
            Ok(if taken.rejected > 0 { ExitCode::from(NEEDS_A_PERSON) } else { ExitCode::SUCCESS })
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
