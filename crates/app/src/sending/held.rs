//! A restored backup: what the journal knows and the database has forgotten is never sent again.

use super::journal::{self, Noted};
use crate::App;
use anyhow::{Result, bail, ensure};
use model::TouchState;
use store::{Attempted, StoredTouch};

/// As many of the newest attempts are compared: a backup forgets the newest.
const COMPARED: usize = 20_000;

/// Why the queue is held, with both lists.
#[derive(Clone, Debug)]
pub struct Held {
    /// Attempts that the journal knows and the database does not.
    pub forgotten: Vec<Attempted>,
    /// The journal belongs to another database, or is gone although attempts were made.
    pub foreign: bool,
    /// A backup was put back into this place, and nobody has released it since: what left after it was
    /// made may be known to nobody here.
    pub restored: bool,
    /// Touches that wait in line, the first few.
    pub waiting: Vec<StoredTouch>,
}

impl App {
    /// Whether sending is held since the database and its journal disagree; `None`: they agree.
    pub fn held(&self) -> Result<Option<Held>> {
        let generation = self.generation()?;
        let (forgotten, foreign) = match journal::tail(self.data_dir(), COMPARED)? {
            // Several machines may work on one server, each with a journal of its own.
            None => (vec![], self.inner.store.is_embedded() && self.inner.store.attempts()? > 0),
            Some(noted) => {
                let accepted: Option<String> = self.inner.store.setting("journal.accepted")?;
                let accepted: i64 = accepted.and_then(|t| t.parse().ok()).unwrap_or(i64::MIN);
                let own: Vec<Noted> = noted.iter().copied().filter(|n| n.attempt.at > accepted).collect();
                let foreign = own.iter().any(|n| n.generation != generation);
                let own: Vec<Noted> = own.into_iter().filter(|n| n.generation == generation).collect();
                let asked: Vec<(i64, u32)> = own.iter().map(|n| (n.attempt.touch, n.attempt.n)).collect();
                let known = self.inner.store.attempts_known(&asked)?;
                let gone = own.iter().zip(known).filter(|(_, known)| !known);
                (gone.map(|(n, _)| n.attempt).collect(), foreign)
            }
        };
        let restored = self.inner.store.restored()?.is_some();
        if forgotten.is_empty() && !foreign && !restored {
            return Ok(None);
        }
        let waiting = self.inner.store.touches_in(None, None, TouchState::Queued, 0, 100)?;
        Ok(Some(Held { forgotten, foreign, restored, waiting }))
    }

    /// An operator has looked at both lists: what only the journal knows is taken into the books as in
    /// doubt and never sent again, and sending goes on. Returns how many were taken in.
    pub fn release_held(&self, by: &str) -> Result<u64> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let Some(held) = self.held()? else { bail!("nothing is held") };
        let now = self.now();
        let adopted = self.inner.store.adopt_attempts(&held.forgotten, now)?;
        self.inner.store.set_setting("journal.accepted", &now.to_string())?;
        self.inner.store.release_restored(by.trim(), now)?;
        if held.foreign || held.restored {
            // From here on this store and this journal belong together.
            journal::Journal::open(self.data_dir(), self.generation()?)?;
        }
        Ok(adopted)
    }

    /// Refuses to work while database and journal disagree.
    pub(crate) fn compare_journal(&self) -> Result<()> {
        let Some(held) = self.held()? else { return Ok(()) };
        let why = match held.foreign || held.restored {
            true if held.restored => "a backup was put back into this place".to_owned(),
            true => "the journal of attempts belongs to another database, or is missing".to_owned(),
            false => format!("{} letters were sent that this database does not know", held.forgotten.len()),
        };
        bail!(
            "sending is held: {why}, as after restoring a backup. Look at both lists with `mezame work --held`, \
             then say `mezame work --release --by NAME`"
        )
    }
}
