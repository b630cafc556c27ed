//! Partial pooling: groups with little evidence borrow from all groups together.

use super::{Interval, z_of};

/// Several groups' estimates, each drawn towards the mean of all as far as its own error asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// The mean over groups, with its interval.
    pub mean: Interval,
    /// How much the groups truly differ (standard deviation); 0 where their errors explain everything.
    pub spread: f64,
    /// Per group, in the order given: the shrunk estimate with its interval.
    pub groups: Vec<Interval>,
    /// Per group, how much of its own estimate was kept: 0 nothing, 1 all.
    pub kept: Vec<f64>,
}

/// Normal-normal empirical Bayes over (estimate, standard error) per group; the spread by Paule and Mandel
/// (1982), intervals with the error of the mean added (Morris 1983, without his factor for the error of the
/// spread itself). A group whose numbers are not finite or whose error is not above 0 has no evidence: it gets
/// the mean of all, as wide as the groups spread. None where no group has evidence.
pub fn pool(groups: &[(f64, f64)], level: f64) -> Option<Pooled> {
    let evident = |g: &(f64, f64)| g.0.is_finite() && g.1.is_finite() && g.1 > 0.0;
    let seen: Vec<(f64, f64)> = groups.iter().copied().filter(evident).collect();
    if seen.is_empty() {
        return None;
    }
    let between = spread(&seen);
    let (mean, weight) = weighted(&seen, between);
    let z = z_of(level);
    let shrunk = groups.iter().map(|group| {
        let kept = if evident(group) { between / (between + group.1 * group.1) } else { 0.0 };
        let own = if evident(group) { kept * group.1 * group.1 } else { between };
        let value = if evident(group) { kept * group.0 + (1.0 - kept) * mean } else { mean };
        let variance = own + (1.0 - kept) * (1.0 - kept) / weight;
        (Interval::around(value, z * variance.sqrt()), kept)
    });
    let (groups, kept) = shrunk.unzip();
    Some(Pooled { mean: Interval::around(mean, z / weight.sqrt()), spread: between.sqrt(), groups, kept })
}

/// The mean with weights 1 / (spread^2 + error^2), and the sum of the weights.
fn weighted(seen: &[(f64, f64)], between: f64) -> (f64, f64) {
    let weights = seen.iter().map(|(value, error)| (value, 1.0 / (between + error * error)));
    let (sum, weight) = weights.fold((0.0, 0.0), |(s, w), (value, wi)| (s + wi * value, w + wi));
    (sum / weight, weight)
}

/// The variance between groups at which the weighted squares are what chance would leave (k - 1).
fn spread(seen: &[(f64, f64)]) -> f64 {
    let excess = |between: f64| {
        let (mean, _) = weighted(seen, between);
        let squares = seen.iter().map(|(v, e)| (v - mean) * (v - mean) / (between + e * e));
        squares.sum::<f64>() - (seen.len() as f64 - 1.0)
    };
    if seen.len() < 2 || excess(0.0) <= 0.0 {
        return 0.0;
    }
    let (mean, _) = weighted(seen, 0.0);
    let (mut low, mut high) = (0.0, seen.iter().map(|(v, _)| (v - mean) * (v - mean)).sum::<f64>());
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// What is believed after measuring: a prior (mean, standard deviation) and an estimate (value, standard
/// error), each weighted by its precision. An estimate without evidence leaves the prior.
pub fn blend(prior: (f64, f64), estimate: (f64, f64), level: f64) -> Interval {
    let z = z_of(level);
    let (wide, error) = (prior.1.max(0.0), estimate.1);
    if !estimate.0.is_finite() || !error.is_finite() || error <= 0.0 || wide == 0.0 {
        return Interval::around(prior.0, z * wide);
    }
    let kept = wide * wide / (wide * wide + error * error);
    Interval::around(prior.0 + kept * (estimate.0 - prior.0), z * kept.sqrt() * error)
}
