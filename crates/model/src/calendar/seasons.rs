//! Seasons of trade: when people give, greet and stock up, and how long before a shop begins.

use super::{RISSHU, RISSHUN, SHOSHO, nth, term};
use crate::{Day, words::words};

/// A season of trade.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SeasonKind {
    Hatsuuri,
    WinterGreeting,
    ComingOfAge,
    Valentine,
    Hinamatsuri,
    WhiteDay,
    NewLife,
    GoldenWeek,
    MothersDay,
    FathersDay,
    SummerBonus,
    Ochugen,
    OchugenWest,
    SummerGreeting,
    LateSummerGreeting,
    Obon,
    RespectForTheAged,
    Halloween,
    ShichiGoSan,
    BlackFriday,
    Oseibo,
    WinterBonus,
    Nengajo,
    Christmas,
    YearEnd,
}
words!(SeasonKind {
    Hatsuuri = "hatsuuri", "初売り", "New Year's sales";
    WinterGreeting = "winter_greeting", "寒中見舞い", "midwinter greetings";
    ComingOfAge = "coming_of_age", "成人の日", "Coming of Age Day";
    Valentine = "valentine", "バレンタインデー", "Valentine's Day";
    Hinamatsuri = "hinamatsuri", "ひな祭り", "Doll Festival";
    WhiteDay = "white_day", "ホワイトデー", "White Day";
    NewLife = "new_life", "新生活", "new school and business year";
    GoldenWeek = "golden_week", "ゴールデンウィーク", "Golden Week";
    MothersDay = "mothers_day", "母の日", "Mother's Day";
    FathersDay = "fathers_day", "父の日", "Father's Day";
    SummerBonus = "summer_bonus", "夏のボーナス", "summer bonus";
    Ochugen = "ochugen", "お中元(関東)", "midsummer gifts (east)";
    OchugenWest = "ochugen_west", "お中元(関西ほか)", "midsummer gifts (west)";
    SummerGreeting = "summer_greeting", "暑中見舞い", "midsummer greetings";
    LateSummerGreeting = "late_summer_greeting", "残暑見舞い", "late summer greetings";
    Obon = "obon", "お盆", "Obon";
    RespectForTheAged = "respect_for_the_aged", "敬老の日", "Respect for the Aged Day";
    Halloween = "halloween", "ハロウィン", "Halloween";
    ShichiGoSan = "shichi_go_san", "七五三", "Shichi-Go-San";
    BlackFriday = "black_friday", "ブラックフライデー", "Black Friday";
    Oseibo = "oseibo", "お歳暮", "year-end gifts";
    WinterBonus = "winter_bonus", "冬のボーナス", "winter bonus";
    Nengajo = "nengajo", "年賀状の引受", "New Year's cards accepted";
    Christmas = "christmas", "クリスマス", "Christmas";
    YearEnd = "year_end", "年末年始", "year's end and New Year";
});

/// A season of one year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Season {
    pub kind: SeasonKind,
    pub from: Day,
    /// The last day of it.
    pub until: Day,
    /// Days before `from` (before the day itself where it is one day) on which whoever bought in the
    /// last one should hear of it: gifts are chosen three weeks ahead, and print takes one of them.
    pub lead: i32,
}

impl Season {
    /// The day on which a campaign for it begins.
    pub fn begin(&self) -> Day {
        self.from.plus(-self.lead)
    }
}

const THURSDAY: u32 = 3;
const SUNDAY: u32 = 6;
const MONDAY: u32 = 0;
/// Days ahead of gifts, of greetings and of what people buy for themselves.
const GIFT: i32 = 21;
const GREETING: i32 = 14;
const SALE: i32 = 7;

