//! What people hold in the cart, how often they hear, and what is sent in which season.

use crate::campaign::{approved, listening, mail, sender};
use crate::world::{World, on_both};
use serde_json::Value;
use std::collections::BTreeMap;

mod line;

const ORDERS: &str = "kind = \"orders\"\n[columns]\norder = \"order\"\ncustomer = \"customer\"\nname = \"name\"\nemail = \"email\"\nordered_at = \"at\"\ntotal = \"total\"\nitem = \"item\"\nmedium = \"medium\"\n";
const CONSENTS: &str =
    "kind = \"consents\"\n[columns]\ncustomer = \"who\"\nchannel = \"channel\"\nagreed = \"given\"\n";

/// Customers 1, 2 ... who ordered once on a day.
fn shop(world: &World, customers: usize, ordered: &str) {
    let rows: Vec<(usize, String)> =
        (1..=customers).map(|i| (i, format!("o{i},{ordered} 10:00:00,"))).collect();
    order(world, "orders", &rows);
    let mut consents = "who,channel,given\n".to_owned();
    (1..=customers).for_each(|i| consents.push_str(&format!("{},mail,yes\n", mail(i))));
    let (consents, map) = (world.file("consents.csv", consents), world.file("consents.toml", CONSENTS));
    world.import(&[&consents, "--map", &map]);
    world.ok(&["settings", "set", "stale_hours", "1000000"]);
}

/// Orders of customers: `id,time,medium`.
fn order(world: &World, file: &str, rows: &[(usize, String)]) {
    let mut text = "order,customer,name,email,at,total,item,medium\n".to_owned();
    for (i, row) in rows {
        let (id, rest) = row.split_once(',').unwrap();
        let (at, medium) = rest.split_once(',').unwrap();
        text.push_str(&format!("{id},{i},見本{i} 花子,{},{at},3000,お茶,{medium}\n", mail(*i)));
    }
    let (text, map) = (world.file(&format!("{file}.csv"), text), world.file("orders.toml", ORDERS));
    world.import(&[&text, "--map", &map]);
}

fn points(world: &World, rows: &str) -> Value {
    let file = world.file("points.csv", format!("customer,balance,expires,as_of\n{rows}"));
    world.import(&[&file])[0].clone()
}

/// Slots filled, ready to be approved.
fn scenario(world: &World, id: &str, start: &str, change: impl Fn(String) -> String) -> String {
    let draft = world.json(&[
        "campaign",
        "new",
        &format!("{id} 下書き"),
        "--scenario",
        id,
        "--start",
        start,
        "--owner",
        "山田",
    ]);
    let text = world.ok(&["campaign", "export", &draft["id"].to_string()]);
    world.ok(&["campaign", "drop", &draft["id"].to_string()]);
    let mut filled = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('【') {
        filled.push_str(before);
        let (_, after) = after.split_once("ここに】").unwrap();
        filled.push_str("見本の文です。");
        rest = after;
    }
    filled.push_str(rest);
    let filled = filled.replace("holdout = 0.1", "holdout = 0.0\nno_holdout_because = \"試験\"");
    let name = format!("name = \"{id} 下書き\"");
    change(filled.replace(&name, "name = \"\"").replace("late_hours = 24", "late_hours = 200"))
}

/// What became of the first step, by customer, as it is told.
fn fates(world: &World, campaign: i64, customers: usize) -> BTreeMap<usize, String> {
    let fate = |i: usize| {
        let why = world.json(&["campaign", "why", &campaign.to_string(), &mail(i)]);
        (i, why["steps"][0]["ja"].as_str().unwrap().to_owned())
    };
    (1..=customers).map(fate).collect()
}

