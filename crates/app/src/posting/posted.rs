//! What becomes of a batch: posted on a day by somebody's word, or given back.

use super::kept::PrintAs;
use super::printing::Pulled;
use crate::App;
use crate::sending::Journal;
use anyhow::{Result, bail, ensure};
use model::{Day, Money};
use store::{Batch, BatchState};

/// A batch in a list.
#[derive(Clone, Debug)]
pub struct BatchRow {
    pub batch: Batch,
    pub campaign: String,
    pub step: String,
}

/// One batch, with what is to be pulled out of it.
#[derive(Clone, Debug)]
pub struct BatchView {
    pub row: BatchRow,
    pub print: Option<PrintAs>,
    /// Pieces in hand that may go.
    pub in_hand: u64,
    pub pulled: Vec<Pulled>,
}

/// What saying "posted" came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostedBatch {
    pub batch: i64,
    pub on: Day,
    /// Pieces that count as posted.
    pub pieces: u64,
    /// Of these, how many were written down just now: 0 where it had been said before.
    pub new: u64,
    /// What the posted pieces cost.
    pub cost: Money,
    pub pulled: Vec<Pulled>,
}

/// How far a batch has come, in Japanese and English.
pub fn batch_words(batch: &Batch) -> (&'static str, &'static str) {
    match (batch.state, batch.posted.is_some(), batch.printed.is_some()) {
        (BatchState::Making, ..) => ("作成中", "being made"),
        (BatchState::Made, true, _) => ("投函の記録が途中", "posting half written down"),
        (BatchState::Made, _, true) => ("投函待ち", "to be posted"),
        (BatchState::Made, _, false) => ("印刷待ち", "to be printed"),
        (BatchState::Posted, ..) => ("投函済み", "posted"),
        (BatchState::Cancelled, ..) => ("取り消し", "cancelled"),
    }
}

impl App {
    /// Batches, the newest first.
    pub fn post_batches(&self, limit: usize) -> Result<Vec<BatchRow>> {
        self.inner.store.batches(limit)?.into_iter().map(|batch| self.batch_row(batch)).collect()
    }

    /// One batch.
    pub fn post_batch(&self, id: i64) -> Result<BatchView> {
        let batch = self.inner.store.batch(id)?;
        let pulled = self.pull_outs(id)?;
        let print = PrintAs::from_word(&batch.kind);
        let in_hand = match batch.state {
            BatchState::Made => batch.pieces.saturating_sub(pulled.len() as u64),
            _ => 0,
        };
        let pulled = if batch.state == BatchState::Cancelled { vec![] } else { pulled };
        Ok(BatchView { row: self.batch_row(batch)?, print, in_hand, pulled })
    }

    fn batch_row(&self, batch: Batch) -> Result<BatchRow> {
        let campaign = self.inner.store.campaign(batch.campaign)?.campaign;
        let step = campaign.steps.get(usize::from(batch.step)).map(|s| s.name.clone()).unwrap_or_default();
        Ok(BatchRow { batch, campaign: campaign.name, step })
    }

    /// Somebody says that a batch was posted on a day: attempt and outcome of every piece that may go,
    /// with its cost. Said twice, nothing changes; broken off, the next word completes it.
    pub fn posted(&self, id: i64, on: Day, by: &str) -> Result<PostedBatch> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let (store, settings, now) = (&self.inner.store, self.settings()?, self.now());
        let batch = store.batch(id)?;
        match batch.state {
            BatchState::Making => bail!("batch {id} is being made"),
            BatchState::Cancelled => bail!("batch {id} was cancelled: its pieces wait in line again"),
            BatchState::Posted => return self.as_posted(&batch, 0),
            BatchState::Made => {}
        }
        ensure!(on <= settings.day_of(now), "{on} has not come yet");
        ensure!(on >= settings.day_of(batch.made_at), "{on} is before the batch was made");
        self.compare_journal()?;
        self.pull_out(id)?;
        let on = store.posting_on(id, on, by)?;
        let at = settings.moment(on, 12 * 60).clamp(batch.made_at, now.max(batch.made_at));
        let mut journal = Journal::open(self.data_dir(), self.generation()?)?;
        let mut new = 0;
        loop {
            let attempted = store.post_some(id, at)?;
            if attempted.is_empty() {
                break;
            }
            // What has left the house is in the database by now; the journal tells it to a restored backup.
            journal.note(&attempted)?;
            new += attempted.len() as u64;
        }
        store.close_posted(id)?;
        self.finish_all(now)?;
        self.as_posted(&store.batch(id)?, new)
    }

    fn as_posted(&self, batch: &Batch, new: u64) -> Result<PostedBatch> {
        let pieces = self.inner.store.batch_pieces(batch.id)?;
        let sent = pieces.iter().filter(|p| p.touch.state == model::TouchState::Sent);
        let (count, cost) = sent.fold((0, 0), |(count, cost), p| (count + 1, cost + p.cost));
        Ok(PostedBatch {
            batch: batch.id,
            on: batch.posted.as_ref().map_or(Day(0), |(on, _)| *on),
            pieces: count,
            new,
            cost: Money(cost),
            pulled: self.pull_outs(batch.id)?,
        })
    }

    /// Gives a batch back that was not posted: its touches wait in line again. Returns how many.
    pub fn cancel_post(&self, id: i64, by: &str) -> Result<u64> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        let batch = self.inner.store.batch(id)?;
        ensure!(
            batch.posted.is_none(),
            "batch {id} was said to be posted: say it again with `mezame post posted {id}` to complete it"
        );
        match batch.state {
            BatchState::Made => Ok(self.inner.store.give_back_batch(id)?),
            _ => bail!("batch {id} is not in hand"),
        }
    }
}
