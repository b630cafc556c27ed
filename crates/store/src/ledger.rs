//! The ledger of sending: claim, attempt before the point of no return, outcome after it.
//!
//! A touch moves queued -> claimed -> attempted -> sent, failed or queued again. An attempt is
//! granted only to the worker that holds the claim, while the campaign runs; whatever claimed or
//! attempted too late finds its row gone on. An attempt without an outcome whose worker is gone is in doubt.

use crate::db::{Conn, params};
use crate::gateways::{self, Handover};
use crate::touches::{TOUCH, touch};
use crate::{Result, Store};
use model::{CampaignState, Channel, Touch, TouchState};

/// What leaves through a worker: mail, SMS, LINE (`model::Channel`).
const CARRIED: &str = "channel IN (0, 1, 2)";

/// What an attempt came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    Sent,
    /// Refused for good, by the rule named.
    Failed(&'static str),
    /// To be tried again at this moment, Unix seconds.
    Again(i64),
    /// Nobody will ever hear from the attempt itself.
    InDoubt,
}

/// An attempt with all that tells which letter it was, as a journal beside the database keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempted {
    pub touch: i64,
    /// Counted from 1.
    pub n: u32,
    /// Unix seconds.
    pub at: i64,
    pub campaign: i64,
    pub step: u16,
    pub customer: i64,
    pub channel: Channel,
    /// `model::MatchKey` of the address.
    pub destination: i64,
}

/// One line of the ledger.
#[derive(Clone, PartialEq, Debug)]
pub enum Entry {
    /// About to be sent; granted or not.
    Attempt { touch: i64, worker: String, at: i64 },
    /// What came of the attempt of this number.
    Outcome { touch: i64, n: u32, ended: Ended, said: String, at: i64 },
    /// Ended before the point of no return: counted as a try, nothing left the house.
    Closed { touch: i64, worker: String, ended: Ended, said: String, at: i64 },
    /// What a gateway said of the message, written before the outcome.
    Handed(Handover),
    /// Never attempted: by a rule, for good.
    Skip { touch: i64, worker: String, rule: &'static str, at: i64 },
    /// Never attempted: back in line until this moment.
    Back { touch: i64, worker: String, due: i64 },
}

impl Store {
    /// Says that a worker lives.
    pub fn beat(&self, worker: &str, at: i64) -> Result<()> {
        self.db.write_beside(|conn| {
            let sql = "INSERT INTO workers (name, started, beat) VALUES (?1, ?2, ?2)
                       ON CONFLICT (name) DO UPDATE SET beat = excluded.beat";
            conn.exec(sql, params![worker, at]).map(drop)
        })
    }

    /// Takes a worker off the list; what it holds is free at the next sweep.
    pub fn retire(&self, worker: &str) -> Result<()> {
        self.db
            .write_beside(|conn| conn.exec("DELETE FROM workers WHERE name = ?1", params![worker]).map(drop))
    }

    /// Frees what workers without a beat since `stale` had claimed, and calls in doubt what they
    /// had attempted: (freed, in doubt). What a person has in hand (post, calls) is left alone. What may have
    /// arrived at a gateway and was taken out of the line since is in doubt too.
    pub fn sweep(&self, stale: i64, now: i64) -> Result<(u64, u64)> {
        let gone = format!("{CARRIED} AND worker NOT IN (SELECT name FROM workers WHERE beat >= ?1)");
        self.db.write(|conn| {
            let free = format!("UPDATE touches SET state = 0, worker = '' WHERE state = 1 AND {gone}");
            let freed = conn.exec(&free, params![stale])?;
            let doubt = format!("UPDATE touches SET state = ?2, settled = ?3 WHERE state = 2 AND {gone}");
            let doubts = conn.exec(&doubt, params![stale, i64::from(TouchState::InDoubt.code()), now])?;
            conn.exec("DELETE FROM workers WHERE beat < ?1", params![stale])?;
            Ok((freed, doubts + gateways::doubt_skipped(conn)?))
        })
    }

