//! An outlook beside every row of a snapshot, kept while model, day and customer stay the same.

use crate::columns::{Columns, Manifest, Reader};
use crate::files::{read_json, replace_json};
use crate::outlooks::{Outlooks, OutlooksBuilder};
use crate::rows::Rows;
use crate::snapshot::{Info, OUTLOOKS, Part, Shard, Snapshot, is_outlooks, part_path};
use crate::{Error, parallel};
use model::{Day, History, Judgement, Outlook, Policy, Timeline};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FORMAT: u32 = 1;

/// Which files hold the outlooks, and what they were made from.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Foreseen {
    format: u32,
    /// The model, in the caller's words.
    stamp: String,
    as_of: Day,
    policy: Policy,
    epoch: u64,
    /// The last delta that the rows were made from.
    seen: u64,
    /// Per shard the files of the rows. No number is given twice, so the same files are the same
    /// rows, made from the same timelines.
    rows: Vec<[Part; 3]>,
    /// Per shard the file of the outlooks.
    files: Vec<Part>,
}

impl Foreseen {
    fn path(dir: &Path) -> PathBuf {
        dir.join("judged").join("outlooks.json")
    }

    fn read(dir: &Path) -> Result<Option<Foreseen>, Error> {
        let whole = |f: &Foreseen| f.format == FORMAT && f.rows.len() == f.files.len();
        Ok(read_json::<Foreseen>(&Foreseen::path(dir))?.filter(whole))
    }

    fn fits(&self, info: &Info) -> bool {
        let shards = self.rows.len() == info.files.len();
        shards && self.as_of == info.as_of && self.epoch == info.epoch && self.policy == info.policy
    }

    /// The file of a shard, where it was made from these rows.
    fn part(&self, info: &Info, shard: usize) -> Option<Part> {
        self.files.get(shard).filter(|_| self.rows[shard] == info.files[shard]).copied()
    }
}

/// The highest number of a snapshot's file that outlooks were made from.
pub(crate) fn last_seen(dir: &Path) -> Result<u64, Error> {
    let rows = Foreseen::read(dir)?.map_or(vec![], |f| f.rows);
    Ok(rows.iter().flatten().map(|part| part.number).max().unwrap_or(0))
}

/// The snapshot with an outlook beside every row, made by `of` from the customer's own history,
/// judgement and whole timeline (events after the day included), unless the files beside the
/// snapshot were made as of the same day under the same policy and the same `stamp` (which names
/// the model): then only customers with news since are asked for. An outlook with a number that
/// is none counts as `None`.
///
/// The caller holds the folder's `lock` over judging and this. If the columns have moved on since
/// the snapshot was made, nothing is made or written, and the snapshot comes back as it was,
/// without outlooks unless it had some.
pub fn foresee(
    dir: &Path,
    snapshot: &Snapshot,
    stamp: &str,
    threads: usize,
    of: impl Fn(&History, &Judgement, &Timeline) -> Option<Outlook> + Sync,
) -> Result<Snapshot, Error> {
    let (info, columns) = (&*snapshot.info, Columns::open(dir)?);
    let last = Foreseen::read(dir)?;
    let number = 1 + last.iter().flat_map(|l| &l.files).map(|part| part.number).max().unwrap_or(0);
    let old = last.filter(|l| l.stamp == stamp && l.fits(info));
    let same = |m: &&Manifest| (m.epoch, m.last, m.shards) == (info.epoch, info.seen, info.files.len());
    let manifest = columns.manifest().filter(same);
    // Later deltas say who has news only as long as they are not worked into the base.
    let base = old.as_ref().filter(|o| manifest.is_some_and(|m| o.seen >= m.merged));
    let reader = manifest.map(|_| columns.reader()).transpose()?;
    let sight = Sight { dir, snapshot, of };
    let done = parallel::for_each(snapshot.shards.len(), threads, Rows::default, |rows, shard| {
        if let Some(part) = old.as_ref().and_then(|o| o.part(info, shard)) {
            match sight.load(shard, part) {
                Err(error) if error.is_broken() => {}
                kept => return kept.map(|table| Some((table, part))),
            }
        }
        let Some(reader) = &reader else { return Ok(None) };
        let table = match base.map(|base| sight.splice(reader, shard, base)) {
            Some(Err(error)) if error.is_broken() => sight.whole(reader, rows, shard)?,
            Some(spliced) => spliced?,
            None => sight.whole(reader, rows, shard)?,
        };
        let part = Part { number, size: table.save(&part_path(dir, shard, OUTLOOKS, number))? };
        Ok(Some((table, part)))
    })?;
    let Some(done) = done.into_iter().collect::<Option<Vec<_>>>() else { return Ok(snapshot.clone()) };
    let (tables, files): (Vec<_>, Vec<_>) = done.into_iter().unzip();
    let new = Foreseen {
        format: FORMAT,
        stamp: stamp.to_owned(),
        as_of: info.as_of,
        policy: info.policy.clone(),
        epoch: info.epoch,
        seen: info.seen,
        rows: info.files.clone(),
        files,
    };
    if old.as_ref() != Some(&new) {
        replace_json(&Foreseen::path(dir), &new)?;
        sweep(dir, &new);
    }
    Ok(with(snapshot, tables))
}

