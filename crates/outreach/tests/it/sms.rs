//! M096: one SMS handed over once: every moment at which a gateway can fail, and what it means.

use crate::sms_help::{REFERENCE, TO, account, cleared, door, generic, kind, once, text};
use madeup::{Mishap, Mishaps, SmsGateway, SmsTemper};
use model::{Channel, Delivery};
use outreach::{SMS_PROVIDERS, SmsAccount, SmsDoor, SmsHanded, SmsProvider};
use std::net::TcpListener;
use std::time::Duration;

fn gateway(mishaps: Mishaps) -> SmsGateway {
    let unknown = vec!["+819000000404".to_owned()];
    let authorization = "Bearer s3cret".to_owned();
    SmsGateway::start(SmsTemper { mishaps, unknown, authorization, ..SmsTemper::default() })
        .expect("a gateway")
}

fn send(door: &SmsDoor, to: &str, reference: &str) -> SmsHanded {
    door.send(&cleared(1, Channel::Sms, to), text(), reference, &mut || true)
}

#[test]
fn a_message_arrives_once_as_it_is_over_one_line() {
    let gateway = gateway(Mishaps::default());
    let door = door(&generic(&gateway.url(), false));
    let mut asked = 0;
    for number in 0..3 {
        let reference = format!("r{number}");
        let handed = door.send(&cleared(number, Channel::Sms, TO), text(), &reference, &mut || {
            // The other side has nothing of it yet.
            assert_eq!(gateway.counts().1, asked);
            asked += 1;
            true
        });
        assert_eq!((kind(&handed.delivery), handed.id), ("accepted", format!("m-{reference}")));
        assert_eq!((handed.attempted, handed.usable, handed.parts), (true, true, 1));
    }
    let kept = gateway.accepted();
    assert_eq!((kept.len(), gateway.counts()), (3, (1, 3)));
    for kept in kept {
        assert_eq!((kept.to.as_str(), kept.text.as_str(), kept.times), ("+819000000001", text(), 1));
    }
}

#[test]
fn a_no_at_the_last_moment_sends_nothing_and_keeps_the_line() {
    let gateway = gateway(Mishaps::default());
    let door = door(&generic(&gateway.url(), false));
    let handed = door.send(&cleared(1, Channel::Sms, TO), text(), REFERENCE, &mut || false);
    assert_eq!((kind(&handed.delivery), handed.attempted, handed.usable), ("later", false, true));
    assert_eq!((gateway.counts().1, kind(&send(&door, TO, "next").delivery)), (0, "accepted"));
    let kept: Vec<String> = gateway.accepted().into_iter().map(|m| m.reference).collect();
    assert_eq!((kept, gateway.counts()), (vec!["next".to_owned()], (1, 1)));
}

#[test]
fn every_mishap() {
    let stall = Mishap::Stall(Duration::from_secs(60));
    // Mishap, what it means without and with a key, whether the next may go, was it accepted.
    for (mishap, without, with, usable, accepted) in [
        (Mishap::DropUnread, "unknown", "later", true, 0),
        (Mishap::DropRead, "unknown", "later", true, 0),
        (Mishap::DropAccepted, "unknown", "later", true, 1),
        (Mishap::CutAnswer, "unknown", "later", true, 1),
        (Mishap::DropAnswered, "accepted", "accepted", true, 1),
        (stall, "unknown", "later", true, 1),
        (Mishap::Answer(400), "refused", "refused", true, 0),
        (Mishap::Answer(401), "later", "later", false, 0),
        (Mishap::Answer(404), "later", "later", false, 0),
        (Mishap::Answer(408), "later", "later", true, 0),
        (Mishap::Answer(429), "later", "later", false, 0),
        (Mishap::Answer(500), "unknown", "later", true, 0),
        (Mishap::Answer(302), "later", "later", false, 0),
        (Mishap::Answer(200), "unknown", "later", true, 0),
        (Mishap::AnswerAccepted(502), "unknown", "later", true, 1),
    ] {
        for once in [false, true] {
            let case = format!("{mishap:?} once {once}");
            let gateway = gateway(Mishaps::always(mishap));
            let door = door(&generic(&gateway.url(), once));
            let handed = send(&door, TO, REFERENCE);
            let expected = if once { with } else { without };
            assert_eq!((kind(&handed.delivery), handed.attempted), (expected, true), "{case}: {handed:?}");
            // What may have arrived may be asked for again only under a key, and only for a day.
            let doubtful = without == "unknown";
            assert_eq!(handed.again_within, (once && doubtful).then_some(24), "{case}");
            assert_eq!(handed.usable, usable, "{case}: {handed:?}");
            assert_eq!(handed.wait, (mishap == Mishap::Answer(429)).then_some(7), "{case}");
            let times: u64 = gateway.accepted().iter().map(|m| m.times).sum();
            assert_eq!(times, accepted, "{case}");
        }
    }
}

