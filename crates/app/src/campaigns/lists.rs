//! Who stands where in a campaign, some at a time: what pages show behind each number.

use super::drafting::print;
use super::{CampaignResult, CampaignRow, TouchSums};
use crate::App;
use anyhow::{Context, Result};
use measurement::Measurement;
use model::{Arm, Campaign, Money, ResponseKind, Saying, TouchState};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoredCampaign, StoredTouch};

pub use measurement::{Benchmark, FunnelRow, Interval, Metric, Pooling, Share, Sight, Window, benchmarks};
pub use store::ResponseCount;

/// A result younger than this many seconds is shown as it was told.
const FRESH: i64 = 3_600;

/// One candidate of a plan, with a name.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Who they are now: a merge may have given them another number.
    pub person: i64,
    /// As assigned: where the next page begins.
    pub customer: i64,
    pub name: String,
    pub arm: Arm,
    pub rule: String,
    pub variant: u8,
    pub p_return: f64,
    pub profit: Money,
}

/// One touch, with whom it is for.
#[derive(Clone, Debug)]
pub struct TouchRow {
    pub stored: StoredTouch,
    pub person: i64,
    pub name: String,
}

/// One touch of a person, with the names of its campaign and step.
#[derive(Clone, Debug)]
pub struct PersonTouch {
    pub stored: StoredTouch,
    pub campaign: String,
    pub step: String,
}

/// How far a step has come.
#[derive(Clone, Debug)]
pub struct StepProgress {
    pub name: String,
    /// Unix seconds of its earliest variant; `None` where day or hour is not decided.
    pub due: Option<i64>,
    /// Its touches are made.
    pub made: bool,
    pub sums: TouchSums,
    pub heard: Vec<ResponseCount>,
}

/// What people of a campaign did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Did {
    /// A letter left for them, or may have.
    Sent,
    /// By a person, not by a program.
    Heard(ResponseKind),
    /// Ordered within so many days of the start, of an arm.
    Returned(Arm, i32),
}

