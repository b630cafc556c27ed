//! SMS: a provider as a file, one message handed over once, and what the provider says of it afterwards.

mod door;
mod drop;
mod hook;
mod inbound;
mod parse;
mod provider;
mod reports;
mod template;

pub use door::{SmsAccount, SmsDoor, SmsHanded};
pub use drop::{SmsRow, sms_file};
pub use inbound::{SmsAnswer, sms_answers};
pub use provider::{SMS_PROVIDERS, SmsProvider, SmsState};
pub use reports::{SmsReport, sms_reports};

use thiserror::Error;

/// Why SMS cannot go this way. No text holds a number or a secret.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum SmsError {
    /// The provider's file is not in order.
    #[error("SMSサービスの定義に誤りがあります: {why} / the provider's file is not in order: {why}")]
    Provider { why: String },
    /// A setting of the shop is missing or cannot be used.
    #[error("設定「{name}」を確認してください: {why} / check the setting '{name}': {why}")]
    Setting { name: String, why: String },
    /// A row of a file cannot be written as it is.
    #[error("{row}行目を書き出せません: {why} / row {row} cannot be written: {why}")]
    Row { row: usize, why: String },
}

/// Whether a number takes SMS in Japan (L-35): 060, 070, 080 or 090 and eight digits more.
fn is_mobile(number: &str) -> bool {
    let begins = ["060", "070", "080", "090"].iter().any(|begin| number.starts_with(begin));
    number.len() == 11 && begins && number.bytes().all(|b| b.is_ascii_digit())
}

/// A message as it goes out: no control characters but the end of a line.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
