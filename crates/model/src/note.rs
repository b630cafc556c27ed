//! What an operator noted of a customer that no file tells.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// Where the note comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Wrote of the shop or its goods.
    SnsMention,
    /// Liked, shared or commented what the shop wrote.
    SnsReaction,
    Interview,
    /// Came to the shop, or was visited.
    Visit,
    /// A fair, an event, a seminar.
    Exhibition,
    Other,
}
words!(NoteKind {
    SnsMention = "sns_mention", "SNSでの言及", "mention on social media";
    SnsReaction = "sns_reaction", "SNSでの反応(いいね・コメント)", "reaction on social media";
    Interview = "interview", "インタビュー", "interview";
    Visit = "visit", "来店・訪問", "visit";
    Exhibition = "exhibition", "展示会・催し", "exhibition or event";
    Other = "other", "その他のメモ", "other note";
});

impl NoteKind {
    /// Whether the customer was in contact with the shop that day (M112: never an order).
    pub const fn is_contact(self) -> bool {
        !matches!(self, NoteKind::Other)
    }
}
