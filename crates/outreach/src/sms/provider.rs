//! A provider of SMS as a file: where to ask, what to say, and what its answers and its reports mean.

use super::template::{Template, Templates};
use clearance::SmsLimits;
use serde::Deserialize;
use serde_json::Value;

/// The files that come with Mezame, by name.
pub const SMS_PROVIDERS: &[(&str, &str)] = &[
    ("karaden", include_str!("../../data/sms/karaden.toml")),
    ("media_sms", include_str!("../../data/sms/media_sms.toml")),
    ("twilio", include_str!("../../data/sms/twilio.toml")),
    ("generic", include_str!("../../data/sms/generic.toml")),
    ("file", include_str!("../../data/sms/file.toml")),
];

/// A provider's file, checked.
#[derive(Clone, Debug)]
pub struct SmsProvider {
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where it is described, and the day that was looked at.
    pub source: String,
    pub as_of: String,
    /// Whether all of it was read there, and nothing taken for granted.
    pub verified: bool,
    /// What the shop must say of its own account: names of settings.
    pub settings: Vec<String>,
    pub limits: SmsLimits,
    pub(super) request: Option<Request>,
    pub(super) answer: Meanings<Means>,
    pub(super) reports: Option<Reports>,
    pub(super) inbound: Option<Inbound>,
    pub(super) file: Option<Columns>,
}

/// How one message is asked for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub method: Method,
    pub url: Template,
    pub body: Body,
    pub number: Number,
    pub auth: Auth,
    pub login: Template,
    pub headers: Vec<(String, Template)>,
    pub fields: Vec<(String, Templates)>,
    pub once: Option<Once>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub(super) enum Method {
    #[serde(rename = "POST")]
    Post,
    #[serde(rename = "PUT")]
    Put,
    #[serde(rename = "GET")]
    Get,
}

/// How fields are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    Form,
    Json,
    /// In the address itself.
    Query,
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Number {
    /// `09000000001`.
    #[default]
    National,
    /// `+819000000001`.
    E164,
    /// `819000000001`.
    Digits,
}

impl Number {
    /// A Japanese mobile number (L-35), given as `09000000001`.
    pub fn write(self, national: &str) -> String {
        let abroad = national.strip_prefix('0').unwrap_or(national);
        match self {
            Number::National => national.to_owned(),
            Number::E164 => format!("+81{abroad}"),
            Number::Digits => format!("81{abroad}"),
        }
    }
}

/// How the secret is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Auth {
    /// Only where a template says `{secret}`.
    #[default]
    None,
    Bearer,
    /// `login` and the secret.
    Basic,
}

/// A key under which the provider takes a message once, however often it is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Once {
    pub header: String,
    /// How long the key is remembered.
    pub hours: u32,
}

/// What a value somewhere means; the first of them that holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meanings<M> {
    /// JSON pointers (RFC 6901) into the answer.
    #[serde(default)]
    pub id: String,
    /// Where it says why, in words.
    #[serde(default)]
    pub said: Vec<String>,
    #[serde(default = "Vec::new")]
    pub rules: Vec<Meaning<M>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning<M> {
    /// Codes of HTTP; empty: any.
    #[serde(default)]
    pub code: Vec<u16>,
    /// JSON pointer; empty: the code alone says it.
    #[serde(default)]
    pub at: String,
    /// Values there; empty: any that is there.
    #[serde(default)]
    pub is: Vec<String>,
    pub means: M,
}

impl<M: Copy> Meanings<M> {
    pub fn of(&self, code: u16, body: &Value) -> Option<M> {
        let holds = |rule: &&Meaning<M>| {
            let value = text(body, &rule.at);
            let there = rule.at.is_empty() || !value.is_empty();
            (rule.code.is_empty() || rule.code.contains(&code))
                && there
                && (rule.is.is_empty() || rule.is.contains(&value))
        };
        self.rules.iter().find(holds).map(|rule| rule.means)
    }
}

/// The text, number or truth at a JSON pointer; empty for none.
pub(super) fn text(value: &Value, pointer: &str) -> String {
    match (pointer.is_empty(), value.pointer(pointer)) {
        (false, Some(Value::String(text))) => text.clone(),
        (false, Some(other @ (Value::Number(_) | Value::Bool(_)))) => other.to_string(),
        _ => String::new(),
    }
}

/// What an answer means for the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Means {
    Accepted,
    /// Not taken now; may be asked again.
    Later,
    /// Not taken, and will not be.
    Refused,
    /// The number itself is dead.
    Dead,
    /// Perhaps taken.
    Unknown,
    /// Not taken for a reason that holds for every message: the login, the money, the pace.
    Closed,
}

/// What comes back afterwards.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reports {
    pub body: Body,
    pub proof: Proof,
    /// The header that holds a signature; for `url` the parameter that holds the secret.
    #[serde(default)]
    pub name: String,
    /// What stands before the signature in its header: `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// JSON pointer to several reports in one call; empty: the call is one.
    #[serde(default)]
    pub items: String,
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub reference: String,
    /// Parts charged.
    #[serde(default)]
    pub parts: String,
    #[serde(default)]
    pub said: Vec<String>,
    pub rules: Vec<Meaning<SmsState>>,
}

/// What people answer, as the provider hands it on. It proves itself as `Proof` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inbound {
    pub body: Body,
    pub proof: Proof,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub prefix: String,
    /// JSON pointer to several answers in one call; empty: the call is one.
    #[serde(default)]
    pub items: String,
    /// The provider's own name of it.
    pub id: String,
    /// Whose number.
    pub from: String,
    pub text: String,
}

/// How a report is known to be the provider's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Proof {
    /// The address we gave holds a secret.
    Url,
    /// HMAC-SHA256 of the body in a header, hexadecimal or base64.
    HmacSha256,
    /// X-Twilio-Signature: HMAC-SHA1 of address and sorted fields, base64.
    Twilio,
}

/// What a provider says became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsState {
    Delivered,
    /// Not delivered this time: switched off, out of reach, refused by the telephone.
    Failed,
    /// The number is dead.
    Dead,
    /// Still on its way: says nothing.
    Waiting,
}

/// A file for a provider without an API.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub charset: Charset,
    pub header: bool,
    pub number: Number,
    pub columns: Vec<(String, Template)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Charset {
    Utf8,
    /// With a byte order mark, for spreadsheets.
    Utf8Bom,
    Cp932,
}

impl SmsProvider {
    /// The file of this name that comes with Mezame.
    pub fn known(name: &str) -> Option<SmsProvider> {
        let text = SMS_PROVIDERS.iter().find(|(known, _)| *known == name)?.1;
        SmsProvider::parse(text).ok()
    }

    /// Whether messages are asked for one by one (else a file is dropped).
    pub fn asks(&self) -> bool {
        self.request.is_some()
    }

    /// Whether it hands on what people answer.
    pub fn hears(&self) -> bool {
        self.inbound.is_some()
    }

    /// Whether a message asked for twice under one reference goes once.
    pub fn takes_once(&self) -> bool {
        self.request.as_ref().is_some_and(|r| r.once.is_some())
    }
}
