//! Differences of amounts that are mostly zero and sometimes huge: a bootstrap within strata.

use super::strata::mantel_haenszel;
use super::{Interval, percentile, z_of};
use crate::draw::Draw;

/// One arm of one stratum: how many rows, and those amounts that are not zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Amounts {
    /// All rows, those of nothing too.
    pub n: usize,
    /// What is not zero.
    pub values: Vec<f64>,
}

/// The sum and the sum of squares of a sample of `n`.
#[derive(Clone, Copy)]
struct Sums {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Sums {
    fn of(n: usize, values: impl Iterator<Item = f64>) -> Sums {
        let (sum, squares) = values.fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
        Sums { n: n as f64, sum, squares }
    }

    fn mean(&self) -> f64 {
        self.sum / self.n
    }

    /// The variance of the mean.
    fn error(&self) -> f64 {
        (self.squares - self.sum * self.mean()).max(0.0) / (self.n - 1.0) / self.n
    }
}

/// Where the ratio of a draw without spread is put: further than any with some.
const FAR: f64 = 1e9;

/// mean(treated) - mean(holdout) over strata (treated, holdout), weights of Mantel and Haenszel. Each end of the
/// interval is the further of two: the plain one (errors of every arm of every stratum by itself, normal) and that of
/// the studentised bootstrap within strata (Efron 1979; Hall 1988, bootstrap-t), which follows the skew of the
/// amounts. Neither does alone: over lognormal amounts (sigma 0.8 and 1.3) and such with one in a thousand fifty times
/// as large, trials of 1,000 to 20,000 rows, holdouts of 0.1 to 0.5, the plain one held the truth 91.5 to 95.8 % of
/// the time, bootstrap-t 89.3 to 94.0 %, percentiles 90.2 to 94.3 %, the further ends 93 to 96 %.
///
/// `None` where no stratum has two rows in either arm, where nothing varies, or where so few amounts are not zero
/// that an end rests on draws without any. Deterministic per seed. Costs `draws` times the amounts that are not zero.
pub fn amounts_in_strata(
    strata: &[(Amounts, Amounts)],
    draws: usize,
    level: f64,
    seed: u64,
) -> Option<Interval> {
    let strata: Vec<&(Amounts, Amounts)> = strata.iter().filter(|(t, h)| t.n >= 2 && h.n >= 2).collect();
    let seen = |arm: &Amounts| Sums::of(arm.n, arm.values.iter().copied());
    let (value, error) = estimate(strata.iter().map(|(t, h)| (seen(t), seen(h))))?;
    if error <= 0.0 {
        return None;
    }
    let mut draw = Draw::new(seed);
    let mut ratios = Vec::with_capacity(draws);
    for _ in 0..draws {
        let again = strata.iter().map(|(t, h)| (resampled(t, &mut draw), resampled(h, &mut draw)));
        let (value_again, error_again) = estimate(again)?;
        let ratio = (value_again - value) / error_again;
        ratios.push(if ratio.is_nan() { 0.0 } else { ratio.clamp(-FAR, FAR) });
    }
    ratios.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level.clamp(0.001, 0.999_999));
    let (below, above) = (percentile(&ratios, 1.0 - tail), -percentile(&ratios, tail));
    if below >= FAR || above >= FAR {
        return None;
    }
    let z = z_of(level);
    Some(Interval { value, low: value - below.max(z) * error, high: value + above.max(z) * error })
}

/// The weighted difference and its standard error.
fn estimate(strata: impl Iterator<Item = (Sums, Sums)>) -> Option<(f64, f64)> {
    let (mut total, mut value, mut variance) = (0.0, 0.0, 0.0);
    for (treated, holdout) in strata {
        let weight = mantel_haenszel(treated.n, holdout.n);
        total += weight;
        value += weight * (treated.mean() - holdout.mean());
        variance += weight * weight * (treated.error() + holdout.error());
    }
    (total > 0.0).then(|| (value / total, variance.sqrt() / total))
}

/// `n` rows drawn with replacement: first how many of them are not zero, then which.
fn resampled(arm: &Amounts, draw: &mut Draw) -> Sums {
    let k = arm.values.len();
    let hits = draw.binomial(arm.n, k as f64 / arm.n as f64);
    Sums::of(arm.n, (0..hits).map(|_| arm.values[draw.below(k)]))
}
