//! Visits to the shop's site: a log read, a place raised, an alert told, a campaign entered, and all forgotten.

use crate::campaign::{listening, mail, sender, shop};
use crate::world::{World, on_both};
use aws_lc_rs::hmac;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::Duration;
use testkit::browser::Browser;

/// A campaign that customers enter on the day they come to the site.
const DOCUMENT: &str = r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "試験"
window = 30
start = "2026-11-22"
late_hours = 200
[enter]
when = "visit"
[whom]
condition = "state = 'dormant'"
[[steps]]
name = "お声がけ"
kind = "thanks"
at = "10:00"
channel = "mail"
unless = []
[steps.words]
subject = "いつもありがとうございます"
body = """
{{ addressee }}

ご利用ありがとうございます。

[お店を見る](/)
"""
"#;

/// Lines of a web server: (day, hour, login, target, agent).
fn log(lines: &[(&str, &str, &str, &str, &str)]) -> String {
    let line = |(day, hour, login, target, agent): &(&str, &str, &str, &str, &str)| {
        format!(
            "192.0.2.9 - {login} [{day}:{hour}:00:00 +0900] \"GET {target} HTTP/1.1\" 200 512 \"-\" \"{agent}\"\n"
        )
    };
    lines.iter().map(line).collect()
}

fn visited(world: &World, who: usize) -> usize {
    world.json(&["visits", "show", &mail(who)])["visits"].as_array().unwrap().len()
}

fn place(world: &World, who: usize) -> (u64, Value) {
    let id = world.json(&["customer", &mail(who)])["customer"].as_i64().unwrap();
    let ranked = world.json(&["rank"]);
    let rows = ranked.as_array().unwrap().clone();
    let row = rows.into_iter().find(|r| r["customer"] == id).unwrap();
    (row["rank"].as_u64().unwrap(), row)
}

// M023: the visit of a dormant customer raises their place, with its reason, and makes an alert.
#[test]
fn a_visit_of_a_dormant_customer_raises_their_place_and_is_told() {
    on_both(|world| {
        shop(world, 30);
        // Number 1 bought the least and stands far down.
        let (before, _) = place(world, 1);
        assert!(before > 5, "{before}");
        let browser = "Mozilla/5.0";
        let file = world.file(
            "access.log",
            log(&[
                ("21/Nov/2026", "10", "1", "/tea/green?utm=1", browser),
                ("21/Nov/2026", "10", "1", "/style.css", browser),
                ("21/Nov/2026", "11", "1", "/search?q=%E7%B7%91%E8%8C%B6", browser),
                ("21/Nov/2026", "12", "999", "/tea", browser),
                ("21/Nov/2026", "13", "2", "/tea", "ExampleBot/1.0"),
            ]) + "nonsense\n",
        );
        assert!(world.fails(1, &["visits", "import", &file]).contains("visits.on"));
        world.ok(&["settings", "set", "visits.on", "true"]);
        let bare = world.json(&["visits", "import", &file]);
        assert_eq!((bare["kept"].as_u64(), bare["without_consent"].as_u64()), (Some(0), Some(2)), "{bare}");
        assert!(!world.ok(&["board"]).contains("サイトに来られました"));
        let args = ["visits", "import", &file, "--wording", "会員規約第3条への同意", "--by", "山田"];
        let taken = world.json(&args);
        let of = |name: &str| taken[name].as_u64().unwrap();
        assert_eq!(["lines", "kept", "nobody", "unread"].map(of), [6, 2, 1, 1], "{taken}");
        assert_eq!(world.json(&args)["known"], 2, "the same log twice keeps nothing new");
        let shown = world.json(&["visits", "show", &mail(1)]);
        assert_eq!(shown["visits"][0]["said"], "緑茶", "{shown}");
        assert!(shown["consent"]["wording"].as_str().unwrap().contains("会員規約第3条"), "{shown}");

        let (after, row) = place(world, 1);
        assert!(after < before, "{before} -> {after}");
        assert!(row.to_string().contains("サイトに来られたため"), "{row}");
        assert!(world.ok(&["board"]).contains("休眠の方が1人、この7日のあいだにサイトに来られました"));
        assert_eq!(world.json(&["visits", "list"])[0]["visits"], 2);
        assert_eq!(world.customers("last_visit = '2026-11-21'").len(), 1);

        // They take it back: nothing is left, and their place is as it was.
        world.ok(&["visits", "consent", &mail(1), "--no", "--by", "山田"]);
        assert_eq!((visited(world, 1), place(world, 1).0), (0, before));
        assert_eq!(
            world.json(&args)["without_consent"],
            2,
            "a statement of the shop does not undo their word"
        );
    });
}

