//! What was learned, ready to be asked about anybody.

use super::chance::{Chance, log_odds};
use super::past::has_left;
use super::peers::Peers;
use super::rows::Row;
use super::signs::Scale;
use super::trace::{Trace, stock_until};
use super::worth::Worth;
use model::{Day, Money, Outlook, Timeline};
use serde::{Deserialize, Serialize};
use stats::calibrate::{Bin, bins};
use stats::draw::Draw;
use stats::logistic::logit;
use stats::special::sigmoid;

/// Customers per bin of an interval, and bins at most.
const IN_BIN: usize = 50;
const BINS: usize = 10;
/// Drawings of a bin's customers.
const DRAWS: usize = 400;
const MOST_DRAWN: usize = 1000;

/// Either side of the line of silence has a law of its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Zone {
    pub(crate) chance: Chance,
    pub(crate) worth: Worth,
    /// Per bin: log odds predicted, and how far below and above them the bin's customers, drawn
    /// again and again, came out.
    margins: Vec<[f64; 3]>,
    /// Standard error of the level, in log odds.
    doubt: f64,
}

impl Zone {
    /// `p` are the probabilities of the rows as predicted without knowing them.
    pub(crate) fn new(chance: Chance, worth: Worth, rows: &[&Row], p: &[f64], doubt: f64) -> Zone {
        let hits: Vec<bool> = rows.iter().map(|r| r.returned()).collect();
        let parts = (rows.len() / IN_BIN).clamp(1, BINS);
        let mut draw = Draw::new(0x4d45_5a41);
        let margins = bins(p, &hits, parts, 0.95)
            .iter()
            .map(|bin| {
                let n = bin.n as f64;
                let (low, high) = drawn(bin, &mut draw);
                let middle = logit(bin.predicted);
                [middle, log_odds(low, n) - middle, log_odds(high, n) - middle]
            })
            .collect();
        Zone { chance, worth, margins, doubt }
    }

    /// The interval around some log odds: what the customers with about the same did, and how far
    /// the level of all may be off.
    fn interval(&self, odds: f64) -> (f64, f64) {
        let known = odds - self.chance.shift;
        let (low, high) = match &self.margins[..] {
            [] => (-2.0, 2.0),
            margins => {
                let above = margins.partition_point(|m| m[0] < known);
                let (a, b) = (margins[above.saturating_sub(1)], margins[above.min(margins.len() - 1)]);
                let share = if b[0] > a[0] { ((known - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0) } else { 0.0 };
                (a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))
            }
        };
        let level = 1.96 * self.doubt;
        (sigmoid(odds - low.min(0.0).hypot(level)), sigmoid(odds + high.max(0.0).hypot(level)))
    }
}

/// The middle 95 % of a bin's rate when its customers are drawn again and again. Wilson's interval
/// says the same of many; where all did the same, drawing them again shows nothing else, and his
/// knows that there may be others.
fn drawn(bin: &Bin, draw: &mut Draw) -> (f64, f64) {
    if bin.n > MOST_DRAWN || bin.actual.value <= 0.0 || bin.actual.value >= 1.0 {
        return (bin.actual.low, bin.actual.high);
    }
    let mut rate = || (0..bin.n).filter(|_| draw.chance(bin.actual.value)).count() as f64 / bin.n as f64;
    let mut rates: Vec<f64> = (0..DRAWS).map(|_| rate()).collect();
    rates.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| rates[(share * (DRAWS - 1) as f64).round() as usize];
    (at(0.025), at(0.975))
}

/// Everything that was learned of a shop on a day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forecaster {
    pub(crate) as_of: Day,
    /// Days of silence beyond which somebody is quiet.
    pub(crate) quiet: i32,
    pub(crate) scale: Scale,
    /// Of the quiet, of the others.
    pub(crate) zones: [Zone; 2],
    pub(crate) peers: Peers,
}

impl Forecaster {
    /// The day it was learned on.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    pub(crate) fn zone(&self, t: &Trace) -> &Zone {
        &self.zones[usize::from(t.silent <= self.quiet)]
    }

    /// The probability of a return.
    pub(crate) fn p_return(&self, t: &Trace) -> f64 {
        self.zone(t).chance.p(&self.scale.signs(t))
    }

    /// Expected spend over the horizon given a return, in units.
    pub(crate) fn spend_if_returns(&self, t: &Trace) -> f64 {
        self.zone(t).worth.of(&self.scale, t)
    }

    /// One customer's outlook on a day; `margin` is the share of the spend that stays with the
    /// shop. `None` for somebody who never ordered, or has left the membership.
    pub fn outlook(&self, t: &Timeline, as_of: Day, margin: f64) -> Option<Outlook> {
        let trace = Trace::of(t, as_of, self.scale.horizon as i32).filter(|_| !has_left(t, as_of))?;
        let zone = self.zone(&trace);
        let odds = zone.chance.log_odds(&self.scale.signs(&trace));
        let (p_low, p_high) = zone.interval(odds);
        let stock_until = stock_until(t, as_of);
        let last = as_of.plus(-trace.silent);
        let due = last.plus(self.scale.cycle(&trace).round() as i32);
        let spend = self.spend_if_returns(&trace) * margin.clamp(0.0, 1.0);
        Some(Outlook {
            p_return: sigmoid(odds),
            p_low,
            p_high,
            value_if_returns: Money((spend * 100.0).round() as i64),
            next_order: stock_until.map_or(due, |until| until.max(due)),
            stock_until,
            peers_back: self.peers.back(&trace),
        })
    }
}
