//! By which channel somebody is best written to: cases as data.

use judgement::{Because, Known, Open, advise, advised};
use model::{Channel, Day, Money, Outlook};

fn outlook(p_return: f64, value: i64) -> Outlook {
    Outlook {
        p_return,
        p_low: 0.0,
        p_high: 1.0,
        value_if_returns: Money::units(value),
        next_order: Day(20_000),
        stock_until: None,
        peers_back: 0.5,
    }
}

fn open(channel: Channel, cost: f64, points: f64) -> Open {
    let cost = Money((cost * 100.0) as i64);
    Open { channel, cost, paid: false, lift: points / 100.0, measured: 0 }
}

/// Mail, SMS and post at the costs of the day; post at another price.
fn shop(post: f64) -> Vec<Open> {
    vec![open(Channel::Mail, 0.5, 0.5), open(Channel::Sms, 12.0, 0.8), open(Channel::Post, post, 1.5)]
}

fn known(value: i64, age: Option<i32>) -> Known {
    Known { outlook: Some(outlook(0.1, value)), age, post_from: Some(60) }
}

// M100: the advice changes when the cost changes, and its reason says the figures.
#[test]
fn a_dearer_stamp_changes_the_advice() {
    let cases = [
        // Value of a return, price of a card, advice.
        (20_000, 105.0, Channel::Post),
        (20_000, 250.0, Channel::Sms),
        (20_000, 210.0, Channel::Sms),
        (2_000, 105.0, Channel::Mail),
        (2_000, 5.0, Channel::Post),
    ];
    for (value, price, expected) in cases {
        let (open, known) = (shop(price), known(value, None));
        let a = advise(&open, &known);
        assert_eq!((a.channel, a.because), (Some(expected), Because::Brings), "{value} at {price}: {a:?}");
        let told = advised(&a, &open, &known, "円");
        assert!(told.ja.starts_with(&format!("{}をおすすめします。", expected.ja())), "{}", told.ja);
        assert!(told.ja.contains("費用") && told.ja.contains("次点は"), "{}", told.ja);
    }
    let told = advised(&advise(&shop(105.0), &known(20_000, None)), &shop(105.0), &known(20_000, None), "円");
    assert_eq!(
        told.ja,
        "郵便DMをおすすめします。1回105円の費用を引いて195円が見込めます(次点はSMSで148円)。反応は想定値、費用は設定値です。"
    );
}

// M098: from 60 on post is the default, as far as it pays; the age can be changed or taken away.
#[test]
fn from_sixty_on_post_is_the_default() {
    let cases = [
        (Some(59), Some(60), Channel::Sms, Because::Brings),
        (Some(60), Some(60), Channel::Post, Because::Age),
        (Some(71), Some(60), Channel::Post, Because::Age),
        (Some(71), Some(75), Channel::Sms, Because::Brings),
        (Some(71), None, Channel::Sms, Because::Brings),
        (None, Some(60), Channel::Sms, Because::Brings),
    ];
    for (age, post_from, channel, because) in cases {
        let known = Known { post_from, ..known(20_000, age) };
        let a = advise(&shop(250.0), &known);
        assert_eq!((a.channel, a.because), (Some(channel), because), "{age:?} from {post_from:?}");
        let says = advised(&a, &shop(250.0), &known, "円").ja;
        assert_eq!(says.contains("世代"), because == Because::Age, "{says}");
    }
    // A stamp that costs more than it brings is not suggested to anybody.
    assert_eq!(advise(&shop(400.0), &known(20_000, Some(80))).channel, Some(Channel::Sms));
}

#[test]
fn who_cannot_be_reached_or_does_not_pay_is_told_so() {
    let cases = [
        (vec![], known(20_000, None), None, Because::NoneReaches),
        (vec![open(Channel::Ads, 1.0, 5.0)], known(20_000, None), None, Because::NoneReaches),
        (vec![open(Channel::Post, 105.0, 1.5)], known(100, None), None, Because::NonePays),
        (vec![open(Channel::Post, 105.0, 1.5)], known(100, Some(70)), None, Because::NonePays),
        (shop(105.0), Known { outlook: None, ..known(1, None) }, Some(Channel::Mail), Because::Cheapest),
        (vec![], Known { outlook: None, ..known(1, None) }, None, Because::NoneReaches),
    ];
    for (open, known, channel, because) in cases {
        let a = advise(&open, &known);
        assert_eq!((a.channel, a.because), (channel, because));
        let says = advised(&a, &open, &known, "円");
        assert!(!says.ja.is_empty() && !says.en.is_empty(), "{because:?}");
    }
    let sure = Known { outlook: Some(outlook(1.0, 50_000)), ..known(1, None) };
    assert_eq!(advise(&shop(105.0), &sure).because, Because::NonePays, "who comes anyway is not brought");
}

/// What the shop measured counts for more than what is assumed, and is said.
#[test]
fn measured_channels_say_so() {
    let mut all = shop(105.0);
    all[0] = Open { lift: 0.02, measured: 3, paid: true, ..all[0].clone() };
    let a = advise(&all, &known(20_000, None));
    assert_eq!(a.channel, Some(Channel::Mail));
    let says = advised(&a, &all, &known(20_000, None), "円");
    assert!(says.ja.ends_with("反応は自店の計測3回、費用は実績です。"), "{}", says.ja);
    assert!(says.en.contains("0.5 yen"), "{}", says.en);
}
