//! What the top of a list holds.

use super::ascending;

/// How much of the total weight the best `share` (0 to 1) of a list holds. Equal scores stand in random
/// order, of which this is the expected value: part of a run of ties holds that part of the run's weight.
/// A weight that is no number counts as 0; where the total is not above 0 the answer is 0.
pub fn top_share(scores: &[f64], weights: &[f64], share: f64) -> f64 {
    let curve = Curve::of(scores, weights);
    curve.at(share)
}

/// (share of the list, share of the weight held) at `points` even steps after (0, 0), the last being (1, 1);
/// at least one step. Ties and weights as in `top_share`.
pub fn capture_curve(scores: &[f64], weights: &[f64], points: usize) -> Vec<(f64, f64)> {
    let curve = Curve::of(scores, weights);
    let steps = points.max(1);
    (0..=steps).map(|i| i as f64 / steps as f64).map(|share| (share, curve.at(share))).collect()
}

/// Cumulative (rows, weight) after each run of equal scores, from the best down.
struct Curve(Vec<(f64, f64)>);

impl Curve {
    fn of(scores: &[f64], weights: &[f64]) -> Curve {
        let (order, ends) = ascending(scores);
        let weight = |place: &u32| weights.get(*place as usize).copied().filter(|w| w.is_finite());
        let mut points = vec![(0.0, 0.0)];
        let mut held = 0.0;
        let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
        for (start, end) in starts.iter().zip(&ends).rev() {
            held += order[*start..*end].iter().filter_map(weight).sum::<f64>();
            points.push(((order.len() - start) as f64, held));
        }
        Curve(points)
    }

    fn at(&self, share: f64) -> f64 {
        let (rows, total) = self.0[self.0.len() - 1];
        if total <= 0.0 {
            return 0.0;
        }
        let wanted = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) * rows };
        let next = self.0.partition_point(|(n, _)| *n < wanted).max(1).min(self.0.len() - 1);
        let ((n0, w0), (n1, w1)) = (self.0[next - 1], self.0[next]);
        (w0 + (w1 - w0) * (wanted - n0) / (n1 - n0)) / total
    }
}
