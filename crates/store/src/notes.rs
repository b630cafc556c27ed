//! What operators noted of customers: once, and taken back by a name.

use crate::db::{Row, params};
use crate::{Error, Result, Store, changes};
use model::{Day, NoteKind};

/// A note as it is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewNote {
    pub customer: i64,
    pub day: Day,
    pub kind: NoteKind,
    pub said: String,
    /// Where it was, or an address of the web.
    pub place: String,
    /// The same for the same note.
    pub proof: String,
}

/// A note as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredNote {
    pub id: i64,
    pub day: Day,
    pub kind: NoteKind,
    pub said: String,
    pub place: String,
    pub by: String,
    /// When it was noted, Unix seconds.
    pub at: i64,
}

impl Store {
    /// Keeps notes in one transaction; how many of them are new.
    pub fn add_notes(&self, notes: &[NewNote], by: &str, at: i64) -> Result<u64> {
        if by.trim().is_empty() {
            return Err(Error::Refused("a note needs the name of the operator".to_owned()));
        }
        self.db.write_now(|conn| {
            let mut new = 0;
            for note in notes {
                if conn.number("SELECT COUNT(*) FROM records WHERE id = ?1", params![note.customer])? == 0 {
                    return Err(Error::Missing { what: "customer", id: note.customer });
                }
                let sql = "INSERT INTO notes (record, day, kind, said, place, made_by, made_at, proof)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
                let kind = i64::from(note.kind.code());
                let row =
                    params![note.customer, note.day, kind, &note.said, &note.place, by, at, &note.proof];
                new += conn.exec(sql, row)?;
            }
            let records: Vec<i64> = notes.iter().map(|n| n.customer).collect();
            changes::note_records(conn, &records)?;
            Ok(new)
        })
    }

    /// Takes a note back; it stays on record.
    pub fn strike_note(&self, id: i64, by: &str, at: i64) -> Result<()> {
        if by.trim().is_empty() {
            return Err(Error::Refused("taking a note back needs the name of the operator".to_owned()));
        }
        self.db.write_now(|conn| {
            let sql = "UPDATE notes SET struck_by = ?2, struck_at = ?3 WHERE id = ?1 AND struck_at IS NULL
                       RETURNING record";
            match conn.one(sql, params![id, by, at], |row| row.int(0))? {
                None => Err(Error::Missing { what: "note with the number", id }),
                Some(record) => changes::note_records(conn, &[record]),
            }
        })
    }

    /// Notes of a customer that stand, the newest first.
    pub fn notes_of(&self, customer: i64) -> Result<Vec<StoredNote>> {
        let sql = "SELECT n.id, n.day, n.kind, n.said, n.place, n.made_by, n.made_at FROM records r
                   JOIN notes n ON n.record = r.id WHERE r.customer = ?1 AND n.struck_at IS NULL
                   ORDER BY n.day DESC, n.id DESC";
        self.db.read(|conn| conn.all(sql, params![customer], stored_note))
    }
}

fn stored_note(row: &Row<'_>) -> Result<StoredNote> {
    Ok(StoredNote {
        id: row.int(0)?,
        day: row.day(1)?,
        kind: row.known(2, NoteKind::from_code)?,
        said: row.text(3)?,
        place: row.text(4)?,
        by: row.text(5)?,
        at: row.int(6)?,
    })
}
