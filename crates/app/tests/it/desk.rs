//! The phone desk over a real store: hours, effects on every channel, and what is never done.

mod contacts;

use app::{App, CallSaid, Clock, Config, DeskQuery, Hand, ImportRequest, Secrets, Settings, Turn, Work};
use model::{CallResult, Campaign, Channel, Day, TouchState};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Tuesday 2026-11-24, 10:30 in Japan; the calls are due at ten.
const MORNING: i64 = 1_795_483_800;
const HOUR: i64 = 3_600;
const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nphone = \"phone\"\nemail = \"mail\"\ncompany = \"company\"\nordered_at = \"at\"\ntotal = \"total\"\nitem = \"item\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

const DOCUMENT: &str = r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "電話の試し"
start = "2026-11-24"
[whom]
condition = "n_orders >= 1"
[[steps]]
name = "お電話"
kind = "thanks"
at = "10:00"
channel = "phone"
[steps.words]
subject = "お礼"
body = """
{{ shop }}の{{ caller }}です。お茶のご購入のご案内でお電話しました。いつもありがとうございます。
"""
[[steps]]
name = "お便り"
kind = "news"
after_days = 1
at = "10:00"
channel = "mail"
[steps.words]
subject = "お知らせ"
body = """
{{ addressee }}

新茶が入りました。

[お店を見る](/)
"""
"#;

struct Desk {
    app: App,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Desk {
    /// So many people, and companies after them; the later, the more valuable.
    fn new(people: usize, companies: usize) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(MORNING - 24 * HOUR));
        let told = clock.clone();
        let app = App::open(Config {
            db: None,
            data: folder.path().join("data"),
            clock: Clock(Arc::new(move || told.load(Ordering::SeqCst))),
            secrets: Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() },
        })
        .unwrap();
        let desk = Desk { app, clock, folder };
        desk.change(|s| {
            "見本堂".clone_into(&mut s.shop);
            "東京都千代田区見本1-2-3".clone_into(&mut s.profile.address);
            "03-0000-0000".clone_into(&mut s.profile.contact);
            "https://shop.example.jp/".clone_into(&mut s.profile.site);
            "https://mail.example.jp".clone_into(&mut s.profile.public_url);
            "商品の発送と新商品のご案内のため".clone_into(&mut s.profile.purpose);
            "127.0.0.1".clone_into(&mut s.sending.host);
            s.sending.port = 9;
            "shop@example.jp".clone_into(&mut s.sending.from);
        });
        let mut orders = "order,customer,name,phone,mail,company,at,total,item\n".to_owned();
        let mut consents = "who,channel,given\n".to_owned();
        for i in 0..people + companies {
            let company = if i >= people { format!("株式会社見本{i}") } else { String::new() };
            for day in ["2025-10-01", "2025-11-15"] {
                writeln!(
                    orders,
                    "{i}{day},c{i},見本{i},0900000{i:04},k{i}@example.jp,{company},{day} 10:00:00,{},お茶",
                    4_000 + 900 * i
                )
                .unwrap();
            }
            writeln!(consents, "k{i}@example.jp,mail,yes").unwrap();
        }
        desk.import(&orders, ORDERS);
        desk.import(&consents, CONSENTS);
        desk
    }

    fn change(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.app.settings().unwrap();
        change(&mut settings);
        self.app.set_settings(&settings).unwrap();
    }

    fn import(&self, text: &str, map: &str) {
        let path = self.folder.path().join("file.csv");
        std::fs::write(&path, text).unwrap();
        let request =
            ImportRequest { paths: vec![path], map: Some(map.to_owned()), ..ImportRequest::default() };
        self.app.import(&request, &|_| ()).unwrap();
    }

    /// Approves a campaign and makes its calls; its number.
    fn campaign(&self, name: &str, start: &str) -> i64 {
        let document = app::campaign_from_toml(DOCUMENT, "test").unwrap();
        let campaign = Campaign { name: name.to_owned(), start: start.parse::<Day>().ok(), ..document };
        let id = self.app.add_campaign(&campaign, "山田").unwrap();
        self.app.draft_plan(id).unwrap();
        self.app.approve_campaign(id, "山田").unwrap();
        id
    }

    fn fire(&self, at: i64) {
        self.at(at);
        let how = Work { name: "w".to_owned(), once: true, connections: Some(1) };
        // Nobody listens where mail would go; the steps are made all the same.
        let _ = self.app.work(&how, &AtomicBool::new(true), &|_| ());
        let _ = self.app.work(&how, &AtomicBool::new(false), &|_| ());
    }

    fn at(&self, now: i64) {
        self.clock.store(now, Ordering::SeqCst);
    }

    fn next(&self, by: &str) -> Option<i64> {
        match self.app.desk_next(by, None).unwrap() {
            Turn::Call(touch) => Some(touch),
            Turn::Nobody => None,
            other => panic!("{other:?}"),
        }
    }

    fn card(&self, by: &str) -> app::CallCard {
        match self.app.desk(by).unwrap().hand {
            Some(Hand::Call(card)) => *card,
            other => panic!("{other:?}"),
        }
    }

    fn said(&self, by: &str, result: CallResult) -> app::CallDone {
        let touch = self.card(by).touch;
        self.app.desk_result(by, &CallSaid { minutes: Some(2), ..CallSaid::of(touch, result) }).unwrap()
    }
}

