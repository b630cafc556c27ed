//! Who could be touched, what is asked of a plan, and why somebody is skipped.

use model::Money;

/// One customer who could be touched, as clearance and judgement left them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Candidate {
    pub customer: i64,
    /// Probability of an order if left alone, 0..=1; what is no number counts as 0.
    pub p_return: f64,
    /// What the touch is believed to add to it, 0..=1.
    pub lift: f64,
    /// What all touches of this customer cost.
    pub cost: Money,
    /// What is expected to be left of them: the lift's contribution less the cost.
    pub profit: Money,
    /// The rule by which clearance refuses; `None`: allowed.
    pub refusal: Option<&'static str>,
    /// A hash of the mailbox, number or address; 0 where there is none to compare.
    pub destination: u64,
    /// Out of every campaign for now (`global_holdout`).
    pub held_out: bool,
}

/// What is asked of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Ask {
    /// Most that the touches may cost together; `None`: no limit.
    pub budget: Option<Money>,
    /// The best so many by expected profit; `None`: everybody.
    pub top: Option<u64>,
    /// Only those for whom a touch is expected to pay.
    pub paying: bool,
    /// Share drawn at random to get nothing, 0..=1.
    pub holdout: f64,
    /// Shares of the variants among the treated, scaled to one; none or one: no variants.
    pub variants: Vec<f64>,
    /// Of the campaign, for ever.
    pub seed: u64,
}

/// Why a candidate is skipped though clearance has nothing against them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Skip {
    /// Another candidate has the same mailbox, number or address, and is worth more (M171).
    Duplicate,
    /// A touch is expected to cost more than it brings (M055).
    NotPaying,
    /// Beyond the best so many.
    Top,
    /// Beyond the money.
    Budget,
    /// Stays out of every campaign for now, so that all of them together can be measured.
    GlobalHoldout,
}

impl Skip {
    pub const ALL: [Skip; 5] =
        [Skip::Duplicate, Skip::NotPaying, Skip::Top, Skip::Budget, Skip::GlobalHoldout];

    /// The rule's id, as an assignment keeps it; its words are clearance's.
    pub const fn rule(self) -> &'static str {
        match self {
            Skip::Duplicate => "duplicate",
            Skip::NotPaying => "not_paying",
            Skip::Top => "top",
            Skip::Budget => "budget",
            Skip::GlobalHoldout => "global_holdout",
        }
    }
}
