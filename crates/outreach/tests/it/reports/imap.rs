//! A mailbox over IMAP: nothing lost, nothing doubled; wrong passwords, open lines and hostile servers.

use super::{file, told};
use crate::tls::{LOCALHOST, secured};
use madeup::Postbox;
use outreach::Tls;
use outreach::reports::{ImapDoor, ImapError, Inbox, Position, Report};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

fn door(port: u16) -> ImapDoor {
    ImapDoor {
        host: "localhost".into(),
        port,
        tls: Tls::None,
        user: "shop".into(),
        password: "secret".into(),
        folder: "INBOX".into(),
        timeout: Duration::from_secs(5),
        authorities: LOCALHOST.into(),
    }
}

fn of(postbox: &Postbox) -> ImapDoor {
    door(postbox.addr().port())
}

type Mails = Vec<(u32, Vec<Report>)>;

/// Everything that is new, and up to where that is.
fn read(door: &ImapDoor, since: Option<Position>) -> Result<(Mails, Option<Position>), ImapError> {
    let mut inbox = Inbox::open(door, since, &|| true)?;
    let (mut mails, mut at) = (vec![], since);
    while let Some(batch) = inbox.next_batch()? {
        mails.extend(batch.mails);
        at = Some(batch.position);
    }
    inbox.close();
    Ok((mails, at))
}

fn numbers(mails: &[(u32, Vec<Report>)]) -> Vec<u32> {
    mails.iter().map(|(uid, _)| *uid).collect()
}

#[test]
fn new_mails_are_read_in_order_and_marked_only_when_asked_for() {
    let postbox = Postbox::start("secret").expect("a mailbox");
    for mail in ["postfix.eml", "vacation.eml", "abuse.eml", "leaving.eml"] {
        postbox.put(&file(mail));
    }
    let (mails, at) = read(&of(&postbox), None).expect("read");
    let kinds: Vec<String> =
        mails.iter().map(|(_, r)| told(r).join("").split(' ').next().unwrap_or("").into()).collect();
    assert_eq!(kinds, ["hard_bounce", "", "complaint", "opt_out"]);
    assert_eq!((numbers(&mails), at.map(|at| at.uid)), (vec![1, 2, 3, 4], Some(4)));
    assert_eq!(postbox.seen(), Vec::<u32>::new(), "looked at, not touched");
    assert_eq!(read(&of(&postbox), at).expect("read again"), (vec![], at));

    let mut inbox = Inbox::open(&of(&postbox), at, &|| true).expect("open");
    inbox.mark_seen(&[1, 3]).expect("marked");
    assert_eq!(postbox.seen(), [1, 3]);
    postbox.lock();
    inbox.mark_seen(&[4]).expect("a folder that may only be read is read all the same");
    assert_eq!(postbox.seen(), [1, 3]);
    assert!(postbox.said().iter().all(|said| !said.contains("secret")));
}

#[test]
fn what_somebody_else_has_read_is_heard_of_too() {
    let postbox = Postbox::start("secret").expect("a mailbox");
    let old = postbox.put(&file("postfix.eml"));
    postbox.open(old);
    let (mails, at) = read(&of(&postbox), None).expect("read");
    assert_eq!((mails.len(), at.map(|at| at.uid)), (0, Some(1)), "the first time only what nobody read");
    let new = postbox.put(&file("postfix.eml"));
    postbox.open(new);
    let (mails, at) = read(&of(&postbox), at).expect("read");
    assert_eq!(numbers(&mails), [2], "someone was quicker");
    postbox.put(&file("full.eml"));
    postbox.renumber();
    let (mails, again) = read(&of(&postbox), at).expect("read");
    assert_eq!(numbers(&mails), [3], "numbered anew: what nobody read");
    assert_ne!(again.map(|p| p.validity), at.map(|p| p.validity));
}

