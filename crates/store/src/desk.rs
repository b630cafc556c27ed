//! The phone desk: a call taken in hand by one caller, and what came of it, written in one breath.
//!
//! In hand is a claim (`worker = desk:NAME`) with the moment it was taken. What is held too long is back
//! in line, and its caller may still say what came of it until somebody else has taken it.

use crate::db::{Conn, Row, params};
use crate::ledger::{Attempted, End, Ended};
use crate::permission::{NewStop, add_stop};
use crate::responses::{Whose, skip_open};
use crate::settings::next_id;
use crate::statements::said_anew;
use crate::tasks::{NewTask, add_task};
use crate::touches::{TOUCH, touch};
use crate::{Error, Result, Store, changes};
use model::{ActivityKind, CallResult, CampaignState, Channel, Day, Money, StopReason, Touch, TouchState};

/// A call that somebody has in hand.
#[derive(Clone, PartialEq, Debug)]
pub struct InHand {
    pub touch: Touch,
    /// Since when, Unix seconds.
    pub taken: i64,
    /// The rule that took it out of their hand meanwhile; empty while they may call.
    pub stopped: String,
}

/// A call that waits for a caller.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    pub touch: Touch,
    /// Expected profit, hundredths.
    pub value: i64,
    /// The customer was promised this call.
    pub promised: bool,
}

/// What a must-not of a call is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StopOf {
    /// The number, whoever has it.
    Number,
    /// The person, over all their records.
    Person,
}

/// A must-not that follows from a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallStop {
    pub of: StopOf,
    /// `None` closes every channel.
    pub channel: Option<Channel>,
    pub reason: StopReason,
    /// The rule by which touches in line are skipped.
    pub rule: &'static str,
}

/// What came of a call and everything that follows from it.
#[derive(Clone, PartialEq, Debug)]
pub struct NewCall {
    pub touch: i64,
    /// The caller's name.
    pub caller: String,
    /// Unix seconds, and the day in the shop's zone.
    pub at: i64,
    pub day: Day,
    pub result: CallResult,
    pub note: String,
    /// The part of the script it went by; empty where none was marked.
    pub branch: String,
    /// Why the customer said they left; empty where they did not.
    pub left_for: String,
    pub minutes: u32,
    pub cost: Money,
    /// What becomes of the touch.
    pub ended: Ended,
    pub stops: Vec<CallStop>,
    /// What the customer's timeline keeps; `None` where they were not spoken to.
    pub told: Option<(ActivityKind, String)>,
    pub tasks: Vec<NewTask>,
}

/// A call as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredCall {
    pub touch: i64,
    /// Which attempt, counted from 1.
    pub n: u32,
    pub customer: i64,
    pub at: i64,
    pub caller: String,
    pub result: CallResult,
    pub note: String,
    pub branch: String,
    pub left_for: String,
    pub minutes: u32,
    pub cost: Money,
    /// It closed a channel.
    pub closed: bool,
}

const CALL: &str = "c.touch, c.n, c.customer, c.at, c.caller, c.result, c.note, c.branch, c.left_for, c.minutes, c.cost, c.closed";

/// What waits at the desk: calls due, of campaigns that run, nobody else's hand on the person or the number.
/// ?1 is now, ?2 the campaign or -1, ?3 the state of a campaign that runs.
const WAITS: &str = "t.channel = 4 AND t.state = 0 AND t.due <= ?1 AND (t.campaign = ?2 OR ?2 < 0)
    AND t.campaign IN (SELECT id FROM campaigns WHERE state = ?3 AND waits = '')
    AND NOT EXISTS (SELECT 1 FROM touches o JOIN records ro ON ro.id = o.customer
    WHERE o.taken IS NOT NULL AND o.state = 1 AND (ro.customer = r.customer OR o.destination = t.destination))";
/// The touch's last call promised another one (`CallResult::CallBack`).
const PROMISED: &str =
    "CAST(CASE WHEN EXISTS (SELECT 1 FROM calls c WHERE c.touch = t.id AND c.n = t.tries AND c.result = 2
    AND c.undone IS NULL) THEN 1 ELSE 0 END AS BIGINT)";

