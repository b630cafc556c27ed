//! Yahoo!ショッピング: orders CSV by a template, for analysis only.
//!
//! Where order and item rows are two files, the order file alone is read.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "yahoo",
    title: "Yahoo!ショッピング 注文CSV",
    kind: Kind::Orders,
    signature: &["OrderId", "OrderTime"],
    columns: &[
        col("OrderId", Order),
        col("OrderTime", OrderedAt),
        col("OrderStatus", Status),
        col("BillLastName", Family),
        col("BillFirstName", Given),
        col("BillLastNameKana", FamilyKana),
        col("BillFirstNameKana", GivenKana),
        col("BillMailAddress", Email),
        col("BillZipCode", Postal),
        col("BillPrefecture", Prefecture),
        col("BillCity", Address),
        col("BillAddress1", Address),
        col("BillAddress2", Address),
        col("BillPhoneNumber", Phone),
        col("ShipLastName", RecipientFamily),
        col("ShipFirstName", RecipientGiven),
        col("SettleAmount", Total),
        col("TotalPrice", Total),
        col("ShipCharge", Shipping),
        col("PayCharge", Fees),
        col("UsePoint", Points),
        col("TotalCouponDiscount", Discount),
        col("NeedGiftWrap", Gift),
        col("ShipDate", Shipped),
        col("Title", Item),
        col("SubCode", Sku),
        col("ItemId", Sku),
        col("UnitPrice", Price),
        col("Quantity", Quantity),
    ],
    values: &[(
        Status,
        &[
            ("1", "pending"), // 予約中
            ("2", "completed"),
            ("3", "pending"), // 保留
            ("4", "cancelled"),
            ("5", "completed"),
            ("予約中", "pending"),
            ("処理中", "completed"),
            ("保留", "pending"),
            ("完了", "completed"),
        ],
    )],
    mall: true,
    ..Format::PLAIN
}];
