//! Trials drawn within strata: published intervals, and how often the truth is covered.

use stats::draw::Draw;
use stats::trial::{
    Amounts, Count, Interval, Row, Stratum, adjusted_in_strata, amounts_in_strata, difference_in_strata,
    power, ratio, sample_size, sample_total, sequence,
};

fn near(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: {found}, expected {expected}");
}

fn count(hits: u32, n: u32) -> Count {
    Count { hits: f64::from(hits), n: f64::from(n) }
}

fn stratum(x1: u32, n1: u32, x0: u32, n0: u32) -> Stratum {
    Stratum { treated: count(x1, n1), holdout: count(x0, n0) }
}

#[test]
fn score_intervals_as_printed() {
    // Newcombe 1998, Statistics in Medicine 17:873, table II, method 6 (Miettinen and Nurminen).
    for (one, low, high) in [
        (stratum(56, 70, 48, 80), 0.0528, 0.3382),
        (stratum(9, 10, 3, 10), 0.1700, 0.8406),
        (stratum(5, 56, 0, 29), -0.0326, 0.1933),
        (stratum(10, 10, 0, 20), 0.7156, 1.0),
        (stratum(0, 10, 0, 20), -0.1658, 0.2844),
    ] {
        let found = difference_in_strata(&[one], 0.95);
        near(found.low, low, 6e-5, "low");
        near(found.high, high, 6e-5, "high");
    }
}

#[test]
fn stratified_score_intervals_as_other_programs_give_them() {
    // R's lrstat, mnRiskDiffCI, its own test; R's cicalc, the example of ci_prop_diff_mn_strata.
    for (strata, value, low, high, digits) in [
        ([stratum(4, 10, 2, 20), stratum(3, 10, 0, 10)], 0.3, 0.082536, 0.53206, 5e-6),
        ([stratum(7, 10, 5, 10), stratum(5, 10, 4, 10)], 0.15, -0.1606, 0.4338, 5e-5),
    ] {
        let found = difference_in_strata(&strata, 0.95);
        near(found.value, value, 1e-12, "value");
        near(found.low, low, digits, "low");
        near(found.high, high, digits, "high");
    }
}

#[test]
fn strata_that_say_nothing_change_nothing() {
    let nothing = Interval { value: 0.0, low: -1.0, high: 1.0 };
    assert_eq!(difference_in_strata(&[], 0.95), nothing);
    assert_eq!(difference_in_strata(&[stratum(3, 5, 0, 0)], 0.95), nothing);
    let some = [stratum(4, 10, 2, 20), stratum(3, 10, 0, 10)];
    let more = [some[0], stratum(3, 5, 0, 0), some[1]];
    assert_eq!(difference_in_strata(&some, 0.95), difference_in_strata(&more, 0.95));
    let none = difference_in_strata(&[stratum(0, 900, 0, 100)], 0.95);
    assert!(none.value == 0.0 && none.low < -0.01 && none.high > 0.003, "no returns is no proof: {none:?}");
    let all = difference_in_strata(&[stratum(9, 9, 9, 9)], 0.95);
    assert!(all.low < -0.2 && all.high > 0.2, "{all:?}");
}

#[test]
fn the_adjusted_difference_by_hand() {
    // Two strata of 2 + 2. Within cells y = 2 x + constant but for one cell; theta from the sums by hand.
    let row = |stratum, treated, x: f64, y: f64| Row { stratum, treated, x, y };
    let rows = [
        row(0, true, 0.0, 3.0),
        row(0, true, 2.0, 7.0),
        row(0, false, 0.0, 1.0),
        row(0, false, 2.0, 5.0),
        row(1, true, 1.0, 2.0),
        row(1, true, 3.0, 6.0),
        row(1, false, 1.0, 2.0),
        row(1, false, 3.0, 4.0),
        row(2, true, 9.0, 9.0),
    ];
    // Sxx = 2 in each of 4 cells, Sxy = 4 4 4 2: theta = 14/8. Means of x are alike, so the differences are raw:
    // (5 - 3) and (4 - 3), weights 1 and 1. Squares left: 8 - 14 + 6.125 = .125 thrice, 2 - 7 + 6.125 = 1.125.
    let found = adjusted_in_strata(rows, 0.95).expect("two strata");
    near(found.value, 1.5, 1e-12, "value");
    near(found.standard_error(0.95), (0.5f64 * (3.0 * 0.125 + 1.125)).sqrt() / 2.0, 1e-12, "error");
    assert_eq!(adjusted_in_strata([rows[0]], 0.95), None);
    let idle = rows.map(|r| Row { x: 1.0, ..r });
    near(adjusted_in_strata(idle, 0.95).expect("raw").value, 1.5, 1e-12, "x that does not vary");
}

