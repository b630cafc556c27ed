//! Shops that teach nothing, or nonsense: the answer is sound all the same, and says what it is worth.

use crate::books::{Books, TODAY, ago, every, finite, of, sound, timeline};
use crate::life::Life;
use judgement::outlook::{Forecaster, Learned, Mode, Past, Plan, learn, profit, why};
use model::{Day, EventKind as K, ModelCard, Money, Outlook, Sense};
use stats::draw::Draw;

/// Customer i of a plain shop, in days ago: one of four rhythms, kept loosely; one order in eight is
/// the last.
fn plain(i: i32) -> Vec<i32> {
    let mut draw = Draw::part(7, i as u64);
    let rhythm = [20.0, 35.0, 60.0, 110.0][i as usize % 4];
    let mut day = 1_000 - draw.below(800) as i32;
    let mut days = vec![];
    while day >= 0 {
        days.push(day);
        day -= 1 + draw.gamma(1.5, 1.5 / rhythm) as i32;
        day = if draw.chance(0.125) { -1 } else { day };
    }
    days
}

fn plain_shop(n: i32) -> Vec<Life> {
    (0..n).map(|i| ago(&plain(i))).collect()
}

fn lives(n: i32, one: impl Fn(i32) -> Vec<i32>) -> Vec<Life> {
    (0..n).map(|i| ago(&one(i))).collect()
}

/// Orders with amounts in hundredths.
fn paying(n: i32, amount: impl Fn(i32, i32) -> i64) -> Vec<Life> {
    let one = |i: i32| {
        let row = |(k, day): (i32, i32)| (TODAY - day, K::Order, amount(i, k), 0);
        Life::new((0..).zip(plain(i)).map(row).collect())
    };
    (0..n).map(one).collect()
}

fn invoiced(n: i32) -> Vec<Life> {
    (0..n).map(|i| Life::new(plain(i).iter().map(|d| (TODAY - d, K::Invoice, 50_000, 0)).collect())).collect()
}

fn with_refunds(n: i32) -> Vec<Life> {
    let refund = |(i, life): (usize, Life)| life.and(TODAY - (i as i32 * 37) % 500, K::Refund, -900_000);
    plain_shop(n).into_iter().enumerate().map(refund).collect()
}

/// Everybody is silent for a year; then all of them come back, or none.
fn after_a_year(n: i32, back: bool) -> Vec<Life> {
    let one = |i: i32| {
        let mut days = every(30, 500 + i % 50, 3);
        days.extend(back.then_some(10 + i % 100));
        days
    };
    lives(n, one)
}

fn with_leavers(n: i32) -> Vec<Life> {
    let leave = |(i, life): (usize, Life)| match i % 3 {
        0 => life.and(TODAY - 300, K::Withdrawn, 0),
        1 => life.and(TODAY - 300, K::Withdrawn, 0).and(TODAY - 200, K::Rejoined, 0),
        _ => life,
    };
    plain_shop(n).into_iter().enumerate().map(leave).collect()
}

fn with_supplies(days: i64) -> Vec<Life> {
    let one = |i: i32| {
        let start = ago(&plain(i));
        plain(i).iter().fold(start, |life, d| life.and(TODAY - d, K::Supply, days))
    };
    (0..60).map(one).collect()
}

