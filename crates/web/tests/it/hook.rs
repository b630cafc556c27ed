//! What mail services report: by their own signatures only, once each, and never on a stranger's word.

use crate::NOW;
use crate::door::Front;
use app::Amazon;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::prelude::{BASE64_STANDARD, Engine};
use model::{Channel, ReachFacts, ResponseKind, StopReason};
use std::sync::{Arc, Mutex};

/// The topic in the secrets of every shop of these tests.
pub const TOPIC: &str = "arn:aws:sns:ap-northeast-1:123456789012:mezame";
/// A certificate and its key, made for this test and trusted by nobody else.
const SIGNER: &str = include_str!("sns.pem");
const HOST: &str = "https://sns.ap-northeast-1.amazonaws.com";

#[test]
fn sendgrid_is_believed_by_its_signature_only() {
    let front = Front::open();
    let letter = front.keys.message_id(1, "shop.example.jp");
    let body = format!(
        r#"[{{"event":"bounce","type":"bounce","smtp-id":"{letter}","status":"5.1.1","reason":"550 5.1.1 user unknown","sg_event_id":"e1","timestamp":{NOW}}}]"#
    );
    let call = |timestamp: i64, body: &str, signed: &str| {
        let text = [timestamp.to_string().as_bytes(), signed.as_bytes()].concat();
        let signature = front.service.sign(&SystemRandom::new(), &text).unwrap();
        let request = Request::post("/hook/sendgrid")
            .header("x-twilio-email-event-webhook-signature", BASE64_STANDARD.encode(signature.as_ref()))
            .header("x-twilio-email-event-webhook-timestamp", timestamp.to_string());
        front.ask(request.body(Body::from(body.to_owned())).unwrap()).status
    };
    let closed = || {
        let mut stops = vec![];
        front.store.reach_facts(Some(&[1]), &mut |facts: ReachFacts| stops.extend(facts.stops)).unwrap();
        stops.contains(&(Some(Channel::Mail), StopReason::BadAddress))
    };
    assert_eq!(call(NOW, &body, "other words"), StatusCode::FORBIDDEN);
    assert_eq!(call(NOW - 100_000, &body, &body), StatusCode::FORBIDDEN, "an old call again");
    assert!(!closed());
    assert_eq!(call(NOW, &body, &body), StatusCode::NO_CONTENT);
    assert!(closed(), "the address is dead from now on");
    assert_eq!(call(NOW, &body, &body), StatusCode::NO_CONTENT, "twice is once");
}

/// A door, and the addresses that were asked of the Amazon of this test.
struct Post {
    front: Front,
    asked: Arc<Mutex<Vec<String>>>,
    key: KeyPair,
}

impl Post {
    /// `answer` is what Amazon says at any address.
    fn open(answer: Option<&'static str>) -> Post {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = asked.clone();
        let amazon = Arc::new(Amazon::over(move |url| {
            notes.lock().unwrap().push(url.to_owned());
            answer.map(|text| text.as_bytes().to_vec())
        }));
        let front = Front::with(|config| config.amazon = amazon.clone());
        let pem = SIGNER.split("-----BEGIN PRIVATE KEY-----").nth(1).unwrap();
        let pem: String = pem.lines().take_while(|l| !l.starts_with('-')).collect();
        let key = KeyPair::from_pkcs8(&BASE64_STANDARD.decode(pem).unwrap()).unwrap();
        Post { front, asked, key }
    }

    /// A call as SNS makes it: these fields in their order, signed.
    fn call(&self, fields: &[(&str, &str)], certificate: &str) -> String {
        let text: String = fields.iter().map(|(name, value)| format!("{name}\n{value}\n")).collect();
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        let signature = BASE64_STANDARD.encode(signature);
        let rest = [("SignatureVersion", "2"), ("Signature", &signature), ("SigningCertURL", certificate)];
        let all = fields.iter().copied().chain(rest).map(|(name, value)| (name.to_owned(), value.into()));
        serde_json::Value::Object(all.collect()).to_string()
    }

