//! One cell of an audience: what a platform normalises before it hashes, done in the same way here.

use super::{AdPerson, AdPlatform};
use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Value {
    Mail,
    /// `819000000001`
    PhoneDigits,
    /// `+819000000001`
    PhoneE164,
    Family,
    Given,
    /// Seven digits.
    Postal,
    /// `JP`
    Country,
    /// `jp`
    CountryLower,
    Nothing,
}

impl Value {
    /// Whether a platform tells by it who somebody is; names and places only help.
    pub fn matches(self) -> bool {
        matches!(self, Value::Mail | Value::PhoneDigits | Value::PhoneE164)
    }

    /// The cell, not hashed; empty where there is nothing.
    pub fn of(self, person: &AdPerson, platform: &AdPlatform) -> String {
        let phone = person.phone.as_deref().map(e164).unwrap_or_default();
        match self {
            Value::Mail => person.mail.as_deref().map(|m| mail(m, platform)).unwrap_or_default(),
            Value::PhoneDigits => phone.trim_start_matches('+').to_owned(),
            Value::PhoneE164 => phone,
            Value::Family => name(&person.family),
            Value::Given => name(&person.given),
            Value::Postal => person.postal.clone().unwrap_or_default(),
            Value::Country => "JP".to_owned(),
            Value::CountryLower => "jp".to_owned(),
            Value::Nothing => String::new(),
        }
    }
}

/// Trimmed and in lower case, as every platform wants it; empty where this one would refuse it.
fn mail(address: &str, platform: &AdPlatform) -> String {
    let mut mail = address.trim().to_lowercase();
    if platform.gmail_dots
        && let Some((local, domain)) = mail.split_once('@')
        && matches!(domain, "gmail.com" | "googlemail.com")
    {
        let bare = local.split('+').next().unwrap_or(local).replace('.', "");
        mail = format!("{bare}@{domain}");
    }
    let letters = &platform.mail_letters;
    let taken = letters.is_empty() || mail.chars().all(|c| letters.contains(c));
    let short = platform.mail_most == 0 || mail.chars().count() <= platform.mail_most;
    if taken && short { mail } else { String::new() }
}

/// `09000000001` as `+819000000001`; a number of another country as it is.
fn e164(digits: &str) -> String {
    match digits.strip_prefix('0') {
        Some(rest) => format!("+81{rest}"),
        None => digits.to_owned(),
    }
}

/// Lower case, without spaces around or marks within.
fn name(text: &str) -> String {
    text.trim().to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect()
}

/// SHA-256 as lower-case hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