    /// Claims touches that are due, of campaigns that run, the longest due first; by these channels, which
    /// a worker carries: not what people post or say.
    pub fn claim(&self, worker: &str, now: i64, limit: usize, channels: &[Channel]) -> Result<Vec<Touch>> {
        if channels.is_empty() {
            return Ok(vec![]);
        }
        let codes: Vec<String> = channels.iter().map(|channel| channel.code().to_string()).collect();
        let by = codes.join(",");
        self.db.write_beside(|conn| {
            let skip = if matches!(conn, Conn::Postgres(_)) { "FOR UPDATE SKIP LOCKED" } else { "" };
            let sql = format!(
                "UPDATE touches AS t SET state = 1, worker = ?1 WHERE t.id IN (SELECT id FROM touches
                 WHERE state = 0 AND due <= ?2 AND channel IN ({by}) AND campaign IN (SELECT id FROM campaigns WHERE state = ?3 AND waits = '')
                 ORDER BY due, id LIMIT ?4 {skip}) RETURNING {TOUCH}"
            );
            let running = i64::from(CampaignState::Approved.code());
            // SQLite knows no alias in RETURNING.
            let sql = if skip.is_empty() { sql.replace("t.", "").replace("touches AS t", "touches") } else { sql };
            let mut claimed = conn.all(&sql, params![worker, now, running, limit], touch)?;
            claimed.sort_unstable_by_key(|t| (t.due, t.id));
            Ok(claimed)
        })
    }

    /// Writes lines of the ledger in one transaction, durable when this returns; says of each
    /// whether it took effect. For an attempt that is the permission to go on.
    pub fn write_ledger(&self, entries: &[Entry]) -> Result<Vec<bool>> {
        self.db.write_beside(|conn| entries.iter().map(|entry| write(conn, entry)).collect())
    }

    /// The number of attempts known, and the highest touch among them: what a journal beside the
    /// database is compared with.
    pub fn attempts_known(&self, of: &[(i64, u32)]) -> Result<Vec<bool>> {
        self.db.read(|conn| {
            let sql = "SELECT COUNT(*) FROM attempts WHERE touch = ?1 AND n = ?2";
            of.iter().map(|(touch, n)| Ok(conn.number(sql, params![*touch, i64::from(*n)])? > 0)).collect()
        })
    }

    /// Attempts in all.
    pub fn attempts(&self) -> Result<u64> {
        self.db.read(|conn| Ok(conn.number("SELECT COUNT(*) FROM attempts", &[])? as u64))
    }

    /// Takes attempts that only the journal knows into the books, in doubt, with their touches where
    /// those were forgotten too: what a restored backup does not know is never sent a second time.
    /// Returns how many were new.
    pub fn adopt_attempts(&self, of: &[Attempted], now: i64) -> Result<u64> {
        self.db.write(|conn| {
            let doubt = i64::from(TouchState::InDoubt.code());
            let mut adopted = 0;
            for a in of {
                let (step, n) = (i64::from(a.step), i64::from(a.n));
                let sql = "INSERT INTO touches (id, campaign, step, customer, channel, destination, variant, value, due, state, tries, worker, rule, settled)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9, 'journal', '', ?10) ON CONFLICT DO NOTHING";
                let channel = i64::from(a.channel.code());
                conn.exec(sql, params![a.touch, a.campaign, step, a.customer, channel, a.destination, a.at, doubt, n, now])?;
                let sql = "UPDATE touches SET state = ?4, tries = ?5, settled = ?6, worker = 'journal'
                           WHERE campaign = ?1 AND step = ?2 AND customer = ?3 AND tries <= ?5";
                conn.exec(sql, params![a.campaign, step, a.customer, doubt, n, now])?;
                let sql = "INSERT INTO attempts (touch, n, at, worker, said) SELECT id, ?4, ?5, 'journal', 'from the journal'
                           FROM touches WHERE campaign = ?1 AND step = ?2 AND customer = ?3 ON CONFLICT DO NOTHING";
                adopted += conn.exec(sql, params![a.campaign, step, a.customer, n, a.at])?;
            }
            Ok(adopted)
        })
    }
}

