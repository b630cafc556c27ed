//! What a person wrote in a mail: their own words, without the letter they answer and without their signature.

use std::fmt;

/// Longest text of one mail that is kept, characters.
const MOST: usize = 8_000;
/// Longest subject and name.
const LINE: usize = 200;

/// A person's own words, and who wrote them. Its `Debug` says neither: it may end in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// As the mail says it, and nobody has proven: lower case; empty where it says nothing.
    pub from: String,
    pub name: String,
    pub subject: String,
    pub text: String,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({} characters)", self.text.chars().count())
    }
}

impl Written {
    /// Cleaned and cut to what is kept.
    pub(super) fn new(from: &str, name: &str, subject: &str, body: &str) -> Written {
        let line = |text: &str| text.chars().filter(|c| !c.is_control()).take(LINE).collect::<String>();
        Written {
            from: line(from).trim().to_lowercase(),
            name: line(name).trim().to_owned(),
            subject: line(subject).trim().to_owned(),
            text: own_words(body),
        }
    }
}

/// The words of an answer above, or between, what it quotes; where it stands below, that.
pub(super) fn own_words(body: &str) -> String {
    let body: String = body.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let lines: Vec<&str> = body.lines().map(str::trim_end).collect();
    let end = (0..lines.len()).find(|&at| begins_quote(&lines, at)).unwrap_or(lines.len());
    let above = unquoted(&lines[..end]);
    let own = if above.is_empty() { unquoted(lines.get(end + 1..).unwrap_or(&[])) } else { above };
    own.chars().take(MOST).collect()
}

/// Without quoted lines, and up to the signature.
fn unquoted(lines: &[&str]) -> String {
    let signed = |line: &&&str| line.trim() == "--" || line.trim() == "-- ";
    let own = lines
        .iter()
        .take_while(|line| !signed(line))
        .filter(|line| !line.trim_start().starts_with(['>', '＞']));
    let text = own.copied().collect::<Vec<_>>().join("\n");
    // Blank lines in a row say nothing.
    let mut short = String::with_capacity(text.len());
    for line in text.trim().lines() {
        if !(line.trim().is_empty() && short.ends_with("\n\n")) {
            short.push_str(line);
            short.push('\n');
        }
    }
    short.trim_end().to_owned()
}

/// Lines that say: here begins the letter I answer.
const MARKS: &[&str] = &[
    "original message",
    "元のメッセージ",
    "forwarded message",
    "転送されたメッセージ",
    "________________________________",
    "-----original",
];

/// Whether the letter that is answered begins at this line.
fn begins_quote(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let lower = line.to_lowercase();
    let dashed = line.starts_with(['-', '_', '=', '＿', '―', '─', '*']);
    let marked = dashed && MARKS.iter().any(|mark| lower.contains(mark));
    // On Tue, 10 Nov 2026 at 10:00, Shop <news@example.jp> wrote: - also broken over two lines.
    let next = lines.get(at + 1).map_or("", |next| next.trim());
    let wrote =
        lower.starts_with("on ") && (lower.ends_with("wrote:") || next.to_lowercase().ends_with("wrote:"));
    marked || wrote || dated_address(line) || headed(lines, at)
}

/// `2026年11月10日(火) 10:00 見本商店 <news@example.jp>:`, `2026/11/10 10:00、見本商店 <..>のメール:`.
fn dated_address(line: &str) -> bool {
    let year = line.chars().take_while(char::is_ascii_digit).count() == 4;
    let colon = line.ends_with([':', '：']);
    year && colon && (line.contains('@') || line.contains("のメール") || line.contains("wrote"))
}

/// A block of headers as Outlook puts it: `差出人: ...` and, within five lines, `件名: ...`.
fn headed(lines: &[&str], at: usize) -> bool {
    let begins = |line: &str, names: &[&str]| {
        let line = line.trim().trim_start_matches('*').to_lowercase();
        names.iter().any(|name| {
            line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches('*').starts_with([':', '：']))
        })
    };
    begins(lines[at], &["from", "差出人", "送信者"])
        && lines[at + 1..].iter().take(5).any(|line| begins(line, &["subject", "件名"]))
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn what_is_quoted_is_cut_however_it_is_quoted() {
        for (body, expected) in [
            ("届きました。\n\n> ご無沙汰\n> しております\n", "届きました。"),
            ("はい。\n2026年11月10日(火) 10:00 見本商店 <news@example.jp>:\n\n> 前略", "はい。"),
            ("はい。\n\n2026/11/10 10:00、見本商店 <news@example.jp>のメール:\n\n前略", "はい。"),
            (
                "Yes.\r\n\r\nOn Tue, 10 Nov 2026 at 10:00, Shop <news@example.jp>\r\nwrote:\r\n\r\nHello",
                "Yes.",
            ),
            ("なし\n\n-----Original Message-----\nFrom: a\nSubject: b\n\n前略", "なし"),
            ("了解です\n\n差出人: 見本商店\n送信日時: 火曜\n宛先: 私\n件名: お便り\n\n前略", "了解です"),
            ("質問です\n________________________________\n前略", "質問です"),
            // Below what it answers.
            ("On Tue, Shop wrote:\n> ご無沙汰\n> です\nまだありますか", "まだありますか"),
            // Between the lines.
            ("> 大きさは\nLです\n> 色は\n白です", "Lです\n白です"),
            // Signatures go, words that look alike stay.
            ("ありがとう\n-- \n見本 花子\n090-0000-0001", "ありがとう"),
            (
                "From here on: please\n2026年は無理です\n差出人: と書いてありました",
                "From here on: please\n2026年は無理です\n差出人: と書いてありました",
            ),
            ("a\n\n\n\n\nb", "a\n\nb"),
            ("> だけ", ""),
            ("", ""),
        ] {
            assert_eq!(own_words(body), expected, "{body}");
        }
        assert_eq!(own_words(&"あ".repeat(20_000)).chars().count(), 8_000);
    }
}
