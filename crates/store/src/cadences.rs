//! How often people hear from the newsletter, what changed that, and what they last reacted to.

use crate::db::{Conn, params};
use crate::{Counting, Error, Result, Store};
use model::{Cadence, Channel, ResponseKind, TouchState, Verdict};
use std::collections::BTreeMap;

/// The campaigns whose mails are issues of the newsletter and that were approved.
const NEWSLETTERS: &str =
    "SELECT id FROM campaigns WHERE plan IS NOT NULL AND body LIKE '%\"newsletter\":{%'";

/// How often somebody wants to hear, and how often they do by now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wished {
    pub wish: Cadence,
    pub cadence: Cadence,
    /// Unix seconds.
    pub since: i64,
    /// When they, or an operator for them, last said what they want.
    pub said: Option<i64>,
}

impl Default for Wished {
    /// Of whom nothing is on record: once a week.
    fn default() -> Wished {
        Wished { wish: Cadence::Weekly, cadence: Cadence::Weekly, since: 0, said: None }
    }
}

/// A change of somebody's cadence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CadenceChange {
    pub at: i64,
    pub was: Cadence,
    pub cadence: Cadence,
    /// Why, in both languages.
    pub ja: String,
    pub en: String,
    pub by: String,
}

/// What the shop sent somebody as a newsletter, and what they last did.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Heard {
    /// When each issue left, Unix seconds, in no order.
    pub issues: Vec<i64>,
    /// The last order, click and opening.
    pub ordered: Option<i64>,
    pub clicked: Option<i64>,
    pub opened: Option<i64>,
}

impl Store {
    /// The campaigns whose mails are issues of the newsletter and that were approved.
    pub fn newsletter_campaigns(&self) -> Result<Vec<i64>> {
        self.db.read(|conn| conn.all(&format!("{NEWSLETTERS} ORDER BY id"), &[], |row| row.int(0)))
    }

