//! What closes a channel stays, whatever is imported afterwards.

use crate::help::*;
use model::{
    Activity, ActivityKind, Basis, Channel, Consent, Day, EventKind, Item, Kind, Membership, ReachFacts,
};
use model::{Record, StopReason, Suppression};
use store::{Attestation, Store};

fn suppression(who: &str, reason: StopReason, on: Option<Day>) -> Item {
    let (channel, note) = (reason.channel(), "解除".to_owned());
    Item::Suppression(Suppression { who: who.into(), channel, reason, on, note })
}

fn consent(who: &str, channel: Channel, given: bool, on: i32) -> Item {
    let evidence = "会員登録フォーム".to_owned();
    Item::Consent(Consent {
        who: who.into(),
        channel,
        basis: Basis::OptIn,
        given,
        on: Some(Day(on)),
        evidence,
    })
}

fn facts(store: &Store, of: Option<&[i64]>) -> Vec<ReachFacts> {
    let mut all = Vec::new();
    store.reach_facts(of, &mut |f| all.push(f)).unwrap();
    all
}

#[test]
fn a_refusal_outlives_every_later_file() {
    on_both(|store| {
        let her = || person("7", "山田", "hanako@example.jp", "");
        let stops_then = |store: &Store| stops(store, 1).into_iter().map(|s| s.1).collect::<Vec<_>>();
        let file = |consents: Vec<(Channel, bool)>, reasons: Vec<StopReason>| {
            records([Record { consents, stops: reasons, ..her() }])
        };
        import(
            store,
            "eccube",
            Kind::Customers,
            &file(vec![(Channel::Mail, true)], vec![StopReason::PostStop]),
        );
        assert_eq!(stops_then(store), [StopReason::PostStop]);
        assert_eq!(facts(store, None)[0].consents, [(Channel::Mail, Basis::OptIn)]);
        // A plain "no" after a "yes" is an unsubscribe; the stop that is no longer named stays.
        import(store, "eccube", Kind::Customers, &file(vec![(Channel::Mail, false)], vec![]));
        assert_eq!(stops_then(store), [StopReason::MailOptOut, StopReason::PostStop]);
        assert_eq!(facts(store, None)[0].consents, []);
        // A new "yes" is kept as proof and opens nothing.
        import(store, "eccube", Kind::Customers, &file(vec![(Channel::Mail, true)], vec![]));
        assert_eq!(stops_then(store), [StopReason::MailOptOut, StopReason::PostStop]);
        assert_eq!(store.person(1).unwrap().unwrap().consents.len(), 3);
        // Only an operator lifts, with a name.
        let id = store
            .person(1)
            .unwrap()
            .unwrap()
            .suppressions
            .iter()
            .find(|s| s.reason == StopReason::MailOptOut)
            .unwrap()
            .id;
        assert!(store.lift_suppression(id, " ", "本人から", NOW).is_err());
        store.lift_suppression(id, "佐藤", "本人から", NOW).unwrap();
        assert_eq!(stops_then(store), [StopReason::PostStop]);
        assert_eq!(store.person(1).unwrap().unwrap().suppressions.len(), 2, "it stays on record");
    });
}

#[test]
fn leaving_closes_everything_and_an_ordinary_file_does_not_bring_back() {
    on_both(|store| {
        let her = person("7", "山田", "hanako@example.jp", "");
        let left = Record { membership: Membership::Withdrawn, withdrawn: Some(Day(300)), ..her.clone() };
        import(store, "eccube", Kind::Customers, &records([her.clone()]));
        import(store, "eccube", Kind::Customers, &records([left.clone()]));
        import(store, "eccube", Kind::Customers, &records([her]));
        let back =
            Activity { who: "7".into(), kind: ActivityKind::Rejoined, day: Day(400), note: String::new() };
        import(store, "eccube", Kind::Visits, &[Item::Activity(back)]);
        assert_eq!(stops(store, 1), [(None, StopReason::Withdrawn)]);
        let kinds = |store: &Store| events(store, None, &ALL).iter().map(|e| (e.1, e.2)).collect::<Vec<_>>();
        let expected = [(300, EventKind::Withdrawn), (300, EventKind::Known), (400, EventKind::Rejoined)];
        assert_eq!(kinds(store), expected);
        import(store, "eccube", Kind::Customers, &records([left]));
        assert_eq!(kinds(store), expected, "the same leaving told again is no second one");
        let id = store.person(1).unwrap().unwrap().suppressions[0].id;
        store.lift_suppression(id, "佐藤", "再入会", NOW).unwrap();
        assert_eq!(stops(store, 1), []);
        assert_eq!(kinds(store).last(), Some(&(TODAY.0, EventKind::Rejoined)));
    });
}

