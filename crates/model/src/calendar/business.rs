//! The days on which a shop does not ship, and time counted in its open hours alone (M166).

use super::holiday;
use crate::Day;
use serde::{Deserialize, Serialize};

/// Days in a row on which nothing ships, or nobody answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// 年末年始, 棚卸し ...
    pub name: String,
    pub from: Day,
    /// The last of them.
    pub until: Day,
}

/// On which days the shop is closed.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DaysOff {
    /// Saturdays and Sundays.
    pub weekends: bool,
    pub holidays: bool,
    /// The shop's own: 出荷停止, 年末年始, GW, お盆.
    pub closures: Vec<Closure>,
}

impl DaysOff {
    /// The closure of the shop's own that a day lies in.
    pub fn closure(&self, day: Day) -> Option<&Closure> {
        self.closures.iter().find(|c| (c.from..=c.until).contains(&day))
    }

    /// Whether nothing ships on a day.
    pub fn is_off(&self, day: Day) -> bool {
        self.closure(day).is_some()
            || (self.weekends && day.weekday() >= 5)
            || (self.holidays && holiday(day).is_some())
    }

    /// This day, or the first after it that is not off; itself where none is for two years.
    pub fn next_open(&self, day: Day) -> Day {
        (0..730).map(|n| day.plus(n)).find(|d| !self.is_off(*d)).unwrap_or(day)
    }

    /// The day so many open days after this one.
    pub fn add_days(&self, day: Day, open_days: u32) -> Day {
        (0..open_days).fold(self.next_open(day), |at, _| self.next_open(at.plus(1)))
    }
}

/// Hours in which a shop works, on the days it is not closed. Minutes after midnight, the end excluded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BusinessTime<'a> {
    pub days_off: &'a DaysOff,
    pub opens: u16,
    pub closes: u16,
}

impl BusinessTime<'_> {
    /// This moment, or the first after it at which the shop works: a day and a minute of it.
    pub fn next_open(&self, (day, minute): (Day, u16)) -> (Day, u16) {
        let open = self.days_off.next_open(day);
        match () {
            () if open != day || minute < self.opens => (open, self.opens),
            () if minute >= self.closes => (self.days_off.next_open(day.plus(1)), self.opens),
            () => (day, minute),
        }
    }

    /// The moment so many working minutes later. Where the shop works at no hour, the moment itself.
    pub fn add_minutes(&self, from: (Day, u16), minutes: u32) -> (Day, u16) {
        let a_day = u32::from(self.closes.saturating_sub(self.opens));
        if a_day == 0 {
            return from;
        }
        let (day, minute) = self.next_open(from);
        let since_opening = u32::from(minute - self.opens) + minutes;
        // The last minute of a day is that day's, not the opening of the next.
        let whole = if minutes == 0 { 0 } else { (since_opening - 1) / a_day };
        let left = since_opening - whole * a_day;
        let day = self.days_off.add_days(day, whole);
        (day, self.opens + u16::try_from(left).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, date: u32) -> Day {
        Day::from_ymd(2026, month, date).unwrap()
    }

    fn off() -> DaysOff {
        let closure =
            Closure { name: "年末年始".to_owned(), from: day(12, 29), until: day(12, 31).plus(4) };
        DaysOff { weekends: true, holidays: true, closures: vec![closure] }
    }

    #[test]
    fn m166_nothing_ships_in_a_closure_on_weekends_or_holidays() {
        let off = off();
        for (month, date, closed, next) in [
            (5, 1, false, day(5, 1)),  // Friday
            (5, 2, true, day(5, 7)),   // Saturday, then Golden Week and its substitute on 6 May
            (9, 19, true, day(9, 24)), // Saturday; 21 to 23 September are holidays
            (11, 23, true, day(11, 24)),
            (12, 29, true, Day::from_ymd(2027, 1, 5).unwrap()),
        ] {
            assert_eq!(
                (off.is_off(day(month, date)), off.next_open(day(month, date))),
                (closed, next),
                "{month}/{date}"
            );
        }
        assert_eq!(off.closure(day(12, 30)).map(|c| c.name.as_str()), Some("年末年始"));
        assert!(!DaysOff::default().is_off(day(5, 3)), "a shop that says nothing ships every day");
        assert_eq!(off.add_days(day(5, 1), 1), day(5, 7));
        let never = DaysOff {
            closures: vec![Closure { name: String::new(), from: Day(0), until: Day(99_999) }],
            ..off
        };
        assert_eq!(never.next_open(day(5, 1)), day(5, 1));
    }

    #[test]
    fn m166_a_clock_runs_in_open_hours_alone() {
        let off = off();
        let time = BusinessTime { days_off: &off, opens: 9 * 60, closes: 18 * 60 };
        for (from, minutes, to) in [
            ((day(4, 30), 10 * 60), 60, (day(4, 30), 11 * 60)),
            ((day(4, 30), 17 * 60), 60, (day(4, 30), 18 * 60)),
            ((day(4, 30), 17 * 60), 61, (day(5, 1), 9 * 60 + 1)),
            ((day(5, 1), 17 * 60), 120, (day(5, 7), 10 * 60)),
            ((day(5, 3), 12 * 60), 0, (day(5, 7), 9 * 60)),
            ((day(5, 7), 7 * 60), 30, (day(5, 7), 9 * 60 + 30)),
            ((day(5, 7), 9 * 60), 27 * 60, (day(5, 11), 18 * 60)),
        ] {
            assert_eq!(time.add_minutes(from, minutes), to, "{from:?} + {minutes}");
        }
        let shut = BusinessTime { days_off: &off, opens: 540, closes: 540 };
        assert_eq!(shut.add_minutes((day(5, 1), 600), 60), (day(5, 1), 600));
    }
}
