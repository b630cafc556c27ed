//! 楽天市場 RMS: orders CSV (107 columns), for analysis only. Every address is masked.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "rakuten",
    title: "楽天RMS 受注CSV",
    kind: Kind::Orders,
    signature: &["注文番号", "注文日時", "請求金額", "注文者姓"],
    columns: &[
        col("注文番号", Order),
        col("注文日時", OrderedAt),
        col("ステータス", Status),
        col("注文者姓", Family),
        col("注文者名", Given),
        col("注文者姓カナ", FamilyKana),
        col("注文者名カナ", GivenKana),
        col("注文者メールアドレス", Email),
        col("注文者性別", Gender),
        col("注文者電話番号1", PhonePart),
        col("注文者電話番号2", PhonePart),
        col("注文者電話番号3", PhonePart),
        col("注文者郵便番号1", PostalPart),
        col("注文者郵便番号2", PostalPart),
        col("注文者住所都道府県", Prefecture),
        col("注文者住所：都道府県", Prefecture),
        col("注文者住所郡市区", Address),
        col("注文者住所：郡市区", Address),
        col("注文者住所それ以降の住所", Address),
        col("注文者住所：それ以降の住所", Address),
        col("請求金額", Total),
        col("商品合計金額", Goods),
        col("消費税合計", Tax),
        col("送料合計", Shipping),
        col("代引料合計", Fees),
        col("ポイント利用額", Points),
        col("クーポン利用総額", Discount), // 店舗発行 and 楽天発行 are its parts
        col("発送完了報告日時", Shipped),
        col("のし", Gift),
        col("ラッピング名1", Gift),
        col("ギフト配送希望", Gift),
        col("送付先姓", RecipientFamily),
        col("送付先名", RecipientGiven),
        col("商品名", Item),
        col("商品番号", Sku),
        col("商品管理番号", Sku),
        col("単価", Price),
        col("個数", Quantity),
    ],
    values: &[(
        Status,
        &[
            ("100", "completed"), // 注文確認待ち
            ("200", "pending"),   // 楽天処理中: payment not confirmed
            ("300", "completed"), // 発送待ち
            ("400", "completed"), // 変更確定待ち
            ("500", "completed"), // 発送済
            ("600", "completed"), // 支払手続き中
            ("700", "completed"), // 支払手続き済
            ("800", "cancelled"), // キャンセル確定待ち
            ("900", "cancelled"), // キャンセル確定
        ],
    )],
    mall: true,
    alias_domains: &["fw.rakuten.ne.jp"],
    ..Format::PLAIN
}];
