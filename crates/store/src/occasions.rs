//! Mourning, answers to invitations, and who bought for a season.

use crate::db::{Row, V, params};
use crate::{Error, Result, Store};
use model::{Attendance, Day};
use std::collections::BTreeMap;

/// Somebody in mourning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mourning {
    pub id: i64,
    pub since: Day,
    /// The last day on which no New Year's card is sent.
    pub until: Day,
    pub note: String,
    pub by: String,
}

/// What a customer of a campaign answered, or did; the last word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredAttendance {
    /// As assigned.
    pub customer: i64,
    pub answer: Attendance,
    /// How many come with them, they included.
    pub people: u32,
    pub note: String,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
}

impl Store {
    /// Notes that somebody is in mourning. `false`: it is on record already.
    pub fn mourn(&self, customer: i64, new: &Mourning, at: i64) -> Result<bool> {
        self.db.write_now(|conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE id = ?1", params![customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: customer });
            }
            let sql = "SELECT COUNT(*) FROM records r JOIN mournings m ON m.record = r.id WHERE m.lifted_at IS NULL
                       AND m.until = ?2 AND r.customer = (SELECT customer FROM records WHERE id = ?1)";
            if conn.number(sql, params![customer, new.until])? > 0 {
                return Ok(false);
            }
            let sql = "INSERT INTO mournings (record, since, until, note, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let values: [V<'_>; 6] = [
                customer.into(),
                new.since.into(),
                new.until.into(),
                new.note.as_str().into(),
                new.by.as_str().into(),
                at.into(),
            ];
            Ok(conn.exec(sql, &values)? > 0)
        })
    }

    /// Takes it back: it was noted of the wrong person.
    pub fn lift_mourning(&self, id: i64, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let sql =
                "UPDATE mournings SET lifted_by = ?2, lifted_at = ?3 WHERE id = ?1 AND lifted_at IS NULL";
            match conn.exec(sql, params![id, by, at])? {
                0 => Err(Error::Missing { what: "mourning", id }),
                _ => Ok(()),
            }
        })
    }

    /// Of one person, the newest first; what was taken back is left out.
    pub fn mournings(&self, person: i64) -> Result<Vec<Mourning>> {
        let sql = "SELECT m.id, m.since, m.until, m.note, m.made_by FROM records r JOIN mournings m ON m.record = r.id
                   WHERE r.customer = ?1 AND m.lifted_at IS NULL ORDER BY m.since DESC, m.id DESC";
        self.db.read(|conn| {
            conn.all(sql, params![person], |row| {
                Ok(Mourning {
                    id: row.int(0)?,
                    since: row.day(1)?,
                    until: row.day(2)?,
                    note: row.text(3)?,
                    by: row.text(4)?,
                })
            })
        })
    }

    /// Persons in mourning on a day, ascending.
    pub fn mourners(&self, on: Day) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM mournings m JOIN records r ON r.id = m.record
                   WHERE m.lifted_at IS NULL AND m.since <= ?1 AND m.until >= ?1 ORDER BY 1";
        self.db.read(|conn| conn.all(sql, params![on], |row| row.int(0)))
    }

    /// Persons who made an order that counts within some days, ascending.
    pub fn buyers_of(&self, from: Day, until: Day, pending: bool) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT r.customer FROM orders o JOIN records r ON r.id = o.record
             WHERE o.kind = 0 AND o.standing <= {} AND o.day >= ?1 AND o.day <= ?2 ORDER BY 1",
            i64::from(pending)
        );
        self.db.read(|conn| conn.all(&sql, params![from, until], |row| row.int(0)))
    }

    /// Notes an answer to an invitation, or who was there.
    pub fn attend(&self, campaign: i64, said: &StoredAttendance) -> Result<()> {
        self.db.write_now(|conn| {
            let sql = "SELECT COUNT(*) FROM records WHERE id = ?1";
            if conn.number(sql, params![said.customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: said.customer });
            }
            let sql = "INSERT INTO attendances (campaign, customer, answer, people, note, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let values: [V<'_>; 7] = [
                campaign.into(),
                said.customer.into(),
                i64::from(said.answer.code()).into(),
                i64::from(said.people).into(),
                said.note.as_str().into(),
                said.by.as_str().into(),
                said.at.into(),
            ];
            conn.exec(sql, &values).map(drop)
        })
    }

    /// The last word of each person about an invitation, by person.
    pub fn attendances(&self, campaign: i64) -> Result<BTreeMap<i64, StoredAttendance>> {
        let sql = format!("{ATTENDANCE} WHERE a.campaign = ?1 ORDER BY a.id");
        let mut all = BTreeMap::new();
        self.db.read(|conn| {
            conn.each(&sql, params![campaign], |row| {
                all.insert(row.int(0)?, attendance(row)?);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// One person's last word about an invitation.
    pub fn attendance_of(&self, campaign: i64, person: i64) -> Result<Option<StoredAttendance>> {
        let sql =
            format!("{ATTENDANCE} WHERE a.campaign = ?1 AND r.customer = ?2 ORDER BY a.id DESC LIMIT 1");
        self.db.read(|conn| conn.one(&sql, params![campaign, person], attendance))
    }
}

const ATTENDANCE: &str = "SELECT r.customer, a.customer, a.answer, a.people, a.note, a.made_by, a.at
    FROM attendances a JOIN records r ON r.id = a.customer";

fn attendance(row: &Row<'_>) -> Result<StoredAttendance> {
    Ok(StoredAttendance {
        customer: row.int(1)?,
        answer: row.known(2, Attendance::from_code)?,
        people: u32::try_from(row.int(3)?).unwrap_or(1),
        note: row.text(4)?,
        by: row.text(5)?,
        at: row.int(6)?,
    })
}
