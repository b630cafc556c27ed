//! A stranger's text without the people in it, and the tokens of ours in it.

/// As many characters of a reporter's words as are kept.
const MOST: usize = 200;
/// As many tokens as are looked for in one report: a quoted letter has a handful.
const MOST_HINTS: usize = 16;
/// The lengths of a token (`crates/response/src/token.rs`).
const TOKEN: std::ops::RangeInclusive<usize> = 24..=44;

/// The words on one line without addresses, without their local parts standing alone and without
/// long numbers, cut.
pub(super) fn words(text: &str, addresses: &[String]) -> String {
    let mut locals: Vec<String> =
        addresses.iter().filter_map(|a| a.split('@').next()).map(str::to_lowercase).collect();
    locals.retain(|local| local.chars().count() > 2);
    let kept = text.split_whitespace().map(|word| if personal(word, &locals) { "***" } else { word });
    let line = kept.collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(MOST).collect()
}

fn personal(word: &str, locals: &[String]) -> bool {
    let lower = word.to_lowercase();
    let mut parts = lower.split(|c: char| !(c.is_ascii_alphanumeric() || "._+-".contains(c)));
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    word.contains(['@', '＠'])
        || parts.any(|part| locals.iter().any(|local| local == part.trim_matches('.')))
        || (digits >= 9 && letters == 0)
}

/// Everything with an @ in a text, without brackets: used only to take it out of `words`.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let ends = |c: char| c.is_whitespace() || "<>()[]\",;:".contains(c);
    text.split(ends).filter(|word| word.contains('@')).map(|word| word.to_lowercase()).collect()
}

/// Whatever stands before an @, or alone as an argument, and looks like a token of ours.
pub(super) fn hints<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = vec![];
    for text in texts {
        for (at, _) in text.match_indices('@') {
            let before = &text.as_bytes()[..at];
            let start = before.iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1);
            push_hint(&mut found, &text[start..at]);
        }
    }
    found
}

/// Adds what looks like a token, once.
pub(super) fn push_hint(found: &mut Vec<String>, text: &str) {
    let token = text.to_ascii_lowercase();
    let ours = token.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
    if ours && TOKEN.contains(&token.len()) && found.len() < MOST_HINTS && !found.contains(&token) {
        found.push(token);
    }
}

#[cfg(test)]
mod tests {
    use super::{addresses, hints, words};

    #[test]
    fn people_are_taken_out() {
        let text = "550 5.1.1 <hanako.made-up@example.jp>: unknown\r\n user \"Hanako.Made-Up\" 09000001234";
        let known = addresses(text);
        assert_eq!(known, ["hanako.made-up@example.jp"]);
        assert_eq!(words(text, &known), "550 5.1.1 *** unknown user *** ***");
        assert_eq!(words("全角＠example.jp は不明", &[]), "*** は不明");
        assert_eq!(words(&"あ".repeat(500), &[]).chars().count(), 200);
        assert_eq!(words("no\u{7}bell", &[]), "nobell");
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        let token = "caa4brahamsdx6f5i77wx5dlpaof6";
        let text = format!(
            "To: <Bounce+{}@example.jp>, a@example.jp\nMessage-ID: <{token}@example.jp>\nあ{token}2@x",
            token.to_uppercase()
        );
        assert_eq!(hints([text.as_str()]), [token.to_owned(), format!("{token}2")]);
        assert_eq!(hints(["@", "@@", "", "ああ@", "caa4brahamsdx6f5i77wx5dlpaof8@x"]), Vec::<String>::new());
    }
}
