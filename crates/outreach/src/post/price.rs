//! What a posting costs on a day, with its discounts, part by part.

use super::piece::Slack;
use model::{Day, Money};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is posted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 通常はがき.
    Postcard,
    /// 往復はがき.
    ReplyPostcard,
    /// 定形郵便物, up to 50 g.
    Letter,
    /// 定形外郵便物（規格内）.
    LargeLetter,
}

impl Kind {
    /// Japanese and English.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::Postcard => ("通常はがき", "postcard"),
            Kind::ReplyPostcard => ("往復はがき", "reply postcard"),
            Kind::Letter => ("定形郵便物", "letter"),
            Kind::LargeLetter => ("定形外郵便物（規格内）", "large letter"),
        }
    }
}

/// The discount a posting asks for; the post grants one of the two.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    #[default]
    Plain,
    /// 広告郵便物: the same advertisement, approved beforehand, sorted, three days' slack.
    Advertising,
    /// 区分郵便物.
    Sorted,
}

/// Pieces handed in together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Posting {
    pub pieces: u32,
    pub kind: Kind,
    /// One piece, grams.
    pub grams: u32,
    pub scheme: Scheme,
    pub slack: Slack,
    /// How many pieces bear a customer barcode (codes that end in 00 bear none).
    pub with_barcode: u32,
    /// Japan Post's own cards, which get no discount.
    pub official_cards: bool,
}

/// A named part of a cost; what is taken off is negative.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CostPart {
    pub ja: String,
    pub en: String,
    pub amount: Money,
}

/// A discount that was asked for and not granted, with the reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotGranted {
    pub ja: String,
    pub en: String,
}

/// What a posting costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cost {
    pub total: Money,
    pub parts: Vec<CostPart>,
    pub not_granted: Vec<NotGranted>,
    /// The day from which these prices hold.
    pub prices_from: Day,
    /// The day on which they were last compared with the source.
    pub checked: Day,
}

/// Why there is no price.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPrice {
    #[error("この日の料金表がありません / there is no price table for this day")]
    Day,
    #[error("この種類・重さの料金がありません / there is no price for this kind and weight")]
    Weight,
}

/// Postage by day.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct PriceTable {
    period: Vec<Period>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Period {
    from: Day,
    checked: Day,
    postage: Vec<Postage>,
    advertising: Vec<Rates>,
    sorted: Vec<Rates>,
    barcode: Vec<Rates>,
    three_days: Vec<Rates>,
    seven_days_sorted: Vec<Rates>,
    seven_days_advertising: Vec<Rates>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Postage {
    kind: Kind,
    grams: u32,
    yen: i64,
}

/// `[pieces, tenths of a percent]`, rising.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Rates {
    kind: Kind,
    steps: Vec<(u32, i64)>,
}

impl PriceTable {
    /// The table that comes with this version.
    pub fn known() -> Result<PriceTable, toml::de::Error> {
        toml::from_str(include_str!("../../data/post/prices.toml"))
    }

    /// What a posting costs on a day. Rates add up and are taken from the postage of the pieces they
    /// hold for, in hundredths of a yen, rounded to the nearest.
    pub fn cost(&self, day: Day, posting: &Posting) -> Result<Cost, NoPrice> {
        let period =
            self.period.iter().filter(|p| p.from <= day).max_by_key(|p| p.from).ok_or(NoPrice::Day)?;
        let fitting = period.postage.iter().filter(|p| p.kind == posting.kind && p.grams >= posting.grams);
        let postage = fitting.min_by_key(|p| p.grams).ok_or(NoPrice::Weight)?;
        let (ja, en) = posting.kind.names();
        let mut cost = Cost {
            total: Money::ZERO,
            parts: vec![],
            not_granted: vec![],
            prices_from: period.from,
            checked: period.checked,
        };
        let pieces = posting.pieces;
        let base = Money::units(postage.yen * i64::from(pieces));
        cost.parts.push(CostPart {
            ja: format!("{ja} {}円×{pieces}通", postage.yen),
            en: format!("{en} ¥{} x {pieces}", postage.yen),
            amount: base,
        });
        for discount in asked(posting, period) {
            discount.apply(&mut cost, posting, postage.yen);
        }
        cost.total = cost.parts.iter().map(|part| part.amount).sum();
        Ok(cost)
    }
}

