//! Everything that reaches the columns: all of it in table order, or a few customers by index.

use crate::db::Conn;
use crate::supply::{Head, supplies};
use crate::{Error, Result, Store, bits, lists, stock};
use model::{
    ActivityKind, Day, Event, EventKind, NoteKind, OrderKind, SpendRule, Standing, SubscriptionStatus,
};
use std::collections::HashMap;

/// What counts in this shop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counting {
    pub spend: SpendRule,
    /// Orders not paid yet count.
    pub pending: bool,
    /// Orders of nothing (no money and no points) count.
    pub zero: bool,
}

/// Records and their customers.
struct Owners {
    places: Places,
    met: Vec<Met>,
    /// Bits of the records, place by place.
    bits: Vec<i32>,
}

/// Where a record is in the lists.
enum Places {
    /// At its own number: record numbers have no gaps.
    Dense,
    Few(HashMap<i64, u32>),
}

/// Kept small: every one of ten million orders looks at one of these.
#[derive(Clone, Copy)]
struct Met {
    /// 0 where there is no record.
    customer: u32,
    /// First day the shop knew of them: as the record says, or its first event.
    known: i32,
}

impl Store {
    /// Hands over every event of all customers, or of some; in no order. Each customer has
    /// exactly one `Known`. A customer that a merge took away has no events.
    pub fn events(&self, of: Option<&[i64]>, rule: &Counting, each: &mut dyn FnMut(Event)) -> Result<()> {
        self.db.read(|conn| {
            let mut owners = match of {
                None => everyone(conn)?,
                Some(customers) => some(conn, customers)?,
            };
            let records = owners.records();
            orders(conn, &records, rule, &mut owners, each)?;
            let owner =
                |order: &Head| of_supply(rule, order).map(|()| owners.meet(order.record, order.day.0));
            supplies(conn, &records, owner, each)?;
            stock::said(conn, &records, |record, day| owners.meet(record, day.0), each)?;
            activities(conn, &records, &mut owners, each)?;
            subscriptions(conn, &records, &mut owners, each)?;
            inquiries(conn, &records, &mut owners, each)?;
            notes(conn, &records, &mut owners, each)?;
            owners.tell_known(each);
            Ok(())
        })
    }

    /// The sets of product categories that events name by number; 0 is the empty one.
    pub fn category_sets(&self) -> Result<Vec<Vec<String>>> {
        self.db.read(lists::category_sets)
    }
}

fn everyone(conn: &mut Conn) -> Result<Owners> {
    let most = conn.number("SELECT MAX(id) FROM records", &[])?;
    let size = u32::try_from(most + 1).map_err(|_| Error::Content("too many records".to_owned()))? as usize;
    let mut met = vec![Met { customer: 0, known: i32::MAX }; size];
    let mut bits = vec![0; size];
    conn.scan::<4>("SELECT id, customer, known, bits FROM records", |row| {
        let [Some(id), Some(customer), Some(known), Some(record_bits)] = *row else { return Ok(()) };
        met[id as usize] = Met { customer: customer as u32, known: known as i32 };
        bits[id as usize] = record_bits as i32;
        Ok(())
    })?;
    Ok(Owners { places: Places::Dense, met, bits })
}

fn some(conn: &mut Conn, customers: &[i64]) -> Result<Owners> {
    let mut places = HashMap::with_capacity(customers.len());
    let (mut met, mut bits) = (Vec::new(), Vec::new());
    let sql = "SELECT id, customer, known, bits FROM records WHERE customer IN ({ids})";
    conn.each_of(sql, customers, |row| {
        places.insert(row.int(0)?, met.len() as u32);
        met.push(Met { customer: row.int(1)? as u32, known: row.int(2)? as i32 });
        bits.push(row.int(3)? as i32);
        Ok(())
    })?;
    Ok(Owners { places: Places::Few(places), met, bits })
}

impl Owners {
    /// The records to ask for; `None` = all.
    fn records(&self) -> Option<Vec<i64>> {
        match &self.places {
            Places::Dense => None,
            Places::Few(map) => Some(map.keys().copied().collect()),
        }
    }

