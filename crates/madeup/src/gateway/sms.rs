//! An SMS gateway: takes one message a request, in the fields a test names.

use super::http::{Asked, Reply, field};
use super::mishaps::Mishaps;
use super::reports::{ReportTemper, Sheaf};
use super::serve::{Server, lock};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};

/// How a gateway behaves.
#[derive(Clone, PartialEq, Debug)]
pub struct SmsTemper {
    pub mishaps: Mishaps,
    /// Names of the fields that hold the number, the words and the reference.
    pub fields: [&'static str; 3],
    /// A header under which a message is taken once, however often it is asked; empty: there is none.
    pub once: &'static str,
    /// Numbers that are nobody's, as they are sent.
    pub unknown: Vec<String>,
    /// What `Authorization` must be; empty: anything.
    pub authorization: String,
}

impl Default for SmsTemper {
    /// Takes everything, in the fields of `generic.toml`.
    fn default() -> SmsTemper {
        SmsTemper {
            mishaps: Mishaps::default(),
            fields: ["to", "text", "reference"],
            once: "",
            unknown: vec![],
            authorization: String::new(),
        }
    }
}

/// One message that was accepted, however often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    pub reference: String,
    pub to: String,
    pub text: String,
    /// The gateway's own id of it, the first one.
    pub id: String,
    /// How often it was accepted: more than once is a message sent twice.
    pub times: u64,
}

/// A running gateway; it ends when it is dropped.
pub struct SmsGateway {
    server: Server,
    books: Arc<Mutex<Books>>,
}

/// What a gateway has accepted.
#[derive(Default)]
struct Books {
    accepted: BTreeMap<String, Counted>,
    /// Keys under which something was taken, with its id.
    taken: BTreeMap<String, String>,
    /// Ids that a report was made of.
    reported: BTreeSet<String>,
    late: Vec<String>,
    sheaves: u64,
}

impl SmsGateway {
    /// Starts on a free port of the loopback address.
    pub fn start(temper: SmsTemper) -> io::Result<SmsGateway> {
        SmsGateway::start_on(0, temper)
    }

    /// Starts on this port of the loopback address.
    pub fn start_on(port: u16, temper: SmsTemper) -> io::Result<SmsGateway> {
        let books = Arc::new(Mutex::new(Books::default()));
        let theirs = Arc::clone(&books);
        let mishaps = temper.mishaps.clone();
        let desk = Box::new(move |asked: &Asked| taken(asked, &temper, &mut lock(&theirs)));
        Ok(SmsGateway { server: Server::start(port, mishaps, desk)?, books })
    }

    /// Where it is asked: `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Every message accepted so far, by reference.
    pub fn accepted(&self) -> Vec<Counted> {
        lock(&self.books).accepted.values().cloned().collect()
    }

    /// Connections taken, and requests read, so far.
    pub fn counts(&self) -> (u64, u64) {
        self.server.counts()
    }

    /// Fails otherwise from now on.
    pub fn fail(&self, mishaps: Mishaps) {
        self.server.set(mishaps);
    }

    /// Reports on what was accepted since the last time, as bodies in the form of `generic.toml`: some doubled, some
    /// never, some only the next time, in any order.
    pub fn reports(&self, temper: &ReportTemper) -> Vec<String> {
        let mut books = lock(&self.books);
        books.sheaves += 1;
        let mut sheaf = Sheaf::new(temper, books.sheaves);
        let due: Vec<Counted> =
            books.accepted.values().filter(|m| !books.reported.contains(&m.id)).cloned().collect();
        let mut bodies = std::mem::take(&mut books.late);
        for message in due {
            books.reported.insert(message.id.clone());
            sheaf.add(&message);
        }
        books.late = sheaf.late;
        bodies.extend(sheaf.now);
        bodies
    }

    /// Posts the reports to an address of this machine, with headers that `sign` makes of each body; how
    /// many were taken with 2xx.
    pub fn post_reports(
        &self,
        url: &str,
        temper: &ReportTemper,
        sign: &dyn Fn(&str) -> Vec<(String, String)>,
    ) -> io::Result<u64> {
        let mut taken = 0;
        for body in self.reports(temper) {
            let code = super::http::post(url, &sign(&body), &body)?;
            taken += u64::from((200..300).contains(&code));
        }
        Ok(taken)
    }
}

fn taken(asked: &Asked, temper: &SmsTemper, books: &mut Books) -> Reply {
    if !temper.authorization.is_empty() && asked.header("authorization") != temper.authorization {
        return Reply::json(401, r#"{"error":{"code":"unauthorized","message":"who are you"}}"#);
    }
    let query = asked.target.split_once('?').map_or("", |(_, query)| query);
    let said = if asked.body.is_empty() { query } else { &asked.body };
    let [to, text, reference] = temper.fields.map(|name| field(said, name));
    if temper.unknown.contains(&to) {
        // Some gateways repeat the number, which nobody should.
        let body = format!(r#"{{"error":{{"code":"invalid_number","message":"{to} is nobody's"}}}}"#);
        return Reply::json(400, body);
    }
    if to.is_empty() || text.is_empty() {
        return Reply::json(422, r#"{"error":{"code":"missing","message":"to and text"}}"#);
    }
    let key = if temper.once.is_empty() { "" } else { asked.header(temper.once) };
    if let Some(id) = books.taken.get(key).filter(|_| !key.is_empty()) {
        return Reply::json(200, format!(r#"{{"id":"{id}"}}"#));
    }
    let entry = books.accepted.entry(reference.clone()).or_insert_with(|| Counted {
        id: format!("m-{reference}"),
        reference,
        to,
        text,
        times: 0,
    });
    entry.times += 1;
    let id = entry.id.clone();
    if !key.is_empty() {
        books.taken.insert(key.to_owned(), id.clone());
    }
    Reply::json(202, format!(r#"{{"id":"{id}"}}"#))
}
