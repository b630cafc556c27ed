//! Batches of post: pieces that are made, printed, posted or given back together.
//!
//! While a batch is being made and until somebody says that it was posted, its touches are claimed in
//! its name (`post:12`), so that they are nobody else's and an opt-out skips them. The point of no
//! return is that person's word: attempt and outcome are then one transaction.

use crate::db::{Conn, ImportLock, Row, V, params};
use crate::permission::{NewStop, add_stop};
use crate::responses::{Whose, insert, skip_open};
use crate::touches::{TOUCH, touch};
use crate::{Attempted, Error, Result, Store, settings::next_id};
use model::{ActivityKind, CampaignState, Channel, Day, Response, StopReason, Touch, TouchState};

/// Rows of one transaction: an opt-out waits for one of these at most.
const CHUNK: usize = 500;

/// How far a batch has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BatchState {
    /// Being put together; whoever does so holds the lock, or is gone.
    Making,
    /// Whole and in hand: to be printed and posted.
    Made,
    /// Somebody said when it was posted.
    Posted,
    /// Given back: its touches wait in line again.
    Cancelled,
}

impl BatchState {
    pub const ALL: [BatchState; 4] =
        [BatchState::Making, BatchState::Made, BatchState::Posted, BatchState::Cancelled];

    /// What is stored.
    pub const fn code(self) -> i64 {
        self as i64
    }

    /// As JSON says it.
    pub const fn word(self) -> &'static str {
        match self {
            BatchState::Making => "making",
            BatchState::Made => "made",
            BatchState::Posted => "posted",
            BatchState::Cancelled => "cancelled",
        }
    }

    fn from_code(code: u8) -> Option<BatchState> {
        BatchState::ALL.get(usize::from(code)).copied()
    }
}

/// A batch as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    pub id: i64,
    pub campaign: i64,
    pub step: u16,
    /// The caller's own word for what it is printed as.
    pub kind: String,
    /// Unix seconds, and the operator.
    pub made_at: i64,
    pub made_by: String,
    pub state: BatchState,
    pub pieces: u64,
    /// Of all pieces, hundredths.
    pub cost: i64,
    /// The caller's own JSON.
    pub body: String,
    /// When its files were first written.
    pub printed: Option<i64>,
    /// The day it was posted on, by whose word.
    pub posted: Option<(Day, String)>,
}

/// A piece about to be kept: its touch, the caller's own JSON, its cost in hundredths.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPiece {
    pub touch: i64,
    pub body: String,
    pub cost: i64,
}

/// A piece of a batch with its touch as it stands now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BatchPiece {
    /// In the order of the post, from 0.
    pub place: u32,
    pub touch: Touch,
    /// Empty once nothing asks for it any more.
    pub body: String,
    pub cost: i64,
    /// Whether it is still in the hand of its batch.
    pub in_hand: bool,
    /// Why it was skipped; empty where it was not.
    pub rule: String,
}

/// Touches of one step that people post.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PostDue {
    pub campaign: i64,
    pub step: u16,
    pub due: u64,
    /// Made, and due at a later moment.
    pub later: u64,
    /// In a batch that is not posted yet.
    pub in_hand: u64,
    /// When the first of those in line fell due, Unix seconds.
    pub since: i64,
}

/// Held while a batch is being made: one at a time, over all processes; it dies with its holder.
pub struct PostingLock {
    _held: ImportLock,
}

/// The worker in whose name a batch holds its touches.
pub fn batch_worker(batch: i64) -> String {
    format!("post:{batch}")
}

const BATCH: &str =
    "id, campaign, step, kind, made_at, made_by, state, pieces, cost, body, printed, posted_on, posted_by";

fn batch(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: row.int(0)?,
        campaign: row.int(1)?,
        step: u16::try_from(row.int(2)?).unwrap_or(u16::MAX),
        kind: row.text(3)?,
        made_at: row.int(4)?,
        made_by: row.text(5)?,
        state: row.known(6, BatchState::from_code)?,
        pieces: row.int(7)? as u64,
        cost: row.int(8)?,
        body: row.text(9)?,
        printed: row.opt_int(10)?,
        posted: row.opt_day(11)?.zip(row.opt_text(12)?),
    })
}

fn piece(row: &Row<'_>) -> Result<BatchPiece> {
    let touch = touch(row)?;
    let in_hand = touch.state == TouchState::Claimed && row.text(14)? == batch_worker(row.int(15)?);
    Ok(BatchPiece {
        place: u32::try_from(row.int(10)?).unwrap_or(u32::MAX),
        touch,
        body: row.text(11)?,
        cost: row.int(12)?,
        rule: row.text(13)?,
        in_hand,
    })
}

