//! How good a list is: AUC, what its top holds, log loss. Ties never help: they stand in random order.

mod auc;
mod capture;

pub use auc::{auc, auc_difference, auc_interval};
pub use capture::{capture_curve, top_share};

/// A score as it sorts: one that is no number is the worst there is.
fn sortable(score: f64) -> f64 {
    if score.is_nan() { f64::NEG_INFINITY } else { score }
}

/// The order of places from the worst score to the best, and where each run of equal scores ends.
fn ascending(scores: &[f64]) -> (Vec<u32>, Vec<usize>) {
    let mut keyed: Vec<(f64, u32)> = scores.iter().zip(0..).map(|(s, i)| (sortable(*s), i)).collect();
    keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut ends: Vec<usize> = (1..keyed.len()).filter(|&i| keyed[i - 1].0 != keyed[i].0).collect();
    ends.extend((!keyed.is_empty()).then_some(keyed.len()));
    (keyed.into_iter().map(|(_, place)| place).collect(), ends)
}

/// Ranks from 1 (the lowest) up; equal values share the mean of their ranks; NaN counts as minus infinity.
pub fn midranks(values: &[f64]) -> Vec<f64> {
    let (order, ends) = ascending(values);
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for end in ends {
        let middle = 0.5 * (start + 1 + end) as f64;
        order[start..end].iter().for_each(|place| ranks[*place as usize] = middle);
        start = end;
    }
    ranks
}

/// Fifths by mid-rank, 1 (the lowest) to 5: equal values share a fifth. RFM adds three of them up.
pub fn quintiles(values: &[f64]) -> Vec<u8> {
    let n = values.len() as f64;
    let fifth = |rank: f64| 1 + (5.0 * (rank - 0.5) / n).floor().clamp(0.0, 4.0) as u8;
    midranks(values).into_iter().map(fifth).collect()
}

/// A probability kept far enough from 0 and 1 for a logarithm; one that is no number says nothing: 0.5.
fn sober(p: f64) -> f64 {
    if p.is_nan() { 0.5 } else { p.clamp(1e-15, 1.0 - 1e-15) }
}

/// The mean of -ln(probability given to what happened); probabilities are kept 1e-15 away from 0 and 1.
/// None for nothing.
pub fn log_loss(p: &[f64], hits: &[bool]) -> Option<f64> {
    mean(p, hits, |p, hit| if hit { -p.ln() } else { -(-p).ln_1p() })
}

/// The mean squared distance of probability and outcome (Brier 1950). None for nothing.
pub fn brier(p: &[f64], hits: &[bool]) -> Option<f64> {
    mean(p, hits, |p, hit| (p - f64::from(u8::from(hit))).powi(2))
}

fn mean(p: &[f64], hits: &[bool], loss: impl Fn(f64, bool) -> f64) -> Option<f64> {
    let n = p.len().min(hits.len());
    let total: f64 = p.iter().zip(hits).map(|(p, hit)| loss(sober(*p), *hit)).sum();
    (n > 0).then(|| total / n as f64)
}
