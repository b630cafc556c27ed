//! What waits to be posted, what it will cost, and what is held back and why.

use super::kept::PrintAs;
use super::taking::{HeldPiece, Taken};
use crate::App;
use anyhow::Result;
use outreach::post::Piece;
use outreach::post::price::Cost;
use store::PostDue;

/// Touches looked at together.
const CHUNK: usize = 250;

/// What waits of one step.
#[derive(Clone, Debug)]
pub struct PostDueRow {
    pub due: PostDue,
    pub campaign: String,
    pub step: String,
    /// About what it will cost, were every piece to go with a barcode; `None`: no price for that day.
    pub about: Option<Cost>,
}

/// What would become of the due pieces of a step.
#[derive(Clone, Debug)]
pub struct PostLook {
    pub campaign: String,
    pub step: String,
    pub ready: u64,
    /// None where nothing is ready.
    pub cost: Option<Cost>,
    pub held: Vec<HeldPiece>,
    /// Whether postal codes were looked at.
    pub codes_checked: bool,
    /// More are due than were looked at.
    pub more: bool,
}

impl App {
    /// What waits to be posted, by campaign and step.
    pub fn post_due(&self, print: &PrintAs) -> Result<Vec<PostDueRow>> {
        let now = self.now();
        let settings = self.settings()?;
        let row = |due: PostDue| {
            let campaign = self.inner.store.campaign(due.campaign)?.campaign;
            let step = campaign.steps.get(usize::from(due.step)).map(|s| s.name.clone()).unwrap_or_default();
            let kept =
                super::kept::Kept::new(&settings, print, 0, [0, 0], String::new(), settings.day_of(now));
            let barcode = outreach::post::barcode::CustomerBarcode::new("1000013", "1-3-2").ok();
            let piece = Piece { barcode, ..Piece::default() };
            let pieces = vec![&piece; usize::try_from(due.due).unwrap_or(0)];
            let about = if pieces.is_empty() { None } else { kept.cost(&pieces).ok() };
            Ok(PostDueRow { due, campaign: campaign.name, step, about })
        };
        self.inner.store.post_due(now)?.into_iter().map(row).collect()
    }

    /// Clears, fills in and lays out what is due of a step, up to so many, without taking it in hand.
    pub fn look_at_post(&self, campaign: i64, step: u16, print: &PrintAs, most: usize) -> Result<PostLook> {
        let table = self.table(campaign, step, print, 0, [0, 0])?;
        let (mut ready, mut held, mut after): (Vec<Piece>, Vec<HeldPiece>, i64) = (vec![], vec![], 0);
        let mut more = false;
        loop {
            let now = table.around.now;
            let due = self.inner.store.due_for_post(campaign, step, now, after, CHUNK)?;
            let Some(last) = due.last() else { break };
            if ready.len() + held.len() + due.len() > most {
                more = true;
                break;
            }
            after = last.id;
            for one in table.take(&due, false)? {
                match one {
                    Taken::Ready(piece) => ready.push(*piece),
                    Taken::Skip(why, _) | Taken::Wait(why, _) => held.push(why),
                }
            }
        }
        let pieces: Vec<&Piece> = ready.iter().collect();
        let cost = if pieces.is_empty() { None } else { Some(table.kept.cost(&pieces)?) };
        let named = table.stored.campaign.steps.get(usize::from(step));
        Ok(PostLook {
            campaign: table.stored.campaign.name.clone(),
            step: named.map(|s| s.name.clone()).unwrap_or_default(),
            ready: pieces.len() as u64,
            cost,
            held,
            codes_checked: self.postal_codes()?.is_some(),
            more,
        })
    }
}
