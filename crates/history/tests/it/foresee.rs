//! Outlooks beside the rows: kept while they hold, made anew where they do not, unknown where there are none.

use crate::helper::{build, event, events, foresee, judge, look, policy, said};
use history::{Columns, Cut, Cuts, Snapshot};
use model::{Day, Event, EventKind, Money, Outlook};
use proptest::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

fn order(customer: i64, day: i32) -> Event {
    Event { customer, day: Day(day), kind: EventKind::Order, value: 1000, categories: 0 }
}

fn life(customer: i64) -> Vec<Event> {
    (0..=customer % 4).map(|i| order(customer, 1000 + i as i32)).collect()
}

/// How many customers had to be asked for.
fn asked(dir: &Path, snapshot: &Snapshot, stamp: &str) -> (usize, Snapshot) {
    let calls = AtomicUsize::new(0);
    let seen = history::foresee(dir, snapshot, stamp, 2, |h, j, t| {
        calls.fetch_add(1, Ordering::Relaxed);
        look(h, j, t)
    });
    (calls.into_inner(), seen.expect("foresees"))
}

fn files(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir.join("judged")).expect("a folder");
    let mut names: Vec<_> =
        names.map(|e| e.expect("an entry").file_name().into_string().expect("text")).collect();
    names.retain(|name| name.starts_with("outlooks-"));
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn kept_equals_made_anew(
        first in events(),
        steps in proptest::collection::vec(
            (0..25_i64, proptest::collection::vec(event(), 0..4), 0..3_i32, 0..4_u8, any::<bool>()), 1..8),
    ) {
        let dir = tempfile::tempdir().expect("a folder");
        let mut columns = build(dir.path(), &first);
        for (i, (c, events, day, stamp, between)) in steps.into_iter().enumerate() {
            let customer = c * 1_000_003 - 7;
            let life: Vec<Event> = events.into_iter().map(|e| Event { customer, ..e }).collect();
            columns.replace(2 + i as u64, &[customer], life).expect("replaces");
            let judged = judge(dir.path(), &policy(), Day(1040 + day));
            prop_assert!(!judged.has_outlooks());
            if between {
                continue; // judged, but nobody looked ahead
            }
            let kept = foresee(dir.path(), &judged, if stamp == 0 { "b" } else { "a" });
            let loaded = Snapshot::load(dir.path()).expect("reads").expect("is there");
            prop_assert!(kept.has_outlooks() && loaded.has_outlooks());
            prop_assert_eq!(&said(&loaded), &said(&kept));
            std::fs::remove_file(dir.path().join("judged/outlooks.json")).expect("is there");
            prop_assert_eq!(&said(&foresee(dir.path(), &judged, "a")), &said(&kept));
            prop_assert_eq!(files(dir.path()).len(), 1);
        }
    }
}

#[test]
fn only_news_is_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let all: Vec<Event> = (0..100).flat_map(life).collect();
    let mut columns = build(dir, &all);
    let judged = |day| judge(dir, &policy(), Day(day));
    let (calls, first) = asked(dir, &judged(1010), "a");
    assert_eq!((calls, first.select("p_return > 0").expect("selects").len()), (100, 75));
    assert_eq!(asked(dir, &judged(1010), "a").0, 0, "the same model");
    assert_eq!(asked(dir, &judged(1010), "b").0, 100, "another model");
    assert_eq!(asked(dir, &judged(1010), "b").0, 0);
    let before = first.row(5).expect("a row").outlook.expect("an outlook");
    columns.replace(2, &[5, 200], vec![order(5, 1000), order(5, 1003), order(200, 1005)]).expect("replaces");
    let (calls, seen) = asked(dir, &judged(1010), "b");
    assert_eq!(calls, 2, "one is changed, one is new");
    assert_ne!(seen.row(5).expect("a row").outlook, Some(before));
    columns.replace(3, &[8], vec![]).expect("replaces");
    let (calls, seen) = asked(dir, &judged(1010), "b");
    assert_eq!((calls, seen.row(8)), (0, None), "one is gone");
    assert_eq!(asked(dir, &judged(1011), "b").0, 100, "another day");
    let loaded = Snapshot::load(dir).expect("reads").expect("is there");
    assert!(loaded.has_outlooks());
    let cuts = Cuts { recency: Cut::Quantiles, ..Cuts::default() };
    assert!(loaded.with_cuts(&cuts).has_outlooks(), "other cuts, the same outlooks");
}

#[test]
fn columns_worked_together_still_tell_who_has_news() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let mut columns = build(dir, &(0..40).flat_map(life).collect::<Vec<_>>());
    foresee(dir, &judge(dir, &policy(), Day(1010)), "a");
    for seq in 2..40 {
        let customer = seq as i64 % 5;
        columns.replace(seq, &[customer], vec![order(customer, 960 + seq as i32)]).expect("replaces");
        let (calls, seen) = asked(dir, &judge(dir, &policy(), Day(1010)), "a");
        assert_eq!(calls, 1, "change {seq}");
        let days = seen.row(customer).expect("a row").outlook.expect("an outlook").next_order;
        assert_eq!(days, Day(960 + seq as i32 + 30));
    }
    for seq in 40..80 {
        columns.replace(seq, &[3], vec![order(3, 1000)]).expect("replaces");
    }
    let (calls, seen) = asked(dir, &judge(dir, &policy(), Day(1010)), "a");
    assert_eq!((calls, seen.has_outlooks()), (40, true), "too long away: everybody");
}

