//! A campaign as a document: whom, what, how, when, how many are held out, and what it should bring.

use crate::{
    After, Channel, Day, DaysOff, Greeting, Money, Newsletter, Occasion, Offer, TimeOfDay, words::words,
};
use serde::{Deserialize, Serialize};

/// A campaign as an operator writes it: TOML on the command line, a form on the page. Approval
/// freezes a copy; what happens afterwards is in touches and responses, never here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Campaign {
    /// Unique in the shop, as people say it.
    pub name: String,
    /// The scenario it was made from; empty where it was written from nothing.
    pub scenario: String,
    /// The operator who answers for it.
    pub owner: String,
    /// Most that all touches may cost, in units of the currency; `None`: no limit.
    #[serde(with = "crate::money::maybe_units", skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// Share drawn at random to get nothing, 0..1. Zero only with `no_holdout_because`.
    pub holdout: f64,
    /// Why nobody is held out, in the operator's words; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub no_holdout_because: String,
    /// The primary window in days from the start: the one figure that decides. 30, 90 or 180.
    pub window: i32,
    /// The day of the first step; `None`: not decided, so it cannot be approved (M061).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Day>,
    /// A step that comes due later than this many hours asks instead of firing.
    pub late_hours: u32,
    /// The campaign this one learns from; empty for none (M141).
    pub predecessor: String,
    /// What is different from the predecessor, and why.
    pub changed: String,
    /// It is a card of the season, and goes out in its days alone (M099).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Greeting>,
    pub goal: Goal,
    pub whom: Whom,
    pub tracking: Tracking,
    pub stop: StopRules,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    pub steps: Vec<Step>,
    /// Customers enter one by one, on the day something happens to them; `None`: all at once, on `start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enter: Option<Enter>,
    /// What proves the claims of its words (L-15, L-27).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Words or hours that differ by lot (M153); empty: everybody gets the steps as they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    /// Its mails are issues of the newsletter, and go to each at their own cadence (M092).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newsletter: Option<Newsletter>,
    /// What it invites to (M099).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
}

impl Default for Campaign {
    fn default() -> Campaign {
        Campaign {
            name: String::new(),
            scenario: String::new(),
            owner: String::new(),
            budget: None,
            holdout: 0.1,
            no_holdout_because: String::new(),
            window: 90,
            start: None,
            late_hours: 24,
            predecessor: String::new(),
            changed: String::new(),
            goal: Goal::default(),
            whom: Whom::default(),
            tracking: Tracking::default(),
            stop: StopRules::default(),
            offer: None,
            steps: vec![],
            enter: None,
            evidence: vec![],
            variants: vec![],
            newsletter: None,
            greeting: None,
            occasion: None,
        }
    }
}

impl Campaign {
    /// The numbers of the variants; of those alone who get the steps as they stand where there are none.
    pub fn variant_numbers(&self) -> std::ops::Range<usize> {
        0..self.variants.len().max(1)
    }

    /// The words of a step for a variant (its number; 0 where there are none), changes applied.
    /// `None` where there is no such step.
    pub fn step_for(&self, step: usize, variant: usize) -> Option<Step> {
        let mut step = self.steps.get(step)?.clone();
        let changes = self.variants.get(variant).map_or(&[][..], |v| v.changes.as_slice());
        let name = step.name.clone();
        changes.iter().filter(|c| c.step == name).for_each(|c| c.on(&mut step));
        if let Some(slot) = self.slot_of(&name, variant) {
            (step.after_days, step.after, step.at) = (slot.after_days, slot.after, slot.at);
        }
        Some(step)
    }

    /// The step whose time a variant's own order gives to the step of a name (M115).
    fn slot_of(&self, name: &str, variant: usize) -> Option<&Step> {
        let order = &self.variants.get(variant)?.order;
        let place = order.iter().position(|n| n == name)?;
        self.steps.iter().filter(|s| order.contains(&s.name)).nth(place)
    }

    /// The code of its own that a step has for a variant; empty where the offer's holds.
    pub fn code_of(&self, step: usize, variant: usize) -> &str {
        let Some(step) = self.steps.get(step) else { return "" };
        let changes = self.variants.get(variant).map_or(&[][..], |v| v.changes.as_slice());
        let changed = changes.iter().rev().filter(|c| c.step == step.name).find_map(|c| c.code.as_deref());
        changed.unwrap_or(&step.code)
    }
}

/// A document that an operator names to prove something.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The rule it answers (`L-27`).
    pub rule: String,
    /// Which document, and where it is kept.
    pub name: String,
}

