//! What may be said of a campaign: no more than its figures carry.

use crate::{Ask, Gains, Window};
use serde::{Deserialize, Serialize};
use stats::special::normal_quantile;
use stats::trial::z_of;

/// The power for which "so many more" is reckoned.
const POWER: f64 = 0.8;
/// Beyond so many more customers the difference is too small to be worth a number.
const BEYOND: f64 = 10_000_000.0;

/// The verdict on a campaign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Nobody was treated.
    Nobody,
    /// Nobody was held out: nothing can be said.
    NoHoldout,
    /// The primary window is not over (M063).
    TooEarly { days_left: i32 },
    /// The interval holds zero. `more`: so many more customers, both arms, would decide in four of five
    /// cases if the rates stay as they are; `None`: the difference is too small for any number.
    Undecided { more: Option<u64> },
    /// More returned than in the holdout.
    Lifted,
    /// More returned, and the money spent on it surely did not come back.
    Costly,
    /// Fewer returned than in the holdout.
    Harmful,
}

pub(crate) fn verdict(primary: &Window, gains: Option<&Gains>, ask: &Ask) -> Verdict {
    if primary.treated.of == 0 {
        return Verdict::Nobody;
    }
    let Some(lift) = primary.lift else { return Verdict::NoHoldout };
    if !primary.over {
        return Verdict::TooEarly { days_left: primary.days - ask.as_of_day.max(0) };
    }
    let points = lift.points;
    if points.low > 0.0 {
        let lost = gains.is_some_and(|g| g.profit.high < 0.0);
        return if lost { Verdict::Costly } else { Verdict::Lifted };
    }
    if points.high < 0.0 {
        return Verdict::Harmful;
    }
    // The error shrinks with the root of the number of customers.
    let customers = (primary.treated.of + primary.holdout.of) as f64;
    let reach =
        (z_of(ask.level) + normal_quantile(POWER)) * points.standard_error(ask.level) / points.value.abs();
    let more = (customers * (reach * reach - 1.0)).ceil().max(1.0);
    Verdict::Undecided { more: (more <= BEYOND).then_some(more as u64) }
}
