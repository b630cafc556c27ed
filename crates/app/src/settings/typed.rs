//! Settings by their names, as they are typed: on the command line and in forms.

use super::{SettingFault, Settings};
use serde_json::Value;

impl Settings {
    /// The settings' names, parts joined by dots: `sending.imap.port`.
    pub fn keys(&self) -> Vec<String> {
        keys(&self.value())
    }

    /// A setting as it would be typed; empty where there is none of this name.
    pub fn typed(&self, key: &str) -> String {
        match self.value().pointer(&pointer(key)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            // 0, not 0.0.
            Some(Value::Number(n)) => n.as_f64().map_or_else(|| n.to_string(), |number| number.to_string()),
            Some(other) => other.to_string(),
        }
    }

    /// Sets one setting from what was typed; says what is wrong with it. Whether it can be meant beside
    /// the others is for `faults`.
    pub fn put(&mut self, key: &str, text: &str) -> Result<(), SettingFault> {
        let mut all = self.value();
        let known = keys(&all);
        let slot = all.pointer_mut(&pointer(key)).filter(|_| known.iter().any(|name| name == key));
        let Some(slot) = slot else {
            return Err(SettingFault::new(
                key,
                format!("この名前の設定はありません。使える名前: {}", known.join(", ")),
                format!("there is no setting '{key}'; there are {}", known.join(", ")),
            ));
        };
        *slot = read(slot, text).map_err(|(ja, en)| SettingFault::new(key, ja, en))?;
        *self = serde_json::from_value(all).map_err(|e| {
            SettingFault::new(key, format!("使えない値です: {e}"), format!("not a value it can have: {e}"))
        })?;
        Ok(())
    }

    fn value(&self) -> Value {
        // Names, numbers and texts alone: there is nothing that JSON could refuse.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The value of a kind with the one that is there; why not, in Japanese and English.
fn read(slot: &Value, text: &str) -> Result<Value, (String, String)> {
    let plain: String = text.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    match slot {
        Value::Bool(_) => match text {
            "true" | "yes" => Ok(true.into()),
            "false" | "no" => Ok(false.into()),
            _ => Err(("yes か no で入れてください".to_owned(), "it is yes or no".to_owned())),
        },
        Value::Number(n) if n.is_u64() => plain.parse::<u64>().map(Value::from).map_err(|_| {
            ("0以上の整数を入れてください".to_owned(), format!("a whole number from 0, not '{text}'"))
        }),
        Value::Number(_) => match plain.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number.into()),
            _ => Err(("数字を入れてください".to_owned(), format!("a number, not '{text}'"))),
        },
        // Lists and what may be left open are written as JSON.
        Value::Array(_) | Value::Null => serde_json::from_str(text)
            .map_err(|e| (format!("JSONで入れてください: {e}"), format!("it is written as JSON: {e}"))),
        _ => Ok(text.into()),
    }
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

fn keys(settings: &Value) -> Vec<String> {
    let Some(all) = settings.as_object() else { return vec![] };
    let below = |(key, value): (&String, &Value)| match keys(value) {
        parts if parts.is_empty() => vec![key.clone()],
        parts => parts.into_iter().map(|part| format!("{key}.{part}")).collect(),
    };
    all.iter().flat_map(below).collect()
}