#[test]
fn a_snapshot_left_behind_is_not_looked_ahead_from() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut columns = build(dir.path(), &life(3));
    let old = judge(dir.path(), &policy(), Day(1010));
    columns.replace(2, &[3], life(2)).expect("replaces");
    let (calls, seen) = asked(dir.path(), &old, "a");
    assert_eq!((calls, seen.has_outlooks(), files(dir.path()).len()), (0, false, 0));
    assert!(!dir.path().join("judged/outlooks.json").exists());
    let none = tempfile::tempdir().expect("a folder");
    let nobody = judge(none.path(), &policy(), Day(1010));
    assert!(!foresee(none.path(), &nobody, "a").has_outlooks(), "there is nobody");
    assert!(Columns::open(none.path()).expect("opens").is_empty());
}

#[test]
fn files_are_replaced_swept_and_made_again_when_damaged() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    build(dir, &(0..270_000).map(|i| order(i / 9, 900 + i as i32 % 9)).collect::<Vec<_>>());
    let first = foresee(dir, &judge(dir, &policy(), Day(1010)), "a");
    assert_eq!(files(dir), ["outlooks-1-00.arrow", "outlooks-1-01.arrow"]);
    std::fs::write(dir.join("judged/outlooks-7-00.arrow"), "left over").expect("writes");
    let next = judge(dir, &policy(), Day(1011));
    assert_eq!(files(dir).len(), 3, "judging leaves them alone");
    assert!(!Snapshot::load(dir).expect("reads").expect("is there").has_outlooks(), "they are of yesterday");
    foresee(dir, &next, "a");
    assert_eq!(files(dir), ["outlooks-2-00.arrow", "outlooks-2-01.arrow"]);
    std::fs::write(dir.join("judged/outlooks-2-01.arrow"), "").expect("writes");
    assert!(!Snapshot::load(dir).expect("reads").expect("is there").has_outlooks());
    let again = foresee(dir, &next, "a");
    assert_eq!(files(dir), ["outlooks-2-00.arrow", "outlooks-3-01.arrow"], "the whole one stays");
    let of = |s: &Snapshot, i| s.row_at(i).outlook;
    assert!((0..30_000).all(|i| of(&again, i).is_some() && of(&again, i) == of(&first, i)));
}

/// What of `p_return`, `value`, `next_order`, `overdue_days`, `stock_days` is not NULL, one by one.
#[test]
fn without_an_outlook_everything_is_unknown() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    build(dir, &[order(1, 1000), order(2, 1000), order(3, 1000), order(4, 1000)]);
    let judged = judge(dir, &policy(), Day(1010));
    let whole = Outlook {
        p_return: 0.25,
        p_low: 0.125,
        p_high: 0.5,
        value_if_returns: Money(1_000_150),
        next_order: Day(1004),
        stock_until: Some(Day(1012)),
        peers_back: 0.75,
    };
    let seen = history::foresee(dir, &judged, "a", 1, |h, _, _| match h.customer {
        1 => Some(whole),
        2 => Some(Outlook { next_order: Day(1020), stock_until: Some(Day(1010)), ..whole }),
        3 => Some(Outlook { p_return: f64::NAN, ..whole }),
        _ => None,
    });
    let seen = seen.expect("foresees");
    let chosen = |s: &Snapshot, condition: &str| -> Vec<i64> {
        s.select(condition).expect(condition).iter().map(|i| s.row_at(i).history.customer).collect()
    };
    for (condition, expected) in [
        ("p_return = 0.25 AND p_low = 0.125 AND p_high = 0.5", vec![1, 2]),
        ("NOT (p_return = 0.3)", vec![1, 2]),
        ("p_return IS NULL", vec![3, 4]),
        ("value_if_returns = 10001.5 AND value = 2500.38", vec![1, 2]),
        ("next_order = '1972-10-01' AND overdue_days = 6", vec![1]),
        ("overdue_days = -10", vec![2]),
        ("stock_until IS NOT NULL", vec![1, 2]),
        ("stock_days = 2", vec![1]),
        ("NOT (stock_days > 0)", vec![]),
    ] {
        let yes = chosen(&seen, condition);
        assert_eq!(yes, expected, "{condition}");
        if !condition.contains("IS NULL") {
            assert_eq!(chosen(&judged, condition), Vec::<i64>::new(), "nobody looked ahead: {condition}");
        }
    }
    for name in ["p_return", "p_low", "p_high", "value_if_returns", "value", "next_order", "overdue_days"] {
        assert_eq!(chosen(&judged, &format!("{name} IS NULL")), [1, 2, 3, 4], "{name}");
        assert_eq!(chosen(&seen, &format!("{name} IS NULL")), [3, 4], "{name}");
    }
    let all = seen.select("").expect("all");
    let sorted = seen.sorted(&all, "overdue_days", true, 0, 9).expect("sorts");
    assert_eq!(sorted.iter().map(|r| r.history.customer).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        sorted.iter().map(|r| r.outlook.is_some()).collect::<Vec<_>>(),
        [true, true, false, false],
        "a number that is none is no outlook"
    );
}
