//! マネーフォワード クラウド請求書: the list of invoices. A draft (下書き) is no dealing yet.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "moneyforward",
    title: "マネーフォワード クラウド請求書CSV",
    kind: Kind::Invoices,
    signature: &["請求書番号", "取引先名", "請求日"],
    columns: &[
        col("請求書番号", Order),
        col("取引先名", Company),
        col("請求日", OrderedAt),
        col("小計", Goods),
        col("消費税", Tax),
        col("合計金額", Total),
        col("件名", Item),
        col("ステータス", Status),
    ],
    values: &[(
        Status,
        &[
            ("下書き", "drop"),
            ("ロック中", "completed"),
            ("送付済み", "completed"),
            ("入金済み", "completed"),
            ("未入金", "pending"),
            ("未送付", "completed"),
        ],
    )],
    ..Format::PLAIN
}];