/// L-13, M166: people by day, companies while they work; the page says when it opens, and shows no number.
#[test]
fn hours_are_kept_in_the_shops_zone() {
    let desk = Desk::new(1, 2);
    desk.change(|s| {
        s.calls.holidays.extend(Day::from_ymd(2026, 11, 25));
        s.stale_hours = 240;
    });
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    let company = desk.next("佐藤").unwrap();
    assert!(desk.card("佐藤").company && desk.card("佐藤").number.is_some(), "the most valuable first");
    // Noon comes while it is in hand.
    desk.at(MORNING + 2 * HOUR);
    let card = desk.card("佐藤");
    let (rule, from) = card.no.as_ref().unwrap();
    assert_eq!(
        (rule.rule, *from, card.number.as_deref()),
        ("business_hours", Some(MORNING + 2 * HOUR + 1_800), None)
    );
    desk.app.desk_back(company, "佐藤", "").unwrap();
    let person = desk.next("佐藤").unwrap();
    assert!(!desk.card("佐藤").company, "people may be called at noon");
    desk.app.desk_back(person, "佐藤", "").unwrap();
    // In the evening of the holiday nothing at all; on the holiday's day people alone.
    desk.at(MORNING + 10 * HOUR);
    let closed = desk.app.desk_next("佐藤", None).unwrap();
    assert_eq!(closed, Turn::Closed { rule: "L-13", from: Some(MORNING + 22 * HOUR + 1_800) });
    desk.at(MORNING + 25 * HOUR);
    assert_eq!(desk.next("佐藤"), Some(person));
    assert_eq!(desk.next("鈴木"), None, "companies rest");
    desk.at(MORNING + 48 * HOUR);
    assert!(desk.next("鈴木").is_some_and(|call| call != person), "and work again");
}

/// M156, M020: a result reaches every channel at the same moment, and nothing goes out afterwards.
#[test]
fn a_death_and_a_complaint_stop_everything_at_once() {
    for (result, rule, kept) in
        [(CallResult::Deceased, "deceased", "deceased"), (CallResult::Complaint, "L-43", "complaint")]
    {
        let desk = Desk::new(2, 0);
        desk.change(|s| s.stale_hours = 240);
        let id = desk.campaign("秋", "2026-11-24");
        desk.fire(MORNING);
        let touch = desk.next("佐藤").unwrap();
        let person = desk.card("佐藤").customer;
        let done = desk.said("佐藤", result);
        assert!(done.closed);
        let view = desk.app.person(person).unwrap().unwrap();
        let open: Vec<Channel> = view.channels.iter().filter(|c| c.allowed).map(|c| c.channel).collect();
        assert_eq!(open, vec![]);
        assert!(view.channels.iter().any(|c| c.rule == rule));
        assert_eq!(view.stops[0].reason.word(), kept);
        assert_eq!(desk.app.tasks_due().unwrap().len(), usize::from(result == CallResult::Complaint));
        // The next step of the same campaign, and a new campaign, leave them alone, whatever is imported.
        desk.import(
            &format!("who,channel,given\n{},mail,yes\n", view.records[0].email.as_deref().unwrap()),
            CONSENTS,
        );
        desk.fire(MORNING + 24 * HOUR);
        desk.campaign("冬", "2026-11-26");
        desk.fire(MORNING + 48 * HOUR);
        let touches = desk.app.touches_of(person, 100).unwrap();
        let gone = touches.iter().filter(|t| t.stored.touch.id != touch);
        let states: Vec<TouchState> = gone.map(|t| t.stored.touch.state).collect();
        assert!(states.iter().all(|s| *s == TouchState::Skipped), "{result:?}: {states:?}");
        let mut called = vec![];
        while let Some(call) = desk.next("佐藤") {
            called.push(desk.card("佐藤").customer);
            desk.app.desk_back(call, "佐藤", "試し").unwrap();
        }
        assert!(!called.contains(&person), "{result:?}");
        let log = desk.app.campaign_log(id).unwrap();
        assert!(log.iter().all(|l| l.what != "call_skipped" || l.note.ends_with("試し")));
    }
}

