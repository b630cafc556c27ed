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
        KeyVerb::Import => call_secret(data, secrets::Call::Import, talk)?,
        KeyVerb::Orders => call_secret(data, secrets::Call::Orders, talk)?,
        KeyVerb::Visits => call_secret(data, secrets::Call::Visits, talk)?,
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

/// A new secret for calls; where it was printed is the shop's matter.
fn call_secret(data: &Path, call: secrets::Call, talk: &Talk) -> Result<()> {
    let secret = secrets::new_call_secret(data, call)?;
    if talk.json {
        return talk.value(&json!({ "secret": secret }));
    }
    talk.line(&secret)?;
    talk.line(match (call, talk.english) {
        (secrets::Call::Import, false) => "呼び出しの Authorization: Bearer に入れてください。前のトークンは使えなくなります。serve は再起動してください。",
        (secrets::Call::Import, true) => "Send it as Authorization: Bearer. The one before works no more. Restart serve.",
        (secrets::Call::Orders, false) => "本文のHMAC-SHA256をこの鍵で作り、X-Mezame-Signature に入れてください。前の鍵は使えなくなります。serve は再起動してください。",
        (secrets::Call::Visits, false) => "取込元・会員番号・現在時刻(Unix秒)を改行でつないだ文字列のHMAC-SHA256をこの鍵で作り、タグの data-sign に16進数で入れてください。前の鍵は使えなくなります。serve は再起動してください。",
        (secrets::Call::Visits, true) => "Put the HMAC-SHA256 by it of source, customer id and time (Unix seconds), joined by line feeds, as data-sign of the tag, in hexadecimal. The one before works no more. Restart serve.",
        (secrets::Call::Orders, true) => "Send the body's HMAC-SHA256 by it as X-Mezame-Signature. The one before works no more. Restart serve.",
    })
}
