//! Everything about one customer, for their page.

use crate::db::{Conn, Row, params};
use crate::identity::{STORED, Stored, Suggestion, pair, stored_row, with_records};
use crate::import::kind_and_standing;
use crate::permission::{SUPPRESSION_COLUMNS, StoredConsent, StoredSuppression, suppression};
use crate::{Result, Store};
use model::{
    Activity, ActivityKind, Balance, Basis, Buyer, Channel, HeldCoupon, Line, Money, Order, Subscription,
    SubscriptionStatus,
};
use std::collections::HashMap;

/// Orders shown at most; a till's "no name" customer may have millions.
const ORDERS: usize = 1_000;

/// One customer with all that is known.
#[derive(Clone, PartialEq, Debug)]
pub struct Person {
    pub customer: i64,
    /// The founding record first.
    pub records: Vec<Stored>,
    /// Newest first, with lines; the newest thousand.
    pub orders: Vec<StoredOrder>,
    /// Newest first; `who` is the id in its source.
    pub activities: Vec<Activity>,
    pub subscriptions: Vec<Subscription>,
    pub balances: Vec<Balance>,
    pub coupons: Vec<HeldCoupon>,
    /// Newest first.
    pub consents: Vec<StoredConsent>,
    /// Lifted ones too; those of an address that this customer has too.
    pub suppressions: Vec<StoredSuppression>,
    /// Merges in force.
    pub merges: Vec<Merge>,
    /// Pairs with another customer that wait for a decision.
    pub suggestions: Vec<Suggestion>,
}

/// An order as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredOrder {
    pub id: i64,
    pub record: i64,
    pub source: String,
    /// `buyer.record` is `None`: it is in the records.
    pub order: Order,
}

/// Why two records are one customer.
#[derive(Clone, PartialEq, Debug)]
pub struct Merge {
    pub id: i64,
    pub a: i64,
    pub b: i64,
    pub facts: Vec<String>,
    /// `rule`, or the operator.
    pub by: String,
    pub at: i64,
}

impl Store {
    /// Everything about one customer; `None` when there is none of this number.
    pub fn person(&self, customer: i64) -> Result<Option<Person>> {
        self.db.read(|conn| {
            let sql = format!("{STORED} WHERE r.customer = ?1 ORDER BY r.id");
            let records = conn.all(&sql, params![customer], stored_row)?;
            if records.is_empty() {
                return Ok(None);
            }
            Ok(Some(Person {
                customer,
                orders: orders(conn, customer)?,
                activities: activities(conn, customer)?,
                subscriptions: subscriptions(conn, customer)?,
                balances: balances(conn, customer)?,
                coupons: crate::codes::held(conn, customer)?,
                consents: consents(conn, customer)?,
                suppressions: suppressions(conn, customer)?,
                merges: merges(conn, customer)?,
                suggestions: suggestions(conn, customer)?,
                records,
            }))
        })
    }
}

fn orders(conn: &mut Conn, customer: i64) -> Result<Vec<StoredOrder>> {
    let sql = "SELECT o.id, o.record, s.name, o.ext_id, r.ext_id, o.at, o.day, o.kind, o.standing, o.total, o.refunded,
        o.goods, o.shipping, o.tax, o.discount, o.points, o.gift, o.shipped, o.medium, o.refund_of
        FROM records r JOIN orders o ON o.record = r.id JOIN sources s ON s.id = o.source
        WHERE r.customer = ?1 ORDER BY o.at DESC, o.id DESC LIMIT ?2";
    let mut orders = conn.all(sql, params![customer, ORDERS], order)?;
    let ids: Vec<i64> = orders.iter().map(|o| o.id).collect();
    let mut lines: HashMap<i64, Vec<Line>> = HashMap::new();
    let sql = "SELECT order_id, name, sku, category, quantity, price FROM lines WHERE order_id IN ({ids}) ORDER BY order_id, place";
    conn.each_of(sql, &ids, |row| {
        lines.entry(row.int(0)?).or_default().push(Line {
            name: row.text(1)?,
            sku: row.text(2)?,
            category: row.text(3)?,
            quantity: row.int(4)?,
            price: Money(row.int(5)?),
        });
        Ok(())
    })?;
    for order in &mut orders {
        order.order.lines = lines.remove(&order.id).unwrap_or_default();
    }
    Ok(orders)
}

fn order(row: &Row<'_>) -> Result<StoredOrder> {
    let money = |i| Ok::<_, crate::Error>(row.opt_int(i)?.map(Money));
    let (kind, standing) = kind_and_standing(row.int(7)?, row.int(8)?)?;
    let order = Order {
        ext_id: row.text(3)?,
        buyer: Buyer { ext_id: row.text(4)?, record: None },
        at: row.int(5)?,
        day: row.day(6)?,
        kind,
        standing,
        total: Money(row.int(9)?),
        refunded: Money(row.int(10)?),
        goods: money(11)?,
        shipping: money(12)?,
        tax: money(13)?,
        discount: money(14)?,
        points: money(15)?,
        gift: row.bool(16)?,
        shipped: row.opt_day(17)?,
        medium: row.opt_text(18)?,
        refund_of: row.opt_text(19)?,
        lines: vec![],
    };
    Ok(StoredOrder { id: row.int(0)?, record: row.int(1)?, source: row.text(2)?, order })
}

