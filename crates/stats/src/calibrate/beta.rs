//! Calibration by a smooth curve of two or three numbers.

use crate::descent::End;
use crate::logistic::{fit, logit};
use crate::special::sigmoid;

/// logit p' = a ln p - b ln(1 - p) + c, with a, b >= 0: it never turns an order around.
#[derive(Debug, Clone, PartialEq)]
pub struct Beta {
    /// The weight of ln p.
    pub a: f64,
    /// The weight of -ln(1 - p).
    pub b: f64,
    /// The shift.
    pub c: f64,
    /// Converged, or why this is a stand-in.
    pub end: End,
}

/// Fits a beta calibration (Kull, Silva Filho, Flach 2017) to probabilities and outcomes in [0, 1],
/// weights optional. Where a weight comes out below 0, only one of the two is kept (they do the same): the one
/// with the lower log loss. Outcomes all alike or no rows: a constant, said so.
pub fn beta(p: &[f64], y: &[f64], w: Option<&[f64]>) -> Beta {
    let (full, _) = beta_of(p, y, w, &[0, 1]);
    if full.a >= 0.0 && full.b >= 0.0 {
        return full;
    }
    let single = [0, 1].map(|side| beta_of(p, y, w, &[side])).into_iter();
    let rising = single.filter(|(found, _)| found.a >= 0.0 && found.b >= 0.0);
    let best = rising.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(found, _)| found);
    best.unwrap_or_else(|| {
        let (c, end) = constant(y, w);
        Beta { a: 0.0, b: 0.0, c, end }
    })
}

/// The fit on some of the two sides, whatever its signs, and its log loss.
fn beta_of(p: &[f64], y: &[f64], w: Option<&[f64]>, kept: &[usize]) -> (Beta, f64) {
    let x: Vec<f64> = p.iter().map(|p| sides(*p)).flat_map(|s| kept.iter().map(move |k| s[*k])).collect();
    let found = fit(&x, kept.len(), y, w, 0.0);
    let line = &found.model.line;
    let slope = |side| kept.iter().position(|k| *k == side).map_or(0.0, |column| line.slope(column));
    (Beta { a: slope(0), b: slope(1), c: line.origin(), end: found.end.clone() }, found.log_loss)
}

impl Beta {
    /// The calibrated probability.
    pub fn predict(&self, p: f64) -> f64 {
        let [a, b] = sides(p);
        sigmoid(self.a * a + self.b * b + self.c)
    }
}

/// ln p and -ln(1 - p), p kept 1e-12 away from 0 and 1.
fn sides(p: f64) -> [f64; 2] {
    let p = if p.is_nan() { 0.5 } else { p.clamp(1e-12, 1.0 - 1e-12) };
    [p.ln(), -(-p).ln_1p()]
}

/// logit p' = intercept + slope logit p, with slope >= 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Platt {
    /// 1 where the spread was right, below 1 where it was too bold.
    pub slope: f64,
    /// The shift.
    pub intercept: f64,
    /// Converged, or why this is a stand-in.
    pub end: End,
}

/// Fits a logistic recalibration (Cox 1958; Platt 1999) to probabilities and outcomes in [0, 1], weights
/// optional. A slope below 0, outcomes all alike or no rows: a constant, said so.
pub fn platt(p: &[f64], y: &[f64], w: Option<&[f64]>) -> Platt {
    let x: Vec<f64> = p.iter().map(|p| logit(*p)).collect();
    let found = fit(&x, 1, y, w, 0.0);
    let slope = found.model.line.slope(0);
    if slope >= 0.0 {
        return Platt { slope, intercept: found.model.line.origin(), end: found.end };
    }
    let (intercept, end) = constant(y, w);
    Platt { slope: 0.0, intercept, end }
}

impl Platt {
    /// The calibrated probability.
    pub fn predict(&self, p: f64) -> f64 {
        sigmoid(self.intercept + self.slope * logit(p))
    }
}

/// The logit of the plain rate, for probabilities that point the wrong way.
fn constant(y: &[f64], w: Option<&[f64]>) -> (f64, End) {
    let found = fit(&[], 0, y, w, 0.0);
    (
        found.model.line.intercept,
        End::FellBack("higher probabilities came true less often: a constant was fitted".into()),
    )
}
