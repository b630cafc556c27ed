//! The clerk: one thread that writes the ledger for all connections, many lines in one transaction.
//!
//! A connection that has come to the point of no return asks, and waits until its attempt is in the
//! database and in the journal. Outcomes are handed over without waiting: they stand before the
//! same connection's next attempt, so at most one attempt of a connection is ever without an outcome.

use super::journal::Journal;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use store::{Attempted, Ended, Entry, Store};

/// Lines of one transaction.
const MOST: usize = 256;
/// How long to wait before a database that failed is asked again.
const PATIENCE: Duration = Duration::from_millis(500);

/// A line and who waits for the answer.
struct Asked {
    entry: Entry,
    /// What the journal keeps of an attempt.
    attempt: Option<Attempted>,
    answer: Option<SyncSender<bool>>,
}

/// The door to the clerk; cheap to clone, one per connection.
#[derive(Clone)]
pub struct Clerk {
    to: Sender<Asked>,
}

/// The clerk at work: ends, having written everything, when every door is dropped.
pub struct Desk {
    thread: JoinHandle<Result<(), String>>,
}

/// What the clerk could not do, told as it happens.
pub type Trouble = Box<dyn Fn(&str) + Send>;

/// Starts the clerk.
pub fn open(store: Store, journal: Journal, trouble: Trouble) -> (Clerk, Desk) {
    let (to, from) = channel();
    let thread = std::thread::spawn(move || serve(&store, journal, &from, &trouble));
    (Clerk { to }, Desk { thread })
}

impl Clerk {
    /// Asks for an attempt. `true`: it is written down and this letter may leave; `false`: it must not.
    pub fn attempt(&self, attempt: Attempted, worker: &str) -> bool {
        let (answer, wait) = sync_channel(1);
        let entry = Entry::Attempt { touch: attempt.touch, worker: worker.to_owned(), at: attempt.at };
        let asked = Asked { entry, attempt: Some(attempt), answer: Some(answer) };
        self.to.send(asked).is_ok() && wait.recv().unwrap_or(false)
    }

    /// Hands over a line that nobody waits for.
    pub fn tell(&self, entry: Entry) {
        // A clerk that is gone has said why in `Desk::close`.
        let _ = self.to.send(Asked { entry, attempt: None, answer: None });
    }
}

impl Desk {
    /// Waits until everything handed over is written; what could not be is the error.
    pub fn close(self) -> Result<(), String> {
        self.thread.join().unwrap_or_else(|_| Err("the ledger's thread broke down".to_owned()))
    }
}

fn serve(
    store: &Store,
    mut journal: Journal,
    from: &Receiver<Asked>,
    trouble: &Trouble,
) -> Result<(), String> {
    // Outcomes that a failing database has not taken yet: they are never dropped.
    let mut owed: VecDeque<Entry> = VecDeque::new();
    let mut failing = false;
    loop {
        let first = match owed.is_empty() {
            true => from.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => from.recv_timeout(PATIENCE),
        };
        let mut asked = Vec::new();
        match first {
            Ok(first) => asked.push(first),
            Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) if owed.is_empty() => return Ok(()),
            Err(RecvTimeoutError::Disconnected) => return last(store, &owed),
        }
        while asked.len() < MOST {
            let Ok(more) = from.try_recv() else { break };
            asked.push(more);
        }
        let mut entries: Vec<Entry> = owed.iter().cloned().collect();
        let before = entries.len();
        entries.extend(asked.iter().map(|a| a.entry.clone()));
        match store.write_ledger(&entries) {
            Ok(done) => {
                owed.clear();
                failing = false;
                settle(store, &mut journal, &asked, &done[before..], &mut owed, trouble);
            }
            Err(why) => {
                if !failing {
                    trouble(&format!("the ledger cannot be written, so nothing is sent until it can: {why}"));
                }
                failing = true;
                for a in asked {
                    match a.answer {
                        // Nobody sends what is not written down.
                        Some(answer) => {
                            let _ = answer.send(false);
                            // It may stand all the same: a server can fall after it has committed.
                            owed.extend(a.attempt.map(|attempt| unsent(attempt, "the ledger failed")));
                        }
                        None => owed.push_back(a.entry),
                    }
                }
            }
        }
    }
}

/// Notes the granted attempts in the journal, then lets them go.
fn settle(
    store: &Store,
    journal: &mut Journal,
    asked: &[Asked],
    done: &[bool],
    owed: &mut VecDeque<Entry>,
    trouble: &Trouble,
) {
    let granted: Vec<Attempted> =
        asked.iter().zip(done).filter(|(_, done)| **done).filter_map(|(a, _)| a.attempt).collect();
    let written = if granted.is_empty() { Ok(()) } else { journal.note(&granted) };
    if let Err(why) = &written {
        trouble(&format!("the journal of attempts cannot be written, so nothing is sent: {why}"));
        // Written down but not let go: these go back in line.
        owed.extend(granted.iter().map(|a| unsent(*a, "the journal could not be written")));
        if store.write_ledger(owed.make_contiguous()).is_ok() {
            owed.clear();
        }
    }
    for (a, done) in asked.iter().zip(done) {
        if let Some(answer) = &a.answer {
            // A connection that gave up waiting sends nothing.
            let _ = answer.send(*done && written.is_ok());
        }
    }
}

/// An attempt that stands in the ledger or may, of a letter that was not let go: back in line.
fn unsent(a: Attempted, why: &str) -> Entry {
    Entry::Outcome { touch: a.touch, n: a.n, ended: Ended::Again(a.at + 60), said: why.to_owned(), at: a.at }
}

/// The doors are closed and something is still owed: one more try.
fn last(store: &Store, owed: &VecDeque<Entry>) -> Result<(), String> {
    let entries: Vec<Entry> = owed.iter().cloned().collect();
    store.write_ledger(&entries).map(drop).map_err(|why| {
        format!("{} outcomes could not be written and will be shown as in doubt: {why}", entries.len())
    })
}
