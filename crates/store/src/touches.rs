//! Touches: made once per step and customer, counted, listed, skipped.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store, settings::next_id};
use model::{Channel, Touch, TouchState};
use std::collections::BTreeMap;

/// A touch that falls due, or its skip.
#[derive(Clone, PartialEq, Debug)]
pub struct NewTouch {
    pub campaign: i64,
    pub step: u16,
    pub customer: i64,
    pub channel: Channel,
    /// `model::MatchKey` of the address; `None` where it is skipped.
    pub destination: Option<i64>,
    pub variant: u8,
    /// Expected profit, hundredths.
    pub value: i64,
    /// Unix seconds.
    pub due: i64,
    /// Why it is skipped; empty where it is not.
    pub rule: String,
}

/// A touch with why it ended as it did.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredTouch {
    pub touch: Touch,
    pub rule: String,
    /// Unix seconds; `None` while it is open.
    pub settled: Option<i64>,
    /// The other side's last words, without addresses.
    pub said: String,
    /// When it was last attempted.
    pub attempted: Option<i64>,
}

/// How many touches of a step stand where.
#[derive(Clone, PartialEq, Debug)]
pub struct TouchCount {
    pub step: u16,
    pub state: TouchState,
    /// Why skipped or failed; empty for the others.
    pub rule: String,
    pub count: u64,
}

pub(crate) const TOUCH: &str = "t.id, t.campaign, t.step, t.customer, t.variant, t.channel, t.state, t.due, t.tries, COALESCE(t.destination, 0)";

pub(crate) fn touch(row: &Row<'_>) -> Result<Touch> {
    let small = |i| Ok::<u16, Error>(u16::try_from(row.int(i)?).unwrap_or(u16::MAX));
    Ok(Touch {
        id: row.int(0)?,
        campaign: row.int(1)?,
        step: small(2)?,
        customer: row.int(3)?,
        variant: u8::try_from(small(4)?).unwrap_or(u8::MAX),
        channel: row.known(5, Channel::from_code)?,
        state: row.known(6, TouchState::from_code)?,
        due: row.int(7)?,
        tries: u32::try_from(row.int(8)?).unwrap_or(u32::MAX),
        destination: row.int(9)?,
    })
}

pub(crate) fn stored(row: &Row<'_>) -> Result<StoredTouch> {
    Ok(StoredTouch {
        touch: touch(row)?,
        rule: row.text(10)?,
        settled: row.opt_int(11)?,
        said: row.opt_text(12)?.unwrap_or_default(),
        attempted: row.opt_int(13)?,
    })
}

pub(crate) fn listed(wanted: &str) -> String {
    format!(
        "SELECT {TOUCH}, t.rule, t.settled, a.said, a.at FROM touches t
         LEFT JOIN attempts a ON a.touch = t.id AND a.n = t.tries WHERE {wanted}"
    )
}

impl Store {
    /// Treated customers of a plan, by number after `after`, who have no touch of the step yet:
    /// (customer, variant, value, the person they are now).
    pub fn untouched(
        &self,
        campaign: i64,
        plan: i64,
        step: u16,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, u8, i64, i64)>> {
        let sql = "SELECT a.customer, a.variant, a.profit, r.customer FROM assignments a JOIN records r ON r.id = a.customer
                   WHERE a.plan = ?2 AND a.arm = 0 AND a.customer > ?4 AND NOT EXISTS (SELECT 1 FROM touches t
                   WHERE t.campaign = ?1 AND t.step = ?3 AND t.customer = a.customer)
                   ORDER BY a.customer LIMIT ?5";
        self.db.read(|conn| {
            conn.all(sql, params![campaign, plan, i64::from(step), after, limit], |row| {
                Ok((row.int(0)?, u8::try_from(row.int(1)?).unwrap_or(0), row.int(2)?, row.int(3)?))
            })
        })
    }

    /// Makes touches: at most one per campaign, step, customer and channel, and one per address;
    /// the second of an address is skipped by the rule `duplicate`. Made twice, nothing happens.
    /// Returns how many are queued.
    pub fn make_touches(&self, touches: &[NewTouch], now: i64) -> Result<u64> {
        self.db.write(|conn| {
            let mut id = next_id(conn, "touches")?;
            let mut queued = 0;
            for new in touches {
                let open = new.rule.is_empty();
                if insert(conn, id, new, new.destination.filter(|_| open), &new.rule, now)? {
                    id += 1;
                    queued += u64::from(open);
                } else if open && insert(conn, id, new, None, "duplicate", now)? {
                    id += 1;
                }
            }
            Ok(queued)
        })
    }

