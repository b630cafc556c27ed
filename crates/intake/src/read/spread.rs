//! How the rows of a file's orders lie: what the first pass must know for the second.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Ids by 64 bits of hash: a hundred million fit where the ids themselves would not.
pub(crate) type Set = HashSet<u64, BuildHasherDefault<Plain>>;
pub(crate) type Map<V> = HashMap<u64, V, BuildHasherDefault<Plain>>;

/// Stable hash of an id.
pub(crate) fn hash(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// The keys are hashes already.
#[derive(Default)]
pub(crate) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

/// Which ids have their rows in several places. The first pass notes every group of rows in
/// order and sorts at the end: that is several times faster than asking a set each time.
#[derive(Default)]
pub(crate) struct Spread {
    /// First pass: the id of every group of rows.
    groups: Vec<u64>,
    /// First pass: ids of groups that made no order, though they may with the others.
    unmade: Vec<u64>,
    /// First pass: customer and time of every order without an id.
    pairs: Vec<u64>,
    /// Ids in more than one group of rows: how many groups.
    pub scattered: Map<u32>,
    /// Customer and time that more than one order without an id has.
    pub repeated: Set,
}

/// By how much the first pass counted too many.
pub(crate) struct Excess {
    pub orders: u64,
    pub rejects: u64,
}

impl Spread {
    /// First pass: a group of rows of this id ended, and made an order or was refused.
    pub fn group(&mut self, id: u64, made: bool) {
        self.groups.push(id);
        if !made {
            self.unmade.push(id);
        }
    }

    /// First pass: an order without an id.
    pub fn pair(&mut self, pair: u64) {
        self.pairs.push(pair);
    }

    /// The first pass is over.
    pub fn surveyed(&mut self) -> Excess {
        let mut groups = std::mem::take(&mut self.groups);
        groups.sort_unstable();
        let mut unmade = std::mem::take(&mut self.unmade);
        unmade.sort_unstable();
        let mut excess = Excess { orders: 0, rejects: 0 };
        for run in groups.chunk_by(|a, b| a == b).filter(|run| run.len() > 1) {
            let id = run[0];
            self.scattered.insert(id, run.len() as u32);
            let bad = unmade.partition_point(|u| *u <= id) - unmade.partition_point(|u| *u < id);
            let made = run.len() - bad;
            excess.orders += made.saturating_sub(1) as u64;
            // Rows that say nothing by themselves are the rest of an order that stands elsewhere.
            excess.rejects += if made > 0 { bad as u64 } else { bad as u64 - 1 };
        }
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
        self.repeated.extend(pairs.chunk_by(|a, b| a == b).filter(|run| run.len() > 1).map(|run| run[0]));
        excess
    }
}
