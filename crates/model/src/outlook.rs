//! What we expect of one customer from a day on, if they are left alone.

use crate::{Day, Money};

/// One customer's outlook as of a day, over the policy's horizon, left alone. Words about it
/// claim a likelihood of an order, never an effect of a touch.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outlook {
    /// Probability of an order within the horizon, 0..=1, calibrated on this shop's past.
    pub p_return: f64,
    /// The 95 % interval of `p_return` among customers with about the same; 0..=1.
    pub p_low: f64,
    pub p_high: f64,
    /// Expected contribution (margin on orders) over the horizon, given a return. Hundredths.
    pub value_if_returns: Money,
    /// When the next order would come by the customer's own rhythm (their mean gap, shrunk to
    /// the shop's), not before the goods at home run out.
    pub next_order: Day,
    /// When the goods bought so far run out, from quantity and days per unit (M038); `None`
    /// where the product master says nothing.
    pub stock_until: Option<Day>,
    /// Of the gaps of customers with a like rhythm, the share that had ended by now: 0..=1.
    pub peers_back: f64,
}

impl Outlook {
    /// `p_return` times `value_if_returns`, in hundredths.
    pub fn value(&self) -> Money {
        Money((self.p_return * self.value_if_returns.0 as f64).round() as i64)
    }

    /// Days by which the next order is late as of a day; negative where it is not due yet.
    pub fn overdue(&self, as_of: Day) -> i32 {
        as_of.since(self.next_order)
    }

    /// Days for which the goods at home still last; `None` where nothing is known or left.
    pub fn stock_left(&self, as_of: Day) -> Option<i32> {
        self.stock_until.map(|until| until.since(as_of)).filter(|days| *days > 0)
    }
}