/// As the ledger names a caller.
fn worker(caller: &str) -> String {
    format!("desk:{caller}")
}

fn running() -> i64 {
    i64::from(CampaignState::Approved.code())
}

impl Store {
    /// Takes the next call in hand for a caller: what was promised first, then the most valuable; nobody whom,
    /// and no number that, another caller has in hand. What was taken before `stale` is back in line.
    pub fn take_call(
        &self,
        caller: &str,
        now: i64,
        stale: i64,
        campaign: Option<i64>,
    ) -> Result<Option<Touch>> {
        // Alone: two touches of one person must not be taken side by side.
        self.db.write_now(|conn| {
            free(conn, stale)?;
            let skip = if matches!(conn, Conn::Postgres(_)) { "FOR UPDATE OF t SKIP LOCKED" } else { "" };
            let sql = format!(
                "UPDATE touches AS u SET state = 1, worker = ?4, taken = ?1 WHERE u.id = (SELECT t.id FROM touches t
                 JOIN records r ON r.id = t.customer WHERE {WAITS}
                 ORDER BY {PROMISED} DESC, t.value DESC, t.due, t.id LIMIT 1 {skip}) RETURNING {}",
                TOUCH.replace("t.", if skip.is_empty() { "" } else { "u." })
            );
            conn.one(&sql, params![now, campaign.unwrap_or(-1), running(), worker(caller).as_str()], touch)
        })
    }

    /// What a caller has in hand, taken last first; also what was stopped while they had it.
    pub fn in_hand(&self, caller: &str) -> Result<Vec<InHand>> {
        let sql = format!(
            "SELECT {TOUCH}, t.taken, t.rule FROM touches t WHERE t.worker = ?1 AND t.taken IS NOT NULL AND t.state IN (1, 5)
             ORDER BY t.taken DESC, t.id DESC"
        );
        self.db.read(|conn| {
            conn.all(&sql, params![worker(caller).as_str()], |row| {
                Ok(InHand { touch: touch(row)?, taken: row.int(10)?, stopped: row.text(11)? })
            })
        })
    }

    /// Who has a touch in hand; `None` where nobody has.
    pub fn holder(&self, touch: i64) -> Result<Option<String>> {
        let sql = "SELECT worker FROM touches WHERE id = ?1 AND taken IS NOT NULL";
        let worker = self.db.read(|conn| conn.one(sql, params![touch], |row| row.text(0)))?;
        Ok(worker.and_then(|w| w.strip_prefix("desk:").map(str::to_owned)))
    }

    /// Holds what a caller has in hand from now on, and lays aside what was stopped.
    pub fn keep_in_hand(&self, caller: &str, now: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let worker = worker(caller);
            let sql =
                "UPDATE touches SET taken = NULL WHERE worker = ?1 AND taken IS NOT NULL AND state <> 1";
            conn.exec(sql, params![worker.as_str()])?;
            let sql = "UPDATE touches SET taken = ?2 WHERE worker = ?1 AND taken IS NOT NULL AND state = 1";
            conn.exec(sql, params![worker.as_str(), now]).map(drop)
        })
    }

    /// Puts a call back in line until this moment; says whether it was in this caller's hand.
    pub fn put_back(&self, touch: i64, caller: &str, due: i64) -> Result<bool> {
        let sql = "UPDATE touches SET state = 0, worker = '', taken = NULL, due = ?3
                   WHERE id = ?1 AND state = 1 AND worker = ?2";
        self.db.write_now(|conn| Ok(conn.exec(sql, params![touch, worker(caller).as_str(), due])? > 0))
    }

    /// Skips a call for good, by a rule; `why` is kept in the campaign's log where the caller says it.
    pub fn skip_call(&self, touch: i64, caller: &str, rule: &str, why: &str, now: i64) -> Result<bool> {
        self.db.write_now(|conn| {
            let sql = "UPDATE touches SET state = ?3, rule = ?4, settled = ?5, taken = NULL
                       WHERE id = ?1 AND state = 1 AND worker = ?2 RETURNING campaign";
            let skipped = i64::from(TouchState::Skipped.code());
            let done = conn.one(sql, params![touch, worker(caller).as_str(), skipped, rule, now], |row| row.int(0))?;
            let (Some(campaign), false) = (done, why.is_empty()) else { return Ok(done.is_some()) };
            let id = next_id(conn, "campaign_log")?;
            let note = format!("{touch}: {why}");
            let sql = "INSERT INTO campaign_log (id, campaign, at, made_by, what, note) VALUES (?1, ?2, ?3, ?4, 'call_skipped', ?5)";
            conn.exec(sql, params![id, campaign, now, caller, note.as_str()])?;
            Ok(true)
        })
    }

    /// Writes down what came of a call with all that follows, in one transaction. `None`: it is not in this
    /// caller's hand any more, and nothing was written.
    pub fn close_call(&self, call: &NewCall) -> Result<Option<Attempted>> {
        self.db.write_now(|conn| {
            // A call that was stopped while it was under way has happened all the same.
            let sql = format!(
                "SELECT {TOUCH}, t.taken, t.rule FROM touches t WHERE t.id = ?1 AND t.worker = ?2 AND t.taken IS NOT NULL
                 AND t.state IN (0, 1, 5)"
            );
            let held = |row: &Row<'_>| touch(row);
            let Some(held) = conn.one(&sql, params![call.touch, worker(&call.caller).as_str()], held)? else {
                return Ok(None);
            };
            let n = held.tries + 1;
            attempt(conn, call, &held, n)?;
            let mut closed = Vec::new();
            for stop in &call.stops {
                closed.extend(shut(conn, stop, &held, call)?);
            }
            if let Some((kind, note)) = &call.told {
                let sql = "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING";
                conn.exec(sql, params![held.customer, call.day, i64::from(kind.code()), note])?;
                changes::note_records(conn, &[held.customer])?;
            }
            keep(conn, call, &held, n, &closed)?;
            said_anew(conn)?;
            changes::note_records(conn, &[held.customer])?;
            let sql = "UPDATE tasks SET done_by = ?2, done_at = ?3, done_n = ?4 WHERE touch = ?1 AND done_at IS NULL";
            conn.exec(sql, params![call.touch, &call.caller, call.at, i64::from(n)])?;
            for task in &call.tasks {
                add_task(conn, task, Some((call.touch, n)), &call.caller, call.at)?;
            }
            let Touch { campaign, step, customer, channel, destination, .. } = held;
            Ok(Some(Attempted { touch: call.touch, n, at: call.at, campaign, step, customer, channel, destination }))
        })
    }

    /// Takes back the last call of a touch: its caller has it in hand again. What closed a channel needs a
    /// reason, by which its must-nots are lifted; touches skipped by them stay skipped. Returns the touch.
    pub fn undo_call(&self, touch: i64, caller: &str, why: &str, since: i64, now: i64) -> Result<Touch> {
        self.db.write_now(|conn| {
            let sql = "SELECT c.n, c.closed, c.day, c.kind, c.told, c.customer FROM calls c JOIN touches t ON t.id = c.touch AND t.tries = c.n
                       WHERE c.touch = ?1 AND c.caller = ?2 AND c.at >= ?3 AND c.undone IS NULL AND t.taken IS NULL AND t.state IN (0, 3, 4)";
            let found = conn.one(sql, params![touch, caller, since], |row| {
                Ok((row.int(0)?, row.text(1)?, row.day(2)?, row.opt_int(3)?, row.text(4)?, row.int(5)?))
            })?;
            let Some((n, closed, day, kind, told, customer)) = found else {
                return Err(Error::Refused(
                    "この結果は取り消せません。時間が過ぎたか、次の対応が始まっています / too late to take back".to_owned(),
                ));
            };
            if !closed.is_empty() && why.trim().is_empty() {
                return Err(Error::Refused(
                    "連絡の停止を伴う結果です。取り消す理由を入れてください / it closed a channel: say why it is taken back".to_owned(),
                ));
            }
            for id in closed.split(',').filter_map(|id| id.parse::<i64>().ok()) {
                let sql = "UPDATE suppressions SET lifted_by = ?2, lifted_why = ?3, lifted_at = ?4 WHERE id = ?1 AND lifted_at IS NULL";
                conn.exec(sql, params![id, caller, why, now])?;
            }
            if let Some(kind) = kind {
                let sql = "DELETE FROM activities WHERE record = ?1 AND day = ?2 AND kind = ?3 AND note = ?4 AND import = 0";
                conn.exec(sql, params![customer, day, kind, told.as_str()])?;
                changes::note_records(conn, &[customer])?;
            }
            conn.exec("DELETE FROM tasks WHERE touch = ?1 AND made_n = ?2 AND done_at IS NULL", params![touch, n])?;
            let sql = "UPDATE tasks SET done_by = NULL, done_at = NULL, done_n = NULL WHERE touch = ?1 AND done_n = ?2";
            conn.exec(sql, params![touch, n])?;
            conn.exec("UPDATE calls SET undone = ?3 WHERE touch = ?1 AND n = ?2", params![touch, n, now])?;
            said_anew(conn)?;
            let sql = "UPDATE attempts SET said = 'undone' WHERE touch = ?1 AND n = ?2";
            conn.exec(sql, params![touch, n])?;
            let sql = format!(
                "UPDATE touches SET state = 1, worker = ?2, taken = ?3, rule = '', settled = NULL WHERE id = ?1 RETURNING {}",
                TOUCH.replace("t.", "")
            );
            let back = conn.one(&sql, params![touch, worker(caller).as_str(), now], crate::touches::touch)?;
            back.ok_or(Error::Missing { what: "touch", id: touch })
        })
    }

    /// The last call of a caller since a moment that was not taken back.
    pub fn last_call(&self, caller: &str, since: i64) -> Result<Option<StoredCall>> {
        let sql = format!(
            "SELECT {CALL} FROM calls c JOIN touches t ON t.id = c.touch AND t.tries = c.n WHERE c.caller = ?1 AND c.at >= ?2
             AND c.undone IS NULL AND t.taken IS NULL AND t.state IN (0, 3, 4) ORDER BY c.at DESC, c.touch DESC LIMIT 1"
        );
        self.db.read(|conn| conn.one(&sql, params![caller, since], stored_call))
    }

    /// Calls to a person, over all their records, the newest first; not those taken back.
    pub fn calls_of(&self, customer: i64) -> Result<Vec<StoredCall>> {
        let sql = format!(
            "SELECT {CALL} FROM calls c WHERE c.undone IS NULL AND c.customer IN (SELECT id FROM records
             WHERE customer = (SELECT customer FROM records WHERE id = ?1)) ORDER BY c.at DESC, c.n DESC LIMIT 100"
        );
        self.db.read(|conn| conn.all(&sql, params![customer], stored_call))
    }

    /// What the calls of a campaign came to, without those taken back: how many, minutes, cost.
    pub fn call_sums(&self, campaign: i64) -> Result<(u64, u64, Money)> {
        let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(c.minutes), 0) AS BIGINT), CAST(COALESCE(SUM(c.cost), 0) AS BIGINT)
                   FROM calls c JOIN touches t ON t.id = c.touch WHERE t.campaign = ?1 AND c.undone IS NULL";
        let sums = self.db.read(|conn| {
            conn.one(sql, params![campaign], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
        })?;
        let (calls, minutes, cost) = sums.unwrap_or_default();
        Ok((calls.unsigned_abs(), minutes.unsigned_abs(), Money(cost)))
    }

    /// Calls that wait, in the order in which they are taken.
    pub fn waiting_calls(
        &self,
        now: i64,
        campaign: Option<i64>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Waiting>> {
        let sql = format!(
            "SELECT {TOUCH}, t.value, {PROMISED} FROM touches t JOIN records r ON r.id = t.customer WHERE {WAITS}
             ORDER BY 12 DESC, t.value DESC, t.due, t.id LIMIT ?4 OFFSET ?5"
        );
        self.db.read(|conn| {
            conn.all(&sql, params![now, campaign.unwrap_or(-1), running(), limit, offset], |row| {
                Ok(Waiting { touch: touch(row)?, value: row.int(10)?, promised: row.int(11)? == 1 })
            })
        })
    }

    /// How many wait.
    pub fn count_calls(&self, now: i64, campaign: Option<i64>) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) FROM touches t JOIN records r ON r.id = t.customer WHERE {WAITS}");
        self.db.read(|conn| {
            Ok(conn.number(&sql, params![now, campaign.unwrap_or(-1), running()])?.unsigned_abs())
        })
    }
}

