//! Fits that must find what was put in, meet their own first-order conditions, and own up where they cannot.

use proptest::prelude::*;
use stats::calibrate::{band, beta, bins, isotonic, platt, slope_intercept};
use stats::descent::End;
use stats::draw::Draw;
use stats::logistic::{fit, fit_chosen, fit_chosen_in, logit, ridge};
use stats::renewal::{self, Life, Renewal};
use stats::special::sigmoid;
use stats::trial::Moments;

fn near(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() <= within, "{what}: {found}, expected {expected}");
}

fn fell_back(end: &End, what: &str) {
    assert!(matches!(end, End::FellBack(why) if !why.is_empty()), "{what}: {end:?}");
}

/// Launches of the shuttle before Challenger: temperature, and whether an O-ring was damaged (Dalal, Fowlkes,
/// Hoadley 1989).
const TEMPERATURE: [u8; 23] =
    [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58];
const DAMAGED: [u8; 23] = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1];

#[test]
fn the_o_rings_as_printed() {
    let x: Vec<f64> = TEMPERATURE.map(f64::from).to_vec();
    let y: Vec<f64> = DAMAGED.map(f64::from).to_vec();
    let found = fit(&x, 1, &y, None, 0.0);
    assert_eq!(found.end, End::Converged);
    near(found.model.line.slope(0), -0.2322, 5e-5, "slope");
    near(found.model.line.origin(), 15.0429, 5e-5, "intercept");
    near(2.0 * 23.0 * found.log_loss, 20.315, 5e-4, "deviance");

    // The same line as a slope of calibration, in units of ten degrees from 70, with its printed errors.
    let p: Vec<f64> = x.iter().map(|t| sigmoid((t - 70.0) / 10.0)).collect();
    let hits: Vec<bool> = DAMAGED.iter().map(|d| *d == 1).collect();
    let slope = slope_intercept(&p, &hits).expect("a slope");
    near(slope.slope, -2.322, 5e-4, "slope");
    near(slope.slope_error, 1.0824, 5e-4, "its error");
    near(slope.intercept, 15.0429 - 70.0 * 0.232163, 5e-3, "intercept");
    near(slope.actual, 7.0 / 23.0, 1e-12, "rate");
    let shifted: f64 = p.iter().map(|p| sigmoid(logit(*p) + slope.in_the_large)).sum();
    near(shifted, 7.0, 1e-9, "calibration in the large meets the number of hits");
}

/// Rows of three columns on unlike scales, with outcomes from a known line.
fn simulated(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut draw = Draw::new(seed);
    let (mut x, mut y, mut w) = (vec![], vec![], vec![]);
    for _ in 0..n {
        let row = [draw.normal(), 1000.0 + 100.0 * draw.normal(), f64::from(u8::from(draw.chance(0.2)))];
        let p = sigmoid(-0.5 + 0.8 * row[0] - 0.01 * (row[1] - 1000.0) + 0.5 * row[2]);
        x.extend(row);
        y.push(f64::from(u8::from(draw.chance(p))));
        w.push(draw.uniform() + 0.5);
    }
    (x, y, w)
}

#[test]
fn a_known_line_is_recovered_whatever_the_scales() {
    let (x, y, _) = simulated(20_000, 3);
    let found = fit(&x, 3, &y, None, 1.0);
    assert_eq!(found.end, End::Converged);
    for (column, slope, within) in [(0, 0.8, 0.06), (1, -0.01, 0.0006), (2, 0.5, 0.12)] {
        near(found.model.line.slope(column), slope, within, "slope");
    }
    let unknown = found.model.predict(&[f64::NAN, 1000.0, 0.0]);
    let mean = found.model.predict(&[found.model.line.means[0], 1000.0, 0.0]);
    assert_eq!(unknown, mean, "what is unknown counts as the mean");
}