/// Name, lives, horizon, quiet.
type Case = (&'static str, Vec<Life>, i32, i32);

fn cases() -> Vec<Case> {
    let mut stray = plain_shop(200);
    stray.push(ago(&[13_400]));
    let mut all = vec![
        ("nobody", vec![], 180, 89),
        ("nobody with an order", vec![Life::new(vec![]), Life::new(vec![(TODAY, K::Known, 1, 0)])], 180, 89),
        ("an order tomorrow", vec![ago(&[-1])], 180, 89),
        ("one order", vec![ago(&[10])], 180, 89),
        ("one order today", vec![ago(&[0])], 180, 89),
        ("one order long ago", vec![ago(&[3_000])], 180, 89),
        ("one regular", vec![ago(&every(30, 5, 40))], 180, 89),
        ("one who bought a thing a day for ever", vec![ago(&every(1, 0, 5_000))], 180, 89),
        ("a little shop", plain_shop(30), 180, 89),
        ("a plain shop", plain_shop(400), 180, 89),
        ("all one-timers", lives(300, |i| vec![i * 5]), 180, 89),
        ("all on the same day", lives(300, |_| vec![700]), 180, 89),
        ("all today", lives(300, |_| vec![0]), 180, 89),
        ("all alike", lives(300, |_| every(45, 100, 12)), 180, 89),
        ("everybody returned", after_a_year(300, true), 180, 89),
        ("nobody returned", after_a_year(300, false), 180, 89),
        ("nothing paid", paying(200, |_, _| 0), 180, 89),
        ("less than nothing paid", paying(200, |_, _| -120_000), 180, 89),
        ("up and down", paying(200, |i, k| i64::from((i + k) % 3 - 1) * 500_000), 180, 89),
        ("fortunes", paying(200, |i, _| if i == 3 { i64::MAX / 8 } else { 1 }), 180, 89),
        ("refunds beyond spend", with_refunds(200), 180, 89),
        ("twenty years and a stray order in 1990", stray, 180, 89),
        ("a horizon beyond the books", plain_shop(200), 4_000, 89),
        ("a horizon of a day", plain_shop(200), 1, 89),
        ("a year ahead", plain_shop(200), 365, 89),
        ("nobody is ever quiet", plain_shop(200), 180, 5_000),
        ("quiet from the first day", plain_shop(200), 180, 0),
        ("quiet before it", plain_shop(200), 180, -1),
        ("books of three days", lives(50, |i| vec![i % 3]), 180, 89),
        ("books of three weeks", lives(200, |i| every(3, i % 21, 1 + i % 2)), 180, 89),
        ("invoices only", invoiced(200), 180, 89),
        ("some left, some came back in", with_leavers(200), 180, 89),
        ("goods for ever", with_supplies(36_500), 180, 89),
        ("goods for longer than that", with_supplies(i64::MAX), 180, 89),
        ("goods for less than nothing", with_supplies(-40), 180, 89),
    ];
    let many = |i: i32| every(1, i * 20, 5_000);
    all.push(("5,000 orders each", lives(12, many), 180, 89));
    all
}

/// What holds for any shop whatever.
fn holds(name: &str, books: &Books, horizon: i32, quiet: i32) {
    let plan = books.plan(TODAY, horizon, quiet);
    let learned = books.learned(&plan);
    assert_eq!(books.learned(&plan), learned, "{name}: learned twice");
    assert_eq!(joined(books, &plan), learned, "{name}: learned from two halves");
    stored(name, &learned, books);
    for (customer, o) in books.outlooks(&learned, TODAY) {
        sound(name, &o, TODAY);
        let told = profit(&o, 0.02, Money(9_000));
        assert!(told.lift <= 1.0 - o.p_return && told.profit >= Money(-9_000), "{name}: {told:?}");
        let (_, life) = &books.people[customer as usize - 1];
        let said = why(&life.history(TODAY), &o, Day(TODAY), horizon);
        assert!(said.ja.ends_with('。') && said.en.ends_with('.'), "{name}: {said:?}");
    }
    let answer = books.tested(TODAY - horizon.min(180), horizon, quiet);
    finite(name, &answer);
    let scopes: Vec<&str> = answer.scopes.iter().map(|s| s.scope).collect();
    assert_eq!(scopes, ["all", "quiet", "deep"], "{name}");
}

fn joined(books: &Books, plan: &Plan) -> Learned {
    let (first, second) = books.people.split_at(books.people.len() / 2);
    let [mut past, other] = [first, second].map(|half| {
        let mut past = Past::new(plan);
        half.iter().for_each(|(customer, life)| past.see(&timeline(*customer, life)));
        past
    });
    past.join(other);
    learn(&past, Mode::Auto, "R181", 1)
}

/// Card and forecaster survive being stored: a number that is none would not.
fn stored(name: &str, learned: &Learned, books: &Books) {
    finite(name, &learned.card);
    finite(name, &learned.forecaster);
    let text = serde_json::to_string(&learned.card).expect("text");
    let card: ModelCard = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
    assert_eq!(
        (card.buyers, card.sense, &card.limits),
        (learned.card.buyers, learned.card.sense, &learned.card.limits)
    );
    let text = serde_json::to_string(&learned.forecaster).expect("text");
    let forecaster: Forecaster = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let again = Learned { forecaster, card };
    for ((_, a), (_, b)) in books.outlooks(learned, TODAY).iter().zip(books.outlooks(&again, TODAY)) {
        assert!(
            (a.p_return - b.p_return).abs() < 1e-9 && a.next_order == b.next_order,
            "{name}: {a:?} {b:?}"
        );
    }
}

#[test]
fn whatever_the_shop_the_answer_is_sound() {
    for (name, lives, horizon, quiet) in cases() {
        holds(name, &Books::new(lives), horizon, quiet);
    }
}

fn asked(lives: Vec<Life>) -> (Learned, Vec<(i64, Outlook)>) {
    let books = Books::new(lives);
    let learned = books.learned(&books.plan(TODAY, 180, 89));
    let all = books.outlooks(&learned, TODAY);
    (learned, all)
}

#[test]
fn what_such_a_shop_is_told() {
    for (name, lives, sense, buyers, returns) in [
        ("nobody", vec![], Sense::None, 0, "まだ確かめられない"),
        ("one order", vec![ago(&[10])], Sense::None, 1, "まだ確かめられない"),
        ("all alike", lives(300, |_| every(45, 100, 12)), Sense::None, 300, "まだ確かめられない"),
        ("all one-timers", lives(300, |i| vec![i * 5]), Sense::Little, 300, "戻った方は0人"),
        ("nobody returned", after_a_year(300, false), Sense::Little, 300, "戻った方は0人"),
        ("nearly everybody returned", returners(300), Sense::Little, 300, "戻らなかった方は"),
        ("a plain shop", plain_shop(400), Sense::Enough, 400, "AUC"),
    ] {
        let (Learned { card, .. }, all) = asked(lives);
        assert_eq!((card.sense, card.buyers, all.len() as u64), (sense, buyers, buyers), "{name}");
        assert!(card.why.ja.contains(returns), "{name}: {}", card.why.ja);
        assert!(sense == Sense::Enough || card.chosen == "rule", "{name}: {}", card.chosen);
        let rough = card.limits.iter().any(|l| l.ja.contains("目安") && l.en.contains("rough order"));
        assert_eq!(rough, matches!(sense, Sense::None | Sense::Little), "{name}: {:?}", card.limits);
    }
}

/// Everybody comes twice a year, but for two in a hundred who stop after the first year.
fn returners(n: i32) -> Vec<Life> {
    lives(n, |i| if i % 50 == 0 { vec![800 + i % 40, 985 + i % 40] } else { every(185, 90 + i % 40, 5) })
}

#[test]
fn where_nobody_ever_came_back_nobody_is_expected_yet_nobody_is_written_off() {
    for lives in [lives(300, |i| vec![i * 5]), after_a_year(300, false)] {
        for (customer, o) in asked(lives).1 {
            assert!(o.p_return < 0.01 && o.p_high > 2.0 * o.p_return, "{customer}: {o:?}");
        }
    }
}

#[test]
fn amounts_beyond_reason_move_the_value_alone() {
    let base = asked(plain_shop(200)).1;
    let fortune = paying(200, |i, _| if i == 3 { i64::MAX / 64 } else { 100_000 });
    let shops = [paying(200, |_, _| 0), paying(200, |_, _| -120_000), with_refunds(200), fortune];
    for (shop, lives) in shops.into_iter().enumerate() {
        for ((customer, a), (_, b)) in base.iter().zip(asked(lives).1) {
            // Spend is a sign too, where enough is known to learn from it.
            assert!((a.p_return - b.p_return).abs() < 0.1, "{shop} {customer}: {a:?} {b:?}");
            assert!(shop > 1 || b.value_if_returns < Money(100), "{shop} {customer}: {b:?}");
        }
    }
}

#[test]
fn one_stray_date_spoils_nothing() {
    let (without, before) = asked(plain_shop(300));
    let mut with = plain_shop(300);
    with.push(ago(&[13_400]));
    let books = Books::new(with);
    // The application leaves the earliest in a hundred first orders aside; so does this plan.
    let plan = Plan::new(Day(TODAY), 180, 89, Day(TODAY - 1_000), 301);
    let learned = books.learned(&plan);
    assert_eq!(learned.card.first_order, Some(Day(TODAY - 13_400)));
    assert_eq!(learned.card.windows.len(), without.card.windows.len());
    let after = books.outlooks(&learned, TODAY);
    for ((customer, a), (_, b)) in before.iter().zip(&after) {
        assert!((a.p_return - b.p_return).abs() < 0.05, "{customer}: {a:?} {b:?}");
    }
    let lost = of(&after, 301);
    assert!(lost.p_return < 0.01, "{lost:?}");
}

#[test]
fn who_left_has_no_outlook_until_they_rejoin() {
    let all = asked(with_leavers(200)).1;
    let base = asked(plain_shop(200)).1;
    let numbers: Vec<i64> = all.iter().map(|(customer, _)| *customer).collect();
    assert_eq!(numbers, (1..=200).filter(|n| (n - 1) % 3 != 0).collect::<Vec<i64>>());
    for rejoined in [2, 5, 98] {
        let (a, b) = (of(&all, rejoined), of(&base, rejoined));
        assert!(a.next_order.since(b.next_order).abs() <= 3, "{rejoined}: {a:?} {b:?}");
        assert!((a.p_return - b.p_return).abs() < 0.1, "{rejoined}: {a:?} {b:?}");
    }
}

#[test]
fn invoices_count_where_there_is_nothing_else() {
    let orders = paying(200, |_, _| 50_000);
    let (as_orders, as_invoices) = (asked(orders), asked(invoiced(200)));
    assert_eq!(as_invoices.0.card.orders, as_orders.0.card.orders);
    for ((customer, a), (_, b)) in as_orders.1.iter().zip(&as_invoices.1) {
        let told = |o: &Outlook| (o.p_return, o.value_if_returns, o.next_order);
        assert_eq!(told(a), told(b), "{customer}");
    }
    // Who has both is seen by their orders; what comes later is not known yet.
    let both = |life: Life| life.and(TODAY - 10, K::Invoice, 50_000);
    let (_, all) = asked(vec![both(ago(&[400, 300])), both(ago(&[-20])), ago(&[400, 300])]);
    assert_eq!(of(&all, 1).next_order, of(&all, 3).next_order);
    assert!(of(&all, 2).next_order > Day(TODAY - 10), "{all:?}");
}

#[test]
fn books_that_begin_tomorrow_have_no_windows() {
    let plan = Plan::new(Day(TODAY), 180, 89, Day(TODAY + 50), 1);
    assert_eq!((plan.ahead, plan.origins.len(), plan.ratio()), (0, 0, 0.0));
}

#[test]
fn goods_last_a_hundred_years_at_most() {
    for days in [36_500, i64::MAX] {
        let supplies = (0..200).fold(ago(&[400]), |life, i| life.and(TODAY - 400 + i, K::Supply, days));
        let (_, all) = asked(vec![supplies]);
        assert_eq!(of(&all, 1).stock_until, Some(Day(TODAY + 36_500)));
    }
    assert_eq!(of(&asked(with_supplies(-40)).1, 1).stock_left(Day(TODAY)), None);
}
