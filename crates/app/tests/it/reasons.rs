//! Why customers went quiet: what counts, what is only likely, and what follows.

use crate::{Fate, NOON, Shop};
use app::{ListQuery, SILENT_ONES, Settings, Stated, UNKNOWN_REASON};
use model::{Arm, ReasonSource};
use std::sync::atomic::Ordering;

fn stated(customer: i64, reason: &str) -> Stated {
    let words = "そうおっしゃっていました".to_owned();
    Stated { customer, reason: reason.to_owned(), source: ReasonSource::Note, confidence: 0.8, words }
}

impl Shop {
    fn found(&self, condition: &str) -> Vec<i64> {
        let query = ListQuery { condition: condition.to_owned(), per_page: 500, ..ListQuery::default() };
        let mut found: Vec<i64> = self.app.list(&query).unwrap().rows.iter().map(|r| r.customer).collect();
        found.sort_unstable();
        found
    }

    fn settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.app.settings().unwrap();
        change(&mut settings);
        self.app.set_settings(&settings).unwrap();
    }
}

/// M033, M035, M036, M040: nobody has a reason by default; what is stated counts at once, by source and
/// confidence; the report adds up, and each of its numbers is exactly those customers.
#[test]
fn reasons_come_from_evidence_alone_and_the_report_adds_up() {
    let shop = Shop::new(&[Fate::Free; 6]);
    let report = shop.app.reason_report().unwrap();
    assert_eq!((report.dormant, report.unknown.customers, report.silent), (6, 6, 6), "nobody by default");
    let person = shop.app.reasons_of(shop.number(0)).unwrap();
    assert_eq!(person.current, None);
    assert!(person.likely.iter().any(|l| l.id == "habit_not_formed" && l.weight > 0.0), "ordered once");
    assert!(person.why_ja.contains("ご本人の言葉ではありません"), "{}", person.why_ja);

    let [one, two, three] = [0, 1, 2].map(|i| shop.number(i));
    for (who, reason) in [(one, "price"), (two, "support_slow"), (three, "price")] {
        shop.app.state_reason(&stated(who, reason), "山田").unwrap();
    }
    assert!(shop.app.state_reason(&stated(one, "no_such_reason"), "山田").is_err());
    assert!(shop.app.state_reason(&stated(one, "price"), " ").is_err(), "somebody answers for it");
    let report = shop.app.reason_report().unwrap();
    assert_eq!(report.rows[0].id, "price");
    let sum: u64 = report.rows.iter().map(|r| r.customers).sum();
    assert_eq!((sum + report.unknown.customers, report.unknown.customers, report.silent), (6, 3, 3));
    for row in report.rows.iter().chain([&report.unknown]) {
        assert_eq!(shop.found(&row.condition).len() as u64, row.customers, "{}", row.id);
    }
    for id in ["site_hard_to_use", "too_many_screens", "support_slow", "contact_hidden"] {
        assert!(report.rows.iter().any(|r| r.id == id), "{id} is offered");
    }
    assert_eq!(shop.found("left_for = 'price'"), [one, three]);
    assert_eq!(shop.found("left_for_basis = 'said'"), [one, two, three]);
    assert_eq!(shop.found(SILENT_ONES).len(), 3);

    // Newer beats older; taken back, the older counts again.
    shop.clock.fetch_add(60, Ordering::SeqCst);
    shop.app.state_reason(&stated(one, "forgot"), "佐藤").unwrap();
    let person = shop.app.reasons_of(one).unwrap();
    let current = person.current.unwrap();
    assert_eq!((current.statement.reason.as_str(), current.statement.confidence), ("forgot", 0.8));
    assert!(person.likely.is_empty(), "what is known needs no guess");
    assert!(person.why_ja.contains("佐藤") && person.why_ja.contains("80%"), "{}", person.why_ja);
    shop.app.drop_reason(current.statement.id.unwrap(), "佐藤").unwrap();
    assert_eq!(shop.found("left_for = 'price'"), [one, three]);

    // Whoever orders again is asked anew.
    shop.import(
        "again.csv",
        "order,customer,name,email,ordered_at,total,status\nz0,c0,見本0,box0@example.jp,2026-11-23 10:00:00,900,完了\n",
        crate::ORDERS,
    );
    shop.clock.store(NOON + 300 * 86_400, Ordering::SeqCst);
    let person = shop.app.reasons_of(one).unwrap();
    assert_eq!(person.current, None);
    assert!(person.statements[0].past);
    assert_eq!(shop.found("left_for = 'price'"), [three]);
    assert!(shop.found(&format!("left_for = '{UNKNOWN_REASON}'")).contains(&one));
}

