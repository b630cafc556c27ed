//! Steps that fall due: conditions are judged, and touches made.

use crate::App;
use crate::campaigns::Surroundings;
use anyhow::Result;
use model::{CampaignState, Channel, Happened, ResponseKind, Step};
use std::collections::{BTreeMap, BTreeSet};
use store::{NewTouch, StoredCampaign};

/// Customers looked at in one go.
const CHUNK: usize = 1_000;
/// How far back somebody's hours are looked at.
const OWN_DAYS: i64 = 730;

/// Somebody for whom a step falls due: customer as assigned, variant, value, person they are now, when.
pub(super) type Falling = (i64, u8, i64, i64, i64);

/// A step, for whom, and since when what they do counts for its conditions.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub step: &'a Step,
    pub customers: &'a [i64],
    pub people: &'a [i64],
    /// Unix seconds.
    pub since: i64,
}

impl App {
    /// Makes the touches of every step that has fallen due; returns how many came into line. A step that
    /// is late by more than the campaign's limit asks instead (the campaign waits).
    pub(crate) fn fire(&self, around: &Surroundings) -> Result<u64> {
        let mut queued = 0;
        for stored in self.inner.store.running_campaigns()? {
            queued += self.fire_campaign(&stored, around)?;
        }
        Ok(queued)
    }

    /// Makes what has fallen due since a worker last looked: a shop that only posts or calls has none.
    pub fn make_due(&self) -> Result<()> {
        self.fire(&self.surroundings(self.now(), false)?).map(drop)
    }

    fn fire_campaign(&self, stored: &StoredCampaign, around: &Surroundings) -> Result<u64> {
        let store = &self.inner.store;
        let mended = match stored.waits.as_str() {
            "stale" => around.fresh(),
            "codes" => store.code_stock(stored.id)?.left > 0,
            _ => false,
        };
        if mended {
            store.hold_campaign(stored.id, "", "mezame", around.now)?;
        } else if !stored.waits.is_empty() {
            return Ok(0);
        }
        if let Some(enter) = &stored.campaign.enter {
            let queued = self.fire_entering(stored, enter, around)?;
            self.finish_entering(stored, enter, around)?;
            return Ok(queued);
        }
        let made = store.steps_made(stored.id)?;
        let forgiven = self.forgiven(stored.id)?;
        let mut queued = 0;
        for number in 0..stored.campaign.steps.len() as u16 {
            let dues = around.settings.dues(&stored.campaign, usize::from(number));
            let Some(dues) = dues.filter(|_| !made.contains(&number)) else { continue };
            let first = dues.iter().copied().min().unwrap_or(i64::MAX);
            if first > around.now {
                continue;
            }
            let limit = i64::from(stored.campaign.late_hours) * 3_600;
            // What people carry waits for them anyway, and they see how old it is.
            let by_people = stored.campaign.steps.get(usize::from(number)).is_some_and(|step| {
                matches!(step.channel, Some(Channel::Post | Channel::Phone | Channel::Ads))
            });
            if !by_people && around.now - first.max(forgiven) > limit {
                store.hold_campaign(stored.id, "late", "mezame", around.now)?;
                return Ok(queued);
            }
            if !around.fresh() {
                store.hold_campaign(stored.id, "stale", "mezame", around.now)?;
                return Ok(queued);
            }
            queued += self.make_step(stored, number, &dues, around)?;
            store.step_made(stored.id, number, around.now)?;
        }
        self.finish(stored, around.now)?;
        Ok(queued)
    }

    /// Finishes every campaign that has nothing more to send.
    pub(crate) fn finish_all(&self, now: i64) -> Result<()> {
        self.inner.store.running_campaigns()?.iter().try_for_each(|stored| self.finish(stored, now))
    }

    /// A campaign whose steps are all made and whose touches are all settled is finished.
    fn finish(&self, stored: &StoredCampaign, now: i64) -> Result<()> {
        let store = &self.inner.store;
        if stored.campaign.enter.is_some() {
            return Ok(());
        }
        let all_made = store.steps_made(stored.id)?.len() == stored.campaign.steps.len();
        if all_made && !store.has_unsettled(stored.id)? {
            let from = [CampaignState::Approved];
            store.move_campaign(stored.id, &from, CampaignState::Finished, "mezame", "", now)?;
        }
        Ok(())
    }

    fn make_step(
        &self,
        stored: &StoredCampaign,
        number: u16,
        dues: &[i64],
        around: &Surroundings,
    ) -> Result<u64> {
        let store = &self.inner.store;
        let Some(plan) = stored.plan else { return Ok(0) };
        let rooted = stored.rooted.unwrap_or(around.now);
        let (mut after, mut queued) = (0, 0);
        loop {
            let rows = store.untouched(stored.id, plan, number, after, CHUNK)?;
            let Some((last, ..)) = rows.last() else { return Ok(queued) };
            after = *last;
            let due = |variant: u8| dues.get(usize::from(variant)).or(dues.first()).copied();
            let rows: Vec<Falling> = rows
                .into_iter()
                .map(|(customer, variant, value, person)| {
                    (customer, variant, value, person, due(variant).unwrap_or(around.now))
                })
                .collect();
            queued += self.make_touches_of(stored, number, &rows, rooted, around)?;
        }
    }

