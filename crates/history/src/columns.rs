//! The shadow of the store's events: shards of whole timelines, and what changed since.

use crate::files::{read_json, replace_json, sync_dir};
use crate::rows::{GONE, Rows, shard_of};
use crate::spill::{PARTS, Spill};
use crate::{BoxError, Error, parallel};
use model::{Event, Timeline};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Hands every event there is to whoever is given, in any order.
pub type Fill<'a> = dyn FnMut(&mut dyn FnMut(Event)) -> Result<(), BoxError> + 'a;

const FORMAT: u32 = 1;
/// Rows that a shard holds before there are twice as many shards.
const SHARD_ROWS: u64 = 128 << 10;
/// More deltas than this, or more rows in them than a tenth of the base, are worked in.
const MOST_DELTAS: usize = 16;

/// Names the files that count. Whatever else lies in the folder is left over and removed.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Debug)]
pub(crate) struct Manifest {
    format: u32,
    /// What the events were counted by, in the caller's words.
    tag: String,
    /// The store's number of the last change that is in here.
    pub(crate) seq: u64,
    /// Another one after every rebuild.
    pub(crate) epoch: u64,
    /// Number of the base's files.
    base: u64,
    pub(crate) shards: usize,
    rows: u64,
    customers: u64,
    /// The last delta that the base holds already.
    pub(crate) merged: u64,
    /// Number of the last delta.
    pub(crate) last: u64,
    deltas: Vec<Delta>,
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Delta {
    number: u64,
    rows: u64,
}

/// Parquet files of events by hash of the customer, named by a manifest. Deleted, they are rebuilt.
pub struct Columns {
    dir: PathBuf,
    manifest: Option<Manifest>,
}

impl Columns {
    /// Opens the shadow in a folder; empty where there is none, one of another release, or one
    /// of which files are missing.
    pub fn open(dir: &Path) -> Result<Columns, Error> {
        let dir = dir.join("events");
        let manifest = read_json::<Manifest>(&dir.join("manifest.json"))?.filter(|m| m.format == FORMAT);
        let mut columns = Columns { dir, manifest };
        if !columns.is_whole() {
            columns.manifest = None;
        }
        Ok(columns)
    }

    fn is_whole(&self) -> bool {
        self.manifest.as_ref().is_none_or(|m| {
            (0..m.shards).all(|shard| self.base_file(m.base, shard).exists())
                && m.deltas.iter().all(|d| self.delta_file(d.number).exists())
        })
    }

    /// Whether there is nothing to read: build it first.
    pub fn is_empty(&self) -> bool {
        self.manifest.is_none()
    }

    /// The store's number of the last change that is in here.
    pub fn seq(&self) -> u64 {
        self.manifest.as_ref().map_or(0, |m| m.seq)
    }

    /// What the events were counted by, as given to `rebuild`.
    pub fn tag(&self) -> &str {
        self.manifest.as_ref().map_or("", |m| &m.tag)
    }

    /// Customers with events when it was last rebuilt or compacted.
    pub fn customers(&self) -> u64 {
        self.manifest.as_ref().map_or(0, |m| m.customers)
    }

    /// A text that no other content has had, as far as this folder knows.
    pub fn stamp(&self) -> String {
        self.manifest
            .as_ref()
            .map_or(String::new(), |m| format!("{}.{}.{}.{}", m.seq, m.epoch, m.last, m.rows))
    }

