//! What a call costs, and when none is made.

use model::Day;
use serde::{Deserialize, Serialize};

/// The phone desk as the shop runs it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calls {
    /// What an hour of a caller costs, in units of the currency (M106).
    pub wage: f64,
    /// What a minute on the line costs.
    pub rate: f64,
    /// Days on which no company is called, beside weekends: holidays and the shop's own.
    pub holidays: Vec<Day>,
    /// Days on which prices went up (M104).
    pub price_changes: Vec<Day>,
    /// Whose next order was expected within so many days of one, and did not come, left over the price.
    pub price_days: i32,
    /// Whether those are called all the same (M103).
    pub price_leavers: bool,
}

impl Default for Calls {
    /// 1,500 yen an hour, and 10 yen a minute to a mobile number: assumptions until the shop sets its own.
    fn default() -> Calls {
        Calls {
            wage: 1_500.0,
            rate: 10.0,
            holidays: vec![],
            price_changes: vec![],
            price_days: 60,
            price_leavers: false,
        }
    }
}
