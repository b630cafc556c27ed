//! Importing: exact counts, whole orders, what changed, what a kill leaves.

use crate::help::*;
use model::{Activity, ActivityKind, Balance, Day, EventKind, Item, Kind, Membership, Money, OrderKind};
use model::{Product, Record, Standing, Subscription, SubscriptionStatus, Timeline};
use store::{Changed, Counting, Error, Store, Summary};

#[test]
fn the_same_file_twice_changes_nothing() {
    on_both(|store| {
        let mut first = order("A-1", "7", 20_000, 3_000);
        first.lines = vec![line("tea", "茶"), line("cup", "器")];
        first.buyer.record = Some(Box::new(person("7", "山田", "hanako@example.jp", "09000001234")));
        let file = orders([first.clone(), order("A-2", "7", 20_010, 500), order("A-3", "8", 20_020, 0)]);
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &file)), (3, 0, 0, 2, 0));
        let after = store.person(the(store, "hanako@example.jp")).unwrap();
        let all = events(store, None, &ALL);
        store.forget_changes(store.changed().unwrap().0).unwrap();
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &file)), (0, 0, 3, 0, 0));
        assert_eq!(store.changed().unwrap().1, Changed::Nothing);
        assert_eq!(store.person(the(store, "hanako@example.jp")).unwrap(), after);
        assert_eq!(events(store, None, &ALL), all);

        // The same ids in another source are other orders of other people.
        assert_eq!(counts(&import(store, "shopify", Kind::Orders, &file)), (3, 0, 0, 2, 0));

        first.lines.pop();
        first.total = Money::units(2_000);
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &orders([first.clone()]))), (0, 1, 0, 0, 0));
        let person = store.person(1).unwrap().unwrap();
        assert_eq!(person.orders.iter().map(|o| o.order.ext_id.as_str()).collect::<Vec<_>>(), ["A-2", "A-1"]);
        first.buyer.record = None;
        assert_eq!(person.orders[1].order, first);
        assert_eq!(store.changed().unwrap().1, Changed::Customers(vec![1, 3, 4]));
    });
}

#[test]
fn an_order_named_twice_in_one_chunk_is_one_order() {
    on_both(|store| {
        let file = orders([order("A", "7", 1, 10), order("B", "7", 2, 10), order("A", "8", 3, 30)]);
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &file)), (2, 1, 0, 2, 0));
        let totals: Vec<i64> =
            events(store, None, &ALL).iter().filter(|e| e.2 == EventKind::Order).map(|e| e.3).collect();
        assert_eq!(totals, [1_000, 3_000], "B of 7, then A, which is 8's now");
    });
}

#[test]
fn events_count_what_the_shop_counts() {
    on_both(|store| {
        let with = |id: &str, kind, standing, yen, change: &dyn Fn(&mut model::Order)| {
            let mut o = order(id, "7", 20_000, yen);
            (o.kind, o.standing) = (kind, standing);
            change(&mut o);
            o
        };
        let file = [
            with("paid", OrderKind::Sale, Standing::Completed, 1_000, &|o| o.points = Some(Money::units(50))),
            with("goods", OrderKind::Sale, Standing::Completed, 900, &|o| o.goods = Some(Money::units(800))),
            with("part back", OrderKind::Sale, Standing::Completed, 700, &|o| o.refunded = Money::units(100)),
            with("unpaid", OrderKind::Sale, Standing::Pending, 5, &|_| ()),
            with("free", OrderKind::Sale, Standing::Completed, 0, &|_| ()),
            with("by points", OrderKind::Sale, Standing::Completed, 0, &|o| {
                o.points = Some(Money::units(60))
            }),
            with("off", OrderKind::Sale, Standing::Cancelled, 7, &|_| ()),
            with("returned", OrderKind::Sale, Standing::Returned, 7, &|_| ()),
            with("cart", OrderKind::Sale, Standing::Checkout, 7, &|_| ()),
            with("refund", OrderKind::Refund, Standing::Completed, -30, &|_| ()),
            with("bill", OrderKind::Invoice, Standing::Completed, 40, &|_| ()),
        ];
        import(store, "eccube", Kind::Orders, &orders(file.clone()));
        for rule in [
            ALL,
            Counting { pending: false, zero: false, ..ALL },
            Counting { spend: model::SpendRule::Goods, ..ALL },
            Counting { spend: model::SpendRule::BeforePoints, ..ALL },
        ] {
            let zero = |o: &model::Order| o.total == Money::ZERO && o.points.is_none();
            let counted = |o: &&model::Order| o.standing.counts(rule.pending) && (rule.zero || !zero(o));
            let mut expected: Vec<i64> = file.iter().filter(counted).map(|o| o.spend(rule.spend).0).collect();
            expected.sort();
            for of in [None, Some(&[1i64][..])] {
                let got = events(store, of, &rule);
                let mut spend: Vec<i64> =
                    got.iter().filter(|e| e.2 != EventKind::Known).map(|e| e.3).collect();
                spend.sort();
                assert_eq!(spend, expected, "{rule:?}");
                let known: Vec<_> = got.iter().filter(|e| e.2 == EventKind::Known).collect();
                assert_eq!(known, [&(1, 20_000, EventKind::Known, Timeline::MEMBER, 0)]);
            }
        }
    });
}

