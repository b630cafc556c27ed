//! What customers write to the shop: by which way, how grave, and how far it is.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// By which way a customer's words came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryWay {
    Mail,
    Sms,
    Line,
    /// The form on the customers' door.
    Form,
    /// An operator wrote down what was said on the phone or in the shop.
    Operator,
}
words!(InquiryWay {
    Mail = "mail", "メール", "mail";
    Sms = "sms", "SMS", "SMS";
    Line = "line", "LINE", "LINE";
    Form = "form", "お問い合わせフォーム", "the form";
    Operator = "operator", "担当者の記入", "written down by an operator";
});

/// How grave a complaint is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not a complaint.
    None,
    Minor,
    Serious,
    /// Health, the law, or the public is in it: now.
    Grave,
}
words!(Severity {
    None = "none", "クレームではない", "no complaint";
    Minor = "minor", "軽度", "minor";
    Serious = "serious", "重度", "serious";
    Grave = "grave", "至急", "grave";
});

/// What a customer's words say of leaving a channel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    No,
    /// They name it among other things: an operator decides.
    Suggested,
    /// They say nothing else: taken at once.
    Taken,
}
words!(Leaving {
    No = "no", "言及なし", "not named";
    Suggested = "suggested", "停止のご希望かもしれません", "may want to leave";
    Taken = "taken", "停止済み", "has left";
});
