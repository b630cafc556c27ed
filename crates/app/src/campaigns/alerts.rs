//! What waits for a person, of every campaign: said where people look first.

use super::TouchSums;
use crate::App;
use anyhow::Result;
use measurement::{Standing, targets};
use model::{CampaignState, Saying};
use serde::Serialize;

/// Something about a campaign that a person should see to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Alert {
    pub campaign: i64,
    pub name: String,
    pub kind: AlertKind,
    #[serde(flatten)]
    pub says: Saying,
}

/// What kind of matter it is; it says on which page it is settled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Attempts of which nobody knows whether they arrived.
    InDoubt,
    /// Paused by a rule or a person.
    Paused,
    /// A step is late, or the orders are too old.
    Waits,
    /// A second operator's yes is missing.
    Seconding,
    /// Complaints have passed the line to stay below (L-39).
    Complaints,
    /// Behind its target, or short of it at the end (M060).
    Target,
}

impl App {
    /// Everything that waits for a person, by campaign, the newest first. Reads what is in doubt or
    /// was complained about, never every touch: it stands on the page that is opened first.
    pub fn alerts(&self) -> Result<Vec<Alert>> {
        let store = &self.inner.store;
        let currency = self.settings()?.currency;
        let results = self.results()?;
        let (doubts, complained) = (store.doubts()?, store.complained()?);
        let mut alerts = Vec::new();
        for stored in store.campaigns()? {
            let mut add = |kind, (ja, en): (String, String)| {
                let name = stored.campaign.name.clone();
                alerts.push(Alert { campaign: stored.id, name, kind, says: Saying { ja, en } });
            };
            if let Some(n) = doubts.get(&stored.id) {
                add(AlertKind::InDoubt, in_doubt(*n));
            }
            let sends = matches!(stored.state, CampaignState::Approved | CampaignState::Finished);
            if let Some(complained) = complained.get(&stored.id).filter(|_| sends) {
                let sums = TouchSums::of(&store.touch_counts(stored.id)?, None);
                let stop = &stored.campaign.stop;
                if let Some(said) = clearance::warning(sums.sent + sums.failed, *complained, stop) {
                    add(AlertKind::Complaints, (said.ja, said.en));
                }
            }
            match (stored.state, stored.waits.as_str()) {
                (CampaignState::Paused, _) => add(AlertKind::Paused, paused()),
                (CampaignState::Seconding, _) => add(AlertKind::Seconding, seconding()),
                (CampaignState::Approved, waits) if !waits.is_empty() => {
                    add(AlertKind::Waits, waiting(waits))
                }
                _ => (),
            }
            if let Some((_, m, _)) = results.iter().find(|(c, ..)| c.id == stored.id) {
                for target in targets(m, &stored.campaign.goal, &currency) {
                    if matches!(target.standing, Standing::Behind | Standing::Missed) {
                        add(AlertKind::Target, (target.says.ja, target.says.en));
                    }
                }
            }
        }
        Ok(alerts)
    }
}

fn in_doubt(n: u64) -> (String, String) {
    let are = if n == 1 { "touch" } else { "touches" };
    (
        format!("届いたかどうか分からない送信が{n}件あります。二重に送らないため、確認をお待ちしています。"),
        format!(
            "{n} {are} in doubt: nobody knows whether it arrived, and nothing is sent twice. Settle them."
        ),
    )
}

fn paused() -> (String, String) {
    (
        "一時停止中です。原因を確かめてから再開してください。".into(),
        "Paused: find out why before it goes on.".into(),
    )
}

fn seconding() -> (String, String) {
    ("もう一人の承認を待っています。".into(), "Waits for the yes of a second operator.".into())
}

fn waiting(why: &str) -> (String, String) {
    match why {
        "stale" => (
            "受注の取込が古いため、送信を止めています。最新の受注を取り込むと続きます。".into(),
            "The orders are too old to send on: import the newest, and it goes on.".into(),
        ),
        "late" => (
            "予定の時刻を大きく過ぎたため、送信せずに確認を待っています。".into(),
            "A step is so late that it asks before it goes.".into(),
        ),
        "codes" => (
            "用意したコードが足りないため、送信を止めています。コードを足すと続きます。".into(),
            "The list of codes has run out: add some (page Codes), and it goes on.".into(),
        ),
        _ => ("確認を待っています。".into(), "Waits for you.".into()),
    }
}
