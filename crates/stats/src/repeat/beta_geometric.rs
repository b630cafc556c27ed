//! BG/NBD, MBG/NBD and their kin with regular (Erlang-k) gaps.

use super::count::expected_until_dropout;
use super::search::{Found, Parameter, Start, anchored, maximise};
use super::{Fit, Life, Lives, ahead, half_time, half_time_of_pareto};
use crate::special::{digamma, ln_gamma, ln_gamma_ratio, sigmoid, softplus};

/// Buys with Erlang-k gaps, the rate of whose phases is gamma-distributed (shape `r`, scale `alpha`), until
/// a purchase is the last; the chance of that is beta-distributed (`a`, `b`). All four are positive.
///
/// BG/NBD (Fader, Hardie & Lee 2005, Marketing Science 24) is `k` = 1; MBG/NBD (Batislam, Denizel &
/// Filiztekin 2007, IJRM 24) is `modified`: the first purchase too may be the last. `k` > 1 is (M)BG/CNBD-k
/// (Reutterer, Platzer & Schröder 2021, IJRM 38). `alpha` is in the time unit of the lives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BetaGeometric {
    /// Phases per gap: 1 for chance purchases, more for regular ones; 0 counts as 1.
    pub k: u32,
    /// Whether the first purchase too may be the last.
    pub modified: bool,
    /// Shape of the rates.
    pub r: f64,
    /// Scale of the rates, a time.
    pub alpha: f64,
    /// With `b`, the spread of the chance that a purchase is the last; its mean is a / (a + b).
    pub a: f64,
    /// See `a`.
    pub b: f64,
}

/// Above twice as many distinct lives, the search begins on a part of this size; above twice the second
/// number it goes on, from what it found, on a part of that size.
const COARSE: usize = 1_000;
const FINE: usize = 12_000;

impl BetaGeometric {
    /// Fits by maximum likelihood; `k` is given (0 counts as 1), the other parameters are found. Without a
    /// maximum (nobody bought twice, all alike, ...) falls back on a weak prior and says why.
    pub fn fit(lives: &Lives, k: u32, modified: bool) -> Fit<BetaGeometric> {
        let k = k.max(1);
        let part = |size: usize| (lives.distinct() > 2 * size).then(|| lives.thinned(size));
        let Some(coarse) = part(COARSE) else {
            return fitted(lives, k, modified, highest(lives, k, modified));
        };
        let mut near = highest(&coarse, k, modified);
        if let Some(fine) = part(FINE) {
            near = search(&fine, k, modified, &Start::after(near));
        }
        fitted(lives, k, modified, search(lives, k, modified, &Start::after(near)))
    }

    /// Fits `start`'s kind of model, beginning at `start`: sooner done if the lives have changed little.
    pub fn fit_from(lives: &Lives, start: &BetaGeometric) -> Fit<BetaGeometric> {
        let at = vec![start.r, start.alpha, start.a, start.b];
        let start_at = Start { at, ..Start::default() };
        let k = start.k.max(1);
        fitted(lives, k, start.modified, search(lives, k, start.modified, &start_at))
    }

    /// The log-likelihood of one life.
    pub fn ln_likelihood(&self, life: &Life) -> f64 {
        let life = life.tidy();
        let (x, k) = (f64::from(life.x), f64::from(self.k.max(1)));
        let from_count = ln_gamma_ratio(self.b, x + self.first())
            - ln_gamma_ratio(self.a + self.b, x + self.first())
            + ln_gamma_ratio(self.r, k * x)
            - x * ln_gamma(k);
        let from_end = -(self.r + k * x) * (life.t / self.alpha).ln_1p() - k * x * self.alpha.ln();
        let (gone, here) = self.gone_and_here(&life);
        (k - 1.0) * life.litt + from_count + from_end + here.ln() + softplus(gone - here.ln())
    }

