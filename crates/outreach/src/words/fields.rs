//! What is known of one customer when a letter is printed, and the names words use for it.

use model::{Day, Name, Occasion};

/// What one customer's letter may say. Empty text and `None` are "not known".
#[derive(Clone, PartialEq, Debug)]
pub struct Fields {
    /// The day in the shop's zone on which it is printed.
    pub today: Day,
    /// As typed; kana is not used.
    pub name: Name,
    pub company: String,
    /// The product of the last order, as the shop names it today (a successor's name where there is one).
    pub last_product: String,
    pub first_order: Option<Day>,
    pub last_order: Option<Day>,
    /// Orders that count; 0: none.
    pub n_orders: u32,
    pub points: Option<i64>,
    pub points_expire: Option<Day>,
    /// The customer's own coupon code, or the shared one.
    pub coupon: String,
    /// When a coupon lapses that the customer holds in the cart.
    pub coupon_expire: Option<Day>,
    /// What they are invited to.
    pub occasion: Option<Occasion>,
    /// What they may like next; empty where nothing can be said.
    pub suggestion: String,
    /// Who calls; empty where nobody does.
    pub caller: String,
}

impl Fields {
    /// A customer of whom nothing is known.
    pub fn unknown(today: Day) -> Fields {
        Fields {
            today,
            name: Name::default(),
            company: String::new(),
            last_product: String::new(),
            first_order: None,
            last_order: None,
            n_orders: 0,
            points: None,
            points_expire: None,
            coupon: String::new(),
            coupon_expire: None,
            occasion: None,
            suggestion: String::new(),
            caller: String::new(),
        }
    }
}

/// Every field of the words: its name, Japanese, English.
pub const FIELDS: &[(&str, &str, &str)] = &[
    ("addressee", "宛名（敬称つき。例: 山田 花子 様）", "whom it is for, with the honorific"),
    ("family_name", "姓", "family name"),
    ("company", "会社名", "company"),
    ("last_product", "前回購入された商品", "product of the last order"),
    ("last_order", "前回のご注文日（例: 2026年11月21日）", "day of the last order"),
    ("days_silent", "前回のご注文からの日数", "days since the last order"),
    ("n_orders", "ご注文回数", "number of orders"),
    ("first_order", "初回のご注文日", "day of the first order"),
    ("points", "ポイント残高", "points held"),
    ("points_expire", "ポイントの有効期限", "day on which points expire"),
    ("coupon", "クーポンコード", "coupon code"),
    ("coupon_expire", "お持ちのクーポンの有効期限", "day on which the coupon held expires"),
    ("offer", "特典の名称", "the offer's name"),
    ("offer_ends", "特典の期限（例: 2026年12月25日(金)）", "last day of the offer"),
    ("offer_days_left", "特典の期限までの日数", "days left of the offer"),
    ("greeting", "挨拶（ご無沙汰の期間に応じて）", "a greeting that fits the time away"),
    (
        "suggestion",
        "次におすすめの商品（お一人ずつ。分からない方のための言葉が要ります）",
        "what they may like next (needs a fallback)",
    ),
    ("shop", "店舗名", "the shop's name"),
    ("contact", "お問い合わせ先", "where questions go"),
    ("owner", "担当者名", "the operator who answers for the campaign"),
    ("caller", "電話をかける担当者（電話の台本）", "who is calling (scripts for calls)"),
    ("today", "本日の日付", "today"),
    ("link", "お店のサイトへのリンク（SMS・LINE）", "a link to the shop's site (SMS, LINE)"),
    ("stop", "配信停止の案内とそのリンク（SMS・LINE）", "how to opt out, with the link (SMS, LINE)"),
    ("refresh", "ご登録内容の確認ページのリンク", "a link to the page on which facts are confirmed"),
    ("inquiry", "お問い合わせフォームのリンク", "a link to the form for questions"),
    ("rsvp", "ご招待の出欠を答えるページのリンク", "a link to the page that answers an invitation"),
    ("occasion", "催しの名前", "what the invitation is to"),
    ("occasion_day", "催しの日（例: 2027年3月1日(月)）", "the day of the occasion"),
    ("occasion_place", "催しの場所", "the place of the occasion"),
    ("survey", "アンケートのリンク", "a link to the survey"),
];

/// Whether words may use this field.
pub(super) fn exists(name: &str) -> bool {
    FIELDS.iter().any(|(field, ..)| *field == name)
}
