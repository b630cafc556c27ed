//! The forms of sender and mail: what is typed is kept whole or not at all, and no secret is on any page.

use crate::{HOSTILE, Shop, check_page};
use app::{App, Clock, Config, Secrets, Tls};
use axum::http::{StatusCode, header};
use std::sync::Arc;

const SENDER: &str = "/settings/sender";
const MAIL: &str = "/settings/mail";

/// A form as a browser sends it.
fn form(pairs: &[(&str, &str)]) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' => char::from(b).to_string(),
        other => format!("%{other:02X}"),
    };
    let encoded = |text: &str| text.bytes().map(byte).collect::<String>();
    pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

const FULL: [(&str, &str); 8] = [
    ("shop", "見本茶園"),
    ("profile.legal_name", "株式会社見本茶園"),
    ("profile.address", "静岡県静岡市葵区見本1-2-3"),
    ("profile.contact", "03-0000-0000"),
    ("profile.purpose", "商品のお届け\r\n新商品・キャンペーンのご案内"),
    ("profile.trade", "health_food"),
    ("profile.site", "https://shop.example.jp/"),
    ("profile.public_url", "https://mail.example.jp"),
];

#[test]
fn a_marketer_says_who_the_sender_is() {
    let shop = Shop::empty();
    assert!(shop.get("/settings").text.contains("必須の項目があと6件"), "the way there says what is missing");
    let page = shop.get(SENDER);
    check_page(SENDER, &page);
    assert!(
        page.text.contains("まだ空いている必須の項目") && page.text.contains("href=\"#profile-address\"")
    );
    for rule in ["L-06", "L-07", "L-08", "L-10", "L-16", "L-37"] {
        assert!(page.text.contains(&format!("<span class=\"tag\">{rule}</span>")), "{rule}");
    }
    let saved = shop.post(SENDER, &form(&FULL));
    assert_eq!(
        (saved.status, &saved.headers[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/settings/sender?done=settings".parse().unwrap())
    );
    let now = shop.app.settings().unwrap();
    assert_eq!((now.shop.as_str(), now.profile.address.as_str()), ("見本茶園", "静岡県静岡市葵区見本1-2-3"));
    assert_eq!(now.profile.purpose, "商品のお届け\n新商品・キャンペーンのご案内");
    assert_eq!(now.profile.trade, model::Trade::HealthFood);
    let page = shop.get("/settings/sender?done=settings").text;
    assert!(page.contains("設定を保存しました。") && !page.contains("まだ空いている"), "{page}");
    assert!(page.contains("value=\"health_food\" selected") && page.contains("value=\"03-0000-0000\""));
    assert!(shop.get("/settings").text.contains("必須の項目はそろっています"));
    assert!(shop.get("/settings/sender?lang=en").text.contains("Postal address"));
}

#[test]
fn a_form_with_a_fault_keeps_nothing_and_what_was_typed_stays() {
    let shop = Shop::empty();
    let before = shop.app.settings().unwrap();
    let wrong = [
        ("sending.host", "smtp.example.jp"),
        ("sending.port", "587番"),
        ("sending.from", HOSTILE),
        ("sending.per_second", "-1"),
        ("sending.imap.host", "imap.example.jp"),
        ("sending.imap.tls", "none"),
        ("sending.imap.folder", ""),
    ];
    let answer = shop.post(MAIL, &form(&wrong));
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    for field in
        ["sending-port", "sending-from", "sending-per_second", "sending-imap-tls", "sending-imap-folder"]
    {
        assert!(answer.text.contains(&format!("id=\"{field}-wrong\"")), "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("aria-describedby=\"{field}-hint {field}-wrong\"")), "{field}");
    }
    assert_eq!(answer.text.matches("aria-invalid").count(), 5);
    assert!(answer.text.contains("<a href=\"#sending-port\">ポート番号</a>"), "the way to each");
    assert!(answer.text.contains("value=\"587番\"") && answer.text.contains("value=\"smtp.example.jp\""));
    assert!(!answer.text.contains("<script>alert(1)"), "what is typed stays text");
    assert_eq!(shop.app.settings().unwrap(), before);
    let english = shop.post("/settings/mail?lang=en", &form(&wrong)).text;
    assert!(english.contains("a mail address, such as letter@example.jp"), "{english}");
}

