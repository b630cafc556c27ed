//! Models of the effect of a treatment as a function of what was known before.

use crate::descent::End;
use crate::draw::Draw;
use crate::logistic::{Fit, RidgeFit, fit, ridge};
use crate::special::sigmoid;

/// A trial: rows of `p` columns known before, who was treated, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Row by row.
    pub x: &'a [f64],
    /// Columns per row, at least 1.
    pub p: usize,
    /// Whether each row was treated.
    pub treated: &'a [bool],
    /// The outcome of each row: 0 or 1, or an amount.
    pub y: &'a [f64],
}

/// Propensities nearer to 0 or 1 than this are cut: beyond, single rows would decide.
const OVERLAP: f64 = 0.02;

/// The linear R-learner (Nie & Wager 2021, the R-loss): minimises the sum of
/// ((y - m(x)) - (t - e(x)) effect(x))^2, with m the expected outcome, fitted on the other folds (logistic for
/// outcomes within 0 and 1, else linear), and e the chance of treatment: `propensity` where it is known, else
/// logistic on the other folds. The effect for a row is `line.at(row)`, in units of the outcome.
///
/// `held_back` is the ridge penalty as a share of what the rows weigh: 0.01 holds next to nothing back, 1 halves
/// every coefficient that stands alone. An order is hurt by a heavy one (Hillstrom's visits: relative Qini .144
/// at 0.01, .115 at 1), and choosing it on folds was worse than leaving it light (.133).
/// Nobody treated or nobody left out: an effect of 0, said so.
pub fn r_learner(
    trial: &Trial,
    propensity: Option<f64>,
    held_back: f64,
    folds: usize,
    seed: u64,
) -> RidgeFit {
    let n = trial.y.len();
    let treated: Vec<f64> = trial.treated.iter().map(|t| f64::from(u8::from(*t))).collect();
    if !trial.treated.contains(&true) || !trial.treated.contains(&false) {
        let why = "everybody or nobody was treated: no effect can be told";
        let nothing = ridge(trial.x, trial.p, &vec![0.0; n], None, 0.0);
        return RidgeFit { end: End::FellBack(why.into()), ..nothing };
    }
    let folds = folds.clamp(2, n.max(2));
    let fold = Draw::new(seed).folds(n, folds);
    let expected = crossed(trial, trial.y, &fold, folds);
    let chance = match propensity {
        Some(e) => vec![e; n],
        None => crossed(trial, &treated, &fold, folds),
    };
    let residue = |(t, e): (&f64, &f64)| t - e.clamp(OVERLAP, 1.0 - OVERLAP);
    let residues: Vec<f64> = treated.iter().zip(&chance).map(residue).collect();
    let target: Vec<f64> = (0..n).map(|i| (trial.y[i] - expected[i]) / residues[i]).collect();
    let weights: Vec<f64> = residues.iter().map(|r| r * r).collect();
    let l2 = held_back * weights.iter().sum::<f64>();
    ridge(trial.x, trial.p, &target, Some(&weights), l2)
}

/// The expected value of `y` for each row, from a model that has not seen its fold.
fn crossed(trial: &Trial, y: &[f64], fold: &[usize], folds: usize) -> Vec<f64> {
    let rate = y.iter().all(|y| (0.0..=1.0).contains(y));
    let mut expected = vec![0.0; y.len()];
    for part in 0..folds {
        let outside: Vec<f64> = fold.iter().map(|f| f64::from(u8::from(*f != part))).collect();
        let line = match rate {
            true => fit(trial.x, trial.p, y, Some(&outside), 1.0).model.line,
            false => ridge(trial.x, trial.p, y, Some(&outside), 1.0).line,
        };
        let rows = trial.x.chunks_exact(trial.p).zip(&mut expected).zip(fold);
        for ((row, to), _) in rows.filter(|(_, f)| **f == part) {
            *to = if rate { sigmoid(line.at(row)) } else { line.at(row) };
        }
    }
    expected
}

/// Two logistic models, one per arm.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoModels {
    /// Fitted on the treated.
    pub treated: Fit,
    /// Fitted on those left out.
    pub holdout: Fit,
}

/// The T-learner (Kuenzel et al. 2019) with logistic models of penalty `l2`, for outcomes within 0 and 1.
pub fn t_learner(trial: &Trial, l2: f64) -> TwoModels {
    let arm = |wanted: bool| {
        let weights: Vec<f64> = trial.treated.iter().map(|t| f64::from(u8::from(*t == wanted))).collect();
        fit(trial.x, trial.p, trial.y, Some(&weights), l2)
    };
    TwoModels { treated: arm(true), holdout: arm(false) }
}

impl TwoModels {
    /// The difference of the two probabilities for a row.
    pub fn effect(&self, row: &[f64]) -> f64 {
        self.treated.model.predict(row) - self.holdout.model.predict(row)
    }
}
