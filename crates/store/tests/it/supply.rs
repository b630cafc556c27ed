//! How long the goods of each order last, as the product master says.

use crate::help::*;
use model::{EventKind, Item, Kind, Line, Order, OrderKind, Product, Standing};
use store::{Changed, Counting, Store};

fn product(sku: &str, days_per_unit: Option<f64>) -> Item {
    Item::Product(Product { sku: sku.into(), days_per_unit, ..Product::default() })
}

fn with(ext_id: &str, buyer: &str, day: i32, lines: &[(&str, i64)]) -> Order {
    let lines = lines.iter().map(|(sku, quantity)| Line { quantity: *quantity, ..line(sku, "") });
    Order { lines: lines.collect(), ..order(ext_id, buyer, day, 100) }
}

/// (customer, day, days) and the codes of the goods, both sorted as the events are.
fn supplies(store: &Store, of: Option<&[i64]>, rule: &Counting) -> (Vec<(i64, i32, i64)>, Vec<u32>) {
    let all = events(store, of, rule);
    all.iter().filter(|e| e.2 == EventKind::Supply).map(|e| ((e.0, e.1, e.3), e.4)).unzip()
}

#[test]
fn an_order_lasts_as_long_as_its_goods_do() {
    on_both(|store| {
        let mut file = vec![
            with("A", "7", 100, &[("tea", 2), ("rice", 1), ("cup", 4), ("tea", 1)]),
            with("B", "8", 110, &[("tea", 0), ("rice", 3)]),
            with("C", "7", 120, &[("tea", 2), ("tea", -2), ("seed", 1), ("stone", 1), ("", 9)]),
            with("D", "9", 130, &[("cup", 1)]),
        ];
        for (i, change) in [
            &(|o: &mut Order| o.gift = true) as &dyn Fn(&mut Order),
            &|o| o.standing = Standing::Cancelled,
            &|o| o.kind = OrderKind::Refund,
            &|o| o.standing = Standing::Pending,
            &|o| o.total = model::Money::ZERO,
        ]
        .into_iter()
        .enumerate()
        {
            let mut o = with(&format!("E{i}"), "8", 200 + i as i32, &[("tea", 1)]);
            change(&mut o);
            file.push(o);
        }
        import(store, "eccube", Kind::Orders, &orders(file));
        assert!(supplies(store, None, &ALL).0.is_empty(), "no master, nothing known");
        store.forget_changes(store.changed().unwrap().0).unwrap();
        let master = [
            product("tea", Some(14.5)),
            product("rice", Some(30.0)),
            product("cup", None),
            product("seed", Some(0.1)),
            product("stone", Some(1e300)),
            product("", Some(3.0)),
        ];
        import(store, "eccube", Kind::Products, &master);
        assert_eq!(store.changed().unwrap().1, Changed::Everything, "whoever bought them has news");
        let (rows, codes) = supplies(store, None, &ALL);
        let whole = [
            (1, 100, 30),
            (1, 100, 44),
            (1, 120, 1),
            (1, 120, 36_500),
            (2, 110, 90),
            (2, 203, 15),
            (2, 204, 15),
        ];
        assert_eq!(rows, whole, "unpaid and free orders count here; gifts, cancelled ones, refunds do not");
        assert!(codes.iter().all(|c| *c != 0));
        assert!(codes[0] == codes[4] && codes[1] == codes[5] && codes[5] == codes[6] && codes[0] != codes[1]);
        let paid = Counting { pending: false, zero: false, ..ALL };
        assert_eq!(supplies(store, None, &paid).0, whole[..5]);
        for of in [&[1, 2, 3][..], &[2]] {
            let (some, _) = supplies(store, Some(of), &ALL);
            assert_eq!(some, whole.iter().copied().filter(|r| of.contains(&r.0)).collect::<Vec<_>>());
        }
    });
}

#[test]
fn only_another_time_to_last_is_news_to_everybody() {
    on_both(|store| {
        import(store, "eccube", Kind::Orders, &orders([with("A", "7", 100, &[("tea", 2)])]));
        for (master, changed, days) in [
            (product("tea", Some(10.0)), true, 20),
            (product("tea", Some(10.0)), false, 20),
            (product("tea", Some(11.0)), true, 22),
            (product("rice", None), false, 22),
            (product("tea", None), true, 0),
        ] {
            store.forget_changes(store.changed().unwrap().0).unwrap();
            import(store, "eccube", Kind::Products, &[master]);
            assert_eq!(store.changed().unwrap().1 == Changed::Everything, changed);
            assert_eq!(supplies(store, None, &ALL).0.first().map_or(0, |r| r.2), days);
        }
    });
}
