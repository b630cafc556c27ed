//! What speaks for the reason a customer went quiet: as written down here, and as calls and activities say.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store, changes, settings};
use model::{ActivityKind, CallResult, Day, ReasonSource, Statement};

/// Setting that another number stands in whenever what customers said has changed.
const SEQ: &str = "said_seq";

/// A statement to be written down.
#[derive(Clone, PartialEq, Debug)]
pub struct NewStatement {
    pub customer: i64,
    pub statement: Statement,
    /// What makes the same thing told twice one; `None`: it is always new.
    pub proof: Option<String>,
}

/// customer, id, reason, source, confidence, day, words, who, when. Calls said more than they were asked where
/// somebody has goods left; competitors and dissatisfaction come with the shop's files.
fn said() -> String {
    let code = |source: ReasonSource| source.code();
    let of = |kind: ActivityKind| kind.code();
    format!(
        "SELECT r.customer, s.id, s.reason, s.source, s.confidence, s.day, s.words, s.made_by, s.at
         FROM statements s JOIN records r ON r.id = s.record WHERE s.dropped_at IS NULL
         UNION ALL
         SELECT r.customer, NULL, CASE WHEN c.left_for <> '' THEN c.left_for ELSE 'surplus' END,
         CAST({call} AS BIGINT), CAST(1.0 AS DOUBLE PRECISION), c.day, c.note, c.caller, c.at
         FROM calls c JOIN records r ON r.id = c.customer
         WHERE c.undone IS NULL AND (c.left_for <> '' OR c.result = {surplus})
         UNION ALL
         SELECT r.customer, NULL, CASE WHEN a.kind = {competitor} THEN 'competitor' ELSE 'disliked' END,
         CAST({import} AS BIGINT), CAST(0.9 AS DOUBLE PRECISION), a.day, a.note, '', a.day * CAST(86400 AS BIGINT)
         FROM activities a JOIN records r ON r.id = a.record WHERE a.kind IN ({competitor}, {dissatisfied})",
        call = code(ReasonSource::Call),
        import = code(ReasonSource::Import),
        surplus = CallResult::Surplus.code(),
        competitor = of(ActivityKind::Competitor),
        dissatisfied = of(ActivityKind::Dissatisfied),
    )
}

impl Store {
    /// Writes statements down in one transaction; returns how many of them were new.
    pub fn add_statements(&self, new: &[NewStatement]) -> Result<u64> {
        self.db.write_now(|conn| {
            let mut added = 0;
            for one in new {
                added += u64::from(add_statement(conn, one)?.is_some());
            }
            Ok(added)
        })
    }

    /// An operator takes a statement back; it stays on record.
    pub fn drop_statement(&self, id: i64, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let sql =
                "UPDATE statements SET dropped_by = ?2, dropped_at = ?3 WHERE id = ?1 AND dropped_at IS NULL";
            if conn.exec(sql, params![id, by, at])? == 0 {
                return Err(Error::Missing { what: "statement", id });
            }
            let whose =
                conn.one("SELECT record FROM statements WHERE id = ?1", params![id], |row| row.int(0))?;
            changes::note_records(conn, &whose.into_iter().collect::<Vec<_>>())?;
            said_anew(conn)
        })
    }

    /// Statements up to a day, one customer's after the other, ascending by customer; of some customers
    /// (ascending), or of everybody who said anything.
    pub fn statements(
        &self,
        of: Option<&[i64]>,
        until: Day,
        each: &mut dyn FnMut(i64, Statement),
    ) -> Result<()> {
        let head = format!("SELECT * FROM ({}) told", said());
        let mut tell = |row: &Row<'_>| {
            each(row.int(0)?, statement(row)?);
            Ok(())
        };
        self.db.read(|conn| match of {
            None => {
                conn.each(&format!("{head} WHERE day <= ?1 ORDER BY customer, at, id"), params![until], tell)
            }
            Some(people) => {
                let tail =
                    format!("WHERE day <= {} AND customer IN ({{ids}}) ORDER BY customer, at, id", until.0);
                conn.each_of(&format!("{head} {tail}"), people, &mut tell)
            }
        })
    }

    /// Another number whenever what customers said has changed.
    pub fn said_seq(&self) -> Result<i64> {
        let text = self.db.read(|conn| settings::get(conn, SEQ))?;
        Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
    }
}

/// Writes a statement down; its number, or `None` where it is known already.
pub(crate) fn add_statement(conn: &mut Conn, new: &NewStatement) -> Result<Option<i64>> {
    let s = &new.statement;
    if conn.number("SELECT COUNT(*) FROM records WHERE id = ?1", params![new.customer])? == 0 {
        return Err(Error::Missing { what: "customer", id: new.customer });
    }
    let sql = "INSERT INTO statements (record, reason, source, confidence, day, words, made_by, at, proof)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (proof) DO NOTHING RETURNING id";
    let row = params![
        new.customer,
        &s.reason,
        i64::from(s.source.code()),
        Some(s.confidence),
        s.day,
        &s.words,
        &s.by,
        s.at,
        new.proof.as_deref()
    ];
    let id = conn.one(sql, row, |row| row.int(0))?;
    if id.is_some() {
        said_anew(conn)?;
        // What they have left moves their stock.
        changes::note_records(conn, &[new.customer])?;
    }
    Ok(id)
}

/// What customers said has changed.
pub(crate) fn said_anew(conn: &mut Conn) -> Result<()> {
    let last: i64 = settings::get(conn, SEQ)?.and_then(|t| t.parse().ok()).unwrap_or(0);
    settings::put(conn, SEQ, &(last + 1).to_string())
}

fn statement(row: &Row<'_>) -> Result<Statement> {
    Ok(Statement {
        id: row.opt_int(1)?,
        reason: row.text(2)?,
        source: row.known(3, ReasonSource::from_code)?,
        confidence: row.opt_real(4)?.unwrap_or(0.0),
        day: row.day(5)?,
        words: row.text(6)?,
        by: row.text(7)?,
        at: row.int(8)?,
    })
}

/// A review that nobody has looked at yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewReview {
    /// The record of whoever wrote it.
    pub record: i64,
    pub day: Day,
    pub stars: Option<u8>,
    pub words: String,
}

impl Store {
    /// Some reviews that nobody has looked at.
    pub fn new_reviews(&self, limit: usize) -> Result<Vec<NewReview>> {
        let sql =
            "SELECT record, day, stars, words FROM reviews WHERE looked_at = 0 ORDER BY record, day LIMIT ?1";
        self.db.read(|conn| {
            conn.all(sql, params![limit], |row| {
                Ok(NewReview {
                    record: row.int(0)?,
                    day: row.day(1)?,
                    stars: row.opt_int(2)?.and_then(|n| u8::try_from(n).ok()),
                    words: row.text(3)?,
                })
            })
        })
    }

    /// These reviews were looked at, and this is what they say.
    pub fn take_reviews(&self, reviews: &[NewReview], said: &[NewStatement]) -> Result<u64> {
        self.db.write(|conn| {
            let mut added = 0;
            for one in said {
                added += u64::from(add_statement(conn, one)?.is_some());
            }
            let sql = "UPDATE reviews SET looked_at = 1 WHERE record = ?1 AND day = ?2 AND words = ?3";
            for review in reviews {
                conn.exec(sql, params![review.record, review.day, &review.words])?;
            }
            Ok(added)
        })
    }
}
