//! What the truth says of a made-up shop is what anybody counts who reads its files again.
#![allow(clippy::unwrap_used)]

use madeup::{Format, Shop, Written};
use model::Day;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

/// Orders and yen per customer.
type Sums = BTreeMap<String, (u64, i64)>;

fn shop(customers: u64) -> Shop {
    Shop { customers, seed: 7, today: "2026-11-22".parse().unwrap() }
}

fn made(customers: u64, format: Format) -> (tempfile::TempDir, Written) {
    let dir = tempfile::tempdir().unwrap();
    let written = shop(customers).write(format, dir.path()).unwrap();
    (dir, written)
}

/// Header and rows; rows of another width than the header's are dropped.
fn read(path: &Path, cp932: bool) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = fs::read(path).unwrap();
    let encoding = if cp932 { encoding_rs::SHIFT_JIS } else { encoding_rs::UTF_8 };
    let (text, _, bad) = encoding.decode(&bytes);
    assert!(!bad && !text.contains("&#") && !text.contains('\r'), "{path:?}");
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let width = header.len();
    (header, rows.filter(|r| r.len() == width).collect())
}

fn truth(dir: &Path, source: &str, key: usize) -> Sums {
    let (_, rows) = read(&dir.join("truth.csv"), false);
    let counted = rows.iter().filter(|r| r[0] == source && r[10] != "0");
    counted.map(|r| (r[key].clone(), (r[10].parse().unwrap(), r[11].parse().unwrap()))).collect()
}

/// `2023-02-30` is none.
fn is_day(text: &str) -> bool {
    text.get(..10).is_some_and(|d| d.parse::<Day>().is_ok())
}

fn count_eccube(path: &Path) -> Sums {
    let (header, rows) = read(path, true);
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (id, member, mail) = (at("注文ID"), at("会員ID"), at("メールアドレス"));
    let (paid, state, day) = (at("支払合計"), at("対応状況(ID)"), at("受注日"));
    let mut seen = HashSet::new();
    let mut sums = Sums::new();
    for row in rows {
        let Ok(money) = row[paid].parse::<f64>() else { continue };
        let counts = ["1", "4", "5", "6"].contains(&row[state].as_str()) && is_day(&row[day]);
        if counts && seen.insert(row[id].clone()) {
            let guest = format!("guest:{}", row[mail]);
            let sum = sums.entry(if row[member].is_empty() { guest } else { row[member].clone() });
            let sum = sum.or_default();
            *sum = (sum.0 + 1, sum.1 + money as i64);
        }
    }
    sums
}

fn count_shopify(path: &Path) -> Sums {
    let (header, rows) = read(path, false);
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (mail, state, day) = (at("Email"), at("Financial Status"), at("Created at"));
    let (total, back, cancelled) = (at("Total"), at("Refunded Amount"), at("Cancelled at"));
    let mut sums = Sums::new();
    for row in rows {
        let Ok(money) = row[total].parse::<i64>() else { continue };
        let good = ["paid", "partially_paid", "partially_refunded", "pending"].contains(&row[state].as_str());
        if good && row[cancelled].is_empty() && is_day(&row[day]) {
            let sum = sums.entry(row[mail].clone()).or_default();
            *sum = (sum.0 + 1, sum.1 + money - row[back].parse::<i64>().unwrap());
        }
    }
    sums
}

#[test]
fn eccube_is_what_truth_says() {
    let (dir, written) = made(1_000, Format::Eccube);
    let told = truth(dir.path(), "eccube", 1);
    assert_eq!(count_eccube(&written.files[1]), told);
    let all = told.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    assert_eq!((written.counted.orders, written.counted.spend), all);
    assert!(written.orders > written.counted.orders);

    let (header, items) = read(&written.files[1], true);
    assert_eq!(header.join(","), madeup::ECCUBE_ORDERS);
    assert_eq!((header.len(), header.iter().filter(|h| *h == "送料").count()), (70, 2));
    let kinds: HashSet<&str> = items.iter().map(|r| r[46].as_str()).collect();
    assert_eq!(kinds, HashSet::from(["1", "2", "3", "4", "6", ""]));
    let states: HashSet<&str> = items.iter().map(|r| r[27].as_str()).collect();
    assert!(["3", "5", "7", "8", "9"].iter().all(|s| states.contains(s)), "{states:?}");

    let (header, members) = read(&written.files[0], true);
    assert_eq!((header.join(",").as_str(), header.len()), (madeup::ECCUBE_CUSTOMERS, 27));
    assert!(members.iter().any(|m| m[22] == "3"), "退会");
    assert!(members.iter().any(|m| m[12].starts_with('9') && m[12].len() == 10), "lost zeros");
    assert!(members.iter().any(|m| m[1] == "髙橋") && members.iter().any(|m| m[1] == "山﨑"));
    assert!(members.iter().all(|m| m[11].contains("@example.")));
}

/// Rows add up: an order's items are its 支払合計, product prices being without tax.
#[test]
fn items_add_up_to_what_was_paid() {
    let (_dir, written) = made(150, Format::Eccube);
    let (_, rows) = read(&written.files[1], true);
    let mut orders: HashMap<&str, (f64, f64)> = HashMap::new();
    for row in rows.iter().filter(|r| !r[33].is_empty()) {
        let number = |n: usize| row[n].parse::<f64>().unwrap();
        let rate = if row[46] == "1" { 1.0 + number(44) / 100.0 } else { 1.0 };
        let sum = orders.entry(&row[0]).or_insert((number(26), 0.0));
        sum.1 += (number(42) * rate).round() * number(43);
    }
    let wrong: Vec<_> = orders.iter().filter(|(_, (paid, items))| paid != items).collect();
    assert!(orders.len() > 1_000 && wrong.is_empty(), "{} {wrong:?}", orders.len());
}

