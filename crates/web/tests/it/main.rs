//! The router as a browser meets it, over a real store in a folder of its own.
#![allow(clippy::unwrap_used)]

use app::{App, Clock, Config, ImportRequest};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use std::sync::Arc;
use tower::ServiceExt;

/// 2026-11-22 12:00 in Japan.
const NOW: i64 = 1_795_316_400;
const PAGES: [&str; 8] =
    ["/", "/customers", "/segments", "/import", "/reach", "/suggestions", "/policy", "/settings"];
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

struct Shop {
    app: App,
    router: Router,
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Shop {
    fn empty() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock(Arc::new(|| NOW));
        let app = App::open(Config { db: None, data: folder.path().join("data"), clock }).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        Shop { router: web::router(app.clone()), app, folder, runtime }
    }

    /// Two customers: one regular who fell asleep, one with a hostile name.
    fn filled() -> Shop {
        let shop = Shop::empty();
        let path = shop.folder.path().join("orders.csv");
        std::fs::write(&path, orders()).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(MAP.to_owned()), ..ImportRequest::default() };
        let reports = shop.app.import(&request, &|_| ()).unwrap();
        assert!(reports.iter().map(|r| r.inserted).sum::<u64>() > 0, "{reports:?}");
        shop
    }

    fn ask(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 10 << 20).await.unwrap();
            Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header("host", "localhost").body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "localhost")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body.to_owned())).unwrap())
    }

    fn hostile_person(&self) -> i64 {
        let rows = self.app.list(&app::ListQuery { per_page: 10, ..Default::default() }).unwrap().rows;
        rows.iter().find(|r| r.name.contains("script")).unwrap().customer
    }
}

const MAP: &str = "kind = \"orders\"\n[columns]\norder = \"no\"\ncustomer = \"id\"\nordered_at = \"at\"\ntotal = \"yen\"\nname = \"name\"\nitem = \"item\"\n";

fn orders() -> String {
    let quoted = HOSTILE.replace('"', "\"\"");
    let mut csv = "no,id,at,yen,name,item\n".to_owned();
    for (n, day) in ["2025-01-10", "2025-02-11", "2025-03-09", "2025-04-12"].iter().enumerate() {
        csv.push_str(&format!("a{n},7,{day} 10:00:00,{},山田 花子,宇治煎茶\n", 1000 + n));
    }
    csv.push_str(&format!("b1,8,2026-11-01 09:00:00,500,\"{quoted}\",\"{quoted}\"\n"));
    csv
}

/// Rules that hold for every page.
fn check_page(path: &str, answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(answer.text.contains("<html lang=\"ja\">") && answer.text.contains("href=\"#main\""), "{path}");
    assert!(!answer.text.contains(" style=") && !answer.text.contains("<style"), "{path}: inline style");
    assert_eq!(answer.text.matches("<script").count(), 1, "{path}: our module alone");
    assert!(!answer.text.contains("onerror=alert(2)>"), "{path}: text of strangers is escaped");
    assert!(answer.text.len() < 100_000, "{path}: {} bytes", answer.text.len());
}

#[test]
fn every_page_keeps_the_rules_empty_and_filled() {
    for shop in [Shop::empty(), Shop::filled()] {
        for path in PAGES {
            check_page(path, &shop.get(path));
        }
    }
}

#[test]
fn a_hostile_name_stays_text_everywhere() {
    let shop = Shop::filled();
    let id = shop.hostile_person();
    for path in [
        format!("/customers/{id}"),
        "/customers?q=%3Cscript%3E".to_owned(),
        format!("/customers?where={}", "%3Cimg%20onerror%3Dalert(2)%3E"),
    ] {
        check_page(&path, &shop.get(&path));
    }
    assert!(shop.get("/customers").text.contains("&#60;script&#62;"), "it is shown, as text");
}

#[test]
fn strangers_are_refused_at_the_door() {
    let shop = Shop::empty();
    let rebound = Request::get("/").header("host", "evil.example.com").body(Body::empty()).unwrap();
    assert_eq!(shop.ask(rebound).status, StatusCode::MISDIRECTED_REQUEST);
    let forged = Request::post("/settings")
        .header("host", "localhost")
        .header("origin", "https://evil.example.com")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = shop.ask(forged.body(Body::from("shop=x&zone=Asia/Tokyo&currency=x")).unwrap());
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(shop.app.settings().unwrap().shop, "");
}

