//! BG/BB: buys or not at each of a number of opportunities, until it is over.

use super::Fit;
use super::search::{Found, Parameter, Start, anchored, maximise};
use crate::special::ln_beta;
use std::collections::BTreeMap;

/// What one repeat buyer did with the opportunities after the first purchase: `x` of `n` taken, the last of
/// them at opportunity `t_x` (0 if none).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Chances {
    /// Opportunities taken.
    pub x: u32,
    /// The last one taken, counted from 1; 0 if none.
    pub t_x: u32,
    /// Opportunities in all.
    pub n: u32,
}

impl Chances {
    /// The nearest that can be: x <= t_x <= n, and t_x = 0 just where x = 0.
    fn tidy(self) -> Chances {
        let t_x = self.t_x.min(self.n);
        let x = self.x.min(t_x);
        Chances { x, t_x: if x == 0 { 0 } else { t_x }, n: self.n }
    }
}

/// Each opportunity is taken with a chance p ~ Beta(`alpha`, `beta`) while it lasts, and it ends before an
/// opportunity with a chance ~ Beta(`gamma`, `delta`); all positive (Fader, Hardie & Shang 2010, Marketing
/// Science 29). For subscriptions and known delivery slots.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BetaBernoulli {
    /// With `beta`, the spread of the chance to take an opportunity; its mean is alpha / (alpha + beta).
    pub alpha: f64,
    /// See `alpha`.
    pub beta: f64,
    /// With `delta`, the spread of the chance to end; its mean is gamma / (gamma + delta).
    pub gamma: f64,
    /// See `gamma`.
    pub delta: f64,
}

impl BetaBernoulli {
    /// Fits on rows with their weights (how many are alike) by maximum likelihood; without a maximum falls
    /// back on a weak prior and says why.
    pub fn fit(rows: &[(Chances, f64)]) -> Fit<BetaBernoulli> {
        let rows = grouped(rows);
        let found = search(&rows);
        let params = BetaBernoulli::at(&found.at);
        let log_likelihood = log_likelihood(&rows, &params, &mut [0.0; 4]);
        Fit { params, log_likelihood, end: found.end, evaluations: found.evaluations }
    }

    fn at(at: &[f64]) -> BetaBernoulli {
        BetaBernoulli { alpha: at[0], beta: at[1], gamma: at[2], delta: at[3] }
    }

    /// The log-likelihood of one row (of one order of takings, so without a binomial factor).
    pub fn ln_likelihood(&self, chances: &Chances) -> f64 {
        let silence = Silence::new(self, chances.tidy());
        silence.ln_scale + (silence.here + silence.gone).ln()
    }

    /// The log-likelihood of weighted rows; `gradient` becomes its derivatives by alpha, beta, gamma, delta.
    pub fn log_likelihood_gradient(&self, rows: &[(Chances, f64)], gradient: &mut [f64; 4]) -> f64 {
        log_likelihood(&grouped(rows), self, gradient)
    }

    /// The chance that it has not ended by the last opportunity seen (the paper's P(alive) is for the next
    /// one: this times (delta + n) / (gamma + delta + n)).
    pub fn p_alive(&self, chances: &Chances) -> f64 {
        let silence = Silence::new(self, chances.tidy());
        silence.here / (silence.here + silence.gone)
    }

    /// The chance to take at least one of the next `h` opportunities: 1 - L(n + h) / L(n).
    pub fn p_buy(&self, chances: &Chances, h: u32) -> f64 {
        self.ahead(chances, h).0
    }

    /// The expected number taken of the next `h` opportunities (Fader, Hardie & Shang 2010, equation 13, as
    /// a sum, so that gamma = 1 is nothing special).
    pub fn expected(&self, chances: &Chances, h: u32) -> f64 {
        self.ahead(chances, h).1
    }

    /// Chance of one at least, and expected number, of the next `h`.
    fn ahead(&self, chances: &Chances, h: u32) -> (f64, f64) {
        let chances = chances.tidy();
        let [x, n] = [chances.x, chances.n].map(f64::from);
        let (mut lasts, mut refused) = (1.0, 1.0);
        let (mut first, mut count) = (0.0, 0.0);
        let taken = (self.alpha + x) / (self.alpha + self.beta + n);
        for j in 0..h {
            let at = n + f64::from(j);
            lasts *= (self.delta + at) / (self.gamma + self.delta + at);
            // Refused so far, then taken: the beta posterior after `j` refusals more.
            first += lasts * refused * (self.alpha + x) / (self.alpha + self.beta + at);
            refused *= (self.beta + at - x) / (self.alpha + self.beta + at);
            count += lasts * taken;
        }
        let alive = self.p_alive(&chances);
        ((alive * first).clamp(0.0, 1.0), alive * count)
    }
}

