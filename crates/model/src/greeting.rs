//! Cards of the season and invitations: when each may be sent, and to what somebody is invited.

use crate::{Channel, Day, SeasonKind, TimeOfDay, seasons, words::words};
use serde::{Deserialize, Serialize};

/// A card of the season (M099).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Greeting {
    Nengajo,
    WinterGreeting,
    SummerGreeting,
    LateSummerGreeting,
}
words!(Greeting {
    Nengajo = "nengajo", "年賀状", "New Year's card";
    WinterGreeting = "winter_greeting", "寒中見舞い", "midwinter greeting";
    SummerGreeting = "summer_greeting", "暑中見舞い", "midsummer greeting";
    LateSummerGreeting = "late_summer_greeting", "残暑見舞い", "late summer greeting";
});

impl Greeting {
    /// The last day of the New Year's season that mourning told on a day falls into: no card is sent
    /// until then, and the next year's may be.
    pub fn season_of_mourning(told: Day) -> Day {
        let (year, ..) = told.ymd();
        let end = |year| Day::from_ymd(year, 1, 7).unwrap_or(told);
        if told <= end(year) { end(year) } else { end(year + 1) }
    }

    /// The days of a year on which it may be sent: those of its season; a New Year's card by post on the
    /// days from which it arrives on 1 January, by anything quicker on the first seven of the year.
    pub fn window(self, channel: Channel, year: i32) -> Option<(Day, Day)> {
        let of = |kind| seasons(year).into_iter().find(|s| s.kind == kind).map(|s| (s.from, s.until));
        match (self, channel) {
            (Greeting::Nengajo, Channel::Post) => of(SeasonKind::Nengajo),
            (Greeting::Nengajo, _) => Day::from_ymd(year, 1, 1).zip(Day::from_ymd(year, 1, 7)),
            (Greeting::WinterGreeting, _) => of(SeasonKind::WinterGreeting),
            (Greeting::SummerGreeting, _) => of(SeasonKind::SummerGreeting),
            (Greeting::LateSummerGreeting, _) => of(SeasonKind::LateSummerGreeting),
        }
    }

    /// The window that a day lies in, else the next one after it.
    pub fn next_window(self, channel: Channel, day: Day) -> Option<(Day, Day)> {
        let (year, ..) = day.ymd();
        (year..=year + 1).filter_map(|year| self.window(channel, year)).find(|(_, until)| *until >= day)
    }

    /// Whether it may be sent on a day.
    pub fn fits(self, channel: Channel, day: Day) -> bool {
        self.next_window(channel, day).is_some_and(|(from, _)| from <= day)
    }
}

/// What somebody is invited to: an exhibition, a fair, a class.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Occasion {
    pub name: String,
    /// The day it is held; `None`: not decided, so nobody can be invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begins: Option<TimeOfDay>,
    pub place: String,
    /// The last day of answers; `None`: the day itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_until: Option<Day>,
}

/// What somebody answered to an invitation, or did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    Coming,
    NotComing,
    /// Was there.
    Came,
    /// Had said so, and was not.
    Absent,
}
words!(Attendance {
    Coming = "coming", "出席", "coming";
    NotComing = "not_coming", "欠席", "not coming";
    Came = "came", "来場", "came";
    Absent = "absent", "来場なし", "did not come";
});

#[cfg(test)]
mod tests {
    use super::*;

    /// M099: 喪中 is for one season.
    #[test]
    fn m099_mourning_holds_for_one_season() {
        for (told, until) in [
            ("2026-02-01", "2027-01-07"),
            ("2026-12-31", "2027-01-07"),
            ("2027-01-07", "2027-01-07"),
            ("2027-01-08", "2028-01-07"),
        ] {
            let told: Day = told.parse().unwrap();
            assert_eq!(Greeting::season_of_mourning(told).to_string(), until, "{told}");
        }
    }

    /// M099: a date window per kind.
    #[test]
    fn m099_each_card_has_its_days() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        use Channel::{Mail, Post};
        use Greeting::*;
        for (greeting, channel, on, fits, from, until) in [
            (Nengajo, Post, "2026-12-15", true, "2026-12-15", "2026-12-25"),
            (Nengajo, Post, "2026-12-26", false, "2027-12-15", "2027-12-25"),
            (Nengajo, Mail, "2026-12-20", false, "2027-01-01", "2027-01-07"),
            (Nengajo, Mail, "2027-01-07", true, "2027-01-01", "2027-01-07"),
            (WinterGreeting, Post, "2027-01-07", false, "2027-01-08", "2027-02-03"),
            (WinterGreeting, Post, "2027-02-03", true, "2027-01-08", "2027-02-03"),
            (WinterGreeting, Post, "2027-02-04", false, "2028-01-08", "2028-02-03"),
            (SummerGreeting, Mail, "2027-08-07", true, "2027-07-07", "2027-08-07"),
            (LateSummerGreeting, Mail, "2027-08-07", false, "2027-08-08", "2027-08-31"),
            (LateSummerGreeting, Post, "2027-08-31", true, "2027-08-08", "2027-08-31"),
        ] {
            let found = (greeting.fits(channel, day(on)), greeting.next_window(channel, day(on)));
            assert_eq!(found, (fits, Some((day(from), day(until)))), "{greeting:?} by {channel:?} on {on}");
        }
    }
}