/// M077, M164, L-25: what is told of points is what is there when the letter leaves, or nothing is told.
#[test]
fn m077_points_are_told_as_they_stand_at_the_moment_of_sending() {
    on_both(|world| {
        shop(world, 7, "2026-01-10");
        let all: String = (1..=7).map(|i| format!("{i},1000,2026-12-07,2026-11-22\n")).collect();
        assert_eq!(points(world, &all)["inserted"], 7);
        assert_eq!(points(world, &all)["unchanged"], 7, "the same file twice changes nothing");
        assert_eq!(points(world, "1,5,2026-12-07,2026-11-01\n")["unchanged"], 1, "older news is no news");
        sender(world, 1);
        let document = scenario(world, "points_end", "2026-11-23", |text| {
            text.replace("unless = [\"ordered\"]", "unless = []")
        });
        let id = approved(world, "ポイントの期限", &document);
        // Nobody listens: the letters stay in line.
        let next = world.on("2026-11-23");
        assert_eq!(next.json(&["work", "--once"])["sent"], 0);
        let later = world.on("2026-11-24");
        points(
            &later,
            "1,700,2026-12-07,2026-11-24\n2,0,,2026-11-24\n3,1000,2027-12-07,2026-11-24\n4,1000,2026-12-07,2026-11-24\n7,1000,2026-12-07,2026-11-24\n",
        );
        order(&later, "again", &[(6, "n6,2026-11-23 18:00:00,".to_owned())]);
        later.ok(&["settings", "set", "points_days", "1"]);
        let sink = listening();
        later.ok(&["settings", "set", "sending.port", &sink.addr().port().to_string()]);
        later.json(&["work", "--once"]);
        let said: BTreeMap<String, String> = sink
            .accepted()
            .into_iter()
            .map(|m| (m.rcpt, String::from_utf8_lossy(&m.bytes).into_owned()))
            .collect();
        let reached: Vec<&String> = said.keys().collect();
        assert_eq!(reached, [&mail(1), &mail(4), &mail(7)], "{:?}", fates(&later, id, 7));
        let [ours, others] = [&said[&mail(1)], &said[&mail(4)]];
        assert!(ours.contains("700") && !ours.contains("1,000"), "{ours}");
        assert!(others.contains("1,000"), "{others}");
        let fates = fates(&later, id, 7);
        for (i, said) in
            [(2, "残っていません"), (3, "期限が変わりました"), (5, "残高が古く"), (6, "残高が古く")]
        {
            assert!(fates[&i].contains(said), "{i}: {}", fates[&i]);
        }
    });
}

/// M077: a coupon of the cart that was used since is not spoken of; one that was not is, with its own end.
#[test]
fn m077_a_coupon_held_in_the_cart_is_told_of_while_it_is_there() {
    let world = World::sqlite();
    shop(&world, 3, "2026-01-10");
    let coupons = |rows: &str| {
        let file = world.file("coupons.csv", format!("customer,code,expires,used,as_of\n{rows}"));
        world.import(&[&file])[0].clone()
    };
    let rows = "1,AKI-1,2026-11-30,,2026-11-22\n2,AKI-2,2026-11-30,,2026-11-22\n3,AKI-3,2026-11-30,2026-11-20,2026-11-22\n";
    assert_eq!(coupons(rows)["inserted"], 3);
    assert_eq!(coupons(rows)["unchanged"], 3);
    sender(&world, 1);
    let document = scenario(&world, "coupon_end", "2026-11-23", |text| {
        text.replace("unless = [\"ordered\"]", "unless = []")
    });
    let id = approved(&world, "クーポンの期限", &document);
    world.on("2026-11-23").json(&["work", "--once"]);
    // An order that names the code says that it was used before the cart's list does.
    let later = world.on("2026-11-24");
    order(&later, "used", &[(2, "n2,2026-11-23 18:00:00,aki-2".to_owned())]);
    let sink = listening();
    later.ok(&["settings", "set", "sending.port", &sink.addr().port().to_string()]);
    later.json(&["work", "--once"]);
    let mails = sink.accepted();
    assert_eq!(mails.len(), 1, "{:?}", fates(&later, id, 3));
    assert_eq!(mails[0].rcpt, mail(1));
    assert!(String::from_utf8_lossy(&mails[0].bytes).contains("AKI-1"));
    assert!(fates(&later, id, 3)[&2].contains("残っていません"));
}

