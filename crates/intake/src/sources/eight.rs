//! Eight (Sansan): business cards. The day of exchange is the proof that an address was
//! given (特定電子メール法3条1項2号).

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[Format {
    source: "eight",
    title: "Eight 名刺CSV",
    kind: Kind::Contacts,
    signature: &["会社名", "e-mail", "名刺交換日"],
    columns: &[
        col("会社名", Company),
        col("部署名", Department),
        col("役職", Title),
        col("姓", Family),
        col("名", Given),
        col("e-mail", Email),
        col("郵便番号", Postal),
        col("住所", Address),
        col("携帯電話", Phone),
        col("TEL直通", Phone),
        col("TEL部門", Phone),
        col("TEL会社", Phone),
        col("名刺交換日", CardOn),
    ],
    ..Format::PLAIN
}];
