//! Signed tokens: what a link, a picture, a return path or a Message-ID says of its touch, and nobody can make up.
//!
//! Bytes: version and purpose (4 bits each), the key's id, the touch and one number as LEB128, then
//! 96 bits of HMAC-SHA256 (RFC 2104, truncated as its section 5 allows) over all before it. Written
//! as base32, since a return path passes through systems that fold case. A token never expires: an
//! opt-out must work as long as the letter exists (L-07, L-09), and campaigns live long. Only those
//! that lead to somebody's own facts or to a survey carry their last moment with them (M116, M042).

use crate::base32;
use hmac::{Hmac, KeyInit, Mac};
use model::Channel;
use sha2::Sha256;

/// The versions that are written: whole, and short for an SMS, where every character is paid for. Of the short
/// one 64 bits of the signature are kept: it is guessed at over the network only, where guessers are slowed.
const VERSION: u8 = 1;
const SHORT: u8 = 2;
/// Bytes of the signature that are kept.
const SIGNATURE: usize = 12;
const SHORT_SIGNATURE: usize = 8;
/// Nothing that was signed here is longer, so nothing longer is looked at.
const LONGEST: usize = 64;
/// Bits of a day beside another number, and the day they count from (2020-01-01): enough up to the year 2064.
const DAYS: u32 = 14;
const FIRST_DAY: u32 = 18_262;

/// One signing key. Its secret is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    pub id: u8,
    pub secret: [u8; 32],
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key {}", self.id)
    }
}

/// The keys of the shop: the first signs, all of them verify, so that a new key breaks no link that
/// was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keys {
    signs: Key,
    older: Vec<Key>,
}

/// What a token says. Each purpose is its own: an opened picture opts nobody out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Token {
    /// A link of the letter, by its number.
    Click { touch: i64, link: u16 },
    /// The picture of one point.
    Open { touch: i64 },
    /// The link nobody sees: who follows it is a program.
    Trap { touch: i64 },
    /// Leaving one channel.
    OptOut { touch: i64, channel: Channel },
    /// The page of preferences.
    Preferences { touch: i64 },
    /// The return path of a letter: its bounces come to this mailbox.
    Bounce { touch: i64 },
    /// Where an answer to the letter goes.
    Reply { touch: i64 },
    /// The letter itself, as its Message-ID.
    Letter { touch: i64 },
    /// The page on which customers correct their own facts, until a day (days since 1970-01-01,
    /// that day too).
    Refresh { touch: i64, until: u32 },
    /// Whoever knew the fact that the page asked for may write, until an hour (since 1970-01-01,
    /// that hour too).
    Pass { touch: i64, until: u32 },
    /// The form by which a customer asks or tells us something.
    Inquiry { touch: i64 },
    /// Whoever came to the shop's site by a link of the letter, until a day (days since 1970-01-01, that day
    /// too).
    Visit { touch: i64, until: u32 },
    /// The answer to an invitation.
    Invitation { touch: i64 },
    /// A survey, until a day (days since 1970-01-01, that day too).
    Survey { touch: i64, survey: u32, until: u32 },
}

impl Token {
    /// The touch it belongs to.
    pub const fn touch(self) -> i64 {
        match self {
            Token::Click { touch, .. } | Token::Open { touch } | Token::Trap { touch } => touch,
            Token::OptOut { touch, .. } | Token::Preferences { touch } => touch,
            Token::Bounce { touch } | Token::Reply { touch } | Token::Letter { touch } => touch,
            Token::Refresh { touch, .. } | Token::Pass { touch, .. } | Token::Inquiry { touch } => touch,
            Token::Visit { touch, .. } => touch,
            Token::Survey { touch, .. } | Token::Invitation { touch } => touch,
        }
    }

    /// The purpose as four bits, and the number beside the touch.
    const fn parts(self) -> (u8, u64) {
        match self {
            Token::Click { link, .. } => (0, link as u64),
            Token::Open { .. } => (1, 0),
            Token::Trap { .. } => (2, 0),
            Token::OptOut { channel, .. } => (3, channel.code() as u64),
            Token::Preferences { .. } => (4, 0),
            Token::Bounce { .. } => (5, 0),
            Token::Reply { .. } => (6, 0),
            Token::Letter { .. } => (7, 0),
            Token::Refresh { until, .. } => (8, until as u64),
            Token::Pass { until, .. } => (9, until as u64),
            Token::Inquiry { .. } => (10, 0),
            Token::Visit { until, .. } => (11, until as u64),
            Token::Invitation { .. } => (13, 0),
            Token::Survey { survey, until, .. } => {
                let day = until.saturating_sub(FIRST_DAY) as u64 & ((1 << DAYS) - 1);
                (12, (survey as u64) << DAYS | day)
            }
        }
    }

