//! M108: LINE messages handed over once under a retry key, and what LINE says of friends.

use crate::sms_help::{cleared, kind, once};
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use clearance::ClearedTouch;
use madeup::{LineGateway, LineTemper, Mishap, Mishaps};
use model::Channel;
use outreach::reports::Refused;
use outreach::{
    ChatButton, ChatDoor, ChatEvent, ChatHanded, ChatKind, ChatQuota, ChatWords, LinkOffer, MULTICAST,
    chat_events, link_url, retry_key,
};
use proptest::prelude::*;
use std::time::Duration;

const SECRET: &str = "channel-s3cret";

fn id(number: usize) -> String {
    format!("U{number:032x}")
}

fn friend(number: usize) -> ClearedTouch {
    cleared(number as i64, Channel::Line, &id(number))
}

fn line(mishaps: Mishaps) -> LineGateway {
    LineGateway::start(LineTemper { mishaps, unknown: vec![id(404)], ..LineTemper::default() }).expect("LINE")
}

fn door(line: &LineGateway) -> ChatDoor {
    ChatDoor::open("token", &line.url(), Duration::from_millis(400), "").expect("a door")
}

fn words(text: &str) -> ChatWords {
    ChatWords { text: text.into(), button: None }
}

fn push(door: &ChatDoor, number: usize, reference: &str) -> ChatHanded {
    door.push(&friend(number), &words(reference), reference, &mut || true)
}

#[test]
fn a_message_arrives_once_under_its_key() {
    let line = line(Mishaps::default());
    let door = door(&line);
    for number in 0..3 {
        let reference = format!("r{number}");
        let handed = door.push(&friend(number), &words(&reference), &reference, &mut || {
            assert_eq!(line.counts().1, number as u64, "nothing is asked yet");
            true
        });
        assert_eq!((kind(&handed.delivery), handed.attempted, handed.usable), ("accepted", true, true));
    }
    // The same again is said to be accepted, and nobody gets it again.
    let again = push(&door, 1, "r1");
    assert_eq!((kind(&again.delivery), line.conflicts()), ("accepted", 1));
    assert!(format!("{again:?}").contains("00000000-0000-4000-8000-000000000002"), "{again:?}");
    let got = line.got();
    assert_eq!((got.len(), got.iter().all(|(_, _, times)| *times == 1)), (3, true));
    assert_eq!(line.counts(), (1, 4), "one line for all");
    let no = door.push(&friend(9), &words("x"), "r9", &mut || false);
    assert_eq!((kind(&no.delivery), no.attempted, no.usable, line.got().len()), ("later", false, true, 3));
}

#[test]
fn the_body_is_what_line_wants() {
    let button = ChatButton {
        text: "新茶のご案内".into(),
        label: "お店を見る".into(),
        url: "https://mail.example.jp/c/x".into(),
    };
    let words = ChatWords { text: "見本茶園です。".into(), button: Some(button) };
    let (url, asked) = once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let door = ChatDoor::open("token", &url, Duration::from_secs(5), "").expect("a door");
    let handed = door.push(&friend(1), &words, "c1.s0.t1", &mut || true);
    assert_eq!(kind(&handed.delivery), "accepted");
    let asked = asked.join().expect("what was asked");
    let (head, body) = asked.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /v2/bot/message/push HTTP/1.1\r\n"), "{head}");
    for header in [
        "Authorization: Bearer token".to_owned(),
        "Content-Type: application/json".to_owned(),
        format!("X-Line-Retry-Key: {}", retry_key("c1.s0.t1")),
    ] {
        assert!(head.lines().any(|line| line == header), "{header}: {head}");
    }
    let found: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let expected = serde_json::json!({
        "to": id(1),
        "messages": [
            { "type": "text", "text": "見本茶園です。" },
            {
                "type": "template",
                "altText": "新茶のご案内 https://mail.example.jp/c/x",
                "template": {
                    "type": "buttons",
                    "text": "新茶のご案内",
                    "actions": [{ "type": "uri", "label": "お店を見る", "uri": "https://mail.example.jp/c/x" }]
                }
            }
        ]
    });
    assert_eq!(found, expected);
    assert!(!format!("{door:?}").contains("token"));
}

