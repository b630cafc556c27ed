//! What customers say of themselves: taken over with its history, kept against older files, and never
//! at anybody else's cost (M116, M117, C9).

use crate::help::*;
use model::{
    Channel, Kind, MatchKey, Name, OwnFact, Phone, PhoneKind, Record, Response, ResponseKind, StopReason,
    Verdict,
};
use proptest::prelude::*;
use store::{Closing, NewTouch, Outcome, OwnWord, Store, destination_of};

const OLD: &str = "old@example.jp";
const NEW: &str = "new@example.jp";

/// A touch by SMS of a customer, with the number that it has.
fn touch(store: &Store, customer: i64, step: u16) -> i64 {
    let touch = NewTouch {
        campaign: 1,
        step,
        customer,
        channel: Channel::Sms,
        destination: Some(MatchKey::phone(&format!("0900000{customer:04}")).0),
        variant: 0,
        value: 0,
        due: NOW,
        rule: String::new(),
    };
    store.make_touches(&[touch], NOW).unwrap();
    store.touches_of(customer, 9).unwrap().iter().map(|t| t.touch.id).max().unwrap()
}

fn mail(address: &str) -> Record {
    Record { email: Some(address.to_owned()), ..Record::default() }
}

/// Says facts on the page of a touch.
fn say(store: &Store, touch: i64, said: &Record, agreed: &[Channel]) -> bool {
    let facts: Vec<OwnFact> = OwnFact::ALL.iter().copied().filter(|f| f.print(said).is_some()).collect();
    let agreed: Vec<_> = agreed
        .iter()
        .map(|channel| {
            let own = StopReason::ALL.iter().copied().find(|r| r.channel() == Some(*channel)).unwrap();
            (*channel, own, "同意します".to_owned())
        })
        .collect();
    let response = Response {
        id: 0,
        touch,
        kind: ResponseKind::Preference,
        at: NOW * 1_000,
        link: None,
        agent: String::new(),
        network: 0,
        said: "refresh".to_owned(),
        verdict: Verdict::Person,
    };
    let keys = |r: &Record| {
        let phones = r.phones.iter().map(|p| MatchKey::phone(&p.digits));
        r.email.iter().map(|e| MatchKey::email(e)).chain(phones).collect::<Vec<_>>()
    };
    let word =
        OwnWord { touch, said, facts: &facts, agreed: &agreed, response: &response, keys: &keys, at: NOW };
    store.take_own_word(&word, 5).unwrap()
}

/// The mailbox of a customer, as letters find it.
fn mailbox(store: &Store, customer: i64) -> Option<String> {
    let mut key = None;
    store.destinations(Channel::Mail, Some(&[customer]), &mut |_, k| key = Some(k)).unwrap();
    let records = store.records_of(&[customer]).unwrap();
    destination_of(records.get(&customer)?, Channel::Mail, key?)
}

/// Says that a mailbox is dead, as a bounce of a letter to it does.
fn bounce(store: &Store, campaign: i64, customer: i64, address: &str) {
    let destination = Some(MatchKey::email(address).0);
    let letter = NewTouch {
        campaign,
        step: 0,
        customer,
        channel: Channel::Mail,
        destination,
        variant: 0,
        value: 0,
        due: NOW,
        rule: String::new(),
    };
    store.make_touches(&[letter], NOW).unwrap();
    let touch = store.touches_of(customer, 9).unwrap().iter().map(|t| t.touch.id).max().unwrap();
    let response = Response {
        id: 0,
        touch,
        kind: ResponseKind::HardBounce,
        at: NOW * 1_000,
        link: None,
        agent: String::new(),
        network: 0,
        said: String::new(),
        verdict: Verdict::Person,
    };
    let dead = Closing {
        channel: Some(Channel::Mail),
        reason: StopReason::BadAddress,
        rule: "L-40",
        address_only: true,
    };
    assert!(store.hear(&response, None, &[dead], "report").unwrap());
}

