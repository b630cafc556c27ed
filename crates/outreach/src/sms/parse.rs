//! A provider's file as it is written, read and checked.

use super::SmsError;
use super::provider::{
    Auth, Body, Charset, Columns, Inbound, Meanings, Means, Method, Number, Once, Proof, Reports, Request,
    SmsProvider,
};
use super::template::{Template, Templates};
use clearance::SmsLimits;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Words that every template may use beside the file's own settings.
const WORDS: [&str; 5] = ["to", "body", "reference", "callback", "secret"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    label: String,
    source: String,
    as_of: String,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    settings: Vec<String>,
    limits: RawLimits,
    request: Option<RawRequest>,
    answer: Option<Meanings<Means>>,
    reports: Option<Reports>,
    inbound: Option<Inbound>,
    file: Option<RawColumns>,
}

/// The limits with their maximum in units, or in bytes of two a unit as some providers say it.
#[derive(Deserialize)]
struct RawLimits {
    most_bytes: Option<u32>,
    #[serde(flatten)]
    rest: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequest {
    method: Method,
    url: String,
    body: Body,
    #[serde(default)]
    number: Number,
    #[serde(default)]
    auth: Auth,
    #[serde(default)]
    login: String,
    #[serde(default)]
    headers: toml::Table,
    fields: toml::Table,
    once: Option<Once>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumns {
    charset: Charset,
    #[serde(default)]
    header: bool,
    #[serde(default)]
    number: Number,
    columns: Vec<(String, String)>,
}

impl SmsProvider {
    /// Reads and checks a provider's file.
    ///
    /// # Errors
    /// `SmsError::Provider` with what to change.
    pub fn parse(text: &str) -> Result<SmsProvider, SmsError> {
        let bad = |why: String| SmsError::Provider { why };
        // The error's own text quotes the line, and another file's line may be a secret.
        let unread = |e: toml::de::Error| {
            let line = e.span().map_or(0, |s| text[..s.start].matches('\n').count() + 1);
            bad(format!("line {line}: {}", e.message()))
        };
        let raw: Raw = toml::from_str(text).map_err(unread)?;
        let mut words: BTreeSet<&str> = WORDS.into();
        words.extend(raw.settings.iter().map(String::as_str));
        let request = raw.request.map(|r| request(r, &words)).transpose().map_err(bad)?;
        let file = raw.file.map(|f| columns(f, &words)).transpose().map_err(bad)?;
        let limits = limits(raw.limits).map_err(bad)?;
        let answer = raw.answer.unwrap_or(Meanings { id: String::new(), said: vec![], rules: vec![] });
        if request.is_none() && file.is_none() {
            return Err(bad("it has neither [request] nor [file]".into()));
        }
        if request.is_some() && !answer.rules.iter().any(|r| r.means == Means::Accepted) {
            return Err(bad("no rule of [answer] says what is accepted".into()));
        }
        if raw.reports.as_ref().is_some_and(|r| r.id.is_empty() && r.reference.is_empty()) {
            return Err(bad("[reports] needs id or reference: nothing tells whose a report is".into()));
        }
        if raw.reports.as_ref().is_some_and(|r| r.proof != Proof::Twilio && r.name.is_empty()) {
            return Err(bad("[reports] needs name: the header, or the parameter of its address".into()));
        }
        if raw.inbound.as_ref().is_some_and(|i| i.proof != Proof::Twilio && i.name.is_empty()) {
            return Err(bad("[inbound] needs name: the header, or the parameter of its address".into()));
        }
        let Raw { name, label, source, as_of, verified, settings, reports, inbound, .. } = raw;
        Ok(SmsProvider {
            name,
            label,
            source,
            as_of,
            verified,
            settings,
            limits,
            request,
            answer,
            reports,
            inbound,
            file,
        })
    }
}

fn limits(raw: RawLimits) -> Result<SmsLimits, String> {
    let mut table = raw.rest;
    if let Some(bytes) = raw.most_bytes {
        table.insert("most".into(), i64::from(bytes / 2).into());
    }
    let limits: SmsLimits = table.try_into().map_err(|e| format!("[limits] {e}"))?;
    let ascii = (limits.ascii_single == 0) == (limits.ascii_each == 0);
    match limits.single >= limits.each && limits.each >= 2 && limits.most >= limits.single && ascii {
        true => Ok(limits),
        false => Err("[limits] do not fit together".into()),
    }
}

fn request(raw: RawRequest, words: &BTreeSet<&str>) -> Result<Request, String> {
    let headers = raw.headers.into_iter().map(|(name, value)| match value {
        toml::Value::String(text) => Ok((name, Template::parse(&text, words)?)),
        _ => Err(format!("header {name} is not a text")),
    });
    let fields = raw.fields.into_iter().map(|(name, value)| {
        let fields = Templates::parse(value, words)?;
        match raw.body != Body::Json && matches!(fields, Templates::Table(_)) {
            true => Err(format!("field {name}: tables are for JSON only")),
            false => Ok((name, fields)),
        }
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    for word in ["to", "body"] {
        if !fields.iter().any(|(_, f)| f.uses(word)) {
            return Err(format!("no field holds {{{word}}}"));
        }
    }
    if raw.method == Method::Get && raw.body != Body::Query {
        return Err("method GET goes with body = \"query\"".into());
    }
    Ok(Request {
        method: raw.method,
        url: Template::parse(&raw.url, words)?,
        body: raw.body,
        number: raw.number,
        auth: raw.auth,
        login: Template::parse(&raw.login, words)?,
        headers: headers.collect::<Result<_, _>>()?,
        fields,
        once: raw.once,
    })
}

fn columns(raw: RawColumns, words: &BTreeSet<&str>) -> Result<Columns, String> {
    let columns = raw.columns.into_iter().map(|(name, text)| Ok((name, Template::parse(&text, words)?)));
    let columns = columns.collect::<Result<Vec<_>, String>>()?;
    let whole = ["to", "body"].iter().all(|word| columns.iter().any(|(_, t)| t.uses(word)));
    if !whole || columns.iter().any(|(_, t)| t.uses("secret")) {
        return Err("[file] columns hold {to} and {body}, and never {secret}".into());
    }
    Ok(Columns { charset: raw.charset, header: raw.header, number: raw.number, columns })
}
