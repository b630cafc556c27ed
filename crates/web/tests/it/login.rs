//! The login: who comes from another machine, with what, and what they sign with.

use crate::Answer;
use app::{App, Clock, Config, Secrets};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;
use web::{Front, Hosts};

const HOUR: i64 = 3_600;
pub const PASSWORD: &str = "correct horse";

/// Pages that another machine may open, with one operator.
pub struct Board {
    pub app: App,
    router: Router,
    /// Unix seconds.
    clock: Arc<AtomicI64>,
    pub runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl Board {
    fn open(front: Front) -> Board {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(crate::NOW));
        let told = clock.clone();
        let config = Config {
            db: None,
            data: folder.path().join("data"),
            clock: Clock(Arc::new(move || told.load(Ordering::SeqCst))),
            secrets: Secrets::default(),
        };
        let app = App::open(config).unwrap();
        app.set_operator("佐藤", PASSWORD).unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Board { router: web::router_for(app.clone(), front), app, clock, runtime, _folder: folder }
    }

    pub fn network() -> Board {
        Board::open(Front { hosts: Hosts::any(), proxied: false, network: true })
    }

    fn ask(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo("192.0.2.7:4000".parse::<SocketAddr>().unwrap()));
        self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let text = String::from_utf8_lossy(&to_bytes(body, 10 << 20).await.unwrap()).into_owned();
            Answer { status: parts.status, headers: parts.headers, text }
        })
    }

    fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header("host", "192.0.2.1").header("cookie", cookie);
        self.ask(request.body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "192.0.2.1")
            .header("origin", "http://192.0.2.1")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie);
        self.ask(request.body(Body::from(body.to_owned())).unwrap())
    }

    fn enter(&self, name: &str, password: &str) -> Answer {
        self.post("/login", "", &format!("name={}&password={}&to=/settings", coded(name), coded(password)))
    }

    /// Logs in and gives the cookie as the browser sends it.
    fn cookie(&self) -> String {
        let entered = self.enter("佐藤", PASSWORD);
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
        let cookie = entered.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

fn coded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn nobody_comes_in_without_a_login_and_the_way_back_is_kept() {
    let board = Board::network();
    for path in
        ["/", "/customers?q=a", "/customers/export.csv", "/import", "/nowhere", "/login/x", "/staticx"]
    {
        let answer = board.get(path, "");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.headers[header::LOCATION].to_str().unwrap().starts_with("/login?to=%2F"), "{path}");
    }
    for (answer, code) in [
        (board.get("/api/board", ""), 401),
        (board.post("/settings", "", "shop=x"), 401),
        (board.get("/login", ""), 200),
        (board.get("/healthz", ""), 200),
    ] {
        assert_eq!(answer.status.as_u16(), code, "{}", answer.text);
    }
    let page = board.get("/login?to=%2Fcustomers", "").text;
    assert!(page.contains("name=\"to\" value=\"/customers\""), "{page}");
    assert!(
        board.get("/login?to=https%3A%2F%2Fevil.example.com", "").text.contains("name=\"to\" value=\"/\"")
    );
    let css = page.split("href=\"/static/app").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(board.get(&format!("/static/app{css}"), "").status, StatusCode::OK, "the page has its looks");
}

#[test]
fn a_login_lasts_while_it_is_used_and_a_week_at_most() {
    let board = Board::network();
    let entered = board.enter("佐藤", PASSWORD);
    assert_eq!(entered.headers[header::LOCATION], "/settings");
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        set.contains("; HttpOnly; SameSite=Strict") && set.contains("Path=/") && !set.contains("Secure"),
        "{set}"
    );
    let cookie = set.split(';').next().unwrap().to_owned();
    assert_eq!(cookie.len(), "mezame=".len() + 64, "256 bits");
    let hours = |n: i64| board.clock.fetch_add(n * HOUR, Ordering::SeqCst);
    for _ in 0..15 {
        hours(11);
        assert_eq!(board.get("/settings", &cookie).status, StatusCode::OK);
    }
    hours(4);
    assert_eq!(board.get("/settings", &cookie).status, StatusCode::SEE_OTHER, "a week is over");
    let second = board.cookie();
    hours(13);
    assert_eq!(board.get("/settings", &second).status, StatusCode::SEE_OTHER, "not used for half a day");
    for forged in ["mezame=", "mezame=00", "mezame=' OR 1=1 --", &cookie.replace('=', "=x")] {
        assert_eq!(board.get("/settings", forged).status, StatusCode::SEE_OTHER, "{forged}");
    }
}

