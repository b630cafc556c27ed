//! The shop's settings.

use crate::cli::SettingsVerb;
use crate::out::Talk;
use anyhow::{Result, bail};
use app::App;
use serde_json::Value;
use std::process::ExitCode;

pub fn run(app: &App, what: SettingsVerb, talk: &Talk) -> Result<ExitCode> {
    let mut settings = serde_json::to_value(app.settings()?)?;
    if let SettingsVerb::Set { key, value } = what {
        let Some(slot) = settings.get_mut(&key) else {
            let keys: Vec<String> =
                settings.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default();
            bail!("there is no setting '{key}'; there are {}", keys.join(", "));
        };
        *slot = match (&slot, value.as_str()) {
            (Value::Bool(_), "true" | "yes") => Value::Bool(true),
            (Value::Bool(_), "false" | "no") => Value::Bool(false),
            (Value::Bool(_), _) => bail!("{key} is yes or no"),
            _ => Value::String(value),
        };
        let changed = serde_json::from_value(settings.clone()).map_err(|e| anyhow::anyhow!("{key}: {e}"))?;
        app.set_settings(&changed)?;
    }
    if talk.json {
        talk.value(&settings)?;
    } else if let Some(all) = settings.as_object() {
        for (key, value) in all {
            talk.line(&format!("{key} = {value}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
