//! The shop's goods, and what it owes in points.

use crate::{Day, Money};
use serde::{Deserialize, Serialize};

/// One row of the product master (M172).
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    pub sku: String,
    pub name: String,
    pub category: String,
    /// How long one piece lasts.
    pub days_per_unit: Option<f64>,
    /// Share of the price that stays with the shop, 0..=1.
    pub margin: Option<f64>,
    /// The sku that takes its place.
    pub successor: String,
    /// Never named on an open card.
    pub sensitive: bool,
}

/// Points or a coupon a customer holds in the cart (M164).
#[derive(Clone, PartialEq, Debug)]
pub struct Balance {
    /// The customer as the file names them.
    pub who: String,
    pub points: Money,
    pub expires: Option<Day>,
}
