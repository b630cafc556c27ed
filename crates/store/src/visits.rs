//! Visits to the shop's site: kept of those who agreed, for as long as the shop says.

use crate::db::{Conn, params};
use crate::{Result, Store, changes};
use model::{ActivityKind, Day, Visit, VisitKind};

/// What became of the visits of one call.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct VisitTally {
    pub kept: u64,
    /// Told before.
    pub known: u64,
    /// Of people who did not agree, or no longer do.
    pub refused: u64,
    /// Of people of whom a day's worth is kept already.
    pub over: u64,
}

/// Whether a customer agreed that visits are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VisitConsent {
    pub given: bool,
    /// Unix seconds.
    pub at: i64,
    /// What they agreed to, as the site said it.
    pub wording: String,
}

/// Somebody who came lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visitor {
    pub customer: i64,
    /// Unix seconds of their last visit.
    pub last: i64,
    pub visits: u64,
}

/// How a visit is noted among what a customer did: told apart from what files say.
const NOTE: &str = "site";
/// Rows taken away in one go, so that nobody waits long.
const SOME: i64 = 2_000;
const OF_PERSON: &str =
    "(SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))";

impl Store {
    /// Keeps visits, at most so many of a person a day, and notes the day itself among what they did. `day`:
    /// the shop's day of a moment.
    pub fn add_visits(&self, visits: &[Visit], most: u64, day: &dyn Fn(i64) -> Day) -> Result<VisitTally> {
        self.db.write_now(|conn| {
            let mut tally = VisitTally::default();
            for visit in visits {
                let place = match keep(conn, visit, most, day(visit.at))? {
                    Kept::New => &mut tally.kept,
                    Kept::Known => &mut tally.known,
                    Kept::Refused => &mut tally.refused,
                    Kept::Over => &mut tally.over,
                };
                *place += 1;
            }
            Ok(tally)
        })
    }

    /// A customer agrees, or takes it back: then everything that was kept of their visits goes.
    pub fn state_visits(&self, customer: i64, given: bool, wording: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let sql = "INSERT INTO visit_consents (record, given, at, wording) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (record) DO UPDATE SET given = excluded.given, at = excluded.at, wording = excluded.wording
                       WHERE visit_consents.given <> excluded.given";
            conn.exec(sql, params![customer, i64::from(given), at, wording])?;
            if given {
                return Ok(());
            }
            let kind = i64::from(ActivityKind::Visit.code());
            conn.exec(&format!("DELETE FROM visits WHERE record IN {OF_PERSON}"), params![customer])?;
            let sql =
                format!("DELETE FROM activities WHERE record IN {OF_PERSON} AND kind = ?2 AND note = ?3");
            if conn.exec(&sql, params![customer, kind, NOTE])? > 0 {
                changes::note_records(conn, &[customer])?;
            }
            Ok(())
        })
    }

    /// Whether a customer agreed, over all their records: the newest word. `None`: never asked.
    pub fn visit_consent(&self, customer: i64) -> Result<Option<VisitConsent>> {
        self.db.read(|conn| consent(conn, customer))
    }

    /// What a customer did on the site, the newest first.
    pub fn visits_of(&self, customer: i64, limit: usize) -> Result<Vec<Visit>> {
        let sql = format!(
            "SELECT record, at, kind, page, said, proof FROM visits WHERE record IN {OF_PERSON} ORDER BY at DESC, id DESC LIMIT ?2"
        );
        self.db.read(|conn| {
            conn.all(&sql, params![customer, limit], |row| {
                Ok(Visit {
                    customer: row.int(0)?,
                    at: row.int(1)?,
                    kind: row.known(2, VisitKind::from_code)?,
                    page: row.text(3)?,
                    said: row.text(4)?,
                    proof: row.int(5)?,
                })
            })
        })
    }

    /// Who came since a moment, whoever came last first. Costs the visits since then.
    pub fn visitors(&self, since: i64, limit: usize) -> Result<Vec<Visitor>> {
        let sql = "SELECT r.customer, MAX(v.at), COUNT(*) FROM visits v JOIN records r ON r.id = v.record
                   WHERE v.at >= ?1 GROUP BY r.customer ORDER BY MAX(v.at) DESC, r.customer LIMIT ?2";
        self.db.read(|conn| {
            conn.all(sql, params![since, limit], |row| {
                Ok(Visitor { customer: row.int(0)?, last: row.int(1)?, visits: row.int(2)? as u64 })
            })
        })
    }

    /// The number of the newest visit; 0 where there is none.
    pub fn newest_visit(&self) -> Result<i64> {
        self.db.read(|conn| conn.number("SELECT MAX(id) FROM visits", &[]))
    }

    /// The one person whom a shop system knows by this id; of one source, or of all. `None`: nobody, or more
    /// than one.
    pub fn named_by_shop(&self, source: &str, id: &str) -> Result<Option<i64>> {
        let all = match source {
            "" => {
                "SELECT DISTINCT r.customer FROM records r WHERE r.source IN (SELECT id FROM sources) AND r.ext_id = ?1 LIMIT 2"
            }
            _ => {
                "SELECT DISTINCT r.customer FROM records r WHERE r.source = (SELECT id FROM sources WHERE name = ?2) AND r.ext_id = ?1 LIMIT 2"
            }
        };
        let found = self.db.read(|conn| match source {
            "" => conn.all(all, params![id], |row| row.int(0)),
            _ => conn.all(all, params![id, source], |row| row.int(0)),
        })?;
        Ok(if let [one] = found[..] { Some(one) } else { None })
    }

    /// Forgets visits before a moment, and their days among what customers did; returns how many visits.
    pub fn forget_visits(&self, before: i64, day: Day) -> Result<u64> {
        let mut all = 0;
        loop {
            let (rows, days) = self.db.write(|conn| {
                let sql = "DELETE FROM visits WHERE id IN (SELECT id FROM visits WHERE at < ?1 LIMIT ?2)";
                let rows = conn.exec(sql, params![before, SOME])?;
                Ok((rows, forget_days(conn, day)?))
            })?;
            all += rows;
            if rows == 0 && days == 0 {
                return Ok(all);
            }
        }
    }
}

