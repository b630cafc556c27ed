//! Words that push people away (M066), and those that nobody has filled in yet (M030).

use super::fold::find;
use super::terms::{PUSHY, SLOTS};
use super::{Remark, Spoken};

pub(super) fn remarks(letter: &Spoken) -> Vec<Remark> {
    let mut remarks = letter.remarks("M066", |text| [find(text, PUSHY), shouted(text)].concat());
    let unfilled = letter.remarks("M030", |text| find(text, SLOTS)).into_iter();
    remarks.extend(unfilled.map(|r| {
        r.saying(
            "【…ここに】の部分を、お店の言葉に書き換えてください",
            "write the shop's own words in place of 【…ここに】",
        )
    }));
    remarks
}

/// Two words of capitals in a row, or one before an exclamation mark: a single one is likely a name.
fn shouted(text: &str) -> Vec<String> {
    let mut found = vec![];
    let mut run: Vec<String> = vec![];
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphabetic() {
            word.push(c);
            continue;
        }
        let capitals = word.len() >= 3 && word.chars().all(|c| c.is_ascii_uppercase());
        if !word.is_empty() {
            if !capitals {
                flush(&mut run, false, &mut found);
            }
            run.extend(capitals.then(|| word.clone()));
            word.clear();
        }
        if c != ' ' {
            flush(&mut run, matches!(c, '!' | '！'), &mut found);
        }
    }
    found
}

fn flush(run: &mut Vec<String>, exclaimed: bool, found: &mut Vec<String>) {
    if run.len() >= 2 || (exclaimed && run.len() == 1) {
        found.push(run.join(" "));
    }
    run.clear();
}
