//! What is said, to the word.

use crate::figures::{arm, trial};
use crate::world::{WINDOW, ask};
use measurement::{
    Measurement, Share, Standing, compare, comparison, early, measure, money, targets, verdict,
};
use model::{Arm, Goal, Saying};

fn check(said: &Saying, ja: &str, en: &str) {
    assert_eq!((said.ja.as_str(), said.en.as_str()), (ja, en));
}

fn ended(x1: usize, n1: usize, x0: usize, n0: usize) -> Measurement {
    measure(&trial(x1, n1, x0, n0), &ask(WINDOW))
}

#[test]
fn verdicts() {
    check(
        &verdict(&ended(300, 1_000, 200, 1_000), "円"),
        "増分 +100人、+115,000円(95%: +62〜+138人)",
        "Lift +100 customers, +¥115,000 (95%: +62 to +138 customers)",
    );
    check(
        &verdict(&ended(60, 1_000, 50, 1_000), "円"),
        "まだ判断できません。あと約14,400人",
        "Not decided yet. About 14,400 more customers needed",
    );
    check(
        &verdict(&ended(10, 100, 10, 100), "円"),
        "まだ判断できません。差があるとしても、ごくわずかです。",
        "Not decided yet. If there is a difference, it is a very small one.",
    );
    check(
        &verdict(&measure(&trial(30, 100, 2, 100), &ask(78)), "円"),
        "まだ判断できません。判断できるのは12日後です。",
        "Not decided yet: 12 days to go.",
    );
    check(
        &verdict(&measure(&arm(Arm::Treated, 9, 90), &ask(WINDOW)), "円"),
        "保留群がないため、効果は判断できません。",
        "There is no holdout: what it brought cannot be said.",
    );
    let harmful = verdict(&ended(10, 1_000, 80, 1_000), "円");
    assert!(harmful.ja.starts_with("送らない方がよかった施策です。増分 -70人(95%: -"), "{}", harmful.ja);
}

#[test]
fn amounts() {
    let said = money(&ended(300, 1_000, 200, 1_000), "円");
    assert!(said.ja.starts_with("利益の増分は+115,000円(95%: +"), "{}", said.ja);
    assert!(!said.ja.contains("まだ言えません"), "{}", said.ja);
    let open = money(&ended(105, 1_000, 100, 1_000), "USD");
    assert!(open.ja.ends_with("金額で利益が出たとは、まだ言えません。"), "{}", open.ja);
    assert!(open.en.contains("USD"), "{}", open.en);
    assert!(money(&ended(5, 100, 1, 100), "円").ja.starts_with("購入された方が少ないため"));
    assert!(
        money(&measure(&trial(300, 1_000, 200, 1_000), &ask(10)), "円")
            .ja
            .starts_with("金額は期間が終わってから")
    );
}

#[test]
fn early_figures_are_called_provisional() {
    let said = early(&measure(&trial(300, 1_000, 200, 1_000), &ask(45))).expect("a provisional figure");
    assert!(said.ja.starts_with("途中経過(暫定): 差 +10.0ポイント(95%: +"), "{}", said.ja);
    assert!(said.en.starts_with("Provisional: +10.0 points"), "{}", said.en);
    assert_eq!(early(&ended(300, 1_000, 200, 1_000)), None);
    assert_eq!(early(&measure(&arm(Arm::Treated, 9, 90), &ask(10))), None);
}

#[test]
fn nobody_says_doubled_too_soon() {
    let share = |hits, of| Share { hits, of };
    let said = |now, before| comparison(&compare(now, before, 0.95));
    // Twice the rate, and yet nothing to say.
    check(
        &said(share(6, 100), share(3, 100)),
        "前回と差があるとは言えません(95%: 0.5〜6.6倍)。",
        "No difference to the campaign before can be claimed (95%: 0.5 to 6.6 times).",
    );
    let twice = said(share(120, 1_000), share(60, 1_000));
    assert!(twice.ja.starts_with("前回の2.0倍です") && !twice.ja.contains("2倍以上"), "{}", twice.ja);
    assert!(said(share(400, 1_000), share(100, 1_000)).ja.ends_with("2倍以上になりました。"));
    assert!(said(share(0, 0), share(3, 100)).ja.starts_with("前回と差があるとは言えません"));
}

#[test]
fn the_tone_is_the_house_s() {
    let all = [
        ended(300, 1_000, 200, 1_000),
        ended(60, 1_000, 50, 1_000),
        ended(10, 1_000, 80, 1_000),
        ended(0, 0, 3, 9),
        measure(&trial(30, 100, 2, 100), &ask(0)),
    ];
    for m in &all {
        for said in [verdict(m, "円"), money(m, "円")].into_iter().chain(early(m)) {
            for text in [&said.ja, &said.en] {
                assert!(!text.is_empty() && !text.contains(['!', '！']) && !text.contains("NaN"), "{text}");
                assert!(!text.contains("inf"), "{text}");
            }
        }
    }
}

/// Standing and sentence of a target for returns (M060).
fn aimed(m: &Measurement, reactivations: f64) -> (Standing, Saying) {
    let goal = Goal { reactivations: Some(reactivations), ..Goal::default() };
    let target = targets(m, &goal, "円").remove(0);
    (target.standing, target.says)
}

#[test]
fn a_target_is_reached_or_missed_only_when_the_interval_says_so() {
    // 増分 +100人(95%: +62〜+138人)
    let m = ended(300, 1_000, 200, 1_000);
    let standings = [60.0, 63.0, 137.0, 140.0].map(|target| aimed(&m, target).0);
    assert_eq!(standings, [Standing::Reached, Standing::Open, Standing::Open, Standing::Missed]);
    check(
        &aimed(&m, 140.0).1,
        "復帰の増分: 目標 +140人に対し +100人(95%: +62〜+138)。目標に届きませんでした。",
        "Returns beyond the holdout: target +140 customers, so far +100 customers (95%: +62 to +138): the target is missed.",
    );
    assert_eq!(targets(&m, &Goal::default(), "円"), [], "no target, no word");
    let profit = Goal { profit: Some(model::Money::units(10_000_000)), ..Goal::default() };
    assert_eq!(targets(&m, &profit, "円")[0].standing, Standing::Missed);
}

#[test]
fn behind_is_said_before_the_end_and_only_of_what_should_have_come_by_now() {
    let half = measure(&trial(60, 1_000, 60, 1_000), &ask(WINDOW / 2));
    let high = half.customers.unwrap().high;
    assert_eq!(aimed(&half, 2.0 * high - 2.0).0, Standing::Open);
    let (standing, says) = aimed(&half, 2.0 * high + 2.0);
    assert_eq!(standing, Standing::Behind, "{says:?}");
    assert!(
        says.ja.contains("日目までに") && says.ja.ends_with("目標の進み方を下回っています。"),
        "{says:?}"
    );
}
