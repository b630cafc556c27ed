//! The settings of sender and mail as fields of a form: names, labels, what each is for. Data, no code.

/// One page of settings.
pub struct Sheet {
    pub path: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub lead: (&'static str, &'static str),
    pub groups: &'static [Group],
    /// Secrets that belong to it: name in `secrets.toml`, Japanese, English.
    pub secrets: &'static [(&'static str, &'static str, &'static str)],
}

/// Fields that belong together.
pub struct Group {
    pub id: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub about: (&'static str, &'static str),
    /// Seldom needed: closed until it holds something.
    pub folded: bool,
    pub fields: &'static [Field],
}

/// One setting.
pub struct Field {
    /// As `mezame settings` names it.
    pub key: &'static str,
    pub kind: Kind,
    pub ja: &'static str,
    pub en: &'static str,
    /// What it is for, and how it is written.
    pub hint: (&'static str, &'static str),
    /// The rules that ask for it.
    pub rules: &'static [&'static str],
    /// No letter leaves without it.
    pub needed: bool,
}

/// How it is typed.
pub enum Kind {
    /// One line; the `inputmode` and `autocomplete` that suit it.
    Line(&'static str, &'static str),
    Area,
    /// Word, Japanese, English.
    Choice(&'static [(&'static str, &'static str, &'static str)]),
}

pub(super) const TEXT: Kind = Kind::Line("text", "off");
pub(super) const URL: Kind = Kind::Line("url", "off");
const MAIL_ADDRESS: Kind = Kind::Line("email", "off");
pub(super) const NUMBER: Kind = Kind::Line("decimal", "off");
pub(super) const WHOLE: Kind = Kind::Line("numeric", "off");

const SMTP_TLS: Kind = Kind::Choice(&[
    ("starttls", "STARTTLS(587番)", "STARTTLS (port 587)"),
    ("implicit", "TLS(465番)", "TLS (port 465)"),
    ("none", "暗号化なし(このマシンの中だけ)", "none (on this machine only)"),
]);

const IMAP_TLS: Kind = Kind::Choice(&[
    ("implicit", "TLS(993番)", "TLS (port 993)"),
    ("starttls", "STARTTLS(143番)", "STARTTLS (port 143)"),
    ("none", "暗号化なし(このマシンの中だけ)", "none (on this machine only)"),
]);

const TRADES: Kind = Kind::Choice(&[
    ("general", "一般", "general"),
    ("health_food", "健康食品", "health food"),
    ("cosmetics", "化粧品", "cosmetics"),
    ("business", "法人向け", "to companies"),
]);

