//! A LINE message handed over once: each request has a key under which LINE takes it once in 24 hours.

use super::words::ChatWords;
use crate::http::{Answer, Failed, Http, Request, Url, encoded};
use crate::said::said;
use aws_lc_rs::digest::{SHA256, digest};
use clearance::ClearedTouch;
use model::{Channel, Delivery};
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;

/// Most people of one multicast. Source: Messaging API reference, 2026-11-22.
pub const MULTICAST: usize = 500;
/// How long LINE remembers a retry key.
const REMEMBERED: u32 = 24;
const LINE: &str = "https://api.line.me";

/// Where LINE messages are handed over; for any number of threads.
pub struct ChatDoor {
    base: String,
    token: String,
    http: Http,
}

impl fmt::Debug for ChatDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChatDoor({})", self.base)
    }
}

/// What came of handing over one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChatHanded {
    pub delivery: Delivery,
    /// Whether `before` said yes: after this only `delivery` says what became of it.
    pub attempted: bool,
    /// Whether LINE takes the next one; if not the caller waits: no line, the token refused, too many at
    /// once, the month's messages used up.
    pub usable: bool,
    /// Seconds LINE asks to wait.
    pub wait: Option<u32>,
    /// It may have arrived, and may be asked for again all the same with the same reference, only within
    /// so many hours of the first time. Later it is in doubt.
    pub again_within: Option<u32>,
}

/// Messages of this month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChatQuota {
    /// `None`: without limit.
    pub limit: Option<u64>,
    pub used: u64,
}

/// The key of a request from its reference: the same UUID (version 8, RFC 9562) for the same reference.
pub fn retry_key(reference: &str) -> String {
    let hash = digest(&SHA256, format!("mezame line {reference}").as_bytes());
    let mut hex: Vec<u8> = hash.as_ref().iter().take(16).copied().collect();
    hex[6] = hex[6] & 0x0f | 0x80;
    hex[8] = hex[8] & 0x3f | 0x80;
    let hex: String = hex.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl ChatDoor {
    /// Opens nothing yet. `token` is the channel access token; `base` is empty for LINE itself; `authorities` as
    /// PEM, empty for the public ones.
    ///
    /// # Errors
    /// In words for an operator, without the token.
    pub fn open(token: &str, base: &str, timeout: Duration, authorities: &str) -> Result<ChatDoor, String> {
        if token.is_empty() {
            return Err("チャネルアクセストークンが未設定です / the channel access token is not set".into());
        }
        let base = if base.is_empty() { LINE } else { base.trim_end_matches('/') };
        Url::parse(base)?;
        let http = Http::new(timeout, authorities);
        Ok(ChatDoor { base: base.to_owned(), token: token.to_owned(), http })
    }

    /// Hands one message to one friend. `reference` is the same for every attempt at one touch and for
    /// nothing else. When the line stands, and not before, `before` is called: it writes the attempt down
    /// for good. Where it says `false` nothing is sent.
    pub fn push(
        &self,
        touch: &ClearedTouch,
        words: &ChatWords,
        reference: &str,
        before: &mut dyn FnMut() -> bool,
    ) -> ChatHanded {
        let to = touch.destination().into();
        self.send("push", std::slice::from_ref(touch), to, words, reference, before)
    }

    /// Hands the same message to up to 500 friends in one request, which LINE takes or refuses whole: where
    /// it is refused nobody got it, one id of somebody gone is enough, and the caller pushes to each (so it
    /// never says that an id is dead). When it is tried again the touches are the same in the same order.
    pub fn multicast(
        &self,
        touches: &[ClearedTouch],
        words: &ChatWords,
        reference: &str,
        before: &mut dyn FnMut() -> bool,
    ) -> ChatHanded {
        let to = touches.iter().map(ClearedTouch::destination).collect();
        self.send("multicast", touches, to, words, reference, before)
    }

    fn send(
        &self,
        way: &str,
        touches: &[ClearedTouch],
        to: Value,
        words: &ChatWords,
        reference: &str,
        before: &mut dyn FnMut() -> bool,
    ) -> ChatHanded {
        let friend = |t: &ClearedTouch| t.channel() == Channel::Line && is_line_id(t.destination());
        let never = if touches.is_empty() || touches.len() > MULTICAST || !touches.iter().all(friend) {
            Some("not between 1 and 500 ids of LINE friends".to_owned())
        } else if reference.is_empty() {
            Some("no reference".to_owned())
        } else {
            words.check().err().map(|why| why.to_string())
        };
        if let Some(said) = never {
            return handed(Delivery::Refused { said, dead: false }, false, true);
        }
        let body = json!({ "to": to, "messages": words.json() }).to_string();
        let key = ("X-Line-Retry-Key", retry_key(reference));
        match self.ask("POST", &format!("/v2/bot/message/{way}"), Some(key), &body, before) {
            Ok(answer) => understood(&answer, touches.len() == 1),
            Err(Failed::Before(said)) => handed(Delivery::Later { said }, false, false),
            Err(Failed::Stopped) => {
                let said = "stopped before it was sent".to_owned();
                handed(Delivery::Later { said }, false, true)
            }
            Err(Failed::After(said)) => perhaps(said),
        }
    }

    /// The month's messages, and how many are used.
    ///
    /// # Errors
    /// What LINE said, or why nothing came.
    pub fn quota(&self) -> Result<ChatQuota, String> {
        let number = |path: &str, at: &str| {
            let body = self.whole("GET", path)?;
            Ok::<_, String>(body.pointer(at).and_then(Value::as_u64))
        };
        let limit = number("/v2/bot/message/quota", "/value")?;
        let used = number("/v2/bot/message/quota/consumption", "/totalUsage")?;
        Ok(ChatQuota { limit, used: used.ok_or("no totalUsage")? })
    }

    /// A token, good for ten minutes, with which this friend can say on a page of ours who they are
    /// (`link_url`).
    ///
    /// # Errors
    /// What LINE said, or why nothing came.
    pub fn link_token(&self, line_id: &str) -> Result<String, String> {
        if !is_line_id(line_id) {
            return Err("not an id of LINE".to_owned());
        }
        let path = format!("/v2/bot/user/{}/linkToken", encoded(line_id));
        let body = self.whole("POST", &path)?;
        let token = body.pointer("/linkToken").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| "no linkToken".to_owned())
    }

    /// A question that can be asked any number of times.
    fn whole(&self, method: &str, path: &str) -> Result<Value, String> {
        match self.ask(method, path, None, "", &mut || true) {
            Ok(answer) if answer.code == 200 => {
                serde_json::from_slice(&answer.body).map_err(|_| "not JSON".to_owned())
            }
            Ok(answer) => Err(told(&answer)),
            Err(Failed::Before(why) | Failed::After(why)) => Err(why),
            Err(Failed::Stopped) => Err("stopped".to_owned()),
        }
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<(&str, String)>,
        body: &str,
        before: &mut dyn FnMut() -> bool,
    ) -> Result<Answer, Failed> {
        let url =
            Url::parse(&format!("{}{path}", self.base)).map_err(|why| Failed::Before(why.to_owned()))?;
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", self.token))];
        if !body.is_empty() {
            headers.push(("Content-Type".into(), "application/json".into()));
        }
        headers.extend(key.map(|(name, key)| (name.to_owned(), key)));
        self.http.ask(&Request { method, url: &url, headers: &headers, body: body.as_bytes() }, before)
    }
}

