//! Campaigns as a browser meets them: pages, forms, the typed yes, and what comes of it.

use super::{Answer, HOSTILE, NOW, Shop, check_page};
use app::{App, Attestation, Clock, Config, ImportRequest, SCENARIOS, Secrets};
use axum::http::{StatusCode, header};
use model::{Basis, Campaign, CampaignState, Channel, Day};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const MAP: &str = "kind = \"orders\"\n[columns]\norder = \"no\"\ncustomer = \"id\"\nordered_at = \"at\"\ntotal = \"yen\"\nname = \"name\"\nitem = \"item\"\nemail = \"mail\"\n";

/// A hundred customers with a mailbox, and ten without, silent for a year or more. One of them
/// has a hostile name and bought a hostile product.
fn orders() -> String {
    let quoted = HOSTILE.replace('"', "\"\"");
    let today = Day::from_ymd(2026, 11, 22).unwrap();
    let mut csv = "no,id,at,yen,name,item,mail\n".to_owned();
    for i in 0..110 {
        let (name, item) =
            if i == 3 { (quoted.as_str(), quoted.as_str()) } else { ("架空 花子", "宇治煎茶") };
        let mail = if i < 100 { format!("k{i}@example.jp") } else { String::new() };
        for n in 0..1 + i % 3 {
            let day = today.plus(-365 - i - n * 40);
            csv.push_str(&format!(
                "{i}-{n},{i},{day} 10:00:00,{},\"{name}\",\"{item}\",{mail}\n",
                1000 + i * 10
            ));
        }
    }
    csv
}

/// The shop with its own clock.
struct House {
    shop: Shop,
    clock: Arc<AtomicI64>,
}

impl House {
    fn open() -> House {
        let clock = Arc::new(AtomicI64::new(NOW));
        let told = clock.clone();
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() };
        let clock_of = Clock(Arc::new(move || told.load(Ordering::Relaxed)));
        let app = App::open(Config { db: None, data: folder.path().join("data"), clock: clock_of, secrets })
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let house = House { shop: Shop { router: web::router(app.clone()), app, folder, runtime }, clock };
        house.import(&orders());
        let attestation = Attestation {
            channel: Channel::Mail,
            basis: Basis::OptIn,
            source: None,
            wording: "会員登録画面で同意".to_owned(),
            by: "佐藤".to_owned(),
            at: NOW,
        };
        house.app().attest(&attestation).unwrap();
        house.settle();
        house
    }

    /// The shop as the law wants it to name itself.
    fn settle(&self) {
        let mut s = self.app().settings().unwrap();
        s.shop = "架空茶舗".to_owned();
        s.profile.address = "東京都千代田区架空1-2-3".to_owned();
        s.profile.contact = "03-0000-0000".to_owned();
        s.profile.site = "https://shop.example.jp".to_owned();
        s.profile.public_url = "https://door.example.jp".to_owned();
        s.profile.purpose = "商品の発送と、広告・宣伝メールの配信に利用します。".to_owned();
        s.sending.from = "info@shop.example.jp".to_owned();
        s.sending.host = "127.0.0.1".to_owned();
        self.app().set_settings(&s).unwrap();
        self.app().keep_dns("shop.example.jp", [true; 4]).unwrap();
    }

    fn app(&self) -> &App {
        &self.shop.app
    }

    fn import(&self, csv: &str) {
        let path = self.shop.folder.path().join("orders.csv");
        std::fs::write(&path, csv).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(MAP.to_owned()), ..ImportRequest::default() };
        self.app().import(&request, &|_| ()).unwrap();
    }

    fn get(&self, path: &str) -> Answer {
        self.shop.get(path)
    }

    fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", coded(n), coded(v))).collect();
        self.shop.post(path, &body.join("&"))
    }

    /// A draft whose only letter says little and whose every rule holds.
    fn draft(&self, name: &str) -> i64 {
        let mut campaign =
            SCENARIOS.iter().find(|s| s.id == "owner_letter").unwrap().starting(start()).unwrap();
        for step in &mut campaign.steps {
            step.words.body = step.words.body.replace("【", "").replace("ここに】", "のこと");
        }
        let campaign =
            Campaign { name: name.to_owned(), owner: "佐藤".to_owned(), holdout: 0.2, ..campaign };
        let whom = model::Whom { condition: "days_silent >= 181".to_owned(), ..campaign.whom.clone() };
        self.app().add_campaign(&Campaign { whom, ..campaign }, "佐藤").unwrap()
    }

    /// The same, drawn and approved.
    fn approved(&self, name: &str) -> i64 {
        let id = self.draft(name);
        assert_eq!(self.post(&format!("/campaigns/{id}/plan"), &[]).status, StatusCode::SEE_OTHER);
        let page = self.get(&format!("/campaigns/{id}/plan")).text;
        let (people, plan) = (self.treated(id), hidden(&page, "plan"));
        let yes = self.post(
            &format!("/campaigns/{id}/approve"),
            &[("by", "佐藤"), ("people", &people), ("plan", &plan)],
        );
        assert_eq!(yes.status, StatusCode::SEE_OTHER, "{}", yes.text);
        id
    }

    fn treated(&self, id: i64) -> String {
        self.app().drafted(id).unwrap().unwrap().forecast.treated.to_string()
    }

    fn state(&self, id: i64) -> CampaignState {
        self.app().campaign(id).unwrap().stored.state
    }

    fn document(&self, id: i64) -> Campaign {
        self.app().campaign(id).unwrap().stored.campaign
    }
}

