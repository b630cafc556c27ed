//! What customers write: kept once, answered by a name, and nothing leaves to them meanwhile.

use super::*;
use app::InquiryFilter;
use model::{InquiryWay, Leaving, Severity};
use std::path::Path;

const MAIL_OF: &str = "From: =?utf-8?B?6KaL5pys?= <box@example.jp>\nTo: shop@example.jp\nSubject: question\nContent-Type: text/plain; charset=utf-8\n\n";

/// A mail of this customer, as it lies in a Maildir; read by the app.
fn mail(shop: &Shop, name: &str, who: &str, words: &str) -> (u64, u64) {
    let folder = shop.folder.path().join("maildir");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let text = format!("{}{words}\n", MAIL_OF.replace("box@", &format!("{who}@")));
    std::fs::write(folder.join("new").join(name), text).unwrap();
    read(shop, &folder)
}

fn read(shop: &Shop, folder: &Path) -> (u64, u64) {
    shop.app.read_reports(folder).unwrap()
}

fn customer(shop: &Shop, i: usize) -> i64 {
    shop.store.find(&format!("box{i}@example.jp"), 9).unwrap()[0]
}

fn line(shop: &Shop, who: usize, id: &str, words: &str) {
    let message = format!(r#","message":{{"type":"text","id":"1","text":"{words}"}}"#);
    assert!(shop.tell(&event("message", id, who, NOON * 1_000, &message)));
}

/// A provider that hands on what people answer.
fn hears(shop: &Shop) {
    let inbound = "[inbound]\nbody = \"json\"\nproof = \"url\"\nname = \"key\"\nitems = \"/messages\"\nid = \"/id\"\nfrom = \"/from\"\ntext = \"/text\"\n";
    let path = shop.folder.path().join("hears.toml");
    std::fs::write(&path, format!("{}{inbound}", provider("https://sms.example.jp/", ""))).unwrap();
    shop.change(|s| {
        s.sms = Sms {
            provider: path.display().to_string(),
            account: "sender = MIHONDO".to_owned(),
            ..Sms::default()
        };
    });
}

fn sms(shop: &Shop, who: usize, id: &str, words: &str) {
    let from = number(who).replacen('0', "+81", 1);
    let body = format!(r#"{{"messages":[{{"id":"{id}","from":"{from}","text":"{words}"}}]}}"#);
    let path = "/hook/sms/reply?key=hook";
    assert!(!shop.app.hear_sms_answers(&[], body.as_bytes(), "/hook/sms/reply?key=guess").unwrap());
    assert!(shop.app.hear_sms_answers(&[], body.as_bytes(), path).unwrap());
}

/// M045, M119, M046: what is written by mail, LINE or SMS is kept once; until somebody answers, nothing goes to
/// that customer and then it goes on; a complaint keeps out until it is settled, and is listed as kept out; after
/// a day without an answer it is overdue; a plain wish to leave is taken at once, one among other words suggested.
#[test]
fn m045_m046_m119_whoever_writes_gets_an_answer_before_anything_else() {
    Shop::on_both(8, |shop| {
        hears(shop);
        let id = shop.approve("一", &[("mail", MAIL)]);
        let people: Vec<i64> = (1..=8).map(|i| customer(shop, i)).collect();
        for _ in 0..2 {
            // Read again after a crash, told again by a gateway: one all the same.
            mail(shop, "1.a", "box1", "サイズの交換はできますか。\n\n> 前略");
            line(shop, 2, "e1", "新茶はいつ届きますか");
            sms(shop, 3, "s1", "お店は何時までですか");
            mail(shop, "4.a", "box4", "届いた茶碗が壊れていました。返金してください。");
            mail(shop, "5.a", "box5", "配信停止をお願いします。");
            mail(shop, "7.a", "box7", "配信停止でもよいのですが、新茶はいつですか。たくさん飲みたいです。");
        }
        assert_eq!(mail(shop, "9.a", "stranger", "こんにちは").1, 0, "nobody's: it stays in the mailbox");
        let (total, waiting) = shop.app.inbox(InquiryFilter::Waiting, 0, 50).unwrap();
        let seen: Vec<_> = waiting
            .iter()
            .map(|x| {
                let who = people.iter().position(|p| Some(*p) == x.inquiry.customer).unwrap() + 1;
                (who, x.inquiry.way, x.inquiry.severity, x.inquiry.leaving)
            })
            .collect();
        let none = (Severity::None, Leaving::No);
        assert_eq!(
            seen,
            [
                (1, InquiryWay::Mail, none.0, none.1),
                (2, InquiryWay::Line, none.0, none.1),
                (3, InquiryWay::Sms, none.0, none.1),
                (4, InquiryWay::Mail, Severity::Serious, none.1),
                (7, InquiryWay::Mail, none.0, Leaving::Suggested),
            ]
        );
        assert_eq!(total, 5);
        assert_eq!(waiting[0].said, "サイズの交換はできますか。", "without what it quotes");
        let count = shop.app.inbox_count().unwrap();
        assert_eq!((count.waiting, count.overdue, count.complaints), (5, 0, 1));

        // Those who left, and the complaint, get nothing for good; those who wait, wait; the others get it.
        let worked = shop.work(STEP);
        assert_eq!(worked.sent, 2, "{:?}", shop.touches(id));
        let touches = shop.touches(id);
        assert_eq!(touches[&(TouchState::Skipped, "open_complaint".to_owned())], 1, "listed: {touches:?}");
        assert_eq!(touches[&(TouchState::Skipped, "L-09".to_owned())], 1, "{touches:?}");
        assert_eq!(shop.of(id, TouchState::Queued), 4, "{touches:?}");
        let why = |i: usize| {
            let person = shop.app.person(people[i - 1]).unwrap().unwrap();
            person.channels.iter().map(|c| c.rule.clone()).collect::<Vec<_>>().join(" ")
        };
        assert!(
            why(1).contains("open_inquiry") && why(4).contains("open_complaint"),
            "{} {}",
            why(1),
            why(4)
        );
        assert!(!why(6).contains("open_"));
        let open = |shop: &Shop| shop.app.count("complaints_open > 0").unwrap().0;
        assert_eq!(open(shop), 1, "judged by it too");

        // A day: the clock of business time, day and night on days that are not off.
        let overdue = |at: i64| {
            shop.clock.store(at, Ordering::SeqCst);
            shop.app.inbox_count().unwrap().overdue
        };
        assert_eq!((overdue(NOON + 86_400 - 1), overdue(NOON + 86_401)), (0, 5));
        shop.change(|s| s.days_off.weekends = true);
        // 2026-11-22 is a Sunday: the day begins on Monday.
        assert_eq!((overdue(NOON + 86_400 + 1), overdue(NOON + 86_400 + 12 * 3_600 + 1)), (0, 5));

        shop.clock.store(STEP + 600, Ordering::SeqCst);
        let of = |i: usize| waiting.iter().find(|x| x.inquiry.customer == Some(people[i - 1])).unwrap();
        assert!(shop.app.answer_inquiry(of(1).inquiry.id, "できます", " ").is_err(), "by nobody");
        shop.app.answer_inquiry(of(1).inquiry.id, "できます", "佐藤").unwrap();
        shop.app.answer_inquiry(of(2).inquiry.id, "", "佐藤").unwrap();
        shop.app.decide_leaving(of(7).inquiry.id, true, "佐藤").unwrap();
        assert_eq!(shop.work(STEP + 2 * 3_600).sent, 2, "{:?}", shop.touches(id));
        // Whoever writes again waits again, in the same talk.
        shop.clock.store(STEP + 3 * 3_600, Ordering::SeqCst);
        line(shop, 2, "e2", "ありがとう。あと一つ、送料はいくらですか");
        let (_, words) = shop.app.inquiry(of(2).inquiry.id).unwrap();
        assert_eq!(words.iter().map(|w| w.by.as_str()).collect::<Vec<_>>(), ["", "", "佐藤"]);
        assert_eq!(shop.app.inbox_count().unwrap().waiting, 4);

        let complaint = of(4).inquiry.id;
        shop.app.grade_inquiry(complaint, Severity::Grave, "店長", None, "佐藤").unwrap();
        let (view, _) = shop.app.inquiry(complaint).unwrap();
        assert_eq!(
            (view.inquiry.owner.as_str(), view.inquiry.due),
            ("店長", Some(STEP + 3 * 3_600 + 4 * 3_600))
        );
        shop.app.answer_inquiry(complaint, "交換をお送りします", "店長").unwrap();
        assert!(why(4).contains("open_complaint"), "answered is not settled");
        shop.app.close_inquiry(complaint, "交換品が届いたとのこと", "店長").unwrap();
        assert!(!why(4).contains("open_"));
        assert_eq!((open(shop), shop.app.inbox_count().unwrap().complaints), (0, 0));
        assert!(shop.app.close_inquiry(complaint, "", "店長").is_err(), "settled once");
    });
}

/// M046: a complaint that a file tells of keeps out too, until a file tells that it is settled.
#[test]
fn m046_a_complaint_told_by_a_file_keeps_out() {
    const TOLD: &str =
        "kind = \"visits\"\n[columns]\ncustomer = \"who\"\nactivity = \"what\"\non = \"day\"\n";
    Shop::on_both(2, |shop| {
        let why = || {
            let person = shop.app.person(customer(shop, 1)).unwrap().unwrap();
            person.channels.iter().any(|c| c.rule == "open_complaint")
        };
        assert!(!why());
        shop.import("t1.csv", "who,what,day\nbox1@example.jp,complaint_opened,2026-11-01\n", TOLD);
        assert!(why());
        shop.import("t2.csv", "who,what,day\nbox1@example.jp,complaint_closed,2026-11-05\n", TOLD);
        assert!(!why());
    });
}

/// L-09: an address that two customers share is left by whoever writes from it, and the words are kept.
#[test]
fn a_shared_address_is_left_too() {
    Shop::on_both(4, |shop| {
        shop.import("shared.csv", "id,mail\nX1,shared@example.jp\nX2,shared@example.jp\n", SHARED);
        assert_eq!(shop.store.find("shared@example.jp", 9).unwrap().len(), 2, "two have it");
        for _ in 0..2 {
            mail(shop, "1.a", "shared", "配信停止をお願いします。");
        }
        for person in shop.store.find("shared@example.jp", 9).unwrap() {
            let person = shop.app.person(person).unwrap().unwrap();
            assert!(person.channels.iter().any(|c| c.rule == "L-09"), "{:?}", person.channels);
        }
        let (total, all) = shop.app.inbox(InquiryFilter::All, 0, 9).unwrap();
        assert_eq!((total, all[0].inquiry.customer), (1, None));
        assert_eq!(all[0].inquiry.contact, "shared@example.jp");
        assert_eq!(mail(shop, "2.a", "stranger", "配信停止").1, 0, "nobody's address is stopped for nobody");
    });
}

const SHARED: &str =
    "kind = \"customers\"\nsource = \"other\"\n[columns]\ncustomer = \"id\"\nemail = \"mail\"\n";