/// Puts back in line what callers hold since before `stale`. Their names stay until somebody else takes it.
fn free(conn: &mut Conn, stale: i64) -> Result<()> {
    let sql = "UPDATE touches SET state = 0 WHERE taken IS NOT NULL AND state = 1 AND taken <= ?1";
    conn.exec(sql, params![stale]).map(drop)
}

/// The attempt with its outcome, and the touch as that leaves it.
fn attempt(conn: &mut Conn, call: &NewCall, held: &Touch, n: u32) -> Result<()> {
    let End { code, rule, due, settled } = End::of(call.ended, call.at);
    let sql = "INSERT INTO attempts (touch, n, at, worker, outcome, said, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)";
    let said = call.result.word();
    conn.exec(sql, params![call.touch, i64::from(n), call.at, worker(&call.caller).as_str(), code, said])?;
    // What was stopped meanwhile does not come back into line.
    if held.state == TouchState::Skipped && due.is_some() {
        let sql = "UPDATE touches SET tries = ?2, worker = '', taken = NULL WHERE id = ?1";
        return conn.exec(sql, params![call.touch, i64::from(n)]).map(drop);
    }
    let sql = "UPDATE touches SET state = ?2, rule = ?3, settled = ?4, due = COALESCE(?5, due), tries = ?6, worker = '', taken = NULL
               WHERE id = ?1";
    conn.exec(sql, params![call.touch, code, rule, settled, due, i64::from(n)]).map(drop)
}

