//! Visits to the shop's site as its pages tell them: nothing without consent, nobody who is not ours, no flood.

use crate::NOW;
use crate::door::Front;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use model::VisitKind;
use response::Token;
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::atomic::Ordering;
use web::Rate;

/// The day of NOW, as tokens count days.
const TODAY: u32 = 20_779;
const SITE: &str = "https://shop.example.jp";

/// The door with visits on.
fn open(front: &Front) {
    let mut settings = front.app.settings().unwrap();
    settings.visits.on = true;
    front.app.set_settings(&settings).unwrap();
}

fn tell(front: &Front, origin: &str, told: &Value) -> StatusCode {
    let request = Request::post("/visit").header("origin", origin).header("content-type", "text/plain");
    let answer = front.ask(request.body(Body::from(told.to_string())).unwrap());
    assert_eq!(answer.text, "", "whoever tells a visit learns nothing");
    answer.status
}

fn token(front: &Front, touch: i64, until: u32) -> String {
    front.keys.sign(Token::Visit { touch, until })
}

fn visit(token: &str, n: u32) -> Value {
    json!({ "kind": "view", "page": "/tea?mail=x@example.jp", "said": "", "consent": "yes", "wording": "同意", "n": n.to_string(), "token": token })
}

/// How many visits of a customer are kept.
fn kept(front: &Front, customer: i64) -> usize {
    front.app.visits_of(customer, 1_000).unwrap().1.len()
}

/// The shop's own signature of a customer number.
fn sign(source: &str, customer: &str, at: i64) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(b"site").unwrap();
    mac.update(format!("{source}\n{customer}\n{at}").as_bytes());
    mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect()
}

// M023: a page view is kept with the consent it rests on, and only with one.
#[test]
fn only_who_agreed_is_kept_and_a_word_takes_it_all_back() {
    for front in &Front::on_both() {
        let good = token(front, 1, TODAY + 1);
        assert_eq!(tell(front, SITE, &visit(&good, 0)), StatusCode::NO_CONTENT);
        assert_eq!(kept(front, 1), 0, "visits are off until the shop turns them on");
        open(front);
        // What the door says of the shop is read anew after ten seconds.
        front.clock.fetch_add(11_000, Ordering::SeqCst);
        for consent in ["", "maybe", "true"] {
            let told = json!({ "kind": "view", "page": "/", "consent": consent, "n": "1", "token": good });
            assert_eq!(tell(front, SITE, &told), StatusCode::NO_CONTENT);
        }
        assert_eq!((kept(front, 1), front.app.visits_of(1, 9).unwrap().0), (0, None));
        tell(front, SITE, &visit(&good, 2));
        let (consent, visits) = front.app.visits_of(1, 9).unwrap();
        assert!(consent.is_some_and(|c| c.given && c.wording == "同意"));
        assert_eq!((visits.len(), visits[0].kind, visits[0].page.as_str()), (1, VisitKind::View, "/tea"));
        assert_eq!(kept(front, 2), 0, "nobody else");
        let no = json!({ "kind": "view", "consent": "no", "token": good });
        tell(front, SITE, &no);
        let (consent, visits) = front.app.visits_of(1, 9).unwrap();
        assert!(consent.is_some_and(|c| !c.given) && visits.is_empty(), "everything is gone");
        tell(front, SITE, &visit(&good, 3));
        assert_eq!(kept(front, 1), 0, "a page that still says yes does not speak for them");
        let mut again = visit(&good, 4);
        again["consent"] = "agreed".into();
        tell(front, SITE, &again);
        assert_eq!(kept(front, 1), 1, "they agreed anew themselves");
    }
}

