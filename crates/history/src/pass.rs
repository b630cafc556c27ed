//! From columns to a judged snapshot, reusing of the last one whatever still holds.

use crate::columns::{Columns, Reader};
use crate::files::replace_json;
use crate::published::View;
use crate::rows::Rows;
use crate::scores::{Cuts, Scale};
use crate::segment::{self, Condition};
use crate::shard::{Histories, HistoriesBuilder, Judged, JudgedBuilder, Move, Moves, MovesBuilder, day};
use crate::snapshot::{FORMAT, Info, Shard, Snapshot};
use crate::summarise::{Summary, Sums};
use crate::{Error, bits, parallel};
use model::{Day, History, Judgement, Policy, Timeline};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What is to be judged, and how.
pub struct Task<'a> {
    /// The folder of the columns.
    pub dir: &'a Path,
    pub policy: &'a Policy,
    /// The category sets by number.
    pub categories: Vec<Vec<String>>,
    pub as_of: Day,
    pub threads: usize,
}

/// Judges every customer known on or before a day. `judge` is asked once per customer and
/// `movement` once, which tells every move on the timeline, also those after the day.
/// Both get the number (from 1) of the policy's first segment rule that holds.
///
/// Customers without a new event since an earlier day are judged by `judge` with an empty
/// timeline, so it must be able to tell their state from the history alone when the policy has
/// no category rules; since when the state holds is kept from that day if the state is the same.
pub fn judge<J, M>(task: Task, judge: J, movement: M) -> Result<Snapshot, Error>
where
    J: Fn(&History, &Timeline, Option<u16>) -> Judgement + Sync,
    M: Fn(&Timeline, Option<u16>, &mut dyn FnMut(Move, Day)) + Sync,
{
    let columns = Columns::open(task.dir)?;
    let old = Info::read(task.dir)?.filter(|old| holds(old, &task, &columns));
    if let Some(old) = old.as_ref().filter(|o| o.as_of == task.as_of && Some(o.seen) == last(&columns)) {
        match Snapshot::read(task.dir, old.clone()) {
            Err(Error::Damaged { .. }) => {}
            done => return done,
        }
    }
    let rules = task.policy.segments.iter().map(|s| segment::parse(&s.condition, true));
    let pass = Pass {
        reader: columns.reader()?,
        sets: task.categories.iter().map(|set| set.join(", ")).collect(),
        rules: rules.collect::<Result<_, _>>()?,
        task,
        judge,
        movement,
    };
    match old.map(|old| pass.run(&columns, Some(old))) {
        None | Some(Err(Error::Damaged { .. })) => pass.run(&columns, None),
        Some(other) => other,
    }
}

fn last(columns: &Columns) -> Option<u64> {
    columns.manifest().map(|m| m.last)
}

/// Whether the rows of customers who have not changed since are still right.
fn holds(old: &Info, task: &Task, columns: &Columns) -> bool {
    let Some(m) = columns.manifest() else { return false };
    old.epoch == m.epoch
        && old.seen >= m.merged
        && old.sizes.len() == m.shards
        && old.policy == *task.policy
        && task.categories.starts_with(&old.categories)
        && (old.latest..old.beyond).contains(&task.as_of.0)
        && (old.as_of == task.as_of || (old.as_of < task.as_of && by_history(task.policy)))
}

/// Whether a customer without new events can be judged on another day by the history alone:
/// rules for segments may begin to hold, and those for categories look at the timeline.
fn by_history(policy: &Policy) -> bool {
    policy.segments.is_empty() && policy.categories.is_empty()
}

struct Pass<'a, J, M> {
    task: Task<'a>,
    reader: Reader<'a>,
    sets: Vec<String>,
    rules: Vec<Condition>,
    judge: J,
    movement: M,
}

/// Tells some timelines in the order of customers, always the same ones.
type Walk<'a> = dyn FnMut(&mut dyn FnMut(&Timeline)) + 'a;

/// The tables of one shard, and the days around `as_of` that are free of events.
struct Made {
    histories: Histories,
    judged: Judged,
    /// `None`: as in the last snapshot, like the histories.
    moves: Option<Moves>,
    latest: i32,
    beyond: i32,
}

/// What a thread uses again and again.
#[derive(Default)]
struct Scratch {
    rows: Rows,
    summary: Summary,
}

