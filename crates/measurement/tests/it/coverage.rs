//! The truth lies within the intervals as often as they promise. `examples/coverage.rs` is the long run.

use crate::world::{WINDOW, World, ask};
use measurement::{Measurement, Method, Verdict, measure};

const WORLD: World = World { n: 1_200, share: 0.3, rate: 0.08, lift: 0.03, whales: false };

fn ended(world: &World, seeds: u64) -> Vec<Measurement> {
    (0..seeds).map(|seed| measure(&world.outcomes(seed), &ask(WINDOW))).collect()
}

#[test]
fn the_primary_interval_holds_the_truth() {
    let large = World { n: 3_000, share: 0.4, ..WORLD };
    for (world, method) in [(WORLD, Method::Score), (large, Method::Adjusted)] {
        let seeds = 100;
        let lifts: Vec<_> = ended(&world, seeds).iter().filter_map(|m| m.primary()?.lift).collect();
        assert!(lifts.iter().all(|l| l.method == method), "{method:?}");
        let held = lifts.iter().filter(|l| l.points.holds(world.lift)).count();
        assert!(held >= 90, "{method:?}: {held} of {seeds}");
    }
}

#[test]
fn money_holds_the_truth() {
    let world = World { n: 1_500, share: 0.4, ..WORLD };
    let (mut held, mut given) = ([0, 0], 0);
    for m in ended(&world, 100) {
        let Some(gains) = m.gains else { continue };
        let (spend, profit) = world.gains(m.treated);
        given += 1;
        held[0] += u32::from(gains.spend.holds(spend));
        held[1] += u32::from(gains.profit.holds(profit));
    }
    assert!(given > 95 && held[0] >= 88 && held[1] >= 88, "{held:?} of {given}");
}

#[test]
fn looking_again_and_again_misses_no_more_often() {
    let seeds = 50;
    let missed = |seed: &u64| {
        let outcomes = WORLD.outcomes(*seed);
        (10..WINDOW).step_by(10).any(|day| {
            let lift = measure(&outcomes, &ask(day)).primary().and_then(|w| w.lift).expect("both arms");
            assert_eq!(lift.method, Method::Sequence);
            !lift.points.holds(WORLD.lift * f64::from(day) / f64::from(WINDOW))
        })
    };
    let missed = (0..seeds).filter(missed).count();
    assert!(missed <= 5, "{missed} of {seeds}");
}

#[test]
fn no_effect_is_seldom_called_one() {
    let world = World { lift: 0.0, ..WORLD };
    let claims = |m: &&Measurement| matches!(m.verdict, Verdict::Lifted | Verdict::Harmful | Verdict::Costly);
    let claimed = ended(&world, 100).iter().filter(claims).count();
    assert!(claimed <= 10, "{claimed} of 100");
}

#[test]
fn stratified_figures_are_narrower_than_plain_ones() {
    use stats::trial::{Count, difference};
    let world = World { n: 8_000, share: 0.2, rate: 0.15, ..WORLD };
    let m = measure(&world.outcomes(3), &ask(WINDOW));
    let primary = m.primary().expect("a window");
    let count = |s: measurement::Share| Count { hits: s.hits as f64, n: s.of as f64 };
    let plain = difference(count(primary.treated), count(primary.holdout), 0.95);
    let ours = primary.lift.expect("both arms").points;
    let ratio = (ours.high - ours.low) / (plain.high - plain.low);
    assert!(ratio < 0.97, "p_return foretells some of it: {ratio}");
}
