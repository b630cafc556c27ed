//! Small symmetric systems by Cholesky's method.

/// Solves a x = b in place for a symmetric `a` (n x n, row by row, only the lower half is read), and says how
/// many directions had to be left out: one that adds nothing to those before it gets the answer 0.
pub(crate) fn solve(a: &mut [f64], b: &mut [f64]) -> usize {
    let n = b.len();
    let mut idle = 0;
    for j in 0..n {
        let full = a[j * n + j];
        let left = full - (0..j).map(|k| a[j * n + k] * a[j * n + k]).sum::<f64>();
        let useful = left.is_finite() && left > 1e-10 * full.abs() && left > 0.0;
        idle += usize::from(!useful);
        a[j * n + j] = if useful { left.sqrt() } else { f64::INFINITY };
        for i in j + 1..n {
            let dot: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            a[i * n + j] = (a[i * n + j] - dot) / a[j * n + j];
        }
    }
    for j in 0..n {
        let dot: f64 = (0..j).map(|k| a[j * n + k] * b[k]).sum();
        b[j] = (b[j] - dot) / a[j * n + j];
    }
    for j in (0..n).rev() {
        let dot: f64 = (j + 1..n).map(|k| a[k * n + j] * b[k]).sum();
        b[j] = (b[j] - dot) / a[j * n + j];
    }
    idle
}

/// Adds weight x row x row' to the lower half of `a`.
pub(crate) fn add_square(a: &mut [f64], row: &[f64], weight: f64) {
    let n = row.len();
    for (j, value) in row.iter().enumerate() {
        let scaled = weight * value;
        for (cell, other) in a[j * n..=j * n + j].iter_mut().zip(row) {
            *cell += scaled * other;
        }
    }
}
