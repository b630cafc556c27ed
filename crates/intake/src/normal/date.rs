//! Dates as shop systems, Excel and people write them.

use super::{Why, text::width};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use model::Day;

const NOT_DATE: Why = "not a date (2026-11-22, 2026/11/22 12:34, 2026年11月22日, 令和8年11月22日)";
const NO_SUCH_DAY: Why = "the calendar has no such day";
const NO_SUCH_TIME: Why = "the clock has no such time";
const DAY_FIRST: Why =
    "day or month first? say which in a map: [formats] date = \"%d/%m/%Y\" or \"%m/%d/%Y\"";

/// A date, with its time of day and offset where it has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub day: Day,
    /// Second of the day.
    pub time: Option<u32>,
    /// Seconds east of UTC.
    pub offset: Option<i32>,
}

/// How a file writes its dates.
#[derive(Clone, Copy, Default)]
pub(crate) struct Style<'a> {
    /// strptime pattern.
    pub pattern: Option<&'a str>,
    /// From a worksheet: a bare number is Excel's.
    pub excel: bool,
}

/// `Ok(None)` for blank and for `0000-00-00`.
pub(crate) fn stamp(cell: &str, style: Style<'_>) -> Result<Option<Stamp>, Why> {
    if let Some(pattern) = style.pattern.filter(|_| !cell.is_empty()) {
        return by_pattern(cell, pattern).map(Some);
    }
    if cell.is_ascii() {
        return ascii(cell.trim(), style.excel);
    }
    let folded = width(cell.trim());
    let western = japanese(&folded).ok_or(NOT_DATE)?;
    ascii(western.trim(), style.excel)
}

fn by_pattern(cell: &str, pattern: &str) -> Result<Stamp, Why> {
    const NO_FIT: Why = "does not fit the date pattern of the map";
    let folded = width(cell);
    let parsed = jiff::fmt::strtime::parse(pattern, folded.trim()).map_err(|_| NO_FIT)?;
    let date = parsed.to_date().map_err(|_| NO_FIT)?;
    let day = checked(i32::from(date.year()), date.month() as u32, date.day() as u32)?;
    let time = parsed.to_time().ok().filter(|_| parsed.hour().is_some());
    let seconds = |t: jiff::civil::Time| t.hour() as u32 * 3600 + t.minute() as u32 * 60 + t.second() as u32;
    Ok(Stamp { day, time: time.map(seconds), offset: parsed.offset().map(Offset::seconds) })
}

/// 令和6年1月2日(火) 午後3時4分 -> 2024-1-2 15:4. `None` where a sign is not understood.
fn japanese(text: &str) -> Option<String> {
    const ERAS: &[(&str, i32)] =
        &[("令和", 2018), ("平成", 1988), ("昭和", 1925), ("大正", 1911), ("明治", 1867)];
    let mut text = text.replace('元', "1");
    for (era, base) in ERAS {
        if let Some(rest) = text.strip_prefix(era) {
            let digits = rest.trim_start();
            let end = digits.find(|c: char| !c.is_ascii_digit())?;
            let year: i32 = digits[..end].parse().ok().filter(|y| (1..=99).contains(y))?;
            text = format!("{}{}", base + year, &digits[end..]);
            break;
        }
    }
    let afternoon = text.contains("午後");
    let mut out = String::with_capacity(text.len());
    let mut skipping = false;
    for c in text.replace("午前", " ").replace("午後", " ").chars() {
        match c {
            '(' => skipping = true,
            ')' => skipping = false,
            _ if skipping => {}
            '年' | '月' => out.push('-'),
            '日' => out.push(' '),
            '時' | '分' => out.push(':'),
            '秒' => {}
            c if c.is_ascii() => out.push(c),
            _ => return None,
        }
    }
    let mut out = out.trim().to_owned();
    if out.ends_with(':') {
        out.push_str("00");
    }
    Some(if afternoon { format!("{out} PM") } else { out })
}

