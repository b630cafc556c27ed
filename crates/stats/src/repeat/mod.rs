//! Models of who comes back: fitted on counts and times of repeat purchases, asked for chances and counts.

mod beta_bernoulli;
mod beta_geometric;
mod count;
mod gamma_gamma;
mod lives;
mod nbd;
mod pareto;
mod quadrature;
mod search;

pub use crate::descent::End;
pub use beta_bernoulli::{BetaBernoulli, Chances};
pub use beta_geometric::BetaGeometric;
pub use gamma_gamma::GammaGamma;
pub use lives::{Life, Lives};
pub use nbd::Nbd;
pub use pareto::ParetoNbd;

/// A fitted model.
#[derive(Clone, PartialEq, Debug)]
pub struct Fit<P> {
    /// Finite and usable, however the fit ended.
    pub params: P,
    /// The log-likelihood of the data at `params`, in the data's own time unit.
    pub log_likelihood: f64,
    /// Whether `params` are the maximum-likelihood estimate; if not, why not.
    pub end: End,
    /// Passes over the whole data.
    pub evaluations: u32,
}

/// A horizon that can be: what is not above nought is nought, and there is no eternity.
fn ahead(h: f64) -> f64 {
    if h > 0.0 { h.min(1e100) } else { 0.0 }
}

/// The time within which the chance reaches half of what it is at `horizon`, to 1e-10 relative; `None` if it
/// is nought there. `chance` must not fall.
fn half_time(horizon: f64, chance: impl Fn(f64) -> f64) -> Option<f64> {
    let goal = 0.5 * chance(horizon);
    if !(goal > 0.0 && horizon.is_finite()) {
        return None;
    }
    let (mut low, mut high) = (0.0, horizon);
    let (mut below, mut above) = (-goal, goal);
    let mut last = 0;
    // The Illinois rule: false position, but an end that stays twice counts half.
    for _ in 0..200 {
        let share = (below / (below - above)).clamp(1e-9, 1.0 - 1e-9);
        let middle = low + share * (high - low);
        let value = chance(middle) - goal;
        if value.abs() <= 1e-11 * goal || high - low <= 1e-10 * high {
            return Some(middle);
        }
        if value < 0.0 {
            (low, below) = (middle, value);
            above *= if last == -1 { 0.5 } else { 1.0 };
            last = -1;
        } else {
            (high, above) = (middle, value);
            below *= if last == 1 { 0.5 } else { 1.0 };
            last = 1;
        }
    }
    Some(0.5 * (low + high))
}

/// [`half_time`] of the chance 1 - (1 + h / scale)^-shape, times anything.
fn half_time_of_pareto(shape: f64, scale: f64, horizon: f64) -> Option<f64> {
    let half = -0.5 * (-shape * (horizon / scale).ln_1p()).exp_m1();
    let wait = scale * (-(-half).ln_1p() / shape).exp_m1();
    (half > 0.0 && wait.is_finite() && horizon.is_finite()).then_some(wait)
}