fn write(conn: &mut Conn, entry: &Entry) -> Result<bool> {
    match entry {
        Entry::Attempt { touch, worker, at } => attempt(conn, *touch, worker, *at),
        Entry::Outcome { touch, n, ended, said, at } => outcome(conn, *touch, *n, *ended, said, *at),
        Entry::Closed { touch, worker, ended, said, at } => closed(conn, *touch, worker, *ended, said, *at),
        Entry::Handed(handover) => gateways::keep(conn, handover),
        Entry::Skip { touch, worker, rule, at } => {
            let sql = "UPDATE touches SET state = ?3, rule = ?4, settled = ?5 WHERE id = ?1 AND state = 1 AND worker = ?2";
            let skipped = i64::from(TouchState::Skipped.code());
            Ok(conn.exec(sql, params![*touch, worker, skipped, *rule, *at])? > 0)
        }
        Entry::Back { touch, worker, due } => {
            let sql = "UPDATE touches SET state = 0, worker = '', due = ?3 WHERE id = ?1 AND state = 1 AND worker = ?2";
            Ok(conn.exec(sql, params![*touch, worker, *due])? > 0)
        }
    }
}

fn attempt(conn: &mut Conn, touch: i64, worker: &str, at: i64) -> Result<bool> {
    let sql = "UPDATE touches SET state = 2, tries = tries + 1 WHERE id = ?1 AND state = 1 AND worker = ?2
               AND campaign IN (SELECT id FROM campaigns WHERE state = ?3 AND waits = '') RETURNING tries";
    let running = i64::from(CampaignState::Approved.code());
    let Some(n) = conn.one(sql, params![touch, worker, running], |row| row.int(0))? else {
        return Ok(false);
    };
    let sql = "INSERT INTO attempts (touch, n, at, worker, said) VALUES (?1, ?2, ?3, ?4, '')";
    conn.exec(sql, params![touch, n, at, worker])?;
    Ok(true)
}

/// A claim that came to its end without an attempt at the letter itself: a try all the same.
fn closed(conn: &mut Conn, touch: i64, worker: &str, ended: Ended, said: &str, at: i64) -> Result<bool> {
    let sql =
        "UPDATE touches SET tries = tries + 1 WHERE id = ?1 AND state = 1 AND worker = ?2 RETURNING tries";
    let Some(n) = conn.one(sql, params![touch, worker], |row| row.int(0))? else { return Ok(false) };
    let End { code, rule, due, settled } = End::of(ended, at);
    let sql = "INSERT INTO attempts (touch, n, at, worker, outcome, said, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)";
    conn.exec(sql, params![touch, n, at, worker, code, said])?;
    let sql = "UPDATE touches SET state = ?2, rule = ?3, settled = ?4, due = COALESCE(?5, due), worker = '' WHERE id = ?1";
    Ok(conn.exec(sql, params![touch, code, rule, settled, due])? > 0)
}

/// How a touch is written down at the end of a try.
pub(crate) struct End {
    pub code: i64,
    pub rule: &'static str,
    pub due: Option<i64>,
    pub settled: Option<i64>,
}

impl End {
    pub fn of(ended: Ended, at: i64) -> End {
        let (state, rule, due) = match ended {
            Ended::Sent => (TouchState::Sent, "", None),
            Ended::Failed(rule) => (TouchState::Failed, rule, None),
            Ended::Again(due) => (TouchState::Queued, "", Some(due)),
            Ended::InDoubt => (TouchState::InDoubt, "", None),
        };
        End { code: i64::from(state.code()), rule, due, settled: due.is_none().then_some(at) }
    }
}

/// The first outcome of an attempt counts; one that comes after its worker was given up settles
/// the doubt.
fn outcome(conn: &mut Conn, touch: i64, n: u32, ended: Ended, said: &str, at: i64) -> Result<bool> {
    let End { code, rule, due, settled } = End::of(ended, at);
    let n = i64::from(n);
    let sql = "UPDATE attempts SET outcome = ?3, said = ?4, ended = ?5 WHERE touch = ?1 AND n = ?2 AND outcome IS NULL";
    if conn.exec(sql, params![touch, n, code, said, at])? == 0 {
        return Ok(false);
    }
    let sql = "UPDATE touches SET state = ?3, rule = ?4, settled = ?5, due = COALESCE(?6, due), worker = ''
               WHERE id = ?1 AND tries = ?2 AND state IN (2, ?7)";
    let doubt = i64::from(TouchState::InDoubt.code());
    Ok(conn.exec(sql, params![touch, n, code, rule, settled, due, doubt])? > 0)
}
