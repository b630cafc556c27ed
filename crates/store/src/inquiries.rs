//! What customers wrote to us, as talks: heard once, answered and closed by somebody's name.

use crate::db::{Conn, Row, params};
use crate::permission::{NewStop, add_stop};
use crate::responses::{Closing, Whose, skip_open};
use crate::{Error, Result, Store, changes};
use model::{Day, InquiryWay, Leaving, MatchKey, Severity};

/// Something a customer wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewWords {
    /// Any record of whoever wrote; `None` while nobody knows.
    pub record: Option<i64>,
    pub way: InquiryWay,
    /// The touch they answer.
    pub touch: Option<i64>,
    /// Unix seconds, and the day in the shop's zone.
    pub at: i64,
    pub day: Day,
    pub subject: String,
    pub said: String,
    /// What they gave to be answered by, where they are not known.
    pub contact: String,
    /// What makes words told twice the same; `None` where nothing is told twice.
    pub proof: Option<String>,
    pub severity: Severity,
    pub leaving: Leaving,
    /// They ask for nothing but what was done already: a talk of its own that nobody need answer.
    pub settled: bool,
    /// Who sees to it where it is new, and by when (Unix seconds).
    pub owner: String,
    pub due: Option<i64>,
}

/// A talk as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredInquiry {
    pub id: i64,
    /// Who they are now.
    pub customer: Option<i64>,
    pub way: InquiryWay,
    pub touch: Option<i64>,
    /// First and last words, and the oldest ones that nobody answered; Unix seconds.
    pub at: i64,
    pub last_at: i64,
    pub since: i64,
    pub subject: String,
    pub contact: String,
    pub severity: Severity,
    pub leaving: Leaving,
    pub owner: String,
    pub due: Option<i64>,
    /// By whom and when.
    pub answered: Option<(String, i64)>,
    pub closed: Option<(String, i64)>,
}

/// One thing that was said in a talk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InquiryWords {
    pub inquiry: i64,
    /// Unix seconds.
    pub at: i64,
    /// The operator; empty: the customer.
    pub by: String,
    pub said: String,
}

/// Which talks.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum InquiryFilter {
    /// Nobody answered yet; the longest first.
    #[default]
    Waiting,
    /// Complaints that are not settled.
    Complaints,
    Answered,
    Closed,
    All,
}

impl InquiryFilter {
    /// In the words of the partial indexes, so that they are used.
    const fn condition(self) -> &'static str {
        match self {
            InquiryFilter::Waiting => WAITING,
            InquiryFilter::Complaints => COMPLAINT,
            InquiryFilter::Answered => "answered_at IS NOT NULL AND closed_at IS NULL",
            InquiryFilter::Closed => "closed_at IS NOT NULL",
            InquiryFilter::All => "1 = 1",
        }
    }
}

/// Waits for our answer; and a complaint that is not settled.
pub(crate) const WAITING: &str = "answered_at IS NULL AND closed_at IS NULL";
pub(crate) const COMPLAINT: &str = "severity > 0 AND closed_at IS NULL";

const INQUIRY: &str =
    "i.id, r.customer, i.way, i.touch, i.at, i.last_at, i.since, i.subject, i.contact, i.severity, i.leaves,
    i.owner, i.due, i.answered_by, i.answered_at, i.closed_by, i.closed_at";

impl Store {
    /// Keeps what a customer wrote: added to their open talk by that way, or a new one. Its number;
    /// `None` where it was known already.
    pub fn hear_words(&self, words: &NewWords) -> Result<Option<i64>> {
        self.db.write_now(|conn| {
            let sql = "SELECT COUNT(*) FROM inquiry_words WHERE proof = ?1";
            if words.proof.is_some() && conn.number(sql, params![words.proof.as_deref()])? > 0 {
                return Ok(None);
            }
            let open = if words.settled { None } else { open_talk(conn, words)? };
            let talk = match open {
                Some(id) => go_on(conn, id, words)?,
                None => begin(conn, words)?,
            };
            say(conn, talk, words.at, "", &words.said, words.proof.as_deref())?;
            note(conn, words.record)?;
            Ok(Some(talk))
        })
    }

