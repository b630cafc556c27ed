//! ecforce: orders CSV, one row per order, several product codes in one cell, 定期.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

/// 支払い合計 is what was taken so far: 0 until the payment is settled.
fn unsettled(row: &mut Row<'_>) {
    if !row.column("合計").is_empty() || row.column("支払い合計") != "0" {
        return;
    }
    let goods = row.column("小計").to_owned();
    row.set(Total, goods);
    if row.column("対応状況").is_empty() {
        row.set(Status, "pending".to_owned());
    }
}

pub static FORMATS: &[Format] = &[Format {
    source: "ecforce",
    title: "ecforce 受注CSV",
    kind: Kind::Orders,
    signature: &["受注ID", "顧客番号", "支払い合計", "受注日"],
    columns: &[
        col("受注ID", Order),
        col("受注日", OrderedAt),
        col("顧客番号", Customer),
        col("メールアドレス", Email),
        col("対応状況", Status),
        col("小計", Goods),
        col("合計", Total),
        col("支払い合計", Total),
        col("送料", Shipping),
        col("消費税", Tax),
        col("広告URLグループ名", Medium),
        col("購入商品（商品コード）", Sku),
        col("定期受注番号", Subscription),
        col("定期ステータス", SubscriptionStatus),
    ],
    values: &[
        (
            Status,
            &[
                ("受注", "pending"),
                ("仮受注", "checkout"),
                ("未確定", "checkout"),
                ("出荷準備中", "completed"),
                ("発送済み", "completed"),
                ("キャンセル", "cancelled"),
                ("返品", "returned"),
            ],
        ),
        (
            SubscriptionStatus,
            &[
                ("有効", "running"),
                ("停止", "paused"),
                ("休止", "paused"),
                ("無効", "cancelled"),
                ("キャンセル", "cancelled"),
                ("解約", "cancelled"),
            ],
        ),
    ],
    several: Some(','),
    hook: Some(unsettled),
    ..Format::PLAIN
}];
