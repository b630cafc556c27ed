//! What a campaign brought: by assignment, against its holdout; and what the next judgement learns.

use crate::{App, Settings};
use anyhow::{Context, Result, ensure};
use measurement::{Ask, Evidence, Measurement, Outcome, believe, evidence, measure};
use model::{Arm, CampaignState, Channel, Money, Response, ResponseKind, TouchState, Type, Verdict};
use std::collections::BTreeMap;
use store::{StoredCampaign, StoredMeasurement};

/// The level of every interval.
const LEVEL: f64 = 0.95;
/// The longest window that is shown.
const LONGEST: i32 = 180;
/// How far a lift that nobody measured may lie from what is assumed: its standard deviation as a share.
const DOUBT: f64 = 0.5;

/// What a campaign brought, as told now.
#[derive(Clone, Debug)]
pub struct CampaignResult {
    pub campaign: StoredCampaign,
    pub measurement: Measurement,
    /// Against the campaign it learns from, where that was measured: responses of those who got it.
    pub moved: Option<Moved>,
    /// Orders are known up to here, Unix seconds.
    pub known_until: i64,
}

/// A comparison with the predecessor.
#[derive(Clone, Debug)]
pub struct Moved {
    pub before: String,
    pub comparison: measurement::Comparison,
}

/// The lifts believed now: assumptions, bettered by what this shop's own holdouts have shown.
pub(crate) struct Beliefs {
    settings: Settings,
    lifts: BTreeMap<(Channel, Type), f64>,
    /// Campaigns behind the lifts of a channel.
    campaigns: BTreeMap<Channel, u32>,
}

impl Beliefs {
    /// The lift of a touch, as a probability.
    pub fn of(&self, channel: Channel, kind: Type, long_dormant: bool) -> f64 {
        match self.lifts.get(&(channel, kind)) {
            Some(lift) => lift * if long_dormant { self.settings.lift_long } else { 1.0 },
            None => self.settings.lift_of(channel, kind, long_dormant),
        }
    }

    /// In how many campaigns the shop has measured a channel.
    pub fn campaigns(&self, channel: Channel) -> u32 {
        self.campaigns.get(&channel).copied().unwrap_or(0)
    }

    /// Whether any of it was measured.
    pub fn measured(&self) -> bool {
        !self.lifts.is_empty()
    }
}

impl App {
    /// Measures a campaign with the orders known now and keeps the result; the first one after the
    /// primary window is over stands.
    pub fn measure(&self, id: i64) -> Result<CampaignResult> {
        let store = &self.inner.store;
        let campaign = store.campaign(id)?;
        let (plan, rooted) =
            campaign.plan.zip(campaign.rooted).context("this campaign was not approved yet")?;
        ensure!(self.now() >= rooted, "this campaign has not begun yet");
        let settings = self.settings()?;
        let (outcomes, known_until, as_of_day) = self.outcomes(&campaign, plan, rooted, &settings)?;
        let new = settings.acquisition_cost;
        let ask = Ask {
            channel: campaign.campaign.steps.first().map_or(Channel::Mail, super::facts::channel_of),
            window: campaign.campaign.window,
            as_of_day,
            level: LEVEL,
            acquisition_cost: (new > 0.0).then(|| Money((new * 100.0).round() as i64)),
            tracking: campaign.campaign.tracking,
            seed: campaign.seed,
        };
        let measurement = measure(&outcomes, &ask);
        let stands = store.measurements()?.iter().any(|m| m.campaign == id && m.last);
        if !stands {
            let body = serde_json::to_string(&measurement)?;
            store.save_measurement(&StoredMeasurement {
                campaign: id,
                at: self.now(),
                last: measurement.over(),
                body,
            })?;
        }
        let moved = self.moved(&campaign, &measurement)?;
        Ok(CampaignResult { campaign, measurement, moved, known_until })
    }

