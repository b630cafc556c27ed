//! Pareto/NBD: buys at a steady rate until an exponential lifetime ends, whenever that is.

use super::quadrature::{NODES_16, NODES_32};
use super::search::{Found, Parameter, Start, anchored, maximise};
use super::{Fit, Life, Lives, ahead, half_time};
use crate::special::{digamma, ln_gamma_ratio};

/// Poisson purchases, the rate gamma-distributed (shape `r`, scale `alpha`), until an exponential lifetime
/// ends, whose rate is gamma-distributed (shape `s`, scale `beta`); all four are positive (Schmittlein,
/// Morrison & Colombo 1987, Management Science 33; likelihood as in Fader & Hardie 2005, "A note on deriving
/// the Pareto/NBD model"). `alpha` and `beta` are in the time unit of the lives.
///
/// The integral over the unseen end of the lifetime is taken by quadrature instead of as a difference of two
/// hypergeometric functions: no cancellation, no overflow, and an exact gradient.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ParetoNbd {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Scale of the purchase rates, a time.
    pub alpha: f64,
    /// Shape of the rates of leaving.
    pub s: f64,
    /// Scale of the rates of leaving, a time.
    pub beta: f64,
}

/// Above this many distinct lives, the search starts from the fit of a part of this size.
const MANY: usize = 10_000;
const PART: usize = 5_000;

impl ParetoNbd {
    /// Fits by maximum likelihood; without a maximum falls back on a weak prior and says why.
    pub fn fit(lives: &Lives) -> Fit<ParetoNbd> {
        let mut start = Start::default();
        if lives.distinct() > MANY {
            let near = search(&lives.thinned(PART), &start);
            start = Start { at: near.at, inverse_hessian: near.inverse_hessian };
        }
        ParetoNbd::fitted(lives, &start)
    }

    /// Fits, beginning at `start`: sooner done if the lives have changed little.
    pub fn fit_from(lives: &Lives, start: &ParetoNbd) -> Fit<ParetoNbd> {
        let at = vec![start.r, start.alpha, start.s, start.beta];
        ParetoNbd::fitted(lives, &Start { at, ..Start::default() })
    }

    fn fitted(lives: &Lives, start: &Start) -> Fit<ParetoNbd> {
        let found = search(lives, start);
        let params = ParetoNbd::at(&found.at);
        let log_likelihood = params.log_likelihood(lives);
        Fit { params, log_likelihood, end: found.end, evaluations: found.evaluations }
    }

    fn at(at: &[f64]) -> ParetoNbd {
        ParetoNbd { r: at[0], alpha: at[1], s: at[2], beta: at[3] }
    }

    /// The log-likelihood of one life.
    pub fn ln_likelihood(&self, life: &Life) -> f64 {
        let life = life.tidy();
        let (x, t_x) = (f64::from(life.x), life.t_x);
        let silence = self.silence(&life);
        ln_gamma_ratio(self.r, x)
            - self.r * (t_x / self.alpha).ln_1p()
            - x * (self.alpha + t_x).ln()
            - self.s * (t_x / self.beta).ln_1p()
            + (silence.here + silence.gone).ln()
    }

    /// The log-likelihood of all lives.
    pub fn log_likelihood(&self, lives: &Lives) -> f64 {
        log_likelihood(lives, self, &mut [0.0; 4])
    }

    /// The log-likelihood of all lives; `gradient` becomes its derivatives by r, alpha, s, beta.
    pub fn log_likelihood_gradient(&self, lives: &Lives, gradient: &mut [f64; 4]) -> f64 {
        log_likelihood(lives, self, gradient)
    }

    /// The chance that the lifetime has not ended yet.
    pub fn p_alive(&self, life: &Life) -> f64 {
        let silence = self.silence(&life.tidy());
        silence.here / (silence.here + silence.gone)
    }

    /// The chance of at least one purchase within `h` from the end: 1 - L(t + h) / L(t); nought unless h > 0.
    pub fn p_buy(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        let c = self.r + f64::from(life.x);
        let next = Silence::new(c, self.s, self.alpha + life.t, self.beta + life.t, h);
        (self.p_alive(&life) * (1.0 - next.here - next.gone)).clamp(0.0, 1.0)
    }

