//! Mails that came back, one file each, and what each says.

use super::{TOKEN, file, told};
use outreach::reports::read_mail;

const NOTHING: &str = "";

/// File, what it says. Files and words are made up after what each system writes.
const DIALECTS: &[(&str, &str)] = &[
    (
        "postfix",
        "hard_bounce 5.1.1 smtp; 550 5.1.1 *** Recipient address rejected: User unknown in virtual mailbox table",
    ),
    ("sendmail", "hard_bounce 5.1.1 SMTP; 550 5.1.1 *** User unknown"),
    (
        "exchange",
        "hard_bounce 5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient *** not found by SMTP address lookup",
    ),
    ("exchange_html", "hard_bounce 5.4.1 550 5.4.1 Recipient address rejected: Access denied."),
    ("exim", "hard_bounce 5.0.0 smtp; 550 no such user: ***"),
    ("exim_plain", "hard_bounce Unrouteable address"),
    ("qmail", "hard_bounce 5.1.1 Sorry, no mailbox here by that name. (#5.1.1)"),
    ("docomo", "hard_bounce <<< 550 Unknown user ***"),
    ("au", "hard_bounce Reason: *** User unknown"),
    ("softbank", "hard_bounce 550 Invalid recipient: ***"),
    ("carrier_jis", "soft_bounce ***"),
    ("full", "soft_bounce 5.2.2 smtp; 552 5.2.2 The mailbox of *** is over quota"),
    (
        "policy",
        "soft_bounce 5.7.26 smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated.",
    ),
    ("expired", "soft_bounce 4.4.7 smtp; 421 4.4.7 message expired in queue"),
    ("bare", "soft_bounce 5.0.0"),
    ("odd", "soft_bounce Something went wrong over here."),
    ("delivered", "delivered 2.0.0"),
    ("delayed", NOTHING),
    ("plain_delay", NOTHING),
    ("abuse", "complaint"),
    ("new_kind", "complaint"),
    ("not_spam", NOTHING),
    ("dmarc_failure", NOTHING),
    ("reply", "reply"),
    ("leaving", "opt_out"),
    ("leaving_subject", "opt_out"),
    ("staying", "reply"),
    ("away", NOTHING),
    ("vacation", NOTHING),
];

#[test]
fn every_dialect() {
    for (name, expected) in DIALECTS {
        let reports = read_mail(&file(&format!("{name}.eml")));
        assert_eq!(told(&reports).join(" | "), *expected, "{name}");
        for report in &reports {
            assert_eq!(report.hints, [TOKEN], "{name}");
            assert_eq!(report.at, Some(1_794_272_405_000), "{name}: 2026-11-10 10:00:05 +0900");
        }
    }
}

#[test]
fn mails_with_carriage_returns_say_the_same() {
    for (name, expected) in DIALECTS {
        let text = String::from_utf8(file(&format!("{name}.eml"))).expect("UTF-8").replace('\n', "\r\n");
        assert_eq!(told(&read_mail(text.as_bytes())).join(" | "), *expected, "{name}");
    }
}

#[test]
fn every_file_is_in_the_table() {
    let mut names: Vec<String> = std::fs::read_dir(super::folder())
        .expect("mails")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
        .filter_map(|name| name.strip_suffix(".eml").map(str::to_owned))
        .collect();
    names.retain(|name| DIALECTS.iter().all(|(known, _)| known != name));
    names.sort();
    assert_eq!(names, ["jis_answer", "stranger", "stranger_bounce"], "their own tests");
}

/// A bounce of somebody else's mail is told, so that it can be counted, and leads nowhere.
#[test]
fn a_bounce_that_is_not_ours_names_no_touch() {
    let reports = read_mail(&file("stranger_bounce.eml"));
    assert_eq!(told(&reports), ["hard_bounce 5.1.1 *** 550 5.1.1 User unknown"]);
    assert_eq!(reports[0].hints, Vec::<String>::new());
}

/// M045: what a person wrote is read in its own words, in the encoding of a Japanese carrier too, without the
/// letter it answers and without the signature; whose mail it is, only who looks for it learns.
#[test]
fn m045_a_persons_words_are_read_in_whatever_encoding() {
    for (name, hints, from, subject, text) in [
        ("stranger", &[][..], "jiro.madeup@example.com", "hello", "What are your opening hours?"),
        (
            "jis_answer",
            &[TOKEN][..],
            "hanako.madeup@example.com",
            "Re: 冬のお便り",
            "サイズの交換はできますか。\nLをお願いします。",
        ),
    ] {
        let reports = read_mail(&file(&format!("{name}.eml")));
        assert_eq!(told(&reports), ["reply"], "{name}");
        assert_eq!(reports[0].hints, hints, "{name}");
        let written = reports[0].written.as_ref().expect(name);
        let read = (written.from.as_str(), written.subject.as_str(), written.text.as_str());
        assert_eq!(read, (from, subject, text), "{name}");
    }
    // Machines write too; nobody waits for an answer.
    let mail = String::from_utf8(file("stranger.eml")).expect("UTF-8");
    for header in [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "List-Id: <news.example.com>",
        "Subject: 【不在通知】休暇をいただいております",
        "From: no-reply@example.com",
    ] {
        let named = header.split(':').next().expect("a name");
        let kept = mail.lines().filter(|line| !line.starts_with(&format!("{named}:")));
        let mail = format!("{header}\n{}", kept.collect::<Vec<_>>().join("\n"));
        assert_eq!(read_mail(mail.as_bytes()), [], "{header}");
    }
    let bare = mail.replace("<jiro.madeup@example.com>", "<>");
    assert_eq!(read_mail(bare.as_bytes()), []);
}