    /// The log-likelihood of all lives.
    pub fn log_likelihood(&self, lives: &Lives) -> f64 {
        log_likelihood(lives, self, &mut [0.0; 4])
    }

    /// The log-likelihood of all lives; `gradient` becomes its derivatives by r, alpha, a, b.
    pub fn log_likelihood_gradient(&self, lives: &Lives, gradient: &mut [f64; 4]) -> f64 {
        log_likelihood(lives, self, gradient)
    }

    /// The chance that a purchase has not been the last yet. Not a rank for the dormant: with `modified`
    /// off, it is 1 for all who bought once.
    pub fn p_alive(&self, life: &Life) -> f64 {
        let (gone, here) = self.gone_and_here(&life.tidy());
        here / (gone.exp() + here)
    }

    /// The chance of at least one purchase within `h` from the end: 1 - L(t + h) / L(t); nought unless h > 0.
    pub fn p_buy(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        let (gone, here) = self.gone_and_here(&life);
        let c = self.r + f64::from(self.k.max(1)) * f64::from(life.x);
        let mut log = -c * (h / (self.alpha + life.t)).ln_1p();
        if self.k > 1 {
            log += (self.phases(&life, life.t + h).sum / here).ln();
        }
        (-log.exp_m1() * here / (gone.exp() + here)).clamp(0.0, 1.0)
    }

    /// The expected number of purchases within `h` from the end. Exact for k = 1 (Fader, Hardie & Lee 2005,
    /// equation 10; Batislam et al. 2007), also near a = 1. For k > 1 the approximation of R's BTYDplus
    /// before its bias correction: the k = 1 count with scale k alpha and shape r + x, times P(alive).
    pub fn expected(&self, life: &Life, h: f64) -> f64 {
        let (life, h) = (life.tidy(), ahead(h));
        let x = f64::from(life.x);
        let g = h / (f64::from(self.k.max(1)) * self.alpha + life.t);
        self.p_alive(&life) * expected_until_dropout(self.a, self.b + x + self.first(), self.r + x, g)
    }