/// The snapshot with the outlooks beside it on disk, where they were made from it.
pub(crate) fn attach(dir: &Path, snapshot: Snapshot) -> Result<Snapshot, Error> {
    let Some(old) = Foreseen::read(dir)?.filter(|o| o.fits(&snapshot.info) && o.rows == snapshot.info.files)
    else {
        return Ok(snapshot);
    };
    let none = |_: &History, _: &Judgement, _: &Timeline| None;
    let sight = Sight { dir, snapshot: &snapshot, of: none };
    let load = |(): &mut (), shard: usize| sight.load(shard, old.files[shard]);
    match parallel::for_each(old.files.len(), parallel::threads(), || (), load) {
        Ok(tables) => Ok(with(&snapshot, tables)),
        Err(error) if error.is_broken() => Ok(snapshot),
        Err(error) => Err(error),
    }
}

fn with(snapshot: &Snapshot, tables: Vec<Outlooks>) -> Snapshot {
    let mut seen = snapshot.clone();
    for (shard, table) in seen.shards.iter_mut().zip(tables) {
        shard.outlooks = Some(Arc::new(table));
    }
    seen
}

/// Makes and reads tables of outlooks for a snapshot.
struct Sight<'a, F> {
    dir: &'a Path,
    snapshot: &'a Snapshot,
    of: F,
}

impl<F: Fn(&History, &Judgement, &Timeline) -> Option<Outlook>> Sight<'_, F> {
    /// A shard's file, if it is of the same rows.
    fn load(&self, shard: usize, part: Part) -> Result<Outlooks, Error> {
        let path = part_path(self.dir, shard, OUTLOOKS, part.number);
        self.checked(shard, Outlooks::load(&path, part.size)?)
    }

    fn checked(&self, shard: usize, table: Outlooks) -> Result<Outlooks, Error> {
        let histories = &self.snapshot.shards[shard].histories;
        let same = |row: usize| table.customer.at(row) == histories.customer.at(row);
        match table.len == histories.len && (0..table.len).all(same) {
            true => Ok(table),
            false => Err(Error::damaged(&Foreseen::path(self.dir))("outlooks and rows differ")),
        }
    }

    fn push(&self, out: &mut OutlooksBuilder, shard: usize, row: usize, t: &Timeline) {
        let Shard { histories, judged, .. } = &self.snapshot.shards[shard];
        out.push(t.customer, (self.of)(&histories.get(row), &judged.get(t.customer, row), t));
    }

    /// Asks for everybody in a shard.
    fn whole(&self, reader: &Reader<'_>, rows: &mut Rows, shard: usize) -> Result<Outlooks, Error> {
        reader.load(rows, shard)?;
        let (known, as_of) = (self.snapshot.shards[shard].histories.len, self.snapshot.info.as_of);
        let mut out = OutlooksBuilder::default();
        reader.walk(rows, shard, &mut |t| {
            if t.until(as_of) > 0 && out.len < known {
                let row = out.len;
                self.push(&mut out, shard, row, t);
            }
        });
        self.checked(shard, out.finish())
    }

    /// Asks for the customers with news, and takes the others from the last outlooks.
    fn splice(&self, reader: &Reader<'_>, shard: usize, base: &Foreseen) -> Result<Outlooks, Error> {
        let part = base.files[shard];
        let old = Outlooks::load(&part_path(self.dir, shard, OUTLOOKS, part.number), part.size)?;
        let (histories, unread) = (&self.snapshot.shards[shard].histories, Rows::default());
        let (mut out, mut kept) = (OutlooksBuilder::default(), 0);
        for customer in reader.changed(shard, base.seen) {
            let at = old.customer.lower_bound(kept..old.len, customer);
            out.copy(&old, kept..at);
            kept = at + usize::from(at < old.len && old.customer.at(at) == customer);
            if let Some(row) = histories.find(customer) {
                self.push(&mut out, shard, row, &reader.timeline(&unread, shard, customer));
            }
        }
        out.copy(&old, kept..old.len);
        self.checked(shard, out.finish())
    }
}

/// Removes the files of outlooks that are not named; left behind, they go next time.
fn sweep(dir: &Path, named: &Foreseen) {
    let path = |(shard, part): (usize, &Part)| part_path(dir, shard, OUTLOOKS, part.number);
    let kept: HashSet<PathBuf> = named.files.iter().enumerate().map(path).collect();
    for entry in std::fs::read_dir(dir.join("judged")).into_iter().flatten().flatten() {
        let path = entry.path();
        if is_outlooks(&path) && !kept.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}
