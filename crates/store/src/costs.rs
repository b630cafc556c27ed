//! What contacts really cost, by the shop's own books.

use crate::db::params;
use crate::{Result, Store};
use model::{Channel, Money};

/// The newest so many of a kind are looked at: prices change.
const NEWEST: i64 = 5_000;

/// What was paid by one channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paid {
    pub channel: Channel,
    pub contacts: u64,
    /// All of them together.
    pub cost: Money,
}

impl Store {
    /// What the newest contacts cost: messages as the gateway charged them, pieces of posted batches, calls
    /// with their minutes. Channels of which the books say nothing are left out.
    pub fn paid(&self) -> Result<Vec<Paid>> {
        let sms = "SELECT t.channel, COUNT(*), CAST(SUM(h.parts * h.price) AS BIGINT) FROM
                   (SELECT touch, parts, price FROM handovers WHERE price > 0 ORDER BY touch DESC LIMIT ?1) AS h
                   JOIN touches t ON t.id = h.touch GROUP BY t.channel ORDER BY t.channel";
        let post = "SELECT CAST(SUM(pieces) AS BIGINT), CAST(SUM(cost) AS BIGINT) FROM
                    (SELECT pieces, cost FROM batches WHERE posted_on IS NOT NULL AND pieces > 0 ORDER BY id DESC LIMIT ?1) AS b";
        let calls = "SELECT COUNT(*), CAST(SUM(cost) AS BIGINT) FROM
                     (SELECT cost FROM calls WHERE undone IS NULL ORDER BY touch DESC LIMIT ?1) AS c";
        self.db.read(|conn| {
            let mut all = conn.all(sms, params![NEWEST], |row| {
                Ok(Paid {
                    channel: row.known(0, Channel::from_code)?,
                    contacts: row.int(1)? as u64,
                    cost: Money(row.opt_int(2)?.unwrap_or(0)),
                })
            })?;
            for (sql, channel) in [(post, Channel::Post), (calls, Channel::Phone)] {
                let sum = conn.one(sql, params![NEWEST], |row| Ok((row.opt_int(0)?, row.opt_int(1)?)))?;
                if let Some((Some(contacts), Some(cost))) = sum {
                    all.push(Paid { channel, contacts: contacts as u64, cost: Money(cost) });
                }
            }
            all.retain(|paid| paid.contacts > 0);
            Ok(all)
        })
    }
}
