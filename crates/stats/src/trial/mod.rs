//! Tests of a difference: intervals for rates, means and amounts, over strata too; bootstrap, sample sizes,
//! sequences of looks, CUPED, pooling.

mod adjusted;
mod amounts;
mod mean;
mod pool;
mod rate;
mod sequence;
mod size;
mod strata;

pub use adjusted::{Row, adjusted_in_strata};
pub use amounts::{Amounts, amounts_in_strata};
pub use mean::{Adjusted, Moments, bootstrap, cuped, student_quantile, welch};
pub use pool::{Pooled, blend, pool};
pub use rate::{Count, difference, difference_wald, ratio, wilson};
pub use sequence::sequence;
pub use size::{detectable, power, sample_size, sample_total};
pub use strata::{Stratum, difference_in_strata};

use crate::special::normal_quantile;
use serde::{Deserialize, Serialize};

/// An estimate and the range in which the truth lies at the level that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The estimate itself.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// value -/+ reach.
    pub fn around(value: f64, reach: f64) -> Interval {
        Interval { value, low: value - reach, high: value + reach }
    }

    /// Whether the range holds this number, ends included.
    pub fn holds(&self, number: f64) -> bool {
        self.low <= number && number <= self.high
    }

    /// The same in another unit: every figure times `factor`, which is above 0.
    pub fn times(self, factor: f64) -> Interval {
        Interval { value: self.value * factor, low: self.low * factor, high: self.high * factor }
    }

    /// Half its width over the normal quantile: the standard error of a symmetric interval of this level.
    pub fn standard_error(&self, level: f64) -> f64 {
        (self.high - self.low) / (2.0 * z_of(level))
    }
}

/// The normal quantile of a two-sided level: 0.95 gives 1.96. Levels outside (0.001, 0.999999) are cut.
pub fn z_of(level: f64) -> f64 {
    normal_quantile(0.5 + 0.5 * level.clamp(0.001, 0.999_999))
}

/// The percentile of numbers in ascending order, interpolated (Hyndman and Fan 1996, type 7).
pub(crate) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}

/// The middle `level` of drawn values around an estimate; draws that are no number are left out.
pub(crate) fn percentile_interval(value: f64, mut drawn: Vec<f64>, level: f64) -> Interval {
    drawn.retain(|d| d.is_finite());
    if drawn.is_empty() {
        return Interval::around(value, 0.0);
    }
    drawn.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level.clamp(0.001, 0.999_999));
    Interval { value, low: percentile(&drawn, tail), high: percentile(&drawn, 1.0 - tail) }
}
