//! The sender: its domain in DNS, and its keys.

use crate::cli::KeyVerb;
use crate::out::Talk;
use crate::secrets;
use crate::verbs::NEEDS_A_PERSON;
use anyhow::Result;
use app::App;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub fn doctor(app: &App, domain: &str, talk: &Talk) -> Result<ExitCode> {
    let found = app.doctor_mail(domain)?;
    if talk.json {
        talk.value(&found)?;
    } else {
        for f in &found {
            let mark = match f.level {
                app::Level::Good => "○",
                app::Level::Note => "!",
                app::Level::Problem => "×",
            };
            talk.line(&format!("{mark} {}", talk.say(&f.ja, &f.en)))?;
        }
    }
    let bad = found.iter().any(|f| f.level == app::Level::Problem);
    Ok(if bad { ExitCode::from(NEEDS_A_PERSON) } else { ExitCode::SUCCESS })
}

pub fn key(app: &App, what: &KeyVerb, data: &Path, talk: &Talk) -> Result<ExitCode> {
    match what {
        KeyVerb::Rotate => {
            let id = secrets::rotate(data)?;
            talk.line(&match talk.english {
                false => format!("これからは鍵{id}で署名します。送信済みのリンクは引き続き使えます。動いている serve と work は再起動してください。"),
                true => format!("Signing with key {id} from now on; links already sent go on working. Restart serve and work."),
            })?;
        }
        KeyVerb::Dkim { selector, replace } => {
            let (pem, name, record) = app.new_dkim_key(selector)?;
            secrets::keep_dkim(data, &pem, *replace)?;
            let settings = app.settings()?;
            let sending = app::Sending { dkim_selector: selector.clone(), ..settings.sending.clone() };
            app.set_settings(&app::Settings { sending, ..settings })?;
            if talk.json {
                talk.value(&json!({ "name": name, "record": record }))?;
            } else {
                talk.line(talk.say("次のTXTレコードをDNSに登録してください。", "Publish this TXT record:"))?;
                talk.line(&name)?;
                talk.line(&record)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
