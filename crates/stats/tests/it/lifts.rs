//! Effects of a treatment: known effects recovered, Qini by hand, and Hillstrom's e-mails.

use std::io::Read;
use std::path::Path;

use stats::descent::End;
use stats::draw::Draw;
use stats::lift::{Trial, auuc, qini, qini_curve, qini_interval, r_learner, t_learner};
use stats::special::sigmoid;
use stats::trial::{Count, Moments, difference_wald};

/// Rows with a known effect: (x of two columns, treated, outcome, effect), `amount` or 0/1.
fn simulated(n: usize, seed: u64, amount: bool) -> (Vec<f64>, Vec<bool>, Vec<f64>, Vec<f64>) {
    let mut draw = Draw::new(seed);
    let (mut x, mut treated, mut y, mut effects) = (vec![], vec![], vec![], vec![]);
    for _ in 0..n {
        let (a, b) = (draw.normal(), draw.normal());
        let t = draw.chance(0.7);
        let base = 0.3 * sigmoid(b);
        let effect = 0.1 + 0.05 * a;
        let expected = base + if t { effect } else { 0.0 };
        y.push(if amount {
            10.0 * expected + draw.normal()
        } else {
            f64::from(u8::from(draw.chance(expected)))
        });
        x.extend([a, b]);
        treated.push(t);
        effects.push(if amount { 10.0 * effect } else { effect });
    }
    (x, treated, y, effects)
}

#[test]
fn the_r_learner_recovers_a_linear_effect() {
    for (amount, propensity, near) in
        [(true, Some(0.7), 0.06), (true, None, 0.06), (false, Some(0.7), 0.02), (false, None, 0.02)]
    {
        let (x, treated, y, effects) = simulated(20_000, 1, amount);
        let trial = Trial { x: &x, p: 2, treated: &treated, y: &y };
        let found = r_learner(&trial, propensity, 0.01, 5, 7);
        assert_eq!(found.end, End::Converged);
        let (slope, other) = (found.line.slope(0), found.line.slope(1));
        let unit = if amount { 10.0 } else { 1.0 };
        assert!((slope - 0.05 * unit).abs() < near, "amount {amount}, known {propensity:?}: slope {slope}");
        assert!(other.abs() < near, "amount {amount}: the idle column got {other}");
        let far = x.chunks(2).zip(&effects).map(|(row, e)| (found.line.at(row) - e).powi(2)).sum::<f64>();
        let spread = Moments::of(&effects).variance;
        let missed = far / effects.len() as f64 / spread;
        assert!(missed < 0.1, "amount {amount}: {missed:.3} of the variance of the effects is missed");
    }
}

#[test]
fn the_t_learner_sees_the_same_order() {
    let (x, treated, y, effects) = simulated(20_000, 2, false);
    let two = t_learner(&Trial { x: &x, p: 2, treated: &treated, y: &y }, 1.0);
    let found: Vec<f64> = x.chunks(2).map(|row| two.effect(row)).collect();
    let (a, b) = (Moments::of(&found), Moments::of(&effects));
    let products: f64 = found.iter().zip(&effects).map(|(f, e)| (f - a.mean) * (e - b.mean)).sum();
    let correlation = products / (a.n - 1.0) / (a.variance * b.variance).sqrt();
    assert!(correlation > 0.85, "{correlation}");
}

#[test]
fn without_two_arms_there_is_no_effect_and_it_says_so() {
    for (n, treated) in [(0, true), (1, true), (10, true), (10, false)] {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let y: Vec<f64> = (0..n).map(|i| f64::from(i % 2)).collect();
        let treated = vec![treated; n as usize];
        let found = r_learner(&Trial { x: &x, p: 1, treated: &treated, y: &y }, None, 0.01, 5, 1);
        assert!(matches!(found.end, End::FellBack(_)), "{n}");
        assert_eq!(found.line.at(&[3.0]), 0.0);
        assert_eq!(qini(&x, &treated, &y), None);
        assert_eq!(auuc(&x, &treated, &y), None);
    }
}

