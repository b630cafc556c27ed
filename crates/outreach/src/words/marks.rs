//! Placeholders, taken out of words before these are read as markup and put back afterwards.

use super::WordsError;

/// Around a placeholder's number: signs of scholarly editions that no markup minds. (Not the
/// noncharacters made for such uses: mrml prints some attributes with whatever is unprintable
/// escaped.) Where words hold them, they become the common parentheses they look like.
const OPEN: char = '⸨';
const CLOSE: char = '⸩';

/// The statements words may use. No field is a list, so there is nothing to loop over; and what
/// cannot be written cannot escape.
const STATEMENTS: [&str; 4] = ["if", "elif", "else", "endif"];

/// Longest placeholder, bytes: so that none is nested deeper than the template machine's stack.
const LONGEST: usize = 500;

/// Placeholders in the order in which they were taken.
#[derive(Default)]
pub(super) struct Marks(Vec<String>);

impl Marks {
    /// The words with a mark in place of each `{{ }}` and `{% %}`; comments are dropped.
    pub fn take(&mut self, part: &'static str, words: &str) -> Result<String, WordsError> {
        let mut rest = words;
        let mut out = String::with_capacity(words.len());
        while let Some(at) = opening(rest) {
            push_plain(&mut out, &rest[..at]);
            let len = length(&rest[at..]).ok_or_else(|| WordsError::Malformed {
                part,
                why: format!("「{}」が閉じられていません / is not closed", &rest[at..at + 2]),
            })?;
            let tag = &rest[at..at + len];
            if len > LONGEST && !tag.starts_with("{#") {
                return Err(WordsError::TooLarge { part });
            }
            if tag.starts_with("{%") && !STATEMENTS.contains(&first_word(tag)) {
                let why = format!("「{}」は使えません / may not be used", first_word(tag));
                return Err(WordsError::Malformed { part, why });
            }
            if !tag.starts_with("{#") {
                out.push_str(&self.mark(tag.to_owned()));
            }
            rest = &rest[at + len..];
        }
        push_plain(&mut out, rest);
        Ok(out)
    }

    /// A mark for a placeholder of our own.
    pub fn mark(&mut self, tag: String) -> String {
        self.0.push(tag);
        format!("{OPEN}{}{CLOSE}", self.0.len() - 1)
    }

    /// The placeholders within `text`, in its order.
    pub fn within<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(OPEN).skip(1).filter_map(|piece| self.tag(piece).map(|(tag, _)| tag))
    }

    /// Whether the line is made of statements only, so that it stands between two blocks.
    pub fn only_statements(&self, line: &str) -> bool {
        let mut pieces = line.trim().split(OPEN);
        let clean = pieces.next() == Some("");
        let mut any = false;
        let all = pieces.all(|piece| {
            any = true;
            self.tag(piece).is_some_and(|(tag, after)| tag.starts_with("{%") && after.trim().is_empty())
        });
        clean && any && all
    }

    /// `text` with every mark replaced by what `how` makes of its placeholder.
    pub fn put_back(&self, text: &str, how: impl Fn(&str) -> String) -> String {
        let mut pieces = text.split(OPEN);
        let mut out = pieces.next().unwrap_or("").to_owned();
        for piece in pieces {
            if let Some((tag, after)) = self.tag(piece) {
                out.push_str(&how(tag));
                out.push_str(after);
            }
        }
        out
    }

    /// The placeholder whose number a piece begins with, and what comes after it.
    fn tag<'a>(&'a self, piece: &'a str) -> Option<(&'a str, &'a str)> {
        let (number, after) = piece.split_once(CLOSE)?;
        Some((self.0.get(number.parse::<usize>().ok()?)?, after))
    }
}

/// Whether a text holds a mark.
pub(super) fn marked(text: &str) -> bool {
    text.contains(OPEN)
}

/// What stands before the first mark.
pub(super) fn before_marks(text: &str) -> &str {
    text.split(OPEN).next().unwrap_or("")
}

/// The expression within `{{ }}`, without its braces and the signs that trim space.
pub(super) fn expression(tag: &str) -> Option<&str> {
    let inner = tag.strip_prefix("{{")?.strip_suffix("}}")?;
    Some(inner.trim_start_matches(['-', '+']).trim_end_matches(['-', '+']).trim())
}

/// Braces that a frame or a style leaves side by side must not read as a placeholder.
pub(super) fn apart(text: &str) -> String {
    text.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")
}

fn push_plain(out: &mut String, text: &str) {
    out.push_str(&text.replace(OPEN, "((").replace(CLOSE, "))"));
}

/// Where the next tag or comment begins.
fn opening(text: &str) -> Option<usize> {
    let begins = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    text.match_indices('{').map(|(at, _)| at).find(begins)
}

/// Bytes of the tag that `text` begins with, quoted words stepped over.
fn length(text: &str) -> Option<usize> {
    let close = match text.as_bytes()[1] {
        b'{' => "}}",
        b'%' => "%}",
        _ => return text.find("#}").map(|at| at + 2),
    };
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(2) {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(q), c) if q == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, _) if text[at..].starts_with(close) => return Some(at + 2),
            _ => {}
        }
    }
    None
}

fn first_word(tag: &str) -> &str {
    let inner = tag.trim_start_matches("{%").trim_start_matches(['-', '+']).trim_start();
    inner.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
}