    /// How many talks there are of a kind, and a page of them with the customer's newest words.
    pub fn inquiries(
        &self,
        filter: InquiryFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(u64, Vec<(StoredInquiry, String)>)> {
        let order = if filter == InquiryFilter::Waiting { "since, id" } else { "last_at DESC, id DESC" };
        let condition = filter.condition();
        let sql = format!(
            "SELECT {INQUIRY}, (SELECT w.said FROM inquiry_words w WHERE w.inquiry = i.id AND w.said_by = '' ORDER BY w.id DESC LIMIT 1)
             FROM (SELECT * FROM inquiries WHERE {condition} ORDER BY {order} LIMIT ?1 OFFSET ?2) AS i
             LEFT JOIN records r ON r.id = i.record ORDER BY {}",
            order.split(", ").map(|column| format!("i.{column}")).collect::<Vec<_>>().join(", ")
        );
        self.db.read(|conn| {
            let total = conn.number(&format!("SELECT COUNT(*) FROM inquiries WHERE {condition}"), &[])?;
            let rows = conn.all(&sql, params![limit, offset], |row| {
                Ok((inquiry(row)?, row.opt_text(17)?.unwrap_or_default()))
            })?;
            Ok((total.unsigned_abs(), rows))
        })
    }

    /// A talk and everything said in it, the oldest first.
    pub fn inquiry(&self, id: i64) -> Result<(StoredInquiry, Vec<InquiryWords>)> {
        self.db.read(|conn| {
            let sql = format!(
                "SELECT {INQUIRY} FROM inquiries i LEFT JOIN records r ON r.id = i.record WHERE i.id = ?1"
            );
            let talk = conn.one(&sql, params![id], inquiry)?.ok_or(Error::Missing { what: "inquiry", id })?;
            let sql =
                "SELECT inquiry, at, said_by, said FROM inquiry_words WHERE inquiry = ?1 ORDER BY at, id";
            Ok((talk, conn.all(sql, params![id], words)?))
        })
    }

    /// Every talk of a customer and everything said in them, the oldest first.
    pub fn inquiries_of(&self, customer: i64) -> Result<Vec<(StoredInquiry, Vec<InquiryWords>)>> {
        self.db.read(|conn| {
            let sql = format!(
                "SELECT {INQUIRY} FROM records r JOIN inquiries i ON i.record = r.id WHERE r.customer = ?1 ORDER BY i.at, i.id"
            );
            let talks = conn.all(&sql, params![customer], inquiry)?;
            let sql = "SELECT w.inquiry, w.at, w.said_by, w.said FROM records r JOIN inquiries i ON i.record = r.id
                       JOIN inquiry_words w ON w.inquiry = i.id WHERE r.customer = ?1 ORDER BY w.at, w.id";
            let said = conn.all(sql, params![customer], words)?;
            let of = |talk: &StoredInquiry| said.iter().filter(|w| w.inquiry == talk.id).cloned().collect();
            Ok(talks.into_iter().map(|talk| (of(&talk), talk)).map(|(said, talk)| (talk, said)).collect())
        })
    }

    /// Since when each talk waits for our answer, the longest first, so many at most.
    pub fn waiting_since(&self, limit: usize) -> Result<Vec<i64>> {
        let sql = format!("SELECT since FROM inquiries WHERE {WAITING} ORDER BY since LIMIT ?1");
        self.db.read(|conn| conn.all(&sql, params![limit], |row| row.int(0)))
    }

    /// How many complaints are not settled.
    pub fn complaints_open(&self) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) FROM inquiries WHERE {COMPLAINT}");
        self.db.read(|conn| Ok(conn.number(&sql, &[])?.unsigned_abs()))
    }

    /// An operator answered; the words may be empty where they were said elsewhere.
    pub fn answer_inquiry(&self, id: i64, said: &str, by: &str, at: i64) -> Result<()> {
        self.change(id, by, |conn| {
            let sql = "UPDATE inquiries SET answered_by = ?2, answered_at = ?3 WHERE id = ?1";
            conn.exec(sql, params![id, by, at])?;
            say(conn, id, at, by, said, None)
        })
    }

    /// An operator settled it: nothing is to be done any more. A complaint is settled with it.
    pub fn close_inquiry(&self, id: i64, why: &str, by: &str, (at, day): (i64, Day)) -> Result<()> {
        self.change(id, by, |conn| {
            let sql = "UPDATE inquiries SET closed_by = ?2, closed_at = ?3, closed_day = ?4 WHERE id = ?1";
            conn.exec(sql, params![id, by, at, day])?;
            if why.is_empty() { Ok(()) } else { say(conn, id, at, by, why, None) }
        })
    }

    /// An operator says that it is a complaint, or is none; who sees to it, by when (Unix seconds).
    pub fn grade_inquiry(
        &self,
        id: i64,
        severity: Severity,
        (owner, due): (&str, Option<i64>),
        by: &str,
        day: Day,
    ) -> Result<()> {
        self.change(id, by, |conn| {
            let sql = "UPDATE inquiries SET severity = ?2, owner = ?3, due = ?4 WHERE id = ?1";
            conn.exec(sql, params![id, i64::from(severity.code()), owner, due])?;
            // What is no complaint any more never was one.
            let since = (severity != Severity::None).then_some(day);
            let sql = "UPDATE inquiries SET complained_day = ?2 WHERE id = ?1 AND (complained_day IS NULL OR severity = 0)";
            conn.exec(sql, params![id, since]).map(drop)
        })
    }

    /// An operator says whose words they are.
    pub fn whose_inquiry(&self, id: i64, customer: i64, by: &str) -> Result<()> {
        self.change(id, by, |conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE customer = ?1", params![customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: customer });
            }
            conn.exec("UPDATE inquiries SET record = ?2 WHERE id = ?1", params![id, customer]).map(drop)
        })
    }

    /// The wish to leave that somebody only suggested was taken, or was none.
    pub fn settle_leaving(&self, id: i64, leaving: Leaving, by: &str) -> Result<()> {
        self.change(id, by, |conn| {
            let code = i64::from(leaving.code());
            conn.exec("UPDATE inquiries SET leaves = ?2 WHERE id = ?1", params![id, code]).map(drop)
        })
    }

    fn change(&self, id: i64, by: &str, act: impl FnOnce(&mut Conn) -> Result<()>) -> Result<()> {
        if by.trim().is_empty() {
            return Err(Error::Refused("an inquiry is seen to by somebody with a name".to_owned()));
        }
        self.db.write_now(|conn| {
            let sql = "SELECT COALESCE(record, 0) FROM inquiries WHERE id = ?1 AND closed_at IS NULL";
            let Some(before) = conn.one(sql, params![id], |row| row.int(0))? else {
                return Err(Error::Missing { what: "open inquiry with the number", id });
            };
            act(conn)?;
            let after =
                conn.number("SELECT COALESCE(record, 0) FROM inquiries WHERE id = ?1", params![id])?;
            note(conn, (before > 0).then_some(before))?;
            note(conn, (after > 0 && after != before).then_some(after))
        })
    }

    /// Stops an address that customers have, whoever of them it was that asked: the must-not is written and
    /// every touch in line to it is skipped, in one breath. Says whether anybody has it.
    pub fn stop_address(&self, key: MatchKey, closing: &Closing, note: &str, at: i64) -> Result<bool> {
        self.db.write_now(|conn| {
            let sql = "SELECT record FROM match_keys WHERE key = ?1";
            let records = conn.all(sql, params![key.0], |row| row.int(0))?;
            if records.is_empty() {
                return Ok(false);
            }
            let stop = NewStop {
                record: None,
                key: Some(key.0),
                channel: closing.channel,
                reason: closing.reason,
                since: None,
                note: note.to_owned(),
                source: String::new(),
                by: "customer".to_owned(),
                at,
            };
            add_stop(conn, &stop)?;
            skip_open(conn, Whose::Address(key.0), closing.channel, None, closing.rule, at)?;
            changes::note_records(conn, &records)?;
            Ok(true)
        })
    }

    /// The customer who has this address, number or id; `None` where nobody has, or more than one.
    pub fn only_one_with(&self, key: MatchKey) -> Result<Option<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM match_keys k JOIN records r ON r.id = k.record WHERE k.key = ?1 LIMIT 2";
        let found = self.db.read(|conn| conn.all(sql, params![key.0], |row| row.int(0)))?;
        Ok(if let [one] = found[..] { Some(one) } else { None })
    }
}