fn start() -> Day {
    Day::from_ymd(2026, 11, 30).unwrap()
}

fn coded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// What a browser makes of text in a page.
fn plain(html: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    named.iter().fold(html.to_owned(), |text, (code, sign)| text.replace(code, sign))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(plain(rest.split('"').next()?))
}

fn hidden(page: &str, name: &str) -> String {
    let tag = page.split("<input type=\"hidden\"").find(|t| t.contains(&format!("name=\"{name}\""))).unwrap();
    attribute(tag, "value").unwrap()
}

/// The fields of the editor's form as a browser would send them back untouched.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("id=\"campaign\"").nth(1).unwrap().split("</form>").next().unwrap();
    let mut pairs = Vec::new();
    for part in form.split("<input").skip(1) {
        let tag = part.split('>').next().unwrap();
        let off = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if let Some(name) = attribute(tag, "name").filter(|_| !off) {
            pairs.push((name, attribute(tag, "value").unwrap_or_else(|| "on".to_owned())));
        }
    }
    for part in form.split("<select").skip(1) {
        let inside = part.split("</select>").next().unwrap();
        let options: Vec<&str> = inside.split("<option").skip(1).collect();
        let chosen =
            options.iter().find(|o| o.split('>').next().unwrap().contains(" selected")).or(options.first());
        pairs.push((attribute(part, "name").unwrap(), attribute(chosen.unwrap(), "value").unwrap()));
    }
    for part in form.split("<textarea").skip(1) {
        let text = part.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        let text = plain(text.strip_prefix('\n').unwrap_or(text));
        pairs.push((attribute(part, "name").unwrap(), text.replace('\n', "\r\n")));
    }
    pairs
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

fn with<'a>(pairs: &'a [(String, String)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    assert!(name == "do" || pairs.iter().any(|(n, _)| n == name), "there is a field {name}");
    let mut all = borrowed(pairs);
    match all.iter_mut().find(|(n, _)| *n == name) {
        Some(pair) => pair.1 = value,
        None => all.push(("do", value)),
    }
    all
}

