//! What is gathered in one reading of every timeline: everybody now, and at some days before.

use super::peers::Gaps;
use super::trace::{Sequel, Trace};
use model::{Day, EventKind, Timeline};

/// Buyers looked at; a larger shop is sampled by customer, always the same ones.
const MOST_BUYERS: u64 = 60_000;
/// Looks back, one horizon apart.
const MOST_WINDOWS: i32 = 4;
/// Days in a year: the same season.
const YEAR: i32 = 365;
/// Days by which a season may be missed.
const SAME_SEASON: i32 = 10;
/// A window shorter than this says nothing.
const LEAST_DAYS: i32 = 7;

/// Where to look: the day, how far ahead, and from which days to look back.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    pub as_of: Day,
    /// Days.
    pub horizon: i32,
    /// Silent for more than this many days is quiet.
    pub quiet: i32,
    /// Days from which the shop's own past is asked, the newest first, and days looked ahead.
    pub origins: Vec<Day>,
    pub ahead: i32,
    /// One customer in so many is looked at.
    share: u64,
}

impl Plan {
    /// A plan for a shop whose books begin on `first` and which has so many buyers. Whole
    /// horizons are looked at where the books are long enough for one before and one after the
    /// origin, else half of what there is.
    pub fn new(as_of: Day, horizon: i32, quiet: i32, first: Day, buyers: u64) -> Plan {
        let books = as_of.since(first).max(0);
        let ahead = if books >= 2 * horizon { horizon } else { books / 2 };
        // In short books windows overlap, so that there is more than one.
        let step = if books >= 5 * ahead { ahead } else { ahead / 2 };
        let mut origins: Vec<Day> = (0..MOST_WINDOWS)
            .map(|i| as_of.plus(-ahead - i * step.max(1)))
            .filter(|origin| origin.since(first) >= ahead && ahead >= LEAST_DAYS)
            .collect();
        let last_year = as_of.plus(-YEAR);
        if ahead < YEAR && last_year.since(first) >= ahead && year_before(&origins, as_of).is_none() {
            origins.push(last_year);
            origins.sort_unstable_by(|a, b| b.cmp(a));
        }
        Plan { as_of, horizon, quiet, origins, ahead, share: buyers.div_ceil(MOST_BUYERS).max(1) }
    }

    /// The windows' length as a share of the horizon.
    pub fn ratio(&self) -> f64 {
        f64::from(self.ahead) / f64::from(self.horizon.max(1))
    }

    /// The window that began a year before the day, where it is short enough to tell seasons apart.
    pub(crate) fn same_season(&self) -> Option<usize> {
        year_before(&self.origins, self.as_of).filter(|_| 2 * self.ahead < YEAR)
    }

    /// Whether silence for so many days at an origin is quiet, on the windows' scale.
    pub(crate) fn is_quiet(&self, silent: i32) -> bool {
        f64::from(silent) > f64::from(self.quiet) * self.ratio()
    }

    fn looks_at(&self, customer: i64) -> bool {
        self.share == 1 || mixed(customer).is_multiple_of(self.share)
    }
}

/// Which of some days is about a year before another.
fn year_before(days: &[Day], as_of: Day) -> Option<usize> {
    days.iter().position(|day| (as_of.since(*day) - YEAR).abs() <= SAME_SEASON)
}

/// A number of a customer that looks random (splitmix64, Steele et al. 2014).
pub(crate) fn mixed(customer: i64) -> u64 {
    let mut x = (customer as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// What was gathered.
#[derive(Clone)]
pub struct Past {
    plan: Plan,
    pub(crate) now: Vec<Trace>,
    /// Per origin.
    pub(crate) windows: Vec<Vec<(Trace, Sequel)>>,
    pub(crate) gaps: Gaps,
    /// Everybody with an order, also those not looked at.
    pub(crate) buyers: u64,
    pub(crate) orders: u64,
    pub(crate) first: Option<Day>,
    pub(crate) last: Option<Day>,
}

impl Past {
    pub fn new(plan: &Plan) -> Past {
        Past {
            plan: plan.clone(),
            now: vec![],
            windows: vec![vec![]; plan.origins.len()],
            gaps: Gaps::default(),
            buyers: 0,
            orders: 0,
            first: None,
            last: None,
        }
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes in one customer.
    pub fn see(&mut self, t: &Timeline) {
        let as_of = self.plan.as_of;
        let Some(now) = Trace::of(t, as_of, self.plan.horizon) else { return };
        self.buyers += 1;
        self.orders += u64::from(now.orders);
        let last = as_of.plus(-now.silent);
        let first = last.plus(-now.span);
        self.first = Some(self.first.map_or(first, |day| day.min(first)));
        self.last = Some(self.last.map_or(last, |day| day.max(last)));
        if !self.plan.looks_at(t.customer) {
            return;
        }
        self.gaps.see(t, as_of);
        for (origin, rows) in self.plan.origins.iter().zip(&mut self.windows) {
            if let Some(trace) = Trace::of(t, *origin, self.plan.ahead).filter(|_| !has_left(t, *origin)) {
                rows.push((trace, Sequel::of(t, *origin, origin.plus(self.plan.ahead))));
            }
        }
        if !has_left(t, as_of) {
            self.now.push(now);
        }
    }

    /// Takes in what another gathered by the same plan.
    pub fn join(&mut self, other: Past) {
        self.now.extend(other.now);
        self.windows.iter_mut().zip(other.windows).for_each(|(own, rows)| own.extend(rows));
        self.gaps.join(&other.gaps);
        self.buyers += other.buyers;
        self.orders += other.orders;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
    }
}

/// Whether they had left the membership by then.
pub(crate) fn has_left(t: &Timeline, as_of: Day) -> bool {
    let moves = [EventKind::Withdrawn as u8, EventKind::Rejoined as u8];
    let last = t.kinds[..t.until(as_of)].iter().rev().find(|kind| moves.contains(kind));
    last == Some(&moves[0])
}
