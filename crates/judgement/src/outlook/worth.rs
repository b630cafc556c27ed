//! What a customer spends over the horizon once they are back.
//!
//! ln(spend / own order value) is a line in the signs, held back by a ridge towards "one order of
//! their own size"; a factor then makes the sum right (Duan 1983, smearing).

use super::{
    signs::Scale,
    trace::{Sequel, Trace},
};
use serde::{Deserialize, Serialize};
use stats::logistic::{Linear, ridge};

/// Penalty on each coefficient, in returns.
const HOLD: f64 = 30.0;
const COLUMNS: usize = 5;
/// A spend of nothing counts as this share of the shop's mean order.
const LEAST: f64 = 0.05;

/// The fitted line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Worth {
    line: Linear,
    factor: f64,
}

impl Worth {
    /// Learns from those who returned: their scale, trace and sequel.
    pub(crate) fn fit<'a>(rows: impl Iterator<Item = (&'a Scale, &'a Trace, &'a Sequel)>) -> Worth {
        let (mut x, mut y, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for (scale, trace, sequel) in rows {
            let spend = sequel.spend.max(LEAST * scale.mean_order);
            x.extend(scale.worth(trace));
            y.push((spend / scale.order_value(trace)).ln());
            sums.push((scale.order_value(trace), sequel.spend.max(0.0)));
        }
        let mut worth = Worth { line: ridge(&x, COLUMNS, &y, None, HOLD).line, factor: 1.0 };
        let told = |(row, (order, _)): (&[f64], &(f64, f64))| worth.orders(row) * order;
        let expected: f64 = x.chunks_exact(COLUMNS).zip(&sums).map(told).sum();
        let spent: f64 = sums.iter().map(|s| s.1).sum();
        // Ten returns that went as expected stand beside those seen.
        let prior = 10.0 * expected / sums.len().max(1) as f64;
        if expected > 0.0 {
            worth.factor = (spent + prior) / (expected + prior);
        }
        worth
    }

    /// Own orders that the spend comes to, before the factor.
    fn orders(&self, row: &[f64]) -> f64 {
        self.line.at(row).clamp(-5.0, 8.0).exp()
    }

    /// Expected spend over the horizon given a return, in units.
    pub(crate) fn of(&self, scale: &Scale, t: &Trace) -> f64 {
        self.orders(&scale.worth(t)) * scale.order_value(t) * self.factor
    }
}
