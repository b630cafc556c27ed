//! Tokens: there and back, never one for another, never one that was not signed.

use model::Channel;
use proptest::prelude::*;
use response::{Key, Keys, Token};

fn key(id: u8, fill: u8) -> Key {
    Key { id, secret: [fill; 32] }
}

pub fn keys() -> Keys {
    Keys::new(key(1, 7), vec![])
}

pub fn every(touch: i64) -> Vec<Token> {
    let mut tokens = vec![
        Token::Click { touch, link: 0 },
        Token::Click { touch, link: u16::MAX },
        Token::Open { touch },
        Token::Trap { touch },
        Token::Preferences { touch },
        Token::Bounce { touch },
        Token::Reply { touch },
        Token::Letter { touch },
        Token::Refresh { touch, until: 20_779 },
        Token::Pass { touch, until: 498_700 },
        Token::Inquiry { touch },
        Token::Visit { touch, until: 20_780 },
        Token::Invitation { touch },
        Token::Survey { touch, survey: 3, until: 20_839 },
    ];
    tokens.extend(Channel::ALL.iter().map(|&channel| Token::OptOut { touch, channel }));
    tokens
}

/// Computed once by another implementation (Python): links already sent must be readable by every
/// later version.
#[test]
fn what_was_sent_stays_readable() {
    let sent = "caa4brahamsdx6f5i77wx5dlpaof6";
    assert_eq!(keys().sign(Token::Click { touch: 123_456, link: 3 }), sent);
    assert_eq!(keys().read(sent), Some(Token::Click { touch: 123_456, link: 3 }));
}

#[test]
fn a_new_key_breaks_no_link_already_sent() {
    let sent = keys().sign(Token::OptOut { touch: 9, channel: Channel::Mail });
    let rotated = Keys::new(key(2, 8), vec![key(1, 7)]);
    assert_eq!(rotated.read(&sent), Some(Token::OptOut { touch: 9, channel: Channel::Mail }));
    assert_ne!(rotated.sign(Token::OptOut { touch: 9, channel: Channel::Mail }), sent);
    let without = Keys::new(key(2, 8), vec![]);
    assert_eq!(without.read(&sent), None);
    let same_number = Keys::new(key(1, 8), vec![key(1, 7)]);
    assert!(same_number.read(&sent).is_some(), "two keys that bear one number are both tried");
    let false_number = Keys::new(key(1, 8), vec![]);
    assert_eq!(false_number.read(&sent), None);
}

#[test]
fn fits_the_local_part_of_an_address_and_survives_case() {
    let keys = keys();
    for touch in [0, 1, 127, 128, 1_000_000, i64::MAX, -1] {
        for token in every(touch) {
            let text = keys.sign(token);
            assert!(text.len() <= 44, "{token:?}: {}", text.len());
            assert!(text.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)), "{text}");
            assert_eq!(keys.read(&text), Some(token));
        }
        let path = format!("Bounce+{}@Mail.Example.JP", keys.sign(Token::Bounce { touch }).to_uppercase());
        assert_eq!(keys.touch_of_hint(&path), Some(touch));
    }
    assert_eq!(keys.sign(Token::Click { touch: 1_000_000, link: 2 }).len(), 29);
}

#[test]
fn one_purpose_never_passes_for_another() {
    let keys = keys();
    let tokens = every(5);
    for a in &tokens {
        for b in &tokens {
            assert_eq!(keys.read(&keys.sign(*a)) == Some(*b), a == b, "{a:?} {b:?}");
        }
    }
    for token in tokens {
        let text = keys.sign(token);
        let hints = matches!(token, Token::Bounce { .. } | Token::Reply { .. } | Token::Letter { .. });
        assert_eq!(keys.touch_of_hint(&text).is_some(), hints, "{token:?}");
    }
}

#[test]
fn message_ids_name_their_touch() {
    let keys = keys();
    let id = keys.message_id(77, "example.jp");
    assert_eq!(id, keys.message_id(77, "example.jp"));
    assert!(id.starts_with('<') && id.ends_with("@example.jp>"));
    assert_eq!(keys.touch_of_hint(&id), Some(77));
    assert_eq!(keys.touch_of_hint(&id.to_uppercase()), Some(77));
    assert_eq!(keys.touch_of_hint(id.trim_matches(['<', '>'])), Some(77));
    assert_ne!(id, keys.message_id(78, "example.jp"));
    for foreign in ["", "<>", "@", "<abc@example.jp>", "<あ@example.jp>"] {
        assert_eq!(keys.touch_of_hint(foreign), None, "{foreign}");
    }
}

#[test]
fn a_secret_is_never_shown() {
    let shown = format!("{:?}", Keys::new(key(3, 0xAB), vec![key(4, 0xCD)]));
    assert_eq!(shown, "Keys { signs: Key 3, older: [Key 4] }");
}

fn token() -> impl Strategy<Value = Token> {
    (any::<i64>(), 0..16usize).prop_map(|(touch, which)| every(touch)[which])
}

proptest! {
    #[test]
    fn any_bit_changed_is_refused(token in token(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let keys = keys();
        let mut bytes = keys.sign(token).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let text = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(keys.read(&text), None);
    }

    #[test]
    fn any_part_or_addition_is_refused(token in token(), cut in 1..20usize, more in "[a-z2-7]{1,12}") {
        let keys = keys();
        let text = keys.sign(token);
        prop_assert_eq!(keys.read(&text[..text.len() - cut]), None);
        prop_assert_eq!(keys.read(&text[cut..]), None);
        prop_assert_eq!(keys.read(&format!("{text}{more}")), None);
    }

    #[test]
    fn other_keys_never_pass(token in token(), secret in any::<[u8; 32]>()) {
        prop_assume!(secret != [7; 32]);
        let other = Keys::new(Key { id: 1, secret }, vec![]);
        prop_assert_eq!(keys().read(&other.sign(token)), None);
    }

    #[test]
    fn whatever_comes_is_answered(text in ".{0,200}", folded in "[a-zA-Z2-7+=@<>-]{0,200}") {
        prop_assert_eq!(keys().read(&text), None);
        prop_assert_eq!(keys().touch_of_hint(&folded), None);
    }
}