    /// A bounce of the letter to customer 1.
    fn bounce(&self, topic: &str, certificate: &str) -> String {
        let letter = self.front.keys.message_id(1, "shop.example.jp");
        let message = serde_json::json!({
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": "hanako@example.jp", "status": "5.1.1"}],
                "timestamp": "2026-11-22T03:00:00.000Z",
            },
            "mail": {"headers": [{"name": "Message-ID", "value": letter}]},
        });
        let message = message.to_string();
        let fields = [
            ("Message", message.as_str()),
            ("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"),
            ("Timestamp", "2026-11-22T03:00:05.000Z"),
            ("TopicArn", topic),
            ("Type", "Notification"),
        ];
        self.call(&fields, certificate)
    }

    fn confirmation(&self, topic: &str, to: &str) -> String {
        let fields = [
            ("Message", "You have chosen to subscribe"),
            ("MessageId", "165545c9-2a5c-472c-8df2-7ff2be2b3b1b"),
            ("SubscribeURL", to),
            ("Timestamp", "2026-11-22T03:00:05.000Z"),
            ("Token", "2336412f37"),
            ("TopicArn", topic),
            ("Type", "SubscriptionConfirmation"),
        ];
        self.call(&fields, &format!("{HOST}/SimpleNotificationService-1.pem"))
    }

    fn send(&self, body: &str) -> StatusCode {
        let request = Request::post("/hook/sns").header("content-type", "text/plain; charset=UTF-8");
        self.front.ask(request.body(Body::from(body.to_owned())).unwrap()).status
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[test]
fn ses_is_heard_through_its_topic_once_and_its_certificate_is_asked_for_once() {
    let post = Post::open(Some(SIGNER));
    let certificate = format!("{HOST}/SimpleNotificationService-1.pem");
    let bounce = post.bounce(TOPIC, &certificate);
    assert_eq!(post.send(&bounce), StatusCode::NO_CONTENT);
    assert_eq!(post.front.stops(1), [(Some(Channel::Mail), StopReason::BadAddress)]);
    assert_eq!(post.send(&bounce), StatusCode::NO_CONTENT, "the same call again");
    let heard = post.front.heard();
    assert!(heard.len() == 1 && heard[0].1 == ResponseKind::HardBounce, "twice is once: {heard:?}");
    assert_eq!(post.asked(), [certificate], "kept after the first time");
}

#[test]
fn a_topic_of_ours_is_confirmed_and_no_other() {
    let post = Post::open(Some(SIGNER));
    let yes = format!("{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37");
    assert_eq!(post.send(&post.confirmation(TOPIC, &yes)), StatusCode::NO_CONTENT);
    let asked = post.asked();
    assert_eq!((asked.len(), asked[1].as_str()), (2, yes.as_str()), "its certificate, then the yes");
    let other = TOPIC.replace("mezame", "other");
    assert_eq!(post.send(&post.confirmation(&other, &yes)), StatusCode::FORBIDDEN);
    for to in [
        "https://evil.example.com/?Action=ConfirmSubscription&Token=2336412f37",
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
        "http://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
        "https://sns.ap-northeast-1.amazonaws.com@evil.example.com/?Action=ConfirmSubscription&Token=1",
        "https://sns.ap-northeast-1.amazonaws.com/?Action=DeleteTopic&Action=ConfirmSubscription&",
    ] {
        assert_eq!(post.send(&post.confirmation(TOPIC, to)), StatusCode::FORBIDDEN, "{to}");
    }
    assert_eq!(post.asked(), asked, "nobody else was asked anything");
}

#[test]
fn what_only_looks_like_sns_is_refused_and_asks_nobody() {
    let post = Post::open(Some(SIGNER));
    let here = format!("{HOST}/SimpleNotificationService-1.pem");
    for (what, body) in [
        ("another topic", post.bounce(&TOPIC.replace("123456789012", "999999999999"), &here)),
        ("another host", post.bounce(TOPIC, "https://sns.ap-northeast-1.amazonaws.com.example.jp/x.pem")),
        ("another region", post.bounce(TOPIC, "https://sns.us-east-1.amazonaws.com/x.pem")),
        ("no https", post.bounce(TOPIC, &here.replace("https", "http"))),
        ("no certificate", post.bounce(TOPIC, &here.replace(".pem", ".txt"))),
        ("a query", post.bounce(TOPIC, &format!("{HOST}/?Action=Publish&x=.pem"))),
        ("no JSON", "<xml>".to_owned()),
        ("nothing", String::new()),
        ("depth", "[".repeat(100_000)),
    ] {
        assert_eq!(post.send(&body), StatusCode::FORBIDDEN, "{what}");
    }
    let huge = " ".repeat(1024 * 1024 + 1);
    assert_eq!(post.send(&huge), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post.asked(), Vec::<String>::new());
    let broken = post.bounce(TOPIC, &here).replace("Permanent", "Transient");
    assert_eq!(post.send(&broken), StatusCode::FORBIDDEN, "a changed word");
    assert!(post.front.heard().is_empty() && post.front.stops(1).is_empty());
}

#[test]
fn a_certificate_that_cannot_be_had_is_worth_another_try_and_a_wrong_one_is_not_kept() {
    let here = format!("{HOST}/SimpleNotificationService-1.pem");
    let gone = Post::open(None);
    assert_eq!(gone.send(&gone.bounce(TOPIC, &here)), StatusCode::SERVICE_UNAVAILABLE);
    let wrong = Post::open(Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    for _ in 0..2 {
        assert_eq!(wrong.send(&wrong.bounce(TOPIC, &here)), StatusCode::FORBIDDEN);
    }
    assert_eq!(wrong.asked().len(), 2, "asked anew");
    assert!(gone.front.heard().is_empty() && wrong.front.heard().is_empty());
}