fn offered(codes: &str, rest: &str) -> String {
    format!(
        "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\nwindow = 90\nstart = \"2026-11-23\"\nlate_hours = 200\n\
         [goal]\nhypothesis = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n\
         [offer]\nkind = \"yen\"\namount = 500\nname = \"500円引き\"\nends = \"2026-12-20\"\ncodes = \"{codes}\"\n\
         [[steps]]\nname = \"お礼\"\nkind = \"reason\"\nafter_days = 0\nat = \"10:00\"\nchannel = \"mail\"\nunless = []\n{rest}\
         [steps.words]\nsubject = \"いつもありがとうございます\"\nbody = \"{{{{ addressee }}}}\\n\\nいつもありがとうございます。{{{{ offer }}}}のコードは{{{{ coupon }}}}です。{{{{ offer_ends }}}}までお使いいただけます。\\n\\n[お店を見る](/)\"\n"
    )
}

/// M164, the round trip: the cart's list in, one code each and never twice, out as a list the cart can
/// load, and the orders that name a code tied back to it.
#[test]
fn m164_codes_go_out_once_each_and_come_back_with_the_orders() {
    on_both(|world| {
        shop(world, 4, "2026-01-10");
        let sink = listening();
        sender(world, sink.addr().port());
        let file = world.file("campaign.toml", offered("listed", ""));
        let id = world.json(&["campaign", "new", "コード", "--file", &file])["id"].to_string();
        let list = world.file("codes.csv", "クーポンコード,備考\nCart-a1,x\nCart-a2,x\nCart-a3,x\n");
        assert_eq!(world.json(&["codes", "import", &id, &list])["new"], 3);
        assert_eq!(world.json(&["codes", "import", &id, &list]), serde_json::json!({ "new": 0, "known": 3 }));
        world.json(&["campaign", "plan", &id]);
        let refused = world.fails(1, &["campaign", "approve", &id, "--by", "山田", "--yes"]);
        assert!(refused.contains("3 codes are left for 4 customers"), "{refused}");
        assert_eq!(world.json(&["codes", "make", &id, "--count", "2"])["new"], 2);
        world.ok(&["campaign", "approve", &id, "--by", "山田", "--yes"]);
        let next = world.on("2026-11-23");
        assert_eq!(next.json(&["work", "--once"])["sent"], 4);
        let exported = next.ok(&["codes", "export", &id]);
        let rows: Vec<Vec<&str>> = exported.lines().skip(1).map(|l| l.split(',').collect()).collect();
        let given: BTreeMap<&str, &str> =
            rows.iter().filter(|r| !r[1].is_empty()).map(|r| (r[0], r[1])).collect();
        assert_eq!((rows.len(), given.len()), (5, 4), "one is left over: {exported}");
        for sent in sink.accepted() {
            let text = String::from_utf8_lossy(&sent.bytes).into_owned();
            let named: Vec<&&str> = given.keys().filter(|code| text.contains(**code)).collect();
            assert_eq!(named.len(), 1, "one code each");
        }
        assert_eq!(next.ok(&["codes", "export", &id, "--bare"]).lines().count(), 5);
        // The cart says in its own case what was typed.
        let code = given.keys().find(|c| c.starts_with("Cart")).unwrap().to_lowercase();
        let later = world.on("2026-11-26");
        order(&later, "back", &[(1, format!("b1,2026-11-25 10:00:00,{code}"))]);
        let told = later.json(&["codes", "list", &id]);
        assert_eq!(
            (&told["given"], &told["used"], &told["left"]),
            (&4.into(), &1.into(), &1.into()),
            "{told}"
        );
        // Asked again, nobody gets a second one.
        later.json(&["work", "--once"]);
        assert_eq!(later.json(&["codes", "list", &id])["given"], 4);
    });
}

/// M164: a shared code and one of a step's own are counted from the orders that name them, apart.
#[test]
fn m164_shared_and_spoken_codes_are_counted_from_orders() {
    on_both(|world| {
        shop(world, 3, "2026-01-10");
        sender(world, 1);
        let document = offered("shared\"\ncode = \"FUYU", "code = \"OREI-M\"\n");
        let id = approved(world, "媒体コード", &document).to_string();
        let later = world.on("2026-11-30");
        order(
            &later,
            "back",
            &[
                (1, "b1,2026-11-25 10:00:00,OREI-M".to_owned()),
                (2, "b2,2026-11-26 10:00:00,fuyu".to_owned()),
                (3, "b3,2026-11-26 11:00:00,FUYU".to_owned()),
                (3, "b4,2026-11-26 12:00:00,google".to_owned()),
                (3, "b5,2026-11-01 12:00:00,FUYU".to_owned()),
            ],
        );
        let told = later.json(&["codes", "list", &id]);
        let counted: Vec<(&str, &str, u64)> = told["spoken"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                (c["code"].as_str().unwrap(), c["step"].as_str().unwrap(), c["orders"].as_u64().unwrap())
            })
            .collect();
        assert_eq!(
            counted,
            [("FUYU", "", 2), ("OREI-M", "お礼", 1)],
            "before its start nothing counts: {told}"
        );
    });
}

