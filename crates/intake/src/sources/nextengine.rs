//! ネクストエンジン: the general orders CSV (汎用, 41 columns), which other systems write too.

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "nextengine",
    title: "ネクストエンジン 汎用受注CSV",
    kind: Kind::Orders,
    signature: &["店舗伝票番号", "受注日", "受注名"],
    columns: &[
        col("店舗伝票番号", Order),
        col("受注日", OrderedAt),
        col("顧客コード", Customer),
        col("受注名", Name),
        col("受注名カナ", NameKana),
        col("受注郵便番号", Postal),
        col("受注住所１", Address),
        col("受注住所２", Address),
        col("受注電話番号", Phone),
        col("受注メールアドレス", Email),
        col("発送先名", RecipientName),
        col("商品計", Goods),
        col("税金", Tax),
        col("発送料", Shipping),
        col("手数料", Fees),
        col("その他費用", Fees),
        col("ポイント", Points),
        col("合計金額", Total),
        col("のし", Gift),
        col("ラッピング", Gift),
        col("ギフトフラグ", Gift),
        col("商品名", Item),
        col("商品オプション", Variant),
        col("商品コード", Sku),
        col("商品価格", Price),
        col("受注数量", Quantity),
    ],
    ..Format::PLAIN
}];
