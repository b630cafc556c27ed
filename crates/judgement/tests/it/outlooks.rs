//! For any little shop: probabilities that are some, the same again, whatever the shop counts in; and
//! goods at home, and what a touch pays.

use crate::books::{Books, TODAY, ago, of, sound, timeline};
use crate::life::{Life, Row};
use judgement::outlook::{Mode, Past, learn, profit};
use model::{Day, EventKind as K, Money, Outlook};
use proptest::prelude::*;

/// A buyer: gaps between orders, days since the last one, yen per order.
type Buyer = (Vec<i32>, i32, i64);

fn buyer() -> impl Strategy<Value = Buyer> {
    (prop::collection::vec(0..150i32, 0..8), 0..500i32, 1..50_000i64)
}

fn shop() -> impl Strategy<Value = Vec<Buyer>> {
    prop::collection::vec(buyer(), 0..60)
}

fn life((gaps, last, yen): &Buyer, later: i32, times: i64) -> Life {
    let mut day = TODAY + later - last;
    let mut rows: Vec<Row> = vec![(day, K::Order, yen * 100 * times, 0)];
    for gap in gaps {
        day -= gap;
        rows.push((day, K::Order, yen * 100 * times, 0));
    }
    Life::new(rows)
}

/// The shop's outlooks, its days moved and its amounts multiplied.
fn asked(shop: &[Buyer], later: i32, times: i64) -> Vec<(i64, Outlook)> {
    let books = Books::new(shop.iter().map(|buyer| life(buyer, later, times)));
    let learned = books.learned(&books.plan(TODAY + later, 120, 60));
    books.outlooks(&learned, TODAY + later)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_little_shop_gets_sound_answers(shop in shop()) {
        let all = asked(&shop, 0, 1);
        prop_assert_eq!(all.len(), shop.len());
        all.iter().for_each(|(customer, o)| sound(&customer.to_string(), o, TODAY));
    }

    #[test]
    fn neither_the_date_nor_the_currency_matters(shop in shop(), later in -3_000..3_000i32) {
        let one = asked(&shop, 0, 1);
        prop_assert_eq!(&asked(&shop, 0, 1), &one);
        let moved = asked(&shop, later, 100);
        for ((_, a), (_, b)) in one.iter().zip(&moved) {
            prop_assert!((a.p_return - b.p_return).abs() < 1e-6, "{a:?} {b:?}");
            let [a_value, b_value] = [a, b].map(|o| o.value_if_returns.0 as f64);
            prop_assert!((100.0 * a_value - b_value).abs() <= 100.0 + 1e-6 * b_value, "{a:?} {b:?}");
            prop_assert_eq!(a.next_order.plus(later), b.next_order);
        }
    }

    #[test]
    fn shards_add_up(shop in shop(), cut in 0..60usize) {
        let books = Books::new(shop.iter().map(|buyer| life(buyer, 0, 1)));
        let plan = books.plan(TODAY, 120, 60);
        let (mut first, mut second) = (Past::new(&plan), Past::new(&plan));
        for (i, (customer, life)) in books.people.iter().enumerate() {
            (if i < cut { &mut first } else { &mut second }).see(&timeline(*customer, life));
        }
        first.join(second);
        prop_assert_eq!(learn(&first, Mode::Auto, "R181", 1), books.learned(&plan));
    }
}

/// Goods: which, how many days they last, bought how many days ago.
fn with_goods(orders: &[i32], goods: &[(u32, i64, i32)]) -> Outlook {
    let mut rows: Vec<Row> = orders.iter().map(|d| (TODAY - d, K::Order, 100_000, 0)).collect();
    rows.extend(goods.iter().map(|(which, days, ago)| (TODAY - ago, K::Supply, *days, *which)));
    let books = Books::new([Life::new(rows), ago(&[100, 130, 160])]);
    let learned = books.learned(&books.plan(TODAY, 180, 89));
    let o = of(&books.outlooks(&learned, TODAY), 1);
    sound("goods", &o, TODAY);
    o
}

#[test]
fn goods_at_home() {
    for (name, goods, left) in [
        ("M038: 2 bottles of 60 days, 30 days ago", &[(1, 120, 30)][..], Some(90)),
        ("the same goods one after the other", &[(1, 60, 40), (1, 60, 30)], Some(80)),
        ("bought anew after a gap", &[(1, 30, 200), (1, 60, 30)], Some(30)),
        ("different goods side by side", &[(1, 60, 40), (2, 60, 30)], Some(30)),
        ("the longest of them counts", &[(1, 300, 40), (2, 60, 30)], Some(260)),
        ("used up", &[(1, 30, 50)], None),
        ("used up today", &[(1, 30, 30)], None),
        ("tomorrow's are not known", &[(1, 30, 20), (1, 500, -1)], Some(10)),
        ("no goods with a length", &[], None),
    ] {
        let o = with_goods(&[30, 60, 90], goods);
        assert_eq!(o.stock_left(Day(TODAY)), left, "{name}: {o:?}");
        assert_eq!(o.stock_until.is_none(), goods.is_empty(), "{name}: {o:?}");
    }
    // The next order waits for the stock, and for nothing else.
    let plain = with_goods(&[30, 60, 90], &[]).next_order;
    assert_eq!(with_goods(&[30, 60, 90], &[(1, 120, 30)]).next_order, Day(TODAY + 90));
    assert_eq!(with_goods(&[30, 60, 90], &[(1, 10, 30)]).next_order, plain);
}

#[test]
fn a_touch_pays_what_it_adds_and_no_more() {
    let told = |p_return: f64, lift: f64, value: i64, cost: i64| {
        let books = Books::ago(&[&[10]]);
        let o = of(&books.outlooks(&books.learned(&books.plan(TODAY, 180, 89)), TODAY), 1);
        let o = Outlook { p_return, value_if_returns: Money(value), ..o };
        let told = profit(&o, lift, Money(cost));
        (told.lift, told.cost.0, told.profit.0)
    };
    for (name, (p_return, lift, value, cost), expected) in [
        // 2 % x 5,000 yen - 90 yen; not 2 % x 10 % x 5,000 yen, which would be a loss.
        ("lift x value_if_returns", (0.1, 0.02, 500_000, 9_000), (0.02, 9_000, 1_000)),
        ("whatever p_return", (0.9, 0.02, 500_000, 9_000), (0.02, 9_000, 1_000)),
        ("nobody is brought who comes anyway", (0.75, 0.5, 500_000, 9_000), (0.25, 9_000, 116_000)),
        ("certain", (1.0, 0.5, 500_000, 9_000), (0.0, 9_000, -9_000)),
        ("no lift", (0.1, 0.0, 500_000, 9_000), (0.0, 9_000, -9_000)),
        ("a lift below none", (0.1, -0.3, 500_000, 0), (0.0, 0, 0)),
        ("a lift beyond all", (0.0, 7.0, 500_000, 0), (1.0, 0, 500_000)),
        ("free and worthless", (0.1, 0.02, 0, 0), (0.02, 0, 0)),
        ("without end", (0.0, 1.0, i64::MAX, -1), (1.0, -1, i64::MAX)),
    ] {
        assert_eq!(told(p_return, lift, value, cost), expected, "{name}");
    }
}
