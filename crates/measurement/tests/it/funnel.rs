//! What was seen of the treated, what could be seen, and the advice.

use crate::figures::{arm, trial};
use crate::world::{WINDOW, ask};
use measurement::{Answers, Ask, BENCHMARKS, Metric, Outcome, Share, Sight, advice, benchmarks, measure};
use model::{Arm, Channel, Tracking};

#[test]
fn each_person_once_and_what_programs_did_beside() {
    let people = Answers { sent: true, delivered: true, ..Answers::default() };
    let answers = [
        Answers {
            opened: true,
            opened_raw: true,
            clicked: true,
            clicked_raw: true,
            responded: true,
            ..people
        },
        Answers { opened_raw: true, clicked_raw: true, ..people },
        Answers { sent: true, bounced: true, ..Answers::default() },
        Answers::default(),
    ];
    let mut outcomes = arm(Arm::Treated, 1, 4);
    outcomes.iter_mut().zip(answers).for_each(|(o, a)| o.answers = a);
    outcomes.extend(arm(Arm::Holdout, 2, 4));
    let m = measure(&outcomes, &ask(WINDOW));
    let found: Vec<(Metric, u64, u64, u64)> =
        m.funnel.iter().map(|r| (r.metric, r.people.hits, r.people.of, r.raw)).collect();
    let expected = [
        (Metric::Sent, 3, 4, 3),
        (Metric::Bounced, 1, 3, 1),
        (Metric::Delivered, 2, 3, 2),
        (Metric::Opened, 1, 2, 2),
        (Metric::Clicked, 1, 2, 2),
        (Metric::Responded, 1, 2, 1),
        (Metric::OptedOut, 0, 2, 0),
        (Metric::Complained, 0, 2, 0),
        (Metric::Returned, 1, 4, 1),
    ];
    assert_eq!(found, expected);
    assert_eq!(m.returned_after_click, Share { hits: 1, of: 1 });
}

// M136: an opening is labelled measured, by proxy, or not measurable, channel by channel.
#[test]
fn what_a_channel_lets_one_see() {
    let sight = |channel, metric, tracking: (bool, bool)| {
        let tracking = Tracking { clicks: tracking.0, opens: tracking.1 };
        let m = measure(&trial(1, 9, 1, 9), &Ask { channel, tracking, ..ask(WINDOW) });
        m.row(metric).expect("a row").sight
    };
    for (channel, metric, tracking, expected) in [
        (Channel::Mail, Metric::Opened, (true, true), Sight::Proxy),
        (Channel::Mail, Metric::Opened, (true, false), Sight::NotTracked),
        (Channel::Mail, Metric::Clicked, (true, true), Sight::Measured),
        (Channel::Mail, Metric::Clicked, (false, true), Sight::NotTracked),
        (Channel::Sms, Metric::Opened, (true, true), Sight::NotMeasurable),
        (Channel::Sms, Metric::Delivered, (true, true), Sight::Measured),
        (Channel::Post, Metric::Opened, (true, true), Sight::Proxy),
        (Channel::Post, Metric::Delivered, (true, true), Sight::Proxy),
        (Channel::Phone, Metric::Clicked, (true, true), Sight::NotMeasurable),
        (Channel::Mail, Metric::Returned, (true, true), Sight::Measured),
    ] {
        assert_eq!(sight(channel, metric, tracking), expected, "{channel:?} {metric:?} {tracking:?}");
    }
}

/// A campaign in which so many of 1,000 did something.
fn with(hits: usize, n: usize, set: fn(&mut Answers)) -> Vec<Outcome> {
    let mut outcomes = trial(50, n, 5, 100);
    outcomes[..hits].iter_mut().for_each(|o| set(&mut o.answers));
    outcomes
}

fn advised(outcomes: &[Outcome]) -> Vec<Option<Metric>> {
    advice(&measure(outcomes, &ask(WINDOW))).into_iter().map(|a| a.metric).collect()
}

