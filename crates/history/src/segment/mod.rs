//! Segments: a SQL `WHERE` text, checked against the published columns, and who it holds for.

mod check;
mod eval;
mod like;

pub(crate) use check::parse;
pub(crate) use eval::Condition;

/// Why a condition cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}{}{}",
    position.map_or(String::new(), |p| format!(" (at character {})", p + 1)),
    suggestion.as_ref().map_or(String::new(), |s| format!("; did you mean {s}?")))]
pub struct SegmentError {
    /// What is wrong, in a plain sentence.
    pub message: String,
    /// Where, in characters from the start of the text, where known.
    pub position: Option<usize>,
    /// What may have been meant.
    pub suggestion: Option<String>,
}

impl SegmentError {
    pub(crate) fn new(message: impl Into<String>) -> SegmentError {
        SegmentError { message: message.into(), position: None, suggestion: None }
    }
}

/// Whether a condition can be used; with `history_only` as in a dormancy policy, which may ask
/// for columns of history alone.
pub fn check_condition(text: &str, history_only: bool) -> Result<(), SegmentError> {
    parse(text, history_only).map(drop)
}

/// Of some words the one nearest to what was typed, where any is near.
pub(crate) fn nearest<'a>(typed: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let near = words.map(|w| (distance(&typed, w), w)).min()?;
    (near.0 <= 1 + near.1.chars().count() / 4).then_some(near.1)
}

/// Letters to insert, delete or replace (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replace = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
