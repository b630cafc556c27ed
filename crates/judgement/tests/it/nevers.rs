//! For any life and any policy: one state, movements that add up, beginnings that are true.

use crate::life::{Life, Row, by_category, clocks, fixed, sets, with_segment};
use judgement::{Judge, Movement};
use model::{Clock, Day, EventKind as K, Policy, Rule, State, Timeline};
use proptest::prelude::*;

fn rule() -> impl Strategy<Value = Rule> {
    let fixed = (1..60i32, 0..90i32, 0..90i32).prop_map(|(a, d, l)| Rule::FixedDays {
        at_risk: a,
        dormant: a + d,
        long: a + d + l,
    });
    let own = (1..12u32, 1..40i32, 0..90i32, 1..5u32, 1..=4u32, 1..90i32).prop_map(
        |(k, floor, more, least_orders, share, fallback)| Rule::OwnCycle {
            k: f64::from(k) / 4.0,
            floor,
            ceiling: floor + more,
            least_orders,
            at_risk_share: f64::from(share) / 4.0,
            fallback,
            long: 100,
        },
    );
    prop_oneof![fixed, own]
}

fn policy() -> impl Strategy<Value = (Policy, Option<u16>)> {
    let clock = prop::sample::subsequence(vec![Clock::Order, Clock::Use, Clock::Contact, Clock::Login], 1..4);
    let order_only = Just(vec![Clock::Order]);
    (rule(), rule(), prop_oneof![order_only, clock], any::<bool>(), prop::option::weighted(0.3, Just(1)))
        .prop_map(|(default, other, clock, categories, segment)| {
            let policy = clocks(Policy { default, ..fixed(1, 1) }, &clock);
            let policy = if categories { by_category(policy) } else { policy };
            (with_segment(policy, other), segment)
        })
}

fn row() -> impl Strategy<Value = Row> {
    let kind = prop_oneof![
        8 => Just(K::Order),
        1 => Just(K::Invoice),
        2 => prop::sample::select(vec![K::Contact, K::Login, K::Use, K::Visit, K::Refund, K::Known]),
        2 => prop::sample::select(vec![K::Competitor, K::Dissatisfied, K::Withdrawn, K::Rejoined]),
        2 => prop::sample::select(vec![K::SubscriptionRunning, K::SubscriptionPaused, K::SubscriptionCancelled]),
    ];
    (0..400i32, kind, prop_oneof![Just(0), 1..500i64], 0..5u32)
}

const END: i32 = 800;

fn live(state: State) -> bool {
    matches!(state, State::Active | State::AtRisk)
}

/// When the state of `day` began: active counts from the last return, not from each order.
fn began(states: &[State], day: usize) -> i32 {
    let same = |s: &State| if states[day] == State::Active { live(*s) } else { *s == states[day] };
    states[..=day].iter().rposition(|s| !same(s)).map_or(0, |last_other| last_other as i32 + 1)
}

proptest! {
    #[test]
    fn every_day_of_every_life((policy, segment) in policy(), rows in prop::collection::vec(row(), 0..16)) {
        let life = Life::new(rows);
        let (sets, t) = (sets(), life.timeline());
        let judge = Judge::new(&policy, &sets);
        let nothing = Timeline { days: &[], kinds: &[], values: &[], categories: &[], ..t };
        let mut moves = vec![];
        judge.movement(&t, segment, &mut |movement, day| moves.push((day, movement)));
        prop_assert!(moves.is_sorted_by(|a, b| a.0 < b.0), "{moves:?}");
        prop_assert!(moves.iter().enumerate().all(|(i, m)| (m.1 == Movement::New) == (i == 0)), "{moves:?}");

        let states: Vec<State> = (0..END).map(|day| life.state(&policy, segment, day)).collect();
        let mut count = 0;
        for (day, &state) in (0i32..).zip(&states) {
            for (_, movement) in moves.iter().filter(|m| m.0 == Day(day)) {
                count += if *movement == Movement::Lapsed { -1 } else { 1 };
            }
            let j = judge.judge(&life.history(day), &t, segment, Day(day));
            prop_assert_eq!(j.state, state, "day {}", day);
            if policy.categories.is_empty() || segment.is_some() {
                let told = judge.judge(&life.history(day), &nothing, segment, Day(day));
                prop_assert_eq!(told.state, state, "by the history alone, day {}", day);
            }
            prop_assert_eq!(count == 1, live(state), "day {} {:?}", day, &moves);
            if let (State::AtRisk | State::Dormant, Some(silent)) = (state, j.silent) {
                prop_assert_eq!(silent >= j.dormant_line, state == State::Dormant, "day {} {:?}", day, j);
                prop_assert!(silent >= j.at_risk_line, "day {} {:?}", day, j);
            }
            // Without the order clock an order may move the line under an old silence.
            if policy.clock.contains(&Clock::Order) && !matches!(state, State::Prospect | State::Lost | State::Withdrawn) {
                prop_assert_eq!(j.since, Some(Day(began(&states, day as usize))), "day {} {:?}", day, state);
            }
        }
    }
}