#[test]
fn mail_is_set_up_by_the_form_and_all_else_stays() {
    let shop = Shop::empty();
    assert_eq!(shop.post(SENDER, &form(&FULL)).status, StatusCode::SEE_OTHER);
    let page = shop.get(MAIL);
    check_page(MAIL, &page);
    assert!(page.text.contains("name=\"sending.per_second\" value=\"0\""), "0, not 0.0");
    let typed = [
        ("sending.host", " smtp.example.jp "),
        ("sending.port", "465"),
        ("sending.tls", "implicit"),
        ("sending.login", "shop"),
        ("sending.from", "letter@example.jp"),
        ("sending.per_second", "13.5"),
        ("sending.connections", "4"),
        ("sending.imap.host", "imap.example.jp"),
        ("sending.imap.username", "bounce@example.jp"),
        ("sending.imap.folder", "不達"),
        ("test_addresses", "a@example.jp, b@example.jp"),
        ("margin", "0.9"),
    ];
    assert_eq!(shop.post(MAIL, &form(&typed)).status, StatusCode::SEE_OTHER);
    let now = shop.app.settings().unwrap();
    let sending = &now.sending;
    assert_eq!((sending.host.as_str(), sending.port, sending.tls), ("smtp.example.jp", 465, Tls::Implicit));
    assert_eq!((sending.per_second, sending.connections, sending.imap.port), (13.5, 4, 993));
    assert_eq!(
        (sending.imap.folder.as_str(), now.test_addresses.as_str()),
        ("不達", "a@example.jp, b@example.jp")
    );
    assert_eq!((now.shop.as_str(), now.margin), ("見本茶園", 0.4), "another page's settings are not touched");
    let page = shop.get(MAIL).text;
    assert!(page.contains("<option value=\"implicit\" selected>") && page.contains("value=\"13.5\""));
    assert!(page.contains("<b>example.jp</b>"), "the domain that DNS may be asked about");
    assert_eq!(shop.post("/settings/mail", "sending.host=http%3A%2F%2Fx").status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.app.settings().unwrap(), now);
}

#[test]
fn no_secret_is_on_the_page_only_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let hidden =
        ["smtp-hidden-1", "imap-hidden-2", "dkim-hidden-3", "sendgrid-hidden-4", "arn:aws:sns:hidden-5"];
    let [smtp, imap, dkim, sendgrid, topic] = hidden.map(str::to_owned);
    let mut secrets = Secrets {
        signing: vec![(1, [7; 32])],
        smtp_password: Some(smtp),
        imap_password: Some(imap),
        dkim_key: Some(dkim),
        sendgrid_key: Some(sendgrid),
        sns_topics: vec![topic],
        ..Secrets::default()
    };
    secrets.variables = vec!["MEZAME_SMTP_PASSWORD"];
    let clock = Clock(Arc::new(|| crate::NOW));
    let data = folder.path().join("data");
    let app = App::open(Config { db: None, data, clock, secrets }).unwrap();
    let shop = Shop { router: web::router(app.clone()), app, ..Shop::empty() };
    let page = shop.get(MAIL).text;
    for secret in hidden.into_iter().chain(["07070707"]) {
        assert!(!page.contains(secret), "{secret}");
    }
    assert_eq!(page.matches("設定済み").count(), 5);
    assert!(page.contains("環境変数 <code>MEZAME_SMTP_PASSWORD</code>"), "{page}");
    assert!(page.contains("<code>secrets.toml</code> の <code>imap_password</code>"), "{page}");
    let none = Shop::empty().get(MAIL).text;
    assert_eq!(none.matches("未設定").count(), 5);
}