#[test]
fn every_page_keeps_the_rules_empty_and_filled_with_hostile_words() {
    let house = House::open();
    for path in ["/campaigns", "/campaigns/new", "/results"] {
        check_page(path, &house.get(path));
    }
    assert!(house.get("/campaigns").text.contains("/campaigns/new"), "the empty page teaches the next step");
    house.app().save_segment(HOSTILE, "days_silent >= 1").unwrap();
    let draft = house.draft(HOSTILE);
    let mut words = house.document(draft);
    words.owner = HOSTILE.to_owned();
    words.goal.hypothesis = HOSTILE.to_owned();
    words.whom.segment = HOSTILE.to_owned();
    words.steps[0].name = HOSTILE.to_owned();
    words.steps[0].words.subject = HOSTILE.to_owned();
    words.changed = "</textarea><script>alert(3)</script>".to_owned();
    house.app().change_campaign(draft, &words, HOSTILE).unwrap();
    let approved = house.approved("冬のお便り");
    assert_eq!(house.post(&format!("/campaigns/{draft}/plan"), &[]).status, StatusCode::SEE_OTHER);
    house.clock.store(NOW + 20 * 86_400, Ordering::Relaxed);
    house.import(&orders().replace("a0,", "z0,"));
    for id in [draft, approved] {
        for page in [
            "",
            "/preview",
            "/preview?step=9&variant=9",
            "/plan",
            "/plan/people?arm=treated",
            "/plan/people?arm=skipped&rule=no_address",
            "/plan/people?arm=%3Cscript%3E&rule=%3Cscript%3E",
            "/text",
            "/why",
            "/why?customer=4",
            "/why?customer=%3Cscript%3Ealert(1)",
            "/touches?state=sent&step=0",
            "/doubts",
            "/result",
        ] {
            let path = format!("/campaigns/{id}{page}");
            check_page(&path, &house.get(&path));
        }
    }
    for path in ["/campaigns", "/results", "/customers/4"] {
        check_page(path, &house.get(path));
    }
    for gone in ["/campaigns/99", "/campaigns/99/plan", "/campaigns/99/result", "/campaigns/1/letters/9/0/1"]
    {
        assert_eq!(house.get(gone).status, StatusCode::NOT_FOUND, "{gone}");
    }
}

#[test]
fn a_scenario_becomes_a_draft() {
    let house = House::open();
    let new = [("name", "秋のお便り"), ("owner", "佐藤"), ("start", "2026-12-01"), ("scenario", "r181")];
    let made = house.post("/campaigns/new", &new);
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let to = made.headers[header::LOCATION].to_str().unwrap();
    assert!(to.starts_with("/campaigns/1?done="), "{to}");
    let campaign = house.document(1);
    assert_eq!(
        (campaign.scenario.as_str(), campaign.owner.as_str(), campaign.steps.len()),
        ("r181", "佐藤", 5)
    );
    assert_eq!(campaign.start, Day::from_ymd(2026, 12, 1));
    assert_eq!(
        campaign.offer.unwrap().ends,
        Day::from_ymd(2027, 1, 5),
        "its offer ends after its last letter"
    );
    for (field, value) in [("name", "秋のお便り"), ("name", " "), ("scenario", "none")] {
        let wrong: Vec<(&str, &str)> = new
            .iter()
            .map(|(n, v)| if *n == field { (*n, value) } else { (*n, if *n == "name" { "別" } else { *v }) })
            .collect();
        assert_eq!(house.post("/campaigns/new", &wrong).status, StatusCode::BAD_REQUEST, "{field}={value}");
    }
    assert_eq!(house.app().campaigns().unwrap().len(), 1);
}

#[test]
fn what_the_form_shows_comes_back_unchanged() {
    let house = House::open();
    for (n, scenario) in SCENARIOS.iter().enumerate() {
        let mut campaign = scenario.starting(start()).unwrap();
        campaign.name = format!("{n} <b>\"'& {HOSTILE}");
        campaign.steps[0].words.body.push_str("\n\n</textarea> & &amp; \"end\"\n");
        let id = house.app().add_campaign(&campaign, "佐藤").unwrap();
        let page = house.get(&format!("/campaigns/{id}")).text;
        let kept = house.post(&format!("/campaigns/{id}"), &with(&fields(&page), "do", "save"));
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}: {}", scenario.id, kept.text);
        assert_eq!(house.document(id), campaign, "{}", scenario.id);
    }
}

