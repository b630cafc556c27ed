//! Whatever way the columns came about, they say the same.

use crate::helper::{build, event, events};
use history::Columns;
use model::{Event, EventKind};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn all(columns: &Columns, customers: impl Iterator<Item = i64>) -> BTreeMap<i64, Vec<Event>> {
    let life = |c: i64| (c, columns.timeline(c).expect("reads"));
    customers.map(life).filter(|(_, t)| !t.is_empty()).collect()
}

fn by_customer(events: &[Event]) -> BTreeMap<i64, Vec<Event>> {
    let mut map: BTreeMap<i64, Vec<Event>> = BTreeMap::new();
    for e in events {
        map.entry(e.customer).or_default().push(*e);
    }
    map.values_mut().for_each(|v| v.sort());
    map
}

fn customers() -> impl Iterator<Item = i64> {
    (0..25).map(|c| c * 1_000_003 - 7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn deltas_equal_a_rebuild(
        first in events(),
        changes in proptest::collection::vec((0..25_i64, proptest::collection::vec(event(), 0..4)), 0..25),
    ) {
        let dir = tempfile::tempdir().expect("a folder");
        let mut columns = build(dir.path(), &first);
        let mut truth = by_customer(&first);
        for (i, (c, events)) in changes.into_iter().enumerate() {
            let customer = c * 1_000_003 - 7;
            let mut life: Vec<Event> = events.into_iter().map(|e| Event { customer, ..e }).collect();
            columns.replace(2 + i as u64, &[customer], life.clone()).expect("replaces");
            life.sort();
            truth.remove(&customer);
            if !life.is_empty() {
                truth.insert(customer, life);
            }
        }
        prop_assert_eq!(&all(&columns, customers()), &truth);
        let again = Columns::open(dir.path()).expect("opens");
        prop_assert_eq!((again.seq(), again.stamp()), (columns.seq(), columns.stamp()));
        prop_assert_eq!(&all(&again, customers()), &truth);
    }
}

fn files(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir.join("events"))
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn large_columns_are_split_and_compacted() {
    let dir = tempfile::tempdir().expect("a folder");
    let order = |customer: i64, day: i32| Event {
        customer,
        day: model::Day(day),
        kind: EventKind::Order,
        value: 100,
        categories: 0,
    };
    let mut columns =
        build(dir.path(), &(0..240_000).map(|i| order(i / 4, 10_000 + i as i32 % 4)).collect::<Vec<_>>());
    assert_eq!(files(dir.path()).len(), 1 + 1, "one shard and the manifest");
    // 60,000 more customers make the base outgrow its shard, and a second delta its tenth.
    let more: Vec<i64> = (60_000..120_000).collect();
    columns.replace(2, &more, more.iter().map(|&c| order(c, 10_000)).collect()).expect("replaces");
    columns.replace(3, &[7], vec![]).expect("replaces");
    assert_eq!(
        files(dir.path()),
        ["base-3-00.parquet", "base-3-01.parquet", "delta-2.parquet", "manifest.json"]
    );
    assert_eq!(columns.customers(), 120_000);
    assert_eq!(columns.timeline(7).expect("reads"), []);
    assert_eq!(columns.timeline(8).expect("reads").len(), 4);
    assert_eq!(columns.timeline(119_999).expect("reads"), [order(119_999, 10_000)]);
}

#[test]
fn a_failed_rebuild_leaves_what_there_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let one = Event { customer: 5, day: model::Day(1), kind: EventKind::Visit, value: 0, categories: 0 };
    let mut columns = build(dir.path(), &[one]);
    let failed = columns.rebuild(9, "tag", &mut |each| {
        each(Event { customer: 6, ..one });
        Err("the store went away".into())
    });
    assert_eq!(failed.expect_err("fails").to_string(), "reading events: the store went away");
    let again = Columns::open(dir.path()).expect("opens");
    assert_eq!((again.seq(), again.timeline(5).expect("reads").len()), (1, 1));
    assert!(again.timeline(6).expect("reads").is_empty());
}

#[test]
fn a_missing_file_asks_for_a_rebuild() {
    let dir = tempfile::tempdir().expect("a folder");
    let one = Event { customer: 5, day: model::Day(1), kind: EventKind::Visit, value: 0, categories: 0 };
    let mut columns = build(dir.path(), &[one]);
    columns.replace(2, &[5], vec![one]).expect("replaces");
    std::fs::remove_file(dir.path().join("events/delta-1.parquet")).expect("is there");
    assert!(Columns::open(dir.path()).expect("opens").is_empty());
}
