//! EC-CUBE 4 (会員CSV, 受注CSV, 配送CSV) and the older EC-CUBE 2/3 exports.
//!
//! Source: EC-CUBE/ec-cube `import_csv/ja/dtb_csv.csv`. Shops may reorder or switch off columns.

use crate::field::Field::{self, *};
use crate::format::{Column, Format, col, nth};
use crate::normal::money::money;
use crate::row::Row;
use model::{Kind, Money};

/// Ids and names both, since shops export either.
const STATUS: (Field, &[(&str, &str)]) = (
    Status,
    &[
        ("1", "pending"),
        ("2", "pending"), // EC-CUBE 2: 入金待ち
        ("3", "cancelled"),
        ("4", "completed"),
        ("5", "completed"),
        ("6", "completed"),
        ("7", "checkout"),
        ("8", "checkout"),
        ("9", "returned"),
        ("新規受付", "pending"),
        ("入金待ち", "pending"),
        ("注文取消し", "cancelled"),
        ("キャンセル", "cancelled"),
        ("対応中", "completed"),
        ("取り寄せ中", "completed"),
        ("発送済み", "completed"),
        ("入金済み", "completed"),
        ("決済処理中", "checkout"),
        ("購入処理中", "checkout"),
        ("返品", "returned"),
    ],
);
const MEMBERSHIP: (Field, &[(&str, &str)]) = (
    Membership,
    &[
        ("1", "provisional"),
        ("2", "member"),
        ("3", "withdrawn"),
        ("仮会員", "provisional"),
        ("本会員", "member"),
        ("退会", "withdrawn"),
    ],
);
/// 明細区分: 1 is goods; shipping, fees, discounts, tax and points are not.
const LINE_KIND: (Field, &[(&str, &str)]) = (LineKind, &[("1", "product"), ("商品", "product")]);

/// Points are a row of their own (明細区分 6) with a price below zero.
fn points(row: &mut Row<'_>) {
    if matches!(&*row.get(LineKind), "6" | "ポイント") {
        let each = money(&row.get(Price), false).ok().flatten().unwrap_or_default();
        let pieces: i64 = row.get(Quantity).parse().unwrap_or(1);
        row.set(Points, Money(each.0.saturating_mul(pieces)).to_string());
    }
}

const ORDER_4: &[Column] = &[
    col("注文ID", Order),
    col("会員ID", Customer),
    col("お名前(姓)", Family),
    col("お名前(名)", Given),
    col("お名前(セイ)", FamilyKana),
    col("お名前(メイ)", GivenKana),
    col("会社名", Company),
    col("郵便番号", Postal),
    col("都道府県(名称)", Prefecture),
    col("住所1", Address),
    col("住所2", Address),
    col("メールアドレス", Email),
    col("TEL", Phone),
    col("性別(名称)", Gender),
    col("誕生日", Birthday),
    col("小計", Goods),
    col("値引き", Discount),
    nth("送料", 1, Shipping), // the second one is each shipment's own
    col("税金", Tax),
    col("支払合計", Total),
    col("合計", Total), // where 支払合計 is switched off
    col("対応状況(ID)", Status),
    col("対応状況(名称)", Status),
    col("受注日", OrderedAt),
    col("入金日", PaidAt),
    col("商品名", Item),
    col("商品コード", Sku),
    col("規格分類名1", Variant),
    col("規格分類名2", Variant),
    col("価格", Price),
    col("個数", Quantity),
    col("明細区分(ID)", LineKind),
    col("明細区分(名称)", LineKind),
    col("配送先_お名前(姓)", RecipientFamily),
    col("配送先_お名前(名)", RecipientGiven),
    col("発送日", Shipped),
];

const MEMBER_4: &[Column] = &[
    col("会員ID", Customer),
    col("お名前(姓)", Family),
    col("お名前(名)", Given),
    col("お名前(セイ)", FamilyKana),
    col("お名前(メイ)", GivenKana),
    col("会社名", Company),
    col("郵便番号", Postal),
    col("都道府県(名称)", Prefecture),
    col("住所1", Address),
    col("住所2", Address),
    col("メールアドレス", Email),
    col("TEL", Phone),
    col("性別(名称)", Gender),
    col("誕生日", Birthday),
    col("会員ステータス(ID)", Membership),
    col("会員ステータス(名称)", Membership),
    col("登録日", Registered),
    col("ポイント", Balance),
];

