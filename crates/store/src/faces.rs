//! What a letter needs of people, for many at a time: who they are, where it goes, what they bought last.

use crate::db::{Conn, Row};
use crate::identity::{STORED, Stored, stored_row};
use crate::{Result, Store, bits};
use model::{Channel, Day, MatchKey, Money, Record, ResponseKind, Verdict};
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
    /// The oldest day of which the points were told; `None`: of nobody knows when.
    pub points_as_of: Option<Day>,
    /// What they may like next: for whoever works it out; empty where nobody has.
    pub suggestion: String,
}

/// The one field of a profile that says where mail goes.
#[derive(Deserialize)]
struct Mailbox<'a> {
    #[serde(borrow, default)]
    email: Option<Cow<'a, str>>,
}

/// Where a touch by a channel was made for, while one of the person's records still says so.
pub fn destination_of(records: &[Stored], channel: Channel, key: i64) -> Option<String> {
    destinations_of(records, channel).find(|(found, _)| found.0 == key).map(|(_, to)| to)
}

/// Where a person can be reached by a channel, of their records in ascending order: the first of
/// these is used.
pub fn destinations_of(
    records: &[Stored],
    channel: Channel,
) -> impl Iterator<Item = (MatchKey, String)> + '_ {
    records.iter().filter_map(move |r| r.record.destination(channel))
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

    /// When these people ordered, and clicked as people do, since a moment: (person, Unix seconds).
    pub fn moments(&self, people: &[i64], since: i64, each: &mut dyn FnMut(i64, i64)) -> Result<()> {
        let click = ResponseKind::Click.code();
        let person = Verdict::Person.code();
        let orders = format!(
            "SELECT r.customer, o.at FROM records r JOIN orders o ON o.record = r.id
             WHERE o.kind = 0 AND o.standing <= 1 AND o.at >= {since} AND r.customer IN ({{ids}})"
        );
        let clicks = format!(
            "SELECT r.customer, e.at / 1000 FROM records r JOIN touches t ON t.customer = r.id JOIN responses e ON e.touch = t.id
             WHERE e.kind = {click} AND e.verdict = {person} AND e.at >= {} AND r.customer IN ({{ids}})",
            since.saturating_mul(1_000)
        );
        self.db.read(|conn| {
            for sql in [&orders, &clicks] {
                conn.each_of(sql, people, |row| {
                    each(row.int(0)?, row.int(1)?);
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    /// Where a channel reaches people, as a hash: (person, key), ascending, for everybody (or some) who
    /// can be reached outside a mall: that of the lowest record that has one (`destinations_of`).
    pub fn destinations(
        &self,
        channel: Channel,
        of: Option<&[i64]>,
        each: &mut dyn FnMut(i64, i64),
    ) -> Result<()> {
        let sql = format!(
            "SELECT r.customer, r.id, p.profile FROM records r JOIN profiles p ON p.record = r.id WHERE (r.bits & {}) = 0",
            bits::MALL
        );
        // By person: the lowest record that has one, and its key.
        let mut chosen: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        let mut look = |row: &Row<'_>| {
            let profile = row.str(2)?;
            let key = match channel {
                // Mail is asked for a million at a time: one field is read.
                Channel::Mail => {
                    let mailbox: Mailbox<'_> = serde_json::from_str(profile)?;
                    mailbox.email.map(|email| MatchKey::email(&email))
                }
                _ => serde_json::from_str::<Record>(profile)?.destination(channel).map(|(key, _)| key),
            };
            if let Some(key) = key {
                let found = (row.int(1)?, key.0);
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
            let sql = "SELECT r.customer, b.points, b.expires, COALESCE(b.as_of, -1000000) FROM records r
                       JOIN balances b ON b.record = r.id WHERE r.customer IN ({ids})";
            conn.each_of(sql, people, |row| {
                let bought = all.entry(row.int(0)?).or_default();
                bought.points = Some(bought.points.unwrap_or_default() + Money(row.int(1)?));
                bought.points_expire = bought.points_expire.into_iter().chain(row.opt_day(2)?).min();
                bought.points_as_of = bought.points_as_of.into_iter().chain([row.day(3)?]).min();
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
