//! Letters in doubt, coupon codes, and a campaign's figures in sentences.

use super::measuring::CampaignResult;
use crate::App;
use anyhow::{Result, ensure};
use measurement::Measurement;
use model::{Arm, Saying, TouchState};
use store::StoredTouch;

impl App {
    /// Letters of which nobody knows whether they left, by touch after `after`; of one campaign or of all.
    pub fn doubts(&self, campaign: Option<i64>, after: i64, limit: usize) -> Result<Vec<StoredTouch>> {
        Ok(self.inner.store.touches_in(campaign, None, TouchState::InDoubt, after, limit)?)
    }

    /// An operator says what became of a letter in doubt. It is never sent again either way.
    pub fn settle_doubt(&self, touch: i64, sent: bool, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        Ok(self.inner.store.settle_doubt(touch, sent, by.trim(), self.now())?)
    }

    /// Who is treated and who is held out, as approved.
    pub fn assigned(&self, campaign: i64) -> Result<Vec<(i64, Arm)>> {
        let mut all = Vec::new();
        if let Some(plan) = self.inner.store.plan_of(campaign)? {
            self.inner.store.plan_rows(plan.id, &mut |row| {
                if row.assignment.arm != Arm::Skipped {
                    all.push((row.assignment.customer, row.assignment.arm));
                }
            })?;
        }
        Ok(all)
    }

    /// Notes codes as used; the first time counts. Returns (new, unknown or known already).
    pub fn redeem<'a>(&self, codes: impl Iterator<Item = &'a str>) -> Result<(u64, u64)> {
        let (mut new, mut other) = (0, 0);
        for code in codes {
            match self.inner.store.redeem(code, self.now())? {
                true => new += 1,
                false => other += 1,
            }
        }
        Ok((new, other))
    }

    /// A result in sentences, the verdict first.
    pub fn result_words(&self, result: &CampaignResult) -> Result<Vec<Saying>> {
        let currency = self.settings()?.currency;
        let m = &result.measurement;
        let mut said = vec![measurement::verdict(m, &currency)];
        said.extend(measurement::early(m));
        if m.gains.is_some() {
            said.push(measurement::money(m, &currency));
        }
        let goal = &result.campaign.campaign.goal;
        said.extend(measurement::targets(m, goal, &currency).into_iter().map(|target| target.says));
        said.extend(result.moved.as_ref().map(|moved| measurement::comparison(&moved.comparison)));
        Ok(said)
    }

    /// What the figures suggest doing, each with its evidence.
    pub fn advice(&self, m: &Measurement) -> Vec<Saying> {
        measurement::advice(m).into_iter().map(|a| a.says).collect()
    }

    /// A moment as the shop's clock shows it: 2026-11-22 10:00.
    pub fn local_time(&self, at: i64) -> Result<String> {
        let settings = self.settings()?;
        let minute = settings.minute_of(at);
        Ok(format!("{} {:02}:{:02}", settings.day_of(at), minute / 60, minute % 60))
    }
}