    /// The expected number of purchases within `h` from the end (Schmittlein et al. 1987; Fader & Hardie
    /// 2005, equation 41), also at s = 1.
    pub fn expected(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        let log = (h / (self.beta + life.t)).ln_1p();
        let power = (1.0 - self.s) * log;
        let lasting = if power == 0.0 { log } else { log * power.exp_m1() / power };
        let rate = (self.r + f64::from(life.x)) / (self.alpha + life.t);
        self.p_alive(&life) * rate * (self.beta + life.t) * lasting
    }

    /// The median time from the end to the next purchase, given that it comes within `horizon`: where
    /// `p_buy` is half of what it is at the horizon. `None` if it is nought there.
    pub fn wait(&self, life: &Life, horizon: f64) -> Option<f64> {
        half_time(horizon, |h| self.p_buy(life, h))
    }

    /// [`p_alive`](Self::p_alive) of each life; `out` is as long as `lives`.
    pub fn p_alive_each(&self, lives: &[Life], out: &mut [f64]) {
        lives.iter().zip(out).for_each(|(life, out)| *out = self.p_alive(life));
    }

    /// [`p_buy`](Self::p_buy) of each life; `out` is as long as `lives`.
    pub fn p_buy_each(&self, lives: &[Life], h: f64, out: &mut [f64]) {
        lives.iter().zip(out).for_each(|(life, out)| *out = self.p_buy(life, h));
    }

    /// [`expected`](Self::expected) of each life; `out` is as long as `lives`.
    pub fn expected_each(&self, lives: &[Life], h: f64, out: &mut [f64]) {
        lives.iter().zip(out).for_each(|(life, out)| *out = self.expected(life, h));
    }

    fn silence(&self, life: &Life) -> Silence {
        let c = self.r + f64::from(life.x);
        Silence::new(c, self.s, self.alpha + life.t_x, self.beta + life.t_x, life.t - life.t_x)
    }
}

fn search(lives: &Lives, start: &Start) -> Found {
    let unit = if lives.longest() > 0.0 { lives.longest() } else { 1.0 };
    let (low, high) = (1e-7 * unit, 1e6 * unit);
    let parameters = [
        Parameter { name: "r", typical: 0.6, low: 1e-4, high: 1e3 },
        Parameter { name: "alpha", typical: 0.3 * unit, low, high },
        Parameter { name: "s", typical: 0.5, low: 1e-4, high: 1e3 },
        Parameter { name: "beta", typical: 0.3 * unit, low, high },
    ];
    let f = |at: &[f64], gradient: &mut [f64]| log_likelihood(lives, &ParetoNbd::at(at), gradient);
    match lives.nothing_to_learn() {
        Some(reason) => anchored(&parameters, lives.len(), reason, 0, f),
        None => maximise(&parameters, start, lives.len(), f),
    }
}

/// The log-likelihood of grouped lives and its gradient by r, alpha, s, beta.
fn log_likelihood(lives: &Lives, model: &ParetoNbd, gradient: &mut [f64]) -> f64 {
    let ParetoNbd { r, alpha, s, beta } = *model;
    let logs: Vec<(f64, f64)> =
        lives.times.iter().map(|t| ((t / alpha).ln_1p(), (t / beta).ln_1p())).collect();
    let (at_r, ln_alpha) = (digamma(r), alpha.ln());
    let mut sum = 0.0;
    gradient.fill(0.0);
    for block in &lives.blocks {
        let (x, c) = (block.x, r + block.x);
        sum += block.weight * (ln_gamma_ratio(r, x) - x * ln_alpha);
        gradient[0] += block.weight * (digamma(c) - at_r);
        gradient[1] += block.weight * r / alpha;
        gradient[3] += block.weight * s / beta;
        for row in &lives.rows[block.rows.clone()] {
            let (t_x, t) = (lives.times[row.t_x as usize], lives.times[row.t as usize]);
            let (log_a, log_b) = logs[row.t_x as usize];
            let silence = Silence::new(c, s, alpha + t_x, beta + t_x, t - t_x);
            let both = silence.here + silence.gone;
            sum += row.weight * (both.ln() - c * log_a - s * log_b);
            let share = row.weight / both;
            gradient[0] -= row.weight * log_a + share * silence.ln_a;
            gradient[1] -= share * c * silence.by_a;
            gradient[2] -= row.weight * log_b + share * (silence.ln_b - silence.gone / s);
            gradient[3] -= share * (s * silence.by_b + silence.gone_by_b);
        }
    }
    sum
}

