//! Figures by hand.

use crate::world::{WINDOW, World, ask};
use measurement::{Answers, Ask, Method, Outcome, Verdict, measure};
use model::{Arm, Money, Type};

pub fn outcome(arm: Arm, returned_day: Option<i32>) -> Outcome {
    let treated = arm == Arm::Treated;
    let spend = if returned_day.is_some() { Money::units(5_000) } else { Money::ZERO };
    Outcome {
        arm,
        variant: 0,
        stratum: 0,
        kind: Type::A,
        p_return: 0.1,
        returned_day,
        spend,
        profit: Money(spend.0 / 4),
        cost: if treated { Money::units(10) } else { Money::ZERO },
        reached_by_others: false,
        answers: Answers { sent: treated, delivered: treated, ..Answers::default() },
    }
}

/// So many of so many of an arm returned on day 5.
pub fn arm(arm: Arm, returned: usize, n: usize) -> Vec<Outcome> {
    (0..n).map(|i| outcome(arm, (i < returned).then_some(5))).collect()
}

pub fn trial(x1: usize, n1: usize, x0: usize, n0: usize) -> Vec<Outcome> {
    [arm(Arm::Treated, x1, n1), arm(Arm::Holdout, x0, n0)].concat()
}

#[test]
fn windows_count_their_own_days() {
    let days = [Some(0), Some(29), Some(30), Some(89), Some(90), Some(179), Some(180), None];
    let mut outcomes: Vec<Outcome> = days.map(|d| outcome(Arm::Treated, d)).into();
    outcomes.push(outcome(Arm::Skipped, Some(1)));
    for (as_of_day, hits) in
        [(200, [2, 4, 6]), (90, [2, 4, 4]), (30, [2, 2, 2]), (10, [1, 1, 1]), (0, [0, 0, 0])]
    {
        let m = measure(&outcomes, &ask(as_of_day));
        let found: Vec<u64> = m.windows.iter().map(|w| w.treated.hits).collect();
        assert_eq!(found, hits, "as of day {as_of_day}");
        assert!(m.windows.iter().all(|w| w.treated.of == 8 && w.over == (as_of_day >= w.days)));
        assert_eq!(m.windows.iter().map(|w| w.primary).collect::<Vec<_>>(), [false, true, false]);
    }
    let other = measure(&outcomes, &Ask { window: 45, ..ask(200) });
    assert_eq!(other.windows.iter().map(|w| w.days).collect::<Vec<_>>(), [30, 45, 90, 180]);
    assert_eq!(other.primary().map(|w| w.treated.hits), Some(3));
}

#[test]
fn the_lift_is_the_published_interval() {
    // Newcombe 1998, table II: 56/70 against 48/80, Miettinen and Nurminen.
    let m = measure(&trial(56, 70, 48, 80), &ask(WINDOW));
    let lift = m.primary().and_then(|w| w.lift).expect("both arms");
    assert_eq!(lift.method, Method::Score);
    assert!((lift.points.low - 0.0528).abs() < 6e-5 && (lift.points.high - 0.3382).abs() < 6e-5);
    let customers = m.customers.expect("both arms");
    assert!((customers.value - 14.0).abs() < 1e-9 && (customers.low - 70.0 * lift.points.low).abs() < 1e-9);
    assert_eq!(m.verdict, Verdict::Lifted);
}

#[test]
fn what_a_return_cost() {
    let m = measure(&trial(56, 70, 48, 80), &ask(WINDOW));
    let per = m.cost_per_return.expect("a lift");
    assert_eq!(m.cost, 700.0);
    assert!((per.value - 50.0).abs() < 1e-9 && (per.low - 700.0 / (70.0 * 0.3382)).abs() < 0.1, "{per:?}");
    assert!((per.high.expect("a bound") - 700.0 / (70.0 * 0.0528)).abs() < 0.5);
    assert!((per.to_new_customer.expect("entered") - 50.0 / 8_000.0).abs() < 1e-9);
    let open = measure(&trial(20, 100, 15, 100), &Ask { acquisition_cost: None, ..ask(WINDOW) });
    let per = open.cost_per_return.expect("an estimate above nothing");
    assert_eq!((per.high, per.to_new_customer), (None, None));
    assert_eq!(measure(&trial(10, 100, 15, 100), &ask(WINDOW)).cost_per_return, None);
}