    /// Makes the touches of one step for some customers; `since`: what happened from then on counts for
    /// the step's conditions. Returns how many came into line.
    pub(super) fn make_touches_of(
        &self,
        stored: &StoredCampaign,
        number: u16,
        rows: &[Falling],
        since: i64,
        around: &Surroundings,
    ) -> Result<u64> {
        let store = &self.inner.store;
        let (Some(plan), Some(step)) = (stored.plan, stored.campaign.steps.get(usize::from(number))) else {
            return Ok(0);
        };
        let mut people: Vec<i64> = rows.iter().map(|r| r.3).collect();
        people.sort_unstable();
        people.dedup();
        let merged: BTreeSet<i64> = store.mixed_arms(plan, &people)?.into_iter().collect();
        let ways = self.step_ways(&stored.campaign, number, &people, around)?;
        // A variant's own order may put its day weeks off: whoever sends judges then. An audience is not
        // judged again.
        let judged = |r: &&Falling| r.4 <= around.now || ways.of(r.3, r.1).0 == Channel::Ads;
        let (mut customers, mut due_now): (Vec<i64>, Vec<i64>) =
            rows.iter().filter(judged).map(|r| (r.0, r.3)).unzip();
        customers.sort_unstable();
        due_now.sort_unstable();
        due_now.dedup();
        let asked = Asked { step, customers: &customers, people: &due_now, since };
        let kept = self.kept_away(stored, &asked, around)?;
        let own = match step.own_hour {
            true => self.own_hours(&people, around)?,
            false => BTreeMap::new(),
        };
        let touches: Vec<NewTouch> = rows
            .iter()
            .map(|(customer, variant, value, person, due)| {
                let (channel, destination) = ways.of(*person, *variant);
                let rule = match (kept.get(customer).or_else(|| kept.get(person)), destination) {
                    _ if merged.contains(person) => "merged",
                    (Some(rule), _) => rule,
                    (None, None) => "no_address",
                    (None, Some(_)) => "",
                };
                NewTouch {
                    campaign: stored.id,
                    step: number,
                    customer: *customer,
                    channel,
                    destination,
                    variant: *variant,
                    value: *value,
                    due: own.get(person).map_or(*due, |seen| around.settings.own_due(seen, *due)),
                    rule: rule.to_owned(),
                }
            })
            .collect();
        Ok(store.make_touches(&touches, around.now)?)
    }

    /// When these people ordered and clicked, as minutes after midnight. An order at midnight sharp is
    /// one of which only the day is known.
    fn own_hours(&self, people: &[i64], around: &Surroundings) -> Result<BTreeMap<i64, Vec<u16>>> {
        let mut seen: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
        self.inner.store.moments(people, around.now - OWN_DAYS * 86_400, &mut |person, at| {
            let minute = around.settings.minute_of(at);
            if minute > 0 || at % 60 != 0 {
                seen.entry(person).or_default().push(u16::try_from(minute).unwrap_or(0));
            }
        })?;
        Ok(seen)
    }

    /// Whom something that happened keeps from a step; by customer or person.
    pub(crate) fn kept_away(
        &self,
        stored: &StoredCampaign,
        asked: &Asked<'_>,
        around: &Surroundings,
    ) -> Result<BTreeMap<i64, &'static str>> {
        let store = &self.inner.store;
        let Asked { step, customers, people, since } = *asked;
        let mut kept: BTreeMap<i64, &'static str> = BTreeMap::new();
        for happened in &step.unless {
            let (who, rule) = match happened {
                Happened::Ordered => {
                    let counting = around.settings.counting();
                    (store.ordered_between(people, since, around.now + 1, &counting)?, "ordered")
                }
                Happened::Clicked => (store.responded(stored.id, customers, ResponseKind::Click)?, "clicked"),
                Happened::Opened => (store.responded(stored.id, customers, ResponseKind::Open)?, "opened"),
                Happened::Redeemed => (store.redeemed(stored.id, customers)?, "redeemed"),
            };
            kept.extend(who.into_iter().map(|w| (w, rule)));
        }
        let mourners = self.mourners_of(&stored.campaign, around.settings.day_of(around.now))?;
        let mourns = people.iter().filter(|person| mourners.binary_search(person).is_ok());
        kept.extend(mourns.map(|person| (*person, "mourning")));
        if let Some(newsletter) = &stored.campaign.newsletter {
            let by_mail = step.channel == Some(Channel::Mail);
            kept.extend(self.not_their_issue(newsletter, by_mail, people, around)?);
        }
        if !step.without.is_empty() {
            let facts = self.facts(Some(people), around.now)?;
            for (person, reach) in &facts.reach {
                let open = clearance::reach(reach);
                if open.iter().any(|(channel, verdict)| verdict.is_ok() && step.without.contains(channel)) {
                    kept.insert(*person, "reachable");
                }
            }
        }
        if !step.only.is_empty() {
            let snapshot = self.judged()?;
            let meant = snapshot.select(&step.only)?;
            let meant: BTreeSet<i64> = meant.iter().map(|i| snapshot.row_at(i).history.customer).collect();
            kept.extend(people.iter().filter(|p| !meant.contains(p)).map(|p| (*p, "not_meant")));
        }
        Ok(kept)
    }
}

impl Surroundings {
    /// Whether the newest import is young enough to send on (M158).
    pub(crate) fn fresh(&self) -> bool {
        let Some(hours) = self.stale_hours else { return true };
        self.newest_order.is_some_and(|at| self.now - at <= i64::from(hours) * 3_600)
    }
}
