//! What we think of one customer as of a day.

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// Exactly one per customer. Precedence: withdrawn, lost, dormant, at_risk, active, prospect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Prospect,
    Active,
    AtRisk,
    Dormant,
    Lost,
    Withdrawn,
}
words!(State {
    Prospect = "prospect", "見込み", "prospect";
    Active = "active", "アクティブ", "active";
    AtRisk = "at_risk", "休眠予兆", "going quiet";
    Dormant = "dormant", "休眠", "dormant";
    Lost = "lost", "離反", "lost";
    Withdrawn = "withdrawn", "退会", "withdrawn";
});

/// Lifecycle stage (M056), independent of the state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Lead,
    Interested,
    FirstTime,
    Repeater,
    Fan,
    Ambassador,
}
words!(Stage {
    Lead = "lead", "リード", "lead";
    Interested = "interested", "見込客", "interested";
    FirstTime = "first_time", "顧客", "first-time customer";
    Repeater = "repeater", "リピーター", "repeater";
    Fan = "fan", "ファン", "fan";
    Ambassador = "ambassador", "アンバサダー", "ambassador";
});

/// CPM's five kinds (やずや式); active or gone makes ten cells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cpm {
    None,
    First,
    Young,
    Steady,
    Trend,
    Best,
}
words!(Cpm {
    None = "none", "-", "-";
    First = "first", "初回", "first-time";
    Young = "young", "よちよち", "young";
    Steady = "steady", "コツコツ", "steady";
    Trend = "trend", "流行", "trend";
    Best = "best", "優良", "best";
});

/// The four categories of silent customers (M053), and the running ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silent {
    None,
    Paused,
    OneOff,
    Cancelled,
    New,
    Running,
}
words!(Silent {
    None = "none", "-", "-";
    Paused = "paused", "①休止", "subscription paused";
    OneOff = "one_off", "②都度買い", "buys one by one";
    Cancelled = "cancelled", "③定期解約", "subscription cancelled";
    New = "new", "④新規", "bought once";
    Running = "running", "定期継続中", "subscription running";
});

/// M051: bought once (A) or regularly (B).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    None,
    A,
    B,
}
words!(Type {
    None = "none", "-", "-";
    A = "a", "A(一度のみ)", "A (once)";
    B = "b", "B(定期的)", "B (regular)";
});

/// Evidence for `State::Lost`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostReason {
    Dissatisfied,
    Competitor,
}
words!(LostReason {
    Dissatisfied = "dissatisfied", "不満", "dissatisfied";
    Competitor = "competitor", "他社", "competitor";
});

/// What we think of one customer as of a day, without the scores that compare them with others.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judgement {
    pub customer: i64,
    pub state: State,
    /// Since when the state holds; `None` where it cannot be dated.
    pub since: Option<Day>,
    pub stage: Stage,
    /// Days of silence on the policy's clock; `None` for prospects.
    pub silent: Option<i32>,
    /// The policy's line in days for this customer: at_risk from here.
    pub at_risk_line: i32,
    /// The policy's line in days for this customer: dormant from here.
    pub dormant_line: i32,
    /// 0 = the policy's default; 1.. = its segment rules; 1001.. = its category rules.
    pub rule: u16,
    /// Dormant, and silent beyond the long-dormant line.
    pub long_dormant: bool,
    pub silent_category: Silent,
    pub kind: Type,
    pub cpm: Cpm,
    pub cpm_gone: bool,
}
