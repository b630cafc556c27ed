//! Treated against holdout: who returned within a window.

use crate::{Ask, Outcome, Share};
use model::Arm;
use serde::{Deserialize, Serialize};
use stats::trial::{Interval, Row, Stratum, adjusted_in_strata, difference_in_strata, sequence};

/// The windows shown together (M148); the primary one is added where it is another.
pub const WINDOWS: [i32; 3] = [30, 90, 180];

/// The adjusted interval is plain normal, so it is used only where it is good: with so many customers in
/// either arm, and so many returns foreseen in either from p_return. Fixed before any outcome is known.
const ADJUSTED_FROM: f64 = 1_000.0;
const ADJUSTED_RETURNS: f64 = 50.0;

/// How an interval was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Stratified score interval (Miettinen and Nurminen), weights of Mantel and Haenszel.
    Score,
    /// The same difference freed of p_return within strata, with robust errors.
    Adjusted,
    /// The window is not over: a confidence sequence, good however often it is looked at.
    Sequence,
}

/// A difference of return rates, treated less holdout, -1..=1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lift {
    pub points: Interval,
    pub method: Method,
}

/// One window's figures.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Window {
    pub days: i32,
    /// The one that was declared to decide.
    pub primary: bool,
    /// Whether it has ended; until then everything in it is provisional.
    pub over: bool,
    pub treated: Share,
    pub holdout: Share,
    /// `None` where an arm is empty.
    pub lift: Option<Lift>,
}

/// All windows, the shortest first.
pub(crate) fn windows(outcomes: &[Outcome], ask: &Ask) -> Vec<Window> {
    let mut days = WINDOWS.to_vec();
    days.push(ask.window);
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(|days| window(outcomes, ask, days)).collect()
}

fn window(outcomes: &[Outcome], ask: &Ask, days: i32) -> Window {
    let returned = |arm: Arm| {
        let of_arm = outcomes.iter().filter(|o| o.arm == arm);
        Share::of(of_arm.map(|o| o.returned(days, ask.as_of_day)))
    };
    Window {
        days,
        primary: days == ask.window,
        over: ask.as_of_day >= days,
        treated: returned(Arm::Treated),
        holdout: returned(Arm::Holdout),
        lift: lift(outcomes.iter(), ask, days),
    }
}

/// The lift among some customers. `None` where one arm of them is empty.
pub(crate) fn lift<'a>(
    outcomes: impl Iterator<Item = &'a Outcome> + Clone,
    ask: &Ask,
    days: i32,
) -> Option<Lift> {
    let outcomes = outcomes.filter(|o| o.arm != Arm::Skipped);
    let strata = strata(outcomes.clone(), |o| o.arm == Arm::Treated, |o| o.returned(days, ask.as_of_day));
    let [treated, holdout] = [Arm::Treated, Arm::Holdout].map(|arm| foreseen(outcomes.clone(), arm));
    if treated.0 < 1.0 || holdout.0 < 1.0 {
        return None;
    }
    let score = difference_in_strata(&strata, ask.level);
    if ask.as_of_day < days {
        return Some(Lift {
            points: provisional(score.value, &strata, [treated, holdout], ask.level),
            method: Method::Sequence,
        });
    }
    let large = |(n, returns): (f64, f64)| n >= ADJUSTED_FROM && returns >= ADJUSTED_RETURNS;
    let rows = outcomes.map(|o| Row {
        stratum: o.stratum,
        treated: o.arm == Arm::Treated,
        y: f64::from(u8::from(o.returned(days, ask.as_of_day))),
        x: o.p_return,
    });
    let adjusted = if large(treated) && large(holdout) { adjusted_in_strata(rows, ask.level) } else { None };
    Some(match adjusted {
        Some(points) => Lift { points, method: Method::Adjusted },
        None => Lift { points: score, method: Method::Score },
    })
}

/// How many are in an arm, and how many returns were foreseen.
fn foreseen<'a>(outcomes: impl Iterator<Item = &'a Outcome>, arm: Arm) -> (f64, f64) {
    outcomes.filter(|o| o.arm == arm).fold((0.0, 0.0), |(n, sum), o| (n + 1.0, sum + o.p_return))
}

/// Counts per stratum of two groups: those of whom `first` holds, and the others.
pub(crate) fn strata<'a>(
    outcomes: impl Iterator<Item = &'a Outcome>,
    first: impl Fn(&Outcome) -> bool,
    hit: impl Fn(&Outcome) -> bool,
) -> Vec<Stratum> {
    let mut counts: Vec<[Share; 2]> = vec![];
    for o in outcomes {
        let stratum = usize::from(o.stratum);
        if counts.len() <= stratum {
            counts.resize(stratum + 1, Default::default());
        }
        let share = &mut counts[stratum][usize::from(first(o))];
        *share = Share { hits: share.hits + u64::from(hit(o)), of: share.of + 1 };
    }
    let stratum = |[others, first]: [Share; 2]| Stratum { treated: first.count(), holdout: others.count() };
    counts.into_iter().map(stratum).collect()
}

/// Before the window is over. Of a fixed group the share F that has returned can only grow; F / (1 - F) is the
/// clock on which the estimate walks at random, and p_return says where it will stand in the end. The variance
/// is that of the arms as a whole, which is no less than within strata, with a hit and a miss added to either
/// arm (Agresti and Caffo 2000), so that the first days promise nothing.
fn provisional(value: f64, strata: &[Stratum], foreseen: [(f64, f64); 2], level: f64) -> Interval {
    let sum = |of: fn(&Stratum) -> f64| strata.iter().map(of).sum::<f64>();
    let arms =
        [(sum(|s| s.treated.hits), sum(|s| s.treated.n)), (sum(|s| s.holdout.hits), sum(|s| s.holdout.n))];
    let variance = |(hits, n): (f64, f64)| {
        let p = (hits + 1.0) / (n + 2.0);
        p * (1.0 - p) / (n + 2.0)
    };
    let odds = |hits: f64, n: f64| (hits + 1.0) / (n - hits + 1.0).max(1.0);
    let (hits, n) = (arms[0].0 + arms[1].0, arms[0].1 + arms[1].1);
    let planned = odds((foreseen[0].1 + foreseen[1].1).clamp(0.0, n), n);
    let variance = variance(arms[0]) + variance(arms[1]);
    let wide = sequence(value, variance, odds(hits, n), planned, level);
    Interval { value, low: wide.low.max(-1.0), high: wide.high.min(1.0) }
}
