//! A trial drawn within strata: the difference of rates with its score interval.

use super::{Count, Interval, z_of};
use std::f64::consts::PI;

/// One stratum of a trial: what came of the treated and of the holdout in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// The treated.
    pub treated: Count,
    /// The holdout.
    pub holdout: Count,
}

impl Stratum {
    /// The weight of Mantel and Haenszel (1959): n1 n0 / (n1 + n0), 0 where an arm is empty. In a
    /// trial drawn with the same share everywhere it is proportional to the size of the stratum.
    pub fn weight(&self) -> f64 {
        mantel_haenszel(self.treated.n, self.holdout.n)
    }

    fn difference(&self) -> f64 {
        self.treated.rate() - self.holdout.rate()
    }
}

pub(super) fn mantel_haenszel(n1: f64, n0: f64) -> f64 {
    if n1 > 0.0 && n0 > 0.0 { n1 * n0 / (n1 + n0) } else { 0.0 }
}

/// The difference of rates over strata with the score interval of Miettinen and Nurminen (1985,
/// Statistics in Medicine 4:213), weights of Mantel and Haenszel: all differences at which the weighted sum is no
/// further from its expectation than the level allows, the variance of each stratum taken at its
/// restricted maximum likelihood and multiplied by n / (n - 1). One stratum gives their interval for two
/// rates. Strata in which an arm is empty say nothing; where all are, the interval is -1 to 1.
///
/// Unlike the plain interval it is honest for a handful of returns, or none.
pub fn difference_in_strata(strata: &[Stratum], level: f64) -> Interval {
    let strata: Vec<&Stratum> = strata.iter().filter(|s| s.weight() > 0.0).collect();
    let total: f64 = strata.iter().map(|s| s.weight()).sum();
    if total <= 0.0 {
        return Interval { value: 0.0, low: -1.0, high: 1.0 };
    }
    let value = strata.iter().map(|s| s.weight() * s.difference()).sum::<f64>() / total;
    let z = z_of(level);
    let inside = |at: f64| {
        let error = strata.iter().map(|s| s.weight() * s.weight() * restricted(s, at)).sum::<f64>().sqrt();
        (total * (value - at)).abs() <= z * error
    };
    Interval { value, low: end(value, -1.0, inside), high: end(value, 1.0, inside) }
}

/// The furthest point between `inner` and `outer` that is still inside.
fn end(mut inner: f64, mut outer: f64, inside: impl Fn(f64) -> bool) -> f64 {
    if inside(outer) {
        return outer;
    }
    while (outer - inner).abs() > 1e-10 {
        let middle = 0.5 * (inner + outer);
        if inside(middle) { inner = middle } else { outer = middle }
    }
    inner
}

/// The variance of a stratum's difference if the true one were `at`.
fn restricted(s: &Stratum, at: f64) -> f64 {
    let (p1, p0) = likeliest(s, at);
    let n = s.treated.n + s.holdout.n;
    let variance = p1 * (1.0 - p1) / s.treated.n + p0 * (1.0 - p0) / s.holdout.n;
    variance * n / (n - 1.0).max(1.0)
}

/// The likeliest pair of rates that are `at` apart: the root of a cubic, in the closed form of
/// Farrington and Manning (1990, Statistics in Medicine 9:1447).
fn likeliest(s: &Stratum, at: f64) -> (f64, f64) {
    let (p1, p0) = (s.treated.rate(), s.holdout.rate());
    let ratio = s.holdout.n / s.treated.n;
    let a = 1.0 + ratio;
    let b = -(1.0 + ratio + p1 + ratio * p0 + at * (ratio + 2.0));
    let c = at * at + at * (2.0 * p1 + ratio + 1.0) + p1 + ratio * p0;
    let d = -p1 * at * (1.0 + at);
    let third = b / (3.0 * a);
    let v = third * third * third - b * c / (6.0 * a * a) + d / (2.0 * a);
    let u = (third * third - c / (3.0 * a)).max(0.0).sqrt().copysign(v);
    let turn = if u == 0.0 { 0.5 * PI } else { (PI + libm::acos((v / (u * u * u)).clamp(-1.0, 1.0))) / 3.0 };
    let first = (2.0 * u * libm::cos(turn) - third).clamp(at.max(0.0), (1.0 + at).min(1.0));
    (first, (first - at).clamp(0.0, 1.0))
}
