//! L-31, M096: parts of an SMS as the carriers count them.

use clearance::{SmsLimits, sms_size};

const KARADEN: SmsLimits =
    SmsLimits { single: 70, each: 67, ascii_single: 0, ascii_each: 0, most: 660, price: 800 };

#[test]
fn l31_parts_change_at_seventy_and_every_sixty_seven_after() {
    for (units, parts) in [
        (0, 0),
        (1, 1),
        (70, 1),
        (71, 2),
        (134, 2),
        (135, 3),
        (201, 3),
        (202, 4),
        (268, 4),
        (269, 5),
        (335, 5),
        (402, 6),
        (469, 7),
        (536, 8),
        (603, 9),
        (604, 10),
        (660, 10),
        (670, 10),
        (671, 11),
    ] {
        for c in ["あ", "ｱ", "a", "゛"] {
            let size = sms_size(&c.repeat(units), &KARADEN);
            assert_eq!((size.units as usize, size.parts), (units, parts), "{c} x {units}");
            assert_eq!((size.over, size.price), (units > 660, u64::from(parts) * 800), "{c} x {units}");
        }
    }
}

#[test]
fn an_emoji_is_two_units_and_never_cut_in_two() {
    for (text, units, parts) in [
        ("😀".repeat(35), 70, 1),
        ("😀".repeat(36), 72, 2),
        // 67 is odd: the 34th begins the second part, so that two parts hold 66 emoji.
        ("😀".repeat(66), 132, 2),
        ("😀".repeat(67), 134, 3),
        (format!("{}😀{}", "あ".repeat(66), "あ".repeat(66)), 134, 3),
        (format!("{}😀{}", "あ".repeat(65), "あ".repeat(67)), 134, 2),
        // One family is seven code points on one glyph.
        ("👨‍👩‍👧‍👦".to_owned(), 11, 1),
    ] {
        let size = sms_size(&text, &KARADEN);
        assert_eq!((size.units, size.parts), (units, parts), "{text}");
    }
}

#[test]
fn ascii_alone_is_counted_apart_only_where_the_provider_says_so() {
    let twilio = SmsLimits { ascii_single: 160, ascii_each: 153, most: 670, ..KARADEN };
    for (text, ascii, units, parts) in [
        ("a".repeat(160), true, 160, 1),
        ("a".repeat(161), true, 161, 2),
        ("a".repeat(306), true, 306, 2),
        ("a".repeat(307), true, 307, 3),
        // Brackets take two septets; the back quote is not in the alphabet.
        ("[".repeat(80), true, 160, 1),
        ("[".repeat(81), true, 162, 2),
        (format!("{}`", "a".repeat(70)), false, 71, 2),
        (format!("{}ｱ", "a".repeat(70)), false, 71, 2),
    ] {
        let size = sms_size(&text, &twilio);
        assert_eq!((size.ascii, size.units, size.parts), (ascii, units, parts), "{text}");
        assert!(!sms_size(&text, &KARADEN).ascii);
    }
    assert_eq!(sms_size(&"a".repeat(160), &KARADEN).parts, 3);
}

#[test]
fn the_most_is_the_providers_own() {
    for (most, units, over) in [(660, 660, false), (660, 661, true), (670, 670, false), (670, 671, true)] {
        assert_eq!(sms_size(&"あ".repeat(units), &SmsLimits { most, ..KARADEN }).over, over, "{units}");
    }
}
