//! LINE's Messaging API as a sender sees it: push, multicast, retry keys, limits, quota, link tokens.

use super::http::{Asked, Reply, text};
use super::mishaps::Mishaps;
use super::serve::{Server, lock};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};

/// Most people of one multicast.
const MULTICAST: usize = 500;

/// How it behaves.
#[derive(Clone, PartialEq, Debug)]
pub struct LineTemper {
    pub mishaps: Mishaps,
    /// The channel access token that is wanted.
    pub token: String,
    /// Ids that are nobody's.
    pub unknown: Vec<String>,
    /// Messages of the month; `None`: without limit.
    pub quota: Option<u64>,
}

impl Default for LineTemper {
    fn default() -> LineTemper {
        LineTemper { mishaps: Mishaps::default(), token: "token".to_owned(), unknown: vec![], quota: None }
    }
}

/// A running server; it ends when it is dropped.
pub struct LineGateway {
    server: Server,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    /// Keys that were accepted, with the number of their request.
    keys: BTreeMap<String, u64>,
    /// How often each id got each message's words.
    got: BTreeMap<(String, String), u64>,
    used: u64,
    conflicts: u64,
}

impl LineGateway {
    /// Starts on a free port of the loopback address.
    pub fn start(temper: LineTemper) -> io::Result<LineGateway> {
        LineGateway::start_on(0, temper)
    }

    /// Starts on this port of the loopback address.
    pub fn start_on(port: u16, temper: LineTemper) -> io::Result<LineGateway> {
        let books = Arc::new(Mutex::new(Books::default()));
        let theirs = Arc::clone(&books);
        let mishaps = temper.mishaps.clone();
        let desk = Box::new(move |asked: &Asked| answered(asked, &temper, &mut lock(&theirs)));
        Ok(LineGateway { server: Server::start(port, mishaps, desk)?, books })
    }

    /// Where it is asked: `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Who got which words (the first text of the message), and how often.
    pub fn got(&self) -> Vec<(String, String, u64)> {
        lock(&self.books).got.iter().map(|((id, words), times)| (id.clone(), words.clone(), *times)).collect()
    }

    /// How many requests came again under a key that was accepted.
    pub fn conflicts(&self) -> u64 {
        lock(&self.books).conflicts
    }

    /// Connections taken, and requests read, so far.
    pub fn counts(&self) -> (u64, u64) {
        self.server.counts()
    }

    /// Fails otherwise from now on.
    pub fn fail(&self, mishaps: Mishaps) {
        self.server.set(mishaps);
    }
}

fn refused(code: u16, message: &str) -> Reply {
    Reply::json(code, format!(r#"{{"message":"{message}"}}"#))
}

fn answered(asked: &Asked, temper: &LineTemper, books: &mut Books) -> Reply {
    if asked.header("authorization") != format!("Bearer {}", temper.token) {
        return refused(
            401,
            "Authentication failed. Confirm that the access token in the authorization header is valid.",
        );
    }
    match (asked.method.as_str(), asked.target.as_str()) {
        ("POST", "/v2/bot/message/push") => message(asked, temper, books, 1),
        ("POST", "/v2/bot/message/multicast") => message(asked, temper, books, MULTICAST),
        ("GET", "/v2/bot/message/quota") => Reply::json(
            200,
            match temper.quota {
                Some(quota) => format!(r#"{{"type":"limited","value":{quota}}}"#),
                None => r#"{"type":"none"}"#.to_owned(),
            },
        ),
        ("GET", "/v2/bot/message/quota/consumption") => {
            Reply::json(200, format!(r#"{{"totalUsage":{}}}"#, books.used))
        }
        ("POST", target) if target.ends_with("/linkToken") => {
            Reply::json(200, r#"{"linkToken":"made-up+token"}"#)
        }
        _ => refused(404, "Not found"),
    }
}

fn message(asked: &Asked, temper: &LineTemper, books: &mut Books, most: usize) -> Reply {
    let key = asked.header("x-line-retry-key");
    if !is_uuid(key) {
        return refused(400, "The retry key is not a UUID");
    }
    if let Some(request) = books.keys.get(key) {
        books.conflicts += 1;
        let mut reply = refused(409, "The retry key is already accepted");
        reply.headers.push(("x-line-accepted-request-id", format!("00000000-0000-4000-8000-{request:012x}")));
        return reply;
    }
    let ids = ids(&asked.body);
    let distinct: BTreeSet<&String> = ids.iter().collect();
    if ids.is_empty() || ids.len() > most || ids.iter().any(|id| temper.unknown.contains(id)) {
        let body = r#"{"message":"The request body has 1 error(s)","details":[{"message":"invalid","property":"to"}]}"#;
        return Reply::json(400, body);
    }
    if temper.quota.is_some_and(|quota| books.used + distinct.len() as u64 > quota) {
        return refused(429, "You have reached your monthly limit.");
    }
    let Some(at) = asked.body.find("\"text\":") else { return refused(400, "no words") };
    let words = text(&asked.body[at + "\"text\":".len()..]);
    let number = books.keys.len() as u64 + 1;
    books.keys.insert(key.to_owned(), number);
    books.used += distinct.len() as u64;
    for id in distinct {
        *books.got.entry((id.clone(), words.clone())).or_default() += 1;
    }
    let mut reply = Reply::json(200, "{}");
    reply.headers.push(("x-line-request-id", format!("00000000-0000-4000-8000-{number:012x}")));
    reply
}

/// The ids that a body names: one, or a list.
fn ids(body: &str) -> Vec<String> {
    let Some(at) = body.find("\"to\":") else { return vec![] };
    let rest = &body[at + "\"to\":".len()..];
    match rest.strip_prefix('[') {
        Some(list) => {
            let list = list.split(']').next().unwrap_or("");
            list.split(',').map(text).filter(|id| !id.is_empty()).collect()
        }
        None => vec![text(rest)],
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
