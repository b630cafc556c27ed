//! An incentive with a real end.

use crate::{Day, Money, words::words};
use serde::{Deserialize, Serialize};

/// What a customer gets on coming back. Amounts in units of the currency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Offer {
    pub kind: OfferKind,
    /// Yen off, percent off, points, or what a gift is worth, by kind.
    pub amount: f64,
    /// As it is called in the letter.
    pub name: String,
    /// The last day it holds; `None`: no end, so nothing may speak of one (L-24).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Day>,
    pub codes: Codes,
    /// The one code of `Codes::Shared`; what unique codes begin with otherwise.
    pub code: String,
    /// The usual order it is given with: what a gift is held against (L-21), units of the currency.
    #[serde(with = "crate::money::maybe_units", skip_serializing_if = "Option::is_none")]
    pub order_value: Option<Money>,
    /// Where the words name a usual price: what was charged, and when (L-23).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price_history: Vec<PricePeriod>,
    /// Prizes drawn among buyers: the sum of all prizes and the sales planned (L-22).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lottery: Option<Lottery>,
}

impl Default for Offer {
    fn default() -> Offer {
        Offer {
            kind: OfferKind::Yen,
            amount: 0.0,
            name: String::new(),
            ends: None,
            codes: Codes::Unique,
            code: String::new(),
            order_value: None,
            price_history: vec![],
            lottery: None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    Yen,
    Percent,
    Shipping,
    Points,
    Gift,
    Lottery,
}
words!(OfferKind {
    Yen = "yen", "円引き", "yen off";
    Percent = "percent", "%引き", "percent off";
    Shipping = "shipping", "送料無料", "free shipping";
    Points = "points", "ポイント進呈", "points";
    Gift = "gift", "プレゼント", "a gift";
    Lottery = "lottery", "抽選", "a prize draw";
});

/// How customers say that they take it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    None,
    Shared,
    Unique,
    /// One each of a list that the cart made, or that was made for the cart beforehand.
    Listed,
}
words!(Codes {
    None = "none", "コードなし", "no code";
    Shared = "shared", "共通コード", "one code for all";
    Unique = "unique", "一人ずつのコード", "one code each";
    Listed = "listed", "用意したコードを一つずつ", "one each of a list";
});

/// A price that was charged from one day to another.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PricePeriod {
    pub from: Day,
    pub to: Day,
    #[serde(with = "crate::money::units")]
    pub price: Money,
}

/// A prize draw. Units of the currency.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lottery {
    #[serde(with = "crate::money::units")]
    pub best_prize: Money,
    #[serde(with = "crate::money::units")]
    pub all_prizes: Money,
    #[serde(with = "crate::money::units")]
    pub planned_sales: Money,
}
