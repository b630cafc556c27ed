//! The whole of a campaign, step after step, with how many stand where; and one customer's path through it.

use super::explaining::step_words;
use super::{CampaignRow, TouchRow, channel_of};
use crate::{App, Settings};
use anyhow::Result;
use model::{
    Arm, Campaign, CampaignState, Channel, Day, Enter, Money, Response, ResponseKind, Saying, Step,
    TouchState, Verdict,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{AtStep, StoredCampaign, StoredTouch, TouchCount};

/// Responses of one touch that are told on a path.
const TOLD: usize = 200;
/// Touches of one customer that are looked through.
const MOST_TOUCHES: usize = 10_000;
/// Campaigns under way of one customer that are told.
const MOST_CAMPAIGNS: usize = 10;

/// Where touches of a step stand, as people count them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepPlace {
    /// All that were made: their moment had come.
    Due,
    Waiting,
    Sent,
    Failed,
    InDoubt,
    /// By a rule other than an order.
    Skipped,
    /// Left because they ordered.
    Ordered,
    OptedOut,
}

impl StepPlace {
    /// In the order in which a path is read.
    pub const ALL: [StepPlace; 8] = [
        StepPlace::Due,
        StepPlace::Waiting,
        StepPlace::Sent,
        StepPlace::Failed,
        StepPlace::InDoubt,
        StepPlace::Skipped,
        StepPlace::Ordered,
        StepPlace::OptedOut,
    ];

    /// The word in addresses and JSON.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// As written on a Japanese page.
    pub fn ja(self) -> &'static str {
        self.words().1
    }

    /// As written on an English page.
    pub fn en(self) -> &'static str {
        self.words().2
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            StepPlace::Due => ("due", "予定到来", "due"),
            StepPlace::Waiting => ("waiting", "待機・送信中", "waiting"),
            StepPlace::Sent => ("sent", "送信済み", "sent"),
            StepPlace::Failed => ("failed", "失敗", "failed"),
            StepPlace::InDoubt => ("in_doubt", "要確認", "in doubt"),
            StepPlace::Skipped => ("skipped", "規則により見送り", "skipped by rule"),
            StepPlace::Ordered => ("ordered", "ご注文により卒業", "left by an order"),
            StepPlace::OptedOut => ("opted_out", "配信停止", "opted out"),
        }
    }

    /// The place of a word.
    pub fn from_word(word: &str) -> Option<StepPlace> {
        StepPlace::ALL.into_iter().find(|place| place.word() == word)
    }
}

/// How many touches of a step stand where.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct StepCounts {
    pub due: u64,
    pub waiting: u64,
    pub sent: u64,
    pub failed: u64,
    pub in_doubt: u64,
    pub skipped: u64,
    pub ordered: u64,
    pub opted_out: u64,
}

impl StepCounts {
    /// Adds up one step's counts.
    pub fn of(counts: &[TouchCount], step: u16) -> StepCounts {
        use TouchState::{Attempted, Claimed, Failed, InDoubt, Queued, Sent, Skipped};
        let mut sum = StepCounts::default();
        for c in counts.iter().filter(|c| c.step == step) {
            sum.due += c.count;
            let place = match c.state {
                Queued | Claimed | Attempted => &mut sum.waiting,
                Sent => &mut sum.sent,
                Failed => &mut sum.failed,
                InDoubt => &mut sum.in_doubt,
                Skipped if c.rule == ORDERED => &mut sum.ordered,
                Skipped => &mut sum.skipped,
            };
            *place += c.count;
        }
        sum
    }

    /// The count of one place.
    pub fn at(&self, place: StepPlace) -> u64 {
        match place {
            StepPlace::Due => self.due,
            StepPlace::Waiting => self.waiting,
            StepPlace::Sent => self.sent,
            StepPlace::Failed => self.failed,
            StepPlace::InDoubt => self.in_doubt,
            StepPlace::Skipped => self.skipped,
            StepPlace::Ordered => self.ordered,
            StepPlace::OptedOut => self.opted_out,
        }
    }
}

/// The rule by which an order ends a path.
const ORDERED: &str = "ordered";

/// One step of a campaign as it stands.
#[derive(Clone, Debug)]
pub struct StepPath {
    /// From 0.
    pub number: u16,
    pub name: String,
    pub channel: Channel,
    /// Tried where the first cannot reach somebody.
    pub else_channels: Vec<Channel>,
    /// What its words are known by: the subject, else how they begin.
    pub words: String,
    /// Unix seconds of its earliest variant; `None` where it is not decided, or is each customer's own.
    pub at: Option<i64>,
    /// When, in words: 開始から3日後 10:00.
    pub when: Saying,
    /// For whom alone, in words; empty: everybody who is treated.
    pub only: Saying,
    /// Its touches are all made. Never so where customers enter one by one.
    pub made: bool,
    pub counts: StepCounts,
}

