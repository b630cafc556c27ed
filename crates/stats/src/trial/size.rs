//! How many are needed to see a difference of rates, and how likely it is to be seen.

use crate::special::{normal_cdf, normal_quantile};

fn error(p0: f64, n0: f64, p1: f64, n1: f64) -> f64 {
    (p0 * (1.0 - p0) / n0 + p1 * (1.0 - p1) / n1).sqrt()
}

/// How many per arm, so that a two-sided test at `alpha` sees p0 against p1 with this power:
/// n = (z(1-alpha/2) + z(power))^2 (p0 q0 + p1 q1) / (p1 - p0)^2, rounded up (Fleiss 1981, unpooled, without
/// correction for continuity). None where the rates are equal or something is not a probability.
pub fn sample_size(p0: f64, p1: f64, power: f64, alpha: f64) -> Option<u64> {
    let rates = (0.0..=1.0).contains(&p0) && (0.0..=1.0).contains(&p1) && p0 != p1;
    let chances = power > 0.0 && power < 1.0 && alpha > 0.0 && alpha < 1.0;
    if !rates || !chances {
        return None;
    }
    let z = normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power);
    let n = z * z * (p0 * (1.0 - p0) + p1 * (1.0 - p1)) / ((p1 - p0) * (p1 - p0));
    Some((n.ceil() as u64).max(1))
}

/// How many in both arms together, so that the same test sees p0 against p1 when a share of them, 0..1, is held out
/// with p0: (z(1-alpha/2) + z(power))^2 (p0 q0 / share + p1 q1 / (1 - share)) / (p1 - p0)^2, rounded up.
pub fn sample_total(p0: f64, p1: f64, share: f64, power: f64, alpha: f64) -> Option<u64> {
    // At a share of a half this is twice the size per arm: the same check of the arguments.
    sample_size(p0, p1, power, alpha)?;
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let z = normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power);
    let spread = p0 * (1.0 - p0) / share + p1 * (1.0 - p1) / (1.0 - share);
    let n = z * z * spread / ((p1 - p0) * (p1 - p0));
    Some((n.ceil() as u64).max(2))
}

/// The chance that a two-sided test at `alpha` sees p0 (of n0) against p1 (of n1); the arms may differ in
/// size. The other side's tail counts too, so that p0 = p1 gives alpha. Nobody in an arm: 0.
pub fn power(p0: f64, n0: f64, p1: f64, n1: f64, alpha: f64) -> f64 {
    if n0 <= 0.0 || n1 <= 0.0 {
        return 0.0;
    }
    let (difference, error) = ((p1 - p0).abs(), error(p0, n0, p1, n1));
    if error == 0.0 {
        return if difference > 0.0 { 1.0 } else { alpha };
    }
    let z = normal_quantile(1.0 - alpha / 2.0);
    normal_cdf(difference / error - z) + normal_cdf(-difference / error - z)
}

/// The smallest rise over p0 that would be seen with this power: n0 held out, n1 treated. None where even a
/// rise to 1 would be missed.
pub fn detectable(p0: f64, n0: f64, n1: f64, wanted: f64, alpha: f64) -> Option<f64> {
    if !(0.0..1.0).contains(&p0) || power(p0, n0, 1.0, n1, alpha) < wanted {
        return None;
    }
    let (mut low, mut high) = (p0, 1.0);
    while high - low > 1e-12 {
        let middle = 0.5 * (low + high);
        if power(p0, n0, middle, n1, alpha) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high - p0)
}
