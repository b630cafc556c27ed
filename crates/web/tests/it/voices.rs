//! What customers write: the form at the door, and the pages on which operators answer.

use crate::door::Front;
use crate::{Answer, HOSTILE, Shop};
use app::InquiryFilter;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::{InquiryWay, NoteKind};
use response::Token;
use testkit::browser::{Browser, Screen};
use tokio::net::TcpListener;
use web::Rate;

fn get(front: &Front, path: &str) -> Answer {
    front.ask(Request::get(path).body(Body::empty()).unwrap())
}

fn send(front: &Front, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    front.ask(request.body(Body::from(body.join("&"))).unwrap())
}

fn coded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn waiting(front: &Front) -> Vec<app::InquiryView> {
    front.app.inbox(InquiryFilter::Waiting, 0, 50).unwrap().1
}

/// M045, M119: the form takes a question once, by a link of the customer's own or open to everybody; opening it
/// changes nothing, a program that fills in what nobody sees is thanked and forgotten, and the answer does not
/// tell whether an address is known.
#[test]
fn m045_m119_the_form_takes_questions_once_and_tells_nothing() {
    for front in Front::on_both() {
        let own = format!("/form/{}", front.keys.sign(Token::Inquiry { touch: 1 }));
        let page = get(&front, &own);
        assert_eq!(page.status, StatusCode::OK);
        for told in ["架空", "hanako", "name=\"mail\""] {
            assert!(!page.text.contains(told), "{told} in {}", page.text);
        }
        assert!(!page.text.contains("<script>alert(1)"), "the shop's name is escaped");
        get(&front, "/form");
        assert_eq!(waiting(&front).len(), 0, "opening it changes nothing");

        let asked = [("words", "新茶はいつ届きますか")];
        let taken = send(&front, &own, &asked);
        assert!(taken.status == StatusCode::OK && taken.text.contains("承りました"), "{}", taken.text);
        send(&front, &own, &asked);
        let all = waiting(&front);
        assert_eq!(all.len(), 1, "pressed twice it is one");
        assert_eq!((all[0].inquiry.customer, all[0].inquiry.way), (Some(1), InquiryWay::Form));
        assert_eq!(all[0].inquiry.touch, Some(1));

        let known = [("words", "返品できますか"), ("mail", "jiro@example.jp"), ("name", "架空 次郎")];
        let unknown = [("words", "返品できますか"), ("mail", "nobody@example.com"), ("name", HOSTILE)];
        let (known, unknown) = (send(&front, "/form", &known), send(&front, "/form", &unknown));
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text), "the same for both");
        let all = waiting(&front);
        assert_eq!(all.iter().map(|x| x.inquiry.customer).collect::<Vec<_>>(), [Some(1), Some(2), None]);
        assert!(all[2].inquiry.contact.contains("nobody@example.com"));
        // Whose it is, an operator says; from then on it is on their timeline.
        let stranger = all[2].inquiry.id;
        assert!(front.app.whose_inquiry(stranger, 99, "佐藤").is_err());
        front.app.whose_inquiry(stranger, 2, "佐藤").unwrap();
        let told = front.app.person(2).unwrap().unwrap().timeline;
        assert_eq!(told.iter().filter(|x| x.kind == "inquiry").count(), 2);

        // Words under an address that anybody can type are no complaint until somebody says so.
        let typed =
            [("words", "壊れていました。返金してください"), ("mail", "jiro@example.jp"), ("name", "誰か")];
        send(&front, "/form", &typed);
        let theirs = waiting(&front).into_iter().find(|x| x.inquiry.customer == Some(2)).unwrap().inquiry;
        assert_eq!(theirs.severity, model::Severity::None);
        assert!(
            theirs.contact.contains("jiro@example.jp") && theirs.contact.contains("未確認"),
            "{}",
            theirs.contact
        );
        let person = front.app.person(2).unwrap().unwrap();
        assert!(person.channels.iter().all(|c| c.rule != "open_complaint"));

        let filled = [("words", "cheap watches"), ("mail", "spam@example.com"), ("website", "x")];
        let thanked = send(&front, "/form", &filled);
        assert!(thanked.text.contains("承りました"));
        let no_way_back = send(&front, "/form", &[("words", "もしもし")]);
        assert_eq!(no_way_back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            no_way_back.text.contains("お返事先") && no_way_back.text.contains("もしもし"),
            "kept as typed"
        );
        assert_eq!(send(&front, "/form", &[("words", "  ")]).status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "あ".repeat(4_001);
        assert_eq!(send(&front, &own, &[("words", &long)]).status, StatusCode::UNPROCESSABLE_ENTITY);
        let huge = "a".repeat(50_000);
        assert_eq!(send(&front, &own, &[("words", &huge)]).status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(waiting(&front).len(), 3, "none of these");

        let other = front.keys.sign(Token::Preferences { touch: 1 });
        for path in [format!("/form/{other}"), "/form/nonsense".to_owned(), format!("{own}a")] {
            assert_eq!(get(&front, &path).status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(send(&front, &path, &asked).status, StatusCode::NOT_FOUND, "{path}");
        }
        let mut settings = front.app.settings().unwrap();
        settings.inbox.open_form = false;
        front.app.set_settings(&settings).unwrap();
        assert_eq!(get(&front, "/form").status, StatusCode::NOT_FOUND, "closed by the shop");
        assert_eq!(get(&front, &own).status, StatusCode::OK, "a letter's link works all the same");
    }
}

#[test]
fn m045_a_network_that_sends_too_much_is_slowed() {
    let front = Front::with(|config| config.form_of_network = Rate { burst: 3, per_second: 0.01 });
    let send_one =
        |n: u8| send(&front, "/form", &[("words", &format!("質問{n}")), ("mail", "x@example.com")]).status;
    assert_eq!((0..3).map(send_one).collect::<Vec<_>>(), [StatusCode::OK; 3]);
    assert_eq!(send_one(4), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(get(&front, "/form").status, StatusCode::OK, "reading it is no sending");
}

/// M045, M046: the pages say what waits, take an answer by a name, and say of whom nothing goes out meanwhile.
#[test]
fn m045_m046_operators_answer_and_settle_on_the_page() {
    let shop = Shop::filled();
    let who = shop.hostile_person();
    assert!(!shop.get("/").text.contains("お答えを待っているお問い合わせ"), "nothing waits");
    let id = shop.app.note_inquiry(who, HOSTILE, model::Severity::Serious, "佐藤").unwrap();
    let today = shop.get("/").text;
    assert!(
        today.contains("お答えを待っているお問い合わせ") && today.contains("/voices?show=complaints"),
        "{today}"
    );
    for path in
        ["/voices", "/voices?show=complaints", "/voices?show=all&page=0", &format!("/voices/inquiries/{id}")]
    {
        let page = shop.get(path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            page.text.contains("クレーム") && !page.text.contains("<script>alert"),
            "{path}: {}",
            page.text
        );
    }
    let person = format!("/customers/{who}");
    assert!(shop.get(&person).text.contains("open_complaint"), "the rule and its way out");
    let act = format!("/voices/inquiries/{id}");
    assert_eq!(shop.post(&act, "act=answer&said=x").status, StatusCode::BAD_REQUEST, "by nobody");
    assert_eq!(shop.post(&act, "act=dance&by=A").status, StatusCode::BAD_REQUEST);
    assert!(shop.post(&act, "act=answer&said=x&by=A").status.is_redirection());
    assert!(
        shop.post(&act, "act=grade&severity=grave&owner=B&due=2026-11-23T10:00&by=A").status.is_redirection()
    );
    let page = shop.get(&act).text;
    assert!(page.contains("至急") && page.contains("value=\"B\""), "{page}");
    assert!(shop.post(&act, "act=close&said=done&by=A").status.is_redirection());
    assert!(!shop.get(&person).text.contains("open_complaint"));
    assert!(shop.get("/voices").text.contains("お答えを待っている方はいません"));
    assert_eq!(shop.get("/voices/inquiries/999").status, StatusCode::NOT_FOUND);
}

/// M027: kinds are links, pages follow one another, and nothing is lost between them.
#[test]
fn m027_the_timeline_is_filtered_and_paged_by_links() {
    let shop = Shop::filled();
    let who = shop.hostile_person();
    for n in 0..95 {
        let day = shop.app.today().unwrap().plus(-n);
        let said = format!("メモ{n:03}番");
        shop.app.add_note(who, NoteKind::Other, day, &said, "", "佐藤").unwrap();
    }
    let mut seen = std::collections::BTreeSet::new();
    for page in 0..3 {
        let text = shop.get(&format!("/customers/{who}?show=note&page={page}")).text;
        let found: Vec<String> =
            (0..95).map(|n| format!("メモ{n:03}番")).filter(|said| text.contains(said)).collect();
        assert_eq!(found.len(), if page < 2 { 40 } else { 15 });
        seen.extend(found);
        assert_eq!(text.contains("古い方へ"), page < 2);
        assert!(!text.contains("<li class=\"order\">"), "notes alone");
    }
    assert_eq!(seen.len(), 95);
    let orders = |page: usize| {
        shop.get(&format!("/customers/{who}?page={page}")).text.matches("<li class=\"order\">").count()
    };
    let known = shop.app.person(who).unwrap().unwrap().orders.len();
    assert_eq!((0..4).map(orders).sum::<usize>(), known, "each once, on one page or another");
    let form = "kind=visit&day=2026-11-20&said=%E6%9D%A5%E5%BA%97&by=A";
    assert!(shop.post(&format!("/customers/{who}/notes"), form).status.is_redirection());
    assert!(shop.get(&format!("/customers/{who}?show=note")).text.contains("来店"));
    let ahead = form.replace("2026-11-20", "2027-01-01");
    assert_eq!(shop.post(&format!("/customers/{who}/notes"), &ahead).status, StatusCode::BAD_REQUEST);
}

/// The pages in a browser, at both widths and in the dark: nothing serious for axe, nothing sticks out.
#[test]
fn voices_in_a_browser() -> anyhow::Result<()> {
    let shop = Shop::filled();
    let who = shop.hostile_person();
    let id = shop.app.note_inquiry(who, "届いた茶碗が欠けていました。", model::Severity::Minor, "佐藤")?;
    shop.app.add_note(who, NoteKind::SnsMention, shop.app.today()?, "良い香り", "", "佐藤")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let at = listener.local_addr()?;
    let router = shop.router.clone();
    runtime.spawn(async move { axum::serve(listener, router).await });
    let browser = Browser::start()?;
    let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    for (screen, dark) in [(Screen::Desktop, false), (Screen::Phone, false), (Screen::Phone, true)] {
        browser.screen(screen)?;
        browser.dark(dark)?;
        let one = format!("/voices/inquiries/{id}");
        let person = format!("/customers/{who}?show=complaint");
        for path in ["/voices", &one, "/voices/library", &person] {
            browser.open(&format!("http://{at}{path}"))?;
            assert_eq!(browser.serious_findings()?, Vec::<String>::new(), "{path}");
            assert_eq!(browser.script(wide, &[])?, true, "{path}: nothing sticks out");
        }
    }
    Ok(())
}