/// Something on a customer's path.
#[derive(Clone, Debug, Serialize)]
pub struct PathMark {
    /// `sent`, `waiting`, `failed`, `in_doubt`, `skipped`, `planned`, `none`; `heard`; `order`.
    pub kind: &'static str,
    /// The step it is of, from 1; `None`: an order.
    pub step: Option<usize>,
    /// Unix seconds; `None` where nobody can say.
    pub at: Option<i64>,
    pub channel: Option<Channel>,
    /// Of an order, refunds taken off.
    pub spend: Option<Money>,
    pub ja: String,
    pub en: String,
}

/// One customer's way through a campaign, in order of time.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPath {
    pub marks: Vec<PathMark>,
    /// The mark that comes next, by its place; `None`: nothing more.
    pub next: Option<usize>,
    pub ja: String,
    pub en: String,
}

impl App {
    /// Every step of a campaign and how its touches stand. Costs one pass over the campaign's entries of one
    /// index (70 ms at a million touches) and one over the shop's opt-outs.
    pub fn campaign_path(&self, row: &CampaignRow) -> Result<Vec<StepPath>> {
        let (store, stored) = (&self.inner.store, &row.stored);
        let settings = self.settings()?;
        let made: BTreeSet<u16> = store.steps_made(stored.id)?.into_iter().collect();
        let left: BTreeMap<u16, u64> = store.opt_outs_by_step(stored.id)?.into_iter().collect();
        let step = |(number, step): (u16, &Step)| {
            let dues = settings.dues(&stored.campaign, usize::from(number));
            let own = stored.campaign.enter.is_some();
            let mut counts = StepCounts::of(&row.counts, number);
            counts.opted_out = left.get(&number).copied().unwrap_or(0);
            StepPath {
                number,
                name: step.name.clone(),
                channel: channel_of(step),
                else_channels: step.else_channels.clone(),
                words: known_by(step),
                at: dues.filter(|_| !own).and_then(|dues| dues.into_iter().min()),
                when: when(&stored.campaign, step),
                only: only(step),
                made: made.contains(&number),
                counts,
            }
        };
        Ok((0..).zip(&stored.campaign.steps).map(step).collect())
    }

    /// Exactly the touches that a number of a step counts, by number after `after`.
    pub fn touches_at(
        &self,
        id: i64,
        step: u16,
        place: StepPlace,
        after: i64,
        limit: usize,
    ) -> Result<Vec<TouchRow>> {
        use TouchState::{Attempted, Claimed, Failed, InDoubt, Queued, Sent, Skipped};
        let wanted = match place {
            StepPlace::Due => AtStep::In(TouchState::ALL),
            StepPlace::Waiting => AtStep::In(&[Queued, Claimed, Attempted]),
            StepPlace::Sent => AtStep::In(&[Sent]),
            StepPlace::Failed => AtStep::In(&[Failed]),
            StepPlace::InDoubt => AtStep::In(&[InDoubt]),
            StepPlace::Skipped => AtStep::NotBy(&[Skipped], ORDERED),
            StepPlace::Ordered => AtStep::By(&[Skipped], ORDERED),
            StepPlace::OptedOut => AtStep::OptedOut,
        };
        self.with_names(self.inner.store.touches_standing(id, step, wanted, after, limit)?)
    }

