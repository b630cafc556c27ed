//! Shopify: orders_export.csv and customers_export.csv.
//!
//! Order columns stand only on an order's first row; the others are blank but for Name and Email.

use crate::field::Field::{self, *};
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

/// 代引 and 銀行振込 wait as `pending`; `refunded` keeps its row and nets to 0 by Refunded Amount.
const STATUS: (Field, &[(&str, &str)]) = (
    Status,
    &[
        ("pending", "pending"),
        ("authorized", "pending"),
        ("expired", "cancelled"),
        ("partially_paid", "completed"),
        ("paid", "completed"),
        ("partially_refunded", "completed"),
        ("refunded", "returned"),
        ("voided", "cancelled"),
    ],
);
const YES_NO: &[(&str, &str)] = &[("yes", "yes"), ("no", "no"), ("true", "yes"), ("false", "no")];

/// `JP-13`: Shopify's code, since its names of provinces are not Japanese (Tōkyō).
fn province(row: &mut Row<'_>) {
    let country =
        ["Billing Country", "Default Address Country Code"].map(|h| row.column(h).to_owned()).concat();
    if !matches!(country.as_str(), "" | "JP" | "Japan") {
        row.set(Postal, String::new()); // of another country's make
    }
    let code = row.get(Prefecture).trim_start_matches("JP-").parse::<usize>();
    if let Some(name) = code.ok().and_then(|n| model::PREFECTURES.get(n.wrapping_sub(1))) {
        row.set(Prefecture, (*name).to_owned());
    }
}

pub static FORMATS: &[Format] = &[
    Format {
        source: "shopify",
        title: "Shopify 注文CSV",
        kind: Kind::Orders,
        signature: &["Name", "Email", "Financial Status", "Lineitem name"],
        columns: &[
            col("Name", Order),
            col("Email", Email),
            col("Financial Status", Status),
            col("Paid at", PaidAt),
            col("Fulfilled at", Shipped),
            col("Accepts Marketing", MailConsent),
            col("Subtotal", Goods),
            col("Shipping", Shipping),
            col("Taxes", Tax),
            col("Total", Total),
            col("Discount Code", Medium),
            col("Discount Amount", Discount),
            col("Created at", OrderedAt),
            col("Lineitem quantity", Quantity),
            col("Lineitem name", Item),
            col("Lineitem price", Price),
            col("Lineitem sku", Sku),
            col("Billing Name", Name),
            col("Billing Company", Company),
            col("Billing City", Address),
            col("Billing Address1", Address),
            col("Billing Address2", Address),
            col("Billing Zip", Postal),
            col("Billing Province", Prefecture),
            col("Billing Province Name", Prefecture),
            col("Billing Phone", Phone),
            col("Phone", Phone),
            col("Shipping Name", RecipientName),
            col("Cancelled at", CancelledAt),
            col("Refunded Amount", Refunded),
        ],
        values: &[STATUS, (MailConsent, YES_NO)],
        hook: Some(province),
        ..Format::PLAIN
    },
    Format {
        source: "shopify",
        title: "Shopify 顧客CSV",
        kind: Kind::Customers,
        signature: &["First Name", "Last Name", "Email", "Total Orders"],
        columns: &[
            col("Customer ID", Customer),
            col("First Name", Given),
            col("Last Name", Family),
            col("Email", Email),
            col("Accepts Email Marketing", MailConsent),
            col("Accepts Marketing", MailConsent),
            col("Default Address Company", Company),
            col("Company", Company),
            col("Default Address City", Address),
            col("City", Address),
            col("Default Address Address1", Address),
            col("Address1", Address),
            col("Default Address Address2", Address),
            col("Address2", Address),
            col("Default Address Province Code", Prefecture),
            col("Province", Prefecture),
            col("Default Address Zip", Postal),
            col("Zip", Postal),
            col("Phone", Phone),
            col("Default Address Phone", Phone),
            col("Accepts SMS Marketing", SmsConsent),
        ],
        values: &[(MailConsent, YES_NO), (SmsConsent, YES_NO)],
        hook: Some(province),
        ..Format::PLAIN
    },
];
