//! Numbers, money and days as people write them, in Japanese and in English.

use model::{Day, Money};

/// The language of a page.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Lang {
    #[default]
    Ja,
    En,
}

/// A number that counts something. Templates hand over values and references alike.
pub(crate) trait Count: Copy {
    fn number(self) -> i64;
}
macro_rules! count {
    ($($t:ty),+) => { $(impl Count for $t {
        fn number(self) -> i64 { i64::try_from(self).unwrap_or(i64::MAX) }
    })+ };
}
count!(u64, u32, usize, i64, i32, u8);
impl<T: Count> Count for &T {
    fn number(self) -> i64 {
        (*self).number()
    }
}

/// A value or a reference to it.
pub(crate) trait Is<T>: Copy {
    fn value(self) -> T;
}
impl Is<Day> for Day {
    fn value(self) -> Day {
        self
    }
}
impl Is<Money> for Money {
    fn value(self) -> Money {
        self
    }
}
impl Is<Lang> for Lang {
    fn value(self) -> Lang {
        self
    }
}
impl Is<f64> for f64 {
    fn value(self) -> f64 {
        self
    }
}
impl<T, U: Is<T>> Is<T> for &U {
    fn value(self) -> T {
        (*self).value()
    }
}

const WEEKDAYS: [(&str, &str); 7] =
    [("月", "Mon"), ("火", "Tue"), ("水", "Wed"), ("木", "Thu"), ("金", "Fri"), ("土", "Sat"), ("日", "Sun")];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Lang {
    /// One of a pair written side by side.
    pub fn t<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    pub fn code(&self) -> &'static str {
        self.t("ja", "en")
    }

    /// 12,345
    pub fn n(&self, n: impl Count) -> String {
        grouped(n.number())
    }

    /// 12,345人
    pub fn people(&self, n: impl Count) -> String {
        self.with_unit(n.number(), "人", "customer")
    }

    /// 32日
    pub fn days(&self, n: impl Count) -> String {
        self.with_unit(n.number(), "日", "day")
    }

    /// 12行
    pub fn rows(&self, n: impl Count) -> String {
        self.with_unit(n.number(), "行", "row")
    }

    /// 12件
    pub fn items(&self, n: impl Count, en: &str) -> String {
        self.with_unit(n.number(), "件", en)
    }

    /// 12件, 12 inquiries.
    pub fn inquiries(&self, n: impl Count) -> String {
        let n = n.number();
        self.with_unit(n, "件", "inquiry").replace("inquirys", "inquiries")
    }

    fn with_unit(&self, n: i64, ja: &str, en: &str) -> String {
        match self {
            Lang::Ja => format!("{}{ja}", grouped(n)),
            Lang::En if n == 1 => format!("1 {en}"),
            Lang::En => format!("{} {en}s", grouped(n)),
        }
    }

    /// 30.5日: one decimal where it says something.
    pub fn about_days(&self, days: impl Is<f64>) -> String {
        let days = days.value();
        let text = if days.fract().abs() < 0.05 || days >= 100.0 {
            format!("{days:.0}")
        } else {
            format!("{days:.1}")
        };
        format!("{text}{}", self.t("日", " days"))
    }

    /// 12.3%, and 0.04% where rounding would say nothing.
    pub fn pct(&self, part: impl Count, whole: impl Count) -> String {
        let (part, whole) = (part.number(), whole.number());
        if whole == 0 {
            return "–".to_owned();
        }
        let share = part as f64 / whole as f64 * 100.0;
        if share > 0.0 && share < 0.1 { format!("{share:.2}%") } else { format!("{share:.1}%") }
    }

    /// A probability: whole percents, and tenths where a whole one would hide the difference; only
    /// what is certain is 0 or 100 %.
    pub fn share(&self, p: impl Is<f64>) -> String {
        match p.value() * 100.0 {
            0.0 => "0%".to_owned(),
            p if p < 0.05 => self.t("0.1%未満", "<0.1%").to_owned(),
            p if !(9.95..99.5).contains(&p) && p < 99.95 => format!("{p:.1}%"),
            p if p > 99.5 && p < 100.0 => self.t("99.9%超", ">99.9%").to_owned(),
            p => format!("{p:.0}%"),
        }
    }

    /// An expected number of orders: 6.1件, 340件.
    pub fn orders_about(&self, n: impl Is<f64>) -> String {
        let n = n.value();
        match n {
            0.0 => self.items(0_u8, "order"),
            _ if n < 0.05 => self.t("0.1件未満", "fewer than 0.1 orders").to_owned(),
            _ if n < 99.95 => format!("{n:.1}{}", self.t("件", " orders")),
            _ => self.items(n.round() as i64, "order"),
        }
    }

    /// 2026/11/21(土)
    pub fn day(&self, day: impl Is<Day>) -> String {
        let day = day.value();
        let (y, m, d) = day.ymd();
        let (ja, en) = WEEKDAYS[day.weekday() as usize];
        match self {
            Lang::Ja => format!("{y}/{m:02}/{d:02}({ja})"),
            Lang::En => format!("{en} {d} {} {y}", MONTHS[m as usize - 1]),
        }
    }

    /// 2026/11/21, where a weekday would be in the way.
    pub fn date(&self, day: impl Is<Day>) -> String {
        let (y, m, d) = day.value().ymd();
        match self {
            Lang::Ja => format!("{y}/{m:02}/{d:02}"),
            Lang::En => format!("{d} {} {y}", MONTHS[m as usize - 1]),
        }
    }

    /// 2026年11月
    pub fn month(&self, day: impl Is<Day>) -> String {
        let (y, m, _) = day.value().ymd();
        match self {
            Lang::Ja => format!("{y}年{m}月"),
            Lang::En => format!("{} {y}", MONTHS[m as usize - 1]),
        }
    }

    /// 11月
    pub fn month_short(&self, day: impl Is<Day>) -> String {
        let (_, m, _) = day.value().ymd();
        match self {
            Lang::Ja => format!("{m}月"),
            Lang::En => MONTHS[m as usize - 1].to_owned(),
        }
    }

    /// A bare amount with its unit: 12,345円; cents only where there are any.
    pub fn money(&self, amount: impl Is<Money>, currency: &str) -> String {
        let amount = amount.value();
        let sign = if amount.0 < 0 { "-" } else { "" };
        let (units, cents) = (amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100);
        let cents = if cents == 0 { String::new() } else { format!(".{cents:02}") };
        self.unit(&format!("{sign}{}{cents}", grouped(i64::try_from(units).unwrap_or(i64::MAX))), currency)
    }

    /// An expected amount: whole units, and decimals only where there is little else; a forecast of
    /// cents says more than it knows.
    pub fn money_about(&self, amount: impl Is<Money>, currency: &str) -> String {
        let units = amount.value().as_f64();
        let text = match units.abs() {
            n if n >= 9.95 => grouped(n.round() as i64),
            n if n >= 0.995 => short(n, 1),
            n => short(n, 2),
        };
        let sign = if units < 0.0 && text != "0" { "-" } else { "" };
        self.unit(&format!("{sign}{text}"), currency)
    }

    /// A rounded amount for a headline: 1,234万円, 12.3億円; small amounts in full.
    pub fn money_short(&self, amount: impl Is<Money>, currency: &str) -> String {
        let amount = amount.value();
        let units = amount.as_f64();
        let steps: &[(f64, f64, &str)] = match self {
            Lang::Ja => &[(1e10, 1e8, "億"), (1e8, 1e8, "億"), (1e7, 1e4, "万")],
            Lang::En => &[(1e10, 1e9, "B"), (1e8, 1e6, "M"), (1e7, 1e6, "M")],
        };
        match steps.iter().position(|(from, ..)| units.abs() >= *from) {
            None => self.money(amount, currency),
            Some(i) => {
                let (_, by, word) = steps[i];
                let (n, decimals) = (units / by, units.abs() / by < 100.0);
                let text = if decimals { format!("{n:.1}") } else { grouped(n.round() as i64) };
                self.unit(&format!("{text}{word}"), currency)
            }
        }
    }

    fn unit(&self, number: &str, currency: &str) -> String {
        match (self, currency) {
            (Lang::En, "円") => match number.strip_prefix('-') {
                Some(rest) => format!("-¥{rest}"),
                None => format!("¥{number}"),
            },
            (Lang::En, other) => format!("{number} {other}"),
            (Lang::Ja, other) => format!("{number}{other}"),
        }
    }

    /// 約3分 / about 3 min
    pub fn lasting(&self, seconds: impl Count) -> String {
        let seconds = seconds.number().max(0);
        match seconds {
            0..=89 => format!("{seconds}{}", self.t("秒", " s")),
            90..=5399 => format!("{}{}", (seconds + 30) / 60, self.t("分", " min")),
            _ => format!("{}{}", (seconds + 1800) / 3600, self.t("時間", " h")),
        }
    }
}

