//! The pages in a real browser: import, board, list, person.

use crate::world::World;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use testkit::browser::{Browser, Screen};

pub struct Served {
    child: Child,
    pub url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub fn serve(world: &World) -> Served {
    let mut child = world.command(&["serve", "--port", "0"]).stderr(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .find_map(|l| l.ok().filter(|l| l.starts_with("http://")));
    let url = line.unwrap().split_whitespace().next().unwrap().to_owned();
    Served { child, url }
}

#[test]
fn a_marketer_imports_reads_the_board_and_opens_a_person() {
    let world = World::sqlite();
    let shop = world.dir.path().join("shop").display().to_string();
    world.ok(&["make-shop", "--customers", "120", "--seed", "5", "--out", &shop, "--format", "shopify"]);
    let served = serve(&world);
    let browser = Browser::start().unwrap();
    browser.screen(Screen::Desktop).unwrap();

    browser.open(&served.url).unwrap();
    browser.wait_for_text("取込").unwrap();
    browser.open(&format!("{}import", served.url)).unwrap();
    let file = format!("{shop}/orders_export.csv");
    browser.fill("input[type=file]", &file).unwrap();
    browser.click("form[enctype='multipart/form-data'] button[type=submit]").unwrap();
    browser.wait_for_text("shopify").unwrap();
    browser.click("form[data-run] button").unwrap();
    browser.wait_for_text("完了").unwrap();

    for page in [
        "",
        "customers",
        "customers?show=outlook",
        "import",
        "reach",
        "policy",
        "segments",
        "suggestions",
        "products",
        "settings",
        "settings/mail",
        "settings/sender",
        "settings/automatic",
        "access",
        "model",
        "ranking",
        "ranking?channel=sms&budget=120",
        "ranking?channel=phone&reachable=1",
    ] {
        for screen in [Screen::Desktop, Screen::Phone] {
            browser.screen(screen).unwrap();
            browser.open(&format!("{}{page}", served.url)).unwrap();
            let findings = browser.serious_findings().unwrap();
            assert!(findings.is_empty(), "/{page}: {findings:#?}");
        }
    }
    browser.screen(Screen::Desktop).unwrap();
    let dormant = world.customers("state = 'dormant'").len();
    browser.open(&served.url).unwrap();
    browser.wait_for_text(&format!("休眠 {dormant}人")).unwrap();
    browser.open(&format!("{}customers?where=state+%3D+%27dormant%27", served.url)).unwrap();
    browser.wait_for_text(&format!("{dormant}人")).unwrap();
    browser.click("main table a[href^='/customers/']").unwrap();
    browser.wait_for_text("以上で休眠").unwrap();
    assert!(browser.count("main svg").unwrap() >= 1, "the life as a picture");
    assert_eq!(browser.count("main .chance-tile svg").unwrap(), 1, "what to expect, with its interval");
    for screen in [Screen::Desktop, Screen::Phone] {
        browser.screen(screen).unwrap();
        let findings = browser.serious_findings().unwrap();
        assert!(findings.is_empty(), "person: {findings:#?}");
    }
    browser.screen(Screen::Desktop).unwrap();
    a_budget_slides(&browser, &served.url);
}

/// The slider tells its figures while it moves, then the page follows; without script a button does.
fn a_budget_slides(browser: &Browser, url: &str) {
    browser.open(&format!("{url}ranking?channel=sms")).unwrap();
    let people = || browser.text("[data-live=people]").unwrap().parse::<u64>().unwrap();
    let all = people();
    assert!(all > 4, "{all} are enough to cut");
    let moved = "const s = document.getElementById('slide'); s.value = s.max / 2;
        s.dispatchEvent(new Event('input', {bubbles: true}));";
    browser.script(moved, &[]).unwrap();
    let half = people();
    assert!((1..all).contains(&half), "{half} of {all} before the server is asked");
    browser
        .script("document.getElementById('slide').dispatchEvent(new Event('change', {bubbles: true}))", &[])
        .unwrap();
    browser.wait_for_text("予算はここまで").unwrap();
    assert_eq!(people(), half, "the server says the same");
    assert!(browser.url().unwrap().contains("budget=") && !browser.url().unwrap().contains("slide="));

    browser.page_scripts(false).unwrap();
    browser.open(&format!("{url}ranking?channel=sms")).unwrap();
    browser.fill("#budget", "36").unwrap();
    browser.click(".go button").unwrap();
    browser.wait_for_text("予算はここまで 3人").unwrap();
    browser.page_scripts(true).unwrap();
}
