//! A rate against the same rate of the campaign before (M147).

use crate::Share;
use serde::{Deserialize, Serialize};
use stats::trial::{Interval, ratio};

/// How many times the earlier rate the present one is.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Comparison {
    pub now: Share,
    pub before: Share,
    /// now / before with its interval.
    pub ratio: Interval,
    /// Two campaigns are not a random draw: other customers, another season. 1 within the interval: no claim.
    pub differs: bool,
}

/// Compares two rates; take the same window and the same base for both.
pub fn compare(now: Share, before: Share, level: f64) -> Comparison {
    let ratio = ratio(now.count(), before.count(), level);
    Comparison { now, before, ratio, differs: !ratio.holds(1.0) }
}
