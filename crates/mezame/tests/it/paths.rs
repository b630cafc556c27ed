//! The path of a campaign and of one customer through it, as the command line tells them.

use crate::campaign::{approved, listening, mail, sender, shop};
use crate::world::{World, on_both};
use madeup::{SmsGateway, SmsTemper};
use serde_json::Value;

const START: &str = "2026-11-23";
const HEADER: &str = "order,customer,name,email,ordered_at,total,product\n";

/// A letter by mail, and five days later one to those who neither ordered nor clicked.
fn document() -> String {
    crate::campaign::letter(0.0, true)
        .replace("owner =", "no_holdout_because = \"試験\"\nowner =")
        .replace("after_days = 7", "after_days = 5")
}

/// One customer orders after the first letter, one leaves, the others get both.
fn story(world: &World) -> (World, String, usize, usize) {
    shop(world, 12);
    let sink = listening();
    sender(world, sink.addr().port());
    let id = approved(world, "冬のお便り", &document()).to_string();
    world.on(START).json(&["work", "--once"]);
    let who = |n: usize| sink.accepted()[n].rcpt[8..].split('@').next().unwrap().parse::<usize>().unwrap();
    let (buyer, leaver) = (who(0), who(1));
    let later = world.on("2026-11-28");
    let file = later.file("more.csv", format!("{HEADER}new-1,{buyer},,,2026-11-25 09:00:00,4000,お茶\n"));
    let map = world.dir.path().join("map.toml").display().to_string();
    later.import(&[&file, "--map", &map]);
    let number = later.json(&["customer", &mail(leaver)])["customer"].to_string();
    later.ok(&["suppress", &number, "--channel", "mail", "--reason", "mail_opt_out", "--by", "山田"]);
    later.json(&["work", "--once"]);
    (later, id, buyer, leaver)
}

fn counts(show: &Value, step: usize) -> [u64; 6] {
    let counts = &show["steps"][step]["counts"];
    ["due", "sent", "waiting", "skipped", "ordered", "failed"].map(|name| counts[name].as_u64().unwrap())
}

/// Every step says its channel, its moment, its condition and how many stand where.
#[test]
fn the_whole_campaign_step_by_step() {
    on_both(|world| {
        let (later, id, _, _) = story(world);
        let show = later.json(&["campaign", "show", &id]);
        assert_eq!(counts(&show, 0), [11, 11, 0, 0, 0, 0], "{show}");
        assert_eq!(counts(&show, 1), [11, 9, 0, 1, 1, 0], "one left by an order, one by a rule: {show}");
        assert_eq!(show["steps"][1]["channel"], "mail");
        assert_eq!(show["steps"][1]["words"], "新茶のお知らせ");
        assert_eq!(show["steps"][1]["when"]["ja"], "開始から5日後 10:00");
        assert!(show["steps"][1]["only"]["ja"].as_str().unwrap().contains("注文した"), "{show}");
        let table = later.ok(&["campaign", "show", &id]);
        assert!(table.contains("ご注文により卒業") && table.contains("開始から5日後 10:00"), "{table}");
    });
}

// M114: the timeline shows the order that was made between two steps, and the second letter never went.
#[test]
fn the_path_shows_the_order_and_no_letter_after_it() {
    on_both(|world| {
        let (later, id, buyer, _) = story(world);
        let path = |who: usize| later.json(&["campaign", "why", &id, &mail(who)])["path"].clone();
        let kinds = |path: &Value| -> Vec<String> {
            path["marks"].as_array().unwrap().iter().map(|m| m["kind"].as_str().unwrap().to_owned()).collect()
        };
        let bought = path(buyer);
        assert_eq!(kinds(&bought), ["sent", "order", "skipped"], "{bought}");
        let at: Vec<i64> =
            bought["marks"].as_array().unwrap().iter().map(|m| m["at"].as_i64().unwrap()).collect();
        assert!(at.is_sorted(), "in the order of time: {bought}");
        assert_eq!(bought["marks"][1]["spend"], 400_000);
        let other = (1..=12).find(|i| *i != 7 && kinds(&path(*i)) == ["sent", "sent"]);
        assert!(other.is_some(), "who ordered nothing got both");
    });
}