/// The two ways to stay silent for a time `d`, from ages that make the scales `a` (purchases, shape `c`) and
/// `b` (lifetime, shape `s`): still here, or gone at some moment u. With it, over both ways, the sums of
/// ln((a + u) / a), ln((b + u) / b), 1 / (a + u), 1 / (b + u), for the gradient.
#[derive(Default)]
struct Silence {
    here: f64,
    gone: f64,
    ln_a: f64,
    ln_b: f64,
    by_a: f64,
    by_b: f64,
    /// The part of `by_b` from those who are gone.
    gone_by_b: f64,
}

impl Silence {
    fn new(c: f64, s: f64, a: f64, b: f64, d: f64) -> Silence {
        let (log_a, log_b) = ((d / a).ln_1p(), (d / b).ln_1p());
        let here = (-c * log_a - s * log_b).exp();
        let gone = match b <= a {
            true => Gone { front: s, near: s, far: c, ratio: b / a, top: log_b },
            false => Gone { front: s * a / b, near: c - 1.0, far: s + 1.0, ratio: a / b, top: log_a },
        };
        let [all, near, far, by_near, by_far] = gone.integrals();
        let (ln_a, ln_b, by_a, by_b) =
            if b <= a { (far, near, by_far, by_near) } else { (near, far, by_near, by_far) };
        Silence {
            here,
            gone: all,
            ln_a: ln_a + here * log_a,
            ln_b: ln_b + here * log_b,
            by_a: by_a / a + here / (a + d),
            by_b: by_b / b + here / (b + d),
            gone_by_b: by_b / b,
        }
    }
}

/// front * integral of e^(-near v) (1 + ratio (e^v - 1))^-far over v from 0 to `top`: the chance to be gone,
/// over v = ln(1 + u / the smaller scale), where the integrand is smooth and its logarithm concave.
struct Gone {
    front: f64,
    near: f64,
    far: f64,
    ratio: f64,
    top: f64,
}

impl Gone {
    /// The integral; those of v and of ln(1 + ratio (e^v - 1)) under it; those of their e^-.
    fn integrals(&self) -> [f64; 5] {
        /// What lies e^-40 below the start is nought.
        const DROP: f64 = 40.0;
        let mut top = self.top;
        if self.near >= 0.0 {
            top = top.min(DROP / self.near).min(((DROP / self.far).exp_m1() / self.ratio).ln_1p());
        }
        let drop = self.near * top + self.far * (self.ratio * top.exp_m1()).ln_1p();
        let nodes: &[(f64, f64)] = if top <= 3.0 && drop <= 30.0 { &*NODES_16 } else { &*NODES_32 };
        let panels = (top / 6.0).ceil().max(1.0);
        let width = top / panels;
        let mut sums = [0.0; 5];
        for panel in 0..panels as u32 {
            for (at, weight) in nodes {
                let v = width * (f64::from(panel) + at);
                let grown = v.exp_m1();
                let far = 1.0 + self.ratio * grown;
                let ln_far = far.ln();
                let mass = weight * (-self.near * v - self.far * ln_far).exp();
                sums[0] += mass;
                sums[1] += mass * v;
                sums[2] += mass * ln_far;
                sums[3] += mass / (1.0 + grown);
                sums[4] += mass / far;
            }
        }
        sums.map(|sum| sum * width * self.front)
    }
}
