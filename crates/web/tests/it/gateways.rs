//! What gateways tell at the door: proven calls are kept once, others are refused, nothing of them is said.

use crate::NOW;
use crate::door::Front;
use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::prelude::{BASE64_STANDARD, Engine};
use model::{Channel, MatchKey, ResponseKind, StopReason};
use response::Token;
use store::NewTouch;

const NUMBER: &str = "09000000001";
const FRIEND: &str = "U00000000000000000000000000000001";

/// A touch of this channel; its number.
fn touch(front: &Front, step: u16, channel: Channel, destination: MatchKey) -> i64 {
    let new = NewTouch {
        campaign: 1,
        step,
        customer: 1,
        channel,
        destination: Some(destination.0),
        variant: 0,
        value: 0,
        due: NOW,
        rule: String::new(),
    };
    assert_eq!(front.store.make_touches(&[new], NOW).unwrap(), 1);
    let claimed = front.store.claim("w", NOW, 10, &[channel]).unwrap();
    let id = claimed[0].id;
    let attempt = store::Entry::Attempt { touch: id, worker: "w".into(), at: NOW };
    let ended = store::Ended::Sent;
    let outcome = store::Entry::Outcome { touch: id, n: 1, ended, said: String::new(), at: NOW };
    assert_eq!(front.store.write_ledger(&[attempt, outcome]).unwrap(), [true, true]);
    id
}

fn post(front: &Front, path: &str, headers: &[(&str, &str)], body: &str) -> StatusCode {
    let mut request = Request::builder().method(Method::POST).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = front.ask(request.body(Body::from(body.to_owned())).unwrap());
    assert!(!answer.text.contains(NUMBER) && !answer.text.contains(FRIEND));
    answer.status
}

fn running(front: &Front) {
    use model::CampaignState::{Approved, Draft};
    assert!(front.store.move_campaign(1, &[Draft], Approved, "test", "", NOW).unwrap());
}

/// M096, L-40: a provider's report by the secret in its address.
#[test]
fn sms_reports_are_believed_by_their_proof_and_kept_once() {
    let front = Front::open();
    running(&front);
    let mut settings = front.app.settings().unwrap();
    settings.sms.provider = "karaden".to_owned();
    front.app.set_settings(&settings).unwrap();
    let id = touch(&front, 7, Channel::Sms, MatchKey::phone(NUMBER));
    let reference = front.keys.sign(Token::Letter { touch: id });
    let body = |result: &str| {
        format!(r#"{{"id":"m1","tags":["{reference}"],"result":"done","sent_result":"{result}"}}"#)
    };
    for path in ["/hook/sms", "/hook/sms?key=", "/hook/sms?key=other"] {
        assert_eq!(post(&front, path, &[], &body("received")), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(post(&front, "/hook/sms?key=hook", &[], "nonsense"), StatusCode::FORBIDDEN);
    assert!(front.heard().is_empty());
    for _ in 0..3 {
        assert_eq!(post(&front, "/hook/sms?key=hook", &[], &body("received")), StatusCode::NO_CONTENT);
    }
    assert_eq!(post(&front, "/hook/sms?key=hook", &[], &body("unconnected")), StatusCode::NO_CONTENT);
    let kinds: Vec<ResponseKind> = front.heard().into_iter().map(|(_, kind, ..)| kind).collect();
    assert_eq!(kinds, [ResponseKind::Delivered, ResponseKind::SoftBounce]);
    let large = "x".repeat(2 << 20);
    assert_eq!(post(&front, "/hook/sms?key=hook", &[], &large), StatusCode::PAYLOAD_TOO_LARGE);
}

/// M108, L-46: what LINE tells, by its signature.
#[test]
fn friends_are_heard_by_lines_signature() {
    let front = Front::open();
    running(&front);
    let id = touch(&front, 8, Channel::Line, MatchKey::line(FRIEND));
    let event = |kind: &str, id: &str, more: &str| {
        format!(
            r#"{{"type":"{kind}","webhookEventId":"{id}","timestamp":{},"source":{{"type":"user","userId":"{FRIEND}"}}{more}}}"#,
            NOW * 1_000
        )
    };
    let message = r#","message":{"type":"text","id":"1","text":"配信停止"}"#;
    let body = format!(r#"{{"events":[{}]}}"#, event("message", "e1", message));
    let signed = |secret: &[u8]| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), body.as_bytes());
        BASE64_STANDARD.encode(tag)
    };
    assert_eq!(post(&front, "/hook/line", &[], &body), StatusCode::FORBIDDEN);
    assert_eq!(
        post(&front, "/hook/line", &[("x-line-signature", &signed(b"other"))], &body),
        StatusCode::FORBIDDEN
    );
    for _ in 0..2 {
        assert_eq!(
            post(&front, "/hook/line", &[("x-line-signature", &signed(b"secret"))], &body),
            StatusCode::OK
        );
    }
    let heard = front.heard();
    assert_eq!(
        heard.iter().map(|(touch, kind, ..)| (*touch, *kind)).collect::<Vec<_>>(),
        [(id, ResponseKind::OptOut)]
    );
    assert!(front.stops(1).contains(&(Some(Channel::Line), StopReason::LineBlock)));
}
