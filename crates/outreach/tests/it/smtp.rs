//! One mail handed over once: every phase in which the other side can fail, and what it means.

use crate::help::{heading, letter, touch};
use madeup::{Fault, Keep, Phase, Sink, Temper, What};
use model::Delivery;
use outreach::{Handed, Heading, Line, SmtpDoor, SmtpError, Tls, compose};
use std::net::TcpListener;
use std::time::Duration;

const TO: &str = "hanako@example.jp";
const BACK: &str = "bounce@example.jp";

fn door(port: u16) -> SmtpDoor {
    SmtpDoor {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        user: String::new(),
        password: String::new(),
        helo: "mail.example.jp".into(),
        timeout: Duration::from_secs(5),
        authorities: String::new(),
    }
}

fn sink(faults: Vec<Fault>, pipelining: bool) -> Sink {
    let unknown = vec!["nobody@example.jp".to_owned()];
    Sink::start(Temper { faults, unknown, pipelining, ..Temper::default() }).expect("a sink")
}

fn open(sink: &Sink) -> Result<Line, SmtpError> {
    Line::open(&SmtpDoor { timeout: Duration::from_millis(300), ..door(sink.addr().port()) })
}

fn mail(number: u64, to: &str) -> Vec<u8> {
    let id = format!("t{number}@mail.example.jp");
    compose(&touch(1, to), &Heading { message_id: &id, ..heading() }, &letter())
}

fn hand(line: &mut Line, number: u64, to: &str) -> Handed {
    line.deliver(&touch(number as i64, to), BACK, &mail(number, to), &mut || true)
}

fn kind(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Accepted { .. } => "accepted",
        Delivery::Later { .. } => "later",
        Delivery::Refused { dead: true, .. } => "dead",
        Delivery::Refused { dead: false, .. } => "refused",
        Delivery::Unknown { .. } => "unknown",
    }
}

#[test]
fn a_mail_arrives_once_as_it_is() {
    for pipelining in [true, false] {
        let sink = sink(vec![], pipelining);
        let mut line = open(&sink).expect("a line");
        let dots =
            b"From: a@example.jp\r\nMessage-ID: <dots@example.jp>\r\n\r\n.\r\n..two\r\n.x\r\n".to_vec();
        let mut commits = 0;
        for (number, mail) in [mail(1, TO), dots].into_iter().enumerate() {
            let handed = line.deliver(&touch(1, TO), BACK, &mail, &mut || {
                // The other side has nothing of it yet.
                assert_eq!(sink.mails(), number as u64);
                commits += 1;
                true
            });
            assert!(handed.usable && handed.attempted, "{handed:?}");
            assert_eq!(kind(&handed.delivery), "accepted");
            let kept = sink.accepted();
            let kept = kept.iter().find(|kept| kept.bytes == mail).expect("the mail as it was");
            assert_eq!((kept.times, kept.rcpt.as_str(), kept.mail_from.as_str()), (1, TO, BACK));
        }
        assert_eq!((commits, sink.connections()), (2, 1));
        line.close();
    }
}

