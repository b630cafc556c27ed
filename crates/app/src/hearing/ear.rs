//! The ear of the customers' door: many clicks and openings kept in one transaction, judged afterwards.
//!
//! One thread takes whatever arrived while it was writing, writes it together and answers each only
//! then: nothing acknowledged is lost by a kill. While the database takes nothing, what was heard is
//! held, up to a bound, and nobody waits. Who did it is judged when no one is waiting to be written;
//! a mark in the database says up to where that is done, so that a restart takes it up again.

use super::{Asker, Leads};
use crate::{App, lock};
use anyhow::{Context, Result};
use model::{Response, ResponseKind};
use response::{Keys, TRAP, Token};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use store::LetterOf;

/// Most responses held while the database takes none: some 40 MB.
const HELD: usize = 100_000;
/// How long to wait before a database that refused is asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// So long nothing is heard before there is time to judge.
const QUIET: Duration = Duration::from_millis(50);
/// Touches that may wait for their judgement before one is judged between two writings.
const UNJUDGED: usize = 200_000;
/// Touches that are remembered to be judged; others are when they are heard of again.
const REMEMBERED: usize = 1_000_000;
/// A response may get its number before one with a lower number can be seen (PostgreSQL).
const NUMBERS_BACK: i64 = 5_000;
/// How long the targets of a letter's links are believed, milliseconds.
const LINKS_FOR: i64 = 60_000;

/// What a token of ours asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fetch {
    pub(super) touch: i64,
    /// The number of the link; `None` for the picture.
    pub(super) link: Option<i32>,
}

impl Fetch {
    pub(super) fn click(keys: &Keys, token: &str) -> Option<Fetch> {
        match keys.read(token)? {
            Token::Click { touch, link } => Some(Fetch { touch, link: Some(i32::from(link)) }),
            Token::Trap { touch } => Some(Fetch { touch, link: Some(TRAP) }),
            _ => None,
        }
    }

    pub(super) fn open(keys: &Keys, token: &str) -> Option<Fetch> {
        match keys.read(token)? {
            Token::Open { touch } => Some(Fetch { touch, link: None }),
            _ => None,
        }
    }

    /// Whose letter a person followed a link of; `None` for a picture and the link nobody sees.
    pub fn reader(self) -> Option<i64> {
        self.link.filter(|link| *link >= 0).map(|_| self.touch)
    }

    pub(super) fn response(self, app: &App, asker: &Asker) -> Response {
        let kind = if self.link.is_some() { ResponseKind::Click } else { ResponseKind::Open };
        app.response(self.touch, kind, self.link, asker)
    }

    /// Only to an address of the letter itself, else to the shop's own site.
    pub(super) fn leads(self, links: &[String], site: &str) -> Leads {
        let link = self.link.and_then(|link| usize::try_from(link).ok());
        link.and_then(|link| links.get(link))
            .map_or_else(|| Leads::Home(site.to_owned()), |to| Leads::To(to.clone()))
    }
}

/// How the ear is doing.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct EarState {
    /// Heard and not written yet.
    pub waiting: usize,
    /// Heard while the database took nothing for too long, and not kept.
    pub lost: u64,
    /// Why the database took nothing the last time; empty where it does.
    pub refused: String,
}

/// Who is told once a response is written; of a click, where it leads. Dropped untold where it
/// cannot be kept for now.
type Then = Box<dyn FnOnce(Option<Leads>) + Send>;

struct Heard {
    fetch: Fetch,
    response: Response,
    then: Option<Then>,
}

#[derive(Default)]
struct Queue {
    heard: Vec<Heard>,
    state: EarState,
    closing: bool,
}

/// The links of a letter and when they were read.
type Links = (i64, Arc<Vec<String>>);

struct Shared {
    app: App,
    keys: Keys,
    queue: Mutex<Queue>,
    bell: Condvar,
    links: Mutex<HashMap<LetterOf, Links>>,
}

/// Shared by all requests of a door. The last one dropped writes what is left.
#[derive(Clone)]
pub struct Ear {
    shared: Arc<Shared>,
    _thread: Arc<Thread>,
}

struct Thread(Arc<Shared>, Option<JoinHandle<()>>);

