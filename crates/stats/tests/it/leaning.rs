//! Logistic regression that starts from a belief: it leaves it as far as the rows say, and no further.

use stats::descent::End;
use stats::draw::Draw;
use stats::logistic::{Leaning, Linear, fit, lean};
use stats::special::{sigmoid, softplus};

/// Rows of two columns, their outcomes and what was believed of them.
struct Rows {
    x: Vec<f64>,
    y: Vec<f64>,
    offset: Vec<f64>,
}

/// Outcomes whose logit is the offset, more by `shift`, and more by `slopes` per unit of a column.
fn drawn(n: usize, offset: f64, shift: f64, slopes: [f64; 2]) -> Rows {
    let mut draw = Draw::new(11);
    let mut rows = Rows { x: vec![], y: vec![], offset: vec![] };
    for _ in 0..n {
        let at = [3.0 + 2.0 * draw.normal(), 0.5 * draw.normal()];
        let believed = offset * draw.normal();
        let odds = believed + shift + slopes[0] * at[0] + slopes[1] * at[1];
        rows.x.extend(at);
        rows.y.push(f64::from(u8::from(draw.chance(sigmoid(odds)))));
        rows.offset.push(believed);
    }
    rows
}

impl Rows {
    fn lean(&self, l2: [f64; 2]) -> Leaning {
        lean(&self.x, 2, &self.y, &self.offset, &l2)
    }

    /// What `lean` says it makes least, at any place.
    fn loss(&self, line: &Linear, l2: [f64; 2]) -> f64 {
        let row = |((x, y), offset): ((&[f64], &f64), &f64)| {
            let odds = offset + line.at(x);
            softplus(odds) - y * odds
        };
        let held = line.coef.iter().zip(l2).map(|(b, l2)| 0.5 * l2 * b * b).sum::<f64>();
        self.x.chunks(2).zip(&self.y).zip(&self.offset).map(row).sum::<f64>() + held
    }
}

#[test]
fn without_a_belief_and_unheld_it_is_the_plain_fit() {
    let rows = drawn(3_000, 0.0, -0.4, [0.3, -1.1]);
    let (own, plain) = (rows.lean([1e-9; 2]), fit(&rows.x, 2, &rows.y, None, 0.0));
    let (own, plain) = (own.line, plain.model.line);
    assert_eq!((&own.means, &own.sds), (&plain.means, &plain.sds));
    assert!((own.intercept - plain.intercept).abs() < 1e-6, "{own:?} {plain:?}");
    for j in 0..2 {
        assert!((own.coef[j] - plain.coef[j]).abs() < 1e-6, "{own:?} {plain:?}");
    }
    // The same penalty on both is the plain ridge.
    let (own, plain) = (rows.lean([25.0; 2]).line, fit(&rows.x, 2, &rows.y, None, 25.0).model.line);
    assert!(own.coef.iter().zip(&plain.coef).all(|(a, b)| (a - b).abs() < 1e-6), "{own:?} {plain:?}");
}

#[test]
fn held_fast_it_stays_with_the_belief() {
    let rows = drawn(3_000, 1.5, 0.7, [0.3, -1.1]);
    let line = rows.lean([1e12; 2]).line;
    assert!(line.coef.iter().all(|b| b.abs() < 1e-6), "{line:?}");
    // The level is free: as many as there were.
    let told: f64 = rows.offset.iter().map(|o| sigmoid(o + line.intercept)).sum();
    assert!((told - rows.y.iter().sum::<f64>()).abs() < 0.1, "{told}");
    // Each column by its own penalty.
    let line = rows.lean([1e12, 1e-9]).line;
    assert!(line.coef[0].abs() < 1e-6 && line.slope(1) < -0.7, "{line:?}");
}

#[test]
fn a_true_belief_is_left_as_it_is() {
    let rows = drawn(20_000, 1.5, 0.0, [0.0; 2]);
    let line = rows.lean([1.0; 2]).line;
    assert!(line.intercept.abs() < 0.05 && line.coef.iter().all(|b| b.abs() < 0.05), "{line:?}");
}

#[test]
fn a_wrong_belief_is_corrected_by_what_was_wrong() {
    let rows = drawn(20_000, 1.5, -0.9, [0.25, -0.8]);
    let found = rows.lean([1.0; 2]);
    assert_eq!(found.end, End::Converged);
    // Standard errors are about .02, .01 and .04.
    assert!((found.line.origin() + 0.9).abs() < 0.08, "{found:?}");
    assert!((found.line.slope(0) - 0.25).abs() < 0.04, "{found:?}");
    assert!((found.line.slope(1) + 0.8).abs() < 0.14, "{found:?}");
}

