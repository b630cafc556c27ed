//! What one touch is expected to bring, less what it costs.
//!
//! The lift is a prior pooled over many customers, not a multiple of p_return: in randomised
//! trials those who come back on their own are not those whom a letter brings (Hillstrom 2008: the
//! probability falls to a third from the newest to the oldest customers, the lift stays).

use model::{Money, Outlook};

/// A touch as it is expected to pay.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Profit {
    /// Added probability of an order within the horizon, 0..=1.
    pub lift: f64,
    /// Hundredths.
    pub cost: Money,
    /// lift times value_if_returns, less the cost. Hundredths.
    pub profit: Money,
}

/// The profit of touching somebody whose group has this lift, through a channel of this cost.
/// Nobody can be brought who would come anyway, so the lift ends where certainty begins. Not
/// lift times `value`: that would discount a dormant customer twice.
pub fn profit(o: &Outlook, lift: f64, cost: Money) -> Profit {
    let lift = lift.clamp(0.0, 1.0).min(1.0 - o.p_return);
    let gain = Money((lift * o.value_if_returns.0 as f64).round() as i64);
    Profit { lift, cost, profit: gain - cost }
}
