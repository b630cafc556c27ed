//! What customers open: the door as a mail program, a scanner, a guesser and a customer meet it.

use crate::{Answer, NOW};
use app::{App, Clock, Config, ImportRequest, Secrets};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use base64::prelude::{BASE64_STANDARD, Engine};
use model::{Channel, MatchKey, ReachFacts, ResponseKind, StopReason, TouchState, Verdict};
use response::{Key, Keys, Token};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{NewTouch, Store};
use tower::ServiceExt;
use web::{DoorConfig, Rate};

const KEY: (u8, [u8; 32]) = (9, [5; 32]);
const HOSTILE: &str = "<script>alert(1)</script>\"'>店";
const CSV: &str = "no,id,at,yen,name,mail\na1,7,2025-04-12 10:00:00,1000,架空 花子,hanako@example.jp\na2,8,2025-04-12 10:00:00,1000,架空 次郎,jiro@example.jp\n";
const MAP: &str = "kind = \"orders\"\n[columns]\norder = \"no\"\ncustomer = \"id\"\nordered_at = \"at\"\ntotal = \"yen\"\nname = \"name\"\nemail = \"mail\"\n";
const CAMPAIGN: &str = r#"
name = "お便り"
owner = "架空 太郎"
[[steps]]
name = "1"
[steps.words]
subject = "お茶の便り"
body = "[お茶](https://shop.example.jp/tea?a=1&b=2) [店舗](https://shop.example.jp/店舗)"
"#;

/// A shop with letters out, and its door.
pub struct Front {
    pub app: App,
    router: Router,
    pub store: Store,
    pub keys: Keys,
    /// What the mail service signs its reports with.
    pub service: EcdsaKeyPair,
    /// Milliseconds.
    pub clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    pub runtime: tokio::runtime::Runtime,
}

impl Front {
    pub fn open() -> Front {
        Front::with(|_| ())
    }

    pub fn with(change: impl Fn(&mut DoorConfig)) -> Front {
        Front::on(None, change)
    }

    /// The same shop on either database.
    pub fn on_both() -> [Front; 2] {
        [None, Some(testkit::postgres::fresh_database().unwrap())].map(|db| Front::on(db, |_| ()))
    }

    /// A shop with two customers and two letters to each: touches 1 and 3, and 2 and 4.
    pub fn on(db: Option<String>, change: impl Fn(&mut DoorConfig)) -> Front {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let service = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let sendgrid_key = Some(BASE64_STANDARD.encode(service.public_key().as_ref()));
        let sns_topics = vec![crate::hook::TOPIC.to_owned()];
        let (sms_hook_secret, line_secret) = (Some("hook".to_owned()), Some("secret".to_owned()));
        let secrets = Secrets {
            signing: vec![KEY],
            sendgrid_key,
            sns_topics,
            sms_hook_secret,
            line_secret,
            visit_secret: Some("site".to_owned()),
            ..Secrets::default()
        };
        let clock = Clock(Arc::new(|| NOW));
        let config =
            || Config { db: db.clone(), data: data.clone(), clock: clock.clone(), secrets: secrets.clone() };
        App::migrate(config()).unwrap();
        let app = App::open(config()).unwrap();
        let mut settings = app.settings().unwrap();
        settings.shop = HOSTILE.to_owned();
        settings.profile.site = "https://shop.example.jp/".to_owned();
        settings.profile.contact = "03-0000-0000".to_owned();
        settings.profile.address = "東京都千代田区架空1-1".to_owned();
        settings.profile.public_url = "https://go.example.jp".to_owned();
        settings.sending.from = "letter@shop.example.jp".to_owned();
        app.set_settings(&settings).unwrap();
        let file = folder.path().join("orders.csv");
        std::fs::write(&file, CSV).unwrap();
        let request =
            ImportRequest { paths: vec![file], map: Some(MAP.to_owned()), ..ImportRequest::default() };
        app.import(&request, &|_| ()).unwrap();
        let campaign = app.add_campaign(&app::campaign_from_toml(CAMPAIGN, "test").unwrap(), "sato").unwrap();
        let own = format!("sqlite:{}", data.join("mezame.db").display());
        let store = Store::open(db.as_deref().unwrap_or(&own)).unwrap();
        for step in 0..2 {
            let touch = |(customer, mail): (i64, &str)| NewTouch {
                campaign,
                step,
                customer,
                channel: Channel::Mail,
                destination: Some(MatchKey::email(mail).0),
                variant: 0,
                value: 0,
                due: NOW,
                rule: String::new(),
            };
            let both = [(1, "hanako@example.jp"), (2, "jiro@example.jp")].map(touch);
            assert_eq!(store.make_touches(&both, NOW).unwrap(), 2);
        }
        let clock = Arc::new(AtomicI64::new(NOW * 1_000));
        let mut config = config_of(&clock);
        change(&mut config);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let router = web::door(app.clone(), config).unwrap();
        let keys = Keys::new(Key { id: KEY.0, secret: KEY.1 }, vec![]);
        Front { app, router, store, keys, service, clock, folder, runtime }
    }