    /// What became of everybody in the plan, up to when orders are known, and how many days of the window
    /// are over. Of a campaign that customers enter one by one, only those count whose own window is over;
    /// while it lets people in, a day is left open, so that what is said stays provisional.
    fn outcomes(
        &self,
        campaign: &StoredCampaign,
        plan: i64,
        rooted: i64,
        settings: &Settings,
    ) -> Result<(Vec<Outcome>, i64, i32)> {
        let store = &self.inner.store;
        let (newest, import) = (store.newest_order()?, store.newest_import()?);
        // Orders are known up to the newest import; a shop without one knows them up to its last order.
        let known = import.or(newest).unwrap_or(rooted).min(self.now());
        let mut outcomes: BTreeMap<i64, Outcome> = BTreeMap::new();
        let window = i64::from(campaign.campaign.window) * 86_400;
        // Where everybody's own window begins, and whose is over.
        let mut roots: BTreeMap<i64, i64> = BTreeMap::new();
        let ripe = |root: &i64| root + window <= known;
        store.plan_rows(plan, &mut |row| {
            let a = row.assignment;
            let root = row.entered.map_or(rooted, |day| settings.moment(day, 0));
            if a.arm != Arm::Skipped {
                roots.insert(a.customer, root);
                let outcome = Outcome {
                    arm: a.arm,
                    variant: a.variant,
                    stratum: a.stratum,
                    kind: row.kind,
                    p_return: a.p_return,
                    returned_day: None,
                    spend: Money::ZERO,
                    profit: Money::ZERO,
                    cost: Money::ZERO,
                    reached_by_others: false,
                    answers: measurement::Answers::default(),
                };
                outcomes.insert(a.customer, outcome);
            }
        })?;
        let entering = campaign.campaign.enter.is_some();
        let open = roots.values().any(|root| !ripe(root));
        let any_ripe = roots.values().any(ripe);
        if entering && any_ripe {
            outcomes.retain(|who, _| roots.get(who).is_some_and(ripe));
        }
        let until = match entering {
            true => known + 1,
            false => rooted + i64::from(campaign.campaign.window.max(LONGEST)) * 86_400,
        };
        store.orders_of_plan(
            plan,
            rooted,
            until.min(known + 1),
            &settings.counting(),
            &mut |who, at, total, refunded| {
                let Some(outcome) = outcomes.get_mut(&who) else { return };
                let rooted = roots.get(&who).copied().unwrap_or(rooted);
                if at < rooted {
                    return;
                }
                let day = i32::try_from((at - rooted).div_euclid(86_400)).unwrap_or(i32::MAX);
                outcome.returned_day = Some(outcome.returned_day.map_or(day, |known| known.min(day)));
                if at - rooted < window {
                    outcome.spend += total - refunded;
                }
            },
        )?;
        for customer in
            store.reached_by_others(plan, campaign.id, rooted, (rooted + window).min(known + 1))?
        {
            if let Some(outcome) = outcomes.get_mut(&customer) {
                outcome.reached_by_others = true;
            }
        }
        self.answers(campaign, settings, &mut outcomes)?;
        for outcome in outcomes.values_mut() {
            outcome.profit = Money((outcome.spend.0 as f64 * settings.margin).round() as i64);
        }
        let over = |since: i64| i32::try_from((known - since).div_euclid(86_400)).unwrap_or(0).max(0);
        let as_of_day = match entering {
            false => over(rooted),
            true if !any_ripe => 0,
            true if open || campaign.state != CampaignState::Finished => campaign.campaign.window - 1,
            true => campaign.campaign.window,
        };
        Ok((outcomes.into_values().collect(), known, as_of_day))
    }

