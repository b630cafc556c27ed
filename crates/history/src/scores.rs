//! What compares a customer with the others: RFM scores, deciles and the shrunk own cycle.

use crate::parallel;
use crate::shard::Histories;
use crate::table::NONE;
use serde::{Deserialize, Serialize};

/// How one of R, F and M is cut into five.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Fifths of the customers with an order; equal values get the same score.
    Quantiles,
    /// Upper ends of the lowest four bands, ascending, inclusive; in days, orders or units of money.
    Bands([f64; 4]),
}

/// How R, F and M are cut into scores from 1 (worst) to 5 (best).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Cuts {
    pub recency: Cut,
    pub frequency: Cut,
    pub money: Cut,
}

impl Default for Cuts {
    /// The usual bands of days (30, 90, 180, 365), and fifths of orders and spend.
    fn default() -> Cuts {
        let recency = Cut::Bands([30.0, 90.0, 180.0, 365.0]);
        Cuts { recency, frequency: Cut::Quantiles, money: Cut::Quantiles }
    }
}

/// One customer among the others; 0 where they never ordered.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Scores {
    /// Recency, 1..=5.
    pub r: u8,
    /// Frequency, 1..=5.
    pub f: u8,
    /// Money, 1..=5.
    pub m: u8,
    /// Tenth by spend, 1 the best.
    pub decile: u8,
    /// Mean gap in days, drawn towards the shop's mean by two gaps of it; 0 without a gap.
    pub own_cycle_mean: f64,
}

/// The cuts as they fall in this shop.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Scale {
    /// Days of silence.
    r: [i64; 4],
    /// Orders.
    f: [i64; 4],
    /// Hundredths.
    m: [i64; 4],
    /// The last of each of the first nine tenths: spend taken negative, and customer.
    deciles: Vec<(i64, i64)>,
    /// All gaps, and their days: kept whole, since JSON may round a mean.
    gaps: u64,
    gap_days: i64,
}

const PSEUDO_GAPS: f64 = 2.0;

impl Scale {
    pub(crate) fn of(shards: &[&Histories], as_of: i32, cuts: &Cuts) -> Scale {
        let mut spend = Vec::new();
        let (mut gaps, mut days) = (0_u64, 0_i64);
        for h in shards {
            spend.reserve(h.len);
            for i in 0..h.len {
                if h.n_orders.at(i) > 0 {
                    spend.push((h.spend.at(i).saturating_neg(), h.customer.at(i)));
                    gaps += u64::from(h.n_gaps.at(i));
                    days += i64::from(h.gap_sum.at(i));
                }
            }
        }
        let values = |of: &dyn Fn(&Histories, usize) -> i64| -> Vec<i64> {
            let ordered = |h: &&Histories, i: &usize| h.n_orders.at(*i) > 0;
            shards
                .iter()
                .flat_map(|h| (0..h.len).filter(move |i| ordered(h, i)).map(move |i| of(h, i)))
                .collect()
        };
        let cut = |cut: &Cut, unit: f64, of: &dyn Fn(&Histories, usize) -> i64| match cut {
            Cut::Bands(ends) => ends.map(|e| (e * unit).round() as i64),
            Cut::Quantiles => fifths(&mut values(of)),
        };
        // Orders and spend are ranked side by side; the selection by spend leaves the tenths in
        // place, so money's fifths need none of their own.
        let by_orders = || cut(&cuts.frequency, 1.0, &|h, i| i64::from(h.n_orders.at(i)));
        let (f, deciles) = parallel::both(by_orders, || decile_ends(&mut spend));
        let m = match cuts.money {
            Cut::Quantiles => fifths_of_descending(&spend),
            bands => cut(&bands, 100.0, &|h, i| h.spend.at(i)),
        };
        Scale {
            r: cut(&cuts.recency, 1.0, &|h, i| silent(h, i, as_of).unwrap_or_default()),
            f,
            m,
            deciles,
            gaps,
            gap_days: days,
        }
    }

    /// 5 for the shortest silence.
    pub(crate) fn r(&self, days_silent: i64) -> u8 {
        6 - band(&self.r, days_silent)
    }

    pub(crate) fn f(&self, orders: u32) -> u8 {
        band(&self.f, i64::from(orders))
    }

    pub(crate) fn m(&self, spend: i64) -> u8 {
        band(&self.m, spend)
    }

    pub(crate) fn decile(&self, spend: i64, customer: i64) -> u8 {
        let key = (spend.saturating_neg(), customer);
        1 + self.deciles.iter().filter(|end| key > **end).count() as u8
    }