#[test]
fn no_line_is_no_attempt() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    let plain = gateway(Mishaps::default());
    let never = plain.url().replace("http://", "https://");
    for url in [format!("http://127.0.0.1:{closed}"), never, "https://nobody.invalid".to_owned()] {
        let mut asked = false;
        let handed =
            door(&generic(&url, false)).send(&cleared(1, Channel::Sms, TO), text(), REFERENCE, &mut || {
                asked = true;
                true
            });
        let found = (kind(&handed.delivery), asked, handed.attempted, handed.usable);
        assert_eq!(found, ("later", false, false, false), "{url}: {handed:?}");
    }
    assert!(plain.accepted().is_empty());
}

#[test]
fn l35_what_cannot_go_is_refused_before_anybody_is_asked() {
    let gateway = gateway(Mishaps::default());
    let door = door(&generic(&gateway.url(), false));
    let long = "あ".repeat(661);
    for (channel, to, text) in [
        (Channel::Sms, "0300000001", text()),
        (Channel::Sms, "02000000001", text()),
        (Channel::Sms, "0900000000", text()),
        (Channel::Sms, "+819000000001", text()),
        (Channel::Sms, "090-0000-0001", text()),
        (Channel::Sms, "０9000000001", text()),
        (Channel::Line, TO, text()),
        (Channel::Sms, TO, ""),
        (Channel::Sms, TO, long.as_str()),
    ] {
        let mut asked = false;
        let handed = door.send(&cleared(1, channel, to), text, REFERENCE, &mut || {
            asked = true;
            true
        });
        let found = (kind(&handed.delivery), asked, handed.attempted, handed.usable);
        assert_eq!(found, ("refused", false, false, true), "{to} {handed:?}");
    }
    assert_eq!(gateway.counts(), (0, 0));
    for to in ["06000000001", "07000000001", "08000000001"] {
        assert_eq!(kind(&send(&door, to, to).delivery), "accepted", "{to}");
    }
    assert_eq!(gateway.accepted()[0].to, "+816000000001");
}

#[test]
fn a_dead_number_is_said_and_not_repeated_and_no_secret_is_shown() {
    let gateway = gateway(Mishaps::default());
    let door = door(&generic(&gateway.url(), false));
    let handed = send(&door, "09000000404", REFERENCE);
    assert_eq!((kind(&handed.delivery), handed.usable), ("dead", true), "{handed:?}");
    let shown = format!("{handed:?} {door:?} {:?}", account());
    assert!(!shown.contains("0000404") && !shown.contains("s3cret"), "{shown}");
    let wrong = SmsAccount { secret: "wr0ng".into(), ..account() };
    let door = SmsDoor::open(generic(&gateway.url(), false), wrong).expect("a door");
    let handed = send(&door, TO, REFERENCE);
    assert_eq!((kind(&handed.delivery), handed.usable), ("later", false), "{handed:?}");
    assert!(!format!("{handed:?} {door:?}").contains("wr0ng"));
}

