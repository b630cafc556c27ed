//! What came of a call, as the caller says it with one tap.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// What came of a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    Reached,
    Absent,
    CallBack,
    /// The contact person works in another department now.
    Moved,
    /// The contact person has left; somebody else has their place.
    Retired,
    /// Wants no more calls, by word or by plain conduct (L-12, L-48).
    Refused,
    HungUp,
    DeadNumber,
    /// An order, or a case to follow up.
    Deal,
    Deceased,
    /// The number is another person's.
    WrongPerson,
    /// Somebody of the household answered.
    Family,
    /// Has goods left.
    Surplus,
    Complaint,
}
words!(CallResult {
    Reached = "reached", "話せた", "talked";
    Absent = "absent", "不在", "no answer";
    CallBack = "call_back", "折返し", "call back";
    Moved = "moved", "異動", "moved to another department";
    Retired = "retired", "退職・後任", "retired, with a successor";
    Refused = "refused", "断り(今後不要)", "refused: no more calls";
    HungUp = "hung_up", "途中で切られた", "hung up";
    DeadNumber = "dead_number", "番号不通", "dead number";
    Deal = "deal", "受注・案件化", "an order or a case";
    Deceased = "deceased", "逝去", "deceased";
    WrongPerson = "wrong_person", "別人", "another person";
    Family = "family", "家族が応答", "family answered";
    Surplus = "surplus", "まだ余っている", "has goods left";
    Complaint = "complaint", "苦情", "complaint";
});

impl CallResult {
    /// Whether the customer could not be spoken to, and it may be tried again (M107).
    pub const fn unanswered(self) -> bool {
        matches!(self, CallResult::Absent | CallResult::Family)
    }
}