/// What the campaign should bring.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Goal {
    /// Customers brought back beyond what the holdout shows; `None`: no target set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reactivations: Option<f64>,
    /// Profit beyond the holdout, in units of the currency.
    #[serde(with = "crate::money::maybe_units", skip_serializing_if = "Option::is_none")]
    pub profit: Option<Money>,
    /// Why we think so.
    pub hypothesis: String,
}

/// Whom it is for: a segment, its ranking, and where it is cut.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Whom {
    /// A saved segment; empty for none.
    pub segment: String,
    /// Segment text, joined to the segment with AND; empty for all of it.
    pub condition: String,
    /// A campaign: exactly those whom it reached so far, whatever else holds; for an apology or a
    /// correction (M162). Empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reached_by: String,
    /// The best so many by expected profit; `None`: everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<u64>,
    /// Only those for whom a touch is expected to pay.
    pub paying: bool,
    /// Only those who went quiet for one of these reasons, by their words; the others are skipped and the plan
    /// says so (M034). Empty: whatever the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_for: Vec<String>,
    /// Nobody whose reason another scenario answers (M034).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spare_reasons: bool,
    /// A season by its word: only those who bought for it a year before the start (M102). Empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub season: String,
    /// Only those in mourning when it starts (M099).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mourning: bool,
}

/// What is measured of the letters; both optional, both said to the customer's face by the policy
/// of the shop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tracking {
    /// Links go through the shop's own public address and say who clicked.
    pub clicks: bool,
    /// A picture of one point says who opened (a proxy: mail programs fetch by themselves).
    pub opens: bool,
}

impl Default for Tracking {
    fn default() -> Tracking {
        Tracking { clicks: true, opens: false }
    }
}

/// When it pauses by itself. Shares, 0..=1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StopRules {
    /// Share of mails that bounce hard (L-40).
    pub bounces: f64,
    /// Share of mails complained about (L-39).
    pub complaints: f64,
    /// Share of mails after which people leave the list.
    pub opt_outs: f64,
    /// Not judged before so many were sent.
    pub after: u64,
}

impl Default for StopRules {
    fn default() -> StopRules {
        StopRules { bounces: 0.05, complaints: 0.003, opt_outs: 0.05, after: 100 }
    }
}

/// One scheduled action.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// Unique within the campaign.
    pub name: String,
    pub kind: StepKind,
    /// Days after the start.
    pub after_days: i32,
    /// Business days or months after it, in place of `after_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// The hour in the shop's zone; `None`: not decided, so it cannot be approved (M061).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<TimeOfDay>,
    /// Each customer at their own hour within the day that begins then, as their orders and clicks
    /// tell it (M153).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_hour: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Where somebody cannot be reached by `channel` when the step fires, the first of these by which
    /// they can.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub else_channels: Vec<Channel>,
    /// Nobody gets it to whom one of these happened since the start.
    pub unless: Vec<Happened>,
    /// Segment text: of the treated only those whom it finds when the step falls due; empty: all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub only: String,
    /// Only those whom none of these channels may reach when it falls due.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Channel>,
    /// A code of this step alone, shared or said on the phone (媒体コード); orders that name it count
    /// as its redemptions. Empty: the offer's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
    pub words: Words,
}

impl Default for Step {
    fn default() -> Step {
        Step {
            name: String::new(),
            kind: StepKind::News,
            after_days: 0,
            after: None,
            at: None,
            own_hour: false,
            channel: Some(Channel::Mail),
            else_channels: vec![],
            unless: vec![Happened::Ordered],
            only: String::new(),
            without: vec![],
            code: String::new(),
            words: Words::default(),
        }
    }
}

impl Step {
    /// The day on which it comes, counted from a start.
    pub fn day(&self, start: Day, days_off: &DaysOff) -> Day {
        match self.after {
            Some(after) => after.from(start, days_off),
            None => Day(start.0.saturating_add(self.after_days)),
        }
    }

    /// About how many days after the start it comes: to tell which step is before which.
    pub fn days(&self) -> i32 {
        self.after.map_or(self.after_days, After::days)
    }
}

/// The words of one step. Fields are `{{ addressee }}`, `{{ last_product | or("...") }}` and so on
/// (`mezame campaign fields`).
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    pub subject: String,
    /// What a mail program shows after the subject.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub preheader: String,
    /// Paragraphs apart by blank lines; `[words](https://...)` is a link, alone on its line a
    /// button; a line beginning with `## ` a heading, with `- ` an item.
    pub body: String,
    /// An own MJML document in place of the shop's frame; empty for none. `body` is then the text part.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mjml: String,
}

