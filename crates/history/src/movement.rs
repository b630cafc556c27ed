//! Customers won, lapsed and won back, month by month.

use crate::shard::Moves;
use crate::snapshot::Snapshot;

/// One month; opening + new + reactivated - lapsed = closing, always.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Month {
    /// `Day::month_index`.
    pub index: i32,
    /// Live customers when the month began.
    pub opening: u64,
    pub new: u64,
    pub reactivated: u64,
    pub lapsed: u64,
    /// Live customers at its end, or on the day of the snapshot in the running month.
    pub closing: u64,
}

/// Moves per day with any: the day, then new, lapsed, reactivated.
pub(crate) fn flow<'a>(shards: impl Iterator<Item = &'a Moves> + Clone) -> Vec<[i32; 4]> {
    let (mut first, mut last) = (i32::MAX, i32::MIN);
    shards.clone().for_each(|moves| {
        moves.each(|day, _| {
            first = first.min(day);
            last = last.max(day);
        });
    });
    if first > last {
        return vec![];
    }
    let mut counts = vec![[0_i32; 3]; (last - first + 1) as usize];
    shards.for_each(|moves| moves.each(|day, kind| counts[(day - first) as usize][kind.min(2)] += 1));
    let days = (first..).zip(counts).filter(|(_, count)| *count != [0; 3]);
    days.map(|(day, [new, lapsed, back])| [day, new, lapsed, back]).collect()
}

impl Snapshot {
    /// The last months, the running one included, up to the day of the snapshot.
    pub fn movement(&self, months: usize) -> Vec<Month> {
        let last = self.as_of().month_index();
        let first = last.saturating_sub(months as i32 - 1);
        let mut all: Vec<Month> = (first..=last).map(|index| Month { index, ..Month::default() }).collect();
        let mut opening = 0_i64;
        for &[day, new, lapsed, back] in self.info.flow.iter().filter(|f| f[0] <= self.as_of().0) {
            match all.get_mut((model::Day(day).month_index() - first) as usize) {
                Some(month) => {
                    month.new += new as u64;
                    month.lapsed += lapsed as u64;
                    month.reactivated += back as u64;
                }
                None => opening += i64::from(new) + i64::from(back) - i64::from(lapsed),
            }
        }
        for month in &mut all {
            month.opening = opening.max(0) as u64;
            opening += (month.new + month.reactivated) as i64 - month.lapsed as i64;
            month.closing = opening.max(0) as u64;
        }
        all
    }
}
