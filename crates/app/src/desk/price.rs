//! Who left over a price (M104): only on evidence, never by default (M036).

use model::{Day, History};

/// Whether the next order, by the customer's own rhythm, was expected within so many days after prices went
/// up, and has not come. Nothing is said of those who have no rhythm.
pub(crate) fn left_over_price(history: &History, changes: &[Day], days: i32) -> bool {
    let (Some(last), true) = (history.last_order, history.n_gaps > 0) else { return false };
    let expected = last.plus(history.gap_median.round().clamp(1.0, 3_650.0) as i32);
    changes.iter().any(|change| last < *change && *change <= expected && expected.since(*change) <= days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m104_only_an_order_that_stayed_away_after_a_change_tells() {
        let history = |last: i32, gap: f64, gaps| History {
            last_order: Some(Day(last)),
            gap_median: gap,
            n_gaps: gaps,
            ..History::default()
        };
        let changes = [Day(1_000)];
        for (last, gap, gaps, left) in [
            (980, 30.0, 3, true),
            (980, 20.0, 3, true),
            (980, 19.0, 3, false),
            (980, 81.0, 3, false),
            (980, 80.0, 3, true),
            (1_000, 30.0, 3, false),
            (980, 30.0, 0, false),
        ] {
            assert_eq!(left_over_price(&history(last, gap, gaps), &changes, 60), left, "{last} {gap} {gaps}");
        }
        assert!(!left_over_price(&history(980, 30.0, 3), &[], 60));
    }
}