#[test]
fn an_unsubscribe_of_an_unknown_address_waits_for_its_owner() {
    on_both(|store| {
        let list = [
            suppression("Hanako@example.jp", StopReason::MailOptOut, None),
            suppression("090-0000-1234", StopReason::SmsOptOut, None),
            suppression("999", StopReason::PostStop, None),
        ];
        assert_eq!(counts(&import(store, "list", Kind::Suppressions, &list)), (2, 0, 0, 0, 1));
        assert_eq!(counts(&import(store, "list", Kind::Suppressions, &list)), (0, 0, 2, 0, 1));
        let mut bought = order("A", "guest:1", 100, 1);
        bought.buyer.record = Some(Box::new(person("guest:1", "山田", "hanako@example.jp", "")));
        import(store, "eccube", Kind::Orders, &orders([bought]));
        import(store, "shopify", Kind::Customers, &records([person("s7", "山田", "", "09000001234")]));
        let mail = (Some(Channel::Mail), StopReason::MailOptOut);
        assert_eq!(stops(store, 1), [mail]);
        assert_eq!(stops(store, 2), [(Some(Channel::Sms), StopReason::SmsOptOut)]);
        // A new address does not shake it off.
        let moved = person("guest:1", "山田", "new@example.jp", "");
        import(store, "eccube", Kind::Customers, &records([moved]));
        assert_eq!(stops(store, 1), [mail]);
    });
}

#[test]
fn leaving_told_by_an_address_is_leaving_too() {
    on_both(|store| {
        import(store, "eccube", Kind::Customers, &records([person("7", "山田", "hanako@example.jp", "")]));
        let stop = Record { stops: vec![StopReason::Withdrawn], ..person("8", "佐藤", "", "") };
        import(store, "eccube", Kind::Customers, &records([stop]));
        let left = [suppression("hanako@example.jp", StopReason::Withdrawn, Some(Day(300)))];
        import(store, "list", Kind::Suppressions, &left);
        let of = |kind| {
            let all = events(store, None, &ALL);
            all.into_iter().filter(|e| e.2 == kind).map(|e| (e.0, e.1)).collect::<Vec<_>>()
        };
        assert_eq!(of(EventKind::Withdrawn), [(1, 300), (2, TODAY.0)]);
        store
            .lift_suppression(store.person(1).unwrap().unwrap().suppressions[0].id, "佐藤", "再入会", NOW)
            .unwrap();
        assert_eq!(of(EventKind::Rejoined), [(1, TODAY.0)]);
        assert_eq!((stops(store, 1).len(), stops(store, 2).len()), (0, 1));
    });
}