/// All measured campaigns beside each other.
#[derive(Clone, Debug)]
pub struct AllResults {
    pub rows: Vec<ResultRow>,
    /// `None` where no campaign with a holdout has ended.
    pub pooling: Option<Pooling>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct ResultRow {
    pub campaign: StoredCampaign,
    pub measurement: Measurement,
    /// Its lift as drawn towards the mean of all.
    pub drawn: Option<Interval>,
    pub says: Saying,
}

impl App {
    /// One campaign by number; `None` where there is none.
    pub fn campaign_if(&self, id: i64) -> Result<Option<CampaignRow>> {
        match self.inner.store.campaign(id) {
            Ok(stored) => Ok(Some(CampaignRow { counts: self.inner.store.touch_counts(id)?, stored })),
            Err(store::Error::Missing { .. }) => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    /// How many customers the words of a document find, before any rule is asked.
    pub fn count_whom(&self, campaign: &Campaign) -> Result<u64> {
        Ok(self.whom(campaign, &*self.judged()?)?.len() as u64)
    }

    /// A document's stamp: another one when anything in it changed.
    pub fn stamp(&self, campaign: &Campaign) -> String {
        format!("{:016x}", print(campaign))
    }

    /// Some candidates of a campaign's plan: of an arm and of one rule, by customer after `after`.
    pub fn chosen(
        &self,
        id: i64,
        arm: Option<Arm>,
        rule: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Chosen>> {
        let Some(plan) = self.inner.store.plan_of(id)? else { return Ok(vec![]) };
        let rows = self.inner.store.plan_page(plan.id, arm, rule, after, limit)?;
        let names = self.named(rows.iter().map(|r| r.assignment.customer))?;
        let chosen = |row: store::PlanRow| {
            let a = row.assignment;
            let (person, name) = names.get(&a.customer).cloned().unwrap_or((a.customer, String::new()));
            Chosen {
                person,
                customer: a.customer,
                name,
                arm: a.arm,
                rule: a.rule,
                variant: a.variant,
                p_return: a.p_return,
                profit: Money(a.profit),
            }
        };
        Ok(rows.into_iter().map(chosen).collect())
    }

    /// Some touches of a campaign in a state, of one step or of all, by number after `after`.
    pub fn touches(
        &self,
        id: i64,
        state: TouchState,
        step: Option<u16>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<TouchRow>> {
        self.with_names(self.inner.store.touches_in(Some(id), step, state, after, limit)?)
    }

    /// The same touches with whom they are for.
    pub fn with_names(&self, touches: Vec<StoredTouch>) -> Result<Vec<TouchRow>> {
        let names = self.named(touches.iter().map(|t| t.touch.customer))?;
        let row = |stored: StoredTouch| {
            let customer = stored.touch.customer;
            let (person, name) = names.get(&customer).cloned().unwrap_or((customer, String::new()));
            TouchRow { stored, person, name }
        };
        Ok(touches.into_iter().map(row).collect())
    }

    /// Touches of one person in every campaign, the newest first.
    pub fn touches_of(&self, person: i64, limit: usize) -> Result<Vec<PersonTouch>> {
        let touches = self.inner.store.touches_of(person, limit)?;
        let ids: BTreeSet<i64> = touches.iter().map(|t| t.touch.campaign).collect();
        let campaigns: BTreeMap<i64, Campaign> = ids
            .into_iter()
            .map(|id| Ok((id, self.inner.store.campaign(id)?.campaign)))
            .collect::<Result<_>>()?;
        let row = |stored: StoredTouch| {
            let campaign = campaigns.get(&stored.touch.campaign);
            let step = campaign.and_then(|c| c.steps.get(usize::from(stored.touch.step)));
            PersonTouch {
                campaign: campaign.map(|c| c.name.clone()).unwrap_or_default(),
                step: step.map(|s| s.name.clone()).unwrap_or_default(),
                stored,
            }
        };
        Ok(touches.into_iter().map(row).collect())
    }

    /// Every step of a campaign: when it is due, and how its touches stand.
    pub fn step_progress(&self, row: &CampaignRow) -> Result<Vec<StepProgress>> {
        let (settings, stored) = (self.settings()?, &row.stored);
        let made = self.inner.store.steps_made(stored.id)?;
        let heard = self.inner.store.response_counts(stored.id)?;
        let step = |(number, step): (u16, &model::Step)| StepProgress {
            name: step.name.clone(),
            due: settings.dues(&stored.campaign, usize::from(number)).and_then(|dues| dues.into_iter().min()),
            made: made.contains(&number),
            sums: TouchSums::of(&row.counts, Some(number)),
            heard: heard.iter().filter(|h| h.step == number).copied().collect(),
        };
        Ok((0..).zip(&stored.campaign.steps).map(step).collect())
    }

    /// People of an approved campaign who did this, ascending by the number they were assigned with.
    pub fn who(&self, id: i64, did: Did) -> Result<Vec<i64>> {
        let store = &self.inner.store;
        let mut who = BTreeSet::new();
        match did {
            Did::Sent => store.each_touch(id, &mut |t| {
                if matches!(t.state, TouchState::Sent | TouchState::Attempted | TouchState::InDoubt) {
                    who.insert(t.customer);
                }
            })?,
            Did::Heard(kind) => {
                let mut touches = BTreeSet::new();
                store.each_response(id, &mut |r| {
                    if r.kind == kind && r.verdict == model::Verdict::Person {
                        touches.insert(r.touch);
                    }
                })?;
                store.each_touch(id, &mut |t| {
                    if touches.contains(&t.id) {
                        who.insert(t.customer);
                    }
                })?;
            }
            Did::Returned(arm, days) => {
                let stored = store.campaign(id)?;
                let (plan, rooted) =
                    stored.plan.zip(stored.rooted).context("this campaign was not approved yet")?;
                let to = (rooted + i64::from(days) * 86_400).min(self.now() + 1);
                store.orders_of_plan(
                    plan,
                    rooted,
                    to,
                    &self.settings()?.counting(),
                    &mut |customer, _, _, _| {
                        who.insert(customer);
                    },
                )?;
                let mut of_arm = BTreeSet::new();
                store.plan_rows(plan, &mut |row| {
                    if row.assignment.arm == arm {
                        of_arm.insert(row.assignment.customer);
                    }
                })?;
                who.retain(|customer| of_arm.contains(customer));
            }
        }
        Ok(who.into_iter().collect())
    }

    /// Who these customers are now, and their names: customer -> (person, name).
    pub fn named(&self, customers: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, (i64, String)>> {
        let customers: Vec<i64> = customers.collect();
        let persons = self.inner.store.persons(&customers)?;
        let people: Vec<i64> = persons.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let labels = self.inner.store.labels(&people)?;
        let names: BTreeMap<i64, String> = labels
            .into_iter()
            .map(|l| (l.customer, if l.name.is_empty() { l.company.unwrap_or_default() } else { l.name }))
            .collect();
        let named = |(customer, person): (i64, i64)| {
            (customer, (person, names.get(&person).cloned().unwrap_or_default()))
        };
        Ok(persons.into_iter().map(named).collect())
    }

    /// A campaign's result as it was last told, where that is young or stands for good; measured now otherwise.
    pub fn told(&self, id: i64) -> Result<CampaignResult> {
        let kept = self.inner.store.measurements()?;
        let now = self.now();
        let Some(own) = kept.iter().find(|m| m.campaign == id && (m.last || now - m.at < FRESH)) else {
            return self.measure(id);
        };
        let campaign = self.inner.store.campaign(id)?;
        let measurement = serde_json::from_str(&own.body).context("reading a campaign's result")?;
        let moved = self.moved(&campaign, &measurement)?;
        let known_until = campaign.rooted.unwrap_or(now) + i64::from(measurement.as_of_day) * 86_400;
        Ok(CampaignResult { campaign, measurement, moved, known_until })
    }

    /// Every campaign's result, the newest first, and all of them pooled.
    pub fn all_results(&self) -> Result<AllResults> {
        let (told, currency) = (self.results()?, self.settings()?.currency);
        let measured: Vec<&Measurement> = told.iter().map(|(_, m, _)| m).collect();
        let pooling = measurement::pool(&measured);
        let drawn = pooling.as_ref().map(|p| p.campaigns.clone()).unwrap_or_default();
        let row = |(i, (campaign, measurement, _)): (usize, (StoredCampaign, Measurement, bool))| ResultRow {
            says: measurement::verdict(&measurement, &currency),
            drawn: drawn.get(i).copied().flatten(),
            campaign,
            measurement,
        };
        Ok(AllResults { rows: told.into_iter().enumerate().map(row).collect(), pooling })
    }
}
