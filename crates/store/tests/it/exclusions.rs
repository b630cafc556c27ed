//! Whom the shop's own books keep out, and until when (M165).

use crate::help::*;
use model::{Day, Disaster, Exclusion, KeepOut, Kind, Order, OrderKind, Record, Standing};
use store::Store;

/// Somebody with one order of a standing, so many days ago.
fn sold(i: i32, standing: Standing, days_ago: i32) -> Order {
    Order { standing, ..order(&format!("o{i}"), &i.to_string(), TODAY.0 - days_ago, 3_000) }
}

fn living(i: i32, postal: &str, mail: &str) -> Record {
    Record { postal: Some(postal.to_owned()), ..person(&i.to_string(), &format!("見本{i}"), mail, "") }
}

/// By the shop's own number of the customer.
fn kept_out(store: &Store, rules: &KeepOut) -> Vec<(i64, Exclusion)> {
    let all = store.exclusions(None, rules, TODAY).unwrap();
    let people: Vec<i64> = (1..=20).collect();
    let some = store.exclusions(Some(&people), rules, TODAY).unwrap();
    assert_eq!(all, some, "of everybody and of these people");
    assert!(store.exclusions(Some(&[]), rules, TODAY).unwrap().is_empty());
    all.into_iter().collect()
}

#[test]
fn what_is_unpaid_sent_back_or_refused_keeps_its_buyer_out_for_a_while() {
    on_both(|store| {
        let people = (1..=9).map(|i| living(i, "1000001", &format!("customer{i}@example.jp")));
        import(store, "shop", Kind::Customers, &records(people));
        let refund = Order { kind: OrderKind::Refund, ..sold(8, Standing::Completed, 5) };
        let all = [
            sold(1, Standing::Completed, 2),
            sold(2, Standing::Pending, 364),
            sold(3, Standing::Pending, 365),
            sold(4, Standing::Returned, 29),
            sold(5, Standing::Returned, 30),
            sold(6, Standing::Refused, 1_094),
            sold(7, Standing::Refused, 1_095),
            refund,
            sold(9, Standing::Cancelled, 1),
        ];
        import(store, "shop", Kind::Orders, &orders(all));
        let expected = [
            (2, Exclusion::Unpaid),
            (4, Exclusion::Returning),
            (6, Exclusion::RefusedDelivery),
            (8, Exclusion::Returning),
        ];
        assert_eq!(kept_out(store, &KeepOut::default()), expected);
        let none = KeepOut { unpaid_days: 0, returning_days: 0, refused_days: 0, ..KeepOut::default() };
        assert_eq!(kept_out(store, &none), []);
        // Paid at last: the same order completed opens the way again.
        import(store, "shop", Kind::Orders, &orders([sold(2, Standing::Completed, 364)]));
        assert_eq!(kept_out(store, &KeepOut::default())[0], (4, Exclusion::Returning));
    });
}

#[test]
fn resellers_staff_test_names_and_disasters_are_found_by_the_shops_rules() {
    on_both(|store| {
        let mut test = living(3, "1000001", "");
        test.name.family = "てすと".to_owned();
        let people = [
            living(1, "9270001", "customer1@example.jp"),
            living(2, "1000001", "staff@office.example.jp"),
            test,
            living(4, "9280001", "office.example.jp@example.jp"),
            living(5, "1000001", "customer5@example.jp"),
            living(6, "1000001", "customer6@example.jp"),
        ];
        import(store, "shop", Kind::Customers, &records(people));
        let many = |i: i32, pieces: i64| {
            let mut order = sold(i, Standing::Completed, 100);
            order.lines = vec![model::Line { quantity: pieces, ..line("A", "茶") }];
            order
        };
        import(store, "shop", Kind::Orders, &orders([many(5, 20), many(6, 19)]));
        let noto = |until| Disaster { name: "地震".to_owned(), postal: vec!["927".to_owned()], until };
        let rules = KeepOut {
            resale_pieces: 20,
            staff_domains: vec!["@Office.example.jp".to_owned()],
            disasters: vec![noto(TODAY)],
            ..KeepOut::default()
        };
        let expected = [
            (1, Exclusion::Disaster),
            (2, Exclusion::Staff),
            (3, Exclusion::Staff),
            (5, Exclusion::Reseller),
        ];
        assert_eq!(kept_out(store, &rules), expected);
        let over = KeepOut { disasters: vec![noto(Day(TODAY.0 - 1))], ..rules };
        assert_eq!(kept_out(store, &over)[0], (2, Exclusion::Staff), "a disaster that is over");
        // Rules are the shop's words: none of them is SQL.
        let odd = || vec!["' OR 1 = 1 --%_!".to_owned()];
        let odd = KeepOut {
            staff_domains: odd(),
            test_names: odd(),
            disasters: vec![Disaster { name: String::new(), postal: odd(), until: TODAY }],
            ..KeepOut::default()
        };
        assert_eq!(kept_out(store, &odd), []);
    });
}