#[test]
fn a_reading_that_breaks_off_goes_on_where_it_was_under_the_same_names() {
    let postbox = Postbox::start("secret").expect("a mailbox");
    for _ in 0..45 {
        postbox.put(&file("postfix.eml"));
    }
    let door = of(&postbox);
    let mut inbox = Inbox::open(&door, None, &|| true).expect("open");
    let first = inbox.next_batch().expect("read").expect("some");
    let second = inbox.next_batch().expect("read").expect("more");
    drop(inbox);
    assert_eq!((first.mails.len(), first.position.uid), (20, 20));
    let (rest, at) = read(&door, Some(first.position)).expect("read");
    assert_eq!((rest.len(), at.map(|at| at.uid)), (25, Some(45)));
    assert_eq!(rest[..20], second.mails, "word for word, ids too");
    let mut ids: Vec<&str> = first.mails.iter().chain(&rest).map(|(_, r)| r[0].id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 45);
}

#[test]
fn a_wrong_password_or_folder_is_for_the_operator_and_a_lost_server_is_for_later() {
    let postbox = Postbox::start("secret").expect("a mailbox");
    let wrong = ImapDoor { password: "guess".into(), ..of(&postbox) };
    let refused = read(&wrong, None).expect_err("no");
    assert!(matches!(&refused, ImapError::Refused(why) if why.contains("AUTHENTICATIONFAILED")), "{refused}");
    assert!(!refused.to_string().contains("guess"));
    let nowhere = ImapDoor { folder: "不達".into(), ..of(&postbox) };
    assert!(matches!(read(&nowhere, None), Err(ImapError::Refused(_))));
    assert_eq!(postbox.said().last().map(String::as_str), Some("SELECT \"&Tg2QVA-\""));
    let gone = of(&postbox);
    drop(postbox);
    assert!(matches!(read(&gone, None), Err(ImapError::Unreachable(_))));
}

/// A mailbox behind TLS, for one connection.
fn closed(tls: Tls) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let thread = spawn(move || {
        let postbox = Postbox::start("secret").expect("a mailbox");
        postbox.put(&file("postfix.eml"));
        let (stream, _) = listener.accept().expect("a connection");
        if tls == Tls::Implicit || postbox.talk(&stream, true) {
            postbox.talk(secured(stream), tls == Tls::Implicit);
        }
        postbox.said()
    });
    (port, thread)
}

#[test]
fn a_password_goes_over_a_closed_line_only() {
    for tls in [Tls::StartTls, Tls::Implicit] {
        let (port, server) = closed(tls);
        let (mails, _) = read(&ImapDoor { tls, ..door(port) }, None).expect("read");
        assert_eq!(mails.len(), 1);
        let said = server.join().expect("what was said");
        assert_eq!(said.first().map(String::as_str) == Some("STARTTLS"), tls == Tls::StartTls, "{said:?}");
        assert_eq!(said.last().map(String::as_str), Some("LOGOUT"));

        let (port, server) = closed(tls);
        let stranger = ImapDoor { tls, authorities: String::new(), ..door(port) };
        let refused = read(&stranger, None).expect_err("nobody we trust");
        assert!(matches!(refused, ImapError::Refused(_)), "{refused}");
        assert!(!server.join().expect("what was said").contains(&"LOGIN".to_owned()));
    }
}

/// A server that says these things, one after each line it hears.
fn script(says: Vec<Vec<u8>>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let thread = spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let (mut out, mut lines) = (stream.try_clone().expect("a line"), BufReader::new(stream).lines());
        let mut heard = vec![];
        for say in says {
            if out.write_all(&say).is_err() {
                break;
            }
            match lines.next() {
                Some(Ok(line)) => heard.push(line),
                _ => break,
            }
        }
        heard
    });
    (port, thread)
}

fn says(lines: &[&str]) -> Vec<Vec<u8>> {
    lines.iter().map(|line| line.as_bytes().to_vec()).collect()
}

const HELLO: &str = "* OK hi\r\n";
const ABLE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n";
const CHOSEN: &str = "* OK [UIDVALIDITY 3] x\r\n* OK [UIDNEXT 9] x\r\na3 OK [READ-WRITE] x\r\n";

