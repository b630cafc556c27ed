//! `summarise` against a naive reading of the same events.

use crate::helper::events;
use history::summarise;
use model::{Day, Event, EventKind, History, SubscriptionState, Timeline};
use proptest::prelude::*;

fn timeline<T>(mut events: Vec<Event>, f: impl FnOnce(&Timeline) -> T) -> T {
    events.sort();
    let days: Vec<i32> = events.iter().map(|e| e.day.0).collect();
    let kinds: Vec<u8> = events.iter().map(|e| e.kind as u8).collect();
    let values: Vec<i64> = events.iter().map(|e| e.value).collect();
    let categories: Vec<u32> = events.iter().map(|e| e.categories).collect();
    f(&Timeline { customer: 1, days: &days, kinds: &kinds, values: &values, categories: &categories })
}

fn of(kind: EventKind, day: i32, value: i64) -> Event {
    Event { customer: 1, day: Day(day), kind, value, categories: 0 }
}

fn read(events: &[Event], as_of: i32) -> History {
    timeline(events.to_vec(), |t| summarise(t, Day(as_of)))
}

#[test]
fn orders_refunds_and_invoices() {
    use EventKind::{Invoice, Order, Refund};
    let life = [
        of(Order, 10, 1000),
        of(Order, 10, 500),
        of(Order, 20, 700),
        of(Invoice, 25, 300),
        of(Order, 50, 100),
        of(Refund, 60, -400),
    ];
    let h = read(&life, 60);
    assert_eq!((h.first_order, h.last_order, h.n_orders, h.spend.0), (Some(Day(10)), Some(Day(50)), 5, 2200));
    assert_eq!((h.n_gaps, h.gap_mean, h.gap_median), (2, 20.0, 20.0));
    assert!((h.gap_sd - 200_f64.sqrt()).abs() < 1e-12);
    let before = read(&life, 25);
    assert_eq!(
        (before.last_order, before.n_orders, before.spend.0, before.n_gaps),
        (Some(Day(25)), 4, 2500, 1)
    );
    assert_eq!((before.gap_median, before.gap_sd), (10.0, 0.0));
}

#[test]
fn evidence_is_taken_back() {
    use EventKind::{Competitor, Dissatisfied, Order, Rejoined, Withdrawn};
    let h = read(&[of(Order, 5, 1), of(Competitor, 5, 0), of(Dissatisfied, 7, 0), of(Withdrawn, 8, 0)], 9);
    assert_eq!((h.competitor, h.dissatisfied, h.withdrawn), (Some(Day(5)), Some(Day(7)), Some(Day(8))));
    let back = read(&[of(Competitor, 5, 0), of(Withdrawn, 6, 0), of(Order, 7, 1), of(Rejoined, 9, 0)], 9);
    assert_eq!((back.competitor, back.withdrawn), (None, None));
}

#[test]
fn the_liveliest_subscription_counts() {
    use EventKind::{
        SubscriptionCancelled as Cancelled, SubscriptionPaused as Paused, SubscriptionRunning as Running,
    };
    let life = [of(Running, 1, 100), of(Running, 2, 90), of(Paused, 3, 0), of(Cancelled, 4, 0)];
    for (as_of, state, since, next) in [
        (0, SubscriptionState::None, None, None),
        (2, SubscriptionState::Running, Some(Day(1)), Some(Day(100))),
        (3, SubscriptionState::Running, Some(Day(1)), Some(Day(100))),
        (4, SubscriptionState::Paused, Some(Day(4)), None),
    ] {
        let h = read(&life, as_of);
        assert_eq!(
            (h.subscription, h.subscription_since, h.next_delivery),
            (state, since, next),
            "day {as_of}"
        );
    }
}

#[test]
fn a_member_anywhere_is_one_and_a_mall_customer_only_everywhere() {
    let known = |day, bits| of(EventKind::Known, day, bits);
    let life =
        [known(3, Timeline::MALL_ONLY | Timeline::GUEST), known(5, Timeline::MEMBER | Timeline::GUEST)];
    assert_eq!(i64::from(read(&life, 4).flags), Timeline::MALL_ONLY | Timeline::GUEST);
    let h = read(&life, 5);
    assert_eq!((i64::from(h.flags), h.known_since), (Timeline::MEMBER | Timeline::GUEST, Some(Day(3))));
}

proptest! {
    #[test]
    fn equals_the_naive_reading(events in events(), as_of in 990..1070_i32) {
        let events: Vec<Event> = events.into_iter().map(|e| Event { customer: 1, ..e }).collect();
        let h = read(&events, as_of);
        let mut past: Vec<Event> = events.iter().filter(|e| e.day.0 <= as_of).copied().collect();
        past.sort();
        let of = |kinds: &[EventKind]| past.iter().filter(|e| kinds.contains(&e.kind)).collect::<Vec<_>>();
        let dealings = of(&[EventKind::Order, EventKind::Invoice]);
        prop_assert_eq!(h.n_orders as usize, dealings.len());
        prop_assert_eq!(h.first_order, dealings.iter().map(|e| e.day).min());
        prop_assert_eq!(h.last_order, dealings.iter().map(|e| e.day).max());
        let money: i64 = of(&[EventKind::Order, EventKind::Invoice, EventKind::Refund]).iter().map(|e| e.value).sum();
        prop_assert_eq!(h.spend.0, money);
        let mut days: Vec<i32> = of(&[EventKind::Order]).iter().map(|e| e.day.0).collect();
        days.dedup();
        let mut gaps: Vec<f64> = days.windows(2).map(|w| f64::from(w[1] - w[0])).collect();
        prop_assert_eq!(h.n_gaps as usize, gaps.len());
        if let n @ 1.. = gaps.len() {
            let mean = gaps.iter().sum::<f64>() / n as f64;
            let squares: f64 = gaps.iter().map(|g| (g - mean) * (g - mean)).sum();
            gaps.sort_by(f64::total_cmp);
            prop_assert!((h.gap_mean - mean).abs() < 1e-9);
            prop_assert!((h.gap_sd - (squares / (n.max(2) - 1) as f64).sqrt()).abs() < 1e-9);
            prop_assert_eq!(h.gap_median, (gaps[(n - 1) / 2] + gaps[n / 2]) / 2.0);
        }
        prop_assert_eq!(h.last_contact, of(&[EventKind::Contact]).iter().map(|e| e.day).max());
        prop_assert_eq!(h.advocacy as usize, of(&[EventKind::Advocacy]).len());
    }
}
