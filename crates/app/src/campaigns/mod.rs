//! Campaigns: written, checked, drawn, approved, sent, heard and measured.

mod alerts;
mod approving;
mod books;
mod checking;
mod drafting;
mod explaining;
mod facts;
mod lists;
mod measuring;
mod paths;
mod previewing;
mod ways;

pub use alerts::{Alert, AlertKind};
pub use approving::Approved;
pub use checking::{Block, Broken, Checked};
pub use drafting::{ChannelTouches, Drafted, Forecasted};
pub use explaining::{RuleSaid, StepWhy, Why, rule_words};
pub use lists::*;
pub use measuring::{CampaignResult, Moved};
pub use paths::{PathMark, PersonPath, StepCounts, StepPath, StepPlace};
pub use previewing::{Button, Letter, Preview, Trial};

pub(crate) use approving::code;
pub(crate) use drafting::{price, way};
pub(crate) use facts::{Facts, Surroundings, channel_of, state_of};
pub(crate) use measuring::Beliefs;
pub(crate) use previewing::{own_of, press, sample_code, sample_of, script};

use crate::App;
use anyhow::{Result, bail, ensure};
use model::{Campaign, CampaignState};
use serde::Serialize;
use store::{LogRow, StoredCampaign, TouchCount};

/// A campaign in the list.
#[derive(Clone, Debug)]
pub struct CampaignRow {
    pub stored: StoredCampaign,
    pub counts: Vec<TouchCount>,
}

/// Sums over a campaign's touches.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct TouchSums {
    pub queued: u64,
    pub under_way: u64,
    pub sent: u64,
    pub failed: u64,
    pub skipped: u64,
    pub in_doubt: u64,
}

impl TouchSums {
    /// Adds up counts; of one step, or of all.
    pub fn of(counts: &[TouchCount], step: Option<u16>) -> TouchSums {
        use model::TouchState::{Attempted, Claimed, Failed, InDoubt, Queued, Sent, Skipped};
        let mut sum = TouchSums::default();
        for c in counts.iter().filter(|c| step.is_none_or(|s| s == c.step)) {
            let place = match c.state {
                Queued => &mut sum.queued,
                Claimed | Attempted => &mut sum.under_way,
                Sent => &mut sum.sent,
                Failed => &mut sum.failed,
                Skipped => &mut sum.skipped,
                InDoubt => &mut sum.in_doubt,
            };
            *place += c.count;
        }
        sum
    }

    /// Touches in all.
    pub fn all(&self) -> u64 {
        self.queued + self.under_way + self.sent + self.failed + self.skipped + self.in_doubt
    }
}

impl App {
    /// Every campaign, the newest first.
    pub fn campaigns(&self) -> Result<Vec<CampaignRow>> {
        let row = |stored: StoredCampaign| {
            let counts = self.inner.store.touch_counts(stored.id)?;
            Ok(CampaignRow { stored, counts })
        };
        self.inner.store.campaigns()?.into_iter().map(row).collect()
    }

    /// One campaign by number.
    pub fn campaign(&self, id: i64) -> Result<CampaignRow> {
        let stored = self.inner.store.campaign(id)?;
        Ok(CampaignRow { counts: self.inner.store.touch_counts(id)?, stored })
    }

    /// The number of a campaign, by its number or its name as people write it.
    pub fn find_campaign(&self, text: &str) -> Result<i64> {
        let text = text.trim();
        if let Some(id) = self.inner.store.campaign_named(text)? {
            return Ok(id);
        }
        let number = text.parse::<i64>().ok();
        match number.filter(|id| self.inner.store.campaign(*id).is_ok()) {
            Some(id) => Ok(id),
            None => bail!(
                "施策「{text}」はありません / there is no campaign '{text}': `mezame campaign list` names them"
            ),
        }
    }

    /// What was done with a campaign, the newest first.
    pub fn campaign_log(&self, id: i64) -> Result<Vec<LogRow>> {
        Ok(self.inner.store.campaign_log(id)?)
    }

    /// Keeps a new draft; returns its number.
    pub fn add_campaign(&self, campaign: &Campaign, by: &str) -> Result<i64> {
        writable(campaign)?;
        let now = self.now();
        let seal = self.inner.secrets.seal(&format!("seed {} {now}", campaign.name));
        let seed = u64::from_be_bytes(seal[..8].try_into().unwrap_or_default());
        Ok(self.inner.store.add_campaign(&self.with_contents(campaign)?, seed, by, now)?)
    }

    /// Replaces a draft's document.
    pub fn change_campaign(&self, id: i64, campaign: &Campaign, by: &str) -> Result<()> {
        writable(campaign)?;
        Ok(self.inner.store.change_campaign(id, &self.with_contents(campaign)?, by, self.now())?)
    }

    /// Makes the next campaign from one that ran: the same document, its predecessor named (M141).
    pub fn successor(&self, id: i64, name: &str, by: &str) -> Result<i64> {
        let before = self.inner.store.campaign(id)?.campaign;
        let campaign = Campaign {
            name: name.to_owned(),
            predecessor: before.name.clone(),
            changed: String::new(),
            start: None,
            ..before
        };
        self.add_campaign(&campaign, by)
    }

    /// Forgets a draft.
    pub fn drop_campaign(&self, id: i64) -> Result<()> {
        Ok(self.inner.store.drop_campaign(id)?)
    }

    /// Stops sending at once; what is under way ends.
    pub fn pause_campaign(&self, id: i64, by: &str, why: &str) -> Result<()> {
        named(by)?;
        let done = self.inner.store.move_campaign(
            id,
            &[CampaignState::Approved],
            CampaignState::Paused,
            by,
            why,
            self.now(),
        )?;
        ensure!(done, "only a running campaign can be paused");
        Ok(())
    }

    /// Goes on after a pause, or in spite of what it waited for.
    pub fn resume_campaign(&self, id: i64, by: &str) -> Result<()> {
        named(by)?;
        let from = [CampaignState::Paused, CampaignState::Approved];
        let store = &self.inner.store;
        // Written first: a step that was late is due from the moment somebody says so.
        store.set_setting(&late_key(id), &self.now().to_string())?;
        let done = store.move_campaign(id, &from, CampaignState::Approved, by, "resumed", self.now())?;
        ensure!(done, "only a campaign that is paused or waits can go on");
        Ok(())
    }

    /// Ends a campaign for good: nothing in line goes out any more.
    pub fn cancel_campaign(&self, id: i64, by: &str, why: &str) -> Result<u64> {
        named(by)?;
        let from =
            [CampaignState::Draft, CampaignState::Seconding, CampaignState::Approved, CampaignState::Paused];
        let store = &self.inner.store;
        let done = store.move_campaign(id, &from, CampaignState::Cancelled, by, why, self.now())?;
        ensure!(done, "this campaign has ended already");
        Ok(store.skip_campaign(id, "cancelled", self.now())?)
    }
}

/// Where it is kept since when lateness is forgiven.
pub(crate) fn late_key(id: i64) -> String {
    format!("late.{id}")
}

fn named(by: &str) -> Result<()> {
    ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
    Ok(())
}

/// What even a draft must have to be kept.
fn writable(campaign: &Campaign) -> Result<()> {
    ensure!(!campaign.name.trim().is_empty(), "a campaign needs a name");
    ensure!(campaign.steps.len() <= 50, "a campaign has at most 50 steps, not {}", campaign.steps.len());
    ensure!(
        campaign.variants.len() <= 20,
        "a campaign has at most 20 variants, not {}",
        campaign.variants.len()
    );
    Ok(())
}
