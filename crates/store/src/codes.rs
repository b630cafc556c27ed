//! Coupon codes: those the cart gave, those of a campaign's list, and the orders that named one.

use crate::db::{Conn, Row, V, params};
use crate::{Counting, Result, Store};
use model::{Day, HeldCoupon, Money};
use std::collections::BTreeMap;

/// How a list of codes stands.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct CodeStock {
    pub all: u64,
    /// Not given to anybody yet.
    pub left: u64,
}

/// A code that somebody was given. Unix seconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    pub campaign: i64,
    pub code: String,
    pub given: i64,
    pub used: Option<i64>,
}

/// A shared or spoken code, and of which part of a campaign it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedCode {
    pub campaign: i64,
    pub code: String,
    /// `None`: of the whole campaign.
    pub step: Option<u16>,
    pub variant: Option<u8>,
    /// Unix seconds: orders from here on, and before there.
    pub from: i64,
    pub until: i64,
}

/// What a shared or spoken code brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeOrders {
    pub code: String,
    pub step: Option<u16>,
    pub variant: Option<u8>,
    pub orders: u64,
    pub sales: Money,
}

/// Coupons that a person holds in the cart, by their code.
pub(crate) fn held(conn: &mut Conn, customer: i64) -> Result<Vec<HeldCoupon>> {
    let sql = "SELECT r.ext_id, h.code, h.name, h.expires, h.used, h.as_of FROM records r
               JOIN held_coupons h ON h.record = r.id WHERE r.customer = ?1 ORDER BY h.expires, h.code";
    conn.all(sql, params![customer], |row| coupon(row, 0))
}

fn coupon(row: &Row<'_>, at: usize) -> Result<HeldCoupon> {
    Ok(HeldCoupon {
        who: row.text(at)?,
        code: row.text(at + 1)?,
        name: row.text(at + 2)?,
        expires: row.opt_day(at + 3)?,
        used: row.bool(at + 4)?,
        as_of: row.opt_day(at + 5)?,
    })
}

impl Store {
    /// The coupons that these people hold, used ones too; one that an order names counts as used.
    pub fn held_coupons(&self, people: &[i64]) -> Result<BTreeMap<i64, Vec<HeldCoupon>>> {
        let mut all: BTreeMap<i64, Vec<HeldCoupon>> = BTreeMap::new();
        let held = "SELECT r.customer, r.ext_id, h.code, h.name, h.expires, h.used, h.as_of FROM records r
                    JOIN held_coupons h ON h.record = r.id WHERE r.customer IN ({ids}) ORDER BY h.expires, h.code";
        let named = "SELECT r.customer, o.medium FROM records r JOIN orders o ON o.record = r.id
                     WHERE o.medium IS NOT NULL AND o.kind = 0 AND o.standing <= 1 AND r.customer IN ({ids})";
        self.db.read(|conn| {
            conn.each_of(held, people, |row| {
                all.entry(row.int(0)?).or_default().push(coupon(row, 1)?);
                Ok(())
            })?;
            let holders: Vec<i64> = all.keys().copied().collect();
            conn.each_of(named, &holders, |row| {
                let (person, code) = (row.int(0)?, row.text(1)?);
                let theirs = all.entry(person).or_default().iter_mut();
                theirs.filter(|c| c.code.eq_ignore_ascii_case(&code)).for_each(|c| c.used = true);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// Persons who hold an unused coupon that lapses on a day; ascending.
    pub fn coupons_end_on(&self, day: Day) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM held_coupons h JOIN records r ON r.id = h.record
                   WHERE h.expires = ?1 AND h.used = 0 ORDER BY 1";
        self.db.read(|conn| conn.all(sql, params![day], |row| row.int(0)))
    }

    /// Adds codes to a campaign's list, in their order. Returns how many were new; a code that is on any
    /// list already, or was given out, stays where it is.
    pub fn add_cart_codes(&self, campaign: i64, codes: &[String]) -> Result<u64> {
        let mut new = 0;
        for some in codes.chunks(1_000) {
            new += self.db.write(|conn| {
                let sql = "SELECT COALESCE(MAX(place), 0) FROM cart_codes WHERE campaign = ?1";
                let mut place = conn.number(sql, params![campaign])?;
                let mut new = 0;
                for code in some {
                    if conn.number("SELECT COUNT(*) FROM coupons WHERE code = ?1", params![code])? > 0 {
                        continue;
                    }
                    place += 1;
                    let sql = "INSERT INTO cart_codes (code, campaign, place) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
                    new += conn.exec(sql, params![code, campaign, place])?;
                }
                Ok(new)
            })?;
        }
        Ok(new)
    }

    /// How many codes a campaign's list has, and how many are left.
    pub fn code_stock(&self, campaign: i64) -> Result<CodeStock> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN given IS NULL THEN 1 ELSE 0 END), 0) FROM cart_codes WHERE campaign = ?1";
        let stock = |row: &Row<'_>| {
            Ok(CodeStock { all: row.int(0)?.unsigned_abs(), left: row.int(1)?.unsigned_abs() })
        };
        self.db.read(|conn| Ok(conn.one(sql, params![campaign], stock)?.unwrap_or_default()))
    }

    /// The codes of a campaign's list that nobody was given yet, in their order.
    pub fn codes_left(&self, campaign: i64, each: &mut dyn FnMut(String)) -> Result<()> {
        let sql = "SELECT code FROM cart_codes WHERE campaign = ?1 AND given IS NULL ORDER BY place";
        self.db.read(|conn| {
            conn.each(sql, params![campaign], |row| {
                each(row.text(0)?);
                Ok(())
            })
        })
    }

