//! Contact persons of companies: who speaks for them, since when, and whether they still do.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store};
use model::{Day, PostState};

/// What is known of a contact person.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ContactFacts {
    pub name: String,
    pub department: String,
    pub title: String,
    pub mail: String,
    pub phone: String,
    /// In the post since.
    pub since: Option<Day>,
    /// When and where first met.
    pub met_on: Option<Day>,
    pub met_at: String,
    pub interests: String,
}

/// A contact person as they are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredContact {
    pub id: i64,
    pub customer: i64,
    pub facts: ContactFacts,
    pub state: PostState,
    /// The day that was last said.
    pub state_on: Option<Day>,
    /// Who has the post now.
    pub successor: Option<i64>,
    /// Who changed it last, and when (Unix seconds).
    pub by: String,
    pub at: i64,
}

const CONTACT: &str =
    "p.id, r.customer, p.name, p.department, p.title, p.mail, p.phone, p.since, p.met_on, p.met_at,
    p.interests, p.state, p.state_on, p.successor, p.changed_by, p.changed_at";

impl Store {
    /// Contact persons of a customer: those in place first, the newest first.
    pub fn contacts_of(&self, customer: i64) -> Result<Vec<StoredContact>> {
        let sql = format!(
            "SELECT {CONTACT} FROM records r JOIN contact_persons p ON p.record = r.id WHERE r.customer = ?1
             ORDER BY p.state, p.id DESC"
        );
        self.db.read(|conn| conn.all(&sql, params![customer], contact))
    }

    /// Adds a contact person; their number.
    pub fn add_contact(&self, customer: i64, facts: &ContactFacts, by: &str, at: i64) -> Result<i64> {
        self.contact_change(by, |conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE customer = ?1", params![customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: customer });
            }
            insert(conn, customer, facts, by, at)
        })
    }

    /// Changes what is known of one.
    pub fn change_contact(&self, id: i64, facts: &ContactFacts, by: &str, at: i64) -> Result<()> {
        self.contact_change(by, |conn| {
            let sql = "UPDATE contact_persons SET name = ?2, department = ?3, title = ?4, mail = ?5, phone = ?6,
                       since = ?7, met_on = ?8, met_at = ?9, interests = ?10, changed_by = ?11, changed_at = ?12
                       WHERE id = ?1";
            let f = facts;
            let row = params![
                id,
                &f.name,
                &f.department,
                &f.title,
                &f.mail,
                &f.phone,
                f.since,
                f.met_on,
                &f.met_at,
                &f.interests,
                by,
                at
            ];
            found(id, conn.exec(sql, row)?)
        })
    }

    /// Says whether they still have the post, as of a day, and who has it now: somebody new, whose number
    /// is returned.
    pub fn contact_state(
        &self,
        id: i64,
        (state, on): (PostState, Day),
        successor: Option<&ContactFacts>,
        by: &str,
        at: i64,
    ) -> Result<Option<i64>> {
        self.contact_change(by, |conn| {
            let sql = "SELECT record FROM contact_persons WHERE id = ?1";
            let record = conn.one(sql, params![id], |row| row.int(0))?;
            let record = record.ok_or(Error::Missing { what: "contact person with the number", id })?;
            let next = successor.map(|facts| insert(conn, record, facts, by, at)).transpose()?;
            let sql =
                "UPDATE contact_persons SET state = ?2, state_on = ?3, successor = COALESCE(?4, successor),
                       changed_by = ?5, changed_at = ?6 WHERE id = ?1";
            conn.exec(sql, params![id, i64::from(state.code()), on, next, by, at])?;
            Ok(next)
        })
    }

    fn contact_change<T>(&self, by: &str, act: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        if by.trim().is_empty() {
            return Err(Error::Refused("a contact person is changed by somebody with a name".to_owned()));
        }
        self.db.write_now(act)
    }
}

fn found(id: i64, changed: u64) -> Result<()> {
    if changed == 0 { Err(Error::Missing { what: "contact person with the number", id }) } else { Ok(()) }
}

fn insert(conn: &mut Conn, record: i64, f: &ContactFacts, by: &str, at: i64) -> Result<i64> {
    let sql =
        "INSERT INTO contact_persons (record, name, department, title, mail, phone, since, state, met_on,
               met_at, interests, made_by, made_at, changed_by, changed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?12, ?11, ?12) RETURNING id";
    let row = params![
        record,
        &f.name,
        &f.department,
        &f.title,
        &f.mail,
        &f.phone,
        f.since,
        f.met_on,
        &f.met_at,
        &f.interests,
        by,
        at
    ];
    Ok(conn.one(sql, row, |row| row.int(0))?.unwrap_or(0))
}

fn contact(row: &Row<'_>) -> Result<StoredContact> {
    Ok(StoredContact {
        id: row.int(0)?,
        customer: row.int(1)?,
        facts: ContactFacts {
            name: row.text(2)?,
            department: row.text(3)?,
            title: row.text(4)?,
            mail: row.text(5)?,
            phone: row.text(6)?,
            since: row.opt_day(7)?,
            met_on: row.opt_day(8)?,
            met_at: row.text(9)?,
            interests: row.text(10)?,
        },
        state: row.known(11, PostState::from_code)?,
        state_on: row.opt_day(12)?,
        successor: row.opt_int(13)?,
        by: row.text(14)?,
        at: row.int(15)?,
    })
}
