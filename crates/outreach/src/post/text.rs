//! Widths, dashes and numbers as people type them into an address, in one form.

use unicode_normalization::UnicodeNormalization;

/// Full-width letters, digits and marks as ASCII, every kind of blank as a space; the rest stays.
pub(crate) fn fold_ascii(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// A dash that stands for a hyphen between two numbers, the long vowel of katakana among them.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | 'ー' | 'ｰ' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{FF0D}'
    )
}

/// The value of a number in kanji: 二十一 and 二一 are 21. None if it is empty or something else.
pub(crate) fn kanji_number(chars: &[char]) -> Option<u32> {
    let places = chars.iter().any(|c| matches!(c, '十' | '百' | '千'));
    let (mut total, mut digit) = (0u32, None);
    for c in chars {
        let value = "〇一二三四五六七八九".chars().position(|d| d == *c).map(|d| d as u32);
        let unit = [('十', 10), ('百', 100), ('千', 1000)].iter().find(|(unit, _)| unit == c);
        match (value, unit) {
            (Some(value), _) if places => digit = Some(value),
            (Some(value), _) => total = total.checked_mul(10)?.checked_add(value)?,
            (None, Some((_, unit))) => total = total.checked_add(digit.take().unwrap_or(1) * unit)?,
            (None, None) => return None,
        }
    }
    (!chars.is_empty()).then_some(total.checked_add(digit.unwrap_or(0))?)
}

/// One form for print: letters and digits half width, kana full width, composed (NFC), dashes
/// between digits as hyphens, single spaces, no controls.
pub fn tidy(text: &str) -> String {
    let kana: String = text
        .split_inclusive(|c: char| !is_half_kana(c))
        .map(|run| {
            let end = run.find(|c| !is_half_kana(c)).unwrap_or(run.len());
            run[..end].nfkc().collect::<String>() + &run[end..]
        })
        .collect();
    let folded: Vec<char> = fold_ascii(&kana).nfc().filter(|c| !c.is_control()).collect();
    let digit = |at: Option<usize>| at.and_then(|at| folded.get(at)).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    for (at, c) in folded.iter().enumerate() {
        match c {
            ' ' if out.is_empty() || out.ends_with(' ') => {}
            c if is_dash(*c) && digit(at.checked_sub(1)) && digit(Some(at + 1)) => out.push('-'),
            c => out.push(*c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_half_kana(c: char) -> bool {
    matches!(c, '\u{FF61}'..='\u{FF9F}')
}
