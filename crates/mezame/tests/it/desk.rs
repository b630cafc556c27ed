//! The phone desk: through the binary on both databases, and in browsers by two callers at once.

use crate::campaign::{approved, sender};
use crate::pages::{Served, serve};
use crate::world::{World, on_both};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use testkit::browser::{Browser, Screen};

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nphone = \"phone\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\nitem = \"product\"\n";
/// The day on which the calls are due, at noon by the set clock.
const CALLS: &str = "2026-11-24";

const SCRIPT: &str = r#"
owner = "山田"
holdout = 0.0
no_holdout_because = "はじめての電話で、まず反応を聞くため"
window = 90
start = "2026-11-24"

[whom]
condition = "state = 'dormant'"

[[steps]]
name = "お電話"
kind = "thanks"
after_days = 0
at = "09:00"
channel = "phone"
unless = ["ordered"]
[steps.words]
subject = '{{ last_product | or("お茶") }}のその後'
body = """
{{ shop }}の{{ caller }}です。{{ addressee }}でいらっしゃいますか。
いつもありがとうございます。本日は、お茶のご購入のご案内でお電話しました。

## お話しできるとき
前回の{{ last_product | or("お茶") }}はいかがでしたか。

## お忙しいとき
またあらためてお電話します。ご都合のよい日時をお聞かせください。
"""
"#;

/// Customers who bought a year ago, each with a number; the later the number, the more they spent.
fn shop(world: &World, customers: usize) -> String {
    let mut orders = String::from("order,customer,name,phone,ordered_at,total,product\n");
    for i in 1..=customers {
        for (n, day) in [(1, "2025-10-10"), (2, "2025-12-15")] {
            writeln!(
                orders,
                "{i}-{n},{i},見本{i} 花子,0900000{i:04},{day} 10:00:00,{},お茶",
                3_000 + i * 500
            )
            .unwrap();
        }
    }
    let (orders, map) = (world.file("orders.csv", orders), world.file("map.toml", ORDERS));
    world.import(&[&orders, "--map", &map]);
    sender(world, 2525);
    orders
}

/// The same installation on the day of the calls, orders imported anew, the steps fired.
fn on_the_day(world: &World, orders: &str) -> World {
    let day = world.on(CALLS);
    let map = day.file("map.toml", ORDERS);
    day.import(&[orders, "--map", &map]);
    day.run(&["work", "--once"]);
    day
}

