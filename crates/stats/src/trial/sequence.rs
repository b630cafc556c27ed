//! Looking again and again at a figure that is still growing.

use super::Interval;

/// An interval that may be looked at as often as one likes: over all looks together it misses with
/// probability 1 - level. The normal mixture of Robbins (1970), in the asymptotic form of Waudby-Smith,
/// Arbour, Sinha, Kennedy and Ramdas (2024, Annals of Statistics 52:2613, after their 2021 preprint):
/// reach^2 = variance (1 + 1/r) ln((1 + r) / alpha^2), r the time that has passed over a constant that makes
/// the interval narrowest at `planned`.
///
/// `variance` is that of the estimate now; `passed` and `planned` are on the estimate's own clock, on which it is
/// a random walk: the number of rows for rows that come one after the other; for a share F of a fixed group that
/// can only grow, F / (1 - F) (Doob 1949, as of a Brownian bridge). Being asymptotic it wants some ten hits before
/// the first look, or a variance that is set too high until then. What has not begun has no bounds.
pub fn sequence(value: f64, variance: f64, passed: f64, planned: f64, level: f64) -> Interval {
    let alpha = 1.0 - level.clamp(0.001, 0.999_999);
    // Close to the best: Waudby-Smith et al., appendix on the choice of rho.
    let log = -2.0 * libm::log(alpha);
    let r = passed / planned * (log + libm::log(log + 1.0));
    if r <= 0.0 || !r.is_finite() {
        return Interval { value, low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    let reach = variance * (1.0 + 1.0 / r) * libm::log((1.0 + r) / (alpha * alpha));
    Interval::around(value, reach.sqrt())
}
