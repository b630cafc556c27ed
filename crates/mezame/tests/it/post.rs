//! Post from a due step to what came back, through the binary.

use crate::campaign::approved;
use crate::pages::serve;
use crate::world::{World, on_both};
use serde_json::Value;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;
use testkit::browser::{Browser, Screen};

const START: &str = "2026-11-23";
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\npostal = \"postal\"\nprefecture = \"prefecture\"\naddress = \"address\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\nitem = \"product\"\n";
const HEADER: &str = "order,customer,name,postal,prefecture,address,ordered_at,total,product\n";

/// Customers who live in three towns; 5 lives with 4, 6 has a name that no font has, 7 an address that fits nowhere.
pub fn shop(world: &World, customers: usize) {
    let mut orders = String::from(HEADER);
    for i in 1..=customers {
        orders.push_str(&row(i, "1"));
    }
    let (orders, map) = (world.file("orders.csv", orders), world.file("map.toml", ORDERS));
    world.import(&[&orders, "--map", &map]);
    for (key, value) in [
        ("shop", "見本堂"),
        ("profile.address", "東京都千代田区霞が関1丁目3番2号"),
        ("profile.contact", "お客様係 03-0000-0000"),
        ("profile.site", "https://shop.example.jp/"),
        ("profile.public_url", "https://mail.example.jp"),
        ("profile.purpose", "商品の発送、および新商品・キャンペーンのご案内(メール・郵便)のため"),
        ("post.sender_postal", "100-0013"),
        ("post.payment", "monthly"),
        ("post.office", "銀座局"),
        ("post.print_cost", "25"),
    ] {
        world.ok(&["settings", "set", key, value]);
    }
}

fn row(i: usize, order: &str) -> String {
    let towns = [
        ("1000013", "東京都", "千代田区霞が関1丁目3番2号"),
        ("2630023", "千葉県", "千葉市稲毛区緑町3丁目30-8"),
        ("0600906", "北海道", "札幌市東区北六条東4丁目"),
    ];
    let at = if i == 5 { 4 } else { i };
    let (postal, prefecture, town) = towns[at % 3];
    let town = if i == 7 { town.repeat(12) } else { town.to_owned() };
    let name = if i == 6 { "\u{1F600}見本".to_owned() } else { format!("見本{i} 花子") };
    format!(
        "{i}-{order},{i},{name},{postal},{prefecture},{town} {at}号室,2026-01-10 10:00:00,{},お茶\n",
        3_000 + i
    )
}

/// One step by post, of everybody.
pub fn card() -> String {
    format!(
        r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "発送の試験"
window = 90
start = "{START}"

[whom]
condition = "n_orders >= 1"

[goal]
hypothesis = "はがきで戻る方がいる"

[[steps]]
name = "card"
kind = "letter"
after_days = 0
at = "09:00"
channel = "post"
unless = ["ordered"]
[steps.words]
subject = '{{{{ family_name | or("お客") }}}}様へ、季節のごあいさつ'
body = """
{{{{ addressee }}}}

{{{{ greeting }}}}。見本堂です。
前回お求めいただいた{{{{ last_product | or("商品") }}}}はいかがでしたか。

[お店を見る](/)
"""
"#
    )
}

fn list(of: &Value) -> &Vec<Value> {
    of.as_array().unwrap()
}

/// The address of a customer's code in the print shop's file.
fn codes(csv: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(csv).unwrap();
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    rows.records().map(|r| r.unwrap()).map(|r| (r[0].to_owned(), r[12].to_owned())).collect()
}