enum Kept {
    New,
    Known,
    Refused,
    Over,
}

fn keep(conn: &mut Conn, visit: &Visit, most: u64, day: Day) -> Result<Kept> {
    if !consent(conn, visit.customer)?.is_some_and(|c| c.given) {
        return Ok(Kept::Refused);
    }
    let day_of = "SELECT COUNT(*) FROM visits WHERE record = ?1 AND at > ?2 AND at <= ?3";
    let kept = conn.number(day_of, params![visit.customer, visit.at - 86_400, visit.at + 86_400])?;
    if kept >= i64::try_from(most).unwrap_or(i64::MAX) {
        return Ok(Kept::Over);
    }
    let sql = "INSERT INTO visits (record, at, kind, page, said, proof) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    let kind = i64::from(visit.kind.code());
    let row = params![visit.customer, visit.at, kind, &visit.page, &visit.said, visit.proof];
    if conn.exec(sql, row)? == 0 {
        return Ok(Kept::Known);
    }
    let sql = "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING";
    let kind = i64::from(ActivityKind::Visit.code());
    if conn.exec(sql, params![visit.customer, day, kind, NOTE])? > 0 {
        changes::note_records(conn, &[visit.customer])?;
    }
    Ok(Kept::New)
}

fn consent(conn: &mut Conn, customer: i64) -> Result<Option<VisitConsent>> {
    // A refusal goes before an agreement of the same second.
    let sql = format!(
        "SELECT given, at, wording FROM visit_consents WHERE record IN {OF_PERSON} ORDER BY at DESC, given LIMIT 1"
    );
    conn.one(&sql, params![customer], |row| {
        Ok(VisitConsent { given: row.int(0)? != 0, at: row.int(1)?, wording: row.text(2)? })
    })
}

/// Takes away some of the days before a day; returns how many.
fn forget_days(conn: &mut Conn, day: Day) -> Result<u64> {
    let kind = i64::from(ActivityKind::Visit.code());
    // In the words of the index `activities_visits`, so that it is used.
    let sql =
        format!("SELECT record, day FROM activities WHERE kind = {kind} AND day < ?1 AND note = ?2 LIMIT ?3");
    let old = conn.all(&sql, params![day, NOTE, SOME], |row| Ok((row.int(0)?, row.int(1)?)))?;
    for (record, day) in &old {
        let sql = "DELETE FROM activities WHERE record = ?1 AND day = ?2 AND kind = ?3 AND note = ?4";
        conn.exec(sql, params![*record, *day, kind, NOTE])?;
    }
    let mut records: Vec<i64> = old.iter().map(|(record, _)| *record).collect();
    records.dedup();
    if !records.is_empty() {
        changes::note_records(conn, &records)?;
    }
    Ok(old.len() as u64)
}
