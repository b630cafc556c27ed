//! One contact with one customer, and who was chosen for it.

use crate::{Channel, words::words};
use serde::{Deserialize, Serialize};

/// Where the lot and the rules put a candidate, frozen at approval.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// Assigned to be touched, whatever happens later (intention to treat).
    Treated,
    /// Drawn at random to get nothing.
    Holdout,
    /// Not a candidate in the end; the assignment says by which rule.
    Skipped,
}
words!(Arm {
    Treated = "treated", "対象群", "treated";
    Holdout = "holdout", "保留群", "holdout";
    Skipped = "skipped", "対象外", "skipped";
});

/// One candidate of a campaign as approved.
#[derive(Clone, PartialEq, Debug)]
pub struct Assignment {
    pub customer: i64,
    pub arm: Arm,
    /// The number of the variant, from 0; 0 where there are none.
    pub variant: u8,
    /// Groups of like p_return within which the holdout was drawn, from 0.
    pub stratum: u16,
    /// Probability of an order if left alone, when it was drawn; 0..=1.
    pub p_return: f64,
    /// Expected profit of a touch, hundredths: the most valuable touch wins a cap.
    pub profit: i64,
    /// Why skipped: a rule's id (`L-01`, `no_address`, `budget` ...); empty for the others.
    pub rule: String,
}

/// How far a touch has come. An attempt without an outcome is in doubt, never resent on its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TouchState {
    /// Waits until it is due.
    Queued,
    /// A worker has it; nothing has left the house.
    Claimed,
    /// The attempt is written down, its outcome is not known yet.
    Attempted,
    /// The other side took it.
    Sent,
    /// The other side refused it for good.
    Failed,
    /// Not sent, by a rule.
    Skipped,
    /// Attempted, and what came of it will never be heard from the attempt itself.
    InDoubt,
}
words!(TouchState {
    Queued = "queued", "待機中", "queued";
    Claimed = "claimed", "準備中", "claimed";
    Attempted = "attempted", "送信中", "attempted";
    Sent = "sent", "送信済み", "sent";
    Failed = "failed", "失敗", "failed";
    Skipped = "skipped", "見送り", "skipped";
    InDoubt = "in_doubt", "要確認", "in doubt";
});

/// What came of an attempt, as the channel understood it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// The other side took responsibility.
    Accepted { said: String },
    /// Not now: to be tried again later (4xx before the point of no return, or a lost connection there).
    Later { said: String },
    /// Never: refused for good. `dead`: the address itself is.
    Refused { said: String, dead: bool },
    /// The connection was lost after the point of no return, before the answer.
    Unknown { said: String },
}

/// One contact with one customer by one channel at one time, as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touch {
    pub id: i64,
    pub campaign: i64,
    /// Number of the step, from 0.
    pub step: u16,
    pub customer: i64,
    pub variant: u8,
    pub channel: Channel,
    /// `MatchKey` of the address it was made for: the letter goes there or nowhere, so that one address
    /// gets one letter a step. 0 where it never had one.
    pub destination: i64,
    pub state: TouchState,
    /// Unix seconds.
    pub due: i64,
    /// Attempts so far.
    pub tries: u32,
}
