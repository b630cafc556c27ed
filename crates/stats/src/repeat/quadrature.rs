//! Gauss-Legendre quadrature on [0, 1], for the integrals that have no cheap closed form.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// (place, weight) on [0, 1].
type Nodes<const N: usize> = [(f64, f64); N];

/// Enough for one smooth scale.
pub(super) static NODES_16: LazyLock<Nodes<16>> = LazyLock::new(nodes);
/// Enough for several.
pub(super) static NODES_32: LazyLock<Nodes<32>> = LazyLock::new(nodes);

/// The roots of Legendre's polynomial by Newton's steps (Abramowitz & Stegun 1972, 25.4.29).
fn nodes<const N: usize>() -> Nodes<N> {
    let n = N as f64;
    std::array::from_fn(|i| {
        let mut x = ((i as f64 + 0.75) / (n + 0.5) * PI).cos();
        for _ in 0..8 {
            let (value, slope) = legendre(N, x);
            x -= value / slope;
        }
        let (_, slope) = legendre(N, x);
        (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
    })
}

/// Legendre's polynomial of degree `n` and its slope at `x`.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
    }
    (value, n as f64 * (x * value - before) / (x * x - 1.0))
}

/// The integral of e^`log` over the line where it counts, `log` concave, found from `around` outwards to
/// `low` and `high`; as (logarithm of the peak, integral over the peak).
pub(super) fn integrate_peak(low: f64, high: f64, log: impl Fn(f64) -> f64) -> (f64, f64) {
    /// What lies e^-45 below the peak is nought.
    const DROP: f64 = 45.0;
    let (mut left, mut right) = (low, high);
    for _ in 0..80 {
        let third = (right - left) / 3.0;
        match log(left + third) < log(right - third) {
            true => left += third,
            false => right -= third,
        }
    }
    let mode = 0.5 * (left + right);
    let peak = log(mode);
    let edge = |mut outside: f64| {
        let mut inside = mode;
        if log(outside) > peak - DROP {
            return outside;
        }
        for _ in 0..40 {
            let middle = 0.5 * (inside + outside);
            match log(middle) > peak - DROP {
                true => inside = middle,
                false => outside = middle,
            }
        }
        outside
    };
    let (left, right) = (edge(low), edge(high));
    let panels = ((right - left) / 4.0).ceil().clamp(6.0, 100.0);
    let width = (right - left) / panels;
    let sum: f64 = (0..panels as u32)
        .flat_map(|i| NODES_16.iter().map(move |(at, weight)| (left + width * (f64::from(i) + at), weight)))
        .map(|(v, weight)| weight * (log(v) - peak).exp())
        .sum();
    (peak, sum * width)
}
