//! Tells mail addresses and telephone numbers from ids.

use model::MatchKey;

/// The key of what looks like an address or a telephone number.
pub(crate) fn key(text: &str) -> Option<MatchKey> {
    if text.contains('@') {
        return Some(MatchKey::email(&text.to_lowercase()));
    }
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ' | '(' | ')')).collect();
    let (abroad, rest) = (digits.starts_with('+'), digits.trim_start_matches('+'));
    let number = rest.len() >= 9 && rest.len() <= 15 && rest.bytes().all(|b| b.is_ascii_digit());
    match number && (abroad || rest.starts_with('0')) {
        // Numbers in Japan are kept with their leading 0.
        true => Some(MatchKey::phone(&match digits.strip_prefix("+81") {
            Some(rest) => format!("0{rest}"),
            None => digits,
        })),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_told_from_ids() {
        for (text, expected) in [
            ("Hanako@Example.jp", Some(MatchKey::email("hanako@example.jp"))),
            ("090-0000-1234", Some(MatchKey::phone("09000001234"))),
            ("+81 90 0000 1234", Some(MatchKey::phone("09000001234"))),
            ("03-0000-1234", Some(MatchKey::phone("0300001234"))),
            ("12345", None),
            ("1234567890", None),
            ("C-0900001234x", None),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }
}