    /// The median time from the end to the next purchase, given that it comes within `horizon`: where
    /// `p_buy` is half of what it is at the horizon. `None` if it is nought there.
    pub fn wait(&self, life: &Life, horizon: f64) -> Option<f64> {
        if self.p_buy(life, horizon) <= 0.0 {
            return None;
        }
        if self.k <= 1 {
            let life = life.tidy();
            return half_time_of_pareto(self.r + f64::from(life.x), self.alpha + life.t, horizon);
        }
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

    /// 1 if the first purchase too may be the last.
    fn first(&self) -> f64 {
        f64::from(u8::from(self.modified))
    }

    /// The two ways to have been silent since `t_x`, both relative to the same: ln of "the last purchase
    /// was the last" (minus infinity where it cannot have been), and "still in the next gap".
    fn gone_and_here(&self, life: &Life) -> (f64, f64) {
        let here = if self.k > 1 { self.phases(life, life.t).sum } else { 1.0 };
        let last = self.b + f64::from(life.x) - 1.0 + self.first();
        if life.x == 0 && !self.modified {
            return (f64::NEG_INFINITY, here);
        }
        let c = self.r + f64::from(self.k.max(1)) * f64::from(life.x);
        ((self.a / last).ln() + c * ((life.t - life.t_x) / (self.alpha + life.t_x)).ln_1p(), here)
    }

    /// The phases of the gap that is open at age `t`.
    fn phases(&self, life: &Life, t: f64) -> Phases {
        let c = self.r + f64::from(self.k) * f64::from(life.x);
        Phases::of(self.k, c, (t - life.t_x) / (self.alpha + t))
    }
}

/// sum over j < k of (c)_j z^j / j!: fewer than k phases since the last purchase.
struct Phases {
    sum: f64,
    /// Its derivative by c.
    by_c: f64,
    /// z times its derivative by z.
    by_z: f64,
}

impl Phases {
    fn of(k: u32, c: f64, z: f64) -> Phases {
        let (mut term, mut harmonic) = (1.0, 0.0);
        let mut phases = Phases { sum: 1.0, by_c: 0.0, by_z: 0.0 };
        for j in 1..k {
            let j = f64::from(j);
            harmonic += 1.0 / (c + j - 1.0);
            term *= (c + j - 1.0) * z / j;
            phases.sum += term;
            phases.by_c += term * harmonic;
            phases.by_z += term * j;
        }
        phases
    }
}

fn fitted(lives: &Lives, k: u32, modified: bool, found: Found) -> Fit<BetaGeometric> {
    let params = with(k, modified, &found.at);
    Fit {
        params,
        log_likelihood: params.log_likelihood(lives),
        end: found.end,
        evaluations: found.evaluations,
    }
}

/// The higher peak. With `modified` there may be two: nearly everybody stays for long, or a life is over
/// at once or never (`a` and `b` well below 1).
fn highest(lives: &Lives, k: u32, modified: bool) -> Found {
    let usual = search(lives, k, modified, &Start::default());
    if !modified || !usual.end.converged() {
        return usual;
    }
    let at = vec![1.0, 0.3 * lives.longest() / f64::from(k), 0.1, 0.1];
    let torn = search(lives, k, modified, &Start { at, ..Start::default() });
    let height = |found: &Found| with(k, modified, &found.at).log_likelihood(lives);
    if torn.end.converged() && height(&torn) > height(&usual) { torn } else { usual }
}

fn with(k: u32, modified: bool, at: &[f64]) -> BetaGeometric {
    BetaGeometric { k, modified, r: at[0], alpha: at[1], a: at[2], b: at[3] }
}

fn search(lives: &Lives, k: u32, modified: bool, start: &Start) -> Found {
    // The typical scale makes time relative to the longest life, whatever the unit.
    let unit = if lives.longest() > 0.0 { lives.longest() } else { 1.0 };
    let scale = 0.3 * unit / f64::from(k);
    let parameters = [
        Parameter { name: "r", typical: 0.5, low: 1e-4, high: 1e3 },
        Parameter { name: "alpha", typical: scale, low: 1e-7 * unit, high: 1e6 * unit },
        Parameter { name: "a", typical: 0.8, low: 1e-4, high: 1e3 },
        Parameter { name: "b", typical: 2.0, low: 1e-4, high: 1e4 },
    ];
    let f = |at: &[f64], gradient: &mut [f64]| log_likelihood(lives, &with(k, modified, at), gradient);
    match lives.nothing_to_learn() {
        Some(reason) => anchored(&parameters, lives.len(), reason, 0, f),
        None => maximise(&parameters, start, lives.len(), f),
    }
}

/// The log-likelihood of grouped lives and its gradient by r, alpha, a, b. What depends on a life's count
/// or end only is taken once per distinct count or age; a row costs one exp and one ln.
fn log_likelihood(lives: &Lives, model: &BetaGeometric, gradient: &mut [f64]) -> f64 {
    let BetaGeometric { r, alpha, a, b, .. } = *model;
    let (k, first) = (f64::from(model.k.max(1)), model.first());
    let logs: Vec<f64> = lives.times.iter().map(|t| (t / alpha).ln_1p()).collect();
    let inverse: Vec<f64> = lives.times.iter().map(|t| 1.0 / (alpha + t)).collect();
    let mut sum = (k - 1.0) * lives.sum_litt;
    gradient.fill(0.0);
    for (i, &(lives_ended, counts)) in lives.ends.iter().enumerate() {
        let c = r * lives_ended + k * counts;
        sum -= c * logs[i] + k * counts * alpha.ln();
        gradient[0] -= lives_ended * logs[i];
        gradient[1] += lives_ended * r / alpha - c * inverse[i];
    }
    let (at_r, at_b, at_ab) = (digamma(r), digamma(b), digamma(a + b));
    for block in &lives.blocks {
        let (n, c) = (block.x + first, r + k * block.x);
        sum += block.weight
            * (ln_gamma_ratio(b, n) - ln_gamma_ratio(a + b, n) + ln_gamma_ratio(r, k * block.x)
                - block.x * ln_gamma(k));
        let of_sum = digamma(a + b + n) - at_ab;
        gradient[0] += block.weight * (digamma(c) - at_r);
        gradient[2] -= block.weight * of_sum;
        gradient[3] += block.weight * (digamma(b + n) - at_b - of_sum);
        let last = b + n - 1.0;
        let may_be_gone = if n > 0.0 { (a / last).ln() } else { f64::NEG_INFINITY };
        if model.k <= 1 && n == 0.0 {
            continue;
        }
        let rows = Rows { lives, logs: &logs, inverse: &inverse, c, gone: may_be_gone };
        let (value, by_c, by_alpha, weight_gone) = if model.k <= 1 {
            rows.simple(block.rows.clone())
        } else {
            rows.regular(model.k, block.rows.clone())
        };
        sum += value;
        gradient[0] += by_c;
        gradient[1] += by_alpha;
        if n > 0.0 {
            gradient[2] += weight_gone / a;
            gradient[3] -= weight_gone / last;
        }
    }
    sum
}

/// The rows of one count, with ln(1 + age / alpha) and 1 / (alpha + age) for each distinct age.
struct Rows<'a> {
    lives: &'a Lives,
    logs: &'a [f64],
    inverse: &'a [f64],
    c: f64,
    /// ln of the odds of having been the last.
    gone: f64,
}

