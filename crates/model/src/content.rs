//! What a shop may show in its letters that somebody else said or made.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentKind {
    /// How the goods are used.
    Scene,
    /// What a customer said.
    Voice,
    /// What somebody wrote on social media.
    Sns,
}
words!(ContentKind {
    Scene = "scene", "利用シーン", "usage scene";
    Voice = "voice", "お客様の声", "customer's voice";
    Sns = "sns", "SNSの投稿", "social media text";
});

/// Whether the shop asked or paid for it, and says so (L-26).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marking {
    /// Nobody has looked.
    Unknown,
    /// Said of their own accord.
    NotAsked,
    /// Asked or paid for, and shown with 広告.
    Marked,
    /// Asked or paid for, and shown without.
    Unmarked,
}
words!(Marking {
    Unknown = "unknown", "未確認", "not looked at";
    NotAsked = "not_asked", "依頼なし(広告表示は不要)", "of their own accord";
    Marked = "marked", "依頼あり(【広告】をつける)", "asked for, marked 広告";
    Unmarked = "unmarked", "依頼あり(表示なし)", "asked for, not marked";
});
