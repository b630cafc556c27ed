//! Linear regression with a ridge penalty (Hoerl & Kennard 1970).

use super::design::{Design, Linear};
use super::matrix::{add_square, solve};
use crate::descent::End;

/// A linear regression and how it was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct RidgeFit {
    /// The line: usable however the fit ended.
    pub line: Linear,
    /// The penalty on the squared coefficients, beside the summed squares.
    pub l2: f64,
    /// Converged, or why this is a stand-in.
    pub end: End,
}

/// Least weighted squares plus l2 times the squared coefficients of the standardised columns; the intercept is
/// free. No rows: 0 everywhere, said so; columns that repeat others get 0.
pub fn ridge(x: &[f64], p: usize, y: &[f64], w: Option<&[f64]>, l2: f64) -> RidgeFit {
    let design = Design::new(x, p, y, w);
    let l2 = if l2.is_finite() { l2.max(0.0) } else { 0.0 };
    let end = match design.total() > 0.0 {
        true => End::Converged,
        false => End::FellBack("there are no rows".into()),
    };
    let n = design.width;
    let (mut square, mut at) = (vec![0.0; n * n], vec![0.0; n]);
    for (row, y, w) in design.counted() {
        add_square(&mut square, row, w);
        at.iter_mut().zip(row).for_each(|(sum, x)| *sum += w * y * x);
    }
    (1..n).for_each(|j| square[j * n + j] += l2);
    solve(&mut square, &mut at);
    RidgeFit { line: design.line(&at), l2, end }
}
