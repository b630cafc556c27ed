//! Ridge logistic regression by Newton's method (le Cessie & van Houwelingen 1992).

use super::design::{Design, Linear};
use super::logit;
use super::matrix::{add_square, solve};
use crate::descent::End;
use crate::special::{sigmoid, softplus};

/// Rounds of Newton's method before giving up; it needs about six.
const ROUNDS: usize = 60;
/// Below this a penalty cannot hold rows that are told apart without error.
const FEEBLE: f64 = 1e-6;
/// A logit beyond this is a probability of 0 or 1 to eight digits.
const CERTAIN: f64 = 18.0;

/// A fitted probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// The logit of the probability.
    pub line: Linear,
}

impl Logistic {
    /// The probability for a row in its own units; unknowns count as the column's mean.
    pub fn predict(&self, row: &[f64]) -> f64 {
        sigmoid(self.line.at(row))
    }
}

/// A logistic regression and how it was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The model: usable however the fit ended.
    pub model: Logistic,
    /// The penalty on the squared coefficients: half of it times their sum joins the summed log loss.
    pub l2: f64,
    /// The weighted mean log loss on the rows fitted.
    pub log_loss: f64,
    /// Converged, or why this is a stand-in.
    pub end: End,
}

/// Fits P(y = 1) = sigmoid(intercept + sum coef x) to rows of `p` columns in `x`, outcomes `y` in [0, 1] and
/// optional weights; the penalty `l2` is on standardised columns and spares the intercept. With p = 0 the
/// intercept alone. Fallbacks: no rows: 0.5; outcomes all alike: their rate with half a hit and half a miss
/// added; rows told apart without error and no penalty: the fit with a penalty of 1.
pub fn fit(x: &[f64], p: usize, y: &[f64], w: Option<&[f64]>, l2: f64) -> Fit {
    let design = Design::new(x, p, y, w);
    let l2 = if l2.is_finite() { l2.max(0.0) } else { 0.0 };
    if let Some(fit) = hopeless(&design, l2) {
        return fit;
    }
    let mut found = newton(&design, l2, &start(&design), 1e-11);
    if l2 < FEEBLE && found.furthest > CERTAIN {
        found = newton(&design, 1.0, &start(&design), 1e-11);
        let why = "the outcomes are told apart without error: a penalty of 1 was set";
        return found.fit(&design, 1.0, End::FellBack(why.into()));
    }
    let end = found.end.clone();
    found.fit(&design, l2, end)
}

/// What stands in where no fit is to be had.
pub(super) fn hopeless(design: &Design, l2: f64) -> Option<Fit> {
    let (total, mean) = (design.total(), design.mean());
    let alike = design.counted().all(|(_, y, _)| y <= 0.0) || design.counted().all(|(_, y, _)| y >= 1.0);
    let why = match (total > 0.0, alike) {
        (false, _) => "there are no rows",
        (true, true) => "all outcomes are the same",
        (true, false) => return None,
    };
    let mut at = vec![0.0; design.width];
    at[0] = logit((mean.clamp(0.0, 1.0) * total + 0.5) / (total + 1.0));
    let log_loss = loss(design, &at, 0.0) / total.max(f64::MIN_POSITIVE);
    Some(Fit { model: Logistic { line: design.line(&at) }, l2, log_loss, end: End::FellBack(why.into()) })
}

/// The intercept that meets the mean, and nothing else.
pub(super) fn start(design: &Design) -> Vec<f64> {
    let mut at = vec![0.0; design.width];
    at[0] = logit(design.mean());
    at
}

/// Where Newton's method came to.
pub(super) struct Found {
    pub at: Vec<f64>,
    end: End,
    /// The largest |logit| of a row.
    furthest: f64,
}

impl Found {
    fn fit(&self, design: &Design, l2: f64, end: End) -> Fit {
        let log_loss = loss(design, &self.at, 0.0) / design.total();
        Fit { model: Logistic { line: design.line(&self.at) }, l2, log_loss, end }
    }
}

/// Newton's method from `start` until a step promises to gain less than `tolerance` per unit of weight.
pub(super) fn newton(design: &Design, l2: f64, start: &[f64], tolerance: f64) -> Found {
    let mut at = start.to_vec();
    let mut here = loss(design, &at, l2);
    let mut end = End::FellBack(format!("not at the optimum after {ROUNDS} rounds"));
    for _ in 0..ROUNDS {
        let (mut step, mut hessian) = slopes(design, &at, l2);
        let slope = step.clone();
        solve(&mut hessian, &mut step);
        let promise: f64 = slope.iter().zip(&step).map(|(g, s)| g * s).sum();
        if promise <= tolerance * design.total() {
            end = End::Converged;
            break;
        }
        let Some((next, value)) = shorten(design, l2, &at, &step, here) else {
            end = End::FellBack("no step makes the fit better".into());
            break;
        };
        (at, here) = (next, value);
    }
    let furthest = design.counted().map(|(row, _, _)| dot(row, &at).abs()).fold(0.0, f64::max);
    Found { at, end, furthest }
}

/// The step, halved until it gains.
fn shorten(design: &Design, l2: f64, at: &[f64], step: &[f64], here: f64) -> Option<(Vec<f64>, f64)> {
    (0..40).find_map(|halvings| {
        let length = 0.5f64.powi(halvings);
        let next: Vec<f64> = at.iter().zip(step).map(|(a, s)| a + length * s).collect();
        let value = loss(design, &next, l2);
        (value < here).then_some((next, value))
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The summed log loss and the penalty.
fn loss(design: &Design, at: &[f64], l2: f64) -> f64 {
    let rows = design.counted().map(|(row, y, w)| {
        let eta = dot(row, at);
        w * (softplus(eta) - y.clamp(0.0, 1.0) * eta)
    });
    rows.sum::<f64>() + 0.5 * l2 * dot(&at[1..], &at[1..])
}

/// The downhill direction and the curvature of `loss`.
fn slopes(design: &Design, at: &[f64], l2: f64) -> (Vec<f64>, Vec<f64>) {
    let n = design.width;
    let (mut downhill, mut hessian) = (vec![0.0; n], vec![0.0; n * n]);
    for (row, y, w) in design.counted() {
        let p = sigmoid(dot(row, at));
        let pull = w * (y.clamp(0.0, 1.0) - p);
        downhill.iter_mut().zip(row).for_each(|(d, x)| *d += pull * x);
        add_square(&mut hessian, row, w * p * (1.0 - p));
    }
    for j in 1..n {
        downhill[j] -= l2 * at[j];
        hessian[j * n + j] += l2;
    }
    (downhill, hessian)
}

/// The summed log loss of a line on other rows, and their weight.
pub(super) fn held_out(line: &Linear, x: &[f64], p: usize, y: &[f64], w: &[f64]) -> (f64, f64) {
    let mut sums = (0.0, 0.0);
    for (i, (y, w)) in y.iter().zip(w).enumerate().filter(|(_, (y, w))| **w > 0.0 && y.is_finite()) {
        let Some(row) = x.get(i * p..(i + 1) * p) else { break };
        let eta = line.at(row);
        sums.0 += w * (softplus(eta) - y.clamp(0.0, 1.0) * eta);
        sums.1 += w;
    }
    sums
}
