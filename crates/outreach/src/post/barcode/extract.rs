//! What of an address goes into its barcode: manual p19, rules 1 to 6 and supplements 1 to 5.

use crate::post::text::{fold_ascii, is_dash, kanji_number};

/// Before one of these, a number written in kanji counts as a number (supplement 1). Longest first.
const AFTER_NUMBER: [&str; 9] = ["丁目", "番地", "地割", "丁", "番", "号", "線", "の", "ノ"];

/// A run of the address that stays as it is, or what stands between two of them.
#[derive(Clone, Copy, PartialEq)]
enum Part<'a> {
    Digits(&'a str),
    Letter(char),
    Hyphen,
    /// Kanji, kana, blanks, words of two letters and more: a hyphen, if something follows (rule 4).
    Other,
}

/// 住所表示番号 of 住所B, which is everything after the town (町域): `3丁目30-8 郵便ビル403号` gives
/// `3-30-8-403`. Digits, hyphens and capital letters only; empty if the address has none of them.
pub fn address_number(after_town: &str) -> String {
    let text = prepared(after_town);
    let mut parts = parts(&text);
    drop_floors(&mut parts);
    joined(&parts)
}

/// Rules 1 and 2 and supplement 1: capitals, four marks taken out, numbers in kanji as digits.
fn prepared(text: &str) -> String {
    let folded = fold_ascii(text).to_ascii_uppercase();
    let kept: Vec<char> = folded.chars().filter(|c| !matches!(c, '&' | '/' | '・' | '･' | '.')).collect();
    let mut out = String::with_capacity(folded.len());
    let mut at = 0;
    while at < kept.len() {
        let run = kept[at..].iter().take_while(|c| kanji_number(&[**c]).is_some()).count();
        let rest: String = kept[at + run..].iter().take(2).collect();
        let counts = AFTER_NUMBER.iter().any(|after| rest.starts_with(after));
        match kanji_number(&kept[at..at + run]) {
            Some(number) if counts => out.push_str(&number.to_string()),
            _ => out.extend(&kept[at..at + run.max(1)]),
        }
        at += run.max(1);
    }
    out
}

/// Rule 3. A dash of any shape beside a digit is a hyphen; a long vowel within a name is not.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (part, length) = match first {
            '0'..='9' => {
                let length = run(|c| c.is_ascii_digit());
                (Part::Digits(&rest[..length]), length)
            }
            'A'..='Z' => match run(|c| c.is_ascii_uppercase()) {
                1 => (Part::Letter(first), 1),
                length => (Part::Other, length),
            },
            '-' => (Part::Hyphen, 1),
            dash if is_dash(dash) && matches!(parts.last(), Some(Part::Digits(_))) => {
                (Part::Hyphen, first.len_utf8())
            }
            _ => (Part::Other, first.len_utf8()),
        };
        parts.push(part);
        rest = &rest[length..];
    }
    parts
}

/// Supplements 2 and 3: the F of a floor (`2F`) is not taken; before anything else it is a hyphen.
fn drop_floors(parts: &mut [Part<'_>]) {
    for at in 1..parts.len() {
        if parts[at] == Part::Letter('F') && matches!(parts[at - 1], Part::Digits(_)) {
            parts[at] = Part::Other;
        }
    }
}

/// Rules 4 to 6 and supplements 4 and 5: one hyphen between two parts, none at either end and none
/// beside a letter.
fn joined(parts: &[Part<'_>]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for part in parts {
        let (text, letter) = match part {
            Part::Digits(digits) => ((*digits).to_owned(), false),
            Part::Letter(letter) => (letter.to_string(), true),
            Part::Hyphen | Part::Other => {
                gap = true;
                continue;
            }
        };
        let beside_letter = letter || out.ends_with(|c: char| c.is_ascii_uppercase());
        if gap && !out.is_empty() && !beside_letter {
            out.push('-');
        }
        out.push_str(&text);
        gap = false;
    }
    out
}
