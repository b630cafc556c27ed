//! How often, in which season and with which code: what customers choose at the door, and operators see.

use crate::door::Front;
use crate::{Answer, NOW, Shop, check_page};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use model::{Attendance, Cadence, Channel, MatchKey};
use response::Token;
use store::NewTouch;

fn get(front: &Front, path: &str) -> Answer {
    front.ask(Request::get(path).body(Body::empty()).unwrap())
}

fn post(front: &Front, path: &str, body: &str) -> Answer {
    front.ask(Request::post(path).body(Body::from(body.to_owned())).unwrap())
}

fn wish(front: &Front, customer: i64) -> Cadence {
    front.app.person(customer).unwrap().unwrap().newsletter.unwrap().wish
}

/// M092: the cadence is chosen on the page of preferences; looking changes nothing, a button does, and
/// mail goes on or stops by that alone.
#[test]
fn m092_a_customer_chooses_the_cadence_at_the_door() {
    for front in Front::on_both() {
        let path = format!("/p/{}", front.keys.sign(Token::Preferences { touch: 1 }));
        assert!(
            !get(&front, &path).text.contains("お便りの頻度"),
            "a shop without a newsletter says nothing of one"
        );
        front.app.set_cadence(1, Cadence::Weekly, "佐藤").unwrap();
        let page = get(&front, &path).text;
        assert!(page.contains("お便りの頻度") && page.contains("value=\"monthly\""), "{page}");
        assert!(!page.contains("value=\"weekly\""), "what is chosen is not offered again");
        for (body, status, then) in [
            ("newsletter=monthly", StatusCode::SEE_OTHER, Cadence::Monthly),
            ("newsletter=resting", StatusCode::BAD_REQUEST, Cadence::Monthly),
            ("newsletter=daily", StatusCode::BAD_REQUEST, Cadence::Monthly),
            ("newsletter=stopped", StatusCode::SEE_OTHER, Cadence::Stopped),
            ("newsletter=weekly", StatusCode::SEE_OTHER, Cadence::Weekly),
        ] {
            assert_eq!(post(&front, &path, body).status, status, "{body}");
            assert_eq!(wish(&front, 1), then, "{body}");
        }
        assert!(front.stops(1).is_empty(), "the newsletter is no channel");
        let changes = front.app.person(1).unwrap().unwrap().newsletter.unwrap().changes;
        assert!(changes[0].ja.contains("ご本人") && changes[0].by == "customer", "{changes:?}");
        assert_eq!(wish(&front, 1), Cadence::Weekly);
        assert_eq!(post(&front, "/p/nonsense", "newsletter=stopped").status, StatusCode::NOT_FOUND);
    }
}

