//! Approval: one row freezes the plan that was looked at.

use crate::{App, Secrets};
use anyhow::{Context, Result, bail, ensure};
use model::{Arm, Campaign, CampaignState, Codes};
use serde::Serialize;

/// Codes of one transaction.
const CHUNK: usize = 2_000;

/// What a yes led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approved {
    /// The shop wants a second operator's yes.
    AwaitsSecond,
    /// Frozen: it fires when its steps fall due.
    Frozen,
}

impl App {
    /// Says yes to a campaign as drawn. Refused with the reason while a rule blocks, without a plan, with
    /// one that was drawn for other words or on another day, and after its first step's time.
    pub fn approve_campaign(&self, id: i64, by: &str) -> Result<Approved> {
        ensure!(!by.trim().is_empty(), "an approval needs the name of the operator: --by NAME");
        let store = &self.inner.store;
        let stored = store.campaign(id)?;
        let state = stored.state;
        ensure!(
            matches!(state, CampaignState::Draft | CampaignState::Seconding),
            "this campaign is {} already",
            state.en()
        );
        let checked = self.check_campaign(&stored.campaign)?;
        if let Some(block) = checked.blocks().next() {
            bail!("{}: {} / {}", block.rule, block.ja, block.en);
        }
        let drafted =
            self.drafted(id)?.context("there is no plan yet: draw it first (mezame campaign plan)")?;
        ensure!(!drafted.outdated, "the campaign was changed after its plan was drawn: draw it again");
        let today = self.today()?;
        ensure!(
            drafted.plan.as_of == today,
            "the plan was drawn on {}: draw it again, so that it stands on today's orders",
            drafted.plan.as_of
        );
        let settings = self.settings()?;
        match &stored.campaign.enter {
            Some(enter) => {
                let start = stored.campaign.start.context("the campaign has no start")?;
                ensure!(start >= today, "the start has passed: move it to today or later");
                ensure!(enter.until.is_none_or(|until| until >= start), "nobody may enter before the start");
            }
            None => {
                ensure!(
                    drafted.forecast.treated > 0,
                    "nobody would be touched: see why with `mezame campaign plan`"
                );
                let first =
                    settings.first_due(&stored.campaign).context("the first step has no day or hour")?;
                ensure!(first > self.now(), "the first step's time has passed: move the start, or its hour");
            }
        }
        if settings.second_approver {
            match &stored.approved {
                None => {
                    store.second_campaign(id, by.trim(), self.now())?;
                    return Ok(Approved::AwaitsSecond);
                }
                Some((first, _)) => ensure!(
                    first != by.trim(),
                    "{first} has said yes already: the second yes is another operator's"
                ),
            }
        }
        let by = match stored.approved {
            Some((first, _)) => format!("{first}, {}", by.trim()),
            None => by.trim().to_owned(),
        };
        self.enough_codes(id, &stored.campaign, drafted.forecast.treated)?;
        // Codes before the freeze: a letter never leaves without its code, and the cart can load them first.
        self.issue_codes(id, drafted.plan.id)?;
        let start = stored.campaign.start.context("the campaign has no start")?;
        store.approve_campaign(id, drafted.plan.id, settings.moment(start, 0), &by, self.now())?;
        Ok(Approved::Frozen)
    }

    /// A list of codes must reach for everybody treated; where customers enter one by one, it may be
    /// filled up as they come.
    fn enough_codes(&self, id: i64, campaign: &Campaign, treated: u64) -> Result<()> {
        if campaign.offer.as_ref().is_none_or(|offer| offer.codes != Codes::Listed) {
            return Ok(());
        }
        let left = self.inner.store.code_stock(id)?.left;
        let needed = if campaign.enter.is_some() { 1 } else { treated };
        ensure!(
            left >= needed,
            "{left} codes are left for {needed} customers: add some (mezame codes import, or codes make)"
        );
        Ok(())
    }

    /// Gives every treated customer of a plan their code, where the offer has codes of their own.
    fn issue_codes(&self, id: i64, plan: i64) -> Result<()> {
        let store = &self.inner.store;
        let campaign = store.campaign(id)?.campaign;
        let Some(offer) = campaign.offer.as_ref().filter(|o| o.codes == Codes::Unique) else { return Ok(()) };
        let secrets = &self.inner.secrets;
        self.keys()?;
        let mut after = 0;
        loop {
            let rows = store.plan_page(plan, Some(Arm::Treated), "", after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.assignment.customer;
            let customers: Vec<i64> = rows.iter().map(|r| r.assignment.customer).collect();
            store.issue_coupons(id, &customers, self.now(), &|customer| {
                code(secrets, &offer.code, id, customer)
            })?;
        }
    }
}

/// A code that nobody can guess and everybody can read out: letters and digits that do not look alike.
pub(crate) fn code(secrets: &Secrets, prefix: &str, campaign: i64, customer: i64) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let secret = secrets.seal(&format!("coupon {campaign} {customer}"));
    let letters = secret.iter().take(10).map(|b| char::from(LETTERS[usize::from(b & 31)]));
    let prefix: String = prefix.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    letters.fold(prefix, |mut code, letter| {
        code.push(letter);
        code
    })
}
