//! How much of the gain of a treatment the top of a list holds (Radcliffe 2007).

use crate::draw::Draw;
use crate::trial::{Interval, percentile_interval};

/// (share of the list, gain per row of the whole list) from (0, 0) down the list, one point per run of equal
/// scores. The gain of the best k rows is k times the difference of the arms' means among them: what treating
/// just those would bring (Radcliffe's count of extra outcomes, scaled from the treated to all). Scores that are
/// no number stand last.
pub fn qini_curve(scores: &[f64], treated: &[bool], y: &[f64]) -> Vec<(f64, f64)> {
    Ordered::of(scores, treated, y).curve(None)
}

/// The relative Qini: the area between the gain curve and the straight line to its end, as a share of the
/// triangle below that line. 0 is random order; below 0 worse; above 1 is possible where some are harmed.
/// None where an arm is empty or the whole gain is not above 0.
pub fn qini(scores: &[f64], treated: &[bool], y: &[f64]) -> Option<f64> {
    relative(&Ordered::of(scores, treated, y).curve(None))
}

/// The relative Qini with the middle `level` of `draws` bootstrap samples of the rows (scores as given).
pub fn qini_interval(
    scores: &[f64],
    treated: &[bool],
    y: &[f64],
    draws: usize,
    level: f64,
    seed: u64,
) -> Option<Interval> {
    let ordered = Ordered::of(scores, treated, y);
    let value = relative(&ordered.curve(None))?;
    let mut draw = Draw::new(seed);
    let sample = |_| relative(&ordered.curve(Some(&draw.resample_counts(ordered.rows.len()))));
    let drawn = (0..draws).filter_map(sample).collect();
    Some(percentile_interval(value, drawn, level))
}

/// The area under the gain curve: the mean gain per row over all depths of treating (Devriendt et al. 2020).
/// Half the average effect is random order. None where an arm is empty.
pub fn auuc(scores: &[f64], treated: &[bool], y: &[f64]) -> Option<f64> {
    let both = treated.contains(&true) && treated.contains(&false);
    both.then(|| area(&qini_curve(scores, treated, y)))
}

fn area(curve: &[(f64, f64)]) -> f64 {
    curve.windows(2).map(|w| (w[1].0 - w[0].0) * 0.5 * (w[0].1 + w[1].1)).sum()
}

fn relative(curve: &[(f64, f64)]) -> Option<f64> {
    let triangle = 0.5 * curve.last()?.1;
    (triangle > 0.0).then(|| area(curve) / triangle - 1.0)
}

/// Rows from the best score down.
struct Ordered {
    /// (score, treated, outcome).
    rows: Vec<(f64, bool, f64)>,
}

impl Ordered {
    fn of(scores: &[f64], treated: &[bool], y: &[f64]) -> Ordered {
        let score = |s: f64| if s.is_nan() { f64::NEG_INFINITY } else { s };
        let columns = scores.iter().zip(treated).zip(y).filter(|(_, y)| y.is_finite());
        let mut rows: Vec<_> = columns.map(|((s, t), y)| (score(*s), *t, *y)).collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ordered { rows }
    }

    /// The gain curve, with each row counted once or as often as `times` says.
    fn curve(&self, times: Option<&[f64]>) -> Vec<(f64, f64)> {
        // Left out, treated: sum of outcomes, rows.
        let mut sums = [(0.0, 0.0); 2];
        let mut points = vec![(0.0, 0.0)];
        let n = times.map_or(self.rows.len() as f64, |t| t.iter().sum());
        let mut at = 0;
        for tied in self.rows.chunk_by(|a, b| a.0 == b.0) {
            for (_, treated, y) in tied {
                let w = times.map_or(1.0, |t| t[at]);
                at += 1;
                let side = &mut sums[usize::from(*treated)];
                *side = (side.0 + w * y, side.1 + w);
            }
            points.push(((sums[0].1 + sums[1].1) / n, gain(sums) / n));
        }
        points
    }
}

/// The difference of the arms' means times the rows of both; 0 while an arm is still empty.
fn gain([holdout, treated]: [(f64, f64); 2]) -> f64 {
    if holdout.1 <= 0.0 || treated.1 <= 0.0 {
        return 0.0;
    }
    (treated.0 / treated.1 - holdout.0 / holdout.1) * (treated.1 + holdout.1)
}