    pub(crate) fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Writes everything anew from unordered events. Memory: one shard per thread.
    pub fn rebuild(&mut self, seq: u64, tag: &str, fill: &mut Fill<'_>) -> Result<(), Error> {
        fs::create_dir_all(&self.dir).map_err(Error::io(&self.dir))?;
        let mut spill = Spill::new(&self.dir)?;
        let mut failed = None;
        let filled = fill(&mut |event| {
            if failed.is_none() {
                failed = spill.push(&event).err();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        filled.map_err(Error::Source)?;
        spill.close()?;
        let old = self.manifest.clone().unwrap_or_default();
        let epoch = old.epoch.max(crate::snapshot::epoch_of(&self.dir)) + 1;
        let (base, shards) = (old.base.max(epoch) + 1, shards_for(spill.rows));
        let counts = parallel::for_each(shards, parallel::threads(), Rows::default, |rows, shard| {
            rows.clear();
            spill.sorted(shard, shards)?.iter().for_each(|e| rows.push(e));
            rows.write(&self.base_file(base, shard))?;
            Ok(runs(rows))
        })?;
        self.publish(Manifest {
            format: FORMAT,
            tag: tag.to_owned(),
            seq,
            epoch,
            base,
            shards,
            rows: spill.rows,
            customers: counts.iter().sum(),
            merged: old.last,
            last: old.last,
            deltas: vec![],
        })
    }

    /// Takes in the whole timelines of some customers; one named without events is gone.
    pub fn replace(&mut self, seq: u64, customers: &[i64], mut events: Vec<Event>) -> Result<(), Error> {
        let Some(manifest) = self.compacted()? else {
            let tag = self.tag().to_owned();
            return self.rebuild(seq, &tag, &mut |each| {
                events.drain(..).for_each(&mut *each);
                Ok(())
            });
        };
        events.sort_unstable();
        let mut named = customers.to_vec();
        named.sort_unstable();
        named.dedup();
        let mut rows = Rows::default();
        let mut rest = events.iter().peekable();
        for customer in named {
            let before = rows.len();
            while rest.next_if(|e| e.customer < customer).is_some() {}
            while let Some(event) = rest.next_if(|e| e.customer == customer) {
                rows.push(event);
            }
            if rows.len() == before {
                rows.push_gone(customer);
            }
        }
        let number = manifest.last + 1;
        rows.write(&self.delta_file(number))?;
        let mut next = Manifest { seq, last: number, ..manifest };
        next.deltas.push(Delta { number, rows: rows.len() as u64 });
        self.publish(next)
    }

    /// The manifest, after working the deltas in where they have become too many. The newest
    /// delta stays out of the way: whoever has seen all deltas so far need not start anew.
    fn compacted(&mut self) -> Result<Option<Manifest>, Error> {
        let Some(old) = self.manifest.clone() else { return Ok(None) };
        let in_deltas: u64 = old.deltas.iter().map(|d| d.rows).sum();
        if old.deltas.len() < MOST_DELTAS && in_deltas * 10 <= old.rows.max(SHARD_ROWS) {
            return Ok(Some(old));
        }
        let reader = self.reader()?;
        let shards = shards_for(old.rows + in_deltas).max(old.shards);
        let base = old.base + 1;
        let counts = parallel::for_each(old.shards, parallel::threads(), Rows::default, |rows, shard| {
            let mut parts = vec![Rows::default(); shards / old.shards];
            reader.load(rows, shard)?;
            reader.walk(rows, shard, &mut |t| parts[shard_of(t.customer, shards) / old.shards].extend(t));
            for (i, part) in parts.iter().enumerate() {
                part.write(&self.base_file(base, shard + i * old.shards))?;
            }
            Ok((parts.iter().map(runs).sum::<u64>(), parts.iter().map(|p| p.len() as u64).sum::<u64>()))
        })?;
        let customers = counts.iter().map(|c| c.0).sum();
        let rows = counts.iter().map(|c| c.1).sum();
        let next = Manifest { base, shards, rows, customers, merged: old.last, deltas: vec![], ..old };
        self.publish(next.clone())?;
        Ok(Some(next))
    }

    /// One customer's events, sorted.
    pub fn timeline(&self, customer: i64) -> Result<Vec<Event>, Error> {
        let Some(manifest) = &self.manifest else { return Ok(vec![]) };
        let shard = shard_of(customer, manifest.shards);
        let (reader, mut rows) = (self.reader()?, Rows::default());
        if !reader.is_patched(shard, customer) {
            reader.load(&mut rows, shard)?;
        }
        Ok(crate::rows::events(&reader.timeline(&rows, shard, customer)))
    }

    /// Loads the deltas, for reading shard by shard.
    pub(crate) fn reader(&self) -> Result<Reader<'_>, Error> {
        let mut reader = Reader { columns: self, deltas: vec![], patches: vec![] };
        let Some(manifest) = &self.manifest else { return Ok(reader) };
        reader.patches = vec![vec![]; manifest.shards];
        for (i, delta) in manifest.deltas.iter().enumerate() {
            let mut rows = Rows::default();
            rows.read(&self.delta_file(delta.number))?;
            let mut from = 0;
            while from < rows.len() {
                let to = rows.end_of_run(from);
                let customer = rows.customers[from];
                let gone = rows.kinds[from] == GONE;
                let patch = Patch {
                    customer,
                    delta: i,
                    number: delta.number,
                    from,
                    to: if gone { from } else { to },
                };
                reader.patches[shard_of(customer, manifest.shards)].push(patch);
                from = to;
            }
            reader.deltas.push(rows);
        }
        for patches in &mut reader.patches {
            patches.sort_unstable_by_key(|p| (p.customer, std::cmp::Reverse(p.delta)));
            patches.dedup_by_key(|p| p.customer);
        }
        Ok(reader)
    }

    fn base_file(&self, base: u64, shard: usize) -> PathBuf {
        self.dir.join(format!("base-{base}-{shard:02}.parquet"))
    }

    fn delta_file(&self, number: u64) -> PathBuf {
        self.dir.join(format!("delta-{number}.parquet"))
    }

    /// Makes a manifest the one that counts, then removes the files it does not name.
    fn publish(&mut self, next: Manifest) -> Result<(), Error> {
        sync_dir(&self.dir).map_err(Error::io(&self.dir))?;
        replace_json(&self.dir.join("manifest.json"), &next)?;
        let (base, deltas) = (format!("base-{}-", next.base), &next.deltas);
        let kept = |name: &str| {
            let delta = name.strip_prefix("delta-").and_then(|n| n.strip_suffix(".parquet"));
            let number = delta.and_then(|n| n.parse().ok());
            !name.ends_with(".parquet")
                || name.starts_with(&base)
                || deltas.iter().any(|d| Some(d.number) == number)
        };
        for entry in fs::read_dir(&self.dir).map_err(Error::io(&self.dir))?.flatten() {
            if !kept(&entry.file_name().to_string_lossy()) {
                // Left behind, it goes next time.
                let _ = fs::remove_file(entry.path());
            }
        }
        self.manifest = Some(next);
        Ok(())
    }
}

/// Reads merged timelines: of each customer the newest there is.
pub(crate) struct Reader<'a> {
    columns: &'a Columns,
    deltas: Vec<Rows>,
    /// Per shard by customer.
    patches: Vec<Vec<Patch>>,
}

/// A customer whose timeline lies in a delta; empty when the customer is gone.
#[derive(Clone, Copy)]
struct Patch {
    customer: i64,
    delta: usize,
    number: u64,
    from: usize,
    to: usize,
}

impl Reader<'_> {
    fn patch(&self, p: &Patch) -> Timeline<'_> {
        Timeline { customer: p.customer, ..self.deltas[p.delta].timeline(p.from, p.to) }
    }