pub const SENDER: Sheet = Sheet {
    path: "/settings/sender",
    ja: "差出人の表示",
    en: "Who the sender is",
    lead: (
        "お便りの末尾に必ず入れる表示です。「必須」が空いている間は、メールの施策を承認できません。",
        "What every letter says of its sender. While a needed field is empty no mail campaign can be approved.",
    ),
    groups: &[
        Group {
            id: "law",
            ja: "法律で決められた表示",
            en: "What the law wants said",
            about: (
                "特定電子メール法により、広告のメールに表示が必要な項目です。",
                "Required in advertising mail (Act on Regulation of Transmission of Specified Electronic Mail).",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "shop",
                    kind: Kind::Line("text", "organization"),
                    ja: "お店の名前",
                    en: "Name of the shop",
                    hint: (
                        "お客様がご存じの名前。メールの差出人名にもなります。",
                        "As customers know it; also the sender's name of the mail.",
                    ),
                    rules: &["L-06"],
                    needed: true,
                },
                Field {
                    key: "profile.legal_name",
                    kind: TEXT,
                    ja: "送信者の氏名・名称",
                    en: "Legal name of the sender",
                    hint: (
                        "会社名、個人の場合は氏名。空欄なら、お店の名前を表示します。",
                        "The company's or the person's name. Empty: the name of the shop.",
                    ),
                    rules: &["L-06"],
                    needed: false,
                },
                Field {
                    key: "profile.address",
                    kind: Kind::Line("text", "street-address"),
                    ja: "住所",
                    en: "Postal address",
                    hint: ("都道府県から番地、建物名まで。", "In full, as it stands on an envelope."),
                    rules: &["L-08"],
                    needed: true,
                },
                Field {
                    key: "profile.contact",
                    kind: TEXT,
                    ja: "苦情・問い合わせ先",
                    en: "Where complaints and questions go",
                    hint: (
                        "電話番号、メールアドレス、お問い合わせページのいずれか。",
                        "A telephone number, a mail address or a page.",
                    ),
                    rules: &["L-08"],
                    needed: true,
                },
                Field {
                    key: "profile.purpose",
                    kind: Kind::Area,
                    ja: "公表している個人情報の利用目的",
                    en: "Published purpose of use of personal data",
                    hint: (
                        "プライバシーポリシーの文をそのまま。広告や販売促進のご案内に使うことが書かれている必要があります。",
                        "As your privacy policy has it. It must name advertising.",
                    ),
                    rules: &["L-16"],
                    needed: true,
                },
                Field {
                    key: "profile.trade",
                    kind: TRADES,
                    ja: "取り扱う商品",
                    en: "What the shop sells",
                    hint: (
                        "文面の確認で、業種ごとの表現の決まりを見るのに使います。",
                        "Decides which rules about words a letter is held to.",
                    ),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "site",
            ja: "お店のサイトと受け口",
            en: "Site and public door",
            about: ("", ""),
            folded: false,
            fields: &[
                Field {
                    key: "profile.site",
                    kind: URL,
                    ja: "お店のサイト",
                    en: "The shop's site",
                    hint: (
                        "https:// から。差出人のドメインがお店のものかを、このドメインと比べて確かめます。",
                        "From https:// on. The sender's domain is compared with it.",
                    ),
                    rules: &["L-10"],
                    needed: true,
                },
                Field {
                    key: "profile.public_url",
                    kind: URL,
                    ja: "お客様の入口の公開アドレス",
                    en: "Public address of the customers' door",
                    hint: (
                        "配信停止やリンクの受け口を、お客様から見たときのアドレス。mezame serve --door の前に https のプロキシを置き、そのアドレスを入れます。",
                        "Where opt-outs and links lead, as customers see it: the https proxy before mezame serve --door.",
                    ),
                    rules: &["L-07", "L-37"],
                    needed: true,
                },
            ],
        },
    ],
    secrets: &[],
};

pub const MAIL: Sheet = Sheet {
    path: "/settings/mail",
    ja: "メールの送信と受け取り",
    en: "Sending and receiving mail",
    lead: (
        "お便りを送るサーバーと、届かなかったメールを受け取る受信箱です。メールサーバーの契約書や管理画面をお手元にご用意ください。",
        "The server that letters leave by, and the mailbox that undelivered ones return to. Your mail provider's page says what to write.",
    ),
    groups: &[
        Group {
            id: "smtp",
            ja: "送信サーバー(SMTP)",
            en: "Outgoing server (SMTP)",
            about: (
                "Amazon SES や SendGrid も、SMTPの接続先をここに入れて使えます。",
                "Amazon SES and SendGrid are used by their SMTP address too.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "sending.host",
                    kind: URL,
                    ja: "サーバー名",
                    en: "Server",
                    hint: ("例: smtp.example.jp", "Such as smtp.example.jp"),
                    rules: &[],
                    needed: true,
                },
                Field {
                    key: "sending.port",
                    kind: WHOLE,
                    ja: "ポート番号",
                    en: "Port",
                    hint: ("ふつうは587か465。", "587 or 465 as a rule."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.tls",
                    kind: SMTP_TLS,
                    ja: "通信の暗号化",
                    en: "Encryption",
                    hint: (
                        "パスワードは、暗号化された接続でだけ送ります。",
                        "A password only goes over an encrypted line.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.login",
                    kind: TEXT,
                    ja: "ユーザー名",
                    en: "User name",
                    hint: (
                        "空欄ならログインしません。パスワードは下の「パスワードと鍵」へ。",
                        "Empty: no login. The password is kept elsewhere, see below.",
                    ),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "from",
            ja: "差出人のアドレス",
            en: "Addresses of the sender",
            about: ("", ""),
            folded: false,
            fields: &[
                Field {
                    key: "sending.from",
                    kind: MAIL_ADDRESS,
                    ja: "差出人のメールアドレス",
                    en: "From",
                    hint: (
                        "お店のドメインのアドレス。フリーメールや携帯のアドレスは使えません。",
                        "An address of the shop's own domain; no free mailbox.",
                    ),
                    rules: &["L-10"],
                    needed: true,
                },
                Field {
                    key: "sending.reply_to",
                    kind: MAIL_ADDRESS,
                    ja: "返信先",
                    en: "Reply to",
                    hint: (
                        "お客様の返信が届くアドレス。空欄なら差出人と同じです。",
                        "Where answers go. Empty: to the sender.",
                    ),
                    rules: &["L-10"],
                    needed: false,
                },
                Field {
                    key: "sending.dkim_selector",
                    kind: TEXT,
                    ja: "DKIMのセレクタ",
                    en: "DKIM selector",
                    hint: (
                        "mezame key dkim で鍵を作ると入ります。空欄なら署名しません(メールサーバーが署名する場合)。",
                        "Filled in by mezame key dkim. Empty: not signed here, as where the mail server signs.",
                    ),
                    rules: &["L-36"],
                    needed: false,
                },
                Field {
                    key: "test_addresses",
                    kind: MAIL_ADDRESS,
                    ja: "お試しの宛先",
                    en: "Mailboxes for tries",
                    hint: (
                        "お店の方のアドレス。コンマで区切って複数入れられます。",
                        "Of the shop's own people, apart by commas.",
                    ),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "pace",
            ja: "送る速さ",
            en: "Pace",
            about: (
                "契約の上限に合わせます。0は上限なしです。",
                "As your contract allows; 0 is without a limit.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "sending.per_second",
                    kind: NUMBER,
                    ja: "1秒あたり(通)",
                    en: "Mails a second",
                    hint: ("例: Amazon SES の最大送信レート。", "Such as Amazon SES's maximum send rate."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.per_domain",
                    kind: NUMBER,
                    ja: "同じドメインあてに1秒あたり(通)",
                    en: "Mails a second to one domain",
                    hint: (
                        "携帯会社あてをゆっくり送りたいときに。",
                        "Where a telephone company's mailboxes want it slower.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.connections",
                    kind: WHOLE,
                    ja: "同時の接続数",
                    en: "Connections at a time",
                    hint: ("1〜200。ふつうは8のままで。", "1 to 200; 8 does as a rule."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
        Group {
            id: "back",
            ja: "届かなかったメールの受け取り",
            en: "What comes back",
            about: (
                "エラーメール、迷惑メールの報告、メールでの配信停止を読み、次から送らないようにします。受信箱(IMAP)かフォルダのどちらかを決めてください。",
                "Bounces, complaints and opt-outs by mail are read and heeded. Name a mailbox (IMAP) or a folder.",
            ),
            folded: false,
            fields: &[
                Field {
                    key: "sending.bounce_domain",
                    kind: URL,
                    ja: "戻り先のドメイン",
                    en: "Domain of return paths",
                    hint: (
                        "「bounce+…@このドメイン」あてのメールが、下の受信箱に届くようにします。空欄なら差出人のドメインです。",
                        "Mail to bounce+...@ this domain must reach the mailbox below. Empty: the sender's.",
                    ),
                    rules: &["L-40"],
                    needed: false,
                },
                Field {
                    key: "sending.imap.host",
                    kind: URL,
                    ja: "受信箱のサーバー名(IMAP)",
                    en: "Mailbox server (IMAP)",
                    hint: (
                        "例: imap.example.jp。空欄なら受信箱を読みません。",
                        "Such as imap.example.jp. Empty: no mailbox is read.",
                    ),
                    rules: &["L-38", "L-39", "L-40"],
                    needed: false,
                },
                Field {
                    key: "sending.imap.port",
                    kind: WHOLE,
                    ja: "ポート番号(IMAP)",
                    en: "Port (IMAP)",
                    hint: ("ふつうは993か143。", "993 or 143 as a rule."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.imap.tls",
                    kind: IMAP_TLS,
                    ja: "通信の暗号化(IMAP)",
                    en: "Encryption (IMAP)",
                    hint: ("ポート番号に合わせて選びます。", "As the port has it."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.imap.username",
                    kind: TEXT,
                    ja: "ユーザー名(IMAP)",
                    en: "User name (IMAP)",
                    hint: (
                        "エラーメール専用の受信箱をおすすめします。",
                        "A mailbox for bounces alone is best.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.imap.folder",
                    kind: TEXT,
                    ja: "フォルダ(IMAP)",
                    en: "Folder (IMAP)",
                    hint: (
                        "お便りに関するものだけを既読にします。ほかのメールは未読のまま残します。",
                        "Only what is about our letters is marked as read; other mail stays unread.",
                    ),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.maildir",
                    kind: TEXT,
                    ja: "フォルダ(Maildir)",
                    en: "Folder (Maildir)",
                    hint: (
                        "このマシンのメールサーバーがメールを置く場所。例: /var/mail/bounce",
                        "Where this machine's own mail server puts it, such as /var/mail/bounce",
                    ),
                    rules: &["L-38", "L-39", "L-40"],
                    needed: false,
                },
            ],
        },
        Group {
            id: "authorities",
            ja: "自社の認証局",
            en: "Own certificate authorities",
            about: (
                "社内の認証局が発行した証明書を使うサーバーのときだけ入れます。",
                "Only for a server whose certificate no public authority vouches for.",
            ),
            folded: true,
            fields: &[
                Field {
                    key: "sending.authorities",
                    kind: Kind::Area,
                    ja: "送信サーバーの証明書(PEM)",
                    en: "Of the outgoing server (PEM)",
                    hint: ("-----BEGIN CERTIFICATE----- から。", "From -----BEGIN CERTIFICATE----- on."),
                    rules: &[],
                    needed: false,
                },
                Field {
                    key: "sending.imap.authorities",
                    kind: Kind::Area,
                    ja: "受信箱の証明書(PEM)",
                    en: "Of the mailbox (PEM)",
                    hint: ("-----BEGIN CERTIFICATE----- から。", "From -----BEGIN CERTIFICATE----- on."),
                    rules: &[],
                    needed: false,
                },
            ],
        },
    ],
    secrets: SECRETS,
};

const SECRETS: &[(&str, &str, &str)] = &[
    ("smtp_password", "送信サーバーのパスワード", "Password of the outgoing server"),
    ("imap_password", "受信箱(IMAP)のパスワード", "Password of the mailbox (IMAP)"),
    ("dkim_key", "DKIMの秘密鍵", "DKIM key"),
    (
        "sendgrid_key",
        "SendGridの通知の検証キー(受け口: /hook/sendgrid)",
        "SendGrid's webhook key (at /hook/sendgrid)",
    ),
    (
        "sns_topics",
        "Amazon SESの通知のSNSトピック(受け口: /hook/sns)",
        "SNS topics of Amazon SES (at /hook/sns)",
    ),
];