#[test]
fn a_corrected_mailbox_opens_the_channel_and_the_dead_one_stays_dead() {
    on_both(|store| {
        let people = [person("1", "山田", OLD, "09000000001"), person("2", "佐藤", OLD, "09000000002")];
        import(store, "eccube", Kind::Customers, &records(people));
        let (yamada, sato) = (the(store, "山田"), the(store, "佐藤"));
        bounce(store, 2, yamada, OLD);
        let dead = (Some(Channel::Mail), StopReason::BadAddress);
        assert!(stops(store, yamada).contains(&dead) && stops(store, sato).contains(&dead));

        let page = touch(store, yamada, 0);
        assert!(say(store, page, &mail(NEW), &[]));
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW));
        assert_eq!(stops(store, yamada), [], "the new mailbox is open");
        assert_eq!(stops(store, sato), [dead], "the dead one is dead for whoever has it");
        assert_eq!(mailbox(store, sato).as_deref(), Some(OLD));

        let changes = store.profile_changes(yamada).unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].old.as_deref(), changes[0].new.as_deref()), (Some(OLD), Some(NEW)));
        assert_eq!((changes[0].fact, changes[0].confirmed, changes[0].touch), (OwnFact::Mail, false, page));
        assert_eq!(store.find(NEW, 9).unwrap(), [yamada], "found by what they said");
        assert_eq!(store.find(OLD, 9).unwrap().len(), 2, "and by what they were known as");

        assert_eq!(store.erase_profile_changes(yamada).unwrap(), 1);
        let erased = store.profile_changes(yamada).unwrap();
        assert_eq!((erased[0].old.as_ref(), erased[0].new.as_ref(), erased[0].at), (None, None, NOW));

        // The new one may die as well.
        bounce(store, 3, yamada, NEW);
        assert_eq!(stops(store, yamada), [dead]);
    });
}

#[test]
fn a_page_is_written_once_and_closes_after_wrong_answers() {
    on_both(|store| {
        import(store, "eccube", Kind::Customers, &records([person("1", "山田", OLD, "09000000001")]));
        let yamada = the(store, "山田");
        let page = touch(store, yamada, 0);
        assert!(say(store, page, &mail(NEW), &[]));
        assert!(!say(store, page, &mail("evil@example.jp"), &[]), "replayed");
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW));
        assert_eq!(store.refresh_state(page).unwrap().done, Some(NOW));
        let other = touch(store, yamada, 1);
        for n in 1..=5 {
            assert_eq!(store.refresh_missed(other).unwrap(), n);
        }
        assert!(!say(store, other, &mail("evil@example.jp"), &[]), "closed");
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW));
    });
}

/// What is imported after the customer's word: what they replaced is no news, a third value is.
#[test]
fn a_customers_word_wins_over_an_older_file_and_loses_to_news() {
    on_both(|store| {
        let known = |address: &str, family: &str| person("1", family, address, "09000000001");
        import(store, "eccube", Kind::Customers, &records([known(OLD, "山田")]));
        let yamada = the(store, "山田");
        say(store, touch(store, yamada, 0), &mail(NEW), &[]);
        import(store, "eccube", Kind::Customers, &records([known(OLD, "山田")]));
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW), "the same file");
        import(store, "eccube", Kind::Customers, &records([known(OLD, "高橋")]));
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW), "a file with other news");
        assert_eq!(the(store, "高橋"), yamada, "whose other news is taken");

        let ordered = |at: i64| {
            let mut order = order(&at.to_string(), "1", 0, 100);
            (order.at, order.day) = (at, model::Day((at / 86_400) as i32));
            order.buyer.record = Some(Box::new(known(OLD, "高橋")));
            order
        };
        import(store, "eccube", Kind::Orders, &orders([ordered(NOW - 10)]));
        assert_eq!(mailbox(store, yamada).as_deref(), Some(NEW), "an order from before");
        import(store, "eccube", Kind::Customers, &records([known("third@example.jp", "高橋")]));
        assert_eq!(mailbox(store, yamada).as_deref(), Some("third@example.jp"), "a newer file that differs");
    });
}

#[test]
fn touches_in_line_go_to_the_new_address_and_a_corrected_place_is_open_again() {
    on_both(|store| {
        let home = Record {
            postal: Some("1000001".into()),
            prefecture: Some("東京都".into()),
            address: Some("千代田区1-1".into()),
            ..person("1", "山田", OLD, "09000000001")
        };
        import(store, "eccube", Kind::Customers, &records([home]));
        let yamada = the(store, "山田");
        store.suppress(yamada, Some(Channel::Post), StopReason::BadAddress, "", "佐藤", NOW).unwrap();
        let letter = NewTouch {
            campaign: 9,
            step: 2,
            customer: yamada,
            channel: Channel::Mail,
            destination: Some(MatchKey::email(OLD).0),
            variant: 0,
            value: 0,
            due: NOW + 60,
            rule: String::new(),
        };
        store.make_touches(&[letter], NOW).unwrap();
        let moved = Record {
            postal: Some("5300001".into()),
            prefecture: Some("大阪府".into()),
            address: Some("大阪市北区2-2".into()),
            ..mail(NEW)
        };
        assert!(say(store, touch(store, yamada, 0), &moved, &[]));
        let line = store.touches_of(yamada, 9).unwrap();
        let line = line.iter().find(|t| t.touch.campaign == 9).unwrap();
        assert_eq!(line.touch.destination, MatchKey::email(NEW).0);
        assert_eq!(stops(store, yamada), []);
        let person = store.person(yamada).unwrap().unwrap();
        let lifted = person.suppressions.iter().find(|s| s.reason == StopReason::BadAddress).unwrap();
        assert_eq!(lifted.lifted.as_ref().map(|l| l.0.as_str()), Some("customer"), "it stays on record");
    });
}

