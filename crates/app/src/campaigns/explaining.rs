//! Why did somebody get a letter of a campaign, or why did they not?

use super::facts::{channel_of, state_of};
use crate::App;
use anyhow::{Context, Result};
use clearance::{Contact, trace};
use model::{Arm, CampaignState, ReachFacts, StepKind, TouchState};
use serde::Serialize;
use store::{PlanRow, StoredTouch, destinations_of};

/// One rule's answer for a customer now.
#[derive(Clone, Debug, Serialize)]
pub struct RuleSaid {
    pub rule: &'static str,
    pub allowed: bool,
    pub ja: String,
    pub en: String,
}

/// What became of one step for one customer.
#[derive(Clone, Debug)]
pub struct StepWhy {
    pub step: String,
    pub touch: Option<StoredTouch>,
    pub ja: String,
    pub en: String,
}

/// Everything about one customer and one campaign.
#[derive(Clone, Debug)]
pub struct Why {
    pub customer: i64,
    pub rows: Vec<PlanRow>,
    /// The whole answer in a sentence.
    pub ja: String,
    pub en: String,
    pub steps: Vec<StepWhy>,
    /// What every rule says today.
    pub rules: Vec<RuleSaid>,
}

impl App {
    /// Why this customer got, or did not get, the letters of a campaign.
    pub fn why(&self, id: i64, customer: i64) -> Result<Why> {
        let store = &self.inner.store;
        let stored = store.campaign(id)?;
        let person = *store.persons(&[customer])?.get(&customer).context("there is no such customer")?;
        let plan = store.plan_of(id)?;
        let rows = plan.map_or(Ok(vec![]), |p| store.plan_rows_of(p.id, customer))?;
        let touches: Vec<StoredTouch> =
            store.touches_of(customer, 10_000)?.into_iter().filter(|t| t.touch.campaign == id).collect();
        let (ja, en) = answer(stored.state, &rows, &touches);
        let steps = stored.campaign.steps.iter().enumerate().map(|(n, step)| {
            let touch = touches.iter().find(|t| usize::from(t.touch.step) == n).cloned();
            let (ja, en) = step_words(touch.as_ref(), &rows);
            StepWhy { step: step.name.clone(), touch, ja, en }
        });
        let steps = steps.collect();
        let rules = self.rules_for(person, &stored.campaign)?;
        Ok(Why { customer: person, rows, ja, en, steps, rules })
    }

    /// What every rule says of a person and the first step of a campaign, now.
    fn rules_for(&self, person: i64, campaign: &model::Campaign) -> Result<Vec<RuleSaid>> {
        let around = self.surroundings(self.now(), true)?;
        let facts = self.facts(Some(&[person]), around.now)?;
        let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
        let snapshot = self.judged()?;
        let first = campaign.steps.first();
        let apology = first.is_some_and(|s| s.kind == StepKind::Apology);
        let case = around.case(
            facts.reach.get(&person).unwrap_or(&nobody),
            facts.contacts.get(&person).unwrap_or(&nothing),
            state_of(snapshot.row(person).as_ref()),
            false,
            apology,
        );
        let records = self.inner.store.records_of(&[person])?;
        let channel = first.map_or(model::Channel::Mail, channel_of);
        let records = records.get(&person).map_or(&[][..], Vec::as_slice);
        let (_, address) =
            destinations_of(records, channel).next().unwrap_or((model::MatchKey(0), String::new()));
        let said = trace(channel, &address, &case).into_iter().map(|said| match said.answer {
            Ok(passed) => RuleSaid { rule: said.rule.id, allowed: true, ja: passed.ja, en: passed.en },
            Err(refusal) => RuleSaid { rule: said.rule.id, allowed: false, ja: refusal.ja, en: refusal.en },
        });
        Ok(said.collect())
    }
}

/// A rule's own sentence, or its id where it has none.
pub fn rule_words(id: &str) -> (String, String) {
    clearance::rule(id).map_or((id.to_owned(), id.to_owned()), |r| (r.ja.to_owned(), r.en.to_owned()))
}

fn answer(state: CampaignState, rows: &[PlanRow], touches: &[StoredTouch]) -> (String, String) {
    let sent = touches.iter().filter(|t| t.touch.state == TouchState::Sent).count();
    if sent > 0 {
        return (format!("{sent}通お送りしました。"), format!("{sent} sent."));
    }
    let Some(row) = rows.first() else {
        return (
            "この施策の対象条件に当てはまりませんでした。".to_owned(),
            "Not among those the campaign's segment found.".to_owned(),
        );
    };
    match row.assignment.arm {
        Arm::Holdout => (
            "効果を測るための保留群に、くじで選ばれました。この施策ではお送りしません。".to_owned(),
            "Drawn by lot into the holdout that shows the effect: gets nothing of this campaign.".to_owned(),
        ),
        Arm::Skipped => {
            let (ja, en) = rule_words(&row.assignment.rule);
            (format!("対象外です。{ja}。"), format!("Skipped: {en}."))
        }
        Arm::Treated if matches!(state, CampaignState::Draft | CampaignState::Seconding) => (
            "承認されればお送りします。".to_owned(),
            "Will be written to once the campaign is approved.".to_owned(),
        ),
        Arm::Treated => (
            "対象です。各ステップの状況は下のとおりです。".to_owned(),
            "Among the treated; the steps say how far it has come.".to_owned(),
        ),
    }
}

pub(super) fn step_words(touch: Option<&StoredTouch>, rows: &[PlanRow]) -> (String, String) {
    let Some(touch) = touch else {
        let treated = rows.iter().any(|r| r.assignment.arm == Arm::Treated);
        return match treated {
            true => ("まだ予定日になっていません".to_owned(), "not due yet".to_owned()),
            false => ("お送りしません".to_owned(), "nothing is sent".to_owned()),
        };
    };
    let (why_ja, why_en) = rule_words(&touch.rule);
    match touch.touch.state {
        TouchState::Skipped => (format!("見送り: {why_ja}"), format!("skipped: {why_en}")),
        TouchState::Failed => (format!("届きませんでした: {why_ja}"), format!("failed: {why_en}")),
        TouchState::InDoubt => (
            "送信の途中で途切れ、届いたかどうか分かりません。自動では送り直しません".to_owned(),
            "broken off while sending: nobody knows whether it arrived; never resent on its own".to_owned(),
        ),
        other => (other.ja().to_owned(), other.en().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_reason_that_is_kept_has_words() {
        let ours = [
            "L-09",
            "L-39",
            "L-40",
            "late",
            "stale",
            "merged",
            "duplicate",
            "no_address",
            "ordered",
            "clicked",
            "opened",
            "redeemed",
            "cancelled",
            "render",
            "refused",
            "gave_up",
            "settled",
            "proven",
            "balance_gone",
            "balance_moved",
            "balance_old",
            "codes",
            "cadence",
            "resting",
            "newsletter_stopped",
            "mourning",
        ];
        let drawn = plan::Skip::ALL.iter().map(|skip| skip.rule());
        let silent: Vec<&str> =
            ours.into_iter().chain(drawn).filter(|id| clearance::rule(id).is_none()).collect();
        assert!(silent.is_empty(), "reasons without words: {silent:?}");
    }
}
