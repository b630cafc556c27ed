//! Anything a customer did, or that was done with them, which is not an order.

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A visit, call or talk with the customer.
    Contact,
    /// A visit to the site.
    Visit,
    Login,
    Use,
    /// Asked, took a sample or clicked: makes a lead 見込客.
    Interest,
    /// Referred someone, wrote a review.
    Advocacy,
    ComplaintOpened,
    ComplaintClosed,
    /// Evidence that they bought elsewhere.
    Competitor,
    /// Evidence that they are dissatisfied and gone.
    Dissatisfied,
    Withdrawn,
    Rejoined,
    /// Post to them came back; nothing they did themselves.
    PostReturned,
}
words!(ActivityKind {
    Contact = "contact", "接触", "contact";
    Visit = "visit", "サイト訪問", "site visit";
    Login = "login", "ログイン", "login";
    Use = "use", "利用", "use";
    Interest = "interest", "問い合わせ・資料請求", "inquiry";
    Advocacy = "advocacy", "紹介・口コミ", "referral or review";
    ComplaintOpened = "complaint_opened", "クレーム受付", "complaint";
    ComplaintClosed = "complaint_closed", "クレーム解決", "complaint settled";
    Competitor = "competitor", "他社へ移行", "went to a competitor";
    Dissatisfied = "dissatisfied", "不満による離反", "left dissatisfied";
    Withdrawn = "withdrawn", "退会", "left the membership";
    Rejoined = "rejoined", "再入会", "rejoined";
    PostReturned = "post_returned", "郵便の返送", "post came back";
});

/// What a customer wrote of what they bought (M042).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// The customer as the file names them: an id in its source, or an address or number.
    pub who: String,
    pub day: Day,
    /// 1..=5; `None` where only words were given.
    pub stars: Option<u8>,
    pub words: String,
}

/// One such happening.
#[derive(Clone, PartialEq, Debug)]
pub struct Activity {
    /// The customer as the file names them: an id in its source, or an address or number.
    pub who: String,
    pub kind: ActivityKind,
    pub day: Day,
    pub note: String,
}
