//! What a provider says of messages afterwards: delivered, not delivered, number dead, parts charged.

use super::provider::{Body, Meanings, Proof, Reports, SmsProvider, SmsState, text};
use crate::reports::{MOST_BODY, Refused};
use crate::said::said;
use crate::signed::{Hash, same, signed};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// One thing a provider says of one message. The same thing may be said again, late or in another order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmsReport {
    /// The provider's own name of the message, as `SmsHanded::id` was; empty where it gives none.
    pub id: String,
    /// The reference it was sent under; empty where the provider does not repeat it.
    pub reference: String,
    /// Never `Waiting`: what says nothing is left out.
    pub state: SmsState,
    /// Parts charged, where it is said.
    pub parts: Option<u32>,
    /// The provider's own words, without numbers.
    pub said: String,
    /// The same for the same thing said twice, another for anything else of the same message.
    pub proof: String,
}

/// Reads one call of a provider, which is believed only by its proof. `secret` is the webhook's: in
/// the address (`proof = "url"`), or the key of its signature. `url` is the whole address that was called,
/// as the provider knows it.
pub fn sms_reports(
    provider: &SmsProvider,
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    url: &str,
) -> Result<Vec<SmsReport>, Refused> {
    if body.len() > MOST_BODY {
        return Err(Refused::TooLarge);
    }
    let reports = provider.reports.as_ref().ok_or(Refused::Malformed)?;
    let fields = match reports.body {
        Body::Json => vec![],
        Body::Form => unformed(std::str::from_utf8(body).map_err(|_| Refused::Malformed)?),
        Body::Query => unformed(query(url)),
    };
    if secret.is_empty() || !proven(reports, secret, headers, body, url, &fields) {
        return Err(Refused::Signature);
    }
    let call = match reports.body {
        Body::Json => serde_json::from_slice(body).map_err(|_| Refused::Malformed)?,
        Body::Form | Body::Query => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
        }
    };
    let items = match call.pointer(&reports.items) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err(Refused::Malformed),
    };
    Ok(items.iter().filter_map(|item| report(provider, reports, item, url)).collect())
}

fn report(provider: &SmsProvider, reports: &Reports, item: &Value, url: &str) -> Option<SmsReport> {
    let short = |at: &str| {
        let found = match at.strip_prefix('?') {
            Some(name) => parameter(url, name).unwrap_or_default(),
            None => text(item, at),
        };
        found.chars().filter(|c| !c.is_control()).take(200).collect::<String>()
    };
    let (id, reference) = (short(&reports.id), short(&reports.reference));
    let rules = Meanings { id: String::new(), said: vec![], rules: reports.rules.clone() };
    let state = rules.of(0, item).filter(|state| *state != SmsState::Waiting)?;
    if id.is_empty() && reference.is_empty() {
        return None;
    }
    let words: Vec<String> = reports.said.iter().map(|at| text(item, at)).collect();
    let words = said(0, &words.join(" "));
    let proof = format!("sms:{}:{id}:{reference}:{state:?}", provider.name);
    let parts = text(item, &reports.parts).parse().ok();
    let said = words.trim_start_matches('0').trim_start().to_owned();
    Some(SmsReport { id, reference, state, parts, said, proof })
}

fn proven(
    reports: &Reports,
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    url: &str,
    fields: &[(String, String)],
) -> bool {
    let header = |name: &str| {
        headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
    };
    match reports.proof {
        Proof::Url => {
            parameter(url, &reports.name).is_some_and(|given| same(given.as_bytes(), secret.as_bytes()))
        }
        Proof::HmacSha256 => {
            let Some(given) = header(&reports.name).strip_prefix(reports.prefix.as_str()) else {
                return false;
            };
            let expected = signed(Hash::Sha256, secret.as_bytes(), body);
            let hex: String = expected.iter().map(|b| format!("{b:02x}")).collect();
            same(given.to_ascii_lowercase().as_bytes(), hex.as_bytes())
                || same(given.as_bytes(), BASE64_STANDARD.encode(expected).as_bytes())
        }
        Proof::Twilio => {
            let mut sorted: Vec<&(String, String)> = fields.iter().collect();
            sorted.sort();
            let fields = sorted.into_iter().map(|(name, value)| format!("{name}{value}"));
            let text = format!("{url}{}", fields.collect::<String>());
            let expected = BASE64_STANDARD.encode(signed(Hash::Sha1, secret.as_bytes(), text.as_bytes()));
            same(header("X-Twilio-Signature").as_bytes(), expected.as_bytes())
        }
    }
}

fn query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}

fn parameter(url: &str, name: &str) -> Option<String> {
    unformed(query(url)).into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
}

/// The pairs of a form, as far as they can be read.
fn unformed(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(n, v)| (decoded(n), decoded(v)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = || {
            let pair = std::str::from_utf8(after.get(..2)?).ok()?;
            pair.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok())?
        };
        (out, rest) = match (first, hex()) {
            (b'%', Some(byte)) => (pushed(out, byte), &after[2..]),
            (b'+', _) => (pushed(out, b' '), after),
            _ => (pushed(out, *first), after),
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn pushed(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_they_were_written() {
        let pairs = |text| {
            let pairs = unformed(text).into_iter().map(|(name, value)| format!("{name}={value}"));
            pairs.collect::<Vec<_>>().join("|")
        };
        for (text, expected) in [
            ("a=1&b=%E3%81%82+%2B", "a=1|b=あ +"),
            ("a&=b&&c=d=e", "a=|=b|c=d=e"),
            ("a=%&b=%4&c=%zz&d=%+1", "a=%|b=%4|c=%zz|d=% 1"),
            ("a=%FF", "a=\u{FFFD}"),
            ("", ""),
        ] {
            assert_eq!(pairs(text), expected, "{text}");
        }
    }
}