#[test]
fn the_answer_is_the_lowest_place() {
    for (n, l2) in [(40, [0.1, 3.0]), (500, [10.0, 300.0]), (5_000, [300.0, 1e-6])] {
        let rows = drawn(n, 1.0, 0.5, [0.4, 0.9]);
        let line = rows.lean(l2).line;
        let moved = |part: usize, by: f64| {
            let mut there = line.clone();
            if part == 0 {
                there.intercept += by
            } else {
                there.coef[part - 1] += by
            }
            rows.loss(&there, l2)
        };
        for part in 0..3 {
            let slope = (moved(part, 1e-5) - moved(part, -1e-5)) / 2e-5;
            assert!(slope.abs() < 1e-4 * n as f64, "{n} {part}: {slope}");
            assert!(
                moved(part, 0.1) > moved(part, 0.0) && moved(part, -0.1) > moved(part, 0.0),
                "{n} {part}"
            );
        }
    }
}

#[test]
fn what_teaches_nothing_changes_nothing() {
    let none = lean(&[], 2, &[], &[], &[1.0, 1.0]);
    assert_eq!((none.line.intercept, none.line.coef.as_slice()), (0.0, &[0.0, 0.0][..]));
    assert_eq!(none.end, End::FellBack("there are no rows".into()));

    for (y, rate) in [(0.0, 0.5 / 9.0), (1.0, 8.5 / 9.0)] {
        let offset = [-2.0, -1.0, 0.0, 1.0, 2.0, 0.5, -0.5, 0.0];
        let x: Vec<f64> = (0..16).map(f64::from).collect();
        let alike = lean(&x, 2, &[y; 8], &offset, &[1.0, 1.0]);
        assert_eq!(alike.end, End::FellBack("all outcomes are the same".into()));
        assert_eq!(alike.line.coef, [0.0, 0.0]);
        assert!((sigmoid(alike.line.intercept) - rate).abs() < 1e-12, "{alike:?}");
    }
}

#[test]
fn a_column_that_never_varies_and_one_that_says_the_same_do_no_harm() {
    let rows = drawn(800, 1.0, 0.5, [0.4, 0.9]);
    let alone: Vec<f64> = rows.x.chunks(2).map(|row| row[1]).collect();
    let expected = lean(&alone, 1, &rows.y, &rows.offset, &[2.0]).line;
    for constant in [0.0, 1.0, 1e9] {
        let x: Vec<f64> = alone.iter().flat_map(|a| [constant, *a]).collect();
        let found = lean(&x, 2, &rows.y, &rows.offset, &[2.0, 2.0]);
        assert_eq!((found.line.coef[0], found.line.sds[0]), (0.0, 0.0), "{constant}");
        assert!((found.line.coef[1] - expected.coef[0]).abs() < 1e-9, "{constant}: {found:?} {expected:?}");
    }
    // Two that say the same share the weight: each held twice as fast, together they are the one.
    let x: Vec<f64> = alone.iter().flat_map(|a| [*a, *a]).collect();
    let twice = lean(&x, 2, &rows.y, &rows.offset, &[4.0, 4.0]).line;
    assert!((twice.coef[0] + twice.coef[1] - expected.coef[0]).abs() < 1e-6, "{twice:?} {expected:?}");
}

#[test]
fn told_apart_without_error_it_is_held() {
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    let y: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i >= 50))).collect();
    let found = lean(&x, 1, &y, &[0.0; 100], &[1.0]);
    assert_eq!(found.end, End::Converged);
    assert!(found.line.coef[0].is_finite() && (2.0..20.0).contains(&found.line.coef[0]), "{found:?}");
}

#[test]
fn a_row_without_an_outcome_keeps_the_others_with_their_beliefs() {
    let rows = drawn(300, 2.0, 0.5, [0.4, 0.9]);
    let mut with = drawn(300, 2.0, 0.5, [0.4, 0.9]);
    with.x.splice(0..0, [50.0, 50.0]);
    with.y.insert(0, f64::NAN);
    with.offset.insert(0, 40.0);
    assert_eq!(with.lean([1.0; 2]), rows.lean([1.0; 2]));
}
