//! How long after a day something comes, in business days or in months (M090, M166).

use crate::{Day, DaysOff};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest that a step may wait, of either unit.
const MOST: u32 = 400;

/// A delay that a count of days does not say. Written `3 business days` and `1 month`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum After {
    /// Mondays to Fridays that are no holidays and in no closure of the shop's own.
    BusinessDays(u32),
    /// The same date so many months later; the last of the month where it is too short.
    Months(u32),
}

impl After {
    /// The day on which it comes, counted from a day; of the shop's days off its closures count.
    pub fn from(self, day: Day, days_off: &DaysOff) -> Day {
        match self {
            After::BusinessDays(n) => {
                let off = DaysOff { weekends: true, holidays: true, closures: days_off.closures.clone() };
                // From a day off the first open day is the first that counts.
                let n = if off.is_off(day) { n.saturating_sub(1) } else { n };
                off.add_days(day, n)
            }
            After::Months(n) => {
                let (year, month, date) = day.ymd();
                let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(n);
                let (year, month) = (months.div_euclid(12) as i32, months.rem_euclid(12) as u32 + 1);
                (28..=date)
                    .rev()
                    .chain([date.min(28)])
                    .find_map(|d| Day::from_ymd(year, month, d))
                    .unwrap_or(day)
            }
        }
    }

    /// 3営業日, 1か月.
    pub fn ja(self) -> String {
        match self {
            After::BusinessDays(n) => format!("{n}営業日"),
            After::Months(n) => format!("{n}か月"),
        }
    }

    /// About how many days that is.
    pub fn days(self) -> i32 {
        match self {
            After::BusinessDays(n) => (n * 7 / 5) as i32,
            After::Months(n) => (n * 30) as i32,
        }
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: &u32| if *n == 1 { "" } else { "s" };
        match self {
            After::BusinessDays(n) => write!(f, "{n} business day{}", plural(n)),
            After::Months(n) => write!(f, "{n} month{}", plural(n)),
        }
    }
}

impl FromStr for After {
    type Err = String;

    fn from_str(text: &str) -> Result<After, String> {
        let wrong = || format!("'{text}' is no delay: write 3 business days, or 1 month");
        let (count, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let count = count.parse().ok().filter(|n| *n <= MOST).ok_or_else(wrong)?;
        match unit.trim() {
            "business day" | "business days" => Ok(After::BusinessDays(count)),
            "month" | "months" => Ok(After::Months(count)),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for After {
    type Error = String;

    fn try_from(text: String) -> Result<After, String> {
        text.parse()
    }
}

impl From<After> for String {
    fn from(after: After) -> String {
        after.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Closure;

    /// M090, M166: months end right, and no business day is a weekend, a holiday or a closure.
    #[test]
    fn m090_m166_delays_fall_on_the_right_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let closure =
            Closure { name: "年末年始".into(), from: day("2026-12-29"), until: day("2027-01-04") };
        let off = DaysOff { closures: vec![closure], ..DaysOff::default() };
        for (from, after, expected) in [
            ("2027-01-31", "1 month", "2027-02-28"),
            ("2028-01-31", "1 month", "2028-02-29"),
            ("2026-12-31", "2 months", "2027-02-28"),
            ("2026-10-31", "1 month", "2026-11-30"),
            ("2026-11-15", "12 months", "2027-11-15"),
            ("2026-05-01", "3 business days", "2026-05-11"), // Golden Week and its substitute on 6 May
            ("2026-11-20", "1 business day", "2026-11-24"),  // Friday; Monday the 23rd is a holiday
            ("2026-12-28", "1 business day", "2027-01-05"),  // the shop's own closure
            ("2026-11-21", "0 business days", "2026-11-24"), // a Saturday is none
            ("2026-11-21", "1 business day", "2026-11-24"),
            ("2027-01-31", "3 business days", "2027-02-03"), // Sunday: Monday is the first
            ("2026-11-25", "3 business days", "2026-11-30"),
        ] {
            let after: After = after.parse().unwrap();
            assert_eq!(after.from(day(from), &off), day(expected), "{from} + {after}");
            assert_eq!(after.to_string().parse::<After>(), Ok(after));
        }
        for text in ["3", "3 days", "-1 months", "x months", "401 months"] {
            assert!(text.parse::<After>().is_err(), "{text}");
        }
    }
}
