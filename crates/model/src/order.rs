//! A completed sale, its parts, its undoing.

use crate::{Buyer, Day, Money};
use serde::{Deserialize, Serialize};

/// What kind of row of the shop's books it is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    #[default]
    Sale = 0,
    /// Money given back in a row of its own (スマレジ 返品): negative, not an order.
    Refund = 1,
    /// A bill (M167): counts as dealing and as spend, says nothing about the rhythm.
    Invoice = 2,
}

/// Whether the sale happened.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    #[default]
    Completed = 0,
    /// Ordered, not paid yet: counts when the shop's setting says so (default: yes).
    Pending = 1,
    Cancelled = 2,
    /// The sale's own row, sent back: net 0, not an order.
    Returned = 3,
    /// 購入処理中, 決済処理中: never became an order.
    Checkout = 4,
    /// 受取拒否: came back because nobody took it in; not an order.
    Refused = 5,
}

impl Standing {
    /// Whether it counts as an order.
    pub fn counts(self, pending_counts: bool) -> bool {
        match self {
            Standing::Completed => true,
            Standing::Pending => pending_counts,
            Standing::Cancelled | Standing::Returned | Standing::Checkout | Standing::Refused => false,
        }
    }
}

/// What "spend" means in this shop (M169).
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpendRule {
    /// What was paid: 税込・送料込・ポイント値引後.
    #[default]
    Paid,
    /// The goods alone: 商品小計.
    Goods,
    /// What was paid plus the points used: ポイント値引前.
    BeforePoints,
}

/// One order, however many rows its file has for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// Unique within its source.
    pub ext_id: String,
    pub buyer: Buyer,
    /// Unix seconds.
    pub at: i64,
    /// The day of `at` in the shop's zone.
    pub day: Day,
    pub kind: OrderKind,
    pub standing: Standing,
    /// What was paid. Negative only for `OrderKind::Refund`.
    pub total: Money,
    /// Given back later, as the same row says (Shopify `Refunded Amount`); not negative.
    pub refunded: Money,
    pub goods: Option<Money>,
    pub shipping: Option<Money>,
    pub tax: Option<Money>,
    pub discount: Option<Money>,
    /// The worth of points used.
    pub points: Option<Money>,
    /// のし, wrapping, or another addressee: kept out of "last product" (M159).
    pub gift: bool,
    pub shipped: Option<Day>,
    /// 媒体コード or coupon of this order.
    pub medium: Option<String>,
    /// The order that a refund undoes, in the same source.
    pub refund_of: Option<String>,
    pub lines: Vec<Line>,
}

impl Order {
    /// What this order adds to the customer's spend under `rule`.
    pub fn spend(&self, rule: SpendRule) -> Money {
        let gross = match rule {
            SpendRule::Paid => self.total,
            SpendRule::Goods => self.goods.unwrap_or(self.total),
            SpendRule::BeforePoints => self.total + self.points.unwrap_or_default(),
        };
        gross - self.refunded
    }
}

/// One product in an order.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sku: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    pub quantity: i64,
    /// Of one piece.
    pub price: Money,
}