fn channel() -> i64 {
    i64::from(Channel::Post.code())
}

impl Store {
    /// Takes the lock of making; `Error::Posting` where somebody else makes a batch just now.
    pub fn lock_posting(&self) -> Result<PostingLock> {
        match ImportLock::take_posting(&self.db) {
            Ok(lock) => Ok(PostingLock { _held: lock }),
            Err(Error::Busy) => Err(Error::Posting),
            Err(other) => Err(other),
        }
    }

    /// What waits to be posted, by campaign and step, of campaigns that run.
    pub fn post_due(&self, now: i64) -> Result<Vec<PostDue>> {
        // The sum of BIGINT is NUMERIC on PostgreSQL.
        let sql = "SELECT t.campaign, t.step, SUM(CASE WHEN t.state = 0 AND t.due <= ?1 THEN 1 ELSE 0 END),
                   SUM(CASE WHEN t.state = 0 AND t.due > ?1 THEN 1 ELSE 0 END), CAST(SUM(t.state) AS BIGINT), MIN(t.due)
                   FROM touches t JOIN campaigns c ON c.id = t.campaign
                   WHERE t.state IN (0, 1) AND t.channel = ?2 AND c.state = ?3 GROUP BY t.campaign, t.step ORDER BY 1, 2";
        let running = i64::from(CampaignState::Approved.code());
        self.db.read(|conn| {
            conn.all(sql, params![now, channel(), running], |row| {
                Ok(PostDue {
                    campaign: row.int(0)?,
                    step: u16::try_from(row.int(1)?).unwrap_or(u16::MAX),
                    due: row.int(2)? as u64,
                    later: row.int(3)? as u64,
                    in_hand: row.int(4)? as u64,
                    since: row.int(5)?,
                })
            })
        })
    }