#[test]
fn m108_a_multicast_takes_five_hundred_and_goes_whole_or_not_at_all() {
    let line = line(Mishaps::default());
    let door = door(&line);
    let friends: Vec<ClearedTouch> = (0..=MULTICAST).filter(|n| *n != 404).map(friend).collect();
    assert_eq!(friends.len(), 500);
    let many = |friends: &[ClearedTouch], reference: &str| {
        door.multicast(friends, &words(reference), reference, &mut || true)
    };
    assert_eq!(kind(&many(&friends, "all").delivery), "accepted");
    assert_eq!(kind(&many(&friends, "all").delivery), "accepted");
    assert_eq!((line.got().len(), line.conflicts(), line.counts().1), (500, 1, 2));
    // One more, none, or somebody else's channel: LINE is not even asked.
    let more = [friends.clone(), vec![friend(900)]].concat();
    for wrong in
        [&more[..], &[], &[cleared(1, Channel::Sms, "09000000001")], &[cleared(1, Channel::Line, "Uabc")]]
    {
        let handed = many(wrong, "wrong");
        assert_eq!((kind(&handed.delivery), handed.attempted), ("refused", false), "{}", wrong.len());
    }
    assert_eq!(line.counts().1, 2);
    // An id that is nobody's sinks the whole request: nobody got it, and nobody else is called dead.
    let handed = many(&[friend(1), friend(404)], "sunk");
    assert_eq!((kind(&handed.delivery), line.got().len()), ("refused", 500));
    assert_eq!(kind(&push(&door, 404, "one").delivery), "dead");
}

#[test]
fn every_mishap() {
    for (mishap, means, usable, again, got) in [
        (Mishap::DropUnread, "later", true, true, 0),
        (Mishap::DropRead, "later", true, true, 0),
        (Mishap::DropAccepted, "later", true, true, 1),
        (Mishap::CutAnswer, "later", true, true, 1),
        (Mishap::DropAnswered, "accepted", true, false, 1),
        (Mishap::Stall(Duration::from_secs(60)), "later", true, true, 1),
        (Mishap::Answer(400), "refused", true, false, 0),
        (Mishap::Answer(401), "later", false, false, 0),
        (Mishap::Answer(409), "accepted", true, false, 0),
        (Mishap::Answer(429), "later", false, false, 0),
        (Mishap::Answer(500), "later", true, true, 0),
        (Mishap::AnswerAccepted(500), "later", true, true, 1),
    ] {
        let line = line(Mishaps::always(mishap));
        let door = door(&line);
        let handed = push(&door, 1, "r1");
        let found = (kind(&handed.delivery), handed.attempted, handed.usable, handed.again_within);
        assert_eq!(found, (means, true, usable, again.then_some(24)), "{mishap:?}: {handed:?}");
        assert_eq!(handed.wait, (mishap == Mishap::Answer(429)).then_some(7), "{mishap:?}");
        assert_eq!(line.got().len(), got, "{mishap:?}");
        if again {
            line.fail(Mishaps::default());
            assert_eq!(kind(&push(&door, 1, "r1").delivery), "accepted", "{mishap:?}");
            assert_eq!(
                line.got(),
                [(id(1), "r1".to_owned(), 1)],
                "{mishap:?}: once, however often it was asked"
            );
        }
    }
}

/// M108: asked until LINE answers, nothing is lost and nobody gets anything twice.
#[test]
fn under_a_key_nothing_is_lost_and_nothing_goes_twice() {
    let mut mishaps = Mishaps::nasty(5, 0.05);
    mishaps.each.retain(|(mishap, _)| *mishap != Mishap::Answer(400));
    let line = line(mishaps);
    let door = door(&line);
    for number in 0..300 {
        let reference = format!("r{number}");
        let settled = (0..50).any(|_| kind(&push(&door, number % 400, &reference).delivery) == "accepted");
        assert!(settled, "{reference}");
    }
    let got = line.got();
    assert_eq!((got.len(), got.iter().map(|(_, _, times)| *times).max()), (300, Some(1)));
    assert!(line.conflicts() > 5, "{}", line.conflicts());
}