    /// What was sent to them and what came back.
    fn answers(
        &self,
        campaign: &StoredCampaign,
        settings: &Settings,
        outcomes: &mut BTreeMap<i64, Outcome>,
    ) -> Result<()> {
        let store = &self.inner.store;
        let mut whose: BTreeMap<i64, i64> = BTreeMap::new();
        let costs = store.costs_of(campaign.id)?;
        store.each_touch(campaign.id, &mut |touch| {
            let Some(outcome) = outcomes.get_mut(&touch.customer) else { return };
            whose.insert(touch.id, touch.customer);
            let paid = costs.get(&touch.id).copied();
            if matches!(touch.state, TouchState::Sent | TouchState::InDoubt | TouchState::Attempted) {
                outcome.cost += paid.unwrap_or_else(|| settings.cost_of(touch.channel));
                outcome.answers.sent = true;
                // Nobody says that a mail arrived; what did not bounce counts as arrived.
                outcome.answers.delivered = true;
            } else if touch.channel == Channel::Phone {
                // Whom nobody reached has cost a caller's time all the same (M106).
                outcome.cost += paid.unwrap_or(Money::ZERO);
            }
        })?;
        store.each_response(campaign.id, &mut |r: Response| {
            let Some(outcome) = whose.get(&r.touch).and_then(|c| outcomes.get_mut(c)) else { return };
            let person = r.verdict == Verdict::Person;
            let answers = &mut outcome.answers;
            match r.kind {
                ResponseKind::HardBounce | ResponseKind::SoftBounce => {
                    (answers.bounced, answers.delivered) = (true, false);
                }
                ResponseKind::Open => {
                    answers.opened_raw = true;
                    answers.opened |= person;
                }
                ResponseKind::Click => {
                    answers.clicked_raw = true;
                    answers.clicked |= person;
                }
                ResponseKind::Complaint => answers.complained = true,
                ResponseKind::OptOut => answers.opted_out = true,
                ResponseKind::Reply | ResponseKind::Redeemed => answers.responded = true,
                ResponseKind::Delivered | ResponseKind::Preference | ResponseKind::Ordered => (),
            }
        })?;
        Ok(())
    }

    pub(crate) fn moved(&self, campaign: &StoredCampaign, now: &Measurement) -> Result<Option<Moved>> {
        let before = &campaign.campaign.predecessor;
        let Some(id) = self.inner.store.campaign_named(before)? else { return Ok(None) };
        let told = self.inner.store.measurements()?.into_iter().find(|m| m.campaign == id);
        let Some(told) = told else { return Ok(None) };
        let earlier: Measurement =
            serde_json::from_str(&told.body).context("reading the predecessor's result")?;
        let rate = |m: &Measurement| m.primary().map(|w| w.treated);
        let Some((now, then)) = rate(now).zip(rate(&earlier)) else { return Ok(None) };
        let comparison = measurement::compare(now, then, LEVEL);
        Ok(Some(Moved { before: before.clone(), comparison }))
    }

    /// Every campaign's last result with its name, the newest first.
    pub fn results(&self) -> Result<Vec<(StoredCampaign, Measurement, bool)>> {
        let told = self.inner.store.measurements()?;
        let read = |m: StoredMeasurement| {
            let body = serde_json::from_str(&m.body).context("reading a campaign's result")?;
            Ok((self.inner.store.campaign(m.campaign)?, body, m.last))
        };
        told.into_iter().map(read).collect()
    }

    /// The lifts believed now.
    pub(crate) fn beliefs(&self, settings: &Settings) -> Result<Beliefs> {
        let mut found: BTreeMap<(Channel, Type), Vec<Evidence>> = BTreeMap::new();
        for (_, measured, last) in self.results()? {
            for e in evidence(&measured).into_iter().filter(|_| last) {
                found.entry((e.channel, e.kind)).or_default().push(e);
            }
        }
        let mut campaigns: BTreeMap<Channel, u32> = BTreeMap::new();
        for ((channel, _), all) in &found {
            let most = campaigns.entry(*channel).or_default();
            *most = (*most).max(u32::try_from(all.len()).unwrap_or(u32::MAX));
        }
        let believed = found.into_iter().map(|((channel, kind), all)| {
            let prior = settings.lift_of(channel, kind, false);
            ((channel, kind), believe((prior, prior * DOUBT), &all).lift.value.max(0.0))
        });
        Ok(Beliefs { settings: settings.clone(), lifts: believed.collect(), campaigns })
    }
}
