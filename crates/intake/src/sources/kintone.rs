//! kintone: records of a list of customers. The headers are the labels that the shop gave its fields, so
//! those of the ready-made apps and their usual other names are known here; a map says the rest.

use crate::field::Field::{self, *};
use crate::format::{Column, Format, col};
use crate::row::Row;
use model::Kind;

/// Where an app has a table, its rows follow their record, and `*` marks where a record begins.
const START: &str = "レコードの開始行";

const COLUMNS: &[Column] = &[
    col("レコード番号", Customer),
    col("会社名", Company),
    col("顧客名", Name),
    col("氏名", Name),
    col("担当者名", Name),
    col("先方担当者", Name),
    col("姓", Family),
    col("名", Given),
    col("フリガナ", NameKana),
    col("部署名", Department),
    col("部署", Department),
    col("役職", Title),
    col("メールアドレス", Email),
    col("メール", Email),
    col("携帯電話", Phone),
    col("携帯番号", Phone),
    col("電話番号", Phone),
    col("TEL", Phone),
    col("郵便番号", Postal),
    col("都道府県", Prefecture),
    col("住所", Address),
    col("名刺交換日", CardOn),
    col("作成日時", Registered),
];

pub static FORMATS: &[Format] = &[
    Format {
        source: "kintone",
        title: "kintone レコードCSV",
        kind: Kind::Contacts,
        signature: &["レコード番号"],
        absent: &[START],
        columns: COLUMNS,
        ..Format::PLAIN
    },
    Format {
        source: "kintone",
        title: "kintone レコードCSV(テーブルあり)",
        kind: Kind::Contacts,
        signature: &[START, "レコード番号"],
        columns: COLUMNS,
        hook: Some(record_alone),
        gives: &[Field::Membership],
        ..Format::PLAIN
    },
];

/// A row that goes on with a record's table says nothing new of the person.
fn record_alone(row: &mut Row<'_>) {
    if row.column(START).trim() != "*" {
        row.set(Membership, "drop".to_owned());
    }
}
