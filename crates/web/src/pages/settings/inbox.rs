//! The settings of what customers write to us as fields of a form. Data, no code.

use super::fields::{Field, Group, Kind, Sheet, TEXT, WHOLE};

const FORM: Kind = Kind::Choice(&[
    ("true", "だれでも使える", "open to everybody"),
    ("false", "お便りのリンクからだけ", "by the link in a letter only"),
]);

const WEEKENDS: Kind = Kind::Choice(&[
    ("false", "土日も数える", "weekends count"),
    ("true", "土日は数えない", "weekends do not count"),
]);

const HOLIDAYS: Kind = Kind::Choice(&[
    ("false", "祝日も数える", "holidays count"),
    ("true", "祝日は数えない", "holidays do not count"),
]);

pub const INBOX: Sheet = Sheet {
    path: "/settings/inbox",
    ja: "問い合わせ",
    en: "Inquiries",
    lead: (
        "お客様からのお問い合わせに、いつまでに、だれがお答えするかです。お答えするまで、その方への自動のご案内は止まります。",
        "Who answers what customers write, and by when. Until then nothing goes to them by itself.",
    ),
    secrets: &[],
    groups: &[Group {
        id: "inbox-answer",
        ja: "お答えの期限と担当",
        en: "By when, and who",
        about: (
            "期限を過ぎると「今日」のページに出ます。休みの日は時間に数えません。長い休業は days_off.closures に登録します。",
            "What is overdue stands on Today. Days off do not count; longer closures are set in days_off.closures.",
        ),
        folded: false,
        fields: &[
            Field {
                key: "inbox.hours",
                kind: WHOLE,
                ja: "お答えするまでの時間",
                en: "Hours until an answer",
                hint: ("24時間をおすすめします。", "24 is advised."),
                rules: &["M045"],
                needed: false,
            },
            Field {
                key: "inbox.owner",
                kind: TEXT,
                ja: "クレームの担当",
                en: "Who sees to complaints",
                hint: ("空欄なら、そのつど決めます。", "Empty: decided each time."),
                rules: &["M046"],
                needed: false,
            },
            Field {
                key: "inbox.open_form",
                kind: FORM,
                ja: "お問い合わせフォーム",
                en: "The form",
                hint: (
                    "お客様の入口の /form です。文面では {{ inquiry }} と書くと、その方だけのリンクになります。",
                    "It is /form of the customers' door. {{ inquiry }} in a letter is a link of the customer's own.",
                ),
                rules: &["M045"],
                needed: false,
            },
            Field {
                key: "days_off.weekends",
                kind: WEEKENDS,
                ja: "土日",
                en: "Weekends",
                hint: ("出荷や特典の期限にも使います。", "Shipping and the ends of offers go by it too."),
                rules: &["M166"],
                needed: false,
            },
            Field {
                key: "days_off.holidays",
                kind: HOLIDAYS,
                ja: "祝日",
                en: "Holidays",
                hint: ("同じく、出荷や特典の期限にも使います。", "The same."),
                rules: &["M166"],
                needed: false,
            },
        ],
    }],
};
