//! Ways of reaching a customer, and what allows or forbids them.

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// A way of reaching a customer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Mail,
    Sms,
    Line,
    Post,
    Phone,
    Ads,
}
words!(Channel {
    Mail = "mail", "メール", "mail";
    Sms = "sms", "SMS", "SMS";
    Line = "line", "LINE", "LINE";
    Post = "post", "郵便DM", "post";
    Phone = "phone", "電話", "phone";
    Ads = "ads", "広告", "ads";
});

/// What a permission rests on (L-01, L-02).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    OptIn,
    BusinessCard,
    PublishedAddress,
    TransactionRelation,
    /// The platform works on the shop's behalf (委託): no provision to a third party. For ads alone (L-17).
    Entrusted,
}
words!(Basis {
    OptIn = "opt_in", "本人の同意", "the customer's consent";
    BusinessCard = "business_card", "名刺などによる通知", "a business card";
    PublishedAddress = "published_address", "公表された事業用アドレス", "a published business address";
    TransactionRelation = "transaction_relation", "取引関係", "a running business relation";
    Entrusted = "entrusted", "委託(広告配信)", "processing on the shop's behalf (ads)";
});

/// Proof that one customer may be reached by one channel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consent {
    /// The customer as the file names them: an id in its source, or an address or number.
    pub who: String,
    pub channel: Channel,
    pub basis: Basis,
    /// `false` is a plain "no", which is not a refusal: it proves nothing either way.
    pub given: bool,
    pub on: Option<Day>,
    /// How and where it was given, and the wording shown, as far as the file says.
    pub evidence: String,
}

/// Why a customer must not be reached. The first four are the four stops of M161.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    MailOptOut,
    PostStop,
    PhoneRefusal,
    Withdrawn,
    SmsOptOut,
    LineBlock,
    Complaint,
    Deceased,
    BadAddress,
    AdsOptOut,
    Excluded,
}
words!(StopReason {
    MailOptOut = "mail_opt_out", "メルマガ解除", "unsubscribed from mail";
    PostStop = "post_stop", "DM停止", "no direct mail by post";
    PhoneRefusal = "phone_refusal", "電話不可", "no telephone calls";
    Withdrawn = "withdrawn", "退会", "left the membership";
    SmsOptOut = "sms_opt_out", "SMS停止", "no SMS";
    LineBlock = "line_block", "LINEブロック", "blocked on LINE";
    Complaint = "complaint", "クレーム対応中", "open complaint";
    Deceased = "deceased", "逝去", "deceased";
    BadAddress = "bad_address", "宛先不明", "address does not reach";
    AdsOptOut = "ads_opt_out", "広告利用停止", "no use for ads";
    Excluded = "excluded", "対象外", "kept out by the shop";
});

impl StopReason {
    /// The one channel it closes, or `None` when it closes all of them.
    pub const fn channel(self) -> Option<Channel> {
        match self {
            StopReason::MailOptOut => Some(Channel::Mail),
            StopReason::PostStop => Some(Channel::Post),
            StopReason::PhoneRefusal => Some(Channel::Phone),
            StopReason::SmsOptOut => Some(Channel::Sms),
            StopReason::LineBlock => Some(Channel::Line),
            StopReason::AdsOptOut => Some(Channel::Ads),
            StopReason::Withdrawn | StopReason::Complaint | StopReason::Deceased => None,
            StopReason::BadAddress | StopReason::Excluded => None,
        }
    }
}

/// A must-not, with its reason and source. An import adds these and never takes one away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Suppression {
    /// The customer as the file names them: an id in its source, or an address or number.
    pub who: String,
    /// The channel it closes; `None` closes all.
    pub channel: Option<Channel>,
    pub reason: StopReason,
    pub on: Option<Day>,
    pub note: String,
}
