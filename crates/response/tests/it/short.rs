//! Tokens for an SMS: short, and as hard to make up where guessers are slowed.

use crate::token::{every, keys};
use model::Channel;
use response::Token;

/// M096: what the two links of an SMS cost in characters.
#[test]
fn short_tokens_are_short_and_read_back() {
    let keys = keys();
    for (touch, length) in [(1, 20), (16_000, 21), (2_000_000, 23), (i64::MAX, 32)] {
        for token in every(touch) {
            let text = keys.sign_short(token);
            assert_eq!(keys.read(&text), Some(token));
            assert_ne!(text, keys.sign(token));
        }
        let out = keys.sign_short(Token::OptOut { touch, channel: Channel::Sms });
        assert_eq!(out.len(), length, "{touch}: {out}");
    }
}

#[test]
fn a_short_token_is_no_part_of_a_long_one() {
    let keys = keys();
    for token in every(77) {
        let (long, short) = (keys.sign(token), keys.sign_short(token));
        for cut in 1..long.len() {
            assert_eq!(keys.read(&long[..cut]), None);
        }
        let bytes = short.as_bytes();
        for at in 0..bytes.len() {
            for other in [b'a', b'2', b'z'].into_iter().filter(|other| *other != bytes[at]) {
                let mut changed = bytes.to_vec();
                changed[at] = other;
                assert_eq!(keys.read(std::str::from_utf8(&changed).expect("ASCII")), None);
            }
        }
    }
}
