//! What must hold for any parameters: gradients, P(buy) as a ratio of likelihoods, units, sums to one.

use stats::repeat::{BetaBernoulli, BetaGeometric, Chances, GammaGamma, Life, Lives, Nbd, ParetoNbd};
use stats::special::{ln_beta, ln_gamma, ln_hypergeometric};

const LIVES: [Life; 9] = [
    Life { x: 0, t_x: 0.0, t: 38.4, litt: 0.0 },
    Life { x: 0, t_x: 0.0, t: 0.0, litt: 0.0 },
    Life { x: 1, t_x: 1.7, t: 38.9, litt: 0.54 },
    Life { x: 2, t_x: 30.4, t: 38.9, litt: 4.2 },
    Life { x: 2, t_x: 38.9, t: 38.9, litt: 4.9 },
    Life { x: 29, t_x: 37.7, t: 38.0, litt: -0.8 },
    Life { x: 61, t_x: 49.0, t: 49.3, litt: -23.8 },
    Life { x: 7, t_x: 3.0, t: 104.0, litt: -5.5 },
    Life { x: 4000, t_x: 900.0, t: 1040.0, litt: -5200.0 },
];

fn betas() -> Vec<BetaGeometric> {
    let mut models = Vec::new();
    for (r, alpha, a, b) in [(0.24, 4.4, 0.79, 2.4), (1.9, 45.8, 1.0, 0.3), (7.0, 1e6, 65.0, 404.0)] {
        for k in [1, 2, 5] {
            models.push(BetaGeometric { k, modified: false, r, alpha, a, b });
            models.push(BetaGeometric { k, modified: true, r, alpha, a, b });
        }
    }
    models
}

fn paretos() -> Vec<ParetoNbd> {
    [(0.55, 10.6, 0.61, 11.7), (0.79, 5.7, 0.39, 5.4), (1.4, 0.05, 1.0, 900.0), (0.3, 200.0, 3.0, 0.02)]
        .map(|(r, alpha, s, beta)| ParetoNbd { r, alpha, s, beta })
        .to_vec()
}

