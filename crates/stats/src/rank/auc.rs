//! The area under the ROC curve with its error (DeLong, DeLong, Clarke-Pearson 1988).

use super::midranks;
use crate::trial::{Count, Interval, wilson, z_of};

/// The chance that a random hit stands above a random miss, ties counted half. None when either is missing.
pub fn auc(scores: &[f64], hits: &[bool]) -> Option<f64> {
    let n1 = hits.iter().filter(|h| **h).count() as f64;
    let n0 = hits.len() as f64 - n1;
    if n1 == 0.0 || n0 == 0.0 {
        return None;
    }
    let above: f64 = midranks(scores).iter().zip(hits).filter(|(_, hit)| **hit).map(|(rank, _)| rank).sum();
    Some((above - n1 * (n1 + 1.0) / 2.0) / (n1 * n0))
}

/// The AUC with its interval at `level`: DeLong's error on the logit scale, so that it stays within 0 and 1.
/// At an AUC of 0 or 1 that error is 0 however few the rows: there, Wilson's interval for as many tries as the
/// rarer class has. None when one class is empty.
pub fn auc_interval(scores: &[f64], hits: &[bool], level: f64) -> Option<Interval> {
    let places = Placements::of(scores, hits)?;
    let value = places.auc();
    let rarer = places.hits.len().min(places.misses.len()) as f64;
    if value <= 0.0 || value >= 1.0 {
        return Some(wilson(Count { hits: value * rarer, n: rarer }, level));
    }
    let reach = z_of(level) * places.covariance(&places).max(0.0).sqrt() / (value * (1.0 - value));
    let logit = (value / (1.0 - value)).ln();
    let back = |at: f64| 1.0 / (1.0 + (-at).exp());
    Some(Interval { value, low: back(logit - reach), high: back(logit + reach) })
}

/// AUC(a) - AUC(b) on the same rows with its interval, by DeLong's covariance: far narrower than two
/// intervals laid side by side. None when one class is empty.
pub fn auc_difference(a: &[f64], b: &[f64], hits: &[bool], level: f64) -> Option<Interval> {
    let (a, b) = (Placements::of(a, hits)?, Placements::of(b, hits)?);
    let variance = a.covariance(&a) + b.covariance(&b) - 2.0 * a.covariance(&b);
    Some(Interval::around(a.auc() - b.auc(), z_of(level) * variance.max(0.0).sqrt()))
}

/// Per hit the share of misses below it, and per miss the share of hits above it (Sun & Xu 2014: from
/// mid-ranks among all and among its own).
struct Placements {
    hits: Vec<f64>,
    misses: Vec<f64>,
}

impl Placements {
    fn of(scores: &[f64], hits: &[bool]) -> Option<Placements> {
        let of = |wanted: bool, from: &[f64]| -> Vec<f64> {
            from.iter().zip(hits).filter(|(_, hit)| **hit == wanted).map(|(v, _)| *v).collect()
        };
        let all = midranks(scores);
        let (own1, own0) = (midranks(&of(true, scores)), midranks(&of(false, scores)));
        let (n1, n0) = (own1.len() as f64, own0.len() as f64);
        if n1 == 0.0 || n0 == 0.0 {
            return None;
        }
        let hits = of(true, &all).iter().zip(own1).map(|(all, own)| (all - own) / n0).collect();
        let misses = of(false, &all).iter().zip(own0).map(|(all, own)| 1.0 - (all - own) / n1).collect();
        Some(Placements { hits, misses })
    }

    fn auc(&self) -> f64 {
        self.hits.iter().sum::<f64>() / self.hits.len() as f64
    }

    fn covariance(&self, other: &Placements) -> f64 {
        let of = |a: &[f64], b: &[f64]| {
            let n = a.len() as f64;
            let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
            let products: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
            products / (n - 1.0).max(1.0) / n
        };
        of(&self.hits, &other.hits) + of(&self.misses, &other.misses)
    }
}
