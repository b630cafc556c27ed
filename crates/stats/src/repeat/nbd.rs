//! NBD: buys at a steady rate and never leaves; the baseline under the other models.

use super::search::{Found, Parameter, Start, anchored, maximise};
use super::{Fit, Life, Lives, ahead, half_time_of_pareto};
use crate::special::{digamma, ln_gamma_ratio};

/// Poisson purchases, the rate gamma-distributed (shape `r`, scale `alpha`, both positive), nobody leaves
/// (Ehrenberg 1959). It forecasts too much: never use it alone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Nbd {
    /// Shape of the rates.
    pub r: f64,
    /// Scale of the rates, a time.
    pub alpha: f64,
}

impl Nbd {
    /// Fits by maximum likelihood; without a maximum falls back on a weak prior and says why.
    pub fn fit(lives: &Lives) -> Fit<Nbd> {
        Nbd::fitted(lives, &Start::default())
    }

    /// Fits, beginning at `start`.
    pub fn fit_from(lives: &Lives, start: &Nbd) -> Fit<Nbd> {
        Nbd::fitted(lives, &Start { at: vec![start.r, start.alpha], ..Start::default() })
    }

    fn fitted(lives: &Lives, start: &Start) -> Fit<Nbd> {
        let found = search(lives, start);
        let params = Nbd { r: found.at[0], alpha: found.at[1] };
        let log_likelihood = params.log_likelihood(lives);
        Fit { params, log_likelihood, end: found.end, evaluations: found.evaluations }
    }

    /// The log-likelihood of one life (of its purchase times, so without the count's factorial).
    pub fn ln_likelihood(&self, life: &Life) -> f64 {
        let life = life.tidy();
        let x = f64::from(life.x);
        ln_gamma_ratio(self.r, x) - (self.r + x) * (life.t / self.alpha).ln_1p() - x * self.alpha.ln()
    }

    /// The log-likelihood of all lives.
    pub fn log_likelihood(&self, lives: &Lives) -> f64 {
        log_likelihood(lives, self, &mut [0.0; 2])
    }

    /// The log-likelihood of all lives; `gradient` becomes its derivatives by r, alpha.
    pub fn log_likelihood_gradient(&self, lives: &Lives, gradient: &mut [f64; 2]) -> f64 {
        log_likelihood(lives, self, gradient)
    }

    /// 1: nobody leaves.
    pub fn p_alive(&self, _life: &Life) -> f64 {
        1.0
    }

    /// The chance of at least one purchase within `h` from the end.
    pub fn p_buy(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        -(-(self.r + f64::from(life.x)) * (h / (self.alpha + life.t)).ln_1p()).exp_m1()
    }

    /// The expected number of purchases within `h` from the end.
    pub fn expected(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        (self.r + f64::from(life.x)) / (self.alpha + life.t) * h
    }

    /// The median time from the end to the next purchase, given that it comes within `horizon`.
    pub fn wait(&self, life: &Life, horizon: f64) -> Option<f64> {
        let life = life.tidy();
        half_time_of_pareto(self.r + f64::from(life.x), self.alpha + life.t, horizon)
    }

    /// [`p_buy`](Self::p_buy) of each life; `out` is as long as `lives`.
    pub fn p_buy_each(&self, lives: &[Life], h: f64, out: &mut [f64]) {
        lives.iter().zip(out).for_each(|(life, out)| *out = self.p_buy(life, h));
    }
}

fn search(lives: &Lives, start: &Start) -> Found {
    let unit = if lives.longest() > 0.0 { lives.longest() } else { 1.0 };
    let parameters = [
        Parameter { name: "r", typical: 0.5, low: 1e-4, high: 1e3 },
        Parameter { name: "alpha", typical: 0.3 * unit, low: 1e-7 * unit, high: 1e6 * unit },
    ];
    let f =
        |at: &[f64], gradient: &mut [f64]| log_likelihood(lives, &Nbd { r: at[0], alpha: at[1] }, gradient);
    match lives.nothing_to_learn() {
        Some(reason) => anchored(&parameters, lives.len(), reason, 0, f),
        None => maximise(&parameters, start, lives.len(), f),
    }
}

fn log_likelihood(lives: &Lives, model: &Nbd, gradient: &mut [f64]) -> f64 {
    let Nbd { r, alpha } = *model;
    let at_r = digamma(r);
    let mut sum = 0.0;
    gradient.fill(0.0);
    for block in &lives.blocks {
        sum += block.weight * ln_gamma_ratio(r, block.x);
        gradient[0] += block.weight * (digamma(r + block.x) - at_r);
    }
    for (t, &(ended, counts)) in lives.times.iter().zip(&lives.ends) {
        let log = (t / alpha).ln_1p();
        sum -= (r * ended + counts) * log + counts * alpha.ln();
        gradient[0] -= ended * log;
        gradient[1] += ended * r / alpha - (r * ended + counts) / (alpha + t);
    }
    sum
}
