//! Intervals, sizes and pooling against published examples.

use stats::draw::Draw;
use stats::trial::{
    Count, Interval, Moments, blend, bootstrap, cuped, detectable, difference, difference_wald, pool, power,
    sample_size, student_quantile, welch, wilson,
};

fn near(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: {found}, expected {expected}");
}

fn count(hits: u32, n: u32) -> Count {
    Count { hits: f64::from(hits), n: f64::from(n) }
}

#[test]
fn wilson_as_newcombe_printed_it() {
    // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    for (hits, n, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let found = wilson(count(hits, n), 0.95);
        near(found.low, low, 5e-5, "low");
        near(found.high, high, 5e-5, "high");
    }
    assert_eq!(wilson(count(0, 0), 0.95), Interval { value: 0.0, low: 0.0, high: 1.0 });
    assert_eq!(wilson(count(5, 5), 0.95).high, 1.0);
}

#[test]
fn differences_as_newcombe_printed_them() {
    // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10 and method 1.
    for (a, b, low, high) in [
        (count(56, 70), count(48, 80), 0.0524, 0.3339),
        (count(9, 10), count(3, 10), 0.1705, 0.8090),
        (count(10, 10), count(0, 10), 0.6075, 1.0),
        (count(0, 10), count(0, 10), -0.2775, 0.2775),
    ] {
        let found = difference(a, b, 0.95);
        near(found.low, low, 5e-5, "low");
        near(found.high, high, 5e-5, "high");
    }
    let wald = difference_wald(count(56, 70), count(48, 80), 0.95);
    near(wald.low, 0.0575, 5e-5, "Wald low");
    near(wald.high, 0.3425, 5e-5, "Wald high");
    let nothing = difference(count(5, 10), count(0, 0), 0.95);
    assert!(nothing.low < -0.4 && nothing.high > 0.7, "an empty arm says nothing: {nothing:?}");
}

#[test]
fn sample_sizes_of_the_plan() {
    for (p0, rise, n) in [
        (0.0057, 0.005, 5103),
        (0.01, 0.005, 7747),
        (0.02, 0.01, 3823),
        (0.03, 0.01, 5298),
        (0.05, 0.01, 8155),
        (0.10, 0.02, 3839),
    ] {
        assert_eq!(sample_size(p0, p0 + rise, 0.8, 0.05), Some(n), "{p0} + {rise}");
        let n = n as f64;
        near(power(p0, n, p0 + rise, n, 0.05), 0.8, 1e-3, "power at that size");
        near(detectable(p0, n, n, 0.8, 0.05).expect("one"), rise, 1e-5, "rise seen at that size");
        let unequal = detectable(p0, 0.1 * n, 1.9 * n, 0.8, 0.05).expect("one");
        assert!(unequal > 1.5 * rise, "a small holdout sees less: {unequal}");
    }
    for (p0, p1, wanted) in [(0.1, 0.1, 0.8), (-0.1, 0.2, 0.8), (0.1, f64::NAN, 0.8), (0.1, 0.2, 1.0)] {
        assert_eq!(sample_size(p0, p1, wanted, 0.05), None, "{p0} {p1} {wanted}");
    }
    near(power(0.1, 100.0, 0.1, 100.0, 0.05), 0.05, 1e-12, "no difference");
    assert_eq!(power(0.1, 0.0, 0.2, 100.0, 0.05), 0.0);
    assert_eq!(detectable(0.5, 2.0, 2.0, 0.99, 0.05), None);
}

#[test]
fn the_size_keeps_its_promise() {
    // Trials of the size asked for, simulated: about 80 % are seen.
    let n = sample_size(0.1, 0.2, 0.8, 0.05).expect("a size") as u32;
    let mut draw = Draw::new(5);
    let mut hits = |p: f64| count((0..n).filter(|_| draw.chance(p)).count() as u32, n);
    let seen = (0..2000).filter(|_| !difference_wald(hits(0.2), hits(0.1), 0.95).holds(0.0)).count();
    near(seen as f64 / 2000.0, 0.8, 0.03, "share of trials that see it");
}

#[test]
fn student_and_welch() {
    for (p, freedom, t) in [
        (0.975, 1.0, 12.706204736432095),
        (0.975, 10.0, 2.2281388519649385),
        (0.995, 5.0, 4.032142983557536),
        (0.05, 30.0, -1.6972608865939574),
        (0.5, 3.0, 0.0),
    ] {
        near(student_quantile(p, freedom), t, 1e-9 * t.abs().max(1.0), "t");
    }
    near(student_quantile(0.975, 1e9), 1.959963984540054, 1e-9, "normal at last");
    // By hand: means 3 and 6, variances 2.5 and 10, 5 and 5 values: t.975 with 5.882 degrees of freedom.
    let (a, b) = (Moments::of(&[1.0, 2.0, 3.0, 4.0, 5.0]), Moments::of(&[2.0, 4.0, 6.0, 8.0, 10.0]));
    let found = welch(a, b, 0.95).expect("two arms");
    near(found.value, -3.0, 1e-12, "difference");
    near(
        found.high - found.value,
        student_quantile(0.975, 6.25 / (0.0625 + 1.0)) * 2.5f64.sqrt(),
        1e-9,
        "reach",
    );
    assert_eq!(welch(a, Moments::of(&[1.0]), 0.95), None);
    let flat = Moments::of(&[2.0, 2.0]);
    assert_eq!(welch(flat, flat, 0.95), Some(Interval::around(0.0, 0.0)));
}