    pub(crate) fn own_cycle_mean(&self, n_gaps: u32, gap_sum: i32) -> Option<f64> {
        let n = f64::from(n_gaps);
        let mean = self.gap_days as f64 / self.gaps.max(1) as f64;
        (n_gaps > 0).then(|| (f64::from(gap_sum) + PSEUDO_GAPS * mean) / (n + PSEUDO_GAPS))
    }

    pub(crate) fn scores(&self, h: &Histories, i: usize, as_of: i32) -> Scores {
        let orders = h.n_orders.at(i);
        let Some(days) = silent(h, i, as_of).filter(|_| orders > 0) else { return Scores::default() };
        let spend = h.spend.at(i);
        Scores {
            r: self.r(days),
            f: self.f(orders),
            m: self.m(spend),
            decile: self.decile(spend, h.customer.at(i)),
            own_cycle_mean: self.own_cycle_mean(h.n_gaps.at(i), h.gap_sum.at(i)).unwrap_or_default(),
        }
    }
}

fn silent(h: &Histories, i: usize, as_of: i32) -> Option<i64> {
    let last = h.last_order.at(i);
    (last != NONE).then(|| i64::from(as_of) - i64::from(last))
}

fn band(ends: &[i64; 4], value: i64) -> u8 {
    1 + ends.iter().filter(|&&end| value > end).count() as u8
}

/// The values below which, themselves included, at least a fifth, two fifths ... of all lie.
fn fifths(values: &mut [i64]) -> [i64; 4] {
    let at = fifth_ranks(values.len());
    select_all(values, &at);
    at.map(|i| values.get(i).copied().unwrap_or_default())
}

fn fifth_ranks(n: usize) -> [usize; 4] {
    [1, 2, 3, 4].map(|k| (k * n).div_ceil(5).saturating_sub(1))
}

/// As `fifths`, of values that stand negative in ascending order at the ranks asked for.
fn fifths_of_descending(spend: &[(i64, i64)]) -> [i64; 4] {
    let last = spend.len().saturating_sub(1);
    fifth_ranks(spend.len()).map(|i| spend.get(last - i).map_or(0, |s| s.0.saturating_neg()))
}

/// The last of each tenth but the last, as SQL's NTILE(10) deals them out; the ranks that
/// `fifths_of_descending` asks for are put in place, too.
fn decile_ends(spend: &mut [(i64, i64)]) -> Vec<(i64, i64)> {
    let n = spend.len();
    if n == 0 {
        return vec![];
    }
    let ends: Vec<usize> = (1..10).map(|k| (k * (n / 10) + k.min(n % 10)).saturating_sub(1)).collect();
    let mut ranks = ends.clone();
    ranks.extend(fifth_ranks(n).map(|i| n - 1 - i));
    ranks.sort_unstable();
    ranks.dedup();
    select_all(spend, &ranks);
    ends.iter().map(|&i| spend[i]).collect()
}

/// Puts the elements of these ranks (ascending) where sorting would.
fn select_all<T: Ord>(values: &mut [T], ranks: &[usize]) {
    let middle = ranks.len() / 2;
    let Some(&rank) = ranks.get(middle).filter(|&&r| r < values.len()) else { return };
    values.select_nth_unstable(rank);
    let (low, high) = values.split_at_mut(rank);
    select_all(low, &ranks[..middle]);
    if let Some(high) = high.get_mut(1..) {
        let rest: Vec<usize> = ranks[middle + 1..].iter().filter_map(|r| r.checked_sub(rank + 1)).collect();
        select_all(high, &rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn selected_as_if_sorted(mut values in proptest::collection::vec(-20i64..20, 0..200)) {
            let mut sorted: Vec<(i64, i64)> = (0..).zip(&values).map(|(c, &v)| (-v, c)).collect();
            let mut spend = sorted.clone();
            sorted.sort_unstable();
            let ends = decile_ends(&mut spend);
            let money = fifths_of_descending(&spend);
            let scale = Scale { deciles: ends, ..Scale::default() };
            let sizes: Vec<usize> = (1..=10)
                .map(|d| sorted.iter().filter(|(s, c)| scale.decile(-s, *c) == d).count())
                .collect();
            let ntile: Vec<usize> = (0..10).map(|k| sorted.len() / 10 + usize::from(k < sorted.len() % 10)).collect();
            proptest::prop_assert_eq!(sizes, ntile);
            let n = values.len();
            proptest::prop_assert_eq!(money, fifths(&mut values));
            values.sort_unstable();
            for (k, end) in (1..=4).zip(money).filter(|_| n > 0) {
                let below = values.iter().filter(|&&v| v <= end).count();
                let strictly = values.iter().filter(|&&v| v < end).count();
                proptest::prop_assert!(below * 5 >= k * n && strictly * 5 < k * n);
            }
        }
    }
}