#[test]
fn advice_rests_on_figures() {
    let fine = |a: &mut Answers| (a.opened, a.clicked) = (true, true);
    let healthy = |hits, set: fn(&mut Answers)| {
        let mut outcomes = with(600, 1_000, fine);
        outcomes[..hits].iter_mut().for_each(|o| set(&mut o.answers));
        advised(&outcomes)
    };
    assert_eq!(healthy(0, |_| ()), []);
    assert_eq!(healthy(60, |a| a.bounced = true), [Some(Metric::Bounced)]);
    assert_eq!(healthy(25, |a| a.opted_out = true), [Some(Metric::OptedOut)]);
    assert_eq!(healthy(12, |a| a.opted_out = true), [], "not above the line for sure");
    assert_eq!(healthy(8, |a| a.complained = true), [Some(Metric::Complained)]);
    let quiet = advised(&with(60, 1_000, fine));
    assert_eq!(quiet, [Some(Metric::Opened)], "6 % opened it, and all of them clicked");
    assert_eq!(
        advised(&with(5, 1_000, |a| (a.opened, a.clicked) = (true, true))),
        [Some(Metric::Opened), Some(Metric::Clicked)]
    );
    assert_eq!(advised(&with(0, 199, fine)), [], "below 200 nothing is advised (M144)");
}

#[test]
fn advice_says_its_evidence() {
    let m = measure(&with(60, 1_000, |a| (a.opened, a.clicked) = (true, true)), &ask(WINDOW));
    let said = &advice(&m)[0].says;
    assert_eq!(
        said.ja,
        "開封が少なめです。件名と送る時刻を変えて比べてみてください(開封率 6.0%、1000人中60人、95%: 4.7%〜7.6%。目安 15.0%〜20.0%)。"
    );
    assert!(said.en.starts_with("Few open it.") && said.en.contains("60 of 1000"), "{}", said.en);
}

#[test]
fn clicks_without_orders_a_reached_holdout_and_one_large_order() {
    let mut outcomes = trial(50, 1_000, 5, 100);
    // Those who click are the ones who did not return.
    outcomes[300..700].iter_mut().for_each(|o| (o.answers.opened, o.answers.clicked) = (true, true));
    assert_eq!(advised(&outcomes), [Some(Metric::Returned)]);
    let mut outcomes = with(600, 1_000, |a| (a.opened, a.clicked) = (true, true));
    outcomes[1_000..1_040].iter_mut().for_each(|o| o.reached_by_others = true);
    let m = measure(&outcomes, &ask(WINDOW));
    assert_eq!(m.holdout_reached, Share { hits: 40, of: 100 });
    assert!(advice(&m)[0].says.ja.starts_with("保留群の40.0%(100人中40人)に他の施策が届いています"));
    let mut outcomes = trial(200, 1_000, 100, 500);
    outcomes.iter_mut().for_each(|o| (o.answers.opened, o.answers.clicked) = (true, true));
    outcomes[0].spend = model::Money::units(9_000_000);
    assert!(advice(&measure(&outcomes, &ask(WINDOW)))[0].says.en.starts_with("More than half of the amount"));
}

#[test]
fn harm_is_told_before_the_end() {
    let m = measure(&trial(5, 1_000, 200, 1_000), &ask(40));
    let first = advice(&m).into_iter().next().expect("advice");
    assert!(first.says.ja.contains("一時停止をご検討ください"), "{}", first.says.ja);
    assert_eq!(
        advice(&measure(&trial(95, 1_000, 110, 1_000), &ask(40)))
            .iter()
            .filter(|a| a.metric.is_none())
            .count(),
        0
    );
}

#[test]
fn benchmarks_are_dated_and_sourced() {
    for b in BENCHMARKS {
        assert!(0.0 < b.low && b.low <= b.high && b.high <= 1.0, "{b:?}");
        assert!(!b.source.is_empty() && b.read.len() == 7 && !b.ja.is_empty() && !b.en.is_empty(), "{b:?}");
    }
    assert!(benchmarks(Channel::Sms, Metric::Opened).all(|b| b.claim), "no open of an SMS was ever measured");
    assert!(benchmarks(Channel::Mail, Metric::Opened).any(|b| b.claim && b.low == 0.10 && b.high == 0.20));
}
