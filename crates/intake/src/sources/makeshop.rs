//! makeshop: orders by an export template, in which the shop chooses the columns.
//!
//! Known for certain are 日付, 注文時間, 注文番号, 処理状況, 会社名, 部署名, 注文者 and its reading;
//! the other names are the likely ones, and a column map says what differs.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

/// 注文時間 is hhmmss, of which Excel takes the leading zeros: 90501 is 09:05:01.
fn time(row: &mut Row<'_>) {
    let text = row.get(OrderedTime).into_owned();
    if (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        let text = format!("{text:0>6}");
        row.set(OrderedTime, format!("{}:{}:{}", &text[..2], &text[2..4], &text[4..]));
    }
}

pub static FORMATS: &[Format] = &[Format {
    source: "makeshop",
    title: "makeshop 注文データCSV",
    kind: Kind::Orders,
    signature: &["日付", "注文番号", "処理状況", "注文者"],
    columns: &[
        col("日付", OrderedAt),
        col("注文時間", OrderedTime),
        col("注文番号", Order),
        col("処理状況", Status),
        col("会員ID", Customer),
        col("会社名", Company),
        col("部署名", Department),
        col("注文者", Name),
        col("注文者(振り仮名)", NameKana),
        col("注文者メールアドレス", Email),
        col("メールアドレス", Email),
        col("注文者携帯電話番号", Phone),
        col("注文者電話番号", Phone),
        col("電話番号", Phone),
        col("注文者郵便番号", Postal),
        col("郵便番号", Postal),
        col("注文者都道府県", Prefecture),
        col("都道府県", Prefecture),
        col("注文者住所", Address),
        col("住所", Address),
        col("お届け先", RecipientName),
        col("商品名", Item),
        col("独自商品コード", Sku),
        col("数量", Quantity),
        col("単価", Price),
        col("商品合計金額", Goods),
        col("送料", Shipping),
        col("手数料", Fees),
        col("ポイント利用額", Points),
        col("合計金額", Total),
    ],
    values: &[(
        Status,
        &[
            ("配送", "completed"),
            ("未処理", "completed"),
            ("注文キャンセル", "cancelled"),
            ("返送", "returned"),
        ],
    )],
    hook: Some(time),
    ..Format::PLAIN
}];
