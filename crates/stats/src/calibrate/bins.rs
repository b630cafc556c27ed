//! The calibration picture: predicted against actual in equal groups.

use crate::trial::{Count, Interval, wilson};

/// A group of rows with neighbouring probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// The lowest probability in it.
    pub low: f64,
    /// The highest probability in it.
    pub high: f64,
    /// The mean probability.
    pub predicted: f64,
    /// The rate that came true, with Wilson's interval.
    pub actual: Interval,
    /// How many rows.
    pub n: usize,
}

/// Cuts the rows into about `n` groups of equal size from the lowest probability up. Equal probabilities stay
/// together, so groups may be fewer and uneven. Rows whose probability is no number are left out.
pub fn bins(p: &[f64], hits: &[bool], n: usize, level: f64) -> Vec<Bin> {
    let mut rows: Vec<(f64, bool)> = p.iter().copied().zip(hits.iter().copied()).collect();
    rows.retain(|(p, _)| p.is_finite());
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bins = vec![];
    let mut start = 0;
    for part in 1..=n.max(1) {
        let mut end = (rows.len() * part / n.max(1)).max(start);
        while end > start && end < rows.len() && rows[end].0 == rows[end - 1].0 {
            end += 1;
        }
        bins.extend((end > start).then(|| bin(&rows[start..end], level)));
        start = end;
    }
    bins
}

fn bin(rows: &[(f64, bool)], level: f64) -> Bin {
    Bin {
        low: rows[0].0,
        high: rows[rows.len() - 1].0,
        predicted: rows.iter().map(|(p, _)| p).sum::<f64>() / rows.len() as f64,
        actual: wilson(Count::of(rows.iter().map(|(_, hit)| *hit)), level),
        n: rows.len(),
    }
}
