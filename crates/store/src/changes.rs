//! Which customers changed since the columns were last written.

use crate::db::{Conn, params};
use crate::{Result, Store, settings};

const SEQ: &str = "change_seq";
/// When more than this share of all records changed, everything did.
const SHARE: i64 = 5;

/// What the columns do not know yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    Nothing,
    /// These customers, ascending; one that a merge took away is among them and has no events now.
    Customers(Vec<i64>),
    Everything,
}

impl Store {
    /// What changed, and the number to give to `forget_changes` once it is in the columns.
    pub fn changed(&self) -> Result<(u64, Changed)> {
        self.db.read(|conn| {
            let customers =
                conn.all("SELECT customer FROM changes ORDER BY customer", &[], |row| row.int(0))?;
            let changed = match customers.first() {
                None => Changed::Nothing,
                Some(0) => Changed::Everything,
                Some(_) => Changed::Customers(customers),
            };
            Ok((last(conn)? as u64, changed))
        })
    }

    /// Forgets what changed up to `seq`; what changed again since stays.
    pub fn forget_changes(&self, seq: u64) -> Result<()> {
        self.db.write(|conn| {
            conn.exec(
                "DELETE FROM changes WHERE seq <= ?1",
                params![i64::try_from(seq).unwrap_or(i64::MAX)],
            )?;
            Ok(())
        })
    }
}

fn last(conn: &mut Conn) -> Result<i64> {
    Ok(settings::get(conn, SEQ)?.and_then(|text| text.parse().ok()).unwrap_or(1))
}

fn next(conn: &mut Conn) -> Result<i64> {
    let seq = last(conn)? + 1;
    settings::put(conn, SEQ, &seq.to_string())?;
    Ok(seq)
}

/// Whether everything counts as changed; then single customers need not be noted.
fn noted_all(conn: &mut Conn, seq: i64) -> Result<bool> {
    Ok(conn.exec("UPDATE changes SET seq = ?1 WHERE customer = 0", params![seq])? > 0)
}

/// Notes that everyone's events changed.
pub(crate) fn note_all(conn: &mut Conn) -> Result<()> {
    let seq = next(conn)?;
    if noted_all(conn, seq)? {
        return Ok(());
    }
    conn.exec("DELETE FROM changes", &[])?;
    conn.exec("INSERT INTO changes (customer, seq) VALUES (0, ?1)", params![seq])?;
    Ok(())
}

/// Notes customers by their own numbers.
pub(crate) fn note(conn: &mut Conn, customers: &[i64]) -> Result<()> {
    let seq = next(conn)?;
    if noted_all(conn, seq)? {
        return Ok(());
    }
    for &customer in customers {
        conn.exec(
            "INSERT INTO changes (customer, seq) VALUES (?1, ?2) ON CONFLICT (customer) DO UPDATE SET seq = excluded.seq",
            params![customer, seq],
        )?;
    }
    Ok(())
}

/// Notes the customers of these records; gives up listing when they are too many.
pub(crate) fn note_records(conn: &mut Conn, records: &[i64]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let seq = next(conn)?;
    if noted_all(conn, seq)? {
        return Ok(());
    }
    conn.exec_of(
        &format!(
            "INSERT INTO changes (customer, seq) SELECT DISTINCT customer, {seq} FROM records WHERE id IN ({{ids}})
             ON CONFLICT (customer) DO UPDATE SET seq = excluded.seq"
        ),
        records,
    )?;
    let known = conn.number("SELECT MAX(id) FROM records", &[])?;
    if conn.number("SELECT COUNT(*) FROM changes", &[])? > known / SHARE + 1_000 {
        conn.exec("DELETE FROM changes", &[])?;
        conn.exec("INSERT INTO changes (customer, seq) VALUES (0, ?1)", params![seq])?;
    }
    Ok(())
}
