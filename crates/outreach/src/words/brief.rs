//! SMS and LINE: the body as plain text, its links short, the way out in so many words.

use super::WordsError;
use super::links::Targets;
use super::marks::{Marks, expression};
use super::markup::{link, spans};
use super::press::BODY;
use model::Channel;

/// What the words of an SMS or a LINE message need to be printed.
pub(super) struct Brief {
    pub channel: Channel,
    /// The number of the link `{{ link }}` stands for.
    pub link: Option<usize>,
    /// Whether there is a button: `label` and `url` are its templates.
    pub button: bool,
}

/// Templates by name.
type Parts = Vec<(&'static str, String)>;

/// The body line by line as it was typed: `[words](address)` becomes the words and the address, and in a LINE
/// message the first such line that holds nothing else becomes the button.
pub(super) fn compile(
    channel: Channel,
    body: &str,
    targets: &mut Targets<'_>,
    marks: &mut Marks,
) -> Result<(Brief, Parts), WordsError> {
    let body = marks.take(BODY, body)?;
    let mut parts: Parts = vec![];
    let mut text = String::with_capacity(body.len());
    for line in body.lines() {
        let alone = link(line.trim()).filter(|(.., rest)| rest.is_empty());
        match alone.filter(|_| channel == Channel::Line && parts.is_empty()) {
            Some((label, url, _)) => {
                parts.extend([("label", label.to_owned()), ("url", targets.place(url, marks)?)]);
            }
            None if marks.only_statements(line) => text.push_str(line.trim()),
            None => {
                text.push_str(&plain(line, targets, marks)?);
                text.push('\n');
            }
        }
    }
    let button = !parts.is_empty();
    let asks = marks.within(&text).any(|tag| expression(tag).is_some_and(|inner| names(inner, "link")));
    parts.push(("text", text));
    let link = if asks { Some(site(targets, marks)?) } else { None };
    Ok((Brief { channel, link, button }, parts))
}

/// How one leaves, on one line: the shortest words that say it, and where.
pub(super) fn stop(way_out: &str) -> String {
    format!("配信停止 {way_out}")
}

fn plain(line: &str, targets: &mut Targets<'_>, marks: &mut Marks) -> Result<String, WordsError> {
    let mut out = String::new();
    for span in spans(line) {
        out.push_str(&span.words);
        if let Some(url) = &span.url {
            out.push_str(&format!(" {} ", targets.place(url, marks)?));
        }
    }
    Ok(out.trim_end().to_owned())
}

/// The number of the shop's own site among the targets.
fn site(targets: &mut Targets<'_>, marks: &mut Marks) -> Result<usize, WordsError> {
    let site = targets.site.to_owned();
    if site.is_empty() {
        let why =
            "お店のサイトが未設定のため {{ link }} を使えません / the shop's site is not set".to_owned();
        return Err(WordsError::Malformed { part: BODY, why });
    }
    targets.place(&site, marks)?;
    Ok(targets.found.iter().position(|target| *target == site).unwrap_or(0))
}

/// Whether an expression speaks of a field.
fn names(expression: &str, field: &str) -> bool {
    expression.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == field)
}