/// What each provider is sent, to the byte.
#[test]
fn requests_are_as_their_providers_want_them() {
    let settings = [
        ("tenant", "t/1"),
        ("service", "7"),
        ("account", "AC1"),
        ("from", "Mihon Tea"),
        ("sender", "05000000000"),
    ];
    let body = "%E8%A6%8B%E6%9C%AC%E8%8C%B6%E5%9C%92";
    let basic = "Authorization: Basic QUMxOnMzY3JldA==";
    for (name, host, answer, line, headers, sent) in [
        (
            "karaden",
            "https://prg.karaden.jp",
            r#"{"id":"82b9c1a0","object":"message"}"#,
            "POST /api/t%2F1/messages HTTP/1.1",
            vec!["Authorization: Bearer s3cret", "Karaden-Version: 2023-01-01"],
            format!("body={body}&service_id=7&tags%5B0%5D=c1.s0.t42&to=09000000001"),
        ),
        (
            "media_sms",
            "{endpoint}",
            "",
            "POST / HTTP/1.1",
            vec![basic],
            format!("mezame=c1.s0.t42&mobilenumber=09000000001&smstext={body}"),
        ),
        (
            "twilio",
            "https://api.twilio.com",
            r#"{"sid":"SM82b9"}"#,
            "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1",
            vec![basic],
            format!(
                "Body={body}&From=Mihon%20Tea&StatusCallback=https%3A%2F%2Fmail.example.jp%2Fsms%3Ftouch%3Dc1.s0.t42\
                 &To=%2B819000000001"
            ),
        ),
        (
            "generic",
            "{endpoint}",
            r#"{"id":"82b9"}"#,
            "POST / HTTP/1.1",
            vec!["Authorization: Bearer s3cret", "Idempotency-Key: c1.s0.t42"],
            r#"{"callback":"https://mail.example.jp/sms","from":"05000000000","reference":"c1.s0.t42","text":"見本茶園","to":"+819000000001"}"#
                .to_owned(),
        ),
    ] {
        let (url, said) = once(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{answer}", answer.len()));
        let file = SMS_PROVIDERS.iter().find(|(known, _)| *known == name).expect("a provider").1;
        let provider = SmsProvider::parse(&file.replace(host, &url)).expect(name);
        let settings = settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let mut account = SmsAccount { settings: settings.collect(), ..account() };
        account.settings.insert("endpoint".into(), url);
        let door = SmsDoor::open(provider, account).expect(name);
        let handed = door.send(&cleared(42, Channel::Sms, TO), "見本茶園", REFERENCE, &mut || true);
        assert_eq!(kind(&handed.delivery), "accepted", "{name}: {handed:?}");
        assert_eq!(handed.id.is_empty(), name == "media_sms", "{name}: {handed:?}");
        let said = said.join().expect("what was sent");
        let (head, found) = said.split_once("\r\n\r\n").expect("a head");
        assert_eq!((head.lines().next(), found), (Some(line), sent.as_str()), "{name}");
        for header in headers {
            assert!(head.lines().any(|l| l == header), "{name}: {header}: {head}");
        }
    }
}

/// What Twilio's errors mean, by their codes.
#[test]
fn answers_mean_what_the_file_says() {
    let file = SMS_PROVIDERS.iter().find(|(known, _)| *known == "twilio").expect("a provider").1;
    for (code, body, means, usable) in [
        (201, r#"{"sid":"SM1","status":"queued"}"#, "accepted", true),
        // Taken, but nothing tells under which name: somebody has to look.
        (201, "{}", "unknown", true),
        (201, "<html>", "unknown", true),
        (400, r#"{"code":21211,"message":"Invalid 'To' number +819000000001"}"#, "dead", true),
        (400, r#"{"code":21614}"#, "dead", true),
        (400, r#"{"code":21610,"message":"unsubscribed"}"#, "refused", true),
        (400, r#"{"code":"21606"}"#, "later", false),
        (401, r#"{"code":20003}"#, "later", false),
        (429, r#"{"code":20429}"#, "later", false),
        (500, r#"{"code":20500}"#, "unknown", true),
        (301, "", "later", false),
    ] {
        let (url, said) = once(&format!(
            "HTTP/1.1 {code} x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        let provider = SmsProvider::parse(&file.replace("https://api.twilio.com", &url)).expect("twilio");
        let mut account = account();
        account.settings.extend([("account".into(), "AC1".into()), ("from".into(), "x".into())]);
        let handed = send(&SmsDoor::open(provider, account).expect("a door"), TO, REFERENCE);
        assert_eq!((kind(&handed.delivery), handed.usable), (means, usable), "{code} {body}: {handed:?}");
        assert!(!format!("{handed:?}").contains("9000000001"), "{handed:?}");
        drop(said);
    }
}

/// Many messages through an unlucky gateway: what we believe and what it knows never contradict, and nobody
/// gets anything twice.
#[test]
fn belief_and_truth_agree_and_nothing_goes_twice() {
    for seed in [1, 2, 3] {
        let gateway = gateway(Mishaps::nasty(seed, 0.03));
        let door = door(&generic(&gateway.url(), false));
        let (mut accepted, mut unknown) = (vec![], vec![]);
        for number in 0..300 {
            let reference = format!("r{number}");
            for _ in 0..20 {
                match send(&door, TO, &reference).delivery {
                    Delivery::Later { .. } => continue,
                    Delivery::Accepted { .. } => accepted.push(reference.clone()),
                    Delivery::Unknown { .. } => unknown.push(reference.clone()),
                    Delivery::Refused { .. } => {}
                }
                break;
            }
        }
        let kept = gateway.accepted();
        assert!(kept.iter().all(|m| m.times == 1), "nothing twice");
        let there = |reference: &String| kept.iter().any(|m| m.reference == *reference);
        assert!(accepted.iter().all(there), "what was accepted is there");
        let surprising = unknown.iter().filter(|r| there(r)).count();
        assert_eq!(kept.len(), accepted.len() + surprising, "nothing else is there");
        assert!(surprising > 0 && unknown.len() > surprising && accepted.len() > 200, "{}", unknown.len());
    }
}

/// A gateway that takes a key's message once: asked until it answers, nothing is lost and nothing goes twice.
#[test]
fn under_a_key_nothing_is_lost_and_nothing_goes_twice() {
    let mut mishaps = Mishaps::nasty(7, 0.05);
    mishaps.each.retain(|(mishap, _)| *mishap != Mishap::Answer(400));
    let temper = SmsTemper { mishaps, once: "idempotency-key", ..SmsTemper::default() };
    let gateway = SmsGateway::start(temper).expect("a gateway");
    let door = door(&generic(&gateway.url(), true));
    for number in 0..300 {
        let reference = format!("r{number}");
        let settled = (0..50).any(|_| kind(&send(&door, TO, &reference).delivery) == "accepted");
        assert!(settled, "{reference}");
    }
    let kept = gateway.accepted();
    assert_eq!((kept.len(), kept.iter().map(|m| m.times).max()), (300, Some(1)));
    assert!(gateway.counts().1 > 350, "it was asked again: {:?}", gateway.counts());
}

/// A line that the other side has closed meanwhile is not used: else the next message would be in doubt.
#[test]
fn a_line_that_was_closed_is_opened_anew() {
    let (url, asked) = once("HTTP/1.1 202 x\r\nContent-Length: 10\r\n\r\n{\"id\":\"x\"}");
    let door = door(&generic(&url, false));
    assert_eq!(kind(&send(&door, TO, "r1").delivery), "accepted");
    asked.join().expect("answered and closed");
    let handed = send(&door, TO, "r2");
    assert_eq!(
        (kind(&handed.delivery), handed.attempted, handed.usable),
        ("later", false, false),
        "{handed:?}"
    );
}

/// Several senders share one door.
#[test]
fn a_door_serves_many_threads() {
    let gateway = gateway(Mishaps::default());
    let door = door(&generic(&gateway.url(), false));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let door = &door;
            scope.spawn(move || {
                for number in 0..50 {
                    let handed = send(door, TO, &format!("{thread}-{number}"));
                    assert_eq!(kind(&handed.delivery), "accepted", "{handed:?}");
                }
            });
        }
    });
    let kept = gateway.accepted();
    assert_eq!((kept.len(), kept.iter().map(|m| m.times).max()), (200, Some(1)));
    assert!(gateway.counts().0 <= 8, "lines are used again: {:?}", gateway.counts());
}

#[test]
fn a_door_is_not_opened_with_something_missing() {
    let file = SMS_PROVIDERS.iter().find(|(known, _)| *known == "generic").expect("a provider").1;
    for (name, change) in [
        ("sender", ("sender", "")),
        ("endpoint", ("endpoint", " ")),
        ("url", ("endpoint", "http://api.example.jp")),
        ("url", ("endpoint", "https://a b")),
        ("secret", ("secret", "")),
    ] {
        let mut account = account();
        match change {
            ("secret", value) => account.secret = value.into(),
            (setting, value) => _ = account.settings.insert(setting.into(), value.into()),
        }
        let found = SmsDoor::open(SmsProvider::parse(file).expect("a provider"), account).expect_err(name);
        assert!(found.to_string().contains(&format!("「{name}」")), "{found}");
    }
    let files = SmsProvider::known("file").expect("a provider");
    assert!(SmsDoor::open(files, account()).is_err());
}

/// Over TLS: with the shop's own authority it arrives, without it nothing leaves.
#[test]
fn a_line_closed_to_others() {
    use crate::sms_help::request;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};
    use std::io::Write;
    use std::sync::Arc;
    const LOCALHOST: &str = include_str!("tls.pem");
    for (authorities, means) in [(LOCALHOST, "accepted"), ("", "later")] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://localhost:{}/sms", listener.local_addr().expect("its number").port());
        let server = std::thread::spawn(move || {
            let certificate = CertificateDer::from_pem_slice(LOCALHOST.as_bytes()).expect("a certificate");
            let key = PrivateKeyDer::from_pem_slice(LOCALHOST.as_bytes()).expect("a key");
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
            let builder = builder.expect("versions").with_no_client_auth();
            let config = Arc::new(builder.with_single_cert(vec![certificate], key).expect("a server"));
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut tls = ServerConnection::new(config).expect("a connection");
            while tls.is_handshaking() {
                if tls.complete_io(&mut stream).is_err() {
                    return vec![];
                }
            }
            let mut stream = StreamOwned::new(tls, stream);
            let mut asked = vec![];
            for _ in 0..2 {
                asked.push(request(&mut stream));
                let answer =
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"id\":\"m1\"}\r\n0\r\n\r\n";
                stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()).expect("written");
            }
            asked
        });
        let account =
            SmsAccount { authorities: authorities.into(), timeout: Duration::from_secs(5), ..account() };
        let door = SmsDoor::open(generic(&url, false), account).expect("a door");
        for _ in 0..2 {
            let handed = send(&door, TO, REFERENCE);
            assert_eq!(kind(&handed.delivery), means, "{handed:?}");
            assert_eq!(handed.attempted, means == "accepted", "{handed:?}");
            if means != "accepted" {
                break;
            }
        }
        let asked = server.join().expect("what was asked");
        assert_eq!(asked.len(), if means == "accepted" { 2 } else { 0 }, "both over one line");
        assert!(
            asked.iter().all(|a| a.contains(&format!("Host: {}\r\n", &url[8..url.len() - 4]))),
            "{asked:?}"
        );
    }
}
