//! How post leaves the house: who sends, how postage is paid, what it is printed with.

use super::SettingFault;
use crate::Leaflet;
use outreach::post::pdf::Window;
use outreach::post::price::Scheme;
use outreach::post::{Imprint, Payment, PostageMark, Sender, Slack};
use serde::{Deserialize, Serialize};

/// What the shop has decided about its post.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Post {
    /// The sender as printed, where it is not the shop's name.
    pub sender_name: String,
    /// Seven digits; pieces that cannot be delivered come back there.
    pub sender_postal: String,
    /// Where it is not the address of the profile.
    pub sender_address: String,
    pub sender_phone: String,
    pub payment: PaidBy,
    /// 差出郵便局 in the mark; may be empty.
    pub office: String,
    /// How much later than usual the post may deliver.
    pub slack: Slack,
    /// The discount asked for.
    pub scheme: Scheme,
    /// Japan Post's own cards, which get no discount.
    pub official_cards: bool,
    /// Of one letter with its envelope.
    pub grams: u32,
    /// False for cards whose boxes of the postal code are printed already.
    pub code_boxes: bool,
    /// The shop's colour: cyan, magenta, yellow, black in percent.
    pub accent: [u8; 4],
    /// The window of the envelope.
    pub window: String,
    /// OpenType fonts: of the text, and of what stands out.
    pub font: String,
    pub font_strong: String,
    /// What paper and print of one piece cost, in units of the currency.
    pub print_cost: f64,
    /// What goes into parcels (M120), the first that fits.
    pub leaflets: Vec<Leaflet>,
}

/// How postage is paid.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    /// 切手: their place stays free.
    #[default]
    Stamps,
    /// 料金別納.
    AtOnce,
    /// 料金後納.
    Monthly,
}

/// Where Debian's fonts-noto-cjk puts them.
const FONTS: &str = "/usr/share/fonts/opentype/noto";

impl Default for Post {
    fn default() -> Post {
        Post {
            sender_name: String::new(),
            sender_postal: String::new(),
            sender_address: String::new(),
            sender_phone: String::new(),
            payment: PaidBy::default(),
            office: String::new(),
            slack: Slack::None,
            scheme: Scheme::Plain,
            official_cards: false,
            grams: 25,
            code_boxes: true,
            accent: [0, 60, 90, 5],
            window: "naga3".to_owned(),
            font: format!("{FONTS}/NotoSansCJK-Regular.ttc"),
            font_strong: format!("{FONTS}/NotoSansCJK-Bold.ttc"),
            print_cost: 20.0,
            leaflets: vec![],
        }
    }
}

impl Post {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<SettingFault> {
        let mut found = vec![];
        let mut add = |wrong: bool, key: &str, ja: &str, en: &str| {
            found.extend(wrong.then(|| SettingFault::new(key, ja, en)));
        };
        for (key, text) in [
            ("post.sender_name", &self.sender_name),
            ("post.sender_address", &self.sender_address),
            ("post.sender_phone", &self.sender_phone),
            ("post.office", &self.office),
        ] {
            add(
                text.contains(char::is_control),
                key,
                "改行を入れずに1行で入れてください",
                "write it on one line",
            );
        }
        let digits = self.sender_postal.bytes().filter(u8::is_ascii_digit).count();
        let plain = self.sender_postal.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let code = self.sender_postal.is_empty() || (digits == 7 && plain);
        add(
            !code,
            "post.sender_postal",
            "100-0013 のように7けたで入れてください",
            "seven digits, such as 100-0013",
        );
        let weight = (1..=1_000).contains(&self.grams);
        add(!weight, "post.grams", "1〜1000の数字を入れてください", "a number from 1 to 1000");
        let ink = self.accent.iter().all(|percent| *percent <= 100);
        add(
            !ink,
            "post.accent",
            "[0,60,90,5] のように0〜100の数字を4つ入れてください",
            "four numbers from 0 to 100, such as [0,60,90,5]",
        );
        let window = Window::all().iter().any(|window| window.id == self.window);
        add(!window, "post.window", "この封筒は登録されていません", "there is no such window");
        let cost = (0.0..=10_000.0).contains(&self.print_cost);
        add(!cost, "post.print_cost", "0〜10000の数字を入れてください", "a number from 0 to 10000");
        found
    }
}

impl super::Settings {
    /// What all pieces of post share: the sender, the mark, and how one stops them (L-42).
    pub(crate) fn imprint(&self) -> Imprint {
        let (post, shop) = (&self.post, self.shop_profile());
        let or = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
        let payment = match post.payment {
            PaidBy::Stamps => None,
            PaidBy::AtOnce => Some(Payment::AtOnce),
            PaidBy::Monthly => Some(Payment::Monthly),
        };
        Imprint {
            sender: Sender {
                name: or(&post.sender_name, shop.sender()),
                postal_code: post.sender_postal.clone(),
                address: or(&post.sender_address, &shop.address),
                phone: post.sender_phone.clone(),
                site: shop.site.clone(),
            },
            mark: payment.map(|payment| PostageMark {
                payment,
                office: post.office.clone(),
                slack: post.slack,
            }),
            code_boxes: post.code_boxes,
            accent: post.accent,
            stop:
                "郵便でのご案内が不要の方は、お手数ですが下記までお知らせください。次回から停止いたします。"
                    .to_owned(),
            contact: format!("お問い合わせ：{}", shop.contact),
        }
    }
}
