//! The windows as rows: who was quiet, what their signs were, whether they came.

use super::past::{Past, mixed};
use super::signs::{Scale, Signs, fits, life};
use super::trace::{Sequel, Trace};

/// Parts that take turns in being predicted by the others.
pub(crate) const FOLDS: u64 = 5;

/// One customer at one origin.
pub(crate) struct Row<'a> {
    pub(crate) window: usize,
    pub(crate) trace: &'a Trace,
    pub(crate) sequel: &'a Sequel,
    pub(crate) signs: Signs,
    /// By BG/NBD, to compare with.
    pub(crate) p_bg: f64,
    pub(crate) quiet: bool,
    /// By customer, so that nobody is predicted from themselves.
    pub(crate) fold: u64,
}

impl Row<'_> {
    pub(crate) fn returned(&self) -> bool {
        self.sequel.returned()
    }

    /// What a probability is learned from.
    pub(crate) fn lesson(&self) -> (&Signs, bool) {
        (&self.signs, self.returned())
    }
}

/// Every row, and the scale of each window.
pub(crate) fn rows(past: &Past) -> (Vec<Row<'_>>, Vec<Scale>) {
    let plan = past.plan();
    let (mut rows, mut scales) = (Vec::new(), Vec::new());
    for (window, found) in past.windows.iter().enumerate() {
        let traces: Vec<Trace> = found.iter().map(|(trace, _)| *trace).collect();
        let [mbg, bg] = fits(&traces);
        let scale = Scale::of(&traces, plan.ahead, plan.ratio(), &mbg.params);
        rows.extend(found.iter().map(|(trace, sequel)| Row {
            window,
            trace,
            sequel,
            signs: scale.signs(trace),
            p_bg: bg.params.p_buy(&life(trace), scale.horizon),
            quiet: plan.is_quiet(trace.silent),
            fold: mixed(trace.customer) / 7 % FOLDS,
        }));
        scales.push(scale);
    }
    (rows, scales)
}