#[test]
fn every_phase_that_fails() {
    let reply = |text: &str| What::Reply(text.to_owned());
    let stall = || What::Stall(Duration::from_secs(60));
    // Phase, what happens, what it means, whether the line is usable, was it attempted, was it accepted.
    for (at, what, means, usable, attempted, mails) in [
        (Phase::Mail, reply("451 4.3.0 later"), "later", true, false, 0),
        (Phase::Mail, reply("550 5.1.1 user unknown"), "refused", true, false, 0),
        (Phase::Mail, reply("421 4.3.2 closing"), "later", false, false, 0),
        (Phase::Mail, What::Drop, "later", false, false, 0),
        (Phase::Rcpt, reply("450 4.2.1 greylisted"), "later", true, false, 0),
        (Phase::Rcpt, reply("550 5.1.1 no such address"), "dead", true, false, 0),
        (Phase::Rcpt, reply("550 5.7.1 policy"), "refused", true, false, 0),
        (Phase::Rcpt, reply("552 5.2.2 mailbox full"), "refused", true, false, 0),
        (Phase::Rcpt, What::Drop, "later", false, false, 0),
        (Phase::Rcpt, stall(), "later", false, false, 0),
        (Phase::Data, reply("451 4.3.0 later"), "later", true, false, 0),
        (Phase::Data, reply("554 5.5.1 no"), "refused", true, false, 0),
        (Phase::Data, reply("250 odd"), "later", true, false, 0),
        (Phase::Data, What::Drop, "later", false, false, 0),
        (Phase::Ready, What::Drop, "unknown", false, true, 0),
        (Phase::Body, What::Drop, "unknown", false, true, 0),
        (Phase::Body, reply("552 5.3.4 too big"), "refused", true, true, 0),
        (Phase::Dot, What::Drop, "unknown", false, true, 1),
        (Phase::Dot, stall(), "unknown", false, true, 0),
        (Phase::Dot, reply("451 4.3.0 later"), "later", true, true, 0),
        (Phase::Dot, reply("421 4.3.2 closing"), "later", false, true, 0),
        (Phase::Dot, reply("550 5.1.1 user unknown"), "dead", true, true, 0),
        (Phase::Dot, reply("554 5.7.1 spam"), "refused", true, true, 0),
        (Phase::Dot, reply("354 again"), "unknown", false, true, 0),
        (Phase::Answered, What::Drop, "accepted", true, true, 1),
    ] {
        for pipelining in [true, false] {
            let case = format!("{at:?} {what:?} pipelining {pipelining}");
            let sink = sink(vec![Fault { at, what: what.clone(), share: 1.0 }], pipelining);
            let mut line = open(&sink).expect("a line");
            let handed = hand(&mut line, 1, TO);
            let found = (kind(&handed.delivery), handed.usable, handed.attempted);
            assert_eq!(found, (means, usable, attempted), "{case}: {handed:?}");
            if at != Phase::Ready && at != Phase::Body {
                assert_eq!(sink.mails(), mails, "{case}");
            }
        }
    }
}

