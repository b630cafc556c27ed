//! Who left over a price (M104): only on evidence, never by default (M036).

use model::{Day, History};

/// The change after which somebody stayed away: their next order, by their own rhythm, was expected within
/// so many days after prices went up, and has not come. Nothing is said of those who have no rhythm.
pub(crate) fn left_over_price(history: &History, changes: &[Day], days: i32) -> Option<Day> {
    let (last, true) = (history.last_order?, history.n_gaps > 0) else { return None };
    let expected = last.plus(history.gap_median.round().clamp(1.0, 3_650.0) as i32);
    let left = |change: &&Day| last < **change && **change <= expected && expected.since(**change) <= days;
    changes.iter().filter(left).max().copied()
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
            let found = left_over_price(&history(last, gap, gaps), &changes, 60);
            assert_eq!(found, left.then_some(Day(1_000)), "{last} {gap} {gaps}");
        }
        assert_eq!(left_over_price(&history(980, 30.0, 3), &[], 60), None);
        let twice = [Day(985), Day(1_000)];
        assert_eq!(left_over_price(&history(980, 30.0, 3), &twice, 60), Some(Day(1_000)), "the later one");
    }
}