#[test]
fn qini_by_hand() {
    let treated = [true, false, true, false];
    let y = [1.0, 0.0, 0.0, 0.0];
    let best_first = qini_curve(&[4.0, 3.0, 2.0, 1.0], &treated, &y);
    assert_eq!(best_first, [(0.0, 0.0), (0.25, 0.0), (0.5, 0.5), (0.75, 0.375), (1.0, 0.5)]);
    // Area .28125, triangle .25.
    let value = qini(&[4.0, 3.0, 2.0, 1.0], &treated, &y).expect("a gain");
    assert!((value - 0.125).abs() < 1e-12, "{value}");
    assert!((auuc(&[4.0, 3.0, 2.0, 1.0], &treated, &y).expect("two arms") - 0.28125).abs() < 1e-12);
    assert_eq!(qini(&[1.0; 4], &treated, &y), Some(0.0), "all equal: the straight line");
    assert_eq!(qini(&[f64::NAN; 4], &treated, &y), Some(0.0));
    assert_eq!(qini(&[4.0, 3.0, 2.0, 1.0], &treated, &[0.0; 4]), None, "no gain to share out");
}

#[test]
fn the_interval_of_a_qini_holds_the_value_and_narrows() {
    let (x, treated, y, effects) = simulated(8_000, 3, false);
    let first: Vec<f64> = x.chunks(2).map(|row| row[0]).collect();
    let width = |n: usize| {
        let found = qini_interval(&first[..n], &treated[..n], &y[..n], 200, 0.95, 4).expect("a gain");
        assert!(found.low < found.value && found.value < found.high, "{found:?}");
        found.high - found.low
    };
    let (wide, narrow) = (width(1_000), width(8_000));
    assert!(narrow < 0.6 * wide, "{wide} at 1,000 rows, {narrow} at 8,000");
    let oracle = qini(&effects, &treated, &y).expect("a gain");
    assert_eq!(oracle, qini(&first, &treated, &y).expect("a gain"), "only the order counts");
}

struct Hillstrom {
    x: Vec<f64>,
    p: usize,
    treated: Vec<bool>,
    visit: Vec<f64>,
    bought: Vec<bool>,
    months: Vec<usize>,
}

/// The trial of 64,000 people, or None where the file is absent.
fn hillstrom() -> Option<Hillstrom> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hillstrom.csv.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("not present: {}", path.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a gzip file");
    let mut all =
        Hillstrom { x: vec![], p: 9, treated: vec![], visit: vec![], bought: vec![], months: vec![] };
    for line in text.lines().skip(1) {
        // The second column may hold a comma: all but the first are found from the end.
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().expect("a number");
        let last = cells.len() - 1;
        let is = |back: usize, word: &str| f64::from(u8::from(cells[last - back] == word));
        all.x.extend([number(0), number(last - 9), number(last - 8), number(last - 7), number(last - 5)]);
        all.x.extend([is(6, "Surburban"), is(6, "Urban"), is(4, "Phone"), is(4, "Web")]);
        all.treated.push(cells[last - 3] != "No E-Mail");
        all.visit.push(number(last - 2));
        all.bought.push(number(last - 1) > 0.0);
        all.months.push(number(0) as usize);
    }
    Some(all)
}

/// The parts of a trial whose rows are (not) in a fold.
fn part(all: &Hillstrom, fold: &[usize], kept: usize) -> (Vec<f64>, Vec<bool>, Vec<f64>) {
    let rows: Vec<usize> = (0..fold.len()).filter(|i| fold[*i] == kept).collect();
    let x = rows.iter().flat_map(|i| all.x[i * all.p..(i + 1) * all.p].iter().copied()).collect();
    (x, rows.iter().map(|i| all.treated[*i]).collect(), rows.iter().map(|i| all.visit[*i]).collect())
}