#[test]
fn steps_and_variants_are_added_moved_and_taken_out_by_plain_buttons() {
    let house = House::open();
    let id = house.draft("手紙");
    let path = format!("/campaigns/{id}");
    let press = |what: &str| {
        let page = house.get(&path).text;
        let answer = house.post(&path, &with(&fields(&page), "do", what));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.text);
        answer.headers[header::LOCATION].to_str().unwrap().to_owned()
    };
    assert!(press("add_step").ends_with("#steps-1"));
    assert!(press("step_up 1").ends_with("#steps-0"));
    assert_eq!(house.document(id).steps[0].name, "ステップ2");
    press("drop_step 0");
    assert!(press("add_variant").ends_with("#variants-1"));
    press("add_change 1");
    let variants = house.document(id).variants;
    assert_eq!((variants.len(), variants[1].changes.len()), (2, 2));
    press("drop_change 1.0");
    press("drop_variant 1");
    press("drop_variant 0");
    let campaign = house.document(id);
    assert_eq!((campaign.steps.len(), campaign.variants.len()), (1, 0));
    assert!(press("plan").starts_with(&format!("{path}/plan")));
}

#[test]
fn nothing_is_kept_of_a_form_that_cannot_be_read_or_is_old() {
    let house = House::open();
    let id = house.draft("手紙");
    let (path, before) = (format!("/campaigns/{id}"), house.document(id));
    let page = house.get(&path).text;
    let form = fields(&page);
    for (field, value) in
        [("holdout", "百"), ("budget", "-x"), ("whom-top", "たくさん"), ("steps-0-after_days", "七")]
    {
        let answer = house.post(&path, &with(&form, field, value));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}");
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field}: a link leads to it");
        assert!(
            answer.text.contains(&format!("value=\"{value}\"")),
            "{field}: what was typed is still there"
        );
        assert_eq!(house.document(id), before);
    }
    let other = house.post(&path, &with(&form, "name", "別の画面"));
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    let old = house.post(&path, &with(&form, "name", "古い画面"));
    assert_eq!(old.status, StatusCode::CONFLICT);
    assert!(old.text.contains("別の画面で") && old.text.contains("value=\"古い画面\""));
    assert_eq!(house.document(id).name, "別の画面");
    let again = fields(&old.text);
    assert_eq!(
        house.post(&path, &borrowed(&again)).status,
        StatusCode::SEE_OTHER,
        "a second time puts it in place"
    );
    assert_eq!(house.document(id).name, "古い画面");
}

#[test]
fn the_house_answers_while_one_types_and_keeps_nothing() {
    let house = House::open();
    let id = house.draft("手紙");
    let (path, before) = (format!("/campaigns/{id}"), house.document(id));
    let form = fields(&house.get(&path).text);
    let check = |pairs: &[(&str, &str)]| house.post(&format!("{path}/check"), pairs).text;
    let good = check(&borrowed(&form));
    assert!(good.contains("承認を妨げる指摘はありません") && good.contains("110人"), "{good}");
    let hasty = check(&with(&form, "steps-0-subject", "今すぐ!! {{ last_product }}"));
    assert!(hasty.contains("M030") && hasty.contains(&format!("{path}#steps-0-")), "{hasty}");
    let nobody = check(&with(&form, "whom-condition", "n_order > 3"));
    assert!(nobody.contains("n_orders"), "says what was meant: {nobody}");
    assert!(check(&with(&form, "start", "")).contains(&format!("{path}#start")));
    assert_eq!(house.document(id), before);
}

