//! Makes two customers one and two again. A merge is an edge between two records; one customer
//! is what edges connect, and its number is its lowest record.

use crate::db::{Conn, params};
use crate::identity::suggest;
use crate::permission::{NewStop, SUPPRESSION_COLUMNS, add_stop, suppression};
use crate::refresh::STILL;
use crate::settings::next_id;
use crate::{Error, Result, Store, changes};
use model::{Channel, StopReason};
use std::collections::{BTreeSet, HashMap};

impl Store {
    /// A person's word about a suggestion: one customer, or two for good. Settles every other
    /// suggestion between the same two customers with it.
    pub fn decide(&self, suggestion: i64, merge: bool, by: &str, at: i64) -> Result<()> {
        named(by)?;
        self.db.write(|conn| {
            let sql = "SELECT a, b, facts FROM suggestions WHERE id = ?1";
            let found =
                conn.one(sql, params![suggestion], |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?)))?;
            let Some((a, b, facts)) = found else {
                return Err(Error::Missing { what: "suggestion", id: suggestion });
            };
            let (ours, theirs) = (customer_of(conn, a)?, customer_of(conn, b)?);
            let between = format!(
                "((a IN {0} AND b IN {1}) OR (a IN {1} AND b IN {0}))",
                "(SELECT id FROM records WHERE customer = ?1)",
                "(SELECT id FROM records WHERE customer = ?2)"
            );
            if merge {
                // The newer word counts, also against an older one that kept them apart.
                conn.exec(&format!("DELETE FROM kept_apart WHERE {between}"), params![ours, theirs])?;
                connect(conn, a, b, &facts, by, at)?;
            } else {
                let sql = format!("SELECT a, b FROM suggestions WHERE {between}");
                for (a, b) in conn.all(&sql, params![ours, theirs], |row| Ok((row.int(0)?, row.int(1)?)))? {
                    keep_apart(conn, a, b, by, at)?;
                }
                conn.exec(&format!("DELETE FROM suggestions WHERE {between}"), params![ours, theirs])?;
            }
            conn.exec("DELETE FROM suggestions WHERE id = ?1", params![suggestion])?;
            Ok(())
        })
    }

    /// Takes a merge back. The two are kept apart from now on, and both keep every must-not
    /// that held for the one.
    pub fn undo_merge(&self, merge: i64, by: &str, at: i64) -> Result<()> {
        named(by)?;
        self.db.write(|conn| {
            let sql = "SELECT a, b FROM merges WHERE id = ?1 AND undone_at IS NULL";
            let Some((a, b)) = conn.one(sql, params![merge], |row| Ok((row.int(0)?, row.int(1)?)))? else {
                return Err(Error::Missing { what: "merge in force with the number", id: merge });
            };
            let one = customer_of(conn, a)?;
            let stops = stops_in_force(conn, one)?;
            conn.exec(
                "UPDATE merges SET undone_by = ?2, undone_at = ?3 WHERE id = ?1",
                params![merge, by, at],
            )?;
            keep_apart(conn, a, b, by, at)?;
            let parts = [connected(conn, a)?, connected(conn, b)?];
            let mut customers = Vec::with_capacity(2);
            for part in parts {
                let records: Vec<i64> = part.into_iter().collect();
                let Some(&customer) = records.first() else { continue };
                let sql = format!("UPDATE records SET customer = {customer} WHERE id IN ({{ids}})");
                conn.exec_of(&sql, &records)?;
                customers.push(customer);
            }
            for &customer in &customers {
                let own: Vec<_> = stops_in_force(conn, customer)?.iter().map(what).collect();
                for stop in stops.iter().filter(|stop| !own.contains(&what(stop))) {
                    add_stop(conn, &NewStop { record: Some(customer), ..stop.clone() })?;
                }
            }
            let mut touched = [customers.as_slice(), &[one]].concat();
            touched.sort_unstable();
            touched.dedup();
            changes::note(conn, &touched)
        })
    }
}