/// M036, M104: the register of prices infers a reason, and what is said beats it.
#[test]
fn the_register_of_prices_infers_and_words_win() {
    let shop = Shop::new(&[Fate::Free; 2]);
    let one = shop.number(0);
    // Two more orders give the first a rhythm of thirty days.
    let rows = "order,customer,name,email,ordered_at,total,status\nz0,c0,見本0,box0@example.jp,2026-01-31 10:00:00,900,完了\nz1,c0,見本0,box0@example.jp,2026-03-02 10:00:00,900,完了\n";
    shop.import("more.csv", rows, crate::ORDERS);
    shop.settings(|s| s.calls.price_changes = vec!["2026-03-10".parse().unwrap()]);
    let report = shop.app.reason_report().unwrap();
    let price = report.rows.iter().find(|r| r.id == "price").unwrap();
    assert_eq!((price.customers, price.inferred), (1, 1));
    assert_eq!(shop.found(&price.inferred_condition), [one]);
    let current = shop.app.reasons_of(one).unwrap().current.unwrap();
    assert_eq!(current.statement.source, ReasonSource::PriceChange);
    shop.app.state_reason(&stated(one, "forgot"), "山田").unwrap();
    assert_eq!(shop.found("left_for = 'forgot' and left_for_basis = 'said'"), [one]);
    assert_eq!(shop.found("left_for = 'price'"), Vec::<i64>::new());
}

/// M037: whoever says that we write too often is held to one touch in ninety days; the others keep theirs.
#[test]
fn whoever_hears_from_us_too_often_is_capped() {
    let shop = Shop::new(&[Fate::Free; 12]);
    let first = shop.send("一");
    let reached: Vec<i64> =
        first.iter().filter(|(_, (arm, _))| *arm == Arm::Treated).map(|(who, _)| *who).collect();
    let (tired, other) = (reached[0], reached[1]);
    shop.app.state_reason(&stated(tired, "too_many_messages"), "山田").unwrap();
    let mut campaign = app::campaign_from_toml(crate::DOCUMENT, "test").unwrap();
    campaign.name = "二".to_owned();
    campaign.start = Some(model::Day(20_781));
    campaign.holdout = 0.0;
    "全員にお送りする".clone_into(&mut campaign.no_holdout_because);
    let id = shop.app.add_campaign(&campaign, "山田").unwrap();
    shop.app.draft_plan(id).unwrap();
    let skipped = shop.app.chosen(id, Some(Arm::Skipped), "L-44", 0, 100).unwrap();
    assert_eq!(skipped.iter().map(|c| c.customer).collect::<Vec<_>>(), [tired]);
    let treated = shop.app.chosen(id, Some(Arm::Treated), "", 0, 100).unwrap();
    assert!(treated.iter().any(|c| c.customer == other), "two mails a week for everybody else");
}

