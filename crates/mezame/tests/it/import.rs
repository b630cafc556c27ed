//! Files in: sums, twice the same, killed in between, a folder that is watched.

use crate::world::{World, on_both, real_data};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

const MAP: &str = r#"
kind = "orders"
source = "cdnow"
[columns]
customer = "cust"
ordered_at = "date"
total = "amount"
"#;

fn number(report: &Value, field: &str) -> u64 {
    report[field].as_u64().unwrap()
}

fn sum(reports: &[Value], field: &str) -> u64 {
    reports.iter().map(|r| number(r, field)).sum()
}

/// The made-up shop's truth beside its files: totals of what counts.
fn truth(files: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(files.join("truth.json")).unwrap()).unwrap()
}

fn shop(world: &World, customers: u32) -> std::path::PathBuf {
    let out = world.dir.path().join("shop");
    let folder = out.display().to_string();
    world.ok(&[
        "make-shop",
        "--customers",
        &customers.to_string(),
        "--seed",
        "7",
        "--out",
        &folder,
        "--format",
        "eccube",
    ]);
    out
}

/// The exported files without the truth that lies beside them.
fn exports(files: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(files)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            p.extension().is_some_and(|e| e == "csv")
                && !p.file_name().unwrap().to_string_lossy().starts_with("truth")
        })
        .map(|p| p.display().to_string())
        .collect();
    names.sort();
    names
}