/// A newsletter of so many weekly issues.
fn newsletter(issues: usize) -> String {
    let mut text = "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\nwindow = 90\nstart = \"2026-11-23\"\nlate_hours = 24\n\
         [newsletter]\n[goal]\nhypothesis = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n"
        .to_owned();
    for n in 0..issues {
        text.push_str(&format!(
            "[[steps]]\nname = \"{n}号\"\nkind = \"news\"\nafter_days = {}\nat = \"10:00\"\nchannel = \"mail\"\nunless = []\n\
             [steps.words]\nsubject = \"店からのお便り{n}\"\nbody = \"{{{{ addressee }}}}\\n\\nいつもありがとうございます。\\n\\n[お店を見る](/)\"\n",
            7 * n
        ));
    }
    text
}

/// On which days each customer got an issue.
fn issues(world: &World, weeks: usize, on: impl Fn(usize, &World)) -> BTreeMap<usize, Vec<String>> {
    let sink = listening();
    sender(world, sink.addr().port());
    let start: model::Day = "2026-11-23".parse().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let mut got: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for week in 0..weeks {
        let day = start.plus(7 * week as i32).to_string();
        let then = world.on(&day);
        on(week, &then);
        then.json(&["work", "--once"]);
        for sent in sink.accepted() {
            if seen.insert(sent.message_id.clone()) {
                let who = sent.rcpt["customer".len()..].split('@').next().unwrap().parse().unwrap();
                got.entry(who).or_default().push(day[5..].to_owned());
            }
        }
    }
    got
}

/// M092: weekly and monthly lists each send as set; M093: 6 silent mails make it monthly, 12 make it rest,
/// any reaction brings it back, and every change says why.
#[test]
fn m092_m093_a_newsletter_comes_as_often_as_each_wants_and_bears() {
    let world = World::sqlite();
    shop(&world, 4, "2026-01-10");
    sender(&world, 1);
    for (who, cadence) in [(3, "monthly"), (4, "stopped")] {
        world.ok(&["newsletter", "set", &mail(who), cadence, "--by", "山田"]);
    }
    approved(&world, "お便り", &newsletter(35));
    let got = issues(&world, 35, |week, then| match week {
        3 => order(then, "back", &[(2, "b2,2026-12-10 10:00:00,".to_owned())]),
        33 => order(then, "late", &[(1, "b1,2027-07-06 10:00:00,".to_owned())]),
        _ => {}
    });
    let first = "11-23 11-30 12-07 12-14 12-21 12-28 01-04 02-01 03-01 04-05 05-03 06-07 07-12 07-19";
    assert_eq!(got[&1].join(" "), first, "six, then monthly, then rest, then back");
    assert!(
        got[&2].join(" ").starts_with("11-23 11-30 12-07 12-14 12-21 12-28 01-04 01-11 01-18 02-01 03-01"),
        "{:?}",
        got[&2]
    );
    assert!(got[&3].join(" ").starts_with("11-23 12-07 01-04 02-01 03-01 04-05"), "{:?}", got[&3]);
    assert!(!got.contains_key(&4), "stopped");
    let told = world.on("2027-07-20").json(&["newsletter", "show", &mail(1)]);
    let changes: Vec<(&str, &str)> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["cadence"].as_str().unwrap(), c["ja"].as_str().unwrap()))
        .collect();
    assert_eq!(
        changes,
        [
            ("weekly", "反応がありました: ご注文"),
            ("resting", "12通続けて反応(開封・クリック・ご注文)がありませんでした"),
            ("monthly", "6通続けて反応(開封・クリック・ご注文)がありませんでした"),
        ]
    );
    let why = world.on("2027-07-20").json(&["campaign", "why", "お便り", &mail(3)]);
    assert!(why["steps"][1]["ja"].as_str().unwrap().contains("今回はお届けしない回"), "{why}");
}

