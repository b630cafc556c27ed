//! Campaigns with a trigger: who enters on which day, and the steps of those inside.

use crate::App;
use crate::campaigns::{Surroundings, state_of};
use anyhow::{Context, Result};
use history::Snapshot;
use model::{ActivityKind, Arm, Assignment, Campaign, Channel, Day, Enter, ReachFacts, StepKind, Trigger};
use std::collections::{BTreeMap, BTreeSet};
use store::{PlanRow, StoredCampaign};

/// Customers of one step looked at in one go.
const CHUNK: usize = 1_000;
/// Days that are made up for after the worker was away: whoever's day lies farther back does not enter.
const CATCH_UP: i32 = 7;

impl App {
    /// Lets in whoever's day has come since the last look, and makes the steps that fell due; returns how
    /// many touches came into line.
    pub(super) fn fire_entering(
        &self,
        stored: &StoredCampaign,
        enter: &Enter,
        around: &Surroundings,
    ) -> Result<u64> {
        let store = &self.inner.store;
        if !around.fresh() {
            store.hold_campaign(stored.id, "stale", "mezame", around.now)?;
            return Ok(0);
        }
        self.let_in(stored, enter, around)?;
        let Some(plan) = stored.plan else { return Ok(0) };
        let today = around.settings.day_of(around.now);
        let mut queued = 0;
        for (number, step) in (0_u16..).zip(&stored.campaign.steps) {
            let Some(at) = first_hour(stored, number) else { continue };
            let begun = around.settings.moment(today, at.minutes()) <= around.now;
            // Before its hour a step is due for those of the day before.
            let Some(up_to) = entered_by(stored, number, today.plus(-i32::from(!begun)), around) else {
                continue;
            };
            let mut after = 0;
            loop {
                let rows = store.due_entries(stored.id, plan, number, up_to, after, CHUNK)?;
                let Some(last) = rows.last() else { break };
                after = last.customer;
                let mut by_day: BTreeMap<Day, Vec<store::Due>> = BTreeMap::new();
                rows.iter().for_each(|row| by_day.entry(row.entered).or_default().push(*row));
                for (entered, rows) in by_day {
                    let due = |variant: u8| {
                        let own = stored.campaign.step_for(usize::from(number), usize::from(variant));
                        let own = own.as_ref().unwrap_or(step);
                        let day = own.day(entered, &around.settings.days_off);
                        around.settings.moment(day, own.at.unwrap_or(at_of(step)).minutes())
                    };
                    let rows: Vec<_> = rows
                        .iter()
                        .map(|row| (row.customer, row.variant, row.value, row.person, due(row.variant)))
                        .collect();
                    let since = around.settings.moment(entered, 0);
                    queued += self.make_touches_of(stored, number, &rows, since, around)?;
                }
            }
        }
        Ok(queued)
    }

    /// A campaign that lets nobody in any more is finished when the last one's last step is over.
    pub(super) fn finish_entering(
        &self,
        stored: &StoredCampaign,
        enter: &Enter,
        around: &Surroundings,
    ) -> Result<()> {
        let last = |until: Day| {
            let days = stored.campaign.steps.iter().map(|s| s.day(until, &around.settings.days_off));
            days.max().unwrap_or(until)
        };
        let over = enter.until.is_some_and(|until| {
            // A step at somebody's own hour may be due on the day after.
            around.settings.day_of(around.now) > last(until).plus(1)
        });
        if over && !self.inner.store.has_unsettled(stored.id)? {
            let from = [model::CampaignState::Approved];
            let to = model::CampaignState::Finished;
            self.inner.store.move_campaign(stored.id, &from, to, "mezame", "", around.now)?;
        }
        Ok(())
    }