    /// How another door of this shop is held.
    pub fn config(&self) -> DoorConfig {
        config_of(&self.clock)
    }

    pub fn ask(&self, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = "192.0.2.7:4000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let text = String::from_utf8_lossy(&to_bytes(body, 1 << 20).await.unwrap()).into_owned();
            Answer { status: parts.status, headers: parts.headers, text }
        });
        check(&answer);
        answer
    }

    fn go(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("user-agent", "Mozilla/5.0 (Linux) Firefox/140.0");
        self.ask(request.body(Body::from(body.to_owned())).unwrap())
    }

    fn get(&self, path: &str) -> Answer {
        self.go(Method::GET, path, "")
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        self.go(Method::POST, path, body)
    }

    pub fn leave(&self, touch: i64) -> String {
        self.keys.sign(Token::OptOut { touch, channel: Channel::Mail })
    }

    fn click(&self, touch: i64, link: u16) -> String {
        format!("/c/{}", self.keys.sign(Token::Click { touch, link }))
    }

    pub fn stops(&self, customer: i64) -> Vec<(Option<Channel>, StopReason)> {
        let mut found = ReachFacts::default();
        self.store.reach_facts(Some(&[customer]), &mut |facts| found = facts).unwrap();
        found.stops
    }

    /// (touch, kind, link, verdict) of everything that was heard.
    pub fn heard(&self) -> Vec<(i64, ResponseKind, Option<i32>, Verdict)> {
        let mut all = vec![];
        self.store.each_response(1, &mut |r| all.push((r.touch, r.kind, r.link, r.verdict))).unwrap();
        all
    }

    fn state(&self, touch: i64) -> TouchState {
        self.store.touch(touch).unwrap().touch.state
    }
}

fn config_of(clock: &Arc<AtomicI64>) -> DoorConfig {
    let told = clock.clone();
    DoorConfig::new(Arc::new(move || told.load(Ordering::SeqCst)))
}

/// What holds for every answer of the door.
fn check(answer: &Answer) {
    let header = |name: &str| answer.headers.get(name).map_or("", |v| v.to_str().unwrap());
    let policy = header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("x-robots-tag").contains("noindex"));
    let kept = ["text/css", "text/javascript"].iter().any(|kind| header("content-type").starts_with(kind));
    assert!(header("cache-control") == "no-store" || kept);
    assert_eq!(answer.headers.get(header::SET_COOKIE), None);
    for secret in ["花子", "hanako", "次郎", "jiro@", "<script"] {
        assert!(!answer.text.contains(secret), "{secret} in {}", answer.text);
    }
    assert!(!answer.text.contains(" style=") && !answer.text.contains("src=\"http"), "{}", answer.text);
}

#[test]
fn reading_stops_nobody_and_the_button_does_at_once() {
    for door in &Front::on_both() {
        let path = format!("/u/{}", door.leave(1));
        for (method, extra) in [
            (Method::GET, ("x-none", "")),
            (Method::HEAD, ("x-none", "")),
            (Method::GET, ("sec-purpose", "prefetch")),
            (Method::GET, ("purpose", "prefetch")),
            (Method::GET, ("x-moz", "prefetch")),
            (Method::GET, ("list-unsubscribe-post", "List-Unsubscribe=One-Click")),
        ] {
            let request =
                Request::builder().method(method).uri(format!("{path}?List-Unsubscribe=One-Click&stop=page"));
            let answer = door.ask(request.header(extra.0, extra.1).body(Body::empty()).unwrap());
            assert_eq!(answer.status, StatusCode::OK, "{extra:?}");
        }
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            assert_eq!(door.go(method, &path, "").status, StatusCode::METHOD_NOT_ALLOWED);
        }
        assert!(door.stops(1).is_empty() && door.heard().is_empty(), "{:?}", door.heard());

        let done = door.post(&path, "stop=page");
        assert_eq!(done.status, StatusCode::OK);
        assert!(
            done.text.contains("停止しました") && done.text.contains("もう一度受け取る"),
            "{}",
            done.text
        );
        assert_eq!(door.stops(1), [(Some(Channel::Mail), StopReason::MailOptOut)]);
        assert_eq!([1, 2, 3, 4].map(|t| door.state(t)), {
            use TouchState::{Queued, Skipped};
            [Skipped, Queued, Skipped, Queued]
        });
        assert!(door.get(&path).text.contains("停止しました"), "the page knows");
        assert!(door.stops(2).is_empty(), "nobody else is stopped");
    }
}

