//! Files and orders that came by themselves, and what became of them.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store};

/// By what something arrived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// The watched folder.
    Folder,
    /// A call that carried a file.
    File,
    /// A call that carried orders.
    Orders,
}

/// Where an arrival stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArrivalState {
    Waiting,
    Done,
    Failed,
}

/// Something that arrived.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrival {
    pub id: i64,
    /// Unix seconds.
    pub at: i64,
    pub way: Way,
    /// As its sender named it.
    pub name: String,
    pub bytes: u64,
    pub state: ArrivalState,
    /// When it was settled.
    pub settled: Option<i64>,
    /// What each table in it came to, as JSON.
    pub reports: Option<String>,
    /// Why it failed; empty otherwise.
    pub why: String,
    /// Who has taken note of its failure.
    pub seen_by: Option<String>,
}

impl Way {
    const ALL: [Way; 3] = [Way::Folder, Way::File, Way::Orders];

    fn from_code(code: u8) -> Option<Way> {
        Way::ALL.get(usize::from(code)).copied()
    }
}

impl ArrivalState {
    const ALL: [ArrivalState; 3] = [ArrivalState::Waiting, ArrivalState::Done, ArrivalState::Failed];

    fn from_code(code: u8) -> Option<ArrivalState> {
        ArrivalState::ALL.get(usize::from(code)).copied()
    }
}

const ARRIVAL: &str = "id, at, way, name, bytes, state, settled, reports, why, seen_by";

impl Store {
    /// Notes that something arrived and waits; its number.
    pub fn add_arrival(&self, way: Way, name: &str, bytes: u64, at: i64) -> Result<i64> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.db.write_now(|conn| {
            let sql = "INSERT INTO arrivals (at, way, name, bytes, state, why) VALUES (?1, ?2, ?3, ?4, 0, '')
                       RETURNING id";
            conn.number(sql, params![at, way as i64, name, bytes])
        })
    }

    /// What became of an arrival; one that was settled already stays as it is.
    pub fn settle_arrival(
        &self,
        id: i64,
        state: ArrivalState,
        reports: Option<&str>,
        why: &str,
        at: i64,
    ) -> Result<()> {
        self.db.write_now(|conn| {
            let sql = "UPDATE arrivals SET state = ?2, reports = ?3, why = ?4, settled = ?5
                       WHERE id = ?1 AND state = 0";
            conn.exec(sql, params![id, state as i64, reports, why, at])?;
            Ok(())
        })
    }

    /// One arrival.
    pub fn arrival(&self, id: i64) -> Result<Option<Arrival>> {
        let sql = format!("SELECT {ARRIVAL} FROM arrivals WHERE id = ?1");
        self.db.read(|conn| conn.one(&sql, params![id], arrival))
    }

    /// The newest arrivals, the newest first.
    pub fn arrivals(&self, limit: usize) -> Result<Vec<Arrival>> {
        let sql = format!("SELECT {ARRIVAL} FROM arrivals ORDER BY id DESC LIMIT ?1");
        self.db.read(|conn| conn.all(&sql, params![limit], arrival))
    }

    /// Failures nobody has taken note of, the newest first.
    pub fn arrivals_failed(&self, limit: usize) -> Result<Vec<Arrival>> {
        let sql = format!(
            "SELECT {ARRIVAL} FROM arrivals WHERE state = 2 AND seen_by IS NULL ORDER BY id DESC LIMIT ?1"
        );
        self.db.read(|conn| conn.all(&sql, params![limit], arrival))
    }

    /// An operator has taken note of a failure.
    pub fn see_arrival(&self, id: i64, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let sql = "UPDATE arrivals SET seen_by = ?2, seen_at = ?3
                       WHERE id = ?1 AND state = 2 AND seen_by IS NULL";
            match conn.exec(sql, params![id, by, at])? {
                0 => Err(Error::Missing { what: "failed file", id }),
                _ => Ok(()),
            }
        })
    }

    /// Failures of this name are past: the file came again and was taken in.
    pub fn forgive_arrivals(&self, name: &str, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| forgive(conn, name, by, at))
    }
}

fn forgive(conn: &mut Conn, name: &str, by: &str, at: i64) -> Result<()> {
    let sql = "UPDATE arrivals SET seen_by = ?2, seen_at = ?3
               WHERE state = 2 AND seen_by IS NULL AND name = ?1";
    conn.exec(sql, params![name, by, at])?;
    Ok(())
}

fn arrival(row: &Row<'_>) -> Result<Arrival> {
    Ok(Arrival {
        id: row.int(0)?,
        at: row.int(1)?,
        way: row.known(2, Way::from_code)?,
        name: row.text(3)?,
        bytes: row.int(4)?.unsigned_abs(),
        state: row.known(5, ArrivalState::from_code)?,
        settled: row.opt_int(6)?,
        reports: row.opt_text(7)?,
        why: row.text(8)?,
        seen_by: row.opt_text(9)?,
    })
}
