//! At what time of the day somebody is likely to be there (M153).

/// Fewer moments than this say nothing.
const LEAST: usize = 3;
/// Letters are sent on the hour, from seven in the morning to ten at night.
const HOURS: std::ops::RangeInclusive<u16> = 7..=22;
/// A moment speaks for the hours around it, less and less, up to so many minutes away.
const REACH: u16 = 120;
const DAY: u16 = 24 * 60;

/// The minute after midnight (0..=1439) at which a customer is written to, within the day that begins at
/// `at`: the hour around which most of their moments (minutes after midnight of orders and clicks) lie.
/// `at` itself where there are too few of them. Of equal hours the one that comes first.
pub fn own_hour(seen: &[u16], at: u16) -> u16 {
    if seen.len() < LEAST {
        return at;
    }
    let weight =
        |hour: u16| -> u32 { seen.iter().map(|moment| u32::from(nearness(*moment, hour * 60))).sum() };
    let wait = |hour: u16| (hour * 60 + DAY - at % DAY) % DAY;
    let best = HOURS.max_by_key(|hour| (weight(*hour), std::cmp::Reverse(wait(*hour))));
    best.filter(|hour| weight(*hour) > 0).map_or(at, |hour| hour * 60)
}

/// From 0, as far as `REACH` or farther, to `REACH`, the same minute; round the clock.
fn nearness(a: u16, b: u16) -> u16 {
    let apart = (a % DAY).abs_diff(b % DAY);
    REACH.saturating_sub(apart.min(DAY - apart))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_with_most_moments_around_it() {
        let at = |h: u16, m: u16| h * 60 + m;
        for (seen, start, expected, why) in [
            (vec![], at(10, 0), at(10, 0), "nothing is known"),
            (vec![at(21, 0), at(21, 5)], at(10, 0), at(10, 0), "too few"),
            (vec![at(21, 0), at(21, 40), at(20, 30)], at(10, 0), at(21, 0), "in the evening"),
            (vec![at(8, 0), at(8, 10), at(7, 50), at(21, 0)], at(10, 0), at(8, 0), "next morning, by most"),
            (
                vec![at(12, 0), at(12, 0), at(20, 0), at(20, 0)],
                at(13, 0),
                at(20, 0),
                "a draw: the one that comes first",
            ),
            (vec![at(3, 0), at(3, 10), at(3, 20)], at(10, 0), at(10, 0), "nobody is written to at night"),
            (vec![at(23, 30), at(23, 40), at(0, 10)], at(10, 0), at(22, 0), "the nearest decent hour"),
        ] {
            assert_eq!(own_hour(&seen, start), expected, "{why}");
        }
    }
}