#[test]
fn the_document_is_read_back_as_text_with_errors_by_line() {
    let house = House::open();
    let id = house.draft("手紙");
    let path = format!("/campaigns/{id}/text");
    let page = house.get(&path).text;
    let text = plain(
        page.split("name=\"text\"")
            .nth(1)
            .unwrap()
            .split_once(">\n")
            .unwrap()
            .1
            .split("</textarea>")
            .next()
            .unwrap(),
    );
    let stamp = hidden(&page, "stamp");
    let before = house.document(id);
    let wrong = text.replacen("holdout = 0.2", "holdout = many", 1);
    let answer = house.post(&path, &[("stamp", &stamp), ("text", &wrong)]);
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("行目: <code>holdout = many</code>"), "{}", answer.text);
    assert_eq!(house.document(id), before);
    let right = text.replacen("holdout = 0.2", "holdout = 0.25", 1).replace('\n', "\r\n");
    assert_eq!(house.post(&path, &[("stamp", &stamp), ("text", &right)]).status, StatusCode::SEE_OTHER);
    assert_eq!(house.document(id), Campaign { holdout: 0.25, ..before });
    assert_eq!(house.post(&path, &[("stamp", &stamp), ("text", &text)]).status, StatusCode::CONFLICT);
    let file = house.get(&format!("{path}?download=1"));
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert!(file.text.contains("holdout = 0.25"));
}

#[test]
fn every_number_of_the_plan_leads_to_exactly_those_people() {
    let house = House::open();
    let id = house.draft("手紙");
    let path = format!("/campaigns/{id}/plan");
    assert!(house.get(&path).text.contains("プランを引く"));
    assert_eq!(house.post(&path, &[]).status, StatusCode::SEE_OTHER);
    let page = house.get(&path);
    check_page(&path, &page);
    let forecast = house.app().drafted(id).unwrap().unwrap().forecast;
    assert_eq!((forecast.found, forecast.treated + forecast.holdout), (110, 100), "{forecast:?}");
    let rows = |query: &str| {
        let list = format!("{path}/people?{query}");
        assert!(page.text.contains(&list.replace('&', "&#38;")) || page.text.contains(&list), "{list}");
        house.get(&list).text.matches("/why?customer=").count() as u64
    };
    assert_eq!(rows("arm=treated"), forecast.treated);
    assert_eq!(rows("arm=holdout"), forecast.holdout);
    for (rule, n, ..) in &forecast.skipped {
        assert_eq!(rows(&format!("arm=skipped&rule={rule}")), *n, "{rule}");
    }
    let why = house.get(&format!("/campaigns/{id}/why?customer=1")).text;
    assert!(why.contains("id=\"why-answer\""), "{why}");
}