fn ascii(text: &str, excel: bool) -> Result<Option<Stamp>, Why> {
    let bytes = text.as_bytes();
    let run = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    match (run, bytes.len()) {
        (_, 0) => return Ok(None),
        (4, _) => {}
        (8 | 12 | 14, n) if n == run => return compact(bytes).map(Some),
        (8, _) if bytes[8] == b'T' || bytes[8] == b' ' => {}
        (5, _) if excel => return serial(text).map(Some),
        (1 | 2, _) if matches!(bytes.get(run), Some(b'/' | b'-' | b'.')) => return Err(DAY_FIRST),
        _ => return imperial(text),
    }
    let mut scan = Scan { rest: bytes };
    let day = if run == 8 {
        let part = &text[..8];
        scan.rest = &bytes[8..];
        ymd8(part)?
    } else {
        let year = scan.number(4).ok_or(NOT_DATE)?;
        let mark = scan.one_of(b"-/.").ok_or(NOT_DATE)?;
        let month = scan.number(2).ok_or(NOT_DATE)?;
        scan.one_of(&[mark]).ok_or(NOT_DATE)?;
        let date = scan.number(2).ok_or(NOT_DATE)?;
        if (year, month, date) == (0, 0, 0) {
            return Ok(None);
        }
        checked(year as i32, month, date)?
    };
    let (time, offset) = scan.time_and_offset()?;
    Ok(Some(Stamp { day, time, offset }))
}

/// R6.1.2, H30/4/1: the eras by their letter.
fn imperial(text: &str) -> Result<Option<Stamp>, Why> {
    let base = match text.as_bytes().first() {
        Some(b'R') => 2018,
        Some(b'H') => 1988,
        Some(b'S') => 1925,
        _ => return Err(NOT_DATE),
    };
    let rest = text[1..].trim_start_matches(['.', ' ']);
    let end = rest.find(['.', '/', '-']).ok_or(NOT_DATE)?;
    let year: i32 = rest[..end].parse().ok().filter(|y| (1..=99).contains(y)).ok_or(NOT_DATE)?;
    ascii(&format!("{}{}", base + year, &rest[end..]), false)
}

/// 20220810, 202208101234, 20220810123456.
fn compact(bytes: &[u8]) -> Result<Stamp, Why> {
    let two =
        |at: usize| bytes.get(at..at + 2).map_or(0, |b| u32::from(b[0] - b'0') * 10 + u32::from(b[1] - b'0'));
    let day = checked((two(0) * 100 + two(2)) as i32, two(4), two(6))?;
    let time = (bytes.len() > 8).then(|| clock(two(8), two(10), two(12))).transpose()?;
    Ok(Stamp { day, time, offset: None })
}

fn ymd8(text: &str) -> Result<Day, Why> {
    compact(text.as_bytes()).map(|s| s.day)
}

/// Days since 1899-12-30, with the time as a fraction (the 1900 system, as calamine hands it on).
fn serial(text: &str) -> Result<Stamp, Why> {
    let number: f64 = text.parse().map_err(|_| NOT_DATE)?;
    let seconds = ((number - number.floor()) * 86_400.0).round() as u32;
    let day = Day(number.floor() as i32 - 25_569);
    let time = (seconds > 0).then_some(seconds.min(86_399));
    Ok(Stamp { day, time, offset: None })
}

fn checked(year: i32, month: u32, day: u32) -> Result<Day, Why> {
    let found = Day::from_ymd(year, month, day).ok_or(NO_SUCH_DAY)?;
    if (1868..=2200).contains(&year) { Ok(found) } else { Err("a year that cannot be meant") }
}

