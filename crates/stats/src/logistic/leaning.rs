//! Logistic regression that starts from a belief and leaves it only for good reason.

use super::design::Design;
use super::matrix::{add_square, solve};
use super::{Linear, logit};
use crate::descent::End;
use crate::special::{sigmoid, softplus};

/// Rounds of Newton's method before giving up; it needs about six.
const ROUNDS: usize = 40;

/// A correction to a belief, and how it was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaning {
    /// What to add to the offset: the logit is their sum.
    pub line: Linear,
    /// Converged, or why this is a stand-in.
    pub end: End,
}

/// Fits P(y = 1) = sigmoid(offset + intercept + sum coef x) with a penalty of its own per column:
/// half of `l2[j] coef[j]^2`, on standardised columns, joins the summed log loss, so `l2` counts
/// in rows of full doubt (times four). `x` holds rows of `p` columns; `offset` is the logit
/// believed before, one per row. A row whose outcome is no number counts nothing. No rows: nothing is
/// added; outcomes all alike: the intercept alone, which gives a row of the mean offset their rate with
/// half a hit and half a miss added.
pub fn lean(x: &[f64], p: usize, y: &[f64], offset: &[f64], l2: &[f64]) -> Leaning {
    let design = Design::new(x, p, y, None);
    let mut at = vec![0.0; design.width];
    let counts = |(offset, w): (&f64, &f64)| (*w > 0.0).then_some(*offset);
    let offset: Vec<f64> = offset.iter().zip(&design.weights).filter_map(counts).collect();
    let n = design.total();
    let believed = offset.iter().sum::<f64>() / n.max(1.0);
    let why = match design.mean() {
        _ if n <= 0.0 => "there are no rows",
        mean if mean <= 0.0 || mean >= 1.0 => {
            at[0] = logit((mean * n + 0.5) / (n + 1.0)) - believed;
            "all outcomes are the same"
        }
        mean => {
            at[0] = logit(mean) - believed;
            let end = newton(&design, &offset, l2, &mut at);
            return Leaning { line: design.line(&at), end };
        }
    };
    Leaning { line: design.line(&at), end: End::FellBack(why.into()) }
}

/// Newton's method, each step halved until it gains.
fn newton(design: &Design, offset: &[f64], l2: &[f64], at: &mut Vec<f64>) -> End {
    let n = design.width;
    let mut here = loss(design, offset, l2, at);
    for _ in 0..ROUNDS {
        let (mut step, mut hessian) = (vec![0.0; n], vec![0.0; n * n]);
        for ((row, y, w), offset) in design.counted().zip(offset) {
            let p = sigmoid(offset + dot(row, at));
            step.iter_mut().zip(row).for_each(|(s, x)| *s += w * (y - p) * x);
            add_square(&mut hessian, row, w * p * (1.0 - p));
        }
        for j in 1..n {
            step[j] -= l2[j - 1] * at[j];
            hessian[j * n + j] += l2[j - 1];
        }
        let slope = step.clone();
        solve(&mut hessian, &mut step);
        if dot(&slope, &step) <= 1e-9 * design.total() {
            return End::Converged;
        }
        let shorter = |halvings| -> Option<(Vec<f64>, f64)> {
            let length = 0.5f64.powi(halvings);
            let next: Vec<f64> = at.iter().zip(&step).map(|(a, s)| a + length * s).collect();
            let value = loss(design, offset, l2, &next);
            (value < here).then_some((next, value))
        };
        match (0..40).find_map(shorter) {
            Some((next, value)) => (*at, here) = (next, value),
            None => return End::Converged,
        }
    }
    End::FellBack(format!("not at the optimum after {ROUNDS} rounds"))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn loss(design: &Design, offset: &[f64], l2: &[f64], at: &[f64]) -> f64 {
    let row = |((row, y, w), offset): ((&[f64], f64, f64), &f64)| {
        let eta = offset + dot(row, at);
        w * (softplus(eta) - y * eta)
    };
    let held: f64 = l2.iter().zip(&at[1..]).map(|(l2, b)| 0.5 * l2 * b * b).sum();
    design.counted().zip(offset).map(row).sum::<f64>() + held
}