/// The seasons that begin in a year, ascending.
pub fn seasons(year: i32) -> Vec<Season> {
    use SeasonKind::*;
    let day = |month, date| Day::from_ymd(year, month, date);
    let risshu = term(year, 8, RISSHU);
    let risshun = term(year, 2, RISSHUN);
    let one = |day: Option<Day>| (day, day);
    let new_year = |date| Day::from_ymd(year + 1, 1, date);
    let friday = nth(year, 11, THURSDAY, 4).map(|thursday| thursday.plus(1));
    let all = [
        (Hatsuuri, (day(1, 1), day(1, 5)), SALE),
        (WinterGreeting, (day(1, 8), risshun.map(|d| d.plus(-1))), GREETING),
        (ComingOfAge, one(nth(year, 1, MONDAY, 2)), GIFT),
        (Valentine, one(day(2, 14)), GIFT),
        (Hinamatsuri, one(day(3, 3)), GIFT),
        (WhiteDay, one(day(3, 14)), GIFT),
        (NewLife, (day(3, 15), day(4, 10)), GIFT),
        (GoldenWeek, (day(4, 29), day(5, 5)), GREETING),
        (MothersDay, one(nth(year, 5, SUNDAY, 2)), GIFT),
        (FathersDay, one(nth(year, 6, SUNDAY, 3)), GIFT),
        (SummerBonus, (day(6, 25), day(7, 10)), SALE),
        (Ochugen, (day(7, 1), day(7, 15)), GIFT),
        (OchugenWest, (day(7, 15), day(8, 15)), GIFT),
        (SummerGreeting, (term(year, 7, SHOSHO), risshu.map(|d| d.plus(-1))), GREETING),
        (LateSummerGreeting, (risshu, day(8, 31)), GREETING),
        (Obon, (day(8, 13), day(8, 16)), GREETING),
        (RespectForTheAged, one(nth(year, 9, MONDAY, 3)), GIFT),
        (Halloween, one(day(10, 31)), GREETING),
        (ShichiGoSan, one(day(11, 15)), GIFT),
        (BlackFriday, one(friday), SALE),
        (Oseibo, (day(12, 1), day(12, 20)), GIFT),
        (WinterBonus, (day(12, 5), day(12, 15)), SALE),
        (Nengajo, (day(12, 15), day(12, 25)), GREETING),
        (Christmas, (day(12, 24), day(12, 25)), GIFT),
        (YearEnd, (day(12, 29), new_year(3)), GREETING),
    ];
    let mut found: Vec<Season> = all
        .into_iter()
        .filter_map(|(kind, (from, until), lead)| Some(Season { kind, from: from?, until: until?, lead }))
        .collect();
    found.sort_unstable_by_key(|s| (s.from, s.kind));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i32, kind: SeasonKind) -> (String, String) {
        let season = seasons(year).into_iter().find(|s| s.kind == kind).unwrap();
        (season.from.to_string(), season.until.to_string())
    }

    /// The days named in the domain notes, section 5.
    #[test]
    fn m101_the_seasons_of_2026_to_2028_fall_where_the_notes_say() {
        use SeasonKind::*;
        for (kind, days) in [
            (MothersDay, ["2026-05-10", "2027-05-09", "2028-05-14"]),
            (FathersDay, ["2026-06-21", "2027-06-20", "2028-06-18"]),
            (RespectForTheAged, ["2026-09-21", "2027-09-20", "2028-09-18"]),
            (BlackFriday, ["2026-11-27", "2027-11-26", "2028-11-24"]),
            (ComingOfAge, ["2026-01-12", "2027-01-11", "2028-01-10"]),
            (Valentine, ["2026-02-14", "2027-02-14", "2028-02-14"]),
        ] {
            for (year, expected) in (2026..).zip(days) {
                assert_eq!(at(year, kind), (expected.to_owned(), expected.to_owned()), "{kind:?}");
            }
        }
        // 国立天文台 暦要項: 小暑 7/7 7/7 7/6, 立秋 8/7 8/8 8/7, 立春 2/4 2/4 2/4.
        for (year, from, until, late, winter) in [
            (2026, "2026-07-07", "2026-08-06", "2026-08-07", "2026-02-03"),
            (2027, "2027-07-07", "2027-08-07", "2027-08-08", "2027-02-03"),
            (2028, "2028-07-06", "2028-08-06", "2028-08-07", "2028-02-03"),
        ] {
            assert_eq!(at(year, SummerGreeting), (from.to_owned(), until.to_owned()));
            assert_eq!(at(year, LateSummerGreeting).0, late);
            assert_eq!(at(year, WinterGreeting), (format!("{year}-01-08"), winter.to_owned()));
            assert_eq!(at(year, YearEnd), (format!("{year}-12-29"), format!("{}-01-03", year + 1)));
            assert_eq!(at(year, Obon), (format!("{year}-08-13"), format!("{year}-08-16")));
        }
    }

    #[test]
    fn every_kind_comes_once_a_year_and_begins_before_it_comes() {
        for year in 2022..=2099 {
            let all = seasons(year);
            assert_eq!(all.len(), SeasonKind::ALL.len(), "{year}");
            assert!(all.iter().all(|s| s.begin() < s.from && s.from <= s.until), "{year}");
        }
    }

    #[test]
    fn m102_mothers_day_is_begun_three_weeks_ahead() {
        let season = seasons(2027).into_iter().find(|s| s.kind == SeasonKind::MothersDay).unwrap();
        assert_eq!(season.begin().to_string(), "2027-04-18");
    }
}