    /// One customer's way through a campaign: what happened at each step and when, what they did, and what
    /// is next on which day.
    pub fn path_of(&self, id: i64, customer: i64) -> Result<PersonPath> {
        let (store, settings) = (&self.inner.store, self.settings()?);
        let stored = store.campaign(id)?;
        let rows = store.plan_of(id)?.map_or(Ok(vec![]), |plan| store.plan_rows_of(plan.id, customer))?;
        let touches = store.touches_of(customer, MOST_TOUCHES)?;
        let touches: Vec<StoredTouch> = touches.into_iter().filter(|t| t.touch.campaign == id).collect();
        let treated = rows.iter().find(|r| r.assignment.arm == Arm::Treated);
        let entered = match (stored.plan, treated) {
            (Some(plan), Some(row)) => store.entered(plan, &[row.assignment.customer])?.into_values().next(),
            _ => None,
        };
        let ends = matches!(stored.state, CampaignState::Cancelled | CampaignState::Finished);
        let ahead = Ahead {
            stored: &stored,
            settings: &settings,
            entered,
            variant: treated.filter(|_| !ends).map(|row| usize::from(row.assignment.variant)),
        };
        let mut marks = vec![];
        for n in 0..stored.campaign.steps.len() {
            let touch = touches.iter().find(|t| usize::from(t.touch.step) == n);
            marks.push(ahead.mark(n, touch, step_words(touch, &rows)));
            if let Some(touch) = touch {
                let heard = store.responses_near(touch.touch.id, 0, i64::MAX, TOLD)?;
                marks.extend(told(n, touch.touch.channel, &heard));
            }
        }
        if let (Some(since), false) = (ahead.begun(), rows.is_empty()) {
            let orders = self.person(customer)?.map_or(vec![], |p| p.orders);
            let after = orders.iter().filter(|o| o.counts && o.at >= since).take(TOLD);
            marks.extend(after.map(|o| PathMark {
                kind: "order",
                step: None,
                at: Some(o.at),
                channel: None,
                spend: Some(o.total - o.refunded),
                ja: "ご注文".to_owned(),
                en: "an order".to_owned(),
            }));
        }
        // What has no moment stays at the end, in the order of the steps.
        marks.sort_by_key(|m| (m.at.is_none(), m.at, m.step));
        Ok(said(marks, &stored, &settings))
    }

    /// What comes next for a customer in every campaign that is under way with them: campaign, name, sentence.
    pub fn next_for(&self, customer: i64) -> Result<Vec<(i64, String, Saying)>> {
        let mut all = vec![];
        for id in self.inner.store.treated_in(customer, MOST_CAMPAIGNS)? {
            let path = self.path_of(id, customer)?;
            if path.next.is_some() {
                let name = self.inner.store.campaign(id)?.campaign.name;
                all.push((id, name, Saying { ja: path.ja, en: path.en }));
            }
        }
        Ok(all)
    }
}

/// What is still planned for one customer of a campaign.
struct Ahead<'a> {
    stored: &'a StoredCampaign,
    settings: &'a Settings,
    /// The day on which they entered, where customers do so one by one.
    entered: Option<Day>,
    /// Theirs; `None` where nothing more is sent to them.
    variant: Option<usize>,
}

impl Ahead<'_> {
    /// When their path begins.
    fn begun(&self) -> Option<i64> {
        self.entered.map(|day| self.settings.moment(day, 0)).or(self.stored.rooted)
    }

    /// When a step is due for them.
    fn planned(&self, n: usize) -> Option<i64> {
        let variant = self.variant?;
        match self.entered {
            Some(day) => {
                let step = self.stored.campaign.step_for(n, variant)?;
                let day = step.day(day, &self.settings.days_off);
                Some(self.settings.moment(day, step.at?.minutes()))
            }
            None => self.settings.due(&self.stored.campaign, n, variant),
        }
    }

    fn mark(&self, n: usize, touch: Option<&StoredTouch>, words: (String, String)) -> PathMark {
        let step = self.stored.campaign.step_for(n, self.variant.unwrap_or(0));
        let kind = match touch.map(|t| t.touch.state) {
            Some(TouchState::Sent) => "sent",
            Some(TouchState::Queued | TouchState::Claimed | TouchState::Attempted) => "waiting",
            Some(TouchState::Failed) => "failed",
            Some(TouchState::InDoubt) => "in_doubt",
            Some(TouchState::Skipped) => "skipped",
            None if self.variant.is_some() => "planned",
            None => "none",
        };
        let at = match touch {
            Some(t) => t.settled.or(t.attempted).or(Some(t.touch.due)),
            None => self.planned(n),
        };
        let name = step.as_ref().map_or("", |s| s.name.as_str());
        PathMark {
            kind,
            step: Some(n + 1),
            at,
            channel: touch.map(|t| t.touch.channel).or(step.as_ref().map(channel_of)),
            spend: None,
            ja: format!("{name}: {}", words.0),
            en: format!("{name}: {}", words.1),
        }
    }
}

/// What somebody did with a letter: each kind once, at its first moment, and by a person alone.
fn told(n: usize, channel: Channel, heard: &[Response]) -> Vec<PathMark> {
    let mut seen: BTreeMap<ResponseKind, i64> = BTreeMap::new();
    for r in heard.iter().filter(|r| r.verdict == Verdict::Person) {
        seen.entry(r.kind).or_insert(r.at / 1_000);
    }
    let mark = |(kind, at): (ResponseKind, i64)| PathMark {
        kind: "heard",
        step: Some(n + 1),
        at: Some(at),
        channel: Some(channel),
        spend: None,
        ja: kind.ja().to_owned(),
        en: kind.en().to_owned(),
    };
    seen.into_iter().map(mark).collect()
}

