//! Which records may be one person: what waits to be matched, and what was decided about it.

use crate::db::{Conn, params};
use crate::settings::next_id;
use crate::{Result, Store, bits, merge};
use model::{Membership, Record};
use std::collections::HashMap;

/// Records that share a key with more others than this share nothing that tells people apart
/// (a shop's own telephone number, a mailbox made up at the till).
const CROWD: i64 = 20;

/// A record as it is kept; `record.keys` is empty.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    pub id: i64,
    pub customer: i64,
    pub source: String,
    pub record: Record,
}

/// A record that waits, and those that share a key with it and are another customer.
#[derive(Clone, PartialEq, Debug)]
pub struct ToMatch {
    pub record: Stored,
    pub candidates: Vec<Stored>,
}

/// What is to become of a record and a candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// They are one person, by these agreeing facts.
    Merge { with_record: i64, facts: Vec<String> },
    /// A person decides.
    Suggest { with_record: i64, facts: Vec<String>, conflict: Option<String> },
}

/// A pair that a person is to decide about.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    pub id: i64,
    pub a: Stored,
    pub b: Stored,
    pub facts: Vec<String>,
    pub conflict: Option<String>,
    /// Unix seconds.
    pub at: i64,
}

impl Store {
    /// The next records to match, with their candidates; pairs that were kept apart are left out.
    pub fn to_match(&self, limit: usize) -> Result<Vec<ToMatch>> {
        self.db.read(|conn| {
            let sql = "SELECT record FROM match_queue ORDER BY record LIMIT ?1";
            let waiting = conn.all(sql, params![limit], |row| row.int(0))?;
            let mut pairs = Vec::with_capacity(waiting.len());
            for record in waiting {
                pairs.push((record, candidates(conn, record)?));
            }
            let ids = pairs.iter().flat_map(|(record, others)| others.iter().chain([record]).copied());
            let known = stored(conn, ids.collect())?;
            let one = |id: &i64| known.get(id).cloned();
            let full = pairs.iter().filter_map(|(record, others)| {
                let record = one(record)?;
                let others = others.iter().filter_map(one).filter(|o| o.customer != record.customer);
                Some(ToMatch { candidates: others.collect(), record })
            });
            Ok(full.collect())
        })
    }

    /// Carries out what was decided about a waiting record and takes it off the queue, in one
    /// transaction. A merge that a person forbade becomes a suggestion or nothing.
    pub fn settle(&self, record: i64, outcomes: &[Outcome], at: i64) -> Result<()> {
        self.settle_all(&[(record, outcomes.to_vec())], at)
    }

    /// As `settle`, for many records in one transaction.
    pub fn settle_all(&self, all: &[(i64, Vec<Outcome>)], at: i64) -> Result<()> {
        self.db.write(|conn| {
            for (record, outcomes) in all {
                for outcome in outcomes {
                    match outcome {
                        Outcome::Merge { with_record, facts } => {
                            merge::by_rule(conn, *record, *with_record, facts, at)?;
                        }
                        Outcome::Suggest { with_record, facts, conflict } => {
                            suggest(conn, *record, *with_record, facts, conflict.as_deref(), at)?;
                        }
                    }
                }
                conn.exec("DELETE FROM match_queue WHERE record = ?1", params![*record])?;
            }
            Ok(())
        })
    }

    /// How many pairs wait for a person, and a page of them, oldest first.
    pub fn suggestions(&self, offset: usize, limit: usize) -> Result<(u64, Vec<Suggestion>)> {
        self.db.read(|conn| {
            let count = conn.number("SELECT COUNT(*) FROM suggestions", &[])?;
            let page = conn.all(
                "SELECT id, a, b, facts, conflict, at FROM suggestions ORDER BY id LIMIT ?1 OFFSET ?2",
                params![limit, offset],
                pair,
            )?;
            Ok((count as u64, with_records(conn, page)?))
        })
    }
}

