//! Of people with a like rhythm, how many had come back by now: Kaplan and Meier (1958) over gaps.

use super::trace::Trace;
use model::{EventKind, Timeline};
use serde::{Deserialize, Serialize};

/// Steps of a curve.
const STEPS: usize = 64;
/// First and second gaps are measured in days: a step is this many.
const STEP_DAYS: f64 = 15.0;
/// Later gaps by how many usual gaps they lasted: steps grow by this factor, from a quarter.
const LEAST: f64 = 0.25;
const FACTOR: f64 = 1.08;
/// Usual gaps of like length, in days.
const RHYTHMS: [f64; 6] = [10.0, 21.0, 45.0, 90.0, 180.0, 365.0];
const GROUPS: usize = 2 + RHYTHMS.len() + 1;
/// A curve of fewer gaps says nothing.
const LEAST_GAPS: f64 = 20.0;

/// Gaps while they are counted, per group and step: ended, and still open.
#[derive(Clone)]
pub struct Gaps {
    ended: Vec<[u32; STEPS]>,
    open: Vec<[u32; STEPS]>,
}

impl Default for Gaps {
    fn default() -> Gaps {
        Gaps { ended: vec![[0; STEPS]; GROUPS], open: vec![[0; STEPS]; GROUPS] }
    }
}

/// Where a gap stands that came after `n` others of the mean length `usual`.
fn place(n: u32, usual: f64, days: f64) -> (usize, usize) {
    if n < 2 {
        return (n as usize, ((days / STEP_DAYS) as usize).min(STEPS - 1));
    }
    let usual = usual.max(1.0);
    let rhythm = RHYTHMS.iter().position(|most| usual < *most).unwrap_or(RHYTHMS.len());
    let ratio = (days / usual / LEAST).max(1.0);
    (2 + rhythm, ((ratio.ln() / FACTOR.ln()) as usize).min(STEPS - 1))
}

impl Gaps {
    /// Takes in one buyer's gaps up to `as_of`: those that ended, and the one still open.
    pub fn see(&mut self, t: &Timeline, as_of: model::Day) {
        let (mut first, mut last, mut n) = (None, 0, 0);
        for i in (0..t.until(as_of)).filter(|i| t.kinds[*i] == EventKind::Order as u8) {
            let day = t.days[i];
            match first {
                None => first = Some(day),
                Some(first) if day > last => {
                    let usual = f64::from(last - first) / f64::from(n.max(1));
                    let (group, step) = place(n, usual, f64::from(day - last));
                    self.ended[group][step] += 1;
                    n += 1;
                }
                Some(_) => {}
            }
            last = day;
        }
        if let Some(first) = first {
            let usual = f64::from(last - first) / f64::from(n.max(1));
            let (group, step) = place(n, usual, f64::from(as_of.0 - last));
            self.open[group][step] += 1;
        }
    }

    /// Takes in what another has counted.
    pub fn join(&mut self, other: &Gaps) {
        let sides = [(&mut self.ended, &other.ended), (&mut self.open, &other.open)];
        for (own, theirs) in sides {
            let steps = own.iter_mut().flatten().zip(theirs.iter().flatten());
            steps.for_each(|(own, theirs)| *own += theirs);
        }
    }

    /// The share of gaps that had ended by the end of each step.
    pub fn curves(&self) -> Peers {
        let curve = |(ended, open): (&[u32; STEPS], &[u32; STEPS])| {
            let mut at_risk: f64 = ended.iter().chain(open).map(|n| f64::from(*n)).sum();
            if at_risk < LEAST_GAPS {
                return vec![];
            }
            let mut left = 1.0;
            let step = |(ended, open): (&u32, &u32)| {
                left *= 1.0 - f64::from(*ended) / at_risk.max(1.0);
                at_risk -= f64::from(ended + open);
                1.0 - left
            };
            ended.iter().zip(open).map(step).collect()
        };
        Peers { back: self.ended.iter().zip(&self.open).map(curve).collect() }
    }
}

/// Per group, the share of gaps that had ended by each step; empty where too few were seen.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Peers {
    back: Vec<Vec<f64>>,
}

