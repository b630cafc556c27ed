//! Who buys at the same time every year, and whether that time comes now.
//!
//! 中元 and 歳暮 buyers are silent for half a year and more, and nothing is wrong with them. Each
//! occasion is predicted from those of other years: by a window around their anniversaries, or by
//! chance. How much better the windows do says how likely somebody is to be seasonal (a Bayes
//! factor); the rate of the coming days is multiplied by what their seasons say, as far as that is
//! believed. Who shops all year round, or only once, is left as they are.

/// Occasions looked at, the newest.
pub(crate) const MOST: usize = 8;
const YEAR: i32 = 365;
/// Days either side of an anniversary.
const REACH: i32 = 21;
/// Days by which an anniversary may be missed.
const SLACK: i32 = 15;
/// Occasions nearer than this say nothing of a season.
const APART: i32 = 150;
/// The share believed seasonal before anything is seen.
const BELIEVED: f64 = 0.1;
/// Occasions that fall outside one's own seasons all the same.
const STRAY: f64 = 0.05;

/// ln of what the coming `ahead` days' rate is to be multiplied with, for somebody whose newest
/// occasions were so many days ago; 0 where no season shows, or a year or more is looked ahead.
pub(crate) fn season(ago: &[i32], ahead: i32) -> f64 {
    let Some(believed) = believed(ago).filter(|_| ahead < YEAR) else { return 0.0 };
    let window = f64::from(ahead) / f64::from(YEAR);
    let mass = ago.iter().map(|a| coming(*a, ahead)).sum::<f64>() / ago.len() as f64;
    let own = STRAY + (1.0 - STRAY) * mass / window;
    (1.0 - believed + believed * own).ln()
}

/// The probability that somebody is seasonal; `None` for somebody of whom no two occasions are so
/// far apart that it could show.
fn believed(ago: &[i32]) -> Option<f64> {
    let mut seen = false;
    let width = f64::from(2 * REACH + 1) / f64::from(YEAR);
    let mut odds = BELIEVED / (1.0 - BELIEVED);
    for one in ago {
        let others = || ago.iter().filter(|other| (*other - one).abs() >= APART);
        let near = others().filter(|other| distance(**other, *one) <= REACH).count() as f64;
        let n = others().count() as f64;
        if n > 0.0 {
            seen = true;
            odds *= STRAY + (1.0 - STRAY) * near / n / width;
        }
    }
    seen.then_some(odds / (1.0 + odds))
}

/// Days between two days of the year.
fn distance(a: i32, b: i32) -> i32 {
    let apart = (a - b).rem_euclid(YEAR);
    apart.min(YEAR - apart)
}

/// The share of an occasion's next anniversary that lies within `ahead` days: it comes on the day
/// most likely, up to `SLACK` days earlier or later less and less.
fn coming(ago: i32, ahead: i32) -> f64 {
    // Days from now to the anniversary; the one just past still reaches into the coming days.
    let next = (-ago).rem_euclid(YEAR);
    [next - YEAR, next, next + YEAR].into_iter().map(|day| by(ahead - day) - by(-day)).sum()
}

/// The share that has come by so many days after the anniversary.
fn by(days: i32) -> f64 {
    let x = (f64::from(days) / f64::from(SLACK)).clamp(-1.0, 1.0);
    0.5 + x - 0.5 * x * x.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Multiples of the rate over the next 90 days.
    fn over_90(ago: &[i32]) -> f64 {
        season(ago, 90).exp()
    }

    #[test]
    fn a_gift_giver_is_expected_in_season_and_not_out_of_it() {
        // Four Decembers: the next one in 30 days, or in 200.
        let in_season = over_90(&[335, 700, 1_064, 1_430]);
        let out = over_90(&[165, 530, 894, 1_260]);
        assert!(in_season > 3.0 && out < 0.1, "{in_season} {out}");
    }

    #[test]
    fn others_are_left_as_they_are() {
        let cases: [&[i32]; 5] = [
            &[400],
            &[400, 410],
            &[30, 60, 90, 120, 150, 180, 210, 240],
            &[20, 150, 290, 330, 500, 640],
            &[],
        ];
        for ago in cases {
            for shift in [0, 50, 120, 250] {
                let moved: Vec<i32> = ago.iter().map(|a| a + shift).collect();
                let factor = over_90(&moved);
                assert!((0.9..1.1).contains(&factor), "{moved:?}: {factor}");
            }
        }
    }

    #[test]
    fn the_year_is_shared_out() {
        for ago in [0, 10, 100, 364, 365, 1_000] {
            let sum: f64 = (0..365).map(|day| coming(ago + day, 73)).sum::<f64>() / 73.0;
            assert!((sum - 1.0).abs() < 1e-9, "{ago}: {sum}");
        }
        assert_eq!(season(&[10, 375, 740], 365), 0.0);
    }
}
