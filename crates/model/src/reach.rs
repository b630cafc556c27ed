//! What decides whether a customer may be reached, gathered from all their records.

use crate::{Basis, Channel, Day, StopReason};
use serde::{Deserialize, Serialize};

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
    /// What the shop's own books keep them out for today, each once.
    pub exclusions: Vec<Exclusion>,
    /// Went quiet because we write too often: fewer touches fit under their caps (M037).
    pub wants_fewer: bool,
}

/// What the shop's own books keep a customer out for (M165), and what they wrote that waits for us (M045,
/// M046): it ends when the books say so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exclusion {
    /// A complaint is not settled yet (M046).
    Complaint,
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
    /// What they wrote to us is not answered yet (M045).
    Inquiry,
}

impl Exclusion {
    pub const ALL: [Exclusion; 8] = [
        Exclusion::Complaint,
        Exclusion::Unpaid,
        Exclusion::RefusedDelivery,
        Exclusion::Reseller,
        Exclusion::Returning,
        Exclusion::Staff,
        Exclusion::Disaster,
        // The only one that ends within a day: the graver ones are named first.
        Exclusion::Inquiry,
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
            Exclusion::Inquiry => "open_inquiry",
            Exclusion::Complaint => "open_complaint",
        }
    }
}

/// By what the shop's books keep somebody out (M165).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeepOut {
    /// An order not paid, placed within so many days; 0: unpaid orders keep nobody out.
    pub unpaid_days: i32,
    /// An order sent back or a refund within so many days; 0: returns keep nobody out.
    pub returning_days: i32,
    /// A delivery refused at the door within so many days; 0: they keep nobody out.
    pub refused_days: i32,
    /// So many pieces or more in one line of an order make a reseller; 0: nobody is one.
    pub resale_pieces: i64,
    /// Mail domains of staff, such as the shop's own.
    pub staff_domains: Vec<String>,
    /// Names of test orders, by their beginning; widths, kana and case do not matter.
    pub test_names: Vec<String>,
    pub disasters: Vec<Disaster>,
}

impl Default for KeepOut {
    /// A year for what is unpaid, a month for what comes back, three years for what was refused.
    fn default() -> KeepOut {
        KeepOut {
            unpaid_days: 365,
            returning_days: 30,
            refused_days: 1_095,
            resale_pieces: 0,
            staff_domains: vec![],
            test_names: vec!["テスト".to_owned()],
            disasters: vec![],
        }
    }
}

/// A region that gets nothing for a while.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disaster {
    /// What happened, for whoever asks why.
    pub name: String,
    /// Beginnings of postal codes, digits only: `927`, `92801`.
    pub postal: Vec<String>,
    /// Until this day, that day too.
    pub until: Day,
}
