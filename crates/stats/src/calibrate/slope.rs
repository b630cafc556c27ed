//! The slope and intercept of calibration (Cox 1958; Steyerberg 2019, chapter 15).

use crate::logistic::logit;
use crate::special::{sigmoid, softplus};
use crate::trial::Interval;

/// How actual outcomes rise with predicted probabilities, on the logit scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// 1 is right; below 1 the probabilities are too bold, above 1 too timid.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// The intercept beside that slope.
    pub intercept: f64,
    /// Its standard error.
    pub intercept_error: f64,
    /// Calibration in the large: the intercept beside a slope of 1; above 0 too little was predicted.
    pub in_the_large: f64,
    /// Its standard error.
    pub in_the_large_error: f64,
    /// The mean of the probabilities.
    pub predicted: f64,
    /// The rate that came true.
    pub actual: f64,
}

impl Slope {
    /// The slope's interval, by its standard error.
    pub fn slope_interval(&self, level: f64) -> Interval {
        Interval::around(self.slope, crate::trial::z_of(level) * self.slope_error)
    }
}

/// Regresses outcomes on logit p. None where nothing can be told: no rows, outcomes all alike, probabilities
/// all alike, or outcomes told apart without error. Probabilities are kept 1e-12 away from 0 and 1.
pub fn slope_intercept(p: &[f64], hits: &[bool]) -> Option<Slope> {
    let rows: Vec<(f64, f64)> =
        p.iter().zip(hits).map(|(p, h)| (logit(*p), f64::from(u8::from(*h)))).collect();
    let n = rows.len() as f64;
    let actual = rows.iter().map(|r| r.1).sum::<f64>() / n.max(1.0);
    let first = rows.first()?.0;
    if actual <= 0.0 || actual >= 1.0 || rows.iter().all(|r| r.0 == first) {
        return None;
    }
    let (shift, shift_error) = in_the_large(&rows)?;
    let (at, errors) = both(&rows)?;
    Some(Slope {
        slope: at[1],
        slope_error: errors[1],
        intercept: at[0],
        intercept_error: errors[0],
        in_the_large: shift,
        in_the_large_error: shift_error,
        predicted: p.iter().map(|p| sigmoid(logit(*p))).sum::<f64>() / n,
        actual,
    })
}

/// The shift at which the mean probability is the rate, and its error: Newton's method, halving where that
/// would leave the bracket.
fn in_the_large(rows: &[(f64, f64)]) -> Option<(f64, f64)> {
    let (mut low, mut high, mut shift) = (-60.0, 60.0, 0.0);
    for _ in 0..200 {
        let (missing, curvature) = rows.iter().fold((0.0, 0.0), |(missing, curvature), (x, y)| {
            let p = sigmoid(x + shift);
            (missing + y - p, curvature + p * (1.0 - p))
        });
        if missing > 0.0 {
            low = shift;
        } else {
            high = shift;
        }
        let step: f64 = shift + missing / curvature;
        let next = if step > low && step < high { step } else { 0.5 * (low + high) };
        if (next - shift).abs() < 1e-12 || missing.abs() < 1e-13 * rows.len() as f64 {
            return (curvature > 0.0).then(|| (shift, 1.0 / curvature.sqrt()));
        }
        shift = next;
    }
    None
}

/// Intercept and slope with their standard errors, by Newton's method from the perfect line.
fn both(rows: &[(f64, f64)]) -> Option<([f64; 2], [f64; 2])> {
    let mut at = [0.0, 1.0];
    let mut here = loss(rows, at);
    for _ in 0..60 {
        let (g, [aa, ab, bb]) = slopes(rows, at);
        let det = aa * bb - ab * ab;
        if det <= 1e-12 * aa * bb || !det.is_finite() {
            return None;
        }
        let step = [(bb * g[0] - ab * g[1]) / det, (aa * g[1] - ab * g[0]) / det];
        if g[0] * step[0] + g[1] * step[1] < 1e-12 * rows.len() as f64 {
            // Told apart without error the slope would run away; a probability of 0 or 1 gives it away.
            let certain = rows.iter().all(|(x, y)| (y - sigmoid(at[0] + at[1] * x)).abs() < 1e-4);
            return (!certain).then(|| (at, [(bb / det).sqrt(), (aa / det).sqrt()]));
        }
        let shorter = |halvings| [0, 1].map(|i| at[i] + step[i] * 0.5f64.powi(halvings));
        let next = (0..40).map(shorter).find(|next| loss(rows, *next) < here)?;
        (at, here) = (next, loss(rows, next));
    }
    None
}

fn loss(rows: &[(f64, f64)], at: [f64; 2]) -> f64 {
    let of = |(x, y): &(f64, f64)| {
        let eta = at[0] + at[1] * x;
        softplus(eta) - y * eta
    };
    rows.iter().map(of).sum()
}

/// The downhill direction and the curvature (aa, ab, bb) of the loss.
fn slopes(rows: &[(f64, f64)], at: [f64; 2]) -> ([f64; 2], [f64; 3]) {
    let (mut g, mut h) = ([0.0; 2], [0.0; 3]);
    for (x, y) in rows {
        let p = sigmoid(at[0] + at[1] * x);
        let v = p * (1.0 - p);
        g[0] += y - p;
        g[1] += (y - p) * x;
        h[0] += v;
        h[1] += v * x;
        h[2] += v * x * x;
    }
    (g, h)
}
