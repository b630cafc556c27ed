//! A campaign's document: a lawful one passes whole, and each fault is seen by its own rule.

use crate::Shown;
use clearance::{Dns, Known, Level, Overlap, Remark, lint};
use model::{
    Campaign, Change, Channel, Day, Enter, Evidence, Greeting, Lottery, Money, Newsletter, Occasion, Offer,
    OfferKind, PricePeriod, ShopProfile, Step, StepKind, TimeOfDay, Trade, Trigger, Variant, Words,
};

struct Doc {
    campaign: Campaign,
    shop: ShopProfile,
    known: Known,
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn step(name: &str, kind: StepKind, after_days: i32, subject: &str, body: &str) -> Step {
    let words = Words { subject: subject.into(), body: body.into(), ..Words::default() };
    Step { name: name.into(), kind, after_days, at: TimeOfDay::new(10, 0), words, ..Step::default() }
}

/// A campaign to which there is nothing to remark.
fn lawful() -> Doc {
    let steps = vec![
        step(
            "お礼",
            StepKind::Thanks,
            0,
            "その後いかがですか",
            "{{ addressee }}、いつもありがとうございます。",
        ),
        step("理由", StepKind::Reason, 7, "朝の一杯に", "毎朝の習慣にしやすい、三つの理由をご紹介します。"),
        step(
            "疑問",
            StepKind::Objection,
            14,
            "よくいただくご質問",
            "「続けられるか心配」というお声にお答えします。",
        ),
        step("特典", StepKind::Offer, 21, "送料無料のご案内", "クーポンの期限は{{ offer_ends }}です。"),
        step("期限", StepKind::Expiry, 28, "まもなく終了です", "期限まで、あと{{ offer_days }}日です。"),
    ];
    let mut campaign = Campaign {
        name: "秋のご挨拶".into(),
        owner: "佐藤".into(),
        start: Some(day("2026-12-01")),
        offer: Some(Offer { kind: OfferKind::Shipping, ends: Some(day("2026-12-31")), ..Offer::default() }),
        steps,
        ..Campaign::default()
    };
    campaign.whom.segment = "R181".into();
    let shop = ShopProfile {
        name: "あかね屋".into(),
        address: "東京都千代田区千代田1-1".into(),
        contact: "03-0000-0000".into(),
        site: "https://www.example.jp/".into(),
        public_url: "https://mail.example.jp".into(),
        purpose: "商品の発送および新商品のご案内".into(),
        ..ShopProfile::default()
    };
    let known = Known {
        from_address: "shop@example.jp".into(),
        dns: Some(Dns { spf: true, dkim: true, dmarc: true, aligned: true }),
        mails_per_day: 10_000,
        public_answers: Some(true),
        ..Known::on(day("2026-11-22"))
    };
    Doc { campaign, shop, known }
}

impl Doc {
    /// Adds words to the first step's body.
    fn say(&mut self, words: &str) {
        self.campaign.steps[0].words.body.push_str(&format!("\n\n{words}"));
    }
    fn ordered(&mut self, order: &[&str]) {
        let order = order.iter().map(|name| (*name).to_owned()).collect();
        self.campaign.variants = vec![
            Variant { name: "元".into(), share: 0.5, ..Variant::default() },
            Variant { name: "逆".into(), share: 0.5, order, ..Variant::default() },
        ];
    }
    /// A midsummer card on a day.
    fn greets(&mut self, on: &str) {
        self.campaign.steps.truncate(1);
        self.campaign.offer = None;
        self.campaign.greeting = Some(Greeting::SummerGreeting);
        self.campaign.start = Some(day(on));
    }
    fn invites(&mut self, on: &str) {
        let occasion = Occasion { name: "春の展示会".into(), day: Some(day(on)), ..Occasion::default() };
        self.campaign.occasion = Some(Occasion { place: "東京".into(), ..occasion });
    }
    /// One letter to those whose points lapse, with these words.
    fn lapses(&mut self, words: &str) {
        self.campaign.steps.truncate(1);
        self.campaign.offer = None;
        self.campaign.enter = Some(Enter { when: Trigger::PointsEnd, days: -14, until: None });
        self.say(words);
    }
    fn offer(&mut self) -> &mut Offer {
        self.campaign.offer.get_or_insert_default()
    }
    fn attach(&mut self, rule: &str) {
        self.known.evidence.push(Evidence { rule: rule.into(), name: "資料.pdf".into() });
    }
    fn trade(&mut self, trade: Trade, words: &str) {
        self.shop.trade = trade;
        self.say(words);
    }
    fn dns(&mut self, mails_per_day: u64, spf: bool, dkim: bool, dmarc: bool) {
        self.known.dns = Some(Dns { spf, dkim, dmarc, aligned: spf || dkim });
        self.known.mails_per_day = mails_per_day;
    }
    fn closed(&mut self, from: &str, until: &str) {
        let closure = model::Closure { name: "年末年始".into(), from: day(from), until: day(until) };
        self.known.days_off.closures.push(closure);
    }
    fn gift(&mut self, amount: f64, order: i64) {
        let offer = self.offer();
        (offer.kind, offer.amount, offer.order_value) = (OfferKind::Gift, amount, Some(Money::units(order)));
    }
    fn draw(&mut self, best: i64, all: i64, order: i64) {
        let [best_prize, all_prizes, planned_sales] = [best, all, 1_000_000].map(Money::units);
        let offer = self.offer();
        offer.order_value = Some(Money::units(order));
        (offer.kind, offer.lottery) =
            (OfferKind::Lottery, Some(Lottery { best_prize, all_prizes, planned_sales }));
    }
    /// Prices charged: from, to, units.
    fn charged(&mut self, periods: &[(&str, &str, i64)]) {
        let period = |&(from, to, price): &(&str, &str, i64)| PricePeriod {
            from: day(from),
            to: day(to),
            price: Money::units(price),
        };
        self.offer().price_history = periods.iter().map(period).collect();
    }
    fn variant(&mut self, name: &str, share: f64, step: &str, body: &str) {
        let change = Change { step: step.into(), body: Some(body.into()), ..Change::default() };
        self.campaign.variants.push(Variant {
            name: name.into(),
            share,
            changes: vec![change],
            ..Variant::default()
        });
    }
}

fn overlap(campaign: &str, customers: u64) -> Overlap {
    Overlap { campaign: campaign.into(), customers }
}

/// The rule, the gravest remark by it (`None`: none), and what differs from a lawful campaign.
type Row = (&'static str, Option<Level>, fn(&mut Doc));
use Level::{Block, Note, Warn};

const SENDER: &[Row] = &[
    ("L-06", Some(Block), |d| d.shop.name.clear()),
    ("L-06", None, |_| ()),
    ("L-07", Some(Block), |d| d.shop.public_url.clear()),
    ("L-07", Some(Block), |d| d.known.public_answers = Some(false)),
    ("L-07", None, |d| {
        d.shop.public_url.clear();
        d.known.mailto_opt_out = true;
    }),
    ("L-08", Some(Block), |d| d.shop.address.clear()),
    ("L-08", Some(Block), |d| d.shop.contact.clear()),
    ("L-08", None, |_| ()),
    ("L-10", Some(Block), |d| d.known.from_address.clear()),
    ("L-10", Some(Block), |d| d.known.from_address = concat!("akaneya@", "gmail.com").into()),
    ("L-10", Some(Block), |d| {
        d.known.from_address = "shop@example.com".into();
        d.known.dns = None;
    }),
    ("L-10", Some(Block), |d| d.known.reply_to = "someone@example.com".into()),
    ("L-10", None, |d| d.known.from_address = "shop@example.com".into()), // its DKIM is aligned
    ("L-10", None, |d| {
        d.shop.site = "www.example.co.jp".into();
        d.known.from_address = "shop@mail.example.co.jp".into();
        d.known.dns = None;
    }),
    ("L-15", Some(Warn), |d| d.say("[お買い物はこちら](https://www.example.jp/)")),
    ("L-15", None, |d| {
        d.say("[お買い物はこちら](https://www.example.jp/)");
        d.attach("L-15");
    }),
    ("L-16", Some(Block), |d| d.shop.purpose = "商品の発送".into()),
    ("L-16", None, |d| d.shop.purpose = "商品の発送および広告の配信".into()),
    ("L-36", Some(Block), |d| d.dns(5_000, true, true, false)),
    ("L-36", Some(Block), |d| d.known.dns = None),
    ("L-36", Some(Warn), |d| d.dns(4_999, false, false, true)),
    ("L-36", None, |d| d.dns(4_999, true, false, true)),
    ("L-36", None, |_| ()),
    ("L-37", Some(Block), |d| d.shop.public_url = "http://mail.example.jp".into()),
    ("L-37", Some(Block), |d| {
        d.shop.public_url.clear();
        d.known.mailto_opt_out = true;
    }),
    ("L-37", Some(Warn), |d| {
        d.shop.public_url.clear();
        d.known.mailto_opt_out = true;
        d.known.mails_per_day = 100;
    }),
    ("L-37", None, |_| ()),
    ("L-38", Some(Block), |d| d.known.opt_out_waits = 49),
    ("L-38", None, |d| d.known.opt_out_waits = 48),
    ("L-41", Some(Warn), |d| d.dns(100, true, true, false)),
    ("L-41", None, |d| d.dns(100, true, true, true)),
    ("not_checked", Some(Note), |d| d.known.public_answers = None),
    ("not_checked", Some(Note), |d| {
        d.known.dns = None;
        d.known.mails_per_day = 10;
    }),
];

const OFFERS: &[Row] = &[
    ("L-21", Some(Block), |d| d.gift(201.0, 999)),
    ("L-21", None, |d| d.gift(200.0, 999)),
    ("L-21", Some(Block), |d| d.gift(601.0, 3_000)),
    ("L-21", None, |d| d.gift(600.0, 3_000)),
    // M166: the offer of this document ends on 31 December.
    ("offer_closed", Some(Block), |d| d.closed("2026-12-29", "2027-01-03")),
    ("offer_closed", None, |d| d.closed("2027-01-01", "2027-01-03")),
    ("L-21", Some(Block), |d| d.offer().kind = OfferKind::Gift),
    ("L-21", Some(Block), |d| d.gift(f64::NAN, 3_000)),
    // A discount is no premium (景品): no limit is put on it.
    ("L-21", None, |d| (d.offer().kind, d.offer().amount) = (OfferKind::Yen, 5_000.0)),
    ("L-22", Some(Block), |d| d.draw(60_001, 20_000, 3_000)),
    ("L-22", None, |d| d.draw(20_000, 20_000, 3_000)),
    ("L-22", Some(Block), |d| d.draw(100_001, 20_000, 5_000)),
    ("L-22", Some(Block), |d| d.draw(10_000, 20_001, 5_000)),
    ("L-22", Some(Block), |d| d.offer().kind = OfferKind::Lottery),
    ("L-23", Some(Block), |d| d.say("通常価格5,000円のところ3,900円でお届けします。")),
    ("L-23", Some(Block), |d| d.say("５０００円 ⇒ ３９００円")),
    ("L-23", None, |d| d.say("3,900円でお届けします。")),
    // Eight weeks before 2026-12-01 begin on 2026-10-06.
    ("L-23", None, |d| {
        d.say("通常価格5,000円→3,900円");
        d.charged(&[("2026-01-01", "2026-11-17", 5_000), ("2026-11-18", "2026-11-30", 4_500)]);
    }),
    ("L-23", None, |d| {
        d.say("定価{{ price }}");
        d.charged(&[("2026-01-01", "2026-11-30", 5_000)]);
    }),
    ("L-23", Some(Block), |d| {
        d.say("通常価格6,000円→3,900円");
        d.charged(&[("2026-01-01", "2026-11-30", 5_000)]);
    }),
    // Half of the time, not more.
    ("L-23", Some(Block), |d| {
        d.say("通常価格5,000円→3,900円");
        d.charged(&[("2026-01-01", "2026-11-02", 4_500), ("2026-11-03", "2026-11-30", 5_000)]);
    }),
    // Last charged 15 days before.
    ("L-23", Some(Block), |d| {
        d.say("通常価格5,000円→3,900円");
        d.charged(&[("2026-01-01", "2026-11-16", 5_000), ("2026-11-17", "2026-11-30", 4_500)]);
    }),
    // New on sale: 13 days are less than two weeks, 14 are enough.
    ("L-23", Some(Block), |d| {
        d.say("通常価格5,000円→3,900円");
        d.charged(&[("2026-11-18", "2026-11-30", 5_000)]);
    }),
    ("L-23", None, |d| {
        d.say("通常価格5,000円→3,900円");
        d.charged(&[("2026-11-17", "2026-11-30", 5_000)]);
    }),
    ("L-24", Some(Block), |d| d.offer().ends = None),
    ("L-24", Some(Block), |d| d.campaign.offer = None),
    ("L-24", Some(Block), |d| d.offer().ends = Some(day("2026-12-28"))),
    ("L-24", None, |d| d.offer().ends = Some(day("2026-12-29"))),
    ("L-24", Some(Block), |d| d.say("本日限りのご案内です。")),
    ("L-24", Some(Block), |d| {
        d.campaign.steps.truncate(3);
        d.campaign.offer = None;
        d.say("【期 間 限 定】");
    }),
    ("L-24", Some(Block), |d| {
        d.campaign.steps.truncate(3);
        d.campaign.offer = None;
        d.say("残り３点です。");
    }),
    ("L-24", None, |d| {
        d.campaign.steps.truncate(3);
        d.campaign.offer = None;
        d.say("賞味期限は製造から90日です。12月28日まで営業しています。");
    }),
    // Points and coupons of the cart lapse on each customer's own day, filled in.
    ("L-24", None, |d| d.lapses("有効期限は{{ points_expire }}です。期間限定のポイントです。")),
    ("L-24", Some(Block), |d| d.lapses("期間限定のポイントです。")),
    ("L-24", Some(Warn), |d| d.known.reissues = vec![overlap("夏のご挨拶", 40)]),
    ("L-24", None, |d| d.known.reissues = vec![overlap("夏のご挨拶", 0)]),
];

const COPY: &[Row] = &[
    ("L-25", Some(Block), |d| d.say("500ポイントが12月31日に失効します。")),
    ("L-25", Some(Block), |d| d.say("クーポンの有効期限は12/31です。")),
    ("L-25", Some(Block), |d| d.say("{{ addressee }}のポイント残高は1,200ポイントです。")),
    ("L-25", None, |d| d.say("{{ points }}ポイントが{{ points_ends }}に失効します。")),
    ("L-25", None, |d| d.say("10%OFFクーポンの期限は{{ offer_ends }}です。")),
    ("L-25", None, |d| d.say("12月31日まで休まず営業します。")),
    ("L-26", Some(Warn), |d| d.say("お客様の声をご紹介します。")),
    ("L-26", None, |d| d.say("【PR】お客様の声をご紹介します。")),
    ("L-26", Some(Warn), |d| d.say("PRESS掲載。クチコミで話題です。")),
    ("L-27", Some(Warn), |d| d.say("売上Ｎｏ．１のお茶です。")),
    ("L-27", Some(Warn), |d| d.say("絶対にご満足いただけます。")),
    ("L-27", None, |d| {
        d.say("売上No.1のお茶です。");
        d.attach("L-27");
    }),
    ("L-27", None, |d| d.say("綿100%です。必ずお読みください。11位でした。")),
    ("L-28", Some(Block), |d| d.trade(Trade::HealthFood, "若返りの秘密です。")),
    ("L-28", Some(Block), |d| d.trade(Trade::HealthFood, "高血圧症の改善に役立ちます。")),
    ("L-28", Some(Block), |d| d.trade(Trade::HealthFood, "ｶﾞﾝが治ると評判です。")),
    ("L-28", Some(Block), |d| d.trade(Trade::HealthFood, "血液 サラサラに。")),
    ("L-28", Some(Block), |d| d.trade(Trade::HealthFood, "{{ reason | or(\"免疫力アップ\") }}")),
    ("L-28", Some(Warn), |d| {
        d.trade(Trade::HealthFood, "血圧を下げる機能が報告されています。");
        d.attach("L-28");
    }),
    ("L-28", None, |d| d.say("若返りの湯に行きました。")), // another trade
    ("L-28", None, |d| {
        d.trade(
            Trade::HealthFood,
            "がんばるあなたの毎日に。健康維持を改善したい方へ。アレルギーのある方は原材料をご確認ください。",
        )
    }),
    ("L-29", Some(Block), |d| d.trade(Trade::Cosmetics, "アンチエイジングの新習慣です。")),
    ("L-29", Some(Block), |d| d.trade(Trade::Cosmetics, "シミが消えると話題です。")),
    ("L-29", Some(Block), |d| d.trade(Trade::Cosmetics, "ニキビが治ります。")),
    ("L-29", Some(Block), |d| d.trade(Trade::Cosmetics, "リンパマッサージに。")),
    ("L-29", Some(Warn), |d| d.trade(Trade::Cosmetics, "美白の美容液です。")),
    ("L-29", None, |d| {
        d.trade(Trade::Cosmetics, "美白の美容液です。");
        d.attach("L-29");
    }),
    ("L-29", None, |d| {
        d.trade(Trade::Cosmetics, "エイジングケア（年齢に応じたケア）に。アルガンオイル配合です。")
    }),
    ("L-30", Some(Block), |d| d.trade(Trade::HealthFood, "飲むだけで痩せると話題です。")),
    ("L-30", Some(Block), |d| d.trade(Trade::HealthFood, "1ヶ月で5kg減を目指します。")),
    ("L-30", None, |d| d.trade(Trade::HealthFood, "食事と一緒にお召し上がりください。")),
    ("M030", Some(Block), |d| d.say("【お店からの一言をここに】")),
    ("M030", None, |d| d.say("【お知らせ】ここにご案内します。")),
    ("M066", Some(Warn), |d| d.say("今すぐ購入しないと後悔します。")),
    ("M066", Some(Warn), |d| d.say("お待ちしています！！")),
    ("M066", Some(Warn), |d| d.campaign.steps[0].words.subject = "BUY NOW を忘れずに".into()),
    ("M066", Some(Warn), |d| d.say("HURRY！")),
    ("M066", None, |d| d.say("MEZAMEの新商品です。ご都合のよいときにどうぞ！")),
    ("M170", Some(Warn), |d| d.campaign.goal.hypothesis = "声をかければ戻る方に送る".into()),
    ("M170", None, |d| d.campaign.goal.hypothesis = "戻る見込みが高い方に送る".into()),
];

const PARTS: &[Row] = &[
    ("M061", Some(Block), |d| d.campaign.whom.segment.clear()),
    ("M061", Some(Block), |d| d.campaign.owner.clear()),
    ("M061", Some(Block), |d| d.campaign.start = None),
    ("M061", Some(Block), |d| d.campaign.steps[1].words.body = " ".into()),
    ("M061", Some(Block), |d| d.campaign.steps[1].words.subject.clear()),
    ("M061", Some(Block), |d| d.campaign.steps[1].channel = None),
    ("M061", Some(Block), |d| d.campaign.steps[1].at = None),
    ("M061", None, |d| {
        d.campaign.whom = Default::default();
        d.campaign.whom.top = Some(500);
    }),
    ("M062", Some(Warn), |d| d.known.overlaps = vec![overlap("春", 10), overlap("夏", 3)]),
    ("M062", None, |d| d.known.overlaps = vec![overlap("春", 10), overlap("夏", 0)]),
    ("M074", Some(Warn), |d| d.campaign.steps[0].words.body = "お元気ですか。".into()),
    ("M074", None, |d| d.campaign.steps[0].words.body = "日頃のご利用に感謝しております。".into()),
    ("M076", Some(Warn), |d| d.say("10％ＯＦＦでどうぞ。")),
    ("M076", None, |_| ()),
    ("M082", Some(Warn), |d| d.campaign.steps[0].kind = StepKind::Offer),
    ("M082", Some(Warn), |d| {
        d.campaign.steps.drain(..3);
        d.campaign.steps[0].words.body.push_str("ありがとうございます。");
    }),
    ("M082", None, |_| ()),
    ("M083", Some(Warn), |d| {
        d.shop.trade = Trade::HealthFood;
        d.campaign.steps.remove(2);
    }),
    ("M084", Some(Block), |d| {
        d.shop.trade = Trade::Cosmetics;
        d.campaign.steps.remove(1);
    }),
    ("M084", None, |d| {
        d.campaign.steps.remove(1); // another trade
    }),
    ("M084", None, |d| d.shop.trade = Trade::HealthFood),
    ("no_holdout", Some(Block), |d| d.campaign.holdout = 0.0),
    ("no_holdout", Some(Block), |d| d.campaign.holdout = f64::NAN),
    ("no_holdout", Some(Block), |d| d.campaign.holdout = 1.0),
    ("no_holdout", Some(Warn), |d| {
        d.campaign.holdout = 0.0;
        d.campaign.no_holdout_because = "全員にお詫びするため".into();
    }),
    ("small_holdout", Some(Warn), |d| d.campaign.holdout = 0.049),
    ("small_holdout", None, |d| d.campaign.holdout = 0.05),
    ("window", Some(Block), |d| d.campaign.window = 60),
    ("window", None, |d| d.campaign.window = 180),
    ("steps", Some(Block), |d| d.campaign.steps[1].name = "お礼".into()),
    ("steps", Some(Block), |d| d.campaign.steps[1].name.clear()),
    ("steps", Some(Block), |d| d.campaign.steps[1].after_days = -1),
    // M093: other channels of a newsletter are for those who rest from mail, in steps of their own.
    ("steps", None, |d| d.campaign.newsletter = Some(Newsletter::default())),
    ("steps", Some(Block), |d| {
        d.campaign.newsletter = Some(Newsletter::default());
        d.campaign.steps[1].else_channels = vec![Channel::Line];
    }),
    ("steps", None, |d| d.campaign.steps[1].else_channels = vec![Channel::Line]),
    ("steps", Some(Block), |d| {
        d.campaign.newsletter = Some(Newsletter::default());
        d.variant("A", 1.0, "理由", "x");
        d.campaign.variants[0].changes[0].channel = Some(Channel::Post);
    }),
    // M115: an order names steps of the campaign, each once, and two of them at least.
    ("variants", None, |d| d.ordered(&["理由", "お礼"])),
    ("variants", Some(Block), |d| d.ordered(&["理由", "ない"])),
    ("variants", Some(Block), |d| d.ordered(&["理由", "理由"])),
    ("variants", Some(Block), |d| d.ordered(&["理由"])),
    // M099: a card of the season goes out in its days; an invitation before its day.
    ("greeting_days", Some(Block), |d| d.campaign.greeting = Some(Greeting::SummerGreeting)),
    ("greeting_days", None, |d| d.greets("2027-07-20")),
    ("greeting_days", Some(Block), |d| d.greets("2027-08-20")),
    ("occasion", Some(Block), |d| d.campaign.occasion = Some(Occasion::default())),
    ("occasion", Some(Block), |d| d.invites("2026-11-24")),
    ("occasion", None, |d| d.invites("2027-03-01")),
    ("variants", Some(Block), |d| d.variant("A", 0.5, "ない", "x")),
    ("variants", Some(Block), |d| d.variant("A", -0.5, "理由", "x")),
    ("variants", Some(Block), |d| d.variant("A", 0.0, "理由", "x")),
    ("variants", Some(Block), |d| {
        d.variant("A", 0.5, "理由", "x");
        d.variant("A", 0.5, "理由", "y");
    }),
    ("variants", None, |d| {
        d.variant("A", 2.0, "理由", "x");
        d.variant("B", 1.0, "理由", "y");
    }),
    ("L-39", Some(Warn), |d| d.campaign.stop.complaints = 0.01),
    ("L-40", Some(Warn), |d| d.campaign.stop.bounces = f64::NAN),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    [SENDER, OFFERS, COPY, PARTS].into_iter().flatten()
}

pub fn shown() -> Vec<Shown> {
    rows().map(|&(rule, level, _)| Shown { rule, refuses: level.is_some() }).collect()
}

fn remarks(change: fn(&mut Doc)) -> Vec<Remark> {
    let mut doc = lawful();
    change(&mut doc);
    lint(&doc.campaign, &doc.shop, &doc.known)
}

#[test]
fn a_lawful_campaign_passes_whole() {
    assert_eq!(remarks(|_| ()), []);
}

#[test]
fn every_fault_is_seen_by_its_rule() {
    for (at, &(rule, level, change)) in rows().enumerate() {
        let remarks = remarks(change);
        let gravest = remarks.iter().filter(|r| r.rule == rule).map(|r| r.level).min();
        assert_eq!(gravest, level, "row {at}: {rule}: {remarks:#?}");
        assert!(remarks.is_sorted_by_key(|r| r.level), "row {at}: {rule}");
        assert!(remarks.iter().all(|r| clearance::rule(r.rule).is_some_and(|i| i.id == r.rule)));
    }
}

#[test]
fn whatever_is_missing_is_named_by_itself() {
    let empty = Campaign { steps: vec![Step { channel: None, ..Step::default() }], ..Campaign::default() };
    let remarks = lint(&empty, &ShopProfile::default(), &Known::on(day("2026-11-22")));
    let missing: Vec<&str> = remarks.iter().filter(|r| r.rule == "M061").map(|r| r.field).collect();
    assert_eq!(missing, ["name", "owner", "whom", "start", "subject", "body", "channel", "at"]);
}

#[test]
fn a_remark_shows_the_words_and_where_they_stand() {
    let found = remarks(|d| d.trade(Trade::HealthFood, "ワカガエリと、若 返りと、高血圧の改善。"));
    let remark = found.iter().find(|r| r.rule == "L-28").unwrap();
    assert_eq!((remark.step.as_deref(), remark.field), (Some("お礼"), "body"));
    assert_eq!(remark.found.join(","), "若 返り,ワカガエ,血圧,改善");
}

#[test]
fn a_variant_is_read_as_well() {
    let found = remarks(|d| {
        d.variant("A", 0.5, "理由", "三つの理由です。");
        d.variant("B", 0.5, "理由", "世界一のお茶です。");
    });
    assert_eq!(
        found.iter().map(|r| (r.rule, r.step.as_deref())).collect::<Vec<_>>(),
        [("L-27", Some("理由"))]
    );
}

#[test]
fn what_is_not_by_mail_needs_no_mail_sender() {
    let mut doc = lawful();
    doc.campaign.steps.iter_mut().for_each(|s| s.channel = Some(Channel::Post));
    (doc.known.dns, doc.known.from_address) = (None, String::new());
    assert_eq!(lint(&doc.campaign, &doc.shop, &doc.known), []);
}
