//! What came back.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// What kind of thing came back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    /// The receiving side says that it arrived.
    Delivered,
    /// Will never arrive: the address is dead.
    HardBounce,
    /// Did not arrive this time.
    SoftBounce,
    Complaint,
    Open,
    Click,
    OptOut,
    /// Took an opt-out back, or chose on the page of preferences.
    Preference,
    Reply,
    Redeemed,
    Ordered,
}
words!(ResponseKind {
    Delivered = "delivered", "到達", "delivered";
    HardBounce = "hard_bounce", "宛先不明", "hard bounce";
    SoftBounce = "soft_bounce", "一時的な不達", "soft bounce";
    Complaint = "complaint", "迷惑メール報告", "complaint";
    Open = "open", "開封", "open";
    Click = "click", "クリック", "click";
    OptOut = "opt_out", "配信停止", "opt-out";
    Preference = "preference", "配信設定の変更", "preference";
    Reply = "reply", "返信", "reply";
    Redeemed = "redeemed", "クーポン利用", "coupon redeemed";
    Ordered = "ordered", "注文", "order";
});

/// Who did it, as far as can be told. Reversible: the raw response stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Person,
    /// A mail program or proxy fetched it by itself.
    Prefetch,
    /// A scanner looked at everything, or followed the link nobody sees.
    Scanner,
}
words!(Verdict {
    Person = "person", "本人", "a person";
    Prefetch = "prefetch", "自動取得", "fetched by a program";
    Scanner = "scanner", "検査プログラム", "a scanner";
});

/// One thing that came back, tied to its touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// 0 until it is kept.
    pub id: i64,
    pub touch: i64,
    pub kind: ResponseKind,
    /// Unix milliseconds.
    pub at: i64,
    /// Number of the link within the letter; `None` for what is no click. The link nobody sees is -1.
    pub link: Option<i32>,
    /// What the program called itself, cut to 200 characters; empty where nothing was said.
    pub agent: String,
    /// A salted hash of the network it came from (an address is never kept); 0 where unknown.
    pub network: i64,
    /// The bounce's or the webhook's own words, without addresses.
    pub said: String,
    pub verdict: Verdict,
}
