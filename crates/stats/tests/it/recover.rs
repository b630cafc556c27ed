//! Simulate and recover: lives drawn from known parameters give them back; and fits do not depend on the
//! unit of time, the order of the lives or the start.

use stats::repeat::{BetaBernoulli, BetaGeometric, Chances, GammaGamma, Life, Lives, Nbd, ParetoNbd};

/// A seeded generator (SplitMix64) with the draws that the models need.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }

    /// Marsaglia & Tsang 2000.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let turn = std::f64::consts::TAU * self.uniform();
            let normal = (-2.0 * self.uniform().ln()).sqrt() * turn.cos();
            let v = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * normal * normal + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let top = self.gamma(a);
        top / (top + self.gamma(b))
    }
}

/// Purchases at the gaps drawn, until `stays` says no or the age is `t`.
fn live(
    t: f64,
    dice: &mut Dice,
    gap: impl Fn(&mut Dice) -> f64,
    stays: impl Fn(&mut Dice, f64) -> bool,
) -> Life {
    let mut life = Life { x: 0, t_x: 0.0, t, litt: 0.0 };
    loop {
        let gap = gap(dice);
        let at = life.t_x + gap;
        if at > t || !stays(dice, at) {
            return life;
        }
        life = Life { x: life.x + 1, t_x: at, t, litt: life.litt + gap.ln() };
    }
}

fn beta_geometric(m: &BetaGeometric, n: usize, seed: u64) -> Vec<Life> {
    let mut dice = Dice(seed);
    let one = |_| {
        let (t, rate, p) = (26.0 + 78.0 * dice.uniform(), dice.gamma(m.r) / m.alpha, dice.beta(m.a, m.b));
        let mut gone = m.modified && dice.uniform() < p;
        let mut life = Life { x: 0, t_x: 0.0, t, litt: 0.0 };
        while !gone {
            let gap = dice.gamma(f64::from(m.k)) / rate;
            if life.t_x + gap > t {
                break;
            }
            life = Life { x: life.x + 1, t_x: life.t_x + gap, t, litt: life.litt + gap.ln() };
            gone = dice.uniform() < p;
        }
        life
    };
    (0..n).map(one).collect()
}

fn pareto(m: &ParetoNbd, n: usize, seed: u64) -> Vec<Life> {
    let mut dice = Dice(seed);
    let one = |_| {
        let (t, rate) = (26.0 + 78.0 * dice.uniform(), dice.gamma(m.r) / m.alpha);
        let death = dice.gamma(m.s) / m.beta;
        let end = dice.exponential(death);
        live(t, &mut dice, |dice| dice.exponential(rate), |_, at| at <= end)
    };
    (0..n).map(one).collect()
}

/// Within `share` of the truth, each.
fn near(what: &str, share: f64, pairs: &[(f64, f64)]) {
    for (found, truth) in pairs {
        assert!((found / truth - 1.0).abs() < share, "{what}: {pairs:?}");
    }
}

#[test]
fn beta_geometric_models_are_recovered() {
    let table = [
        (1, false, 0.6, 6.0, 0.8, 2.5),
        (1, true, 1.3, 6.0, 0.4, 0.9),
        (2, false, 0.6, 2.0, 0.9, 3.0),
        (3, true, 1.3, 1.8, 0.5, 1.2),
    ];
    for (k, modified, r, alpha, a, b) in table {
        let truth = BetaGeometric { k, modified, r, alpha, a, b };
        let lives = Lives::group(beta_geometric(&truth, 30_000, 11));
        let fit = BetaGeometric::fit(&lives, k, modified);
        assert!(fit.end.converged(), "{fit:?}");
        assert!(fit.log_likelihood >= truth.log_likelihood(&lives), "{fit:?}");
        let p = fit.params;
        near(&format!("{truth:?}"), 0.12, &[(p.r, r), (p.alpha, alpha), (p.a, a), (p.b, b)]);
    }
}

#[test]
fn pareto_nbd_is_recovered() {
    let truth = ParetoNbd { r: 0.8, alpha: 6.0, s: 0.7, beta: 12.0 };
    let lives = Lives::group(pareto(&truth, 12_000, 5));
    let fit = ParetoNbd::fit(&lives);
    assert!(fit.end.converged() && fit.log_likelihood >= truth.log_likelihood(&lives), "{fit:?}");
    let p = fit.params;
    near("Pareto/NBD", 0.15, &[(p.r, 0.8), (p.alpha, 6.0), (p.s, 0.7), (p.beta, 12.0)]);
}

