//! What a measurement needs of a campaign: who came back, with what; coupons; results kept.

use crate::db::{Row, V, params};
use crate::{Counting, Result, Store, settings::next_id};
use model::Money;

/// A result as it was told.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredMeasurement {
    pub campaign: i64,
    /// Unix seconds.
    pub at: i64,
    /// Told after the window had ended: it stands.
    pub last: bool,
    /// The caller's own JSON.
    pub body: String,
}

/// A code that was given out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coupon {
    pub code: String,
    pub customer: i64,
    /// Unix seconds.
    pub redeemed: Option<i64>,
}

/// The sales `o` that count as orders in this shop: completed is 0, pending 1 (model::Standing).
fn counted(counting: &Counting) -> String {
    let zero = if counting.zero { "" } else { "AND o.total > 0" };
    format!("o.kind = 0 AND o.standing <= {} {zero}", i64::from(counting.pending))
}

impl Store {
    /// Orders that count, of everybody in a plan, between two moments (the second excluded), in no
    /// order: (customer as assigned, Unix seconds, total, refunded, order).
    pub fn orders_of_plan(
        &self,
        plan: i64,
        from: i64,
        to: i64,
        counting: &Counting,
        each: &mut dyn FnMut(i64, i64, Money, Money),
    ) -> Result<()> {
        let counted = counted(counting);
        let sql = format!("SELECT a.customer, o.at, o.total, o.refunded FROM assignments a JOIN records r ON r.id = a.customer
                   JOIN records all_of ON all_of.customer = r.customer JOIN orders o ON o.record = all_of.id
                   WHERE a.plan = ?1 AND o.at >= ?2 AND o.at < ?3 AND {counted}");
        self.db.read(|conn| {
            conn.each(&sql, params![plan, from, to], |row: &Row<'_>| {
                each(row.int(0)?, row.int(1)?, Money(row.int(2)?), Money(row.int(3)?));
                Ok(())
            })
        })
    }

