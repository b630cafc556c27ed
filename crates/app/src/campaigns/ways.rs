//! By which channel a step reaches each of its customers now (M109, M117): its own, else another of its.

use super::facts::{Surroundings, channel_of};
use crate::App;
use anyhow::Result;
use model::{Campaign, Channel, ReachFacts, Step};
use std::collections::BTreeMap;

/// The channels of the steps of each variant, and where each leads.
pub(crate) struct Ways {
    /// By variant, the step's own first.
    channels: Vec<Vec<Channel>>,
    destinations: BTreeMap<(Channel, i64), i64>,
    reach: BTreeMap<i64, ReachFacts>,
}

/// The channels of a step, its own first, each once.
pub(crate) fn channels_of(step: &Step) -> Vec<Channel> {
    let mut channels = vec![channel_of(step)];
    for channel in &step.else_channels {
        if !channels.contains(channel) {
            channels.push(*channel);
        }
    }
    channels
}

impl App {
    /// Gathers what tells by which channel these people (ascending) get a step.
    pub(crate) fn step_ways(
        &self,
        campaign: &Campaign,
        step: u16,
        people: &[i64],
        around: &Surroundings,
    ) -> Result<Ways> {
        let of = |variant| campaign.step_for(usize::from(step), variant);
        let channels: Vec<Vec<Channel>> =
            campaign.variant_numbers().map(|v| of(v).map(|s| channels_of(&s)).unwrap_or_default()).collect();
        let mut all: Vec<Channel> = channels.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        let mut destinations = BTreeMap::new();
        for channel in all {
            self.inner.store.destinations(channel, Some(people), &mut |person, key| {
                destinations.insert((channel, person), key);
            })?;
        }
        // Only a choice needs to know what is closed: what is not chosen here is cleared when it leaves.
        let choose = channels.iter().any(|c| c.len() > 1);
        let reach = if choose { self.facts(Some(people), around.now)?.reach } else { BTreeMap::new() };
        Ok(Ways { channels, destinations, reach })
    }
}

impl Ways {
    /// The first channel that may reach somebody and leads somewhere; the step's own where none may.
    pub(crate) fn of(&self, person: i64, variant: u8) -> (Channel, Option<i64>) {
        let channels = self.channels.get(usize::from(variant)).or(self.channels.first());
        let channels = channels.map_or(&[][..], Vec::as_slice);
        let way = |channel: Channel| (channel, self.destinations.get(&(channel, person)).copied());
        let open = |channel: &&Channel| {
            let may = |facts: &ReachFacts| {
                clearance::reach(facts).iter().any(|(c, verdict)| c == *channel && verdict.is_ok())
            };
            way(**channel).1.is_some() && self.reach.get(&person).is_some_and(may)
        };
        let first = channels.first().copied().unwrap_or(Channel::Mail);
        way(channels.iter().filter(|_| channels.len() > 1).find(open).copied().unwrap_or(first))
    }
}
