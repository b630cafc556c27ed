//! What became of one customer of a campaign, and what is asked of all of them.

use model::{Arm, Channel, Money, Tracking, Type};
use serde::{Deserialize, Serialize};
use stats::trial::{Count, Interval, wilson};

/// What became of one assigned customer; who it was does not matter here. By assignment: a treated customer
/// whose mail bounced is treated (intention to treat). Those skipped count nowhere.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outcome {
    pub arm: Arm,
    /// Number of the variant from 0.
    pub variant: u8,
    /// The stratum in which the lot was drawn.
    pub stratum: u16,
    /// Bought once or regularly before.
    pub kind: Type,
    /// Probability of an order if left alone, as it was when drawn; 0..=1.
    pub p_return: f64,
    /// Whole days from the start to the first order after it: 0 is the day of the start. `None`: none yet.
    pub returned_day: Option<i32>,
    /// Spent in the primary window, refunds taken off.
    pub spend: Money,
    /// What stays with the shop of that spend, touches not taken off.
    pub profit: Money,
    /// What this customer's touches cost.
    pub cost: Money,
    /// Touched by another campaign within the window.
    pub reached_by_others: bool,
    pub answers: Answers,
}

impl Outcome {
    /// Whether they returned within so many days of the start, as far as known on `as_of_day`.
    pub(crate) fn returned(&self, days: i32, as_of_day: i32) -> bool {
        self.returned_day.is_some_and(|day| (0..days.min(as_of_day)).contains(&day))
    }
}

/// What came back from one customer over all their touches, each thing counted once (M139).
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Answers {
    pub sent: bool,
    pub delivered: bool,
    pub bounced: bool,
    /// By the person, as far as can be told, and by anybody: programs and scanners too.
    pub opened: bool,
    pub opened_raw: bool,
    pub clicked: bool,
    pub clicked_raw: bool,
    /// Replied, redeemed, called, filled in: any answer but an order.
    pub responded: bool,
    pub opted_out: bool,
    pub complained: bool,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ask {
    pub channel: Channel,
    /// The primary window in days, declared before the start: the one figure that decides.
    pub window: i32,
    /// Whole days that are over since the start; orders are known up to here.
    pub as_of_day: i32,
    /// Of all intervals: 0.95.
    pub level: f64,
    /// What a new customer costs the shop (M059); `None`: not entered.
    pub acquisition_cost: Option<Money>,
    pub tracking: Tracking,
    /// Of the bootstrap.
    pub seed: u64,
}

/// So many of so many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Share {
    pub hits: u64,
    pub of: u64,
}

impl Share {
    pub(crate) fn of(hits: impl IntoIterator<Item = bool>) -> Share {
        hits.into_iter()
            .fold(Share::default(), |s, hit| Share { hits: s.hits + u64::from(hit), of: s.of + 1 })
    }

    pub(crate) fn count(&self) -> Count {
        Count { hits: self.hits as f64, n: self.of as f64 }
    }

    /// 0..=1; 0 where there is nobody.
    pub fn rate(&self) -> f64 {
        self.count().rate()
    }

    /// The score interval of the rate (Wilson).
    pub fn interval(&self, level: f64) -> Interval {
        wilson(self.count(), level)
    }
}
