//! What customers themselves said, beside what was judged: why they went quiet, and how far what came fell
//! short of what they expected. Known for few, and changed from one moment to the next, so it is put beside a
//! snapshot in memory and never into its files.

use crate::bits;
use crate::published::{Values, View};
use crate::rows::shard_of;
use crate::snapshot::{Selection, Snapshot};
use model::Day;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

/// What one customer said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    pub customer: i64,
    /// The place of the reason's word among the names; 0 where it is not known.
    pub left_for: u16,
    /// Somebody said so; else it is inferred.
    pub said: bool,
    /// The day it was said or seen.
    pub on: Option<Day>,
    /// What was expected less what came, in steps of a scale of five; positive where less came.
    pub gap: Option<i8>,
}

/// One row of a shard that said something: its place, and what.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    at: u32,
    left_for: u16,
    said: bool,
    on: Option<Day>,
    gap: Option<i8>,
}

/// Rows of one shard, and the reasons' names.
pub(crate) type Rows<'a> = (&'a [Row], &'a [String]);

/// What everybody said, shard by shard.
pub(crate) struct AllTold {
    names: Vec<String>,
    shards: Vec<Vec<Row>>,
}

/// What stands where nobody said anything.
static NOBODY: LazyLock<Vec<String>> = LazyLock::new(|| vec!["unknown".to_owned()]);

impl Snapshot {
    /// The snapshot with what customers said; `names[0]` stands where the reason is not known. Who is not in
    /// the snapshot is left out.
    pub fn with_told(&self, names: Vec<String>, told: impl IntoIterator<Item = Told>) -> Snapshot {
        let mut shards = vec![Vec::new(); self.shards.len()];
        for one in told {
            let shard = shard_of(one.customer, self.shards.len().max(1));
            let row = self.shards.get(shard).and_then(|s| s.histories.find(one.customer));
            if let Some(row) = row {
                let Told { left_for, said, on, gap, .. } = one;
                shards[shard].push(Row { at: row as u32, left_for, said, on, gap });
            }
        }
        shards.iter_mut().for_each(|rows: &mut Vec<Row>| rows.sort_unstable_by_key(|row| row.at));
        Snapshot { told: Some(Arc::new(AllTold { names, shards })), ..self.clone() }
    }

    /// Why a customer went quiet, by its word; `None` where it is not known.
    pub fn left_for(&self, customer: i64) -> Option<&str> {
        let told = self.told.as_ref()?;
        let shard = shard_of(customer, self.shards.len().max(1));
        let row = self.shards.get(shard)?.histories.find(customer)? as u32;
        let rows = told.shards.get(shard)?;
        let at = rows.binary_search_by_key(&row, |r| r.at).ok()?;
        let code = usize::from(rows[at].left_for);
        told.names.get(code).filter(|_| code > 0).map(String::as_str)
    }

    /// How many of a selection went quiet for each reason, in the order of the names given; the first are
    /// those whose reason is not known.
    pub fn reasons_of(&self, selection: &Selection) -> Vec<(String, u64)> {
        let Some(told) = &self.told else { return vec![(NOBODY[0].clone(), selection.len() as u64)] };
        let mut counts = vec![0_u64; told.names.len()];
        for (rows, words) in told.shards.iter().zip(&selection.words) {
            for row in rows.iter().filter(|row| bits::is_set(words, row.at as usize)) {
                counts[usize::from(row.left_for)] += 1;
            }
        }
        let known: u64 = counts.iter().skip(1).sum();
        counts[0] = selection.len() as u64 - known;
        told.names.iter().cloned().zip(counts).collect()
    }

    /// Everybody who said why, by the reason's word, ascending by customer within a shard.
    pub fn each_told(&self, each: &mut dyn FnMut(i64, &str)) {
        let Some(told) = &self.told else { return };
        for (shard, rows) in self.shards.iter().zip(&told.shards) {
            for row in rows.iter().filter(|row| row.left_for > 0) {
                each(shard.histories.customer.at(row.at as usize), &told.names[usize::from(row.left_for)]);
            }
        }
    }

    pub(crate) fn told_in(&self, shard: usize) -> Option<Rows<'_>> {
        let told = self.told.as_ref()?;
        Some((told.shards.get(shard)?.as_slice(), told.names.as_slice()))
    }
}

/// The column of reasons: never unknown to SQL, since "not known" is an answer of its own.
pub(crate) fn left_for<'a>(v: &View<'a>) -> Values<'a> {
    let mut codes = vec![0; v.h.len];
    let Some((rows, names)) = v.told else { return Values::Texts(codes, Cow::Borrowed(&**NOBODY), None) };
    for row in rows {
        codes[row.at as usize] = u32::from(row.left_for);
    }
    Values::Texts(codes, Cow::Borrowed(names), None)
}

/// What a reason rests on, by its word.
pub(crate) static BASES: LazyLock<Vec<String>> =
    LazyLock::new(|| ["unknown", "said", "inferred"].map(str::to_owned).to_vec());

/// The column of what a reason rests on.
pub(crate) fn basis<'a>(v: &View<'a>) -> Values<'a> {
    let mut codes = vec![0; v.h.len];
    for row in v.told.map_or(&[][..], |told| told.0).iter().filter(|row| row.left_for > 0) {
        codes[row.at as usize] = if row.said { 1 } else { 2 };
    }
    Values::Texts(codes, Cow::Borrowed(&**BASES), None)
}

/// The column of days on which a reason was said or seen: unknown where it is not known.
pub(crate) fn on<'a>(v: &View<'a>) -> Values<'a> {
    let n = v.h.len;
    let (mut days, mut known) = (vec![0; n], vec![false; n]);
    for row in v.told.map_or(&[][..], |told| told.0).iter().filter(|row| row.left_for > 0) {
        if let Some(on) = row.on {
            (days[row.at as usize], known[row.at as usize]) = (i64::from(on.0), true);
        }
    }
    Values::Ints(days, Some(bits::pack(n, |i| known[i])))
}

/// The column of gaps: unknown where nobody asked.
pub(crate) fn gap<'a>(v: &View<'a>) -> Values<'a> {
    let n = v.h.len;
    let (mut gaps, mut known) = (vec![0; n], vec![false; n]);
    for row in v.told.map_or(&[][..], |told| told.0) {
        if let Some(gap) = row.gap {
            (gaps[row.at as usize], known[row.at as usize]) = (i64::from(gap), true);
        }
    }
    Values::Ints(gaps, Some(bits::pack(n, |i| known[i])))
}