fn clock(hour: u32, minute: u32, second: u32) -> Result<u32, Why> {
    // 60 is a leap second; 24:00 is how some tills end a day.
    if hour > 24 || minute > 59 || second > 60 || (hour == 24 && minute + second > 0) {
        return Err(NO_SUCH_TIME);
    }
    Ok((hour * 3600 + minute * 60 + second).min(86_399))
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn number(&mut self, most: usize) -> Option<u32> {
        let n = self.rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        let value = self.rest[..n].iter().fold(0, |v, b| v * 10 + u32::from(b - b'0'));
        self.rest = &self.rest[n..];
        (n > 0).then_some(value)
    }

    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let first = *self.rest.first().filter(|b| set.contains(b))?;
        self.rest = &self.rest[1..];
        Some(first)
    }

    fn blanks(&mut self) {
        while self.one_of(b" ,").is_some() {}
    }

    fn word(&mut self, word: &str) -> bool {
        let here =
            self.rest.len() >= word.len() && self.rest[..word.len()].eq_ignore_ascii_case(word.as_bytes());
        if here {
            self.rest = &self.rest[word.len()..];
        }
        here
    }

    fn time_and_offset(&mut self) -> Result<(Option<u32>, Option<i32>), Why> {
        self.one_of(b"T");
        self.blanks();
        if self.rest.is_empty() {
            return Ok((None, None));
        }
        let early = if self.word("PM") { Some(true) } else { self.word("AM").then_some(false) };
        self.blanks();
        let mut hour = self.number(2).ok_or(NOT_DATE)?;
        self.one_of(b":").ok_or(NOT_DATE)?;
        let minute = self.number(2).ok_or(NOT_DATE)?;
        let mut second = 0;
        if self.one_of(b":").is_some() {
            second = self.number(2).ok_or(NOT_DATE)?;
            if self.one_of(b".,").is_some() {
                self.number(9);
            }
        }
        self.blanks();
        let late =
            early.or_else(|| if self.word("PM") { Some(true) } else { self.word("AM").then_some(false) });
        match late {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        self.blanks();
        let offset = self.offset()?;
        Ok((Some(clock(hour, minute, second)?), offset))
    }

    /// Z, UTC, JST, +09:00, -0300, +9.
    fn offset(&mut self) -> Result<Option<i32>, Why> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        for (word, seconds) in [("UTC", 0), ("GMT", 0), ("JST", 32_400), ("Z", 0)] {
            if self.word(word) {
                return self.end(Some(seconds));
            }
        }
        let sign = match self.one_of(b"+-").ok_or(NOT_DATE)? {
            b'-' => -1,
            _ => 1,
        };
        let hours = self.number(2).ok_or(NOT_DATE)?;
        self.one_of(b":");
        let minutes = self.number(2).unwrap_or(0);
        if hours > 15 || minutes > 59 {
            return Err("no such offset from UTC");
        }
        self.end(Some(sign * (hours * 3600 + minutes * 60) as i32))
    }

    fn end(&self, offset: Option<i32>) -> Result<Option<i32>, Why> {
        if self.rest.is_empty() { Ok(offset) } else { Err(NOT_DATE) }
    }
}

/// `12:34:56`, `123456`, `9:05`: seconds of the day.
pub(crate) fn time_of_day(cell: &str) -> Result<Option<u32>, Why> {
    let folded = width(cell.trim());
    let text = folded.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        0 => Ok(None),
        3..=6 if digits => {
            let number: u32 = text.parse().map_err(|_| NO_SUCH_TIME)?;
            let full = if text.len() <= 4 { number * 100 } else { number };
            clock(full / 10_000, full / 100 % 100, full % 100).map(Some)
        }
        _ => Scan { rest: text.as_bytes() }.time_and_offset().map(|(time, _)| time),
    }
}

/// Civil time to Unix seconds in the shop's zone; remembers offsets, since a zone is slow to ask.
pub(crate) struct ShopClock {
    zone: TimeZone,
    /// By day: the offset of the whole day, or `None` where it changes within it.
    known: Vec<(i32, Option<i32>)>,
}

const SLOTS: usize = 4096;

impl ShopClock {
    pub fn new(zone: TimeZone) -> ShopClock {
        ShopClock { zone, known: vec![(i32::MIN, None); SLOTS] }
    }

    /// Unix seconds, and the day they fall on in the shop's zone. `from` is the zone
    /// of times without an offset, where it is not the shop's.
    pub fn unix(&mut self, stamp: Stamp, from: Option<&TimeZone>) -> (i64, Day) {
        let civil = i64::from(stamp.day.0) * 86_400 + i64::from(stamp.time.unwrap_or(0));
        let offset = match (stamp.offset, from) {
            (Some(offset), _) => offset,
            // A bare date is the shop's day whatever the zone of times.
            (None, Some(zone)) if stamp.time.is_some() => offset_at(zone, civil),
            _ => return (civil - i64::from(self.offset(stamp.day, civil)), stamp.day),
        };
        let at = civil - i64::from(offset);
        (at, self.day_of(at))
    }

    fn day_of(&self, at: i64) -> Day {
        let offset = jiff::Timestamp::from_second(at).map_or(0, |t| self.zone.to_offset(t).seconds());
        Day((at + i64::from(offset)).div_euclid(86_400) as i32)
    }

    fn offset(&mut self, day: Day, civil: i64) -> i32 {
        let slot = day.0.rem_euclid(SLOTS as i32) as usize;
        if self.known[slot].0 != day.0 {
            let noon = i64::from(day.0) * 86_400;
            let (first, last) = (offset_at(&self.zone, noon), offset_at(&self.zone, noon + 86_399));
            self.known[slot] = (day.0, (first == last).then_some(first));
        }
        self.known[slot].1.unwrap_or_else(|| offset_at(&self.zone, civil))
    }
}

