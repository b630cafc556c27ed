//! Drawing the plan: who would be treated, held out or skipped, and what the campaign can show.

use super::explaining::rule_words;
use super::facts::{channel_of, state_of};
use super::ways::channels_of;
use crate::{App, Settings};
use anyhow::{Context, Result, ensure};
use clearance::{Contact, clear};
use history::Snapshot;
use judgement::outlook::profit;
use model::{Campaign, Channel, Enter, Money, ReachFacts, StepKind, Type};
use plan::{Ask, Candidate, Facing, Forecast, Plan, forecast, global_holdout};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{PlanRow, StoredPlan};

/// Above this share of all customers everybody's facts are read in table order.
const MANY: u64 = 20;
/// Days looked back to say how many enter a campaign with a trigger.
const LATELY: i32 = 30;
/// How far the true lift may lie from an assumed one: its standard deviation as a share of it.
const DOUBT: f64 = 0.5;

/// How many touches a channel would carry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChannelTouches {
    pub channel: Channel,
    /// At most: conditions keep some away.
    pub touches: u64,
    pub cost: Money,
}

/// A forecast as it is kept with its plan and shown before approval. Intervals are (value, low, high).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forecasted {
    /// Customers that the segment found.
    pub found: u64,
    pub treated: u64,
    pub holdout: u64,
    /// (rule, customers, Japanese, English), the most first.
    pub skipped: Vec<(String, u64, String, String)>,
    pub channels: Vec<ChannelTouches>,
    pub cost: Money,
    pub profit: Money,
    /// What holding out is expected to cost.
    pub forgone: Money,
    pub window: i32,
    pub alone: (f64, f64, f64),
    pub touched: (f64, f64, f64),
    pub brought: (f64, f64, f64),
    pub lift: f64,
    /// The lift comes from this shop's own holdouts.
    pub measured: bool,
    pub detectable: Option<f64>,
    pub chance: f64,
    pub needed: Option<u64>,
    /// What it comes to, in sentences.
    pub ja: Vec<String>,
    pub en: Vec<String>,
}

/// A plan that was drawn, not approved yet.
#[derive(Clone, Debug)]
pub struct Drafted {
    pub plan: StoredPlan,
    pub forecast: Forecasted,
    /// Whether the document changed since it was drawn.
    pub outdated: bool,
}

/// A channel, and by person the key of where it reaches them.
pub(crate) type Way = (Channel, BTreeMap<i64, i64>);

impl App {
    /// Draws the plan of a draft and keeps it in place of an earlier one. The same document, seed,
    /// day and data give the same plan.
    pub fn draft_plan(&self, id: i64) -> Result<Drafted> {
        let stored = self.inner.store.campaign(id)?;
        ensure!(stored.plan.is_none(), "an approved campaign keeps its plan");
        let campaign = &stored.campaign;
        let snapshot = self.judged()?;
        let chosen = match &campaign.enter {
            Some(enter) => self.entered_lately(campaign, enter, &snapshot)?,
            None => self.whom(campaign, &snapshot)?,
        };
        let found = chosen.len() as u64;
        let (mut plan, kinds) = self.draw_lots(campaign, chosen, stored.seed, &snapshot)?;
        let mut forecast = self.foretell(campaign, &plan, found, &snapshot)?;
        if campaign.enter.is_some() {
            // Who enters is drawn on their day; the last month only shows how many to expect.
            plan.assignments.clear();
            let (ja, en) = entering_words(&forecast);
            forecast.ja.insert(0, ja);
            forecast.en.insert(0, en);
        }
        let rows: Vec<PlanRow> = plan
            .assignments
            .into_iter()
            .zip(kinds)
            .map(|(assignment, kind)| PlanRow { assignment, kind, entered: None })
            .collect();
        let body = serde_json::to_string(&forecast)?;
        // A first yes was said to the plan before.
        self.inner.store.unsecond_campaign(id, self.now())?;
        self.inner.store.write_plan(id, self.now(), snapshot.as_of(), print(campaign), &rows, &body)?;
        self.drafted(id)?.context("the plan just written")
    }

    /// The plan of a campaign as it stands; `None` before it was drawn.
    pub fn drafted(&self, id: i64) -> Result<Option<Drafted>> {
        let Some(plan) = self.inner.store.plan_of(id)? else { return Ok(None) };
        let stored = self.inner.store.campaign(id)?;
        let forecast = serde_json::from_str(&plan.body).context("reading the plan's forecast")?;
        let outdated = stored.plan.is_none() && plan.print != print(&stored.campaign);
        Ok(Some(Drafted { plan, forecast, outdated }))
    }

