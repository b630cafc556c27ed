//! Japanese holidays by the law (国民の祝日に関する法律), with those that follow from it.

use super::{SHUBUN, SHUNBUN, nth, term};
use crate::Day;

/// A day on which offices are closed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holiday {
    pub day: Day,
    pub ja: &'static str,
    pub en: &'static str,
}

const MONDAY: u32 = 0;
const SUNDAY: u32 = 6;

/// The holidays of a year, ascending.
pub fn holidays(year: i32) -> Vec<Holiday> {
    let fixed = |month, day| Day::from_ymd(year, month, day);
    let named = [
        (fixed(1, 1), "元日", "New Year's Day"),
        (nth(year, 1, MONDAY, 2), "成人の日", "Coming of Age Day"),
        (fixed(2, 11), "建国記念の日", "National Foundation Day"),
        (fixed(2, 23), "天皇誕生日", "Emperor's Birthday"),
        (term(year, 3, SHUNBUN), "春分の日", "Vernal Equinox Day"),
        (fixed(4, 29), "昭和の日", "Showa Day"),
        (fixed(5, 3), "憲法記念日", "Constitution Day"),
        (fixed(5, 4), "みどりの日", "Greenery Day"),
        (fixed(5, 5), "こどもの日", "Children's Day"),
        (nth(year, 7, MONDAY, 3), "海の日", "Marine Day"),
        (fixed(8, 11), "山の日", "Mountain Day"),
        (nth(year, 9, MONDAY, 3), "敬老の日", "Respect for the Aged Day"),
        (term(year, 9, SHUBUN), "秋分の日", "Autumnal Equinox Day"),
        (nth(year, 10, MONDAY, 2), "スポーツの日", "Sports Day"),
        (fixed(11, 3), "文化の日", "Culture Day"),
        (fixed(11, 23), "勤労感謝の日", "Labour Thanksgiving Day"),
    ];
    let mut all: Vec<Holiday> =
        named.into_iter().filter_map(|(day, ja, en)| Some(Holiday { day: day?, ja, en })).collect();
    let own: Vec<Day> = all.iter().map(|h| h.day).collect();
    let is = |day: Day| own.contains(&day);
    for day in &own {
        // Section 3(2): one that falls on a Sunday is followed by the next day that is none.
        if day.weekday() == SUNDAY {
            let free = (1..8).map(|n| day.plus(n)).find(|d| !is(*d));
            all.extend(free.map(|day| Holiday { day, ja: "振替休日", en: "substitute holiday" }));
        }
        // Section 3(3): a day between two of them is one.
        let between = day.plus(1);
        if !is(between) && is(day.plus(2)) && between.weekday() != SUNDAY {
            all.push(Holiday { day: between, ja: "国民の休日", en: "citizens' holiday" });
        }
    }
    all.sort_unstable();
    all.dedup_by_key(|h| h.day);
    all
}

/// The holiday that a day is.
pub fn holiday(day: Day) -> Option<Holiday> {
    holidays(day.ymd().0).into_iter().find(|h| h.day == day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 内閣府「国民の祝日について」 for 2026 and 2027 (the list published each February for two years),
    /// and for 2028 the law with 国立天文台's equinoxes (3/20 and 9/22). M101.
    #[test]
    fn m101_the_holidays_of_2026_to_2028_are_those_of_the_law() {
        for (year, days) in [
            (2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23"),
            (2027, "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23"),
            (2028, "1/1 1/10 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/22 10/9 11/3 11/23"),
        ] {
            let found = holidays(year).into_iter().map(|h| {
                let (_, month, day) = h.day.ymd();
                format!("{month}/{day}")
            });
            assert_eq!(found.collect::<Vec<_>>().join(" "), days, "{year}");
        }
        assert_eq!(holiday(Day::from_ymd(2026, 9, 22).unwrap()).map(|h| h.ja), Some("国民の休日"));
        assert_eq!(holiday(Day::from_ymd(2026, 5, 6).unwrap()).map(|h| h.ja), Some("振替休日"));
        assert_eq!(holiday(Day::from_ymd(2026, 11, 22).unwrap()), None);
    }

    #[test]
    fn every_year_has_its_sixteen_and_no_substitute_is_a_sunday() {
        for year in 2022..=2099 {
            let all = holidays(year);
            let own = |h: &&Holiday| !matches!(h.ja, "振替休日" | "国民の休日");
            assert_eq!(all.iter().filter(own).count(), 16, "{year}");
            assert!(all.windows(2).all(|w| w[0].day < w[1].day), "{year}");
            assert!(all.iter().filter(|h| !own(h)).all(|h| h.day.weekday() != 6), "{year}");
        }
    }
}