/// What a step is for: the order of a scenario is judged by it (M076, M082, M083).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Thanks,
    Reason,
    Objection,
    Habit,
    Offer,
    Expiry,
    News,
    Invitation,
    Letter,
    Apology,
}
words!(StepKind {
    Thanks = "thanks", "お礼・ご様子伺い", "thanks";
    Reason = "reason", "使う理由", "reasons to use it";
    Objection = "objection", "迷う理由への答え", "answers to objections";
    Habit = "habit", "続けるコツ", "how to keep it up";
    Offer = "offer", "特典のご案内", "an offer";
    Expiry = "expiry", "期限のお知らせ", "an end that is near";
    News = "news", "お知らせ", "news";
    Invitation = "invitation", "ご招待", "an invitation";
    Letter = "letter", "お手紙", "a letter";
    Apology = "apology", "お詫び・訂正", "an apology or correction";
});

/// What lets a customer into a campaign, once each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enter {
    pub when: Trigger,
    /// Days after it; before it where negative, for what is known beforehand.
    #[serde(default)]
    pub days: i32,
    /// Nobody enters after this day; steps of those inside go on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Day>,
}

/// Something that happens to a customer on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Becomes at_risk by the policy.
    AtRisk,
    /// Becomes dormant by the policy.
    Dormant,
    /// The last order was made.
    LastOrder,
    /// The first order arrived: its day of shipping, else the day it was made (M152).
    FirstArrival,
    /// The first order, each year again on its day; on 28 February for the 29th.
    Anniversary,
    /// 28 February for the 29th in other years.
    Birthday,
    /// The goods at home are used up (M038).
    StockEnds,
    /// The next order is expected by their own rhythm.
    NextOrder,
    /// The points held in the cart lapse.
    PointsEnd,
    /// A coupon held in the cart lapses unused.
    CouponEnd,
    /// A visit to the site is on record.
    Visit,
}
words!(Trigger {
    AtRisk = "at_risk", "休眠予兆に入った日", "goes quiet";
    Dormant = "dormant", "休眠に入った日", "becomes dormant";
    LastOrder = "last_order", "最後のご注文の日", "last order";
    FirstArrival = "first_arrival", "初回のお届けの日", "first order arrives";
    Anniversary = "anniversary", "初回ご注文の記念日", "anniversary of the first order";
    Birthday = "birthday", "お誕生日", "birthday";
    StockEnds = "stock_ends", "手元の商品がなくなる日", "goods at home are used up";
    NextOrder = "next_order", "次回注文の見込み日", "next order expected";
    PointsEnd = "points_end", "ポイントの期限", "points lapse";
    CouponEnd = "coupon_end", "お持ちのクーポンの期限", "a coupon held lapses";
    Visit = "visit", "サイトに来られた日", "visits the site";
});

/// Something that keeps a later step away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    Ordered,
    Clicked,
    Opened,
    Redeemed,
}
words!(Happened {
    Ordered = "ordered", "注文した", "ordered";
    Clicked = "clicked", "リンクを押した", "clicked";
    Opened = "opened", "開封した", "opened";
    Redeemed = "redeemed", "クーポンを使った", "redeemed the coupon";
});

/// One way of saying it, drawn by lot among the treated.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variant {
    pub name: String,
    /// Share of the treated; shares are scaled to one.
    pub share: f64,
    /// Steps by name in the order in which this variant gets them: each comes when the step came that
    /// stands in its place in the document (M115). Empty: as the document has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    pub changes: Vec<Change>,
}

/// What a variant says in place of a step's own.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// The step's name.
    pub step: String,
    /// Another channel for the same step (M109).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<TimeOfDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preheader: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Change {
    fn on(&self, step: &mut Step) {
        step.at = self.at.or(step.at);
        step.channel = self.channel.or(step.channel);
        for (new, old) in [
            (&self.subject, &mut step.words.subject),
            (&self.preheader, &mut step.words.preheader),
            (&self.body, &mut step.words.body),
            (&self.code, &mut step.code),
        ] {
            if let Some(new) = new {
                old.clone_from(new);
            }
        }
    }
}

/// How far a campaign has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    Draft,
    /// One operator has said yes, the shop wants two.
    Seconding,
    /// Frozen; steps fire when they fall due.
    Approved,
    Paused,
    Cancelled,
    /// Every step is through; responses still come in.
    Finished,
}
words!(CampaignState {
    Draft = "draft", "下書き", "draft";
    Seconding = "seconding", "二人目の承認待ち", "waits for a second approval";
    Approved = "approved", "承認済み", "approved";
    Paused = "paused", "一時停止中", "paused";
    Cancelled = "cancelled", "中止", "cancelled";
    Finished = "finished", "配信完了", "finished";
});
