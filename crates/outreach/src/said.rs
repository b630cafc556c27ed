//! A stranger's answer in one line, without the people in it.

/// Longest text that is kept of one.
const MOST: usize = 300;
/// A run of so many digits may be somebody's number.
const DIGITS: usize = 8;

/// The code and the words, on one line, cut, without what could be a telephone number, an address or
/// an id of LINE's.
pub(crate) fn said(code: u16, words: &str) -> String {
    let mut out = code.to_string();
    for word in words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        out.push(' ');
        out.push_str(if personal(word) { "***" } else { word });
    }
    out.chars().take(MOST).collect()
}

fn personal(word: &str) -> bool {
    let mut run = 0;
    let numbered = word.chars().any(|c| {
        run = match c {
            '0'..='9' | '０'..='９' => run + 1,
            '-' | '(' | ')' | '+' | '.' => run,
            _ => 0,
        };
        run >= DIGITS
    });
    let line_id = |part: &str| part.len() == 33 && part.starts_with('U') && hex(&part[1..]);
    let mut parts = word.split(|c: char| !c.is_ascii_alphanumeric());
    numbered || word.contains(['@', '＠']) || word.contains("%40") || parts.any(line_id)
}

fn hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn nobody_is_repeated() {
        for (words, expected) in [
            ("", "400"),
            ("The 'To' number +819000000001 is not valid.", "400 The 'To' number *** is not valid."),
            ("090-0000-0001 は使えません", "400 *** は使えません"),
            ("宛先（０９０００００００００）", "400 ***"),
            ("to=hanako@example.jp\r\nX: y", "400 *** X: y"),
            ("U0123456789abcdef0123456789abcdef blocked", "400 *** blocked"),
            ("error 21211 at 12:00", "400 error 21211 at 12:00"),
        ] {
            assert_eq!(said(400, words), expected);
        }
        assert_eq!(said(500, &"あ ".repeat(500)).chars().count(), 300);
    }
}
