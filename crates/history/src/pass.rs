//! From columns to a judged snapshot, reusing of the last one whatever still holds.

use crate::columns::{Columns, Reader};
use crate::files::replace_json;
use crate::published::View;
use crate::reuse::holds;
use crate::rows::Rows;
use crate::scores::{Cuts, Scale};
use crate::segment::{self, Condition};
use crate::shard::{Histories, HistoriesBuilder, Judged, JudgedBuilder, Move, Moves, MovesBuilder};
use crate::snapshot::{FORMAT, Info, Part, Shard, Snapshot, is_outlooks, part_path};
use crate::summarise::{Summary, Sums};
use crate::{Error, bits, parallel};
use model::{Day, History, Judgement, Policy, Timeline};
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
    if let Some(old) =
        old.as_ref().filter(|o| o.as_of == task.as_of && columns.manifest().is_some_and(|m| m.last == o.seen))
    {
        match Snapshot::read(task.dir, old.clone()) {
            Err(error) if error.is_broken() => {}
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
        Some(Err(error)) if error.is_broken() => pass.run(&columns, None),
        Some(other) => other,
        None => pass.run(&columns, None),
    }
}

/// More customers than this with events after the day are not remembered one by one.
const MOST_AHEAD: usize = 20_000;

pub(crate) struct Pass<'a, J, M> {
    pub(crate) task: Task<'a>,
    pub(crate) reader: Reader<'a>,
    sets: Vec<String>,
    rules: Vec<Condition>,
    pub(crate) judge: J,
    movement: M,
}

/// Tells some timelines in the order of customers, always the same ones.
type Walk<'a> = dyn FnMut(&mut dyn FnMut(&Timeline)) + 'a;

/// The tables of one shard.
pub(crate) struct Made {
    pub(crate) histories: Histories,
    pub(crate) judged: Judged,
    pub(crate) moves: Moves,
    /// Customers with events after the day, and the day of the next one.
    pub(crate) ahead: Vec<(i64, i32)>,
    /// Which of the three tables the last snapshot has a file of already.
    pub(crate) kept: [Option<Part>; 3],
}

/// What a thread uses again and again.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) rows: Rows,
    pub(crate) summary: Summary,
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
        let last = Info::read(dir)?.map_or(vec![], |i| i.files);
        let last = last.iter().flatten().map(|part| part.number).max().unwrap_or(0);
        let number = 1 + last.max(crate::foresee::last_seen(dir)?);
        let done = parallel::for_each(manifest.shards, self.task.threads, Scratch::default, |scratch, i| {
            let made = match &old {
                Some(old) => self.reuse(scratch, old, i)?,
                None => self.whole(scratch, i)?,
            };
            let files = made.save(dir, i, number)?;
            Ok((made, files))
        })?;
        let ahead: Vec<(i64, i32)> = done.iter().flat_map(|d| d.0.ahead.iter().copied()).collect();
        // A table whose files are all the last snapshot's says what it said then. The usual cuts of
        // recency are bands of days, so the scale does not depend on the day.
        let same = |table: usize| {
            let of = |files: &[Part; 3]| files[table];
            old.as_ref().filter(|o| o.files.iter().map(of).eq(done.iter().map(|d| of(&d.1))))
        };
        let histories: Vec<&Histories> = done.iter().map(|d| &d.0.histories).collect();
        let flow = || match same(2) {
            Some(o) => o.flow.clone(),
            None => crate::movement::flow(done.iter().map(|d| &d.0.moves)),
        };
        let scale = || match same(0) {
            Some(o) => o.scale.clone(),
            None => Scale::of(&histories, self.task.as_of.0, &Cuts::default()),
        };
        let (flow, scale) = parallel::both(flow, scale);
        let info = Info {
            format: FORMAT,
            as_of: self.task.as_of,
            policy: self.task.policy.clone(),
            categories: self.task.categories.clone(),
            seq: manifest.seq,
            epoch: manifest.epoch,
            seen: manifest.last,
            ahead: (ahead.len() <= MOST_AHEAD).then_some(ahead),
            files: done.iter().map(|d| d.1).collect(),
            flow,
            scale,
        };
        replace_json(&Info::path(dir), &info)?;
        sweep(dir, &info);
        let shards = done.into_iter().map(|(made, _)| Shard {
            histories: Arc::new(made.histories),
            judged: Arc::new(made.judged),
            outlooks: None,
        });
        Ok(Snapshot::of(info, shards.collect()))
    }

    /// Judges a whole shard.
    fn whole(&self, scratch: &mut Scratch, shard: usize) -> Result<Made, Error> {
        let Scratch { rows, summary } = scratch;
        self.reader.load(rows, shard)?;
        Ok(self.make(summary, &mut |each| self.reader.walk(rows, shard, each)))
    }

    /// Tables of the timelines that `walk` tells; who is not known yet on
    /// the day is left out.
    pub(crate) fn make(&self, summary: &mut Summary, walk: &mut Walk<'_>) -> Made {
        let as_of = self.task.as_of;
        let (mut all, mut ahead): (Vec<Sums>, Vec<(i64, i32)>) = (Vec::new(), Vec::new());
        let mut h = HistoriesBuilder::default();
        walk(&mut |t| {
            let until = t.until(as_of);
            if let Some(&next) = t.days.get(until).filter(|_| ahead.len() <= MOST_AHEAD) {
                ahead.push((t.customer, next));
            }
            if until > 0 {
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
        Made { histories, judged: j.finish(), moves: m.finish(), ahead, kept: [None; 3] }
    }

    /// Per row the first segment rule that holds, from 1; 0 for none. Empty without rules.
    fn ruled(&self, histories: &Histories) -> Vec<u16> {
        if self.rules.is_empty() {
            return vec![];
        }
        let as_of = self.task.as_of.0;
        let view = View { h: histories, j: None, o: None, as_of, scale: None, sets: &self.sets, told: None };
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

impl Made {
    /// Writes the tables that have no file yet; returns the files of all.
    fn save(&self, dir: &Path, shard: usize, number: u64) -> Result<[Part; 3], Error> {
        let file = |kind: usize, save: &dyn Fn(&Path) -> Result<u64, Error>| match self.kept[kind] {
            Some(part) => Ok(part),
            None => save(&part_path(dir, shard, kind, number)).map(|size| Part { number, size }),
        };
        Ok([
            file(0, &|path| self.histories.save(path))?,
            file(1, &|path| self.judged.save(path))?,
            file(2, &|path| self.moves.save(path))?,
        ])
    }
}

/// Removes the files that the snapshot does not name; left behind, they go next time. Those of
/// outlooks are `foresee`'s.
fn sweep(dir: &Path, info: &Info) {
    let parts = info.files.iter().enumerate();
    let kept: std::collections::HashSet<_> = parts
        .flat_map(|(shard, parts)| (0..3).map(move |kind| part_path(dir, shard, kind, parts[kind].number)))
        .collect();
    for entry in std::fs::read_dir(dir.join("judged")).into_iter().flatten().flatten() {
        let path = entry.path();
        let mine = path.extension().is_some_and(|e| e == "arrow") && !is_outlooks(&path);
        if mine && !kept.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}
