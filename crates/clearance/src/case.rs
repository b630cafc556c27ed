//! Everything that decides whether one touch may go.

use crate::{Caps, Contact, Hours};
use model::{ReachFacts, ShopProfile, State, TimeOfDay};

/// The facts of one customer, the shop and the moment. When a plan is drawn, the moment is the one at which the
/// touch falls due.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub facts: &'a ReachFacts,
    pub state: State,
    pub exclusions: &'a [Exclusion],
    /// Drawn to get nothing, by this campaign's lot or the rolling one.
    pub held_out: bool,
    /// This customer's touches on every channel that went or will go; apologies left out.
    pub contacts: &'a [Contact],
    pub shop: &'a ShopProfile,
    pub caps: &'a Caps,
    pub hours: &'a Hours,
    /// Unix seconds.
    pub now: i64,
    /// The same moment on the shop's clock.
    pub clock: TimeOfDay,
    /// As of when the orders are known, Unix seconds: the newest of their imports; `None`: none yet.
    pub newest_order: Option<i64>,
    /// Nothing goes while that is longer ago than so many hours (M158); `None`: an operator has said
    /// that it may, or it is a plan for later.
    pub stale_hours: Option<u32>,
    /// An apology or correction goes outside the caps (M162).
    pub apology: bool,
}

/// What the shop keeps a customer out for (M165).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exclusion {
    /// 後払い not paid yet.
    Unpaid,
    RefusedDelivery,
    Reseller,
    /// Goods are on their way back.
    Returning,
    /// Staff and test orders.
    Staff,
    /// The postal code lies where a disaster has struck.
    Disaster,
}

impl Exclusion {
    pub const ALL: [Exclusion; 6] = [
        Exclusion::Unpaid,
        Exclusion::RefusedDelivery,
        Exclusion::Reseller,
        Exclusion::Returning,
        Exclusion::Staff,
        Exclusion::Disaster,
    ];

    /// The id of its rule.
    pub const fn rule(self) -> &'static str {
        match self {
            Exclusion::Unpaid => "unpaid",
            Exclusion::RefusedDelivery => "refused_delivery",
            Exclusion::Reseller => "reseller",
            Exclusion::Returning => "returning",
            Exclusion::Staff => "staff",
            Exclusion::Disaster => "disaster",
        }
    }
}