/// What is next, and on which day.
#[test]
fn a_path_says_what_is_next() {
    let world = World::sqlite();
    shop(&world, 3);
    let sink = listening();
    sender(&world, sink.addr().port());
    let id = approved(&world, "冬のお便り", &document()).to_string();
    let why = |world: &World| world.json(&["campaign", "why", &id, &mail(1)])["path"].clone();
    assert_eq!(why(&world)["ja"], "次は11月23日10:00の「thanks」(メール)です。");
    let next = world.on(START);
    next.json(&["work", "--once"]);
    assert_eq!(why(&next)["ja"], "次は11月28日10:00の「news」(メール)です。", "{}", why(&next));
    assert_eq!(why(&next)["next"], 1);
    world.ok(&["campaign", "cancel", &id, "--by", "山田", "--why", "試験"]);
    assert_eq!(why(&next)["ja"], "この先の予定はありません。");
}

// M118: whose mail is dead and whose mobile number is not gets the SMS first; who has mail gets no SMS.
#[test]
fn a_dead_mailbox_with_a_mobile_gets_the_sms_step_first() {
    on_both(|world| {
        let orders = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nphone = \"phone\"\nordered_at = \"at\"\ntotal = \"total\"\nitem = \"item\"\n";
        let consents =
            "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";
        let (mut rows, mut agreed) =
            ("order,customer,name,email,phone,at,total,item\n".to_owned(), "who,channel,given\n".to_owned());
        for i in 1..=2 {
            rows.push_str(&format!(
                "{i},{i},見本{i} 花子,{},090-0000-000{i},2026-01-10 10:00:00,3000,お茶\n",
                mail(i)
            ));
            agreed.push_str(&format!("{0},mail,yes\n{0},sms,yes\n", mail(i)));
        }
        for (name, text, map) in [("orders", rows, orders), ("consents", agreed, consents)] {
            let (file, map) =
                (world.file(&format!("{name}.csv"), text), world.file(&format!("{name}.toml"), map));
            world.import(&[&file, "--map", &map]);
        }
        let (sink, gateway) = (listening(), SmsGateway::start(SmsTemper::default()).unwrap());
        sender(world, sink.addr().port());
        let generic = include_str!("../../../outreach/data/sms/generic.toml");
        for (key, value) in [
            ("stale_hours", "1000000"),
            ("sms.provider", &world.file("own.toml", generic)),
            ("sms.account", &format!("endpoint = {}; sender = MIHONDO", gateway.url())),
        ] {
            world.ok(&["settings", "set", key, value]);
        }
        let path = world.data().join("secrets.toml");
        let keys = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("sms_secret = \"token\"\n{keys}")).unwrap();
        let dead = world.json(&["customer", &mail(1)])["customer"].to_string();
        world.ok(&["suppress", &dead, "--channel", "mail", "--reason", "bad_address", "--by", "山田"]);
        let document = document();
        let (head, steps) = document.split_once("[[steps]]").unwrap();
        let first = "[[steps]]\nname = \"SMS\"\nkind = \"thanks\"\nafter_days = 0\nat = \"11:00\"\nchannel = \"sms\"\nunless = [\"ordered\"]\nwithout = [\"mail\"]\n[steps.words]\nbody = \"{{ shop }}です。いつもありがとうございます。{{ refresh }} {{ stop }}\"\n\n";
        let document = format!("{head}{first}[[steps]]{}", steps.replace("after_days = 0", "after_days = 3"));
        let id = approved(world, "もう一度", &document).to_string();
        world.on(START).json(&["work", "--once"]);
        let later = world.on("2026-11-26");
        later.json(&["work", "--once"]);
        let told = |who: usize| -> Vec<(String, String)> {
            let path = later.json(&["campaign", "why", &id, &mail(who)])["path"].clone();
            let marks = path["marks"].as_array().unwrap().clone();
            let pair = |m: &Value| {
                (m["channel"].as_str().unwrap().to_owned(), m["kind"].as_str().unwrap().to_owned())
            };
            marks.iter().take(2).map(pair).collect()
        };
        let pair = |channel: &str, kind: &str| (channel.to_owned(), kind.to_owned());
        let (first, second) = (told(1), told(2));
        assert_eq!(first[0], pair("sms", "sent"), "{first:?}");
        assert_ne!(first[1], pair("mail", "sent"), "{first:?}");
        assert_eq!(second, [pair("sms", "skipped"), pair("mail", "sent")]);
        assert_eq!((gateway.accepted().len(), sink.mails()), (1, 1));
    });
}