    /// What each of these people wished for; whoever never said anything is missing.
    pub fn cadences(&self, people: &[i64]) -> Result<BTreeMap<i64, Wished>> {
        let sql = "SELECT r.customer, n.wish, n.cadence, n.since, n.said FROM records r JOIN cadences n ON n.record = r.id
                   WHERE r.customer IN ({ids})";
        let mut all: BTreeMap<i64, Wished> = BTreeMap::new();
        self.db.read(|conn| {
            conn.each_of(sql, people, |row| {
                let found = Wished {
                    wish: row.known(1, Cadence::from_code)?,
                    cadence: row.known(2, Cadence::from_code)?,
                    since: row.int(3)?,
                    said: row.opt_int(4)?,
                };
                // Of two who became one the later word counts, before anything that moved by itself.
                let known = all.entry(row.int(0)?).or_insert(found);
                if (found.said, found.since) > (known.said, known.since) {
                    *known = found;
                }
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// What these people were sent by these campaigns as mail, and how they last reacted to anything.
    pub fn heard(
        &self,
        people: &[i64],
        campaigns: &[i64],
        counting: &Counting,
    ) -> Result<BTreeMap<i64, Heard>> {
        let mut all: BTreeMap<i64, Heard> = BTreeMap::new();
        let list: Vec<String> = campaigns.iter().map(i64::to_string).collect();
        let sent = format!(
            "SELECT r.customer, COALESCE(t.settled, t.due) FROM records r JOIN touches t ON t.customer = r.id
             WHERE t.state = {} AND t.channel = {} AND t.campaign IN ({}) AND r.customer IN ({{ids}})",
            TouchState::Sent.code(),
            Channel::Mail.code(),
            if list.is_empty() { "-1".to_owned() } else { list.join(",") }
        );
        let orders = format!(
            "SELECT r.customer, MAX(o.at) FROM records r JOIN orders o ON o.record = r.id WHERE o.kind = 0
             AND o.standing <= {} AND r.customer IN ({{ids}}) GROUP BY r.customer",
            i64::from(counting.pending)
        );
        let responses = format!(
            "SELECT r.customer, e.kind, MAX(e.at) / 1000 FROM records r JOIN touches t ON t.customer = r.id
             JOIN responses e ON e.touch = t.id WHERE e.kind IN ({}, {}) AND e.verdict = {} AND r.customer IN ({{ids}})
             GROUP BY r.customer, e.kind",
            ResponseKind::Click.code(),
            ResponseKind::Open.code(),
            Verdict::Person.code()
        );
        self.db.read(|conn| {
            conn.each_of(&sent, people, |row| {
                all.entry(row.int(0)?).or_default().issues.push(row.int(1)?);
                Ok(())
            })?;
            conn.each_of(&orders, people, |row| {
                all.entry(row.int(0)?).or_default().ordered = row.opt_int(1)?;
                Ok(())
            })?;
            conn.each_of(&responses, people, |row| {
                let heard = all.entry(row.int(0)?).or_default();
                match row.known(1, ResponseKind::from_code)? {
                    ResponseKind::Click => heard.clicked = row.opt_int(2)?,
                    _ => heard.opened = row.opt_int(2)?,
                }
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// Notes what somebody gets from now on, and why. `None` for the wish: it stays as it was. Whoever
    /// stops it gets no issue that is in line either.
    pub fn set_cadence(&self, person: i64, wish: Option<Cadence>, change: &CadenceChange) -> Result<()> {
        self.db.write_now(|conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE id = ?1", params![person])? == 0 {
                return Err(Error::Missing { what: "customer", id: person });
            }
            if wish == Some(Cadence::Stopped) {
                skip_issues(conn, person, change.at)?;
            }
            let (wish, said) = match wish {
                Some(wish) => (wish, Some(change.at)),
                None => wish_of(conn, person)?,
            };
            let (wish, cadence) = (i64::from(wish.code()), i64::from(change.cadence.code()));
            conn.exec(
                "INSERT INTO cadences (record, wish, cadence, since, said) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (record) DO UPDATE SET wish = excluded.wish, cadence = excluded.cadence,
                 since = excluded.since, said = excluded.said",
                params![person, wish, cadence, change.at, said],
            )?;
            let was = i64::from(change.was.code());
            conn.exec(
                "INSERT INTO cadence_log (record, at, was, cadence, ja, en, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![person, change.at, was, cadence, &change.ja, &change.en, &change.by],
            )
            .map(drop)
        })
    }

    /// What changed somebody's cadence, the newest first.
    pub fn cadence_changes(&self, person: i64) -> Result<Vec<CadenceChange>> {
        let sql = "SELECT l.at, l.was, l.cadence, l.ja, l.en, l.made_by FROM records r
                   JOIN cadence_log l ON l.record = r.id WHERE r.customer = ?1 ORDER BY l.at DESC, l.id DESC LIMIT 200";
        self.db.read(|conn| {
            conn.all(sql, params![person], |row| {
                Ok(CadenceChange {
                    at: row.int(0)?,
                    was: row.known(1, Cadence::from_code)?,
                    cadence: row.known(2, Cadence::from_code)?,
                    ja: row.text(3)?,
                    en: row.text(4)?,
                    by: row.text(5)?,
                })
            })
        })
    }

    /// How many people are on each cadence that is on record.
    pub fn count_cadences(&self) -> Result<Vec<(Cadence, u64)>> {
        let sql = "SELECT cadence, COUNT(*) FROM cadences GROUP BY cadence ORDER BY cadence";
        self.db.read(|conn| {
            conn.all(sql, &[], |row| Ok((row.known(0, Cadence::from_code)?, row.int(1)?.unsigned_abs())))
        })
    }
}

/// Skips every issue that is in line for a person.
fn skip_issues(conn: &mut Conn, person: i64, at: i64) -> Result<()> {
    let sql = format!(
        "UPDATE touches SET state = ?2, rule = 'newsletter_stopped', settled = ?3 WHERE state IN ({}, {})
         AND customer IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))
         AND campaign IN ({NEWSLETTERS})",
        TouchState::Queued.code(),
        TouchState::Claimed.code()
    );
    conn.exec(&sql, params![person, i64::from(TouchState::Skipped.code()), at]).map(drop)
}

/// What a person wished for, and when they said so; weekly where they never did.
fn wish_of(conn: &mut Conn, person: i64) -> Result<(Cadence, Option<i64>)> {
    let sql = "SELECT n.wish, n.said FROM records r JOIN cadences n ON n.record = r.id
               WHERE r.customer = (SELECT customer FROM records WHERE id = ?1)
               ORDER BY CASE WHEN n.said IS NULL THEN 1 ELSE 0 END, n.said DESC, n.since DESC LIMIT 1";
    let known =
        conn.one(sql, params![person], |row| Ok((row.known(0, Cadence::from_code)?, row.opt_int(1)?)))?;
    Ok(known.unwrap_or((Cadence::Weekly, None)))
}
