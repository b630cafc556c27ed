//! Learns from the columns how likely returns are, keeps what was learned, and tries it on the past.

use crate::{App, OutlookMode, Settings, lock, threads};
use anyhow::{Context, Result, bail};
use judgement::outlook::{Backtest, Forecaster, Learned, Mode, Past, Plan, Test, learn};
use model::{Day, ModelCard, Outlook, Policy, Rule, Timeline};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// What was learned serves for so many days; a nightly judging learns anew anyway.
const FRESH_DAYS: i32 = 7;
/// And until this many more or fewer customers are known.
const MOST_NEW: f64 = 0.1;
/// The usual lines of the back-test.
pub const QUIET_DAYS: i32 = 90;
pub const DEEP_DAYS: i32 = 181;
/// Of the first orders, the earliest in a hundred do not say when the books begin: one order with
/// a mistyped year would.
const STRAY: usize = 100;

/// What is stored beside the card.
#[derive(Serialize, Deserialize)]
struct Body {
    /// Under which question it was learned.
    key: Key,
    /// Customers known on that day.
    customers: u64,
    forecaster: Forecaster,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Key {
    horizon: i32,
    quiet: i32,
    mode: OutlookMode,
    /// What counts as an order, and as spend.
    counting: String,
}

impl Body {
    /// Whether it answers this question, about nearly as many customers.
    fn holds(&self, key: &Key, customers: u64) -> bool {
        let change = customers.abs_diff(self.customers) as f64 / self.customers.max(1) as f64;
        self.key == *key && change <= MOST_NEW
    }
}

/// A stored model that was read already: every page asks for it.
#[derive(Clone)]
pub(crate) struct Kept {
    id: i64,
    body: Arc<Body>,
}

/// A forecaster with the name of the model it came from.
pub(crate) struct InForce {
    pub(crate) stamp: String,
    body: Arc<Body>,
    /// Share of the spend that stays with the shop.
    margin: f64,
}

impl InForce {
    fn new(kept: Kept, settings: &Settings) -> InForce {
        let (Kept { id, body }, margin) = (kept, settings.margin);
        InForce { stamp: format!("model {id}, margin {margin}"), body, margin }
    }

    /// One customer's outlook on a day.
    pub(crate) fn outlook(&self, t: &Timeline, as_of: Day) -> Option<Outlook> {
        self.body.forecaster.outlook(t, as_of, self.margin)
    }
}

/// What a back-test is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct BacktestQuery {
    /// The day to stand on; `None` is one horizon before the newest order.
    pub cut: Option<Day>,
    /// Days ahead; `None` is the policy's.
    pub horizon: Option<i32>,
    /// More silent days than this are quiet, or deep; `None` is 90 and 181.
    pub quiet: Option<i32>,
    pub deep: Option<i32>,
}

impl App {
    /// Learns as of a day and keeps what was learned with its card; `None` without any order, or
    /// where expectations are switched off.
    pub fn learn(&self, as_of: Day) -> Result<Option<ModelCard>> {
        self.refresh()?;
        let policy = self.policy()?;
        let settings = self.settings()?;
        let learned = self.learn_by(&policy, &settings, as_of)?;
        Ok(learned.map(|(card, _)| card))
    }

    /// The card of the model in force.
    pub fn model(&self) -> Result<Option<ModelCard>> {
        if self.settings()?.outlook == OutlookMode::Off {
            return Ok(None);
        }
        // Whoever asks for the card asks for the one that everybody is judged by.
        let as_of = self.judged()?.as_of();
        Ok(self.inner.store.model_between(as_of.plus(-FRESH_DAYS), as_of)?.map(|saved| saved.card))
    }

    /// The forecaster for a day, learned anew where the last one is too old or answers another
    /// question.
    pub(crate) fn in_force(&self, policy: &Policy, as_of: Day) -> Result<Option<InForce>> {
        let customers = history::Columns::open(&self.columns_dir())?.customers();
        let settings = self.settings()?;
        if settings.outlook == OutlookMode::Off || customers == 0 {
            return Ok(None);
        }
        let key = key(policy, &settings);
        if let Some(kept) = self.kept(as_of)?.filter(|kept| kept.body.holds(&key, customers)) {
            return Ok(Some(InForce::new(kept, &settings)));
        }
        let learned = self.learn_by(policy, &settings, as_of)?;
        Ok(learned.map(|(_, in_force)| in_force))
    }

    /// The newest model that may serve on a day. One that this release cannot read is none.
    fn kept(&self, as_of: Day) -> Result<Option<Kept>> {
        let (from, store) = (as_of.plus(-FRESH_DAYS), &self.inner.store);
        let Some(id) = store.model_number_between(from, as_of)? else { return Ok(None) };
        let mut kept = lock(&self.inner.learned);
        if kept.as_ref().is_none_or(|kept| kept.id != id) {
            let saved = store.model_between(from, as_of)?;
            *kept = saved.and_then(|saved| {
                Some(Kept { id: saved.id, body: Arc::new(serde_json::from_str(&saved.body).ok()?) })
            });
        }
        Ok(kept.clone())
    }