    /// Which of these people ordered between two moments.
    pub fn ordered_between(
        &self,
        people: &[i64],
        from: i64,
        to: i64,
        counting: &Counting,
    ) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT r.customer FROM records r JOIN orders o ON o.record = r.id WHERE o.at >= {from} AND o.at < {to}
             AND {} AND r.customer IN ({{ids}})",
            counted(counting)
        );
        self.numbers(&sql, people)
    }

    /// Unix seconds of the newest order; reads every order.
    pub fn newest_order(&self) -> Result<Option<i64>> {
        self.db.read(|conn| Ok(conn.one("SELECT MAX(at) FROM orders", &[], |row| row.opt_int(0))?.flatten()))
    }

    /// Unix seconds of the newest import of orders that ended well.
    pub fn newest_import(&self) -> Result<Option<i64>> {
        let sql = "SELECT MAX(at) FROM imports WHERE kind = 'orders' AND state = 'finished'";
        self.db.read(|conn| Ok(conn.one(sql, &[], |row| row.opt_int(0))?.flatten()))
    }

    /// Gives each of these customers a code, once; `make` gives the code of a customer. Returns the
    /// codes in the order of the customers.
    pub fn issue_coupons(
        &self,
        campaign: i64,
        customers: &[i64],
        at: i64,
        make: &dyn Fn(i64) -> String,
    ) -> Result<Vec<String>> {
        self.db.write_now(|conn| {
            let mut codes = Vec::with_capacity(customers.len());
            for customer in customers {
                let code = make(*customer);
                let sql = "INSERT INTO coupons (code, campaign, customer, issued) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
                conn.exec(sql, params![code.as_str(), campaign, *customer, at])?;
                let sql = "SELECT code FROM coupons WHERE campaign = ?1 AND customer = ?2";
                codes.push(conn.one(sql, params![campaign, *customer], |row| row.text(0))?.unwrap_or(code));
            }
            Ok(codes)
        })
    }

    /// Codes of a campaign, by customer.
    pub fn coupons(&self, campaign: i64, each: &mut dyn FnMut(Coupon)) -> Result<()> {
        let sql = "SELECT code, customer, redeemed FROM coupons WHERE campaign = ?1 ORDER BY customer";
        self.db.read(|conn| {
            conn.each(sql, params![campaign], |row| {
                each(Coupon { code: row.text(0)?, customer: row.int(1)?, redeemed: row.opt_int(2)? });
                Ok(())
            })
        })
    }

    /// A code was used; the first time counts. Says whether it was known and new.
    pub fn redeem(&self, code: &str, at: i64) -> Result<bool> {
        self.db.write_now(|conn| {
            let sql =
                "UPDATE coupons SET redeemed = ?2 WHERE (code = ?1 OR code = UPPER(?1)) AND redeemed IS NULL";
            Ok(conn.exec(sql, params![code, at])? > 0)
        })
    }

    /// Customers of a campaign to whom something happened, by a person: their touches' responses.
    pub fn responded(&self, campaign: i64, people: &[i64], kind: model::ResponseKind) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT t.customer FROM touches t JOIN responses r ON r.touch = t.id WHERE t.campaign = {campaign}
             AND r.kind = {} AND r.verdict = 0 AND t.customer IN ({{ids}})",
            kind.code()
        );
        self.numbers(&sql, people)
    }

    /// Which of these customers used their code, or ordered with a shared one.
    pub fn redeemed(&self, campaign: i64, customers: &[i64]) -> Result<Vec<i64>> {
        let own = format!(
            "SELECT customer FROM coupons WHERE campaign = {campaign} AND redeemed IS NOT NULL AND customer IN ({{ids}})"
        );
        let shared = format!(
            "SELECT DISTINCT a.id FROM records a JOIN records r ON r.customer = a.customer
             JOIN orders o ON o.record = r.id JOIN redemptions d ON d.order_id = o.id
             WHERE d.campaign = {campaign} AND o.standing <= 1 AND a.id IN ({{ids}})"
        );
        Ok([self.numbers(&own, customers)?, self.numbers(&shared, customers)?].concat())
    }

    /// The people whom a campaign reached so far, or may have, ascending.
    pub fn reached(&self, campaign: i64) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM touches t JOIN records r ON r.id = t.customer
                   WHERE t.campaign = ?1 AND t.state IN (2, 3, 6) ORDER BY 1";
        self.db.read(|conn| conn.all(sql, params![campaign], |row| row.int(0)))
    }

    /// Which of these people are in a plan more than once since a merge, one of them held out.
    pub fn mixed_arms(&self, plan: i64, people: &[i64]) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT r.customer FROM records r JOIN assignments a ON a.customer = r.id WHERE a.plan = {plan}
             AND r.customer IN ({{ids}}) GROUP BY r.customer HAVING COUNT(*) > 1 AND MAX(CASE WHEN a.arm = 1 THEN 1 ELSE 0 END) = 1"
        );
        self.numbers(&sql, people)
    }

    /// Who each of these customers is now: a merge may have given them another number.
    pub fn persons(&self, customers: &[i64]) -> Result<std::collections::BTreeMap<i64, i64>> {
        let mut persons = std::collections::BTreeMap::new();
        self.db.read(|conn| {
            conn.each_of("SELECT id, customer FROM records WHERE id IN ({ids})", customers, |row| {
                persons.insert(row.int(0)?, row.int(1)?);
                Ok(())
            })
        })?;
        Ok(persons)
    }

    fn numbers(&self, sql: &str, ids: &[i64]) -> Result<Vec<i64>> {
        let mut all = Vec::new();
        self.db.read(|conn| {
            conn.each_of(sql, ids, |row| {
                all.push(row.int(0)?);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// Customers of a plan's holdout whom other campaigns reached between two moments.
    pub fn reached_by_others(&self, plan: i64, campaign: i64, from: i64, to: i64) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT a.customer FROM assignments a JOIN records r ON r.id = a.customer
                   JOIN records all_of ON all_of.customer = r.customer JOIN touches t ON t.customer = all_of.id
                   WHERE a.plan = ?1 AND t.campaign <> ?2 AND t.state IN (2, 3, 6) AND COALESCE(t.settled, t.due) >= ?3
                   AND COALESCE(t.settled, t.due) < ?4";
        self.db.read(|conn| conn.all(sql, params![plan, campaign, from, to], |row| row.int(0)))
    }

    /// Keeps a result in place of an earlier one that was not the last.
    pub fn save_measurement(&self, m: &StoredMeasurement) -> Result<()> {
        self.db.write(|conn| {
            let sql = "DELETE FROM measurements WHERE campaign = ?1 AND final = 0";
            conn.exec(sql, params![m.campaign])?;
            let id = next_id(conn, "measurements")?;
            conn.exec(
                "INSERT INTO measurements (id, campaign, at, final, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                &[V::from(id), V::from(m.campaign), V::from(m.at), V::from(m.last), V::from(&m.body)],
            )
            .map(drop)
        })
    }

    /// The last result of each campaign, the newest campaign first.
    pub fn measurements(&self) -> Result<Vec<StoredMeasurement>> {
        let sql = "SELECT campaign, at, final, body FROM measurements WHERE id IN
                   (SELECT MAX(id) FROM measurements GROUP BY campaign) ORDER BY campaign DESC";
        self.db.read(|conn| {
            conn.all(sql, &[], |row| {
                Ok(StoredMeasurement {
                    campaign: row.int(0)?,
                    at: row.int(1)?,
                    last: row.bool(2)?,
                    body: row.text(3)?,
                })
            })
        })
    }
}
