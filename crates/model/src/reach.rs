//! What decides whether a customer may be reached, gathered from all their records.

use crate::{Basis, Channel, StopReason};

/// One customer's reachability and permissions, over all their records.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ReachFacts {
    pub customer: i64,
    pub has_email: bool,
    pub has_mobile: bool,
    pub has_phone: bool,
    pub has_line: bool,
    /// A postal code and an address.
    pub has_post: bool,
    /// Every record is from a mall (L-47).
    pub mall_only: bool,
    pub company: bool,
    /// Has ordered at least once and the order counts.
    pub ordered: bool,
    /// Given permissions with what they rest on; attestations of an operator included.
    pub consents: Vec<(Channel, Basis)>,
    /// Must-nots in force; `None` closes every channel.
    pub stops: Vec<(Option<Channel>, StopReason)>,
}
