//! Records of consent kept as long as the law asks, and campaigns paused by what came back.

use crate::Shown;
use clearance::{deletable, gaps, keep_until, rates, warning};
use model::{Basis, Channel, Consent, Day, StopRules};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// Last letter, under an order, today; whether the record must stay.
const KEPT: &[(Option<&str>, bool, &str, bool)] = &[
    (Some("2026-11-22"), false, "2026-11-23", true),
    (Some("2026-11-22"), false, "2029-11-22", true),
    (Some("2026-11-22"), false, "2029-11-23", false),
    (Some("2024-02-29"), true, "2027-02-28", true),
    (Some("2024-02-29"), true, "2027-03-01", false),
    (None, false, "2026-11-22", false),
];

/// Sent, hard bounces, complaints, opt-outs; the rule that pauses.
const RATES: &[(&str, [u64; 4], bool)] = &[
    ("L-39", [1_000, 0, 3, 0], true),
    ("L-39", [1_000, 0, 2, 0], false),
    ("L-39", [1_000, 100, 3, 100], true),
    ("L-40", [1_000, 51, 0, 0], true),
    ("L-40", [1_000, 50, 0, 0], false),
    ("L-40", [99, 99, 0, 0], false),
    ("opt_outs", [1_000, 0, 0, 51], true),
    ("opt_outs", [1_000, 0, 0, 50], false),
    ("opt_outs", [0, 0, 0, 0], false),
];

pub fn shown() -> Vec<Shown> {
    let kept = KEPT.iter().map(|row| Shown { rule: "L-04", refuses: row.3 });
    kept.chain(RATES.iter().map(|&(rule, _, refuses)| Shown { rule, refuses })).collect()
}

#[test]
fn a_record_of_consent_stays_for_three_years() {
    for &(sent, under_order, today, stays) in KEPT {
        let answer = deletable(sent.map(day), under_order, day(today)).err().map(|r| r.id);
        assert_eq!(answer, stays.then_some("L-04"), "{sent:?} {today}");
    }
    assert_eq!(keep_until(day("2024-02-29"), false), day("2027-02-28"));
}

#[test]
fn a_campaign_pauses_when_too_much_comes_back() {
    for &(rule, [sent, bounces, complaints, opt_outs], pauses) in RATES {
        let pause = rates(sent, bounces, complaints, opt_outs, &StopRules::default());
        assert_eq!(
            pause.as_ref().map(|p| p.rule.id),
            pauses.then_some(rule),
            "{sent} {bounces} {complaints}"
        );
        assert!(pause.is_none_or(|p| p.ja.contains("1000通") && p.en.contains("1000 mails")));
    }
    let never = StopRules { complaints: f64::NAN, ..StopRules::default() };
    assert_eq!(rates(1_000, 0, 500, 0, &never), None, "lint refuses such a rule before it comes to this");
}

#[test]
fn a_consent_says_who_when_and_how() {
    let whole = Consent {
        who: "hanako@example.jp".into(),
        channel: Channel::Mail,
        basis: Basis::OptIn,
        given: true,
        on: Some(day("2025-04-01")),
        evidence: "会員登録画面「お得な情報を受け取る」".into(),
    };
    assert_eq!(gaps(&whole), []);
    let empty = Consent { who: " ".into(), on: None, evidence: String::new(), ..whole };
    let lacking: Vec<&str> = gaps(&empty).into_iter().map(|(_, en)| en).collect();
    assert_eq!(lacking, ["who", "when", "how and with which wording"]);
}

#[test]
fn complaints_are_said_before_they_pause() {
    let stop = StopRules::default();
    let said = |sent, complaints| warning(sent, complaints, &stop).map(|w| (w.rule.id, w.en));
    assert_eq!(said(10_000, 9), None, "0.09 %");
    let (rule, words) = said(10_000, 10).expect("0.10 % is the line");
    assert_eq!(rule, "L-39");
    assert!(words.starts_with("10 complaints in 10000 mails (0.10%)"), "{words}");
    assert!(said(10_000, 29).is_some());
    assert_eq!(said(10_000, 30), None, "0.30 % pauses, which says more");
    assert_eq!(said(99, 0), None);
    assert_eq!(said(99, 1), None, "too few to judge by");
}
