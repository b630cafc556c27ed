//! The judged table as of a day: in memory, and beside the shadow on disk.

use crate::bits::{self, Bits};
use crate::files::read_json;
use crate::outlooks::Outlooks;
use crate::published::View;
use crate::scores::{Cuts, Scale, Scores};
use crate::segment::{self, SegmentError};
use crate::shard::{Histories, Judged, Moves};
use crate::told::AllTold;
use crate::{Error, foresee, parallel, rows::shard_of};
use model::{Day, History, Judgement, Outlook, Policy};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const FORMAT: u32 = 2;

/// What a snapshot was made from, and which files hold it.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub(crate) struct Info {
    pub(crate) format: u32,
    pub(crate) as_of: Day,
    pub(crate) policy: Policy,
    pub(crate) categories: Vec<Vec<String>>,
    /// The columns it was made from: the store's change, their epoch, their last delta.
    pub(crate) seq: u64,
    pub(crate) epoch: u64,
    pub(crate) seen: u64,
    /// Customers with events after `as_of`, and the day of the next one; `None`: too many.
    pub(crate) ahead: Option<Vec<(i64, i32)>>,
    /// Per shard the files of histories, judgements and moves.
    pub(crate) files: Vec<[Part; 3]>,
    /// Moves per day: the day, then new, lapsed, reactivated.
    pub(crate) flow: Vec<[i32; 4]>,
    pub(crate) scale: Scale,
}

/// A file of one shard.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Debug)]
pub(crate) struct Part {
    pub(crate) number: u64,
    pub(crate) size: u64,
}

impl Info {
    pub(crate) fn path(dir: &Path) -> PathBuf {
        dir.join("judged").join("manifest.json")
    }

    pub(crate) fn read(dir: &Path) -> Result<Option<Info>, Error> {
        Ok(read_json::<Info>(&Info::path(dir))?.filter(|i| i.format == FORMAT))
    }

    pub(crate) fn histories(&self, dir: &Path, shard: usize) -> Result<Histories, Error> {
        Histories::load(&part_path(dir, shard, 0, self.files[shard][0].number), self.files[shard][0].size)
    }

    pub(crate) fn judged(&self, dir: &Path, shard: usize) -> Result<Judged, Error> {
        Judged::load(&part_path(dir, shard, 1, self.files[shard][1].number), self.files[shard][1].size)
    }

    pub(crate) fn moves(&self, dir: &Path, shard: usize) -> Result<Moves, Error> {
        Moves::load(&part_path(dir, shard, 2, self.files[shard][2].number), self.files[shard][2].size)
    }
}

/// The kind of the files of outlooks.
pub(crate) const OUTLOOKS: usize = 3;
const KINDS: [&str; 4] = ["histories", "judgements", "moves", "outlooks"];

/// The file of one kind (0 histories, 1 judgements, 2 moves, `OUTLOOKS`) of one shard.
pub(crate) fn part_path(dir: &Path, shard: usize, kind: usize, number: u64) -> PathBuf {
    dir.join("judged").join(format!("{}-{number}-{shard:02}.arrow", KINDS[kind]))
}

/// Whether a file in `judged` holds outlooks, which have a manifest of their own.
pub(crate) fn is_outlooks(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(KINDS[OUTLOOKS]) && name.ends_with(".arrow")
}

/// The epoch of the columns that the snapshot beside them was made from; they are in `events`.
pub(crate) fn epoch_of(events: &Path) -> u64 {
    let info = events.parent().map(Info::read);
    info.and_then(|i| i.ok().flatten()).map_or(0, |i| i.epoch)
}

/// One shard: two tables, or three, with the same rows, in the order of customers.
#[derive(Clone)]
pub(crate) struct Shard {
    pub(crate) histories: Arc<Histories>,
    pub(crate) judged: Arc<Judged>,
    pub(crate) outlooks: Option<Arc<Outlooks>>,
}

/// Every customer as of a day, judged by a policy. Cheap to clone.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) info: Arc<Info>,
    pub(crate) scale: Arc<Scale>,
    pub(crate) shards: Vec<Shard>,
    /// Index of the first row of each shard, and the number of all rows at the end.
    pub(crate) starts: Vec<u32>,
    /// Joined names of each category set.
    pub(crate) sets: Arc<Vec<String>>,
    /// What customers said; `None` until somebody puts it beside: see `with_told`.
    pub(crate) told: Option<Arc<AllTold>>,
}

/// One customer with everything known and thought about them.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub history: History,
    pub judgement: Judgement,
    pub scores: Scores,
    /// `None` where nothing is expected, or the snapshot has no outlooks.
    pub outlook: Option<Outlook>,
}

impl Snapshot {
    /// Reads the last snapshot of a folder, with its outlooks where there are some; `None` where
    /// there is none that this release can read.
    pub fn load(dir: &Path) -> Result<Option<Snapshot>, Error> {
        for _ in 0..3 {
            let Some(info) = Info::read(dir)? else { return Ok(None) };
            match Snapshot::read(dir, info).and_then(|s| foresee::attach(dir, s)) {
                // Replaced between the two readings: look again.
                Err(error) if error.is_gone() => {}
                Err(Error::Damaged { .. }) => return Ok(None),
                other => return other.map(Some),
            }
        }
        Ok(None)
    }

