//! Draws that stay the same for ever, and lists judged with ties at their mean.

use proptest::prelude::*;
use stats::draw::Draw;
use stats::rank::{
    auc, auc_difference, auc_interval, brier, capture_curve, log_loss, midranks, quintiles, top_share,
};
use stats::trial::Moments;

#[test]
fn a_seed_gives_the_same_numbers_for_ever() {
    // xoshiro256++ seeded by splitmix64, worked out by a second program.
    for (seed, first) in [
        (0, [0x53175d61490b23df, 0x61da6f3dc380d507, 0x5c0fdf91ec9a7bfc]),
        (42, [0xd0764d4f4476689f, 0x519e4174576f3791, 0xfbe07cfb0c24ed8c]),
    ] {
        let mut draw = Draw::new(seed);
        assert_eq!(first, std::array::from_fn(|_| draw.bits()), "seed {seed}");
    }
    let mut draw = Draw::new(7);
    let mixed =
        [draw.uniform(), draw.normal(), draw.gamma(0.3, 2.0), draw.beta(2.0, 5.0), draw.exponential(0.5)];
    let golden = [
        0.05536043647833311,
        -0.8155690006880679,
        0.0061117554493049335,
        0.1575787897998919,
        0.4077314184011145,
    ];
    assert_eq!(mixed, golden);
    let mut cards = [0, 1, 2, 3, 4, 5, 6, 7];
    draw.shuffle(&mut cards);
    assert_eq!(
        (cards, draw.resample(6), draw.below(1000)),
        ([7, 6, 1, 3, 2, 4, 5, 0], vec![0, 0, 0, 2, 1, 4], 83)
    );
    assert_ne!(Draw::part(1, 0).bits(), Draw::part(1, 1).bits());
}