/// A merge by rule: not where a person kept the two apart.
pub(crate) fn by_rule(conn: &mut Conn, a: i64, b: i64, facts: &[String], at: i64) -> Result<()> {
    let (ours, theirs) = (customer_of(conn, a)?, customer_of(conn, b)?);
    if ours == theirs {
        return Ok(());
    }
    let of = "(SELECT id FROM records WHERE customer = ?1)";
    let other = "(SELECT id FROM records WHERE customer = ?2)";
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM kept_apart WHERE a IN {of} AND b IN {other})
         + (SELECT COUNT(*) FROM kept_apart WHERE b IN {of} AND a IN {other})"
    );
    if conn.number(&sql, params![ours, theirs])? > 0 {
        // Asked about, if it is another pair of the same people.
        return suggest(conn, a, b, facts, Some("kept_apart"), at);
    }
    // Whoever has a link can write somebody else's address on its page: that makes nobody one.
    let sql = format!(
        "SELECT COUNT(*) FROM profile_changes WHERE now_is <> COALESCE(was, 0) AND (record IN {of} OR record IN {other})"
    );
    if conn.number(&sql, params![ours, theirs])? > 0 {
        return suggest(conn, a, b, facts, Some("a correction by the customer"), at);
    }
    connect(conn, a, b, &serde_json::to_string(facts)?, "rule", at)
}

fn connect(conn: &mut Conn, a: i64, b: i64, facts: &str, by: &str, at: i64) -> Result<()> {
    let (ours, theirs) = (customer_of(conn, a)?, customer_of(conn, b)?);
    if ours == theirs {
        return Ok(());
    }
    let (into, from) = (ours.min(theirs), ours.max(theirs));
    let id = next_id(conn, "merges")?;
    conn.exec(
        "INSERT INTO merges (id, a, b, facts, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, a.min(b), a.max(b), facts, by, at],
    )?;
    conn.exec("UPDATE records SET customer = ?1 WHERE customer = ?2", params![into, from])?;
    let inside = "(SELECT id FROM records WHERE customer = ?1)";
    conn.exec(&format!("DELETE FROM suggestions WHERE a IN {inside} AND b IN {inside}"), params![into])?;
    changes::note(conn, &[into, from])
}

fn customer_of(conn: &mut Conn, record: i64) -> Result<i64> {
    conn.one("SELECT customer FROM records WHERE id = ?1", params![record], |row| row.int(0))?
        .ok_or(Error::Missing { what: "record", id: record })
}

fn keep_apart(conn: &mut Conn, a: i64, b: i64, by: &str, at: i64) -> Result<()> {
    conn.exec(
        "INSERT INTO kept_apart (a, b, said_by, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (a, b) DO NOTHING",
        params![a.min(b), a.max(b), by, at],
    )?;
    Ok(())
}

/// The records that edges in force connect with this one, itself included.
fn connected(conn: &mut Conn, record: i64) -> Result<BTreeSet<i64>> {
    let mut found = BTreeSet::from([record]);
    let mut open = vec![record];
    while let Some(record) = open.pop() {
        let sql = "SELECT CASE WHEN a = ?1 THEN b ELSE a END FROM merges WHERE (a = ?1 OR b = ?1) AND undone_at IS NULL";
        let next = conn.all(sql, params![record], |row| row.int(0))?;
        open.extend(next.into_iter().filter(|r| found.insert(*r)));
    }
    Ok(found)
}

/// Every must-not that holds for a customer now, whether of a record or of an address.
fn stops_in_force(conn: &mut Conn, customer: i64) -> Result<Vec<NewStop>> {
    let sql = format!(
        "SELECT {SUPPRESSION_COLUMNS} FROM suppressions s WHERE s.lifted_at IS NULL AND (
           s.record IN (SELECT id FROM records WHERE customer = ?1) OR EXISTS (SELECT 1 FROM match_keys k
           JOIN records r ON r.id = k.record WHERE r.customer = ?1 AND k.key = s.match_key AND {STILL})) ORDER BY s.id"
    );
    let kept = conn.all(&sql, params![customer], suppression)?;
    let mut once = HashMap::new();
    for s in kept {
        once.entry((s.channel, s.reason)).or_insert(NewStop {
            record: None,
            key: None,
            channel: s.channel,
            reason: s.reason,
            since: s.on,
            note: s.note,
            source: s.source,
            by: s.by,
            at: s.at,
        });
    }
    Ok(once.into_values().collect())
}

fn what(stop: &NewStop) -> (Option<Channel>, StopReason) {
    (stop.channel, stop.reason)
}

fn named(by: &str) -> Result<()> {
    match by.trim() {
        "" => Err(Error::Refused("this needs the name of the person who decides".to_owned())),
        _ => Ok(()),
    }
}
