//! A campaign's result: all figures of it, and the verdict.

use crate::{
    Ask, CostPer, FunnelRow, Gains, Lift, Outcome, Share, Variants, Verdict, Window, funnel, lift, money,
    variants, verdict,
};
use model::{Arm, Channel, Type};
use serde::{Deserialize, Serialize};
use stats::trial::Interval;

/// What became of a campaign. Money in units of the currency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Measurement {
    pub channel: Channel,
    /// The primary window in days, and how many days are over.
    pub window: i32,
    pub as_of_day: i32,
    pub level: f64,
    pub treated: u64,
    pub holdout: u64,
    /// The shortest first; one of them is primary.
    pub windows: Vec<Window>,
    /// Customers who returned because of it, of all treated, within the primary window.
    pub customers: Option<Interval>,
    /// `None` before the primary window is over, or where the figures do not carry it.
    pub gains: Option<Gains>,
    /// What the touches cost.
    pub cost: f64,
    pub cost_per_return: Option<CostPer>,
    /// Median days to the return, of those who returned within the primary window so far (M145).
    pub median_days: Option<f64>,
    pub funnel: Vec<FunnelRow>,
    /// Of the treated who clicked, who returned.
    pub returned_after_click: Share,
    pub variants: Variants,
    /// By what they bought before: what the next judgement learns from.
    pub kinds: Vec<KindLift>,
    /// Of the holdout, who was touched by another campaign within the window.
    pub holdout_reached: Share,
    pub verdict: Verdict,
}

/// The lift among customers of one type.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct KindLift {
    pub kind: Type,
    /// Treated and holdout together.
    pub customers: u64,
    pub lift: Option<Lift>,
}

impl Measurement {
    /// The window that decides.
    pub fn primary(&self) -> Option<&Window> {
        self.windows.iter().find(|w| w.primary)
    }

    /// Whether the primary window is over.
    pub fn over(&self) -> bool {
        self.as_of_day >= self.window
    }

    /// A line of the funnel.
    pub fn row(&self, metric: crate::Metric) -> Option<&FunnelRow> {
        self.funnel.iter().find(|row| row.metric == metric)
    }
}

/// Measures a campaign by assignment. The same outcomes in the same order, question and seed give the same answer.
pub fn measure(outcomes: &[Outcome], ask: &Ask) -> Measurement {
    let windows = lift::windows(outcomes, ask);
    let in_arm = |arm: Arm| outcomes.iter().filter(move |o| o.arm == arm);
    let treated = in_arm(Arm::Treated).count() as u64;
    let gains = money::gains(outcomes, ask);
    let cost = money::cost(outcomes);
    let primary = windows.iter().find(|w| w.primary);
    let lift = primary.and_then(|w| w.lift);
    let customers = lift.map(|lift| lift.points.times(treated as f64));
    let returned = |o: &&Outcome| o.returned(ask.window, ask.as_of_day);
    let after_click = in_arm(Arm::Treated).filter(|o| o.answers.clicked);
    Measurement {
        channel: ask.channel,
        window: ask.window,
        as_of_day: ask.as_of_day,
        level: ask.level,
        treated,
        holdout: in_arm(Arm::Holdout).count() as u64,
        customers,
        gains,
        cost: cost.as_f64(),
        cost_per_return: customers.and_then(|customers| money::cost_per(cost, &customers, ask)),
        median_days: median(in_arm(Arm::Treated).filter(returned).filter_map(|o| o.returned_day).collect()),
        funnel: funnel::funnel(outcomes, ask),
        returned_after_click: Share::of(after_click.map(|o| returned(&o))),
        variants: variants::variants(outcomes, ask),
        kinds: kinds(outcomes, ask),
        holdout_reached: Share::of(in_arm(Arm::Holdout).map(|o| o.reached_by_others)),
        verdict: primary.map_or(Verdict::Nobody, |w| verdict::verdict(w, gains.as_ref(), ask)),
        windows,
    }
}

fn kinds(outcomes: &[Outcome], ask: &Ask) -> Vec<KindLift> {
    let drawn = || outcomes.iter().filter(|o| o.arm != Arm::Skipped);
    let one = |kind: &Type| {
        let of_kind = drawn().filter(|o| o.kind == *kind);
        let customers = of_kind.clone().count() as u64;
        KindLift { kind: *kind, customers, lift: lift::lift(of_kind, ask, ask.window) }
    };
    Type::ALL.iter().map(one).filter(|k| k.customers > 0).collect()
}

fn median(mut days: Vec<i32>) -> Option<f64> {
    let middle = days.len() / 2;
    days.sort_unstable();
    let upper = f64::from(*days.get(middle)?);
    Some(if days.len() % 2 == 1 { upper } else { 0.5 * (upper + f64::from(days[middle - 1])) })
}
