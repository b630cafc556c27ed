//! The plan against what came: each target of a campaign beside its interval (M060).

use crate::Measurement;
use crate::words::{grouped, saying, signed, yen, yen_en};
use model::{Goal, Saying};
use serde::Serialize;
use stats::trial::Interval;

/// How a target stands. An interval decides, never its middle alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The whole interval lies at or above the target.
    Reached,
    /// Nothing speaks against it yet, or the interval holds it.
    Open,
    /// The whole interval lies below what should have come by now.
    Behind,
    /// The window is over and the whole interval lies below the target.
    Missed,
}

/// One target beside what came.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Target {
    /// `reactivations` or `profit`.
    pub what: &'static str,
    pub target: f64,
    /// Of it, what should have come by now: the share of the primary window that is over. Returns come
    /// early rather than late, so this asks for no more than it may.
    pub by_now: f64,
    /// `None` where nothing can be said yet.
    pub so_far: Option<Interval>,
    pub standing: Standing,
    #[serde(skip)]
    pub says: Saying,
}

/// Every target that was set.
pub fn targets(m: &Measurement, goal: &Goal, currency: &str) -> Vec<Target> {
    let count = |n: f64| (format!("{}人", signed(n)), format!("{} customers", signed(n)));
    let money = |n: f64| (yen(n, currency), yen_en(n, currency));
    let profit = goal.profit.map(|profit| profit.0 as f64 / 100.0);
    let reactivations = goal.reactivations.map(|n| {
        target(m, "reactivations", ("復帰の増分", "Returns beyond the holdout"), n, m.customers, &count)
    });
    let profit = profit.map(|n| {
        let so_far = m.gains.map(|gains| gains.profit);
        target(m, "profit", ("利益の増分", "Profit beyond the holdout"), n, so_far, &money)
    });
    reactivations.into_iter().chain(profit).collect()
}

fn target(
    m: &Measurement,
    what: &'static str,
    (ja, en): (&str, &str),
    target: f64,
    so_far: Option<Interval>,
    words: &dyn Fn(f64) -> (String, String),
) -> Target {
    let over = f64::from(m.as_of_day.clamp(0, m.window)) / f64::from(m.window.max(1));
    let by_now = target * over;
    let standing = match so_far {
        Some(i) if i.low >= target => Standing::Reached,
        Some(i) if m.over() && i.high < target => Standing::Missed,
        Some(i) if !m.over() && i.high < by_now => Standing::Behind,
        _ => Standing::Open,
    };
    let (of, of_en) = words(target);
    let days = grouped(m.as_of_day.clamp(0, m.window).unsigned_abs().into());
    let (came, came_en) = match so_far {
        None => ("まだ言えません".to_owned(), "not known yet".to_owned()),
        Some(i) => {
            let ((v, v_en), low, high) = (words(i.value), signed(i.low), signed(i.high));
            (format!("{v}(95%: {low}〜{high})"), format!("{v_en} (95%: {low} to {high})"))
        }
    };
    let (stands, stands_en) = match standing {
        Standing::Reached => ("目標に届きました", "the target is reached"),
        Standing::Open if m.over() => {
            ("届いたかどうかは、この人数では言えません", "too few to say whether it is reached")
        }
        Standing::Open => ("まだどちらとも言えません", "still open"),
        Standing::Behind => ("目標の進み方を下回っています", "behind the target"),
        Standing::Missed => ("目標に届きませんでした", "the target is missed"),
    };
    let (line, line_en) = match m.over() {
        true => (format!("目標 {of}に対し"), format!("target {of_en},")),
        false => {
            let (now, now_en) = words(by_now);
            (
                format!("目標 {of}({days}日目までに {now})に対し"),
                format!("target {of_en} ({now_en} by day {days}),"),
            )
        }
    };
    let says = saying(
        format!("{ja}: {line} {came}。{stands}。"),
        format!("{en}: {line_en} so far {came_en}: {stands_en}."),
    );
    Target { what, target, by_now, so_far, standing, says }
}
