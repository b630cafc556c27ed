//! Permissions as an operator sees and changes them: suppressions, attestations.

use crate::db::{Conn, Row, params};
use crate::settings::next_id;
use crate::{Error, Result, Store, changes};
use model::{ActivityKind, Basis, Channel, Day, StopReason};

/// A dated statement by a named operator that all customers of a source (or all) gave a basis.
#[derive(Clone, PartialEq, Debug)]
pub struct Attestation {
    pub channel: Channel,
    pub basis: Basis,
    /// `None`: all customers.
    pub source: Option<String>,
    /// What was shown to customers, where and since when.
    pub wording: String,
    /// The operator's name.
    pub by: String,
    /// Unix seconds.
    pub at: i64,
}

/// An attestation as it is kept; a revoked one stays on record.
#[derive(Clone, PartialEq, Debug)]
pub struct AttestationRow {
    pub id: i64,
    pub attestation: Attestation,
    /// Operator and Unix seconds.
    pub revoked: Option<(String, i64)>,
}

/// A must-not as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredSuppression {
    pub id: i64,
    /// `None` closes every channel.
    pub channel: Option<Channel>,
    pub reason: StopReason,
    /// Since when, as the source says.
    pub on: Option<Day>,
    pub note: String,
    /// Whose word it is; empty for an operator's.
    pub source: String,
    /// `import 12`, or the operator's name.
    pub by: String,
    pub at: i64,
    /// Operator, reason, Unix seconds; `None` while in force.
    pub lifted: Option<(String, String, i64)>,
}

/// A consent as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredConsent {
    pub record: i64,
    pub channel: Channel,
    pub basis: Basis,
    /// `false`: taken back, or a plain "no".
    pub given: bool,
    pub on: Option<Day>,
    /// The day given, or of its import.
    pub day: Day,
    pub evidence: String,
    pub source: String,
}

/// A must-not about to be kept, of a record or of an address.
#[derive(Clone)]
pub(crate) struct NewStop {
    pub record: Option<i64>,
    pub key: Option<i64>,
    pub channel: Option<Channel>,
    pub reason: StopReason,
    pub since: Option<Day>,
    pub note: String,
    pub source: String,
    pub by: String,
    pub at: i64,
}

/// Keeps it unless the same is in force; says whether it was new.
pub(crate) fn add_stop(conn: &mut Conn, stop: &NewStop) -> Result<bool> {
    let channel = stop.channel.map(|c| i64::from(c.code()));
    let (column, of) = if stop.record.is_some() { ("record", stop.record) } else { ("match_key", stop.key) };
    let same = conn.number(
        &format!(
            "SELECT COUNT(*) FROM suppressions WHERE {column} = ?1 AND COALESCE(channel, -1) = ?2 AND reason = ?3
             AND lifted_at IS NULL"
        ),
        params![of, channel.unwrap_or(-1), i64::from(stop.reason.code())],
    )?;
    if same > 0 {
        return Ok(false);
    }
    let id = next_id(conn, "suppressions")?;
    conn.exec(
        "INSERT INTO suppressions (id, record, match_key, channel, reason, since, note, source, made_by, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            id,
            stop.record,
            stop.key,
            channel,
            i64::from(stop.reason.code()),
            stop.since,
            &stop.note,
            &stop.source,
            &stop.by,
            stop.at
        ],
    )?;
    Ok(true)
}

/// Columns 0.. of `SUPPRESSION_COLUMNS`.
pub(crate) fn suppression(row: &Row<'_>) -> Result<StoredSuppression> {
    let lifted = match (row.opt_text(8)?, row.opt_text(9)?, row.opt_int(10)?) {
        (Some(by), Some(why), Some(at)) => Some((by, why, at)),
        _ => None,
    };
    Ok(StoredSuppression {
        id: row.int(0)?,
        channel: row.opt_int(1)?.map(|_| row.known(1, Channel::from_code)).transpose()?,
        reason: row.known(2, StopReason::from_code)?,
        on: row.opt_day(3)?,
        note: row.text(4)?,
        source: row.text(5)?,
        by: row.text(6)?,
        at: row.int(7)?,
        lifted,
    })
}

pub(crate) const SUPPRESSION_COLUMNS: &str = "s.id, s.channel, s.reason, s.since, s.note, s.source, s.made_by, s.at, s.lifted_by, s.lifted_why, s.lifted_at";

/// The UTC day of a time, for an operator's act that becomes an event.
fn day_of(at: i64) -> Day {
    Day(i32::try_from(at.div_euclid(86_400)).unwrap_or(i32::MAX))
}

