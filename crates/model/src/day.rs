//! A calendar day in the shop's zone.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Days since 1970-01-01 in the shop's zone. Covers the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub i32);

/// Why a text or a triple of numbers is not a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayError(pub String);

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not a day that exists (write it as 2026-11-22)", self.0)
    }
}
impl std::error::Error for DayError {}

impl Day {
    /// The day of a civil date, or `None` where the calendar has no such date.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month)
        {
            return None;
        }
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let shifted = (month as i32 + 9) % 12;
        let doy = (153 * shifted + 2) / 5 + day as i32 - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Some(Day(era * 146_097 + doe - 719_468))
    }

    /// Year, month (1..=12) and day (1..=31). Source: as above, `civil_from_days`.
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
        (yoe + era * 400 + i32::from(month <= 2), month, day)
    }

    /// Days from `earlier` to `self`; negative when `earlier` is later.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// This day moved by `days`.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The month as a running number: year * 12 + (month - 1).
    pub fn month_index(self) -> i32 {
        let (y, m, _) = self.ymd();
        y * 12 + m as i32 - 1
    }

    /// First day of the month with this running number.
    pub fn first_of_month(index: i32) -> Option<Day> {
        Day::from_ymd(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1)
    }

    /// 0 = Monday .. 6 = Sunday.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl std::str::FromStr for Day {
    type Err = DayError;
    /// Reads `2026-11-22` only: the looser spellings of files are `intake`'s affair.
    fn from_str(text: &str) -> Result<Day, DayError> {
        let bad = || DayError(text.to_owned());
        let mut parts = text.split('-');
        let mut next = || parts.next().filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
        let (y, m, d) = (next().ok_or_else(bad)?, next().ok_or_else(bad)?, next().ok_or_else(bad)?);
        if parts.next().is_some() {
            return Err(bad());
        }
        let number = |p: &str| p.parse::<u32>().map_err(|_| bad());
        Day::from_ymd(number(y)? as i32, number(m)?, number(d)?).ok_or_else(bad)
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    fn try_from(text: String) -> Result<Day, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (text, number, weekday) in [
            ("1970-01-01", 0, 3),
            ("2000-02-29", 11_016, 1),
            ("2026-11-22", 20_779, 6),
            ("1900-03-01", -25_508, 3),
        ] {
            let day: Day = text.parse().expect("a day");
            assert_eq!((day.0, day.to_string().as_str(), day.weekday()), (number, text, weekday));
        }
        for bad in
            ["2023-02-30", "2023-13-01", "2023-1", "", "x", "2023-01-01-01", "1900-02-29", "+023-01-01"]
        {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_day_there_and_back(n in -700_000i32..2_900_000) {
            let (y, m, d) = Day(n).ymd();
            proptest::prop_assert_eq!(Day::from_ymd(y, m, d), Some(Day(n)));
        }
    }
}
