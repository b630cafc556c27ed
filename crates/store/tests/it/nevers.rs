//! Whatever comes in whatever order: what is closed stays closed.

use crate::help::*;
use model::{Basis, Channel, Consent, Item, Kind, Membership, Record, StopReason, Suppression};
use proptest::prelude::*;
use store::{Outcome, Store};

fn statement() -> impl Strategy<Value = (bool, Item)> {
    let who = prop::sample::select(vec!["7", "8", "9"]);
    let record = (
        who.clone(),
        prop::sample::select(vec![Membership::Member, Membership::Withdrawn, Membership::Guest]),
        prop::collection::vec((prop::sample::select(Channel::ALL), any::<bool>()), 0..3),
        prop::collection::vec(prop::sample::select(StopReason::ALL), 0..2),
        prop::sample::select(vec!["", "a@example.jp", "b@example.jp"]),
    );
    let record = record.prop_map(|(who, membership, consents, stops, mail)| Record {
        membership,
        consents,
        stops,
        ..person(who, "山田", mail, "")
    });
    let consent =
        (who, prop::sample::select(Channel::ALL), any::<bool>()).prop_map(|(who, channel, given)| {
            let (basis, evidence) = (Basis::OptIn, String::new());
            Item::Consent(Consent { who: who.into(), channel, basis, given, on: None, evidence })
        });
    let whom = prop::sample::select(vec!["7", "a@example.jp", "b@example.jp"]);
    let suppression = (whom, prop::sample::select(StopReason::ALL)).prop_map(|(who, reason)| {
        let (channel, note) = (reason.channel(), String::new());
        Item::Suppression(Suppression { who: who.into(), channel, reason, on: None, note })
    });
    let order = (record.clone(), 0..3i32).prop_map(|(record, day)| {
        let mut o = order(&day.to_string(), &record.ext_id, day, 1);
        o.buyer.record = Some(Box::new(record));
        Item::Order(Box::new(o))
    });
    let item = prop_oneof![record.prop_map(|r| Item::Record(Box::new(r))), consent, suppression, order];
    (any::<bool>(), item)
}

/// What is closed, by record: customers come and go by merging.
fn closed(store: &Store) -> Vec<(i64, Option<Channel>, StopReason)> {
    let mut closed = Vec::new();
    store
        .reach_facts(None, &mut |facts| {
            let person = store.person(facts.customer).unwrap().unwrap();
            for record in person.records {
                closed.extend(facts.stops.iter().map(|&(channel, reason)| (record.id, channel, reason)));
            }
        })
        .unwrap();
    closed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn neither_an_import_nor_a_merge_nor_its_undoing_opens_what_was_closed(
        statements in prop::collection::vec(statement(), 1..12)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", dir.path().join("x").display())).unwrap();
        store.migrate().unwrap();
        let mut before: Vec<(i64, Option<Channel>, StopReason)> = Vec::new();
        for (merge, item) in statements {
            import(&store, "eccube", Kind::Customers, &[item]);
            if merge {
                for one in store.to_match(9).unwrap() {
                    let with = |c: &store::Stored| Outcome::Merge { with_record: c.id, facts: vec![] };
                    store.settle(one.record.id, &one.candidates.iter().map(with).collect::<Vec<_>>(), NOW).unwrap();
                }
            } else {
                for customer in 1..4 {
                    for m in store.person(customer).unwrap().map(|p| p.merges).unwrap_or_default() {
                        store.undo_merge(m.id, "佐藤", NOW).unwrap();
                    }
                }
            }
            let now = closed(&store);
            prop_assert!(before.iter().all(|stop| now.contains(stop)), "{before:?} then {now:?}");
            before = now;
        }
    }
}
