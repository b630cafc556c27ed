//! How every model here is fitted: maximum likelihood over logarithms, with a named way out.

use crate::descent::{End, Minimum, minimise_warm};

/// One parameter to be found, by its logarithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub name: &'static str,
    /// Where the search starts, and the centre of the weak prior of the way out.
    pub typical: f64,
    /// A maximum outside of these is no maximum but a likelihood that goes on rising.
    pub low: f64,
    pub high: f64,
}

/// Per-life gradients below this, relative to the value per life, count as nought.
const TOLERANCE: f64 = 2e-9;
const MOST_EVALUATIONS: u32 = 200;
/// The weak prior: log-normal around the typical value, one standard deviation a factor of 20.
const PRIOR_SD: f64 = 3.0;
/// Further than this factor of e^9 from the typical value, the weak prior is as strong as the data.
const FENCE: f64 = 9.0;
/// How far from the typical logarithm the search may look at all.
const WALL: f64 = 25.0;

/// Where a search ended, in parameters rather than logarithms.
pub(super) struct Found {
    pub at: Vec<f64>,
    pub end: End,
    pub evaluations: u32,
    pub inverse_hessian: Vec<f64>,
}

/// A start for a search, as a search over a part of the data left it.
#[derive(Clone, Default)]
pub(super) struct Start {
    pub at: Vec<f64>,
    pub inverse_hessian: Vec<f64>,
}

impl Start {
    /// Where a search over other lives ended.
    pub(super) fn after(found: Found) -> Start {
        Start { at: found.at, inverse_hessian: found.inverse_hessian }
    }
}

/// Maximises `log_likelihood(parameters, gradient)` over positive parameters. The gradient is by the
/// parameters themselves; `weight` is how many observations the sum is over. If there is no maximum inside
/// the limits, the answer is the mode under a weak prior, and says why.
pub(super) fn maximise(
    parameters: &[Parameter],
    start: &Start,
    weight: f64,
    mut log_likelihood: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Found {
    let usable = start.at.len() == parameters.len() && start.at.iter().all(|p| p.is_finite() && *p > 0.0);
    let from: Vec<f64> = match usable {
        true => start.at.iter().map(|p| p.ln()).collect(),
        false => parameters.iter().map(|p| p.typical.ln()).collect(),
    };
    let plain = descend(parameters, &from, &start.inverse_hessian, weight, 0.0, &mut log_likelihood);
    let reason = match (&plain.end, endless(parameters, &plain.at)) {
        (_, Some(reason)) => reason,
        (End::Converged, None) => return found(plain, End::Converged, 0),
        (End::FellBack(why), None) => why.clone(),
    };
    let calls = plain.evaluations;
    anchored(parameters, weight, reason, calls, log_likelihood)
}

/// The mode under a weak prior around the typical values: what is used where the likelihood alone gives no
/// answer, for the `reason` given.
pub(super) fn anchored(
    parameters: &[Parameter],
    weight: f64,
    reason: String,
    calls: u32,
    mut log_likelihood: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Found {
    let typical: Vec<f64> = parameters.iter().map(|p| p.typical.ln()).collect();
    let mode = descend(parameters, &typical, &[], weight, 1.0, &mut log_likelihood);
    found(mode, End::FellBack(format!("{reason}; a weak prior around typical values decided")), calls)
}

fn found(minimum: Minimum, end: End, calls: u32) -> Found {
    Found {
        at: minimum.at.iter().map(|log| log.exp()).collect(),
        end,
        evaluations: calls + minimum.evaluations,
        inverse_hessian: minimum.inverse_hessian,
    }
}

/// Minus the log-likelihood per observation, with `prior` times the weak prior's penalty.
fn descend(
    parameters: &[Parameter],
    from: &[f64],
    inverse_hessian: &[f64],
    weight: f64,
    prior: f64,
    log_likelihood: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Minimum {
    let weight = weight.max(1.0);
    minimise_warm(from, inverse_hessian, TOLERANCE, MOST_EVALUATIONS, |logs, gradient| {
        let away = |i: usize| logs[i] - parameters[i].typical.ln();
        if (0..logs.len()).any(|i| away(i).abs() > WALL) {
            return f64::INFINITY;
        }
        let at: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let value = log_likelihood(&at, gradient);
        let mut penalty = 0.0;
        for i in 0..logs.len() {
            let beyond = weight * (away(i) - away(i).clamp(-FENCE, FENCE));
            penalty += 0.5 * prior * ((away(i) / PRIOR_SD).powi(2) + beyond * beyond / weight);
            gradient[i] = (prior * (away(i) / PRIOR_SD.powi(2) + beyond) - gradient[i] * at[i]) / weight;
        }
        (penalty - value) / weight
    })
}

/// The parameters that left their limits, in words.
fn endless(parameters: &[Parameter], logs: &[f64]) -> Option<String> {
    let leaving: Vec<String> = parameters
        .iter()
        .zip(logs)
        .filter_map(|(parameter, log)| match log.exp() {
            value if value > parameter.high => Some(format!("{} grows", parameter.name)),
            value if value < parameter.low => Some(format!("{} shrinks", parameter.name)),
            _ => None,
        })
        .collect();
    let leaving = (!leaving.is_empty()).then(|| leaving.join(", "))?;
    Some(format!("the likelihood has no peak, it rises without end ({leaving})"))
}