/// A discount that a posting asks for.
struct Discount<'a> {
    ja: &'static str,
    en: &'static str,
    rates: &'a [Rates],
    /// The pieces it is taken from.
    holds_for: u32,
}

fn asked<'a>(posting: &Posting, period: &'a Period) -> Vec<Discount<'a>> {
    let all = posting.pieces;
    let discount = |ja, en, rates: &'a [Rates], holds_for| Discount { ja, en, rates, holds_for };
    let mut asked = vec![];
    match posting.scheme {
        Scheme::Plain => {}
        Scheme::Advertising => {
            asked.push(discount("広告郵便物", "advertising mail", &period.advertising, all));
        }
        Scheme::Sorted => asked.push(discount("区分郵便物", "sorted mail", &period.sorted, all)),
    }
    match (posting.scheme, posting.slack) {
        (Scheme::Sorted, Slack::ThreeDays) => {
            asked.push(discount("送達余裕3日", "three days' slack", &period.three_days, all));
        }
        (Scheme::Sorted, Slack::SevenDays) => {
            asked.push(discount(
                "地域区分局・送達余裕7日",
                "regional office, seven days' slack",
                &period.seven_days_sorted,
                all,
            ));
        }
        (Scheme::Advertising, Slack::SevenDays) => {
            let rates = &period.seven_days_advertising;
            asked.push(discount("地域区分局・送達余裕7日", "regional office, seven days' slack", rates, all));
        }
        _ => {}
    }
    if posting.with_barcode > 0 {
        asked.push(discount(
            "バーコード付郵便物",
            "customer barcode",
            &period.barcode,
            posting.with_barcode.min(all),
        ));
    }
    asked
}

impl Discount<'_> {
    fn apply(&self, cost: &mut Cost, posting: &Posting, yen: i64) {
        let (ja, en) = (self.ja, self.en);
        let mut refuse = |why_ja: String, why_en: String| {
            let (ja, en) = (format!("{ja}: {why_ja}"), format!("{en}: {why_en}"));
            cost.not_granted.push(NotGranted { ja, en });
        };
        if posting.official_cards {
            return refuse("日本郵便のはがきは対象外です".into(), "Japan Post's own cards get none".into());
        }
        let Some(steps) = self.rates.iter().find(|r| r.kind == posting.kind).map(|r| &r.steps) else {
            let (kind_ja, kind_en) = posting.kind.names();
            return refuse(
                format!("{kind_ja}は対象外か、率が不明です"),
                format!("none known for a {kind_en}"),
            );
        };
        match steps.iter().rev().find(|(from, _)| *from <= self.holds_for) {
            Some((_, rate)) => cost.parts.push(CostPart {
                ja: format!("{ja} {}割引", Percent(*rate)),
                en: format!("{en} {} off", Percent(*rate)),
                amount: -tenths(yen * i64::from(self.holds_for), *rate),
            }),
            None => {
                let least = steps.first().map_or(0, |(from, _)| *from);
                refuse(format!("{least}通以上で適用されます"), format!("from {least} pieces on"));
            }
        }
    }
}

/// So many tenths of a percent of `yen`, in hundredths of a yen: yen x 100 x rate / 1000.
fn tenths(yen: i64, rate: i64) -> Money {
    Money((yen * rate + 5) / 10)
}

/// Tenths of a percent as people write them: `3%`, `1.5%`.
struct Percent(i64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenth => write!(f, "{}.{tenth}%", self.0 / 10),
        }
    }
}