    /// The customer of a record, who is now known since `day` at the latest.
    #[inline]
    fn meet(&mut self, record: i64, day: i32) -> i64 {
        let place = match &self.places {
            Places::Dense => record as usize,
            Places::Few(map) => map.get(&record).map_or(usize::MAX, |&place| place as usize),
        };
        let Some(met) = self.met.get_mut(place) else { return 0 };
        if day < met.known {
            met.known = day;
        }
        met.customer.into()
    }

    /// One `Known` for each customer, from all their records.
    fn tell_known(self, each: &mut dyn FnMut(Event)) {
        let mut all: Vec<(Met, i32)> =
            self.met.into_iter().zip(self.bits).filter(|(met, _)| met.customer != 0).collect();
        all.sort_unstable_by_key(|(met, _)| met.customer);
        for of_customer in all.chunk_by(|a, b| a.0.customer == b.0.customer) {
            let known = of_customer.iter().map(|(met, _)| met.known).min().unwrap_or(0);
            let united =
                of_customer.iter().map(|(_, bits)| i64::from(*bits)).reduce(bits::unite).unwrap_or(0);
            each(Event {
                customer: of_customer[0].0.customer.into(),
                day: Day(known),
                kind: EventKind::Known,
                value: bits::for_timeline(united),
                categories: 0,
            });
        }
    }
}

/// Runs a query of whole numbers over one table, for all records or these.
fn rows<const N: usize>(
    conn: &mut Conn,
    select: &str,
    records: &Option<Vec<i64>>,
    mut each: impl FnMut(&[Option<i64>; N]),
) -> Result<()> {
    let Some(records) = records else {
        return conn.scan::<N>(select, |row| {
            each(row);
            Ok(())
        });
    };
    conn.each_of(&format!("{select} WHERE record IN ({{ids}})"), records, |row| {
        let mut values = [None; N];
        for (i, value) in values.iter_mut().enumerate() {
            *value = row.opt_int(i)?;
        }
        each(&values);
        Ok(())
    })
}

fn orders(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    rule: &Counting,
    owners: &mut Owners,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    let select =
        "SELECT record, day, kind, standing, gift, total, refunded, category_set, goods, points FROM orders";
    rows::<10>(conn, select, records, |row| {
        let [Some(record), Some(day), Some(kind), Some(standing), ..] = *row else { return };
        let Some((kind, value)) = spend(rule, kind, standing, row) else { return };
        // Gifts tell nothing of what the customer uses (M159).
        let categories = if row[4] == Some(0) { row[7].unwrap_or(0) as u32 } else { 0 };
        let customer = owners.meet(record, day as i32);
        each(Event { customer, day: Day(day as i32), kind, value, categories });
    })
}

/// What an order's row counts as; the same as `model::Order::spend` says.
#[inline]
fn spend(rule: &Counting, kind: i64, standing: i64, row: &[Option<i64>; 10]) -> Option<(EventKind, i64)> {
    let (total, refunded) = (row[5].unwrap_or(0), row[6].unwrap_or(0));
    let points = row[9].unwrap_or(0);
    let kind = counted(rule, kind, standing, total, points)?;
    let gross = match rule.spend {
        SpendRule::Paid => total,
        SpendRule::Goods => row[8].unwrap_or(total),
        SpendRule::BeforePoints => total.saturating_add(points),
    };
    let value = gross.saturating_sub(refunded);
    Some((kind, if kind == EventKind::Refund { value.min(0) } else { value }))
}

/// As what an order counts, if at all.
#[inline]
fn counted(rule: &Counting, kind: i64, standing: i64, total: i64, points: i64) -> Option<EventKind> {
    let counts =
        standing == Standing::Completed as i64 || (rule.pending && standing == Standing::Pending as i64);
    let nothing = !rule.zero && total == 0 && points == 0;
    match kind {
        _ if !counts => None,
        k if k == OrderKind::Refund as i64 => Some(EventKind::Refund),
        _ if nothing => None,
        k if k == OrderKind::Invoice as i64 => Some(EventKind::Invoice),
        _ => Some(EventKind::Order),
    }
}

/// Whether the goods of an order came to the customer.
fn of_supply(rule: &Counting, o: &Head) -> Option<()> {
    let kind = counted(rule, o.kind, o.standing, o.total, o.points)?;
    (kind != EventKind::Refund).then_some(())
}

