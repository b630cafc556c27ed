//! What pages, verbs and JSON show: plain values, ready to be written out.

use model::{
    Activity, Balance, Channel, Day, HeldCoupon, History, Judgement, Kind, Money, Outlook, Policy, State,
    StopReason, Type,
};
use serde::Serialize;

/// A count of people with their spend, and the segment text that finds exactly them.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The machine's word (`dormant`, `fan`, `best_gone` ...).
    pub word: String,
    pub ja: String,
    pub en: String,
    pub customers: u64,
    /// Hundredths of the currency.
    pub spend: Money,
    /// The segment that finds these people.
    pub condition: String,
}

/// One month of the flow: opening + new + reactivated - lapsed = closing.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MonthRow {
    /// Its first day.
    pub month: Day,
    pub opening: u64,
    pub new: u64,
    pub reactivated: u64,
    pub lapsed: u64,
    pub closing: u64,
}

/// How many customers one policy would put where.
#[derive(Clone, Debug, Serialize)]
pub struct PolicySizes {
    pub policy: Policy,
    /// One sentence that says the rule.
    pub ja: String,
    pub en: String,
    pub in_force: bool,
    pub active: u64,
    pub at_risk: u64,
    pub dormant: u64,
    pub long_dormant: u64,
}

/// The board: who is asleep.
#[derive(Clone, Debug, Serialize)]
pub struct Board {
    pub as_of: Day,
    pub policy: String,
    pub policy_version: u32,
    pub policy_ja: String,
    pub policy_en: String,
    pub customers: u64,
    pub spend: Money,
    /// What "spend" means here, for beside the figure.
    pub spend_ja: String,
    pub spend_en: String,
    pub newly_dormant: Cell,
    pub long_dormant: Cell,
    /// In the order of `State::ALL`.
    pub states: Vec<Cell>,
    pub stages: Vec<Cell>,
    /// The four categories of silent customers (M053), and the running ones.
    pub silent: Vec<Cell>,
    /// A and B among the dormant (M051).
    pub types: Vec<Cell>,
    /// CPM's ten cells.
    pub cpm: Vec<Cell>,
    /// Recency by frequency, 5 x 5: row r (5 first), column f (1 first).
    pub rfm: Vec<Vec<Cell>>,
    /// Deciles by spend, 1 the best.
    pub deciles: Vec<Cell>,
    /// The last 24 months, the running one last.
    pub movement: Vec<MonthRow>,
    /// Saved segments.
    pub segments: Vec<Cell>,
    /// Unix seconds of the newest order known; `None` without orders.
    pub latest_order: Option<i64>,
    /// Pairs of records waiting for a person to decide.
    pub suggestions: u64,
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Segment text; empty for all.
    pub condition: String,
    /// A saved segment's name, joined to the condition with AND.
    pub segment: Option<String>,
    /// Name, id, mail or phone; empty for no search.
    pub search: String,
    /// A published column; empty = days_silent.
    pub sort: String,
    pub descending: bool,
    /// 0 = the first page.
    pub page: usize,
    /// 1..=500.
    pub per_page: usize,
}

/// One customer in a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub customer: i64,
    pub name: String,
    pub company: Option<String>,
    pub prefecture: Option<String>,
    /// (source, id there).
    pub source_ids: Vec<(String, String)>,
    pub history: History,
    pub judgement: Judgement,
    pub days_silent: Option<i32>,
    pub reason_ja: String,
    pub reason_en: String,
    /// The day of the list.
    pub as_of: Day,
    /// `None` without an order, after leaving, or with expectations switched off.
    pub outlook: Option<Outlook>,
    /// The outlook's figures in a sentence; empty without one.
    pub why_ja: String,
    pub why_en: String,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct ListPage {
    pub as_of: Day,
    /// People in the whole list.
    pub total: u64,
    pub spend: Money,
    pub page: usize,
    pub per_page: usize,
    pub rows: Vec<ListRow>,
    /// The whole condition that was applied.
    pub condition: String,
}

