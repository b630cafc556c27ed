//! What a campaign will cost, bring and be able to show, before anybody approves it.

use crate::Plan;
use model::{Arm, Money};
use stats::trial::{Interval, detectable, power, sample_total, z_of};

/// The power at which something counts as visible, and the level of the test (two-sided).
const POWER: f64 = 0.8;
const LEVEL: f64 = 0.95;
/// Below this chance of seeing what is believed, a holdout of this size teaches nothing by itself.
const HOPELESS: f64 = 0.2;

/// What else a forecast must know.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Facing {
    /// The primary window in days.
    pub window: i32,
    /// The days that p_return looks ahead.
    pub horizon: i32,
    /// How uncertain the lift believed of a campaign is: its standard deviation.
    pub lift_sd: f64,
    /// Whether the lift was measured by holdouts of this shop; otherwise it is an assumption (M170).
    pub measured: bool,
}

/// What is to be expected. Intervals are 95 %.
#[derive(Clone, PartialEq, Debug)]
pub struct Forecast {
    pub window: i32,
    pub treated: u64,
    pub holdout: u64,
    /// Rule and customers, the most first.
    pub skipped: Vec<(String, u64)>,
    pub cost: Money,
    /// Expected profit of the treated, as believed.
    pub profit: Money,
    /// Expected profit given up for the holdout, not below nothing.
    pub forgone: Money,
    /// Treated customers who would return by themselves, if their p_return is right.
    pub alone: Interval,
    /// Treated customers who return with the touch: chance and the doubt about the lift together.
    pub touched: Interval,
    /// Returns that only the touch brings.
    pub brought: Interval,
    /// The lift that was believed, 0..=1.
    pub lift: f64,
    pub measured: bool,
    /// The smallest lift that would be seen in four of five such campaigns; `None`: none, however large.
    pub detectable: Option<f64>,
    /// The chance that the believed lift will be seen.
    pub chance: f64,
    /// Customers (both arms, at this share) with whom it is seen in four of five; `None`: without a
    /// holdout, or where no lift is believed.
    pub needed: Option<u64>,
}

impl Forecast {
    /// Whether the result will say next to nothing by itself: to be pooled with others, or sent to all.
    pub fn too_small(&self) -> bool {
        self.holdout > 0 && self.chance < HOPELESS
    }
}

/// What a plan will cost, bring and show. p_return is brought from its horizon to the window as if orders came at
/// an even rate.
pub fn forecast(plan: &Plan, facing: &Facing) -> Forecast {
    let ratio = f64::from(facing.window.max(1)) / f64::from(facing.horizon.max(1));
    let in_window = |p: f64| 1.0 - (1.0 - p).powf(ratio);
    let (mut sum, mut variance, mut touched_variance, mut all) = (0.0, 0.0, 0.0, 0.0);
    for a in plan.assignments.iter().filter(|a| a.arm != Arm::Skipped) {
        let p = in_window(a.p_return);
        all += p;
        if a.arm == Arm::Treated {
            let with = (p + plan.lift).min(1.0);
            sum += p;
            variance += p * (1.0 - p);
            touched_variance += with * (1.0 - with);
        }
    }
    let (n1, n0) = (plan.treated as f64, plan.holdout as f64);
    let z = z_of(LEVEL);
    let brought = n1 * plan.lift;
    let doubt = n1 * facing.lift_sd.max(0.0);
    let counted = |value: f64, sd: f64| {
        let wide = Interval::around(value, z * sd);
        Interval { value, low: wide.low.max(0.0), high: wide.high.min(n1) }
    };
    let p0 = all / (n1 + n0).max(1.0);
    let p1 = (p0 + plan.lift).min(1.0);
    let alpha = 1.0 - LEVEL;
    let seen = plan.holdout > 0 && plan.treated > 0;
    Forecast {
        window: facing.window,
        treated: plan.treated,
        holdout: plan.holdout,
        skipped: plan.skipped.clone(),
        cost: plan.cost,
        profit: plan.profit,
        forgone: plan.forgone.max(Money::ZERO),
        alone: counted(sum, variance.sqrt()),
        touched: counted((sum + brought).min(n1), touched_variance.sqrt().hypot(doubt)),
        brought: counted(brought, doubt),
        lift: plan.lift,
        measured: facing.measured,
        detectable: if seen { detectable(p0, n0, n1, POWER, alpha) } else { None },
        chance: if seen && p1 > p0 { power(p0, n0, p1, n1, alpha) } else { 0.0 },
        needed: if seen { sample_total(p0, p1, n0 / (n0 + n1), POWER, alpha) } else { None },
    }
}