    /// Notes that every touch of a step is made.
    pub fn step_made(&self, campaign: i64, step: u16, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql =
                "INSERT INTO steps_made (campaign, step, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            conn.exec(sql, params![campaign, i64::from(step), at]).map(drop)
        })
    }

    /// The steps whose touches are all made.
    pub fn steps_made(&self, campaign: i64) -> Result<Vec<u16>> {
        let sql = "SELECT step FROM steps_made WHERE campaign = ?1 ORDER BY step";
        self.db.read(|conn| {
            conn.all(sql, params![campaign], |row| Ok(u16::try_from(row.int(0)?).unwrap_or(u16::MAX)))
        })
    }

    /// How many touches of a campaign stand where.
    pub fn touch_counts(&self, campaign: i64) -> Result<Vec<TouchCount>> {
        let sql = "SELECT step, state, rule, COUNT(*) FROM touches WHERE campaign = ?1 GROUP BY step, state, rule ORDER BY 1, 2, 3";
        self.db.read(|conn| {
            conn.all(sql, params![campaign], |row| {
                Ok(TouchCount {
                    step: u16::try_from(row.int(0)?).unwrap_or(u16::MAX),
                    state: row.known(1, TouchState::from_code)?,
                    rule: row.text(2)?,
                    count: row.int(3)? as u64,
                })
            })
        })
    }

    /// Touches in doubt, by campaign; those alone are read.
    pub fn doubts(&self) -> Result<BTreeMap<i64, u64>> {
        let sql = "SELECT campaign, COUNT(*) FROM touches WHERE state = ?1 GROUP BY campaign";
        let doubt = i64::from(TouchState::InDoubt.code());
        let rows = self
            .db
            .read(|conn| conn.all(sql, params![doubt], |row| Ok((row.int(0)?, row.int(1)? as u64))))?;
        Ok(rows.into_iter().collect())
    }

    /// Whether a touch of the campaign is queued, claimed or attempted.
    pub fn has_unsettled(&self, campaign: i64) -> Result<bool> {
        let sql = "SELECT id FROM touches WHERE campaign = ?1 AND state IN (0, 1, 2) LIMIT 1";
        self.db.read(|conn| Ok(conn.one(sql, params![campaign], |row| row.int(0))?.is_some()))
    }

    /// Touches in a state, by number after `after`; of a campaign or of all, of a step or of all.
    pub fn touches_in(
        &self,
        campaign: Option<i64>,
        step: Option<u16>,
        state: TouchState,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredTouch>> {
        let sql = listed(
            "(t.campaign = ?1 OR ?1 < 0) AND (t.step = ?2 OR ?2 < 0) AND t.state = ?3 AND t.id > ?4
             ORDER BY t.id LIMIT ?5",
        );
        let (campaign, step) = (campaign.unwrap_or(-1), step.map_or(-1, i64::from));
        let state = i64::from(state.code());
        self.db.read(|conn| conn.all(&sql, params![campaign, step, state, after, limit], stored))
    }

    /// Hands over every touch of a campaign.
    pub fn each_touch(&self, campaign: i64, each: &mut dyn FnMut(Touch)) -> Result<()> {
        let sql = format!("SELECT {TOUCH} FROM touches t WHERE t.campaign = ?1");
        self.db.read(|conn| {
            conn.each(&sql, params![campaign], |row| {
                each(touch(row)?);
                Ok(())
            })
        })
    }

    /// Touches of one person, over all their records, the newest first.
    pub fn touches_of(&self, customer: i64, limit: usize) -> Result<Vec<StoredTouch>> {
        let sql = listed(
            "t.customer IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))
             ORDER BY t.due DESC, t.id DESC LIMIT ?2",
        );
        self.db.read(|conn| conn.all(&sql, params![customer, limit], stored))
    }

    /// One touch.
    pub fn touch(&self, id: i64) -> Result<StoredTouch> {
        let sql = listed("t.id = ?1");
        self.db.read(|conn| conn.one(&sql, params![id], stored))?.ok_or(Error::Missing { what: "touch", id })
    }

    /// What reached people since a moment, or may have: (person, channel, when), for caps. Of some
    /// persons, or of everybody.
    pub fn past_touches(
        &self,
        of: Option<&[i64]>,
        since: i64,
        each: &mut dyn FnMut(i64, Channel, i64),
    ) -> Result<()> {
        let states: Vec<String> = [TouchState::Attempted, TouchState::Sent, TouchState::InDoubt]
            .iter()
            .map(|s| s.code().to_string())
            .collect();
        let sql = format!(
            "SELECT r.customer, t.channel, COALESCE(t.settled, t.due) FROM touches t JOIN records r ON r.id = t.customer
             WHERE t.state IN ({}) AND COALESCE(t.settled, t.due) >= {since}",
            states.join(",")
        );
        self.db.read(|conn| {
            let mut tell = |row: &Row<'_>| {
                each(row.int(0)?, row.known(1, Channel::from_code)?, row.int(2)?);
                Ok(())
            };
            match of {
                None => conn.each(&sql, &[], tell),
                Some(people) => {
                    conn.each_of(&format!("{sql} AND r.customer IN ({{ids}})"), people, &mut tell)
                }
            }
        })
    }

    /// Open touches of some people in any campaign: (person, touch, value).
    pub fn open_touches(&self, people: &[i64]) -> Result<Vec<(i64, Touch, i64)>> {
        let sql = format!(
            "SELECT {TOUCH}, t.value, r.customer FROM touches t JOIN records r ON r.id = t.customer
             WHERE t.state IN (0, 1) AND r.customer IN ({{ids}})"
        );
        let mut open = Vec::new();
        self.db.read(|conn| {
            conn.each_of(&sql, people, |row| {
                open.push((row.int(11)?, touch(row)?, row.int(10)?));
                Ok(())
            })
        })?;
        Ok(open)
    }

    /// Skips every open touch of a campaign, some at a time.
    pub fn skip_campaign(&self, campaign: i64, rule: &str, now: i64) -> Result<u64> {
        let sql = "UPDATE touches SET state = ?2, rule = ?3, settled = ?4 WHERE id IN
                   (SELECT id FROM touches WHERE campaign = ?1 AND state IN (0, 1) LIMIT 5000)";
        let mut all = 0;
        loop {
            let some = self.db.write(|conn| {
                conn.exec(sql, params![campaign, i64::from(TouchState::Skipped.code()), rule, now])
            })?;
            all += some;
            if some == 0 {
                return Ok(all);
            }
        }
    }

    /// An operator says what became of a touch in doubt.
    pub fn settle_doubt(&self, id: i64, sent: bool, by: &str, now: i64) -> Result<()> {
        let state = if sent { TouchState::Sent } else { TouchState::Failed };
        self.db.write_now(|conn| {
            let sql = "UPDATE touches SET state = ?2, rule = ?3, settled = ?4 WHERE id = ?1 AND state = ?5";
            let doubt = i64::from(TouchState::InDoubt.code());
            let done = conn.exec(sql, params![id, i64::from(state.code()), "settled", now, doubt])?;
            if done == 0 {
                return Err(Error::Missing { what: "touch in doubt with the number", id });
            }
            let sql = "UPDATE attempts SET said = ?2 WHERE touch = ?1 AND outcome IS NULL";
            conn.exec(sql, params![id, format!("settled by {by}").as_str()]).map(drop)
        })
    }
}

fn insert(
    conn: &mut Conn,
    id: i64,
    new: &NewTouch,
    destination: Option<i64>,
    rule: &str,
    now: i64,
) -> Result<bool> {
    let skipped = !rule.is_empty();
    let state = if skipped { TouchState::Skipped } else { TouchState::Queued };
    let done = conn.exec(
        "INSERT INTO touches (id, campaign, step, customer, channel, destination, variant, value, due, state, tries, worker, rule, settled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, '', ?11, ?12) ON CONFLICT DO NOTHING",
        params![
            id,
            new.campaign,
            i64::from(new.step),
            new.customer,
            i64::from(new.channel.code()),
            destination,
            i64::from(new.variant),
            new.value,
            new.due,
            i64::from(state.code()),
            rule,
            skipped.then_some(now)
        ],
    )?;
    Ok(done > 0)
}
