//! Everything that decides whether one touch may go.

use crate::{Caps, Contact, Hours};
use model::{ReachFacts, ShopProfile, State, TimeOfDay};

/// The facts of one customer, the shop and the moment. When a plan is drawn, the moment is the one at which the
/// touch falls due.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub facts: &'a ReachFacts,
    pub state: State,
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
