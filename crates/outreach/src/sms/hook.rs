//! One call of a provider at our door: believed by its proof alone, and the things it tells of.

use super::provider::{Body, Inbound, Proof, Reports};
use crate::reports::{MOST_BODY, Refused};
use crate::signed::{Hash, same, signed};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// How a call is written and proven.
pub(super) struct Hook<'a> {
    body: Body,
    proof: Proof,
    name: &'a str,
    prefix: &'a str,
    items: &'a str,
}

impl<'a> Hook<'a> {
    pub fn of_reports(r: &'a Reports) -> Hook<'a> {
        Hook { body: r.body, proof: r.proof, name: &r.name, prefix: &r.prefix, items: &r.items }
    }

    pub fn of_inbound(i: &'a Inbound) -> Hook<'a> {
        Hook { body: i.body, proof: i.proof, name: &i.name, prefix: &i.prefix, items: &i.items }
    }

    /// What a call tells of, once it has shown that it is the provider's.
    pub fn items(
        &self,
        secret: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        url: &str,
    ) -> Result<Vec<Value>, Refused> {
        if body.len() > MOST_BODY {
            return Err(Refused::TooLarge);
        }
        let fields = match self.body {
            Body::Json => vec![],
            Body::Form => unformed(std::str::from_utf8(body).map_err(|_| Refused::Malformed)?),
            Body::Query => unformed(query(url)),
        };
        if secret.is_empty() || !proven(self, secret, headers, body, url, &fields) {
            return Err(Refused::Signature);
        }
        let call = match self.body {
            Body::Json => serde_json::from_slice(body).map_err(|_| Refused::Malformed)?,
            Body::Form | Body::Query => {
                Value::Object(fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
            }
        };
        match call.pointer(self.items) {
            Some(Value::Array(items)) => Ok(items.clone()),
            Some(one @ Value::Object(_)) => Ok(vec![one.clone()]),
            _ => Err(Refused::Malformed),
        }
    }
}

fn proven(
    hook: &Hook<'_>,
    secret: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    url: &str,
    fields: &[(String, String)],
) -> bool {
    let header = |name: &str| {
        headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
    };
    match hook.proof {
        Proof::Url => {
            parameter(url, hook.name).is_some_and(|given| same(given.as_bytes(), secret.as_bytes()))
        }
        Proof::HmacSha256 => {
            let Some(given) = header(hook.name).strip_prefix(hook.prefix) else {
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

pub(super) fn parameter(url: &str, name: &str) -> Option<String> {
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
