//! An SMS: its length and price, its characters, who wrote it, where it leads, and how to say no.

use crate::Shown;
use clearance::{Level, Remark, SmsLimits, SmsWords, lint_sms};
use model::{Name, ShopProfile};

const STOP: &str = "https://mail.example.jp/o/ab";
const LIMITS: SmsLimits =
    SmsLimits { single: 70, each: 67, ascii_single: 0, ascii_each: 0, most: 660, price: 850 };

struct Sms {
    text: String,
    stop: &'static str,
    hosts: Vec<String>,
    verified: bool,
    short20: bool,
    shop: ShopProfile,
}

fn sms() -> Sms {
    let shop = ShopProfile {
        name: "あかね屋".into(),
        legal_name: "株式会社あかね".into(),
        contact: "03-0000-0000".into(),
        site: "https://www.example.jp/".into(),
        public_url: "https://mail.example.jp".into(),
        ..ShopProfile::default()
    };
    Sms {
        text: format!("あかね屋です。新茶が届きました。\nhttps://mail.example.jp/c/x\n配信停止 {STOP}"),
        stop: STOP,
        hosts: vec![],
        verified: true,
        short20: false,
        shop,
    }
}

impl Sms {
    fn say(&mut self, words: &str) {
        self.text = self.text.replace("です。", &format!("です。{words}"));
    }

    fn swap(&mut self, from: &str, to: &str) {
        assert!(self.text.contains(from), "{from}");
        self.text = self.text.replace(from, to);
    }

    fn short(&mut self, text: &str) {
        (self.short20, self.text) = (true, format!("{text} https://mail.example.jp/c/x\n停止 {STOP}"));
    }

    fn remarks(&self) -> Vec<Remark> {
        let name = Name { family: "山田".into(), given: "花子".into(), ..Name::default() };
        let words = SmsWords {
            text: &self.text,
            opt_out: self.stop,
            limits: &LIMITS,
            hosts: &self.hosts,
            name: &name,
            verified: self.verified,
            short20: self.short20,
        };
        lint_sms(&words, &self.shop)
    }
}

