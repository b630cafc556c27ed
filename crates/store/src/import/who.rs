//! Whom a row means: an id in its source, an id elsewhere, a mail address, a number.

use super::Write;
use super::seen::Seen;
use crate::Result;
use crate::db::params;
use crate::{address, bits};
use model::MatchKey;

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Who {
    /// This record.
    Record(i64),
    /// Nobody known by id; it is an address or number, held by these records of one customer or
    /// more, or by nobody yet.
    Key(MatchKey, Vec<Holder>),
    /// Nobody; the reason is for the rejects file.
    Nobody(&'static str),
}

/// A record and its customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Holder {
    pub record: i64,
    pub customer: i64,
}

impl Write<'_> {
    /// Whom `text` means.
    pub(super) fn who(&mut self, text: &str) -> Result<Who> {
        let text = text.trim();
        if let Some(seen) = self.memory.people.get(text) {
            return Ok(Who::Record(seen.record));
        }
        let here = self.conn.one(
            "SELECT id, bits FROM records WHERE source = ?1 AND ext_id = ?2",
            params![self.memory.source, text],
            |row| Ok(Seen { record: row.int(0)?, ordered: row.int(1)? & bits::ORDERED != 0 }),
        )?;
        if let Some(seen) = here {
            self.memory.people.put(text, seen);
            return Ok(Who::Record(seen.record));
        }
        let elsewhere = self.conn.all(
            "SELECT id, customer FROM records WHERE source IN (SELECT id FROM sources) AND ext_id = ?1 ORDER BY id",
            params![text],
            |row| Ok(Holder { record: row.int(0)?, customer: row.int(1)? }),
        )?;
        match only(&elsewhere) {
            Some(record) => return Ok(Who::Record(record)),
            None if !elsewhere.is_empty() => {
                return Ok(Who::Nobody(
                    "several sources have this id for different customers; name the source with --source",
                ));
            }
            None => {}
        }
        let Some(key) = address::key(text) else {
            return Ok(Who::Nobody("nobody with this id is known; import customers or orders first"));
        };
        let holders = self.conn.all(
            "SELECT r.id, r.customer FROM match_keys k JOIN records r ON r.id = k.record WHERE k.key = ?1 ORDER BY r.id",
            params![key.0],
            |row| Ok(Holder { record: row.int(0)?, customer: row.int(1)? }),
        )?;
        Ok(Who::Key(key, holders))
    }

    /// The one record meant, or why there is none.
    pub(super) fn one_record(&mut self, text: &str) -> Result<std::result::Result<i64, &'static str>> {
        Ok(match self.who(text)? {
            Who::Record(record) => Ok(record),
            Who::Nobody(why) => Err(why),
            Who::Key(_, holders) => match only(&holders) {
                Some(record) => Ok(record),
                None if holders.is_empty() => Err("nobody with this address or number is known"),
                None => Err("several customers share this address or number; name them by id"),
            },
        })
    }
}

/// The first record, when all are one customer.
fn only(holders: &[Holder]) -> Option<i64> {
    let first = holders.first()?;
    holders.iter().all(|h| h.customer == first.customer).then_some(first.record)
}