#[test]
fn the_gradient_vanishes_at_a_fit() {
    let (x, y, w) = simulated(500, 4);
    for l2 in [0.0, 3.0, 300.0] {
        let logistic = fit(&x, 3, &y, Some(&w), l2).model;
        let linear = ridge(&x, 3, &y, Some(&w), l2).line;
        let rows = || x.chunks(3);
        let fitted = [
            ("logistic", rows().map(|row| logistic.predict(row)).collect::<Vec<f64>>(), &logistic.line),
            ("ridge", rows().map(|row| linear.at(row)).collect(), &linear),
        ];
        for (name, fitted, line) in fitted {
            let miss = |i: usize| w[i] * (y[i] - fitted[i]);
            near((0..500).map(miss).sum(), 0.0, 1e-4, "the intercept is free");
            for j in 0..3 {
                let pull: f64 =
                    (0..500).map(|i| miss(i) * (x[3 * i + j] - line.means[j]) / line.sds[j]).sum();
                near(pull, l2 * line.coef[j], 1e-4, &format!("{name}, penalty {l2}, column {j}"));
            }
        }
    }
}

#[test]
fn hopeless_rows_give_an_answer_and_a_reason() {
    let apart: Vec<f64> = (0..20).map(f64::from).collect();
    let right: Vec<f64> = (0..20).map(|i| f64::from(u8::from(i >= 10))).collect();
    let nan = vec![f64::NAN; 20];
    for (what, x, p, y, w, low, high) in [
        ("no rows", vec![], 1, vec![], None, 0.5, 0.5),
        ("no columns", vec![], 0, vec![1.0, 1.0], None, 0.8, 0.9),
        ("one row", vec![1.0], 1, vec![1.0], None, 0.74, 0.76),
        ("all hits", apart.clone(), 1, vec![1.0; 20], None, 0.97, 0.98),
        ("all misses", apart.clone(), 1, vec![0.0; 20], None, 0.02, 0.03),
        ("no weight", apart.clone(), 1, right.clone(), Some(vec![0.0; 20]), 0.5, 0.5),
        ("bad weights", apart.clone(), 1, right.clone(), Some(vec![f64::NAN; 20]), 0.5, 0.5),
        ("bad outcomes", apart.clone(), 1, nan.clone(), None, 0.5, 0.5),
        ("told apart", apart.clone(), 1, right.clone(), None, 0.9, 1.0),
    ] {
        let found = fit(&x, p, &y, w.as_deref(), 0.0);
        fell_back(&found.end, what);
        let at = found.model.predict(&[19.0]);
        assert!((low..=high).contains(&at) && found.log_loss.is_finite(), "{what}: {at}");
        let linear = ridge(&x, p, &y, w.as_deref(), 1.0);
        assert!(linear.line.at(&[19.0]).is_finite(), "{what}");
    }
    for (what, x) in [("a column that stands still", vec![7.0; 20]), ("a column of nothing", nan)] {
        let found = fit(&x, 1, &right, None, 0.0);
        assert_eq!((found.end, found.model.predict(&[7.0])), (End::Converged, 0.5), "{what}");
    }
    let (x, y, _) = simulated(300, 5);
    let twice: Vec<f64> = x.chunks(3).flat_map(|r| [r[0], r[0]]).collect();
    let once: Vec<f64> = x.chunks(3).map(|r| r[0]).collect();
    let (a, b) = (fit(&twice, 2, &y, None, 0.0), fit(&once, 1, &y, None, 0.0));
    near(a.model.predict(&[1.0, 1.0]), b.model.predict(&[1.0]), 1e-6, "a column given twice");
}