#[test]
fn subscriptions_visits_points_become_events_and_unknown_people_are_refused() {
    on_both(|store| {
        import(store, "eccube", Kind::Customers, &records([person("7", "山田", "hanako@example.jp", "")]));
        let subscription = Subscription {
            ext_id: "S1".into(),
            who: "7".into(),
            status: SubscriptionStatus::Running,
            started: Some(Day(100)),
            ended: None,
            next_delivery: Some(Day(130)),
            product: "茶".into(),
        };
        let visit = |who: &str, kind| {
            Item::Activity(Activity { who: who.into(), kind, day: Day(120), note: String::new() })
        };
        let points = |who: &str| {
            Item::Balance(Balance { who: who.into(), points: Money(5), expires: None, as_of: None })
        };
        let file = [
            Item::Subscription(subscription.clone()),
            visit("hanako@example.jp", ActivityKind::Visit),
            visit("999", ActivityKind::Visit),
            points("7"),
            points("nobody@example.jp"),
        ];
        let tally = import(store, "eccube", Kind::Visits, &file);
        assert_eq!(counts(&tally), (3, 0, 0, 0, 2));
        assert_eq!(tally.refused.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(counts(&import(store, "eccube", Kind::Visits, &file)), (0, 0, 3, 0, 2));
        let ended =
            Subscription { status: SubscriptionStatus::Cancelled, ended: Some(Day(125)), ..subscription };
        assert_eq!(
            counts(&import(store, "eccube", Kind::Visits, &[Item::Subscription(ended)])),
            (0, 1, 0, 0, 0)
        );
        let got: Vec<_> = events(store, None, &ALL).into_iter().map(|e| (e.1, e.2, e.3)).collect();
        assert_eq!(
            got,
            [
                (100, EventKind::Known, Timeline::MEMBER),
                (100, EventKind::SubscriptionRunning, 130),
                (120, EventKind::Visit, 0),
                (125, EventKind::SubscriptionCancelled, 0),
            ]
        );
        let person = store.person(1).unwrap().unwrap();
        assert_eq!((person.subscriptions.len(), person.activities.len(), person.balances.len()), (1, 1, 1));
    });
}

#[test]
fn a_file_of_customers_knows_better_than_an_order() {
    on_both(|store| {
        let mut first = order("A", "7", 100, 1);
        let mut guest = person("7", "山田", "old@example.jp", "");
        guest.membership = Membership::Guest;
        first.buyer.record = Some(Box::new(guest));
        import(store, "eccube", Kind::Orders, &orders([first.clone()]));
        let file =
            records([Record { registered: Some(Day(50)), ..person("7", "佐藤", "new@example.jp", "") }]);
        assert_eq!(counts(&import(store, "eccube", Kind::Customers, &file)), (0, 1, 0, 0, 0));
        let mut later = order("B", "7", 200, 1);
        let typed = person("7", "鈴木", "typo@example.jp", "09000001234");
        later.buyer.record = Some(Box::new(typed));
        import(store, "eccube", Kind::Orders, &orders([first, later]));
        let shown = |store: &Store| {
            let r = &store.person(1).unwrap().unwrap().records[0].record;
            (r.name.family.clone(), r.email.clone().unwrap(), r.phones.len(), r.membership)
        };
        let expected = ("佐藤".to_owned(), "new@example.jp".to_owned(), 1, Membership::Member);
        assert_eq!(shown(store), expected, "the order only filled the gap");
        assert_eq!(counts(&import(store, "eccube", Kind::Customers, &file)), (0, 0, 1, 0, 0));
        assert_eq!(shown(store), expected);
        assert_eq!(events(store, None, &ALL)[0].1, 50, "known since they registered");
    });
}

#[test]
fn only_touched_customers_count_as_changed() {
    on_both(|store| {
        let many = (0..20).map(|n| order(&format!("A{n}"), &n.to_string(), 100, 1));
        import(store, "eccube", Kind::Orders, &orders(many));
        let (seq, changed) = store.changed().unwrap();
        assert_eq!(changed, Changed::Everything, "the columns were never written");
        store.forget_changes(seq).unwrap();
        import(store, "eccube", Kind::Orders, &orders([order("A3", "3", 101, 2), order("B", "5", 101, 2)]));
        let (seq, changed) = store.changed().unwrap();
        assert_eq!(changed, Changed::Customers(vec![4, 6]));
        import(store, "eccube", Kind::Orders, &orders([order("C", "5", 102, 2)]));
        store.forget_changes(seq).unwrap();
        assert_eq!(store.changed().unwrap().1, Changed::Customers(vec![6]), "what came meanwhile stays");
        let crowd = (0..1_400).map(|n| order(&format!("D{n}"), &format!("new {n}"), 100, 1));
        import(store, "eccube", Kind::Orders, &orders(crowd));
        assert!(store.changed().unwrap().1 == Changed::Everything, "too many to list");
        let some = events(store, Some(&[4, 6]), &ALL);
        let all = events(store, None, &ALL).into_iter().filter(|e| [4, 6].contains(&e.0));
        assert_eq!(some, all.collect::<Vec<_>>());
    });
}

#[test]
fn categories_come_from_lines_or_from_the_product_master() {
    on_both(|store| {
        let mut known = order("A", "7", 100, 1);
        known.lines = vec![line("t1", "茶"), line("x", "")];
        let mut gift = known.clone();
        (gift.ext_id, gift.gift) = ("B".into(), true);
        import(store, "eccube", Kind::Orders, &orders([known, gift]));
        let sets = |store: &Store| {
            let names = store.category_sets().unwrap();
            let events = events(store, None, &ALL);
            let orders = events.iter().filter(|e| e.2 == EventKind::Order);
            orders.map(|e| names[e.4 as usize].join("+")).collect::<Vec<_>>()
        };
        assert_eq!(sets(store), ["", "茶"], "a gift says nothing of what they use");
        store.forget_changes(store.changed().unwrap().0).unwrap();
        let master =
            [Item::Product(Product { sku: "x".into(), category: "器".into(), ..Product::default() })];
        assert_eq!(counts(&import(store, "eccube", Kind::Products, &master)), (1, 0, 0, 0, 0));
        assert_eq!(sets(store), ["", "器+茶"]);
        assert_eq!(store.changed().unwrap().1, Changed::Customers(vec![1]));
        assert_eq!(counts(&import(store, "eccube", Kind::Products, &master)), (0, 0, 1, 0, 0));
        assert_eq!(store.products(0, 5).unwrap().0, 1);
    });
}

#[test]
fn one_import_at_a_time_and_an_unfinished_one_is_told() {
    on_both(|store| {
        let mut session = store.begin_import(&new_import("eccube", Kind::Orders)).unwrap();
        session.write(&orders([order("A", "7", 100, 1)])).unwrap();
        assert!(matches!(store.begin_import(&new_import("eccube", Kind::Orders)), Err(Error::Busy)));
        drop(session);
        let session = store.begin_import(&new_import("shopify", Kind::Orders)).unwrap();
        session.finish(&Summary { rows: 3, ..Summary::default() }).unwrap();
        let rows = store.imports(10).unwrap();
        let told: Vec<_> = rows
            .iter()
            .map(|r| (r.source.as_str(), r.interrupted, r.summary.as_ref().map(|s| s.rows)))
            .collect();
        assert_eq!(told, [("shopify", false, Some(3)), ("eccube", true, None)]);
        assert_eq!(store.latest_order().unwrap(), Some(100 * 86_400 + 3_600));
        assert_eq!(
            counts(&import(store, "eccube", Kind::Orders, &orders([order("A", "7", 100, 1)]))),
            (0, 0, 1, 0, 0)
        );
    });
}

/// A copy of the files while an import runs is what a kill at that moment leaves.
#[test]
fn a_first_import_that_was_killed_is_completed_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let store = Store::open(&format!("sqlite:{}", path("a").display())).unwrap();
    store.migrate().unwrap();
    let mut session = store.begin_import(&new_import("eccube", Kind::Orders)).unwrap();
    let mut chunk = |from: i32, to: i32| {
        let mut o = (from..to).map(|n| order(&n.to_string(), "7", n, 1)).collect::<Vec<_>>();
        o.iter_mut().for_each(|o| o.lines = vec![line("x", "茶")]);
        session.write(&orders(o)).unwrap()
    };
    assert_eq!(counts(&chunk(0, 50)), (50, 0, 0, 1, 0));
    assert_eq!(counts(&chunk(40, 60)), (10, 0, 10, 0, 0), "without its index the session still knows");
    for suffix in ["", "-wal"] {
        std::fs::copy(path(&format!("a{suffix}")), path(&format!("b{suffix}"))).unwrap();
    }
    let killed = Store::open(&format!("sqlite:{}", path("b").display())).unwrap();
    assert_eq!(killed.migrate().unwrap(), [""; 0]);
    let all = (0..70).map(|n| {
        let mut o = order(&n.to_string(), "7", n, 1);
        o.lines = vec![line("x", "茶")];
        o
    });
    assert_eq!(counts(&import(&killed, "eccube", Kind::Orders, &orders(all))), (10, 0, 60, 0, 0));
    assert!(killed.imports(9).unwrap()[1].interrupted);
    assert!(killed.person(1).unwrap().unwrap().orders.iter().all(|o| o.order.lines.len() == 1));
}