    fn let_in(&self, stored: &StoredCampaign, enter: &Enter, around: &Surroundings) -> Result<()> {
        let (store, plan) = (&self.inner.store, stored.plan.context("an approved campaign has a plan")?);
        let today = around.settings.day_of(around.now);
        let key = format!("entered.{}", stored.id);
        let start = stored.campaign.start.context("the campaign has no start")?;
        let known: Option<i32> = store.setting(&key)?.and_then(|text| text.parse().ok());
        let mut from = known.map_or(start, |day| Day(day + 1)).max(start).max(today.plus(-CATCH_UP));
        let seen = format!("visited.{}", stored.id);
        let newest = if enter.when == Trigger::Visit { store.newest_visit()? } else { 0 };
        if newest > 0 && store.setting(&seen)?.and_then(|text| text.parse().ok()) != Some(newest) {
            // Visits come in all day long, and a log the morning after.
            from = from.min(today.plus(-1)).max(start);
        }
        let to = enter.until.map_or(today, |until| until.min(today));
        if from > today {
            return Ok(());
        }
        let snapshot = self.judged()?;
        let mut day = from;
        while day <= to {
            let people = self.entering(&stored.campaign, enter, day, &snapshot, Some(plan))?;
            if people.is_empty() {
                day = day.plus(1);
                continue;
            }
            // Whoever is let in at night is cleared for the hour at which the first step is due.
            let first = stored.campaign.steps.first().and_then(|step| Some((step, step.at?)));
            let due = first.map(|(step, at)| {
                around.settings.moment(step.day(day, &around.settings.days_off), at.minutes())
            });
            let then = self.surroundings(due.unwrap_or(around.now), true)?;
            let rows = self.lots_of(stored, &people, &then, &snapshot)?;
            store.enter(plan, &rows, day)?;
            day = day.plus(1);
        }
        if newest > 0 {
            store.set_setting(&seen, &newest.to_string())?;
        }
        Ok(store.set_setting(&key, &today.0.to_string())?)
    }

    /// Whom a campaign lets in on a day, ascending: those to whom its trigger happened so many days before,
    /// of the customers that it is for. Whoever is in `plan` already is left out.
    pub(crate) fn entering(
        &self,
        campaign: &Campaign,
        enter: &Enter,
        day: Day,
        snapshot: &Snapshot,
        plan: Option<i64>,
    ) -> Result<Vec<i64>> {
        let store = &self.inner.store;
        let on = day.plus(-enter.days);
        let find = |condition: String| -> Result<Vec<i64>> {
            let found = snapshot.select(&condition)?;
            Ok(found.iter().map(|i| snapshot.row_at(i).history.customer).collect())
        };
        let (_, month, date) = on.ymd();
        let leap = on.plus(1).ymd().1 == 3 && date == 28;
        let found = match enter.when {
            Trigger::AtRisk => find(format!("state = 'at_risk' and since = '{on}'"))?,
            Trigger::Dormant => find(format!("state = 'dormant' and since = '{on}'"))?,
            Trigger::LastOrder => find(format!("last_order = '{on}'"))?,
            Trigger::StockEnds => find(format!("stock_until = '{on}'"))?,
            Trigger::NextOrder => find(format!("next_order = '{on}'"))?,
            Trigger::FirstArrival => {
                let once: BTreeSet<i64> = find("n_orders = 1".to_owned())?.into_iter().collect();
                store.shipped_on(on)?.into_iter().filter(|who| once.contains(who)).collect()
            }
            Trigger::Anniversary => {
                let born = |h: &model::History| {
                    h.first_order.is_some_and(|first| {
                        let (_, m, d) = first.ymd();
                        first < on && ((m, d) == (month, date) || (leap && (m, d) == (2, 29)))
                    })
                };
                let all = find(format!("first_order < '{on}'"))?;
                all.into_iter()
                    .filter(|who| snapshot.row(*who).is_some_and(|row| born(&row.history)))
                    .collect()
            }
            Trigger::Birthday => {
                let mut born = store.born_on(month, date)?;
                if leap {
                    born.extend(store.born_on(2, 29)?);
                }
                born
            }
            Trigger::PointsEnd => store.points_end_on(on)?,
            Trigger::CouponEnd => store.coupons_end_on(on)?,
            Trigger::Visit => store.did_on(ActivityKind::Visit, on)?,
        };
        let inside = plan.map_or(Ok(vec![]), |plan| store.inside(plan, &found))?;
        let inside: BTreeSet<i64> = inside.into_iter().collect();
        let found: BTreeSet<i64> = found.into_iter().filter(|who| !inside.contains(who)).collect();
        // Visits are looked at again with every new one: the segment is only asked when somebody is new.
        if found.is_empty() {
            return Ok(vec![]);
        }
        let meant: BTreeSet<i64> = self.whom(campaign, snapshot)?.into_iter().map(|(who, _)| who).collect();
        Ok(found.into_iter().filter(|who| meant.contains(who)).collect())
    }

