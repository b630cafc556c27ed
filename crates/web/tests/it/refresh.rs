//! The page of own facts, from the link in a message to the next step's channel (M116, M117, C9).

use crate::door::Front;
use crate::{Answer, NOW};
use app::{ImportRequest, REFRESH_TRIES, Standing};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::{Channel, MatchKey, OwnFact, StopReason};
use proptest::prelude::*;
use response::Token;
use store::NewTouch;
use testkit::browser::{Browser, Screen};
use tokio::net::TcpListener;
use web::Rate;

const PEOPLE: &str = "id,family,given,mail,phone,postal,address,born\n\
m1,架空,三葉,mitsuha@example.jp,090-0000-1234,1000001,東京都千代田区千代田1-1,1990-02-14\n\
m2,架空,四郎,shiro@example.jp,090-0000-5678,5300001,大阪府大阪市北区梅田2-2,1985-12-24\n\
m3,架空,五月,,090-0000-9999,,,\n";
const MAP: &str = "kind = \"customers\"\n[columns]\ncustomer = \"id\"\nfamily = \"family\"\ngiven = \"given\"\nemail = \"mail\"\n\
phone = \"phone\"\npostal = \"postal\"\naddress = \"address\"\nbirthday = \"born\"\n";
const FACTS: [&str; 8] =
    ["mitsuha@example.jp", "09000001234", "0900-0001234", "1000001", "千代田1-1", "三葉", "1990", "02-14"];

/// The customers of `PEOPLE`, and a text message out to each; their numbers and touches.
struct Town {
    door: Front,
    people: [i64; 3],
    touches: [i64; 3],
}

impl Town {
    fn open() -> Town {
        Town::of(Front::open())
    }

    fn of(door: Front) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.csv");
        std::fs::write(&file, PEOPLE).unwrap();
        let request =
            ImportRequest { paths: vec![file], map: Some(MAP.to_owned()), ..ImportRequest::default() };
        door.app.import(&request, &|_| ()).unwrap();
        let the = |digits: &str| door.store.find(digits, 9).unwrap()[0];
        let people = ["09000001234", "09000005678", "09000009999"].map(the);
        let touches = std::array::from_fn(|at| {
            let digits = ["09000001234", "09000005678", "09000009999"][at];
            let touch = NewTouch {
                campaign: 1,
                step: 7,
                customer: people[at],
                channel: Channel::Sms,
                destination: Some(MatchKey::phone(digits).0),
                variant: 0,
                value: 0,
                due: NOW,
                rule: String::new(),
            };
            door.store.make_touches(&[touch], NOW).unwrap();
            door.store.touches_of(people[at], 9).unwrap()[0].touch.id
        });
        Town { door, people, touches }
    }

    /// The path of the link in a message.
    fn link(&self, at: usize) -> String {
        let link = self.door.app.refresh_link(self.touches[at]).unwrap().unwrap();
        link.strip_prefix("https://go.example.jp").unwrap().to_owned()
    }

    fn get(&self, path: &str) -> Answer {
        self.door.ask(Request::get(path).body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.door.ask(request.body(Body::from(body.join("&"))).unwrap())
    }

    /// Answers the question and takes the pass off the form.
    fn pass(&self, path: &str, answer: &str) -> String {
        let form = self.post(path, &[("answer", answer)]);
        assert_eq!(form.status, StatusCode::OK, "{}", form.text);
        form.text.split("name=\"pass\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    fn mailbox(&self, at: usize) -> Option<String> {
        self.door.app.person(self.people[at]).unwrap().unwrap().records[0].email.clone()
    }

    /// Everything an operator sees of a customer.
    fn known(&self, at: usize) -> String {
        let p = self.door.app.person(self.people[at]).unwrap().unwrap();
        format!("{:?} {:?} {:?} {:?}", p.records, p.stops, p.channels, p.own_words)
    }
}

fn coded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn nothing_shown(answer: &Answer) {
    for fact in FACTS {
        assert!(!answer.text.contains(fact), "{fact} in {}", answer.text);
    }
}

#[test]
fn a_dead_mailbox_comes_back_to_life_and_the_next_step_goes_there() {
    for door in [None, Some(testkit::postgres::fresh_database().unwrap())].map(|db| Front::on(db, |_| ())) {
        let town = Town::of(door);
        let app = &town.door.app;
        let [who, ..] = town.people;
        app.suppress(who, Some(Channel::Mail), StopReason::BadAddress, "", "佐藤").unwrap();
        let mail = |town: &Town| {
            let all = town.door.app.reachability(who).unwrap();
            all.into_iter().find(|r| r.channel == Channel::Mail).unwrap().standing
        };
        assert_eq!(mail(&town), Standing::Bad);
        let before = app.freshness().unwrap();

        let path = town.link(0);
        let asked = town.get(&path);
        assert_eq!(asked.status, StatusCode::OK);
        nothing_shown(&asked);
        for mask in ["架*", "m***@e***.jp", "090-****-1234", "〒100-**** 東京都…", "お誕生日"] {
            assert!(asked.text.contains(mask), "{mask} in {}", asked.text);
        }
        let form = town.post(&path, &[("answer", "0214")]);
        assert!(
            form.text.contains("mitsuha@example.jp") && form.text.contains("こちらへは届かなくなっています")
        );
        let pass = town.pass(&path, "2/14");
        let faulty = town.post(&path, &[("pass", &pass), ("mail", "no address"), ("name", "架空 三葉")]);
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            faulty.text.contains("メールアドレスの形をご確認ください") && faulty.text.contains("no address")
        );
        let done = town.post(
            &path,
            &[
                ("pass", &pass),
                ("name", "架空 三葉"),
                ("mail", "mitsuha.new@example.jp"),
                ("phone", "090-0000-1234"),
                ("postal", "100-0001"),
                ("address", "東京都千代田区千代田1-1"),
                ("agree", "mail"),
                ("agree", "post"),
            ],
        );
        assert_eq!(done.status, StatusCode::OK);
        assert!(done.text.contains("ご確認ありがとうございました"), "{}", done.text);
        nothing_shown(&done);

        assert_eq!(town.mailbox(0).as_deref(), Some("mitsuha.new@example.jp"));
        assert_eq!(mail(&town), Standing::Valid);
        let person = app.person(who).unwrap().unwrap();
        let mail_now = person.channels.iter().find(|c| c.channel == Channel::Mail).unwrap();
        assert!(mail_now.allowed, "{mail_now:?}");
        let words: Vec<(OwnFact, bool)> = person.own_words.iter().map(|w| (w.fact, w.confirmed)).collect();
        assert_eq!(
            words,
            [(OwnFact::Place, true), (OwnFact::Phone, true), (OwnFact::Mail, false), (OwnFact::Name, true)]
        );
        // M133: what was verified raises the score, by exactly one customer.
        let after = app.freshness().unwrap();
        assert_eq!((after.fresh, after.customers), (before.fresh + 1, before.customers));
        assert!(after.score > before.score);
        // The next step looks where to go when it fires: to the new mailbox.
        let mut key = None;
        town.door.store.destinations(Channel::Mail, Some(&[who]), &mut |_, k| key = Some(k)).unwrap();
        assert_eq!(key, Some(MatchKey::email("mitsuha.new@example.jp").0));

        for again in [
            town.get(&path),
            town.post(&path, &[("answer", "0214")]),
            town.post(&path, &[("pass", &pass), ("mail", "evil@example.jp")]),
        ] {
            assert!(again.text.contains("一度だけ"), "used up: {}", again.text);
            nothing_shown(&again);
        }
        assert_eq!(town.mailbox(0).as_deref(), Some("mitsuha.new@example.jp"));
    }
}

