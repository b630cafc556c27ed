//! Where a letter's links lead, by number.

use super::WordsError;
use super::marks::{Marks, before_marks, expression, marked};

/// Longest target that mail programs still open.
const LONGEST: usize = 2_000;

/// The real targets of a letter, each once, numbered in the order of their first appearance.
pub(super) struct Targets<'a> {
    /// Where links without a host lead; empty: nowhere.
    pub site: &'a str,
    pub found: Vec<String>,
}

impl Targets<'_> {
    /// What to print for a target as written: a placeholder that is filled per customer, or, for
    /// a target with fields in it, the target itself with its fields made safe.
    pub fn place(&mut self, written: &str, marks: &mut Marks) -> Result<String, WordsError> {
        let plain = marks.put_back(written, str::to_owned);
        let bad = || WordsError::Link { target: plain };
        if written.chars().any(|c| c.is_whitespace() || c.is_control()) || written.len() > LONGEST {
            return Err(bad());
        }
        if marked(written) {
            return with_fields(written, marks).ok_or_else(bad);
        }
        let target = match written.strip_prefix('/') {
            Some(path) if !path.starts_with('/') && !self.site.is_empty() => {
                format!("{}/{path}", self.site.trim_end_matches('/'))
            }
            _ => written.to_owned(),
        };
        if !allowed(&target) {
            return Err(bad());
        }
        let number = self.found.iter().position(|t| *t == target).unwrap_or_else(|| {
            self.found.push(target);
            self.found.len() - 1
        });
        Ok(marks.mark(format!("{{{{ links[{number}] }}}}")))
    }
}

/// Whether a click on it can be led through the shop's own address.
pub(super) fn clickable(target: &str) -> bool {
    starts(target, "http://") || starts(target, "https://")
}

fn allowed(target: &str) -> bool {
    let host =
        target.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
    (clickable(target) && !host.is_empty()) || starts(target, "mailto:") || starts(target, "tel:")
}

fn starts(target: &str, scheme: &str) -> bool {
    target.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

/// A target with fields: it must begin with its scheme and, on the web, its host, so that no
/// value decides where it leads; and every value is encoded. The links that every letter has of its own
/// are addresses as a whole.
fn with_fields(written: &str, marks: &mut Marks) -> Option<String> {
    let tags: Vec<String> = marks.within(written).map(str::to_owned).collect();
    let whole = before_marks(written).is_empty() && tags.len() == 1;
    let own = ["unsubscribe", "preferences", "trap", "pixel", "refresh", "rsvp", "inquiry", "survey"];
    if whole && own.contains(&expression(&tags[0])?) {
        return Some(written.to_owned());
    }
    let head = before_marks(written);
    let fixed = match clickable(head) {
        true => head
            .split_once("://")
            .is_some_and(|(_, rest)| rest.find(['/', '?', '#']).is_some_and(|at| at > 0)),
        false => allowed(head),
    };
    let safe: Option<Vec<String>> =
        tags.iter().map(|tag| Some(format!("{{{{ ({}) | url }}}}", expression(tag)?))).collect();
    let mut safe = safe.filter(|_| fixed)?.into_iter();
    let tags = marks.put_back(written, |_| "\0".to_owned());
    let mut pieces = tags.split('\0');
    let mut out = pieces.next()?.to_owned();
    for piece in pieces {
        out.push_str(&marks.mark(safe.next()?));
        out.push_str(piece);
    }
    Some(out)
}