/// M099: whoever is invited answers by the link in the letter, and may change it until the day.
#[test]
fn m099_an_invitation_is_answered_by_its_link() {
    for front in Front::on_both() {
        let document = "name = \"展示会\"\nowner = \"佐藤\"\n[occasion]\nname = \"春の<b>展示会\"\nday = \"2027-03-01\"\nplace = \"本店\"\n\
             [[steps]]\nname = \"1\"\n[steps.words]\nsubject = \"ご招待\"\nbody = \"x\"\n";
        let campaign = app::campaign_from_toml(document, "test").unwrap();
        let id = front.app.add_campaign(&campaign, "佐藤").unwrap();
        let touch = NewTouch {
            campaign: id,
            step: 0,
            customer: 1,
            channel: Channel::Mail,
            destination: Some(MatchKey::email("hanako@example.jp").0),
            variant: 0,
            value: 0,
            due: NOW,
            rule: String::new(),
        };
        front.store.make_touches(&[touch], NOW).unwrap();
        let touches = front.store.touches_of(1, 9).unwrap();
        let touch = touches.iter().find(|t| t.touch.campaign == id).unwrap().touch.id;
        let path = format!("/i/{}", front.keys.sign(Token::Invitation { touch }));
        let page = get(&front, &path).text;
        assert!(page.contains("2027年3月1日(月)") && page.contains("本店"), "{page}");
        assert!(
            !page.contains("<b>展示会") && !page.contains("花子"),
            "escaped, and nobody is named: {page}"
        );
        assert!(front.app.attendances(id).unwrap().is_empty(), "reading says nothing");
        let answers = || -> Vec<(Attendance, u32)> {
            front.app.attendances(id).unwrap().iter().map(|r| (r.answer, r.people)).collect()
        };
        for (body, status, then) in [
            ("answer=coming&people=2", StatusCode::SEE_OTHER, vec![(Attendance::Coming, 2)]),
            ("answer=perhaps", StatusCode::BAD_REQUEST, vec![(Attendance::Coming, 2)]),
            ("answer=coming&people=9999", StatusCode::SEE_OTHER, vec![(Attendance::Coming, 20)]),
            ("answer=not_coming", StatusCode::SEE_OTHER, vec![(Attendance::NotComing, 1)]),
        ] {
            assert_eq!(post(&front, &path, body).status, status, "{body}");
            assert_eq!(answers(), then, "{body}");
        }
        assert!(get(&front, &path).text.contains("欠席"), "the page says what was answered");
        let replies = || {
            let mut all = 0;
            front.store.each_response(id, &mut |_| all += 1).unwrap();
            all
        };
        let before = replies();
        for _ in 0..5 {
            post(&front, &path, "answer=not_coming");
        }
        assert_eq!(replies(), before, "pressed again it says nothing new");
        let pressed = (0..40).map(|_| post(&front, &path, "answer=coming").status);
        assert!(pressed.filter(|s| *s == StatusCode::TOO_MANY_REQUESTS).count() >= 10, "slowed");
        front.clock.fetch_add(600_000, std::sync::atomic::Ordering::SeqCst);
        post(&front, &path, "answer=not_coming");
        // A token of another purpose, or of another campaign's letter, opens nothing.
        for token in
            [Token::Preferences { touch }, Token::Invitation { touch: 1 }, Token::Invitation { touch: 999 }]
        {
            let other = format!("/i/{}", front.keys.sign(token));
            assert_eq!(get(&front, &other).status, StatusCode::NOT_FOUND, "{token:?}");
            assert_ne!(post(&front, &other, "answer=coming").status, StatusCode::OK, "{token:?}");
        }
        assert_eq!(answers(), [(Attendance::NotComing, 1)]);

        // What the operator types: an answer by telephone, and who was there.
        let shop = Shop::of(front.app.clone());
        let pages = format!("/campaigns/{id}/answers");
        assert!(shop.get(&pages).text.contains("欠席"));
        let typed = shop.post(&pages, "customer=2&answer=came&people=3&note=&by=%E4%BD%90%E8%97%A4");
        assert_eq!(typed.status, StatusCode::SEE_OTHER, "{}", typed.text);
        assert_eq!(answers().len(), 2);
        check_page(&pages, &shop.get(&pages));
    }
}

/// M164, M077: the codes page and a person's page show what is held, of which day.
#[test]
fn m164_codes_and_balances_are_seen_where_one_looks() {
    let front = Front::open();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("points.csv");
    std::fs::write(&file, "customer,balance,expires,as_of\n7,1500,2026-12-31,2026-11-20\n").unwrap();
    front
        .app
        .import(&app::ImportRequest { paths: vec![file], ..app::ImportRequest::default() }, &|_| ())
        .unwrap();
    let document = "name = \"コード\"\nowner = \"佐藤\"\n[offer]\nkind = \"yen\"\namount = 500\ncodes = \"listed\"\n\
         [[steps]]\nname = \"電話\"\ncode = \"DENWA\"\n[steps.words]\nsubject = \"x\"\nbody = \"x\"\n";
    let campaign = app::campaign_from_toml(document, "test").unwrap();
    let id = front.app.add_campaign(&campaign, "佐藤").unwrap();
    let shop = Shop::of(front.app.clone());
    let person = shop.get("/customers/1").text;
    assert!(person.contains("1,500") || person.contains("1500"), "{person}");
    assert!(person.contains("2026/11/20時点"), "the day of the balance: {person}");
    let path = format!("/campaigns/{id}/codes");
    check_page(&path, &shop.get(&path));
    let added = shop.post(&path, "codes=A-1%0D%0AA-2%0D%0AA-1");
    assert_eq!(added.headers[header::LOCATION], format!("{path}?new=2&known=0").as_str());
    assert_eq!(shop.post(&format!("{path}/made"), "count=3").status, StatusCode::SEE_OTHER);
    assert!(shop.post(&path, "codes=").status.is_client_error());
    assert!(shop.post(&format!("{path}/made"), "count=99999999").status.is_client_error());
    let list = shop.get(&format!("{path}.csv"));
    let codes: Vec<&str> = list.text.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!((codes.len(), codes.contains(&"A-1"), codes.contains(&"DENWA")), (6, true, true), "{codes:?}");
    let page = shop.get(&path).text;
    assert!(page.contains("DENWA") && page.contains("電話") && page.contains("残り"), "{page}");
}