    fn of(purpose: u8, touch: i64, number: u64) -> Option<Token> {
        Some(match purpose {
            0 => Token::Click { touch, link: u16::try_from(number).ok()? },
            1 => Token::Open { touch },
            2 => Token::Trap { touch },
            3 => Token::OptOut { touch, channel: Channel::from_code(u8::try_from(number).ok()?)? },
            4 => Token::Preferences { touch },
            5 => Token::Bounce { touch },
            6 => Token::Reply { touch },
            7 => Token::Letter { touch },
            8 => Token::Refresh { touch, until: u32::try_from(number).ok()? },
            9 => Token::Pass { touch, until: u32::try_from(number).ok()? },
            10 => Token::Inquiry { touch },
            11 => Token::Visit { touch, until: u32::try_from(number).ok()? },
            12 => Token::Survey {
                touch,
                survey: u32::try_from(number >> DAYS).ok()?,
                until: FIRST_DAY + (number & ((1 << DAYS) - 1)) as u32,
            },
            13 => Token::Invitation { touch },
            _ => return None,
        })
    }
}

impl Keys {
    /// The key that signs from now on, and those that signed before it.
    pub fn new(signs: Key, older: Vec<Key>) -> Keys {
        Keys { signs, older }
    }

    /// The token as text: `a-z` and `2-7`, at most 44 characters, so that it fits a link, a QR code
    /// and the local part of an address (RFC 5321 allows 64). The same token and keys give the same text.
    pub fn sign(&self, token: Token) -> String {
        self.written(token, VERSION, SIGNATURE)
    }

    /// The same for an SMS: 23 characters for touches up to two millions, in place of 29.
    pub fn sign_short(&self, token: Token) -> String {
        self.written(token, SHORT, SHORT_SIGNATURE)
    }

    fn written(&self, token: Token, version: u8, kept: usize) -> String {
        let (purpose, number) = token.parts();
        let mut bytes = vec![version << 4 | purpose, self.signs.id];
        write_number(&mut bytes, token.touch() as u64);
        write_number(&mut bytes, number);
        let signature = mac(&self.signs, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&signature[..kept]);
        base32::encode(&bytes)
    }

    /// What a text says, if one of the keys signed exactly it.
    pub fn read(&self, text: &str) -> Option<Token> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = base32::decode(text)?;
        let kept = match bytes.first()? >> 4 {
            VERSION => SIGNATURE,
            SHORT => SHORT_SIGNATURE,
            _ => return None,
        };
        let (body, signature) = bytes.split_at_checked(bytes.len().checked_sub(kept)?)?;
        let [head, id, rest @ ..] = body else { return None };
        // Compared in constant time; two keys may bear one number.
        let mut keys = std::iter::once(&self.signs).chain(&self.older).filter(|key| key.id == *id);
        keys.find(|key| mac(key, body).verify_truncated_left(signature).is_ok())?;
        let (touch, rest) = read_number(rest)?;
        let (number, rest) = read_number(rest)?;
        rest.is_empty().then(|| Token::of(head & 15, touch as i64, number))?
    }

    /// The Message-ID of a letter, with its angle brackets: known before it is sent, the same each
    /// time for the same keys.
    pub fn message_id(&self, touch: i64, domain: &str) -> String {
        format!("<{}@{domain}>", self.sign(Token::Letter { touch }))
    }

    /// The touch a report points at: a return path or its local part (also behind `bounce+`), an
    /// address of answers, a Message-ID. In whatever case; never a link's token.
    pub fn touch_of_hint(&self, hint: &str) -> Option<i64> {
        match self.read(&local_part(hint))? {
            Token::Bounce { touch } | Token::Reply { touch } | Token::Letter { touch } => Some(touch),
            _ => None,
        }
    }
}

/// `<bounce+TOKEN@example.jp>` as `token`.
fn local_part(address: &str) -> String {
    let bare = address.trim().trim_start_matches('<').trim_end_matches('>');
    let local = bare.split('@').next().unwrap_or("");
    local.rsplit(['+', '-', '=']).next().unwrap_or("").to_ascii_lowercase()
}

fn mac(key: &Key, body: &[u8]) -> Hmac<Sha256> {
    // HMAC fills a key up to its block with zeros (RFC 2104 section 2): done here, no length can be wrong.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&key.secret);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(body);
    mac
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (at, &byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte < 0x80 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}
