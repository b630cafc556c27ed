//! A made-up shop, a made-up customer, and what every test needs of them.

use clearance::{Caps, Case, ClearedTouch, Hours, clear};
use model::{Basis, Channel, Day, Name, Offer, ReachFacts, ShopProfile, State, TimeOfDay, Words};
use outreach::{Fields, Heading, Letter, Links, Press, WordsError};

pub fn shop() -> ShopProfile {
    ShopProfile {
        name: "見本茶園".into(),
        legal_name: "株式会社見本茶園".into(),
        address: "静岡県静岡市葵区見本1-2-3".into(),
        contact: "support@example.jp".into(),
        site: "https://shop.example.jp".into(),
        public_url: "https://mail.example.jp".into(),
        ..ShopProfile::default()
    }
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub fn offer() -> Offer {
    Offer { amount: 500.0, ends: Some(day("2026-12-25")), ..Offer::default() }
}

pub fn hanako() -> Fields {
    Fields {
        name: Name { family: "山田".into(), given: "花子".into(), ..Name::default() },
        last_product: "見本煎茶 100g".into(),
        first_order: Some(day("2024-05-01")),
        last_order: Some(day("2026-06-01")),
        n_orders: 12,
        points: Some(1_234),
        points_expire: Some(day("2027-03-31")),
        coupon: "AKI-7Q2M".into(),
        caller: String::new(),
        ..Fields::unknown(day("2026-11-22"))
    }
}

pub fn links() -> Links<'static> {
    Links {
        click: None,
        pixel: None,
        trap: None,
        unsubscribe: "https://mail.example.jp/u/abc".into(),
        preferences: None,
        refresh: None,
        ..Links::default()
    }
}

pub fn words(subject: &str, body: &str) -> Words {
    Words { subject: subject.into(), body: body.into(), ..Words::default() }
}

pub fn press(words: &Words) -> Result<Press, WordsError> {
    Press::new(words, &shop(), Some(&offer()), "佐藤")
}

pub fn print(body: &str) -> Result<Letter, WordsError> {
    press(&words("件名", body))?.print(&hanako(), &links())
}

/// A touch of somebody who agreed to mail.
pub fn touch(number: i64, to: &str) -> ClearedTouch {
    let facts = ReachFacts {
        customer: number,
        has_email: true,
        ordered: true,
        consents: vec![(Channel::Mail, Basis::OptIn)],
        ..ReachFacts::default()
    };
    let shop = ShopProfile { purpose: "商品のご案内・広告の配信".into(), ..shop() };
    let case = Case {
        facts: &facts,
        state: State::Dormant,
        held_out: false,
        contacts: &[],
        shop: &shop,
        caps: &Caps::default(),
        hours: &Hours::default(),
        now: heading().now,
        clock: TimeOfDay::new(12, 0).expect("noon"),
        newest_order: None,
        stale_hours: None,
        apology: false,
    };
    clear(number, Channel::Mail, to, &case).expect("may be reached")
}

pub fn heading<'a>() -> Heading<'a> {
    Heading {
        from_name: "見本茶園",
        from: "news@example.jp",
        reply_to: "support@example.jp",
        message_id: "c1.s0.t42@mail.example.jp",
        unsubscribe_url: "https://mail.example.jp/u/abc",
        unsubscribe_mail: "stop+abc@example.jp",
        list_id: "news.example.jp",
        feedback_id: "c1:s0:news:mezame",
        now: 1_795_341_600,
        zone_minutes: 540,
    }
}

pub fn letter() -> Letter {
    print("{{ addressee }}\n\n{{ greeting }}。\n\n[お店を見る](https://shop.example.jp/tea)")
        .expect("a letter")
}