/// One order on the person page.
#[derive(Clone, Debug)]
pub struct OrderView {
    pub source: String,
    pub ext_id: String,
    pub at: i64,
    pub day: Day,
    pub total: Money,
    pub refunded: Money,
    /// 完了, 入金待ち, キャンセル ...
    pub standing_ja: &'static str,
    pub standing_en: &'static str,
    pub counts: bool,
    pub gift: bool,
    /// name, category, quantity, price of one.
    pub lines: Vec<(String, String, i64, Money)>,
}

/// One record that makes up the customer.
#[derive(Clone, Debug)]
pub struct RecordView {
    pub id: i64,
    pub source: String,
    pub ext_id: String,
    pub membership_ja: &'static str,
    pub name: String,
    pub kana: String,
    pub company: Option<String>,
    pub email: Option<String>,
    pub phones: Vec<String>,
    pub postal: Option<String>,
    pub address: String,
    pub birthday: Option<Day>,
    pub mall: bool,
}

/// Whether one channel may be used, and why not.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    pub channel: Channel,
    pub allowed: bool,
    /// The rule that decides (`L-03`, `no_address` ...).
    pub rule: String,
    pub ja: String,
    pub en: String,
}

/// A merge that made this customer one, or a pair that may be one.
#[derive(Clone, Debug)]
pub struct PairView {
    pub id: i64,
    pub other_record: i64,
    pub other_customer: i64,
    pub other_name: String,
    pub other_source: String,
    /// 電話番号とメールアドレスが一致 ...
    pub facts_ja: String,
    pub facts_en: String,
    pub conflict: Option<String>,
    pub by: String,
    pub at: i64,
}

/// A must-not in force.
#[derive(Clone, Debug)]
pub struct StopView {
    pub id: i64,
    pub channel: Option<Channel>,
    pub reason: StopReason,
    pub source: String,
    pub on: Option<Day>,
    pub note: String,
}

/// One customer's page.
#[derive(Clone, Debug)]
pub struct PersonView {
    pub row: ListRow,
    pub as_of: Day,
    pub policy: Policy,
    /// Mean gap shrunk to the shop's; 0 without a basis.
    pub own_cycle_mean: f64,
    /// r, f, m (1..=5) and the decile by spend; 0 = none.
    pub scores: (u8, u8, u8, u8),
    pub channels: Vec<ChannelView>,
    /// Whether each address reaches them, with its evidence.
    pub reachability: Vec<crate::Reachability>,
    /// What they confirmed or corrected themselves, the newest first.
    pub own_words: Vec<store::ProfileChange>,
    pub records: Vec<RecordView>,
    /// Newest first.
    pub orders: Vec<OrderView>,
    pub activities: Vec<Activity>,
    pub subscriptions: Vec<model::Subscription>,
    pub balances: Vec<Balance>,
    /// How often the newsletter reaches them; `None` where there is none.
    pub newsletter: Option<crate::CadenceView>,
    /// In mourning: the newest first.
    pub mournings: Vec<store::Mourning>,
    /// Coupons held in the cart.
    pub coupons: Vec<HeldCoupon>,
    /// Codes that our campaigns gave them.
    pub codes: Vec<crate::GivenCode>,
    /// Of a company, who speaks for it.
    pub contacts: Vec<crate::ContactPerson>,
    /// Everything that happened, the newest first.
    pub timeline: Vec<crate::Happening>,
    /// What it comes to, by channel.
    pub engagement: Vec<crate::Engagement>,
    pub stops: Vec<StopView>,
    pub merges: Vec<PairView>,
    pub suggestions: Vec<PairView>,
}

/// Reachability of one channel over a set of customers.
#[derive(Clone, Debug, Serialize)]
pub struct ReachRow {
    pub channel: Channel,
    pub reachable: u64,
    /// Why the others may not, the commonest first.
    pub refused: Vec<ReachRefusal>,
    /// What can be done about it.
    pub ways: Vec<Way>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ReachRefusal {
    pub rule: String,
    pub ja: String,
    pub en: String,
    pub customers: u64,
}

/// A way forward, with the verb or page that takes it.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub ja: String,
    pub en: String,
    pub verb: String,
}

