//! Whether a bounce means a dead address or only a letter that did not arrive, from its code and its words.

use model::ResponseKind::{self, HardBounce, SoftBounce};

/// Codes that say of the address itself that it is dead (RFC 3463 sections 3.2, 3.3, 3.5; RFC 7505).
const DEAD_CODES: &[&str] = &["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"];

/// Codes, or what they begin with, of letters refused for their looks, their size or their sender:
/// the address may be alive.
const ALIVE_CODES: &[&str] = &["4.", "5.2.2", "5.2.3", "5.3.", "5.4.7", "5.6.", "5.7."];

/// Words of a refusal that is not about the address, in lower case. Looked for first: "user unknown"
/// never stands beside them, "mailbox unavailable" does.
const ALIVE_WORDS: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "quota",
    "storage",
    "spam",
    "blocked",
    "black list",
    "blocklist",
    "blacklist",
    "dnsbl",
    "reputation",
    "policy",
    "dmarc",
    "too large",
    "size limit",
    "exceeds size",
    "greylist",
    "try again",
    "temporar",
    "rate limit",
    "too many",
    "timed out",
    "timeout",
    "connection refused",
    "メールボックスが一杯",
    "メールボックスがいっぱい",
    "容量",
    "受信拒否",
];

/// Words of a dead address, in lower case.
const DEAD_WORDS: &[&str] = &[
    "user unknown",
    "unknown user",
    "unknown recipient",
    "recipient unknown",
    "unknown local part",
    "unknown address",
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such address",
    "no mailbox here",
    "mailbox not found",
    "mailbox unavailable",
    "recipient not found",
    "recipnotfound",
    "address not found",
    "does not exist",
    "doesn't exist",
    "not exist",
    "invalid recipient",
    "invalid mailbox",
    "unrouteable address",
    "unroutable address",
    "couldn't find any host",
    "host unknown",
    "unknown host",
    "domain not found",
    "host or domain name not found",
    "recipient address rejected: access denied",
    "account disabled",
    "account is disabled",
    "account has been disabled",
    "宛先が見つかり",
    "宛先不明",
    "ユーザー不明",
    "ユーザーが見つかり",
    "存在しません",
];

/// A dead address closes for good, so what is not clear is a letter that did not arrive: three of
/// those close it too (L-40).
pub(super) fn bounce(code: &str, words: &str) -> ResponseKind {
    of_code(code).or_else(|| of_words(words)).unwrap_or(SoftBounce)
}

fn of_code(code: &str) -> Option<ResponseKind> {
    if DEAD_CODES.contains(&code) {
        return Some(HardBounce);
    }
    let same = |known: &str| if known.ends_with('.') { code.starts_with(known) } else { code == known };
    ALIVE_CODES.iter().any(|known| same(known)).then_some(SoftBounce)
}

/// What the words alone say, or `None`.
pub(super) fn of_words(words: &str) -> Option<ResponseKind> {
    let words = words.to_lowercase();
    let any = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    match (any(ALIVE_WORDS), any(DEAD_WORDS)) {
        (true, _) => Some(SoftBounce),
        (false, true) => Some(HardBounce),
        (false, false) => None,
    }
}

/// The first enhanced code in a text; empty for none. `192.0.2.1` is an address, not a code.
pub(super) fn code(text: &str) -> String {
    let part = |c: char| c.is_ascii_digit() || c == '.';
    let found = text.split(|c| !part(c)).map(|word| word.trim_end_matches('.')).find(|word| is_code(word));
    found.unwrap_or("").to_owned()
}

fn is_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let [class, subject, detail] = parts[..] else { return false };
    ["2", "4", "5"].contains(&class) && [subject, detail].iter().all(|part| (1..=3).contains(&part.len()))
}

#[cfg(test)]
mod tests {
    use super::{HardBounce, SoftBounce, bounce, code};

    #[test]
    fn codes_are_found_and_addresses_are_none() {
        let cases = [
            ("smtp; 550 5.1.1 <x>: User unknown", "5.1.1"),
            ("550-5.7.26 unauthenticated", "5.7.26"),
            ("said: 550 #5.1.0 Address rejected", "5.1.0"),
            ("[192.0.2.1] 550 no", ""),
            ("from 5.1.1.20 at 4.4.7.", "4.4.7"),
            ("version 3.1.1, 5.1, 5..1", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn dead_or_not_arrived() {
        let cases = [
            ("5.1.1", "blocked", HardBounce),
            ("5.2.2", "user unknown", SoftBounce),
            ("5.7.1", "", SoftBounce),
            ("4.1.1", "user unknown", SoftBounce),
            ("5.0.0", "550 Unknown user", HardBounce),
            ("", "550 mailbox unavailable", HardBounce),
            ("", "552 mailbox unavailable: quota exceeded", SoftBounce),
            ("5.0.0", "554 rejected for policy reasons", SoftBounce),
            ("", "宛先のアドレスは存在しません", HardBounce),
            ("5.1.10", "", HardBounce),
            ("5.4.1", "Recipient address rejected: Access denied.", HardBounce),
            ("", "something nobody ever said", SoftBounce),
        ];
        for (code, words, expected) in cases {
            assert_eq!(bounce(code, words), expected, "{code} {words}");
        }
    }
}