fn import_all(world: &World, files: &[String]) -> Vec<Value> {
    world.import(&files.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_shop_of_eccube_files_adds_up_and_changes_nothing_the_second_time() {
    on_both(|world| {
        let folder = shop(world, 300);
        let files = exports(&folder);
        let first = import_all(world, &files);
        let people = world.customers("");
        let orders: u64 = people.iter().map(|c| c["n_orders"].as_u64().unwrap()).sum();
        let spend: f64 = people.iter().map(|c| c["spend"].as_f64().unwrap()).sum();
        let truth = truth(&folder);
        assert_eq!(orders, number(&truth, "orders"), "orders that count");
        assert_eq!(spend, truth["spend"].as_f64().unwrap(), "what was paid");
        assert!(
            sum(&first, "inserted") > 0
                && sum(&first, "rejected") == sum(truth["files"].as_array().unwrap(), "malformed")
        );

        let again = import_all(world, &files);
        assert_eq!((sum(&again, "inserted"), sum(&again, "updated")), (0, 0), "{again:?}");
    });
}

#[test]
fn cdnow_is_counted_and_judged_as_published() {
    let Some(file) = real_data("cdnow_full.csv.gz") else { return };
    on_both(|world| {
        let map = world.file("cdnow.toml", MAP);
        let reports = world.import(&[&file.display().to_string(), "--map", &map]);
        assert_eq!((number(&reports[0], "customers"), number(&reports[0], "orders")), (23_570, 69_659));
        let board = world.json(&["board", "--as-of", "1997-09-30"]);
        let state = |name: &str| board["states"][name].as_u64().unwrap();
        assert_eq!((state("active"), state("at_risk"), state("dormant")), (4_195, 3_086, 16_289));
    });
}

/// Kills the import after ever longer times, then lets it finish: whatever was written is whole.
#[test]
fn a_killed_import_leaves_whole_orders_and_the_next_run_completes() {
    on_both(|world| {
        let folder = shop(world, 400);
        let files = exports(&folder);
        let mut args = vec!["import"];
        args.extend(files.iter().map(String::as_str));
        let mut finished = false;
        for moment in 0..12u64 {
            let mut child = world
                .command(&args)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            // Nobody sends: the receiver wakes when the time is up.
            let (_keep, silence) = channel::<()>();
            assert_eq!(
                silence.recv_timeout(Duration::from_millis(20 + moment * 60)),
                Err(RecvTimeoutError::Timeout)
            );
            child.kill().unwrap();
            finished |= child.wait().unwrap().success();
            assert_orders_are_whole(world, &folder);
        }
        import_all(world, &files);
        let people = world.customers("");
        let orders: u64 = people.iter().map(|c| c["n_orders"].as_u64().unwrap()).sum();
        let spend: f64 = people.iter().map(|c| c["spend"].as_f64().unwrap()).sum();
        let truth = truth(&folder);
        assert_eq!(
            (orders, spend),
            (number(&truth, "orders"), truth["spend"].as_f64().unwrap()),
            "finished early: {finished}"
        );
        let again = import_all(world, &files);
        assert_eq!((sum(&again, "inserted"), sum(&again, "updated")), (0, 0));
    });
}

/// Every order that is in the store has exactly the product lines its file has.
fn assert_orders_are_whole(world: &World, folder: &Path) {
    let expected = lines_per_order(folder);
    for (order, lines) in stored_lines(world) {
        assert_eq!(expected.get(&order), Some(&lines), "order {order}");
    }
}

/// Order id -> product rows, counted straight from the CP932 file.
fn lines_per_order(folder: &Path) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for file in exports(folder).iter().filter(|f| f.contains("order_")) {
        let bytes = std::fs::read(file).unwrap();
        let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let kind = header.iter().position(|h| h == "明細区分(ID)").unwrap();
        for row in reader.records() {
            let row = row.unwrap();
            let lines = counts.entry(row[0].to_owned()).or_insert(0);
            *lines += i64::from(row.get(kind) == Some("1"));
        }
    }
    counts
}

fn stored_lines(world: &World) -> Vec<(String, i64)> {
    const TEXT: &str =
        "SELECT o.ext_id, (SELECT COUNT(*) FROM lines l WHERE l.order_id = o.id) FROM orders o";
    match &world.db {
        None => {
            let Ok(db) = rusqlite::Connection::open(world.data().join("mezame.db")) else { return vec![] };
            let Ok(mut rows) = db.prepare(TEXT) else { return vec![] }; // killed before the first migration
            rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
        }
        Some(url) => {
            let mut db = postgres::Client::connect(url, postgres::NoTls).unwrap();
            db.query(TEXT, &[]).unwrap().iter().map(|r| (r.get(0), r.get(1))).collect()
        }
    }
}

#[test]
fn a_dry_run_writes_nothing_and_shows_how_rows_are_read() {
    let world = World::sqlite();
    let file =
        world.file("orders.csv", "order,customer,ordered_at,total\n1,A,2026-01-05,1200\n2,A,2026/2/30,5\n");
    let map = world.file(
        "m.toml",
        MAP.replace("cust\"", "customer\"")
            .replace("\"date\"", "\"ordered_at\"")
            .replace("\"amount\"", "\"total\""),
    );
    let reports = world.import(&[&file, "--map", &map, "--dry-run"]);
    assert_eq!((number(&reports[0], "orders"), number(&reports[0], "rejected")), (1, 1));
    assert!(reports[0]["sample"].to_string().contains("1200"));
    assert!(world.customers("").is_empty());
}

#[test]
fn bad_rows_go_to_the_rejects_with_line_column_value_and_reason() {
    let world = World::sqlite();
    let file = world.file("o.csv", "cust,date,amount\nA,2026-01-05,1200\nB,2023-02-30,5\nC,2026-01-06,7\n");
    let map = world.file("m.toml", MAP);
    let report = world.import(&[&file, "--map", &map]).remove(0);
    assert_eq!((number(&report, "inserted"), number(&report, "rejected")), (2, 1));
    let rejects = std::fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
    let row = rejects.lines().nth(1).unwrap();
    assert!(row.starts_with("3,date,2023-02-30,"), "{row}");
}

#[test]
fn a_later_file_updates_by_order_id_and_a_watched_folder_takes_it_in() {
    let world = World::sqlite();
    let map = world.file("m.toml", "kind = \"orders\"\nsource = \"shop\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nordered_at = \"at\"\ntotal = \"total\"\n");
    let first = world.file("in/a.csv", "order,customer,at,total\n1,A,2026-01-05,1200\n2,A,2026-02-05,800\n");
    world.import(&[&first, "--map", &map]);
    let inbox = world.dir.path().join("in").display().to_string();
    world.file("in/b.csv", "order,customer,at,total\n2,A,2026-02-05,900\n3,B,2026-03-01,500\n");
    let mut child = world
        .command(&["import", "--watch", &inbox, "--every", "1", "--map", &map, "--json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = std::io::BufReader::new(child.stdout.take().unwrap());
    let reports: Vec<Value> =
        serde_json::Deserializer::from_reader(&mut reader).into_iter().next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((sum(&reports, "inserted"), sum(&reports, "updated"), sum(&reports, "unchanged")), (1, 1, 2));
    let spend: f64 = world.customers("").iter().map(|c| c["spend"].as_f64().unwrap()).sum();
    assert_eq!(spend, 2_600.0);
}
