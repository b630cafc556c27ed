//! One customer's story: complete, in the order of time, and the sums of it; notes and quotes beside it.

use super::*;
use app::{Happening, NewContent, PersonView};
use model::{ContentKind, Marking, NoteKind, Response, Verdict};
use std::collections::BTreeSet;

const TOLD: &str = "kind = \"visits\"\n[columns]\ncustomer = \"who\"\nactivity = \"what\"\non = \"day\"\n";

fn customer(shop: &Shop, i: usize) -> i64 {
    shop.store.find(&format!("box{i}@example.jp"), 9).unwrap()[0]
}

fn person(shop: &Shop, i: usize) -> PersonView {
    shop.app.person(customer(shop, i)).unwrap().unwrap()
}

fn kinds(timeline: &[Happening]) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    timeline.iter().for_each(|x| *all.entry(x.kind).or_default() += 1);
    all
}

/// M027: mails, LINE, orders, visits, complaints, inquiries, notes, consents and stops, all of them, the newest
/// first. M024: what they come to by channel is what the log of responses says.
#[test]
fn m024_m027_the_timeline_is_complete_and_its_figures_are_the_logs() {
    Shop::on_both(3, |shop| {
        let gateway = LineGateway::start(LineTemper::default()).unwrap();
        shop.line(&gateway);
        let id = shop.approve("一", &[("mail", MAIL), ("line", LINE)]);
        shop.work(STEP);
        let who = customer(shop, 1);
        let touches = shop.store.touches_of(who, 9).unwrap();
        let of = |channel| touches.iter().find(|t| t.touch.channel == channel).unwrap().touch.id;
        let heard = |channel, kind, n: i64, verdict| Response {
            id: 0,
            touch: of(channel),
            kind,
            at: (STEP + 60 + n) * 1_000,
            link: Some(0),
            agent: String::new(),
            network: 0,
            said: String::new(),
            verdict,
        };
        use ResponseKind::{Click, Open, SoftBounce};
        use Verdict::{Person, Prefetch};
        let log = [
            heard(Channel::Mail, Open, 1, Prefetch),
            heard(Channel::Mail, Open, 2, Person),
            heard(Channel::Mail, Open, 3, Person),
            heard(Channel::Mail, SoftBounce, 4, Person),
            heard(Channel::Line, Click, 5, Prefetch),
            heard(Channel::Mail, Click, 6, Person),
        ];
        shop.store.hear_many(&log).unwrap();
        let said = r#","message":{"type":"text","id":"1","text":"まだありますか"}"#;
        assert!(shop.tell(&event("message", "e1", 1, (STEP + 90) * 1_000, said)));
        let told = "who,what,day\nbox1@example.jp,visit,2026-11-02\nbox1@example.jp,complaint_opened,2026-10-01\nbox1@example.jp,complaint_closed,2026-10-04\n";
        shop.import("told.csv", told, TOLD);
        shop.app
            .add_note(who, NoteKind::Interview, Day(20_700), "家族で飲むとのこと", "店頭", "佐藤")
            .unwrap();
        shop.app.suppress(who, Some(Channel::Post), StopReason::PostStop, "電話で", "佐藤").unwrap();
        let stop = person(shop, 1).stops[0].id;
        shop.app.lift(stop, "佐藤", "ご本人から").unwrap();

        let p = person(shop, 1);
        let newest_first = |pair: &[Happening]| (pair[0].day, pair[0].at) >= (pair[1].day, pair[1].at);
        assert!(p.timeline.windows(2).all(newest_first));
        let consents = 3; // mail, sms, line
        let expected = [
            ("order", p.orders.len()),
            ("mail", 1 + 5),
            ("line", 1 + 1),
            ("inquiry", 1),
            ("complaint", 2),
            ("contact", 1),
            ("note", 1),
            ("consent", consents + 2),
        ];
        assert_eq!(kinds(&p.timeline), expected.into_iter().collect(), "{:#?}", p.timeline);
        assert!(p.timeline.iter().any(|x| x.note == "まだありますか" && x.kind == "inquiry"));

        // The log itself, counted here.
        let mut raw: BTreeSet<(Channel, ResponseKind, i64)> = BTreeSet::new();
        shop.store
            .each_response(id, &mut |r| {
                let channel = touches.iter().find(|t| t.touch.id == r.touch).map(|t| t.touch.channel);
                if let (Some(channel), Person) = (channel, r.verdict) {
                    raw.insert((channel, r.kind, r.touch));
                }
            })
            .unwrap();
        let counted =
            |channel, kind| raw.iter().filter(|(c, k, _)| (*c, *k) == (channel, kind)).count() as u64;
        assert_eq!(
            p.engagement.iter().map(|e| e.channel).collect::<Vec<_>>(),
            [Channel::Mail, Channel::Line]
        );
        for e in &p.engagement {
            let sent = touches
                .iter()
                .filter(|t| t.touch.channel == e.channel && t.touch.state == TouchState::Sent)
                .count() as u64;
            let log =
                [sent, counted(e.channel, Open), counted(e.channel, Click), counted(e.channel, SoftBounce)];
            assert_eq!([e.sent, e.opened, e.clicked, e.bounced], log, "{e:?}");
            assert_eq!(e.answered, counted(e.channel, ResponseKind::Reply), "{e:?}");
        }
        assert_eq!((p.engagement[0].opened, p.engagement[0].clicked, p.engagement[1].answered), (1, 1, 1));
        assert_eq!(p.engagement[1].clicked, 0, "a program's click is nobody's");
    });
}

