//! Rates and their differences.

use super::{Interval, z_of};

/// So many hits among so many tries. Weighted counts need not be whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// Hits, between 0 and `n`.
    pub hits: f64,
    /// Tries.
    pub n: f64,
}

impl Count {
    /// Counts the hits of a slice.
    pub fn of(hits: impl IntoIterator<Item = bool>) -> Count {
        hits.into_iter().fold(Count { hits: 0.0, n: 0.0 }, |c, hit| Count {
            hits: c.hits + f64::from(u8::from(hit)),
            n: c.n + 1.0,
        })
    }

    /// hits / n, and 0 where nothing was tried.
    pub fn rate(&self) -> f64 {
        if self.n > 0.0 { (self.hits / self.n).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The variance of the rate by the binomial formula, and 0 where nothing was tried.
    fn variance(&self) -> f64 {
        let p = self.rate();
        if self.n > 0.0 { p * (1.0 - p) / self.n } else { 0.0 }
    }
}

/// The score interval of a rate (Wilson 1927): honest for few tries and for 0 or all hits.
/// Nothing tried: 0 to 1.
pub fn wilson(count: Count, level: f64) -> Interval {
    if count.n <= 0.0 || !count.n.is_finite() {
        return Interval { value: 0.0, low: 0.0, high: 1.0 };
    }
    let (p, n, z) = (count.rate(), count.n, z_of(level));
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    // At 0 and 1 the formula is exact but for rounding.
    let low = if p == 0.0 { 0.0 } else { (middle - reach).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (middle + reach).min(1.0) };
    Interval { value: p, low, high }
}

/// rate(treated) - rate(holdout) with its interval (Newcombe 1998, Statistics in Medicine 17:873, method 10).
/// Where one side tried nothing the interval is as wide as that says.
pub fn difference(treated: Count, holdout: Count, level: f64) -> Interval {
    let (a, b) = (wilson(treated, level), wilson(holdout, level));
    let value = a.value - b.value;
    let below = (a.value - a.low).hypot(b.high - b.value);
    let above = (a.high - a.value).hypot(b.value - b.low);
    Interval { value, low: (value - below).max(-1.0), high: (value + above).min(1.0) }
}

/// The same difference with the plain interval, value -/+ z standard errors (Wald); for large counts,
/// and where the standard error itself is wanted.
pub fn difference_wald(treated: Count, holdout: Count, level: f64) -> Interval {
    let error = (treated.variance() + holdout.variance()).sqrt();
    Interval::around(treated.rate() - holdout.rate(), z_of(level) * error)
}

/// rate(a) / rate(b) with the interval of its logarithm (Katz, Baptista, Azen and Pike 1978, Biometrics 34:469),
/// half a hit and half a try added so that none is no trouble (Walter 1975). Nothing tried: 0 to infinity.
pub fn ratio(a: Count, b: Count, level: f64) -> Interval {
    if a.n <= 0.0 || b.n <= 0.0 {
        return Interval { value: 1.0, low: 0.0, high: f64::INFINITY };
    }
    let part = |c: Count| (c.hits + 0.5, c.n + 0.5);
    let ((x, n), (y, m)) = (part(a), part(b));
    let value = (x / n) / (y / m);
    let reach = libm::exp(z_of(level) * (1.0 / x - 1.0 / n + 1.0 / y - 1.0 / m).max(0.0).sqrt());
    Interval { value, low: value / reach, high: value * reach }
}