    /// Gives each of these customers the next code of the campaign's list, once: whoever has one keeps it,
    /// and no code goes to two. Those for whom none was left are missing from the answer.
    pub fn give_codes(&self, campaign: i64, customers: &[i64], at: i64) -> Result<BTreeMap<i64, String>> {
        self.db.write_now(|conn| {
            let mut given = BTreeMap::new();
            for customer in customers {
                let sql = "SELECT code FROM coupons WHERE campaign = ?1 AND customer = ?2";
                let known = conn.one(sql, params![campaign, *customer], |row| row.text(0))?;
                let code = match known {
                    Some(code) => Some(code),
                    None => next_code(conn, campaign, *customer, at)?,
                };
                given.extend(code.map(|code| (*customer, code)));
            }
            Ok(given)
        })
    }

    /// Ties orders to the unique codes they name, of codes given since a moment. Returns how many were new.
    pub fn tie_unique_codes(&self, since: i64) -> Result<u64> {
        // An order of which only the day is known counts from that day's midnight.
        let sql = "SELECT c.code, o.id, o.at FROM coupons c
                   JOIN orders o ON UPPER(o.medium) = UPPER(c.code) AND o.medium IS NOT NULL
                   WHERE c.order_id IS NULL AND c.issued >= ?1 AND o.kind = 0 AND o.standing <= 1
                   AND o.at >= c.issued - 86400 ORDER BY o.at, o.id";
        let found = self
            .db
            .read(|conn| conn.all(sql, params![since], |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?))))?;
        let sql = "UPDATE coupons SET redeemed = COALESCE(redeemed, ?3), order_id = ?2
                   WHERE code = ?1 AND order_id IS NULL";
        let mut new = 0;
        for some in found.chunks(1_000) {
            new += self.db.write_now(|conn| {
                let tie = |new: u64, (code, order, at): &(String, i64, i64)| {
                    Ok(new + conn.exec(sql, params![code, *order, *at])?)
                };
                some.iter().try_fold(0, tie)
            })?;
        }
        Ok(new)
    }

    /// Ties orders to a shared or spoken code that they name. Returns how many were new.
    pub fn tie_shared_code(&self, shared: &SharedCode) -> Result<u64> {
        let sql = "INSERT INTO redemptions (order_id, campaign, code, step, variant)
                   SELECT o.id, ?1, ?2, ?3, ?4 FROM orders o WHERE UPPER(o.medium) = UPPER(?5) AND o.medium IS NOT NULL
                   AND o.kind = 0 AND o.at >= ?6 AND o.at < ?7 ON CONFLICT DO NOTHING";
        let values: [V<'_>; 7] = [
            shared.campaign.into(),
            shared.code.as_str().into(),
            shared.step.map_or(-1, i64::from).into(),
            shared.variant.map_or(-1, i64::from).into(),
            shared.code.as_str().into(),
            shared.from.into(),
            shared.until.into(),
        ];
        self.db.write_now(|conn| conn.exec(sql, &values))
    }

    /// What each shared or spoken code of a campaign brought, of orders that count.
    pub fn code_orders(&self, campaign: i64, counting: &Counting) -> Result<Vec<CodeOrders>> {
        let sql = "SELECT d.code, d.step, d.variant, COUNT(*), CAST(SUM(o.total - o.refunded) AS BIGINT)
                   FROM redemptions d JOIN orders o ON o.id = d.order_id
                   WHERE d.campaign = ?1 AND o.kind = 0 AND o.standing <= ?2
                   GROUP BY d.code, d.step, d.variant ORDER BY d.step, d.variant, d.code";
        self.db.read(|conn| {
            conn.all(sql, params![campaign, i64::from(counting.pending)], |row| {
                Ok(CodeOrders {
                    code: row.text(0)?,
                    step: u16::try_from(row.int(1)?).ok(),
                    variant: u8::try_from(row.int(2)?).ok(),
                    orders: row.int(3)?.unsigned_abs(),
                    sales: Money(row.int(4)?),
                })
            })
        })
    }

    /// The codes that a person was given, the newest first.
    pub fn codes_of_person(&self, person: i64) -> Result<Vec<Given>> {
        let sql = "SELECT c.campaign, c.code, c.issued, c.redeemed FROM records r JOIN coupons c ON c.customer = r.id
                   WHERE r.customer = ?1 ORDER BY c.issued DESC, c.code";
        self.db.read(|conn| {
            conn.all(sql, params![person], |row| {
                Ok(Given {
                    campaign: row.int(0)?,
                    code: row.text(1)?,
                    given: row.int(2)?,
                    used: row.opt_int(3)?,
                })
            })
        })
    }
}

/// The next code of a list, taken and given in one.
fn next_code(conn: &mut Conn, campaign: i64, customer: i64, at: i64) -> Result<Option<String>> {
    let sql = "SELECT code FROM cart_codes WHERE campaign = ?1 AND given IS NULL ORDER BY place LIMIT 1";
    let Some(code) = conn.one(sql, params![campaign], |row| row.text(0))? else { return Ok(None) };
    conn.exec("UPDATE cart_codes SET given = ?2 WHERE code = ?1", params![&code, at])?;
    let sql = "INSERT INTO coupons (code, campaign, customer, issued) VALUES (?1, ?2, ?3, ?4)";
    conn.exec(sql, params![&code, campaign, customer, at])?;
    Ok(Some(code))
}