#[test]
fn the_penalty_is_chosen_on_rows_held_out() {
    let grid = [0.01, 1.0, 100.0, 1e4];
    let (x, y, _) = simulated(3_000, 6);
    let strong = fit_chosen(&x, 3, &y, None, &grid, 5, 1);
    assert!(strong.fit.l2 <= 1.0 && strong.fit.end == End::Converged, "{:?}", strong.tried);
    assert_eq!(strong.tried.iter().map(|t| t.0).collect::<Vec<_>>(), [1e4, 100.0, 1.0, 0.01]);
    assert_eq!(strong, fit_chosen(&x, 3, &y, None, &grid, 5, 1), "the same seed, the same choice");

    let mut draw = Draw::new(7);
    let noise: Vec<f64> = (0..60 * 10).map(|_| draw.normal()).collect();
    let coins: Vec<f64> = (0..60).map(|_| f64::from(u8::from(draw.chance(0.5)))).collect();
    let weak = fit_chosen(&noise, 10, &coins, None, &grid, 5, 1);
    assert!(weak.fit.l2 >= 100.0, "noise is held back: {:?}", weak.tried);

    // A value that names the group predicts within it and nowhere else.
    let group: Vec<usize> = (0..400).map(|i| i / 40).collect();
    let rate: Vec<bool> = (0..10).map(|_| draw.chance(0.5)).collect();
    let dummies: Vec<f64> =
        group.iter().flat_map(|g| (0..10).map(move |k| f64::from(u8::from(k == *g)))).collect();
    let hits: Vec<f64> =
        group.iter().map(|g| f64::from(u8::from(draw.chance(if rate[*g] { 0.9 } else { 0.1 })))).collect();
    let (mixed, apart) = (
        fit_chosen(&dummies, 10, &hits, None, &grid, 5, 1),
        fit_chosen_in(&dummies, 10, &hits, None, &grid, &group),
    );
    assert!(apart.fit.l2 > 100.0 * mixed.fit.l2, "{:?} {:?}", mixed.tried, apart.tried);

    for (x, y) in [(vec![], vec![]), (vec![1.0], vec![1.0]), (vec![1.0, 2.0], vec![1.0, 1.0])] {
        let found = fit_chosen(&x, 1, &y, None, &grid, 5, 1);
        fell_back(&found.fit.end, "too little to choose");
        assert!(found.fit.model.predict(&[1.0]).is_finite());
    }
}

