//! Shops that no model fits: the answer is finite, in range, and says why it is not a fit.

use stats::repeat::{BetaBernoulli, BetaGeometric, Chances, End, GammaGamma, Life, Lives, Nbd, ParetoNbd};

fn life(x: u32, t_x: f64, t: f64) -> Life {
    Life { x, t_x, t, litt: f64::from(x) * (t_x / f64::from(x.max(1))).max(1e-9).ln() }
}

/// Name, lives, part of the reason for BG/NBD ("" where a fit is in order).
fn shops() -> Vec<(&'static str, Vec<Life>, &'static str)> {
    let many = |n: u32, one: fn(u32) -> Life| (0..n).map(one).collect::<Vec<Life>>();
    vec![
        ("no lives", vec![], "there are no lives"),
        ("one who never came back", vec![life(0, 0.0, 30.0)], "nobody has bought again"),
        ("one who did", vec![life(3, 20.0, 30.0)], "no peak"),
        ("nobody came back", many(5000, |i| life(0, 0.0, f64::from(i % 100))), "nobody has bought again"),
        ("all on the same day", many(300, |_| life(0, 0.0, 0.0)), "for any time"),
        ("no time but repeats", many(300, |i| life(i % 4, 0.0, 0.0)), "for any time"),
        ("all alike", many(400, |_| life(4, 40.0, 52.0)), "no peak"),
        ("all bought at the end", many(400, |i| life(1 + i % 5, 52.0, 52.0)), "no peak"),
        ("all gone at once", many(400, |i| life(i % 2, 0.1 * f64::from(i % 2), 500.0)), "no peak"),
        (
            "one in ten thousand",
            many(10_000, |i| life(u32::from(i == 7), 9.0 * f64::from(u32::from(i == 7)), 52.0)),
            "",
        ),
        ("very many purchases", many(200, |i| life(10_000 + 50 * i, 1000.0, 1043.0)), ""),
        ("a count at the limit", many(50, |i| life(u32::MAX - i, 90.0, 100.0)), ""),
        ("nanoseconds", many(500, |i| life(i % 3, 1e-9 * f64::from(i % 3), 5e-9)), ""),
        ("ages", many(500, |i| life(i % 3, 1e9 * f64::from(i % 3), 5e9)), ""),
        (
            "not numbers",
            many(60, |i| Life { x: i % 3, t_x: f64::NAN, t: f64::INFINITY, litt: f64::NAN }),
            "for any time",
        ),
        ("upside down", many(60, |i| life(i % 3, 50.0, f64::from(i % 40))), ""),
        (
            "twenty years",
            many(3000, |i| life(i % 11, f64::from(i % 11) * 80.0, 1043.0 - f64::from(i % 13))),
            "",
        ),
    ]
}

/// Lives that are asked about, whatever the model was fitted on.
const ASKED: [Life; 6] = [
    Life { x: 0, t_x: 0.0, t: 0.0, litt: 0.0 },
    Life { x: 0, t_x: 0.0, t: 52.0, litt: 0.0 },
    Life { x: 3, t_x: 20.0, t: 52.0, litt: 5.0 },
    Life { x: 5, t_x: 80.0, t: 52.0, litt: 9.0 },
    Life { x: 2_000_000, t_x: 1.0, t: 1043.0, litt: -3e7 },
    Life { x: 4, t_x: f64::NAN, t: f64::NEG_INFINITY, litt: f64::INFINITY },
];

/// Horizons that are asked about.
const HORIZONS: [f64; 6] = [-1.0, 0.0, 1e-9, 13.0, 1e9, f64::INFINITY];

type Score<'a> = &'a dyn Fn(&Life, f64) -> [f64; 5];

/// ln likelihood, p_alive, p_buy, expected, wait or 0.
fn check(what: &str, params: &[f64], log_likelihood: f64, score: Score) {
    assert!(params.iter().all(|p| p.is_finite() && *p > 0.0), "{what}: {params:?}");
    assert!(log_likelihood.is_finite(), "{what}: {log_likelihood}");
    for (life, h) in ASKED.iter().flat_map(|life| HORIZONS.map(|h| (life, h))) {
        let [ln_likelihood, p_alive, p_buy, expected, wait] = score(life, h);
        assert!(ln_likelihood.is_finite(), "{what}, {life:?}: ln L {ln_likelihood}");
        assert!((0.0..=1.0).contains(&p_alive), "{what}, {life:?}: p_alive {p_alive}");
        assert!((0.0..=1.0).contains(&p_buy), "{what}, {life:?}, {h}: p_buy {p_buy}");
        assert!(expected.is_finite() && expected >= 0.0, "{what}, {life:?}, {h}: expected {expected}");
        assert!((0.0..=104.0).contains(&wait), "{what}, {life:?}: wait {wait}");
    }
}