#[test]
fn the_bootstrap_of_a_mean_is_its_error() {
    let mut draw = Draw::new(1);
    let values: Vec<f64> = (0..400).map(|_| draw.exponential(1.0)).collect();
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let found = bootstrap(&values, mean, 2000, 0.95, 3);
    let m = Moments::of(&values);
    near(found.standard_error(0.95) / (m.variance / m.n).sqrt(), 1.0, 0.06, "error");
    assert!(found.holds(m.mean));
    assert_eq!(found, bootstrap(&values, mean, 2000, 0.95, 3), "the same seed, the same interval");
    assert_eq!(bootstrap(&[], |v| v.len() as f64, 10, 0.95, 1), Interval::around(0.0, 0.0));
}

#[test]
fn cuped_narrows_and_does_not_move() {
    let mut draw = Draw::new(8);
    let before: Vec<f64> = (0..4000).map(|_| draw.normal()).collect();
    let after: Vec<f64> = before.iter().map(|x| 2.0 + 0.6 * x + 0.8 * draw.normal()).collect();
    let found = cuped(&after, &before);
    near(found.theta, 0.6, 0.03, "theta");
    near(found.reduction, 0.36, 0.03, "the square of the correlation");
    let (raw, adjusted) = (Moments::of(&after), Moments::of(&found.values));
    near(adjusted.mean, raw.mean, 1e-9, "mean");
    near(adjusted.variance, raw.variance * (1.0 - found.reduction), 1e-9, "variance");
    let idle = cuped(&after, &vec![1.0; after.len()]);
    assert_eq!((idle.theta, idle.reduction, idle.values), (0.0, 0.0, after));
    assert_eq!(cuped(&[], &[]).theta, 0.0);
}

#[test]
fn pooling_the_eight_schools_and_the_vaccines() {
    // Rubin 1981; Gelman et al., Bayesian Data Analysis, table 5.2: nothing but chance between the schools.
    let schools = [
        (28.0, 15.0),
        (8.0, 10.0),
        (-3.0, 16.0),
        (7.0, 11.0),
        (-1.0, 9.0),
        (1.0, 11.0),
        (18.0, 10.0),
        (12.0, 18.0),
    ];
    let found = pool(&schools, 0.95).expect("groups");
    assert_eq!(found.spread, 0.0);
    near(found.mean.value, 7.69, 0.005, "mean");
    near(found.mean.standard_error(0.95), 4.07, 0.005, "error");
    assert!(found.groups.iter().all(|g| (g.value - found.mean.value).abs() < 1e-9));

    // Colditz et al. 1994, log relative risks as in R's metafor; Paule-Mandel.
    let values = [
        -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394,
        0.4459, -0.0173,
    ];
    let variances: [f64; 13] = [
        0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325,
        0.0714,
    ];
    let mut groups: Vec<(f64, f64)> = values.into_iter().zip(variances.map(f64::sqrt)).collect();
    let found = pool(&groups, 0.95).expect("groups");
    near(found.spread * found.spread, 0.3181, 5e-4, "spread");
    near(found.mean.value, -0.7150, 1e-3, "mean");
    for (group, (value, _)) in found.groups.iter().zip(&groups) {
        let (low, high) =
            if *value < found.mean.value { (*value, found.mean.value) } else { (found.mean.value, *value) };
        assert!(group.holds(group.value) && low <= group.value && group.value <= high, "{value}: {group:?}");
    }
    groups.push((f64::NAN, 0.1));
    groups.push((3.0, 0.0));
    let more = pool(&groups, 0.95).expect("groups");
    assert_eq!(more.mean, found.mean, "groups without evidence change nothing");
    assert_eq!((more.groups[13].value, more.kept[14]), (found.mean.value, 0.0));
    assert_eq!(pool(&[(1.0, f64::INFINITY)], 0.95), None);
}

#[test]
fn shrunk_estimates_are_nearer_the_truth() {
    let mut draw = Draw::new(4);
    let (mut raw, mut shrunk, mut held) = (0.0, 0.0, 0);
    for _ in 0..400 {
        let truth: Vec<f64> = (0..10).map(|_| 0.5 + 0.1 * draw.normal()).collect();
        let groups: Vec<(f64, f64)> = truth.iter().map(|t| (t + 0.2 * draw.normal(), 0.2)).collect();
        let found = pool(&groups, 0.9).expect("groups");
        for ((t, (g, _)), s) in truth.iter().zip(&groups).zip(&found.groups) {
            raw += (g - t) * (g - t);
            shrunk += (s.value - t) * (s.value - t);
            held += usize::from(s.holds(*t));
        }
    }
    assert!(shrunk < 0.45 * raw, "{shrunk} against {raw}");
    near(held as f64 / 4000.0, 0.9, 0.12, "share of truths held at 90 %");
}

#[test]
fn evidence_replaces_a_prior_step_by_step() {
    let prior = (0.005, 0.003);
    let even = blend(prior, (0.009, 0.003), 0.95);
    near(even.value, 0.007, 1e-12, "halfway");
    near(even.standard_error(0.95), 0.003 / 2f64.sqrt(), 1e-12, "both count");
    near(blend(prior, (0.009, 1e-6), 0.95).value, 0.009, 1e-8, "sure evidence");
    for nothing in [(f64::NAN, 0.1), (0.1, f64::INFINITY), (0.1, 0.0)] {
        assert_eq!(blend(prior, nothing, 0.95).value, 0.005);
    }
    assert_eq!(blend((0.005, 0.0), (0.1, 0.01), 0.95), Interval::around(0.005, 0.0));
}