/// M103, M104: by what they said, and by an order that stayed away after prices went up.
#[test]
fn who_left_over_the_price_is_not_called_unless_the_shop_says_so() {
    let desk = Desk::new(2, 0);
    // 45 days after the last order the next was expected; prices went up in between.
    desk.change(|s| s.calls.price_changes.extend(Day::from_ymd(2025, 12, 20)));
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    let list = desk.app.desk_list(&DeskQuery::default()).unwrap();
    assert_eq!((list.rows.len(), list.kept_out.len()), (0, 2));
    assert!(list.kept_out.iter().all(|r| r.no.as_ref().is_some_and(|n| n.rule == "price_reason")));
    desk.change(|s| s.calls.price_leavers = true);
    assert_eq!(desk.app.desk_list(&DeskQuery::default()).unwrap().rows.len(), 2);
    desk.change(|s| {
        s.calls.price_leavers = false;
        s.calls.price_changes.clear();
    });
    assert!(desk.next("佐藤").is_some());
    let touch = desk.card("佐藤").touch;
    let said = CallSaid {
        left_for: "price".to_owned(),
        at: Some(MORNING + HOUR),
        ..CallSaid::of(touch, CallResult::CallBack)
    };
    desk.app.desk_result("佐藤", &said).unwrap();
    let list = desk.app.desk_list(&DeskQuery::default()).unwrap();
    assert_eq!((list.rows.len(), list.kept_out.len()), (1, 0), "the other one");
    desk.at(MORNING + HOUR);
    let list = desk.app.desk_list(&DeskQuery::default()).unwrap();
    assert_eq!((list.rows.len(), list.kept_out.len()), (1, 1), "what they said counts");
    assert!(desk.app.desk_result("佐藤", &CallSaid { left_for: "nonsense".into(), ..said }).is_err());
}

/// M158: who has ordered meanwhile is not known while no orders have come in.
#[test]
fn stale_orders_hold_the_desk() {
    let desk = Desk::new(1, 0);
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    desk.at(MORNING + 25 * HOUR);
    assert!(matches!(desk.app.desk_next("佐藤", None).unwrap(), Turn::Held { rule: "stale", .. }));
    assert!(desk.app.desk("佐藤").unwrap().stale.is_some());
    let orders =
        "order,customer,name,phone,mail,company,at,total,item\nx,c9,見本9,,,,2026-11-26 10:00:00,500,お茶\n";
    desk.import(orders, ORDERS);
    assert!(desk.next("佐藤").is_some(), "nothing is lost");
}

/// M028: a company's card says what it lacks; M106: what the calls came to.
#[test]
fn a_card_says_what_is_known_and_what_is_not() {
    let desk = Desk::new(0, 1);
    let id = desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    desk.next("佐藤").unwrap();
    let card = desk.card("佐藤");
    assert_eq!(card.addressee, "株式会社見本0 見本0 様");
    let missing: Vec<&str> = card.missing.iter().map(|(_, en)| *en).collect();
    assert!(
        missing.contains(&"department") && missing.contains(&"what was talked about last"),
        "{missing:?}"
    );
    assert!(!missing.contains(&"mail address"));
    assert!(card.script[0].1.contains("見本堂の佐藤です"));
    assert!(card.rules.iter().all(|r| r.allowed), "{:?}", card.rules);
    assert!(card.met.is_some_and(|(day, _)| Some(day) == Day::from_ymd(2025, 10, 1)));
    let done = desk.said("佐藤", CallResult::Deal);
    assert_eq!((done.tasks, done.cost.0), (1, 7_000));
    assert_eq!(desk.app.call_sums(id).unwrap(), (1, 2, model::Money(7_000)));
    let person = desk.app.person(done.person).unwrap().unwrap();
    assert!(person.activities[0].note.contains("受注") && person.activities[0].note.contains("佐藤"));
    let task = &desk.app.tasks(None).unwrap()[0];
    assert!(task.what.contains("次の一手"), "L-48: the papers of L-14 are for consumers");
    desk.app.task_done(task.id, "佐藤").unwrap();
    assert!(desk.app.tasks(None).unwrap().is_empty() && desk.app.task_done(task.id, "佐藤").is_err());
}

/// A restored backup has forgotten a call: the journal has not, and nobody is called until somebody has looked.
#[test]
fn a_call_is_in_the_journal() {
    let desk = Desk::new(1, 0);
    desk.campaign("秋", "2026-11-24");
    desk.fire(MORNING);
    desk.next("佐藤").unwrap();
    desk.said("佐藤", CallResult::Reached);
    let text = std::fs::read_to_string(desk.app.data_dir().join("attempts.journal")).unwrap();
    assert_eq!(text.lines().count(), 1);
    std::fs::remove_file(desk.app.data_dir().join("attempts.journal")).unwrap();
    assert!(desk.app.desk_next("佐藤", None).is_err(), "held");
}