impl Drop for Thread {
    fn drop(&mut self) {
        lock(&self.0.queue).closing = true;
        self.0.bell.notify_all();
        if let Some(thread) = self.1.take() {
            // A thread that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}

impl App {
    /// Opens an ear: one thread that writes what many requests heard. One per door.
    pub fn ear(&self) -> Result<Ear> {
        let shared = Arc::new(Shared {
            app: self.clone(),
            keys: self.keys()?,
            queue: Mutex::default(),
            bell: Condvar::new(),
            links: Mutex::default(),
        });
        let of_thread = shared.clone();
        let work = move || {
            Listener { shared: of_thread, unjudged: BTreeMap::new(), marked: true, idle: false }.listen()
        };
        let thread = std::thread::Builder::new().name("ear".to_owned()).spawn(work);
        let thread = thread.context("starting the thread that keeps clicks and openings")?;
        Ok(Ear { shared: shared.clone(), _thread: Arc::new(Thread(shared, Some(thread))) })
    }
}

impl Ear {
    /// What a token of a link asks for; `None`: no token of ours. Asks no database.
    pub fn click(&self, token: &str) -> Option<Fetch> {
        Fetch::click(&self.shared.keys, token)
    }

    /// What a token of a picture asks for.
    pub fn open(&self, token: &str) -> Option<Fetch> {
        Fetch::open(&self.shared.keys, token)
    }

    /// Keeps it. `then` is called once it is in the database, with where a click leads; it is dropped
    /// uncalled at once where the database takes nothing just now (it is written later) or where
    /// too much is held already (it is counted as lost).
    pub fn hear(&self, fetch: Fetch, asker: &Asker, then: impl FnOnce(Option<Leads>) + Send + 'static) {
        let response = fetch.response(&self.shared.app, asker);
        let mut queue = lock(&self.shared.queue);
        if queue.state.waiting >= HELD {
            queue.state.lost += 1;
            return;
        }
        let then: Option<Then> = if queue.state.refused.is_empty() { Some(Box::new(then)) } else { None };
        queue.state.waiting += 1;
        queue.heard.push(Heard { fetch, response, then });
        if queue.heard.len() == 1 {
            self.shared.bell.notify_one();
        }
    }

    /// Where a click leads, whether or not it can be kept. Blocks.
    pub fn leads(&self, fetch: Fetch, now: i64) -> Result<Leads> {
        let letter = self.shared.app.inner.store.letters_of(&[fetch.touch])?.get(&fetch.touch).copied();
        Ok(fetch.leads(&self.shared.links(letter, now), &self.shared.app.sign()?.site))
    }

    pub fn state(&self) -> EarState {
        lock(&self.shared.queue).state.clone()
    }
}

impl Shared {
    /// The targets of a letter's links, from memory where they are fresh or cannot be read.
    fn links(&self, letter: Option<LetterOf>, now: i64) -> Arc<Vec<String>> {
        let Some(letter) = letter else { return Arc::default() };
        let known = lock(&self.links).get(&letter).cloned();
        if let Some((at, links)) = &known
            && (0..LINKS_FOR).contains(&(now - at))
        {
            return links.clone();
        }
        match self.app.links_of(letter) {
            Ok(links) => {
                let links = Arc::new(links);
                lock(&self.links).insert(letter, (now, links.clone()));
                links
            }
            Err(_) => known.map(|(_, links)| links).unwrap_or_default(),
        }
    }
}

struct Listener {
    shared: Arc<Shared>,
    /// Touches heard of and not judged: the first and the last moment.
    unjudged: BTreeMap<i64, (i64, i64)>,
    /// Whether the mark in the database says that nothing is left to judge.
    marked: bool,
    /// Whether nothing had been heard when last looked.
    idle: bool,
}

impl Listener {
    fn listen(&mut self) {
        // What cannot be read now is judged when its touch is heard of again.
        let _ = self.take_up();
        while let Some(heard) = self.next() {
            if heard.is_empty() || self.unjudged.len() > UNJUDGED {
                self.judge_one();
            }
            if !heard.is_empty() {
                self.write(heard);
            }
        }
    }

    /// Touches that an earlier door heard of and did not judge.
    fn take_up(&mut self) -> Result<()> {
        let store = self.shared.app.inner.store.clone();
        let mut last = store.judged()? - NUMBERS_BACK;
        loop {
            let some = store.fetched_since(last, 10_000)?;
            let Some((id, ..)) = some.last() else { return Ok(()) };
            last = *id;
            for (_, touch, at) in some {
                self.note(touch, at);
            }
        }
    }

    fn note(&mut self, touch: i64, at: i64) {
        if self.unjudged.len() >= REMEMBERED && !self.unjudged.contains_key(&touch) {
            return;
        }
        let (first, last) = self.unjudged.entry(touch).or_insert((at, at));
        (*first, *last) = (at.min(*first), at.max(*last));
    }

    /// What has been heard; nothing where there is time to judge; `None` at the end.
    fn next(&mut self) -> Option<Vec<Heard>> {
        let mut queue = lock(&self.shared.queue);
        let silent = |queue: &mut Queue| queue.heard.is_empty() && !queue.closing;
        let left = !self.unjudged.is_empty() || !self.marked;
        if left && !self.idle {
            let quiet = self.shared.bell.wait_timeout_while(queue, QUIET, silent);
            queue = quiet.unwrap_or_else(PoisonError::into_inner).0;
        } else if !left {
            queue = self.shared.bell.wait_while(queue, silent).unwrap_or_else(PoisonError::into_inner);
        }
        self.idle = queue.heard.is_empty();
        if self.idle && queue.closing {
            return None;
        }
        Some(std::mem::take(&mut queue.heard))
    }

    /// Writes all of it, however long that takes, and tells who waits; gives up at the end only.
    fn write(&mut self, mut heard: Vec<Heard>) {
        loop {
            let (rows, told): (Vec<Response>, Vec<(Fetch, Option<Then>)>) =
                heard.into_iter().map(|h| (h.response, (h.fetch, h.then))).unzip();
            match self.shared.app.inner.store.hear_many(&rows) {
                Ok(()) => {
                    self.written(&rows);
                    return self.tell(told, rows.last().map_or(0, |r| r.at));
                }
                Err(why) => {
                    // Nobody waits for a database that refuses.
                    heard = rows
                        .into_iter()
                        .zip(told)
                        .map(|(response, (fetch, _))| Heard { fetch, response, then: None })
                        .collect();
                    if !self.refused(&mut heard, why.to_string()) {
                        return;
                    }
                }
            }
        }
    }

    fn written(&mut self, rows: &[Response]) {
        rows.iter().for_each(|r| self.note(r.touch, r.at));
        self.marked = false;
        let mut queue = lock(&self.shared.queue);
        queue.state.waiting -= rows.len();
        queue.state.refused.clear();
    }

    /// Where each click leads, in one question for all of them.
    fn tell(&self, told: Vec<(Fetch, Option<Then>)>, now: i64) {
        let app = &self.shared.app;
        let clicks: Vec<i64> = told.iter().filter(|(f, _)| f.link.is_some()).map(|(f, _)| f.touch).collect();
        let letters =
            if clicks.is_empty() { Ok(HashMap::new()) } else { app.inner.store.letters_of(&clicks) };
        // Whoever is not told finds out by themselves.
        let Ok(letters) = letters else { return };
        let mut site: Option<String> = None;
        for (fetch, then) in told {
            let Some(then) = then else { continue };
            let leads = fetch.link.map(|_| {
                let links = self.shared.links(letters.get(&fetch.touch).copied(), now);
                let home = || app.sign().map(|sign| sign.site).unwrap_or_default();
                match fetch.leads(&links, "") {
                    Leads::Home(_) => Leads::Home(site.get_or_insert_with(home).clone()),
                    to => to,
                }
            });
            then(leads);
        }
    }

    /// Notes why, takes over what was heard meanwhile and waits a moment; `false` at the end.
    fn refused(&self, heard: &mut Vec<Heard>, why: String) -> bool {
        let mut queue = lock(&self.shared.queue);
        queue.state.refused = why;
        if queue.closing {
            queue.state.lost += queue.state.waiting as u64;
            return false;
        }
        let again = self.shared.bell.wait_timeout_while(queue, AGAIN, |queue| !queue.closing);
        queue = again.unwrap_or_else(PoisonError::into_inner).0;
        heard.append(&mut queue.heard);
        true
    }

    /// Judges one touch; when none is left, says so in the database.
    fn judge_one(&mut self) {
        let app = self.shared.app.clone();
        match self.unjudged.pop_first() {
            Some((touch, (from, to))) => {
                // What cannot be judged now keeps its verdict until its touch is heard of again.
                for (other, at) in app.judge_touch(touch, from, to).unwrap_or_default() {
                    self.note(other, at);
                }
            }
            None if !self.marked => {
                let store = &app.inner.store;
                let _ = store.last_response().and_then(|last| store.set_judged(last));
                self.marked = true;
            }
            None => {}
        }
    }
}
