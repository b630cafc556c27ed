//! How much each customer was written to in a stretch of time, and who closed a channel in another.

use crate::{Result, Store};
use model::{StopReason, TouchState};
use std::collections::BTreeSet;

/// What a customer closes by their own word.
const OWN: [StopReason; 7] = [
    StopReason::MailOptOut,
    StopReason::PostStop,
    StopReason::PhoneRefusal,
    StopReason::Withdrawn,
    StopReason::SmsOptOut,
    StopReason::LineBlock,
    StopReason::AdsOptOut,
];

impl Store {
    /// Every customer who was touched from a moment up to another (Unix seconds), with how often.
    pub fn touched_between(&self, from: i64, to: i64, each: &mut dyn FnMut(i64, u32)) -> Result<()> {
        let states: Vec<String> = [TouchState::Attempted, TouchState::Sent, TouchState::InDoubt]
            .iter()
            .map(|s| s.code().to_string())
            .collect();
        let sql = format!(
            "SELECT r.customer, COUNT(*) FROM touches t JOIN records r ON r.id = t.customer
             WHERE t.state IN ({}) AND COALESCE(t.settled, t.due) >= {from} AND COALESCE(t.settled, t.due) < {to}
             GROUP BY r.customer",
            states.join(",")
        );
        self.db.read(|conn| {
            conn.each(&sql, &[], |row| {
                each(row.int(0)?, u32::try_from(row.int(1)?).unwrap_or(u32::MAX));
                Ok(())
            })
        })
    }

    /// Customers who closed a channel themselves from a moment up to another (Unix seconds).
    pub fn left_between(&self, from: i64, to: i64) -> Result<BTreeSet<i64>> {
        let reasons: Vec<String> = OWN.iter().map(|r| r.code().to_string()).collect();
        let when = format!("s.reason IN ({}) AND s.at >= {from} AND s.at < {to}", reasons.join(","));
        let sql = format!(
            "SELECT r.customer FROM suppressions s JOIN records r ON r.id = s.record WHERE {when}
             UNION SELECT r.customer FROM suppressions s JOIN match_keys k ON k.key = s.match_key
             JOIN records r ON r.id = k.record WHERE {when}"
        );
        let rows = self.db.read(|conn| conn.all(&sql, &[], |row| row.int(0)))?;
        Ok(rows.into_iter().collect())
    }
}