#[test]
fn the_verdict_is_no_stronger_than_the_figures() {
    for (outcomes, as_of_day, expected) in [
        (vec![], WINDOW, Verdict::Nobody),
        (arm(Arm::Holdout, 5, 90), WINDOW, Verdict::Nobody),
        (arm(Arm::Treated, 50, 100), WINDOW, Verdict::NoHoldout),
        (trial(90, 100, 1, 100), 40, Verdict::TooEarly { days_left: 50 }),
        (trial(90, 100, 1, 100), 89, Verdict::TooEarly { days_left: 1 }),
        (trial(90, 100, 1, 100), WINDOW, Verdict::Lifted),
        (trial(1, 100, 30, 100), WINDOW, Verdict::Harmful),
        (trial(10, 100, 10, 100), WINDOW, Verdict::Undecided { more: None }),
    ] {
        assert_eq!(measure(&outcomes, &ask(as_of_day)).verdict, expected);
    }
}

#[test]
fn so_many_more_would_decide() {
    // 6 % against 5 %, 1,000 each: error 1.02 points, so 2,000 * ((2.8 * 1.02)^2 - 1) = about 14,400 more.
    let Verdict::Undecided { more: Some(more) } = measure(&trial(60, 1_000, 50, 1_000), &ask(WINDOW)).verdict
    else {
        panic!("undecided")
    };
    assert!((13_500..15_500).contains(&more), "{more}");
    let twice = measure(&trial(120, 2_000, 100, 2_000), &ask(WINDOW)).verdict;
    let Verdict::Undecided { more: Some(left) } = twice else { panic!("undecided still") };
    assert!((more - left).abs_diff(2_000) < 200, "what has come since is taken off: {more} {left}");
}

#[test]
fn a_touch_that_costs_more_than_it_brings() {
    let dear = |o: Outcome| Outcome { cost: Money::units(5_000), ..o };
    let outcomes: Vec<Outcome> = trial(300, 1_000, 200, 1_000)
        .into_iter()
        .map(|o| if o.arm == Arm::Treated { dear(o) } else { o })
        .collect();
    let m = measure(&outcomes, &ask(WINDOW));
    assert_eq!(m.verdict, Verdict::Costly);
    let gains = m.gains.expect("enough spenders");
    // 100 more returns of 5,000, a quarter of which stays.
    assert!((gains.spend.value - 500_000.0).abs() < 1e-6, "{gains:?}");
    assert!((gains.profit.value - (125_000.0 - 5_000_000.0)).abs() < 1e-6, "{gains:?}");
}

#[test]
fn money_waits_for_the_end_and_for_spenders() {
    let outcomes = trial(300, 1_000, 200, 1_000);
    assert_eq!(measure(&outcomes, &ask(WINDOW - 1)).gains, None);
    assert_eq!(measure(&arm(Arm::Treated, 300, 1_000), &ask(WINDOW)).gains, None);
    assert_eq!(measure(&trial(300, 1_000, 19, 1_000), &ask(WINDOW)).gains, None);
    assert!(measure(&trial(300, 1_000, 20, 1_000), &ask(WINDOW)).gains.is_some());
}

#[test]
fn one_customer_who_spends_much_stands_apart() {
    let mut outcomes = trial(100, 500, 100, 500);
    outcomes[0].spend = Money::units(1_005_000);
    let gains = measure(&outcomes, &ask(WINDOW)).gains.expect("spenders");
    assert!((gains.spend.value - 1_000_000.0).abs() < 1e-6, "{gains:?}");
    assert!((gains.without_largest + 5_000.0).abs() < 1e-6, "{gains:?}");
    assert!(gains.spend.holds(0.0), "one customer proves nothing: {gains:?}");
}

#[test]
fn days_to_the_return() {
    let days = |days: &[i32]| {
        let outcomes: Vec<Outcome> = days.iter().map(|d| outcome(Arm::Treated, Some(*d))).collect();
        measure(&outcomes, &ask(WINDOW)).median_days
    };
    assert_eq!(days(&[3, 1, 80]), Some(3.0));
    assert_eq!(days(&[3, 1, 8, 200]), Some(3.0), "beyond the window is not in it");
    assert_eq!(days(&[3, 1, 8, 5]), Some(4.0));
    assert_eq!(days(&[]), None);
}

#[test]
fn the_same_question_the_same_answer() {
    let world = World { n: 1_500, share: 0.3, rate: 0.1, lift: 0.05, whales: true };
    let outcomes = world.outcomes(4);
    assert_eq!(measure(&outcomes, &ask(WINDOW)), measure(&outcomes, &ask(WINDOW)));
}

#[test]
fn strata_with_one_arm_only_are_no_trouble() {
    let mut outcomes = trial(20, 100, 10, 100);
    outcomes.extend(arm(Arm::Treated, 9, 9).into_iter().map(|o| Outcome { stratum: 7, ..o }));
    let with = measure(&outcomes, &ask(WINDOW));
    let without = measure(&trial(20, 100, 10, 100), &ask(WINDOW));
    assert_eq!(with.primary().and_then(|w| w.lift), without.primary().and_then(|w| w.lift));
}
