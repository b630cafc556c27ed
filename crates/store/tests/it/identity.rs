//! One person from several records, and two again.

use crate::help::*;
use model::{Channel, Item, Kind, Record, StopReason, Suppression};
use store::{Changed, Outcome, Store};

/// Three sources know her; records 1, 2, 3.
fn three_sources(store: &Store) {
    let stops = vec![StopReason::MailOptOut];
    let eccube = Record { stops, ..person("7", "山田", "hanako@example.jp", "09000001234") };
    import(store, "eccube", Kind::Customers, &records([eccube]));
    import(store, "shopify", Kind::Customers, &records([person("s7", "山田", "hanako@example.jp", "")]));
    import(store, "smaregi", Kind::Customers, &records([person("m7", "山田", "", "09000001234")]));
}

fn merge(with_record: i64) -> Outcome {
    Outcome::Merge { with_record, facts: vec!["email".into(), "phone".into()] }
}

/// (waiting record, candidates)
fn waiting(store: &Store) -> Vec<(i64, Vec<i64>)> {
    let all = store.to_match(10).unwrap();
    all.iter().map(|t| (t.record.id, t.candidates.iter().map(|c| c.id).collect())).collect()
}

#[test]
fn three_sources_become_one_customer_and_two_again() {
    on_both(|store| {
        three_sources(store);
        import(store, "eccube", Kind::Orders, &orders([order("A", "7", 100, 1)]));
        import(store, "shopify", Kind::Orders, &orders([order("B", "s7", 200, 2)]));
        assert_eq!(waiting(store), [(2, vec![1]), (3, vec![1])]);
        store.settle(2, &[merge(1)], NOW).unwrap();
        assert_eq!(waiting(store), [(3, vec![1])]);
        store.forget_changes(store.changed().unwrap().0).unwrap();
        store.settle(3, &[merge(1)], NOW).unwrap();
        assert_eq!(store.changed().unwrap().1, Changed::Customers(vec![1, 3]));
        assert!(waiting(store).is_empty());

        let person = store.person(1).unwrap().unwrap();
        assert_eq!((person.records.len(), person.orders.len(), person.merges.len()), (3, 2, 2));
        assert_eq!(store.person(2).unwrap(), None);
        let days: Vec<_> = events(store, None, &ALL).iter().map(|e| (e.0, e.1)).collect();
        assert_eq!(days, [(1, 100), (1, 100), (1, 200)]);
        assert_eq!(events(store, Some(&[1, 3]), &ALL).len(), 3);
        assert_eq!(stops(store, 1), [(Some(Channel::Mail), StopReason::MailOptOut)]);
        assert_eq!(store.labels(&[1]).unwrap()[0].source_ids.len(), 3);

        let shopify = person.merges.iter().find(|m| m.b == 2).unwrap();
        store.undo_merge(shopify.id, "佐藤", NOW).unwrap();
        assert!(store.undo_merge(shopify.id, "佐藤", NOW).is_err(), "only once");
        let apart: Vec<_> = [1, 2].map(|c| store.person(c).unwrap().unwrap().records.len()).into();
        assert_eq!(apart, [2, 1]);
        for customer in [1, 2] {
            assert_eq!(stops(store, customer), [(Some(Channel::Mail), StopReason::MailOptOut)], "{customer}");
        }
        assert_eq!(store.person(2).unwrap().unwrap().orders.len(), 1);
    });
}