#[test]
fn the_language_is_remembered() {
    let shop = Shop::empty();
    let english = shop.get("/?lang=en");
    assert!(english.text.contains("<html lang=\"en\">"));
    let cookie = english.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let again = Request::get("/import")
        .header("host", "localhost")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    assert!(shop.ask(again).text.contains("<html lang=\"en\">"));
    assert!(shop.get("/").text.contains("<html lang=\"ja\">"));
}

#[test]
fn numbers_lead_to_exactly_those_people() {
    let shop = Shop::filled();
    let board = shop.app.board().unwrap();
    for cell in board.states.iter().chain(&board.stages).chain(&board.cpm).chain(board.rfm.iter().flatten()) {
        assert_eq!(shop.app.count(&cell.condition).unwrap().0, cell.customers, "{}", cell.condition);
    }
    let typed = shop.get("/customers/count?where=n_orders%20%3E%3D%204");
    assert!(typed.text.contains("1人"), "{}", typed.text);
    let wrong = shop.get("/customers/count?where=n_order%20%3E%3D%204");
    assert!(
        wrong.status == StatusCode::OK && wrong.text.contains("n_orders"),
        "says what was meant: {}",
        wrong.text
    );
    assert_eq!(shop.get("/api/segments/count?where=n_order").status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_list_can_be_taken_away() {
    let shop = Shop::filled();
    let csv = shop.get("/customers/export.csv?where=n_orders%20%3E%3D%204");
    assert!(csv.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert!(csv.text.contains("山田 花子") && !csv.text.contains("script"), "{}", csv.text);
    for ending in ["xlsx", "parquet", "json"] {
        assert_eq!(shop.get(&format!("/customers/export.{ending}")).status, StatusCode::OK, "{ending}");
    }
}

#[test]
fn a_stop_is_signed_and_lifting_it_needs_a_reason() {
    let shop = Shop::filled();
    let to = format!("/customers/{}", shop.hostile_person());
    assert_eq!(shop.post(&format!("{to}/stops"), "reason=phone_refusal").status, StatusCode::BAD_REQUEST);
    assert_eq!(
        shop.post(&format!("{to}/stops"), "reason=phone_refusal&by=sato").status,
        StatusCode::SEE_OTHER
    );
    let page = shop.get(&to);
    assert!(page.text.contains("電話不可"));
    let lift = page
        .text
        .split(&format!("action=\"{to}/stops/"))
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let lift = format!("{to}/stops/{lift}");
    assert_eq!(shop.post(&lift, "by=sato").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post(&lift, "by=sato&why=asked").status, StatusCode::SEE_OTHER);
    assert!(!shop.get(&to).text.contains("/lift\""));
}

#[test]
fn a_file_is_looked_at_then_imported_then_gone_from_the_uploads() {
    let shop = Shop::empty();
    let part = |name: &str, value: &str| {
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../../orders.csv\"\r\n\r\n{}\r\n--x--\r\n",
        orders()
    );
    let upload = Request::post("/import")
        .header("host", "localhost")
        .header("origin", "http://localhost")
        .header("content-type", "multipart/form-data; boundary=x");
    let sent = shop.ask(upload.body(Body::from(part("map", MAP) + &file)).unwrap());
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let job = sent.headers[header::LOCATION].to_str().unwrap().to_owned();
    let until = |step: &str| {
        let word = format!("\"step\":\"{step}\"");
        (0..1_000_000)
            .map(|_| shop.get(&format!("{job}/progress")).text)
            .find(|text| text.contains(&word))
            .unwrap()
    };
    until("understood");
    let page = shop.get(&job);
    check_page(&job, &page);
    assert!(
        page.text.contains("orders.csv") && shop.app.is_empty().unwrap(),
        "nothing is written before somebody says so"
    );
    assert_eq!(shop.post(&format!("{job}/run"), "").status, StatusCode::SEE_OTHER);
    until("done");
    check_page(&job, &shop.get(&job));
    assert_eq!(shop.app.board().unwrap().customers, 2);
    let left = std::fs::read_dir(shop.app.data_dir().join("uploads")).unwrap().count();
    assert_eq!(left, 0, "no personal data stays in the uploads");
}