#[test]
fn no_line_without_a_server_that_wants_one() {
    let reply = |text: &str| What::Reply(text.to_owned());
    for (at, what, for_good) in [
        (Phase::Connect, What::Drop, false),
        (Phase::Connect, reply("421 4.7.0 too many"), false),
        (Phase::Connect, reply("554 5.7.1 go away"), true),
        (Phase::Connect, What::Stall(Duration::from_secs(60)), false),
        (Phase::Ehlo, What::Drop, false),
        (Phase::Ehlo, reply("550 5.7.1 who are you"), true),
    ] {
        let sink = sink(vec![Fault { at, what: what.clone(), share: 1.0 }], true);
        let found = open(&sink).map(|_| ()).expect_err("no line");
        assert_eq!(matches!(found, SmtpError::Refused(_)), for_good, "{at:?} {what:?}: {found}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    assert!(matches!(Line::open(&door(closed)), Err(SmtpError::Unreachable(_))));
    let none = Sink::start(Temper { max_connections: 0, ..Temper::default() }).expect("a sink");
    assert!(matches!(open(&none), Err(SmtpError::Unreachable(_))));
    // A door that wants TLS or a login does not go on without.
    let sink = sink(vec![], true);
    for door in [
        SmtpDoor { tls: Tls::StartTls, ..door(sink.addr().port()) },
        SmtpDoor { user: "shop".into(), password: "secret".into(), ..door(sink.addr().port()) },
        SmtpDoor { helo: "x\r\nMAIL FROM:<>".into(), ..door(sink.addr().port()) },
    ] {
        let found = Line::open(&door).map(|_| ()).expect_err("no line");
        assert!(matches!(found, SmtpError::Refused(_)), "{found}");
        assert!(!format!("{found} {door:?}").contains("secret"));
    }
}

#[test]
fn a_commit_that_says_no_sends_nothing() {
    for pipelining in [true, false] {
        let sink = sink(vec![], pipelining);
        let mut line = open(&sink).expect("a line");
        let handed = line.deliver(&touch(1, TO), BACK, &mail(1, TO), &mut || false);
        assert_eq!((kind(&handed.delivery), handed.usable, handed.attempted), ("later", false, false));
        drop(line);
        let mut next = open(&sink).expect("a line");
        assert_eq!(kind(&hand(&mut next, 2, TO).delivery), "accepted");
        let ids: Vec<String> = sink.accepted().into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(ids, ["t2@mail.example.jp"]);
    }
}

#[test]
fn a_dead_address_costs_the_next_nothing_and_is_not_repeated() {
    for pipelining in [true, false] {
        let sink = sink(vec![], pipelining);
        let mut line = open(&sink).expect("a line");
        let mut committed = false;
        let to = "nobody@example.jp";
        let handed = line.deliver(&touch(1, to), BACK, &mail(1, to), &mut || {
            committed = true;
            true
        });
        assert!(!committed && handed.usable && kind(&handed.delivery) == "dead", "{handed:?}");
        assert!(!format!("{handed:?}").contains("nobody"), "{handed:?}");
        assert_eq!(kind(&hand(&mut line, 2, TO).delivery), "accepted");
        for odd in ["花子@example.jp", "a b@example.jp", "a@example.jp> SIZE=1", "none"] {
            let handed = hand(&mut line, 3, odd);
            assert_eq!(
                (kind(&handed.delivery), handed.usable, handed.attempted),
                ("refused", true, false),
                "{odd}"
            );
        }
        assert_eq!((sink.mails(), sink.connections()), (1, 1));
    }
}

#[test]
fn a_server_that_waits_for_nobodys_mail_gets_none() {
    use std::io::{BufRead, BufReader, Write};
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut lines = BufReader::new(stream.try_clone().expect("two ends")).lines();
        let mut said = vec![];
        stream.write_all(b"220 x\r\n").expect("written");
        while let Some(Ok(line)) = lines.next() {
            let answer: &[u8] = match line.get(..4).unwrap_or(&line) {
                "EHLO" => b"250-x\r\n250 PIPELINING\r\n",
                "RCPT" => b"550 5.1.1 no\r\n",
                "DATA" => b"354 go on\r\n",
                _ => b"250 ok\r\n",
            };
            stream.write_all(answer).expect("written");
            said.push(line);
        }
        said
    });
    let mut line = Line::open(&door(port)).expect("a line");
    let handed = hand(&mut line, 1, TO);
    assert_eq!((kind(&handed.delivery), handed.usable, handed.attempted), ("dead", false, false));
    drop(line);
    let said = server.join().expect("what was said");
    assert_eq!(said.last().map(String::as_str), Some("DATA"));
}

/// Many mails through an unlucky server, reconnecting as a caller would: what we believe and what the
/// server knows never contradict, and nothing arrives twice.
#[test]
fn belief_and_truth_agree_under_faults() {
    for seed in [1, 2, 3] {
        let sink = Sink::start(Temper { keep: Keep::Ids, ..Temper::nasty(seed, 0.03) }).expect("a sink");
        let mut line = None;
        let (mut accepted, mut unknown) = (vec![], vec![]);
        for number in 0..400 {
            for _ in 0..20 {
                let Some(mut open) = line.take().or_else(|| self::open(&sink).ok()) else { continue };
                let handed = hand(&mut open, number, TO);
                line = handed.usable.then_some(open);
                match handed.delivery {
                    Delivery::Later { .. } => continue,
                    Delivery::Accepted { .. } => accepted.push(number),
                    Delivery::Unknown { .. } => unknown.push(number),
                    Delivery::Refused { .. } => {}
                }
                break;
            }
        }
        let kept = sink.accepted();
        assert!(kept.iter().all(|mail| mail.times == 1), "nothing twice");
        let ids: Vec<String> = kept.into_iter().map(|mail| mail.message_id).collect();
        let there = |number: &u64| ids.contains(&format!("t{number}@mail.example.jp"));
        assert!(accepted.iter().all(there), "what was accepted is there");
        let surprising = unknown.iter().filter(|n| there(n)).count();
        assert_eq!(ids.len(), accepted.len() + surprising, "nothing else is there");
        assert!(
            !unknown.is_empty() && surprising > 0 && accepted.len() > 300,
            "{} {unknown:?}",
            accepted.len()
        );
    }
}
