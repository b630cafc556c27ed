//! Surveys from the link to the profile (M041, M042), and the pages of reasons, surveys and improvements.

use crate::door::Front;
use crate::{Answer, HOSTILE, NOW, Shop};
use app::SURVEY_DAYS;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::Channel;
use response::Token;
use testkit::browser::{Browser, Screen};
use tokio::net::TcpListener;
use web::Rate;

/// Customer 1 by touch 1, customer 2 by touch 2.
struct Town {
    door: Front,
}

impl Town {
    fn link(&self, touch: i64) -> String {
        let link = self.door.app.survey_link(touch).unwrap().unwrap();
        link.strip_prefix("https://go.example.jp").unwrap().to_owned()
    }

    fn get(&self, path: &str) -> Answer {
        self.door.ask(Request::get(path).body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let coded = |text: &str| -> String {
            let one =
                |b: u8| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") };
            text.bytes().map(one).collect()
        };
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.door.ask(request.body(Body::from(body.join("&"))).unwrap())
    }

    fn reason(&self, customer: i64) -> Option<String> {
        let reasons = self.door.app.reasons_of(customer).unwrap();
        reasons.current.map(|c| c.statement.reason)
    }

    fn found(&self, condition: &str) -> Vec<i64> {
        let query = app::ListQuery { condition: condition.to_owned(), per_page: 10, ..Default::default() };
        self.door.app.list(&query).unwrap().rows.iter().map(|r| r.customer).collect()
    }
}

/// M041, M042: looking changes nothing; an answer stands on the profile at once, sets the reason and the gap
/// that segments ask for, and works once.
#[test]
fn an_answer_lands_on_the_profile_at_once() {
    for door in Front::on_both() {
        let town = Town { door };
        let path = town.link(1);
        for _ in 0..3 {
            let asked = town.get(&path);
            assert_eq!(asked.status, StatusCode::OK);
            for word in [
                "ご利用についてのアンケート",
                "サイトが使いにくい",
                "問い合わせ先が見つからない",
                "<form method=\"post\"",
            ] {
                assert!(asked.text.contains(word), "{word} in {}", asked.text);
            }
            assert!(!asked.text.contains("hanako") && !asked.text.contains("<script"), "{}", asked.text);
        }
        assert_eq!(
            (town.reason(1), town.found("expectation_gap is not null")),
            (None, vec![]),
            "looking is not answering"
        );
        let lacking = town.post(&path, &[("expected", "5"), ("comment", HOSTILE)]);
        assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            lacking.text.contains("一つお選びください") && !lacking.text.contains("<script>alert"),
            "{}",
            lacking.text
        );
        for wrong in [("reason", "nonsense"), ("expected", "9"), ("contact", "maybe")] {
            let mut fields = vec![("reason", "price")];
            fields.retain(|(name, _)| *name != wrong.0);
            fields.push(wrong);
            assert_eq!(town.post(&path, &fields).status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        }
        assert_eq!(town.reason(1), None);
        let done = town.post(
            &path,
            &[
                ("reason", "support_slow"),
                ("expected", "5"),
                ("evaluated", "2"),
                ("stock", "month"),
                ("contact", "yes"),
                ("comment", "次はもう少し早いとうれしいです"),
            ],
        );
        assert_eq!(done.status, StatusCode::OK);
        assert!(done.text.contains("ご回答ありがとうございました"), "{}", done.text);
        assert_eq!(town.reason(1).as_deref(), Some("support_slow"));
        assert_eq!(town.found("expectation_gap = 3 and left_for = 'support_slow'"), [1]);
        // The link is used up, and nobody else was touched by it.
        let again = town.post(&path, &[("reason", "price")]);
        assert!(again.text.contains("ご回答ありがとうございました"));
        assert!(town.get(&path).text.contains("ご回答ありがとうございました"));
        assert_eq!((town.reason(1).as_deref(), town.reason(2)), (Some("support_slow"), None));
        let result =
            town.door.app.survey_result(town.door.app.find_survey("休眠理由アンケート").unwrap(), 0).unwrap();
        assert_eq!((result.row.answers, result.may_contact, result.grave), (1, 1, 0));
        assert_eq!((result.scale.below, result.reasons[0].id.as_str()), (1, "support_slow"));
        assert_eq!(result.voices[0].comment, "次はもう少し早いとうれしいです");
    }
}

/// M042: words that read like a complaint wait for a person, and nothing goes out to them meanwhile.
#[test]
fn what_reads_like_a_complaint_waits_for_a_person() {
    let town = Town { door: Front::open() };
    let app = &town.door.app;
    town.post(
        &town.link(1),
        &[("reason", "disliked"), ("comment", "届いた商品が壊れていました。返金してください。")],
    );
    let result = app.survey_result(app.find_survey("休眠理由アンケート").unwrap(), 0).unwrap();
    assert!(result.grave == 1 && result.voices[0].grave);
    assert_eq!(app.inbox_count().unwrap().complaints, 1);
    let person = app.person(1).unwrap().unwrap();
    assert!(person.channels.iter().all(|c| !c.allowed), "{:?}", person.channels);
    assert!(
        person.channels.iter().any(|c| c.channel == Channel::Mail && c.rule.starts_with("open_")),
        "{:?}",
        person.channels
    );
    // Leaving named among other words is for an operator to decide, and nothing leaves meanwhile.
    town.post(
        &town.link(2),
        &[("reason", "too_many_messages"), ("comment", "メールの配信停止をお願いしたいです。")],
    );
    assert_eq!(app.inbox_count().unwrap().waiting, 2);
    assert_eq!(app.survey_result(app.find_survey("休眠理由アンケート").unwrap(), 0).unwrap().grave, 1);
}

/// M042: signed, for one purpose, for a while, slowed where somebody hurries; a survey of one's own replaces it,
/// and links that are out lead where they led.
#[test]
fn links_are_signed_end_and_keep_their_survey() {
    let town = Town { door: Front::open() };
    let old = town.link(1);
    let keys = &town.door.keys;
    for token in [Token::Preferences { touch: 1 }, Token::Inquiry { touch: 1 }] {
        assert_eq!(town.get(&format!("/s/{}", keys.sign(token))).status, StatusCode::NOT_FOUND, "{token:?}");
    }
    let day = NOW / 86_400;
    let until = |day: i64| u32::try_from(day).unwrap();
    let of = |survey, until| format!("/s/{}", keys.sign(Token::Survey { touch: 1, survey, until }));
    assert_eq!(town.get(&of(1, until(day - 1))).status, StatusCode::GONE);
    assert_eq!(town.post(&of(1, until(day - 1)), &[("reason", "price")]).status, StatusCode::GONE);
    assert_eq!(town.get(&of(9, until(day + 1))).status, StatusCode::NOT_FOUND, "no such survey");
    assert_eq!(old, of(1, until(day + SURVEY_DAYS)));
    assert_eq!(town.reason(1), None);

    let mut own = app::Survey::shipped().unwrap();
    (own.name, own.ja) = ("冬のアンケート".to_owned(), "冬のおたずね".to_owned());
    town.door.app.add_survey(&own, "山田").unwrap();
    assert!(town.door.app.add_survey(&own, "山田").is_err(), "answers rest on it");
    assert!(town.get(&town.link(2)).text.contains("冬のおたずね"));
    assert!(town.get(&old).text.contains("ご利用についてのアンケート"));

    let slow =
        Town { door: Front::with(|config| config.refresh_of_touch = Rate { burst: 2, per_second: 0.001 }) };
    let codes = [1, 1, 1, 2].map(|touch| slow.get(&slow.link(touch)).status.as_u16());
    assert_eq!(codes, [200, 200, 429, 200], "by token");
}

/// M042: on a phone, without script, in both languages, with nothing that axe finds serious.
#[test]
fn a_survey_is_answered_on_a_phone_without_script() -> anyhow::Result<()> {
    let town = Town { door: Front::open() };
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
    browser.screen(Screen::Phone)?;
    let well = |name: &str| -> anyhow::Result<()> {
        assert_eq!(browser.serious_findings()?, Vec::<String>::new(), "{name}");
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(browser.script(wide, &[])?, true, "{name}: nothing sticks out");
        browser.screenshot(&folder.path().join(format!("survey-{name}.png")))
    };
    for (lang, dark) in [("ja", false), ("en", true)] {
        browser.dark(dark)?;
        browser.open(&format!("{host}{}?lang={lang}", town.link(1)))?;
        well(lang)?;
    }
    browser.dark(false)?;
    browser.page_scripts(false)?;
    browser.open(&format!("{host}{}?lang=ja", town.link(1)))?;
    browser.click("main form button")?;
    browser.wait_for_text("お答えいただきたい質問があります")?;
    browser.click("#reason-price")?;
    browser.click("main form button")?;
    browser.wait_for_text("ご回答ありがとうございました")?;
    assert_eq!(town.reason(1).as_deref(), Some("price"));
    browser.open("about:blank")?;
    stop.send(()).ok();
    door.runtime.block_on(serving)??;
    Ok(())
}

/// M033..M044: the pages say what is known, each number leads to exactly those customers, and what is done on
/// them counts.
#[test]
fn the_pages_of_voices_say_and_do() {
    let shop = Shop::busy();
    let who = shop
        .app
        .list(&app::ListQuery { condition: "state = 'dormant'".into(), per_page: 5, ..Default::default() })
        .unwrap()
        .rows;
    let one = who[0].customer;
    for path in ["/voices/reasons", "/voices/surveys", "/voices/surveys/1", "/voices/improvements"] {
        for lang in ["ja", "en"] {
            let page = shop.get(&format!("{path}?lang={lang}"));
            assert_eq!(page.status, StatusCode::OK, "{path}");
        }
    }
    assert_eq!(shop.get("/voices/surveys/99").status, StatusCode::NOT_FOUND);
    let nameless = shop.post(&format!("/customers/{one}/reasons"), "reason=price&by=");
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    let done = shop
        .post(&format!("/customers/{one}/reasons"), "reason=price&words=%3Cscript%3E&by=%E5%B1%B1%E7%94%B0");
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let person = shop.get(&format!("/customers/{one}")).text;
    assert!(person.contains("休眠理由") && person.contains("価格が理由の方へ"), "{person}");
    assert!(!person.contains("<script>") || !person.contains("<bdi><script>"), "escaped");
    let page = shop.get("/voices/reasons").text;
    assert!(page.contains("/campaigns/new?scenario=reason_price") && page.contains("無言のままの方"));
    let link = page
        .split("href=\"")
        .find(|part| part.starts_with("/customers?where=") && part.contains("price"))
        .unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    assert!(shop.get(&link).text.contains(&format!("/customers/{one}\"")), "{link}");

    let list = "scenario-price=&offered-price=on&own-id=taste&own-ja=%E5%91%B3&own-en=taste&by=x";
    assert_eq!(shop.post("/voices/reasons/list", list).status, StatusCode::SEE_OTHER);
    assert!(shop.app.left_for().unwrap().iter().any(|r| r.id == "taste" && r.own));
    assert_eq!(
        shop.post("/voices/reasons/list", "own-id=Bad+id&own-ja=x&by=x").status,
        StatusCode::BAD_REQUEST
    );

    let bad = shop.post("/voices/surveys", "document=name+%3D+1&by=x");
    assert!(bad.status == StatusCode::BAD_REQUEST && bad.text.contains("role=\"alert\""));
    let add =
        "issue=%E9%80%81%E6%96%99&reason=price&message=%E5%A4%89%E3%81%88%E3%81%BE%E3%81%97%E3%81%9F&by=x";
    assert_eq!(shop.post("/voices/improvements", add).status, StatusCode::SEE_OTHER);
    assert_eq!(
        shop.post("/voices/improvements/1/campaign", "start=2026-12-01&by=x").status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(shop.post("/voices/improvements/1/fixed", "on=2026-11-22&by=x").status, StatusCode::SEE_OTHER);
    let draft = shop.post("/voices/improvements/1/campaign", "start=2026-12-01&by=x");
    assert!(draft.headers["location"].to_str().unwrap().starts_with("/campaigns/"), "{:?}", draft.headers);
    let edit = shop.get(draft.headers["location"].to_str().unwrap()).text;
    assert!(edit.contains("name=\"whom-left_for-price\" checked"), "the draft is for that reason alone");
}
