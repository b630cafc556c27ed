//! The settings of visits to the shop's site, and of the channel advice, as fields of a form. Data, no code.

use super::fields::{Field, Group, Kind, NUMBER, Sheet, TEXT, WHOLE};

const SWITCH: Kind = Kind::Choice(&[("false", "受け付けない", "off"), ("true", "受け付ける", "on")]);

pub const VISITS: Sheet = Sheet {
    path: "/settings/visits",
    ja: "サイト訪問と手段のおすすめ",
    en: "Visits and channel advice",
    lead: (
        "同意された方のサイトでの行動を記録し、休眠の方が来られたらお知らせします。タグは mezame visits tag、サーバーのログは mezame visits import で取り込めます。",
        "What customers who agreed do on the shop's site is kept, and dormant ones who come are told of. The tag: mezame visits tag; a server's log: mezame visits import.",
    ),
    groups: &[
        Group {
            id: "visits-taking",
            ja: "受け付け",
            en: "Taking visits",
            about: (
                "お便りのリンクから来られた方と、お店のサイトが署名つきの会員番号で知らせた方だけを記録します。第三者への送信も、同意のないクッキーもありません。",
                "Only those who came by a link of ours, or whom the site names by a signed number. Nothing goes to third parties, and no cookie is set without consent.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "visits.on",
                    kind: SWITCH,
                    ja: "サイト訪問",
                    en: "Visits",
                    hint: (
                        "お客様の入口(--door)が動いている必要があります。",
                        "The customers' door (--door) must be open.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "visits.hosts",
                    kind: TEXT,
                    ja: "お店のサイトのホスト名",
                    en: "Hosts of the shop's site",
                    hint: (
                        "例: shop.example.jp, www.example.jp。空欄ならお店のサイトのホスト。SNS投稿のリンクもここにだけつながります。",
                        "Such as shop.example.jp, www.example.jp. Empty: the shop's site. Links of posts lead to these alone.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "visits.keep_days",
                    kind: WHOLE,
                    ja: "記録を残す日数",
                    en: "Days for which visits are kept",
                    hint: ("過ぎた記録は毎晩消します。", "Older ones are deleted every night."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "visits-raise",
            ja: "優先順位への反映",
            en: "In the ranking",
            about: (
                "最近サイトに来られた方には、お声がけの効き目を大きく見込みます。仮の値です。上限があり、理由の文に表示します。",
                "Of those who came lately a touch is taken to bring more. It is an assumption, bounded, and said in the reason.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "visits.raise_days",
                    kind: WHOLE,
                    ja: "来られてからの日数",
                    en: "Days after a visit",
                    hint: ("0なら反映しません。", "0: not at all."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "visits.raise",
                    kind: NUMBER,
                    ja: "上乗せ(1で2倍)",
                    en: "By how much more (1: twice)",
                    hint: ("0から5まで。", "From 0 to 5."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "advice-age",
            ja: "手段のおすすめ",
            en: "Channel advice",
            about: (
                "届くかどうか、費用、自店の反応、価値から手段をおすすめします。この年齢以上の方には、見合うかぎり郵便DMを先におすすめします。",
                "By reach, cost, measured response and value. From this age on post is suggested first where it pays.",
            ),
            folded: false,
            fields: &[Field {
                key: "advice.post_from_age",
                kind: WHOLE,
                ja: "郵便DMを先にすすめる年齢",
                en: "Age from which post comes first",
                hint: ("0なら年齢では決めません。", "0: never by age."),
                rules: &[],
                needed: false,
            }],
        },
    ],
    secrets: &[(
        "visit_secret",
        "会員番号の署名鍵(mezame key visits で作ります)",
        "secret of signed numbers (made by mezame key visits)",
    )],
};
