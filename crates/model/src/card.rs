//! The model card: what the expectations of this shop rest on, what was tried, how well it did.

use crate::Day;
use serde::{Deserialize, Serialize};

/// The same in Japanese and in English.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Saying {
    pub ja: String,
    pub en: String,
}

/// How much the shop's own past can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// Nothing could be tried: the rule of thumb alone.
    None,
    /// Too few returns to choose by: the rule, its level learned.
    Little,
    /// Windows shorter than the horizon, rescaled.
    Short,
    /// Whole windows with enough returns.
    Enough,
}

/// One look back: what was known on a day, and what came in the days after it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Window {
    pub origin: Day,
    /// Days looked ahead from there.
    pub horizon: i32,
    /// Customers looked at (a sample in a large shop), the quiet among them, and how many of
    /// these came back.
    pub customers: u64,
    pub quiet: u64,
    pub returned: u64,
}

/// One way of ranking the quiet customers, as it did on the windows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// The machine's word: `rule`, `mbg_nbd` ...
    pub name: String,
    pub says: Saying,
    /// Mean over the windows, on the quiet; 0.5 is chance. `None` where nobody, or everybody, came.
    pub auc: Option<f64>,
    /// Share of the returning customers, and of their spend, in the top tenth of the list.
    pub top10_returned: Option<f64>,
    pub top10_revenue: Option<f64>,
    /// Only for probabilities.
    pub log_loss: Option<f64>,
    pub brier: Option<f64>,
    /// Whether it could have been chosen, or only serves to compare with.
    pub eligible: bool,
    pub chosen: bool,
    /// Share of the returning customers in the top 0, 5, 10 .. 100 % of the list.
    pub capture: Vec<f64>,
}

/// Quiet customers with about the same expectation, and how many of them came.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bin {
    pub predicted: f64,
    pub actual: f64,
    /// The 95 % interval of `actual`.
    pub low: f64,
    pub high: f64,
    pub customers: u64,
}

/// One thing that p_return looks at, and how much it moves it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    pub says: Saying,
    /// Change of the log odds for one standard deviation more.
    pub weight: f64,
}

/// A repeat-purchase model as fitted on the day of the card; times in weeks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fitted {
    pub model: String,
    pub params: Vec<(String, f64)>,
    pub log_likelihood: f64,
    pub converged: bool,
    /// Why it fell back, where it did.
    pub reason: String,
}

/// What was learned on one day (M150).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ModelCard {
    pub as_of: Day,
    /// Policy and version the lines come from.
    pub policy: String,
    pub version: u32,
    /// Days ahead, and the silence beyond which a customer counts as quiet here.
    pub horizon: i32,
    pub quiet: i32,
    /// The data: buyers (customers with an order), their orders, first and last day with one.
    pub buyers: u64,
    pub orders: u64,
    pub first_order: Option<Day>,
    pub last_order: Option<Day>,
    /// Newest first.
    pub windows: Vec<Window>,
    /// Each window's horizon divided by the horizon; 1 unless the past is too short.
    pub rescaled: f64,
    pub sense: Sense,
    /// The name of the candidate in use, and why it and not another.
    pub chosen: String,
    pub why: Saying,
    pub candidates: Vec<Candidate>,
    /// Predicted for customers the model had not seen, against what they did.
    pub calibration: Vec<Bin>,
    /// Slope of the log odds (1 is right), and mean predicted divided by actual.
    pub slope: Option<f64>,
    pub level: Option<f64>,
    pub parts: Vec<Part>,
    pub fits: Vec<Fitted>,
    /// What it is not good for, and what to know before relying on it.
    pub limits: Vec<Saying>,
}