#[test]
fn an_opt_out_is_taken_back_by_its_own_customer_alone() {
    on_both(|store| {
        let people = [person("1", "山田", OLD, "09000000001"), person("2", "佐藤", NEW, "09000000002")];
        import(store, "eccube", Kind::Customers, &records(people));
        let (yamada, sato) = (the(store, "山田"), the(store, "佐藤"));
        for who in [yamada, sato] {
            store.suppress(who, Some(Channel::Mail), StopReason::MailOptOut, "", "佐藤", NOW).unwrap();
        }
        let stop = model::Suppression {
            who: NEW.to_owned(),
            channel: Some(Channel::Mail),
            reason: StopReason::MailOptOut,
            on: None,
            note: String::new(),
        };
        import(store, "eccube", Kind::Customers, &[model::Item::Suppression(stop)]);
        // Their own address: open again. With the one of somebody who said no: closed.
        say(store, touch(store, yamada, 0), &mail(OLD), &[Channel::Mail]);
        assert_eq!(stops(store, yamada), []);
        say(store, touch(store, yamada, 1), &mail(NEW), &[Channel::Mail]);
        let no = (Some(Channel::Mail), StopReason::MailOptOut);
        assert_eq!(stops(store, yamada), [no], "whose mailbox it is said no");
        assert_eq!(stops(store, sato), [no]);
        let consent = store.person(yamada).unwrap().unwrap().consents;
        assert!(consent.iter().any(|c| c.given && c.evidence == "同意します"), "{consent:?}");
        // Nor do two become one because one of them wrote the other's address.
        let waiting = store.to_match(9).unwrap();
        let merge = |c: &store::Stored| Outcome::Merge { with_record: c.id, facts: vec!["mail".into()] };
        for one in &waiting {
            let outcomes: Vec<Outcome> = one.candidates.iter().map(merge).collect();
            store.settle(one.record.id, &outcomes, NOW).unwrap();
        }
        assert!(waiting.iter().any(|one| !one.candidates.is_empty()), "they share an address now");
        assert_eq!((the(store, "山田"), the(store, "佐藤")), (yamada, sato));
        assert!(store.suggestions(0, 9).unwrap().0 > 0, "a person is asked");
    });
}

/// Everything that is known of a customer, as text.
fn everything(store: &Store, customer: i64) -> String {
    let mut stops = stops(store, customer);
    stops.sort();
    let person = store.person(customer).unwrap().unwrap();
    let changes = store.profile_changes(customer).unwrap();
    format!("{:?} {:?} {stops:?} {changes:?} {:?}", person.records, person.consents, mailbox(store, customer))
}

fn said() -> impl Strategy<Value = Record> {
    let mails = prop::sample::select(vec!["", OLD, NEW, "b@example.jp", "c@example.jp"]);
    let phones = prop::sample::select(vec!["", "09000000001", "09000000002", "09000000009"]);
    let names = prop::sample::select(vec!["", "山田 花子", "佐藤 花子"]);
    (mails, phones, names).prop_map(|(mail, phone, name)| Record {
        name: Name::typed(name),
        email: (!mail.is_empty()).then(|| mail.to_owned()),
        phones: (!phone.is_empty())
            .then(|| Phone { digits: phone.to_owned(), kind: PhoneKind::Mobile })
            .into_iter()
            .collect(),
        ..Record::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever A says on their page, nothing of B changes: no fact, no stop, no consent, no history.
    #[test]
    fn a_page_of_one_customer_changes_nothing_of_another(
        words in prop::collection::vec((said(), prop::collection::vec(prop::sample::select(vec![Channel::Mail, Channel::Sms]), 0..2)), 1..5),
        shared in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", dir.path().join("x").display())).unwrap();
        store.migrate().unwrap();
        let theirs = if shared { OLD } else { "b@example.jp" };
        let people = [person("1", "山田", OLD, "09000000001"), person("2", "佐藤", theirs, "09000000002")];
        import(&store, "eccube", Kind::Customers, &records(people));
        let (a, b) = (the(&store, "山田"), the(&store, "佐藤"));
        store.suppress(b, Some(Channel::Mail), StopReason::MailOptOut, "", "佐藤", NOW).unwrap();
        bounce(&store, 2, b, theirs);
        let before = everything(&store, b);
        for (step, (said, agreed)) in words.iter().enumerate() {
            say(&store, touch(&store, a, step as u16), said, agreed);
            prop_assert_eq!(everything(&store, b), before.clone());
        }
    }
}
