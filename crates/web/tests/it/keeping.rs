//! Who looked, lists for a CRM, files by calls, and what runs by itself, as pages.

use crate::{HOSTILE, Shop};
use app::{App, Clock, Config, Secrets};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use std::sync::Arc;
use std::time::Duration;

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let held = (0..400).any(|_| {
        let held = holds();
        if !held {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        held
    });
    assert!(held, "{what}");
}

fn as_operator(path: &str, name: &str) -> Request<Body> {
    let coded: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
    let request =
        Request::get(path).header("host", "localhost").header("cookie", format!("operator={coded}"));
    request.body(Body::empty()).unwrap()
}

// M029: the access log names who looked at whom and who took out which list, and nobody's name.
#[test]
fn m029_the_page_of_who_looked_shows_pages_and_lists() {
    let shop = Shop::filled();
    assert_eq!(shop.ask(as_operator("/customers/1", "佐藤 花")).status, StatusCode::OK);
    until("the look is noted", || shop.get("/access").text.contains("佐藤 花"));
    let list = shop.ask(as_operator("/customers/export.csv?where=n_orders%20%3E%3D%201", HOSTILE));
    assert_eq!(list.status, StatusCode::OK);
    let page = shop.get("/access").text;
    for part in ["お客様の画面を見た", "href=\"/customers/1\"", "名簿を書き出した", "n_orders &#62;= 1"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!shop.get("/access?customer=2").text.contains("お客様の画面を見た"));
    assert_eq!(shop.get("/access?customer=nonsense&page=-9").status, StatusCode::OK);
    // A script that asks for people is no other than a page that is looked at.
    for path in ["/api/customers?where=n_orders%20%3E%3D%201", "/api/customers/2"] {
        assert_eq!(shop.get(path).status, StatusCode::OK);
    }
    assert!(shop.get("/access?customer=2").text.contains("お客様の画面を見た"));
    // An unknown number is nobody's look.
    let before = shop.app.accesses(&app::AccessQuery { limit: 99, ..Default::default() }).unwrap().len();
    assert_eq!(shop.get("/customers/987").status, StatusCode::NOT_FOUND);
    let after = shop.app.accesses(&app::AccessQuery { limit: 99, ..Default::default() }).unwrap().len();
    assert_eq!(before, after);
}

// M032: on the customers' page.
#[test]
fn m032_the_customers_page_gives_lists_for_each_crm() {
    let shop = Shop::filled();
    let page = shop.get("/customers").text;
    for (crm, header) in [
        ("hubspot", "Record ID"),
        ("salesforce", "取引先責任者 ID"),
        ("kintone", "レコード番号"),
        ("eight", "会社名"),
    ] {
        assert!(page.contains(&format!("href=\"/customers/crm/{crm}")), "{crm}");
        let file = shop.get(&format!("/customers/crm/{crm}"));
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.text.trim_start_matches('\u{feff}').starts_with(header), "{}", file.text);
        assert_eq!(file.text.lines().count(), 3, "two customers: {}", file.text);
    }
    assert_eq!(shop.get("/customers/crm/nonsense").status, StatusCode::NOT_FOUND);
}

#[test]
fn what_runs_by_itself_is_set_on_a_page_and_mistakes_stand_beside_their_field() {
    let shop = Shop::filled();
    assert_eq!(shop.get("/settings/automatic").status, StatusCode::OK);
    let wrong = shop
        .post("/settings/automatic", "automatic.folder=in&automatic.nightly=25%3A00&automatic.backup_keys=x");
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    for key in ["automatic-folder", "automatic-nightly", "automatic-backup_keys"] {
        assert!(wrong.text.contains(&format!("{key}-wrong")), "{key}");
    }
    let right = shop.post("/settings/automatic", "automatic.folder=%2Fsrv%2Fin&automatic.nightly=04%3A10");
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    let settings = shop.app.settings().unwrap().automatic;
    assert_eq!((settings.folder.as_str(), settings.nightly.as_str()), ("/srv/in", "04:10"));
}

/// Pages whose installation takes files by calls.
fn taking() -> (tempfile::TempDir, App) {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets { import_token: Some("t0ken".to_owned()), ..Secrets::default() };
    let clock = Clock(Arc::new(|| crate::NOW));
    let config = Config { db: None, data: folder.path().join("data"), clock, secrets };
    (folder, App::open(config).unwrap())
}

// M031: the file of a call stays in its folder, and what fails waits on the page for somebody to see.
#[test]
fn m031_a_call_cannot_leave_its_folder_and_a_failure_waits_on_the_page() {
    let (_folder, app) = taking();
    let shop = Shop::of(app);
    let send = |name: &str, token: &str, body: &'static str| {
        let request = Request::post(format!("/api/import?name={name}"))
            .header("host", "shop.example.jp")
            .header("origin", "https://evil.example.com")
            .header("authorization", format!("Bearer {token}"));
        shop.ask(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(send("a.csv", "t0ke", "x").status, StatusCode::UNAUTHORIZED);
    assert_eq!(send("a.csv", "", "x").status, StatusCode::UNAUTHORIZED);
    assert_eq!(send("a.csv", "t0ken", "").status, StatusCode::BAD_REQUEST);
    assert_eq!(send("a.csv&source=..%2F..", "t0ken", "x").status, StatusCode::BAD_REQUEST);
    assert_eq!(send("a.csv&kind=nonsense", "t0ken", "x").status, StatusCode::BAD_REQUEST);
    let sent = send("..%2F..%2F%3Cb%3Easked.json", "t0ken", "nothing like a table");
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    until("it is settled", || shop.app.arrivals_failed().unwrap().len() == 1);
    let page = shop.get("/import").text;
    assert!(page.contains("_b_asked.json") && page.contains("要対応"), "{page}");
    let data = shop.app.data_dir().to_owned();
    assert!(!data.join("b_asked.json").exists() && data.join("arrivals/failed/1").is_dir());
    assert_eq!(shop.post("/import/arrivals/1/seen", "by=").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("/import/arrivals/1/seen", "by=%E5%B1%B1%E7%94%B0").status, StatusCode::SEE_OTHER);
    assert!(shop.app.arrivals_failed().unwrap().is_empty());
    assert!(!data.join("arrivals/failed/1").exists(), "what was seen does not stay");
    // A guesser is slowed down; who has the token is not.
    let codes: Vec<u16> = (0..30).map(|_| send("a.csv", "no", "x").status.as_u16()).collect();
    assert!(codes.contains(&429), "{codes:?}");
    assert_eq!(
        send("b.csv", "t0ken", "order,customer,ordered_at,total\n1,A,2026-01-01,5\n").status,
        StatusCode::ACCEPTED
    );
}
