//! Counts and sums over a selection, and its first rows in some order.

use crate::bits;
use crate::published::{SPECS, Values};
use crate::segment::{SegmentError, nearest};
use crate::shard::{CPM_GONE, LONG_DORMANT};
use crate::snapshot::{Row, Selection, Snapshot};
use model::{Cpm, Money, Silent, Stage, State, Type};

/// How many, and what they have spent.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Count {
    pub customers: u64,
    pub spend: Money,
}

impl Count {
    fn add(&mut self, spend: i64) {
        self.customers += 1;
        self.spend += Money(spend);
    }
}

/// What a selection of customers comes to. Lists hold every value of their kind in reading order.
#[derive(Clone, PartialEq, Debug)]
pub struct Totals {
    pub customers: u64,
    pub spend: Money,
    pub states: Vec<(State, Count)>,
    pub stages: Vec<(Stage, Count)>,
    pub silent: Vec<(Silent, Count)>,
    pub types: Vec<(Type, Count)>,
    /// The ten cells, present and gone apart; and those without an order.
    pub cpm: Vec<(Cpm, bool, Count)>,
    /// Index is the score, 0 for customers without an order.
    pub r: [Count; 6],
    pub f: [Count; 6],
    pub m: [Count; 6],
    /// Customers per recency (first index), frequency and money score, each less one.
    pub rfm: [[[u64; 5]; 5]; 5],
    /// Index is the decile, 0 for customers without an order.
    pub deciles: [Count; 11],
    /// Dormant and silent beyond the long-dormant line.
    pub long_dormant: Count,
    /// Dormant since the day of the snapshot.
    pub newly_dormant: Count,
}

/// Counts by code while they are gathered.
#[derive(Default)]
struct Gathered {
    all: Count,
    states: [Count; 8],
    stages: [Count; 8],
    silent: [Count; 8],
    types: [Count; 8],
    cpm: [[Count; 2]; 8],
    r: [Count; 6],
    f: [Count; 6],
    m: [Count; 6],
    rfm: [[[u64; 5]; 5]; 5],
    deciles: [Count; 11],
    long_dormant: Count,
    newly_dormant: Count,
}

impl Snapshot {
    /// What a selection comes to, in one pass.
    pub fn totals(&self, selection: &Selection) -> Totals {
        let mut g = Gathered::default();
        for (shard, words) in selection.words.iter().enumerate() {
            bits::ones(words).for_each(|row| self.gather(&mut g, shard, row));
        }
        Totals {
            customers: g.all.customers,
            spend: g.all.spend,
            states: State::ALL.iter().map(|&s| (s, g.states[s.code() as usize])).collect(),
            stages: Stage::ALL.iter().map(|&s| (s, g.stages[s.code() as usize])).collect(),
            silent: Silent::ALL.iter().map(|&s| (s, g.silent[s.code() as usize])).collect(),
            types: Type::ALL.iter().map(|&s| (s, g.types[s.code() as usize])).collect(),
            cpm: Cpm::ALL
                .iter()
                .flat_map(|&c| {
                    [false, true].map(|gone| (c, gone, g.cpm[c.code() as usize][usize::from(gone)]))
                })
                .collect(),
            r: g.r,
            f: g.f,
            m: g.m,
            rfm: g.rfm,
            deciles: g.deciles,
            long_dormant: g.long_dormant,
            newly_dormant: g.newly_dormant,
        }
    }

    /// What a selection has spent: the one sum that every list shows.
    pub fn spend(&self, selection: &Selection) -> Money {
        let shard = |(shard, words): (usize, &bits::Bits)| {
            let spend = &self.shards[shard].histories.spend;
            bits::ones(words).map(|row| Money(spend.at(row))).sum::<Money>()
        };
        selection.words.iter().enumerate().map(shard).sum()
    }

