//! Events in any order, put aside by customer so that each part fits in memory.

use crate::{Error, rows::shard_of};
use model::{Day, Event, EventKind};
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The most shards there can be.
pub(crate) const PARTS: usize = 64;
const WIDTH: usize = 25;

/// One raw temporary file per part; removed when dropped.
pub(crate) struct Spill {
    dir: PathBuf,
    parts: Vec<Option<BufWriter<File>>>,
    pub(crate) rows: u64,
}

impl Spill {
    pub(crate) fn new(dir: &Path) -> Result<Spill, Error> {
        let dir = dir.join("spill");
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(Error::io(&dir))?;
        }
        fs::create_dir_all(&dir).map_err(Error::io(&dir))?;
        Ok(Spill { dir, parts: (0..PARTS).map(|_| None).collect(), rows: 0 })
    }

    fn path(&self, part: usize) -> PathBuf {
        self.dir.join(part.to_string())
    }

    pub(crate) fn push(&mut self, e: &Event) -> Result<(), Error> {
        let part = shard_of(e.customer, PARTS);
        let path = self.path(part);
        if self.parts[part].is_none() {
            let file = File::create(&path).map_err(Error::io(&path))?;
            self.parts[part] = Some(BufWriter::with_capacity(1 << 16, file));
        }
        let mut bytes = [0; WIDTH];
        bytes[..8].copy_from_slice(&e.customer.to_le_bytes());
        bytes[8..12].copy_from_slice(&e.day.0.to_le_bytes());
        bytes[12] = e.kind as u8;
        bytes[13..21].copy_from_slice(&e.value.to_le_bytes());
        bytes[21..].copy_from_slice(&e.categories.to_le_bytes());
        self.rows += 1;
        match &mut self.parts[part] {
            Some(file) => file.write_all(&bytes).map_err(Error::io(&path)),
            None => Ok(()),
        }
    }

    /// Ends writing.
    pub(crate) fn close(&mut self) -> Result<(), Error> {
        for part in 0..PARTS {
            if let Some(mut file) = self.parts[part].take() {
                file.flush().map_err(Error::io(&self.path(part)))?;
            }
        }
        Ok(())
    }

    /// The events of one shard of `shards`, sorted.
    pub(crate) fn sorted(&self, shard: usize, shards: usize) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        for part in (shard..PARTS).step_by(shards) {
            let path = self.path(part);
            let mut bytes = Vec::new();
            match File::open(&path) {
                Ok(mut file) => file.read_to_end(&mut bytes).map_err(Error::io(&path))?,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io(&path)(e)),
            };
            events.reserve(bytes.len() / WIDTH);
            events.extend(bytes.chunks_exact(WIDTH).filter_map(decode));
        }
        events.sort_unstable();
        Ok(events)
    }
}

fn decode(bytes: &[u8]) -> Option<Event> {
    Some(Event {
        customer: i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?),
        day: Day(i32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?)),
        kind: EventKind::from_code(*bytes.get(12)?)?,
        value: i64::from_le_bytes(bytes.get(13..21)?.try_into().ok()?),
        categories: u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?),
    })
}

impl Drop for Spill {
    fn drop(&mut self) {
        // Left behind, it is removed by the next rebuild.
        let _ = fs::remove_dir_all(&self.dir);
    }
}