impl Rows<'_> {
    /// Sums of ln(S1 + 1), its derivatives by c and alpha, and S1's share in it.
    fn simple(&self, range: std::ops::Range<usize>) -> (f64, f64, f64, f64) {
        let (mut value, mut by_c, mut by_alpha, mut gone) = (0.0, 0.0, 0.0, 0.0);
        let mut product = 1.0;
        for row in &self.lives.rows[range] {
            let (t, t_x) = (row.t as usize, row.t_x as usize);
            let since = self.logs[t] - self.logs[t_x];
            let u = self.gone + self.c * since;
            let e = (-u.abs()).exp();
            value += row.weight * u.max(0.0);
            // One logarithm for many rows: each factor is at most 2.
            if row.weight == 1.0 {
                product *= 1.0 + e;
                if product > 1e300 {
                    value += f64::ln(product);
                    product = 1.0;
                }
            } else {
                value += row.weight * e.ln_1p();
            }
            let share = row.weight * if u >= 0.0 { 1.0 } else { e } / (1.0 + e);
            by_c += share * since;
            by_alpha += share * (self.inverse[t] - self.inverse[t_x]);
            gone += share;
        }
        (value + f64::ln(product), by_c, self.c * by_alpha, gone)
    }

    /// The same with an open gap of up to k phases.
    fn regular(&self, k: u32, range: std::ops::Range<usize>) -> (f64, f64, f64, f64) {
        let (mut value, mut by_c, mut by_alpha, mut gone) = (0.0, 0.0, 0.0, 0.0);
        for row in &self.lives.rows[range] {
            let (t, t_x) = (row.t as usize, row.t_x as usize);
            let since = self.logs[t] - self.logs[t_x];
            let open = Phases::of(k, self.c, (self.lives.times[t] - self.lives.times[t_x]) * self.inverse[t]);
            let ln_open = open.sum.ln();
            let u = self.gone + self.c * since - ln_open;
            value += row.weight * (ln_open + softplus(u));
            let share = row.weight * sigmoid(u);
            let rest = (row.weight - share) / open.sum;
            by_c += share * since + rest * open.by_c;
            by_alpha +=
                share * self.c * (self.inverse[t] - self.inverse[t_x]) - rest * open.by_z * self.inverse[t];
            gone += share;
        }
        (value, by_c, by_alpha, gone)
    }
}