/// M097, M069, L-42: due, made, pulled out, posted, returned, closed.
#[test]
fn from_what_is_due_to_what_came_back() {
    on_both(|world| {
        shop(world, 30);
        let id = approved(world, "冬のはがき", &card()).to_string();
        let next = world.on(START);
        let due = next.json(&["post", "list"]);
        let row = &due["due"][0];
        assert_eq!((&row["due"], &row["ready"]), (&29.into(), &27.into()), "a household gets one: {due}");
        let held: Vec<&str> = list(&row["held"]).iter().map(|h| h["ja"].as_str().unwrap()).collect();
        assert!(held.iter().any(|why| why.contains("フォントに無い文字")), "{held:?}");
        assert!(held.iter().any(|why| why.contains("収まりません")), "{held:?}");
        assert_eq!(row["cost"]["total"], 27.0 * (85.0 + 25.0), "{row}");
        assert_eq!(row["codes_checked"], false);

        let out = next.dir.path().join("out").display().to_string();
        let made = next.json(&["post", "make", &id, "--out", &out, "--by", "山田"]);
        let batch = &made["batches"][0];
        assert_eq!((&batch["pieces"], &batch["pages"]), (&27.into(), &54.into()), "{made}");
        assert_eq!(list(&made["held"]).len(), 2);
        let pdf = batch["files"][0].as_str().unwrap().to_owned();
        let first = std::fs::read(&pdf).unwrap();
        assert!(first.starts_with(b"%PDF-"));
        let again = next.dir.path().join("again").display().to_string();
        next.ok(&["post", "print", "1", "--out", &again]);
        let second = std::fs::read(format!("{again}/post-1-postcards.pdf")).unwrap();
        assert_eq!(first, second, "the same bytes");
        next.fails(3, &["post", "make", &id, "--out", &out, "--by", "山田"]);

        // One leaves, one dies, one moves.
        let sheet = std::fs::read_to_string(format!("{out}/post-1-sheet.txt")).unwrap();
        assert!(sheet.contains("通数 / Pieces: 27"), "{sheet}");
        let number = |i: usize| next.json(&["customer", &i.to_string()])["customer"].to_string();
        for (i, reason) in [(1, "post_stop"), (2, "deceased")] {
            next.ok(&["suppress", &number(i), "--reason", reason, "--by", "山田"]);
        }
        let moved =
            format!("{HEADER}3-2,3,見本3 花子,5300001,大阪府,大阪市北区梅田1-1,2026-01-11 10:00:00,1,お茶\n");
        let (file, map) =
            (next.file("moved.csv", moved), next.dir.path().join("map.toml").display().to_string());
        next.import(&[&file, "--map", &map]);
        let show = next.json(&["post", "show", "1"]);
        let pulled: Vec<&str> = list(&show["pulled"]).iter().map(|p| p["rule"].as_str().unwrap()).collect();
        assert_eq!(pulled.len(), 3, "{show}");
        assert!(
            pulled.contains(&"deceased") && pulled.contains(&"moved") && pulled.contains(&"L-42"),
            "{show}"
        );
        let said = next.ok(&["post", "print", "1", "--out", &again]);
        let line = said.lines().next().unwrap();
        assert!(line.starts_with("抜き取り 3通"), "first of all: {said}");
        assert_eq!(
            next.json(&["post", "print", "1", "--out", &again])["pages"],
            48,
            "and they are not printed"
        );

        let later = world.on("2026-11-25");
        later.fails(1, &["post", "posted", "1", "--on", "2026-11-26", "--by", "山田"]);
        later.fails(1, &["post", "posted", "1", "--on", "2026-11-22", "--by", "山田"]);
        let posted = later.json(&["post", "posted", "1", "--on", "2026-11-24", "--by", "山田"]);
        assert_eq!((&posted["pieces"], &posted["new"]), (&24.into(), &24.into()), "{posted}");
        assert_eq!(posted["cost"], 24.0 * 110.0);
        let twice = later.json(&["post", "posted", "1", "--on", "2026-11-25", "--by", "佐藤"]);
        assert_eq!((&twice["pieces"], &twice["new"]), (&24.into(), &0.into()));
        assert_eq!(
            later.json(&["post", "list"])["batches"][0]["posted_on"],
            "2026-11-24",
            "the first word counts"
        );
        assert_eq!(later.json(&["post", "list"])["batches"][0]["posted_by"], "山田");
        let touches = &later.json(&["campaign", "show", &id])["touches"];
        assert_eq!((&touches["sent"], &touches["queued"]), (&24.into(), &2.into()), "{touches}");
        assert_eq!(
            later.json(&["measure", &id])["cost"],
            24.0 * 110.0,
            "what they cost, not what is assumed"
        );
        later.fails(1, &["post", "cancel", "1", "--by", "山田"]);
        later.fails(1, &["post", "print", "1", "--out", &again]);
        returns(&later, &id, &show);
    });
}

