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
        let known = keys(&settings);
        let slot = settings.pointer_mut(&format!("/{}", key.replace('.', "/")));
        let Some(slot) = slot.filter(|_| known.contains(&key)) else {
            bail!("there is no setting '{key}'; there are {}", known.join(", "));
        };
        *slot = match (&slot, value.as_str()) {
            (Value::Bool(_), "true" | "yes") => Value::Bool(true),
            (Value::Bool(_), "false" | "no") => Value::Bool(false),
            (Value::Bool(_), _) => bail!("{key} is yes or no"),
            (Value::Number(n), text) if n.is_u64() => match text.parse::<u64>() {
                Ok(number) => number.into(),
                _ => bail!("{key} is a whole number from 0, not '{text}'"),
            },
            (Value::Number(_), text) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => number.into(),
                _ => bail!("{key} is a number, not '{text}'"),
            },
            // Lists and what may be left open are written as JSON.
            (Value::Array(_) | Value::Null, text) => {
                serde_json::from_str(text).map_err(|e| anyhow::anyhow!("{key} is written as JSON: {e}"))?
            }
            _ => Value::String(value),
        };
        let changed = serde_json::from_value(settings.clone()).map_err(|e| anyhow::anyhow!("{key}: {e}"))?;
        app.set_settings(&changed)?;
    }
    if talk.json {
        talk.value(&settings)?;
    } else {
        for key in keys(&settings) {
            let value = settings.pointer(&format!("/{}", key.replace('.', "/"))).unwrap_or(&Value::Null);
            talk.line(&format!("{key} = {value}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings' names, parts joined by dots.
fn keys(settings: &Value) -> Vec<String> {
    let Some(all) = settings.as_object() else { return vec![] };
    let below = |(key, value): (&String, &Value)| match keys(value) {
        parts if parts.is_empty() => vec![key.clone()],
        parts => parts.into_iter().map(|part| format!("{key}.{part}")).collect(),
    };
    all.iter().flat_map(below).collect()
}
