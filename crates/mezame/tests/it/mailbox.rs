//! What comes back by mail, from a mailbox over IMAP, through the binary.

use crate::campaign::{approved, letter, listening, mail, sender, shop};
use crate::world::{World, on_both};
use madeup::Postbox;
use serde_json::Value;

const START: &str = "2026-11-23";

/// Works off what is due with this password of the mailbox.
fn work(world: &World, password: &str) -> Value {
    let out =
        world.command(&["work", "--once", "--json"]).env("MEZAME_IMAP_PASSWORD", password).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn bounce(to: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; someone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
}

fn answer(to: &str, text: &str) -> String {
    format!(
        "From: customer@example.com\r\nTo: {to}\r\nSubject: Re\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

#[test]
fn bounces_and_answers_come_from_a_mailbox_once_and_never_hold_up_the_sending() {
    on_both(|world| {
        shop(world, 12);
        let (sink, postbox) = (listening(), Postbox::start("secret").unwrap());
        sender(world, sink.addr().port());
        for (key, value) in [
            ("sending.imap.host", "127.0.0.1"),
            ("sending.imap.port", &postbox.addr().port().to_string()),
            ("sending.imap.tls", "none"),
            ("sending.imap.username", "bounce"),
        ] {
            world.ok(&["settings", "set", key, value]);
        }
        let letter = letter(0.0, false).replace("owner =", "no_holdout_because = \"試験\"\nowner =");
        approved(world, "お便り", &letter);
        let next = world.on(START);
        let worked = work(&next, "guess");
        assert_eq!(worked["sent"], 11, "a mailbox that refuses us stops no letter: {worked}");
        let trouble = worked["trouble"].as_str().unwrap();
        assert!(trouble.contains("AUTHENTICATIONFAILED") && !trouble.contains("guess"), "{trouble}");
        assert_eq!(postbox.said().iter().filter(|said| *said == "LOGIN").count(), 1, "tried once");

        let accepted = sink.accepted();
        let [dead, leaves, asks] = [0, 1, 2].map(|n| &accepted[n]);
        let told = [
            postbox.put(answer("info@example.jp", "在庫はありますか").as_bytes()),
            postbox.put(bounce(&dead.mail_from).as_bytes()),
            postbox.put(answer(&leaves.mail_from, "配信停止").as_bytes()),
            postbox.put(answer(&asks.mail_from, "次の入荷はいつですか").as_bytes()),
            postbox.put(bounce("info@example.jp").as_bytes()),
        ];
        assert_eq!(work(&next, "secret")["trouble"], Value::Null);
        let known = |rcpt: &str| next.json(&["customer", rcpt]).to_string();
        assert!(known(&dead.rcpt).contains("bad_address"), "{}", known(&dead.rcpt));
        assert!(known(&leaves.rcpt).contains("mail_opt_out"), "{}", known(&leaves.rcpt));
        assert!(!known(&asks.rcpt).contains("opt_out"), "a question is no goodbye");
        assert_eq!(postbox.seen(), told[1..3], "what a person has to answer stays unread");
        assert!(accepted.iter().any(|m| m.rcpt == mail(1)));

        let fetched =
            |postbox: &Postbox| postbox.said().iter().filter(|s| s.starts_with("UID FETCH")).count();
        let before = fetched(&postbox);
        work(&next, "secret");
        assert_eq!(fetched(&postbox), before, "heard once");
        // The server numbers anew: what is unread is looked at again, and is still the same.
        postbox.renumber();
        let heard = next.json(&["campaign", "show", "1"])["responses"].clone();
        work(&next, "secret");
        assert_eq!(fetched(&postbox), before + 1);
        assert_eq!(next.json(&["campaign", "show", "1"])["responses"], heard);

        drop(postbox);
        let worked = work(&next, "secret");
        assert!(worked["trouble"].as_str().unwrap().contains("IMAP"), "{worked}");
    });
}
