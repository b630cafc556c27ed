//! A probability with its interval, as a bar beside the figure.

/// `low`, `value` and `high` on a track that ends at `most`.
pub fn range((low, value, high): (f64, f64, f64), most: f64) -> String {
    let x = |p: f64| if most > 0.0 { (p / most * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    let (from, to) = (x(low), x(high).max(x(low) + 0.8));
    let at = x(value).clamp(0.0, 98.5);
    format!(
        r#"<svg class="bar range" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="reach" x="{from:.1}" width="{:.1}" height="8"/><rect class="fill" x="{at:.1}" width="1.5" height="8"/></svg>"#,
        to - from
    )
}

/// The end of a track that holds all of these: 5, 10, 20, 50 or 100 %.
pub fn track(highs: impl Iterator<Item = f64>) -> f64 {
    let most = highs.fold(0.0, f64::max);
    [0.05, 0.1, 0.2, 0.5].into_iter().find(|end| *end >= most).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::well_formed;

    #[test]
    fn the_interval_stays_on_the_track() {
        for (of, most) in [((0.0, 0.0, 0.0), 0.0), ((0.1, 0.2, 0.4), 0.5), ((0.9, 1.0, 1.0), 1.0)] {
            well_formed(&range(of, most));
        }
        assert!(range((0.1, 0.2, 0.4), 0.5).contains(r#"x="20.0" width="60.0""#));
        assert_eq!(
            (track([0.07, 0.12].into_iter()), track([].into_iter()), track([0.7].into_iter())),
            (0.2, 0.05, 1.0)
        );
    }
}
