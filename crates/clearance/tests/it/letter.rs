//! A rendered letter: nothing blank or doubled, and what the law wants shown.

use crate::Shown;
use clearance::{Letter, Level, lint_letter};
use model::ShopProfile;

const LINK: &str = "https://mail.example.jp/o/abc?t=1&k=2";

struct Page {
    subject: String,
    html: String,
    text: String,
    link: &'static str,
    shop: ShopProfile,
}

fn page() -> Page {
    let shop = ShopProfile {
        name: "あかね屋".into(),
        legal_name: "株式会社あかね".into(),
        address: "東京都千代田区千代田1-1".into(),
        contact: "03-0000-0000".into(),
        ..ShopProfile::default()
    };
    let html = "<html><head><title>null</title><style>p{color:red}</style></head><body><p>山田 花子 様</p>\
                <p>いつもありがとうございます。</p><div>株式会社あかね<br>東京都千代田区千代田1-1<br>03-0000-0000</div>\
                <p>配信停止は<a href=\"https://mail.example.jp/o/abc?t=1&amp;k=2\">こちら</a></p></body></html>";
    let text = "山田 花子 様\n\nいつもありがとうございます。\n\n株式会社あかね\n東京都千代田区千代田1-1\n03-0000-0000\n\
                配信停止はこちら\nhttps://mail.example.jp/o/abc?t=1&k=2\n";
    Page { subject: "お元気ですか".into(), html: html.into(), text: text.into(), link: LINK, shop }
}

impl Page {
    fn say(&mut self, words: &str) {
        self.html = self.html.replace("いつも", &format!("{words}いつも"));
        self.text = self.text.replace("いつも", &format!("{words}いつも"));
    }
}

/// The rule, the gravest remark by it (`None`: none), and what differs from a letter that is in order.
type Row = (&'static str, Option<Level>, fn(&mut Page));
use Level::{Block, Warn};

const ROWS: &[Row] = &[
    ("L-06", Some(Block), |p| p.text = p.text.replace("株式会社あかね", "")),
    ("L-06", Some(Block), |p| p.html = p.html.replace("株式会社あかね", "<!-- 株式会社あかね -->")),
    ("L-06", Some(Block), |p| (p.shop.name, p.shop.legal_name) = (String::new(), String::new())),
    ("L-06", None, |_| ()),
    ("L-07", Some(Block), |p| p.link = "https://mail.example.jp/o/other"),
    ("L-07", Some(Block), |p| p.link = ""),
    ("L-07", Some(Block), |p| p.text = p.text.replace("配信停止はこちら\n", "")),
    // The words must stand beside the link, not somewhere.
    ("L-07", Some(Block), |p| {
        p.text = p.text.replace("配信停止はこちら\n", "");
        p.text.insert_str(0, "配信停止は下のアドレスから\n\n");
    }),
    // An address that holds the word says nothing to its reader.
    ("L-07", Some(Block), |p| {
        p.link = "https://mail.example.jp/unsubscribe";
        p.text = "株式会社あかね 東京都千代田区千代田1-1 03-0000-0000\n\nhttps://mail.example.jp/unsubscribe"
            .into();
        p.html = format!("<p>{}</p>", p.text);
    }),
    ("L-07", None, |_| ()),
    ("L-08", Some(Block), |p| p.text = p.text.replace("東京都千代田区", "")),
    ("L-08", Some(Block), |p| p.html = p.html.replace("03-0000-0000", "")),
    ("L-08", Some(Block), |p| p.shop.contact.clear()),
    ("L-08", None, |p| p.text = p.text.replace("千代田1-1", " 千代田\n1-1")),
    ("M030", Some(Block), |p| p.say("null様、")),
    ("M030", Some(Block), |p| p.say("前回のご注文は undefined です。")),
    ("M030", Some(Block), |p| p.say("Noneのご購入")),
    ("M030", Some(Block), |p| p.say("{{ addressee }}")),
    ("M030", Some(Block), |p| p.text = p.text.replace("花子 様", "花子様様")),
    ("M030", Some(Block), |p| p.html = p.html.replace("花子 様", "花子様 様")),
    ("M030", Some(Block), |p| p.text = p.text.replace("山田 花子 様", "様")),
    ("M030", Some(Block), |p| p.text = p.text.replace("山田 花子 様", "株式会社さくら御中様")),
    ("M030", Some(Block), |p| p.subject = "様、お元気ですか".into()),
    ("M030", Some(Block), |p| p.subject = " ".into()),
    ("M030", Some(Block), |p| p.subject = "お元気ですか\r\nBcc: taro@example.jp".into()),
    ("M030", None, |p| p.say("様々な品をご用意しました。")),
    ("M030", None, |p| p.say("Nonetheless、annulled、https://example.jp/null/x")),
    ("subject", Some(Warn), |p| p.subject = "あ".repeat(31)),
    ("subject", None, |p| p.subject = "あ".repeat(30)),
    ("subject", None, |p| p.subject = "a".repeat(60)),
];

pub fn shown() -> Vec<Shown> {
    ROWS.iter().map(|&(rule, level, _)| Shown { rule, refuses: level.is_some() }).collect()
}

#[test]
fn every_fault_is_seen_and_nothing_else() {
    for (at, &(rule, level, change)) in ROWS.iter().enumerate() {
        let mut page = page();
        change(&mut page);
        let letter =
            Letter { subject: &page.subject, html: &page.html, text: &page.text, opt_out: page.link };
        let remarks = lint_letter(&letter, &page.shop);
        let gravest = remarks.iter().filter(|r| r.rule == rule).map(|r| r.level).min();
        assert_eq!(gravest, level, "row {at}: {rule}: {remarks:#?}");
        assert!(remarks.iter().all(|r| r.rule == rule), "row {at}: {rule}: {remarks:#?}");
    }
}
