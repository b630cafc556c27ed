//! Weibull gaps with rates that differ from life to life: a pause neither ends a life nor is forgotten.

use crate::descent::{End, minimise};
use crate::special::{digamma, ln_gamma_ratio};
use std::collections::BTreeMap;

/// One life: what the gaps between its events were, and how long it has been since the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Life<'a> {
    /// Lengths above 0, in any unit of time; others are left out.
    pub gaps: &'a [f64],
    /// Time since the last event without another, 0 or more, same unit.
    pub open: f64,
}

/// A gap exceeds t with probability exp(-rate t^c); the rate of a life is drawn from Gamma(r, alpha)
/// (a Weibull renewal with gamma frailty: Duchateau & Janssen 2008). One power sum, S = sum gap^c, and the number of gaps say all about a life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Renewal {
    /// Shape of the rates: small means that lives differ much.
    pub r: f64,
    /// Inverse scale of the rates, in the unit of time to the power c.
    pub alpha: f64,
    /// Shape of the gaps: above 1 regular, 1 random, below 1 in bursts.
    pub c: f64,
}

/// A renewal model and how it was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The model: usable however the fit ended.
    pub model: Renewal,
    /// The log-likelihood of the lives, in their own unit of time.
    pub log_likelihood: f64,
    /// Converged, or why this is a stand-in.
    pub end: End,
    /// How often the likelihood was computed.
    pub evaluations: u32,
}

impl Renewal {
    /// S of some gaps: the sum of gap^c over those above 0.
    pub fn powered(&self, gaps: &[f64]) -> f64 {
        gaps.iter().filter(|g| usable(**g)).map(|g| g.powf(self.c)).sum()
    }

    /// The chance of an event within the next `h`, for a life of `n` gaps with power sum `sum` that has been
    /// open for `open`: 1 - ((alpha + S + open^c) / (alpha + S + (open + h)^c))^(r + n). Within 0 and 1.
    pub fn p_buy(&self, n: usize, sum: f64, open: f64, h: f64) -> f64 {
        let (open, h) = (positive(open), positive(h));
        let known = self.alpha + positive(sum) + open.powf(self.c);
        let more = (open + h).powf(self.c) - open.powf(self.c);
        -(-(self.r + n as f64) * (more / known).ln_1p()).exp_m1()
    }

    /// How long from now until the next event has come with probability `share` (0.5 is the median):
    /// the inverse of `p_buy`. It may be infinite for a life that has shown nothing.
    pub fn wait(&self, n: usize, sum: f64, open: f64, share: f64) -> f64 {
        let open = positive(open);
        let known = self.alpha + positive(sum) + open.powf(self.c);
        let share = share.clamp(0.0, 1.0 - 1e-12);
        let more = known * (-(-share).ln_1p() / (self.r + n as f64)).exp_m1();
        ((open.powf(self.c) + more).powf(1.0 / self.c) - open).max(0.0)
    }

    /// ln of the density of one life, rate integrated out: n ln c + (c-1) sum ln gap + ln Gamma(r+n)
    /// - ln Gamma(r) + r ln alpha - (r+n) ln(alpha + S + open^c).
    pub fn log_likelihood(&self, lives: &[Life]) -> f64 {
        let lives = Lives::of(lives, 1.0);
        -lives.loss(&[self.r.ln(), self.alpha.ln(), self.c.ln()], &mut [0.0; 3])
    }

    /// The derivatives of `log_likelihood` by ln r, ln alpha and ln c.
    pub fn gradient(&self, lives: &[Life]) -> [f64; 3] {
        let mut gradient = [0.0; 3];
        Lives::of(lives, 1.0).loss(&[self.r.ln(), self.alpha.ln(), self.c.ln()], &mut gradient);
        gradient.map(|g| -g)
    }
}

/// Fits the three numbers by maximum likelihood (BFGS on their logarithms, analytic gradient, time rescaled to a
/// mean gap of 1). Fallbacks: no time seen: r = alpha = c = 1; no gap seen: c = 1 and half an event in all the
/// time seen; a number at the edge of what can be told (c above 20, lives all alike): that edge.
pub fn fit(lives: &[Life]) -> Fit {
    let unit = scale(lives);
    let scaled = Lives::of(lives, unit);
    if scaled.gaps == 0 {
        return without_gaps(lives);
    }
    let n = scaled.rows.len() as f64;
    let found = minimise(&[0.0, 0.0, 0.0], 1e-9, 500, |at, gradient| {
        let held: Vec<f64> = at.iter().zip(EDGES).map(|(a, edge)| a.clamp(-edge - 1.0, edge + 1.0)).collect();
        let value = scaled.loss(&held, gradient) / n;
        gradient.iter_mut().for_each(|g| *g /= n);
        at.iter().zip(EDGES).zip(gradient).fold(value, |value, ((a, edge), g)| {
            let beyond = a.abs() - edge;
            if beyond <= 0.0 {
                return value;
            }
            *g += 20.0 * beyond * a.signum();
            value + 10.0 * beyond * beyond
        })
    });
    let at: Vec<f64> = found.at.iter().zip(EDGES).map(|(a, edge)| a.clamp(-edge, edge)).collect();
    let c = at[2].exp();
    let model = Renewal { r: at[0].exp(), alpha: (at[1] + c * unit.ln()).exp(), c };
    let edge = found.at.iter().zip(EDGES).position(|(a, edge)| a.abs() >= edge);
    let end = match edge {
        Some(2) => End::FellBack("the gaps are too regular or too wild for a shape to be told".into()),
        Some(_) => End::FellBack("how far lives differ cannot be told: the rates are at the edge".into()),
        None => found.end,
    };
    let log_likelihood = -scaled.loss(&at, &mut [0.0; 3]) - scaled.gaps as f64 * unit.ln();
    Fit { model, log_likelihood, end, evaluations: found.evaluations }
}

