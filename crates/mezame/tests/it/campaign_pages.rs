//! A campaign driven in a browser, from a scenario to its result.

use crate::campaign::{sender, shop};
use crate::pages::serve;
use crate::world::World;
use madeup::{Sink, Temper};
use testkit::browser::{Browser, Screen};

#[test]
fn a_marketer_writes_approves_sends_and_reads_the_result() {
    let world = World::sqlite();
    shop(&world, 40);
    let sink = Sink::start(Temper::default()).unwrap();
    sender(&world, sink.addr().port());
    let served = serve(&world);
    let browser = Browser::start().unwrap();
    let page = |path: &str| format!("{}{path}", served.url.trim_end_matches('/'));

    // A draft from a scenario whose only slots are the shop's own words.
    browser.open(&page("/campaigns/new?scenario=letter_181")).unwrap();
    browser.fill("#name", "冬のお便り").unwrap();
    browser.fill("#owner", "山田").unwrap();
    browser.script("document.querySelector('#start').value = '2026-11-23'", &[]).unwrap();
    browser
        .script("document.querySelector('input[name=scenario][value=letter_181]').checked = true", &[])
        .unwrap();
    browser.click("#new-campaign button").unwrap();
    browser.wait_for_text("冬のお便り").unwrap();
    // What a scenario leaves to the shop is written as text.
    let id = world.json(&["campaign", "list"])[0]["id"].to_string();
    let document = world.ok(&["campaign", "export", &id]);
    let filled = slots_filled(&document);
    let file = world.file("filled.toml", filled);
    world.ok(&["campaign", "edit", &id, "--file", &file, "--by", "山田"]);
    let campaign = format!("/campaigns/{id}");

    browser.open(&page(&campaign)).unwrap();
    browser.open(&page(&format!("{campaign}/preview?step=1"))).unwrap();
    assert!(browser.count("iframe").unwrap() > 5, "letters to real customers");
    browser.open(&page(&format!("{campaign}/plan"))).unwrap();
    browser.click("#draw-button").unwrap();
    browser.wait_for_text("承認").unwrap();
    let treated = browser.text("#n-treated").unwrap();
    let people: String = treated.chars().filter(char::is_ascii_digit).collect();
    assert!(people.parse::<u64>().unwrap() > 20, "{treated}");
    browser.fill("#approve-by", "山田").unwrap();
    browser.fill("#approve-people", &people).unwrap();
    browser.click("#approve-button").unwrap();
    browser.wait_for_text("承認済み").unwrap();

    let next = world.on("2026-11-23");
    assert_eq!(next.json(&["work", "--once"])["sent"].to_string(), people);
    next.ok(&["social", "new", &id, "--platform", "x", "--by", "山田"]);
    drop(served);
    let served = serve(&next);
    let page = |path: &str| format!("{}{path}", served.url.trim_end_matches('/'));
    for path in [
        "/campaigns".to_owned(),
        "/campaigns/new".to_owned(),
        campaign.clone(),
        format!("{campaign}/plan"),
        format!("{campaign}/doubts"),
        format!("{campaign}/result"),
        format!("{campaign}/why?customer=1"),
        format!("{campaign}/steps"),
        format!("{campaign}/steps/0?at=sent"),
        format!("{campaign}/social"),
        "/results".to_owned(),
    ] {
        for screen in [Screen::Desktop, Screen::Phone] {
            browser.screen(screen).unwrap();
            browser.open(&page(&path)).unwrap();
            let findings = browser.serious_findings().unwrap();
            assert!(findings.is_empty(), "{path}: {findings:#?}");
        }
    }
    browser.screen(Screen::Desktop).unwrap();
    browser.open(&page(&format!("{campaign}/result"))).unwrap();
    browser.wait_for_text("まだ判断できません").unwrap();
    assert_eq!(browser.count("#posts tbody tr").unwrap(), 1, "contact by posts stands apart");
    // Each number of a step opens exactly those people.
    browser.open(&page(&format!("{campaign}/steps"))).unwrap();
    assert!(browser.count(".ladder.desk-only a").unwrap() >= 2, "every number is a link");
    browser.open(&page(&format!("{campaign}/steps/0?at=sent"))).unwrap();
    assert_eq!(browser.count(".people-table tbody tr").unwrap().to_string(), people);
}

/// The marks of what only the shop can say, replaced by a sentence.
fn slots_filled(document: &str) -> String {
    let mut text = document.to_owned();
    while let Some(from) = text.find('【') {
        let Some(length) = text[from..].find('】') else { break };
        text.replace_range(from..from + length + '】'.len_utf8(), "見本の文です。");
    }
    text
}
