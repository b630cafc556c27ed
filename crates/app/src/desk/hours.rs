//! When calls may be made: the shop's hours in its own zone, and for companies the working day.

use crate::Settings;
use clearance::Hours;
use model::{Channel, Day};

const MINUTES: i64 = 24 * 60;
/// Companies are at lunch (M166).
const NOON: std::ops::Range<i64> = 12 * 60..13 * 60;
/// So many days are looked ahead.
const AHEAD: i32 = 60;

/// Whether calls may be made now, and if not, by which rule and until when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    pub open: bool,
    /// The rule that closes it; of calls to people where both do.
    pub rule: &'static str,
    /// When they may be made next, Unix seconds: now where it is open; `None` where the hours leave no time.
    pub from: Option<i64>,
}

impl Settings {
    /// Whether a person, or a company, may be called at a moment (L-13, M166).
    pub(crate) fn calling(&self, company: bool, now: i64) -> Opening {
        let (day, minute) = (self.day_of(now), self.minute_of(now));
        let decent = self.hours.open(Channel::Phone, minute);
        let open = self.calls_at(company, day, minute);
        let rule = if open || !decent { Hours::rule(Channel::Phone) } else { "business_hours" };
        let from = if open { Some(now) } else { self.next_calls(company, day, minute) };
        Opening { open, rule, from }
    }

    /// The first moment from `at` on at which calls may be made; `at` itself where the hours leave no time.
    pub(crate) fn call_from(&self, company: bool, at: i64) -> i64 {
        self.calling(company, at).from.unwrap_or(at)
    }

    fn calls_at(&self, company: bool, day: Day, minute: i64) -> bool {
        let working = || day.weekday() < 5 && !self.is_holiday(day) && !NOON.contains(&minute);
        self.hours.open(Channel::Phone, minute) && (!company || working())
    }

    fn next_calls(&self, company: bool, day: Day, minute: i64) -> Option<i64> {
        let minutes = |ahead| if ahead == 0 { minute..MINUTES } else { 0..MINUTES };
        let mut days = (0..=AHEAD).map(|ahead| (day.plus(ahead), minutes(ahead)));
        days.find_map(|(day, mut minutes)| {
            let minute = minutes.find(|minute| self.calls_at(company, day, *minute))?;
            Some(self.moment(day, minute))
        })
    }

    /// Whether no company works on a day. National holidays are what the shop has entered.
    fn is_holiday(&self, day: Day) -> bool {
        self.calls.holidays.contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20, a Friday, and the days after; the Monday is a holiday.
    fn at(settings: &Settings, day: u32, hour: i64, minute: i64) -> i64 {
        settings.moment(Day::from_ymd(2026, 11, day).expect("a day"), hour * 60 + minute)
    }

    /// L-13, M166: in the shop's zone, whichever that is.
    #[test]
    fn people_by_day_companies_at_work() {
        for zone in ["Asia/Tokyo", "America/New_York", "Europe/London"] {
            let mut settings = Settings { zone: zone.to_owned(), ..Settings::default() };
            settings.calls.holidays.extend(Day::from_ymd(2026, 11, 23));
            for (company, day, hour, minute, next) in [
                (false, 20, 10, 0, None),
                (false, 20, 8, 59, Some((20, 9, 0))),
                (false, 20, 20, 0, Some((21, 9, 0))),
                (false, 21, 12, 30, None),
                (false, 22, 23, 59, Some((23, 9, 0))),
                (true, 20, 10, 0, None),
                (true, 20, 12, 0, Some((20, 13, 0))),
                (true, 20, 12, 59, Some((20, 13, 0))),
                (true, 20, 19, 59, None),
                (true, 20, 20, 0, Some((24, 9, 0))),
                (true, 21, 10, 0, Some((24, 9, 0))),
                (true, 23, 10, 0, Some((24, 9, 0))),
            ] {
                let now = at(&settings, day, hour, minute);
                let opening = settings.calling(company, now);
                let expected = next.map_or(now, |(day, hour, minute)| at(&settings, day, hour, minute));
                assert_eq!(
                    (opening.open, opening.from),
                    (next.is_none(), Some(expected)),
                    "{zone} {day} {hour}:{minute}"
                );
            }
        }
    }

    /// L-13: whatever the shop has set, nobody is called from nine in the evening to eight.
    #[test]
    fn no_setting_opens_the_night() {
        let mut settings = Settings::default();
        settings.hours.phone = None;
        for (hour, minute, open) in
            [(7, 59, false), (8, 0, true), (20, 59, true), (21, 0, false), (3, 0, false)]
        {
            assert_eq!(
                settings.calling(false, at(&settings, 20, hour, minute)).open,
                open,
                "{hour}:{minute}"
            );
        }
        let midnight = model::TimeOfDay::new(0, 0).expect("a time");
        let five = model::TimeOfDay::new(5, 0).expect("a time");
        settings.hours.phone = Some(clearance::Open { from: midnight, to: five });
        let never = settings.calling(false, at(&settings, 20, 3, 0));
        assert_eq!((never.open, never.from), (false, None));
        assert_eq!(settings.calling(true, at(&settings, 20, 3, 0)).rule, "L-13");
        let noon = Settings::default();
        assert_eq!(noon.calling(true, at(&noon, 20, 12, 0)).rule, "business_hours");
    }
}