/// Whether each kind of interval of one trial holds the truth: score, adjusted.
fn trial(draw: &mut Draw, n: u32, share: f64, base: f64, lift: f64) -> [bool; 2] {
    let (mut counts, mut rows) = (vec![stratum(0, 0, 0, 0); 5], vec![]);
    for i in 0..n {
        let s = i % 5;
        let p = base * (0.4 + 0.3 * f64::from(s)) * (0.5 + draw.uniform());
        let treated = f64::from(i / 5 % 100) >= share * 100.0;
        let y = draw.chance(p + if treated { lift } else { 0.0 });
        let cell = &mut counts[s as usize];
        let arm = if treated { &mut cell.treated } else { &mut cell.holdout };
        *arm = Count { hits: arm.hits + f64::from(u8::from(y)), n: arm.n + 1.0 };
        rows.push(Row { stratum: s as u16, treated, y: f64::from(u8::from(y)), x: p });
    }
    let adjusted = adjusted_in_strata(rows, 0.95).expect("rows");
    [difference_in_strata(&counts, 0.95).holds(lift), adjusted.holds(lift)]
}

#[test]
fn rates_are_covered_as_often_as_promised() {
    for (n, share, base, lift) in
        [(500, 0.5, 0.01, 0.01), (1_000, 0.1, 0.05, 0.02), (2_000, 0.2, 0.03, 0.0), (1_000, 0.3, 0.15, 0.05)]
    {
        let (mut draw, seeds) = (Draw::new(11), 400);
        let held = (0..seeds).map(|_| trial(&mut draw, n, share, base, lift));
        let sums = held.fold([0, 0], |s, h| [s[0] + u32::from(h[0]), s[1] + u32::from(h[1])]);
        let [score, adjusted] = sums.map(|s| f64::from(s) / f64::from(seeds));
        assert!((0.92..=0.99).contains(&score), "{n} {share} {base}: score {score}");
        // Plain normal errors: only where some tens of returns are to be expected in each arm.
        let enough = f64::from(n) * share * base >= 30.0;
        assert!(!enough || adjusted >= 0.92, "{n} {share} {base}: adjusted {adjusted}");
    }
}

#[test]
fn a_sequence_is_narrowest_where_it_was_planned() {
    // r = 7.9365 at the planned time: sqrt((1 + 1/r) ln((1 + r) / .0025)) = 3.0353.
    let at = sequence(0.3, 0.04, 5.0, 5.0, 0.95);
    near(at.high - 0.3, 0.2 * 3.0353, 1e-4, "reach at the planned time");
    let reach = |passed: f64| {
        let found = sequence(0.0, 1.0, passed, 1.0, 0.95);
        found.high * (1.0 / passed).sqrt()
    };
    assert!(reach(0.01) > reach(0.1) && reach(0.1) > reach(1.0), "later looks know more");
    assert_eq!(sequence(0.1, 0.04, 0.0, 5.0, 0.95).high, f64::INFINITY);
    // Looked at a hundred times, it still misses once in twenty at most; 1.96 errors would miss far more often.
    let (mut draw, mut missed, mut naive) = (Draw::new(3), 0, 0);
    for _ in 0..1_000 {
        let (mut sum, mut out, mut out_naive) = (0.0, false, false);
        for t in 1..=100 {
            sum += draw.normal();
            let (mean, t) = (sum / f64::from(t), f64::from(t));
            out |= !sequence(mean, 1.0 / t, t, 100.0, 0.95).holds(0.0);
            out_naive |= mean.abs() > 1.96 / t.sqrt();
        }
        missed += u32::from(out);
        naive += u32::from(out_naive);
    }
    assert!(missed <= 50 && naive > 250, "missed {missed}, naive {naive} of 1000");
}

