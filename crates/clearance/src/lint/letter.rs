//! A letter as it will arrive: nothing blank, nothing doubled, and what the law wants shown.

use super::fold::find;
use super::terms::OPT_OUT;
use super::visible::of_html;
use super::{Level, Remark};
use model::ShopProfile;

/// A subject of more full-width characters than this is cut off on telephones.
const LONG_SUBJECT: usize = 30;

/// One rendered letter.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    pub subject: &'a str,
    pub html: &'a str,
    pub text: &'a str,
    /// Where this customer opts out: the link (or `mailto:` address) that stands in the letter.
    pub opt_out: &'a str,
}

/// Every remark on a rendered letter, the gravest first.
pub fn lint_letter(letter: &Letter<'_>, shop: &ShopProfile) -> Vec<Remark> {
    let html = of_html(letter.html);
    let mut remarks = subject(letter.subject);
    for (field, text) in [("subject", letter.subject), ("html", html.as_str()), ("text", letter.text)] {
        let found = broken(text);
        remarks.extend((!found.is_empty()).then(|| Remark::of("M030", field).found(found)));
    }
    for (field, text) in [("html", html.as_str()), ("text", letter.text)] {
        remarks.extend(shown(field, text, shop));
        remarks.extend(opt_out(field, text, letter.opt_out));
    }
    remarks.sort_by_key(|r| r.level);
    remarks
}

fn subject(subject: &str) -> Vec<Remark> {
    if subject.trim().is_empty() {
        return vec![Remark::of("M030", "subject").saying("件名が空です", "the subject is empty")];
    }
    if subject.contains(|c: char| c.is_control()) {
        let remark = Remark::of("M030", "subject");
        return vec![
            remark.saying("件名に改行などの制御文字があります", "the subject has a line break in it"),
        ];
    }
    // Latin letters and half-width kana take half the room.
    let halves: usize =
        subject.chars().map(|c| if c.is_ascii() || ('｡'..='ﾟ').contains(&c) { 1 } else { 2 }).sum();
    let long = || {
        Remark::of("subject", "subject").level(Level::Warn).saying(
            format!("件名が全角{}文字分あります。{LONG_SUBJECT}文字までをおすすめします", halves.div_ceil(2)),
            format!(
                "the subject is {} full-width characters long, better {LONG_SUBJECT}",
                halves.div_ceil(2)
            ),
        )
    };
    (halves > 2 * LONG_SUBJECT).then(long).into_iter().collect()
}

/// What a field leaves behind that was not filled in, and honorifics that are doubled or stand alone.
fn broken(text: &str) -> Vec<String> {
    const ANYWHERE: [&str; 12] = [
        "{{",
        "}}",
        "{%",
        "%}",
        "[object Object]",
        "様様",
        "様 様",
        "様　様",
        "さん様",
        "御中様",
        "御中 様",
        "御中　様",
    ];
    const WORDS: [&str; 6] = ["null", "NULL", "undefined", "None", "NaN", "nil"];
    let mut found: Vec<String> =
        ANYWHERE.iter().filter(|mark| text.contains(**mark)).map(|mark| (*mark).to_owned()).collect();
    found.extend(WORDS.iter().filter(|word| alone(text, word)).map(|word| (*word).to_owned()));
    let nameless =
        text.lines().map(str::trim_start).find(|line| line.starts_with('様') && !line.starts_with("様々"));
    found.extend(nameless.map(|line| line.chars().take(10).collect()));
    found
}

/// Whether a latin word stands by itself.
fn alone(text: &str, word: &str) -> bool {
    let latin = |c: Option<char>| {
        c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '='))
    };
    text.match_indices(word).any(|(at, _)| {
        !latin(text[..at].chars().next_back())
            && !latin(text[at + word.len()..].chars().next().filter(|c| *c != '.'))
    })
}

fn shown(field: &'static str, text: &str, shop: &ShopProfile) -> Vec<Remark> {
    let wanted = [("L-06", shop.sender()), ("L-08", shop.address.as_str()), ("L-08", shop.contact.as_str())];
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let whole = plain(text);
    let lacks =
        wanted.into_iter().filter(|(_, words)| words.trim().is_empty() || !whole.contains(&plain(words)));
    lacks.map(|(id, words)| Remark::of(id, field).found(vec![words.to_owned()])).collect()
}

/// The link must be there, and words that say what it does on its line or right beside it (L-07).
pub(super) fn opt_out(field: &'static str, text: &str, link: &str) -> Option<Remark> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let told = |at: usize| {
        let near = &lines[at.saturating_sub(1)..(at + 2).min(lines.len())];
        // The address itself is no word to the reader.
        near.iter().any(|line| !find(&line.replace(link, " "), OPT_OUT).is_empty())
    };
    let held =
        !link.trim().is_empty() && lines.iter().enumerate().any(|(at, line)| line.contains(link) && told(at));
    (!held).then(|| Remark::of("L-07", field))
}