#[test]
fn consents_are_proofs_by_day() {
    on_both(|store| {
        import(store, "eccube", Kind::Customers, &records([person("7", "山田", "hanako@example.jp", "")]));
        let file = [
            consent("7", Channel::Mail, true, 100),
            consent("7", Channel::Line, true, 100),
            consent("x", Channel::Mail, true, 1),
        ];
        assert_eq!(counts(&import(store, "eccube", Kind::Consents, &file)), (2, 0, 0, 0, 1));
        assert_eq!(counts(&import(store, "eccube", Kind::Consents, &file)), (0, 0, 2, 0, 1));
        let given = |store: &Store| facts(store, None)[0].consents.iter().map(|c| c.0).collect::<Vec<_>>();
        assert_eq!(given(store), [Channel::Mail, Channel::Line]);
        // An older "no" that comes later says nothing about the newer "yes".
        import(store, "eccube", Kind::Consents, &[consent("7", Channel::Mail, false, 50)]);
        assert_eq!((given(store), stops(store, 1)), (vec![Channel::Mail, Channel::Line], vec![]));
        import(
            store,
            "eccube",
            Kind::Consents,
            &[consent("7", Channel::Mail, false, 150), consent("7", Channel::Line, false, 150)],
        );
        assert_eq!(given(store), []);
        assert_eq!(stops(store, 1), [(Some(Channel::Mail), StopReason::MailOptOut)]);
    });
}

#[test]
fn an_old_list_does_not_undo_a_lifting_and_a_new_one_closes_again() {
    on_both(|store| {
        import(store, "eccube", Kind::Customers, &records([person("7", "山田", "hanako@example.jp", "")]));
        let old = [suppression("7", StopReason::MailOptOut, Some(Day(100)))];
        import(store, "eccube", Kind::Suppressions, &old);
        let id = store.person(1).unwrap().unwrap().suppressions[0].id;
        store.lift_suppression(id, "佐藤", "本人から", NOW).unwrap();
        assert_eq!(counts(&import(store, "eccube", Kind::Suppressions, &old)), (0, 0, 1, 0, 0));
        assert_eq!(stops(store, 1), []);
        let new = [suppression("7", StopReason::MailOptOut, Some(Day(200)))];
        assert_eq!(counts(&import(store, "eccube", Kind::Suppressions, &new)), (1, 0, 0, 0, 0));
        assert_eq!(stops(store, 1), [(Some(Channel::Mail), StopReason::MailOptOut)]);
    });
}

#[test]
fn facts_are_gathered_over_records_and_attested_by_name() {
    on_both(|store| {
        let mall =
            Record { mall: true, membership: Membership::Guest, ..person("r1", "山田", "", "0300000000") };
        import(
            store,
            "rakuten",
            Kind::Customers,
            &records([mall.clone(), Record { ext_id: "r2".into(), ..mall }]),
        );
        let firm =
            Record { company: Some("例社".into()), ..person("7", "山田", "hanako@example.jp", "") };
        import(store, "eccube", Kind::Customers, &records([firm]));
        let mut off = order("A", "7", 100, 1);
        import(store, "eccube", Kind::Orders, &orders([off.clone()]));
        let merge = store::Outcome::Merge { with_record: 3, facts: vec![] };
        store.settle(1, &[merge], NOW).unwrap();
        let statement = |source: Option<&str>, by: &str| Attestation {
            channel: Channel::Mail,
            basis: Basis::OptIn,
            source: source.map(str::to_owned),
            wording: "会員規約 第5条".into(),
            by: by.into(),
            at: NOW,
        };
        assert!(store.attest(&statement(None, "")).is_err());
        assert!(store.attest(&statement(Some("nowhere"), "佐藤")).is_err());
        let id = store.attest(&statement(Some("eccube"), "佐藤")).unwrap();
        let told = |store: &Store, of| {
            let one = |f: ReachFacts| {
                (f.customer, f.mall_only, f.company, f.ordered, f.has_email, f.consents.len())
            };
            facts(store, of).into_iter().map(one).collect::<Vec<_>>()
        };
        let expected = [(1, false, true, true, true, 1), (2, true, false, false, false, 0)];
        assert_eq!(told(store, None), expected);
        assert_eq!(told(store, Some(&[2, 1, 2, 77])), expected);
        store.revoke_attestation(id, "佐藤", NOW).unwrap();
        assert!(store.attestations().unwrap()[0].revoked.is_some());
        off.standing = model::Standing::Cancelled;
        import(store, "eccube", Kind::Orders, &orders([off]));
        assert_eq!(told(store, None)[0], (1, false, true, false, true, 0));
    });
}