#[test]
fn odd_shops_get_finite_answers_with_a_reason() {
    for (shop, lives, reason) in shops() {
        let lives = Lives::group(lives);
        for (k, modified) in [(1, false), (1, true), (2, false), (4, true), (0, false)] {
            let fit = BetaGeometric::fit(&lives, k, modified);
            let (m, what) = (fit.params, format!("{shop}, {fit:?}"));
            check(&what, &[m.r, m.alpha, m.a, m.b], fit.log_likelihood, &|l, h| {
                let wait = m.wait(l, 104.0).unwrap_or(0.0);
                [m.ln_likelihood(l), m.p_alive(l), m.p_buy(l, h), m.expected(l, h), wait]
            });
            let End::FellBack(why) = &fit.end else {
                assert!(reason.is_empty() || k > 1 || modified, "{what}");
                continue;
            };
            assert!(k > 1 || modified || reason.is_empty() || why.contains(reason), "{what}");
        }
        let fit = ParetoNbd::fit(&lives);
        let (m, what) = (fit.params, format!("{shop}, {fit:?}"));
        check(&what, &[m.r, m.alpha, m.s, m.beta], fit.log_likelihood, &|l, h| {
            let wait = m.wait(l, 104.0).unwrap_or(0.0);
            [m.ln_likelihood(l), m.p_alive(l), m.p_buy(l, h), m.expected(l, h), wait]
        });
        let fit = Nbd::fit(&lives);
        let (m, what) = (fit.params, format!("{shop}, {fit:?}"));
        check(&what, &[m.r, m.alpha], fit.log_likelihood, &|l, h| {
            let wait = m.wait(l, 104.0).unwrap_or(0.0);
            [m.ln_likelihood(l), m.p_alive(l), m.p_buy(l, h), m.expected(l, h), wait]
        });
    }
}

#[test]
fn odd_amounts_get_finite_answers_with_a_reason() {
    let nan = f64::NAN;
    type Amounts = Vec<(u32, f64)>;
    let shops: [(&str, Amounts, &str); 7] = [
        ("none", vec![], "no positive amounts"),
        (
            "nought and less",
            vec![(1, 0.0), (3, -20.0), (0, 5.0), (2, nan), (2, f64::INFINITY)],
            "no positive amounts",
        ),
        ("one", vec![(3, 20.0)], "all mean amounts are the same"),
        ("all the same", vec![(1, 980.0); 500], "all mean amounts are the same"),
        ("nearly the same", (0..500).map(|i| (1 + i % 9, 980.0 + f64::from(i % 2))).collect(), "no peak"),
        ("far apart", (0..300).map(|i| (1 + i % 3, 10f64.powi(i as i32 % 19 - 9))).collect(), "no peak"),
        ("once each", (0..300).map(|i| (1, 5.0 + f64::from(i))).collect(), ""),
    ];
    for (shop, rows, reason) in shops {
        let fit = GammaGamma::fit(&rows);
        let m = fit.params;
        assert!([m.p, m.q - 1.0, m.gamma].iter().all(|p| p.is_finite() && *p > 0.0), "{shop}: {fit:?}");
        assert!(fit.log_likelihood.is_finite(), "{shop}: {fit:?}");
        if let End::FellBack(why) = &fit.end {
            assert!(why.contains(reason), "{shop}: {why}");
        } else {
            assert_eq!(reason, "", "{shop}: {fit:?}");
        }
        for (x, mean) in [(0, 0.0), (1, -5.0), (3, nan), (u32::MAX, 1e9), (2, 0.0), (1, 50.0)] {
            let expected = m.expected_mean(x, mean);
            assert!(expected.is_finite() && expected >= 0.0, "{shop}: {x} of {mean} give {expected}");
        }
    }
}

#[test]
fn odd_opportunities_get_finite_answers_with_a_reason() {
    let row = |x, t_x, n| (Chances { x, t_x, n }, 1.0);
    let shops = [
        ("none", vec![], "there are no rows"),
        ("no opportunity", vec![row(0, 0, 0); 4], "no opportunity yet"),
        ("never taken", vec![row(0, 0, 12); 300], "ever taken"),
        ("always taken", vec![row(12, 12, 12); 300], "no peak"),
        ("impossible", vec![row(9, 3, 2), row(0, 5, 4), (Chances { x: 1, t_x: 1, n: 1 }, f64::NAN)], ""),
        ("long", vec![row(900, 1000, 2000), row(0, 0, 2000), row(30, 60, 1500)], ""),
    ];
    for (shop, rows, reason) in shops {
        let fit = BetaBernoulli::fit(&rows);
        let m = fit.params;
        let params = [m.alpha, m.beta, m.gamma, m.delta];
        assert!(
            params.iter().all(|p| p.is_finite() && *p > 0.0) && fit.log_likelihood.is_finite(),
            "{fit:?}"
        );
        let why = if let End::FellBack(why) = &fit.end { why.as_str() } else { "" };
        assert!(why.contains(reason), "{shop}: {fit:?}");
        for (chances, _) in [row(0, 0, 0), row(3, 9, 12), row(5, 2, 1)] {
            let (alive, buys) = (m.p_alive(&chances), m.p_buy(&chances, 6));
            assert!((0.0..=1.0).contains(&alive) && (0.0..=1.0).contains(&buys), "{shop}: {alive} {buys}");
            assert!((0.0..=6.0).contains(&m.expected(&chances, 6)), "{shop}: {}", m.expected(&chances, 6));
        }
    }
}
