//! The difference of means over strata, freed within each of what was known before.

use super::strata::mantel_haenszel;
use super::{Interval, z_of};

/// One row of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Its stratum, a small number from 0.
    pub stratum: u16,
    /// Whether it was treated.
    pub treated: bool,
    /// The outcome.
    pub y: f64,
    /// What was known before the trial and foretells the outcome.
    pub x: f64,
}

/// One arm of one stratum, summed without cancellation (West 1979).
#[derive(Clone, Copy, Default)]
struct Cell {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Cell {
    fn add(&mut self, row: &Row) {
        self.n += 1.0;
        let (dx, dy) = (row.x - self.x, row.y - self.y);
        self.x += dx / self.n;
        self.y += dy / self.n;
        self.xx += dx * (row.x - self.x);
        self.xy += dx * (row.y - self.y);
        self.yy += dy * (row.y - self.y);
    }

    /// The variance of the mean of y - theta x.
    fn error(&self, theta: f64) -> f64 {
        let squares = self.yy - 2.0 * theta * self.xy + theta * theta * self.xx;
        squares.max(0.0) / (self.n - 1.0) / self.n
    }
}

/// mean(treated) - mean(holdout) of y - theta x, weighted over strata after Mantel and Haenszel, with a
/// normal interval whose variance is robust: each arm of each stratum has its own. theta is the slope of y
/// on x within the cells, over all of them together, so that it cannot move the difference but by chance, and
/// narrows it by the share of variance that x foretells (CUPED, Deng et al. 2013, within strata; the
/// analysis of covariance with robust errors of Lin 2013, with one slope). Cells of one row say nothing;
/// `None` where no stratum has two in either arm. Meant for large trials: the caller's rule says when.
pub fn adjusted_in_strata(rows: impl IntoIterator<Item = Row>, level: f64) -> Option<Interval> {
    let mut cells: Vec<[Cell; 2]> = vec![];
    for row in rows {
        let stratum = usize::from(row.stratum);
        if cells.len() <= stratum {
            cells.resize(stratum + 1, Default::default());
        }
        cells[stratum][usize::from(row.treated)].add(&row);
    }
    cells.retain(|pair| pair.iter().all(|cell| cell.n >= 2.0));
    let sum = |of: fn(&Cell) -> f64| cells.iter().flatten().map(of).sum::<f64>();
    let (xx, xy) = (sum(|c| c.xx), sum(|c| c.xy));
    let theta = if xx > 0.0 { xy / xx } else { 0.0 };
    let (mut total, mut value, mut variance) = (0.0, 0.0, 0.0);
    for [holdout, treated] in &cells {
        let weight = mantel_haenszel(treated.n, holdout.n);
        total += weight;
        value += weight * (treated.y - holdout.y - theta * (treated.x - holdout.x));
        variance += weight * weight * (treated.error(theta) + holdout.error(theta));
    }
    (total > 0.0).then(|| Interval::around(value / total, z_of(level) * variance.sqrt() / total))
}