#[test]
fn the_months_messages_are_known_and_their_end_is_no_failure() {
    let line = LineGateway::start(LineTemper { quota: Some(2), ..LineTemper::default() }).expect("LINE");
    let door = door(&line);
    assert_eq!(door.quota(), Ok(ChatQuota { limit: Some(2), used: 0 }));
    for number in 0..2 {
        assert_eq!(kind(&push(&door, number, &format!("r{number}")).delivery), "accepted");
    }
    let handed = push(&door, 3, "r3");
    assert_eq!((kind(&handed.delivery), handed.usable, handed.again_within), ("later", false, None));
    assert!(format!("{handed:?}").contains("monthly limit"), "{handed:?}");
    assert_eq!(door.quota(), Ok(ChatQuota { limit: Some(2), used: 2 }));
    let free = self::line(Mishaps::default());
    assert_eq!(self::door(&free).quota(), Ok(ChatQuota { limit: None, used: 0 }));
    let wrong = ChatDoor::open("wr0ng", &line.url(), Duration::from_secs(5), "").expect("a door");
    let why = wrong.quota().expect_err("refused");
    assert!(why.starts_with("401 ") && !why.contains("wr0ng"), "{why}");
    assert!(ChatDoor::open("", "", Duration::from_secs(5), "").is_err());
    assert!(ChatDoor::open("x", "http://api.example.jp", Duration::from_secs(5), "").is_err());
}

#[test]
fn words_that_line_would_not_take_are_not_sent() {
    let line = line(Mishaps::default());
    let door = door(&line);
    let button = |text: String, label: String, url: &str| {
        let button = ChatButton { text, label, url: url.into() };
        ChatWords { text: "見本".into(), button: Some(button) }
    };
    let short = || "見本".to_owned();
    for (words, fine) in [
        (words(&"あ".repeat(5_000)), true),
        (words(&"あ".repeat(5_001)), false),
        (words(&"😀".repeat(2_501)), false),
        (words(" \n"), false),
        (button("あ".repeat(160), "あ".repeat(20), "https://mail.example.jp/"), true),
        (button("あ".repeat(161), short(), "https://mail.example.jp/"), false),
        (button(short(), "あ".repeat(21), "https://mail.example.jp/"), false),
        (button(short(), short(), "http://mail.example.jp/"), false),
        (button(short(), short(), "javascript:x"), false),
        (button(short(), short(), "tel:0300000000"), true),
        (button(short(), String::new(), "https://mail.example.jp/"), false),
    ] {
        assert_eq!(words.check().is_ok(), fine, "{:?}", words.check());
        let mut asked = false;
        let handed = door.push(&friend(1), &words, &format!("{words:?}"), &mut || {
            asked = true;
            true
        });
        assert_eq!((kind(&handed.delivery) == "accepted", asked), (fine, fine), "{handed:?}");
    }
    assert_eq!(kind(&door.push(&friend(1), &self::words("x"), "", &mut || true).delivery), "refused");
}

#[test]
fn a_key_is_a_uuid_and_the_references_own() {
    let keys: Vec<String> = (0..1_000).map(|n| retry_key(&format!("c1.s0.t{n}"))).collect();
    let mut distinct = keys.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((distinct.len(), &keys[7]), (1_000, &retry_key("c1.s0.t7")));
    for key in keys {
        let parts: Vec<&str> = key.split('-').collect();
        assert_eq!(parts.iter().map(|p| p.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{key}");
        assert!(parts[2].starts_with('8') && "89ab".contains(&parts[3][..1]), "{key}");
    }
}

fn signature(body: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, body.as_bytes()))
}

fn heard(events: &str) -> Vec<ChatEvent> {
    let body = format!(r#"{{"destination":"U0","events":[{events}]}}"#);
    chat_events(body.as_bytes(), &signature(&body, SECRET), SECRET).expect("LINE's own")
}

fn told(kind: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"{kind}","mode":"active","timestamp":1795341600123,"webhookEventId":"01ABC",
        "deliveryContext":{{"isRedelivery":true}},"source":{{"type":"user","userId":"{}"}}{rest}}}"#,
        id(1)
    )
}

