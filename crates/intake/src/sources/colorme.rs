//! カラーミーショップ: sales_all.csv, one row per product, CP932, a blank inside header names.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

/// A cancelled order keeps its 入金状態; only 発送状態 says so.
fn cancelled(row: &mut Row<'_>) {
    if row.column("発送状態") == "キャンセル" {
        row.set(Status, "cancelled".to_owned());
    }
}

pub static FORMATS: &[Format] = &[Format {
    source: "colorme",
    title: "カラーミーショップ 売上データCSV",
    kind: Kind::Orders,
    signature: &["売上ID", "受注日", "購入者 名前"],
    columns: &[
        col("売上ID", Order),
        col("受注日", OrderedAt),
        col("購入者 顧客ID", Customer),
        col("購入者 名前", Name),
        col("購入者 フリガナ", NameKana),
        col("購入者 郵便番号", Postal),
        col("購入者 都道府県", Prefecture),
        col("購入者 住所", Address),
        col("購入者 メールアドレス", Email),
        col("購入者 携帯番号", Phone),
        col("購入者 電話番号", Phone),
        col("商品の合計金額(税込)", Goods),
        col("送料合計", Shipping),
        col("決済手数料", Fees),
        col("メッセージカード手数料合計", Fees),
        col("割引金額", Discount),
        col("ショップポイントによる割引金額", Points),
        col("外部ポイントによる割引金額", Points),
        col("総合計金額", Total), // not in every export: else lines, shipping and fees
        col("入金状態", Status),
        col("発送日時", Shipped),
        col("配送先 名前", RecipientName),
        col("購入商品 商品名", Item),
        col("購入商品 型番", Sku),
        col("購入商品 商品ID", Sku),
        col("購入商品 販売個数", Quantity),
        col("購入商品 販売価格(消費税込)", Price),
    ],
    values: &[(
        Status,
        &[
            ("入金済", "completed"),
            ("入金済み", "completed"),
            ("未入金", "pending"),
            ("キャンセル", "cancelled"),
            ("全額返金済", "returned"),
        ],
    )],
    hook: Some(cancelled),
    ..Format::PLAIN
}];
