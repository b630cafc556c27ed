//! What gateways say of messages they took, and what friends at LINE do.

use crate::db::{Conn, params};
use crate::permission::{NewStop, add_stop};
use crate::{BatchState, Result, Store};
use model::{Channel, MatchKey, Money, StopReason, TouchState};
use std::collections::BTreeMap;

/// By whom a stop is made and lifted that LINE told of.
const BY_LINE: &str = "line";

/// What a gateway said when it was handed a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handover {
    pub touch: i64,
    /// The gateway's own name of the message; empty where it gave none.
    pub name: String,
    /// Parts it is charged as.
    pub parts: u32,
    /// Of one part, hundredths; 0: not known.
    pub price: i64,
    /// It may have arrived, and may be asked for again under the same reference up to this moment (Unix seconds).
    pub again_until: Option<i64>,
    /// What was open before is settled by this answer.
    pub settled: bool,
}

impl Store {
    /// The touch that a gateway knows under this name.
    pub fn touch_named(&self, name: &str) -> Result<Option<i64>> {
        let sql = "SELECT touch FROM handovers WHERE name = ?1 AND name <> '' ORDER BY touch DESC LIMIT 1";
        self.db.read(|conn| conn.one(sql, params![name], |row| row.int(0)))
    }

    /// The gateway's last word on how many parts a message was charged as.
    pub fn charged(&self, touch: i64, parts: u32) -> Result<()> {
        let sql = "UPDATE handovers SET parts = ?2 WHERE touch = ?1";
        self.db.write_beside(|conn| conn.exec(sql, params![touch, i64::from(parts)]).map(drop))
    }

    /// What each touch of a campaign cost where that is known, from a gateway, a batch of post or its calls: (touch, cost).
    pub fn costs_of(&self, campaign: i64) -> Result<BTreeMap<i64, Money>> {
        let sql = "SELECT h.touch, h.parts * h.price FROM handovers h JOIN touches t ON t.id = h.touch
                   WHERE t.campaign = ?1 AND h.price > 0 UNION ALL
                   SELECT p.touch, p.cost FROM batch_pieces p JOIN batches b ON b.id = p.batch
                   WHERE b.campaign = ?1 AND b.state = ?2 UNION ALL
                   SELECT c.touch, CAST(SUM(c.cost) AS BIGINT) FROM calls c JOIN touches t ON t.id = c.touch
                   WHERE t.campaign = ?1 AND c.undone IS NULL GROUP BY c.touch";
        let posted = BatchState::Posted.code();
        let rows = self.db.read(|conn| {
            conn.all(sql, params![campaign, posted], |row| Ok((row.int(0)?, Money(row.int(1)?))))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Which of these touches may have arrived at an earlier try, and until when they may be tried again.
    pub fn open_handovers(&self, touches: &[i64]) -> Result<BTreeMap<i64, i64>> {
        let mut open = BTreeMap::new();
        let sql =
            "SELECT touch, again_until FROM handovers WHERE again_until IS NOT NULL AND touch IN ({ids})";
        self.db.read(|conn| {
            conn.each_of(sql, touches, |row| {
                open.insert(row.int(0)?, row.int(1)?);
                Ok(())
            })
        })?;
        Ok(open)
    }

    /// The newest touch by a channel to an address that left, or may have.
    pub fn last_touch_to(&self, channel: Channel, key: MatchKey) -> Result<Option<i64>> {
        let sql = "SELECT id FROM touches WHERE destination = ?1 AND channel = ?2 AND state IN (2, 3, 6)
                   ORDER BY COALESCE(settled, due) DESC, id DESC LIMIT 1";
        let channel = i64::from(channel.code());
        self.db.read(|conn| conn.one(sql, params![key.0, channel], |row| row.int(0)))
    }

    /// A friend at LINE blocked the shop, or took it back, at this moment (milliseconds, LINE's clock): the id is
    /// closed and its touches in line are skipped, or what LINE had closed is open again. An older word than
    /// the last known changes nothing. Says whether it was news.
    pub fn friend(&self, key: MatchKey, blocked: bool, at: i64) -> Result<bool> {
        self.db.write_now(|conn| {
            let sql = "INSERT INTO friends (key, at, blocked) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE
                       SET at = excluded.at, blocked = excluded.blocked WHERE friends.at < excluded.at";
            if conn.exec(sql, params![key.0, at, i64::from(blocked)])? == 0 {
                return Ok(false);
            }
            let seconds = at.div_euclid(1_000);
            if blocked { block(conn, key, seconds) } else { unblock(conn, key, seconds) }.map(|()| true)
        })
    }
}

fn block(conn: &mut Conn, key: MatchKey, at: i64) -> Result<()> {
    let stop = NewStop {
        record: None,
        key: Some(key.0),
        channel: Some(Channel::Line),
        reason: StopReason::LineBlock,
        since: None,
        note: String::new(),
        source: String::new(),
        by: BY_LINE.to_owned(),
        at,
    };
    add_stop(conn, &stop)?;
    let sql =
        "UPDATE touches SET state = ?2, rule = 'L-46', settled = ?3 WHERE destination = ?1 AND channel = ?4
               AND state IN (0, 1)";
    let (skipped, line) = (i64::from(TouchState::Skipped.code()), i64::from(Channel::Line.code()));
    conn.exec(sql, params![key.0, skipped, at, line]).map(drop)
}

/// Lifts what LINE itself had told, and no operator's stop.
fn unblock(conn: &mut Conn, key: MatchKey, at: i64) -> Result<()> {
    let sql = "UPDATE suppressions SET lifted_by = ?3, lifted_why = 'follow', lifted_at = ?4
               WHERE lifted_at IS NULL AND match_key = ?1 AND reason = ?2 AND made_by = ?3";
    let reason = i64::from(StopReason::LineBlock.code());
    conn.exec(sql, params![key.0, reason, BY_LINE, at]).map(drop)
}

/// Keeps what a gateway said, in the ledger's own transaction.
pub(crate) fn keep(conn: &mut Conn, h: &Handover) -> Result<bool> {
    let open = if h.settled { "NULL" } else { "COALESCE(handovers.again_until, excluded.again_until)" };
    let sql = format!(
        "INSERT INTO handovers (touch, name, parts, price, again_until) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (touch) DO UPDATE SET parts = excluded.parts, price = excluded.price, again_until = {open},
         name = CASE WHEN excluded.name = '' THEN handovers.name ELSE excluded.name END"
    );
    let (parts, until) = (i64::from(h.parts), h.again_until.filter(|_| !h.settled));
    conn.exec(&sql, params![h.touch, &h.name, parts, h.price, until]).map(|n| n > 0)
}

/// A touch that may have arrived and was then taken out of the line (an opt-out, a campaign that ended) was not
/// skipped: nobody knows.
pub(crate) fn doubt_skipped(conn: &mut Conn) -> Result<u64> {
    let sql = "UPDATE touches SET state = ?1 WHERE state = ?2 AND id IN
               (SELECT touch FROM handovers WHERE again_until IS NOT NULL)";
    let (doubt, skipped) = (TouchState::InDoubt.code(), TouchState::Skipped.code());
    conn.exec(sql, params![i64::from(doubt), i64::from(skipped)])
}
