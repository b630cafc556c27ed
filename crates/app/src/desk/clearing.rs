//! Whether a call may be made now: every rule asked afresh, for one call or for a page of a list.

use crate::campaigns::{RuleSaid, Surroundings, state_of};
use crate::reasons::PRICE;
use crate::{App, rule_words, sending};
use anyhow::Result;
use clearance::{Again, Contact, Contender, contend, trace};
use model::{ReachFacts, StepKind, Touch};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Stored, StoredCampaign, destination_of};

/// Why a call may not be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct No {
    pub rule: &'static str,
    pub ja: String,
    pub en: String,
    pub again: Again,
}

/// A call with everything that decides about it.
pub(crate) struct Looked {
    pub touch: Touch,
    pub campaign: Arc<StoredCampaign>,
    /// Who they are now.
    pub person: i64,
    pub company: bool,
    pub records: Vec<Stored>,
    /// The number, while one of the records still has it; empty otherwise.
    pub number: String,
    /// Every rule's answer, the gravest first.
    pub rules: Vec<RuleSaid>,
    /// The first that refuses.
    pub no: Option<No>,
}

impl App {
    /// Looks at calls as they stand now, in the order given.
    pub(crate) fn look_at_calls(&self, touches: &[Touch], around: &Surroundings) -> Result<Vec<Looked>> {
        let store = &self.inner.store;
        let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
        let persons = store.persons(&customers)?;
        let people: Vec<i64> = persons.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let facts = self.facts(Some(&people), around.now)?;
        let mut records = store.records_of(&people)?;
        let snapshot = self.judged()?;
        let mut open: BTreeMap<i64, Vec<Contender>> = BTreeMap::new();
        for (person, touch, value) in store.open_touches(&people)? {
            let due = touch.due.max(around.now);
            let contender = Contender { id: touch.id, channel: touch.channel, due, value, apology: false };
            open.entry(person).or_default().push(contender);
        }
        let mut campaigns: BTreeMap<i64, Arc<StoredCampaign>> = BTreeMap::new();
        let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
        let mut looked = Vec::with_capacity(touches.len());
        for touch in touches {
            let campaign = match campaigns.get(&touch.campaign) {
                Some(known) => known.clone(),
                None => campaigns
                    .entry(touch.campaign)
                    .or_insert(Arc::new(store.campaign(touch.campaign)?))
                    .clone(),
            };
            let person = persons.get(&touch.customer).copied().unwrap_or(touch.customer);
            // Two touches of one person may be looked at; the records go to the last of them.
            let own = records.get_mut(&person).map(|r| r.clone()).unwrap_or_default();
            let number = destination_of(&own, touch.channel, touch.destination).unwrap_or_default();
            let reach = facts.reach.get(&person).unwrap_or(&nobody);
            let contacts = facts.contacts.get(&person).unwrap_or(&nothing);
            let row = snapshot.row(person);
            let step = campaign.campaign.steps.get(usize::from(touch.step));
            let apology = step.is_some_and(|s| s.kind == StepKind::Apology);
            let case = around.case(reach, contacts, state_of(row.as_ref()), false, apology);
            let mut asked = Asked { rules: vec![], no: None };
            if let Some(step) = step {
                let entered = match campaign.plan.filter(|_| campaign.campaign.enter.is_some()) {
                    Some(plan) => store.entered(plan, &[touch.customer])?.remove(&touch.customer),
                    None => None,
                };
                let since = entered.map(|day| around.settings.moment(day, 0));
                let since = since.or(campaign.rooted).unwrap_or(around.now);
                let asked_of =
                    sending::Asked { step, customers: &[touch.customer], people: &[person], since };
                let kept = self.kept_away(&campaign, &asked_of, around)?;
                kept.values().for_each(|rule| asked.refuse(rule, Again::Never));
            }
            let over_price = snapshot.left_for(person) == Some(PRICE);
            if over_price && !around.settings.calls.price_leavers && !apology {
                asked.refuse("price_reason", Again::Never);
            }
            for said in trace(touch.channel, &number, &case) {
                match said.answer {
                    Ok(passed) => asked.pass(said.rule.id, passed.ja, passed.en),
                    Err(refusal) => asked.no(No {
                        rule: refusal.rule.id,
                        ja: refusal.ja,
                        en: refusal.en,
                        again: refusal.again,
                    }),
                }
            }
            let wanted = open.get(&person).map_or(&[][..], Vec::as_slice);
            let answers = contend(contacts, wanted, case.caps);
            if let (false, Some((_, Err(refusal)))) =
                (apology, answers.into_iter().find(|(id, _)| *id == touch.id))
            {
                asked.no(No { rule: refusal.rule.id, ja: refusal.ja, en: refusal.en, again: refusal.again });
            }
            asked.working_hours(reach.company, around);
            looked.push(Looked {
                touch: touch.clone(),
                campaign,
                person,
                company: reach.company,
                records: own,
                number,
                rules: asked.rules,
                no: asked.no,
            });
        }
        Ok(looked)
    }
}

/// The answers so far.
struct Asked {
    rules: Vec<RuleSaid>,
    no: Option<No>,
}

impl Asked {
    fn pass(&mut self, rule: &'static str, ja: String, en: String) {
        self.rules.push(RuleSaid { rule, allowed: true, ja, en });
    }

    fn no(&mut self, no: No) {
        self.rules.push(RuleSaid { rule: no.rule, allowed: false, ja: no.ja.clone(), en: no.en.clone() });
        // What ends it for good is told before what only puts it off.
        let graver = |known: &No| known.again != Again::Never && no.again == Again::Never;
        if self.no.as_ref().is_none_or(graver) {
            self.no = Some(no);
        }
    }

    fn refuse(&mut self, rule: &'static str, again: Again) {
        let (ja, en) = rule_words(rule);
        self.no(No { rule, ja, en, again });
    }

    /// Companies are called while they work (M166).
    fn working_hours(&mut self, company: bool, around: &Surroundings) {
        let opening = around.settings.calling(company, around.now);
        match (company, opening.open) {
            (false, _) => (),
            (true, true) => self.pass(
                "business_hours",
                "平日の日中です".to_owned(),
                "a working day, and not at noon".to_owned(),
            ),
            (true, false) => {
                self.refuse("business_hours", opening.from.map_or(Again::WhenMended, Again::From));
            }
        }
    }
}