/// L-46: who is a friend is what the webhook says.
#[test]
fn l46_what_friends_do() {
    for (event, kind) in [
        (
            told("follow", r#","replyToken":"x","follow":{"isUnblocked":false}"#),
            ChatKind::Follow { unblocked: false },
        ),
        (told("follow", r#","follow":{"isUnblocked":true}"#), ChatKind::Follow { unblocked: true }),
        (told("unfollow", ""), ChatKind::Unfollow),
        (
            told("message", r#","message":{"id":"1","type":"text","text":"配信停止\nお願いします"}"#),
            ChatKind::Message { what: "text".into(), text: "配信停止\nお願いします".into() },
        ),
        (
            told("message", r#","message":{"id":"1","type":"sticker","stickerId":"2"}"#),
            ChatKind::Message { what: "sticker".into(), text: String::new() },
        ),
        (
            told("postback", r#","postback":{"data":"reason=surplus"}"#),
            ChatKind::Postback { data: "reason=surplus".into() },
        ),
        (
            told("accountLink", r#","link":{"result":"ok","nonce":"abc"}"#),
            ChatKind::Linked { nonce: "abc".into(), done: true },
        ),
        (
            told("accountLink", r#","link":{"result":"failed","nonce":"abc"}"#),
            ChatKind::Linked { nonce: "abc".into(), done: false },
        ),
    ] {
        let expected =
            ChatEvent { id: "01ABC".into(), at: 1_795_341_600_123, again: true, line_id: id(1), kind };
        assert_eq!(heard(&event), [expected], "{event}");
    }
    for nothing in [
        told("videoPlayComplete", ""),
        told("join", ""),
        told("message", "").replace(r#""type":"user""#, r#""type":"group","groupId":"C1""#),
        told("follow", "").replace("userId", "other"),
        told("follow", "").replace("webhookEventId", "other"),
        "7".to_owned(),
    ] {
        assert_eq!(heard(&nothing), [], "{nothing}");
    }
    assert_eq!(heard(""), []);
    assert_eq!(heard(&[told("follow", ""), told("unfollow", "")].join(",")).len(), 2);
}

#[test]
fn a_call_that_is_not_lines_is_not_believed() {
    let body = format!(r#"{{"events":[{}]}}"#, told("unfollow", ""));
    let right = signature(&body, SECRET);
    assert!(chat_events(body.as_bytes(), &right, SECRET).is_ok());
    for (text, signature, secret) in [
        (body.replace("unfollow", "follow"), right.clone(), SECRET),
        (body.clone(), signature(&body, "other"), SECRET),
        (body.clone(), right.clone(), "other"),
        (body.clone(), signature(&body, ""), ""),
        (body.clone(), String::new(), SECRET),
        (body.clone(), right[..right.len() - 1].to_owned(), SECRET),
    ] {
        assert_eq!(chat_events(text.as_bytes(), &signature, secret), Err(Refused::Signature));
    }
    for odd in ["", "{}", "[]", "{\"events\":{}}"] {
        assert_eq!(
            chat_events(odd.as_bytes(), &signature(odd, SECRET), SECRET),
            Err(Refused::Malformed),
            "{odd}"
        );
    }
    let huge = vec![b' '; outreach::reports::MOST_BODY + 1];
    assert_eq!(chat_events(&huge, "", SECRET), Err(Refused::TooLarge));
}

#[test]
fn a_friend_is_tied_to_a_customer_by_a_nonce_and_once() {
    let now = 1_795_341_600;
    let (offer, nonce) = LinkOffer::new(7, [42; 32], now);
    let (other, second) = LinkOffer::new(8, [43; 32], now);
    assert!((10..=255).contains(&nonce.len()) && nonce != second && !format!("{offer:?}").contains(&nonce));
    assert_eq!((offer.customer, &offer.hash), (7, &LinkOffer::hash_of(&nonce)));
    for (offer, nonce, at, fine) in [
        (&offer, nonce.as_str(), now, true),
        (&offer, &nonce, now + 600, true),
        (&offer, &nonce, now + 601, false),
        (&offer, &second, now, false),
        (&other, &nonce, now, false),
        (&offer, "", now, false),
        (&offer, &offer.hash, now, false),
    ] {
        assert_eq!(offer.answered(nonce, at), fine, "{nonce} {at}");
    }
    let line = line(Mishaps::default());
    let token = door(&line).link_token(&id(1)).expect("a token");
    let url = link_url(&token, &nonce);
    assert_eq!(
        url,
        format!("https://access.line.me/dialog/bot/accountLink?linkToken=made-up%2Btoken&nonce={nonce}")
    );
    assert!(door(&line).link_token("../push").is_err());
}

proptest! {
    #[test]
    fn hostile_events(body in "(\\{\"events\":\\[\\{\"type\":)?\\PC{0,200}", signature in "\\PC{0,60}") {
        prop_assert!(chat_events(body.as_bytes(), &signature, SECRET).is_err());
        let right = self::signature(&body, SECRET);
        let _ = chat_events(body.as_bytes(), &right, SECRET);
    }
}
