//! What a letter needs of people, for many at a time: who they are, where it goes, what they bought last.

use crate::db::{Conn, Row};
use crate::identity::{STORED, Stored, stored_row};
use crate::{Result, Store, bits};
use model::{Day, MatchKey, Money};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What somebody bought last, for words in a letter. Gifts are left out, and products marked
/// sensitive are not named (M159).
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Bought {
    /// Orders that count, gifts among them.
    pub orders: u64,
    pub first: Option<Day>,
    pub last: Option<Day>,
    /// The first product of the last order that may be named.
    pub product: Option<String>,
    pub points: Option<Money>,
    pub points_expire: Option<Day>,
}

/// The one field of a profile that says where mail goes.
#[derive(Deserialize)]
struct Mailbox<'a> {
    #[serde(borrow, default)]
    email: Option<Cow<'a, str>>,
}

/// The mailbox outside a mall that a touch was made for, while one of the person's records has it.
pub fn mailbox_of(records: &[Stored], key: i64) -> Option<&str> {
    mailboxes_of(records).find(|mailbox| MatchKey::email(mailbox).0 == key)
}

/// Where mail to a person goes, of their records in ascending order: the first of these is written to.
pub fn mailboxes_of(records: &[Stored]) -> impl Iterator<Item = &str> {
    records.iter().filter(|r| !r.record.mall).filter_map(|r| r.record.email.as_deref())
}

impl Store {
    /// The records of each of these people, the founding one first.
    pub fn records_of(&self, people: &[i64]) -> Result<BTreeMap<i64, Vec<Stored>>> {
        let mut all: BTreeMap<i64, Vec<Stored>> = BTreeMap::new();
        self.db.read(|conn| {
            conn.each_of(&format!("{STORED} WHERE r.customer IN ({{ids}})"), people, |row| {
                let stored = stored_row(row)?;
                all.entry(stored.customer).or_default().push(stored);
                Ok(())
            })
        })?;
        for records in all.values_mut() {
            records.sort_unstable_by_key(|r| r.id);
        }
        Ok(all)
    }

    /// Where mail goes, as a hash: (person, key of the mailbox), ascending, for everybody (or some)
    /// who has one outside a mall: that of the lowest record that has one (`mailboxes_of`).
    pub fn mailboxes(&self, of: Option<&[i64]>, each: &mut dyn FnMut(i64, i64)) -> Result<()> {
        let sql = format!(
            "SELECT r.customer, r.id, p.profile FROM records r JOIN profiles p ON p.record = r.id WHERE (r.bits & {}) = 0",
            bits::MALL
        );
        // By person: the lowest record with a mailbox, and its key.
        let mut chosen: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        let mut look = |row: &Row<'_>| {
            let mailbox: Mailbox<'_> = serde_json::from_str(row.str(2)?)?;
            if let Some(email) = mailbox.email {
                let found = (row.int(1)?, MatchKey::email(&email).0);
                let known = chosen.entry(row.int(0)?).or_insert(found);
                *known = (*known).min(found);
            }
            Ok(())
        };
        self.db.read(|conn| match of {
            None => conn.each(&sql, &[], &mut look),
            Some(people) => conn.each_of(&format!("{sql} AND r.customer IN ({{ids}})"), people, &mut look),
        })?;
        chosen.into_iter().for_each(|(person, (_, key))| each(person, key));
        Ok(())
    }

    /// What each of these people bought, by person.
    pub fn bought(&self, people: &[i64], pending: bool) -> Result<BTreeMap<i64, Bought>> {
        let mut all: BTreeMap<i64, Bought> = people.iter().map(|p| (*p, Bought::default())).collect();
        self.db.read(|conn| {
            let last = orders(conn, people, pending, &mut all)?;
            products(conn, &last, &mut all)?;
            let sql =
                "SELECT r.customer, b.points, b.expires FROM records r JOIN balances b ON b.record = r.id
                       WHERE r.customer IN ({ids})";
            conn.each_of(sql, people, |row| {
                let bought = all.entry(row.int(0)?).or_default();
                bought.points = Some(bought.points.unwrap_or_default() + Money(row.int(1)?));
                bought.points_expire = bought.points_expire.into_iter().chain(row.opt_day(2)?).min();
                Ok(())
            })
        })?;
        Ok(all)
    }
}

/// Counts orders; the last of each person that is no gift, as (order, person).
fn orders(
    conn: &mut Conn,
    people: &[i64],
    pending: bool,
    all: &mut BTreeMap<i64, Bought>,
) -> Result<BTreeMap<i64, i64>> {
    let sql = format!(
        "SELECT r.customer, o.id, o.day, o.gift, o.at FROM records r JOIN orders o ON o.record = r.id
         WHERE o.kind = 0 AND o.standing <= {} AND r.customer IN ({{ids}})",
        i64::from(pending)
    );
    let mut newest: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    conn.each_of(&sql, people, |row| {
        let (person, order, day, at) = (row.int(0)?, row.int(1)?, row.day(2)?, row.int(4)?);
        let bought = all.entry(person).or_default();
        bought.orders += 1;
        bought.first = Some(bought.first.map_or(day, |d| d.min(day)));
        bought.last = Some(bought.last.map_or(day, |d| d.max(day)));
        if !row.bool(3)? {
            let newest = newest.entry(person).or_default();
            *newest = (*newest).max((at, order));
        }
        Ok(())
    })?;
    Ok(newest.into_iter().map(|(person, (_, order))| (order, person)).collect())
}

fn products(conn: &mut Conn, last: &BTreeMap<i64, i64>, all: &mut BTreeMap<i64, Bought>) -> Result<()> {
    let ids: Vec<i64> = last.keys().copied().collect();
    let sql = "SELECT l.order_id, l.place, l.name FROM lines l LEFT JOIN products p ON p.sku = l.sku
               WHERE COALESCE(p.sensitive, 0) = 0 AND l.name <> '' AND l.order_id IN ({ids})";
    let mut first: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    conn.each_of(sql, &ids, |row| {
        let (order, place) = (row.int(0)?, row.int(1)?);
        if first.get(&order).is_none_or(|(known, _)| place < *known) {
            first.insert(order, (place, row.text(2)?));
        }
        Ok(())
    })?;
    for (order, (_, name)) in first {
        if let Some(bought) = last.get(&order).and_then(|person| all.get_mut(person)) {
            bought.product = Some(name);
        }
    }
    Ok(())
}
