//! A whole shop of made-up lives: gathered, learned from, asked about, held against what came after.

use crate::life::Life;
use judgement::outlook::{Backtest, Learned, Mode, Past, Plan, Test, learn};
use model::{Day, EventKind as K, Outlook, Timeline};

/// 2026-11-22.
pub const TODAY: i32 = 20_779;

/// Customers with their numbers; the numbers decide who is predicted from whom.
#[derive(Default)]
pub struct Books {
    pub people: Vec<(i64, Life)>,
}

impl Books {
    pub fn new(lives: impl IntoIterator<Item = Life>) -> Books {
        Books { people: (1..).zip(lives).collect() }
    }

    /// Orders of 1,000 yen, so many days ago.
    pub fn ago(people: &[&[i32]]) -> Books {
        Books::new(people.iter().map(|days| ago(days)))
    }

    pub fn each(&self, mut see: impl FnMut(&Timeline)) {
        self.people.iter().for_each(|(customer, life)| see(&self::timeline(*customer, life)));
    }

    /// A plan for these books, as the application would make it.
    pub fn plan(&self, as_of: i32, horizon: i32, quiet: i32) -> Plan {
        let order = |kind: &u8| [K::Order as u8, K::Invoice as u8].contains(kind);
        let (mut first, mut buyers) = (None, 0);
        self.each(|t| {
            let day = t.days.iter().zip(t.kinds).find(|(day, kind)| order(kind) && **day <= as_of);
            if let Some((day, _)) = day {
                buyers += 1;
                first = Some(first.map_or(*day, |first: i32| first.min(*day)));
            }
        });
        Plan::new(Day(as_of), horizon, quiet, Day(first.unwrap_or(as_of)), buyers)
    }

    pub fn past(&self, plan: &Plan) -> Past {
        let mut past = Past::new(plan);
        self.each(|t| past.see(t));
        past
    }

    pub fn learned(&self, plan: &Plan) -> Learned {
        learn(&self.past(plan), Mode::Auto, "R181", 1)
    }

    /// Learned on a day, held against what came after it.
    pub fn tested(&self, cut: i32, horizon: i32, quiet: i32) -> Backtest {
        let mut test = Test::default();
        self.each(|t| test.see(t, Day(cut), horizon));
        let learned = self.learned(&self.plan(cut, horizon, quiet));
        Backtest::new(learned, &test, horizon, quiet, 2 * quiet)
    }

    /// Everybody's outlook, where they have one.
    pub fn outlooks(&self, learned: &Learned, as_of: i32) -> Vec<(i64, Outlook)> {
        let mut all = vec![];
        self.each(|t| {
            all.extend(learned.forecaster.outlook(t, Day(as_of), 0.4).map(|o| (t.customer, o)));
        });
        all
    }
}

/// A life with another number than it was made with.
pub fn timeline(customer: i64, life: &Life) -> Timeline<'_> {
    Timeline { customer, ..life.timeline() }
}

/// Orders of 1,000 yen, so many days before today.
pub fn ago(days: &[i32]) -> Life {
    Life::orders(&days.iter().map(|d| TODAY - d).collect::<Vec<_>>())
}

/// So many orders, one every `gap` days, the last `last` days ago.
pub fn every(gap: i32, last: i32, n: i32) -> Vec<i32> {
    (0..n).map(|i| last + i * gap).collect()
}

/// The outlook of one list entry.
#[track_caller]
pub fn of(all: &[(i64, Outlook)], customer: i64) -> Outlook {
    all.iter().find(|(c, _)| *c == customer).expect("an outlook").1
}

/// An outlook keeps to its own definition.
#[track_caller]
pub fn sound(name: &str, o: &Outlook, as_of: i32) {
    let told = format!("{name}: {o:?}");
    assert!(0.0 <= o.p_low && o.p_low <= o.p_return && o.p_return <= o.p_high && o.p_high <= 1.0, "{told}");
    assert!(o.value_if_returns.0 >= 0 && o.value().0 >= 0 && o.value() <= o.value_if_returns, "{told}");
    assert!((0.0..=1.0).contains(&o.peers_back), "{told}");
    assert!(o.stock_until.is_none_or(|until| o.next_order >= until), "{told}");
    let (year, ..) = o.next_order.ymd();
    assert!((1900..=9999).contains(&year) && o.overdue(Day(as_of)) <= 40_000, "{told}");
}

/// No number anywhere in it that is none.
#[track_caller]
pub fn finite(name: &str, what: &impl std::fmt::Debug) {
    let text = format!("{what:?}");
    let words = text.split(|c: char| !c.is_alphanumeric());
    let bad: Vec<&str> = words.filter(|word| ["NaN", "inf"].contains(word)).collect();
    assert!(bad.is_empty(), "{name}: {bad:?} in {text}");
}