#[test]
fn isotonic_steps_by_hand() {
    let scores = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let y = [0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    let found = isotonic(&scores, &y, None);
    let blocks: Vec<(f64, f64, f64)> = found.blocks.iter().map(|b| (b.low, b.high, b.count.rate())).collect();
    assert_eq!(blocks, [(1.0, 1.0, 0.0), (2.0, 3.0, 0.5), (4.0, 6.0, 1.0)]);
    for (score, rate) in [(0.0, 0.0), (1.5, 0.25), (2.5, 0.5), (3.5, 0.75), (9.0, 1.0), (f64::NAN, 0.0)] {
        near(found.predict(score), rate, 1e-12, "rate");
        assert!(found.interval(score, 0.95).holds(rate));
    }
    let nothing = isotonic(&[f64::NAN], &[1.0], None);
    assert_eq!((nothing.predict(1.0), nothing.interval(1.0, 0.9).low), (0.5, 0.0));
    assert_eq!(isotonic(&[1.0, 2.0], &[1.0, 0.0], Some(&[3.0, 1.0])).predict(1.0), 0.75, "weights pool");
}

#[test]
fn the_band_holds_the_truth_about_as_often_as_it_says() {
    let truth = |s: f64| 0.1 + 0.6 * s;
    let once = |n: usize, seed: u64| {
        let mut draw = Draw::new(seed);
        let scores: Vec<f64> = (0..n).map(|_| draw.uniform()).collect();
        let y: Vec<f64> = scores.iter().map(|s| f64::from(u8::from(draw.chance(truth(*s))))).collect();
        band(&scores, &y, 50, 100, 0.9, seed)
    };
    let bands: Vec<_> = (0..40).map(|seed| once(400, seed)).collect();
    let held = bands.iter().map(|b| [0.2, 0.5, 0.8].map(|s| b.around(s).holds(truth(s))));
    let held = held.flatten().filter(|h| *h).count();
    assert!((100..=120).contains(&held), "held {held} of 120 at 90 %");
    let width = |b: &stats::calibrate::Band| b.around(0.5).high - b.around(0.5).low;
    let wide = bands.iter().map(width).sum::<f64>() / 40.0;
    assert!(width(&once(10_000, 1)) < 0.6 * wide, "more rows, a narrower band than {wide}");
    assert_eq!(band(&[], &[], 10, 10, 0.9, 1).around(0.3).high, 1.0);
    let all = band(&[0.1, 0.2], &[1.0, 1.0], 10, 50, 0.9, 1).around(0.1);
    assert!(all.low < 0.7 && all.high == 1.0, "two hits of two are not certain: {all:?}");
}

/// Probabilities that are too bold, and outcomes of the true ones.
fn bold(n: usize, turn: impl Fn(f64) -> f64, seed: u64) -> (Vec<f64>, Vec<bool>) {
    let mut draw = Draw::new(seed);
    let p: Vec<f64> = (0..n).map(|_| draw.beta(0.8, 2.0)).collect();
    let hits = p.iter().map(|p| draw.chance(turn(*p))).collect();
    (p, hits)
}

#[test]
fn smooth_calibrations_find_the_curve() {
    let as_beta = |p: f64| sigmoid(0.4 * p.ln() - 1.2 * (-p).ln_1p() - 0.7);
    let (p, hits) = bold(40_000, as_beta, 1);
    let y: Vec<f64> = hits.iter().map(|h| f64::from(u8::from(*h))).collect();
    let found = beta(&p, &y, None);
    assert_eq!(found.end, End::Converged);
    for (name, value, truth) in [("a", found.a, 0.4), ("b", found.b, 1.2), ("c", found.c, -0.7)] {
        near(value, truth, 0.12, name);
    }
    near(found.predict(0.3), as_beta(0.3), 0.01, "curve");

    let as_platt = |p: f64| sigmoid(0.5 * logit(p) - 1.0);
    let (p, hits) = bold(40_000, as_platt, 2);
    let y: Vec<f64> = hits.iter().map(|h| f64::from(u8::from(*h))).collect();
    let found = platt(&p, &y, None);
    near(found.slope, 0.5, 0.02, "slope");
    near(found.intercept, -1.0, 0.03, "intercept");
    let slope = slope_intercept(&p, &hits).expect("a slope");
    assert!(slope.slope_interval(0.95).holds(found.slope) && slope.slope_error < 0.02, "{slope:?}");
    let better: Vec<f64> = p.iter().map(|p| found.predict(*p)).collect();
    let after = slope_intercept(&better, &hits).expect("a slope");
    near(after.slope, 1.0, 1e-6, "slope once calibrated");
    near(after.in_the_large, 0.0, 1e-6, "shift once calibrated");
    near(after.predicted, after.actual, 1e-6, "mean once calibrated");
}

#[test]
fn calibration_never_turns_an_order_around_and_owns_up() {
    let (p, hits) = bold(2_000, |p| 0.9 - 0.8 * p, 3);
    let y: Vec<f64> = hits.iter().map(|h| f64::from(u8::from(*h))).collect();
    let rate = Moments::of(&y).mean;
    let (b, l) = (beta(&p, &y, None), platt(&p, &y, None));
    assert_eq!((b.a, b.b, l.slope), (0.0, 0.0, 0.0));
    fell_back(&b.end, "beta");
    fell_back(&l.end, "platt");
    near(b.predict(0.2), rate, 1e-9, "the plain rate");
    near(l.predict(0.9), rate, 1e-9, "the plain rate");

    // One side alone: logit p' rises with -ln(1 - p) only, and falls with ln p.
    let (p, hits) = bold(20_000, |p| sigmoid(-0.3 * p.ln() - 2.0 * (-p).ln_1p() - 2.0), 4);
    let y: Vec<f64> = hits.iter().map(|h| f64::from(u8::from(*h))).collect();
    let found = beta(&p, &y, None);
    assert!(found.a == 0.0 && found.b > 1.0 && found.end == End::Converged, "{found:?}");

    for (what, p, y) in [
        ("nothing", vec![], vec![]),
        ("one", vec![0.3], vec![1.0]),
        ("all miss", vec![0.1, 0.2, 1.0], vec![0.0; 3]),
    ] {
        let (b, l) = (beta(&p, &y, None), platt(&p, &y, None));
        fell_back(&b.end, what);
        fell_back(&l.end, what);
        assert!(b.predict(0.5).is_finite() && l.predict(0.0).is_finite() && b.predict(f64::NAN).is_finite());
        let hits: Vec<bool> = y.iter().map(|y| *y > 0.5).collect();
        assert_eq!(slope_intercept(&p, &hits), None, "{what}");
    }
    let apart = slope_intercept(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]);
    assert_eq!(apart, None, "told apart: the slope has no end");
    assert_eq!(slope_intercept(&[0.3; 4], &[false, true, false, true]), None, "all alike: no slope");
}

