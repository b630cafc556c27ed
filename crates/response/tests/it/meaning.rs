//! What a response closes, counts and settles, and how far a figure can be trusted.

use model::{Channel, Response, ResponseKind, StopReason, TouchState, Verdict};
use proptest::prelude::*;
use response::{Effect, Past, Rate, meaning, settle};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn past(touch: i64, kind: ResponseKind, day: i64) -> Past {
    Past { touch, kind, at: day * DAY }
}

fn bad(channel: Channel) -> Effect {
    Effect::Close { channel, reason: StopReason::BadAddress, rule: "L-40" }
}

#[test]
fn a_hard_bounce_closes_at_once() {
    let now = past(1, ResponseKind::HardBounce, 0);
    let first = meaning(Channel::Mail, now, &[]);
    assert_eq!(first, [bad(Channel::Mail), Effect::Count(Rate::Bounces)]);
    assert_eq!(meaning(Channel::Mail, now, &[now]), [bad(Channel::Mail)], "the same report twice");
    let again = past(2, ResponseKind::HardBounce, 1);
    assert_eq!(meaning(Channel::Mail, again, &[now]), first, "another touch counts");
}

#[test]
fn soft_bounces_close_at_three_in_fourteen_days() {
    let soft = |touch, day| past(touch, ResponseKind::SoftBounce, day);
    let table: &[(&str, Past, Vec<Past>, bool)] = &[
        ("one", soft(1, 0), vec![], false),
        ("two", soft(2, 1), vec![soft(1, 0)], false),
        ("three", soft(3, 14), vec![soft(1, 0), soft(2, 7)], true),
        ("three in fifteen days", soft(3, 15), vec![soft(1, 0), soft(2, 7)], false),
        ("late: the middle one comes last", soft(2, 7), vec![soft(1, 0), soft(3, 14)], true),
        ("late: the first one comes last", soft(1, 0), vec![soft(2, 7), soft(3, 14)], true),
        ("one touch says it three times", soft(1, 2), vec![soft(1, 0), soft(1, 1)], false),
        ("the same report twice", soft(2, 1), vec![soft(1, 0), soft(2, 1)], false),
        ("opens are no bounces", soft(3, 2), vec![soft(1, 0), past(2, ResponseKind::Open, 1)], false),
    ];
    for (what, now, history, closes) in table {
        let expected: &[Effect] = if *closes { &[bad(Channel::Mail)] } else { &[] };
        assert_eq!(meaning(Channel::Mail, *now, history), expected, "{what}");
    }
}

#[test]
fn leaving_closes_its_own_channel_and_no_other() {
    let reasons = [
        (Channel::Mail, StopReason::MailOptOut),
        (Channel::Sms, StopReason::SmsOptOut),
        (Channel::Line, StopReason::LineBlock),
        (Channel::Post, StopReason::PostStop),
        (Channel::Phone, StopReason::PhoneRefusal),
        (Channel::Ads, StopReason::AdsOptOut),
    ];
    for (channel, reason) in reasons {
        assert_eq!(reason.channel(), Some(channel));
        for (kind, rule, rate) in [
            (ResponseKind::OptOut, "L-09", Rate::OptOuts),
            (ResponseKind::Complaint, "L-39", Rate::Complaints),
        ] {
            let now = past(1, kind, 0);
            let close = Effect::Close { channel, reason, rule };
            assert_eq!(meaning(channel, now, &[]), [close, Effect::Count(rate)]);
            assert_eq!(meaning(channel, past(1, kind, 1), &[now]), [close], "said twice, counted once");
        }
    }
}

#[test]
fn the_rest_closes_nothing() {
    use ResponseKind::*;
    for kind in [Delivered, Open, Click, Preference, Reply, Redeemed, Ordered] {
        assert_eq!(meaning(Channel::Mail, past(1, kind, 0), &[]), [], "{kind:?}");
    }
}

#[test]
fn what_proves_that_a_touch_in_doubt_was_sent() {
    use ResponseKind::*;
    let response = |kind, verdict| Response {
        id: 0,
        touch: 1,
        kind,
        at: 0,
        link: None,
        agent: String::new(),
        network: 0,
        said: String::new(),
        verdict,
    };
    for &kind in ResponseKind::ALL {
        for &verdict in Verdict::ALL {
            let proves = match kind {
                Open | Click => verdict == Verdict::Person,
                Redeemed | Ordered => false,
                _ => true,
            };
            for &state in TouchState::ALL {
                let doubtful = matches!(state, TouchState::Attempted | TouchState::InDoubt);
                let expected = (doubtful && proves).then_some(TouchState::Sent);
                assert_eq!(
                    settle(state, &response(kind, verdict)),
                    expected,
                    "{state:?} {kind:?} {verdict:?}"
                );
            }
        }
    }
}

fn reports() -> impl Strategy<Value = Vec<Past>> {
    let kinds =
        prop::sample::select(vec![ResponseKind::SoftBounce, ResponseKind::HardBounce, ResponseKind::OptOut]);
    prop::collection::vec((1..5i64, kinds, 0..30i64).prop_map(|(t, k, d)| past(t, k, d)), 1..12)
}

/// What is closed and counted after all reports came in an order.
fn heard(reports: &[Past]) -> (Vec<StopReason>, usize) {
    let effects = reports.iter().enumerate().flat_map(|(i, now)| meaning(Channel::Mail, *now, &reports[..i]));
    let (mut closed, mut counted) = (vec![], 0);
    for effect in effects {
        match effect {
            Effect::Close { reason, .. } => closed.push(reason),
            Effect::Count(_) => counted += 1,
        }
    }
    closed.sort();
    closed.dedup();
    (closed, counted)
}

proptest! {
    /// However late, however often: the same is closed, and the same number is counted.
    #[test]
    fn late_and_doubled_reports_change_nothing(reports in reports(), turn in 0..12usize) {
        let expected = heard(&reports);
        let mut late = reports.clone();
        late.rotate_left(turn % reports.len());
        prop_assert_eq!(&heard(&late), &expected);
        let doubled: Vec<Past> = reports.iter().flat_map(|r| [*r, *r]).chain(late).collect();
        prop_assert_eq!(&heard(&doubled), &expected);
    }
}
