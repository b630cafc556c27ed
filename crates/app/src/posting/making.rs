//! A batch is made: due touches are taken in hand, cleared again, laid out, sorted and kept.

use super::kept::{Kept, PrintAs};
use super::taking::{HeldPiece, Table, Taken};
use crate::App;
use anyhow::{Result, ensure};
use outreach::post::Piece;
use outreach::post::price::Cost;
use std::sync::Arc;
use store::{Entry, NewPiece, PostDue, PostingLock, batch_worker};

/// Touches of one round.
const CHUNK: usize = 250;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MakePost {
    pub campaign: i64,
    /// Counted from 0; `None`: every step that has pieces due, a batch each.
    pub step: Option<u16>,
    pub print: PrintAs,
    /// The first label that is still on the first sheet, counted from 1.
    pub start_at: usize,
    /// What to move labels by, tenths of a mm, to the right and down.
    pub offset: [i32; 2],
}

/// A batch as it was made, or what stood in its way.
#[derive(Clone, Debug)]
pub struct MadePost {
    /// `None`: no piece could be made.
    pub batch: Option<i64>,
    pub step: u16,
    pub pieces: u64,
    pub cost: Option<Cost>,
    /// What waits until it is put right, and what is skipped.
    pub held: Vec<HeldPiece>,
}

impl App {
    /// Makes batches of everything that is due. One making at a time; what an earlier one that was
    /// killed had in hand goes back into line first. `tell` hears of each round: pieces looked at, of how many.
    pub fn make_post(&self, ask: &MakePost, by: &str, tell: &dyn Fn(u64, u64)) -> Result<Vec<MadePost>> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        ensure!(ask.start_at >= 1, "labels are counted from 1");
        self.compare_journal()?;
        let lock = self.inner.store.lock_posting()?;
        for broken in self.inner.store.broken_batches()? {
            self.inner.store.give_back_batch(broken)?;
        }
        // A shop that only posts has no worker that would look for what has fallen due.
        self.make_due()?;
        let due = self.inner.store.post_due(self.now())?;
        self.note_access(by, "file", None, None, &format!("campaign {}, post", ask.campaign))?;
        let wanted =
            |d: &PostDue| d.campaign == ask.campaign && d.due > 0 && ask.step.is_none_or(|s| s == d.step);
        due.into_iter()
            .filter(wanted)
            .map(|due| self.make_step_of_post(ask, due.step, by, &lock, &|seen| tell(seen, due.due)))
            .collect()
    }

    fn make_step_of_post(
        &self,
        ask: &MakePost,
        step: u16,
        by: &str,
        _lock: &PostingLock,
        tell: &dyn Fn(u64),
    ) -> Result<MadePost> {
        let store = &self.inner.store;
        let table = self.table(ask.campaign, step, &ask.print, ask.start_at - 1, ask.offset)?;
        let batch = store.begin_batch(ask.campaign, step, &ask.print.word(), by, self.now())?;
        let worker = batch_worker(batch);
        let (mut ready, mut held, mut after): (Vec<(i64, Piece)>, Vec<HeldPiece>, i64) = (vec![], vec![], 0);
        let mut seen = 0;
        loop {
            let due = store.due_for_post(ask.campaign, step, table.around.now, after, CHUNK)?;
            let Some(last) = due.last() else { break };
            after = last.id;
            let ids: Vec<i64> = due.iter().map(|t| t.id).collect();
            let taken = store.take_for_post(batch, &ids)?;
            let mine: Vec<_> = due.into_iter().filter(|t| taken.contains(&t.id)).collect();
            let mut entries = vec![];
            for (touch, one) in mine.iter().zip(table.take(&mine, true)?) {
                let (touch, worker) = (touch.id, worker.clone());
                match one {
                    Taken::Ready(piece) => ready.push((touch, *piece)),
                    Taken::Skip(why, rule) => {
                        held.push(why);
                        entries.push(Entry::Skip { touch, worker, rule, at: table.around.now });
                    }
                    Taken::Wait(why, due) => {
                        held.push(why);
                        entries.push(Entry::Back { touch, worker, due });
                    }
                }
            }
            store.write_ledger(&entries)?;
            seen += mine.len() as u64;
            tell(seen);
        }
        if ready.is_empty() {
            store.give_back_batch(batch)?;
            return Ok(MadePost { batch: None, step, pieces: 0, cost: None, held });
        }
        let cost = self.seal(batch, &mut ready, &table.kept)?;
        Ok(MadePost { batch: Some(batch), step, pieces: ready.len() as u64, cost: Some(cost), held })
    }

    /// Gives every piece its place and its number, in the order of the post, and keeps them.
    fn seal(&self, batch: i64, ready: &mut [(i64, Piece)], kept: &Kept) -> Result<Cost> {
        ready.sort_by_key(|(touch, piece)| (piece.code().is_none(), piece.code(), *touch));
        for (place, (_, piece)) in ready.iter_mut().enumerate() {
            piece.reference = format!("{batch}-{:04}", place + 1);
        }
        let pieces: Vec<&Piece> = ready.iter().map(|(_, piece)| piece).collect();
        let cost = kept.cost(&pieces)?;
        let costs = shared(cost.total.0, ready.len());
        let rows = ready.iter().zip(costs).map(|((touch, piece), cost)| {
            Ok(NewPiece { touch: *touch, body: serde_json::to_string(piece)?, cost })
        });
        let rows: Vec<NewPiece> = rows.collect::<Result<_>>()?;
        self.inner.store.seal_batch(batch, &rows, &serde_json::to_string(kept)?)?;
        Ok(cost)
    }

    /// Everything that the pieces of a step need.
    pub(super) fn table(
        &self,
        campaign: i64,
        step: u16,
        print: &PrintAs,
        start: usize,
        offset: [i32; 2],
    ) -> Result<Table<'_>> {
        let stored = Arc::new(self.inner.store.campaign(campaign)?);
        let name = stored.campaign.steps.get(usize::from(step)).map_or("", |s| s.name.as_str());
        let title = format!("{} / {name}", stored.campaign.name);
        let settings = self.settings()?;
        let day = settings.day_of(self.now());
        let kept = Kept::new(&settings, print, start, offset, title, day);
        Table::open(self, stored, step, kept)
    }
}

/// A sum in hundredths as so many parts that add up to it.
fn shared(total: i64, parts: usize) -> impl Iterator<Item = i64> {
    let n = parts.max(1) as i64;
    let (each, rest) = (total.div_euclid(n), total.rem_euclid(n));
    (0..n).map(move |at| each + i64::from(at < rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M069: the parts of a cost add up to it.
    #[test]
    fn a_cost_is_shared_to_the_last_hundredth() {
        for (total, parts) in [(10_000, 3), (8_500, 1), (7, 9), (17_000_001, 2_000)] {
            let shares: Vec<i64> = shared(total, parts).collect();
            assert_eq!((shares.len(), shares.iter().sum::<i64>()), (parts, total));
            assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1);
        }
    }
}