#[test]
fn logging_out_shutting_out_and_a_new_password_end_every_login() {
    let board = Board::network();
    let cookie = board.cookie();
    assert!(board.get("/login", &cookie).text.contains("佐藤"), "says who is logged in");
    let out = board.post("/logout", &cookie, "");
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(board.get("/settings", &cookie).status, StatusCode::SEE_OTHER);

    let cookie = board.cookie();
    board.app.set_operator("佐藤", "another horse").unwrap();
    assert_eq!(board.get("/settings", &cookie).status, StatusCode::SEE_OTHER);
    assert_eq!(board.enter("佐藤", PASSWORD).status, StatusCode::UNAUTHORIZED);
    let entered = board.enter("佐藤", "another horse");
    let cookie = entered.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(board.get("/settings", &cookie).status, StatusCode::OK);

    board.app.shut_operator("佐藤").unwrap();
    assert_eq!(board.get("/settings", &cookie).status, StatusCode::SEE_OTHER);
    assert_eq!(board.enter("佐藤", "another horse").status, StatusCode::UNAUTHORIZED);
    assert!(board.app.operators().unwrap().is_empty());
    assert!(board.app.shut_operator("佐藤").is_err(), "nobody of that name");
}

#[test]
fn guessing_gets_slow_for_a_name_and_for_a_network() {
    let board = Board::network();
    let mut tries = (0..11)
        .map(|i| board.enter("佐藤", &format!("guess number {i}")).status.as_u16())
        .collect::<Vec<_>>();
    assert_eq!(tries.pop(), Some(429));
    assert!(tries.iter().all(|code| *code == 401), "{tries:?}");
    assert_eq!(
        board.enter("佐藤", PASSWORD).status,
        StatusCode::TOO_MANY_REQUESTS,
        "the right one has to wait too"
    );
    let others: Vec<u16> =
        (0..10).map(|i| board.enter(&format!("name{i}"), "guess").status.as_u16()).collect();
    assert!(others.contains(&429), "one network asks for many names: {others:?}");
    board.clock.fetch_add(5 * 60, Ordering::SeqCst);
    assert_eq!(board.enter("佐藤", PASSWORD).status, StatusCode::SEE_OTHER, "five minutes later");
}

#[test]
fn what_is_signed_is_signed_by_who_is_logged_in() {
    let board = Board::network();
    let cookie = board.cookie();
    let form = "form=fixed_days&name=mine&clock_order=on&at_risk=60&dormant=120&long=365&horizon=45";
    for by in ["", "&by=%E5%B1%B1%E7%94%B0", "&by=a&b%79=b"] {
        let saved = board.post("/policy", &cookie, &format!("{form}{by}"));
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let last = board.app.policies().unwrap().into_iter().find(|p| p.active).unwrap();
        assert_eq!(last.by, "佐藤", "{by}");
    }
}

#[test]
fn forms_of_strangers_and_of_no_page_are_refused() {
    let board = Board::network();
    let cookie = board.cookie();
    let post = |extra: Option<(&str, &str)>| {
        let mut request = Request::post("/settings")
            .header("host", "192.0.2.1")
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some((name, value)) = extra {
            request = request.header(name, value);
        }
        board.ask(request.body(Body::from("shop=x&zone=Asia/Tokyo&currency=x")).unwrap()).status.as_u16()
    };
    for (extra, code) in [
        (None, 403),
        (Some(("origin", "https://evil.example.com")), 403),
        (Some(("origin", "null")), 403),
        (Some(("sec-fetch-site", "cross-site")), 403),
        (Some(("sec-fetch-site", "same-origin")), 303),
    ] {
        assert_eq!(post(extra), code, "{extra:?}");
    }
}

#[test]
fn behind_a_proxy_the_cookie_is_for_tls_alone() {
    let front = Front { hosts: Hosts::this_machine().and("192.0.2.1"), proxied: true, network: false };
    let board = Board::open(front);
    let entered = board.enter("佐藤", PASSWORD);
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("__Host-mezame=") && set.ends_with("; Secure") && !set.contains("Domain"),
        "{set}"
    );
    let plain = set.split(';').next().unwrap().replace("__Host-", "");
    assert_eq!(board.get("/settings", &plain).status, StatusCode::SEE_OTHER, "another cookie is none");
}

#[test]
fn this_machine_needs_no_login_and_has_none() {
    let board = Board::open(Front::this_machine());
    let request = |path: &str| Request::get(path).header("host", "localhost").body(Body::empty()).unwrap();
    assert_eq!(board.ask(request("/settings")).status, StatusCode::OK);
    assert_eq!(board.ask(request("/login")).status, StatusCode::NOT_FOUND);
}

#[test]
fn without_an_operator_the_pages_do_not_open_to_others() {
    let board = Board::network();
    board.app.shut_operator("佐藤").unwrap();
    let said = board.runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Front { hosts: Hosts::any(), proxied: true, network: false };
        web::serve_as(board.app.clone(), listener, front, std::future::ready(()))
            .await
            .unwrap_err()
            .to_string()
    });
    assert!(said.contains("mezame operator add"), "{said}");
    for (name, password) in [("", PASSWORD), ("佐藤", "short"), ("a\nb", PASSWORD)] {
        assert!(board.app.set_operator(name, password).is_err(), "{name:?}");
    }
}
