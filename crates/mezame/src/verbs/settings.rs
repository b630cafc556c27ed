//! The shop's settings.

use crate::cli::SettingsVerb;
use crate::out::Talk;
use anyhow::Result;
use app::App;
use serde_json::Value;
use std::process::ExitCode;

pub fn run(app: &App, what: SettingsVerb, talk: &Talk) -> Result<ExitCode> {
    let mut settings = app.settings()?;
    if let SettingsVerb::Set { key, value } = what {
        settings.put(&key, &value)?;
        app.set_settings(&settings)?;
    }
    let all = serde_json::to_value(&settings)?;
    if talk.json {
        talk.value(&all)?;
    } else {
        for key in settings.keys() {
            let value = all.pointer(&format!("/{}", key.replace('.', "/"))).unwrap_or(&Value::Null);
            talk.line(&format!("{key} = {value}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
