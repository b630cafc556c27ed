//! The expected number of purchases of somebody who is still there, if each may be the last.

use super::quadrature::integrate_peak;
use crate::special::{ln_beta, ln_hypergeometric};

/// E[(1 - (1 + p g)^-c) / p] for p ~ Beta(a, b): the mean count of a gamma-Poisson process (shape `c`,
/// horizon over scale `g`) that ends after each event with chance p (Fader, Hardie & Lee 2005, equation
/// 10, before P(alive)). All arguments positive; no singularity at a = 1.
pub(super) fn expected_until_dropout(a: f64, b: f64, c: f64, g: f64) -> f64 {
    if (c + 1.0) * g < 1e-9 {
        return c * g; // the first term of its series
    }
    let (z, ln_w) = (g / (1.0 + g), -g.ln_1p());
    if z < 0.95 {
        let d = a + b - 1.0 - c;
        if d > -3.0 && ((a - 1.0) * ln_w).abs() < 3.0 {
            return near_one(a, b, d, z, ln_w);
        }
        if (a - 1.0).abs() > 0.02 && a + b > 1.05 {
            let log = c * ln_w + ln_hypergeometric(c, b, a + b - 1.0, z);
            return (-(a + b - 1.0) / (a - 1.0) * log.exp_m1()).max(0.0);
        }
    }
    by_quadrature(a, b, c, g)
}

/// The closed form after Euler's transformation, its leading 1 set apart so that (a - 1) cancels.
fn near_one(a: f64, b: f64, d: f64, z: f64, ln_w: f64) -> f64 {
    let power = (a - 1.0) * ln_w;
    let lead = if power.abs() < 1e-300 { -ln_w } else { -ln_w * power.exp_m1() / power };
    let (mut term, mut rest, mut n) = (d * z, 0.0_f64, 1.0);
    // Two terms a round, which share the division.
    while term.abs() > 1e-16 * (rest.abs() + lead) && n < 5e4 {
        let (top, bottom) = ((a + n - 1.0) * (d + n) * z, (a + b + n - 1.0) * (n + 1.0));
        let (next_top, next_bottom) = ((a + n) * (d + n + 1.0) * z, (a + b + n) * (n + 2.0));
        let share = term * top / (bottom * next_bottom);
        rest += term + share * next_bottom;
        term = share * next_top;
        n += 2.0;
    }
    ((a + b - 1.0) * lead - power.exp() * rest).max(0.0)
}

/// The mean itself, over the logit of p; what lies outside of the window is added in closed form.
fn by_quadrature(a: f64, b: f64, c: f64, g: f64) -> f64 {
    let (low, high) = (-30.0 - ((c + 1.0) * g).ln_1p(), 30.0);
    let (peak, middle) = integrate_peak(low, high, |v| {
        let (ln_p, ln_q) = (-(-v).exp().ln_1p(), -v.exp().ln_1p());
        let least_one = -(-c * (ln_p.exp() * g).ln_1p()).exp_m1();
        (a - 1.0) * ln_p + b * ln_q + least_one.ln()
    });
    let ln_beta = ln_beta(a, b);
    let left = ((c * g).ln() + a * low - ln_beta).exp() / a;
    let right = -(-c * g.ln_1p()).exp_m1() * (-b * high - ln_beta).exp() / b;
    (peak - ln_beta).exp() * middle + left + right
}