/// M037: touches of ninety days against who left and who went dormant in the ninety days after them.
#[test]
fn pressure_is_set_against_what_followed() {
    let shop = Shop::new(&[Fate::Free; 3]);
    let (mut orders, mut consents) =
        ("order,customer,name,email,ordered_at,total,status\n".to_owned(), "who,channel,given\n".to_owned());
    for i in 0..20 {
        let buyer = format!("n{i},見本{i},new{i}@example.jp");
        orders += &format!("n{i},{buyer},2026-08-14 10:00:00,{},完了\n", 900 + i);
        // Half of them come back in time.
        if i % 2 == 0 {
            orders += &format!("m{i},{buyer},2027-01-14 10:00:00,900,完了\n");
        }
        consents += &format!("new{i}@example.jp,mail,yes\n");
    }
    shop.import("new.csv", &orders, crate::ORDERS);
    shop.import("agreed.csv", &consents, crate::CONSENTS);
    let sent = shop.send("一");
    assert!(shop.app.pressure().unwrap().tenths.is_empty(), "nothing is over yet");
    let treated: Vec<i64> =
        sent.iter().filter(|(_, (arm, _))| *arm == Arm::Treated).map(|(who, _)| *who).collect();
    shop.clock.store(NOON + 120 * 86_400, Ordering::SeqCst);
    let [stop, ..] = treated.as_slice() else { panic!("nobody was treated") };
    let reason = model::StopReason::MailOptOut;
    shop.app.suppress(*stop, reason.channel(), reason, "", "山田").unwrap();
    let pressure = shop.app.pressure().unwrap();
    let lapsed = shop.found("state = 'dormant' and since >= '2026-12-22'");
    let counted =
        treated.iter().filter(|who| shop.found("state <> 'dormant'").contains(who) || lapsed.contains(who));
    let counted = counted.count() as u64;
    assert!(counted > 5, "{counted}");
    let [tenth] = pressure.tenths.as_slice() else { panic!("one touch each is one group: {pressure:?}") };
    assert_eq!((pressure.customers, tenth.from, tenth.to), (counted, 1, 1));
    let went = lapsed.iter().filter(|who| treated.contains(who)).count();
    assert!(went > 0, "some went dormant");
    assert!((tenth.lapsed.value - went as f64 / counted as f64).abs() < 1e-9, "{tenth:?}");
    assert!(tenth.lapsed.low < tenth.lapsed.value && tenth.lapsed.value < tenth.lapsed.high);
    let left =
        if lapsed.contains(stop) || shop.found("state <> 'dormant'").contains(stop) { 1.0 } else { 0.0 };
    assert!((tenth.left.value - left / counted as f64).abs() < 1e-9, "{tenth:?}");
}

/// M034: a person who left over the price gets the price scenario and not the default; the others are skipped
/// with the reason; the shop's own list decides which scenario answers which reason.
#[test]
fn a_reason_leads_to_its_scenario_and_the_default_spares_it() {
    let shop = Shop::new(&[Fate::Free; 8]);
    let [price, forgot] = [0, 1].map(|i| shop.number(i));
    shop.app.state_reason(&stated(price, "price"), "山田").unwrap();
    shop.app.state_reason(&stated(forgot, "forgot"), "山田").unwrap();
    let draw = |id: &str| {
        let mut campaign = app::scenario(id).unwrap();
        campaign.name = format!("{id} {}", shop.app.campaigns().unwrap().len());
        campaign.start = Some(model::Day(20_787));
        campaign.owner = "山田".to_owned();
        (campaign.holdout, campaign.no_holdout_because) = (0.0, "試し".to_owned());
        let id = shop.app.add_campaign(&shop.app.aimed(campaign).unwrap(), "山田").unwrap();
        shop.app.draft_plan(id).unwrap();
        let of = |arm, rule: &str| -> Vec<i64> {
            shop.app.chosen(id, Some(arm), rule, 0, 100).unwrap().iter().map(|c| c.customer).collect()
        };
        (of(Arm::Treated, ""), of(Arm::Skipped, "other_reason"), of(Arm::Skipped, "own_scenario"))
    };
    let (treated, others, spared) = draw("reason_price");
    assert_eq!((treated, others.len(), spared.len()), (vec![price], 7, 0));
    let (treated, others, mut spared) = draw("r181");
    spared.sort_unstable();
    assert_eq!((treated.len(), others.len(), spared), (6, 0, vec![price, forgot]));
    // The shop answers the price with nothing: the default is theirs again.
    shop.app.change_reasons(&[("price".to_owned(), true, String::new())], None).unwrap();
    assert_eq!(draw("r181").2, [forgot]);
    // And gives a reason of its own to a scenario that is there.
    let own = app::OwnReason { id: "taste".into(), ja: "味".into(), en: "taste".into() };
    shop.app.change_reasons(&[("taste".to_owned(), true, "letter_181".to_owned())], Some(own)).unwrap();
    shop.app.state_reason(&stated(price, "taste"), "山田").unwrap();
    let person = shop.app.reasons_of(price).unwrap();
    assert_eq!(person.scenario.map(|s| s.0).as_deref(), Some("letter_181"));
    let report = shop.app.reason_report().unwrap();
    let row = report.rows.iter().find(|r| r.id == "taste").unwrap();
    assert_eq!((row.customers, row.scenario.as_ref().map(|s| s.0.as_str())), (1, Some("letter_181")));
    let aimed = shop.app.aimed(app::scenario("letter_181").unwrap()).unwrap();
    assert_eq!((aimed.whom.left_for, aimed.whom.spare_reasons), (vec!["taste".to_owned()], false));
}