/// Text of strangers without the characters that turn the writing direction around or show
/// nothing: they could make one name look like another.
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().filter(|c| !hidden(*c)).collect::<String>().trim().to_owned()
}

/// So many decimals, without zeros at their end.
fn short(n: f64, decimals: usize) -> String {
    let text = format!("{n:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Thousands separated.
fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use Lang::{En, Ja};

    #[test]
    fn counts_and_shares() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (100_000, "100,000")]
        {
            assert_eq!(Ja.n(n as i64), text);
        }
        assert_eq!((Ja.people(16_289_u64), En.people(1_u64)), ("16,289人".into(), "1 customer".into()));
        assert_eq!(
            (Ja.pct(1_u64, 3_u64), Ja.pct(0_u64, 0_u64), Ja.pct(3_u64, 10_000_u64)),
            ("33.3%".into(), "–".into(), "0.03%".into())
        );
        assert_eq!(
            (Ja.about_days(30.5), Ja.about_days(31.0), En.about_days(212.4)),
            ("30.5日".into(), "31日".into(), "212 days".into())
        );
    }

    #[test]
    fn days_as_people_write_them() {
        let day = Day::from_ymd(2026, 11, 21).expect("a day");
        assert_eq!((Ja.day(day), En.day(day)), ("2026/11/21(土)".into(), "Sat 21 Nov 2026".into()));
        assert_eq!((Ja.month(day), En.month_short(day)), ("2026年11月".into(), "Nov".into()));
    }

    #[test]
    fn money_in_full_and_short() {
        for (units, full, short, english) in [
            (12_345, "12,345円", "12,345円", "¥12,345"),
            (9_999_999, "9,999,999円", "9,999,999円", "¥9,999,999"),
            (12_341_234, "12,341,234円", "1,234万円", "¥12.3M"),
            (123_456_789, "123,456,789円", "1.2億円", "¥123M"),
            (98_765_432_100, "98,765,432,100円", "988億円", "¥98.8B"),
            (-12_341_234, "-12,341,234円", "-1,234万円", "-¥12.3M"),
        ] {
            let amount = Money::units(units);
            assert_eq!(
                (Ja.money(amount, "円"), Ja.money_short(amount, "円"), En.money_short(amount, "円")),
                (full.into(), short.into(), english.into())
            );
        }
        assert_eq!(
            (Ja.money(Money(1177), "ドル"), En.money(Money(-5), "円")),
            ("11.77ドル".into(), "-¥0.05".into())
        );
    }

    #[test]
    fn expectations_say_no_more_than_they_know() {
        for (cents, text) in [
            (1_567_617, "15,676円"),
            (2553, "26円"),
            (941, "9.4円"),
            (-2691, "-27円"),
            (-4, "-0.04円"),
            (42, "0.42円"),
            (50, "0.5円"),
            (0, "0円"),
            (300, "3円"),
        ] {
            assert_eq!(Ja.money_about(Money(cents), "円"), text);
        }
        for (p, text) in [
            (0.0, "0%"),
            (0.0004, "0.1%未満"),
            (0.043, "4.3%"),
            (0.0996, "10%"),
            (0.9996, "99.9%超"),
            (0.997, "99.7%"),
            (1.0, "100%"),
        ] {
            assert_eq!(Ja.share(p), text);
        }
        for (n, text) in [(0.0, "0件"), (0.01, "0.1件未満"), (6.08, "6.1件"), (1234.4, "1,234件")] {
            assert_eq!(Ja.orders_about(n), text);
        }
        assert_eq!(En.share(0.0001), "<0.1%");
    }

    #[test]
    fn names_cannot_turn_the_writing_around() {
        assert_eq!(visible(" 山田\u{202e}evil\u{200b}\n "), "山田evil");
        assert_eq!(visible("髙﨑 花子"), "髙﨑 花子");
    }

    #[test]
    fn time_left() {
        assert_eq!(
            (Ja.lasting(45), Ja.lasting(200), En.lasting(7300)),
            ("45秒".into(), "3分".into(), "2 h".into())
        );
    }
}
