//! The sweep of what people carry: calls and audiences. Whoever was killed asks again, and nobody is called or
//! uploaded twice (M110, L-12).

use crate::campaign::{approved, sender};
use crate::world::{World, on_both};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::Duration;

const DAY: &str = "2026-11-24";
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nphone = \"phone\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n";
const CONSENTS: &str = "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\n";

/// So many customers whom one step of this channel wants today.
fn due(world: &World, customers: usize, channel: &str, words: &str) -> (World, String) {
    let mut orders = "order,customer,name,email,phone,ordered_at,total\n".to_owned();
    let mut consents = "who,channel\n".to_owned();
    for i in 1..=customers {
        writeln!(orders, "{i}-1,{i},見本{i} 花子,k{i}@example.jp,0900000{i:04},2025-12-15 10:00:00,3000")
            .unwrap();
        writeln!(consents, "k{i}@example.jp,ads").unwrap();
    }
    for (name, text, map) in [("orders", orders, ORDERS), ("consents", consents, CONSENTS)] {
        let (text, map) =
            (world.file(&format!("{name}.csv"), text), world.file(&format!("{name}.toml"), map));
        world.import(&[&text, "--map", &map]);
    }
    sender(world, 2525);
    for (key, value) in [
        ("stale_hours", "1000000"),
        ("profile.purpose", "商品の発送、新商品のご案内(メール・電話・広告配信)のため"),
    ] {
        world.ok(&["settings", "set", key, value]);
    }
    let document = format!(
        "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\nwindow = 90\nstart = \"{DAY}\"\n\
         [whom]\ncondition = \"n_orders >= 1\"\n[[steps]]\nname = \"一つ\"\nkind = \"thanks\"\nafter_days = 0\n\
         at = \"09:00\"\nchannel = \"{channel}\"\n[steps.words]\nsubject = \"いつもありがとうございます\"\n\
         body = \"\"\"\n{words}\n\"\"\"\n"
    );
    let id = approved(world, "一斉", &document).to_string();
    (world.on(DAY), id)
}

/// Runs a verb and kills it after so many milliseconds, unless it was quicker.
fn cut_short(world: &World, args: &[&str], after: u64) {
    let mut child = world.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::park_timeout(Duration::from_millis(after));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Of each touch: its state, and its attempts without an outcome and in all.
fn ledger(world: &World) -> Vec<(i64, i64, i64)> {
    let sql =
        "SELECT t.state, SUM(CASE WHEN a.n IS NOT NULL AND a.outcome IS NULL THEN 1 ELSE 0 END), COUNT(a.n)
               FROM touches t LEFT JOIN attempts a ON a.touch = t.id GROUP BY t.id, t.state";
    match &world.db {
        None => {
            let db = rusqlite::Connection::open(world.data().join("mezame.db")).unwrap();
            let mut rows = db.prepare(sql).unwrap();
            let rows = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
            rows.map(|r| r.unwrap()).collect()
        }
        Some(url) => {
            let mut db = postgres::Client::connect(url, postgres::NoTls).unwrap();
            db.query(sql, &[]).unwrap().iter().map(|r| (r.get(0), r.get(1), r.get(2))).collect()
        }
    }
}

#[test]
fn calls() {
    on_both(|world| {
        let words = "{{ shop }}の{{ caller }}です。本日は、お茶のご購入のご案内でお電話しました。";
        let (day, _) = due(world, 20, "phone", words);
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        for n in 0_u64.. {
            cut_short(&day, &["desk", "next", "--by", "佐藤"], n * 37 % 160);
            let next = day.json(&["desk", "next", "--by", "佐藤"]);
            if next["call"].is_null() {
                break;
            }
            let call = next["call"].to_string();
            let result = ["desk", "result", &call, "reached", "--by", "佐藤", "--minutes", "3"];
            // Killed: kept or not, as the page shows whoever looks again.
            cut_short(&day, &result, n * 53 % 160);
            let again = day.json(&["desk", "next", "--by", "佐藤"])["call"].to_string();
            if again == call {
                day.ok(&result);
            } else {
                // Said twice, it does not count twice.
                day.run(&result);
            }
            *said.entry(call).or_default() += 1;
        }
        assert_eq!((said.len(), said.values().max()), (20, Some(&1)), "everybody once: {said:?}");
        assert!(ledger(&day).iter().all(|touch| *touch == (3, 0, 1)), "{:?}", ledger(&day));
    });
}

#[test]
fn audiences() {
    on_both(|world| {
        let (day, id) = due(world, 300, "ads", "新茶のお知らせです。");
        day.run(&["work", "--once"]);
        let out = day.dir.path().join("audience.csv");
        let to = out.display().to_string();
        let export = ["ads", "export", &id, "--for", "meta", "--out", &to, "--by", "山田"];
        let mut cut = 0;
        for after in [20, 60, 100, 140, 180, 240, 320, 420, 600] {
            cut_short(&day, &export, after);
            // Whole or not at all.
            if out.exists() {
                let text = std::fs::read_to_string(&out).unwrap();
                assert_eq!(text.lines().count(), 301, "after {after} ms");
                std::fs::remove_file(&out).unwrap();
            } else {
                cut += 1;
            }
        }
        assert!(cut > 0, "none was killed in time");
        let made = day.json(&export);
        assert_eq!(made["customers"], 300, "whatever was noted before, all of them are in the file: {made}");
        assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 301);
        assert!(ledger(&day).iter().all(|touch| *touch == (3, 0, 1)), "handed over once");
    });
}