/// The rule, the gravest remark by it (`None`: none), and what differs from an SMS that is in order.
type Row = (&'static str, Option<Level>, fn(&mut Sms));
use Level::{Block, Note, Warn};

const ROWS: &[Row] = &[
    ("L-31", Some(Note), |_| ()),
    ("L-31", Some(Block), |s| s.say(&"あ".repeat(600))),
    ("L-32", None, |s| s.say("〜（株）No.1、10kg、♪★ガ行")),
    ("L-32", Some(Warn), |s| s.say("😀")),
    ("L-32", Some(Warn), |s| s.say("☺️")),
    ("L-32", Some(Warn), |s| s.say("ﾎﾟｲﾝﾄ")),
    ("L-32", Some(Warn), |s| s.say("①")),
    ("L-32", Some(Warn), |s| s.say("㈱")),
    ("L-32", Some(Warn), |s| s.say("髙島")),
    ("L-32", Some(Warn), |s| s.say("山﨑")),
    ("L-32", Some(Warn), |s| s.say("𠮷野")),
    ("L-32", Some(Warn), |s| s.say("煇")),
    ("L-32", None, |s| s.say("渡邉、晉、★☆♪♀♂―〜～－")),
    // M086: the shop first.
    ("M086", Some(Block), |s| s.swap("あかね屋です。", "")),
    ("M086", Some(Warn), |s| s.swap("あかね屋です。", "お久しぶりです。あかね屋です。")),
    ("M086", None, |s| s.swap("あかね屋です。", "【あかね屋】")),
    ("M086", None, |s| s.swap("あかね屋です。", "株式会社 あかね ")),
    // M086: one link, one action.
    ("M086", Some(Warn), |s| s.say("https://www.example.jp/a と ")),
    ("M086", Some(Warn), |s| s.swap("\nhttps://mail.example.jp/c/x", "")),
    ("M086", None, |s| s.swap("https://mail.example.jp/c/x", "03-0000-0000")),
    // L-33: whose links.
    ("L-33", None, |_| ()),
    ("L-33", Some(Block), |s| s.swap("https://mail.example.jp/c/x", "https://bit.ly/abc")),
    ("L-33", Some(Block), |s| s.swap("https://mail.example.jp/c/x", "bit.ly/abc")),
    ("L-33", Some(Block), |s| {
        s.swap("https://mail.example.jp/c/x", "https://mail.example.jp@evil.example.com/")
    }),
    ("L-33", Some(Block), |s| s.swap("https://mail.example.jp/c/x", "https://example.jp.evil.example.com/x")),
    ("L-33", Some(Block), |s| s.swap("https://mail.example.jp/c/x", "https://s.example.com/x")),
    ("L-33", None, |s| {
        s.swap("https://mail.example.jp/c/x", "https://s.example.com/x");
        s.hosts.push("S.example.com".into());
        s.say("TEL 03-0000-0000。");
    }),
    ("L-33", Some(Warn), |s| s.swap("https://mail.example.jp/c/x", "http://mail.example.jp/c/x")),
    // L-33: words of fraud.
    ("L-33", Some(Block), |s| s.say("本人確認をお願いします。")),
    ("L-33", Some(Block), |s| s.say("お荷物の再・配達はこちら。")),
    ("L-33", Some(Block), |s| s.say("未納の料金があります。")),
    ("L-33", Some(Block), |s| s.say("ﾊﾟｽﾜｰﾄﾞ")),
    ("L-33", Some(Warn), |s| s.say("至急ご覧ください。")),
    ("L-33", None, |s| s.say("お支払い方法が増えました。")),
    // L-07: how to say no.
    ("L-07", None, |_| ()),
    ("L-07", Some(Block), |s| s.swap("配信停止 ", "こちら ")),
    ("L-07", Some(Block), |s| s.stop = "https://mail.example.jp/o/other"),
    ("L-07", Some(Block), |s| s.stop = ""),
    ("L-07", None, |s| {
        s.stop = "03-0000-0000";
        s.swap(STOP, "03-0000-0000");
    }),
    // M163: no name to a number that may be another's.
    ("M163", None, |s| s.say("山田花子様、")),
    ("M163", Some(Block), |s| (s.verified, _) = (false, s.say("山田 花子 様、"))),
    ("M163", Some(Block), |s| (s.verified, _) = (false, s.say("山田さん、"))),
    ("M163", Some(Block), |s| (s.verified, _) = (false, s.say("花子さま、"))),
    ("M163", Some(Block), |s| (s.verified, _) = (false, s.say("ご担当 山田花子、"))),
    ("M163", None, |s| (s.verified, _) = (false, s.say("山田錦の新酒も、"))),
    ("M163", None, |s| s.verified = false),
    // M163: something to check it by.
    ("M163", Some(Warn), |s| s.shop.site = "https://www.example.com/".into()),
    ("M163", None, |s| {
        s.shop.site = "https://www.example.com/".into();
        s.say("TEL 0300000000 ");
    }),
    // M087: the preset of twenty characters.
    ("M087", None, |s| s.text = "あかね屋です。".repeat(3)),
    ("M087", None, |s| s.short("あかね屋 新茶が届きました")),
    ("M087", None, |s| s.short("あかね屋一二三四五六七八九十一")),
    ("M087", Some(Warn), |s| s.short("あかね屋一二三四五六七八九十一二")),
    ("M087", Some(Warn), |s| s.short("あかね屋 新茶\nが届きました、どうぞ、ぜひ、お試しを")),
    ("M087", Some(Warn), |s| {
        s.short("あかね屋 新茶");
        s.swap(" https://mail.example.jp/c/x", " 03-0000-0000");
    }),
    ("M087", Some(Warn), |s| {
        s.short("");
        s.shop.name = "一二三四五六七八九十一二三四五六".into();
        s.text.insert_str(0, "一二三四五六七八九十一二三四五六");
    }),
];

pub fn shown() -> Vec<Shown> {
    let refuses = |level: Option<Level>| level.is_some_and(|l| l != Note);
    ROWS.iter().map(|&(rule, level, _)| Shown { rule, refuses: refuses(level) }).collect()
}

#[test]
fn every_fault_is_seen() {
    for (at, &(rule, level, change)) in ROWS.iter().enumerate() {
        let mut sms = sms();
        change(&mut sms);
        let remarks = sms.remarks();
        let gravest = remarks.iter().filter(|r| r.rule == rule).map(|r| r.level).min();
        assert_eq!(gravest, level, "row {at}: {rule}: {}: {remarks:#?}", sms.text);
        for remark in &remarks {
            assert!(!remark.ja.contains(['!', '！']) && !remark.en.is_empty(), "{remark:?}");
            let said = format!("{remark:?}");
            assert!(!said.contains("山田") && !said.contains("花子"), "{said}");
        }
    }
}

#[test]
fn an_sms_in_order_has_only_its_figures() {
    let remarks = sms().remarks();
    let said: Vec<&str> = remarks.iter().map(|r| r.ja.as_str()).collect();
    let units = sms().text.encode_utf16().count();
    assert_eq!(said, [format!("{units}文字、2通分、料金は17円（税別）です")]);
}

#[test]
fn m087_seventy_one_characters_are_two_parts_with_their_price() {
    for (more, parts, price) in [(70, 1, "8.50"), (71, 2, "17"), (134, 2, "17"), (135, 3, "25.50")] {
        let mut sms = sms();
        sms.short20 = true;
        let rest = sms.text.encode_utf16().count();
        let missing = usize::saturating_sub(more, rest);
        sms.text = match missing {
            // The links alone are longer: the text is cut to the figure.
            0 => "あ".repeat(more),
            n => sms.text + &"あ".repeat(n),
        };
        let remarks = sms.remarks();
        let figures = remarks.iter().find(|r| r.rule == "L-31").expect("its figures");
        assert_eq!(figures.ja, format!("{more}文字、{parts}通分、料金は{price}円（税別）です"));
        assert!(remarks.iter().any(|r| r.rule == "M087"), "{remarks:#?}");
    }
}

#[test]
fn m087_says_how_much_room_the_law_leaves() {
    let mut sms = sms();
    sms.short("あかね屋 新茶が届きました、どうぞ、お試しを");
    let said = |sms: &Sms| {
        let remarks = sms.remarks();
        remarks.into_iter().filter(|r| r.rule == "M087").map(|r| r.ja).collect::<Vec<_>>().join("|")
    };
    assert_eq!(
        said(&sms),
        "リンクを除いて23文字あります（20文字まで）。店名と配信停止の案内が8文字を使うため、ご用件には12文字までです|\
         見出し（1行目）が21文字あります。15文字までにしてください"
    );
    sms.shop.name = "株式会社見本茶園オンライン静岡本店".into();
    assert!(
        said(&sms).starts_with(
            "店名（17文字）と配信停止の案内（4文字）だけで21文字になり、20文字には収まりません。"
        )
    );
}
