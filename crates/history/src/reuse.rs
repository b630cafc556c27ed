//! What of the last snapshot still holds: whoever has no new event keeps the row.

use crate::Error;
use crate::columns::Columns;
use crate::pass::{Made, Pass, Scratch, Task};
use crate::rows::shard_of;
use crate::shard::{Histories, HistoriesBuilder, Judged, JudgedBuilder, Move, MovesBuilder, day};
use crate::snapshot::Info;
use model::{Day, History, Judgement, Policy, Timeline};
use std::ops::Range;

/// Whether the rows of customers without a new event are still right, or can be told from their
/// histories.
pub(crate) fn holds(old: &Info, task: &Task, columns: &Columns) -> bool {
    let Some(m) = columns.manifest() else { return false };
    let later = old.as_of < task.as_of && old.ahead.is_some() && by_history(task.policy);
    old.epoch == m.epoch
        && old.seen >= m.merged
        && old.files.len() == m.shards
        && old.policy == *task.policy
        && task.categories.starts_with(&old.categories)
        && (old.as_of == task.as_of || later)
}

/// Whether a customer without new events can be judged on another day by the history alone:
/// rules for segments may begin to hold, and those for categories look at the timeline.
fn by_history(policy: &Policy) -> bool {
    policy.segments.is_empty() && policy.categories.is_empty()
}

impl<J, M> Pass<'_, J, M>
where
    J: Fn(&History, &Timeline, Option<u16>) -> Judgement + Sync,
    M: Fn(&Timeline, Option<u16>, &mut dyn FnMut(Move, Day)) + Sync,
{
    /// A shard of which the last snapshot knows everybody whose events have not changed, or have
    /// not come to pass, since.
    pub(crate) fn reuse(&self, scratch: &mut Scratch, old: &Info, shard: usize) -> Result<Made, Error> {
        let mut ahead: Vec<(i64, i32)> = old.ahead.iter().flatten().copied().collect();
        ahead.retain(|(customer, _)| shard_of(*customer, old.files.len()) == shard);
        let due = ahead.iter().filter(|(_, day)| *day <= self.task.as_of.0).map(|a| a.0);
        let mut news: Vec<i64> = self.reader.changed(shard, old.seen).chain(due).collect();
        news.sort_unstable();
        news.dedup();
        ahead.retain(|(customer, _)| news.binary_search(customer).is_err());
        let made = match news[..] {
            [] => self.keep(old, shard)?,
            _ => self.splice(scratch, old, shard, &news)?,
        };
        ahead.extend(&made.ahead);
        Ok(Made { ahead, ..made })
    }

    /// A shard in which nothing has happened.
    fn keep(&self, old: &Info, shard: usize) -> Result<Made, Error> {
        let dir = self.task.dir;
        let (histories, judged) = (old.histories(dir, shard)?, old.judged(dir, shard)?);
        let (moves, mut kept) = (old.moves(dir, shard)?, old.files[shard].map(Some));
        if old.as_of == self.task.as_of {
            return Ok(Made { histories, judged, moves, ahead: vec![], kept });
        }
        let mut j = JudgedBuilder::default();
        self.renew(old, &histories, &judged, 0..histories.len, &mut j);
        kept[1] = None;
        Ok(Made { histories, judged: j.finish(), moves, ahead: vec![], kept })
    }

    /// Judgements of customers without a new event.
    fn renew(&self, old: &Info, h: &Histories, j: &Judged, rows: Range<usize>, out: &mut JudgedBuilder) {
        if old.as_of == self.task.as_of {
            return out.copy(j, rows);
        }
        for row in rows {
            let history = h.get(row);
            let nothing =
                Timeline { customer: history.customer, days: &[], kinds: &[], values: &[], categories: &[] };
            let mut judgement = (self.judge)(&history, &nothing, None);
            if judgement.state.code() == j.state.at(row) {
                judgement.since = day(j.since.at(row));
            }
            out.push(&judgement);
        }
    }

    /// Judges the customers with news (ascending), and takes the others from the last snapshot.
    fn splice(&self, scratch: &mut Scratch, old: &Info, shard: usize, news: &[i64]) -> Result<Made, Error> {
        let dir = self.task.dir;
        let (histories, judged, moves) =
            (old.histories(dir, shard)?, old.judged(dir, shard)?, old.moves(dir, shard)?);
        if news.iter().all(|&customer| self.reader.is_patched(shard, customer)) {
            scratch.rows.clear();
        } else {
            self.reader.load(&mut scratch.rows, shard)?;
        }
        let rows = &scratch.rows;
        let fresh = self.make(&mut scratch.summary, &mut |each| {
            news.iter().for_each(|&customer| each(&self.reader.timeline(rows, shard, customer)));
        });
        let mut h = HistoriesBuilder::default();
        let mut j = JudgedBuilder::default();
        let mut m = MovesBuilder::default();
        let (mut kept, mut new) = (0, 0);
        for &customer in news {
            let at = histories.lower_bound(kept, customer);
            h.copy(&histories, kept..at);
            self.renew(old, &histories, &judged, kept..at, &mut j);
            m.copy(&moves, kept..at);
            let there = at < histories.len && histories.customer.at(at) == customer;
            kept = at + usize::from(there);
            if new < fresh.histories.len && fresh.histories.customer.at(new) == customer {
                h.copy(&fresh.histories, new..new + 1);
                j.copy(&fresh.judged, new..new + 1);
                m.copy(&fresh.moves, new..new + 1);
                new += 1;
            }
        }
        h.copy(&histories, kept..histories.len);
        self.renew(old, &histories, &judged, kept..histories.len, &mut j);
        m.copy(&moves, kept..histories.len);
        Ok(Made { histories: h.finish(), judged: j.finish(), moves: m.finish(), ..fresh })
    }
}
