//! Salesforce: contacts and accounts, with Japanese labels (reports) or the API's names (Data Loader).

use crate::field::Field::*;
use crate::format::{Format, col};
use model::Kind;

pub static FORMATS: &[Format] = &[
    Format {
        source: "salesforce",
        title: "Salesforce 取引先責任者CSV",
        kind: Kind::Contacts,
        signature: &["取引先責任者 ID", "姓"],
        columns: &[
            col("取引先責任者 ID", Customer),
            col("姓", Family),
            col("名", Given),
            col("取引先名", Company),
            col("部署", Department),
            col("役職", Title),
            col("メール", Email),
            col("携帯", Phone),
            col("電話", Phone),
            col("郵便番号(郵送先)", Postal),
            col("都道府県(郵送先)", Prefecture),
            col("市区郡(郵送先)", Address),
            col("町名・番地(郵送先)", Address),
            col("メール送信除外", Stop),
            col("作成日", Registered),
        ],
        values: &[(Stop, &[("1", "mail_opt_out"), ("true", "mail_opt_out")])],
        ..Format::PLAIN
    },
    Format {
        source: "salesforce",
        title: "Salesforce 取引先責任者CSV(データローダ)",
        kind: Kind::Contacts,
        signature: &["ID", "LASTNAME", "ACCOUNTID"],
        columns: &[
            col("ID", Customer),
            col("LASTNAME", Family),
            col("FIRSTNAME", Given),
            col("ACCOUNT.NAME", Company),
            col("DEPARTMENT", Department),
            col("TITLE", Title),
            col("EMAIL", Email),
            col("MOBILEPHONE", Phone),
            col("PHONE", Phone),
            col("MAILINGPOSTALCODE", Postal),
            col("MAILINGSTATE", Prefecture),
            col("MAILINGCITY", Address),
            col("MAILINGSTREET", Address),
            col("HASOPTEDOUTOFEMAIL", Stop),
            col("CREATEDDATE", Registered),
        ],
        values: &[(Stop, &[("1", "mail_opt_out"), ("true", "mail_opt_out")])],
        ..Format::PLAIN
    },
    Format {
        source: "salesforce",
        title: "Salesforce 取引先CSV",
        kind: Kind::Contacts,
        signature: &["取引先 ID", "取引先名"],
        absent: &["取引先責任者 ID"],
        columns: &[
            col("取引先 ID", Customer),
            col("取引先名", Company),
            col("電話", Phone),
            col("郵便番号(請求先)", Postal),
            col("都道府県(請求先)", Prefecture),
            col("市区郡(請求先)", Address),
            col("町名・番地(請求先)", Address),
            col("作成日", Registered),
        ],
        ..Format::PLAIN
    },
];
