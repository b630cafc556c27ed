//! Everything out in one snapshot, and back into an empty place.

use crate::help::{NOW, import, on_both, order, orders};
use model::Kind;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Datum, Dumped, Loaded, Store, Sum, Way};

/// A copy in memory.
fn copied(store: &Store) -> Vec<Loaded> {
    let mut all = Vec::new();
    store
        .dump(&mut |dumped| {
            all.push(match dumped {
                Dumped::Table(table) => Loaded::Table(table.clone()),
                Dumped::Row(row) => Loaded::Row(row.iter().map(owned).collect()),
                Dumped::End(_, sum) => Loaded::End(sum),
            });
            Ok(())
        })
        .unwrap();
    all
}

fn owned(datum: &Datum<'_>) -> Datum<'static> {
    match datum {
        Datum::Null => Datum::Null,
        Datum::Int(n) => Datum::Int(*n),
        Datum::Real(x) => Datum::Real(*x),
        Datum::Text(text) => Datum::Text(Cow::Owned(text.clone().into_owned())),
    }
}

fn empty() -> [(tempfile::TempDir, Store); 2] {
    let open = |server: bool| {
        let dir = tempfile::tempdir().unwrap();
        let file = format!("sqlite:{}", dir.path().join("new.db").display());
        let url = if server { testkit::postgres::fresh_database().unwrap() } else { file };
        (dir, Store::open(&url).unwrap())
    };
    [open(false), open(true)]
}

fn put(store: &Store, from: &Store, copy: Vec<Loaded>) -> Result<u64, store::Error> {
    let mut copy = copy.into_iter();
    store.reload(&from.steps().unwrap(), NOW, NOW + 60, &mut || Ok(copy.next()))
}

// M029: identical checksums, on both databases and across them.
#[test]
fn m029_a_copy_put_back_sums_up_to_the_same_on_either_database() {
    on_both(|store| {
        let orders = orders(
            (0..3_000).map(|n| order(&format!("O{n}"), &format!("C{}", n % 700), 20_000 + n / 9, 900)),
        );
        import(store, "shop", Kind::Orders, &orders);
        store.set_setting("hostile", "a\u{0}b\"\\\n漢字😀\u{2028}").unwrap();
        let arrival = store.add_arrival(Way::File, "a.csv", 3, NOW).unwrap();
        let sums = store.sums().unwrap();
        for (_dir, place) in empty() {
            let rows = put(&place, store, copied(store)).unwrap();
            assert_eq!(rows, sums.iter().map(|(_, sum)| sum.rows).sum::<u64>());
            assert_eq!(place.sums().unwrap(), sums);
            assert!(place.pending_migrations().unwrap().is_empty());
            assert_eq!(place.add_arrival(Way::File, "b.csv", 3, NOW).unwrap(), arrival + 1, "numbers go on");
            let again = import(&place, "shop", Kind::Orders, &orders);
            assert_eq!(again.unchanged, 3_000, "indexes are back, and every order is known");
            assert_eq!(place.restored().unwrap(), Some(NOW), "nothing is sent until somebody looked");
            place.release_restored("山田", NOW).unwrap();
            assert_eq!(place.restored().unwrap(), None);
            assert!(put(&place, store, copied(store)).is_err(), "never over what is there");
        }
    });
}

#[test]
fn a_copy_that_does_not_sum_up_leaves_nothing() {
    on_both(|store| {
        let orders = orders((0..50).map(|n| order(&format!("O{n}"), "C", 20_000 + n, 900)));
        import(store, "shop", Kind::Orders, &orders);
        for (_dir, place) in empty() {
            let mut copy = copied(store);
            let at = copy.iter().position(|l| matches!(l, Loaded::Table(t) if t.name == "orders")).unwrap();
            copy.remove(at + 1);
            assert!(put(&place, store, copy).is_err());
            assert!(place.is_blank().unwrap());
            let mut cut = copied(store);
            cut.truncate(at + 5);
            assert!(put(&place, store, cut).is_err());
            put(&place, store, copied(store)).unwrap();
            assert_eq!(place.sums().unwrap(), store.sums().unwrap());
        }
    });
}

// M029: a copy made while writing goes on is one moment's.
#[test]
fn m029_a_copy_made_while_an_import_runs_holds_whole_chunks_alone() {
    on_both(|store| {
        let stop = AtomicBool::new(false);
        std::thread::scope(|threads| {
            let writer = threads.spawn(|| {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    let ten = (n..n + 10).map(|n| order(&format!("O{n}"), &format!("C{n}"), 20_000, 900));
                    import(store, "shop", Kind::Orders, &orders(ten));
                    n += 10;
                }
                n
            });
            let mut last = 0;
            for _ in 0..6 {
                let sums: BTreeMap<String, Sum> = store.sums().unwrap().into_iter().collect();
                let rows = |table: &str| sums[table].rows;
                assert_eq!(rows("orders") % 10, 0, "an import of ten is there or not");
                assert_eq!(rows("orders"), rows("records"));
                assert!(rows("orders") >= last);
                last = rows("orders");
            }
            stop.store(true, Ordering::Relaxed);
            assert!(writer.join().unwrap() > 0);
        });
    });
}
