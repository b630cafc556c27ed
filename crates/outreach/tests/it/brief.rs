//! SMS and LINE messages as they are printed: plain text, short links, the way out, one button.

use crate::help::{hanako, offer, shop};
use model::{Channel, Words};
use outreach::{Letter, Links, Press, WordsError};

fn print(channel: Channel, body: &str) -> Result<Letter, WordsError> {
    let words = Words { body: body.to_owned(), ..Words::default() };
    let press = Press::of(channel, &words, &shop(), Some(&offer()), "佐藤")?;
    let click = |n: usize| format!("https://m.example.jp/c/{n}");
    let unsubscribe = "https://m.example.jp/u/1".to_owned();
    press.print(&hanako(), &Links { click: Some(&click), unsubscribe, ..Links::default() })
}

/// M096: the words as typed, line by line; what a customer lacks leaves no empty line behind.
#[test]
fn an_sms_is_plain_text() {
    for (body, expected) in [
        ("一行目\n\n二行目", "一行目\n\n二行目"),
        ("{{ link }}\n{{ stop }}", "https://m.example.jp/c/0\n配信停止 https://m.example.jp/u/1"),
        ("[新茶](/shincha)をどうぞ", "新茶 https://m.example.jp/c/0 をどうぞ"),
        ("[新茶](/shincha)\n{{ link }}", "新茶 https://m.example.jp/c/0\nhttps://m.example.jp/c/1"),
        ("{% if company %}\n会社\n{% endif %}\n本文", "本文"),
        ("a < b & \"c\"", "a < b & \"c\""),
    ] {
        let letter = print(Channel::Sms, body).expect(body);
        assert_eq!(letter.text, expected, "{body}");
        assert!(letter.subject.is_empty() && letter.html.is_empty() && letter.button.is_none());
    }
    let missing = print(Channel::Sms, "{{ refresh }}").err();
    assert_eq!(missing, Some(WordsError::Missing { field: "refresh".to_owned() }));
}

/// M108: the first link alone on its line is the button, others stay in the text.
#[test]
fn a_line_message_has_one_button() {
    let letter = print(Channel::Line, "新茶です。\n\n[新茶を見る](/shincha)\n[お店](/)").expect("words");
    let button = letter.button.expect("a button");
    assert_eq!((button.label.as_str(), button.url.as_str()), ("新茶を見る", "https://m.example.jp/c/0"));
    assert_eq!(
        (button.text, letter.text.as_str()),
        (shop().name, "新茶です。\n\nお店 https://m.example.jp/c/1")
    );
    for body in ["[見る](/)", "本文\n[これはボタンとしてはあまりに長すぎる言葉なのです](/)"]
    {
        assert!(
            matches!(print(Channel::Line, body), Err(WordsError::Malformed { part: "LINE", .. })),
            "{body}"
        );
    }
}

/// M030: the same gaps as in a letter.
#[test]
fn a_field_without_a_value_is_told() {
    let words = Words { body: "{{ last_product }}{{ link }}{{ stop }}".to_owned(), ..Words::default() };
    let press = Press::of(Channel::Sms, &words, &shop(), None, "佐藤").expect("words");
    assert_eq!(press.gaps(hanako().today).expect("gaps"), ["last_product"]);
    let letter = Press::of(Channel::Mail, &Words { subject: "x".into(), ..words }, &shop(), None, "佐藤");
    assert_eq!(letter.expect("words").gaps(hanako().today).expect("gaps"), ["last_product", "link", "stop"]);
}