    pub(crate) fn read(dir: &Path, info: Info) -> Result<Snapshot, Error> {
        let shards = parallel::for_each(
            info.files.len(),
            parallel::threads(),
            || (),
            |(), i| {
                let (histories, judged) = (Arc::new(info.histories(dir, i)?), Arc::new(info.judged(dir, i)?));
                Ok(Shard { histories, judged, outlooks: None })
            },
        )?;
        Ok(Snapshot::of(info, shards))
    }

    pub(crate) fn of(info: Info, shards: Vec<Shard>) -> Snapshot {
        let mut starts = vec![0];
        for shard in &shards {
            starts.push(starts[starts.len() - 1] + shard.histories.len as u32);
        }
        let sets = Arc::new(info.categories.iter().map(|set| set.join(", ")).collect());
        Snapshot {
            scale: Arc::new(info.scale.clone()),
            info: Arc::new(info),
            shards,
            starts,
            sets,
            told: None,
        }
    }

    /// The same customers with other cuts for R, F and M.
    pub fn with_cuts(&self, cuts: &Cuts) -> Snapshot {
        let histories: Vec<&Histories> = self.shards.iter().map(|s| &*s.histories).collect();
        let scale = Arc::new(Scale::of(&histories, self.info.as_of.0, cuts));
        Snapshot { scale, ..self.clone() }
    }

    /// The day everyone is seen on.
    pub fn as_of(&self) -> Day {
        self.info.as_of
    }

    /// The policy everyone was judged by.
    pub fn policy(&self) -> &Policy {
        &self.info.policy
    }

    /// The store's number of the last change that was looked at.
    pub fn seq(&self) -> u64 {
        self.info.seq
    }

    /// How many customers there are.
    pub fn customers(&self) -> u64 {
        u64::from(self.starts[self.starts.len() - 1])
    }

    /// Whether outlooks were made for its rows: see `foresee`.
    pub fn has_outlooks(&self) -> bool {
        !self.shards.is_empty() && self.shards.iter().all(|shard| shard.outlooks.is_some())
    }

    /// The category sets by number, as the store gave them.
    pub fn categories(&self) -> &[Vec<String>] {
        &self.info.categories
    }

    /// The customers for whom a condition holds; an empty one holds for all.
    pub fn select(&self, condition: &str) -> Result<Selection, SegmentError> {
        let condition = segment::parse(condition, false)?;
        let mut chosen = Selection { words: Vec::new(), starts: self.starts.clone(), len: 0 };
        for i in 0..self.shards.len() {
            let yes = condition.holds(&self.view(i)).yes;
            chosen.len += bits::count(&yes);
            chosen.words.push(yes);
        }
        Ok(chosen)
    }

    /// One customer; `None` for someone unknown on that day.
    pub fn row(&self, customer: i64) -> Option<Row> {
        let shard = shard_of(customer, self.shards.len().max(1));
        let row = self.shards.get(shard)?.histories.find(customer)?;
        Some(self.row_in(shard, row))
    }

    /// The row of an index of a selection, below `customers`.
    pub fn row_at(&self, index: u32) -> Row {
        let shard = self.starts.partition_point(|&start| start <= index) - 1;
        self.row_in(shard, (index - self.starts[shard]) as usize)
    }

    pub(crate) fn row_in(&self, shard: usize, row: usize) -> Row {
        let Shard { histories, judged, outlooks } = &self.shards[shard];
        let history = histories.get(row);
        let judgement = judged.get(history.customer, row);
        let scores = self.scale.scores(histories, row, self.info.as_of.0);
        Row { history, judgement, scores, outlook: outlooks.as_ref().and_then(|o| o.get(row)) }
    }

    pub(crate) fn view(&self, shard: usize) -> View<'_> {
        let Shard { histories, judged, outlooks } = &self.shards[shard];
        View {
            h: histories,
            j: Some(judged),
            o: outlooks.as_deref(),
            as_of: self.info.as_of.0,
            scale: Some(&self.scale),
            sets: &self.sets,
            told: self.told_in(shard),
        }
    }
}

/// Some of a snapshot's customers.
#[derive(Clone, PartialEq, Debug)]
pub struct Selection {
    /// Per shard.
    pub(crate) words: Vec<Bits>,
    starts: Vec<u32>,
    len: u64,
}

impl Selection {
    /// How many customers.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Their indexes, ascending, as `Snapshot::row_at` takes them.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let shards = self.words.iter().zip(&self.starts);
        shards.flat_map(|(words, &start)| bits::ones(words).map(move |row| start + row as u32))
    }

    /// Whether the customer of this index is in it.
    pub fn contains(&self, index: u32) -> bool {
        let shard = self.starts.partition_point(|&start| start <= index) - 1;
        let Some(words) = self.words.get(shard) else { return false };
        let row = (index - self.starts[shard]) as usize;
        words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}
