//! BASE: the orders CSV, one row per product, CP932.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::normal::money::money;
use crate::row::Row;
use model::Kind;

/// 合計金額 is the row's own sum (価格 x 数量) in the exports seen, so that an order is
/// the sum of its rows, shipping and fees. Should a row's 合計金額 be anything else, it can
/// only be the whole order's.
fn total(row: &mut Row<'_>) {
    let read =
        |row: &Row<'_>, header: &str| money(row.column(header), false).ok().flatten().unwrap_or_default();
    let sum = read(row, "合計金額");
    let pieces = row.column("数量").trim().parse::<i64>().unwrap_or(1);
    if sum.0 == read(row, "価格").0.saturating_mul(pieces) {
        row.set(Total, String::new());
    }
}

pub static FORMATS: &[Format] = &[Format {
    source: "base",
    title: "BASE 注文CSV",
    kind: Kind::Orders,
    signature: &["注文ID", "氏(請求先)", "発送状況"],
    columns: &[
        col("注文ID", Order),
        col("注文日時", OrderedAt),
        col("氏(請求先)", Family),
        col("名(請求先)", Given),
        col("法人名(請求先)", Company),
        col("郵便番号(請求先)", Postal),
        col("都道府県(請求先)", Prefecture),
        col("住所(請求先)", Address),
        col("住所2(請求先)", Address),
        col("電話番号(請求先)", Phone),
        col("メールアドレス(請求先)", Email),
        col("氏(配送先)", RecipientFamily),
        col("名(配送先)", RecipientGiven),
        col("商品名", Item),
        col("バリエーション", Variant),
        col("商品コード", Sku),
        col("価格", Price),
        col("数量", Quantity),
        col("合計金額", Total),
        col("送料", Shipping),
        col("代引き手数料", Fees),
        col("調整金額", Fees),
        col("発送状況", Status),
    ],
    values: &[(
        Status,
        &[
            ("未発送", "completed"),
            ("未対応", "completed"),
            ("対応中", "completed"),
            ("配送中", "completed"),
            ("対応済", "completed"),
            ("発送済み", "completed"),
            ("入金待ち", "pending"),
            ("キャンセル", "cancelled"),
            ("キャンセル済み", "cancelled"),
        ],
    )],
    hook: Some(total),
    ..Format::PLAIN
}];