#[test]
fn bins_are_equal_and_keep_ties_together() {
    let p = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, f64::NAN];
    let hits = [false, false, false, true, true, true, true];
    let found = bins(&p, &hits, 3, 0.95);
    let seen: Vec<(f64, f64, usize)> = found.iter().map(|b| (b.low, b.actual.value, b.n)).collect();
    assert_eq!(seen, [(0.1, 0.0, 2), (0.3, 0.5, 2), (0.5, 1.0, 2)]);
    near(found[1].predicted, 0.35, 1e-12, "mean");
    assert!(found[0].actual.high > 0.5, "two misses do not prove 0: {:?}", found[0]);
    let tied = bins(&[0.5, 0.5, 0.5, 0.7], &hits[..4], 2, 0.95);
    assert_eq!(tied.iter().map(|b| b.n).collect::<Vec<_>>(), [3, 1]);
    assert!(bins(&[], &[], 10, 0.95).is_empty());
    assert_eq!(bins(&p, &hits, 0, 0.95).len(), 1);
}

/// Lives of a renewal model, watched for a random time: the gaps, and the time since the last event.
fn lives_of(model: &Renewal, n: usize, seed: u64) -> Vec<(Vec<f64>, f64)> {
    let mut draw = Draw::new(seed);
    let mut one = || {
        let rate = draw.gamma(model.r, model.alpha);
        let mut left = 100.0 + 400.0 * draw.uniform();
        let mut gaps = vec![];
        loop {
            let gap = (draw.exponential(rate)).powf(1.0 / model.c);
            if gap >= left || gaps.len() == 200 {
                return (gaps, left);
            }
            left -= gap;
            gaps.push(gap);
        }
    };
    (0..n).map(|_| one()).collect()
}

fn seen(lives: &[(Vec<f64>, f64)]) -> Vec<Life<'_>> {
    lives.iter().map(|(gaps, open)| Life { gaps, open: *open }).collect()
}

#[test]
fn renewal_numbers_are_recovered() {
    for (r, alpha, c) in [(1.5, 400.0, 1.6), (0.6, 20.0, 1.0), (3.0, 30.0, 0.7)] {
        let truth = Renewal { r, alpha, c };
        let lives = lives_of(&truth, 4_000, 1);
        let found = renewal::fit(&seen(&lives));
        assert_eq!(found.end, End::Converged, "{found:?}");
        let model = found.model;
        near(model.c, c, 0.03 * c, "c");
        near(model.r, r, 0.12 * r, "r");
        near(model.alpha.ln(), alpha.ln(), 0.2, "ln alpha");
        assert!(
            found.log_likelihood >= truth.log_likelihood(&seen(&lives)),
            "the fit is at least the truth's"
        );
        near(
            found.log_likelihood,
            model.log_likelihood(&seen(&lives)),
            1e-6 * lives.len() as f64,
            "unscaled",
        );
        let days: Vec<(Vec<f64>, f64)> =
            lives.iter().map(|(gaps, open)| (gaps.iter().map(|g| g / 7.0).collect(), open / 7.0)).collect();
        let weeks = renewal::fit(&seen(&days)).model;
        near(weeks.c, model.c, 1e-4 * c, "the unit of time does not matter");
        near(
            weeks.p_buy(2, weeks.powered(&[1.0, 2.0]), 3.0, 4.0),
            model.p_buy(2, model.powered(&[7.0, 14.0]), 21.0, 28.0),
            1e-4,
            "p",
        );
    }
}

#[test]
fn renewal_gradients_are_the_slopes() {
    let lives = lives_of(&Renewal { r: 1.5, alpha: 400.0, c: 1.6 }, 50, 2);
    let at = [0.3, 4.0, 0.2];
    let model = |at: [f64; 3]| Renewal { r: at[0].exp(), alpha: at[1].exp(), c: at[2].exp() };
    let gradient = model(at).gradient(&seen(&lives));
    for i in 0..3 {
        let moved = |by: f64| {
            let mut at = at;
            at[i] += by;
            model(at).log_likelihood(&seen(&lives))
        };
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        near(gradient[i], slope, 1e-6 * slope.abs().max(1.0), "slope");
    }
}

