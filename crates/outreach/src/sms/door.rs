//! One SMS handed to a provider over HTTP, once.

use super::provider::{Auth, Body, Means, Method, Request, SmsProvider, text};
use super::template::Filling;
use super::{SmsError, clean, is_mobile};
use crate::http::{Answer, Failed, Http, Url, form};
use crate::said::said;
use base64::{Engine, prelude::BASE64_STANDARD};
use clearance::{ClearedTouch, sms_size};
use model::{Channel, Delivery};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What the shop has with a provider.
#[derive(Clone, Default)]
pub struct SmsAccount {
    /// A value for each of the provider's settings.
    pub settings: BTreeMap<String, String>,
    /// The token or password; never shown.
    pub secret: String,
    /// Where delivery reports are to go; empty: nowhere.
    pub callback: String,
    /// Longest wait for a line, and for each piece of an answer.
    pub timeout: Duration,
    /// Own certificate authorities as PEM; empty: the public ones.
    pub authorities: String,
}

impl fmt::Debug for SmsAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsAccount({:?})", self.settings.keys())
    }
}

/// Where SMS are handed over; for any number of threads.
pub struct SmsDoor {
    provider: SmsProvider,
    request: Request,
    account: SmsAccount,
    http: Http,
}

impl fmt::Debug for SmsDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsDoor({})", self.provider.name)
    }
}

/// What came of handing over one SMS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmsHanded {
    pub delivery: Delivery,
    /// The provider's own name of the message, for its reports; empty where it gave none.
    pub id: String,
    /// Parts it was counted as here; the provider's report has the last word.
    pub parts: u32,
    /// Whether `before` said yes: after this only `delivery` says what became of it.
    pub attempted: bool,
    /// Whether the provider takes the next one; if not, every message would fare alike, and the caller
    /// waits: no line, a login that is refused, too many at once.
    pub usable: bool,
    /// Seconds the provider asks to wait.
    pub wait: Option<u32>,
    /// It may have arrived, and may be asked for again all the same, under the same reference and only
    /// within so many hours of the first time: the provider takes it once. Later it is in doubt.
    pub again_within: Option<u32>,
}

impl SmsDoor {
    /// Opens nothing yet: checks that everything is there.
    ///
    /// # Errors
    /// A provider without `[request]`, a setting that is missing, an address that may not be asked.
    pub fn open(provider: SmsProvider, account: SmsAccount) -> Result<SmsDoor, SmsError> {
        let setting = |name: &str, why: &str| SmsError::Setting { name: name.into(), why: why.into() };
        let Some(request) = provider.request.clone() else {
            let why = "it takes files only".to_owned();
            return Err(SmsError::Provider { why });
        };
        let missing = |name: &&String| account.settings.get(*name).is_none_or(|v| v.trim().is_empty());
        if let Some(name) = provider.settings.iter().find(missing) {
            return Err(setting(name, "未設定です / it is not set"));
        }
        if account.secret.is_empty() && request.auth != Auth::None {
            return Err(setting("secret", "未設定です / it is not set"));
        }
        let http = Http::new(account.timeout, &account.authorities);
        let door = SmsDoor { provider, request, account, http };
        let tried = Url::parse(&door.request.url.fill_address(&door.filling("09000000000", "", "")));
        tried.map_err(|why| setting("url", why))?;
        Ok(door)
    }

    pub fn provider(&self) -> &SmsProvider {
        &self.provider
    }

    /// Hands over one message. `reference` is the same for every attempt at one touch. When the line stands,
    /// and not before, `before` is called: it writes the attempt down for good. Where it says `false`
    /// nothing is sent.
    pub fn send(
        &self,
        touch: &ClearedTouch,
        text: &str,
        reference: &str,
        before: &mut dyn FnMut() -> bool,
    ) -> SmsHanded {
        let body = clean(text);
        let size = sms_size(&body, &self.provider.limits);
        let number = touch.destination();
        let never = if touch.channel() != Channel::Sms || !is_mobile(number) {
            Some("not a mobile number")
        } else if size.parts == 0 {
            Some("no words")
        } else if size.over {
            Some("longer than the provider takes")
        } else {
            None
        };
        if let Some(why) = never {
            let delivery = Delivery::Refused { said: why.to_owned(), dead: false };
            return SmsHanded { usable: true, ..handed(delivery, size.parts, false) };
        }
        let number = self.request.number.write(number);
        let filling = self.filling(&number, &body, reference);
        match self.ask(&filling, before) {
            Ok(answer) => self.understood(&answer, size.parts),
            Err(Failed::Before(said)) => handed(Delivery::Later { said }, size.parts, false),
            Err(Failed::Stopped) => {
                let said = "stopped before it was sent".to_owned();
                SmsHanded { usable: true, ..handed(Delivery::Later { said }, size.parts, false) }
            }
            Err(Failed::After(said)) => self.perhaps(said, size.parts),
        }
    }