/// The two ways to have been silent since `t_x`: still here, or gone at one of the opportunities since; both
/// over e^`ln_scale`. The gradient of their sum's logarithm by the four parameters goes with it.
struct Silence {
    ln_scale: f64,
    here: f64,
    gone: f64,
}

impl Silence {
    fn new(model: &BetaBernoulli, chances: Chances) -> Silence {
        Silence::with_gradient(model, chances, |_, _| {})
    }

    /// `term(i, mass)` is told each way: gone before opportunity t_x + i + 1, or (i = n - t_x) still here.
    fn with_gradient(model: &BetaBernoulli, chances: Chances, mut term: impl FnMut(u32, f64)) -> Silence {
        let BetaBernoulli { alpha, beta, gamma, delta } = *model;
        let [x, t_x, n] = [chances.x, chances.t_x, chances.n].map(f64::from);
        let front = -ln_beta(alpha, beta) - ln_beta(gamma, delta);
        let ln_here = ln_beta(alpha + x, beta + n - x) + ln_beta(gamma, delta + n);
        let ln_first = ln_beta(alpha + x, beta + t_x - x) + ln_beta(gamma + 1.0, delta + t_x);
        let silent = chances.n - chances.t_x;
        let ln_scale = if silent > 0 { ln_first.max(ln_here) } else { ln_here };
        let (mut gone, mut mass) = (0.0, (ln_first - ln_scale).exp());
        for i in 0..silent {
            term(i, mass);
            gone += mass;
            let at = t_x + f64::from(i);
            mass *= (beta + at - x) / (alpha + beta + at) * (delta + at) / (gamma + 1.0 + delta + at);
        }
        let here = (ln_here - ln_scale).exp();
        term(silent, here);
        Silence { ln_scale: front + ln_scale, here, gone }
    }
}

/// Equal rows once; what has no positive weight is left out.
fn grouped(rows: &[(Chances, f64)]) -> BTreeMap<Chances, f64> {
    let mut grouped = BTreeMap::new();
    for (chances, weight) in rows.iter().filter(|(_, weight)| *weight > 0.0 && weight.is_finite()) {
        *grouped.entry(chances.tidy()).or_insert(0.0) += weight;
    }
    grouped
}

fn search(rows: &BTreeMap<Chances, f64>) -> Found {
    let names = [("alpha", 1.0), ("beta", 1.0), ("gamma", 0.7), ("delta", 2.5)];
    let parameters = names.map(|(name, typical)| Parameter { name, typical, low: 1e-4, high: 1e4 });
    let weight = rows.values().sum();
    let f = |at: &[f64], gradient: &mut [f64]| log_likelihood(rows, &BetaBernoulli::at(at), gradient);
    let reason = if rows.is_empty() {
        "there are no rows"
    } else if rows.keys().all(|chances| chances.n == 0) {
        "there has been no opportunity yet"
    } else if rows.keys().all(|chances| chances.x == 0) {
        "no opportunity was ever taken"
    } else {
        return maximise(&parameters, &Start::default(), weight, f);
    };
    anchored(&parameters, weight, reason.into(), 0, f)
}

/// The log-likelihood of grouped rows and its gradient by alpha, beta, gamma, delta.
fn log_likelihood(rows: &BTreeMap<Chances, f64>, model: &BetaBernoulli, gradient: &mut [f64]) -> f64 {
    let BetaBernoulli { alpha, beta, gamma, delta } = *model;
    let most = rows.keys().map(|chances| chances.n).max().unwrap_or(0) as usize;
    // ln Gamma's derivative at each parameter plus a whole number, less that at the parameter.
    let rise = |from: f64| -> Vec<f64> {
        (0..=most + 1)
            .scan(0.0, |sum, i| Some(std::mem::replace(sum, *sum + 1.0 / (from + i as f64))))
            .collect()
    };
    let [at_alpha, at_beta, at_ab] = [alpha, beta, alpha + beta].map(rise);
    let [at_delta, at_gd] = [delta, gamma + delta].map(rise);
    let once = 1.0 / gamma;
    let mut sum = 0.0;
    gradient.fill(0.0);
    for (&chances, &weight) in rows {
        let (x, t_x, n) = (chances.x as usize, chances.t_x as usize, chances.n as usize);
        let mut slopes = [0.0; 4];
        let silence = Silence::with_gradient(model, chances, |i, mass| {
            let at = t_x + i as usize;
            let ended = usize::from(at < n);
            slopes[0] += mass * (at_alpha[x] - at_ab[at]);
            slopes[1] += mass * (at_beta[at - x] - at_ab[at]);
            slopes[2] += mass * (once * ended as f64 - at_gd[at + ended]);
            slopes[3] += mass * (at_delta[at] - at_gd[at + ended]);
        });
        let both = silence.here + silence.gone;
        sum += weight * (silence.ln_scale + both.ln());
        gradient.iter_mut().zip(slopes).for_each(|(g, slope)| *g += weight * slope / both);
    }
    sum
}