    /// Reads the base of a shard, for `walk`.
    pub(crate) fn load(&self, rows: &mut Rows, shard: usize) -> Result<(), Error> {
        rows.clear();
        match &self.columns.manifest {
            Some(manifest) => rows.read(&self.columns.base_file(manifest.base, shard)),
            None => Ok(()),
        }
    }

    /// Tells every timeline of a shard, whose base is `rows`, in the order of customers.
    pub(crate) fn walk(&self, rows: &Rows, shard: usize, each: &mut dyn FnMut(&Timeline)) {
        let mut patches = self.patches[shard].iter().peekable();
        let tell = |p: &Patch, each: &mut dyn FnMut(&Timeline)| {
            if p.from < p.to {
                each(&self.patch(p));
            }
        };
        let mut from = 0;
        while from < rows.len() {
            let (customer, to) = (rows.customers[from], rows.end_of_run(from));
            while let Some(p) = patches.next_if(|p| p.customer < customer) {
                tell(p, each);
            }
            match patches.next_if(|p| p.customer == customer) {
                Some(p) => tell(p, each),
                None => each(&rows.timeline(from, to)),
            }
            from = to;
        }
        patches.for_each(|p| tell(p, each));
    }

    fn patch_of(&self, shard: usize, customer: i64) -> Option<&Patch> {
        let patches = self.patches.get(shard)?;
        patches.binary_search_by_key(&customer, |p| p.customer).ok().map(|i| &patches[i])
    }

    /// Whether a customer's timeline lies in a delta, so that the base need not be read.
    pub(crate) fn is_patched(&self, shard: usize, customer: i64) -> bool {
        self.patch_of(shard, customer).is_some()
    }

    /// One customer's timeline, of a shard whose base is `rows`; empty for someone unknown.
    pub(crate) fn timeline<'r>(&'r self, rows: &'r Rows, shard: usize, customer: i64) -> Timeline<'r> {
        if let Some(patch) = self.patch_of(shard, customer) {
            return self.patch(patch);
        }
        let from = rows.customers.partition_point(|&c| c < customer);
        let to = from + rows.customers[from..].partition_point(|&c| c == customer);
        Timeline { customer, ..rows.timeline(from, to) }
    }

    /// The customers of a shard whose timelines changed after delta `seen`, ascending.
    pub(crate) fn changed(&self, shard: usize, seen: u64) -> impl Iterator<Item = i64> + '_ {
        self.patches[shard].iter().filter(move |p| p.number > seen).map(|p| p.customer)
    }
}

fn shards_for(rows: u64) -> usize {
    (rows / SHARD_ROWS).max(1).next_power_of_two().min(PARTS as u64) as usize
}

/// Customers in sorted rows.
fn runs(rows: &Rows) -> u64 {
    rows.customers.chunk_by(|a, b| a == b).count() as u64
}
