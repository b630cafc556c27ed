//! The settings of post as fields of a form. Data, no code.

use super::fields::{Field, Group, Kind, NUMBER, Sheet, TEXT, WHOLE};

const PAYMENTS: Kind = Kind::Choice(&[
    ("stamps", "切手を貼る", "stamps"),
    ("at_once", "料金別納", "paid at once (料金別納)"),
    ("monthly", "料金後納", "paid monthly (料金後納)"),
]);

const SLACKS: Kind = Kind::Choice(&[
    ("none", "なし", "none"),
    ("three_days", "3日程度", "about three days"),
    ("seven_days", "7日程度", "about seven days"),
]);

const SCHEMES: Kind = Kind::Choice(&[
    ("plain", "なし", "none"),
    ("advertising", "広告郵便物(事前の承認が必要)", "advertising mail (approved beforehand)"),
    ("sorted", "区分郵便物", "sorted mail"),
]);

const CARDS: Kind = Kind::Choice(&[
    ("false", "私製はがき", "own cards"),
    ("true", "官製はがき(割引なし)", "official cards (no discount)"),
]);

const BOXES: Kind =
    Kind::Choice(&[("true", "印刷する", "print them"), ("false", "用紙に印刷済み", "on the card already")]);

const WINDOWS: Kind = Kind::Choice(&[("naga3", "長形3号 窓付封筒", "Long 3 window envelope")]);

pub const POST: Sheet = Sheet {
    path: "/settings/post",
    ja: "郵便の発送",
    en: "Sending post",
    lead: (
        "はがき・封書・宛名ラベルの差出人と料金の表示、割引、書体です。",
        "Sender, payment mark, discounts and fonts of postcards, letters and labels.",
    ),
    groups: &[
        Group {
            id: "post-sender",
            ja: "差出人",
            en: "Sender",
            about: (
                "空欄の項目は「差出人の表示」のとおりに印刷します。届かなかった郵便はここに戻ります。",
                "What is empty is printed as on the sender's page. Undelivered pieces come back here.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "post.sender_name",
                    kind: Kind::Line("text", "organization"),
                    ja: "差出人の名前",
                    en: "Name",
                    hint: ("店名のままでよければ空欄に。", "Empty: the shop's name."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.sender_postal",
                    kind: Kind::Line("numeric", "postal-code"),
                    ja: "差出人の郵便番号",
                    en: "Postal code",
                    hint: ("例: 100-0013", "Such as 100-0013"),
                    rules: &["L-42"],
                    needed: true,
                },
                Field {
                    key: "post.sender_address",
                    kind: Kind::Line("text", "street-address"),
                    ja: "差出人の住所",
                    en: "Address",
                    hint: ("返送先がちがうときだけ。", "Only if pieces come back elsewhere."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.sender_phone",
                    kind: Kind::Line("tel", "tel"),
                    ja: "差出人の電話番号",
                    en: "Telephone",
                    hint: ("印刷しないときは空欄に。", "Empty: none is printed."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "post-mark",
            ja: "料金の払い方と割引",
            en: "Payment and discounts",
            about: (
                "料金表と割引の率は mezame に入っています。適用の条件は、差し出す郵便局でもご確認ください。",
                "Prices and rates come with mezame; ask your post office about the conditions.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "post.payment",
                    kind: PAYMENTS,
                    ja: "料金の払い方",
                    en: "Payment",
                    hint: (
                        "別納・後納は、切手の場所に表示を印刷します。",
                        "The mark is printed where stamps would be.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.office",
                    kind: TEXT,
                    ja: "差出郵便局",
                    en: "Post office",
                    hint: ("例: 銀座局。空欄でもかまいません。", "Such as 銀座局; may be empty."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.scheme",
                    kind: SCHEMES,
                    ja: "割引",
                    en: "Discount",
                    hint: ("どちらも2,000通からです。", "Both from 2,000 pieces on."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.slack",
                    kind: SLACKS,
                    ja: "送達の余裕",
                    en: "Slack",
                    hint: (
                        "割引を受けるときに承諾する、遅れてもよい日数。",
                        "How much later the post may deliver.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.official_cards",
                    kind: CARDS,
                    ja: "はがき",
                    en: "Cards",
                    hint: ("日本郵便のはがきは割引の対象外です。", "Japan Post's own cards get no discount."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.grams",
                    kind: WHOLE,
                    ja: "封書の重さ(g)",
                    en: "Weight of a letter (g)",
                    hint: ("封筒も含めて。", "With its envelope."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.print_cost",
                    kind: NUMBER,
                    ja: "1通の用紙・印刷代",
                    en: "Paper and print of a piece",
                    hint: ("費用の計算に足します。", "Added to the postage."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "post-print",
            ja: "印刷",
            en: "Print",
            about: ("", ""),
            folded: true,
            fields: &[
                Field {
                    key: "post.code_boxes",
                    kind: BOXES,
                    ja: "郵便番号の枠",
                    en: "Boxes of the postal code",
                    hint: ("枠のある用紙なら「印刷済み」に。", "As the card has them."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.window",
                    kind: WINDOWS,
                    ja: "窓付封筒",
                    en: "Window envelope",
                    hint: (
                        "本番の前に、1枚印刷して封筒に合わせてください。",
                        "Hold one print into the envelope first.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.accent",
                    kind: TEXT,
                    ja: "お店の色(CMYK)",
                    en: "The shop's colour (CMYK)",
                    hint: ("例: [0,60,90,5]", "Such as [0,60,90,5]"),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.font",
                    kind: TEXT,
                    ja: "本文の書体ファイル",
                    en: "Font of the text",
                    hint: (
                        "OpenTypeのファイル。Debianでは fonts-noto-cjk。",
                        "An OpenType file; Debian: fonts-noto-cjk.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "post.font_strong",
                    kind: TEXT,
                    ja: "見出しの書体ファイル",
                    en: "Font of headlines",
                    hint: ("太い書体。", "A bold one."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
    ],
    secrets: &[],
};
