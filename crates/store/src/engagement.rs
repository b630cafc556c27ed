//! What passed between the shop and one customer, over every campaign: each thing, and their sums.

use crate::db::params;
use crate::responses::response;
use crate::{Result, Store};
use model::{ActivityKind, CallResult, Channel, Day, Response, ResponseKind};

/// A customer's records, whichever of them is named.
const THEIRS: &str = "(SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))";

/// A response with where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CameBack {
    pub response: Response,
    pub channel: Channel,
    pub campaign: i64,
}

/// Sums of one customer: per channel how many touches left, what came back of how many touches by a person
/// (bounces and deliveries by systems), and what calls came to.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct EngagementSums {
    pub left: Vec<(Channel, u64)>,
    pub heard: Vec<(Channel, ResponseKind, u64)>,
    pub calls: Vec<(CallResult, u64)>,
}

impl Store {
    /// Everything that came back from a customer, the newest first.
    pub fn responses_of(&self, customer: i64, limit: usize) -> Result<Vec<CameBack>> {
        let sql = format!(
            "SELECT e.id, e.touch, e.kind, e.at, e.link, e.agent, e.network, e.said, e.verdict, t.channel, t.campaign
             FROM touches t JOIN responses e ON e.touch = t.id WHERE t.customer IN {THEIRS} ORDER BY e.at DESC, e.id DESC LIMIT ?2"
        );
        self.db.read(|conn| {
            conn.all(&sql, params![customer, limit], |row| {
                let (channel, campaign) = (row.known(9, Channel::from_code)?, row.int(10)?);
                Ok(CameBack { response: response(row)?, channel, campaign })
            })
        })
    }

    /// The sums of a customer.
    pub fn engagement(&self, customer: i64) -> Result<EngagementSums> {
        self.db.read(|conn| {
            // Attempted, sent and in doubt: what has left, or may have.
            let sql = format!(
                "SELECT channel, COUNT(*) FROM touches WHERE state IN (2, 3, 6) AND customer IN {THEIRS} GROUP BY channel ORDER BY channel"
            );
            let left = conn.all(&sql, params![customer], |row| {
                Ok((row.known(0, Channel::from_code)?, row.int(1)?.unsigned_abs()))
            })?;
            let sql = format!(
                "SELECT t.channel, e.kind, COUNT(DISTINCT e.touch) FROM touches t JOIN responses e ON e.touch = t.id
                 WHERE e.verdict = 0 AND t.customer IN {THEIRS} GROUP BY t.channel, e.kind ORDER BY 1, 2"
            );
            let heard = conn.all(&sql, params![customer], |row| {
                let kind = row.known(1, ResponseKind::from_code)?;
                Ok((row.known(0, Channel::from_code)?, kind, row.int(2)?.unsigned_abs()))
            })?;
            let sql = format!(
                "SELECT result, COUNT(*) FROM calls WHERE undone IS NULL AND customer IN {THEIRS} GROUP BY result ORDER BY result"
            );
            let calls = conn.all(&sql, params![customer], |row| {
                Ok((row.known(0, CallResult::from_code)?, row.int(1)?.unsigned_abs()))
            })?;
            Ok(EngagementSums { left, heard, calls })
        })
    }

    /// Activities that calls wrote of a customer: whoever tells of the calls need not tell them again.
    pub fn told_by_calls(&self, customer: i64) -> Result<Vec<(Day, ActivityKind, String)>> {
        let sql = format!(
            "SELECT day, kind, told FROM calls WHERE kind IS NOT NULL AND undone IS NULL AND customer IN {THEIRS}"
        );
        self.db.read(|conn| {
            conn.all(&sql, params![customer], |row| {
                Ok((row.day(0)?, row.known(1, ActivityKind::from_code)?, row.text(2)?))
            })
        })
    }
}
