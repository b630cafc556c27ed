//! Special functions: gamma, beta, hypergeometric and normal, in the log domain where they grow.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// ln Gamma(x) for x > 0, to about 1e-15 (FreeBSD's `lgamma`, through `libm`).
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Digamma, the derivative of ln Gamma, for x > 0: recurrence up to 10, then the asymptotic series
/// (Abramowitz & Stegun 1972, 6.3.18). Absolute error about 1e-15 times max(1, |value|).
pub fn digamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let q = 1.0 / (x * x);
    let tail = q
        * (1.0 / 12.0
            - q * (1.0 / 120.0
                - q * (1.0 / 252.0
                    - q * (1.0 / 240.0
                        - q * (1.0 / 132.0
                            - q * (691.0 / 32760.0 - q * (1.0 / 12.0 - q * 3617.0 / 8160.0)))))));
    x.ln() - 0.5 / x - tail - below
}

/// ln B(a, b) for a, b > 0; without cancellation where one of them is large.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    ln_gamma(small) - ln_gamma_ratio(large, small)
}

/// ln of Gamma(x + d) / Gamma(x) for x > 0, d > -x; by Stirling's series where x is large, so that two
/// large numbers are not subtracted.
pub fn ln_gamma_ratio(x: f64, d: f64) -> f64 {
    if x < 100.0 || x + d < 100.0 {
        return ln_gamma(x + d) - ln_gamma(x);
    }
    (x - 0.5) * (d / x).ln_1p() + d * (x + d).ln() - d + stirling_tail(x + d) - stirling_tail(x)
}

/// What Stirling's formula leaves of ln Gamma(x), x >= 100 (Abramowitz & Stegun 1972, 6.1.41).
fn stirling_tail(x: f64) -> f64 {
    let q = 1.0 / (x * x);
    (1.0 / 12.0 - q * (1.0 / 360.0 - q * (1.0 / 1260.0 - q / 1680.0))) / x
}

/// ln(e^a + e^b), finite wherever the larger of the two is.
pub fn ln_add_exp(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if high == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// ln(1 + e^u).
pub fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}

/// 1 / (1 + e^-u).
pub fn sigmoid(u: f64) -> f64 {
    let e = (-u.abs()).exp();
    if u >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// The largest number of terms a series here adds up.
const MOST_TERMS: u32 = 1_000_000;

/// Gauss's 2F1(a, b; c; z) for c > 0 and 0 <= z < 1; overflows where the function does. The power series,
/// after Euler's transformation (Abramowitz & Stegun 1972, 15.3.3) where that makes the terms smaller. It
/// slows as z nears 1: about 40 / (1 - z) terms.
pub fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    if c - a - b < 0.0 && c > a && c > b {
        let inner = hypergeometric_series(c - a, c - b, c, z);
        return ((c - a - b) * (-z).ln_1p() + inner.0).exp() * inner.1;
    }
    let (scale, sum) = hypergeometric_series(a, b, c, z);
    scale.exp() * sum
}

/// ln 2F1(a, b; c; z) for a, b, c >= 0 (c > 0) and 0 <= z < 1, where every term is positive: finite even
/// where the function overflows.
pub fn ln_hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (scale, sum) = hypergeometric_series(a, b, c, z);
    scale + sum.ln()
}

/// The power series as (logarithm of a scale, sum at that scale).
fn hypergeometric_series(a: f64, b: f64, c: f64, z: f64) -> (f64, f64) {
    const LARGE: f64 = 1e250;
    let (mut scale, mut sum, mut term) = (0.0, 1.0_f64, 1.0_f64);
    for n in 0..MOST_TERMS {
        let n = f64::from(n);
        let ratio = (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        term *= ratio;
        sum += term;
        // The terms left fall at least as fast as a geometric series with the larger of both ratios.
        let slowest = ratio.abs().max(z);
        if slowest < 1.0 && term.abs() <= 1e-17 * (1.0 - slowest) * sum.abs() {
            break;
        }
        if term.abs() > LARGE {
            term /= LARGE;
            sum /= LARGE;
            scale += LARGE.ln();
        }
    }
    (scale, sum)
}

/// Regularised incomplete beta I_x(a, b), the Beta(a, b) distribution function, for a, b > 0: Lentz's
/// continued fraction (Abramowitz & Stegun 1972, 26.5.8). Outside [0, 1], x is taken as the nearer end.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_fraction(b, a, 1.0 - x);
    }
    beta_fraction(a, b, x)
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp() / a;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * fraction
}

/// The standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The standard normal quantile for 0 < p < 1, to 1e-14; infinite at 0 and 1, NaN beyond. Abramowitz &
/// Stegun 1972, 26.2.23, then Halley's steps.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let t = (-2.0 * p.ln()).sqrt();
    let top = 2.515517 + t * (0.802853 + t * 0.010328);
    let bottom = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308));
    let mut x = top / bottom - t;
    for _ in 0..3 {
        let step = (normal_cdf(x) - p) * (2.0 * PI).sqrt() * (0.5 * x * x).exp();
        x -= step / (1.0 + 0.5 * x * step);
    }
    x
}