/// M099, M092: an operator notes mourning and a cadence on the person's page, and takes the first back.
#[test]
fn m099_mourning_and_cadence_on_the_persons_page() {
    let front = Front::open();
    let shop = Shop::of(front.app.clone());
    let by = "by=%E4%BD%90%E8%97%A4";
    assert_eq!(
        shop.post("/customers/1/mourning", &format!("since=2026-11-01&note=&{by}")).status,
        StatusCode::SEE_OTHER
    );
    let ahead = shop.post("/customers/1/mourning", &format!("since=2099-01-01&{by}"));
    assert!(!ahead.status.is_redirection(), "nobody mourns from a day to come");
    let page = shop.get("/customers/1");
    check_page("/customers/1", &page);
    assert!(page.text.contains("年賀状を控えます") && page.text.contains("2027/01/07"), "{}", page.text);
    assert_eq!(front.store.mourners("2026-12-20".parse().unwrap()).unwrap(), [1]);
    let mourning = front.app.person(1).unwrap().unwrap().mournings[0].id;
    shop.post(&format!("/customers/1/mourning/{mourning}/lift"), by);
    assert!(front.store.mourners("2026-12-20".parse().unwrap()).unwrap().is_empty());
    front.app.set_cadence(1, Cadence::Weekly, "佐藤").unwrap();
    shop.post("/customers/1/newsletter", &format!("wish=monthly&{by}"));
    assert_eq!(wish(&front, 1), Cadence::Monthly);
    assert!(shop.get("/customers/1").text.contains("月に1回"));
}

/// What a form shows of a campaign it reads back: nothing of these is lost on the way through a browser.
#[test]
fn a_campaign_of_every_new_kind_survives_its_form() {
    let front = Front::open();
    let shop = Shop::of(front.app.clone());
    for id in ["newsletter", "nengajo", "exhibition", "season_gift", "kanchu_mourning"] {
        let mut campaign = app::scenario(id).unwrap();
        campaign.name = id.to_owned();
        campaign.owner = "佐藤".to_owned();
        campaign.steps[0].code = "DM-1".to_owned();
        campaign.steps[0].after = Some("3 business days".parse().unwrap());
        let number = front.app.add_campaign(&campaign, "佐藤").unwrap();
        let page = shop.get(&format!("/campaigns/{number}"));
        check_page(id, &page);
        let body = fields(&page.text) + "&do=save";
        let saved = shop.post(&format!("/campaigns/{number}"), &body);
        assert!(saved.status.is_redirection() || saved.status.is_success(), "{id}: {}", saved.text);
        assert_eq!(front.app.campaign(number).unwrap().stored.campaign, campaign, "{id}");
    }
}