/// Compares a gradient with central differences (Richardson's extrapolation), relative to its size.
fn check_gradient<const N: usize>(
    what: &str,
    at: [f64; N],
    mut f: impl FnMut([f64; N], &mut [f64; N]) -> f64,
) {
    let mut gradient = [0.0; N];
    f(at, &mut gradient);
    for i in 0..N {
        let mut difference = |step: f64| {
            let mut moved = |by: f64| {
                let mut at = at;
                at[i] *= 1.0 + by;
                f(at, &mut [0.0; N])
            };
            (moved(step) - moved(-step)) / (2.0 * step * at[i])
        };
        let (wide, narrow) = (difference(2e-3), difference(1e-3));
        let wanted = (4.0 * narrow - wide) / 3.0;
        let size = wanted.abs().max(1e-4 / at[i]);
        assert!((gradient[i] - wanted).abs() < 2e-6 * size, "{what}: by {i} {}, not {wanted}", gradient[i]);
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    let lives = Lives::group(LIVES);
    for model in betas() {
        let BetaGeometric { k, modified, .. } = model;
        let with = |[r, alpha, a, b]: [f64; 4]| BetaGeometric { k, modified, r, alpha, a, b };
        check_gradient(&format!("{model:?}"), [model.r, model.alpha, model.a, model.b], |at, gradient| {
            with(at).log_likelihood_gradient(&lives, gradient)
        });
    }
    for model in paretos() {
        check_gradient(&format!("{model:?}"), [model.r, model.alpha, model.s, model.beta], |at, gradient| {
            let [r, alpha, s, beta] = at;
            ParetoNbd { r, alpha, s, beta }.log_likelihood_gradient(&lives, gradient)
        });
    }
    check_gradient("NBD", [0.42, 5.2], |[r, alpha], gradient| {
        Nbd { r, alpha }.log_likelihood_gradient(&lives, gradient)
    });
    let spends = [(1, 11.77), (2, 22.35), (7, 73.74), (300, 0.02), (1, 5e5)];
    check_gradient("Gamma-Gamma", [6.2, 3.7, 15.4], |[p, q, gamma], gradient| {
        GammaGamma { p, q, gamma }.log_likelihood_gradient(&spends, gradient)
    });
    let rows = [(0, 0, 6), (1, 1, 6), (3, 5, 6), (6, 6, 6), (0, 0, 0), (2, 9, 40)];
    let rows = rows.map(|(x, t_x, n)| (Chances { x, t_x, n }, 1.5));
    check_gradient("BG/BB", [1.2, 0.75, 0.66, 2.8], |[alpha, beta, gamma, delta], gradient| {
        BetaBernoulli { alpha, beta, gamma, delta }.log_likelihood_gradient(&rows, gradient)
    });
}

#[test]
fn grouped_lives_have_the_sum_of_their_likelihoods() {
    let lives: Vec<Life> = LIVES.iter().chain(&LIVES[1..5]).copied().collect();
    let grouped = Lives::group(lives.iter().copied());
    assert_eq!((grouped.len(), grouped.distinct()), (13.0, 9));
    for model in betas() {
        let single: f64 = lives.iter().map(|life| model.ln_likelihood(life)).sum();
        let together = model.log_likelihood(&grouped);
        assert!((single / together - 1.0).abs() < 1e-12, "{model:?}: {single}, not {together}");
    }
    for model in paretos() {
        let single: f64 = lives.iter().map(|life| model.ln_likelihood(life)).sum();
        let together = model.log_likelihood(&grouped);
        assert!((single / together - 1.0).abs() < 1e-12, "{model:?}: {single}, not {together}");
    }
}

/// Silence for `h` more only makes the life longer: P(buy) = 1 - L(t + h) / L(t); and with a short `h` the
/// expected number is the chance of one.
fn check_chances(
    what: &str,
    life: &Life,
    ln_likelihood: impl Fn(&Life) -> f64,
    p_buy: impl Fn(f64) -> f64,
    expected: Option<&dyn Fn(f64) -> f64>,
) {
    for h in [0.3, 4.0, 39.0, 520.0] {
        let later = Life { t: life.t + h, ..*life };
        let wanted = -(ln_likelihood(&later) - ln_likelihood(life)).exp_m1();
        // The difference of two log-likelihoods keeps only what their size leaves.
        let kept = 1e-14 * ln_likelihood(life).abs().max(10.0);
        assert!((p_buy(h) - wanted).abs() < kept, "{what}, {life:?}, h {h}: {}, not {wanted}", p_buy(h));
        assert!((0.0..=1.0).contains(&p_buy(h)));
    }
    assert_eq!((p_buy(0.0), p_buy(-3.0)), (0.0, 0.0), "{what}");
    let Some(expected) = expected else { return };
    let h = 1e-7 * (life.t + 1.0) / (f64::from(life.x) + 1.0);
    let (count, chance) = (expected(h), p_buy(h));
    assert!((count - chance).abs() <= 1e-4 * count, "{what}, {life:?}: {count} and {chance} in {h}");
    let counts = [1.0, 10.0, 100.0, 1000.0].map(expected);
    assert!(counts.is_sorted() && counts[3].is_finite(), "{what}, {life:?}: {counts:?}");
}

#[test]
fn chances_are_ratios_of_likelihoods() {
    for life in &LIVES {
        for m in betas() {
            let expected = |h: f64| m.expected(life, h);
            let exact: Option<&dyn Fn(f64) -> f64> = if m.k == 1 { Some(&expected) } else { None };
            check_chances(&format!("{m:?}"), life, |l| m.ln_likelihood(l), |h| m.p_buy(life, h), exact);
        }
        for m in paretos() {
            let expected = |h: f64| m.expected(life, h);
            check_chances(
                &format!("{m:?}"),
                life,
                |l| m.ln_likelihood(l),
                |h| m.p_buy(life, h),
                Some(&expected),
            );
        }
        let m = Nbd { r: 0.42, alpha: 5.2 };
        let expected = |h: f64| m.expected(life, h);
        check_chances("NBD", life, |l| m.ln_likelihood(l), |h| m.p_buy(life, h), Some(&expected));
    }
}

#[test]
fn half_of_those_who_come_have_come_by_the_wait() {
    let check = |what: &str, wait: Option<f64>, p_buy: &dyn Fn(f64) -> f64| {
        let wait = wait.unwrap_or_else(|| panic!("{what}: no wait"));
        let (half, all) = (p_buy(wait), p_buy(104.0));
        assert!((half / all - 0.5).abs() < 1e-9, "{what}: {half} of {all} by {wait}");
    };
    for life in &LIVES {
        for m in betas().iter().filter(|m| m.p_buy(life, 104.0) > 1e-6) {
            check(&format!("{m:?}, {life:?}"), m.wait(life, 104.0), &|h| m.p_buy(life, h));
        }
        for m in paretos().iter().filter(|m| m.p_buy(life, 104.0) > 1e-6) {
            check(&format!("{m:?}, {life:?}"), m.wait(life, 104.0), &|h| m.p_buy(life, h));
        }
    }
    let gone = Life { x: 4000, t_x: 1.0, t: 1040.0, litt: 0.0 };
    assert_eq!(betas()[0].wait(&gone, 104.0), None);
}

/// Pareto/NBD in the form of Fader & Hardie (2005): two hypergeometric functions for alpha >= beta.
#[test]
fn pareto_nbd_agrees_with_its_hypergeometric_form() {
    let model = ParetoNbd { r: 0.55, alpha: 10.6, s: 0.61, beta: 8.7 };
    let ParetoNbd { r, alpha, s, beta } = model;
    for life in &LIVES[..8] {
        let x = f64::from(life.x);
        let sum = r + s + x;
        let at = |t: f64, b: f64| {
            let z = (alpha - beta) / (alpha + t);
            ln_hypergeometric(sum, b, sum + 1.0, z) - sum * (alpha + t).ln()
        };
        let dead = (s / sum).ln() + at(life.t_x, s + 1.0);
        let alive = ((r + x) / sum).ln() + at(life.t, s);
        let front = ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln() + s * beta.ln();
        let wanted = front + stats::special::ln_add_exp(dead, alive);
        let found = model.ln_likelihood(life);
        assert!((found - wanted).abs() < 1e-11 * wanted.abs().max(1.0), "{life:?}: {found}, not {wanted}");
    }
}

/// BG/BB: every history of n opportunities has some likelihood, and all of them make 1; the same for the
/// next opportunities, whose expected number is the sum of the chances.
#[test]
fn bg_bb_sums_to_one() {
    let model = BetaBernoulli { alpha: 1.204, beta: 0.750, gamma: 0.657, delta: 2.783 };
    for n in 0..=12u32 {
        let mut sum = 0.0;
        for t_x in 0..=n {
            for x in u32::from(t_x > 0)..=t_x {
                let [x_, t_] = [x, t_x].map(f64::from);
                // Orders with the last at t_x: (t_x - 1) over (x - 1), as 1 / (x B(x, t_x - x + 1)) * x / t_x.
                let ways = if t_x == 0 { 0.0 } else { -ln_beta(x_, t_ - x_ + 1.0) - t_.ln() };
                sum += (ways + model.ln_likelihood(&Chances { x, t_x, n })).exp();
            }
        }
        assert!((sum - 1.0).abs() < 1e-12, "n {n}: {sum}");
    }
    for (x, t_x, n) in [(0, 0, 6), (1, 2, 6), (4, 5, 6), (6, 6, 6)] {
        let chances = Chances { x, t_x, n };
        for h in 1..=8 {
            let later = Chances { n: n + h, ..chances };
            let wanted = -(model.ln_likelihood(&later) - model.ln_likelihood(&chances)).exp_m1();
            let found = model.p_buy(&chances, h);
            assert!((found - wanted).abs() < 1e-13, "{chances:?}, h {h}: {found}, not {wanted}");
        }
        assert!((model.expected(&chances, 1) - model.p_buy(&chances, 1)).abs() < 1e-15);
    }
}

/// Fader, Hardie & Shang (2010), equation 13, in closed form.
#[test]
fn bg_bb_expects_what_was_published() {
    let model = BetaBernoulli { alpha: 1.204, beta: 0.750, gamma: 0.657, delta: 2.783 };
    let BetaBernoulli { alpha, beta, gamma, delta } = model;
    for (x, t_x, n, h) in [(0, 0, 6, 5), (4, 5, 6, 5), (6, 6, 6, 1)] {
        let [x_, n_, h_] = [x, n, h].map(f64::from);
        let rest = |n: f64| (ln_gamma(1.0 + delta + n) - ln_gamma(gamma + delta + n)).exp();
        let wanted = (ln_beta(alpha + x_ + 1.0, beta + n_ - x_) - ln_beta(alpha, beta)).exp()
            * (delta / (gamma - 1.0))
            * (ln_gamma(gamma + delta) - ln_gamma(1.0 + delta)).exp()
            * (rest(n_) - rest(n_ + h_))
            / model.ln_likelihood(&Chances { x, t_x, n }).exp();
        let found = model.expected(&Chances { x, t_x, n }, h);
        assert!((found / wanted - 1.0).abs() < 1e-12, "{x} {t_x} {n} {h}: {found}, not {wanted}");
    }
}
