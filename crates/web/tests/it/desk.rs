//! The phone desk as a browser meets it: no number outside hours, nothing taken by looking, every refusal said.

use super::{Answer, HOSTILE, Shop, check_page};
use app::{App, Clock, Config, ImportRequest, Secrets};
use axum::http::{StatusCode, header};
use model::Day;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tuesday 2026-11-24, 10:30 in Japan.
const MORNING: i64 = 1_795_483_800;
const HOUR: i64 = 3_600;
const MAP: &str = "kind = \"orders\"\n[columns]\norder = \"no\"\ncustomer = \"id\"\nordered_at = \"at\"\ntotal = \"yen\"\nname = \"name\"\nitem = \"item\"\nphone = \"phone\"\n";
const DOCUMENT: &str = r#"
owner = "佐藤"
holdout = 0.0
no_holdout_because = "試し"
start = "2026-11-24"
[whom]
condition = "n_orders >= 1"
[[steps]]
name = "お電話"
kind = "thanks"
at = "10:00"
channel = "phone"
[steps.words]
body = """
{{ shop }}の{{ caller }}です。お茶のご購入のご案内でお電話しました。いつもありがとうございます。

## お忙しいとき
またお電話します。
"""
"#;

struct Desk {
    shop: Shop,
    clock: Arc<AtomicI64>,
}