/// The new pages in a browser: both widths, both schemes, nothing serious for axe, nothing sticks out.
#[test]
fn the_pages_of_codes_answers_and_cadence_as_a_browser_shows_them() -> anyhow::Result<()> {
    let front = Front::open();
    front.app.set_cadence(1, Cadence::Weekly, "佐藤")?;
    front.app.mourn(1, None, "お電話で", "佐藤")?;
    let document = "name = \"展示会\"\nowner = \"佐藤\"\n[occasion]\nname = \"春の展示会\"\nday = \"2027-03-01\"\nplace = \"本店\"\n\
         [offer]\nkind = \"yen\"\namount = 500\ncodes = \"listed\"\n[[steps]]\nname = \"1\"\ncode = \"DENWA\"\n[steps.words]\nsubject = \"x\"\nbody = \"x\"\n";
    let id = front.app.add_campaign(&app::campaign_from_toml(document, "test")?, "佐藤")?;
    front.app.import_codes(id, "A-1\nA-2\n")?;
    front.app.attend(id, 2, (Attendance::Came, 2), "", "佐藤")?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let door = front.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let desk = front.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let (outside, inside) =
        (format!("http://{}", door.local_addr()?), format!("http://{}", desk.local_addr()?));
    let config = front.config();
    let app = front.app.clone();
    let serving =
        front.runtime.spawn(web::serve_door(app.clone(), door, config, async { drop(stopped.await) }));
    let pages = front.runtime.spawn(async move { axum::serve(desk, web::router(app)).await });
    let touch = front.store.touches_of(1, 9)?[0].touch.id;
    let choose = front.keys.sign(Token::Preferences { touch });
    let browser = testkit::browser::Browser::start()?;
    for (address, name) in [
        (format!("{outside}/p/{choose}"), "choices"),
        (format!("{inside}/campaigns/{id}/codes"), "codes"),
        (format!("{inside}/campaigns/{id}/answers"), "answers"),
        (format!("{inside}/campaigns/{id}"), "editor"),
        (format!("{inside}/customers/1"), "person"),
        (format!("{inside}/campaigns"), "campaigns"),
    ] {
        for (screen, dark) in [
            (testkit::browser::Screen::Phone, false),
            (testkit::browser::Screen::Phone, true),
            (testkit::browser::Screen::Desktop, false),
        ] {
            browser.screen(screen)?;
            browser.dark(dark)?;
            browser.open(&address)?;
            assert_eq!(browser.serious_findings()?, Vec::<String>::new(), "{name} {screen:?}");
            let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
            assert_eq!(browser.script(wide, &[])?, true, "{name} {screen:?}: nothing sticks out");
        }
    }
    browser.open("about:blank")?;
    stop.send(()).ok();
    pages.abort();
    front.runtime.block_on(serving)??;
    Ok(())
}

/// The fields of the page's longest form as a browser would send them.
fn fields(html: &str) -> String {
    let form = html.split("<form").max_by_key(|part| part.len()).unwrap();
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(plain(rest.split('"').next().unwrap()))
    };
    let mut pairs: Vec<(String, String)> = vec![];
    for (at, tag) in form.match_indices('<').map(|(at, _)| (at, form[at..].split('>').next().unwrap())) {
        let Some(name) = attribute(tag, "name") else { continue };
        let inner = || form[at + tag.len() + 1..].to_owned();
        if tag.starts_with("<textarea") {
            let text = inner().split("</textarea>").next().unwrap().to_owned();
            pairs.push((name, plain(text.strip_prefix('\n').unwrap_or(&text))));
        } else if tag.starts_with("<select") {
            let inside = inner();
            let options = inside.split("</select>").next().unwrap().to_owned();
            let chosen =
                options.split("<option").find(|o| o.split('>').next().unwrap().contains(" selected"));
            let first = options.split("<option").nth(1).unwrap_or("").to_owned();
            let option = chosen.map_or(first, str::to_owned);
            pairs.push((name, attribute(&option, "value").unwrap_or_default()));
        } else if tag.starts_with("<input") {
            let ticked = !tag.contains("type=\"checkbox\"") || tag.contains(" checked");
            if ticked {
                let on = if tag.contains("type=\"checkbox\"") { "on" } else { "" };
                pairs.push((name, attribute(tag, "value").unwrap_or_else(|| on.to_owned())));
            }
        }
    }
    let coded = |text: &str| {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", coded(name), coded(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn plain(text: &str) -> String {
    [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
