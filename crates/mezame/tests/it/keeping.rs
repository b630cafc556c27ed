//! What runs by itself: a watched folder, calls with files and orders, the night; copies and who looked.

use crate::pages::serve;
use crate::world::{World, on_both};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Waits of 50 milliseconds before a story counts as stuck.
const PATIENCE: usize = 1_200;
const ORDERS: &str =
    "order,customer,name,ordered_at,total\n1,A,山田 花子,2026-01-05,1200\n2,B,佐藤 次郎,2026-10-05,800\n";

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let held = (0..PATIENCE).any(|_| {
        std::thread::park_timeout(Duration::from_millis(50));
        holds()
    });
    assert!(held, "{what}");
}

/// One call, and its answer: code and body.
fn call(url: &str, head: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    let mut text =
        format!("{head} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Whatever its exit code: old orders alone are a problem.
fn said_by_doctor(world: &World) -> String {
    String::from_utf8(world.run(&["doctor"]).stdout).unwrap()
}

fn customers(url: &str) -> u64 {
    let (_, body) = call(url, "GET /api/board", &[], b"");
    let from = body.find('{').unwrap();
    serde_json::Deserializer::from_str(&body[from..]).into_iter::<Value>().next().unwrap().unwrap()["customers"]
        .as_u64()
        .unwrap()
}

// M031: dropping a CSV updates lists without clicks.
#[test]
fn m031_a_file_dropped_into_the_folder_updates_the_lists_without_a_click() {
    on_both(|world| {
        let folder = world.dir.path().join("in");
        std::fs::create_dir(&folder).unwrap();
        world.ok(&["settings", "set", "automatic.folder", &folder.display().to_string()]);
        let served = serve(world);
        assert_eq!(customers(&served.url), 0);
        world.file("in/orders.csv", ORDERS);
        world.file("in/broken.csv", "これは表ではありません");
        until("both are put away", || {
            folder.join("done/orders.csv").exists() && folder.join("failed/broken.csv").exists()
        });
        until("the board follows", || customers(&served.url) == 2);
        assert!(folder.join("failed/broken.csv.reason.txt").exists());
        until("the failure is said on Today", || {
            call(&served.url, "GET /", &[], b"").1.contains("/import#h-arrivals")
        });
        let doctor = said_by_doctor(world);
        assert!(doctor.contains("broken.csv"), "{doctor}");

        // The same file again changes nothing; a bad row lies beside it.
        world.file("in/orders.csv", format!("{ORDERS}3,C,,2026-13-45,5\n"));
        until("the second is put away", || folder.join("done/2-orders.csv.rejects.csv").exists());
        until("it is noted", || world.json(&["arrivals"]).as_array().unwrap().len() == 3);
        let newest = world.json(&["arrivals"])[0].clone();
        assert_eq!(
            (&newest["inserted"], &newest["unchanged"], &newest["rejected"]),
            (&json!(0), &json!(2), &json!(1))
        );
        assert_eq!(customers(&served.url), 2);

        let failed = world
            .json(&["arrivals"])
            .as_array()
            .unwrap()
            .iter()
            .find(|a| a["state"] == "failed")
            .unwrap()["id"]
            .to_string();
        world.fails(2, &["arrivals", "--seen", &failed]);
        world.ok(&["arrivals", "--seen", &failed, "--by", "山田"]);
        assert!(!said_by_doctor(world).contains("broken.csv"));
        let seen = call(&served.url, "GET /", &[], b"").1;
        assert!(!seen.contains("/import#h-arrivals"));
    });
}

fn signature(secret: &str, body: &[u8]) -> String {
    use aws_lc_rs::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, body);
    format!("sha256={}", tag.as_ref().iter().map(|b| format!("{b:02x}")).collect::<String>())
}

/// The outcome of a call once it is settled.
fn outcome(url: &str, answer: &str, token: &str) -> Value {
    let told: Value = serde_json::from_str(answer.trim()).unwrap();
    let path = format!("GET {}", told["outcome"].as_str().unwrap());
    let mut found = Value::Null;
    until("the call is settled", || {
        let (code, body) = call(url, &path, &[("Authorization", token)], b"");
        assert_eq!(code, 200, "{body}");
        found = serde_json::from_str(body.trim()).unwrap();
        found["state"] != "waiting"
    });
    found
}

// M031: webhook and API.
#[test]
fn m031_a_cart_hands_in_files_and_signed_orders_and_nobody_else_does() {
    on_both(|world| {
        let token = world.json(&["key", "import"])["secret"].as_str().unwrap().to_owned();
        let secret = world.json(&["key", "orders"])["secret"].as_str().unwrap().to_owned();
        let served = serve(world);
        let url = served.url.as_str();
        let bearer = format!("Bearer {token}");
        for (head, headers) in [
            ("POST /api/import?name=a.csv", vec![]),
            ("POST /api/import?name=a.csv", vec![("Authorization", "Bearer x")]),
            ("GET /api/import/1", vec![("Authorization", "Bearer x")]),
            ("POST /api/orders", vec![("X-Mezame-Signature", "sha256=00")]),
            ("POST /api/orders", vec![]),
        ] {
            assert_eq!(call(url, head, &headers, ORDERS.as_bytes()).0, 401, "{head} {headers:?}");
        }
        let (code, answer) = call(
            url,
            "POST /api/import?name=orders.csv&source=shop",
            &[("Authorization", &bearer)],
            ORDERS.as_bytes(),
        );
        assert_eq!(code, 202, "{answer}");
        let found = outcome(url, &answer, &bearer);
        assert_eq!((&found["state"], &found["inserted"]), (&json!("done"), &json!(2)), "{found}");
        let (_, answer) =
            call(url, "POST /api/import?name=../../x", &[("Authorization", &bearer)], b"\x00\x01nonsense");
        assert_eq!(outcome(url, &answer, &bearer)["state"], "failed");

        let order = json!({
            "order": "W1", "ordered_at": "2026-11-21T18:30:00+09:00", "customer": "A", "name": "山田 花子",
            "total": 3980, "lines": [{ "item": "煎茶", "quantity": 2, "price": 1990 }],
        });
        let send = |body: &str| {
            let signed = signature(&secret, body.as_bytes());
            call(url, "POST /api/orders?source=shop", &[("X-Mezame-Signature", &signed)], body.as_bytes())
        };
        for expected in ["inserted", "unchanged"] {
            let (code, answer) = send(&order.to_string());
            assert_eq!(code, 202, "{answer}");
            let found = outcome(url, &answer, &bearer);
            assert_eq!((&found["state"], &found[expected]), (&json!("done"), &json!(1)), "{found}");
        }
        let person = world.customers("n_orders = 2").remove(0);
        assert_eq!(
            (&person["spend"], &person["last_order"]),
            (&json!(5180), &json!("2026-11-21")),
            "{person}"
        );
        let (code, said) = send("{\"order\": 1}");
        assert_eq!(code, 400, "{said}");
        assert!(said.contains("ordered_at"), "{said}");
        let (code, _) =
            call(url, "POST /api/orders", &[("X-Mezame-Signature", "x")], " ".repeat(3 << 20).as_bytes());
        assert_eq!(code, 413);
        let left = std::fs::read_dir(world.data().join("arrivals")).unwrap();
        let left: Vec<_> =
            left.map(|e| e.unwrap().file_name()).filter(|n| n != ".lock" && n != "failed").collect();
        assert!(left.is_empty(), "what was taken in does not stay: {left:?}");
    });
}

/// Another place on the same day, empty: its own folder, its own database or none.
fn elsewhere(world: &World, server: bool) -> World {
    let db = server.then(|| testkit::postgres::fresh_database().unwrap());
    World { db, ..World::sqlite() }.on(&world.today)
}

/// What each table holds, but for the record of who made copies.
fn sums(copy: &Value) -> Vec<Value> {
    let tables = copy["tables"].as_array().unwrap().iter();
    tables.filter(|t| t["name"] != "accesses").cloned().collect()
}

// M029: the restore drill reproduces identical checksums, from each database into each.
#[test]
fn m029_a_restored_backup_has_identical_checksums_and_sends_nothing_by_itself() {
    on_both(|world| {
        crate::campaign::shop(world, 40);
        let sink = crate::campaign::listening();
        crate::campaign::sender(world, sink.addr().port());
        world.ok(&["settings", "set", "stale_hours", "1000000"]);
        let id = crate::campaign::approved(world, "復元", &crate::campaign::letter(0.2, false));
        let file = world.dir.path().join("before.mezame").display().to_string();
        let made = world.json(&["backup", "--out", &file, "--secrets"]);
        assert!(sums(&made).iter().any(|t| t["name"] == "orders" && t["rows"].as_u64() > Some(40)), "{made}");
        world.fails(1, &["backup", "--out", &file]);
        let checked = world.json(&["backup", "check", &file]);
        assert_eq!(sums(&made), sums(&checked));
        // After the copy was made, letters leave that it knows nothing of.
        let after = world.on("2026-11-23");
        after.ok(&["work", "--once"]);
        let sent = sink.mails();
        assert!(sent > 10, "{sent} letters");

        for server in [false, true] {
            let place = elsewhere(&after, server);
            place.json(&["restore", &file, "--secrets"]);
            let again = place.dir.path().join("again.mezame").display().to_string();
            assert_eq!(sums(&place.json(&["backup", "--out", &again])), sums(&made), "on server: {server}");
            assert_eq!(place.customers(""), after.customers(""), "the lists are the same");
            let held = place.fails(1, &["work", "--once"]);
            assert!(held.contains("backup"), "{held}");
            assert!(place.fails(1, &["restore", &file]).contains("empty"), "never over what is there");
            // With the journal of the lost place the operator sees what left, and it never leaves again.
            std::fs::copy(after.data().join("attempts.journal"), place.data().join("attempts.journal"))
                .unwrap();
            let list: Value = serde_json::from_slice(
                &place.command(&["work", "--held", "--json"]).output().unwrap().stdout,
            )
            .unwrap();
            assert_eq!(list["forgotten"].as_array().unwrap().len() as u64, sent);
            place.ok(&["work", "--release", "--by", "山田"]);
            place.command(&["work", "--once"]).output().unwrap();
            assert_eq!(sink.mails(), sent, "nobody twice");
            assert_eq!(
                place.json(&["campaign", "show", &id.to_string()])["touches"]["in_doubt"].as_u64(),
                Some(sent)
            );
        }
    });
}

// M029: encryption at rest, and a copy that was changed is refused.
#[test]
fn m029_a_sealed_copy_opens_with_its_words_alone_and_a_changed_one_does_not() {
    let world = World::sqlite();
    let orders = world.file("orders.csv", ORDERS);
    world.import(&[&orders]);
    let at = |name: &str| world.dir.path().join(name);
    let text = |path: &std::path::Path| path.display().to_string();
    let said = |args: &[&str], words: &str| {
        let out = world.command(args).env("MEZAME_PASSPHRASE", words).output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let sealed = at("sealed.mezame");
    assert_eq!(said(&["backup", "--out", &text(&sealed), "--seal"], "too short").0, Some(1));
    let words = "四つの葉 の上の 雨粒 たち";
    assert_eq!(said(&["backup", "--out", &text(&sealed), "--seal"], words).0, Some(0));
    let bytes = std::fs::read(&sealed).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"), "as the age command reads it");
    for (words, code) in [(words, Some(0)), ("some other words", Some(1)), ("", Some(1))] {
        assert_eq!(said(&["backup", "check", &text(&sealed)], words).0, code, "{words:?}");
    }
    let open = at("open.mezame");
    world.ok(&["backup", "--out", &text(&open)]);
    let whole = std::fs::read(&open).unwrap();
    for (name, torn) in [
        ("cut", whole[..whole.len() - 40].to_vec()),
        ("none", b"nonsense".to_vec()),
        (
            "flipped",
            whole.iter().enumerate().map(|(i, b)| if i == whole.len() / 2 { b ^ 1 } else { *b }).collect(),
        ),
    ] {
        let path = at(name);
        std::fs::write(&path, torn).unwrap();
        world.fails(1, &["backup", "check", &text(&path)]);
        let place = elsewhere(&world, false);
        place.fails(1, &["restore", &text(&path)]);
        assert!(place.json(&["board"])["customers"] == 0, "nothing of it is kept");
    }
}

// M029: export of everything, formulas made safe; and who looked is written down.
#[test]
fn m029_everything_leaves_as_tables_and_the_record_says_who() {
    on_both(|world| {
        let orders = world
            .file("orders.csv", "order,customer,name,ordered_at,total\n1,A,=HYPERLINK(1),2026-01-05,1200\n");
        world.import(&[&orders]);
        let folder = world.dir.path().join("all").display().to_string();
        world.ok(&["export", "--all", &folder, "--by", "山田"]);
        world.fails(1, &["export", "--all", &folder]);
        let read = |name: &str| std::fs::read_to_string(world.dir.path().join("all").join(name)).unwrap();
        let profiles = read("profiles.csv");
        assert!(profiles.contains("HYPERLINK") && !profiles.contains(",=HYPERLINK"), "{profiles}");
        assert!(read("customers.csv").contains("'=HYPERLINK(1)"));
        let readme = read("README.md");
        for table in ["orders", "lines", "consents", "suppressions", "campaigns", "attempts"] {
            assert!(readme.contains(&format!("## {table}.csv")), "{table}");
            assert!(
                read(&format!("{table}.csv")).lines().next().is_some_and(|head| head.contains(',')),
                "{table}"
            );
        }
        assert!(!read("operators.csv").lines().next().unwrap().contains("word"));

        let list = world.dir.path().join("list.csv").display().to_string();
        world.ok(&["customers", "--where", "n_orders = 1", "--format", "csv", "--out", &list]);
        world.ok(&["customer", "1"]);
        let seen = world.json(&["access"]);
        let acts: Vec<&str> = seen.as_array().unwrap().iter().map(|a| a["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["person", "list", "export"], "{seen}");
        assert_eq!((&seen[1]["people"], &seen[1]["what"]), (&json!(1), &json!("n_orders = 1")), "{seen}");
        assert_eq!(world.json(&["access", "--customer", "1"]).as_array().unwrap().len(), 1);
        assert_eq!(world.json(&["access", "--by", "山田"])[0]["people"], 1);
        assert!(!seen.to_string().contains("HYPERLINK"), "no name of anybody");
    });
}

/// Every id that a list knows, sorted.
fn ids(world: &World, source: &str) -> Vec<String> {
    let people = world.customers("");
    let all = people.iter().flat_map(|c| c["source_ids"].as_array().unwrap().clone());
    let mut ids: Vec<String> = all.map(|id| id.as_str().unwrap().to_owned()).collect();
    ids.retain(|id| id.starts_with(&format!("{source}:")));
    ids.sort();
    ids
}

// M032: the round trip keeps ids and counts, for each CRM.
#[test]
fn m032_a_round_trip_through_a_crm_keeps_ids_and_counts() {
    for (crm, file, encoding) in [
        ("hubspot", "hubspot_contacts.csv", "utf-8"),
        ("salesforce", "salesforce_contacts.csv", "utf-8"),
        ("salesforce", "salesforce_accounts.csv", "utf-8"),
        ("kintone", "kintone_records.csv", "cp932"),
        ("eight", "eight_contacts.csv", "utf-8"),
    ] {
        let world = World::sqlite();
        world.import(&[&crate::world::golden(file)]);
        let first = ids(&world, crm);
        assert!(first.len() >= 2, "{file}: {first:?}");
        world.ok(&["desk", "task", "1", "お電話", "--at", "2026-12-01", "--owner", "佐藤", "--by", "山田"]);
        let out = world.dir.path().join("out.csv").display().to_string();
        world.ok(&["customers", "--for", crm, "--encoding", encoding, "--out", &out]);
        let bytes = std::fs::read(&out).unwrap();
        let (text, _, _) =
            if encoding == "cp932" { encoding_rs::SHIFT_JIS } else { encoding_rs::UTF_8 }.decode(&bytes);
        assert!(text.contains("お電話,2026-12-01,佐藤") && text.contains("見込み"), "{crm}: {text}");

        let place = elsewhere(&world, false);
        let report = place.import(&[&out]).remove(0);
        assert_eq!(
            (report["source"].as_str(), report["rejected"].as_u64()),
            (Some(crm), Some(0)),
            "{report}"
        );
        assert_eq!(ids(&place, crm), first, "{file}");
        assert_eq!(place.customers("").len(), world.customers("").len(), "{file}");
        // And once more: nothing is new, whichever of the two it came from.
        let again = place.import(&[&crate::world::golden(file)]).remove(0);
        assert_eq!(again["inserted"], 0, "{again}");
        let back = world.import(&[&out]).remove(0);
        assert_eq!(back["inserted"], 0, "{back}");
    }
    // Customers that a CRM does not know yet come without its id; formulas are made inert.
    let world = World::sqlite();
    let orders =
        world.file("orders.csv", "order,customer,name,ordered_at,total\n1,A,=HYPERLINK(1),2026-01-05,1200\n");
    world.import(&[&orders]);
    let text = world.ok(&["customers", "--for", "hubspot"]);
    let row = text.lines().nth(1).unwrap();
    assert!(row.starts_with(",'=HYPERLINK(1),") && row.contains("休眠"), "{row}");
    assert_eq!(world.json(&["access"])[0]["act"], "crm");
}