/// The open talk that words belong to: the same customer's, or the same stranger's, by the same way.
fn open_talk(conn: &mut Conn, words: &NewWords) -> Result<Option<i64>> {
    let way = i64::from(words.way.code());
    let sql = |whose: &str| {
        format!(
            "SELECT i.id FROM inquiries i WHERE {whose} AND i.way = ?2 AND i.closed_at IS NULL ORDER BY i.id DESC LIMIT 1"
        )
    };
    match words.record {
        Some(record) => {
            let whose = "i.record IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))";
            conn.one(&sql(whose), params![record, way], |row| row.int(0))
        }
        None if words.contact.is_empty() => Ok(None),
        None => {
            // Strangers are few, and among those that nobody settled only.
            let whose = "i.record IS NULL AND i.contact = ?1";
            conn.one(&sql(whose), params![&words.contact, way], |row| row.int(0))
        }
    }
}

fn go_on(conn: &mut Conn, id: i64, words: &NewWords) -> Result<i64> {
    // Whoever writes again waits again, from now on.
    let sql = "UPDATE inquiries SET since = CASE WHEN answered_at IS NULL THEN since ELSE ?2 END,
               answered_by = NULL, answered_at = NULL, last_at = CASE WHEN last_at > ?2 THEN last_at ELSE ?2 END,
               last_day = CASE WHEN last_day > ?3 THEN last_day ELSE ?3 END,
               complained_day = CASE WHEN severity = 0 AND ?4 > severity THEN ?3 ELSE complained_day END,
               owner = CASE WHEN owner = '' THEN ?5 ELSE owner END, due = COALESCE(due, ?6),
               leaves = CASE WHEN leaves > ?7 THEN leaves ELSE ?7 END, touch = COALESCE(?8, touch),
               contact = CASE WHEN contact = '' THEN ?9 ELSE contact END WHERE id = ?1";
    let (severity, leaves) = (i64::from(words.severity.code()), i64::from(words.leaving.code()));
    let (owner, contact) = (&words.owner, &words.contact);
    let row = params![id, words.at, words.day, severity, owner, words.due, leaves, words.touch, contact];
    conn.exec(sql, row)?;
    conn.exec("UPDATE inquiries SET severity = ?2 WHERE id = ?1 AND severity < ?2", params![id, severity])?;
    Ok(id)
}

