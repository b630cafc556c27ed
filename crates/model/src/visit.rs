//! What a customer did on the shop's own site.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// What they did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// Looked at a page.
    View,
    /// Searched for something.
    Search,
    /// Put something into the cart.
    Cart,
}
words!(VisitKind {
    View = "view", "ページの閲覧", "looked at a page";
    Search = "search", "商品の検索", "searched";
    Cart = "cart", "カートに入れた", "put into the cart";
});

/// One visit of one customer who agreed that it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The customer, by any of their numbers.
    pub customer: i64,
    /// Unix seconds.
    pub at: i64,
    pub kind: VisitKind,
    /// The path of the page, without what follows a question mark.
    pub page: String,
    /// What was searched for or put into the cart; empty for a page.
    pub said: String,
    /// The same event told twice has the same.
    pub proof: i64,
}
