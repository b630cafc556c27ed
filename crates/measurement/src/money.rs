//! What the campaign brought in money, and what a return cost.

use crate::{Ask, Outcome};
use model::{Arm, Money};
use serde::{Deserialize, Serialize};
use stats::trial::{Amounts, Interval, amounts_in_strata};

/// Draws of the bootstrap.
const DRAWS: usize = 999;
/// With fewer spenders in an arm the bootstrap cannot know the tail that decides: no interval is given.
/// Found by trying: `cargo run --release -p measurement --example coverage`.
const SPENDERS: usize = 20;

/// Money beyond what the holdout shows, for all treated together, in units of the currency.
///
/// A shop's spend is mostly zeros and some very large orders, so these intervals are wide, and a little less sure than
/// those of customers: see `stats::trial::amounts_in_strata` and `examples/coverage.rs`, which prints how often they
/// hold the truth. `without_largest` stands beside them: where it differs much, one customer decides.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Gains {
    pub spend: Interval,
    /// What stays with the shop, touches paid.
    pub profit: Interval,
    /// The estimate of `spend` had the customer who spent most spent nothing.
    pub without_largest: f64,
}

/// What one return beyond the holdout's cost, in units of the currency.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct CostPer {
    pub value: f64,
    pub low: f64,
    /// `None`: without bound, as the lift may be none.
    pub high: Option<f64>,
    /// `value` over the cost of a new customer; `None` where that was not entered.
    pub to_new_customer: Option<f64>,
}

/// The touches of all, paid.
pub(crate) fn cost(outcomes: &[Outcome]) -> Money {
    outcomes.iter().filter(|o| o.arm == Arm::Treated).map(|o| o.cost).sum()
}

/// `None` before the window is over (the figures are not good for looking again and again), without a holdout, or
/// where too few of an arm spent anything.
pub(crate) fn gains(outcomes: &[Outcome], ask: &Ask) -> Option<Gains> {
    if ask.as_of_day < ask.window {
        return None;
    }
    let treated = outcomes.iter().filter(|o| o.arm == Arm::Treated).count() as f64;
    let spend = amounts(outcomes, |o| o.spend);
    let spenders = |arm: fn(&(Amounts, Amounts)) -> &Amounts| -> usize {
        spend.iter().map(|pair| arm(pair).values.len()).sum()
    };
    if spenders(|pair| &pair.0) < SPENDERS || spenders(|pair| &pair.1) < SPENDERS {
        return None;
    }
    let profit = amounts(outcomes, |o| o.profit);
    let all = |strata: &[(Amounts, Amounts)]| {
        amounts_in_strata(strata, DRAWS, ask.level, ask.seed).map(|per_head| per_head.times(treated))
    };
    let (gross, spend_all, paid) = (all(&profit)?, all(&spend)?, cost(outcomes).as_f64());
    let profit = Interval { value: gross.value - paid, low: gross.low - paid, high: gross.high - paid };
    Some(Gains { spend: spend_all, profit, without_largest: without_largest(&spend, treated) })
}

/// Per stratum what is not zero, treated and holdout.
fn amounts(outcomes: &[Outcome], of: fn(&Outcome) -> Money) -> Vec<(Amounts, Amounts)> {
    let mut strata: Vec<(Amounts, Amounts)> = vec![];
    for o in outcomes.iter().filter(|o| o.arm != Arm::Skipped) {
        let stratum = usize::from(o.stratum);
        if strata.len() <= stratum {
            strata.resize(stratum + 1, Default::default());
        }
        let pair = &mut strata[stratum];
        let arm = if o.arm == Arm::Treated { &mut pair.0 } else { &mut pair.1 };
        arm.n += 1;
        let amount = of(o);
        if amount != Money::ZERO {
            arm.values.push(amount.as_f64());
        }
    }
    strata
}

/// The weighted difference, for all treated, without the largest amount.
fn without_largest(strata: &[(Amounts, Amounts)], treated: f64) -> f64 {
    let both = strata.iter().filter(|(t, h)| t.n > 0 && h.n > 0);
    let largest =
        both.clone().flat_map(|(t, h)| t.values.iter().chain(&h.values)).copied().fold(0.0, f64::max);
    let mut left = Some(largest);
    let mut mean = |arm: &Amounts| {
        let whole: f64 = arm.values.iter().sum();
        let gone = if arm.values.contains(&largest) { left.take().unwrap_or(0.0) } else { 0.0 };
        (whole - gone) / arm.n as f64
    };
    let weight = |t: &Amounts, h: &Amounts| (t.n * h.n) as f64 / (t.n + h.n) as f64;
    let (sum, total) = both.fold((0.0, 0.0), |(sum, total), (t, h)| {
        let weight = weight(t, h);
        (sum + weight * (mean(t) - mean(h)), total + weight)
    });
    if total > 0.0 { treated * sum / total } else { 0.0 }
}

/// The cost per return that only the touch brought; `None` where the estimate says none.
pub(crate) fn cost_per(cost: Money, customers: &Interval, ask: &Ask) -> Option<CostPer> {
    if customers.value <= 0.0 {
        return None;
    }
    let per = |returns: f64| cost.as_f64() / returns;
    let new = ask.acquisition_cost.filter(|new| *new > Money::ZERO);
    Some(CostPer {
        value: per(customers.value),
        low: per(customers.high),
        high: (customers.low > 0.0).then(|| per(customers.low)),
        to_new_customer: new.map(|new| per(customers.value) / new.as_f64()),
    })
}