    /// Customers whom a campaign is for by the words of its document, ascending, with their rows.
    pub(crate) fn whom(&self, campaign: &Campaign, snapshot: &Snapshot) -> Result<Vec<(i64, u32)>> {
        // By itself first, so that an error points into its own words and no bracket ends ours.
        snapshot.select(&campaign.whom.condition)?;
        let segment = Some(campaign.whom.segment.clone());
        let query =
            crate::ListQuery { condition: campaign.whom.condition.clone(), segment, ..Default::default() };
        let selection = snapshot.select(&self.whole_condition(&query)?)?;
        let row = |index| (snapshot.row_at(index).history.customer, index);
        let mut chosen: Vec<(i64, u32)> = selection.iter().map(row).collect();
        chosen.sort_unstable();
        let before = &campaign.whom.reached_by;
        if !before.is_empty() {
            let id = self.inner.store.campaign_named(before)?;
            let id = id.with_context(|| {
                format!("there is no campaign '{before}' that could have reached anybody")
            })?;
            let reached = self.inner.store.reached(id)?;
            chosen.retain(|(customer, _)| reached.binary_search(customer).is_ok());
        }
        if !campaign.whom.season.is_empty() {
            let bought = self.bought_for(campaign)?;
            chosen.retain(|(customer, _)| bought.binary_search(customer).is_ok());
        }
        if campaign.whom.mourning {
            let mourners = self.mourners_by(campaign.start.map_or_else(|| self.today(), Ok)?)?;
            chosen.retain(|(customer, _)| mourners.binary_search(customer).is_ok());
        }
        Ok(chosen)
    }

    /// Whom a campaign with a trigger would have let in during the last days.
    fn entered_lately(
        &self,
        campaign: &Campaign,
        enter: &Enter,
        snapshot: &Snapshot,
    ) -> Result<Vec<(i64, u32)>> {
        let mut people = std::collections::BTreeSet::new();
        for ago in 0..LATELY {
            people.extend(self.entering(campaign, enter, snapshot.as_of().plus(-ago), snapshot, None)?);
        }
        let mut chosen = self.whom(campaign, snapshot)?;
        chosen.retain(|(customer, _)| people.contains(customer));
        Ok(chosen)
    }

    /// The plan of those chosen, and each customer's kind in the same order.
    fn draw_lots(
        &self,
        campaign: &Campaign,
        chosen: Vec<(i64, u32)>,
        seed: u64,
        snapshot: &Arc<Snapshot>,
    ) -> Result<(Plan, Vec<Type>)> {
        let first = self.settings()?.first_due(campaign).unwrap_or_else(|| self.now());
        let around = self.surroundings(first.max(self.now()), true)?;
        let people: Vec<i64> = chosen.iter().map(|(customer, _)| *customer).collect();
        let few = (people.len() as u64) * MANY < snapshot.customers();
        let of = few.then_some(people.as_slice());
        let facts = self.facts(of, around.now)?;
        let kind = campaign.steps.first().map_or(StepKind::News, |s| s.kind);
        let channels = self.ways(campaign, of)?;
        let channel = channels.first().map_or(Channel::Mail, |(channel, _)| *channel);
        let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
        let price = price(campaign, &around.settings);
        let shop_seed = self.generation()?;
        let beliefs = self.beliefs(&around.settings)?;
        let aim = self.aim(campaign)?;
        let mourners = self.mourners_of(campaign, around.settings.day_of(around.now))?;
        let mut candidates = Vec::with_capacity(chosen.len());
        let mut kinds = Vec::with_capacity(chosen.len());
        for (customer, index) in &chosen {
            let row = snapshot.row_at(*index);
            let reach = facts.reach.get(customer).unwrap_or(&nobody);
            let contacts = facts.contacts.get(customer).unwrap_or(&nothing);
            let case = around.case(reach, contacts, state_of(Some(&row)), false, kind == StepKind::Apology);
            let (destination, refusal) = way(&channels, *customer, &case);
            let refusal = aim.refuses(snapshot.left_for(*customer)).or(refusal);
            let mourns = mourners.binary_search(customer).is_ok().then_some("mourning");
            let refusal = mourns.or(refusal);
            let judged = &row.judgement;
            let lift = beliefs.of(channel, judged.kind, judged.long_dormant);
            let profit = row.outlook.map(|outlook| profit(&outlook, lift, price).profit);
            kinds.push(judged.kind);
            candidates.push(Candidate {
                customer: *customer,
                p_return: row.outlook.map_or(0.0, |o| o.p_return),
                lift,
                cost: price,
                profit: profit.unwrap_or(Money(-price.0)),
                refusal,
                destination: destination.map_or(0, |key| key as u64),
                held_out: global_holdout(
                    shop_seed,
                    *customer,
                    snapshot.as_of(),
                    around.settings.global_holdout,
                ),
            });
        }
        let ask = Ask {
            budget: campaign.budget,
            top: campaign.whom.top,
            paying: campaign.whom.paying,
            holdout: campaign.holdout,
            variants: campaign.variants.iter().map(|v| v.share).collect(),
            seed,
        };
        Ok((plan::draft(candidates, &ask), kinds))
    }