/// M036: whoever comes back on a plain reminder without an offer had forgotten; on an offer nothing is known.
#[test]
fn coming_back_on_a_plain_reminder_is_evidence() {
    let shop = Shop::new(&[Fate::Free; 12]);
    let sent = shop.send("ごあいさつ");
    let treated: Vec<i64> =
        sent.iter().filter(|(_, (arm, _))| *arm == Arm::Treated).map(|(who, _)| *who).collect();
    let held: Vec<i64> =
        sent.iter().filter(|(_, (arm, _))| *arm == Arm::Holdout).map(|(who, _)| *who).collect();
    let row = |who: i64, order: &str| {
        let person = shop.app.person(who).unwrap().unwrap();
        let (_, id) = &person.row.source_ids[0];
        format!("{order},{id},見本,,2026-11-28 10:00:00,900,完了\n")
    };
    shop.clock.fetch_add(10 * 86_400, Ordering::SeqCst);
    let header = "order,customer,name,email,ordered_at,total,status\n";
    let rows = format!("{header}{}{}", row(treated[0], "r1"), row(held[0], "r2"));
    shop.import("back.csv", &rows, crate::ORDERS);
    shop.import("back.csv", &rows, crate::ORDERS);
    let back = shop.app.reasons_of(treated[0]).unwrap();
    assert_eq!(back.statements.len(), 1, "twice told is told once");
    let current = back.current.unwrap();
    assert_eq!(
        (current.statement.reason.as_str(), current.statement.source),
        ("forgot", ReasonSource::Behaviour)
    );
    assert!(current.statement.words.contains("ごあいさつ"), "{}", current.statement.words);
    assert_eq!(shop.app.reasons_of(held[0]).unwrap().current, None, "nobody wrote to them");
    assert_eq!(shop.app.reasons_of(treated[1]).unwrap().current, None);
}

/// M044: nobody is told of what is not done; once it is, exactly those who had left for it are proposed.
#[test]
fn an_improvement_is_told_to_those_it_had_driven_away() {
    let shop = Shop::new(&[Fate::Free, Fate::Free, Fate::NoConsent, Fate::Free, Fate::Free]);
    let [one, two, mute, later, other] = [0, 1, 2, 3, 4].map(|i| shop.number(i));
    for who in [one, two, mute] {
        shop.app.state_reason(&stated(who, "support_slow"), "山田").unwrap();
    }
    shop.app.state_reason(&stated(other, "price"), "山田").unwrap();
    let add = |reason: &str| {
        shop.app.add_improvement("返信を1営業日に", reason, "お返事を1営業日以内に差し上げています。", "山田")
    };
    assert!(add("no_such_reason").is_err());
    let id = add("support_slow").unwrap();
    let start = model::Day(20_787);
    assert!(shop.app.improvement_campaign(id, start, "山田").is_err(), "not done yet");
    shop.app.fix_improvement(id, None, "佐藤").unwrap();
    // Said after it was mended: they are not told that it was.
    shop.clock.fetch_add(2 * 86_400, Ordering::SeqCst);
    shop.app.state_reason(&stated(later, "support_slow"), "山田").unwrap();
    let [view] = shop.app.improvements().unwrap().try_into().unwrap();
    assert_eq!((view.affected, view.reachable), (3, Some(2)));
    assert_eq!(shop.found(&view.condition), [one, two, mute]);
    let campaign = shop.app.improvement_campaign(id, start, "山田").unwrap();
    assert!(shop.app.improvement_campaign(id, start, "山田").is_err(), "once");
    let stored = shop.app.campaign(campaign).unwrap().stored;
    assert!(stored.campaign.steps[0].words.body.contains("お返事を1営業日以内に差し上げています。"));
    shop.app.draft_plan(campaign).unwrap();
    let meant: Vec<i64> = [Arm::Treated, Arm::Holdout]
        .iter()
        .flat_map(|arm| shop.app.chosen(campaign, Some(*arm), "", 0, 100).unwrap())
        .map(|c| c.customer)
        .collect();
    assert!(meant.iter().all(|who| [one, two].contains(who)) && !meant.is_empty(), "{meant:?}");
    assert_eq!(shop.app.improvements().unwrap()[0].improvement.campaign, Some(campaign));
}