#[test]
fn shopify_is_what_truth_says() {
    let (dir, written) = made(700, Format::Shopify);
    assert_eq!(count_shopify(&written.files[1]), truth(dir.path(), "shopify", 2));
    let (header, rows) = read(&written.files[1], false);
    assert_eq!((header.join(",").as_str(), header.len()), (madeup::SHOPIFY_ORDERS, 79));
    assert!(rows.iter().any(|r| r[2].is_empty() && !r[17].is_empty()), "a continuation row");
    assert!(rows.iter().all(|r| r[24].is_empty() == r[2].is_empty()));
    let (header, customers) = read(&written.files[0], false);
    assert_eq!(header.join(","), madeup::SHOPIFY_CUSTOMERS);
    assert!(
        customers.iter().any(|c| c[2].contains('𠮷')) && customers.iter().all(|c| c[0].starts_with('\''))
    );
    let mails: HashSet<&str> = customers.iter().map(|c| c[3].as_str()).collect();
    assert_eq!(mails.len(), customers.len(), "one mailbox, one customer");
}

#[test]
fn plain_orders_are_what_truth_says() {
    let (dir, written) = made(3_000, Format::OrdersCsv);
    let (header, rows) = read(&written.files[0], false);
    assert_eq!(header.join(","), "order,customer,ordered_at,total");
    let mut sums = Sums::new();
    for row in &rows {
        assert!(is_day(&row[2]));
        let sum = sums.entry(row[1].clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + row[3].parse::<i64>().unwrap());
    }
    assert_eq!(sums, truth(dir.path(), "shop", 1));
    assert_eq!((sums.len(), rows.len() as u64), (3_000, written.orders), "everybody ordered");
    let mean = rows.len() as f64 / 3_000.0;
    assert!((8.0..12.0).contains(&mean), "{mean} orders per customer");
    assert!(fs::read_to_string(written.map.unwrap()).unwrap().contains("ordered_at = \"ordered_at\""));
}

#[test]
fn same_seed_same_bytes_and_prefix_of_a_larger_shop() {
    for format in [Format::Eccube, Format::Shopify, Format::OrdersCsv] {
        let (a, files) = made(120, format);
        let (b, _) = made(120, format);
        let (c, _) = made(150, format);
        for path in files.files.iter().chain([&a.path().join("truth.csv"), &a.path().join("truth.json")]) {
            let name = path.file_name().unwrap();
            let (one, two) = (fs::read(path).unwrap(), fs::read(b.path().join(name)).unwrap());
            assert!(one == two, "{name:?} differs");
            let larger = fs::read(c.path().join(name)).unwrap();
            assert!(name == "truth.json" || larger.starts_with(&one), "{name:?} is not the beginning");
        }
    }
    let other = tempfile::tempdir().unwrap();
    Shop { seed: 8, ..shop(120) }.write(Format::OrdersCsv, other.path()).unwrap();
    let (first, _) = made(120, Format::OrdersCsv);
    let [a, b] = [other.path(), first.path()].map(|d| fs::read(d.join("orders.csv")).unwrap());
    assert!(a != b, "another seed is another shop");
}

#[test]
fn demo_knows_who_is_whom() {
    let dir = tempfile::tempdir().unwrap();
    let demo = shop(1_200).write_demo(dir.path()).unwrap();
    let find = |name: &str| dir.path().join(name);
    let mails = count_shopify(&find("orders_export.csv"));
    assert_eq!(mails, truth(dir.path(), "shopify", 2));
    let members = count_eccube(&find("order_20261122235959.csv"));
    assert_eq!(members, truth(dir.path(), "eccube", 1));
    let spend: i64 = mails.values().chain(members.values()).map(|s| s.1).sum();
    assert_eq!(demo.counted.spend, spend);

    let (_, rows) = read(&find("truth.csv"), false);
    let persons: HashSet<&str> = rows.iter().map(|r| r[3].as_str()).collect();
    assert_eq!(persons.len() as u64, demo.customers);
    let mut both: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in &rows {
        both.entry(&row[3]).or_default().insert(&row[0]);
    }
    let share = both.values().filter(|s| s.len() == 2).count() as f64 / persons.len() as f64;
    assert!((0.10..0.18).contains(&share), "{share}");
    let json = fs::read_to_string(find("truth.json")).unwrap();
    assert!(json.contains(&format!("\"orders\": {},", demo.counted.orders)), "{json}");

    let batches = demo.batches();
    assert_eq!(batches.iter().map(|b| b.0.len()).collect::<Vec<_>>(), [4, 1, 1, 1, 1, 1]);
    for (path, map) in batches.iter().flat_map(|(paths, map)| paths.iter().map(move |p| (p, map))) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (header, rows) = read(path, name.contains("20261122"));
        assert!(!rows.is_empty() && json.contains(&name), "{name}");
        let Some(map) = map else { continue };
        let map = fs::read_to_string(map).unwrap();
        assert!(header.iter().all(|h| map.contains(&format!("= \"{h}\""))), "{map}");
    }
}
