//! Words: compiled once per step, printed once per customer.

mod brief;
mod fields;
mod frame;
mod links;
mod marks;
mod markup;
mod mjml;
mod paper;
mod press;
mod script;
mod values;

pub use fields::{FIELDS, Fields};
pub use paper::PaperPress;
pub use press::{Letter, Links, Press};
pub use script::{Script, ScriptPart};

use thiserror::Error;

/// Why words cannot be printed. Japanese first, English beside; never a customer's own values.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum WordsError {
    /// A field has no value for this customer and no fallback (M030).
    #[error(
        "差し込み項目「{field}」の値がありません。{{{{ {field} | or(\"…\") }}}} のように代わりの言葉を添えてください \
         / the field '{field}' has no value here: give it a fallback with or(\"...\")"
    )]
    Missing { field: String },
    /// A field that does not exist.
    #[error(
        "「{field}」という差し込み項目はありません。mezame campaign fields で一覧をご確認ください \
         / there is no field '{field}': `mezame campaign fields` lists them"
    )]
    Unknown { field: String },
    /// The shop's profile lacks what the law wants in every letter (L-06, L-08).
    #[error(
        "店舗情報の「{ja}」が未設定です。メールには表示が必要です \
         / the shop's profile has no {en}, and every letter must show it"
    )]
    Profile { ja: &'static str, en: &'static str },
    /// A link that leads nowhere a letter may lead.
    #[error(
        "リンク先「{target}」は使えません。https:// http:// mailto: tel: で始めてください \
         / the link '{target}' cannot be used: begin it with https:// http:// mailto: or tel:"
    )]
    Link { target: String },
    /// The words cannot be read as what they should be.
    #[error("{part}の書き方に誤りがあります: {why} / {part} cannot be read: {why}")]
    Malformed { part: &'static str, why: String },
    /// Too long, or too much work to print.
    #[error("{part}が大きすぎます / {part} is too large")]
    TooLarge { part: &'static str },
}