#[test]
fn expired_tampered_and_borrowed_tokens_show_nothing_and_write_nothing() {
    let town = Town::open();
    let before = [0, 1, 2].map(|at| town.known(at));
    let (first, second) = (town.link(0), town.link(1));
    let today = NOW / 86_400;
    let keys = &town.door.keys;
    let of = |token: Token| format!("/r/{}", keys.sign(token));
    let touch = town.touches[0];
    let old = of(Token::Refresh { touch, until: u32::try_from(today - 1).unwrap() });
    let mut tampered = first.clone();
    tampered.pop();
    tampered.push(if first.ends_with('a') { 'b' } else { 'a' });
    let pass_of_second = town.pass(&second, "1224");
    let stale = keys.sign(Token::Pass { touch, until: u32::try_from(NOW / 3_600 - 1).unwrap() });
    for (path, code) in [
        (old.as_str(), StatusCode::GONE),
        (tampered.as_str(), StatusCode::NOT_FOUND),
        (&of(Token::Preferences { touch }), StatusCode::NOT_FOUND),
        (&of(Token::Pass { touch, until: u32::MAX }), StatusCode::NOT_FOUND),
        (&of(Token::Refresh { touch: 99_999, until: u32::MAX }), StatusCode::NOT_FOUND),
        ("/r/nonsense", StatusCode::NOT_FOUND),
    ] {
        for answer in [
            town.get(path),
            town.post(path, &[("answer", "0214")]),
            town.post(path, &[("pass", &pass_of_second), ("mail", "evil@example.jp")]),
        ] {
            assert_eq!(answer.status, code, "{path}");
            nothing_shown(&answer);
        }
    }
    for pass in [pass_of_second.as_str(), &stale, "nonsense", first.trim_start_matches("/r/")] {
        let answer = town.post(&first, &[("pass", pass), ("mail", "evil@example.jp")]);
        assert_eq!(answer.status, StatusCode::GONE, "{pass}");
        nothing_shown(&answer);
    }
    assert_eq!([0, 1, 2].map(|at| town.known(at)), before);
}