fn activities(conn: &mut Conn, customer: i64) -> Result<Vec<Activity>> {
    let sql = "SELECT r.ext_id, a.kind, a.day, a.note FROM records r JOIN activities a ON a.record = r.id
               WHERE r.customer = ?1 ORDER BY a.day DESC, a.kind DESC LIMIT 20000";
    conn.all(sql, params![customer], |row| {
        Ok(Activity {
            who: row.text(0)?,
            kind: row.known(1, ActivityKind::from_code)?,
            day: row.day(2)?,
            note: row.text(3)?,
        })
    })
}

fn subscriptions(conn: &mut Conn, customer: i64) -> Result<Vec<Subscription>> {
    let sql = "SELECT s.ext_id, r.ext_id, s.standing, s.started, s.ended, s.next_delivery, s.product
               FROM records r JOIN subscriptions s ON s.record = r.id WHERE r.customer = ?1 ORDER BY s.id";
    conn.all(sql, params![customer], |row| {
        Ok(Subscription {
            ext_id: row.text(0)?,
            who: row.text(1)?,
            status: row.known(2, SubscriptionStatus::from_code)?,
            started: row.opt_day(3)?,
            ended: row.opt_day(4)?,
            next_delivery: row.opt_day(5)?,
            product: row.text(6)?,
        })
    })
}

fn balances(conn: &mut Conn, customer: i64) -> Result<Vec<Balance>> {
    let sql =
        "SELECT r.ext_id, b.points, b.expires, b.as_of FROM records r JOIN balances b ON b.record = r.id
               WHERE r.customer = ?1 ORDER BY r.id";
    conn.all(sql, params![customer], |row| {
        let (expires, as_of) = (row.opt_day(2)?, row.opt_day(3)?);
        Ok(Balance { who: row.text(0)?, points: Money(row.int(1)?), expires, as_of })
    })
}

fn consents(conn: &mut Conn, customer: i64) -> Result<Vec<StoredConsent>> {
    let sql =
        "SELECT c.record, c.channel, c.basis, c.given, c.given_on, c.evidence, s.name, c.day FROM records r
               JOIN consents c ON c.record = r.id JOIN sources s ON s.id = c.source
               WHERE r.customer = ?1 ORDER BY c.day DESC, c.id DESC";
    conn.all(sql, params![customer], |row| {
        Ok(StoredConsent {
            record: row.int(0)?,
            channel: row.known(1, Channel::from_code)?,
            basis: row.known(2, Basis::from_code)?,
            given: row.bool(3)?,
            on: row.opt_day(4)?,
            evidence: row.text(5)?,
            source: row.text(6)?,
            day: row.day(7)?,
        })
    })
}

fn suppressions(conn: &mut Conn, customer: i64) -> Result<Vec<StoredSuppression>> {
    let sql = format!(
        "SELECT {SUPPRESSION_COLUMNS} FROM suppressions s WHERE s.record IN (SELECT id FROM records WHERE customer = ?1)
         UNION SELECT {SUPPRESSION_COLUMNS} FROM suppressions s WHERE s.match_key IN (SELECT k.key FROM records r
         JOIN match_keys k ON k.record = r.id WHERE r.customer = ?1) ORDER BY 1"
    );
    conn.all(&sql, params![customer], suppression)
}

fn merges(conn: &mut Conn, customer: i64) -> Result<Vec<Merge>> {
    let sql = "SELECT m.id, m.a, m.b, m.facts, m.made_by, m.at FROM records r JOIN merges m ON m.a = r.id
               WHERE r.customer = ?1 AND m.undone_at IS NULL ORDER BY m.id";
    conn.all(sql, params![customer], |row| {
        Ok(Merge {
            id: row.int(0)?,
            a: row.int(1)?,
            b: row.int(2)?,
            facts: serde_json::from_str(&row.text(3)?)?,
            by: row.text(4)?,
            at: row.int(5)?,
        })
    })
}

fn suggestions(conn: &mut Conn, customer: i64) -> Result<Vec<Suggestion>> {
    let sql = "SELECT id, a, b, facts, conflict, at FROM suggestions WHERE a IN (SELECT id FROM records WHERE customer = ?1)
               UNION SELECT id, a, b, facts, conflict, at FROM suggestions
               WHERE b IN (SELECT id FROM records WHERE customer = ?1) ORDER BY 1";
    let pairs = conn.all(sql, params![customer], pair)?;
    with_records(conn, pairs)
}
