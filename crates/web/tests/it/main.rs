//! The router as a browser meets it, over a real store in a folder of its own.
#![allow(clippy::unwrap_used)]

mod cadence;
mod desk;
mod door;
mod gateways;
mod hook;
mod keeping;
mod login;
mod look;
mod post;
mod refresh;
mod settings;
mod surveys;
mod visits;
mod voices;

mod campaigns;

use app::{App, Clock, Config, ImportRequest, OutlookMode, RankQuery, Secrets};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use model::Channel;
use std::sync::Arc;
use tower::ServiceExt;

/// 2026-11-22 12:00 in Japan.
const NOW: i64 = 1_795_316_400;
const PAGES: [&str; 24] = [
    "/",
    "/customers",
    "/customers?show=outlook",
    "/customers?sort=p_return&dir=desc",
    "/segments",
    "/import",
    "/reach",
    "/suggestions",
    "/policy",
    "/settings",
    "/settings/mail",
    "/settings/sender",
    "/settings/automatic",
    "/settings/inbox",
    "/settings/visits",
    "/access",
    "/model",
    "/ranking",
    "/voices",
    "/voices?show=nonsense&page=99",
    "/voices/library",
    "/ranking?channel=post&reachable=1",
    "/ranking?channel=sms&budget=60&where=n_orders%20%3E%201",
    "/ranking?channel=nonsense&budget=-1&page=99&where=nonsense",
];
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
        let app = App::open(Config {
            db: None,
            data: folder.path().join("data"),
            clock,
            secrets: Secrets::default(),
        })
        .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        Shop { router: web::router(app.clone()), app, folder, runtime }
    }

    /// The pages of an installation that was opened elsewhere.
    fn of(app: App) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        Shop { router: web::router(app.clone()), app, folder, runtime }
    }

    /// Two customers: one regular who fell asleep, one with a hostile name.
    fn filled() -> Shop {
        Shop::with(&orders())
    }

    /// A hundred and twenty customers of many rhythms over four years, most of them quiet.
    fn busy() -> Shop {
        Shop::with(&many_orders())
    }

    fn with(csv: &str) -> Shop {
        let shop = Shop::empty();
        let path = shop.folder.path().join("orders.csv");
        std::fs::write(&path, csv).unwrap();
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

fn many_orders() -> String {
    let today = model::Day::from_ymd(2026, 11, 22).unwrap();
    let mut csv = "no,id,at,yen,name,item\n".to_owned();
    for i in 0..120 {
        let (gap, orders, silent) = (20 + i * 7 % 100, 1 + i % 6, i * 13 % 700);
        for n in 0..orders {
            let (day, yen) = (today.plus(-silent - n * gap), 1000 + i * 377 % 9000 + n * 100);
            csv.push_str(&format!("{i}-{n},{i},{day} 10:00:00,{yen},=架空 {i}号,宇治煎茶\n"));
        }
    }
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
    assert!(!answer.text.contains("かければ戻"), "{path}: no claim before a holdout (M170)");
    assert!(answer.text.len() < 100_000, "{path}: {} bytes", answer.text.len());
}

#[test]
fn every_page_keeps_the_rules_empty_and_filled() {
    for shop in [Shop::empty(), Shop::filled(), Shop::busy()] {
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
fn a_rule_looks_as_far_ahead_as_the_form_says() {
    let shop = Shop::filled();
    for (form, numbers) in [
        ("fixed_days", "at_risk=60&dormant=120&long=365"),
        ("own_cycle", "k=2&floor=30&ceiling=730&least_orders=3&fallback=181"),
    ] {
        assert_eq!(shop.get("/policy?preset=R181").text.matches("name=\"horizon\"").count(), 2);
        let rest = format!("form={form}&name=mine&by=%E5%B1%B1%E7%94%B0&clock_order=on&{numbers}");
        let wrong = shop.post("/policy", &format!("{rest}&horizon=0"));
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert!(wrong.text.contains("horizon"), "{}", wrong.text);
        assert_eq!(shop.post("/policy", &format!("{rest}&horizon=45")).status, StatusCode::SEE_OTHER);
        assert_eq!(shop.app.policy().unwrap().horizon, 45);
        let page = shop.get("/policy").text;
        assert_eq!(page.matches("name=\"horizon\" inputmode=\"numeric\" required value=\"45\"").count(), 2);
        assert!(page.contains("horizon = 45"), "the rule as text");
    }
}

/// The address of the first link after `words`.
fn link_after<'a>(text: &'a str, words: &str) -> &'a str {
    let rest = text.split(words).nth(1).unwrap_or_else(|| panic!("{words} in {text}"));
    rest.split("href=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[test]
fn the_ranking_counts_exactly_the_people_it_links_to() {
    let shop = Shop::busy();
    let board = shop.get("/").text;
    for channel in [Channel::Mail, Channel::Sms, Channel::Post, Channel::Phone] {
        let mut settings = shop.app.settings().unwrap();
        settings.lift.post.regular = 4.0; // so that post pays for some, and not for others
        shop.app.set_settings(&settings).unwrap();
        let ask = RankQuery { channel, budget: None, reachable: false, condition: String::new() };
        let (ranking, _) = shop.app.rank(&ask, 0, 0).unwrap();
        let page = shop.get(&format!("/ranking?channel={}", channel.word())).text;
        let pays = format!("<b>{}人</b>", ranking.pays.customers);
        assert_eq!(page.contains(&pays), ranking.pays.customers > 0, "{channel:?}: {pays}");
        assert_eq!(page.matches("id=\"stop\"").count() == 1, ranking.pays.customers < 50, "{channel:?}");
        if ranking.pays.customers > 0 {
            for (words, people) in [
                ("費用に見合う見込みの方は", ranking.pays.customers),
                ("声をかける方のうちB", ranking.pays.regular),
            ] {
                let list = link_after(&page, words).replace("/customers?", "/customers/count?");
                assert!(
                    shop.get(&list).text.contains(&format!(">{people}人")),
                    "{channel:?} {words}: {list}"
                );
            }
        }
        if channel == Channel::Mail {
            assert!(board.contains(&format!("channel=mail\">{pays}")), "the board says the same");
        }
    }
}

#[test]
fn a_budget_ends_the_list_and_the_file_holds_the_same_rows() {
    let shop = Shop::busy();
    let page = shop.get("/ranking?channel=sms&budget=60").text;
    assert!(page.contains("予算<b>60円</b>") && page.contains("<b>5人</b>"), "{page}");
    assert_eq!(page.matches("class=\"num rank\"").count(), 5);
    let csv = shop.get("/ranking.csv?channel=sms&budget=60");
    let named = csv.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(named.starts_with("attachment") && named.contains("UTF-8''%E5%84%AA"), "{named}");
    let mut lines = csv.text.trim_start_matches('\u{feff}').lines();
    assert_eq!(
        lines.next().unwrap(),
        "rank,customer,p_return,p_low,p_high,value_if_returns,value,expected_lift,cost,expected_profit,next_order_date,reason"
    );
    assert_eq!(lines.count(), 5);
    let moved = shop.get("/ranking?channel=sms&slide=36&was=60&end=500&budget=60");
    assert_eq!(moved.headers[header::LOCATION], "/ranking?channel=sms&budget=36");
    assert_eq!(shop.get("/ranking.csv?where=nonsense").status, StatusCode::BAD_REQUEST);
}

#[test]
fn one_form_never_loses_what_another_saved() {
    let shop = Shop::busy();
    let mut terms = "channel=post&margin=35&long=25".to_owned();
    for channel in Channel::ALL {
        let word = channel.word();
        terms.push_str(&format!("&cost_{word}=7.5&regular_{word}=4&once_{word}=2"));
    }
    assert_eq!(shop.post("/ranking/terms", &terms).status, StatusCode::SEE_OTHER);
    assert_eq!(shop.post("/ranking/terms", "margin=200").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("/ranking/terms", &terms.replace("=35", "=135")).status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("/model/mode", "mode=rule").status, StatusCode::SEE_OTHER);
    assert_eq!(shop.post("/model/mode", "mode=guess").status, StatusCode::BAD_REQUEST);
    let form = "shop=%E5%BA%97&zone=Asia%2FTokyo&currency=%E5%86%86&spend=paid&zero_counts=on";
    assert_eq!(shop.post("/settings", form).status, StatusCode::SEE_OTHER);
    let now = shop.app.settings().unwrap();
    assert_eq!((now.shop.as_str(), now.margin, now.outlook), ("店", 0.35, OutlookMode::Rule));
    assert_eq!((now.cost.ads, now.lift.line.once, now.pending_counts), (7.5, 2.0, false));
    let page = shop.get("/ranking?channel=post").text;
    assert!(
        page.contains("このお店で入れた値") && !page.contains("仮の値</span>"),
        "nothing is assumed any more"
    );
}

#[test]
fn expectations_can_be_switched_off() {
    let shop = Shop::busy();
    let person = "/customers/1";
    assert!(shop.get(person).text.contains("これからの見込み"));
    assert!(
        shop.get("/model").text.contains("このお店の過去")
            && shop.get("/").text.contains("/ranking?channel=mail")
    );
    assert_eq!(shop.post("/model/mode", "mode=off").status, StatusCode::SEE_OTHER);
    for (path, words) in [("/ranking", "「使わない」設定"), ("/model", "「使わない」設定")] {
        let page = shop.get(path);
        check_page(path, &page);
        assert!(page.text.contains(words), "{path}");
    }
    assert!(!shop.get(person).text.contains("これからの見込み"));
    assert!(!shop.get("/").text.contains("/ranking?channel=mail"));
    assert!(!shop.get("/customers").text.contains("show=outlook"));
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
