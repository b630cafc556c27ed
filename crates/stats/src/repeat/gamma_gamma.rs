//! Gamma-Gamma: how much somebody spends per purchase, apart from how often.

use super::Fit;
use super::search::{Found, Parameter, Start, anchored, maximise};
use crate::special::{digamma, ln_gamma, ln_gamma_ratio};
use std::collections::BTreeMap;

/// Amounts gamma-distributed (shape `p`) around an own mean, whose scale is gamma-distributed (shape `q`,
/// scale `gamma`, in the amounts' unit); independent of frequency (Colombo & Jiang 1999; Fader & Hardie 2013,
/// "The Gamma-Gamma model of monetary value"). `q` is above 1, so that the mean over all exists.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GammaGamma {
    /// Shape of one buyer's amounts: the higher, the more alike.
    pub p: f64,
    /// Shape of the buyers' scales: the higher, the more alike the buyers.
    pub q: f64,
    /// Scale of the buyers' scales, in money.
    pub gamma: f64,
}

impl GammaGamma {
    /// Fits on (number of amounts, their mean), by maximum likelihood. Rows without an amount or with a mean
    /// that is not positive and finite are left out. Without a maximum (no rows, all alike, ...) falls back
    /// on a weak prior and says why.
    pub fn fit(rows: &[(u32, f64)]) -> Fit<GammaGamma> {
        let spends = Spends::new(rows);
        let found = search(&spends);
        let params = at(&found.at);
        let log_likelihood = log_likelihood(&spends, &params, &mut [0.0; 3]);
        Fit { params, log_likelihood, end: found.end, evaluations: found.evaluations }
    }

    /// The log-likelihood of one mean `mean` of `x` amounts; 0 where the model has nothing to say.
    pub fn ln_likelihood(&self, x: u32, mean: f64) -> f64 {
        log_likelihood(&Spends::new(&[(x, mean)]), self, &mut [0.0; 3])
    }

    /// The log-likelihood of all rows, those that [`fit`](Self::fit) leaves out apart; `gradient` becomes its
    /// derivatives by p, q, gamma.
    pub fn log_likelihood_gradient(&self, rows: &[(u32, f64)], gradient: &mut [f64; 3]) -> f64 {
        log_likelihood(&Spends::new(rows), self, gradient)
    }

    /// The expected amount of a purchase, given `x` amounts of mean `mean` (Fader & Hardie 2013, equation
    /// 5): the own mean drawn to that of all. With x = 0 the mean of all. A mean that is not positive and
    /// finite counts as 0.
    pub fn expected_mean(&self, x: u32, mean: f64) -> f64 {
        let x = f64::from(x);
        let spent = if mean.is_finite() { x * mean.max(0.0) } else { 0.0 };
        self.p * (self.gamma + spent) / (self.p * x + self.q - 1.0)
    }
}

/// The rows that count, with what does not depend on parameters.
struct Spends {
    /// (number, sum of amounts).
    rows: Vec<(f64, f64)>,
    /// How many rows there are of each number.
    numbers: BTreeMap<u32, f64>,
    sum_ln_mean: f64,
    /// Sum of number * ln(sum of amounts).
    sum_x_ln: f64,
    /// The mean of the means; 1 if there are none.
    unit: f64,
    /// Whether there are two different means.
    differ: bool,
}

impl Spends {
    fn new(rows: &[(u32, f64)]) -> Spends {
        let mut spends = Spends {
            rows: Vec::new(),
            numbers: BTreeMap::new(),
            sum_ln_mean: 0.0,
            sum_x_ln: 0.0,
            unit: 1.0,
            differ: false,
        };
        let usable = |row: &&(u32, f64)| row.0 > 0 && row.1 > 0.0 && (f64::from(row.0) * row.1).is_finite();
        let (mut sum, mut one) = (0.0, None);
        for &(x, mean) in rows.iter().filter(usable) {
            let number = f64::from(x);
            spends.rows.push((number, number * mean));
            *spends.numbers.entry(x).or_insert(0.0) += 1.0;
            spends.sum_ln_mean += mean.ln();
            spends.sum_x_ln += number * (number * mean).ln();
            sum += mean;
            spends.differ |= *one.get_or_insert(mean) != mean;
        }
        if !spends.rows.is_empty() && f64::is_finite(sum) {
            spends.unit = sum / spends.rows.len() as f64;
        }
        spends
    }

    fn nothing_to_learn(&self) -> Option<String> {
        if self.rows.is_empty() {
            return Some("there are no positive amounts".into());
        }
        (!self.differ).then(|| "all mean amounts are the same".into())
    }
}

/// From p, q - 1, gamma.
fn at(at: &[f64]) -> GammaGamma {
    GammaGamma { p: at[0], q: 1.0 + at[1], gamma: at[2] }
}

fn search(spends: &Spends) -> Found {
    let unit = spends.unit;
    let parameters = [
        Parameter { name: "p", typical: 5.0, low: 1e-3, high: 1e4 },
        Parameter { name: "q - 1", typical: 2.5, low: 1e-3, high: 1e4 },
        Parameter { name: "gamma", typical: 0.5 * unit, low: 1e-6 * unit, high: 1e6 * unit },
    ];
    let weight = spends.rows.len() as f64;
    let f = |point: &[f64], gradient: &mut [f64]| log_likelihood(spends, &at(point), gradient);
    match spends.nothing_to_learn() {
        Some(reason) => anchored(&parameters, weight, reason, 0, f),
        None => maximise(&parameters, &Start::default(), weight, f),
    }
}

/// The log-likelihood and its gradient by p, q, gamma (Fader & Hardie 2013, equation 1a).
fn log_likelihood(spends: &Spends, model: &GammaGamma, gradient: &mut [f64]) -> f64 {
    let GammaGamma { p, q, gamma } = *model;
    let (ln_gamma_q, at_q, ln_scale) = (ln_gamma(q), digamma(q), gamma.ln());
    let mut sum = p * spends.sum_x_ln - spends.sum_ln_mean;
    gradient.fill(0.0);
    gradient[0] = spends.sum_x_ln;
    for (&x, &weight) in &spends.numbers {
        let shape = p * f64::from(x);
        sum += weight * (ln_gamma_ratio(shape, q) - ln_gamma_q);
        let above = digamma(shape + q);
        gradient[0] += weight * f64::from(x) * (above - digamma(shape));
        gradient[1] += weight * (above - at_q);
    }
    // Chunk by chunk, so that the rounding of long sums stays small.
    for chunk in spends.rows.chunks(1024) {
        let (mut part, mut by) = (0.0, [0.0; 3]);
        for &(x, spent) in chunk {
            let log = (spent / gamma).ln_1p();
            part += (p * x + q) * log + p * x * ln_scale;
            by[0] += x * (log + ln_scale);
            by[1] += log;
            by[2] += q / gamma - (p * x + q) / (gamma + spent);
        }
        sum -= part;
        gradient[0] -= by[0];
        gradient[1] -= by[1];
        gradient[2] += by[2];
    }
    sum
}
