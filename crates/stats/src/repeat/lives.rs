//! The data of the repeat-purchase models: lives, equal ones counted once, their times interned.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// One repeat buyer's sufficient statistics; any one time unit throughout (weeks in the references).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Life {
    /// Repeat purchases: the first one does not count.
    pub x: u32,
    /// Age at the last repeat purchase; 0 if there is none.
    pub t_x: f64,
    /// Age when the observation ends, at least `t_x`.
    pub t: f64,
    /// Sum of the logarithms of the gaps between purchases; only models with regular gaps use it.
    pub litt: f64,
}

impl Life {
    /// The nearest life that can be: times at least 0, `t_x` at most `t`, and nothing repeated at age 0.
    /// What is not finite counts as 0.
    pub fn tidy(self) -> Life {
        let time = |t: f64| if t.is_finite() { t.max(0.0) } else { 0.0 };
        let t = time(self.t);
        let t_x = time(self.t_x).min(t);
        if self.x == 0 || t_x == 0.0 {
            return Life { x: 0, t_x: 0.0, t, litt: 0.0 };
        }
        Life { x: self.x, t_x, t, litt: if self.litt.is_finite() { self.litt } else { 0.0 } }
    }
}

/// Many lives (each made [tidy](Life::tidy)), equal ones counted once. Distinct times and counts are
/// interned, so that a likelihood takes logarithms and gammas once per distinct value.
#[derive(Clone, Debug, Default)]
pub struct Lives {
    /// Distinct ages, rising: both `t` and `t_x`.
    pub(super) times: Vec<f64>,
    /// One per distinct count, rising.
    pub(super) blocks: Vec<Block>,
    /// Sorted by count, `t`, `t_x`.
    pub(super) rows: Vec<Row>,
    /// For each age: how many lives end there, and the sum of their counts.
    pub(super) ends: Vec<(f64, f64)>,
    pub(super) total: f64,
    pub(super) sum_litt: f64,
}

/// The lives with the same count.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub x: f64,
    pub weight: f64,
    pub rows: Range<usize>,
}

/// Equal lives, their times as positions in `times`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub t: u32,
    pub t_x: u32,
    pub weight: f64,
}

impl Lives {
    /// Groups lives; the order in which they come does not matter.
    pub fn group(lives: impl IntoIterator<Item = Life>) -> Lives {
        let mut times = Interned::default();
        let mut keys: Vec<(u32, u32, u32)> = Vec::new();
        let mut sum_litt = 0.0;
        for life in lives {
            let life = life.tidy();
            keys.push((life.x, times.position(life.t), times.position(life.t_x)));
            sum_litt += life.litt;
        }
        let (times, place) = times.sorted();
        let mut keys: Vec<u128> =
            keys.into_iter().map(|(x, t, t_x)| pack(x, place[t as usize], place[t_x as usize])).collect();
        keys.sort_unstable();
        let rows = keys.chunk_by(|a, b| a == b).map(|equal| {
            let (x, t, t_x) = unpack(equal[0]);
            (x, Row { t, t_x, weight: equal.len() as f64 })
        });
        Lives::assemble(times, rows, sum_litt)
    }

    /// How many lives there are, each counted.
    pub fn len(&self) -> f64 {
        self.total
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many different (x, t_x, t) there are.
    pub fn distinct(&self) -> usize {
        self.rows.len()
    }

    /// The highest age at the end, 0 if there are no lives.
    pub(super) fn longest(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    /// Why no model can be fitted on these lives, if so.
    pub(super) fn nothing_to_learn(&self) -> Option<String> {
        if self.is_empty() {
            return Some("there are no lives".into());
        }
        if self.longest() == 0.0 {
            return Some("nobody has been observed for any time".into());
        }
        let nobody_again = self.blocks.iter().all(|block| block.x == 0.0);
        nobody_again.then(|| "nobody has bought again".into())
    }

    /// About `rows` rows that stand for all: every so many-th life in the sorted order, so that each count
    /// and each age keeps its share.
    pub(super) fn thinned(&self, rows: usize) -> Lives {
        let step = self.total / rows as f64;
        let mut passed = 0.5 * step;
        let kept =
            self.blocks.iter().flat_map(|block| self.rows[block.rows.clone()].iter().map(|r| (block.x, *r)));
        let kept = kept.filter_map(|(x, row)| {
            passed += row.weight;
            let hits = (passed / step).floor();
            passed -= hits * step;
            (hits > 0.0).then_some((x as u32, Row { weight: hits * step, ..row }))
        });
        Lives::assemble(self.times.clone(), kept, self.sum_litt)
    }

    /// Rows that come sorted by count, with the sums over them.
    fn assemble(times: Vec<f64>, sorted: impl Iterator<Item = (u32, Row)>, sum_litt: f64) -> Lives {
        let mut lives = Lives { ends: vec![(0.0, 0.0); times.len()], times, sum_litt, ..Lives::default() };
        for (x, row) in sorted {
            let x = f64::from(x);
            let at = lives.rows.len();
            lives.rows.push(row);
            match lives.blocks.last_mut().filter(|block| block.x == x) {
                Some(block) => (block.weight, block.rows.end) = (block.weight + row.weight, at + 1),
                None => lives.blocks.push(Block { x, weight: row.weight, rows: at..at + 1 }),
            }
            let end = &mut lives.ends[row.t as usize];
            *end = (end.0 + row.weight, end.1 + row.weight * x);
            lives.total += row.weight;
        }
        lives
    }
}

fn pack(x: u32, t: u32, t_x: u32) -> u128 {
    (u128::from(x) << 64) | (u128::from(t) << 32) | u128::from(t_x)
}

fn unpack(key: u128) -> (u32, u32, u32) {
    ((key >> 64) as u32, (key >> 32) as u32, key as u32)
}

/// Distinct times in order of appearance.
#[derive(Default)]
struct Interned {
    positions: HashMap<u64, u32, BuildHasherDefault<BitsHasher>>,
    times: Vec<f64>,
}

impl Interned {
    fn position(&mut self, time: f64) -> u32 {
        let next = self.times.len() as u32;
        *self.positions.entry(time.to_bits()).or_insert_with(|| {
            self.times.push(time);
            next
        })
    }

    /// The times rising, and where each position went.
    fn sorted(self) -> (Vec<f64>, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.times.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.times[*a as usize].total_cmp(&self.times[*b as usize]));
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old as usize] = new as u32;
        }
        (order.iter().map(|old| self.times[*old as usize]).collect(), place)
    }
}

/// Mixes the bits of one number (the finaliser of MurmurHash3); the map is never iterated.
#[derive(Default)]
struct BitsHasher(u64);

impl Hasher for BitsHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, bits: u64) {
        let mixed = (bits ^ (bits >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        self.0 = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    }
}
