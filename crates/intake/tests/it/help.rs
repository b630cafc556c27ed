//! Short words for opening made-up files.

use intake::{Entry, Map, Options, Upload};
use model::{Item, Order};
use std::ops::ControlFlow;

pub fn options() -> Options {
    Options {
        source: None,
        kind: None,
        map: None,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").expect("known"),
        today: "2026-11-22".parse().expect("a day"),
    }
}

pub fn map_options(map: Map) -> Options {
    Options { map: Some(map), ..options() }
}

pub fn open(bytes: Vec<u8>) -> Upload {
    intake::open_bytes("test.csv", bytes, &options()).expect("recognised").remove(0)
}

pub fn entries(upload: &Upload) -> Vec<Entry> {
    let survey = upload.survey(&mut |_, _| {}).expect("good enough");
    let mut all = Vec::new();
    let each = &mut |entry| {
        all.push(entry);
        ControlFlow::Continue(())
    };
    upload.read(&survey, each).expect("read");
    let rejected = all.iter().filter(|e| matches!(e, Entry::Reject(r) if r.row_lost)).count();
    let items = all.len() - all.iter().filter(|e| matches!(e, Entry::Reject(_))).count();
    assert_eq!((items as u64, rejected as u64), (survey.items, survey.rejected), "both passes agree");
    all
}

pub fn orders(upload: &Upload) -> Vec<Order> {
    let orders = entries(upload).into_iter().filter_map(|entry| match entry {
        Entry::Item(_, Item::Order(order)) => Some(*order),
        _ => None,
    });
    orders.collect()
}

/// One line per item that is not an order.
pub fn shown(item: &Item) -> String {
    let day = |d: &Option<model::Day>| d.map_or("None".to_owned(), |d| format!("Some({d})"));
    match item {
        Item::Record(r) => {
            format!(
                "record {} {:?} {:?} {:?} {}",
                r.ext_id,
                r.membership,
                r.consents,
                r.stops,
                day(&r.withdrawn)
            )
        }
        Item::Order(o) => format!("order {}", o.ext_id),
        Item::Subscription(s) => {
            format!("subscription {} {:?} {}", s.ext_id, s.status, day(&s.next_delivery))
        }
        Item::Activity(a) => format!("activity {} {:?} {}", a.who, a.kind, a.day),
        Item::Product(p) => format!("product {} {:?} {:?} {}", p.sku, p.days_per_unit, p.margin, p.sensitive),
        Item::Balance(b) => {
            format!("balance {} {} {} {}", b.who, b.points.0, day(&b.expires), day(&b.as_of))
        }
        Item::Mourning(m) => format!("mourning {} {}", m.who, day(&m.since)),
        Item::Coupon(c) => format!("coupon {} {} {} {}", c.who, c.code, day(&c.expires), c.used),
        Item::Review(r) => format!("review {} {} {:?} {}", r.who, r.day, r.stars, r.words),
        Item::Consent(c) => format!("consent {} {:?} {:?} {}", c.who, c.channel, c.basis, c.given),
        Item::Suppression(s) => format!("suppression {} {:?} {:?}", s.who, s.channel, s.reason),
    }
}