#[test]
fn nbd_is_recovered() {
    let mut dice = Dice(3);
    let lives = (0..20_000).map(|_| {
        let (t, rate) = (10.0 + 90.0 * dice.uniform(), dice.gamma(0.7) / 5.0);
        live(t, &mut dice, |dice| dice.exponential(rate), |_, _| true)
    });
    let fit = Nbd::fit(&Lives::group(lives));
    assert!(fit.end.converged(), "{fit:?}");
    near("NBD", 0.05, &[(fit.params.r, 0.7), (fit.params.alpha, 5.0)]);
}

#[test]
fn gamma_gamma_is_recovered() {
    let (mut dice, truth) = (Dice(8), GammaGamma { p: 6.2, q: 3.7, gamma: 15.4 });
    let mut mean_of_all = 0.0;
    let rows: Vec<(u32, f64)> = (0..30_000)
        .map(|_| {
            let x = 1 + (8.0 * dice.uniform().powi(2)) as u32;
            let rate = dice.gamma(truth.q) / truth.gamma;
            mean_of_all += truth.p / rate / 30_000.0;
            (x, dice.gamma(truth.p * f64::from(x)) / rate / f64::from(x))
        })
        .collect();
    let fit = GammaGamma::fit(&rows);
    assert!(fit.end.converged(), "{fit:?}");
    let p = fit.params;
    near(
        "Gamma-Gamma",
        0.06,
        &[(p.p, 6.2), (p.q, 3.7), (p.gamma, 15.4), (p.expected_mean(0, 0.0), mean_of_all)],
    );
    assert!((p.expected_mean(1000, 80.0) - 80.0).abs() < 0.5, "much evidence outweighs the others");
    let dearer = rows.iter().map(|&(x, mean)| (x, mean * 150.0)).collect::<Vec<_>>();
    let yen = GammaGamma::fit(&dearer).params;
    near("in another currency", 1e-5, &[(yen.p, p.p), (yen.q, p.q), (yen.gamma, 150.0 * p.gamma)]);
}

#[test]
fn beta_bernoulli_is_recovered() {
    let (mut dice, truth) =
        (Dice(21), BetaBernoulli { alpha: 1.204, beta: 0.750, gamma: 0.657, delta: 2.783 });
    let rows: Vec<(Chances, f64)> = (0..40_000u32)
        .map(|i| {
            let (p, over) = (dice.beta(truth.alpha, truth.beta), dice.beta(truth.gamma, truth.delta));
            let mut chances = Chances { x: 0, t_x: 0, n: 6 + i % 7 };
            for at in 1..=chances.n {
                if dice.uniform() < over {
                    break;
                }
                if dice.uniform() < p {
                    (chances.x, chances.t_x) = (chances.x + 1, at);
                }
            }
            (chances, 1.0)
        })
        .collect();
    let fit = BetaBernoulli::fit(&rows);
    assert!(fit.end.converged(), "{fit:?}");
    let p = fit.params;
    near("BG/BB", 0.12, &[(p.alpha, 1.204), (p.beta, 0.750), (p.gamma, 0.657), (p.delta, 2.783)]);
}

/// Above 40,000 distinct lives the search starts from a part of them: the answer is that of all.
#[test]
fn a_large_shop_has_the_fit_of_all_its_lives() {
    let truth = BetaGeometric { k: 1, modified: true, r: 1.3, alpha: 6.0, a: 0.4, b: 0.9 };
    let lives = Lives::group(beta_geometric(&truth, 60_000, 4));
    assert!(lives.distinct() > 40_000);
    let fit = BetaGeometric::fit(&lives, 1, true);
    let cold = BetaGeometric::fit_from(&lives, &truth);
    assert!(fit.end.converged() && cold.end.converged() && fit.evaluations <= 10, "{fit:?} {cold:?}");
    let (p, q) = (fit.params, cold.params);
    near("from a part and from the truth", 1e-5, &[(p.r, q.r), (p.alpha, q.alpha), (p.a, q.a), (p.b, q.b)]);
}

