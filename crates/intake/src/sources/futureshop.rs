//! futureshop: orders CSV, in which the shop chooses among some hundred columns.

use crate::field::Field::*;
use crate::format::{Format, col};
use crate::row::Row;
use model::Kind;

/// Two columns say how an order stands: 処理状況区分 whether it was cancelled,
/// 入金フラグ whether it was paid.
fn standing(row: &mut Row<'_>) {
    let word = match (row.column("処理状況区分"), row.column("入金フラグ")) {
        (state, _) if state.contains("キャンセル") => "cancelled",
        (_, "未入金" | "未" | "0") => "pending",
        _ => "completed",
    };
    row.set(Status, word.to_owned());
}

pub static FORMATS: &[Format] = &[Format {
    source: "futureshop",
    title: "futureshop 受注CSV",
    kind: Kind::Orders,
    signature: &["受注コード", "注文日時", "請求合計金額"],
    columns: &[
        col("受注コード", Order),
        col("注文日時", OrderedAt),
        col("会員ID", Customer),
        col("氏名(姓)", Family),
        col("氏名(名)", Given),
        col("フリガナ(姓)", FamilyKana),
        col("フリガナ(名)", GivenKana),
        col("会社名", Company),
        col("部署名", Department),
        col("メールアドレス(メイン)", Email),
        col("メールアドレス", Email),
        col("メールアドレス(サブ)", Email),
        col("メールアドレス(モバイル)", Email),
        col("郵便番号", Postal),
        col("都道府県区分", Prefecture),
        col("住所1", Address),
        col("住所2", Address),
        col("住所3", Address),
        col("携帯電話番号", Phone),
        col("電話番号(メイン)", Phone),
        col("電話番号(サブ)", Phone),
        col("性別区分", Gender),
        col("生年月日", Birthday),
        col("メルマガ受信可否フラグ", MailConsent),
        col("お届け先氏名(姓)", RecipientFamily),
        col("お届け先氏名(名)", RecipientGiven),
        col("請求合計金額", Total),
        col("商品合計金額", Goods),
        col("消費税合計", Tax),
        col("送料", Shipping),
        col("包装手数料", Fees),
        col("決済手数料", Fees),
        col("クール便手数料", Fees),
        col("その他手数料", Fees),
        col("割引合計金額(商品)", Discount),
        col("割引合計金額(送料)", Discount),
        col("ポイント利用額", Points),
        col("処理状況区分", Status),
        col("入金確認日", PaidAt),
        col("発送日", Shipped),
        col("商品番号", Sku),
        col("商品名", Item),
        col("バリエーション名", Variant),
        col("販売単価", Price),
        col("購入数量", Quantity),
    ],
    values: &[(
        MailConsent,
        &[("1", "yes"), ("0", "no"), ("受信する", "yes"), ("受信しない", "no"), ("可", "yes"), ("否", "no")],
    )],
    hook: Some(standing),
    ..Format::PLAIN
}];
