//! What somebody's words are about, as far as words tell: a complaint, a wish to leave.

use anyhow::{Context, Result};
use model::Severity;
use serde::Deserialize;

/// The lists of words.
const WORDS: &str = include_str!("../../data/inbox.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// The day they were gathered.
    #[serde(rename = "as_of")]
    _as_of: String,
    leaving: Vec<String>,
    complaint: Vec<Graded>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Graded {
    severity: Severity,
    words: Vec<String>,
}

impl Lists {
    pub(super) fn read() -> Result<Lists> {
        toml::from_str(WORDS).context("crates/app/data/inbox.toml")
    }

    /// The gravest of what the words name.
    pub(super) fn severity(&self, said: &str) -> Severity {
        let said = folded(said);
        let named = self.complaint.iter().filter(|g| g.words.iter().any(|word| said.contains(word.as_str())));
        named.map(|g| g.severity).max().unwrap_or(Severity::None)
    }

    /// Whether leaving is named among other things.
    pub(super) fn names_leaving(&self, said: &str) -> bool {
        let said = folded(said);
        self.leaving.iter().any(|word| said.contains(word.as_str()))
    }
}

/// Small letters, full-width Latin as half-width, without blanks inside Japanese words.
fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '　' => ' ',
        other => other,
    };
    text.chars().map(narrow).filter(|c| *c != '\n').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m046_words_grade_a_complaint_and_name_a_wish_to_leave() {
        let lists = Lists::read().expect("the lists");
        for (said, severity, leaves) in [
            ("サイズの交換はできますか。", Severity::None, false),
            ("商品がこわれ…いえ、壊れていました。", Severity::Serious, false),
            ("届いた箱が少し遅すぎました", Severity::Minor, false),
            ("壊れていて子どもがけがをしました", Severity::Grave, false),
            ("ＲＥＦＵＮＤ please", Severity::Serious, false),
            ("最近買っていないので、\n配信停止でもかまいません。新色はいつですか", Severity::None, true),
            ("Please Unsubscribe me, and when do you open?", Severity::None, true),
            ("", Severity::None, false),
        ] {
            assert_eq!((lists.severity(said), lists.names_leaving(said)), (severity, leaves), "{said}");
        }
    }
}