/// The path with what comes next in a sentence.
fn said(marks: Vec<PathMark>, stored: &StoredCampaign, settings: &Settings) -> PersonPath {
    let next = marks.iter().position(|m| matches!(m.kind, "waiting" | "planned"));
    let says = next.map(|n| coming(&marks[n], stored, settings)).unwrap_or(Saying {
        ja: "この先の予定はありません。".to_owned(),
        en: "Nothing more is to come.".to_owned(),
    });
    PersonPath { marks, next, ja: says.ja, en: says.en }
}

fn coming(mark: &PathMark, stored: &StoredCampaign, settings: &Settings) -> Saying {
    let step = mark.step.and_then(|n| stored.campaign.steps.get(n - 1));
    let name = step.map_or("", |s| s.name.as_str());
    let (ja, en) = mark.channel.map_or(("", ""), |c| (c.ja(), c.en()));
    let Some(at) = mark.at else {
        return Saying {
            ja: format!("次は「{name}」({ja})です。日時はまだ決まっていません。"),
            en: format!("Next: '{name}' by {en}; its moment is not decided."),
        };
    };
    let (day, minute) = (settings.day_of(at), settings.minute_of(at));
    let ((_, month, date), clock) = (day.ymd(), format!("{}:{:02}", minute / 60, minute % 60));
    Saying {
        ja: format!("次は{month}月{date}日{clock}の「{name}」({ja})です。"),
        en: format!("Next: '{name}' by {en}, {day} {clock}."),
    }
}

/// What the words of a step are known by.
fn known_by(step: &Step) -> String {
    let text = match step.words.subject.trim() {
        "" => step.words.body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default(),
        subject => subject,
    };
    // A field's own words would say nothing here.
    let mut shown = String::new();
    for (n, part) in text.split("{{").enumerate() {
        let own = if n == 0 { part } else { part.split_once("}}").map_or("", |(_, after)| after) };
        shown.push_str(if n == 0 { "" } else { "○○" });
        shown.push_str(own);
    }
    shown.chars().take(60).collect()
}

fn when(campaign: &Campaign, step: &Step) -> Saying {
    let clock =
        step.at.map_or(String::new(), |at| format!(" {}:{:02}", at.minutes() / 60, at.minutes() % 60));
    let days = step.after_days;
    match &campaign.enter {
        entered if step.after.is_some() => {
            let (ja, en) = match entered {
                None => ("開始".to_owned(), "the start".to_owned()),
                Some(enter) => moment(enter, 0),
            };
            let later = step.after.map_or(String::new(), model::After::ja);
            let delay = step.after.map_or(String::new(), |after| after.to_string());
            Saying { ja: format!("{ja}から{later}後{clock}"), en: format!("{delay} after {en}{clock}") }
        }
        None if days == 0 => {
            Saying { ja: format!("開始日{clock}"), en: format!("on the first day{clock}") }
        }
        None => Saying {
            ja: format!("開始から{days}日後{clock}"),
            en: format!("{days} days after the start{clock}"),
        },
        Some(enter) => {
            let (ja, en) = moment(enter, days);
            Saying { ja: format!("{ja}{clock}"), en: format!("{en}{clock}") }
        }
    }
}

/// The day of a step counted from what lets its customers in.
fn moment(enter: &Enter, after: i32) -> (String, String) {
    let (ja, en) = (enter.when.ja(), enter.when.en());
    match enter.days + after {
        0 => (format!("{ja}の当日"), format!("the day: {en}")),
        n if n > 0 => (format!("{ja}の{n}日後"), format!("{n} days after: {en}")),
        n => (format!("{ja}の{}日前", -n), format!("{} days before: {en}", -n)),
    }
}

/// For whom a step is, in words.
fn only(step: &Step) -> Saying {
    let (mut ja, mut en) = (vec![], vec![]);
    for happened in &step.unless {
        ja.push(format!("「{}」方を除く", happened.ja()));
        en.push(format!("not those who {}", happened.en()));
    }
    if !step.without.is_empty() {
        let list = |say: fn(Channel) -> &'static str, by: &str| {
            step.without.iter().map(|c| say(*c)).collect::<Vec<_>>().join(by)
        };
        ja.push(format!("{}で連絡できない方だけ", list(Channel::ja, "・")));
        en.push(format!("only those out of reach by {}", list(Channel::en, ", ")));
    }
    if !step.only.is_empty() {
        ja.push(format!("条件 {} の方だけ", step.only));
        en.push(format!("only where {}", step.only));
    }
    Saying { ja: ja.join("、"), en: en.join("; ") }
}