#[test]
fn who_was_kept_apart_is_never_merged_again_unasked() {
    on_both(|store| {
        three_sources(store);
        store.settle(2, &[merge(1)], NOW).unwrap();
        let id = store.person(1).unwrap().unwrap().merges[0].id;
        store.undo_merge(id, "佐藤", NOW).unwrap();
        // The file comes again with a change: she waits again, but 1 is no candidate for 2.
        let moved = Record {
            company: Some("例社".into()),
            ..person("s7", "山田", "hanako@example.jp", "09000001234")
        };
        import(store, "shopify", Kind::Customers, &records([moved]));
        assert_eq!(waiting(store), [(2, vec![3]), (3, vec![1, 2])]);
        store.settle(2, &[merge(1)], NOW).unwrap();
        assert_eq!(store.person(2).unwrap().unwrap().records.len(), 1);
        // Nor by way of a third.
        store.settle(3, &[merge(1), merge(2)], NOW).unwrap();
        let (count, asked) = store.suggestions(0, 9).unwrap();
        assert_eq!((count, asked[0].a.id, asked[0].b.id), (1, 2, 3));
        assert_eq!(store.person(1).unwrap().unwrap().records.len(), 2);
        // A person may.
        store.decide(asked[0].id, true, "佐藤", NOW).unwrap();
        assert_eq!(store.person(1).unwrap().unwrap().records.len(), 3);
        assert_eq!(store.suggestions(0, 9).unwrap().0, 0);
    });
}

#[test]
fn a_suggestion_is_decided_once_for_the_two() {
    on_both(|store| {
        three_sources(store);
        let ask = |with_record, conflict: &str| Outcome::Suggest {
            with_record,
            facts: vec!["phone".into()],
            conflict: Some(conflict.into()),
        };
        store.settle(2, &[merge(1)], NOW).unwrap();
        store.settle(3, &[ask(1, "surname"), ask(2, "surname"), ask(1, "again")], NOW).unwrap();
        let (count, asked) = store.suggestions(0, 1).unwrap();
        assert_eq!((count, asked.len(), asked[0].conflict.as_deref()), (2, 1, Some("surname")));
        assert_eq!(store.person(3).unwrap().unwrap().suggestions.len(), 2);
        store.decide(asked[0].id, false, "佐藤", NOW).unwrap();
        assert_eq!(store.suggestions(0, 9).unwrap().0, 0);
        store.settle(3, &[merge(1), ask(2, "surname")], NOW).unwrap();
        assert_eq!((store.suggestions(0, 9).unwrap().0, store.person(3).unwrap().is_some()), (0, true));
    });
}

#[test]
fn a_number_that_everybody_has_is_no_evidence() {
    on_both(|store| {
        let till = (0..25).map(|n| person(&n.to_string(), "山田", "", "0300000000"));
        import(store, "eccube", Kind::Customers, &records(till));
        assert_eq!(waiting(store).iter().map(|w| w.1.len()).max(), Some(0));
    });
}

#[test]
fn after_undoing_both_keep_what_held_for_the_one() {
    on_both(|store| {
        three_sources(store);
        store.settle(2, &[merge(1)], NOW).unwrap();
        store.settle(3, &[merge(2)], NOW).unwrap();
        // By an address that only 1 and 2 have, and by a person on the customer.
        let line = |who: &str, reason: StopReason| {
            let (channel, note) = (reason.channel(), String::new());
            Item::Suppression(Suppression { who: who.into(), channel, reason, on: None, note })
        };
        import(store, "list", Kind::Suppressions, &[line("hanako@example.jp", StopReason::BadAddress)]);
        store.suppress(1, Some(Channel::Phone), StopReason::PhoneRefusal, "電話で", "佐藤", NOW).unwrap();
        // And by a number that 3 alone has.
        import(store, "smaregi", Kind::Customers, &records([person("m7", "山田", "", "09000009999")]));
        import(store, "list", Kind::Suppressions, &[line("09000009999", StopReason::SmsOptOut)]);
        let before = stops(store, 1);
        assert_eq!(before.len(), 4);
        let merges = store.person(1).unwrap().unwrap().merges;
        store.undo_merge(merges.iter().find(|m| m.b == 3).unwrap().id, "佐藤", NOW).unwrap();
        store.undo_merge(merges.iter().find(|m| m.b == 2).unwrap().id, "佐藤", NOW).unwrap();
        for customer in [1, 2, 3] {
            assert_eq!(stops(store, customer), before, "{customer}");
        }
    });
}