fn keep(conn: &mut Conn, call: &NewCall, held: &Touch, n: u32, closed: &[i64]) -> Result<()> {
    let closed: Vec<String> = closed.iter().map(i64::to_string).collect();
    let (kind, told) =
        call.told.as_ref().map_or((None, ""), |(kind, note)| (Some(i64::from(kind.code())), note));
    let sql = "INSERT INTO calls (touch, n, customer, at, caller, result, note, branch, left_for, minutes, cost, closed, day, kind, told)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    conn.exec(
        sql,
        params![
            call.touch,
            i64::from(n),
            held.customer,
            call.at,
            &call.caller,
            i64::from(call.result.code()),
            &call.note,
            &call.branch,
            &call.left_for,
            i64::from(call.minutes),
            call.cost.0,
            closed.join(",").as_str(),
            call.day,
            kind,
            told
        ],
    )
    .map(drop)
}

/// Writes a must-not and skips every touch that it forbids; its number where it is new.
fn shut(conn: &mut Conn, stop: &CallStop, held: &Touch, call: &NewCall) -> Result<Option<i64>> {
    let (record, key, whose) = match stop.of {
        StopOf::Person => (Some(held.customer), None, Whose::Person(held.customer)),
        StopOf::Number => (None, Some(held.destination), Whose::Address(held.destination)),
    };
    let new = add_stop(
        conn,
        &NewStop {
            record,
            key,
            channel: stop.channel,
            reason: stop.reason,
            since: Some(call.day),
            note: call.note.clone(),
            source: String::new(),
            by: call.caller.clone(),
            at: call.at,
        },
    )?;
    skip_open(conn, whose, stop.channel, None, stop.rule, call.at)?;
    if !new {
        return Ok(None);
    }
    conn.number("SELECT MAX(id) FROM suppressions", &[]).map(Some)
}

fn stored_call(row: &Row<'_>) -> Result<StoredCall> {
    let small = |i| Ok::<u32, Error>(u32::try_from(row.int(i)?).unwrap_or(u32::MAX));
    Ok(StoredCall {
        touch: row.int(0)?,
        n: small(1)?,
        customer: row.int(2)?,
        at: row.int(3)?,
        caller: row.text(4)?,
        result: row.known(5, CallResult::from_code)?,
        note: row.text(6)?,
        branch: row.text(7)?,
        left_for: row.text(8)?,
        minutes: small(9)?,
        cost: Money(row.int(10)?),
        closed: !row.text(11)?.is_empty(),
    })
}
