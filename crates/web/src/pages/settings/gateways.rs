//! The settings of SMS and LINE as fields of a form. Data, no code.

use super::fields::{Field, Group, Kind, NUMBER, Sheet, TEXT, URL};

const STYLES: Kind = Kind::Choice(&[
    ("free", "自由", "free"),
    ("short20", "短文(リンクを除いて20文字)", "short: 20 characters beside the links"),
]);

const SWITCH: Kind = Kind::Choice(&[("false", "使わない", "off"), ("true", "使う", "on")]);

pub const GATEWAYS: Sheet = Sheet {
    path: "/settings/gateways",
    ja: "SMSとLINEの送信",
    en: "Sending SMS and LINE",
    lead: (
        "契約している送信サービスにつなぎます。設定していない手段のお便りだけが待機し、ほかの手段は止まりません。",
        "The gateways your shop has a contract with. Only what goes by a channel that is not set up waits.",
    ),
    groups: &[
        Group {
            id: "sms",
            ja: "SMS",
            en: "SMS",
            about: (
                "配信結果は、お客様の入口の /hook/sms で受け取ります。送信サービスの管理画面に、公開アドレスのあとへ /hook/sms を付けて登録してください。",
                "Delivery reports come to /hook/sms at the customers' door: name that address to your provider.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "sms.provider",
                    kind: TEXT,
                    ja: "送信サービス",
                    en: "Provider",
                    hint: (
                        "karaden(空電プッシュ)、media_sms(メディアSMS)、twilio のどれか。ほかのサービスは、定義ファイル(.toml)の場所を入れます。空欄ならSMSを送りません。",
                        "karaden, media_sms or twilio; for another one the path of its file (.toml). Empty: no SMS.",
                    ),
                    rules: &["L-31"],
                    needed: false,
                },
                Field {
                    key: "sms.account",
                    kind: Kind::Area,
                    ja: "契約の情報",
                    en: "Account",
                    hint: (
                        "1行に1つ、「名前 = 値」で。空電プッシュは tenant と service、メディアSMSは endpoint と account、Twilioは account と from。",
                        "One a line, name = value: tenant and service for karaden, endpoint and account for media_sms, account and from for twilio.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sms.price",
                    kind: NUMBER,
                    ja: "1通(1分割)あたりの料金(税別)",
                    en: "Price of one part, without tax",
                    hint: (
                        "長いSMSは分割ごとに数えます。確認画面と、施策の費用に使います。0なら「費用」の値を使います。",
                        "A long SMS is charged by its parts. 0: the flat cost is used.",
                    ),
                    rules: &["L-31"],
                    needed: false,
                },
                Field {
                    key: "sms.hosts",
                    kind: URL,
                    ja: "リンクに使う自社のドメイン",
                    en: "Own hosts of links",
                    hint: (
                        "お店のサイトと公開アドレスのほかに、登録した短いドメインがあれば。コンマで区切ります。",
                        "Registered short domains beside the shop's own, apart by commas.",
                    ),
                    rules: &["L-33"],
                    needed: false,
                },
                Field {
                    key: "sms.style",
                    kind: STYLES,
                    ja: "文章の長さ",
                    en: "Style",
                    hint: (
                        "短文は、見出し15文字・全体20文字を超えると知らせます。",
                        "The short style remarks on more than 15 characters in the first line and 20 in all.",
                    ),
                    rules: &["M087"],
                    needed: false,
                },
                Field {
                    key: "sms.per_second",
                    kind: NUMBER,
                    ja: "1秒あたり(通)",
                    en: "SMS a second",
                    hint: (
                        "契約の上限に合わせます。0は上限なし。",
                        "As your contract allows; 0 is without a limit.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sms.test_numbers",
                    kind: Kind::Line("tel", "off"),
                    ja: "お試しの電話番号",
                    en: "Telephones for tries",
                    hint: (
                        "お店の方の携帯電話。ハイフンなしで、コンマで区切って複数入れられます。",
                        "Of the shop's own people, eleven digits each, apart by commas.",
                    ),
                    rules: &["L-35"],
                    needed: false,
                },
            ],
        },
        Group {
            id: "line",
            ja: "LINE",
            en: "LINE",
            about: (
                "Messaging APIのチャネルを使います。LINE DevelopersのWebhook URLには、公開アドレスのあとへ /hook/line を付けて登録してください。友だち追加・ブロック・返信を受け取ります。",
                "By a channel of the Messaging API. Its webhook is /hook/line at the customers' door: it tells who follows, blocks and answers.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "line.on",
                    kind: SWITCH,
                    ja: "LINEで送る",
                    en: "Send by LINE",
                    hint: (
                        "トークンとシークレットは下の「パスワードと鍵」へ。",
                        "The token and the secret are kept elsewhere, see below.",
                    ),
                    rules: &["L-46"],
                    needed: false,
                },
                Field {
                    key: "line.test_ids",
                    kind: TEXT,
                    ja: "お試しの宛先のユーザーID",
                    en: "Ids for tries",
                    hint: (
                        "お店の方のユーザーID(Uで始まる33文字)。コンマで区切ります。",
                        "Of the shop's own people (U and 32 digits), apart by commas.",
                    ),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "tests",
            ja: "試験用",
            en: "For tests",
            about: ("ふつうは空欄のままにします。", "Empty as a rule."),
            folded: true,
            fields: &[
                Field {
                    key: "line.base",
                    kind: URL,
                    ja: "LINEの代わりのアドレス",
                    en: "An address in place of LINE's",
                    hint: ("試験のサーバーを使うとき。", "Of a server for tests."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sms.authorities",
                    kind: Kind::Area,
                    ja: "SMSの送信サービスの証明書(PEM)",
                    en: "Certificates of the SMS gateway (PEM)",
                    hint: (
                        "社内の認証局を使うサーバーのときだけ。",
                        "Only where no public authority vouches for it.",
                    ),
                    rules: &[],
                    needed: false,
                },
            ],
        },
    ],
    secrets: &[
        ("sms_secret", "SMSの送信サービスのトークンかパスワード", "Token or password of the SMS provider"),
        (
            "sms_hook_secret",
            "SMSの配信結果の検証キー(送信と違うとき。受け口: /hook/sms)",
            "What its reports are proven by, where that is another (at /hook/sms)",
        ),
        ("line_token", "LINEのチャネルアクセストークン", "Access token of the LINE channel"),
        (
            "line_secret",
            "LINEのチャネルシークレット(受け口: /hook/line)",
            "Secret of the LINE channel (at /hook/line)",
        ),
    ],
};