#[test]
fn ids_that_are_not_ours_and_replays_leave_nothing() {
    let front = Front::open();
    open(&front);
    let good = token(&front, 1, TODAY + 1);
    let at = NOW;
    let signed = |customer: &str, at: i64, sign: &str| {
        let mut told = visit("", 5);
        told["customer"] = customer.into();
        told["at"] = at.into();
        told["sign"] = sign.into();
        told
    };
    let click = front.keys.sign(Token::Click { touch: 1, link: 0 });
    let nobody = [
        visit("nonsense", 1),
        visit(&click, 1),
        visit(&token(&front, 1, TODAY - 1), 1),
        visit(&token(&front, 999, TODAY + 1), 1),
        visit("", 1),
        signed("7", at, ""),
        signed("7", at, &sign("", "8", at)),
        signed("7", at - 90_000, &sign("", "7", at - 90_000)),
        signed("7", at + 90_000, &sign("", "7", at + 90_000)),
        signed("999", at, &sign("", "999", at)),
        json!([1, 2]),
        json!({ "kind": "nonsense", "consent": "yes", "token": good }),
    ];
    for told in &nobody {
        assert_eq!(tell(&front, SITE, told), StatusCode::NO_CONTENT, "{told}");
    }
    assert_eq!((kept(&front, 1), kept(&front, 2)), (0, 0));
    for origin in ["https://evil.example.com", "null", "", "https://shop.example.jp.evil.example.com"] {
        tell(&front, origin, &visit(&good, 6));
    }
    assert_eq!(kept(&front, 1), 0, "only pages of the shop tell");
    for _ in 0..3 {
        tell(&front, SITE, &visit(&good, 7));
    }
    assert_eq!(kept(&front, 1), 1, "the same event once");
    tell(&front, SITE, &signed("8", at, &sign("", "8", at).to_uppercase()));
    assert_eq!(kept(&front, 2), 1, "the shop's own number, by its own signature");
}