fn activities(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    owners: &mut Owners,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    rows::<3>(conn, "SELECT record, day, kind FROM activities", records, |row| {
        let [Some(record), Some(day), Some(kind)] = *row else { return };
        let Some(kind) = u8::try_from(kind).ok().and_then(ActivityKind::from_code) else { return };
        let Some(kind) = event_kind(kind) else { return };
        let customer = owners.meet(record, day as i32);
        each(Event { customer, day: Day(day as i32), kind, value: 0, categories: 0 });
    })
}

/// What somebody is judged by; nothing of what merely happened to the shop's own post.
fn event_kind(kind: ActivityKind) -> Option<EventKind> {
    Some(match kind {
        ActivityKind::Contact => EventKind::Contact,
        ActivityKind::Visit => EventKind::Visit,
        ActivityKind::Login => EventKind::Login,
        ActivityKind::Use => EventKind::Use,
        ActivityKind::Interest => EventKind::Interest,
        ActivityKind::Advocacy => EventKind::Advocacy,
        ActivityKind::ComplaintOpened => EventKind::ComplaintOpened,
        ActivityKind::ComplaintClosed => EventKind::ComplaintClosed,
        ActivityKind::Competitor => EventKind::Competitor,
        ActivityKind::Dissatisfied => EventKind::Dissatisfied,
        ActivityKind::Withdrawn => EventKind::Withdrawn,
        ActivityKind::Rejoined => EventKind::Rejoined,
        ActivityKind::PostReturned => return None,
    })
}

/// A visit or a reaction that an operator noted is a contact, and never an order (M112).
fn notes(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    owners: &mut Owners,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    rows::<4>(conn, "SELECT record, day, kind, struck_at FROM notes", records, |row| {
        let [Some(record), Some(day), Some(kind), None] = *row else { return };
        let contact = u8::try_from(kind).ok().and_then(NoteKind::from_code).is_some_and(NoteKind::is_contact);
        if contact {
            let customer = owners.meet(record, day as i32);
            each(Event { customer, day: Day(day as i32), kind: EventKind::Contact, value: 0, categories: 0 });
        }
    })
}

/// Whoever writes to us was in contact; a complaint is open until it is settled.
fn inquiries(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    owners: &mut Owners,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    let select = "SELECT record, day, last_day, complained_day, closed_day FROM inquiries";
    rows::<5>(conn, select, records, |row| {
        let [Some(record), Some(day), Some(last), complained, closed] = *row else { return };
        let again = Some(last).filter(|last| *last != day);
        let settled = complained.and(closed);
        for (kind, day) in [
            (EventKind::Contact, Some(day)),
            (EventKind::Contact, again),
            (EventKind::ComplaintOpened, complained),
            (EventKind::ComplaintClosed, settled),
        ] {
            let Some(day) = day else { continue };
            let customer = owners.meet(record, day as i32);
            each(Event { customer, day: Day(day as i32), kind, value: 0, categories: 0 });
        }
    })
}

fn subscriptions(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    owners: &mut Owners,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    let select = "SELECT record, standing, started, ended, next_delivery, seen, changed FROM subscriptions";
    rows::<7>(conn, select, records, |row| {
        let [Some(record), Some(standing), started, ended, next, Some(seen), Some(changed)] = *row else {
            return;
        };
        let status = u8::try_from(standing).ok().and_then(SubscriptionStatus::from_code);
        let end = match status {
            Some(SubscriptionStatus::Paused) => Some(EventKind::SubscriptionPaused),
            Some(SubscriptionStatus::Cancelled) => Some(EventKind::SubscriptionCancelled),
            _ => None,
        };
        let ended = end.map(|kind| (kind, ended.unwrap_or(changed)));
        // One that was over when first heard of began at the latest on the day it ended.
        let start = started.unwrap_or(ended.map_or(seen, |(_, day)| day.min(seen)));
        let running = Some((EventKind::SubscriptionRunning, start, next.unwrap_or(0)));
        for (kind, day, value) in running.into_iter().chain(ended.map(|(kind, day)| (kind, day, 0))) {
            let customer = owners.meet(record, day as i32);
            each(Event { customer, day: Day(day as i32), kind, value, categories: 0 });
        }
    })
}
