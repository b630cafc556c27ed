//! The table of a shard that looks ahead: what is expected of each customer.

use crate::shard::day;
use crate::table::{NONE, table};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type, UInt8Type};
use model::{Day, Money, Outlook};

table! {
    /// Outlooks, row by row of the histories (`customer` proves it). Where one is not `known` the rest is 0 or none, so
    /// that no column ever holds a number that is none.
    Outlooks, OutlooksBuilder {
        customer: i64 => Int64Type,
        known: u8 => UInt8Type,
        p_return: f64 => Float64Type,
        p_low: f64 => Float64Type,
        p_high: f64 => Float64Type,
        value_if_returns: i64 => Int64Type,
        next_order: i32 => Int32Type,
        stock_until: i32 => Int32Type,
        peers_back: f64 => Float64Type,
    }
}

impl OutlooksBuilder {
    /// One with a number that is none or endless counts as not known.
    pub(crate) fn push(&mut self, customer: i64, outlook: Option<Outlook>) {
        let real = |o: &Outlook| [o.p_return, o.p_low, o.p_high, o.peers_back].iter().all(|x| x.is_finite());
        let Some(o) = outlook.filter(real) else {
            return self.append(customer, 0, 0.0, 0.0, 0.0, 0, NONE, NONE, 0.0);
        };
        self.append(
            customer,
            1,
            o.p_return,
            o.p_low,
            o.p_high,
            o.value_if_returns.0,
            o.next_order.0,
            o.stock_until.map_or(NONE, |until| until.0),
            o.peers_back,
        );
    }
}

impl Outlooks {
    pub(crate) fn get(&self, i: usize) -> Option<Outlook> {
        let outlook = || Outlook {
            p_return: self.p_return.at(i),
            p_low: self.p_low.at(i),
            p_high: self.p_high.at(i),
            value_if_returns: Money(self.value_if_returns.at(i)),
            next_order: Day(self.next_order.at(i)),
            stock_until: day(self.stock_until.at(i)),
            peers_back: self.peers_back.at(i),
        };
        self.is_known(i).then(outlook)
    }

    pub(crate) fn is_known(&self, i: usize) -> bool {
        self.known.at(i) == 1
    }
}
