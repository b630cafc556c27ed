//! The probability of a return: a base everybody can follow, and what this shop's past adds to it.
//!
//! Logistic regression that starts from a belief: the base, with the slope it has had elsewhere,
//! moved by the customer's own seasons, is right until enough of this shop's customers say
//! otherwise. Each correction is held back by a ridge that weighs like some hundred undecided
//! customers, so that a shop of thirty gets the rule and a shop of thirty thousand its own law.

use super::rows::{FOLDS, Row};
use super::signs::{SIGNS, Signs};
use serde::{Deserialize, Serialize};
use stats::calibrate::{Beta, beta};
use stats::descent::End;
use stats::logistic::{Linear, lean, logit};
use stats::special::{sigmoid, softplus};

/// What the probability is built on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The cycle-relative rule.
    Rule,
    /// The MBG/NBD model.
    Mbg,
}

impl Base {
    /// What may be corrected by: base, season, the other base, signs.
    fn row(self, s: &Signs) -> [f64; COLUMNS] {
        let (own, other) = match self {
            Base::Rule => (s.rule, s.mbg),
            Base::Mbg => (s.mbg, s.rule),
        };
        let mut row = [0.0; COLUMNS];
        row[..3].copy_from_slice(&[own, s.season, other]);
        row[3..].copy_from_slice(&s.rest);
        row
    }

    /// Log odds, up to a constant, before anything is learned.
    fn belief(self, s: &Signs) -> f64 {
        self.slope() * self.row(s)[0] + s.season
    }

    /// Log odds per unit of the base before anything is learned: what the shops it was tried on
    /// had for the rule (0.3 to 1.2, mostly 0.7); a model's own odds are taken at their word.
    fn slope(self) -> f64 {
        match self {
            Base::Rule => 0.7,
            Base::Mbg => 1.0,
        }
    }
}

/// Base, season, the other base, and the signs.
const COLUMNS: usize = 3 + SIGNS;
/// Penalty on the corrections of base and season, and on each of the others, in customers. (A third
/// of the latter, or a tenth, ranked the quiet worse on 22 cuts in six shops.)
const ON_BASE: f64 = 10.0;
const ON_SIGN: f64 = 300.0;

/// Customers for whom the curve was right before it is drawn, and the least rise of one that ranks.
const ON_CURVE: f64 = 300.0;
const LEAST_RISE: f64 = 0.05;

/// A fitted probability.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chance {
    base: Base,
    /// Corrections: of the base, of the season, of the other base, of the signs. The first two
    /// alone where nothing else was to be learned.
    line: Linear,
    /// Weights of ln p and of -ln(1 - p), and the shift, of the calibration curve; 1, 1, 0 is none.
    curve: [f64; 3],
    /// Moves the mean to the level expected now.
    pub(crate) shift: f64,
}