#[test]
fn a_page_closes_after_wrong_answers_and_slows_who_hurries() {
    let town = Town::open();
    let path = town.link(0);
    for left in (1..REFRESH_TRIES).rev() {
        let wrong = town.post(&path, &[("answer", "1231")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains(&format!("あと{left}回")), "{}", wrong.text);
        nothing_shown(&wrong);
    }
    for answer in ["1231", "0214", "0214"] {
        let closed = town.post(&path, &[("answer", answer)]);
        assert_eq!(closed.status, StatusCode::FORBIDDEN, "{answer}");
    }
    assert_eq!(town.get(&path).status, StatusCode::FORBIDDEN);

    let slow = |change: fn(&mut web::DoorConfig)| Town::of(Front::with(change));
    let town = slow(|config| config.refresh_of_touch = Rate { burst: 2, per_second: 0.001 });
    let codes = [0, 0, 0, 1].map(|at| town.get(&town.link(at)).status.as_u16());
    assert_eq!(codes, [200, 200, 429, 200], "by token");
    let town = slow(|config| config.refresh_of_network = Rate { burst: 2, per_second: 0.001 });
    let codes = [0, 1, 2].map(|at| town.post(&town.link(at), &[("answer", "1")]).status.as_u16());
    assert_eq!(codes[2], 429, "by network: {codes:?}");
}

#[test]
fn whoever_holds_the_number_now_sees_nothing_of_whose_it_was() {
    let town = Town::open();
    let path = town.link(2);
    let asked = town.get(&path);
    assert!(asked.text.contains("電話番号の下4桁") && asked.text.contains("090-****-****"), "{}", asked.text);
    let form = town.post(&path, &[("answer", "9999")]);
    assert_eq!(form.status, StatusCode::OK);
    assert!(!form.text.contains("五月") && !form.text.contains("09000009999"), "{}", form.text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    /// Before the question is answered nothing of anybody is shown, and whatever is sent with one
    /// customer's token changes nobody else.
    #[test]
    fn a_token_of_one_customer_never_shows_or_changes_another(
        sent in prop::collection::vec((0..3usize, "[0-9]{0,5}", prop::sample::select(vec!["shiro@example.jp", "x@example.jp", ""])), 1..6)
    ) {
        let town = Town::open();
        let other = town.known(1);
        let path = town.link(0);
        let pass = town.pass(&path, "0214");
        for (kind, answer, mail) in sent {
            let answer = match kind {
                0 => town.get(&path),
                1 => town.post(&path, &[("answer", &answer)]),
                _ => town.post(&path, &[("pass", &pass), ("mail", mail), ("phone", "09000005678"), ("agree", "mail")]),
            };
            for fact in ["09000005678", "四郎", "5300001", "梅田"] {
                prop_assert!(!answer.text.contains(fact) || (kind > 1 && fact == "09000005678"), "{} {}", fact, answer.text);
            }
            prop_assert_eq!(town.known(1), other.clone());
        }
    }
}

#[test]
fn a_customer_corrects_their_address_on_a_phone() -> anyhow::Result<()> {
    let town = Town::open();
    let folder = tempfile::tempdir()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let door = &town.door;
    let listener = door.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let host = format!("http://{}", listener.local_addr()?);
    let config = door.config();
    let serving = door
        .runtime
        .spawn(web::serve_door(door.app.clone(), listener, config, async { drop(stopped.await) }));
    let browser = Browser::start()?;
    let well = |name: &str| -> anyhow::Result<()> {
        assert_eq!(browser.serious_findings()?, Vec::<String>::new(), "{name}");
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(browser.script(wide, &[])?, true, "{name}: nothing sticks out");
        browser.screenshot(&folder.path().join(format!("refresh-{name}.png")))
    };
    browser.screen(Screen::Phone)?;
    browser.open(&format!("{host}{}?lang=ja", town.link(0)))?;
    browser.wait_for_text("お誕生日")?;
    well("ask")?;
    browser.fill("#answer", "1231")?;
    browser.click("main form button")?;
    browser.wait_for_text("ご登録内容と合いませんでした")?;
    well("missed")?;
    browser.fill("#answer", "0214")?;
    browser.click("main form button")?;
    browser.wait_for_text("この内容でお知らせする")?;
    well("form")?;
    browser.dark(true)?;
    well("form-dark")?;
    browser.dark(false)?;
    browser.fill("#mail", "mitsuha.new@example.jp")?;
    browser.click("#a-mail")?;
    browser.click("main form button")?;
    browser.wait_for_text("ご確認ありがとうございました")?;
    well("done")?;
    assert_eq!(town.mailbox(0).as_deref(), Some("mitsuha.new@example.jp"));
    browser.open("about:blank")?;
    stop.send(()).ok();
    door.runtime.block_on(serving)??;
    Ok(())
}