impl Desk {
    /// Three customers whose calls are due, one with a hostile name; half past ten.
    fn open() -> Desk {
        let clock = Arc::new(AtomicI64::new(MORNING - 24 * HOUR));
        let told = clock.clone();
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Config {
            db: None,
            data: folder.path().join("data"),
            clock: Clock(Arc::new(move || told.load(Ordering::Relaxed))),
            secrets: Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() },
        })
        .unwrap();
        let mut settings = app.settings().unwrap();
        settings.shop = "架空茶舗".to_owned();
        settings.profile.address = "東京都千代田区架空1-2-3".to_owned();
        settings.profile.contact = "03-0000-0000".to_owned();
        settings.profile.purpose = "商品の発送と、広告・宣伝のご案内に利用します。".to_owned();
        app.set_settings(&settings).unwrap();
        let quoted = HOSTILE.replace('"', "\"\"");
        let mut csv = "no,id,at,yen,name,item,phone\n".to_owned();
        for (i, name) in ["架空 花子", "=架空 次郎", &quoted].iter().enumerate() {
            for day in ["2025-10-01", "2025-12-01"] {
                csv.push_str(&format!(
                    "{i}{day},{i},{day} 10:00:00,{},\"{name}\",\"{quoted}\",0900000000{i}\n",
                    9_000 - i * 3_000
                ));
            }
        }
        let path = folder.path().join("orders.csv");
        std::fs::write(&path, csv).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(MAP.to_owned()), ..ImportRequest::default() };
        app.import(&request, &|_| ()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let desk = Desk { shop: Shop { router: web::router(app.clone()), app, folder, runtime }, clock };
        desk.fire();
        desk
    }

    fn fire(&self) {
        let app = &self.shop.app;
        let mut campaign = app::campaign_from_toml(DOCUMENT, "test").unwrap();
        campaign.name = "秋のお電話".to_owned();
        campaign.start = Day::from_ymd(2026, 11, 24);
        let id = app.add_campaign(&campaign, "佐藤").unwrap();
        app.draft_plan(id).unwrap();
        app.approve_campaign(id, "佐藤").unwrap();
        self.at(MORNING);
        // This shop only calls: it has no worker.
        app.make_due().unwrap();
        assert_eq!(app.desk("").unwrap().waiting, 3);
    }

    fn at(&self, now: i64) {
        self.clock.store(now, Ordering::Relaxed);
    }

    /// As the browser of somebody who has said their name.
    fn get(&self, path: &str, who: &str) -> Answer {
        let cookie = format!("operator={}", coded(who));
        let request = axum::http::Request::get(path).header("host", "localhost").header("cookie", cookie);
        self.shop.ask(request.body(axum::body::Body::empty()).unwrap())
    }

    fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", coded(n), coded(v))).collect();
        self.shop.post(path, &body.join("&"))
    }

    /// Takes the next call for a caller; its number.
    fn next(&self, who: &str) -> String {
        let answer = self.post("/desk/next", &[("by", who)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = self.get("/desk", who).text;
        let touch =
            page.split("action=\"/desk/").find_map(|rest| rest.split_once("/result\"")).unwrap().0.to_owned();
        assert!(touch.parse::<i64>().is_ok(), "{touch}");
        touch
    }
}

fn coded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn looking_takes_nothing_and_every_page_keeps_the_rules() {
    let empty = Shop::empty();
    let desk = Desk::open();
    for path in ["/desk", "/desk/list", "/desk/tasks", "/desk/list?campaign=1&page=9"] {
        check_page(path, &empty.get(path));
        check_page(path, &desk.get(path, "佐藤"));
    }
    assert_eq!(desk.shop.app.desk("佐藤").unwrap().waiting, 3, "nothing is taken by looking");
    let list = desk.get("/desk/list", "");
    assert!(list.text.contains("&#60;script&#62;") && list.text.contains("09000000000"), "{}", list.text);
    let csv = desk.get("/desk/list.csv", "").text;
    assert_eq!(csv.lines().count(), 4);
    assert!(csv.contains(",'=架空 次郎,") && !csv.contains(",=架空"), "{csv}");
    let rail = desk.shop.get("/").text;
    assert!(rail.contains("href=\"/desk\""), "{rail}");
}

#[test]
fn two_callers_see_two_cards_and_a_stranger_sees_none() {
    let desk = Desk::open();
    let (one, two) = (desk.next("佐藤"), desk.next("鈴木"));
    assert_ne!(one, two);
    assert_eq!(desk.next("佐藤"), one, "what is in hand stays");
    let card = desk.get("/desk", "佐藤");
    check_page("/desk", &card);
    assert!(
        card.text.contains("架空茶舗の佐藤です") && card.text.contains("href=\"tel:09000000000\""),
        "{}",
        card.text
    );
    assert_eq!(card.text.matches("name=\"result\"").count(), 14, "every result has its button");
    assert!(!desk.get("/desk", "高橋").text.contains("tel:"), "nothing in that hand");
    let foreign = desk.post(&format!("/desk/{one}/result"), &[("by", "鈴木"), ("result", "reached")]);
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    assert!(foreign.text.contains("手元にありません"), "{}", foreign.text);
    for (path, pairs) in [
        ("/desk/next".to_owned(), vec![]),
        (format!("/desk/{one}/result"), vec![("by", "佐藤"), ("result", "nonsense")]),
        (format!("/desk/{one}/result"), vec![("by", "佐藤"), ("result", "call_back")]),
        (format!("/desk/{one}/result"), vec![("by", "佐藤"), ("result", "call_back"), ("at", "明日")]),
        (format!("/desk/{one}/result"), vec![("by", "佐藤"), ("result", "reached"), ("minutes", "-1")]),
        (format!("/desk/{one}/result"), vec![("by", "佐藤"), ("result", "reached"), ("left_for", "x")]),
        (format!("/desk/{one}/back"), vec![("by", "佐藤"), ("skip", "1")]),
        (format!("/desk/{one}/undo"), vec![("by", "佐藤")]),
        (
            "/desk/tasks".to_owned(),
            vec![("by", "佐藤"), ("customer", "999"), ("what", "x"), ("at", "2026-12-01T10:00")],
        ),
    ] {
        let answer = desk.post(&path, &pairs);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {pairs:?}: {}", answer.text);
        assert!(
            answer.text.contains("ください") || answer.text.contains("ません"),
            "says what to do: {}",
            answer.text
        );
    }
    // What was typed stays.
    let kept = desk
        .post(&format!("/desk/{one}/result"), &[("by", "佐藤"), ("result", "call_back"), ("note", "<夕方>")]);
    assert!(kept.text.contains("&#60;夕方&#62;</textarea>"), "{}", kept.text);
}

#[test]
fn outside_the_hours_there_is_no_number() {
    let desk = Desk::open();
    let one = desk.next("佐藤");
    assert!(desk.get("/desk", "佐藤").text.contains("tel:"));
    desk.at(MORNING + 10 * HOUR);
    let late = desk.get("/desk", "佐藤");
    check_page("/desk", &late);
    assert!(!late.text.contains("tel:") && late.text.contains("L-13"), "{}", late.text);
    assert!(late.text.contains("2026/11/25(水) 09:00"), "says when it opens: {}", late.text);
    assert_eq!(desk.post(&format!("/desk/{one}/back"), &[("by", "佐藤")]).status, StatusCode::SEE_OTHER);
    assert_eq!(desk.post("/desk/next", &[("by", "佐藤")]).status, StatusCode::SEE_OTHER);
    let closed = desk.get("/desk", "佐藤").text;
    assert!(closed.contains("2026/11/25(水) 09:00") && closed.contains("disabled"), "{closed}");
    // In another zone the same moment is another hour.
    assert_eq!(desk.shop.app.settings().unwrap().zone, "Asia/Tokyo");
}

#[test]
fn a_result_is_recorded_undone_and_shows_where_people_look() {
    let desk = Desk::open();
    let one = desk.next("佐藤");
    let said = [("by", "佐藤"), ("result", "complaint"), ("note", "届いた茶が欠けていた"), ("minutes", "4")];
    let done = desk.post(&format!("/desk/{one}/result"), &said);
    assert_eq!(
        (done.status, done.headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/desk")
    );
    let page = desk.get("/desk", "佐藤").text;
    assert!(page.contains("苦情") && page.contains("140円") && page.contains("取り消す理由"), "{page}");
    assert!(desk.shop.get("/").text.contains("今日までの予定"), "on the first page");
    let tasks = desk.get("/desk/tasks", "佐藤").text;
    assert!(tasks.contains("苦情への対応"), "{tasks}");
    let person = desk.shop.app.tasks(None).unwrap()[0].person;
    let view = desk.shop.get(&format!("/customers/{person}")).text;
    assert!(view.contains("クレーム対応中") && view.contains("届いた茶が欠けていた"), "on the timeline");
    let undo = format!("/desk/{one}/undo");
    assert_eq!(desk.post(&undo, &[("by", "佐藤")]).status, StatusCode::BAD_REQUEST, "nothing opens silently");
    assert_eq!(desk.post(&undo, &[("by", "鈴木"), ("why", "x")]).status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.post(&undo, &[("by", "佐藤"), ("why", "押し間違い")]).status, StatusCode::SEE_OTHER);
    assert!(desk.get("/desk", "佐藤").text.contains("tel:"), "in hand again");
    assert!(desk.shop.app.tasks(None).unwrap().is_empty());
    // Stopped while it is in hand: nobody calls.
    desk.shop
        .app
        .suppress(person, Some(model::Channel::Phone), model::StopReason::PhoneRefusal, "", "山田")
        .unwrap();
    let stopped = desk.get("/desk", "佐藤").text;
    assert!(!stopped.contains("tel:") && stopped.contains("L-12"), "{stopped}");
}

#[test]
fn next_actions_are_added_and_done() {
    let desk = Desk::open();
    let added = desk.post(
        "/desk/tasks",
        &[
            ("by", "佐藤"),
            ("customer", "1"),
            ("what", "カタログを送る"),
            ("at", "2026-11-24T09:00"),
            ("owner", "鈴木"),
        ],
    );
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = desk.get("/desk/tasks", "鈴木").text;
    assert!(page.contains("カタログを送る") && page.contains("期限超過"), "{page}");
    assert!(desk.get("/desk/tasks?mine=1", "佐藤").text.contains("予定はありません"));
    let id = desk.shop.app.tasks(None).unwrap()[0].id;
    for _ in 0..2 {
        assert_eq!(
            desk.post(&format!("/desk/tasks/{id}/done"), &[("by", "鈴木")]).status,
            StatusCode::SEE_OTHER
        );
    }
    assert!(desk.shop.app.tasks(None).unwrap().is_empty());
}