    fn learn_by(
        &self,
        policy: &Policy,
        settings: &Settings,
        as_of: Day,
    ) -> Result<Option<(ModelCard, InForce)>> {
        let mode = match settings.outlook {
            OutlookMode::Auto => Mode::Auto,
            OutlookMode::Rule => Mode::Rule,
            OutlookMode::Off => return Ok(None),
        };
        let key = key(policy, settings);
        let dir = self.columns_dir();
        let Some(books) = Books::open(&dir, as_of)? else { return Ok(None) };
        let plan = Plan::new(as_of, policy.horizon, key.quiet, books.first, books.buyers);
        let past = gather(&dir, &plan)?;
        let Learned { forecaster, card } = learn(&past, mode, &policy.name, policy.version);
        let customers = history::Columns::open(&dir)?.customers();
        let body = Body { key, customers, forecaster };
        let id = self.inner.store.save_model(self.now(), &card, &serde_json::to_string(&body)?)?;
        Ok(Some((card, InForce::new(Kept { id, body: Arc::new(body) }, settings))))
    }

    /// What would have been learned on a day, against what came after it.
    pub fn backtest(&self, ask: &BacktestQuery) -> Result<Backtest> {
        self.refresh()?;
        let policy = self.policy()?;
        let horizon = ask.horizon.unwrap_or(policy.horizon);
        let (quiet, deep) = (ask.quiet.unwrap_or(QUIET_DAYS), ask.deep.unwrap_or(DEEP_DAYS));
        if horizon < 1 || quiet < 0 || deep < 0 {
            bail!("a horizon is at least 1 day, and silence at least 0 days");
        }
        let dir = self.columns_dir();
        let last = Books::open(&dir, self.today()?)?.context(NO_ORDERS)?.last;
        let cut = ask.cut.unwrap_or_else(|| last.plus(-horizon));
        let Some(books) = Books::open(&dir, cut)? else {
            bail!("there is no order on or before {cut}: choose a later cut with --cut")
        };
        if cut >= last {
            bail!(
                "nothing is known of the days after {cut}: the newest order is of {last}. Choose an earlier --cut"
            );
        }
        let plan = Plan::new(cut, horizon, quiet, books.first, books.buyers);
        let mode = if self.settings()?.outlook == OutlookMode::Rule { Mode::Rule } else { Mode::Auto };
        let learned = learn(&gather(&dir, &plan)?, mode, &policy.name, policy.version);
        let shards =
            history::visit(&dir, cut, threads(), Test::default, |test, _, t| test.see(t, cut, horizon))?;
        let mut test = Test::default();
        shards.into_iter().for_each(|shard| test.join(shard));
        Ok(Backtest::new(learned, &test, horizon, quiet, deep))
    }
}

const NO_ORDERS: &str = "there are no orders yet: import some first (mezame import FILE)";

fn key(policy: &Policy, settings: &Settings) -> Key {
    let quiet = match policy.default {
        Rule::FixedDays { at_risk, .. } => at_risk,
        Rule::OwnCycle { fallback, at_risk_share, .. } => (f64::from(fallback) * at_risk_share) as i32,
    };
    Key {
        horizon: policy.horizon,
        quiet: quiet - 1,
        mode: settings.outlook,
        counting: format!("{:?}", settings.counting()),
    }
}

/// One reading of every timeline.
fn gather(dir: &Path, plan: &Plan) -> Result<Past> {
    let shards = history::visit(dir, plan.as_of, threads(), || Past::new(plan), |past, _, t| past.see(t))?;
    let mut past = Past::new(plan);
    shards.into_iter().for_each(|shard| past.join(shard));
    Ok(past)
}

/// From when to when the shop's books reach.
struct Books {
    first: Day,
    last: Day,
    buyers: u64,
}

impl Books {
    /// As of a day; `None` without an order.
    fn open(dir: &Path, as_of: Day) -> Result<Option<Books>> {
        let none = || (Vec::<Day>::new(), Day(i32::MIN));
        let shards = history::visit(dir, as_of, threads(), none, |(firsts, last), h, _| {
            firsts.extend(h.first_order);
            *last = h.last_order.map_or(*last, |day| day.max(*last));
        })?;
        let (mut firsts, mut last) = none();
        for (own, newest) in shards {
            firsts.extend(own);
            last = last.max(newest);
        }
        let buyers = firsts.len() as u64;
        if buyers == 0 {
            return Ok(None);
        }
        let at = firsts.len() / STRAY;
        let first = *firsts.select_nth_unstable(at).1;
        Ok(Some(Books { first, last, buyers }))
    }
}