/// |ln r|, |ln alpha| and |ln c| beyond which nothing is told any more: e^9 and 20.
const EDGES: [f64; 3] = [9.0, 9.0, 3.0];

/// The mean gap, or 1 where there is none.
fn scale(lives: &[Life]) -> f64 {
    let gaps = || lives.iter().flat_map(|l| l.gaps).filter(|g| usable(**g));
    let (sum, n) = (gaps().sum::<f64>(), gaps().count());
    if n > 0 && sum.is_finite() { sum / n as f64 } else { 1.0 }
}

fn without_gaps(lives: &[Life]) -> Fit {
    let seen: f64 = lives.iter().map(|l| positive(l.open)).sum();
    let (alpha, why) = match seen > 0.0 {
        true => (2.0 * seen, "no gap has ended yet"),
        false => (1.0, "no time has been seen"),
    };
    let model = Renewal { r: 1.0, alpha, c: 1.0 };
    let log_likelihood = model.log_likelihood(lives);
    Fit { model, log_likelihood, end: End::FellBack(why.into()), evaluations: 0 }
}

fn usable(gap: f64) -> bool {
    gap.is_finite() && gap > 0.0
}

fn positive(time: f64) -> f64 {
    if time.is_finite() { time.max(0.0) } else { 0.0 }
}

/// Lives as the likelihood reads them: times are few distinct values (days), whose powers are taken once.
struct Lives {
    /// Distinct times above 0, in units of the scale.
    times: Vec<f64>,
    /// Per life: its gaps as places in `times`, one after the other; where they end; the open time.
    places: Vec<u32>,
    rows: Vec<Row>,
    /// How many lives have how many gaps.
    counts: BTreeMap<usize, f64>,
    gaps: usize,
    /// The sum of all ln gap.
    logs: f64,
}

struct Row {
    end: usize,
    open: Option<u32>,
    /// How many gaps.
    n: f64,
}

impl Lives {
    fn of(lives: &[Life], unit: f64) -> Lives {
        let mut seen: Vec<f64> = lives.iter().flat_map(|l| l.gaps.iter().chain([&l.open])).copied().collect();
        seen.retain(|t| usable(*t));
        seen.sort_unstable_by(f64::total_cmp);
        seen.dedup();
        let place = |t: &f64| seen.partition_point(|s| s < t) as u32;
        let (mut places, mut rows) = (vec![], vec![]);
        let mut counts = BTreeMap::<usize, f64>::new();
        for life in lives {
            let from = places.len();
            places.extend(life.gaps.iter().filter(|g| usable(**g)).map(place));
            let open = usable(life.open).then(|| place(&life.open));
            let n = places.len() - from;
            *counts.entry(n).or_default() += 1.0;
            rows.push(Row { end: places.len(), open, n: n as f64 });
        }
        let times: Vec<f64> = seen.iter().map(|t| t / unit).collect();
        let logs = places.iter().map(|p| times[*p as usize].ln()).sum();
        Lives { gaps: places.len(), times, places, rows, counts, logs }
    }

    /// Minus the log-likelihood at (ln r, ln alpha, ln c), and its gradient.
    fn loss(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let (r, alpha, c) = (at[0].exp(), at[1].exp(), at[2].exp());
        let powers: Vec<(f64, f64)> =
            self.times.iter().map(|t| (t.powf(c), t.ln())).map(|(p, l)| (p, p * l)).collect();
        let (mut value, mut by_r, mut by_alpha, mut by_c) = (0.0, 0.0, 0.0, 0.0);
        let mut start = 0;
        for row in &self.rows {
            let own = self.places[start..row.end].iter().chain(&row.open).map(|p| powers[*p as usize]);
            let (sum, sum_log) = own.fold((0.0, 0.0), |(s, l), (p, pl)| (s + p, l + pl));
            start = row.end;
            let (events, known) = (r + row.n, alpha + sum);
            // ln(alpha / known), exact where the sum is small beside alpha.
            let shrunk = (sum / alpha).ln_1p();
            value -= events * shrunk + row.n * at[1];
            by_r -= shrunk;
            by_alpha += r - events * alpha / known;
            by_c -= events * sum_log / known;
        }
        for (n, lives) in &self.counts {
            value += lives * ln_gamma_ratio(r, *n as f64);
            by_r += lives * (digamma(r + *n as f64) - digamma(r));
        }
        let gaps = self.gaps as f64;
        value += gaps * at[2] + (c - 1.0) * self.logs;
        gradient[0] = -r * by_r;
        gradient[1] = -by_alpha;
        gradient[2] = -(gaps + c * (self.logs + by_c));
        -value
    }
}
