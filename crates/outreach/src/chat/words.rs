//! What a LINE message says: a text, and perhaps one button under it.

use serde_json::{Value, json};
use thiserror::Error;

/// The longest of each, as LINE counts (UTF-16). Source: Messaging API reference, 2026-11-22.
const TEXT: usize = 5_000;
const BUTTON_TEXT: usize = 160;
const LABEL: usize = 20;
const ADDRESS: usize = 1_000;
const ALT: usize = 400;

/// One message.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ChatWords {
    pub text: String,
    pub button: Option<ChatButton>,
}

/// A button that leads somewhere, with a line of its own over it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ChatButton {
    pub text: String,
    pub label: String,
    /// `https://...`, `tel:...`
    pub url: String,
}

/// Why words cannot be a LINE message.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ChatError {
    #[error("{part}が空です / {part} is empty")]
    Empty { part: &'static str },
    #[error("{part}は{most}文字までです / {part} is longer than {most}")]
    TooLong { part: &'static str, most: usize },
    #[error("リンク先は https:// か tel: で始めてください / a button leads to https:// or tel:")]
    Link,
}

impl ChatWords {
    /// Whether LINE takes them.
    ///
    /// # Errors
    /// The first part that is empty, too long or leads nowhere.
    pub fn check(&self) -> Result<(), ChatError> {
        let fits = |part, text: &str, most| match text.encode_utf16().count() {
            _ if text.trim().is_empty() => Err(ChatError::Empty { part }),
            n if n > most => Err(ChatError::TooLong { part, most }),
            _ => Ok(()),
        };
        fits("text", &self.text, TEXT)?;
        let Some(button) = &self.button else { return Ok(()) };
        fits("button text", &button.text, BUTTON_TEXT)?;
        fits("label", &button.label, LABEL)?;
        fits("link", &button.url, ADDRESS)?;
        let leads = ["https://", "tel:"].iter().any(|begin| button.url.starts_with(begin));
        if leads { Ok(()) } else { Err(ChatError::Link) }
    }

    /// The messages as LINE's JSON.
    pub(super) fn json(&self) -> Vec<Value> {
        let mut messages = vec![json!({ "type": "text", "text": self.text })];
        messages.extend(self.button.as_ref().map(|button| {
            // Shown in the list of talks, and where templates cannot be.
            let alt = cut(&format!("{} {}", button.text, button.url), ALT);
            let action = json!({ "type": "uri", "label": button.label, "uri": button.url });
            let template = json!({ "type": "buttons", "text": button.text, "actions": [action] });
            json!({ "type": "template", "altText": alt, "template": template })
        }));
        messages
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    let fits = |c: &char| {
        let room = left.checked_sub(c.len_utf16());
        left = room.unwrap_or(0);
        room.is_some()
    };
    text.chars().take_while(fits).collect()
}
