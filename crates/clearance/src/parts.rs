//! How many parts an SMS is cut into, and so how often it is charged (L-31).

use serde::Deserialize;

/// How a provider counts, cuts and charges. A unit is one of UTF-16: a kanji, a half-width kana and a Latin
/// letter are one each, an emoji is two.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsLimits {
    /// Units of a message that is one part: 70.
    #[serde(default = "seventy")]
    pub single: u32,
    /// Units of each part of a longer one: 67, since every part carries its number.
    #[serde(default = "sixty_seven")]
    pub each: u32,
    /// The same two where words of ASCII alone are counted apart: 160 and 153. 0: they are not.
    #[serde(default)]
    pub ascii_single: u32,
    #[serde(default)]
    pub ascii_each: u32,
    /// Most units of the whole: 660, 670.
    pub most: u32,
    /// Price of one part in hundredths of a yen, without tax; 0: not known.
    #[serde(default)]
    pub price: u32,
}

fn seventy() -> u32 {
    70
}

fn sixty_seven() -> u32 {
    67
}

/// What a text comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SmsSize {
    /// UTF-16 units; septets where it is counted as ASCII.
    pub units: u32,
    /// 0 for an empty text.
    pub parts: u32,
    /// Counted by the provider's limits for ASCII.
    pub ascii: bool,
    /// Longer than the provider takes.
    pub over: bool,
    /// Hundredths of a yen, without tax; 0: not known.
    pub price: u64,
}

/// Counts a text as it will arrive: links and the words on opting out included.
pub fn sms_size(text: &str, limits: &SmsLimits) -> SmsSize {
    let ascii = limits.ascii_single > 0 && text.chars().all(|c| septets(c).is_some());
    let cost = |c: char| match ascii {
        true => septets(c).unwrap_or(0),
        false => c.len_utf16() as u32,
    };
    let (single, each) = match ascii {
        true => (limits.ascii_single, limits.ascii_each),
        false => (limits.single, limits.each),
    };
    let units = text.chars().map(cost).sum();
    let parts = if units <= single { u32::from(units > 0) } else { cut(text.chars().map(cost), each) };
    let price = u64::from(parts) * u64::from(limits.price);
    SmsSize { units, parts, ascii, over: units > limits.most, price }
}

/// Parts of this many units each; a character is never cut in two.
fn cut(costs: impl Iterator<Item = u32>, each: u32) -> u32 {
    let (mut parts, mut filled) = (1, 0);
    for cost in costs {
        if filled + cost > each {
            parts += 1;
            filled = 0;
        }
        filled += cost;
    }
    parts
}

/// What an ASCII character costs in the alphabet of seven bits (3GPP TS 23.038); `None`: it is not in it.
fn septets(c: char) -> Option<u32> {
    match c {
        '^' | '{' | '}' | '\\' | '[' | ']' | '~' | '|' => Some(2),
        '`' => None,
        ' '..='~' | '\n' | '\r' => Some(1),
        _ => None,
    }
}
