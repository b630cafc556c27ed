//! 定期, 頒布会, a contract with a term.

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// How it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    Running,
    Paused,
    Cancelled,
}
words!(SubscriptionStatus {
    Running = "running", "継続中", "running";
    Paused = "paused", "休止中", "paused";
    Cancelled = "cancelled", "解約", "cancelled";
});

/// One subscription of one customer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Subscription {
    pub ext_id: String,
    /// The customer as the file names them.
    pub who: String,
    pub status: SubscriptionStatus,
    pub started: Option<Day>,
    /// When it was paused or cancelled.
    pub ended: Option<Day>,
    /// The next delivery, or the last day of the contract's term.
    pub next_delivery: Option<Day>,
    pub product: String,
}