#[test]
fn a_mail_programs_own_button_needs_nothing_else() {
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
        ),
    ] {
        let door = Front::open();
        let request = Request::post(format!("/u/{}", door.leave(2)))
            .header("content-type", kind)
            .header("origin", "https://mail.example.com")
            .header("sec-fetch-site", "cross-site");
        let answer = door.ask(request.body(Body::from(body)).unwrap());
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "stopped\n"));
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert_eq!(door.stops(2), [(Some(Channel::Mail), StopReason::MailOptOut)]);
    }
}

#[test]
fn a_link_leads_where_its_letter_says_and_nowhere_else() {
    let door = Front::open();
    let trap = format!("/c/{}", door.keys.sign(Token::Trap { touch: 2 }));
    let evil = "?to=https://evil.example.com&url=//evil.example.com&next=/x";
    for (path, leads) in [
        (door.click(1, 0), "https://shop.example.jp/tea?a=1&b=2"),
        (door.click(1, 1), "https://shop.example.jp/%E5%BA%97%E8%88%97"),
        (door.click(1, 0) + evil, "https://shop.example.jp/tea?a=1&b=2"),
        (door.click(1, 77), "https://shop.example.jp/"),
        (door.click(999, 0), "https://shop.example.jp/"),
        (trap, "https://shop.example.jp/"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header("host", "evil.example.com")
                .header("x-forwarded-host", "evil.example.com");
            let answer = door.ask(request.body(Body::empty()).unwrap());
            assert_eq!(answer.status, StatusCode::FOUND, "{path}");
            assert_eq!(answer.headers[header::LOCATION], leads, "{path}");
        }
    }
}

