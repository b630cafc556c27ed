//! What speaks for the reason a customer went quiet.

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// Where a statement comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonSource {
    Call,
    Survey,
    Inquiry,
    Review,
    /// An operator wrote down what they know of the customer.
    Note,
    Import,
    /// Prices went up, and the order that was due by the customer's own rhythm stayed away (M104).
    PriceChange,
    /// What the customer did.
    Behaviour,
}
words!(ReasonSource {
    Call = "call", "電話", "a call";
    Survey = "survey", "アンケート", "a survey";
    Inquiry = "inquiry", "お問い合わせ", "an inquiry";
    Review = "review", "レビュー", "a review";
    Note = "note", "担当者の記入", "an operator's note";
    Import = "import", "取込", "an import";
    PriceChange = "price_change", "値上げの記録", "the register of price changes";
    Behaviour = "behaviour", "行動", "what they did";
});

impl ReasonSource {
    /// Whether somebody said it; else it is inferred.
    pub const fn is_said(self) -> bool {
        !matches!(self, ReasonSource::PriceChange | ReasonSource::Behaviour)
    }
}

/// One thing that speaks for a reason.
#[derive(Clone, PartialEq, Debug)]
pub struct Statement {
    /// `None` where it stands in another table: a call, an activity, the register of price changes.
    pub id: Option<i64>,
    /// A word of the shop's own list: `price`.
    pub reason: String,
    pub source: ReasonSource,
    /// How sure it is, 0..=1.
    pub confidence: f64,
    pub day: Day,
    /// What was said or seen; may be empty.
    pub words: String,
    /// Who wrote it down; empty where nobody did.
    pub by: String,
    /// Unix seconds.
    pub at: i64,
}