#[test]
fn a_yes_needs_a_name_and_the_number_typed() {
    let house = House::open();
    let id = house.draft("手紙");
    let (plan_path, path) = (format!("/campaigns/{id}/plan"), format!("/campaigns/{id}/approve"));
    house.post(&plan_path, &[]);
    let page = house.get(&plan_path).text;
    let (people, plan) = (house.treated(id), hidden(&page, "plan"));
    let sentence = page.split("id=\"approval-sentence\">").nth(1).unwrap().split('<').next().unwrap();
    for part in ["2026/11/30", &format!("{people}人"), "通", "円", "送りません"] {
        assert!(sentence.contains(part), "{part} in {sentence}");
    }
    for wrong in [
        vec![("people", people.as_str()), ("plan", &plan)],
        vec![("by", "佐藤"), ("plan", plan.as_str())],
        vec![("by", "佐藤"), ("people", "7"), ("plan", &plan)],
        vec![("by", "佐藤"), ("people", &people), ("plan", "99")],
    ] {
        assert_eq!(house.post(&path, &wrong).status, StatusCode::BAD_REQUEST, "{wrong:?}");
        assert_eq!(house.state(id), CampaignState::Draft);
    }
    let yes = [("by", "佐藤"), ("people", people.as_str()), ("plan", plan.as_str())];
    let done = house.post(&path, &yes);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(house.state(id), CampaignState::Approved);
    assert_eq!(house.post(&plan_path, &[]).status, StatusCode::BAD_REQUEST, "a frozen plan stays");
    assert_eq!(house.post(&format!("/campaigns/{id}"), &[("name", "x")]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_plan_of_other_words_is_drawn_again_before_a_yes() {
    let house = House::open();
    let id = house.draft("手紙");
    let path = format!("/campaigns/{id}/plan");
    house.post(&path, &[]);
    assert!(house.get(&path).text.contains("id=\"approve-form\""));
    let changed = Campaign { holdout: 0.3, ..house.document(id) };
    house.app().change_campaign(id, &changed, "佐藤").unwrap();
    let page = house.get(&path).text;
    assert!(!page.contains("id=\"approve-form\"") && page.contains("引き直す"), "{page}");
    house.post(&path, &[]);
    assert!(house.get(&path).text.contains("id=\"approve-form\""));
    house.clock.store(NOW + 86_400, Ordering::Relaxed);
    let page = house.get(&path).text;
    assert!(
        !page.contains("id=\"approve-form\"") && page.contains("今日のものではありません"),
        "a day later"
    );
}

#[test]
fn where_the_shop_wants_two_the_second_yes_is_anothers() {
    let house = House::open();
    let settings = house.app().settings().unwrap();
    house.app().set_settings(&app::Settings { second_approver: true, ..settings }).unwrap();
    let id = house.draft("手紙");
    let path = format!("/campaigns/{id}/approve");
    house.post(&format!("/campaigns/{id}/plan"), &[]);
    let plan = hidden(&house.get(&format!("/campaigns/{id}/plan")).text, "plan");
    let people = house.treated(id);
    let yes = |by: &str| house.post(&path, &[("by", by), ("people", &people), ("plan", &plan)]).status;
    assert_eq!(yes("佐藤"), StatusCode::SEE_OTHER);
    assert_eq!(house.state(id), CampaignState::Seconding);
    assert!(house.get(&format!("/campaigns/{id}/plan")).text.contains("一人目の承認"));
    assert_eq!(yes("佐藤"), StatusCode::BAD_REQUEST);
    assert_eq!(yes("鈴木"), StatusCode::SEE_OTHER);
    assert_eq!(house.state(id), CampaignState::Approved);
}

#[test]
fn a_campaign_under_way_is_paused_resumed_and_cancelled() {
    let house = House::open();
    let id = house.approved("手紙");
    let path = format!("/campaigns/{id}");
    let page = house.get(&path).text;
    assert!(page.contains("data-live") && page.contains("次は2026/11/30"), "{page}");
    let live = house.get(&format!("{path}/live"));
    assert!(live.status == StatusCode::OK && !live.text.contains("<html"), "a part of a page");
    assert_eq!(house.post(&format!("{path}/pause"), &[]).status, StatusCode::BAD_REQUEST, "unsigned");
    assert_eq!(
        house.post(&format!("{path}/pause"), &[("by", "佐藤"), ("why", HOSTILE)]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(house.state(id), CampaignState::Paused);
    let page = house.get(&path);
    check_page(&path, &page);
    assert!(page.text.contains("id=\"resume-button\"") && page.text.contains("一時停止"));
    assert_eq!(house.post(&format!("{path}/resume"), &[("by", "佐藤")]).status, StatusCode::SEE_OTHER);
    assert_eq!(house.state(id), CampaignState::Approved);
    let cancel = |name: &str| house.post(&format!("{path}/cancel"), &[("by", "佐藤"), ("name", name)]).status;
    assert_eq!(cancel("手"), StatusCode::BAD_REQUEST);
    assert_eq!(cancel("手紙"), StatusCode::SEE_OTHER);
    assert_eq!(house.state(id), CampaignState::Cancelled);
    assert!(!house.get(&path).text.contains("id=\"resume-button\""));
    assert_eq!(
        house.post(&format!("{path}/doubts/1"), &[("by", "佐藤"), ("arrived", "yes")]).status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn a_result_counts_by_assignment_and_names_its_people() {
    let house = House::open();
    let id = house.approved("手紙");
    let path = format!("/campaigns/{id}/result");
    assert!(house.get(&path).text.contains("まだ始まっていません"));
    assert_eq!(house.post(&path, &[]).status, StatusCode::BAD_REQUEST);
    house.clock.store(NOW + 40 * 86_400, Ordering::Relaxed);
    // Every seventh customer orders again, whoever they are.
    let mut csv = orders();
    for i in (0..100).step_by(7) {
        csv.push_str(&format!("back-{i},{i},2026-12-10 10:00:00,3000,架空 花子,宇治煎茶,k{i}@example.jp\n"));
    }
    house.import(&csv);
    let page = house.get(&path);
    check_page(&path, &page);
    assert!(page.text.contains("id=\"verdict\">まだ判断できません"), "{}", page.text);
    assert_eq!(page.text.matches("class=\"pic desk-only forest\"").count(), 1, "the holdout is drawn");
    let told = house.app().told(id).unwrap().measurement;
    let primary = told.primary().unwrap();
    assert_eq!(primary.treated.hits + primary.holdout.hits, 15, "by assignment");
    for (arm, n) in [("treated", primary.treated.hits), ("holdout", primary.holdout.hits)] {
        let list = format!("/campaigns/{id}/who?did=returned&arm={arm}&days={}", primary.days);
        let who = house.get(&list).text;
        assert_eq!(who.matches("/why?customer=").count() as u64, n, "{arm}");
    }
    check_page("/results", &house.get("/results"));
    let made = house.post(&format!("/campaigns/{id}/successor"), &[("name", "手紙 2"), ("by", "鈴木")]);
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let next = house.app().campaigns().unwrap().remove(0).stored.campaign;
    assert_eq!((next.predecessor.as_str(), next.start), ("手紙", None));
    let again = house.post(&format!("/campaigns/{id}/successor"), &[("name", "手紙 2"), ("by", "鈴木")]);
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "the name is taken");
}

#[test]
fn a_draft_can_be_dropped_and_an_approved_campaign_cannot() {
    let house = House::open();
    let (draft, approved) = (house.draft("捨てる"), house.approved("残す"));
    assert_eq!(house.post(&format!("/campaigns/{draft}/drop"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(house.get(&format!("/campaigns/{draft}")).status, StatusCode::NOT_FOUND);
    assert_eq!(house.post(&format!("/campaigns/{approved}/drop"), &[]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn letters_are_shown_to_twenty_real_customers_in_frames_that_can_do_nothing() {
    let house = House::open();
    let id = house.draft("手紙");
    let page = house.get(&format!("/campaigns/{id}/preview"));
    check_page("preview", &page);
    assert_eq!(page.text.matches("<iframe").count(), 40, "desk and phone");
    assert_eq!(page.text.matches(" sandbox ").count(), 40);
    assert!(page.text.contains("架空 花子"));
    let letter = house.get(&format!("/campaigns/{id}/letters/0/0/4"));
    assert_eq!(letter.status, StatusCode::OK);
    assert!(!letter.text.contains("<script>alert"), "a product's name is text: {}", letter.text);
    let policy = letter.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("frame-ancestors 'self'"), "{policy}");
    let around = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(around.contains("frame-src 'self'"), "{around}");
    let tried =
        house.post(&format!("/campaigns/{id}/try"), &[("step", "0"), ("variant", "0"), ("customer", "4")]);
    assert_eq!(tried.status, StatusCode::BAD_REQUEST, "there is no mailbox to try it on");
}