#[test]
fn hostile_texts_are_kept_or_cleaned_but_never_stop_a_chunk() {
    on_both(|store| {
        let mut odd = order("A\0'; DROP TABLE orders; --", "7\0", 100, 1);
        odd.lines = vec![line("\0", "😀\u{202e}")];
        odd.medium = Some("?1 $1 %".into());
        odd.buyer.record = Some(Box::new(person("7\0", "\0山\"田", "hanako@example.jp", "")));
        let file = orders([odd, order("B", "8", 100, i64::MAX / 100)]);
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &file)), (2, 0, 0, 2, 0));
        assert_eq!(counts(&import(store, "eccube", Kind::Orders, &file)).1, 0);
        assert_eq!(store.person(1).unwrap().unwrap().orders[0].order.medium.as_deref(), Some("?1 $1 %"));
    });
}

#[test]
fn an_address_that_cannot_be_kept_is_refused() {
    for (url, word) in [
        ("mysql://x", "sqlite: or postgres://"),
        ("sqlite:", "needs a path"),
        ("postgres://a:secret@localhost/x?sslmode=require", "without TLS"),
        ("postgres://a:secret@localhost:x/", "cannot be read"),
    ] {
        let Err(why) = Store::open(url) else { panic!("{url} was opened") };
        assert!(why.to_string().contains(word) && !why.to_string().contains("secret"), "{url}: {why}");
    }
}