#[test]
fn a_caller_works_through_the_list_from_the_command_line() {
    on_both(|world| {
        let orders = shop(world, 8);
        let campaign = approved(world, "秋の電話", SCRIPT);
        let day = on_the_day(world, &orders);
        let list = day.json(&["desk", "list"]);
        assert_eq!((list["total"].as_u64(), list["rows"].as_array().unwrap().len()), (Some(8), 8));

        // Two callers, two customers; the script names the caller.
        let one = day.json(&["desk", "next", "--by", "佐藤"]);
        let two = day.json(&["desk", "next", "--by", "鈴木"]);
        assert_ne!(one["customer"], two["customer"]);
        assert_eq!(day.json(&["desk", "next", "--by", "佐藤"])["call"], one["call"], "what is in hand stays");
        let opening = one["script"][0]["text"].as_str().unwrap();
        assert!(opening.contains("見本堂の佐藤です") && opening.contains("ご購入のご案内"), "{opening}");
        assert_eq!(one["script"][2]["heading"], "お忙しいとき");
        let (first, second) = (one["call"].to_string(), two["call"].to_string());

        // L-12: refused, and never again, whatever is imported or planned.
        let done =
            day.json(&["desk", "result", &first, "refused", "--note", "もう結構です", "--minutes", "2"]);
        assert_eq!(
            (done["closed"].as_bool(), done["cost"].as_f64()),
            (Some(true), Some(70.0)),
            "M106: 2 x (1500/60 + 10)"
        );
        let person = day.json(&["customer", &one["customer"].to_string()]);
        assert_eq!(person["stops"][0]["reason"], "phone_refusal");
        // A call back needs its time, and makes a task.
        assert!(day.fails(1, &["desk", "result", &second, "call_back", "--by", "鈴木"]).contains("日時"));
        let back =
            day.json(&["desk", "result", &second, "call_back", "--by", "鈴木", "--at", "2026-11-25 15:00"]);
        assert_eq!(back["tasks"].as_u64(), Some(1));
        let tasks = day.json(&["desk", "tasks", "--owner", "鈴木"]);
        assert_eq!(tasks[0]["what"], "折返しのお電話");

        // M107: the third call that nobody answers is the last.
        let third = day.json(&["desk", "next", "--by", "佐藤"])["call"].to_string();
        let again = day.json(&["desk", "result", &third, "absent", "--by", "佐藤"])["again"].clone();
        assert!(again.as_str().unwrap().contains("16:00"), "{again}: four hours later");
        assert!(
            day.json(&["desk", "list"])["rows"]
                .as_array()
                .unwrap()
                .iter()
                .all(|r| r["call"].as_i64() != third.parse().ok())
        );
        let fourth = day.json(&["desk", "next", "--by", "佐藤"]);
        let (price, touch) = (fourth["customer"].clone(), fourth["call"].to_string());
        day.json(&["desk", "result", &touch, "reached", "--left-for", "price", "--branch", "お忙しいとき"]);
        for on in ["2026-11-25", "2026-11-27"] {
            let later = day.on(on);
            later.import(&[&orders, "--map", &later.file("map.toml", ORDERS)]);
            // What was promised goes first, then the most valuable.
            let next = |by| later.json(&["desk", "next", "--by", by])["call"].to_string();
            if on == "2026-11-27" {
                assert_eq!(next("佐藤"), second);
                later.json(&["desk", "result", &second, "reached"]);
                assert!(later.json(&["desk", "tasks"]).as_array().unwrap().is_empty(), "the promise is kept");
            }
            assert_eq!(next("佐藤"), third);
            later.json(&["desk", "result", &third, "absent", "--by", "佐藤"]);
        }
        let end = day.on("2026-11-30");
        end.import(&[&orders, "--map", &end.file("map.toml", ORDERS)]);
        let why = end.json(&["campaign", "show", &campaign.to_string()]);
        let reasons: BTreeSet<&str> =
            why["reasons"].as_array().unwrap().iter().filter_map(|r| r["rule"].as_str()).collect();
        assert!(reasons.contains("no_answer"), "{reasons:?}");

        // A new campaign to the same people: the refusal, and whoever was called lately, are not called.
        let next = SCRIPT.replace("2026-11-24", "2026-12-01");
        approved(&end, "冬の電話", &next);
        let winter = end.on("2026-12-01");
        winter.import(&[&orders, "--map", &winter.file("map.toml", ORDERS)]);
        winter.run(&["work", "--once"]);
        let list = winter.json(&["desk", "list", "--campaign", "冬の電話"]);
        let listed = ["rows", "kept_out"].map(|k| list[k].as_array().unwrap().clone()).concat();
        let called = [&one["customer"], &price];
        assert!(!listed.is_empty() && listed.iter().all(|r| !called.contains(&&r["customer"])), "{listed:?}");
        // Whoever still waits for the first campaign's call does not get two (L-44).
        let twice = listed.iter().filter(|r| r["rule"] == "L-44").count();
        assert_eq!((listed.len(), twice), (5, 4), "{listed:?}");
        let rows = winter.json(&["desk", "list"])["rows"].as_array().unwrap().clone();
        let csv = winter.dir.path().join("calls.csv").display().to_string();
        winter.json(&["desk", "list", "--csv", &csv]);
        let csv = std::fs::read_to_string(csv).unwrap();
        assert_eq!(csv.lines().count(), 1 + rows.len(), "{csv}");
    });
}

/// M106: a campaign's cost is what its calls took, those that nobody answered among them.
#[test]
fn calls_cost_what_they_took() {
    let world = World::sqlite();
    let orders = shop(&world, 3);
    approved(&world, "秋の電話", SCRIPT);
    let day = on_the_day(&world, &orders);
    let mut cost = 0.0;
    for (result, minutes) in [("reached", "3"), ("absent", "1"), ("dead_number", "2")] {
        let call = day.json(&["desk", "next", "--by", "佐藤"])["call"].to_string();
        let said = ["desk", "result", &call, result, "--by", "佐藤", "--minutes", minutes];
        cost += day.json(&said)["cost"].as_f64().unwrap();
    }
    assert_eq!(cost, 6.0 * 35.0);
    assert_eq!(day.json(&["measure", "秋の電話"])["cost"], cost);
}

/// L-11: the opening is asked for before anybody is called.
#[test]
fn a_script_without_its_opening_is_not_approved() {
    let world = World::sqlite();
    shop(&world, 3);
    let file =
        world.file("campaign.toml", SCRIPT.replace("の{{ caller }}です", "です").replace("のご購入", ""));
    world.json(&["campaign", "new", "電話", "--file", &file]);
    let said = world.fails(3, &["campaign", "check", "電話"]);
    assert!(said.contains("L-11") && said.contains("かける人の名前") && said.contains("勧誘"), "{said}");
}

