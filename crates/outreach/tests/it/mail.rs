//! A mail as the other side reads it: parsed by another's parser, after it went through a sink.

use crate::help::{heading, letter, links, press, touch, words};
use mail_parser::{HeaderValue, MessageParser};
use model::Name;
use outreach::{Fields, Heading, Letter, compose};
use proptest::prelude::*;

fn letter_with(subject: &str) -> Letter {
    Letter { subject: subject.to_owned(), ..letter() }
}

/// Header names in their order, folded lines put together.
fn header_names(mail: &[u8]) -> Vec<String> {
    let text = String::from_utf8(mail.to_vec()).expect("ASCII");
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    let lines = head.split("\r\n").filter(|l| !l.starts_with([' ', '\t']));
    lines.map(|l| l.split_once(':').expect("a header").0.to_owned()).collect()
}

const NAMES: [&str; 13] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Reply-To",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
    "Feedback-ID",
    "MIME-Version",
    "Content-Type",
    "",
];

#[test]
fn headers_and_parts_come_through() {
    let long = "【見本茶園】山田 花子 様、秋の新茶が入荷いたしました。ご愛用の「見本煎茶 100g」の後継品のご案内です（12月25日まで）";
    for subject in [long, "件名", "Plain ASCII", "= ?utf-8?B?fake?=", "髙﨑𠮷 ①", ""] {
        let letter = letter_with(&subject.replace("= ?", "=?"));
        let bytes = compose(&touch(42, "hanako@example.jp"), &heading(), &letter);
        assert_eq!(header_names(&bytes), NAMES[..12], "{subject}");
        let mail = MessageParser::default().parse(&bytes).expect("a mail");
        assert_eq!(mail.subject().unwrap_or(""), subject);
        let from = mail.from().and_then(|a| a.first()).expect("a sender");
        assert_eq!((from.name(), from.address()), (Some("見本茶園"), Some("news@example.jp")));
        let to = mail.to().and_then(|a| a.first()).expect("a destination");
        assert_eq!((to.name(), to.address()), (None, Some("hanako@example.jp")));
        assert_eq!(mail.message_id(), Some("c1.s0.t42@mail.example.jp"));
        assert_eq!(mail.date().map(|d| d.to_timestamp()), Some(1_795_341_600));
        let unfolded = |text: String| text.replace("\r\n", "\n").trim_end().to_owned();
        assert_eq!(unfolded(mail.body_text(0).expect("a text part").into()), unfolded(letter.text.clone()));
        assert_eq!(unfolded(mail.body_html(0).expect("an HTML part").into()), unfolded(letter.html.clone()));
        assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
        let one_click = mail.header("List-Unsubscribe-Post").and_then(HeaderValue::as_text);
        assert_eq!(one_click, Some("List-Unsubscribe=One-Click"));
        let raw =
            mail.header_raw("List-Unsubscribe").expect("a way out").split_whitespace().collect::<String>();
        assert_eq!(raw, "<https://mail.example.jp/u/abc>,<mailto:stop+abc@example.jp?subject=unsubscribe>");
        assert!(mail.header("Auto-Submitted").is_none() && mail.header("Precedence").is_none());
    }
}

#[test]
fn lines_are_short_and_end_right_and_the_same_mail_is_the_same_bytes() {
    let press = press(&words("件名", &"とても長い段落です。".repeat(500))).expect("words");
    let letter = press.print(&crate::help::hanako(), &links()).expect("a letter");
    let touch = touch(1, "hanako@example.jp");
    let bytes = compose(&touch, &heading(), &letter);
    assert_eq!(bytes, compose(&touch, &heading(), &letter));
    assert!(bytes.is_ascii() && bytes.ends_with(b"\r\n"));
    let text = String::from_utf8(bytes).expect("ASCII");
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.split("\r\n").all(|line| line.len() <= 78), "{head}");
}

#[test]
fn what_is_not_given_is_not_there() {
    let bare = Heading {
        reply_to: "",
        unsubscribe_mail: "",
        list_id: "",
        feedback_id: "",
        from_name: "",
        ..heading()
    };
    let bytes = compose(&touch(1, "hanako@example.jp"), &bare, &letter());
    let expected = [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
    ];
    assert_eq!(header_names(&bytes)[..8], expected);
}

proptest! {
    /// Whatever stands in a value: no header more, no part more, nothing but ASCII on the wire.
    #[test]
    fn nothing_can_be_injected(
        hostile in prop_oneof![
            "\\PC{0,80}",
            any::<String>(),
            Just("x\r\nBcc: victim@example.jp\r\n\r\nbody".to_owned()),
            Just("x\nBcc: a@example.jp".to_owned()),
            Just("a>, <b@example.jp".to_owned()),
            Just("\u{2028}\u{85}\0\u{b}\r".to_owned()),
        ],
    ) {
        let h = hostile.as_str();
        let head = Heading {
            from_name: h, from: h, reply_to: h, message_id: h, unsubscribe_url: h,
            unsubscribe_mail: h, list_id: h, feedback_id: h, ..heading()
        };
        let name = Name { given: h.to_owned(), ..Name::default() };
        let press = press(&words("{{ addressee }}", "{{ addressee }}")).expect("words");
        let fields = Fields { name, ..crate::help::hanako() };
        let letter = press.print(&fields, &links()).expect("a letter");
        // Clearance lets no control character through here.
        let to = format!("a{}", h.replace(char::is_control, ""));
        let bytes = compose(&touch(1, &to), &head, &letter);
        prop_assert!(bytes.is_ascii());
        let found = header_names(&bytes);
        prop_assert!(found.iter().all(|name| NAMES.contains(&name.as_str())), "{found:?}");
        let mail = MessageParser::default().parse(&bytes).expect("a mail");
        prop_assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
        prop_assert_eq!(mail.header_values("Subject").count(), 1);
        prop_assert!(mail.bcc().is_none() && mail.cc().is_none());
    }
}