/// An id as webhooks give it: `U` and 32 hexadecimal digits.
fn is_line_id(text: &str) -> bool {
    let digits = text.strip_prefix('U').unwrap_or("");
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What an answer means; `alone`: it can only be about this one friend.
fn understood(answer: &Answer, alone: bool) -> ChatHanded {
    let said = told(answer);
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let about_id = || {
        let details = body.pointer("/details").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let named = |d: &Value| d.pointer("/property").and_then(Value::as_str) == Some("to");
        let message = body.pointer("/message").and_then(Value::as_str).unwrap_or("");
        details.iter().any(named) || message.contains("'to'")
    };
    let delivery = match answer.code {
        // 409: this key was accepted before.
        200 | 202 | 409 => Delivery::Accepted { said },
        400 => Delivery::Refused { said, dead: alone && about_id() },
        401 | 403 | 404 | 429 | 300..400 => {
            let wait = answer.wait();
            return ChatHanded { wait, ..handed(Delivery::Later { said }, true, false) };
        }
        402 | 405..500 => Delivery::Refused { said, dead: false },
        _ => return perhaps(said),
    };
    handed(delivery, true, true)
}

/// The words of an answer, with the number under which LINE knows the request.
fn told(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let message = body.pointer("/message").and_then(Value::as_str).unwrap_or("");
    let accepted = answer.header("x-line-accepted-request-id");
    let request = if accepted.is_empty() { answer.header("x-line-request-id") } else { accepted };
    // An id of a request is long and has digits in a row, but it is nobody's.
    let request: String = request.chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').take(40).collect();
    format!("{} {request}", said(answer.code, message)).trim_end().to_owned()
}

/// It may have arrived; the key makes asking again safe while LINE remembers it.
fn perhaps(said: String) -> ChatHanded {
    ChatHanded { again_within: Some(REMEMBERED), ..handed(Delivery::Later { said }, true, true) }
}

fn handed(delivery: Delivery, attempted: bool, usable: bool) -> ChatHanded {
    ChatHanded { delivery, attempted, usable, wait: None, again_within: None }
}
