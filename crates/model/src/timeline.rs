//! A customer's life as columns: what history reads and judgement walks.

use crate::{Day, Money};

/// What an event is. Only these reach the columns; everything else stays in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum EventKind {
    /// A counted order; `value` is its spend in hundredths.
    Order = 0,
    /// A refund row; `value` is negative or zero.
    Refund = 1,
    /// A counted invoice; `value` is its spend.
    Invoice = 2,
    Contact = 3,
    Visit = 4,
    Login = 5,
    Use = 6,
    Interest = 7,
    Advocacy = 8,
    ComplaintOpened = 9,
    ComplaintClosed = 10,
    Competitor = 11,
    Dissatisfied = 12,
    Withdrawn = 13,
    Rejoined = 14,
    /// The shop knows the customer since this day; `value` holds `Timeline::MEMBER` and so on.
    Known = 15,
    /// A subscription or contract starts or resumes; `value` is the day number of the next
    /// delivery or of the end of the term, or 0 when unknown.
    SubscriptionRunning = 16,
    SubscriptionPaused = 17,
    SubscriptionCancelled = 18,
    /// Goods of a counted order that last for `value` days (quantity times days per unit);
    /// `categories` is a hash of the product, so that different goods run out side by side.
    Supply = 19,
    /// The customer said for how many days goods are left, all of them together: `value`; -1: some, and nobody
    /// said how many (M038).
    Stock = 20,
}

impl EventKind {
    /// Every kind, in the order of its number.
    pub const ALL: [EventKind; 21] = [
        EventKind::Order,
        EventKind::Refund,
        EventKind::Invoice,
        EventKind::Contact,
        EventKind::Visit,
        EventKind::Login,
        EventKind::Use,
        EventKind::Interest,
        EventKind::Advocacy,
        EventKind::ComplaintOpened,
        EventKind::ComplaintClosed,
        EventKind::Competitor,
        EventKind::Dissatisfied,
        EventKind::Withdrawn,
        EventKind::Rejoined,
        EventKind::Known,
        EventKind::SubscriptionRunning,
        EventKind::SubscriptionPaused,
        EventKind::SubscriptionCancelled,
        EventKind::Supply,
        EventKind::Stock,
    ];

    /// The kind of a stored number.
    pub fn from_code(code: u8) -> Option<EventKind> {
        EventKind::ALL.get(code as usize).copied()
    }
}

/// One event of one customer, on its way from the store to the columns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Event {
    pub customer: i64,
    pub day: Day,
    pub kind: EventKind,
    /// Hundredths, or what `kind` says.
    pub value: i64,
    /// The set of product categories bought, as numbered by the store; 0 = none known.
    pub categories: u32,
}

/// One customer's events, sorted by day (then kind). All slices have one length.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    pub customer: i64,
    pub days: &'a [i32],
    pub kinds: &'a [u8],
    pub values: &'a [i64],
    pub categories: &'a [u32],
}

impl Timeline<'_> {
    /// Bits of the value of `EventKind::Known`.
    pub const MEMBER: i64 = 1;
    /// Every record of this customer is from a mall (L-47).
    pub const MALL_ONLY: i64 = 2;
    /// A firm, not a person.
    pub const COMPANY: i64 = 4;
    /// Ordered as a guest only.
    pub const GUEST: i64 = 8;

    /// The amount of event `i`, which must be an order, refund or invoice.
    pub fn amount(&self, i: usize) -> Money {
        Money(self.values[i])
    }

    /// How many leading events lie on or before `as_of`.
    pub fn until(&self, as_of: Day) -> usize {
        self.days.partition_point(|&d| d <= as_of.0)
    }
}