fn page(served: &Served, path: &str) -> String {
    format!("{}{path}", served.url.trim_end_matches('/'))
}

/// Phone desk driven in a browser by two callers at once.
#[test]
fn two_callers_share_a_desk_in_their_browsers() {
    let world = World::sqlite();
    let orders = shop(&world, 6);
    approved(&world, "秋の電話", SCRIPT);
    let day = on_the_day(&world, &orders);
    let served = serve(&day);
    let callers = [("佐藤", Browser::start().unwrap()), ("鈴木", Browser::start().unwrap())];
    for (n, (name, browser)) in callers.iter().enumerate() {
        // One of them works on a telephone, and without script.
        browser.screen(if n == 0 { Screen::Phone } else { Screen::Desktop }).unwrap();
        browser.page_scripts(n == 1).unwrap();
        browser.open(&page(&served, "/desk")).unwrap();
        browser.fill("#desk-by", name).unwrap();
    }
    // Both ask in the same moment.
    std::thread::scope(|scope| {
        for (_, browser) in &callers {
            scope.spawn(|| browser.click(".desk-next button").unwrap());
        }
    });
    let mut seen = BTreeSet::new();
    for (name, browser) in &callers {
        browser.wait_for_text(&format!("見本堂の{name}です")).unwrap();
        let number = browser.text(".button.call b").unwrap();
        assert!(number.starts_with("090-0000-"), "{number}");
        assert!(seen.insert(number), "each has their own customer");
    }
    let (sato, suzuki) = (&callers[0].1, &callers[1].1);
    for screen in [Screen::Phone, Screen::Desktop] {
        suzuki.screen(screen).unwrap();
        let findings = suzuki.serious_findings().unwrap();
        assert!(findings.is_empty(), "the card: {findings:#?}");
    }
    // Above the bar of a telephone, as a thumb would have it.
    let tap = |browser: &Browser, css: &str| {
        let into_view = "document.querySelector(arguments[0]).scrollIntoView({block: 'center'})";
        browser.script(into_view, &[css.into()]).unwrap();
        browser.click(css).unwrap();
    };
    // One tap; the note is optional.
    sato.fill("#note", "もう電話は結構とのこと").unwrap();
    tap(sato, "button[value=refused]");
    sato.wait_for_text("連絡の停止が効いています").unwrap();
    // A slip is taken back, with its reason.
    sato.fill("#undo-why", "押し間違い").unwrap();
    tap(sato, "form[action$='/undo'] button");
    sato.wait_for_text("見本堂の佐藤です").unwrap();
    tap(sato, "button[value=absent]");
    sato.wait_for_text("を記録しました").unwrap();
    // A call back without its time is asked for, and nothing typed is lost.
    suzuki.fill("#note", "夕方に").unwrap();
    tap(suzuki, "button[value=call_back]");
    suzuki.wait_for_text("折返しの日時を").unwrap();
    assert_eq!(suzuki.script("return document.querySelector('#note').value", &[]).unwrap(), "夕方に");
    suzuki.script("document.querySelector('#at').value = '2026-11-24T17:00'", &[]).unwrap();
    tap(suzuki, "button[value=call_back]");
    suzuki.wait_for_text("折返し").unwrap();
    suzuki.open(&page(&served, "/desk/tasks")).unwrap();
    suzuki.wait_for_text("折返しのお電話").unwrap();
    // Both go through all that is left; nobody is called twice.
    for (_, browser) in [&callers[0], &callers[1], &callers[0], &callers[1]] {
        browser.open(&page(&served, "/desk")).unwrap();
        tap(browser, ".desk-next button");
        browser.wait_for_text("結果").unwrap();
        assert!(seen.insert(browser.text(".button.call b").unwrap()));
        tap(browser, "button[value=reached]");
        browser.wait_for_text("を記録しました").unwrap();
    }
    suzuki.open(&page(&served, "/desk")).unwrap();
    suzuki.wait_for_text("お電話を待っている方はいません").unwrap();
    assert_eq!(seen.len(), 6);
    // Every page of the desk, at both widths.
    suzuki.page_scripts(true).unwrap();
    for path in ["/desk", "/desk/list", "/desk/tasks", "/"] {
        for screen in [Screen::Desktop, Screen::Phone] {
            suzuki.screen(screen).unwrap();
            suzuki.open(&page(&served, path)).unwrap();
            let findings = suzuki.serious_findings().unwrap();
            assert!(findings.is_empty(), "{path}: {findings:#?}");
        }
    }
}