/// EC-CUBE 2 and 3 split telephone numbers and postal codes.
const ORDER_3: &[Column] = &[
    col("注文ID", Order),
    col("注文番号", Order),
    col("会員ID", Customer),
    col("顧客ID", Customer),
    col("お名前(姓)", Family),
    col("お名前(名)", Given),
    col("お名前(セイ)", FamilyKana),
    col("お名前(メイ)", GivenKana),
    col("お名前(フリガナ・姓)", FamilyKana),
    col("お名前(フリガナ・名)", GivenKana),
    col("お名前(フリガナ名)", GivenKana), // so written in 2.13
    col("会社名", Company),
    col("郵便番号1", PostalPart),
    col("郵便番号2", PostalPart),
    col("都道府県(名称)", Prefecture),
    col("都道府県", Prefecture),
    col("住所1", Address),
    col("住所2", Address),
    col("メールアドレス", Email),
    col("TEL1", PhonePart),
    col("TEL2", PhonePart),
    col("TEL3", PhonePart),
    col("電話番号1", PhonePart),
    col("電話番号2", PhonePart),
    col("電話番号3", PhonePart),
    col("生年月日", Birthday),
    col("誕生日", Birthday),
    col("小計", Goods),
    col("値引き", Discount),
    nth("送料", 1, Shipping),
    col("使用ポイント", Points),
    col("税金", Tax),
    col("支払合計", Total),
    col("お支払い合計", Total),
    col("合計", Total),
    col("対応状況(ID)", Status),
    col("対応状況", Status),
    col("受注日", OrderedAt),
    col("注文日時", OrderedAt),
    col("入金日", PaidAt),
    col("商品名", Item),
    col("商品コード", Sku),
    col("価格", Price),
    col("個数", Quantity),
    col("発送日", Shipped),
    col("発送完了日時", Shipped),
];

const MEMBER_3: &[Column] = &[
    col("会員ID", Customer),
    col("顧客ID", Customer),
    col("お名前(姓)", Family),
    col("お名前(名)", Given),
    col("お名前(セイ)", FamilyKana),
    col("お名前(メイ)", GivenKana),
    col("お名前(フリガナ・姓)", FamilyKana),
    col("お名前(フリガナ・名)", GivenKana),
    col("会社名", Company),
    col("郵便番号1", PostalPart),
    col("郵便番号2", PostalPart),
    col("都道府県(名称)", Prefecture),
    col("都道府県", Prefecture),
    col("住所1", Address),
    col("住所2", Address),
    col("メールアドレス", Email),
    col("TEL1", PhonePart),
    col("TEL2", PhonePart),
    col("TEL3", PhonePart),
    col("電話番号1", PhonePart),
    col("電話番号2", PhonePart),
    col("電話番号3", PhonePart),
    col("E-MAIL", Email),
    col("性別(名称)", Gender),
    col("性別", Gender),
    col("誕生日", Birthday),
    col("会員ステータス(ID)", Membership),
    col("会員状態", Membership),
    col("登録日", Registered),
    col("ポイント", Balance),
];

pub static FORMATS: &[Format] = &[
    Format {
        source: "eccube",
        title: "EC-CUBE 4 受注CSV・配送CSV",
        kind: Kind::Orders,
        signature: &["注文ID", "受注日", "お名前(姓)"],
        columns: ORDER_4,
        values: &[STATUS, LINE_KIND],
        hook: Some(points),
        ..Format::PLAIN
    },
    Format {
        source: "eccube",
        title: "EC-CUBE 4 会員CSV",
        kind: Kind::Customers,
        signature: &["会員ID", "お名前(姓)"],
        absent: &["注文ID", "受注日", "郵便番号1", "TEL1"],
        columns: MEMBER_4,
        values: &[MEMBERSHIP],
        ..Format::PLAIN
    },
    Format {
        source: "eccube",
        title: "EC-CUBE 2/3 受注CSV",
        kind: Kind::Orders,
        signature: &["お名前(姓)", "お名前(名)", "郵便番号1", "対応状況"],
        columns: ORDER_3,
        values: &[STATUS],
        ..Format::PLAIN
    },
    Format {
        source: "eccube",
        title: "EC-CUBE 3 受注CSV",
        kind: Kind::Orders,
        signature: &["注文ID", "お名前(姓)", "郵便番号1", "対応状況(ID)"],
        columns: ORDER_3,
        values: &[STATUS],
        ..Format::PLAIN
    },
    Format {
        source: "eccube",
        title: "EC-CUBE 2/3 会員CSV",
        kind: Kind::Customers,
        signature: &["お名前(姓)", "お名前(名)", "郵便番号1", "郵便番号2"],
        absent: &["注文ID", "注文番号", "対応状況", "対応状況(ID)"],
        columns: MEMBER_3,
        values: &[MEMBERSHIP],
        ..Format::PLAIN
    },
];