/// M038: what is left is reckoned from quantity and days per unit; who says that goods are left is reminded later.
#[test]
fn goods_left_put_the_reminder_off() {
    let shop = Shop::new(&[Fate::Free; 2]);
    let products = "sku,name,days\nB60,ビタミン60日分,60\n";
    let map = "kind = \"products\"\n[columns]\nsku = \"sku\"\nitem = \"name\"\ndays_per_unit = \"days\"\n";
    shop.import("products.csv", products, map);
    let orders = "order,customer,name,email,ordered_at,total,status,sku,qty\n\
        s1,c0,見本0,box0@example.jp,2026-10-23 10:00:00,8000,完了,B60,2\n\
        s2,c1,見本1,box1@example.jp,2026-06-25 10:00:00,8000,完了,B60,2\n";
    let map = format!("{}sku = \"sku\"\nquantity = \"qty\"\n", crate::ORDERS);
    shop.import("more.csv", orders, &map);
    let stock = |i: usize| {
        let row = shop.app.person(shop.number(i)).unwrap().unwrap().row;
        let (as_of, outlook) = (row.as_of, row.outlook.unwrap());
        outlook.stock_until.map(|until| until.since(as_of))
    };
    assert_eq!(stock(0), Some(90), "2 bottles of 60 days, bought 30 days ago");
    assert_eq!(stock(1), Some(-30), "used up a month ago, as reckoned");
    let due = |day: &str| shop.found(&format!("stock_until = '{day}'"));
    assert_eq!(due("2026-10-23"), [shop.number(1)]);
    shop.app.state_reason(&stated(shop.number(1), "surplus"), "山田").unwrap();
    assert_eq!(stock(1), Some(60), "half of what was bought last");
    assert_eq!(due("2027-01-21"), [shop.number(1)], "and the reminder waits as long");
    assert!(due("2026-10-23").is_empty());
    assert_eq!(shop.found("left_for = 'surplus' and stock_days > 0"), [shop.number(1)]);
}