impl Peers {
    /// Of people with a like rhythm, the share whose gap had ended before it was as long as this
    /// one's; 0 where too few are known.
    pub fn back(&self, t: &Trace) -> f64 {
        let usual = f64::from(t.span) / f64::from(t.repeats.max(1));
        let (group, step) = place(t.repeats, usual, f64::from(t.silent));
        // A step that is not over yet says nothing of this gap.
        let before = step.checked_sub(1);
        before.and_then(|step| self.back.get(group)?.get(step)).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gaps, Peers};
    use crate::outlook::trace::Trace;
    use model::{Day, EventKind, Timeline};

    /// Day 0, then one order after each gap; seen on day `as_of`.
    fn see(gaps: &mut Gaps, after: &[i32], as_of: i32) {
        let first = std::iter::once(0);
        let days: Vec<i32> = first
            .chain(after.iter().scan(0, |day, gap| {
                *day += gap;
                Some(*day)
            }))
            .collect();
        let (kinds, n) = (vec![EventKind::Order as u8; days.len()], days.len());
        let (values, categories) = (vec![100; n], vec![0; n]);
        let t =
            Timeline { customer: 1, days: &days, kinds: &kinds, values: &values, categories: &categories };
        gaps.see(&t, Day(as_of));
    }

    fn back(peers: &Peers, repeats: u32, usual: i32, silent: i32) -> f64 {
        let span = repeats as i32 * usual;
        let (orders, spend, season, squares) = (repeats + 1, 0.0, 0.0, 0.0);
        peers.back(&Trace { customer: 1, repeats, span, silent, orders, spend, season, squares })
    }

    /// Forty who come back after 31, 32 .. 70 days, over and over; forty who bought once, half of
    /// whom are still watched for 40 days only.
    fn known() -> Gaps {
        let mut gaps = Gaps::default();
        for i in 0..40 {
            see(&mut gaps, &[31 + i; 6], 6 * (31 + i) + 5);
            see(&mut gaps, &[], if i % 2 == 0 { 40 } else { 1_000 });
        }
        gaps
    }

    #[test]
    fn the_share_lies_between_nobody_and_all_and_grows_with_silence() {
        let peers = known().curves();
        for repeats in [0, 1, 2, 9] {
            for usual in [1, 30, 50, 400] {
                let shares: Vec<f64> = (0..3_000).map(|days| back(&peers, repeats, usual, days)).collect();
                assert!(
                    shares.is_sorted() && shares.iter().all(|s| (0.0..=1.0).contains(s)),
                    "{repeats} {usual}"
                );
            }
        }
    }

    #[test]
    fn it_is_what_was_seen() {
        let peers = known().curves();
        // Of 80 first gaps 14 ended before day 45, by when 20 more were watched no longer; then 15
        // of 46, and 11 of 31.
        assert_eq!(back(&peers, 0, 0, 30), 0.0);
        let by_45 = 14.0 / 80.0;
        assert!((back(&peers, 0, 0, 45) - by_45).abs() < 1e-12, "{}", back(&peers, 0, 0, 45));
        let all = 1.0 - (1.0 - by_45) * (1.0 - 15.0 / 46.0) * (1.0 - 11.0 / 31.0);
        assert!((back(&peers, 0, 0, 900) - all).abs() < 1e-12, "{} {all}", back(&peers, 0, 0, 900));
        // Who has a rhythm keeps to it: nobody before it is over, everybody soon after.
        assert_eq!((back(&peers, 5, 50, 40), back(&peers, 5, 50, 70)), (0.0, 1.0));
        // Rhythms that nobody has, or too few.
        assert_eq!(back(&peers, 5, 200, 900), 0.0);
        assert_eq!(back(&Gaps::default().curves(), 0, 0, 900), 0.0);
    }

    #[test]
    fn two_halves_are_one() {
        let (mut all, mut one, mut other) = (Gaps::default(), Gaps::default(), Gaps::default());
        for i in 0..60 {
            for gaps in [&mut all, if i % 3 == 0 { &mut one } else { &mut other }] {
                see(gaps, &[20 + i, 40, 60 - i], 200);
            }
        }
        one.join(&other);
        assert_eq!(one.curves(), all.curves());
    }
}
