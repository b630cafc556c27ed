//! What decides about many customers at once, gathered for planning and again for sending.

use crate::{App, Settings};
use anyhow::Result;
use clearance::{Case, Contact};
use history::Row;
use model::{Channel, ReachFacts, ShopProfile, State, TimeOfDay};
use std::collections::BTreeMap;

/// Nothing older counts for any cap.
const CAP_DAYS: i64 = 366;

/// What is the same for everybody at one moment.
pub(crate) struct Surroundings {
    pub settings: Settings,
    pub shop: ShopProfile,
    /// Unix seconds, and on the shop's clock.
    pub now: i64,
    pub clock: TimeOfDay,
    pub newest_order: Option<i64>,
    pub stale_hours: Option<u32>,
}

/// What is known of each person.
pub(crate) struct Facts {
    pub reach: BTreeMap<i64, ReachFacts>,
    pub contacts: BTreeMap<i64, Vec<Contact>>,
}

impl App {
    /// The shop at a moment. `planned`: for a later moment, so that today's imports are no question.
    pub(crate) fn surroundings(&self, now: i64, planned: bool) -> Result<Surroundings> {
        let settings = self.settings()?;
        let minute = settings.minute_of(now);
        Ok(Surroundings {
            shop: settings.shop_profile(),
            now,
            clock: TimeOfDay::new((minute / 60) as u16, (minute % 60) as u16).unwrap_or_default(),
            // A shop may have no order for days; what must be fresh is our knowledge of them.
            newest_order: self.inner.store.newest_import()?,
            stale_hours: (!planned).then_some(settings.stale_hours),
            settings,
        })
    }

    /// What is known of some people (ascending), or of everybody.
    pub(crate) fn facts(&self, of: Option<&[i64]>, now: i64) -> Result<Facts> {
        let mut facts = Facts { reach: BTreeMap::new(), contacts: BTreeMap::new() };
        self.reach_facts(of, &mut |one| {
            facts.reach.insert(one.customer, one);
        })?;
        self.inner.store.past_touches(of, now - CAP_DAYS * 86_400, &mut |person, channel, at| {
            facts.contacts.entry(person).or_default().push(Contact { channel, at });
        })?;
        Ok(facts)
    }
}

impl Surroundings {
    /// One customer's case for a touch by a channel.
    pub fn case<'a>(
        &'a self,
        reach: &'a ReachFacts,
        contacts: &'a [Contact],
        state: State,
        held_out: bool,
        apology: bool,
    ) -> Case<'a> {
        Case {
            facts: reach,
            state,
            held_out,
            contacts,
            shop: &self.shop,
            caps: if reach.wants_fewer { &self.settings.caps_few } else { &self.settings.caps },
            hours: &self.settings.hours,
            now: self.now,
            clock: self.clock,
            newest_order: self.newest_order,
            stale_hours: self.stale_hours,
            apology,
        }
    }
}

/// Somebody of whom no history is known has never ordered.
pub(crate) fn state_of(row: Option<&Row>) -> State {
    row.map_or(State::Prospect, |row| row.judgement.state)
}

/// The channel of a step; mail where it names none (a document without one cannot be approved).
pub(crate) fn channel_of(step: &model::Step) -> Channel {
    step.channel.unwrap_or(Channel::Mail)
}
