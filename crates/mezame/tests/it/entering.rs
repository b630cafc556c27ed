//! Campaigns that customers enter one by one, on the day something happens to them.

use crate::campaign::{listening, mail, sender};
use crate::world::{World, on_both};
use std::collections::BTreeSet;

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nordered_at = \"at\"\nshipped = \"shipped\"\ntotal = \"total\"\nitem = \"item\"\n";
const PEOPLE: &str = "kind = \"customers\"\n[columns]\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nbirthday = \"birthday\"\n";

/// (birthday, ordered, shipped) of customers 1, 2 ...
type Life = (&'static str, &'static str, &'static str);

fn shop(world: &World, lives: &[Life]) {
    let mut people = "customer,name,email,birthday\n".to_owned();
    let mut orders = "order,customer,name,email,at,shipped,total,item\n".to_owned();
    let mut consents = "who,channel,given\n".to_owned();
    for (i, (birthday, ordered, shipped)) in (1..).zip(lives) {
        let who = format!("{i},見本{i} 花子,{}", mail(i));
        people.push_str(&format!("{who},{birthday}\n"));
        orders.push_str(&format!("o{i},{who},{ordered} 10:00:00,{shipped},3000,お茶\n"));
        consents.push_str(&format!("{},mail,yes\n", mail(i)));
    }
    let consents_map =
        "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";
    for (name, text, map) in
        [("people", people, PEOPLE), ("orders", orders, ORDERS), ("consents", consents, consents_map)]
    {
        let file = world.file(&format!("{name}.csv"), text);
        let map = world.file(&format!("{name}.toml"), map);
        world.import(&[&file, "--map", &map]);
    }
    world.ok(&["settings", "set", "stale_hours", "1000000"]);
}

fn document(trigger: &str, start: &str, steps: &[i32], holdout: f64) -> String {
    let because = if holdout > 0.0 { "" } else { "no_holdout_because = \"試験\"" };
    let mut text = format!(
        "owner = \"山田\"\nholdout = {holdout:?}\n{because}\nwindow = 30\nstart = \"{start}\"\nlate_hours = 200\n\
         [enter]\n{trigger}\n[whom]\ncondition = \"n_orders >= 1\"\n"
    );
    for (n, after) in steps.iter().enumerate() {
        let unless = if n == 0 { "" } else { "\"ordered\"" };
        text.push_str(&format!(
            "[[steps]]\nname = \"{n}\"\nkind = \"thanks\"\nafter_days = {after}\nat = \"10:00\"\nchannel = \"mail\"\nunless = [{unless}]\n\
             [steps.words]\nsubject = \"いつもありがとうございます\"\nbody = \"{{{{ addressee }}}}\\n\\nご利用ありがとうございます。\\n\\n[お店を見る](/)\"\n"
        ));
    }
    text
}

fn approved(world: &World, document: &str) -> String {
    let file = world.file("campaign.toml", document);
    let id = world.json(&["campaign", "new", "きっかけ", "--file", &file])["id"].to_string();
    world.json(&["campaign", "plan", &id]);
    world.ok(&["campaign", "approve", &id, "--by", "山田", "--yes"]);
    id
}

/// Whom each of these days reached, by customer, after those before.
fn reached(world: &World, days: &[&str], lives: &[Life]) -> Vec<Vec<usize>> {
    let sink = listening();
    sender(world, sink.addr().port());
    let mut before: BTreeSet<String> = BTreeSet::new();
    let look = |day: &&str| {
        world.on(day).json(&["work", "--once"]);
        // A step is told from another by its Message-ID.
        let now: Vec<(String, String)> =
            sink.accepted().into_iter().map(|m| (m.message_id, m.rcpt)).collect();
        let new: Vec<&(String, String)> = now.iter().filter(|(id, _)| !before.contains(id)).collect();
        let who = (1..=lives.len()).filter(|i| new.iter().any(|(_, rcpt)| *rcpt == mail(*i))).collect();
        before.extend(now.iter().map(|(id, _)| id.clone()));
        who
    };
    days.iter().map(look).collect()
}

/// Due on the day and on no other, whatever the month's length (M090); once each, however often it is looked.
#[test]
fn a_month_after_the_last_order_at_the_ends_of_months() {
    let lives =
        [("", "2027-01-29", ""), ("", "2027-01-30", ""), ("", "2027-01-31", ""), ("", "2027-02-02", "")];
    let world = World::sqlite().on("2027-02-25");
    shop(&world, &lives);
    sender(&world, 1);
    approved(&world, &document("when = \"last_order\"\ndays = 30", "2027-02-25", &[0], 0.0));
    let days = ["2027-02-27", "2027-02-28", "2027-02-28", "2027-03-01", "2027-03-04", "2027-03-05"];
    let found = reached(&world, &days, &lives);
    // 2 February and thirty days is 4 March.
    assert_eq!(found, [vec![], vec![1], vec![], vec![2], vec![3, 4], vec![]]);
}

/// 29 February is the 28th in other years; nobody without a birthday is congratulated (M094).
#[test]
fn birthdays_of_leap_years_and_unknown_ones() {
    let lives = [("1980-02-28", "2026-12-01", ""), ("1984-02-29", "2026-12-01", ""), ("", "2026-12-01", "")];
    for (start, days, expected) in [
        ("2027-02-26", ["2027-02-27", "2027-02-28", "2027-03-01"], [vec![], vec![1, 2], vec![]]),
        ("2028-02-26", ["2028-02-28", "2028-02-29", "2028-03-01"], [vec![1], vec![2], vec![]]),
    ] {
        let world = World::sqlite().on(start);
        shop(&world, &lives);
        sender(&world, 1);
        approved(&world, &document("when = \"birthday\"", start, &[0], 0.0));
        assert_eq!(reached(&world, &days, &lives), expected, "{start}");
    }
}

/// Counted from the delivery where one is known, else from the order; an order after the first letter
/// stops the second, one before they entered does not (M152, M089).
#[test]
fn after_the_first_delivery_and_not_after_the_first_order() {
    let lives = [("", "2026-11-10", "2026-11-20"), ("", "2026-11-20", ""), ("", "2026-11-21", "2026-11-21")];
    on_both(|world| arrivals(world, &lives));
}

fn arrivals(world: &World, lives: &[Life]) {
    shop(world, lives);
    sender(world, 1);
    let trigger = "when = \"first_arrival\"\ndays = 3\nuntil = \"2026-11-24\"";
    let id = approved(world, &document(trigger, "2026-11-23", &[0, 5], 0.0));
    assert_eq!(reached(world, &["2026-11-23"], lives), [vec![1, 2]]);
    let again = world.file(
        "again.csv",
        format!("order,customer,name,email,at,shipped,total,item\no9,2,見本2 花子,{},2026-11-25 10:00:00,,3000,お茶\n", mail(2)),
    );
    let map = world.file("again.toml", ORDERS);
    world.on("2026-11-26").import(&[&again, "--map", &map]);
    let days = ["2026-11-24", "2026-11-28", "2026-11-29", "2026-12-02"];
    assert_eq!(reached(world, &days, lives), [vec![3], vec![1], vec![3], vec![]]);
    assert_eq!(world.json(&["campaign", "show", &id])["state"], "finished");
}

/// The lot is a hash of seed and customer: whoever is held out is never written to, and what the campaign
/// brought is measured against them, each from their own day.
#[test]
fn those_who_enter_are_drawn_and_measured_from_their_own_day() {
    let lives: Vec<Life> =
        (0..60).map(|i| ("", if i % 2 == 0 { "2026-10-24" } else { "2026-10-25" }, "")).collect();
    let world = World::sqlite();
    shop(&world, &lives);
    sender(&world, 1);
    let trigger = "when = \"last_order\"\ndays = 30\nuntil = \"2026-11-24\"";
    let id = approved(&world, &document(trigger, "2026-11-23", &[0], 0.4));
    let found = reached(&world, &["2026-11-23", "2026-11-24"], &lives);
    let treated = found[0].len() + found[1].len();
    assert!((20..55).contains(&treated), "{treated} of 60");
    assert!(found[0].iter().all(|i| i % 2 == 1) && found[1].iter().all(|i| i % 2 == 0), "{found:?}");
    let early = world.on("2026-12-01").json(&["measure", &id]);
    assert_eq!(early["verdict"]["verdict"], "too_early", "{early}");
    // One order of a treated customer on the 29th day of theirs, one on the 31st: only the first counts.
    let (first, second) = (found[1][0], found[1][1]);
    let file = world.file(
        "back.csv",
        format!(
            "order,customer,name,email,at,shipped,total,item\nb1,{first},見本{first} 花子,{},2026-12-22 10:00:00,,3000,お茶\n\
             b2,{second},見本{second} 花子,{},2026-12-25 10:00:00,,3000,お茶\n",
            mail(first),
            mail(second)
        ),
    );
    let map = world.file("back.toml", ORDERS);
    let late = world.on("2027-01-05");
    late.import(&[&file, "--map", &map]);
    late.json(&["work", "--once"]);
    let told = late.json(&["measure", &id]);
    let window = told["windows"].as_array().unwrap().iter().find(|w| w["primary"] == true).unwrap().clone();
    assert_eq!(window["treated"]["of"].as_u64(), Some(treated as u64), "{told}");
    assert_eq!(window["treated"]["hits"], 1, "{window}");
    assert_eq!(window["over"], true, "{window}");
}

/// A variant may say another hour than its step: the earliest of them begins the step's day.
#[test]
fn a_variants_earlier_hour_is_kept() {
    let lives = [("", "2027-01-29", "")];
    let world = World::sqlite().on("2027-02-25");
    shop(&world, &lives);
    sender(&world, 1);
    let evening =
        document("when = \"last_order\"\ndays = 30", "2027-02-25", &[0], 0.0).replace("10:00", "20:30");
    let variant =
        "[[variants]]\nname = \"朝\"\nshare = 1.0\n[[variants.changes]]\nstep = \"0\"\nat = \"09:00\"\n";
    approved(&world, &format!("{evening}{variant}"));
    assert_eq!(reached(&world, &["2027-02-28", "2027-03-01"], &lives), [vec![1], vec![]]);
}