#[test]
fn p_buy_is_the_likelihood_of_silence_and_comes_true() {
    let model = Renewal { r: 1.5, alpha: 400.0, c: 1.6 };
    let gaps = [20.0, 35.0];
    let sum = model.powered(&gaps);
    let silent = |open: f64| model.log_likelihood(&[Life { gaps: &gaps, open }]);
    near(model.p_buy(2, sum, 30.0, 60.0), 1.0 - (silent(90.0) - silent(30.0)).exp(), 1e-12, "by likelihood");
    near(model.p_buy(2, sum, 30.0, model.wait(2, sum, 30.0, 0.4)), 0.4, 1e-9, "wait is the inverse");
    assert_eq!(model.p_buy(2, sum, 30.0, 0.0), 0.0);

    // Predicted and actual returns within 60 days of lives cut 60 days before they were last seen.
    let (mut expected, mut returned, mut n) = (0.0, 0.0, 0.0);
    for (gaps, open) in lives_of(&model, 4_000, 9) {
        let span = gaps.iter().sum::<f64>() + open;
        let mut kept = vec![];
        let mut left = span - 60.0;
        for gap in &gaps {
            if *gap > left {
                break;
            }
            left -= gap;
            kept.push(*gap);
        }
        expected += model.p_buy(kept.len(), model.powered(&kept), left, 60.0);
        returned += f64::from(u8::from(kept.len() < gaps.len()));
        n += 1.0;
    }
    near(expected / n, returned / n, 0.02, "share that came back");
}

#[test]
fn renewals_that_cannot_be_fitted_say_why() {
    let (empty, one, day): (&[f64], &[f64], &[f64]) = (&[], &[30.0], &[1e-9, f64::NAN, -3.0, 0.0]);
    let same = [30.0; 12];
    let long = [7300.0, 0.5];
    for (what, lives, fallback) in [
        ("no lives", vec![], true),
        ("no time", vec![Life { gaps: empty, open: 0.0 }], true),
        ("bad time", vec![Life { gaps: empty, open: f64::NAN }], true),
        ("no gaps", vec![Life { gaps: empty, open: 50.0 }; 100], true),
        ("one life", vec![Life { gaps: one, open: 5.0 }], true),
        ("all the same gap", vec![Life { gaps: &same, open: 1.0 }; 50], true),
        ("unusable gaps", vec![Life { gaps: day, open: 1.0 }; 5], false),
        ("twenty years", vec![Life { gaps: &long, open: 7300.0 }, Life { gaps: one, open: 3.0 }], false),
    ] {
        let found = renewal::fit(&lives);
        if fallback {
            fell_back(&found.end, what);
        }
        let Renewal { r, alpha, c } = found.model;
        assert!(r > 0.0 && alpha > 0.0 && c > 0.0 && r.is_finite() && alpha.is_finite(), "{what}: {found:?}");
        assert!(found.log_likelihood.is_finite(), "{what}: {found:?}");
        for (open, h) in [(0.0, 0.0), (10.0, 365.0), (7300.0, 90.0), (f64::NAN, 10.0)] {
            let p = found.model.p_buy(1, found.model.powered(&[30.0]), open, h);
            assert!((0.0..=1.0).contains(&p), "{what}: {p}");
        }
    }
    let quiet = renewal::fit(&[Life { gaps: &[], open: 50.0 }; 100]).model;
    assert!(quiet.p_buy(0, 0.0, 50.0, 30.0) < 0.01, "a hundred silent lives promise little");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Pooled rates are the min-max means (Barlow et al. 1972), and ties do not depend on their order.
    #[test]
    fn isotonic_is_min_max(rows in prop::collection::vec((0..6i32, any::<bool>()), 1..25)) {
        let score: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
        let y: Vec<f64> = rows.iter().map(|r| f64::from(u8::from(r.1))).collect();
        let found = isotonic(&score, &y, None);
        let mean = |low: f64, high: f64| {
            let inside = score.iter().zip(&y).filter(|(s, _)| low <= **s && **s <= high).map(|(_, y)| *y);
            Moments::of(&inside.collect::<Vec<f64>>()).mean
        };
        for s in &score {
            let least = |low: f64| score.iter().filter(|h| *h >= s).map(|h| mean(low, *h)).fold(1.0, f64::min);
            let expected = score.iter().filter(|l| *l <= s).map(|l| least(*l)).fold(0.0, f64::max);
            prop_assert!((found.predict(*s) - expected).abs() < 1e-12);
        }
    }
}
