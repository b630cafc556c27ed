//! STORES: orders CSV, one row per item; older ones have オーダー日 for オーダー日時.
//!
//! Known for certain are the number, the dates, アイテム名 and the 購入者 and 配送先 columns;
//! the other names are the likely ones, and a column map says what differs.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "stores",
    title: "STORES オーダーCSV",
    kind: Kind::Orders,
    signature: &["オーダー番号", "アイテム名", "氏(購入者)"],
    columns: &[
        col("オーダー番号", Order),
        col("オーダー日時", OrderedAt),
        col("オーダー日", OrderedAt),
        col("氏(購入者)", Family),
        col("名(購入者)", Given),
        col("メールアドレス", Email),
        col("メールアドレス(購入者)", Email),
        col("電話番号(購入者)", Phone),
        col("郵便番号(購入者)", Postal),
        col("都道府県(購入者)", Prefecture),
        col("住所(購入者)", Address),
        col("氏(配送先)", RecipientFamily),
        col("名(配送先)", RecipientGiven),
        col("ステータス", Status),
        col("合計", Total),
        col("合計金額", Total),
        col("送料", Shipping),
        col("手数料", Fees),
        col("アイテム名", Item),
        col("種類", Variant),
        col("品番", Sku),
        col("個数", Quantity),
        col("数量", Quantity),
        col("価格", Price),
    ],
    values: &[(
        Status,
        &[
            ("未発送", "completed"),
            ("発送済み", "completed"),
            ("入金待ち", "pending"),
            ("キャンセル", "cancelled"),
        ],
    )],
    ..Format::PLAIN
}];