#[test]
fn hillstrom_visits_are_ordered_by_effect() {
    let Some(all) = hillstrom() else { return };
    let names = ["R-learner", "T-learner", "response model"];
    let (mut halves, mut wholes) = ([vec![], vec![], vec![]], [vec![], vec![], vec![]]);
    for repeat in 0..5 {
        let fold = Draw::part(20, repeat).folds(all.visit.len(), 2);
        let mut scores = [vec![], vec![], vec![]].map(|_: Vec<f64>| vec![0.0; fold.len()]);
        for held in 0..2 {
            let (x, treated, y) = part(&all, &fold, 1 - held);
            let trial = Trial { x: &x, p: all.p, treated: &treated, y: &y };
            let effect = r_learner(&trial, Some(2.0 / 3.0), 0.01, 5, repeat).line;
            let two = t_learner(&trial, 1.0);
            let rows: Vec<usize> = (0..fold.len()).filter(|i| fold[*i] == held).collect();
            for i in &rows {
                let row = &all.x[i * all.p..(i + 1) * all.p];
                scores[0][*i] = effect.at(row);
                scores[1][*i] = two.effect(row);
                scores[2][*i] = two.treated.model.predict(row);
            }
            let (_, treated, y) = part(&all, &fold, held);
            for (found, scores) in halves.iter_mut().zip(&scores) {
                let own: Vec<f64> = rows.iter().map(|i| scores[*i]).collect();
                found.push(qini(&own, &treated, &y).expect("a gain"));
            }
        }
        let whole = |scores: &Vec<f64>| qini(scores, &all.treated, &all.visit).expect("a gain");
        wholes.iter_mut().zip(&scores).for_each(|(found, scores)| found.push(whole(scores)));
    }
    for ((name, halves), wholes) in names.iter().zip(&halves).zip(&wholes) {
        let (half, whole) = (Moments::of(halves), Moments::of(wholes));
        let (mean, sd) = (whole.mean, whole.variance.sqrt());
        eprintln!("Hillstrom visit, {name}: relative Qini {mean:.4}, sd {sd:.4} over 5 x all rows;");
        eprintln!("    {:.4}, sd {:.4} over 10 halves", half.mean, half.variance.sqrt());
    }
    let (half, whole) = (Moments::of(&halves[0]).mean, Moments::of(&wholes[0]).mean);
    assert!(half >= 0.12 && whole >= 0.12, "{half:.4}, {whole:.4}; .145 (sd .012) is known to be had");
    assert!(Moments::of(&wholes[2]).mean < whole, "a response model orders them worse");
}

#[test]
fn hillstrom_lift_is_flat_over_recency_while_the_rate_falls() {
    let Some(all) = hillstrom() else { return };
    // Points: what is known of the lift, and the rate of those left out at the ends.
    for (months, lift, rate) in
        [(1..=3, 0.50, Some(0.90)), (4..=6, 0.38, None), (7..=9, 0.56, None), (10..=12, 0.54, Some(0.30))]
    {
        let arm = |treated: bool| {
            let rows = (0..all.treated.len()).filter(|i| months.contains(&all.months[*i]));
            Count::of(rows.filter(|i| all.treated[*i] == treated).map(|i| all.bought[i]))
        };
        let (treated, holdout) = (arm(true), arm(false));
        let found = difference_wald(treated, holdout, 0.95);
        eprintln!(
            "Hillstrom orders, {months:?} months: left out {:.2} %, lift {:+.2} points ({:+.2} to {:+.2}), error {:.2}",
            100.0 * holdout.rate(),
            100.0 * found.value,
            100.0 * found.low,
            100.0 * found.high,
            100.0 * found.standard_error(0.95)
        );
        assert!((100.0 * found.value - lift).abs() < 0.02, "{months:?}: {found:?}");
        assert!((0.12..=0.16).contains(&(100.0 * found.standard_error(0.95))), "{months:?}: {found:?}");
        let rate = rate.unwrap_or(100.0 * holdout.rate());
        assert!((100.0 * holdout.rate() - rate).abs() < 0.01, "{months:?}: {holdout:?}");
    }
}
