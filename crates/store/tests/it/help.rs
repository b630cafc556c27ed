//! Made-up people and orders, and a store of either kind to put them in.

use model::{
    Buyer, Channel, Day, Event, EventKind, Item, Kind, Line, MatchKey, Membership, Money, Name, Order,
};
use model::{Phone, PhoneKind, Record, SpendRule, StopReason};
use store::{Counting, NewImport, Store, Summary, Tally};

pub const TODAY: Day = Day(20_779);
pub const NOW: i64 = 20_779 * 86_400;
pub const ALL: Counting = Counting { spend: SpendRule::Paid, pending: true, zero: true };

/// Tells one story on both databases.
pub fn on_both(story: impl Fn(&Store)) {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", dir.path().join("shop.db").display());
    for url in [sqlite, testkit::postgres::fresh_database().unwrap()] {
        let kind = url.split(':').next().unwrap().to_owned();
        let store = Store::open(&url).unwrap_or_else(|why| panic!("{kind}: {why}"));
        let steps = [
            "0001_start",
            "0002_models",
            "0003_campaigns",
            "0004_partial_indexes",
            "0005_desk",
            "0006_posting",
            "0007_refresh",
            "0008_gateways",
            "0009_entries",
            "0010_reasons",
            "0011_inquiries",
            "0012_cadence",
            "0013_visits",
            "0014_keeping",
        ];
        assert_eq!(store.pending_migrations().unwrap(), steps, "{kind}");
        assert_eq!(store.migrate().unwrap(), steps, "{kind}");
        eprintln!("on {kind}");
        story(&store);
    }
}

pub fn new_import(source: &str, kind: Kind) -> NewImport {
    let path = format!("{source}.csv");
    NewImport { path, source: source.to_owned(), kind, encoding: "UTF-8".to_owned(), at: NOW, today: TODAY }
}

/// One import of one chunk.
pub fn import(store: &Store, source: &str, kind: Kind, items: &[Item]) -> Tally {
    let mut session = store.begin_import(&new_import(source, kind)).unwrap();
    let tally = session.write(items).unwrap();
    session.finish(&Summary { inserted: tally.inserted, ..Summary::default() }).unwrap();
    tally
}

/// (inserted, updated, unchanged, new customers, refused)
pub fn counts(t: &Tally) -> (u64, u64, u64, u64, usize) {
    (t.inserted, t.updated, t.unchanged, t.customers, t.refused.len())
}

pub fn person(ext_id: &str, family: &str, email: &str, phone: &str) -> Record {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut record = Record {
        ext_id: ext_id.to_owned(),
        membership: Membership::Member,
        name: Name { family: family.to_owned(), given: "花子".to_owned(), ..Name::default() },
        email: some(email),
        ..Record::default()
    };
    record.phones.extend(some(phone).map(|digits| Phone { digits, kind: PhoneKind::Mobile }));
    let email = record.email.iter().map(|e| MatchKey::email(e));
    record.keys = email.chain(record.phones.iter().map(|p| MatchKey::phone(&p.digits))).collect();
    record
}

pub fn records(records: impl IntoIterator<Item = Record>) -> Vec<Item> {
    records.into_iter().map(|r| Item::Record(Box::new(r))).collect()
}

/// An order of a buyer known by id alone; no lines.
pub fn order(ext_id: &str, buyer: &str, day: i32, yen: i64) -> Order {
    Order {
        ext_id: ext_id.to_owned(),
        buyer: Buyer { ext_id: buyer.to_owned(), record: None },
        at: i64::from(day) * 86_400 + 3_600,
        day: Day(day),
        kind: model::OrderKind::Sale,
        standing: model::Standing::Completed,
        total: Money::units(yen),
        refunded: Money::ZERO,
        goods: None,
        shipping: None,
        tax: None,
        discount: None,
        points: None,
        gift: false,
        shipped: None,
        medium: None,
        refund_of: None,
        lines: vec![],
    }
}

pub fn line(sku: &str, category: &str) -> Line {
    let (name, price) = (format!("品{sku}"), Money::units(500));
    Line { name, sku: sku.to_owned(), category: category.to_owned(), quantity: 2, price }
}

pub fn orders(orders: impl IntoIterator<Item = Order>) -> Vec<Item> {
    orders.into_iter().map(|o| Item::Order(Box::new(o))).collect()
}

/// Events sorted, as (customer, day, kind, value, categories).
pub fn events(store: &Store, of: Option<&[i64]>, rule: &Counting) -> Vec<(i64, i32, EventKind, i64, u32)> {
    let mut all: Vec<Event> = Vec::new();
    store.events(of, rule, &mut |event| all.push(event)).unwrap();
    all.sort_unstable();
    all.into_iter().map(|e| (e.customer, e.day.0, e.kind, e.value, e.categories)).collect()
}

/// What is closed for a customer.
pub fn stops(store: &Store, customer: i64) -> Vec<(Option<Channel>, StopReason)> {
    let mut stops = Vec::new();
    store.reach_facts(Some(&[customer]), &mut |facts| stops.extend(facts.stops)).unwrap();
    stops
}

/// The one customer that is found by this text.
pub fn the(store: &Store, text: &str) -> i64 {
    let found = store.find(text, 10).unwrap();
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0]
}
