//! Amazon.co.jp: the seller's orders report, tab-separated, for analysis only.
//!
//! The buyer's address is an alias, and the shipping report has no prices at all.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::normal::money::money;
use crate::row::Row;
use model::{Kind, Money};

/// item-price is that of all pieces of the row; shipping and discounts stand beside it, so
/// that an order is the sum of its rows.
fn paid(row: &mut Row<'_>) {
    let pieces = row.get(Quantity).parse().unwrap_or(1_i64).max(1);
    let read = |header: &str| money(row.column(header), false).ok().flatten().unwrap_or_default();
    let paid: Money = ["item-price", "shipping-price", "gift-wrap-price"].map(read).into_iter().sum();
    let off: Money = ["item-promotion-discount", "ship-promotion-discount"].map(read).into_iter().sum();
    let price = Money(read("item-price").0 / pieces);
    row.set(Price, price.to_string());
    row.set(LineTotal, (paid - Money(off.0.saturating_abs())).to_string());
}

pub static FORMATS: &[Format] = &[Format {
    source: "amazon",
    title: "Amazon 注文レポート",
    kind: Kind::Orders,
    signature: &["order-id", "order-item-id", "purchase-date"],
    columns: &[
        col("order-id", Order),
        col("purchase-date", OrderedAt),
        col("order-status", Status),
        col("buyer-email", Email),
        col("buyer-name", Name),
        col("buyer-phone-number", Phone),
        col("recipient-name", RecipientName),
        col("sku", Sku),
        col("product-name", Item),
        col("quantity-purchased", Quantity),
    ],
    mall: true,
    alias_domains: &["marketplace.amazon.co.jp", "marketplace.amazon.com"],
    hook: Some(paid),
    gives: &[LineTotal, Price],
    ..Format::PLAIN
}];