/// M043, M112: what is seen on social media or heard in an interview is typed or taken in from a table, each once,
/// bad rows told with line and column; it is on the timeline, and a contact, never an order.
#[test]
fn m043_m112_notes_are_contacts_and_never_orders() {
    Shop::on_both(3, |shop| {
        let before = person(shop, 1).row.history;
        let table = "お客様,種類,日付,内容,場所\n\
            box1@example.jp,sns_reaction,2026-11-20,新茶の投稿にいいね,https://sns.example.jp/1\n\
            box2@example.jp,インタビュー,2026/11/19,\"渋みが好き、とのこと\",店頭\n\
            box2@example.jp,インタビュー,2026/11/19,\"渋みが好き、とのこと\",店頭\n\
            nobody@example.jp,visit,2026-11-19,来店,\n\
            box3@example.jp,wave,2026-11-19,手を振った,\n\
            box3@example.jp,visit,2031-01-01,来店,\n\
            box3@example.jp,visit,2026-11-01,,\n";
        let cp932 = cp932(table);
        for (name, bytes, kept) in [("notes.csv", table.as_bytes().to_vec(), 2), ("again.csv", cp932, 0)] {
            let path = shop.folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert!(shop.app.import_notes(&path, "").is_err(), "by nobody");
            let taken = shop.app.import_notes(&path, "佐藤").unwrap();
            assert_eq!((taken.rows, taken.kept, taken.rejected), (7, kept, 4), "{name}");
            let rejects = std::fs::read_to_string(taken.rejects_file.unwrap()).unwrap();
            for line in ["5,customer,nobody@example.jp", "6,kind,wave", "7,day,2031-01-01", "8,said,"] {
                assert!(rejects.contains(line), "{line} in {rejects}");
            }
        }
        let p = person(shop, 1);
        let note = p.timeline.iter().find(|x| x.kind == "note").unwrap();
        assert!(note.ja.contains("SNSでの反応") && note.note == "新茶の投稿にいいね" && note.by == "佐藤");
        // M043: beside what speaks for a reason.
        let heard = shop.app.reasons_of(customer(shop, 2)).unwrap().notes;
        assert_eq!(heard.iter().map(|n| n.said.as_str()).collect::<Vec<_>>(), ["渋みが好き、とのこと"]);
        let after = &p.row.history;
        assert_eq!(after.last_contact, "2026-11-20".parse().ok(), "a contact");
        let orders = |h: &model::History| (h.n_orders, h.spend, h.last_order);
        assert_eq!(orders(after), orders(&before), "and no order");
        // Taken back, it never was.
        shop.app.strike_note(note.note_id.unwrap(), "佐藤").unwrap();
        let p = person(shop, 1);
        assert_eq!((p.row.history.last_contact, kinds(&p.timeline).get("note")), (None, None));
    });
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

/// M088, L-26: a text from social media without its mark, or one whose permission nobody knows, is warned of where
/// it is quoted; with both it is put in with its mark and nothing is said.
#[test]
fn m088_quotes_without_rights_or_mark_are_warned_of() {
    let shop = Shop::new(2, None);
    let piece = |holder: &str, marking| NewContent {
        word: "asa".to_owned(),
        kind: ContentKind::Sns,
        title: "@mihon_tea".to_owned(),
        said: "毎朝の一杯が楽しみになりました".to_owned(),
        holder: holder.to_owned(),
        permitted_on: (!holder.is_empty()).then_some(Day(20_700)),
        until: Some(Day(20_790)),
        marking,
        link: String::new(),
    };
    let warned = |name: &str| -> (Vec<&str>, String) {
        let body = format!("{}\n\n{{{{ sns.asa }}}}", MAIL);
        let id = shop.app.add_campaign(&document(name, &[("mail", &body)]), "山田").unwrap();
        let stored = shop.app.campaign(id).unwrap().stored.campaign;
        let remarks = shop.app.check_campaign(&stored).unwrap().remarks;
        let ours = remarks.iter().filter(|r| r.found.contains(&"@mihon_tea".to_owned()));
        (ours.map(|r| r.rule).collect(), stored.steps[0].words.body.clone())
    };
    shop.app.save_content(&piece("", Marking::Unknown), "佐藤").unwrap();
    let (rules, body) = warned("一");
    assert_eq!(rules, ["M088", "L-26"]);
    assert!(body.contains("「毎朝の一杯が楽しみになりました」（@mihon_tea）"), "{body}");
    shop.app.save_content(&piece("見本茶子", Marking::Unmarked), "佐藤").unwrap();
    assert_eq!(warned("二").0, ["L-26"]);
    shop.app.save_content(&piece("見本茶子", Marking::Marked), "佐藤").unwrap();
    let (rules, body) = warned("三");
    assert!(rules.is_empty() && body.contains("【広告】「毎朝"), "{rules:?} {body}");
    shop.app.retire_content("asa").unwrap();
    let stored = shop.app.campaign(3).unwrap().stored.campaign;
    let remarks = shop.app.check_campaign(&stored).unwrap().remarks;
    assert!(
        remarks.iter().any(|r| r.rule == "M088"),
        "taken out of the library, it is warned of where it stands"
    );
    let hostile = NewContent { said: "{{ shop }}".to_owned(), ..piece("見本茶子", Marking::Marked) };
    assert!(shop.app.save_content(&hostile, "佐藤").is_err(), "it is text and nothing else");
}

/// M026: one mobile number however it is written, so one customer of three files; a landline takes no SMS.
#[test]
fn m026_a_mobile_number_is_one_number_and_a_strong_key() {
    const PHONES: &str = "kind = \"customers\"\n[columns]\ncustomer = \"who\"\nname = \"name\"\nphone = \"phone\"\nbirthday = \"born\"\n";
    Shop::on_both(1, |shop| {
        let spelled = ["８１-90-1234-5678", "9012345678", "090 1234 5678"];
        for (n, phone) in spelled.iter().enumerate() {
            let map = format!("source = \"s{n}\"\n{PHONES}");
            let text = format!("who,name,phone,born\nz{n},架空 三葉,{phone},1990-02-14\n");
            shop.import(&format!("p{n}.csv"), &text, &map);
        }
        let found = shop.store.find("09012345678", 9).unwrap();
        assert_eq!(found.len(), 1, "one customer");
        assert_eq!(shop.app.person(found[0]).unwrap().unwrap().records.len(), 3);
        shop.import("l.csv", "who,name,phone,born\ny1,架空 四郎,03-0000-1234,\n", PHONES);
        let landline = shop.store.find("0300001234", 9).unwrap()[0];
        let sms = |who: i64| {
            let p = shop.app.person(who).unwrap().unwrap();
            p.channels.into_iter().find(|c| c.channel == Channel::Sms).unwrap().rule
        };
        assert_eq!(sms(landline), "L-35");
        assert_ne!(sms(found[0]), "L-35");
    });
}