/// A suggestion before its records are read.
pub(crate) type Pair = (i64, i64, i64, String, Option<String>, i64);

pub(crate) fn pair(row: &crate::db::Row<'_>) -> Result<Pair> {
    Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.text(3)?, row.opt_text(4)?, row.int(5)?))
}

pub(crate) fn with_records(conn: &mut Conn, pairs: Vec<Pair>) -> Result<Vec<Suggestion>> {
    let known = stored(conn, pairs.iter().flat_map(|p| [p.1, p.2]).collect())?;
    let mut full = Vec::with_capacity(pairs.len());
    for (id, a, b, facts, conflict, at) in pairs {
        if let (Some(a), Some(b)) = (known.get(&a), known.get(&b)) {
            let facts = serde_json::from_str(&facts)?;
            full.push(Suggestion { id, a: a.clone(), b: b.clone(), facts, conflict, at });
        }
    }
    Ok(full)
}

fn candidates(conn: &mut Conn, record: i64) -> Result<Vec<i64>> {
    conn.all(
        "SELECT DISTINCT o.record FROM match_keys k JOIN match_keys o ON o.key = k.key AND o.record <> k.record
         WHERE k.record = ?1
         AND (SELECT COUNT(*) FROM (SELECT 1 FROM match_keys c WHERE c.key = k.key LIMIT ?2) crowd) < ?2
         AND NOT EXISTS (SELECT 1 FROM kept_apart p WHERE (p.a = k.record AND p.b = o.record)
                         OR (p.a = o.record AND p.b = k.record))
         ORDER BY o.record",
        params![record, CROWD + 1],
        |row| row.int(0),
    )
}

/// Keeps a pair for a person to decide, unless they are one already or said to be two.
pub(crate) fn suggest(
    conn: &mut Conn,
    a: i64,
    b: i64,
    facts: &[String],
    conflict: Option<&str>,
    at: i64,
) -> Result<()> {
    let (a, b) = (a.min(b), a.max(b));
    let settled = conn.number(
        "SELECT (SELECT COUNT(*) FROM kept_apart WHERE a = ?1 AND b = ?2)
         + (SELECT COUNT(*) FROM records x JOIN records y ON x.customer = y.customer WHERE x.id = ?1 AND y.id = ?2)",
        params![a, b],
    )?;
    if settled > 0 || a == b {
        return Ok(());
    }
    let id = next_id(conn, "suggestions")?;
    conn.exec(
        "INSERT INTO suggestions (id, a, b, facts, conflict, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (a, b) DO NOTHING",
        params![id, a, b, &serde_json::to_string(facts)?, conflict, at],
    )?;
    Ok(())
}

/// Records by their numbers.
pub(crate) fn stored(conn: &mut Conn, mut ids: Vec<i64>) -> Result<HashMap<i64, Stored>> {
    ids.sort_unstable();
    ids.dedup();
    let mut all = HashMap::with_capacity(ids.len());
    conn.each_of(&format!("{STORED} WHERE r.id IN ({{ids}})"), &ids, |row| {
        let one = stored_row(row)?;
        all.insert(one.id, one);
        Ok(())
    })?;
    Ok(all)
}

/// Columns for `stored_row`.
pub(crate) const STORED: &str = "SELECT r.id, r.customer, s.name, r.ext_id, r.bits, p.profile FROM records r
    JOIN sources s ON s.id = r.source LEFT JOIN profiles p ON p.record = r.id";

pub(crate) fn stored_row(row: &crate::db::Row<'_>) -> Result<Stored> {
    let mut record = match row.opt_text(5)? {
        Some(profile) => serde_json::from_str(&profile)?,
        None if row.int(4)? & bits::GUEST != 0 => {
            Record { membership: Membership::Guest, ..Record::default() }
        }
        None => Record::default(),
    };
    record.ext_id = row.text(3)?;
    Ok(Stored { id: row.int(0)?, customer: row.int(1)?, source: row.text(2)?, record })
}