    fn gather(&self, g: &mut Gathered, shard: usize, row: usize) {
        let (h, j) = (&self.shards[shard].histories, &self.shards[shard].judged);
        let (spend, state, marks) = (h.spend.at(row), j.state.at(row), j.marks.at(row));
        g.all.add(spend);
        g.states[usize::from(state & 7)].add(spend);
        g.stages[usize::from(j.stage.at(row) & 7)].add(spend);
        g.silent[usize::from(j.silent_category.at(row) & 7)].add(spend);
        g.types[usize::from(j.kind.at(row) & 7)].add(spend);
        g.cpm[usize::from(j.cpm.at(row) & 7)][usize::from(marks & CPM_GONE != 0)].add(spend);
        let s = self.scale.scores(h, row, self.info.as_of.0);
        for (counts, score) in [(&mut g.r, s.r), (&mut g.f, s.f), (&mut g.m, s.m)] {
            counts[usize::from(score.min(5))].add(spend);
        }
        if s.r > 0 {
            let at = |score: u8| usize::from(score - 1);
            g.rfm[at(s.r)][at(s.f)][at(s.m)] += 1;
        }
        g.deciles[usize::from(s.decile.min(10))].add(spend);
        if marks & LONG_DORMANT != 0 {
            g.long_dormant.add(spend);
        }
        if state == State::Dormant.code() && j.since.at(row) == self.info.as_of.0 {
            g.newly_dormant.add(spend);
        }
    }

    /// Rows `offset..offset + limit` of a selection ordered by a published column: NULLs last
    /// either way, then by customer. Only those rows are sorted.
    pub fn sorted(
        &self,
        selection: &Selection,
        column: &str,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Row>, SegmentError> {
        let Some(spec) = SPECS.iter().find(|s| s.name.eq_ignore_ascii_case(column)) else {
            let suggestion = nearest(column, SPECS.iter().map(|s| s.name)).map(str::to_owned);
            return Err(SegmentError {
                suggestion,
                ..SegmentError::new(format!("there is no column '{column}'"))
            });
        };
        let (from, to) = (offset.min(selection.len()), offset.saturating_add(limit).min(selection.len()));
        if from >= to {
            return Ok(vec![]);
        }
        let mut first = First { keys: Vec::new(), wanted: to, worst: i64::MAX };
        for (shard, words) in selection.words.iter().enumerate() {
            let (view, start) = (self.view(shard), self.starts[shard]);
            let keys = keys_of((spec.read)(&view), view.h.len, descending);
            for row in bits::ones(words) {
                if keys[row] <= first.worst {
                    first.worst = first.keep((keys[row], view.h.customer.at(row), start + row as u32));
                }
            }
        }
        first.keys.sort_unstable();
        Ok(first.keys[from..to].iter().map(|key| self.row_at(key.2)).collect())
    }
}

/// The first so many of all keys that pass by, in any order: by key, customer, index.
struct First {
    keys: Vec<(i64, i64, u32)>,
    wanted: usize,
    /// No higher key is wanted any more.
    worst: i64,
}

impl First {
    /// Returns the new `worst`.
    fn keep(&mut self, key: (i64, i64, u32)) -> i64 {
        self.keys.push(key);
        if self.keys.len() < 2 * self.wanted + 1024 {
            return self.worst;
        }
        let (_, last, _) = self.keys.select_nth_unstable(self.wanted - 1);
        let worst = last.0;
        self.keys.truncate(self.wanted);
        worst
    }
}

/// Numbers that stand in the order wanted; the highest is for NULL.
fn keys_of(values: Values, n: usize, descending: bool) -> Vec<i64> {
    let (mut keys, valid) = match values {
        Values::Ints(v, valid) => (v, valid),
        // The bits of a float, turned so that they are ordered as the numbers are.
        Values::Nums(v, valid) => {
            let order = |x: f64| x.to_bits() as i64 ^ (((x.to_bits() as i64 >> 63) as u64) >> 1) as i64;
            (v.into_iter().map(order).collect(), valid)
        }
        Values::Texts(codes, names, valid) => {
            let ranks = ranks(&names);
            (codes.into_iter().map(|c| ranks.get(c as usize).copied().unwrap_or_default()).collect(), valid)
        }
        Values::Bools(yes) => ((0..n).map(|row| i64::from(bits::is_set(&yes, row))).collect(), None),
    };
    for key in &mut keys {
        *key = if descending { !*key } else { *key }.min(i64::MAX - 1);
    }
    if let Some(valid) = valid {
        let unknown = bits::without(&bits::full(n), &valid);
        bits::ones(&unknown).for_each(|row| keys[row] = i64::MAX);
    }
    keys
}

/// The place of each name in the alphabet; equal names share one.
fn ranks(names: &[String]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut ranks = vec![0_i64; names.len()];
    for pair in order.windows(2) {
        ranks[pair[1]] = ranks[pair[0]] + i64::from(names[pair[0]] != names[pair[1]]);
    }
    ranks
}