#[test]
fn what_was_not_signed_here_opens_nothing() {
    let door = Front::with(|config| config.unsigned = Rate { burst: 1_000, per_second: 1.0 });
    let (click, leave) = (door.click(1, 0), door.leave(1));
    let token = click.trim_start_matches("/c/").to_owned();
    let stranger = Keys::new(Key { id: KEY.0, secret: [6; 32] }, vec![]);
    let open = door.keys.sign(Token::Open { touch: 1 });
    let mut changed = token.clone();
    changed.replace_range(8..9, if &token[8..9] == "a" { "b" } else { "a" });
    for bad in [
        "x".to_owned(),
        "%00".to_owned(),
        "%ff%fe".to_owned(),
        "..%2f..%2fetc%2fpasswd".to_owned(),
        "a".repeat(5_000),
        changed,
        format!("{token}a"),
        token[1..].to_owned(),
        stranger.sign(Token::Click { touch: 1, link: 0 }),
        stranger.sign(Token::OptOut { touch: 1, channel: Channel::Mail }),
        door.keys.sign(Token::Bounce { touch: 1 }),
        door.keys.sign(Token::Letter { touch: 1 }),
    ] {
        for place in ["c", "o", "u", "p"] {
            let path = format!("/{place}/{bad}");
            for answer in [door.get(&path), door.post(&path, "stop=mail")] {
                assert!(matches!(answer.status.as_u16(), 400 | 404 | 405), "{path}: {}", answer.status);
                assert!(
                    answer.text.contains("店") && answer.text.contains("<h1>"),
                    "{path}: {}",
                    answer.text
                );
            }
        }
    }
    // Each purpose is its own.
    for path in [
        format!("/c/{leave}"),
        format!("/u/{token}"),
        format!("/u/{open}"),
        format!("/p/{open}"),
        format!("/o/{token}"),
    ] {
        assert_eq!(door.get(&path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(door.post(&format!("/u/{token}"), "List-Unsubscribe=One-Click").status, StatusCode::NOT_FOUND);
    assert!(door.heard().is_empty() && door.stops(1).is_empty());
    // Nothing of the operators' pages is behind this door.
    for path in ["/", "/customers", "/settings", "/login", "/api/board", "/static/app.css", "/healthz"] {
        assert_eq!(door.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_picture_is_one_point_that_nobody_keeps() {
    let door = Front::open();
    let token = door.keys.sign(Token::Open { touch: 1 });
    for path in [format!("/o/{token}"), format!("/o/{token}.gif")] {
        let answer = door.get(&path);
        assert_eq!(
            (answer.status, answer.headers["content-type"].to_str().unwrap()),
            (StatusCode::OK, "image/gif")
        );
        assert!(answer.text.starts_with("GIF89a"));
    }
    assert_eq!(door.heard().len(), 2, "kept before the answer");
}

#[test]
fn what_is_too_large_or_comes_too_often_is_refused_but_nobody_is_kept_from_leaving() {
    let slow = Rate { burst: 3, per_second: 1.0 };
    let door = Front::with(|config| (config.signed, config.unsigned, config.proxied) = (slow, slow, true));
    let path = format!("/u/{}", door.leave(1));
    assert_eq!(door.post(&path, &"x".repeat(5_000)).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(door.stops(1).is_empty());
    let from = |network: &str, path: &str| {
        door.ask(Request::get(path).header("x-forwarded-for", network).body(Body::empty()).unwrap())
            .status
            .as_u16()
    };
    let click = door.click(1, 0);
    let asked: Vec<u16> = (0..4).map(|i| from(&format!("198.51.100.{i}"), &click)).collect();
    assert_eq!(asked, [302, 302, 302, 429], "one network");
    assert_eq!(from("203.0.113.1", &click), 302, "another network");
    let guesses: Vec<u16> = (0..4).map(|_| from("198.51.100.9", "/c/guess")).collect();
    assert_eq!(guesses, [404, 404, 404, 429]);
    door.clock.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(from("198.51.100.9", &click), 302, "a second later");
    assert_eq!(from("198.51.100.9", &click), 429);
    for _ in 0..20 {
        let leave = Request::post(&path).header("x-forwarded-for", "198.51.100.9");
        let answer = door.ask(leave.body(Body::from("List-Unsubscribe=One-Click")).unwrap());
        assert_eq!(answer.status, StatusCode::OK, "leaving is never turned away");
    }
}

#[test]
fn a_customer_chooses_each_way_of_contact_apart() {
    for door in &Front::on_both() {
        let token = door.keys.sign(Token::Preferences { touch: 1 });
        let path = format!("/p/{token}");
        let page = door.get(&path).text;
        assert!(page.contains("value=\"mail\"") && page.contains("value=\"ads\""), "{page}");
        assert!(!page.contains("value=\"phone\""), "the shop has no number");
        assert_eq!(door.post(&path, "").status, StatusCode::BAD_REQUEST);
        assert_eq!(door.post(&path, "stop=everything").status, StatusCode::BAD_REQUEST);

        let done = door.post(&path, "stop=ads");
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(
            door.stops(1),
            [(Some(Channel::Ads), StopReason::AdsOptOut)],
            "each closes only its own (M161)"
        );
        assert_eq!(door.state(1), TouchState::Queued, "mail goes on");
        let page = door.get(done.headers[header::LOCATION].to_str().unwrap());
        assert!(page.text.contains("広告: 停止しました"), "{}", page.text);

        door.post(&path, "stop=mail");
        let page = door.get(&path).text;
        let wording = "もう一度受け取ることに同意します";
        assert!(page.contains(wording), "the words are shown before the button: {page}");
        assert_eq!(door.post(&path, "again=mail").status, StatusCode::SEE_OTHER);
        assert_eq!(door.stops(1), [(Some(Channel::Ads), StopReason::AdsOptOut)]);
        let kept = door.store.person(1).unwrap().unwrap().consents;
        let proof = kept.iter().find(|c| c.channel == Channel::Mail).unwrap();
        assert!(
            proof.given && proof.evidence.contains(wording) && proof.evidence.contains("店"),
            "{proof:?}"
        );
        let lifted = door.store.person(1).unwrap().unwrap().suppressions;
        assert!(
            lifted.iter().all(|s| s.reason == StopReason::AdsOptOut || s.lifted.is_some()),
            "kept on record"
        );
    }
}

#[test]
fn the_language_is_the_readers() {
    let door = Front::open();
    let path = format!("/u/{}", door.leave(1));
    for (asked, query, lang) in [
        ("", "", "ja"),
        ("en-US,en;q=0.9", "", "en"),
        ("ja,en;q=0.9", "", "ja"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "", "en"),
        ("en", "?lang=ja", "ja"),
        ("ja", "?lang=en", "en"),
    ] {
        let request = Request::get(format!("{path}{query}")).header("accept-language", asked);
        let page = door.ask(request.body(Body::empty()).unwrap()).text;
        assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{asked} {query}");
        assert!(page.contains("&#60;script&#62;"), "the shop's name is text");
    }
}

#[test]
fn a_scanner_is_told_apart_afterwards() {
    for door in &Front::on_both() {
        door.get(&door.click(1, 0));
        let trap = format!("/c/{}", door.keys.sign(Token::Trap { touch: 2 }));
        door.get(&trap);
        door.go(Method::HEAD, &door.click(2, 1), "");
        let judged = |door: &Front| {
            let all = door.heard();
            assert_eq!(all.len(), 3, "raw responses stay");
            all.iter().all(|r| r.3 == Verdict::Scanner)
        };
        // The first click looked like a person's until the same network followed the link nobody sees.
        let done = (0..100_000).any(|_| {
            std::thread::yield_now();
            judged(door)
        });
        assert!(done, "{:?}", door.heard());
    }
}

#[test]
fn what_a_killed_door_left_unjudged_is_taken_up() {
    for door in &Front::on_both() {
        let program = model::Response {
            id: 0,
            touch: 2,
            kind: ResponseKind::Click,
            at: NOW * 1_000,
            link: Some(0),
            agent: "curl/8".to_owned(),
            network: 5,
            said: String::new(),
            verdict: Verdict::Person,
        };
        door.store.hear_many(&[program]).unwrap();
        let ear = door.app.ear().unwrap();
        let done = (0..100_000).any(|_| {
            std::thread::yield_now();
            door.heard()[0].3 == Verdict::Scanner
        });
        assert!(done, "{:?}", door.heard());
        drop(ear);
    }
}

#[test]
fn a_locked_database_keeps_no_customer_waiting_and_nothing_is_pretended() {
    let door = Front::open();
    let path = door.folder.path().join("data/mezame.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = door.get(&door.click(1, 0));
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(
        answer.headers[header::LOCATION],
        "https://shop.example.jp/tea?a=1&b=2",
        "to the letter's own target"
    );
    assert_eq!(door.get(&format!("/o/{}", door.keys.sign(Token::Open { touch: 1 }))).status, StatusCode::OK);
    let leave = door.post(&format!("/u/{}", door.leave(1)), "List-Unsubscribe=One-Click");
    assert_eq!(leave.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        leave.text.contains("まだ停止できていません") && leave.text.contains("mailto:bounce+"),
        "{}",
        leave.text
    );
    assert!(door.heard().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    let kept = (0..1_000_000).any(|_| {
        std::thread::yield_now();
        door.heard().iter().filter(|r| r.1 != ResponseKind::OptOut).count() == 2
    });
    assert!(kept, "what was heard is written when it can be: {:?}", door.heard());
}

#[test]
fn a_door_that_closes_has_written_everything_and_takes_no_endless_heads() {
    use std::io::{Read, Write};
    let door = Front::open();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listener = door.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let serving = web::serve_door(door.app.clone(), listener, door.config(), async { drop(stopped.await) });
    let serving = door.runtime.spawn(serving);
    let say = |request: &str| {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        // A server that has heard enough closes while we still write.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    };
    let click = door.click(1, 0);
    let plain = format!("GET {click} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(say(&plain).starts_with("HTTP/1.1 302 "), "{}", say(&plain));
    let many: String = (0..100).map(|i| format!("x-{i}: y\r\n")).collect();
    assert!(say(&format!("GET {click} HTTP/1.1\r\n{many}\r\n")).starts_with("HTTP/1.1 431 "));
    let long = format!("GET {click} HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(200_000));
    assert!(!say(&long).contains(" 302 "), "a head of 200 KB");
    let before = door.heard().len();
    assert!(say(&plain).contains("location: https://shop.example.jp/tea?a=1&b=2"));
    stop.send(()).unwrap();
    door.runtime.block_on(serving).unwrap().unwrap();
    assert_eq!(door.heard().len(), before + 1);
    assert!(std::net::TcpStream::connect(address).is_err(), "closed");
}