#[test]
fn what_is_older_than_the_shop_keeps_is_forgotten() {
    let world = World::sqlite();
    shop(&world, 3);
    world.ok(&["settings", "set", "visits.on", "true"]);
    let file = world.file(
        "access.log",
        log(&[("01/May/2026", "10", "1", "/old", "x"), ("20/Nov/2026", "10", "1", "/new", "x")]),
    );
    world.ok(&["visits", "import", &file, "--wording", "同意", "--by", "山田"]);
    assert_eq!(visited(&world, 1), 2);
    assert_eq!(world.json(&["visits", "forget"])["forgotten"], 1);
    let kept = world.json(&["visits", "show", &mail(1)]);
    assert_eq!((kept["visits"].as_array().unwrap().len(), &kept["visits"][0]["page"]), (1, &"/new".into()));
    assert_eq!(world.on("2027-11-22").json(&["visits", "forget"])["forgotten"], 1);
    assert!(world.customers("last_visit is not null").is_empty());
    assert!(world.fails(1, &["settings", "set", "visits.keep_days", "0"]).contains("keep_days"));
}

/// Whoever comes after the worker's first look of the day enters on that day all the same, and once.
#[test]
fn a_visit_lets_a_customer_into_a_campaign() {
    let world = World::sqlite();
    shop(&world, 6);
    let sink = listening();
    sender(&world, sink.addr().port());
    world.ok(&["settings", "set", "visits.on", "true"]);
    crate::campaign::approved(&world, "訪問のお礼", DOCUMENT);
    assert_eq!(world.json(&["work", "--once"])["sent"], 0, "nobody came yet");
    let come = |who: &str, hour: &str| {
        let file = world.file("access.log", log(&[("22/Nov/2026", hour, who, "/tea", "x")]));
        world.ok(&["visits", "import", &file, "--wording", "同意", "--by", "山田"]);
    };
    come("1", "09");
    assert_eq!(world.json(&["work", "--once"])["sent"], 1);
    come("2", "11");
    come("1", "11");
    assert_eq!(world.json(&["work", "--once"])["sent"], 1, "the second visitor, and the first not again");
    let got: Vec<String> = sink.accepted().into_iter().map(|m| m.rcpt).collect();
    assert_eq!(got, [mail(1), mail(2)]);
}

/// The customers' door, and a site of the shop whose only page holds the script.
struct Site {
    child: Child,
    page: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Site {
    fn open(world: &World, tag: &str) -> Site {
        let site = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = site.local_addr().unwrap();
        world.ok(&["settings", "set", "visits.hosts", "127.0.0.1"]);
        let args = ["serve", "--port", "0", "--door", "0"];
        let mut child = world.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        let door = lines.find(|line| line.contains("door: http://")).unwrap();
        let door = door.split("door: ").nth(1).unwrap().trim_end_matches('/').to_owned();
        let html = format!(
            "<!doctype html><title>見本堂</title><p>新茶</p><script src=\"{door}/visit.js\" {tag}></script>"
        );
        std::thread::spawn(move || {
            for mut stream in site.incoming().map_while(Result::ok) {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{html}",
                    html.len()
                );
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Site { child, page: format!("http://{address}/tea?mail=secret@example.jp") }
    }
}

/// Waits until so many visits of number 1 are kept.
fn until(world: &World, many: usize) {
    for _ in 0..100 {
        if visited(world, 1) == many {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("{many} visits expected, {} kept", visited(world, 1));
}

/// The script in a real browser, on a page of another origin: silent before consent, and after it is taken back.
#[test]
fn the_script_tells_nothing_before_consent() {
    let world = World::sqlite();
    shop(&world, 3);
    sender(&world, 1);
    world.ok(&["settings", "set", "visits.on", "true"]);
    let secret = world.json(&["key", "visits"])["secret"].as_str().unwrap().to_owned();
    // Noon of the set day.
    let at = 1_795_316_400_i64;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let sign = hmac::sign(&key, format!("\n1\n{at}").as_bytes());
    let sign: String = sign.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    let tag =
        format!("data-wording=\"閲覧履歴の利用\" data-customer=\"1\" data-at=\"{at}\" data-sign=\"{sign}\"");
    let site = Site::open(&world, &tag);
    let browser = Browser::start().unwrap();
    browser.open(&site.page).unwrap();
    browser.wait_for_text("新茶").unwrap();
    let call = |what: &str| browser.script(&format!("mezame({what}); return true;"), &[]).unwrap();
    call("'cart', 'お茶'");
    call("'agree'");
    until(&world, 1);
    let shown = world.json(&["visits", "show", &mail(1)]);
    assert_eq!((&shown["visits"][0]["kind"], &shown["visits"][0]["page"]), (&"view".into(), &"/tea".into()));
    assert_eq!(shown["consent"]["wording"], "閲覧履歴の利用");
    call("'search', '緑茶'");
    until(&world, 2);
    assert_eq!(world.json(&["visits", "show", &mail(1)])["visits"][0]["said"], "緑茶");
    let stored = browser.script("return document.cookie + sessionStorage.length + localStorage.length;", &[]);
    assert_eq!(stored.unwrap(), "00", "nothing is left in the browser of who is logged in");
    call("'disagree'");
    until(&world, 0);
    call("'cart', 'お茶'");
    browser.open(&site.page).unwrap();
    browser.wait_for_text("新茶").unwrap();
    assert_eq!(visited(&world, 1), 0);
    drop(site);
}