    fn filling<'a>(&'a self, to: &'a str, body: &'a str, reference: &'a str) -> Filling<'a> {
        let settings = self.account.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut filling: Filling<'a> = settings.collect();
        let (secret, callback) = (self.account.secret.as_str(), self.account.callback.as_str());
        for (word, value) in
            [("to", to), ("body", body), ("reference", reference), ("secret", secret), ("callback", callback)]
        {
            filling.insert(word, value);
        }
        filling
    }

    fn ask(&self, filling: &Filling<'_>, before: &mut dyn FnMut() -> bool) -> Result<Answer, Failed> {
        let request = &self.request;
        let mut headers: Vec<(String, String)> =
            request.headers.iter().map(|(name, value)| (name.clone(), value.fill(filling))).collect();
        headers.push(("Accept".into(), "application/json".into()));
        match request.auth {
            Auth::None => {}
            Auth::Bearer => headers.push(("Authorization".into(), format!("Bearer {}", self.account.secret))),
            Auth::Basic => {
                let login = format!("{}:{}", request.login.fill(filling), self.account.secret);
                headers.push(("Authorization".into(), format!("Basic {}", BASE64_STANDARD.encode(login))));
            }
        }
        if let Some(once) = &request.once {
            headers.push((once.header.clone(), filling.get("reference").copied().unwrap_or("").to_owned()));
        }
        let pairs = || {
            let pairs = request.fields.iter().flat_map(|(name, field)| field.pairs(name, filling));
            form(&pairs.collect::<Vec<_>>())
        };
        let mut url = request.url.fill_address(filling);
        let (kind, body) = match request.body {
            Body::Form => ("application/x-www-form-urlencoded", pairs()),
            Body::Json => {
                let fields = request.fields.iter().filter_map(|(n, f)| Some((n.clone(), f.json(filling)?)));
                ("application/json; charset=utf-8", Value::Object(fields.collect()).to_string())
            }
            Body::Query => {
                url = format!("{url}{}{}", if url.contains('?') { '&' } else { '?' }, pairs());
                ("", String::new())
            }
        };
        if !kind.is_empty() {
            headers.push(("Content-Type".into(), kind.into()));
        }
        let url = Url::parse(&url).map_err(|why| Failed::Before(why.to_owned()))?;
        let method = match request.method {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Get => "GET",
        };
        let request = crate::http::Request { method, url: &url, headers: &headers, body: body.as_bytes() };
        self.http.ask(&request, before)
    }

    /// What an answer means: as the provider's file says, and else as HTTP says, the careful way round.
    fn understood(&self, answer: &Answer, parts: u32) -> SmsHanded {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let rules = &self.provider.answer;
        let words: Vec<String> = rules.said.iter().map(|at| text(&body, at)).collect();
        let words = match self.account.secret.as_str() {
            "" => words.join(" "),
            secret => words.join(" ").replace(secret, "***"),
        };
        let said = said(answer.code, &words);
        let means = rules.of(answer.code, &body).unwrap_or(match answer.code {
            429 | 300..400 | 401 | 403 | 404 | 405 => Means::Closed,
            408 | 425 => Means::Later,
            400..500 => Means::Refused,
            _ => Means::Unknown,
        });
        let delivery = match means {
            Means::Accepted => Delivery::Accepted { said },
            Means::Later | Means::Closed => Delivery::Later { said },
            Means::Refused => Delivery::Refused { said, dead: false },
            Means::Dead => Delivery::Refused { said, dead: true },
            Means::Unknown => return self.perhaps(said, parts),
        };
        let id = text(&body, &rules.id).chars().filter(|c| !c.is_control()).take(200).collect();
        let usable = means != Means::Closed;
        SmsHanded { id, usable, wait: answer.wait(), ..handed(delivery, parts, true) }
    }

    /// It may have arrived: in doubt, unless the provider takes it once however often it is asked.
    fn perhaps(&self, said: String, parts: u32) -> SmsHanded {
        let again_within = self.request.once.as_ref().map(|once| once.hours);
        let delivery = match again_within {
            Some(_) => Delivery::Later { said },
            None => Delivery::Unknown { said },
        };
        SmsHanded { again_within, usable: true, ..handed(delivery, parts, true) }
    }
}

/// Handed over, or not, where nobody knows more.
fn handed(delivery: Delivery, parts: u32, attempted: bool) -> SmsHanded {
    let id = String::new();
    SmsHanded { delivery, id, parts, attempted, usable: false, wait: None, again_within: None }
}