fn shop(draw: &mut Draw, n: usize, rate: f64) -> Amounts {
    let buyers = draw.binomial(n, rate);
    Amounts { n, values: (0..buyers).map(|_| 5_000.0 * (0.8 * draw.normal()).exp()).collect() }
}

#[test]
fn amounts_are_covered_though_they_are_skewed() {
    let (rate, mean) = (0.05, 5_000.0 * (0.32f64).exp());
    let (mut draw, mut held, seeds) = (Draw::new(21), 0, 300);
    for seed in 0..seeds {
        let strata: Vec<_> =
            (0..3).map(|_| (shop(&mut draw, 700, rate + 0.02), shop(&mut draw, 300, rate))).collect();
        let found = amounts_in_strata(&strata, 399, 0.95, seed).expect("amounts");
        held += u32::from(found.holds(0.02 * mean));
    }
    assert!((0.92..=0.98).contains(&(f64::from(held) / seeds as f64)), "{held} of {seeds}");
}

#[test]
fn amounts_without_spread_say_nothing() {
    let arm = |n, values: &[f64]| Amounts { n, values: values.to_vec() };
    assert_eq!(amounts_in_strata(&[], 99, 0.95, 1), None);
    assert_eq!(amounts_in_strata(&[(arm(9, &[]), arm(9, &[]))], 99, 0.95, 1), None);
    assert_eq!(amounts_in_strata(&[(arm(9, &[4.0]), arm(1, &[2.0]))], 99, 0.95, 1), None);
    let some = [(arm(90, &[4.0, 9.0, 2.0]), arm(60, &[2.0, 1.0]))];
    let found = amounts_in_strata(&some, 199, 0.95, 1).expect("amounts");
    near(found.value, 15.0 / 90.0 - 3.0 / 60.0, 1e-12, "value");
    assert!(found.low < found.value && found.value < found.high, "{found:?}");
    assert_eq!(Some(found), amounts_in_strata(&some, 199, 0.95, 1), "the same seed, the same interval");
}

#[test]
fn ratios_and_totals() {
    // Katz by hand: (10.5/100.5) / (5.5/100.5), error of the logarithm sqrt(1/10.5 + 1/5.5 - 2/100.5).
    let found = ratio(count(10, 100), count(5, 100), 0.95);
    near(found.value, 10.5 / 5.5, 1e-12, "ratio");
    let error = (1.0f64 / 10.5 + 1.0 / 5.5 - 2.0 / 100.5).sqrt();
    near((found.high / found.value).ln(), 1.959964 * error, 1e-6, "reach");
    assert_eq!(ratio(count(1, 2), count(0, 0), 0.95).high, f64::INFINITY);
    let half = sample_total(0.05, 0.06, 0.5, 0.8, 0.05).expect("a size");
    let per_arm = sample_size(0.05, 0.06, 0.8, 0.05).expect("a size");
    assert!(half.abs_diff(2 * per_arm) <= 1, "{half} {per_arm}");
    let tenth = sample_total(0.05, 0.06, 0.1, 0.8, 0.05).expect("a size") as f64;
    near(power(0.05, 0.1 * tenth, 0.06, 0.9 * tenth, 0.05), 0.8, 1e-3, "power at that size");
    assert_eq!(sample_total(0.05, 0.06, 0.0, 0.8, 0.05), None);
}

#[test]
fn binomial_draws_have_their_mean_and_spread() {
    let mut draw = Draw::new(9);
    for (n, p) in [(50, 0.1), (40, 0.9), (100_000, 0.2), (7, 1.0), (7, 0.0)] {
        let drawn: Vec<f64> = (0..4_000).map(|_| draw.binomial(n, p) as f64).collect();
        let mean = drawn.iter().sum::<f64>() / 4_000.0;
        let variance = drawn.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 4_000.0;
        let expected = n as f64 * p * (1.0 - p);
        near(mean, n as f64 * p, 4.0 * (expected / 4_000.0).sqrt(), "mean");
        near(variance, expected, 0.1 * expected, "variance");
    }
}
