//! One customer's summary as of a day.

use crate::{Day, Money, words::words};
use serde::{Deserialize, Serialize};

/// How the customer's subscriptions stand, the liveliest first.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    #[default]
    None,
    Running,
    Paused,
    Cancelled,
}
words!(SubscriptionState {
    None = "none", "なし", "none";
    Running = "running", "継続中", "running";
    Paused = "paused", "休止中", "paused";
    Cancelled = "cancelled", "解約", "cancelled";
});

/// One customer's summary as of a day, from events on or before that day.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct History {
    pub customer: i64,
    pub first_order: Option<Day>,
    /// The last counted order or invoice.
    pub last_order: Option<Day>,
    /// Counted orders and invoices.
    pub n_orders: u32,
    /// Hundredths; refunds taken off.
    pub spend: Money,
    /// Number of gaps between different days with an order (same-day orders are one; invoices none).
    pub n_gaps: u32,
    /// Days; 0 without a gap.
    pub gap_mean: f64,
    /// Sample standard deviation in days (n - 1); 0 with fewer than two gaps.
    pub gap_sd: f64,
    /// Days; the mean of the middle two when even; 0 without a gap. This is `own_cycle_days`.
    pub gap_median: f64,
    /// The set of categories bought, as numbered by the store; 0 = none known. The latest set
    /// when orders differ is in the columns of categories, see `history::columns`.
    pub last_categories: u32,
    pub last_contact: Option<Day>,
    pub last_visit: Option<Day>,
    pub last_login: Option<Day>,
    pub last_use: Option<Day>,
    pub last_interest: Option<Day>,
    pub advocacy: u32,
    /// Opened and not closed.
    pub complaints_open: u32,
    pub known_since: Option<Day>,
    /// The bits of `Timeline::MEMBER` and so on.
    pub flags: u8,
    pub withdrawn: Option<Day>,
    /// Set by evidence, taken back by a later order.
    pub competitor: Option<Day>,
    pub dissatisfied: Option<Day>,
    pub subscription: SubscriptionState,
    /// Since when the subscription stands so.
    pub subscription_since: Option<Day>,
    pub next_delivery: Option<Day>,
}

impl History {
    /// Days from the last order to `as_of`; `None` for someone who never ordered.
    pub fn days_silent(&self, as_of: Day) -> Option<i32> {
        self.last_order.map(|last| as_of.since(last))
    }
}
