//! A campaign from nothing to its result, through the binary, into a mail server of our own.

use crate::world::{World, on_both};
use madeup::{Accepted, Fault, Keep, Phase, Sink, Temper, What};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The day after the world's own: the first step's.
const START: &str = "2026-11-23";

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\nitem = \"product\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";
const HEADER: &str = "order,customer,name,email,ordered_at,total,product\n";

/// Customers who bought in spring and have been silent since; every third bought once. Number 7
/// never consented.
pub fn shop(world: &World, customers: usize) {
    let mut orders = String::from(HEADER);
    let mut consents = String::from("who,channel,given\n");
    for i in 1..=customers {
        let (mail, name) = (mail(i), format!("見本{i} 花子"));
        for (n, day) in [(1, "2026-01-10"), (2, "2026-03-15")] {
            if n == 1 || i % 3 > 0 {
                writeln!(orders, "{i}-{n},{i},{name},{mail},{day} 10:00:00,{},お茶", 3_000 + i * 10).unwrap();
            }
        }
        if i != 7 {
            writeln!(consents, "{mail},mail,yes").unwrap();
        }
    }
    let (orders, map) = (world.file("orders.csv", orders), world.file("map.toml", ORDERS));
    world.import(&[&orders, "--map", &map]);
    let (consents, map) = (world.file("consents.csv", consents), world.file("consents.toml", CONSENTS));
    world.import(&[&consents, "--map", &map]);
}

pub fn mail(i: usize) -> String {
    format!("customer{i}@example.jp")
}

/// Everything a sender needs, with the mail server on this port.
pub fn sender(world: &World, port: u16) {
    for (key, value) in [
        ("shop", "見本堂"),
        ("profile.address", "東京都千代田区見本1-2-3"),
        ("profile.contact", "info@example.jp"),
        ("profile.site", "https://shop.example.jp/"),
        ("profile.public_url", "https://mail.example.jp"),
        ("profile.purpose", "商品の発送、および新商品・キャンペーンのご案内(メール・郵便)のため"),
        ("sending.host", "127.0.0.1"),
        ("sending.port", &port.to_string()),
        ("sending.tls", "none"),
        ("sending.from", "shop@example.jp"),
        ("test_addresses", "owner@example.jp"),
    ] {
        world.ok(&["settings", "set", key, value]);
    }
}

/// A document of one step, or two.
pub fn letter(holdout: f64, second: bool) -> String {
    let mut text = format!(
        r#"
owner = "山田"
holdout = {holdout}
window = 90
start = "{START}"

[whom]
condition = "state = 'dormant'"

[goal]
hypothesis = "お礼だけで戻る方がいる"

[[steps]]
name = "thanks"
kind = "thanks"
after_days = 0
at = "10:00"
channel = "mail"
unless = ["ordered"]
[steps.words]
subject = '{{{{ family_name | or("お客") }}}}様、いつもありがとうございます'
body = """
{{{{ addressee }}}}

{{{{ greeting }}}}。見本堂です。
前回お求めいただいた{{{{ last_product | or("商品") }}}}はいかがでしたか。ご利用ありがとうございます。

[お店を見る](/)
"""
"#
    );
    if second {
        text.push_str(
            r#"
[[steps]]
name = "news"
kind = "news"
after_days = 7
at = "10:00"
channel = "mail"
unless = ["ordered", "clicked"]
[steps.words]
subject = "新茶のお知らせ"
body = """
{{ addressee }}

いつもありがとうございます。新茶が入りました。

[新茶を見る](/shincha)
"""
"#,
        );
    }
    text
}

/// Makes, plans and approves a campaign; its number.
pub fn approved(world: &World, name: &str, document: &str) -> i64 {
    let file = world.file("campaign.toml", document);
    let id = world.json(&["campaign", "new", name, "--file", &file])["id"].as_i64().unwrap();
    let number = id.to_string();
    world.json(&["campaign", "plan", &number]);
    world.ok(&["campaign", "approve", &number, "--by", "山田", "--yes"]);
    id
}

pub fn listening() -> Sink {
    Sink::start(Temper { keep: Keep::Bytes, ..Temper::default() }).unwrap()
}

fn token<'a>(mail: &'a Accepted, place: &str) -> &'a str {
    let text = std::str::from_utf8(&mail.bytes).unwrap();
    let from = text.find(&format!("https://mail.example.jp/{place}/")).unwrap();
    text[from..].split(['>', '\r', ' ']).next().unwrap()
}

