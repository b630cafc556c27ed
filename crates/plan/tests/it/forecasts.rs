//! What an operator reads before approving.

use crate::order::{ask, candidate};
use model::Money;
use plan::{Ask, Candidate, Facing, Forecast, draft, forecast, sayings};

const FACING: Facing = Facing { window: 90, horizon: 90, lift_sd: 0.01, measured: false };

fn plan_of(n: i64, share: f64, lift: f64) -> plan::Plan {
    let one = |c| Candidate { p_return: 0.05, lift, ..candidate(c, 100) };
    draft((0..n).map(one).collect(), &Ask { holdout: share, ..ask() })
}

fn facing(n: i64, share: f64, lift: f64) -> Forecast {
    forecast(&plan_of(n, share, lift), &FACING)
}

#[test]
fn its_figures_by_hand() {
    let f = facing(10_000, 0.1, 0.02);
    assert_eq!((f.treated, f.holdout, f.cost), (9_000, 1_000, Money::units(90_000)));
    assert_eq!(f.forgone, Money::units(100_000));
    // 9,000 * 0.05, and 1.96 * sqrt(9,000 * 0.05 * 0.95) = 40.5.
    assert!((f.alone.value - 450.0).abs() < 1e-6 && (f.alone.high - 490.5).abs() < 0.1, "{:?}", f.alone);
    // 180 more; the doubt about the lift is 9,000 * 0.01 = 90, and chance sqrt(9,000 * 0.07 * 0.93) = 24.2.
    assert!((f.touched.value - 630.0).abs() < 1e-6);
    assert!((f.touched.high - f.touched.value - 1.96 * 90f64.hypot(24.2)).abs() < 0.2, "{:?}", f.touched);
    assert!((f.brought.value - 180.0).abs() < 1e-6);
    // sqrt(0.05 * 0.95 / 1,000 + 0.0731 * 0.9269 / 9,000) * 2.8 = 2.07 points.
    let seen = f.detectable.expect("some lift");
    assert!((seen - 0.0207).abs() < 0.001, "{seen}");
    // (1.96 + 0.8416)^2 * (0.0475 / 0.1 + 0.0651 / 0.9) / 0.0004 = 10,740.
    assert!(f.needed.expect("a size").abs_diff(10_740) < 20, "{:?}", f.needed);
    assert!(f.chance > 0.7 && f.chance < 0.8 && !f.too_small());
}

#[test]
fn a_shorter_window_sees_fewer() {
    let plan = plan_of(1_000, 0.1, 0.02);
    let half = forecast(&plan, &Facing { window: 45, ..FACING });
    // 1 - 0.95^(1/2) = 0.02532.
    assert!((half.alone.value - 900.0 * 0.02532).abs() < 0.01, "{:?}", half.alone);
}

#[test]
fn without_a_holdout_it_says_what_is_lost() {
    let f = facing(500, 0.0, 0.02);
    assert_eq!((f.detectable, f.needed, f.chance, f.forgone), (None, None, 0.0, Money::ZERO));
    let said = sayings(&f, "円");
    assert_eq!(
        said.last().expect("words").en,
        "Without a holdout nothing can be said later about what this campaign brought."
    );
}

#[test]
fn what_it_says() {
    let said = sayings(&facing(10_000, 0.1, 0.02), "円");
    let ja: Vec<&str> = said.iter().map(|s| s.ja.as_str()).collect();
    assert_eq!(
        ja,
        [
            "9,000人にお送りし、1,000人は比較のため送りません。費用は90,000円です。",
            "90日以内に戻られる方は、何もしなければ約450人(409〜491人)、お送りすると約630人(447〜813人)の見込みです。増分はまだ測っていない仮定です。",
            "保留群のために見送る利益は約100,000円です。これで効果を言い切れるようになります。",
            "この人数で確認できる差は2.07ポイント以上です。仮定した2.00ポイントの確認には約11,000人必要です。",
        ]
    );
    assert_eq!(
        said[2].en,
        "The holdout costs you about ¥100,000 of profit; it is what makes the effect provable."
    );
    let small = sayings(&facing(200, 0.1, 0.02), "円");
    assert!(small[3].ja.contains("全員に送る選択もあります"), "{}", small[3].ja);
    let large = sayings(&facing(40_000, 0.1, 0.02), "円");
    assert!(large[3].ja.contains("確認できます"), "{}", large[3].ja);
}

#[test]
fn nothing_is_claimed_before_a_holdout_spoke() {
    // M170: somebody may be likely to return; that a touch makes them return is said only of measured lifts.
    for (n, share) in [(0, 0.1), (1, 0.1), (200, 0.1), (5_000, 0.0), (5_000, 0.3)] {
        for s in sayings(&facing(n, share, 0.02), "円") {
            assert!(!s.ja.contains("声をかければ戻る") && !s.ja.contains(['!', '！']), "{}", s.ja);
            assert!(!s.ja.contains("実測") && !s.ja.contains("NaN"), "{}", s.ja);
        }
    }
    let measured = forecast(&plan_of(500, 0.1, 0.02), &Facing { measured: true, ..FACING });
    assert!(sayings(&measured, "円")[1].ja.contains("実測"));
}