/// M085: from what others bought and from successors; never what they have, sent back or refused; explained,
/// and a word of letters with a fallback.
#[test]
fn the_next_product_is_new_wanted_and_explained() {
    let shop = Shop::new(&[Fate::Free; 14]);
    let products = "sku,name,next\nTEA,緑茶,\nPOT,急須,\nCUP,湯のみ,\nOLD,旧ブレンド,NEW\nNEW,新ブレンド,\n";
    let map = "kind = \"products\"\n[columns]\nsku = \"sku\"\nitem = \"name\"\nsuccessor = \"next\"\n";
    shop.import("products.csv", products, map);
    let map = format!("{}sku = \"sku\"\nquantity = \"qty\"\nitem = \"item\"\n", crate::ORDERS);
    let mut orders = "order,customer,name,email,ordered_at,total,status,sku,qty,item\n".to_owned();
    let mut line = |order: &str, i: usize, sku: &str, status: &str| {
        let day = format!("2026-02-{:02} 10:00:00", i % 28 + 1);
        orders += &format!("{order}{i},c{i},見本{i},box{i}@example.jp,{day},900,{status},{sku},1,品{sku}\n");
    };
    // Six have tea and a pot, five tea and a cup; three have tea alone, one of them sent a pot back.
    (0..6).for_each(|i| ["TEA", "POT"].iter().for_each(|sku| line(sku, i, sku, "完了")));
    (5..10).for_each(|i| line("CUP", i, "CUP", "完了"));
    (6..13).for_each(|i| line("TEA", i, "TEA", "完了"));
    (20..40).for_each(|i| line("SOAP", i, "SOAP", "完了"));
    line("POT", 11, "POT", "返品");
    line("OLD", 12, "OLD", "完了");
    shop.import("goods.csv", &orders, &map);
    assert!(shop.app.count_pairs(true).unwrap().unwrap() > 0);
    assert_eq!(shop.app.count_pairs(false).unwrap(), None, "counted of late");
    let next = |i: usize| shop.app.next_goods(&[shop.number(i)]).unwrap().remove(&shop.number(i));
    let ten = next(10).unwrap();
    assert_eq!((ten.sku.as_str(), ten.name.as_str(), ten.successor), ("POT", "急須", false));
    assert!(ten.ja.contains("緑茶") && ten.ja.contains("6人"), "{}", ten.ja);
    assert_eq!(next(11).unwrap().sku, "CUP", "they sent the pot back");
    let followed = next(12).unwrap();
    assert_eq!((followed.sku.as_str(), followed.successor), ("NEW", true));
    assert!(followed.ja.contains("旧ブレンド"), "{}", followed.ja);
    assert_eq!(next(5), None, "has all three");
    assert_eq!(next(13), None, "nothing is known of them");
    assert!(shop.app.refuse_goods(shop.number(10), "POT", " ").is_err());
    shop.app.refuse_goods(shop.number(10), "POT", "山田").unwrap();
    assert_eq!(next(10).unwrap().sku, "CUP");
    // In a letter: by itself where it is known, else the words beside it.
    let mut campaign = app::campaign_from_toml(crate::DOCUMENT, "test").unwrap();
    campaign.name = "おすすめ".to_owned();
    campaign.steps[0].words.body =
        "{{ addressee }}\n\nいつもありがとうございます。{{ suggestion | or(\"季節の品\") }}はいかがでしょうか。\n\n[お店を見る](/)\n".to_owned();
    let people = [shop.number(10), shop.number(5)];
    let letters = shop.app.preview_for(&campaign, 0, 0, &people).unwrap();
    let text = |i: usize| letters[i].letter.as_ref().unwrap().text.clone();
    assert!(
        text(0).contains("湯のみはいかが") && text(1).contains("季節の品はいかが"),
        "{} {}",
        text(0),
        text(1)
    );
}

/// M042: reviews come in as a file; those with few stars say why, once, and good ones say nothing.
#[test]
fn reviews_are_evidence() {
    let shop = Shop::new(&[Fate::Free; 3]);
    let reviews = "customer,on,stars,note\nc0,2026-11-01,2,送料が高くなりました\nc1,2026-11-02,5,値段は高いけれど満足です\nc2,2026-11-03,６,よめない星\n";
    let map = "kind = \"reviews\"\n[columns]\ncustomer = \"customer\"\non = \"on\"\nstars = \"stars\"\nnote = \"note\"\n";
    shop.import("reviews.csv", reviews, map);
    shop.import("reviews.csv", reviews, map);
    let told = shop.app.reasons_of(shop.number(0)).unwrap();
    let current = told.current.unwrap();
    assert_eq!(
        (current.statement.reason.as_str(), current.statement.source),
        ("delivery", ReasonSource::Review)
    );
    assert_eq!((told.statements.len(), current.statement.words.as_str()), (1, "送料が高くなりました"));
    assert!((1..3).all(|i| shop.app.reasons_of(shop.number(i)).unwrap().current.is_none()));
}