/// The offset in force at a civil time, given as seconds since 1970-01-01 00:00 on the wall.
fn offset_at(zone: &TimeZone, civil: i64) -> i32 {
    let moment = jiff::Timestamp::from_second(civil).map(|t| Offset::UTC.to_datetime(t));
    let at = moment.ok().and_then(|when: DateTime| zone.to_ambiguous_timestamp(when).compatible().ok());
    at.map_or(0, |t| zone.to_offset(t).seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: &str, excel: bool) -> String {
        match stamp(cell, Style { pattern: None, excel }) {
            Ok(None) => "absent".to_owned(),
            Ok(Some(Stamp { day, time, offset })) => {
                let time = time.map(|t| format!(" {:02}:{:02}:{:02}", t / 3600, t / 60 % 60, t % 60));
                let offset = offset.map(|o| format!(" {o:+}"));
                format!("{day}{}{}", time.unwrap_or_default(), offset.unwrap_or_default())
            }
            Err(why) => format!("! {why}"),
        }
    }

    #[test]
    fn spellings() {
        for (cell, expected) in [
            ("2022/8/10", "2022-08-10"),
            ("2022-08-10 12:34:56", "2022-08-10 12:34:56"),
            ("2025-10-02 17:09:34 -0300", "2025-10-02 17:09:34 -10800"),
            ("2025-10-02T17:09:34.123Z", "2025-10-02 17:09:34 +0"),
            ("2025-10-02T17:09:34+09:00", "2025-10-02 17:09:34 +32400"),
            ("20220810", "2022-08-10"),
            ("20220810123456", "2022-08-10 12:34:56"),
            ("2022年8月10日", "2022-08-10"),
            ("2022年8月10日(水) 9時5分", "2022-08-10 09:05:00"),
            ("２０２２／０８／１０　１２：３４", "2022-08-10 12:34:00"),
            ("令和6年1月2日", "2024-01-02"),
            ("令和元年5月1日", "2019-05-01"),
            ("平成30年12月31日 午後3時", "2018-12-31 15:00:00"),
            ("R6.1.2", "2024-01-02"),
            ("2022/08/10 3:04 PM", "2022-08-10 15:04:00"),
            ("0000-00-00 00:00:00", "absent"),
            ("", "absent"),
            ("2023-02-30", "! the calendar has no such day"),
            ("2023-02-28 25:00", "! the clock has no such time"),
            (
                "31/12/2024",
                "! day or month first? say which in a map: [formats] date = \"%d/%m/%Y\" or \"%m/%d/%Y\"",
            ),
            ("0202-01-01", "! a year that cannot be meant"),
        ] {
            assert_eq!(shown(cell, false), expected, "{cell}");
        }
        for bad in
            ["yesterday", "2022-08", "2022-08-10x", "2022-08/10", "45000", "令和", "年月日", "2022-08-10 12"]
        {
            assert!(shown(bad, false).starts_with('!'), "{bad}: {}", shown(bad, false));
        }
        assert_eq!(shown("44783.5", true), "2022-08-10 12:00:00");
    }

    #[test]
    fn patterns_and_times() {
        let style = Style { pattern: Some("%d/%m/%Y %H:%M"), excel: false };
        let found = stamp("31/12/2024 23:59", style).expect("fits").expect("a date");
        assert_eq!((found.day.to_string().as_str(), found.time), ("2024-12-31", Some(86_340)));
        assert!(stamp("2024-12-31", style).is_err());
        for (cell, seconds) in [("093015", 34_215), ("93015", 34_215), ("9:05", 32_700), ("0905", 32_700)] {
            assert_eq!(time_of_day(cell), Ok(Some(seconds)), "{cell}");
        }
    }

    #[test]
    fn zones() {
        let tokyo = TimeZone::get("Asia/Tokyo").expect("known");
        let mut clock = ShopClock::new(tokyo);
        for (cell, at, day) in [
            ("2025-10-02 17:09:34 -0300", 1_759_435_774, "2025-10-03"),
            ("2025-10-03 05:09:34", 1_759_435_774, "2025-10-03"),
            ("2025-10-03", 1_759_417_200, "2025-10-03"),
        ] {
            let found = stamp(cell, Style::default()).expect("fits").expect("a date");
            assert_eq!(clock.unix(found, None), (at, day.parse().expect("a day")), "{cell}");
        }
        // A day on which the clock changes: 02:30 does not exist, 12:00 is summer time.
        let mut york = ShopClock::new(TimeZone::get("America/New_York").expect("known"));
        let noon = stamp("2024-03-10 12:00", Style::default()).expect("fits").expect("a date");
        assert_eq!(york.unix(noon, None).0, 1_710_086_400);
    }
}