#[test]
fn m092_weekly_and_monthly_lists_on_postgres() {
    let world = World::postgres();
    shop(&world, 2, "2026-01-10");
    sender(&world, 1);
    world.ok(&["newsletter", "set", &mail(2), "monthly", "--by", "山田"]);
    approved(&world, "お便り", &newsletter(3));
    let got = issues(&world, 3, |_, _| {});
    assert_eq!(
        (got[&1].join(" "), got[&2].join(" ")),
        ("11-23 11-30 12-07".to_owned(), "11-23 12-07".to_owned())
    );
}

/// M115: A then B against B then A, drawn by lot in equal numbers and held against those who get nothing.
#[test]
fn m115_a_sequence_is_tried_in_both_orders() {
    let world = World::sqlite();
    shop(&world, 100, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    let step = |name: &str, after: usize| {
        format!(
            "[[steps]]\nname = \"{name}\"\nkind = \"reason\"\nafter_days = {after}\nat = \"10:00\"\nchannel = \"mail\"\nunless = [\"ordered\"]\n\
             [steps.words]\nsubject = \"subject-{name}\"\nbody = \"{{{{ addressee }}}}\\n\\nいつもありがとうございます。\\n\\n[お店を見る](/)\"\n"
        )
    };
    let document = format!(
        "owner = \"山田\"\nholdout = 0.2\nwindow = 30\nstart = \"2026-11-23\"\n[goal]\nhypothesis = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n{}{}\
         [[variants]]\nname = \"A-B\"\nshare = 0.5\nchanges = []\n[[variants]]\nname = \"B-A\"\nshare = 0.5\norder = [\"B\", \"A\"]\nchanges = []\n",
        step("A", 0),
        step("B", 8)
    );
    let id = approved(&world, "順番", &document).to_string();
    let said = |before: usize| -> (usize, usize) {
        let new: Vec<String> =
            sink.accepted().iter().map(|m| String::from_utf8_lossy(&m.bytes).into_owned()).collect();
        let of = |name: &str| new.iter().filter(|m| m.contains(&format!("subject-{name}"))).count();
        assert!(new.len() >= before);
        (of("A"), of("B"))
    };
    world.on("2026-11-23").json(&["work", "--once"]);
    let (first_a, first_b) = said(0);
    assert_eq!(first_a + first_b, 80, "a fifth is held out");
    assert!(first_a.abs_diff(first_b) <= 2, "balanced: {first_a} and {first_b}");
    world.on("2026-11-30").json(&["work", "--once"]);
    assert_eq!(said(80), (first_a, first_b), "nothing on the seventh day");
    world.on("2026-12-01").json(&["work", "--once"]);
    assert_eq!(said(80), (80, 80), "everybody got both by the eighth");
    let told = world.on("2026-12-30").json(&["measure", &id]);
    let arms = told["variants"]["results"].as_array().unwrap();
    assert_eq!(arms.len(), 2);
    for arm in arms {
        assert!(arm["lift"]["low"].as_f64().unwrap() <= arm["lift"]["high"].as_f64().unwrap(), "{arm}");
    }
    assert!(told["variants"]["winner"].is_null(), "nobody returned: no winner is named");
    let words = world.on("2026-12-30").ok(&["measure", &id]);
    assert!(words.contains("A-B") && words.contains("どの案が良いかは、まだ言えません"), "{words}");
}

/// M090, M166: a delay in business days or months fires on its own day and no other.
#[test]
fn m090_m166_delays_fire_on_business_days_and_at_the_ends_of_months() {
    let world = World::sqlite();
    shop(&world, 1, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    let closure = "[{\"name\": \"棚卸し\", \"from\": \"2027-02-03\", \"until\": \"2027-02-03\"}]";
    world.ok(&["settings", "set", "days_off.closures", closure]);
    let step = |name: &str, after: &str| {
        format!(
            "[[steps]]\nname = \"{name}\"\nkind = \"thanks\"\nafter = \"{after}\"\nat = \"10:00\"\nchannel = \"mail\"\nunless = []\n\
             [steps.words]\nsubject = \"いつもありがとうございます {name}\"\nbody = \"{{{{ addressee }}}}\\n\\nいつもありがとうございます。\\n\\n[お店を見る](/)\"\n"
        )
    };
    // Sunday 31 January; three business days on, past the closure: Monday, Tuesday, Thursday.
    let document = format!(
        "owner = \"山田\"\nholdout = 0.0\nno_holdout_because = \"試験\"\nwindow = 90\nstart = \"2027-01-31\"\n[goal]\nhypothesis = \"試験\"\n[whom]\ncondition = \"n_orders >= 1\"\n{}{}",
        step("営業日", "3 business days"),
        step("月", "1 month")
    );
    let world = world.on("2027-01-30");
    approved(&world, "遅れ", &document);
    let mut sent = vec![];
    for day in ["2027-02-03", "2027-02-04", "2027-02-05", "2027-02-27", "2027-02-28", "2027-03-01"] {
        if world.on(day).json(&["work", "--once"])["sent"] == 1 {
            sent.push(day);
        }
    }
    assert_eq!(sent, ["2027-02-04", "2027-02-28"]);
}

/// M099: 喪中: no 年賀 this season, 寒中見舞い proposed, the birthday letter unaffected; and each card only in
/// its days.
#[test]
fn m099_mourning_stops_the_new_years_card_alone() {
    on_both(|world| {
        shop(world, 3, "2026-01-10");
        let people = world.file(
            "people.csv",
            "customer,name,email,birthday,mourning\n1,見本1 花子,customer1@example.jp,1980-01-09,2026-10-02\n\
             2,見本2 花子,customer2@example.jp,1980-01-09,\n",
        );
        world.import(&[&people]);
        world.ok(&["mourning", &mail(3), "--since", "2026-11-01", "--by", "山田"]);
        let sink = listening();
        sender(world, sink.addr().port());
        let early = scenario(world, "nengajo_mail", "2026-12-25", |text| text);
        let draft = world.file("early.toml", early.replace("name = \"\"", "name = \"早い年賀\""));
        let check = world.run(&["campaign", "check", &draft, "--json"]);
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(said.contains("greeting_days") && said.contains("2027-01-01から2027-01-07"), "{said}");

        let document = scenario(world, "nengajo_mail", "2027-01-04", |text| text);
        let card = approved(world, "年賀", &document);
        let birthday = approved(world, "誕生日", &scenario(world, "birthday", "2026-12-30", |text| text));
        world.on("2027-01-02").json(&["work", "--once"]);
        world.on("2027-01-04").json(&["work", "--once"]);
        let reached = |campaign: i64| -> Vec<bool> {
            let told = |i| world.json(&["campaign", "why", &campaign.to_string(), &mail(i)]);
            (1..=3).map(|i| told(i)["steps"][0]["state"] == "sent").collect()
        };
        assert_eq!(reached(card), [false, true, false]);
        assert_eq!(reached(birthday), [true, true, false], "number 3 has no birthday on record");
        let why = world.json(&["campaign", "why", &card.to_string(), &mail(1)]);
        assert!(why["ja"].as_str().unwrap().contains("喪中"), "{why}");

        let proposed = |day: &str| -> Vec<String> {
            let told = world.on(day).json(&["campaign", "proposals"]);
            let all = told
                .as_array()
                .unwrap()
                .iter()
                .map(|p| format!("{} {}", p["word"].as_str().unwrap(), p["people"]));
            all.filter(|p| p.starts_with("mourning")).collect()
        };
        assert_eq!(proposed("2026-11-22"), [""; 0], "not before the cards are written");
        assert_eq!(proposed("2027-01-05"), ["mourning 2"]);
        let draft = world.on("2027-01-05").json(&["campaign", "propose", "mourning"])["id"].to_string();
        assert_eq!(proposed("2027-01-05"), [""; 0], "once");
        let kanchu = world.json(&["campaign", "export", &draft]);
        assert_eq!((&kanchu["start"], &kanchu["whom"]["mourning"]), (&"2027-01-08".into(), &true.into()));
        assert_eq!(proposed("2027-12-20"), [""; 0], "the next season it is over");
    });
}

/// M102: those who bought for 母の日 last year are proposed three weeks ahead, and are whom the draft is for.
#[test]
fn m102_last_years_buyers_of_mothers_day_are_proposed_three_weeks_ahead() {
    on_both(|world| {
        shop(world, 2, "2025-11-10");
        order(
            world,
            "gifts",
            &[(1, "g1,2026-05-01 10:00:00,".to_owned()), (2, "g2,2026-06-01 10:00:00,".to_owned())],
        );
        sender(world, 1);
        let words = |day: &str| -> Vec<String> {
            let told = world.on(day).json(&["campaign", "proposals"]);
            told.as_array()
                .unwrap()
                .iter()
                .map(|p| format!("{} {}", p["word"].as_str().unwrap(), p["people"]))
                .collect()
        };
        // 9 May 2027 is the second Sunday; three weeks before it is 18 April.
        assert!(
            !words("2027-04-17").iter().any(|w| w.starts_with("mothers_day")),
            "{:?}",
            words("2027-04-17")
        );
        assert!(words("2027-04-18").contains(&"mothers_day 1".to_owned()), "{:?}", words("2027-04-18"));
        let then = world.on("2027-04-18");
        let id = then.json(&["campaign", "propose", "mothers_day", "--owner", "山田"])["id"].to_string();
        assert!(!words("2027-04-18").iter().any(|w| w.starts_with("mothers_day")));
        let plan = then.json(&["campaign", "plan", &id]);
        assert_eq!(plan["forecast"]["found"], 1, "{plan}");
    });
}

/// M095: what a mail server of our own receives carries the headers of a list, the domain's signature, and
/// the sender's name, address and a way out in both parts.
#[test]
fn m095_a_letter_as_received_is_signed_and_says_who_writes() {
    let world = World::sqlite();
    shop(&world, 1, "2026-01-10");
    let sink = listening();
    sender(&world, sink.addr().port());
    world.ok(&["key", "dkim", "mz1"]);
    world.ok(&["settings", "set", "sending.dkim_selector", "mz1"]);
    let document =
        offered("none", "").replace("{{ offer }}のコードは{{ coupon }}です。", "{{ offer }}です。");
    approved(&world, "署名", &document);
    world.on("2026-11-23").json(&["work", "--once"]);
    let mails = sink.accepted();
    let text = String::from_utf8(mails[0].bytes.clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let signature = head.lines().find(|l| l.starts_with("DKIM-Signature:")).unwrap();
    for part in ["d=example.jp", "s=mz1", "b="] {
        assert!(signature.contains(part), "{part}: {signature}");
    }
    for header in
        ["From:", "Subject:", "List-Unsubscribe:", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    {
        assert!(head.contains(header), "{header}\n{head}");
    }
    assert!(signature.to_lowercase().contains("list-unsubscribe"), "the way out is signed too: {signature}");
    let parts: Vec<String> = body.split("Content-Type: text/").skip(1).map(decoded).collect();
    assert_eq!(parts.len(), 2, "plain and HTML");
    for part in parts {
        for said in ["見本堂", "東京都千代田区見本1-2-3", "info@example.jp", "/u/"] {
            assert!(part.replace("&#x2f;", "/").contains(said), "{said}: {part}");
        }
    }
}

/// A part as text, whichever way its body is written (RFC 2045, section 6).
fn decoded(part: &str) -> String {
    let (head, body) = part.split_once("\r\n\r\n").unwrap();
    let bytes = if head.contains("base64") { of_base64(body) } else { of_quoted(body) };
    String::from_utf8_lossy(&bytes).into_owned()
}

fn of_base64(body: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = body.bytes().filter_map(|b| LETTERS.iter().position(|l| *l == b));
    let (mut bytes, mut held, mut n) = (vec![], 0_u32, 0);
    for six in bits {
        (held, n) = (held << 6 | six as u32, n + 6);
        if n >= 8 {
            n -= 8;
            bytes.push((held >> n) as u8);
        }
    }
    bytes
}

fn of_quoted(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (vec![], body.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        match (first, hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}
