//! A snapshot made from the last one equals one made from nothing, and what is read is what was judged.

use crate::helper::{build, event, events, judge, policy, said};
use history::Snapshot;
use model::{Day, Event, EventKind, Policy, SegmentRule, State};
use proptest::prelude::*;
use std::path::Path;

fn segmented() -> Policy {
    let rule = SegmentRule {
        name: "big".into(),
        condition: "spend > 30 and n_gaps > 0".into(),
        rule: policy().default,
    };
    Policy { segments: vec![rule], ..policy() }
}

/// As `judge`, with nothing to reuse.
fn anew(dir: &Path, policy: &Policy, as_of: Day) -> Snapshot {
    std::fs::remove_dir_all(dir.join("judged")).expect("there was one");
    judge(dir, policy, as_of)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn reused_equals_made_anew(
        first in events(),
        steps in proptest::collection::vec((0..25_i64, proptest::collection::vec(event(), 0..4), -3..30_i32, any::<bool>()), 1..6),
    ) {
        let dir = tempfile::tempdir().expect("a folder");
        let mut columns = build(dir.path(), &first);
        judge(dir.path(), &policy(), Day(1030));
        for (i, (c, events, day, rules)) in steps.into_iter().enumerate() {
            let customer = c * 1_000_003 - 7;
            let life: Vec<Event> = events.into_iter().map(|e| Event { customer, ..e }).collect();
            columns.replace(2 + i as u64, &[customer], life).expect("replaces");
            let policy = if rules { segmented() } else { policy() };
            let as_of = Day(1040 + day);
            let reused = judge(dir.path(), &policy, as_of);
            let loaded = Snapshot::load(dir.path()).expect("reads").expect("is there");
            prop_assert_eq!(&said(&loaded), &said(&reused));
            let anew = anew(dir.path(), &policy, as_of);
            prop_assert_eq!(&said(&reused), &said(&anew));
            prop_assert_eq!(reused.seq(), 2 + i as u64);
        }
    }

    #[test]
    fn totals_flow_and_order_agree_with_the_rows(events in events(), day in 0..70_i32) {
        let dir = tempfile::tempdir().expect("a folder");
        build(dir.path(), &events);
        let s = judge(dir.path(), &policy(), Day(1000 + day));
        let (rows, months) = said(&s);
        let all = s.select("").expect("all");
        let totals = s.totals(&all);
        assert_eq!(s.spend(&all), totals.spend);
        prop_assert_eq!(totals.customers as usize, rows.len());
        prop_assert_eq!(totals.spend, rows.iter().map(|r| r.history.spend).sum());
        for (state, count) in &totals.states {
            let chosen = s.select(&format!("state = '{}'", state.word())).expect("selects");
            prop_assert_eq!(count.customers as usize, chosen.len());
            prop_assert!(chosen.iter().all(|i| chosen.contains(i) && s.row_at(i).judgement.state == *state));
        }
        let live = rows.iter().filter(|r| matches!(r.judgement.state, State::Active | State::AtRisk)).count();
        // Invoices count as orders here but do not move anyone in the simple judge.
        if events.iter().all(|e| e.kind != EventKind::Invoice) {
            prop_assert_eq!(months[23].closing as usize, live);
        }
        for m in &months {
            prop_assert_eq!(m.opening + m.new + m.reactivated - m.lapsed, m.closing);
        }
        let sorted = s.sorted(&all, "spend", true, 3, 5).expect("sorts");
        let mut by_spend = rows.clone();
        by_spend.sort_by_key(|r| (std::cmp::Reverse(r.history.spend), r.history.customer));
        prop_assert_eq!(sorted, by_spend.into_iter().skip(3).take(5).collect::<Vec<_>>());
        for row in rows {
            prop_assert_eq!(s.row(row.history.customer), Some(row));
        }
    }
}

#[test]
fn nulls_come_last_either_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let of = |customer, kind, day| Event { customer, day: Day(day), kind, value: 0, categories: 0 };
    use EventKind::{Known, Order};
    build(
        dir.path(),
        &[of(1, Known, 5), of(2, Order, 7), of(3, Order, 6), of(4, Order, 7), of(5, Order, 99)],
    );
    let s = judge(dir.path(), &policy(), Day(10));
    let all = s.select("").expect("all");
    let order = |down| -> Vec<i64> {
        s.sorted(&all, "last_order", down, 0, 10).expect("sorts").iter().map(|r| r.history.customer).collect()
    };
    assert_eq!(
        (order(false), order(true)),
        (vec![3, 2, 4, 1], vec![2, 4, 3, 1]),
        "and nobody from the future"
    );
    let wrong = s.sorted(&all, "last_ordr", true, 0, 1).expect_err("no such column");
    assert_eq!(wrong.to_string(), "there is no column 'last_ordr'; did you mean last_order?");
}

#[test]
fn a_cut_short_file_is_made_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let order = Event { customer: 1, day: Day(5), kind: EventKind::Order, value: 100, categories: 0 };
    build(dir.path(), &[order]);
    let good = said(&judge(dir.path(), &policy(), Day(10)));
    for entry in std::fs::read_dir(dir.path().join("judged")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "arrow") {
            std::fs::write(path, "").expect("writes");
        }
    }
    assert!(Snapshot::load(dir.path()).expect("no error").is_none());
    assert_eq!(said(&judge(dir.path(), &policy(), Day(10))), good);
}

/// With several shards, those without news keep their files.
#[test]
fn untouched_shards_keep_their_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let order = |i: i64| Event {
        customer: i / 9,
        day: Day(900 + i as i32 % 9),
        kind: EventKind::Order,
        value: i,
        categories: 1,
    };
    let mut columns = build(dir.path(), &(0..270_000).map(order).collect::<Vec<_>>());
    judge(dir.path(), &policy(), Day(908));
    let files = || {
        let names = std::fs::read_dir(dir.path().join("judged")).expect("a folder");
        let mut names: Vec<_> =
            names.map(|e| e.expect("an entry").file_name().into_string().expect("text")).collect();
        names.retain(|name| name.ends_with(".arrow"));
        names.sort();
        names
    };
    let first = files();
    assert_eq!(first.len(), 6);
    for (seq, day, kept) in [(2, 908, 3), (3, 909, 2), (3, 925, 4)] {
        let before = files();
        if columns.seq() < seq {
            columns.replace(seq, &[3], vec![order(27 + seq as i64)]).expect("replaces");
        }
        let reused = judge(dir.path(), &policy(), Day(day));
        assert_eq!(files().iter().filter(|name| before.contains(name)).count(), kept, "day {day}");
        let aside = tempfile::tempdir().expect("a folder");
        std::fs::rename(dir.path().join("events"), aside.path().join("events")).expect("moves");
        let anew = judge(aside.path(), &policy(), Day(day));
        std::fs::rename(aside.path().join("events"), dir.path().join("events")).expect("moves back");
        assert!(said(&reused) == said(&anew), "day {day}");
    }
}