impl Store {
    /// Records an attestation; returns its number.
    pub fn attest(&self, a: &Attestation) -> Result<i64> {
        named(&a.by, "an attestation")?;
        self.db.write(|conn| {
            if let Some(source) = &a.source {
                let known = conn.number("SELECT COUNT(*) FROM sources WHERE name = ?1", params![source])?;
                if known == 0 {
                    return Err(Error::Refused(format!("no import came from a source '{source}' yet")));
                }
            }
            let id = next_id(conn, "attestations")?;
            conn.exec(
                "INSERT INTO attestations (id, channel, basis, source, wording, made_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id,
                    i64::from(a.channel.code()),
                    i64::from(a.basis.code()),
                    a.source.as_deref(),
                    &a.wording,
                    &a.by,
                    a.at
                ],
            )?;
            Ok(id)
        })
    }

    /// Every attestation, newest first, revoked ones too.
    pub fn attestations(&self) -> Result<Vec<AttestationRow>> {
        self.db.read(|conn| {
            let sql = "SELECT id, channel, basis, source, wording, made_by, at, revoked_by, revoked_at FROM attestations ORDER BY id DESC";
            conn.all(sql, &[], |row| {
                Ok(AttestationRow {
                    id: row.int(0)?,
                    attestation: Attestation {
                        channel: row.known(1, Channel::from_code)?,
                        basis: row.known(2, Basis::from_code)?,
                        source: row.opt_text(3)?,
                        wording: row.text(4)?,
                        by: row.text(5)?,
                        at: row.int(6)?,
                    },
                    revoked: row.opt_text(7)?.zip(row.opt_int(8)?),
                })
            })
        })
    }

    /// Takes an attestation back from now on; it stays on record.
    pub fn revoke_attestation(&self, id: i64, by: &str, at: i64) -> Result<()> {
        named(by, "revoking")?;
        self.db.write(|conn| {
            let sql = "UPDATE attestations SET revoked_by = ?2, revoked_at = ?3 WHERE id = ?1 AND revoked_at IS NULL";
            match conn.exec(sql, params![id, by, at])? {
                0 => Err(Error::Missing { what: "attestation in force with the number", id }),
                _ => Ok(()),
            }
        })
    }

    /// Closes one channel (or all) for one customer.
    pub fn suppress(
        &self,
        customer: i64,
        channel: Option<Channel>,
        reason: StopReason,
        note: &str,
        by: &str,
        at: i64,
    ) -> Result<()> {
        named(by, "a suppression")?;
        self.db.write(|conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE customer = ?1", params![customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: customer });
            }
            let (note, by) = (note.to_owned(), by.to_owned());
            let stop = NewStop {
                record: Some(customer),
                key: None,
                channel,
                reason,
                since: None,
                note,
                source: String::new(),
                by,
                at,
            };
            if add_stop(conn, &stop)? && reason == StopReason::Withdrawn {
                event(conn, customer, ActivityKind::Withdrawn, day_of(at))?;
            }
            Ok(())
        })
    }

    /// Lifts a suppression: an operator's act, never an import's. It stays on record. Lifting
    /// the last `withdrawn` of a customer makes them rejoined.
    pub fn lift_suppression(&self, id: i64, by: &str, why: &str, at: i64) -> Result<()> {
        named(by, "lifting")?;
        self.db.write(|conn| {
            let sql = "SELECT reason FROM suppressions WHERE id = ?1 AND lifted_at IS NULL";
            let Some(reason) = conn.one(sql, params![id], |row| row.known(0, StopReason::from_code))? else {
                return Err(Error::Missing { what: "suppression in force with the number", id });
            };
            let sql = "UPDATE suppressions SET lifted_by = ?2, lifted_why = ?3, lifted_at = ?4 WHERE id = ?1";
            conn.exec(sql, params![id, by, why, at])?;
            if reason != StopReason::Withdrawn {
                return Ok(());
            }
            // One of an address held for everybody who has it.
            let sql =
                "SELECT DISTINCT r.customer FROM suppressions s LEFT JOIN match_keys k ON k.key = s.match_key
                       JOIN records r ON r.id = COALESCE(s.record, k.record) WHERE s.id = ?1";
            for customer in conn.all(sql, params![id], |row| row.int(0))? {
                rejoin(conn, customer, at)?;
            }
            Ok(())
        })
    }
}

fn rejoin(conn: &mut Conn, record: i64, at: i64) -> Result<()> {
    let of =
        "record IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))";
    let sql = format!("SELECT COUNT(*) FROM suppressions WHERE {of} AND reason = ?2 AND lifted_at IS NULL");
    if conn.number(&sql, params![record, i64::from(StopReason::Withdrawn.code())])? > 0 {
        return Ok(());
    }
    let sql = format!("SELECT MAX(day) FROM activities WHERE {of} AND kind = ?2");
    let left = conn.number(&sql, params![record, i64::from(ActivityKind::Withdrawn.code())])?;
    let day = day_of(at).max(Day(i32::try_from(left).unwrap_or(0)));
    event(conn, record, ActivityKind::Rejoined, day)
}

fn event(conn: &mut Conn, record: i64, kind: ActivityKind, day: Day) -> Result<()> {
    conn.exec(
        "INSERT INTO activities (record, day, kind, note, import) VALUES (?1, ?2, ?3, '', 0) ON CONFLICT DO NOTHING",
        params![record, day, i64::from(kind.code())],
    )?;
    changes::note_records(conn, &[record])
}

fn named(by: &str, what: &str) -> Result<()> {
    if by.trim().is_empty() {
        return Err(Error::Refused(format!("{what} needs the name of the operator")));
    }
    Ok(())
}