fn begin(conn: &mut Conn, words: &NewWords) -> Result<i64> {
    let sql =
        "INSERT INTO inquiries (record, way, touch, day, last_day, at, since, last_at, subject, contact,
               severity, complained_day, leaves, owner, due, closed_by, closed_at, closed_day)
               VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) RETURNING id";
    let complained = (words.severity != Severity::None).then_some(words.day);
    let row = params![
        words.record,
        i64::from(words.way.code()),
        words.touch,
        words.day,
        words.at,
        &words.subject,
        &words.contact,
        i64::from(words.severity.code()),
        complained,
        i64::from(words.leaving.code()),
        &words.owner,
        words.due,
        words.settled.then_some("mezame"),
        words.settled.then_some(words.at),
        words.settled.then_some(words.day)
    ];
    Ok(conn.one(sql, row, |row| row.int(0))?.unwrap_or(0))
}

fn say(conn: &mut Conn, talk: i64, at: i64, by: &str, said: &str, proof: Option<&str>) -> Result<()> {
    let sql = "INSERT INTO inquiry_words (inquiry, at, said_by, said, proof) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.exec(sql, params![talk, at, by, said, proof]).map(drop)
}

/// What a customer writes is among what they are judged by.
fn note(conn: &mut Conn, record: Option<i64>) -> Result<()> {
    record.map_or(Ok(()), |record| changes::note_records(conn, &[record]))
}

fn inquiry(row: &Row<'_>) -> Result<StoredInquiry> {
    Ok(StoredInquiry {
        id: row.int(0)?,
        customer: row.opt_int(1)?,
        way: row.known(2, InquiryWay::from_code)?,
        touch: row.opt_int(3)?,
        at: row.int(4)?,
        last_at: row.int(5)?,
        since: row.int(6)?,
        subject: row.text(7)?,
        contact: row.text(8)?,
        severity: row.known(9, Severity::from_code)?,
        leaving: row.known(10, Leaving::from_code)?,
        owner: row.text(11)?,
        due: row.opt_int(12)?,
        answered: row.opt_text(13)?.zip(row.opt_int(14)?),
        closed: row.opt_text(15)?.zip(row.opt_int(16)?),
    })
}

fn words(row: &Row<'_>) -> Result<InquiryWords> {
    Ok(InquiryWords { inquiry: row.int(0)?, at: row.int(1)?, by: row.text(2)?, said: row.text(3)? })
}