#[test]
fn a_fit_does_not_depend_on_order_or_start() {
    let truth = BetaGeometric { k: 1, modified: false, r: 0.6, alpha: 6.0, a: 0.8, b: 2.5 };
    let shop = beta_geometric(&truth, 3000, 9);
    let fit = BetaGeometric::fit(&Lives::group(shop.iter().copied()), 1, false);
    assert_eq!(fit, BetaGeometric::fit(&Lives::group(shop.iter().rev().copied()), 1, false));
    for start in [
        BetaGeometric { r: 30.0, alpha: 0.01, a: 50.0, b: 0.1, ..truth },
        BetaGeometric { r: f64::NAN, ..truth },
    ] {
        let again = BetaGeometric::fit_from(&Lives::group(shop.iter().copied()), &start);
        assert!(again.end.converged(), "{again:?}");
        let (p, q) = (again.params, fit.params);
        near("from another start", 1e-4, &[(p.r, q.r), (p.alpha, q.alpha), (p.a, q.a), (p.b, q.b)]);
    }
}

/// Days instead of weeks: the same shapes, seven times the scale, and a log-likelihood that is lower by ln 7
/// per repeat purchase.
#[test]
fn the_unit_of_time_does_not_matter() {
    let truth = BetaGeometric { k: 2, modified: true, r: 1.2, alpha: 3.0, a: 0.6, b: 1.5 };
    let shop = beta_geometric(&truth, 4000, 2);
    let seven = 7f64;
    let in_days = |l: &Life| Life {
        t_x: seven * l.t_x,
        t: seven * l.t,
        litt: l.litt + f64::from(l.x) * seven.ln(),
        ..*l
    };
    let (weeks, days) = (Lives::group(shop.iter().copied()), Lives::group(shop.iter().map(in_days)));
    let repeats: f64 = shop.iter().map(|l| f64::from(l.x)).sum();
    for (k, modified) in [(1, true), (2, true), (2, false)] {
        let [w, d] = [&weeks, &days].map(|lives| BetaGeometric::fit(lives, k, modified));
        assert!(w.end.converged() && d.end.converged(), "{w:?} {d:?}");
        let (p, q) = (w.params, d.params);
        near("days", 1e-5, &[(q.r, p.r), (q.alpha, seven * p.alpha), (q.a, p.a), (q.b, p.b)]);
        let off = w.log_likelihood - d.log_likelihood - repeats * seven.ln();
        assert!(off.abs() < 1e-6, "k {k}: {off}");
    }
    let [p, q] = [&weeks, &days].map(|lives| ParetoNbd::fit(lives).params);
    near(
        "days, Pareto/NBD",
        1e-4,
        &[(q.alpha, seven * p.alpha), (q.beta, seven * p.beta), (q.r, p.r), (q.s, p.s)],
    );
}

/// Some leave at once, the others stay for long: the likelihood has two peaks, and the higher one counts.
#[test]
fn the_higher_of_two_peaks_is_found() {
    for (leave, shape, torn_is_higher) in [(0.01, 0.7, true), (0.02, 0.8, false)] {
        let mut dice = Dice(77);
        let lives = (0..2_000).map(|_| {
            let (t, rate) = (10.0 + 250.0 * dice.uniform(), dice.gamma(shape) / 9.0);
            let leave = if dice.uniform() < 0.4 { 1.0 } else { leave };
            live(t, &mut dice, |dice| dice.exponential(rate), |dice, _| dice.uniform() >= leave)
        });
        let lives = Lives::group(lives);
        let from = |r, alpha, a, b| {
            let start = BetaGeometric { k: 1, modified: true, r, alpha, a, b };
            BetaGeometric::fit_from(&lives, &start).log_likelihood
        };
        let (staying, torn) = (from(0.5, 78.0, 0.8, 2.0), from(1.0, 78.0, 0.1, 0.1));
        assert!((staying - torn).abs() > 10.0 && (torn > staying) == torn_is_higher, "{staying} {torn}");
        let fit = BetaGeometric::fit(&lives, 1, true);
        assert!(fit.log_likelihood >= staying.max(torn) - 1e-4, "{fit:?}, but {staying} and {torn}");
    }
}
