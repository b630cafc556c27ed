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

/// Points a customer holds in the cart (M164).
#[derive(Clone, PartialEq, Debug)]
pub struct Balance {
    /// The customer as the file names them.
    pub who: String,
    pub points: Money,
    pub expires: Option<Day>,
    /// The day of which it is told; `None`: the file does not say, so the day it was read.
    pub as_of: Option<Day>,
}

/// A coupon that the cart gave a customer (M164).
#[derive(Clone, PartialEq, Debug)]
pub struct HeldCoupon {
    /// The customer as the file names them.
    pub who: String,
    pub code: String,
    /// As the shop calls it; may be empty.
    pub name: String,
    pub expires: Option<Day>,
    pub used: bool,
    /// The day of which it is told; `None`: the day it was read.
    pub as_of: Option<Day>,
}
