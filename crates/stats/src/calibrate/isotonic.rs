//! Isotonic calibration: the best rising steps, and how sure they are.

use crate::draw::Draw;
use crate::trial::{Count, Interval, percentile_interval, wilson};

/// A run of scores that share one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// The lowest score in it.
    pub low: f64,
    /// The highest score in it.
    pub high: f64,
    /// Hits and tries, weighted.
    pub count: Count,
}

impl Block {
    /// The rate with Wilson's interval.
    pub fn rate(&self, level: f64) -> Interval {
        wilson(self.count, level)
    }
}

/// A rising step function with ramps between the steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// From the lowest scores up; their rates rise strictly. Empty where nothing was fitted.
    pub blocks: Vec<Block>,
}

/// The rising rates closest to the outcomes (pool adjacent violators: Ayer et al. 1955; Zadrozny & Elkan
/// 2002). `y` in [0, 1], weights optional; rows whose score, outcome or weight is unusable are left out.
pub fn isotonic(scores: &[f64], y: &[f64], w: Option<&[f64]>) -> Isotonic {
    let sorted = Sorted::of(scores, y, w);
    Isotonic { blocks: sorted.blocks(|i| sorted.0[i].2) }
}

impl Isotonic {
    /// The rate for a score: flat within a block, a straight ramp between blocks, the last block's rate beyond
    /// the ends; 0.5 where nothing was fitted. A score that is no number counts as the lowest.
    pub fn predict(&self, score: f64) -> f64 {
        let Some((below, above, share)) = self.place(score) else { return 0.5 };
        let (a, b) = (self.blocks[below].count.rate(), self.blocks[above].count.rate());
        a + share * (b - a)
    }

    /// Wilson's interval of the block a score falls in, interpolated as the rate is. It takes the blocks as
    /// given, so it is a little narrow; `band` is not.
    pub fn interval(&self, score: f64, level: f64) -> Interval {
        let Some((below, above, share)) = self.place(score) else {
            return Interval { value: 0.5, low: 0.0, high: 1.0 };
        };
        let (a, b) = (self.blocks[below].rate(level), self.blocks[above].rate(level));
        let mix = |a: f64, b: f64| a + share * (b - a);
        Interval { value: mix(a.value, b.value), low: mix(a.low, b.low), high: mix(a.high, b.high) }
    }

    /// The blocks around a score and how far it is from the first to the second.
    fn place(&self, score: f64) -> Option<(usize, usize, f64)> {
        let last = self.blocks.len().checked_sub(1)?;
        let score = if score.is_nan() { f64::NEG_INFINITY } else { score };
        let above = self.blocks.partition_point(|b| b.high < score).min(last);
        let block = self.blocks[above];
        if above == 0 || score >= block.low {
            return Some((above, above, 0.0));
        }
        let left = self.blocks[above - 1].high;
        Some((above - 1, above, (score - left) / (block.low - left)))
    }
}

/// (score, outcome, weight) from the lowest score up.
struct Sorted(Vec<(f64, f64, f64)>);

impl Sorted {
    fn of(scores: &[f64], y: &[f64], w: Option<&[f64]>) -> Sorted {
        let weight = |i: usize| w.map_or(1.0, |w| w.get(i).copied().unwrap_or(0.0));
        let rows = scores.iter().zip(y).enumerate().map(|(i, (s, y))| (*s, y.clamp(0.0, 1.0), weight(i)));
        let usable = |r: &(f64, f64, f64)| r.0.is_finite() && r.1.is_finite() && r.2.is_finite() && r.2 > 0.0;
        let mut rows: Vec<_> = rows.filter(usable).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        Sorted(rows)
    }

    /// Pools neighbours until the rates rise; equal scores stand together from the start, or the order in
    /// which they happen to come would matter.
    fn blocks(&self, weight: impl Fn(usize) -> f64) -> Vec<Block> {
        let mut blocks: Vec<Block> = vec![];
        let mut start = 0;
        for tied in self.0.chunk_by(|a, b| a.0 == b.0) {
            let mut count = Count { hits: 0.0, n: 0.0 };
            for (i, (_, y, _)) in tied.iter().enumerate() {
                let w = weight(start + i);
                count = Count { hits: count.hits + w * y, n: count.n + w };
            }
            start += tied.len();
            if count.n > 0.0 {
                push(&mut blocks, Block { low: tied[0].0, high: tied[0].0, count });
            }
        }
        blocks
    }
}

/// Adds a block above the others, pooled with those below whose rate is not lower.
fn push(blocks: &mut Vec<Block>, mut next: Block) {
    while let Some(last) = blocks.pop_if(|last| last.count.rate() >= next.count.rate()) {
        let count = Count { hits: last.count.hits + next.count.hits, n: last.count.n + next.count.n };
        next = Block { low: last.low, high: next.high, count };
    }
    blocks.push(next);
}

/// How far an isotonic curve may be off, at some scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Scores in ascending order, each with the rate and its interval.
    pub at: Vec<(f64, Interval)>,
}

/// Resamples the rows `draws` times, refits the curve each time, and keeps the middle `level` of the rates at
/// up to `points` scores (equally many rows between them). Where all rows of a block agree a resample does
/// too, so the interval is never narrower than Wilson's for the block.
pub fn band(scores: &[f64], y: &[f64], points: usize, draws: usize, level: f64, seed: u64) -> Band {
    let sorted = Sorted::of(scores, y, None);
    let (n, steps) = (sorted.0.len(), points.max(2) - 1);
    let mut at: Vec<f64> = (0..=steps)
        .filter_map(|i| sorted.0.get(i * n.max(1).saturating_sub(1) / steps))
        .map(|r| r.0)
        .collect();
    at.dedup();
    let whole = Isotonic { blocks: sorted.blocks(|_| 1.0) };
    let mut draw = Draw::new(seed);
    let mut drawn = vec![vec![]; at.len()];
    for _ in 0..if n > 0 { draws } else { 0 } {
        let counts = draw.resample_counts(n);
        let curve = Isotonic { blocks: sorted.blocks(|i| counts[i]) };
        at.iter().zip(&mut drawn).for_each(|(score, kept)| kept.push(curve.predict(*score)));
    }
    let point = |(score, drawn): (f64, Vec<f64>)| {
        let own = whole.interval(score, level);
        let middle = percentile_interval(own.value, drawn, level);
        (score, Interval { value: own.value, low: middle.low.min(own.low), high: middle.high.max(own.high) })
    };
    Band { at: at.into_iter().zip(drawn).map(point).collect() }
}

impl Band {
    /// The interval at a score, straight between the points and flat beyond the ends; 0 to 1 for an empty band.
    pub fn around(&self, score: f64) -> Interval {
        let Some(last) = self.at.len().checked_sub(1) else {
            return Interval { value: 0.5, low: 0.0, high: 1.0 };
        };
        let next = self.at.partition_point(|(at, _)| *at < score).min(last);
        let ((x1, b), (x0, a)) = (self.at[next], self.at[next.saturating_sub(1)]);
        let share = if x1 > x0 { ((score - x0) / (x1 - x0)).clamp(0.0, 1.0) } else { 1.0 };
        let share = if share.is_nan() { 0.0 } else { share };
        let mix = |a: f64, b: f64| a + share * (b - a);
        Interval { value: mix(a.value, b.value), low: mix(a.low, b.low), high: mix(a.high, b.high) }
    }
}
