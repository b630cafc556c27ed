//! The shop's own list of reasons why customers go quiet, and what follows from them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the shop has changed in the list that ships (`crates/app/data/reasons.toml`).
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reasons {
    /// The shop's own; one with the id of a shipped one takes its place.
    pub own: Vec<OwnReason>,
    /// Ids that are not offered any more. What was said under them stays.
    pub hidden: Vec<String>,
    /// Reason -> the scenario that answers it, in place of the shipped one; empty: none (M034).
    pub scenarios: BTreeMap<String, String>,
}

/// A reason in the shop's own words.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnReason {
    /// Small letters, digits and `_`: statements are kept under it.
    pub id: String,
    pub ja: String,
    pub en: String,
}

impl Reasons {
    /// What cannot be meant: the setting's name, Japanese, English.
    pub(super) fn faults(&self) -> Vec<super::SettingFault> {
        let plain = |id: &str| {
            (1..=40).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let bad = self.own.iter().filter(|o| !plain(&o.id) || o.id == "unknown" || o.ja.trim().is_empty());
        bad.map(|own| {
            super::SettingFault::new(
                "reasons",
                format!("「{}」: idは英小文字・数字・_で、日本語の名前を添えてください", own.id),
                format!("'{}': an id is small letters, digits and _, with a Japanese name", own.id),
            )
        })
        .collect()
    }
}