/// Pieces come back: by number, since their codes are in a PDF.
fn returns(world: &World, id: &str, show: &Value) {
    let pulled: Vec<u64> = list(&show["pulled"]).iter().map(|p| p["position"].as_u64().unwrap()).collect();
    let posted: Vec<String> = (1..=27).filter(|n| !pulled.contains(n)).map(|n| format!("1-{n:04}")).collect();
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| &posted[n]);
    let gone = format!("1-{:04}", pulled[0]);
    let keyed = format!(
        "宛所に尋ねあたりません\n{a}\n{a}\n{b},4\n{c},受取拒絶\nnonsense,1\n1-9999,2\n{gone}\n{d}\n?\n"
    );
    let mut command = world.command(&["post", "returned", "-", "--by", "山田", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(keyed.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(3), "some are unknown");
    let taken: Value = serde_json::from_slice(&out.stdout).unwrap();
    let said: Vec<(&str, bool)> = list(&taken["pieces"])
        .iter()
        .map(|p| (p["reason"].as_str().unwrap(), p["closed"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        said,
        [("not_known_there", true), ("not_collected", false), ("refused", true), ("not_known_there", true)],
        "{taken}"
    );
    assert_eq!(taken["unknown"], serde_json::json!(["nonsense", "1-9999", gone, "?"]), "{taken}");
    for piece in list(&taken["pieces"]) {
        let person = piece["customer"].to_string();
        let shown = world.json(&["customer", &person]);
        let post = list(&shown["channels"]).iter().find(|c| c["channel"] == "post").unwrap().clone();
        assert_eq!(post["allowed"], !piece["closed"].as_bool().unwrap(), "{person}: {post}");
        let told = list(&shown["activities"]).iter().filter(|a| a["kind"] == "post_returned").count();
        assert_eq!(told, 1, "on the timeline: {shown}");
    }
    let file = world.file("again.txt", &keyed);
    let again: Value =
        serde_json::from_slice(&world.run(&["post", "returned", &file, "--by", "山田", "--json"]).stdout)
            .unwrap();
    assert!(
        list(&again["pieces"]).iter().all(|p| p["known"] == true),
        "told twice, nothing changes: {again}"
    );
    let shown = world.json(&["campaign", "show", id]);
    assert_eq!(shown["touches"]["sent"], 24, "{shown}");
}

/// A shop that only posts has a worker, too: its steps fall due.
#[test]
fn a_worker_needs_no_gateway_for_what_people_carry() {
    let world = World::sqlite();
    shop(&world, 3);
    assert!(world.fails(1, &["work", "--once"]).contains("sending.host"), "nothing at all is set up");
    approved(&world, "冬のはがき", &card());
    let next = world.on(START);
    next.ok(&["work", "--once"]);
    assert_eq!(next.json(&["post", "list"])["due"][0]["due"], 3);
}

/// M097: a making that is killed leaves nothing in anybody's hand that has no batch, and no batch without its file.
#[test]
fn a_making_that_is_killed_is_completed_or_given_back() {
    on_both(|world| {
        shop(world, 400);
        let id = approved(world, "冬のはがき", &card()).to_string();
        let next = world.on(START);
        next.ok(&["post", "list"]);
        let out = next.dir.path().join("out").display().to_string();
        for after in [20, 100, 300, 600, 1_000, 1_600, 2_400] {
            let mut child = next
                .command(&["post", "make", &id, "--out", &out, "--by", "山田"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::park_timeout(Duration::from_millis(after));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let made = next.run(&["post", "make", &id, "--out", &out, "--by", "山田"]);
        let made = String::from_utf8_lossy(&made.stdout).into_owned();
        let batches = next.json(&["post", "list"])["batches"].clone();
        let pieces: u64 = list(&batches).iter().map(|b| b["pieces"].as_u64().unwrap()).sum();
        assert_eq!(pieces, 397, "everybody once, whatever was killed: {batches} {made}");
        for batch in list(&batches) {
            assert_eq!(batch["state"], "made");
            let file = format!("{out}/post-{}-postcards.pdf", batch["batch"]);
            assert!(std::path::Path::new(&file).exists(), "{file}");
        }
        let touches = &next.json(&["campaign", "show", &id])["touches"];
        assert_eq!((&touches["under_way"], &touches["queued"]), (&397.into(), &2.into()), "{touches}");
    });
}

/// M097: killed before its batch was whole, a making is given back; killed before its files were, completed.
#[test]
fn a_batch_without_its_file_is_nobodys() {
    let world = World::sqlite();
    shop(&world, 12);
    let id = approved(&world, "冬のはがき", &card()).to_string();
    let next = world.on(START);
    let out = |name: &str| next.dir.path().join(name).display().to_string();
    let make = |to: &str| {
        let said = next.run(&["post", "make", &id, "--out", &out(to), "--by", "山田", "--json"]).stdout;
        serde_json::from_slice::<Value>(&said).unwrap()["batches"].clone()
    };
    let broken_off = |sql: &str| {
        let db = rusqlite::Connection::open(next.data().join("mezame.db")).unwrap();
        assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
    };
    assert_eq!(make("a")[0]["pieces"], 9);
    broken_off("UPDATE batches SET state = 0, printed = NULL, posted_on = NULL");
    let again = make("b");
    assert_eq!(
        (&again[0]["pieces"], &again[0]["completed"]),
        (&9.into(), &false.into()),
        "given back, made anew"
    );
    broken_off("UPDATE batches SET printed = NULL");
    let whole = make("c");
    assert_eq!(
        (&whole[0]["pieces"], &whole[0]["completed"]),
        (&9.into(), &true.into()),
        "its files are written"
    );
    assert_eq!(list(&whole).len(), 1, "and nothing is made twice: {whole}");
    let pdf = |to: &str| std::fs::read(format!("{}/post-1-postcards.pdf", out(to))).unwrap();
    assert_eq!(pdf("b"), pdf("c"), "the same bytes");
    assert_eq!(list(&next.json(&["post", "list"])["batches"]).len(), 1);
}

/// M097: labels, letters and the print shop's file; formulas stay text; a batch goes back.
#[test]
fn labels_letters_and_a_file_for_a_print_shop() {
    let world = World::sqlite();
    shop(&world, 30);
    let orders = format!(
        "{HEADER}x-1,x,=HYPERLINK(1),1000013,東京都,@千代田区霞が関1-3-2,2026-01-10 10:00:00,500,お茶\n"
    );
    let (file, map) = (world.file("x.csv", orders), world.dir.path().join("map.toml").display().to_string());
    world.import(&[&file, "--map", &map]);
    let id = approved(&world, "冬のはがき", &card()).to_string();
    let next = world.on(START);
    let out = next.dir.path().join("out").display().to_string();
    let make = |kind: &str, more: &[&str]| {
        let mut args = vec!["post", "make", &id, "--as", kind, "--out", &out, "--by", "山田"];
        args.extend(more);
        let made = next.json(&args)["batches"][0].clone();
        assert!(made.is_object(), "{kind}");
        made
    };
    for (kind, more, pieces, pages) in [
        ("labels-12", &["--start-at", "5", "--offset", "1.5,-0.5"][..], 28, 3),
        ("letters", &[], 28, 28),
        ("csv", &[], 30, 0),
    ] {
        let made = make(kind, more);
        assert_eq!((&made["pieces"], &made["pages"]), (&pieces.into(), &pages.into()), "{kind}: {made}");
        if kind != "csv" {
            let back = next.json(&["post", "cancel", &made["batch"].to_string(), "--by", "山田"]);
            assert_eq!(back["back"], pieces);
            continue;
        }
        let csv = made["files"][0].as_str().unwrap();
        let text = std::fs::read_to_string(csv).unwrap();
        assert!(text.contains("'=HYPERLINK(1)") && !text.contains(",=HYPERLINK"), "{text}");
        let links = codes(csv);
        assert!(links.iter().all(|(_, url)| url.starts_with("https://mail.example.jp/c/")), "{links:?}");
        assert_eq!(links[0].0, format!("{}-0001", made["batch"]));
        // A scanned code closes as a keyed number does.
        let batch = made["batch"].to_string();
        next.ok(&["post", "posted", &batch, "--on", START, "--by", "山田"]);
        let file = next.file("scanned.txt", format!("{},2\n", links[0].1));
        let taken = next.json(&["post", "returned", &file, "--by", "山田"]);
        assert_eq!(taken["pieces"][0]["closed"], true, "{taken}");
    }
    next.fails(2, &["post", "make", &id, "--as", "labels-13", "--out", &out, "--by", "山田"]);
}

/// M120: a leaflet for each order by the cut-off; M098: whom post suits, and why.
#[test]
fn leaflets_are_picked_and_post_is_suggested() {
    let world = World::sqlite();
    shop(&world, 12);
    let leaflets =
        r#"[{"leaflet":"再会","where":"n_orders >= 2","why":"二度目以降"},{"leaflet":"はじめて"}]"#;
    world.ok(&["settings", "set", "post.leaflets", leaflets]);
    world.fails(1, &["settings", "set", "post.leaflets", "[1]"]);
    let orders = format!(
        "{HEADER}{}",
        (1..=4)
            .map(|i| {
                let hour = if i == 4 { 15 } else { 10 + i };
                row(i, "9").replace("2026-01-10 10:00:00", &format!("2026-11-22 {hour}:00:00"))
            })
            .collect::<String>()
    );
    let (file, map) =
        (world.file("new.csv", orders), world.dir.path().join("map.toml").display().to_string());
    world.import(&[&file, "--map", &map]);
    let out = world.dir.path().join("picks.csv").display().to_string();
    let picked =
        world.json(&["post", "leaflets", "--day", "2026-11-22", "--cut-off", "14:00", "--out", &out]);
    assert_eq!(picked["orders"], 3, "the fourth came after the cut-off");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(
        text.contains("2026-11-22,1-9,再会,") && text.contains("二度目以降") && !text.contains("4-9"),
        "{text}"
    );

    let people = format!(
        "who,birthday\n{}",
        (1..=12).map(|i| format!("{i},{}-03-04\n", 1950 + i * 3)).collect::<String>()
    );
    let map = world.file(
        "people.toml",
        "kind = \"customers\"\n[columns]\ncustomer = \"who\"\nbirthday = \"birthday\"\n",
    );
    world.import(&[&world.file("people.csv", people), "--map", &map]);
    let id = approved(&world, "冬のはがき", &card()).to_string();
    let fit = world.json(&["post", "suggest", &id]);
    assert_eq!((&fit["elderly"], &fit["unmailable"]), (&4.into(), &11.into()), "5 lives with 4: {fit}");
    assert!(fit["valuable"].as_u64().unwrap() >= 1 && fit["suited"] == 11, "{fit}");
}

/// M097: postal codes are optional; with them an unknown code waits and a barcode is right.
#[test]
fn postal_codes_are_checked_once_they_are_loaded() {
    let world = World::sqlite();
    shop(&world, 12);
    let list_file = "13101,\"100  \",\"1000013\",\"ﾄｳｷｮｳﾄ\",\"ﾁﾖﾀﾞｸ\",\"ｶｽﾐｶﾞｾｷ\",\"東京都\",\"千代田区\",\"霞が関\",0,0,1,0,0,0\n12104,\"263  \",\"2630023\",\"ﾁﾊﾞｹﾝ\",\"ﾁﾊﾞｼｲﾅｹﾞｸ\",\"ﾐﾄﾞﾘﾁｮｳ\",\"千葉県\",\"千葉市稲毛区\",\"緑町\",0,0,1,0,0,0\n";
    let file = world.file("utf_ken_all.csv", list_file);
    let doctor = || String::from_utf8(world.run(&["doctor"]).stdout).unwrap();
    assert!(doctor().contains("郵便番号簿がない"), "{}", doctor());
    assert_eq!(world.json(&["post", "codes", &file])["codes"], 2);
    assert!(doctor().contains("郵便番号簿は 2026-11-22"), "{}", doctor());
    approved(&world, "冬のはがき", &card());
    let next = world.on(START);
    let due = next.json(&["post", "list"])["due"][0].clone();
    assert_eq!(due["codes_checked"], true);
    let unknown: Vec<&Value> =
        list(&due["held"]).iter().filter(|h| h["ja"].as_str().unwrap().contains("0600906")).collect();
    assert_eq!(unknown.len(), 3, "who lives in Sapporo waits: {due}");
    let bad = world.file("other.csv", "a,b\n");
    assert!(world.fails(1, &["post", "codes", &bad]).contains("15列"));
}

/// M097: the page from what is due to the day of posting, and what came back; nothing serious for axe.
#[test]
fn an_operator_sends_cards_from_the_page() {
    let world = World::sqlite();
    shop(&world, 24);
    let id = approved(&world, "冬のはがき", &card()).to_string();
    let next = world.on(START);
    let served = serve(&next);
    let browser = Browser::start().unwrap();
    let shots = tempfile::tempdir().unwrap();
    let page = |path: &str| format!("{}{path}", served.url.trim_end_matches('/'));
    let look = |path: &str, name: &str| {
        for screen in [Screen::Phone, Screen::Desktop] {
            browser.screen(screen).unwrap();
            browser.open(&page(path)).unwrap();
            let findings = browser.serious_findings().unwrap();
            assert!(findings.is_empty(), "{path} {screen:?}: {findings:#?}");
            let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
            assert_eq!(browser.script(wide, &[]).unwrap(), true, "{path} {screen:?}: nothing sticks out");
            browser.screenshot(&shots.path().join(format!("{name}-{screen:?}.png"))).unwrap();
        }
    };
    look("/post", "empty");
    browser.click("form[action='/post/look'] button").unwrap();
    browser.wait_for_text("確かめて作る").unwrap();
    look("/post", "list");
    let due = format!("/post/due/{id}/0");
    look(&due, "due");
    look(&format!("/campaigns/{id}/preview?step=0"), "preview");
    browser.open(&page(&due)).unwrap();
    browser.fill("#make-by", "山田").unwrap();
    browser.click("#make-button").unwrap();
    browser.wait_for_text("投函を記録する").unwrap();

    // Somebody leaves after the print: the page says where their piece lies.
    let one = next.json(&["customer", "1"])["customer"].to_string();
    next.ok(&["suppress", &one, "--reason", "post_stop", "--by", "山田"]);
    look("/post/batches/1", "batch");
    browser.wait_for_text("抜き取り").unwrap();
    browser.fill("#posted-by", "山田").unwrap();
    browser.fill("#pieces", "21").unwrap();
    browser.click("#posted-button").unwrap();
    browser.wait_for_text("投函した通数が違います").unwrap();
    browser.open(&page("/post/batches/1")).unwrap();
    browser.fill("#posted-by", "山田").unwrap();
    browser.fill("#pieces", "20").unwrap();
    browser.click("#posted-button").unwrap();
    browser.wait_for_text("投函済み").unwrap();
    look("/post/batches/1", "posted");

    browser.open(&page("/post/returns")).unwrap();
    browser.fill("#by", "山田").unwrap();
    browser.fill("#list", "1-0020\nnonsense").unwrap();
    browser.click("#returns-button").unwrap();
    browser.wait_for_text("登録できなかったもの").unwrap();
    browser.screenshot(&shots.path().join("returned.png")).unwrap();
    look("/post/returns", "returns");
    look("/settings/post", "settings");
    look(&format!("/post/suggest/{id}"), "suggest");
    look("/post", "done");
}

/// Nobody looks for some days: a mail would ask first, a card only waits for whoever makes it.
#[test]
fn a_card_whose_day_has_passed_still_waits_to_be_made() {
    let world = World::sqlite();
    shop(&world, 12);
    world.ok(&["settings", "set", "stale_hours", "1000"]);
    let id = approved(&world, "遅いはがき", &card());
    let due = world.on("2026-11-27").json(&["post", "list"]);
    assert!(due["due"][0]["ready"].as_u64().unwrap() > 5, "{due}");
    assert_eq!(world.json(&["campaign", "show", &id.to_string()])["waits"], "");
}