impl<J, M> Pass<'_, J, M>
where
    J: Fn(&History, &Timeline, Option<u16>) -> Judgement + Sync,
    M: Fn(&Timeline, Option<u16>, &mut dyn FnMut(Move, Day)) + Sync,
{
    fn run(&self, columns: &Columns, old: Option<Info>) -> Result<Snapshot, Error> {
        let manifest = columns.manifest().cloned().unwrap_or_default();
        let dir = self.task.dir;
        let folder = dir.join("judged");
        std::fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        let number = 1 + Info::read(dir)?.map_or(0, |i| i.files.into_iter().max().unwrap_or(0));
        let still = old.as_ref().filter(|old| old.seen == manifest.last);
        let mut info = Info {
            format: FORMAT,
            as_of: self.task.as_of,
            policy: self.task.policy.clone(),
            categories: self.task.categories.clone(),
            seq: manifest.seq,
            epoch: manifest.epoch,
            seen: manifest.last,
            latest: i32::MIN,
            beyond: i32::MAX,
            files: still.map_or([number; 3], |old| [old.files[0], number, old.files[2]]),
            sizes: vec![],
            flow: vec![],
            scale: Scale::default(),
        };
        let done = parallel::for_each(manifest.shards, self.task.threads, Scratch::default, |scratch, i| {
            let made = match (&old, still) {
                (_, Some(old)) => self.a_day_later(old, i)?,
                (Some(old), None) => self.splice(scratch, old, i)?,
                (None, None) => self.whole(scratch, i)?,
            };
            let sizes = self.save(&info, &made, still, i)?;
            Ok((made, sizes))
        })?;
        info.sizes = done.iter().map(|d| d.1).collect();
        info.latest =
            done.iter().map(|d| d.0.latest).chain(old.as_ref().map(|o| o.latest)).max().unwrap_or(i32::MIN);
        info.beyond =
            done.iter().map(|d| d.0.beyond).chain(old.as_ref().map(|o| o.beyond)).min().unwrap_or(i32::MAX);
        let histories: Vec<&Histories> = done.iter().map(|d| &d.0.histories).collect();
        info.scale = Scale::of(&histories, info.as_of.0, &Cuts::default());
        info.flow = match still {
            Some(old) => old.flow.clone(),
            None => crate::movement::flow(done.iter().filter_map(|d| d.0.moves.as_ref())),
        };
        replace_json(&Info::path(dir), &info)?;
        sweep(&folder, &info, dir);
        let shards = done
            .into_iter()
            .map(|(made, _)| Shard { histories: Arc::new(made.histories), judged: Arc::new(made.judged) });
        Ok(Snapshot::of(info, shards.collect()))
    }

    /// Writes what is new of a shard; returns the sizes of all its files.
    fn save(&self, info: &Info, made: &Made, still: Option<&Info>, shard: usize) -> Result<[u64; 3], Error> {
        let path = |kind| info.file(self.task.dir, kind, shard);
        let judged = made.judged.save(&path(1))?;
        match (still, &made.moves) {
            (None, Some(moves)) => Ok([made.histories.save(&path(0))?, judged, moves.save(&path(2))?]),
            (still, _) => {
                let sizes = still.map_or([0; 3], |old| old.sizes[shard]);
                Ok([sizes[0], judged, sizes[2]])
            }
        }
    }

    /// Judges a whole shard.
    fn whole(&self, scratch: &mut Scratch, shard: usize) -> Result<Made, Error> {
        let Scratch { rows, summary } = scratch;
        self.reader.load(rows, shard)?;
        Ok(self.make(summary, &mut |each| self.reader.walk(rows, shard, each)))
    }

    /// Judges a shard in which nothing has happened on another day.
    fn a_day_later(&self, old: &Info, shard: usize) -> Result<Made, Error> {
        let dir = self.task.dir;
        let histories = Histories::load(&old.file(dir, 0, shard), old.sizes[shard][0])?;
        let judged = Judged::load(&old.file(dir, 1, shard), old.sizes[shard][1])?;
        let mut j = JudgedBuilder::default();
        self.renew(old, &histories, &judged, 0..histories.len, &mut j);
        Ok(Made { histories, judged: j.finish(), moves: None, latest: i32::MIN, beyond: i32::MAX })
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

    /// Judges who has changed, and takes the others from the last snapshot.
    fn splice(&self, scratch: &mut Scratch, old: &Info, shard: usize) -> Result<Made, Error> {
        let dir = self.task.dir;
        let histories = Histories::load(&old.file(dir, 0, shard), old.sizes[shard][0])?;
        let judged = Judged::load(&old.file(dir, 1, shard), old.sizes[shard][1])?;
        let moves = Moves::load(&old.file(dir, 2, shard), old.sizes[shard][2])?;
        let mut fresh = self.make(&mut scratch.summary, &mut |each| {
            self.reader.changed(shard, old.seen).for_each(|t| each(&t));
        });
        let renewed = fresh.moves.take().unwrap_or_else(|| MovesBuilder::default().finish());
        let mut h = HistoriesBuilder::default();
        let mut j = JudgedBuilder::default();
        let mut m = MovesBuilder::default();
        let (mut kept, mut new) = (0, 0);
        for t in self.reader.changed(shard, old.seen) {
            let at = histories.lower_bound(kept, t.customer);
            h.copy(&histories, kept..at);
            self.renew(old, &histories, &judged, kept..at, &mut j);
            m.copy(&moves, kept..at);
            let there = at < histories.len && histories.customer.at(at) == t.customer;
            kept = at + usize::from(there);
            if new < fresh.histories.len && fresh.histories.customer.at(new) == t.customer {
                h.copy(&fresh.histories, new..new + 1);
                j.copy(&fresh.judged, new..new + 1);
                m.copy(&renewed, new..new + 1);
                new += 1;
            }
        }
        h.copy(&histories, kept..histories.len);
        self.renew(old, &histories, &judged, kept..histories.len, &mut j);
        m.copy(&moves, kept..histories.len);
        Ok(Made { histories: h.finish(), judged: j.finish(), moves: Some(m.finish()), ..fresh })
    }

    /// Tables of the timelines that `walk` tells; who is not known yet on
    /// the day is left out.
    fn make(&self, summary: &mut Summary, walk: &mut Walk<'_>) -> Made {
        let as_of = self.task.as_of;
        let (mut latest, mut beyond) = (i32::MIN, i32::MAX);
        let mut all: Vec<Sums> = Vec::new();
        let mut h = HistoriesBuilder::default();
        walk(&mut |t| {
            let until = t.until(as_of);
            beyond = beyond.min(t.days.get(until).copied().unwrap_or(i32::MAX));
            if until > 0 {
                latest = latest.max(t.days[until - 1]);
                let sums = summary.of(t, as_of);
                h.push(&sums);
                all.push(sums);
            }
        });
        let histories = h.finish();
        let ruled = self.ruled(&histories);
        let (mut j, mut m, mut i) = (JudgedBuilder::default(), MovesBuilder::default(), 0);
        walk(&mut |t| {
            if t.days.first().is_some_and(|&first| first <= as_of.0) {
                let rule = ruled.get(i).copied().filter(|&r| r > 0);
                j.push(&(self.judge)(&all[i].to_history(), t, rule));
                (self.movement)(t, rule, &mut |what, day| m.push(what, day));
                m.close();
                i += 1;
            }
        });
        Made { histories, judged: j.finish(), moves: Some(m.finish()), latest, beyond }
    }

    /// Per row the first segment rule that holds, from 1; 0 for none. Empty without rules.
    fn ruled(&self, histories: &Histories) -> Vec<u16> {
        if self.rules.is_empty() {
            return vec![];
        }
        let view = View { h: histories, j: None, as_of: self.task.as_of.0, scale: None, sets: &self.sets };
        let mut ruled = vec![0; histories.len];
        for (i, rule) in self.rules.iter().enumerate().rev() {
            bits::ones(&rule.holds(&view).yes).for_each(|row| ruled[row] = i as u16 + 1);
        }
        ruled
    }
}

/// Shows every customer known on or before a day, with history and timeline, to one `state` per
/// shard; for questions that no snapshot answers, such as what another policy would say.
pub fn visit<S: Send>(
    dir: &Path,
    as_of: Day,
    threads: usize,
    state: impl Fn() -> S + Sync,
    see: impl Fn(&mut S, &History, &Timeline) + Sync,
) -> Result<Vec<S>, Error> {
    let columns = Columns::open(dir)?;
    let reader = columns.reader()?;
    let shards = columns.manifest().map_or(0, |m| m.shards);
    parallel::for_each(shards, threads, Scratch::default, |Scratch { rows, summary }, shard| {
        reader.load(rows, shard)?;
        let mut own = state();
        reader.walk(rows, shard, &mut |t| {
            if t.until(as_of) > 0 {
                see(&mut own, &summary.of(t, as_of).to_history(), t);
            }
        });
        Ok(own)
    })
}

/// Removes the files that the snapshot does not name; left behind, they go next time.
fn sweep(folder: &Path, info: &Info, dir: &Path) {
    let shards = 0..info.sizes.len();
    let kept: std::collections::HashSet<_> =
        shards.flat_map(|i| (0..3).map(move |kind| info.file(dir, kind, i))).collect();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "arrow") && !kept.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}
