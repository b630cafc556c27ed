//! SendGrid's webhook: signed with a key made here, read, and refused when anything is changed.

use super::{TOKEN, told};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::{Engine, prelude::BASE64_STANDARD};
use outreach::reports::{MOST_BODY, Refused, Report, SENDGRID_KEY, sendgrid};

const NOW: i64 = 1_794_272_410;

struct Service {
    key: EcdsaKeyPair,
    public: String,
}

impl Service {
    fn new() -> Service {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let der: PublicKeyX509Der = key.public_key().as_der().expect("DER");
        let public = BASE64_STANDARD.encode(der.as_ref());
        Service { key, public }
    }

    fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        let signed = [timestamp.as_bytes(), body].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        BASE64_STANDARD.encode(signature.as_ref())
    }

    /// Signs and hears a body.
    fn call(&self, body: &[u8]) -> Result<Vec<Report>, Refused> {
        let timestamp = NOW.to_string();
        sendgrid(body, &self.sign(&timestamp, body), &timestamp, &self.public, NOW)
    }
}

#[test]
fn what_sendgrid_says() {
    let events = [
        ("\"event\":\"processed\"", ""),
        ("\"event\":\"deferred\",\"response\":\"400 try again later\"", ""),
        ("\"event\":\"delivered\",\"response\":\"250 OK\"", "delivered"),
        (
            "\"event\":\"bounce\",\"type\":\"bounce\",\"status\":\"5.0.0\",\"reason\":\"500 unknown recipient hanako.madeup@example.com\"",
            "hard_bounce 5.0.0 500 unknown recipient ***",
        ),
        (
            "\"event\":\"bounce\",\"type\":\"bounce\",\"status\":\"5.2.2\",\"reason\":\"552 full\"",
            "soft_bounce 5.2.2 552 full",
        ),
        (
            "\"event\":\"bounce\",\"type\":\"blocked\",\"reason\":\"550 5.7.1 blocked\"",
            "soft_bounce 5.7.1 550 5.7.1 blocked",
        ),
        ("\"event\":\"dropped\",\"reason\":\"Bounced Address\"", "hard_bounce Bounced Address"),
        ("\"event\":\"dropped\",\"reason\":\"Unsubscribed Address\"", "opt_out Unsubscribed Address"),
        ("\"event\":\"dropped\",\"reason\":\"Spam Reporting Address\"", "complaint Spam Reporting Address"),
        ("\"event\":\"dropped\",\"reason\":\"Too many links\"", "soft_bounce Too many links"),
        ("\"event\":\"spamreport\"", "complaint"),
        ("\"event\":\"unsubscribe\"", "opt_out"),
        ("\"event\":\"group_unsubscribe\"", "opt_out"),
        ("\"event\":\"open\",\"useragent\":\"Mozilla/5.0 (X11)\"", "open"),
        ("\"event\":\"click\",\"url\":\"https://example.jp/\"", "click"),
        ("\"event\":7", ""),
    ];
    let service = Service::new();
    for (event, expected) in events {
        let body = format!(
            "[{{\"email\":\"hanako.madeup@example.com\",\"timestamp\":1794272405,\"smtp-id\":\"<{TOKEN}@example.jp>\",\"sg_event_id\":\"ZG8tZXZlbnQ\",{event}}},5]"
        );
        let reports = service.call(body.as_bytes()).expect(event);
        assert_eq!(told(&reports).join(" | "), expected, "{event}");
        for report in reports {
            assert_eq!((report.hints, report.id.as_str()), (vec![TOKEN.to_owned()], "ZG8tZXZlbnQ"));
            assert_eq!(report.at, Some(1_794_272_405_000));
        }
    }
}

#[test]
fn openings_carry_the_argument_and_what_opened() {
    let body = format!(
        "[{{\"event\":\"open\",\"{SENDGRID_KEY}\":\"{TOKEN}\",\"useragent\":\"Mozilla/5.0 (X11)\"}},\
          {{\"event\":\"open\",\"{SENDGRID_KEY}\":\"{TOKEN}\",\"sg_machine_open\":true,\"useragent\":\"Mozilla/5.0\"}}]"
    );
    let reports = Service::new().call(body.as_bytes()).expect("signed");
    assert!(reports.iter().all(|r| r.hints == [TOKEN] && r.at.is_none()));
    let agents: Vec<&str> = reports.iter().map(|r| r.agent.as_str()).collect();
    assert_eq!(agents, ["Mozilla/5.0 (X11)", "machine open"]);
}

#[test]
fn anything_changed_is_refused() {
    let service = Service::new();
    let (body, time) = (b"[]".as_slice(), NOW.to_string());
    let signature = service.sign(&time, body);
    let public = service.public.as_str();
    assert_eq!(sendgrid(body, &signature, &time, public, NOW), Ok(vec![]));
    let refused = Err(Refused::Signature);
    assert_eq!(sendgrid(b"[ ]", &signature, &time, public, NOW), refused);
    assert_eq!(sendgrid(body, &signature, &(NOW + 1).to_string(), public, NOW), refused);
    assert_eq!(sendgrid(body, &signature, &time, &Service::new().public, NOW), refused);
    for wrong in ["", "AAAA", "no base64!"] {
        assert_eq!(sendgrid(body, wrong, &time, public, NOW), refused, "{wrong}");
        assert_eq!(sendgrid(body, &signature, &time, wrong, NOW), refused, "{wrong}");
    }
}

#[test]
fn an_old_call_is_refused() {
    let service = Service::new();
    for (time, expected) in [
        (NOW - 600, Ok(vec![])),
        (NOW + 600, Ok(vec![])),
        (NOW - 601, Err(Refused::Stale)),
        (NOW + 601, Err(Refused::Stale)),
        (i64::MIN, Err(Refused::Stale)),
    ] {
        let text = time.to_string();
        let signature = service.sign(&text, b"[]");
        assert_eq!(sendgrid(b"[]", &signature, &text, &service.public, NOW), expected, "{time}");
    }
    let signature = service.sign("yesterday", b"[]");
    assert_eq!(sendgrid(b"[]", &signature, "yesterday", &service.public, NOW), Err(Refused::Stale));
}

#[test]
fn hostile_bodies_are_refused_even_when_signed() {
    let service = Service::new();
    assert_eq!(service.call(&vec![b' '; MOST_BODY + 1]), Err(Refused::TooLarge));
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [deep.as_bytes(), b"", b"{}", b"null", b"\xff\xfe"] {
        assert_eq!(service.call(body), Err(Refused::Malformed));
    }
    assert_eq!(service.call(b"[null,{},[],{\"event\":{}}]"), Ok(vec![]));
}