#[test]
fn draws_have_the_moments_of_their_laws() {
    type Law = (&'static str, fn(&mut Draw) -> f64, f64, f64);
    let laws: [Law; 8] = [
        ("uniform", |d| d.uniform(), 0.5, 1.0 / 12.0),
        ("below 6", |d| d.below(6) as f64, 2.5, 35.0 / 12.0),
        ("normal", |d| d.normal(), 0.0, 1.0),
        ("exponential", |d| d.exponential(4.0), 0.25, 1.0 / 16.0),
        ("gamma above 1", |d| d.gamma(3.0, 2.0), 1.5, 0.75),
        ("gamma below 1", |d| d.gamma(0.25, 1.0), 0.25, 0.25),
        ("beta", |d| d.beta(2.0, 6.0), 0.25, 0.25 * 0.75 / 9.0),
        ("beta, tiny", |d| d.beta(0.01, 0.03), 0.25, 0.25 * 0.75 / 1.04),
    ];
    for (name, law, mean, variance) in laws {
        let mut draw = Draw::new(11);
        let found = Moments::of(&(0..40_000).map(|_| law(&mut draw)).collect::<Vec<f64>>());
        let error = (variance / 40_000.0_f64).sqrt();
        assert!((found.mean - mean).abs() < 4.0 * error, "{name}: mean {}", found.mean);
        assert!((found.variance / variance - 1.0).abs() < 0.06, "{name}: variance {}", found.variance);
    }
    assert_eq!(Draw::new(1).below(0), 0);
}

#[test]
fn folds_are_even_and_resamples_full() {
    let fold = Draw::new(3).folds(103, 5);
    let sizes: Vec<usize> = (0..5).map(|k| fold.iter().filter(|f| **f == k).count()).collect();
    assert_eq!(sizes, [21, 21, 21, 20, 20]);
    assert_eq!(Draw::new(3).folds(4, 0), [0; 4]);
    let counts = Draw::new(5).resample_counts(1000);
    assert_eq!(counts.iter().sum::<f64>(), 1000.0);
    let left_out = counts.iter().filter(|c| **c == 0.0).count();
    assert!((330..410).contains(&left_out), "about 1/e are left out: {left_out}");
}

/// Every pair compared.
fn auc_slow(scores: &[f64], hits: &[bool]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (s, _) in scores.iter().zip(hits).filter(|(_, h)| **h) {
        for (m, _) in scores.iter().zip(hits).filter(|(_, h)| !**h) {
            pairs += 1.0;
            won += if s > m { 1.0 } else { 0.5 * f64::from(u8::from(s == m)) };
        }
    }
    won / pairs
}

#[test]
fn auc_counts_ties_half() {
    let t = true;
    let f = false;
    for (scores, hits, expected) in [
        (vec![1.0, 2.0, 3.0, 4.0], vec![f, f, t, t], Some(1.0)),
        (vec![4.0, 3.0, 2.0, 1.0], vec![f, f, t, t], Some(0.0)),
        (vec![1.0; 4], vec![f, t, f, t], Some(0.5)),
        (vec![0.0, -0.0, 1.0], vec![f, t, t], Some(0.75)),
        (vec![f64::NAN, 1.0, 2.0], vec![t, f, f], Some(0.0)),
        (vec![1.0, 2.0], vec![t, t], None),
        (vec![], vec![], None),
    ] {
        assert_eq!(auc(&scores, &hits), expected, "{scores:?}");
    }
    assert_eq!(midranks(&[5.0, 1.0, 5.0, f64::NAN]), [3.5, 2.0, 3.5, 1.0]);
}

#[test]
fn delong_by_every_pair() {
    let mut draw = Draw::new(2);
    let hits: Vec<bool> = (0..60).map(|_| draw.chance(0.4)).collect();
    let near = |draw: &mut Draw, pull: f64| -> Vec<f64> {
        hits.iter().map(|h| (2.0 * (draw.normal() + if *h { pull } else { 0.0 })).round()).collect()
    };
    let (a, b) = (near(&mut draw, 1.0), near(&mut draw, 0.3));
    // Sen's components by definition: for each row, its share of the other side beaten.
    let parts = |scores: &[f64], side: bool| -> Vec<f64> {
        let own = (0..60).filter(|i| hits[*i] == side);
        own.map(|i| {
            let others: Vec<usize> = (0..60).filter(|j| hits[*j] != side).collect();
            let won = others.iter().map(|j| {
                let (hit, miss) = if side { (scores[i], scores[*j]) } else { (scores[*j], scores[i]) };
                if hit > miss { 1.0 } else { 0.5 * f64::from(u8::from(hit == miss)) }
            });
            won.sum::<f64>() / others.len() as f64
        })
        .collect()
    };
    let variance = |f: &dyn Fn(bool) -> Vec<f64>| -> f64 {
        [true, false].iter().map(|side| Moments::of(&f(*side))).map(|m| m.variance / m.n).sum()
    };
    let difference = |side: bool| -> Vec<f64> {
        parts(&a, side).iter().zip(parts(&b, side)).map(|(a, b)| a - b).collect()
    };
    let found = auc_difference(&a, &b, &hits, 0.95).expect("both classes");
    let error = variance(&difference).sqrt();
    assert!((found.value - (auc_slow(&a, &hits) - auc_slow(&b, &hits))).abs() < 1e-12);
    assert!((found.high - found.value - 1.959963984540054 * error).abs() < 1e-9, "{found:?}, {error}");
    let one = auc_interval(&a, &hits, 0.95).expect("both classes");
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let error = variance(&|side| parts(&a, side)).sqrt() / (one.value * (1.0 - one.value));
    assert!((logit(one.high) - logit(one.value) - 1.959963984540054 * error).abs() < 1e-9, "{one:?}");
}

#[test]
fn an_auc_of_one_on_few_rows_is_not_certain() {
    let found = auc_interval(&[1.0, 2.0, 3.0], &[false, false, true], 0.95).expect("both classes");
    assert_eq!((found.value, found.high), (1.0, 1.0));
    assert!(found.low < 0.3, "one hit tells little: {found:?}");
    assert_eq!(auc_interval(&[1.0], &[true], 0.95), None);
}

#[test]
fn the_top_holds_its_part_of_a_run_of_ties() {
    let weights = [10.0, 0.0, 5.0, 5.0];
    for (scores, share, expected) in [
        ([4.0, 3.0, 2.0, 1.0], 0.25, 0.5),
        ([1.0, 1.0, 1.0, 1.0], 0.25, 0.25),
        ([2.0, 2.0, 1.0, 1.0], 0.25, 0.25), // half of the first two
        ([2.0, 2.0, 1.0, 1.0], 0.75, 0.75),
        ([f64::NAN, 3.0, 2.0, 1.0], 0.75, 0.5), // no number: last
        ([4.0, 3.0, 2.0, 1.0], 0.1, 0.2),
        ([4.0, 3.0, 2.0, 1.0], 0.0, 0.0),
        ([4.0, 3.0, 2.0, 1.0], 1.0, 1.0),
        ([4.0, 3.0, 2.0, 1.0], f64::NAN, 0.0),
    ] {
        assert!((top_share(&scores, &weights, share) - expected).abs() < 1e-12, "{scores:?} {share}");
    }
    assert_eq!(top_share(&[], &[], 0.1), 0.0);
    assert_eq!(top_share(&[1.0, 2.0], &[0.0, f64::NAN], 0.5), 0.0);
    let curve = capture_curve(&[2.0, 2.0, 1.0, 1.0], &weights, 4);
    assert_eq!(curve, [(0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1.0, 1.0)]);
    assert_eq!(capture_curve(&[], &[], 0), [(0.0, 0.0), (1.0, 0.0)]);
}

#[test]
fn losses_and_quintiles_by_hand() {
    let loss = log_loss(&[0.8, 0.4], &[true, false]).expect("rows");
    assert!((loss + 0.5 * (0.8f64.ln() + 0.6f64.ln())).abs() < 1e-15);
    assert!((brier(&[0.8, 0.4], &[true, false]).expect("rows") - 0.1).abs() < 1e-15);
    assert!(log_loss(&[0.0], &[true]).expect("a row").is_finite());
    assert_eq!(log_loss(&[f64::NAN], &[true]), Some(-0.5f64.ln()));
    assert_eq!((log_loss(&[], &[]), brier(&[], &[])), (None, None));
    let ten: Vec<f64> = (0..10).map(f64::from).collect();
    assert_eq!(quintiles(&ten), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(quintiles(&[1.0, 1.0, 1.0, 1.0, 9.0]), [3, 3, 3, 3, 5]);
    assert_eq!(quintiles(&[]), [0u8; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fast_and_slow_auc_agree(rows in prop::collection::vec((0..8i32, any::<bool>()), 2..60)) {
        let (scores, hits): (Vec<f64>, Vec<bool>) = rows.into_iter().map(|(s, h)| (f64::from(s), h)).unzip();
        match auc(&scores, &hits) {
            Some(fast) => prop_assert!((fast - auc_slow(&scores, &hits)).abs() < 1e-12),
            None => prop_assert!(hits.iter().all(|h| *h == hits[0])),
        }
    }

    /// The mean over many random orders of the ties is what the formula says.
    #[test]
    fn ties_stand_in_random_order(rows in prop::collection::vec((0..3i32, 0..5u8), 4..12), k in 1..4usize) {
        let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
        let weights: Vec<f64> = rows.iter().map(|r| f64::from(r.1) + 1.0).collect();
        let mut draw = Draw::new(9);
        let mut held = 0.0;
        for _ in 0..2000 {
            let mut order: Vec<usize> = (0..rows.len()).collect();
            draw.shuffle(&mut order);
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
            held += order[..k].iter().map(|i| weights[*i]).sum::<f64>() / weights.iter().sum::<f64>() / 2000.0;
        }
        let share = k as f64 / rows.len() as f64;
        prop_assert!((top_share(&scores, &weights, share) - held).abs() < 0.03);
    }
}