    /// Touches of a step that are due and in nobody's hand, by number after `after`.
    pub fn due_for_post(
        &self,
        campaign: i64,
        step: u16,
        now: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Touch>> {
        let sql = format!(
            "SELECT {TOUCH} FROM touches t WHERE t.campaign = ?1 AND t.step = ?2 AND t.channel = ?3
             AND t.state = 0 AND t.due <= ?4 AND t.id > ?5 ORDER BY t.id LIMIT ?6"
        );
        let step = i64::from(step);
        self.db.read(|conn| conn.all(&sql, params![campaign, step, channel(), now, after, limit], touch))
    }

    /// Takes touches into the hand of a batch, if they are still in line and their campaign runs;
    /// returns those it took.
    pub fn take_for_post(&self, batch: i64, touches: &[i64]) -> Result<Vec<i64>> {
        let worker = batch_worker(batch);
        self.db.write_now(|conn| {
            let mut taken = Vec::with_capacity(touches.len());
            let sql = "UPDATE touches SET state = 1, worker = ?2 WHERE id = ?1 AND state = 0
                       AND campaign IN (SELECT id FROM campaigns WHERE state = ?3 AND waits = '')";
            let running = i64::from(CampaignState::Approved.code());
            for touch in touches {
                if conn.exec(sql, params![*touch, worker.as_str(), running])? > 0 {
                    taken.push(*touch);
                }
            }
            Ok(taken)
        })
    }

    /// Begins a batch; it is nobody's until it is sealed.
    pub fn begin_batch(&self, campaign: i64, step: u16, kind: &str, by: &str, at: i64) -> Result<i64> {
        if by.trim().is_empty() {
            return Err(Error::Refused("making post needs the name of the operator".to_owned()));
        }
        self.db.write(|conn| {
            let id = next_id(conn, "batches")?;
            let sql =
                "INSERT INTO batches (id, campaign, step, kind, made_at, made_by, state, pieces, cost, body)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, '')";
            let making = BatchState::Making.code();
            conn.exec(sql, params![id, campaign, i64::from(step), kind, at, by, making])?;
            Ok(id)
        })
    }

    /// Keeps the pieces of a batch, in the order of the post, some at a time, and seals it: from then
    /// on it is in hand, whatever becomes of its files.
    pub fn seal_batch(&self, id: i64, pieces: &[NewPiece], body: &str) -> Result<()> {
        for (n, some) in pieces.chunks(CHUNK).enumerate() {
            let mut values = Vec::with_capacity(some.len() * 5);
            for (i, piece) in some.iter().enumerate() {
                let place = (n * CHUNK + i) as i64;
                values.extend([V::from(id), V::from(place), V::from(piece.touch)]);
                values.extend([V::from(piece.body.as_str()), V::from(piece.cost)]);
            }
            let columns = ["batch", "place", "touch", "body", "cost"];
            self.db.write(|conn| conn.insert_many("batch_pieces", &columns, &values))?;
        }
        let cost: i64 = pieces.iter().map(|p| p.cost).sum();
        self.db.write(|conn| {
            let sql = "UPDATE batches SET state = ?2, pieces = ?3, cost = ?4, body = ?5 WHERE id = ?1 AND state = ?6";
            let (made, making) = (BatchState::Made.code(), BatchState::Making.code());
            conn.exec(sql, params![id, made, pieces.len(), cost, body, making]).map(drop)
        })
    }

    /// Notes that the files of a batch were written; the first time counts.
    pub fn batch_printed(&self, id: i64, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "UPDATE batches SET printed = ?2 WHERE id = ?1 AND printed IS NULL";
            conn.exec(sql, params![id, at]).map(drop)
        })
    }

    /// Batches, the newest first.
    pub fn batches(&self, limit: usize) -> Result<Vec<Batch>> {
        let sql = format!("SELECT {BATCH} FROM batches ORDER BY id DESC LIMIT ?1");
        self.db.read(|conn| conn.all(&sql, params![limit], batch))
    }

    /// One batch.
    pub fn batch(&self, id: i64) -> Result<Batch> {
        let sql = format!("SELECT {BATCH} FROM batches WHERE id = ?1");
        self.db
            .read(|conn| conn.one(&sql, params![id], batch))?
            .ok_or(Error::Missing { what: "batch of post", id })
    }

    /// The pieces of a batch with their touches as they stand, in the order of the post.
    pub fn batch_pieces(&self, id: i64) -> Result<Vec<BatchPiece>> {
        let sql = format!(
            "SELECT {TOUCH}, p.place, p.body, p.cost, t.rule, t.worker, p.batch FROM batch_pieces p
             JOIN touches t ON t.id = p.touch WHERE p.batch = ?1 ORDER BY p.place"
        );
        self.db.read(|conn| conn.all(&sql, params![id], piece))
    }

    /// The touch of a piece by its batch and its place.
    pub fn touch_of_piece(&self, batch: i64, place: u32) -> Result<Option<i64>> {
        let sql = "SELECT touch FROM batch_pieces WHERE batch = ?1 AND place = ?2";
        self.db.read(|conn| conn.one(sql, params![batch, i64::from(place)], |row| row.int(0)))
    }

    /// Orders that are to be packed, by when they came in (Unix seconds, from the first moment up to and without
    /// the second), gifts and what was sent already left out: (the shop's number, when, the person).
    pub fn parcels(&self, from: i64, to: i64) -> Result<Vec<(String, i64, i64)>> {
        let sql = "SELECT o.ext_id, o.at, r.customer FROM orders o JOIN records r ON r.id = o.record
                   WHERE o.kind = 0 AND o.standing <= 1 AND o.gift = 0 AND o.shipped IS NULL AND o.at >= ?1 AND o.at < ?2
                   ORDER BY o.at, o.id";
        self.db
            .read(|conn| conn.all(sql, params![from, to], |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?))))
    }

    /// Batches whose making was broken off: only to be asked for by who holds the lock.
    pub fn broken_batches(&self) -> Result<Vec<i64>> {
        let sql = "SELECT id FROM batches WHERE state = ?1 ORDER BY id";
        self.db.read(|conn| conn.all(sql, params![BatchState::Making.code()], |row| row.int(0)))
    }

    /// Puts what a batch has in hand back into line and says how many touches that were. One that was
    /// broken off while it was made is forgotten, one that was made is cancelled; a posted one stays.
    pub fn give_back_batch(&self, id: i64) -> Result<u64> {
        self.db.write_now(|conn| {
            let sql = "SELECT state FROM batches WHERE id = ?1";
            let state = conn.one(sql, params![id], |row| row.known(0, BatchState::from_code))?;
            let Some(state @ (BatchState::Making | BatchState::Made)) = state else { return Ok(0) };
            let sql = "UPDATE touches SET state = 0, worker = '' WHERE state = 1 AND worker = ?1";
            let back = conn.exec(sql, params![batch_worker(id).as_str()])?;
            if state == BatchState::Making {
                conn.exec("DELETE FROM batch_pieces WHERE batch = ?1", params![id])?;
                conn.exec("DELETE FROM batches WHERE id = ?1", params![id])?;
            } else {
                end(conn, id, BatchState::Cancelled)?;
            }
            Ok(back)
        })
    }

    /// Somebody says that a batch was posted. Notes the day, which the first word decides; `at` of the
    /// attempts is theirs to give. Returns the day that counts.
    pub fn posting_on(&self, id: i64, on: Day, by: &str) -> Result<Day> {
        self.db.write_now(|conn| {
            let sql = "UPDATE batches SET posted_on = ?2, posted_by = ?3 WHERE id = ?1 AND posted_on IS NULL AND state = ?4";
            conn.exec(sql, params![id, on, by, BatchState::Made.code()])?;
            let sql = "SELECT posted_on FROM batches WHERE id = ?1";
            Ok(conn.one(sql, params![id], |row| row.opt_day(0))?.flatten().unwrap_or(on))
        })
    }

    /// Writes attempt and outcome of some more touches that a batch has in hand, in one transaction;
    /// returns them, none where there is none left.
    pub fn post_some(&self, id: i64, at: i64) -> Result<Vec<Attempted>> {
        let worker = batch_worker(id);
        self.db.write_now(|conn| {
            let sql = format!(
                "SELECT {TOUCH} FROM batch_pieces p JOIN touches t ON t.id = p.touch
                 WHERE p.batch = ?1 AND t.state = 1 AND t.worker = ?2 ORDER BY p.place LIMIT ?3"
            );
            let touches = conn.all(&sql, params![id, worker.as_str(), CHUNK], touch)?;
            let mut attempted = Vec::with_capacity(touches.len());
            for t in touches {
                let (n, sent) = (t.tries + 1, i64::from(TouchState::Sent.code()));
                let sql = "UPDATE touches SET state = ?2, tries = ?3, settled = ?4, worker = '', rule = '' WHERE id = ?1";
                conn.exec(sql, params![t.id, sent, i64::from(n), at])?;
                let sql = "INSERT INTO attempts (touch, n, at, worker, outcome, said, ended) VALUES (?1, ?2, ?3, ?4, ?5, '', ?3)";
                conn.exec(sql, params![t.id, i64::from(n), at, worker.as_str(), sent])?;
                attempted.push(Attempted {
                    touch: t.id,
                    n,
                    at,
                    campaign: t.campaign,
                    step: t.step,
                    customer: t.customer,
                    channel: t.channel,
                    destination: t.destination,
                });
            }
            Ok(attempted)
        })
    }

    /// Closes a batch of which nothing is in hand any more, and forgets addresses and words.
    pub fn close_posted(&self, id: i64) -> Result<()> {
        self.db.write_now(|conn| end(conn, id, BatchState::Posted))
    }

    /// Keeps that a piece came back, as a response and on the customer's timeline, and closes post to them
    /// if there is a reason to, in one transaction. `proof` makes a piece scanned twice one; says whether it
    /// was new. The stop is the person's and not the place's: who corrects their address is open again.
    pub fn hear_return(
        &self,
        returned: &Response,
        proof: &str,
        closes: Option<StopReason>,
        (day, note): (Day, &str),
        by: &str,
    ) -> Result<bool> {
        self.db.write_now(|conn| {
            if !insert(conn, returned, Some(proof))? {
                return Ok(false);
            }
            let at = returned.at / 1_000;
            let sql = "SELECT customer, destination FROM touches WHERE id = ?1";
            let whose = conn.one(sql, params![returned.touch], |row| Ok((row.int(0)?, row.opt_int(1)?)))?;
            let Some((customer, place)) = whose else { return Ok(true) };
            if let Some(reason) = closes {
                add_stop(
                    conn,
                    &NewStop {
                        record: Some(customer),
                        key: None,
                        channel: Some(Channel::Post),
                        reason,
                        since: Some(day),
                        note: note.to_owned(),
                        source: String::new(),
                        by: by.to_owned(),
                        at,
                    },
                )?;
                let place = place.map(Whose::Address).into_iter();
                for whose in place.chain([Whose::Person(customer)]) {
                    skip_open(conn, whose, Some(Channel::Post), None, "L-42", at)?;
                }
            }
            let sql = "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING";
            let kind = i64::from(ActivityKind::PostReturned.code());
            conn.exec(sql, params![customer, day, kind, note]).map(drop)?;
            Ok(true)
        })
    }
}

/// Ends a batch; its pieces keep their place and their cost, and no address.
fn end(conn: &mut Conn, id: i64, state: BatchState) -> Result<()> {
    conn.exec("UPDATE batch_pieces SET body = '' WHERE batch = ?1", params![id])?;
    let sql = "UPDATE batches SET state = ?2 WHERE id = ?1 AND state = ?3";
    conn.exec(sql, params![id, state.code(), BatchState::Made.code()]).map(drop)
}