#[test]
fn from_nothing_to_a_letter_and_never_twice() {
    on_both(|world| {
        shop(world, 60);
        let sink = listening();
        sender(world, sink.addr().port());
        let file = world.file("draft.toml", letter(0.2, true));
        let check = world.run(&["campaign", "check", &file, "--json"]);
        assert_eq!(check.status.code(), Some(3));
        let check: Value = serde_json::from_slice(&check.stdout).unwrap();
        let blocks: Vec<&str> = blocks(&check);
        assert_eq!(blocks, ["M061"], "only the name is missing: {check}");

        let id = approved(world, "冬のお便り", &letter(0.2, true)).to_string();
        let plan = world.json(&["campaign", "show", &id]);
        assert_eq!(plan["state"], "approved");
        assert_eq!(world.json(&["work", "--once"])["sent"], 0, "not due yet");

        let next = world.on(START);
        let worked = next.json(&["work", "--once"]);
        let (sent, accepted) = (worked["sent"].as_u64().unwrap(), sink.accepted());
        assert_eq!(sent, 47, "59 with consent, a fifth held out: {worked}");
        assert_eq!(accepted.len() as u64, sent);
        assert!(accepted.iter().all(|m| m.times == 1 && m.rcpt != mail(7)), "number 7 never consented");
        assert_eq!(next.json(&["work", "--once"])["sent"], 0, "a second run does nothing");
        assert_eq!(sink.mails(), sent);

        // One orders, one leaves: neither gets the second letter.
        let one: usize = accepted[0].rcpt[8..].split('@').next().unwrap().parse().unwrap();
        let more = format!("{HEADER}new-1,{one},,,2026-11-25 09:00:00,4000,お茶\n");
        let later = world.on("2026-11-30");
        let (file, map) =
            (later.file("more.csv", more), world.dir.path().join("map.toml").display().to_string());
        later.import(&[&file, "--map", &map]);
        let gone: usize = accepted[1].rcpt[8..].split('@').next().unwrap().parse().unwrap();
        let gone = later.json(&["customer", &mail(gone)])["customer"].to_string();
        later.ok(&["suppress", &gone, "--channel", "mail", "--reason", "mail_opt_out", "--by", "山田"]);
        let worked = later.json(&["work", "--once"]);
        assert_eq!(worked["sent"].as_u64().unwrap(), sent - 2, "{worked}");
        let show = later.json(&["campaign", "show", &id]);
        assert_eq!(show["state"], "finished", "{show}");
        let reasons: Vec<(&str, u64)> = show["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["rule"].as_str().unwrap(), r["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(reasons, [("L-09", 1), ("ordered", 1)]);
        let why = later.json(&["campaign", "why", &id, &mail(7)]);
        assert!(why["ja"].as_str().unwrap().contains("同意の記録"), "{why}");

        let measured = later.json(&["measure", &id]);
        assert_eq!(measured["treated"], 47);
        assert_eq!(measured["holdout"], 12);
        assert_eq!(measured["windows"][0]["treated"]["hits"], 1);
        let words = later.ok(&["measure", &id]);
        assert!(words.contains("まだ判断できません"), "{words}");
    });
}

fn blocks(check: &Value) -> Vec<&str> {
    let remarks = check["remarks"].as_array().unwrap().iter().filter(|r| r["level"] == "block");
    let broken = check["broken"].as_array().unwrap().iter();
    remarks.chain(broken).map(|r| r["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_letter_as_received_says_what_the_law_wants() {
    let world = World::sqlite();
    shop(&world, 3);
    let sink = listening();
    sender(&world, sink.addr().port());
    approved(
        &world,
        "お便り",
        &letter(0.0, false).replace("owner =", "no_holdout_because = \"試験\"\nowner ="),
    );
    world.on(START).json(&["work", "--once"]);
    let mails = sink.accepted();
    assert_eq!(mails.len(), 3);
    let text = String::from_utf8(mails[0].bytes.clone()).unwrap();
    for header in [
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Unsubscribe: <https://mail.example.jp/u/",
        "From: ",
        "Message-ID: <",
    ] {
        assert!(text.contains(header), "{header}\n{text}");
    }
    assert!(mails[0].mail_from.starts_with("bounce+"), "{}", mails[0].mail_from);
    assert!(token(&mails[0], "u").len() > 40);
}

#[test]
fn what_must_not_start_says_why() {
    let world = World::sqlite();
    shop(&world, 30);
    let sink = listening();
    sender(&world, sink.addr().port());
    let new = |name: &str, document: &str| {
        let file = world.file("c.toml", document);
        world.json(&["campaign", "new", name, "--file", &file])["id"].as_i64().unwrap().to_string()
    };
    // M030: a field without a fallback.
    let broken = new("欠け", &letter(0.2, false).replace("last_product | or(\"商品\")", "last_product"));
    let check = world.run(&["campaign", "check", &broken, "--json"]);
    assert_eq!(check.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&check.stdout).contains("last_product"));
    world.json(&["campaign", "plan", &broken]);
    assert!(world.fails(1, &["campaign", "approve", &broken, "--by", "山田", "--yes"]).contains("M030"));
    // No holdout without a reason.
    let bare = new("保留なし", &letter(0.0, false));
    world.json(&["campaign", "plan", &bare]);
    assert!(world.fails(1, &["campaign", "approve", &bare, "--by", "山田", "--yes"]).contains("holdout"));
    // A plan of yesterday, or of other words.
    let fine = new("よし", &letter(0.2, false));
    assert!(world.fails(1, &["campaign", "approve", &fine, "--by", "山田", "--yes"]).contains("no plan"));
    world.json(&["campaign", "plan", &fine]);
    let file = world.file("c.toml", letter(0.3, false));
    world.ok(&["campaign", "edit", &fine, "--file", &file, "--by", "山田"]);
    assert!(
        world.fails(1, &["campaign", "approve", &fine, "--by", "山田", "--yes"]).contains("draw it again")
    );
    // M158: orders of last week hold everything, and a fresh import lets it go.
    world.json(&["campaign", "plan", &fine]);
    world.ok(&["campaign", "approve", &fine, "--by", "山田", "--yes"]);
    world.ok(&["settings", "set", "stale_hours", "1"]);
    let next = world.on(START);
    assert_eq!(next.json(&["work", "--once"])["sent"], 0);
    assert_eq!(next.json(&["campaign", "show", &fine])["waits"], "stale");
    next.import(&[
        &world.dir.path().join("orders.csv").display().to_string(),
        "--map",
        &world.dir.path().join("map.toml").display().to_string(),
    ]);
    assert!(next.json(&["work", "--once"])["sent"].as_u64().unwrap() > 0);
    assert_eq!(sink.accepted().iter().map(|m| m.times).max(), Some(1));
}

#[test]
fn a_late_schedule_asks() {
    let world = World::sqlite();
    shop(&world, 10);
    let sink = listening();
    sender(&world, sink.addr().port());
    let id = approved(&world, "遅れ", &letter(0.2, false)).to_string();
    world.ok(&["settings", "set", "stale_hours", "10000"]);
    let late = world.on("2026-11-26");
    assert_eq!(late.json(&["work", "--once"])["sent"], 0, "three days late: it asks");
    assert_eq!(late.json(&["campaign", "show", &id])["waits"], "late");
    late.ok(&["campaign", "resume", &id, "--by", "山田"]);
    assert_eq!(late.json(&["work", "--once"])["sent"], 7);
}

#[test]
fn a_restored_backup_is_held() {
    let world = World::sqlite();
    shop(&world, 12);
    let sink = listening();
    sender(&world, sink.addr().port());
    approved(&world, "控え", &letter(0.2, false));
    let next = world.on(START);
    let db = world.data().join("mezame.db");
    let backup = world.dir.path().join("backup.db");
    rusqlite::Connection::open(&db).unwrap().execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    let sent = next.json(&["work", "--once"])["sent"].as_u64().unwrap();
    assert!(sent >= 8);
    for name in ["mezame.db-wal", "mezame.db-shm"] {
        let _ = std::fs::remove_file(world.data().join(name));
    }
    std::fs::copy(&backup, &db).unwrap();
    let said = next.fails(1, &["work", "--once"]);
    assert!(said.contains("sending is held"), "{said}");
    assert_eq!(next.run(&["work", "--held"]).status.code(), Some(3));
    next.ok(&["work", "--release", "--by", "山田"]);
    assert_eq!(next.json(&["work", "--once"])["sent"], 0, "what the journal knows is never sent again");
    assert_eq!(sink.mails(), sent);
    let doubts = next.run(&["campaign", "doubts", "--json"]);
    let doubts: Value = serde_json::from_slice(&doubts.stdout).unwrap();
    assert_eq!(doubts.as_array().unwrap().len() as u64, sent);
}

#[test]
fn an_apology_goes_to_exactly_those_who_were_reached() {
    let world = World::sqlite();
    shop(&world, 20);
    let sink = listening();
    sender(&world, sink.addr().port());
    approved(&world, "誤り", &letter(0.2, false));
    let next = world.on(START);
    next.json(&["work", "--once"]);
    let reached: Vec<String> = sink.accepted().into_iter().map(|m| m.rcpt).collect();
    let document = letter(0.0, false)
        .replace("owner =", "no_holdout_because = \"訂正のため\"\nowner =")
        .replace("condition = \"state = 'dormant'\"", "reached_by = \"誤り\"")
        .replace("kind = \"thanks\"", "kind = \"apology\"")
        .replace(START, "2026-11-24");
    let again = listening();
    next.ok(&["settings", "set", "sending.port", &again.addr().port().to_string()]);
    approved(&next, "訂正", &document);
    world.on("2026-11-24").json(&["work", "--once"]);
    let mut told: Vec<String> = again.accepted().into_iter().map(|m| m.rcpt).collect();
    let mut reached = reached;
    told.sort();
    reached.sort();
    assert_eq!(told, reached);
}

#[test]
fn a_full_disk_sends_nothing_and_loses_nothing() {
    let world = World::sqlite();
    shop(&world, 12);
    let sink = listening();
    sender(&world, sink.addr().port());
    approved(&world, "満杯", &letter(0.2, false));
    let next = world.on(START);
    // No file may grow beyond its first block, as on a disk that is full.
    let work = next.command(&["work", "--once"]);
    let mut full = std::process::Command::new("sh");
    full.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
        .arg(work.get_program())
        .args(work.get_args());
    let out = full.env_clear().current_dir(world.dir.path()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("SQLite"), "{said}");
    assert_eq!(sink.mails(), 0, "what cannot be written down does not leave");
    next.json(&["work", "--once"]);
    let accepted = sink.accepted();
    assert_eq!(accepted.len(), 9, "everybody who was to get it");
    assert!(accepted.iter().all(|m| m.times == 1));
}

#[test]
fn a_locked_database_and_a_clock_that_jumps_send_nothing_twice() {
    let world = World::sqlite();
    shop(&world, 40);
    let sink = listening();
    sender(&world, sink.addr().port());
    let id = approved(&world, "錠", &letter(0.2, false)).to_string();
    world.ok(&["settings", "set", "stale_hours", "10000"]);
    let next = world.on(START);
    let db = rusqlite::Connection::open(world.data().join("mezame.db")).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut child =
        next.command(&["work", "--once", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::park_timeout(std::time::Duration::from_millis(1_500));
    assert_eq!(sink.mails(), 0, "the ledger is locked");
    db.execute_batch("COMMIT").unwrap();
    assert!(child.wait().unwrap().success());
    let sent = sink.mails();
    assert!(sent > 20);
    // A day ahead, and back again.
    for day in ["2026-11-24", START, "2026-11-22", "2026-11-25"] {
        assert_eq!(world.on(day).json(&["work", "--once"])["sent"], 0, "{day}");
    }
    assert_eq!(sink.mails(), sent);
    assert_eq!(world.json(&["campaign", "show", &id])["state"], "finished");
}

#[test]
fn two_operators_and_a_trial_letter() {
    let world = World::sqlite();
    shop(&world, 12);
    let sink = listening();
    sender(&world, sink.addr().port());
    world.ok(&["settings", "set", "second_approver", "yes"]);
    let file = world.file("c.toml", letter(0.2, false));
    let id = world.json(&["campaign", "new", "二人", "--file", &file])["id"].to_string();
    let tried = world.json(&["campaign", "try", &id]);
    assert_eq!(tried[0]["accepted"], true, "{tried}");
    let trial = sink.accepted().remove(0);
    assert_eq!(trial.rcpt, "owner@example.jp");
    world.json(&["campaign", "plan", &id]);
    let yes = |by: &str| world.run(&["campaign", "approve", &id, "--by", by, "--yes", "--json"]);
    assert!(String::from_utf8_lossy(&yes("山田").stdout).contains("awaits_second"));
    assert!(String::from_utf8_lossy(&yes("山田").stderr).contains("another operator"));
    // Drawn anew, the plan is not the one that was said yes to.
    world.json(&["campaign", "plan", &id]);
    assert!(String::from_utf8_lossy(&yes("佐藤").stdout).contains("awaits_second"));
    assert!(String::from_utf8_lossy(&yes("佐藤").stderr).contains("another operator"));
    assert!(String::from_utf8_lossy(&yes("山田").stdout).contains("frozen"));
}

#[test]
fn a_server_that_refuses_everything_pauses_the_campaign() {
    let world = World::sqlite();
    shop(&world, 60);
    let refusal =
        Fault { at: Phase::Mail, what: What::Reply("550 5.7.1 relay denied".to_owned()), share: 1.0 };
    let sink = Sink::start(Temper { faults: vec![refusal], ..Temper::default() }).unwrap();
    sender(&world, sink.addr().port());
    let id = approved(&world, "拒否", &letter(0.2, false)).to_string();
    let next = world.on(START);
    let worked = next.json(&["work", "--once", "--connections", "2"]);
    assert!(worked["trouble"].as_str().unwrap().contains("relay denied"), "{worked}");
    let show = next.json(&["campaign", "show", &id]);
    assert_eq!(show["state"], "paused", "{show}");
    let alerts = next.json(&["campaign", "list"])[0]["alerts"].clone();
    assert_eq!(alerts[0]["kind"], "paused", "{alerts}");
    assert!(next.ok(&["board"]).contains("! 拒否: 一時停止中です"), "M060: said where people look first");
    assert!(show["touches"]["queued"].as_u64().unwrap() >= 30, "most still wait: {show}");
}

#[test]
fn a_letter_goes_where_it_was_made_for_or_nowhere() {
    let world = World::sqlite();
    shop(&world, 6);
    let later = Fault { at: Phase::Rcpt, what: What::Reply("450 4.2.1 later".to_owned()), share: 1.0 };
    let busy = Sink::start(Temper { faults: vec![later], ..Temper::default() }).unwrap();
    sender(&world, busy.addr().port());
    let document = letter(0.0, false)
        .replace("owner =", "no_holdout_because = \"試験\"\nowner =")
        .replace("unless = [\"ordered\"]", "unless = []");
    approved(&world, "引っ越し", &document);
    let next = world.on(START);
    assert_eq!(next.json(&["work", "--once"])["later"], 6);
    // One of them takes the mailbox of another: two letters of one step would meet there.
    let more = format!("{HEADER}new-1,1,,{},2026-11-23 11:00:00,4000,お茶\n", mail(2));
    let (file, map) = (next.file("more.csv", more), world.dir.path().join("map.toml").display().to_string());
    next.import(&[&file, "--map", &map]);
    let sink = listening();
    next.ok(&["settings", "set", "sending.port", &sink.addr().port().to_string()]);
    world.on("2026-11-24").json(&["work", "--once"]);
    let mut reached: Vec<String> = sink.accepted().into_iter().map(|m| m.rcpt).collect();
    reached.sort();
    assert_eq!(reached, [2, 3, 4, 5, 6].map(mail), "nobody twice, and nobody at an address nobody cleared");
    assert!(sink.accepted().iter().all(|m| m.times == 1));
}

#[test]
fn a_letter_at_everybodys_own_hour_waits_for_it() {
    let world = World::sqlite();
    let mut orders = String::from(HEADER);
    for (customer, times) in [(1, ["21:05:00", "20:50:00", "21:20:00"]), (2, ["00:00:00"; 3])] {
        for (n, (day, time)) in ["2026-01-10", "2026-02-01", "2026-03-15"].iter().zip(times).enumerate() {
            let who = format!("{customer},見本{customer} 花子,{}", mail(customer));
            writeln!(orders, "{customer}-{n},{who},{day} {time},3000,お茶").unwrap();
        }
    }
    let consents = format!("who,channel,given\n{},mail,yes\n{},mail,yes\n", mail(1), mail(2));
    let (orders, map) = (world.file("orders.csv", orders), world.file("map.toml", ORDERS));
    world.import(&[&orders, "--map", &map]);
    let (consents, map) = (world.file("consents.csv", consents), world.file("consents.toml", CONSENTS));
    world.import(&[&consents, "--map", &map]);
    let sink = listening();
    sender(&world, sink.addr().port());
    let document = letter(0.0, false)
        .replace("holdout = 0\n", "holdout = 0.0\nno_holdout_because = \"試験\"\n")
        .replace("channel = \"mail\"", "channel = \"mail\"\nown_hour = true");
    approved(&world, "時刻", &document);
    let reached = || {
        sink.accepted().into_iter().map(|m| m.rcpt).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    // At noon: whose hour is not known got it at ten; the other orders at nine in the evening.
    world.on(START).json(&["work", "--once"]);
    assert_eq!(reached(), [mail(2)]);
    world.on("2026-11-24").json(&["work", "--once"]);
    assert_eq!(reached(), [mail(1), mail(2)]);
}