    /// Clears and draws each of those who enter.
    fn lots_of(
        &self,
        stored: &StoredCampaign,
        people: &[i64],
        around: &Surroundings,
        snapshot: &Snapshot,
    ) -> Result<Vec<PlanRow>> {
        let campaign = &stored.campaign;
        let facts = self.facts(Some(people), around.now)?;
        let apology = campaign.steps.first().is_some_and(|s| s.kind == StepKind::Apology);
        let (nobody, nothing) = (ReachFacts::default(), Vec::new());
        let ways = self.ways(campaign, Some(people))?;
        let beliefs = self.beliefs(&around.settings)?;
        let aim = self.aim(campaign)?;
        let channel = ways.first().map_or(Channel::Mail, |(channel, _)| *channel);
        let price = crate::campaigns::price(campaign, &around.settings);
        let shop_seed = self.generation()?;
        let variants: Vec<f64> = campaign.variants.iter().map(|v| v.share).collect();
        let row = |customer: &i64| {
            let row = snapshot.row(*customer);
            let reach = facts.reach.get(customer).unwrap_or(&nobody);
            let contacts = facts.contacts.get(customer).unwrap_or(&nothing);
            let case = around.case(reach, contacts, state_of(row.as_ref()), false, apology);
            let (_, refusal) = crate::campaigns::way(&ways, *customer, &case);
            let refusal = aim.refuses(snapshot.left_for(*customer)).or(refusal);
            let global = around.settings.global_holdout;
            let kept = plan::global_holdout(shop_seed, *customer, snapshot.as_of(), global);
            let (arm, variant) = plan::entry(stored.seed, *customer, campaign.holdout, &variants);
            let (arm, variant, rule) = match (refusal, kept) {
                (Some(rule), _) => (Arm::Skipped, 0, rule),
                (None, true) => (Arm::Skipped, 0, plan::Skip::GlobalHoldout.rule()),
                (None, false) => (arm, variant, ""),
            };
            let kind = row.as_ref().map_or(model::Type::None, |r| r.judgement.kind);
            let outlook = row.as_ref().and_then(|r| r.outlook);
            let long = row.as_ref().is_some_and(|r| r.judgement.long_dormant);
            let lift = beliefs.of(channel, kind, long);
            let profit = outlook.map_or(-price.0, |o| judgement::outlook::profit(&o, lift, price).profit.0);
            let assignment = Assignment {
                customer: *customer,
                arm,
                variant,
                stratum: 0,
                p_return: outlook.map_or(0.0, |o| o.p_return),
                profit,
                rule: rule.to_owned(),
            };
            PlanRow { assignment, kind, entered: None }
        };
        Ok(people.iter().map(row).collect())
    }
}

/// The last day on which somebody may have entered for whom a step has come by a day, whatever the variant.
/// Delays in business days grow with the day of entry: it is looked for backwards.
fn entered_by(stored: &StoredCampaign, number: u16, by: Day, around: &Surroundings) -> Option<Day> {
    let variants = stored.campaign.variant_numbers();
    let ways: Vec<model::Step> =
        variants.filter_map(|variant| stored.campaign.step_for(usize::from(number), variant)).collect();
    let longest = ways.iter().map(model::Step::days).max().unwrap_or(0).max(0);
    // A closure may hold a delay up by weeks.
    (0..=2 * longest + 60)
        .map(|back| by.plus(-back))
        .find(|day| ways.iter().any(|step| step.day(*day, &around.settings.days_off) <= by))
}

/// The earliest hour of a step, whatever the variant.
fn first_hour(stored: &StoredCampaign, number: u16) -> Option<model::TimeOfDay> {
    let ways = stored.campaign.variant_numbers();
    let hours = ways.filter_map(|variant| stored.campaign.step_for(usize::from(number), variant)?.at);
    hours.min_by_key(|at| at.minutes())
}

/// The hour of a step that has one.
fn at_of(step: &model::Step) -> model::TimeOfDay {
    step.at.unwrap_or_default()
}