    /// The channels of a campaign's steps, each once, and where they reach some people, or everybody.
    pub(crate) fn ways(&self, campaign: &Campaign, of: Option<&[i64]>) -> Result<Vec<Way>> {
        let mut ways: Vec<Way> = Vec::new();
        let swapped = campaign.variants.iter().flat_map(|v| v.changes.iter().filter_map(|c| c.channel));
        for channel in campaign.steps.iter().flat_map(channels_of).chain(swapped) {
            if ways.iter().any(|(known, _)| *known == channel) {
                continue;
            }
            let mut destinations = BTreeMap::new();
            self.inner.store.destinations(channel, of, &mut |person, key| {
                destinations.insert(person, key);
            })?;
            ways.push((channel, destinations));
        }
        Ok(ways)
    }

    fn foretell(
        &self,
        campaign: &Campaign,
        plan: &Plan,
        found: u64,
        snapshot: &Snapshot,
    ) -> Result<Forecasted> {
        let settings = self.settings()?;
        let measured = self.beliefs(&settings)?.measured();
        let facing = Facing {
            window: campaign.window,
            horizon: snapshot.policy().horizon,
            lift_sd: plan.lift * DOUBT,
            measured,
        };
        let told = forecast(plan, &facing);
        let channels = channels(campaign, plan.treated, &settings);
        Ok(forecasted(told, found, channels, &settings))
    }
}

/// How many are expected to enter.
fn entering_words(forecast: &Forecasted) -> (String, String) {
    let Forecasted { found, treated, holdout, .. } = forecast;
    (
        format!(
            "対象の方は、きっかけの日ごとに一人ずつ入ります。過去{LATELY}日の実績では{found}人が入り、{treated}人にお送りし、{holdout}人を保留群にするところでした。以下はその人数での見込みです。"
        ),
        format!(
            "Customers enter one by one, on their own day. In the last {LATELY} days {found} would have entered: {treated} treated, {holdout} held out. What follows is for so many."
        ),
    )
}

fn forecasted(told: Forecast, found: u64, channels: Vec<ChannelTouches>, settings: &Settings) -> Forecasted {
    let (ja, en) = plan::sayings(&told, &settings.currency).into_iter().map(|s| (s.ja, s.en)).unzip();
    let why = |(rule, n): &(String, u64)| {
        let (ja, en) = rule_words(rule);
        (rule.clone(), *n, ja, en)
    };
    Forecasted {
        found,
        treated: told.treated,
        holdout: told.holdout,
        skipped: told.skipped.iter().map(why).collect(),
        channels,
        cost: told.cost,
        profit: told.profit,
        forgone: told.forgone,
        window: told.window,
        alone: (told.alone.value, told.alone.low, told.alone.high),
        touched: (told.touched.value, told.touched.low, told.touched.high),
        brought: (told.brought.value, told.brought.low, told.brought.high),
        lift: told.lift,
        measured: told.measured,
        detectable: told.detectable,
        chance: told.chance,
        needed: told.needed,
        ja,
        en,
    }
}

/// By which of the campaign's channels a customer may be reached: where the first that may leads to; or
/// why the first of them may not.
pub(crate) fn way(
    channels: &[Way],
    customer: i64,
    case: &clearance::Case<'_>,
) -> (Option<i64>, Option<&'static str>) {
    let mut first = None;
    for (channel, destinations) in channels {
        let destination = destinations.get(&customer).copied();
        // The words of an address decide nothing: that there is one does.
        match clear(0, *channel, destination.map_or("", |_| "-"), case) {
            Ok(_) => return (destination, None),
            Err(refusal) => first = first.or(Some((destination, Some(refusal.rule.id)))),
        }
    }
    first.unwrap_or((None, Some("no_address")))
}

/// What all steps of one customer cost at most.
pub(crate) fn price(campaign: &Campaign, settings: &Settings) -> Money {
    campaign.steps.iter().map(|step| settings.cost_of(channel_of(step))).sum()
}

fn channels(campaign: &Campaign, treated: u64, settings: &Settings) -> Vec<ChannelTouches> {
    let of = |channel: &Channel| {
        let steps = campaign.steps.iter().filter(|s| channel_of(s) == *channel).count() as u64;
        let touches = steps * treated;
        let cost = Money(settings.cost_of(*channel).0 * i64::try_from(touches).unwrap_or(i64::MAX));
        (steps > 0).then_some(ChannelTouches { channel: *channel, touches, cost })
    };
    Channel::ALL.iter().filter_map(of).collect()
}

/// A hash of the document: a plan holds for the words it was drawn for. FNV-1a, stable over releases.
pub(crate) fn print(campaign: &Campaign) -> i64 {
    let text = serde_json::to_string(campaign).unwrap_or_default();
    let fold = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, fold) as i64
}
