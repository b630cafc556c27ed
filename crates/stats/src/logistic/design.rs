//! Rows made comparable: centred, scaled, unknowns set to the mean; and the line fitted on them.

use serde::{Deserialize, Serialize};

/// An intercept and one coefficient per column, on columns of mean 0 and standard deviation 1, so that sizes
/// can be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// The answer for a row of means.
    pub intercept: f64,
    /// Per column, the change for one standard deviation; 0 for a column that does not vary.
    pub coef: Vec<f64>,
    /// Per column, the weighted mean.
    pub means: Vec<f64>,
    /// Per column, the weighted standard deviation; 0 for a column that does not vary.
    pub sds: Vec<f64>,
}

impl Linear {
    /// The answer for a row in its own units; what is no finite number counts as the column's mean, as do
    /// columns that are missing.
    pub fn at(&self, row: &[f64]) -> f64 {
        let scales = self.means.iter().zip(&self.sds);
        let parts = row.iter().zip(&self.coef).zip(scales);
        self.intercept + parts.map(|((x, b), (mean, sd))| b * standard(*x, *mean, *sd)).sum::<f64>()
    }

    /// The change of the answer for one unit of a column; 0 for a column that does not vary.
    pub fn slope(&self, column: usize) -> f64 {
        if self.sds[column] > 0.0 { self.coef[column] / self.sds[column] } else { 0.0 }
    }

    /// The answer for a row of zeros.
    pub fn origin(&self) -> f64 {
        self.intercept - (0..self.coef.len()).map(|j| self.slope(j) * self.means[j]).sum::<f64>()
    }
}

fn standard(x: f64, mean: f64, sd: f64) -> f64 {
    if sd > 0.0 && x.is_finite() { (x - mean) / sd } else { 0.0 }
}

/// Rows ready for a fit: a leading 1, then the standardised columns.
pub(crate) struct Design {
    /// Row by row, `width` numbers each.
    pub rows: Vec<f64>,
    pub width: usize,
    /// Per row the outcome and a weight that is finite and not negative.
    pub y: Vec<f64>,
    pub weights: Vec<f64>,
    pub means: Vec<f64>,
    pub sds: Vec<f64>,
}

impl Design {
    /// From rows of `p` columns and their outcomes. A row without a usable weight or outcome counts nothing.
    pub fn new(x: &[f64], p: usize, y: &[f64], w: Option<&[f64]>) -> Design {
        let n = x.len().checked_div(p).unwrap_or(y.len()).min(y.len());
        let usable = |i: usize| {
            let weight = w.map_or(1.0, |w| w.get(i).copied().unwrap_or(0.0));
            if weight.is_finite() && weight > 0.0 && y[i].is_finite() { weight } else { 0.0 }
        };
        let weights: Vec<f64> = (0..n).map(usable).collect();
        let outcome = |i: usize| if weights[i] > 0.0 { y[i] } else { 0.0 };
        let y: Vec<f64> = (0..n).map(outcome).collect();
        let (means, sds) = moments(&x[..n * p], p, &weights);
        let width = p + 1;
        let mut rows = vec![1.0; n * width];
        for (to, from) in rows.chunks_exact_mut(width).zip(x.chunks_exact(p.max(1))) {
            for j in 0..p {
                to[j + 1] = standard(from[j], means[j], sds[j]);
            }
        }
        Design { rows, width, y, weights, means, sds }
    }

    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Row, outcome and weight, for rows that count.
    pub fn counted(&self) -> impl Iterator<Item = (&[f64], f64, f64)> {
        let sides = self.y.iter().zip(&self.weights);
        let all = self.rows.chunks_exact(self.width).zip(sides).map(|(row, (y, w))| (row, *y, *w));
        all.filter(|(_, _, w)| *w > 0.0)
    }

    /// The weighted mean of the outcomes; 0 for nothing.
    pub fn mean(&self) -> f64 {
        let total = self.total();
        if total > 0.0 { self.counted().map(|(_, y, w)| w * y).sum::<f64>() / total } else { 0.0 }
    }

    /// A fitted vector, intercept first, with the scales it belongs to.
    pub fn line(&self, at: &[f64]) -> Linear {
        let held = |(b, sd): (&f64, &f64)| if *sd > 0.0 { *b } else { 0.0 };
        let coef = at[1..].iter().zip(&self.sds).map(held).collect();
        Linear { intercept: at[0], coef, means: self.means.clone(), sds: self.sds.clone() }
    }
}

/// Weighted mean and standard deviation of each column over its finite values.
fn moments(x: &[f64], p: usize, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut means, mut squares, mut totals) = (vec![0.0; p], vec![0.0; p], vec![0.0; p]);
    for (row, w) in x.chunks_exact(p.max(1)).zip(weights).filter(|(_, w)| **w > 0.0) {
        for j in (0..p).filter(|j| row[*j].is_finite()) {
            // One pass without cancellation (West 1979).
            totals[j] += w;
            let step = row[j] - means[j];
            means[j] += step * w / totals[j];
            squares[j] += w * step * (row[j] - means[j]);
        }
    }
    let spread = |j: usize| {
        let sd = (squares[j] / totals[j].max(f64::MIN_POSITIVE)).sqrt();
        if sd.is_finite() && sd > 1e-9 * means[j].abs() { sd } else { 0.0 }
    };
    let sds = (0..p).map(spread).collect();
    (means, sds)
}