#[test]
fn floods_are_slowed_and_long_tellings_refused() {
    let front = Front::with(|config| {
        config.visit_of_network = Rate { burst: 30, per_second: 1.0 };
        config.visit_of_person = Rate { burst: 5, per_second: 0.1 };
    });
    open(&front);
    let good = token(&front, 1, TODAY + 1);
    let told = |n: u32| {
        // Another number beside the token makes no other visitor.
        let mut told = visit(&good, n);
        told["customer"] = n.to_string().into();
        told
    };
    let answers: Vec<StatusCode> = (0..60).map(|n| tell(&front, SITE, &told(n))).collect();
    assert_eq!(answers.iter().filter(|a| **a == StatusCode::TOO_MANY_REQUESTS).count(), 30);
    assert_eq!(kept(&front, 1), 5, "one visitor fills nobody's disk");
    let long = Request::post("/visit").header("origin", SITE).body(Body::from("x".repeat(5_000))).unwrap();
    front.clock.fetch_add(60_000, Ordering::SeqCst);
    assert_eq!(front.ask(long).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        front.ask(Request::get("/visit").body(Body::empty()).unwrap()).status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

/// A link of a letter names its reader to the shop's own site alone, and the script is there to be loaded.
#[test]
fn a_followed_link_names_its_reader_to_the_shop_alone() {
    let front = Front::open();
    let path = format!("/c/{}", front.keys.sign(Token::Click { touch: 1, link: 0 }));
    let to = |front: &Front| {
        let answer = front.ask(Request::get(&path).body(Body::empty()).unwrap());
        answer.headers["location"].to_str().unwrap().to_owned()
    };
    assert!(!to(&front).contains("mz="), "visits are off");
    open(&front);
    front.clock.fetch_add(11_000, Ordering::SeqCst);
    let there = to(&front);
    let named = there.split("mz=").nth(1).unwrap_or_else(|| panic!("{there}"));
    assert_eq!(front.keys.read(named), Some(Token::Visit { touch: 1, until: TODAY + 1 }));
    let mut settings = front.app.settings().unwrap();
    settings.visits.hosts = "www.example.jp".to_owned();
    front.app.set_settings(&settings).unwrap();
    front.clock.fetch_add(11_000, Ordering::SeqCst);
    assert!(!to(&front).contains("mz="), "another host is told nothing");
    let script = front.ask(Request::get("/visit.js").body(Body::empty()).unwrap());
    assert_eq!(script.status, StatusCode::OK);
    assert!(script.text.contains("sendBeacon") && !script.text.contains("document.cookie"));
    assert!(script.headers["cache-control"].to_str().unwrap().contains("3600"));
}

// M113: a click of a post's link is the post's, and nobody's return; the link leads home or nowhere.
#[test]
fn clicks_are_attributed_to_their_post() {
    for front in &Front::on_both() {
        let new = |target: &str| app::NewSocial {
            campaign: 1,
            platform: "x".to_owned(),
            text: "新茶 {link}".to_owned(),
            target: target.to_owned(),
            by: "佐藤".to_owned(),
            ..app::NewSocial::default()
        };
        let (first, second) =
            (front.app.add_social(&new("/tea")).unwrap(), front.app.add_social(&new("/")).unwrap());
        let follow = |link: &str, agent: &str| {
            let path = link.strip_prefix("https://go.example.jp").unwrap();
            front.ask(Request::get(path).header("user-agent", agent).body(Body::empty()).unwrap())
        };
        for agent in ["Mozilla/5.0", "Mozilla/5.0", "Twitterbot/1.0", ""] {
            let answer = follow(&first.link, agent);
            assert_eq!(answer.status, StatusCode::FOUND);
            let to = answer.headers["location"].to_str().unwrap();
            assert!(
                to.starts_with("https://shop.example.jp/tea?utm_source=x&utm_medium=social&utm_campaign="),
                "{to}"
            );
            assert!(to.ends_with("&utm_content=post-1"), "{to}");
        }
        let seen = |id: i64| front.app.social(id).map(|p| (p.clicks, p.networks, p.programs)).unwrap();
        assert_eq!((seen(first.id), seen(second.id)), ((2, 1, 2), (0, 0, 0)));
        assert!(front.heard().is_empty(), "contact, and no customer's response");
        let nobody = front.ask(Request::get("/go/000000000000").body(Body::empty()).unwrap());
        assert!(nobody.headers.get("location").is_none());
        // The shop moves: an old post leads nowhere rather than to what is no longer its own.
        let mut settings = front.app.settings().unwrap();
        settings.visits.hosts = "www.example.jp".to_owned();
        front.app.set_settings(&settings).unwrap();
        assert!(follow(&first.link, "Mozilla/5.0").headers.get("location").is_none());
    }
}

/// A consent that is taken back is heard while visits are off, and however much was told before.
#[test]
fn a_no_is_never_lost() {
    let front = Front::with(|config| config.visit_of_person = Rate { burst: 1, per_second: 0.001 });
    let good = token(&front, 1, TODAY + 1);
    let given = |front: &Front| front.app.visits_of(1, 9).unwrap().0.map(|c| c.given);
    let no = json!({ "kind": "view", "consent": "no", "token": good });
    assert_eq!(tell(&front, SITE, &no), StatusCode::NO_CONTENT);
    assert_eq!(given(&front), Some(false), "visits are off");
    open(&front);
    front.clock.fetch_add(11_000, Ordering::SeqCst);
    let mut again = visit(&good, 1);
    again["consent"] = "agreed".into();
    tell(&front, SITE, &again);
    assert_eq!((given(&front), kept(&front, 1)), (Some(true), 1));
    tell(&front, SITE, &no);
    assert_eq!((given(&front), kept(&front, 1)), (Some(false), 0), "the visitor's bucket is empty");
}

/// The shop states a consent of those who are logged in: not of whomever a link, or a machine, was traced to.
#[test]
fn a_log_states_consent_of_logins_alone() {
    let front = Front::open();
    open(&front);
    let good = token(&front, 1, TODAY + 1);
    let line = |login: &str, target: &str| {
        format!(
            "192.0.2.9 - {login} [22/Nov/2026:10:00:00 +0900] \"GET {target} HTTP/1.1\" 200 1 \"-\" \"x\"\n"
        )
    };
    let log = line("-", &format!("/tea?mz={good}")) + &line("-", "/tea/green");
    let taken = front.app.import_visits(&mut log.as_bytes(), "", "会員規約への同意", "山田").unwrap();
    assert_eq!((taken.kept, taken.without_consent), (0, 2));
    assert_eq!(front.app.visits_of(1, 9).unwrap().0, None);
    let taken =
        front.app.import_visits(&mut line("7", "/tea").as_bytes(), "", "会員規約への同意", "山田").unwrap();
    assert_eq!(taken.kept, 1);
}