/// Reachability over all channels.
#[derive(Clone, Debug, Serialize)]
pub struct Reach {
    pub customers: u64,
    pub channels: Vec<ReachRow>,
    /// The four stops apart, and the others (M161): reason, people.
    pub stops: Vec<(StopReason, u64)>,
}

/// What one file came to.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    pub path: String,
    pub source: String,
    pub kind: Kind,
    pub encoding: String,
    pub rows: u64,
    pub orders: u64,
    pub customers: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub rejects_file: Option<String>,
    pub warnings: Vec<String>,
    /// Why the whole file was refused; nothing of it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Header -> our field, as understood.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<(String, Option<String>)>,
    /// The first rows as understood: our field, value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sample: Vec<Vec<(String, String)>>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// How far a long piece of work has come.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// `survey`, `write`, `match`, `columns`, `judge`, `done`.
    pub phase: &'static str,
    pub file: String,
    pub done: u64,
    /// 0 when unknown.
    pub total: u64,
    /// Rows so far.
    pub rows: u64,
}

/// One past import.
#[derive(Clone, Debug, Serialize)]
pub struct ImportView {
    pub id: i64,
    pub at: i64,
    pub path: String,
    pub source: String,
    pub kind: Kind,
    pub finished: bool,
    /// Killed or failed midway; importing the file again completes it.
    pub interrupted: bool,
    pub summary: Option<FileReport>,
}

/// Where a state's cell links to.
pub fn state_condition(state: State) -> String {
    format!("state = '{}'", state.word())
}

/// Whom to rank, by which channel, for how much.
#[derive(Clone, PartialEq, Debug)]
pub struct RankQuery {
    pub channel: Channel,
    /// The list ends where this is spent, and in any case where a touch no longer pays.
    pub budget: Option<Money>,
    /// Only those who may be reached by the channel now.
    pub reachable: bool,
    /// Segment text besides; empty for everybody quiet.
    pub condition: String,
}

/// Sums over the first so many of a ranking.
#[derive(Clone, Copy, Default, PartialEq, Debug, Serialize)]
pub struct RankTotals {
    pub customers: u64,
    /// Of these, of type B (bought more than once).
    pub regular: u64,
    pub cost: Money,
    /// Returns that the touches are expected to add, by the lift believed.
    pub added_orders: f64,
    /// Customers expected back within the horizon without any touch.
    pub returns_anyway: f64,
    /// Expected contribution of the added returns, less the cost.
    pub profit: Money,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RankPoint {
    pub totals: RankTotals,
    /// Expected profit of the last touch.
    pub marginal: Money,
}

/// The quiet in order of expected profit.
#[derive(Clone, Debug, Serialize)]
pub struct Ranking {
    pub as_of: Day,
    pub channel: Channel,
    pub horizon: i32,
    pub budget: Option<Money>,
    /// Going quiet or dormant, in the segment asked for.
    pub quiet: u64,
    /// Of these, left out: not to be reached by the channel; goods still at home; nothing known.
    pub unreachable: u64,
    pub stocked: u64,
    pub unknown: u64,
    /// Everybody in line; as far as it pays; as far as it pays and the budget reaches.
    pub all: RankTotals,
    pub pays: RankTotals,
    pub taken: RankTotals,
    pub curve: Vec<RankPoint>,
}

/// One customer of a ranking.
#[derive(Clone, Debug)]
pub struct RankRow {
    pub rank: u64,
    pub customer: i64,
    pub state: State,
    pub kind: Type,
    pub outlook: Outlook,
    /// Added probability of an order within the horizon.
    pub expected_lift: f64,
    pub cost: Money,
    pub expected_profit: Money,
    pub reason_ja: String,
    pub reason_en: String,
}