impl Chance {
    /// Learns from signs and who returned. Without `whole` only level and slope of the base.
    pub(crate) fn fit<'a>(base: Base, whole: bool, rows: impl Iterator<Item = (&'a Signs, bool)>) -> Chance {
        let columns = if whole { COLUMNS } else { 2 };
        let (mut x, mut y, mut offset) = (Vec::new(), Vec::new(), Vec::new());
        for (signs, returned) in rows {
            x.extend(&base.row(signs)[..columns]);
            offset.push(base.belief(signs));
            y.push(f64::from(u8::from(returned)));
        }
        let mut l2 = vec![ON_SIGN; columns];
        l2[0] = ON_BASE;
        // In its own units: where few are seasonal, their column hardly varies.
        l2[1] = ON_BASE / variance(x.iter().skip(1).step_by(columns)).max(1e-6);
        let line = lean(&x, columns, &y, &offset, &l2).line;
        Chance { base, line, curve: [1.0, 1.0, 0.0], shift: 0.0 }
    }

    /// Log odds before the shift.
    fn raw(&self, s: &Signs) -> f64 {
        let (odds, [a, b, c]) = (self.learned(s), self.curve);
        // ln p and -ln(1 - p), without leaving the log scale.
        c - a * softplus(-odds) + b * softplus(odds)
    }

    /// Log odds as learned, before calibration.
    fn learned(&self, s: &Signs) -> f64 {
        self.base.belief(s) + self.line.at(&self.base.row(s))
    }

    /// Log odds of a return.
    pub(crate) fn log_odds(&self, s: &Signs) -> f64 {
        self.raw(s) + self.shift
    }

    /// The probability of a return.
    pub(crate) fn p(&self, s: &Signs) -> f64 {
        sigmoid(self.log_odds(s))
    }

    /// Moves the mean over some signs to `level`.
    pub(crate) fn move_to(&mut self, level: f64, signs: &[Signs]) {
        let odds: Vec<f64> = signs.iter().map(|s| self.raw(s)).collect();
        let mean = |shift: f64| odds.iter().map(|o| sigmoid(o + shift)).sum::<f64>() / odds.len() as f64;
        let (mut low, mut high) = (-12.0, 12.0);
        for _ in 0..50 {
            let middle = 0.5 * (low + high);
            if mean(middle) < level { low = middle } else { high = middle }
        }
        self.shift = if odds.is_empty() { 0.0 } else { 0.5 * (low + high) };
    }

    /// Calibrates by probabilities that were given to customers nothing was known of, and who of
    /// them returned; gives back those probabilities as the curve of the other folds has them. The
    /// curve (Kull, Silva Filho, Flach 2017) is held back by some hundred customers for whom all
    /// was right. It only rises, so nobody changes places.
    pub(crate) fn calibrate(&mut self, rows: &[&Row], p: &[f64]) -> Vec<f64> {
        let all = || rows.iter().zip(p).map(|(row, p)| (*p, row.returned()));
        let Some(whole) = curve(all()) else { return p.to_vec() };
        self.curve = [whole.a, whole.b, whole.c];
        let of_others: Vec<Option<Beta>> = (0..FOLDS)
            .map(|fold| {
                let others = rows.iter().zip(p).filter(|(row, _)| row.fold != fold);
                curve(others.map(|(row, p)| (*p, row.returned())))
            })
            .collect();
        let calibrated =
            |(row, p): (&&Row, &f64)| of_others[row.fold as usize].as_ref().map_or(*p, |c| c.predict(*p));
        rows.iter().zip(p).map(calibrated).collect()
    }

    /// What moves the log odds, per standard deviation, in the order of the columns: base, season,
    /// other base, signs.
    pub(crate) fn weights(&self) -> Vec<f64> {
        let own = |(i, coef): (usize, &f64)| match i {
            0 => coef + self.base.slope() * self.line.sds[0],
            1 => coef + self.line.sds[1],
            _ => *coef,
        };
        self.line.coef.iter().enumerate().map(own).collect()
    }

    pub(crate) fn base(&self) -> Base {
        self.base
    }
}

/// The calibration curve of probabilities and who returned; `None` where it would not rise.
fn curve(rows: impl Iterator<Item = (f64, bool)>) -> Option<Beta> {
    let (p, returned): (Vec<f64>, Vec<bool>) = rows.unzip();
    let believed = ON_CURVE / p.len().max(1) as f64;
    let came = returned.iter().map(|r| f64::from(u8::from(*r)));
    let y: Vec<f64> = came.chain(p.iter().copied()).collect();
    let weights: Vec<f64> = p.iter().map(|_| 1.0).chain(p.iter().map(|_| believed)).collect();
    let found = beta(&[&p[..], &p].concat(), &y, Some(&weights));
    (found.end == End::Converged && found.a > LEAST_RISE && found.b > LEAST_RISE).then_some(found)
}

/// The variance of some numbers.
fn variance<'a>(all: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let n = all.clone().count().max(1) as f64;
    let mean = all.clone().sum::<f64>() / n;
    all.map(|x| (x - mean).powi(2)).sum::<f64>() / n
}

/// Log odds of a probability that may be 0 or 1, as `n` observations would know it.
pub(crate) fn log_odds(p: f64, n: f64) -> f64 {
    let least = 0.5 / n.max(1.0);
    logit(p.clamp(least, 1.0 - least))
}