#[test]
fn a_password_of_any_letters_is_told_once_and_only_when_asked() {
    let lines = [HELLO, ABLE, "+ \r\n", "a2 OK in\r\n", CHOSEN, "* SEARCH\r\na4 OK\r\n", ""];
    let (port, server) = script(says(&lines));
    let door = ImapDoor { password: "秘密\"\\".into(), ..door(port) };
    assert_eq!(read(&door, None).map(|(mails, at)| (mails.len(), at.map(|p| p.uid))), Ok((0, Some(8))));
    let heard = server.join().expect("what was heard");
    assert_eq!(heard[1..3], ["a2 AUTHENTICATE PLAIN", "AHNob3AA56eY5a+GIlw="]);
    assert_eq!(heard[4], "a4 UID SEARCH UNSEEN UID 1:8");
}

#[test]
fn a_hostile_server_gets_nowhere() {
    let fetched = |mail: &str| format!("{mail}a5 OK\r\n");
    let searched = "* SEARCH 4 4 99 8 0 -1 x\r\na4 OK\r\n";
    let flood = "* 1 EXISTS\r\n".repeat(20_000);
    let endless = format!("* OK {}", "x".repeat(3 << 20));
    let start = [HELLO, ABLE, "+ \r\n", "a2 OK in\r\n", CHOSEN];
    let after = |rest: &[&str]| says(&[&start[..], rest].concat());
    for (what, lines) in [
        ("no greeting", says(&["hello\r\n"])),
        ("logged in before the line is closed", says(&["* PREAUTH hi\r\n"])),
        ("goodbye", says(&["* BYE busy\r\n"])),
        ("an endless line", says(&[&endless])),
        ("silence", says(&[HELLO, ABLE, ""])),
        ("a question out of turn", says(&[HELLO, "+ more\r\n"])),
        ("two questions", says(&[HELLO, ABLE, "+ \r\n", "+ \r\n"])),
        ("somebody else's answer", says(&[HELLO, "a9 OK\r\n"])),
        ("no way to log in", says(&[HELLO, "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK\r\n"])),
        ("no numbering", says(&[HELLO, ABLE, "+ \r\n", "a2 OK\r\n", "a3 OK\r\n"])),
        ("a flood", after(&[&flood])),
        ("a claim of two gigabytes", after(&[searched, "* 1 FETCH (UID 4 BODY[] {2147483648}\r\n"])),
        ("a mail that ends before its end", after(&[searched, "* 1 FETCH (UID 4 BODY[] {9}\r\nabc"])),
        ("no to the mails", after(&[searched, "a5 NO later\r\n"])),
    ] {
        let (port, server) = script(lines);
        let door = ImapDoor { timeout: Duration::from_millis(300), ..door(port) };
        let found = read(&door, None).expect_err(what);
        let said = found.to_string();
        assert!(!said.contains("secret") && said.len() < 600, "{what}: {said}");
        server.join().expect(what);
    }
    // Mails that were not asked for, twice the same, and one that is none.
    let odd = "* 1 FETCH (UID 7 BODY[] \"x\")\r\n* 2 FETCH (UID 4 BODY[] \"a\")\r\n* 2 FETCH (UID 4 BODY[] \"b\")\r\n* 3 FETCH (UID 8 BODY[] NIL)\r\n* 4 FETCH nonsense\r\n";
    let (port, server) = script(after(&[searched, &fetched(odd), ""]));
    let (mails, at) = read(&door(port), None).expect("read");
    assert_eq!((numbers(&mails), at.map(|at| at.uid)), (vec![4], Some(8)));
    assert_eq!(server.join().expect("heard")[5], "a5 UID FETCH 4,8 (UID BODY.PEEK[]<0.1048576>)");
    // Whoever is asked to stop stops.
    let (port, server) = script(says(&[HELLO]));
    assert!(matches!(Inbox::open(&door(port), None, &|| false).map(drop), Err(ImapError::Unreachable(_))));
    server.join().expect("ended");
}
