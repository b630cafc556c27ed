//! A winner only where the intervals name one.

use crate::figures::outcome;
use crate::world::{WINDOW, ask};
use measurement::{Outcome, measure};
use model::Arm;
use stats::draw::Draw;

fn variant(variant: u8, returned: usize, n: usize) -> Vec<Outcome> {
    let one = |i: usize| Outcome { variant, ..outcome(Arm::Treated, (i < returned).then_some(3)) };
    (0..n).map(one).collect()
}

#[test]
fn a_clear_winner_and_none() {
    for (returned, expected) in [
        (vec![100, 40], Some(0)),
        (vec![40, 100], Some(1)),
        (vec![60, 50], None),
        (vec![50, 50], None),
        (vec![30, 100, 40], Some(1)),
        (vec![30, 100, 95], None),
        (vec![80], None),
    ] {
        let outcomes: Vec<Outcome> =
            (0..).zip(&returned).flat_map(|(v, hits)| variant(v, *hits, 500)).collect();
        let found = measure(&outcomes, &ask(WINDOW)).variants;
        assert_eq!(found.winner, expected, "{returned:?}");
        assert_eq!(measure(&outcomes, &ask(WINDOW - 1)).variants.winner, None, "not before the end");
        assert_eq!(found.results.len(), if returned.len() > 1 { returned.len() } else { 0 });
        assert!(
            found.results.iter().filter(|r| r.behind.is_none()).count() <= 1,
            "the best alone has none ahead"
        );
    }
}

#[test]
fn more_variants_ask_for_more() {
    // 70 against 45 of 500 is enough between two, not between eight.
    let two: Vec<Outcome> = [variant(0, 72, 500), variant(1, 45, 500)].concat();
    let mut eight = two.clone();
    (2..8).for_each(|v| eight.extend(variant(v, 45, 500)));
    assert_eq!(measure(&two, &ask(WINDOW)).variants.winner, Some(0));
    assert_eq!(measure(&eight, &ask(WINDOW)).variants.winner, None);
}

#[test]
fn alike_variants_seldom_have_a_winner() {
    let mut draw = Draw::new(6);
    let mut named = 0;
    for _ in 0..300 {
        let outcomes: Vec<Outcome> = (0..4).flat_map(|v| variant(v, draw.binomial(400, 0.1), 400)).collect();
        named += u32::from(measure(&outcomes, &ask(WINDOW)).variants.winner.is_some());
    }
    assert!(named <= 15, "{named} of 300");
}

/// M115: each order of a sequence is held against those who got nothing, with its interval; alike orders
/// name no winner however well both did.
#[test]
fn m115_each_order_against_the_holdout() {
    let held = (0..400).map(|i| outcome(Arm::Holdout, (i < 20).then_some(3)));
    let arms = |a: usize, b: usize| -> Vec<Outcome> {
        [variant(0, a, 800), variant(1, b, 800), held.clone().collect()].concat()
    };
    let alike = measure(&arms(96, 92), &ask(WINDOW)).variants;
    assert_eq!(alike.winner, None);
    for (result, expected) in alike.results.iter().zip([0.12 - 0.05, 0.115 - 0.05]) {
        let lift = result.lift.expect("against the holdout");
        assert!((lift.value - expected).abs() < 1e-9, "{lift:?}");
        assert!(lift.low > 0.0 && lift.low < lift.value && lift.value < lift.high, "{lift:?}");
    }
    let apart = measure(&arms(160, 60), &ask(WINDOW)).variants;
    assert_eq!(apart.winner, Some(0));
    let [ahead, behind] = [0, 1].map(|n: usize| apart.results[n].lift.expect("against the holdout"));
    assert!(ahead.low > 0.0 && behind.low < 0.0 && behind.high > 0.0, "{ahead:?} {behind:?}");
    let without: Vec<Outcome> = [variant(0, 90, 800), variant(1, 40, 800)].concat();
    assert!(measure(&without, &ask(WINDOW)).variants.results.iter().all(|r| r.lift.is_none()));
}
