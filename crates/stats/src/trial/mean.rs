//! Means and their differences, the bootstrap, and CUPED.

use super::{Interval, percentile_interval};
use crate::draw::Draw;
use crate::special::{beta_cdf, normal_quantile};

/// What a test of means needs of one arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many.
    pub n: f64,
    /// Their mean.
    pub mean: f64,
    /// Their variance, divided by n - 1.
    pub variance: f64,
}

impl Moments {
    /// Of a slice, in two passes. Empty: zeros. One value: variance 0.
    pub fn of(values: &[f64]) -> Moments {
        let n = values.len() as f64;
        if values.is_empty() {
            return Moments { n: 0.0, mean: 0.0, variance: 0.0 };
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        Moments { n, mean, variance: squares / (n - 1.0).max(1.0) }
    }
}

/// mean(treated) - mean(holdout) with its interval, variances unequal (Welch 1947).
/// None where an arm has fewer than two values.
pub fn welch(treated: Moments, holdout: Moments, level: f64) -> Option<Interval> {
    if treated.n < 2.0 || holdout.n < 2.0 {
        return None;
    }
    let (a, b) = (treated.variance / treated.n, holdout.variance / holdout.n);
    let value = treated.mean - holdout.mean;
    if a + b <= 0.0 {
        return Some(Interval::around(value, 0.0));
    }
    let freedom = (a + b) * (a + b) / (a * a / (treated.n - 1.0) + b * b / (holdout.n - 1.0));
    Some(Interval::around(value, student_quantile(0.5 + 0.5 * level, freedom) * (a + b).sqrt()))
}

/// The quantile of Student's t, 0 < p < 1, `freedom` > 0 and not necessarily whole: bisection on the
/// distribution function, exact to 1e-10 of the quantile; the normal quantile beyond 1e7.
pub fn student_quantile(p: f64, freedom: f64) -> f64 {
    if freedom > 1e7 {
        return normal_quantile(p);
    }
    if p < 0.5 {
        return -student_quantile(1.0 - p, freedom);
    }
    let tail = |t: f64| 0.5 * beta_cdf(0.5 * freedom, 0.5, freedom / (freedom + t * t));
    let (mut low, mut high) = (0.0, 1.0);
    while tail(high) > 1.0 - p && high < 1e15 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if tail(middle) > 1.0 - p {
            low = middle;
        } else {
            high = middle;
        }
        if high - low < 1e-11 * high {
            break;
        }
    }
    0.5 * (low + high)
}

/// The percentile interval of any statistic of a slice (Efron 1979): `draws` samples with replacement.
/// An empty slice gives the statistic of nothing, with no width; draws that are no number are left out.
pub fn bootstrap(
    values: &[f64],
    statistic: impl Fn(&[f64]) -> f64,
    draws: usize,
    level: f64,
    seed: u64,
) -> Interval {
    let value = statistic(values);
    if values.is_empty() {
        return Interval::around(value, 0.0);
    }
    let mut draw = Draw::new(seed);
    let mut sample = values.to_vec();
    let drawn = (0..draws).map(|_| {
        sample.iter_mut().for_each(|s| *s = values[draw.below(values.len())]);
        statistic(&sample)
    });
    percentile_interval(value, drawn.collect(), level)
}

/// Outcomes freed of what was known before.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// cov(y, x) / var(x), over all arms together; 0 where x does not vary.
    pub theta: f64,
    /// y - theta (x - mean x), in the order given: the same mean as y.
    pub values: Vec<f64>,
    /// The share of the variance taken away, 0 to 1.
    pub reduction: f64,
}

/// CUPED (Deng, Xu, Kohavi, Walker 2013): `x` was measured before the trial, the same for every
/// arm, so that the adjustment cannot move the difference, only narrow it. Slices of equal length.
pub fn cuped(y: &[f64], x: &[f64]) -> Adjusted {
    let n = y.len().min(x.len());
    let (outcome, before) = (Moments::of(&y[..n]), Moments::of(&x[..n]));
    let products: f64 = y.iter().zip(x).map(|(y, x)| (y - outcome.mean) * (x - before.mean)).sum();
    let covariance = products / (n as f64 - 1.0).max(1.0);
    let theta = if before.variance > 0.0 { covariance / before.variance } else { 0.0 };
    let values = y.iter().zip(x).map(|(y, x)| y - theta * (x - before.mean)).collect();
    let explained = theta * covariance;
    let reduction = if outcome.variance > 0.0 { (explained / outcome.variance).clamp(0.0, 1.0) } else { 0.0 };
    Adjusted { theta, values, reduction }
}
