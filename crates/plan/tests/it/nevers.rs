//! What must hold of every plan, over random shops.

use crate::order::{ask, candidate};
use model::{Arm, Money};
use plan::{Ask, Candidate, draft};
use proptest::prelude::*;
use stats::draw::Draw;
use std::collections::{HashMap, HashSet};

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let refusal = prop::option::weighted(0.15, prop::sample::select(vec!["L-01", "no_address", "cap"]));
    let money = (0..40i64, -50..500i64);
    (0..400i64, 0.0..1.0f64, money, refusal, 0..120u64, prop::bool::weighted(0.1)).prop_map(
        |(customer, p_return, (cost, profit), refusal, destination, held_out)| Candidate {
            customer,
            p_return: p_return * p_return,
            lift: 0.02,
            cost: Money(cost),
            profit: Money(profit),
            refusal,
            destination: destination.saturating_sub(20),
            held_out,
        },
    )
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let share = prop_oneof![Just(0.0), 0.01..0.9f64];
    let limits = (prop::option::of(0..4_000i64), prop::option::of(0..200u64), any::<bool>());
    (limits, share, prop::collection::vec(0.0..1.0f64, 0..4), any::<u64>()).prop_map(
        |((budget, top, paying), holdout, variants, seed)| Ask {
            budget: budget.map(Money),
            top,
            paying,
            holdout,
            variants,
            seed,
        },
    )
}

fn shop() -> impl Strategy<Value = Vec<Candidate>> {
    prop::collection::vec(any_candidate(), 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_never_happens(candidates in shop(), asked in any_ask()) {
        let plan = draft(candidates.clone(), &asked);
        let mut of: HashMap<i64, Vec<&Candidate>> = HashMap::new();
        candidates.iter().for_each(|c| of.entry(c.customer).or_default().push(c));
        prop_assert_eq!(plan.assignments.len(), of.len(), "everybody once");
        let (mut seen, mut reached) = (HashSet::new(), HashSet::new());
        let mut cost = 0;
        for a in &plan.assignments {
            prop_assert!(seen.insert(a.customer), "nobody twice");
            prop_assert_eq!(a.rule.is_empty(), a.arm != Arm::Skipped, "skipped with a reason, and only then");
            if a.arm == Arm::Skipped {
                continue;
            }
            let given = &of[&a.customer];
            prop_assert!(given.iter().all(|c| c.refusal.is_none()), "no refused customer");
            if let [one] = given[..] {
                prop_assert!(!one.held_out, "nobody of the global holdout");
                prop_assert!(!asked.paying || one.profit > Money::ZERO);
                prop_assert!(one.destination == 0 || reached.insert(one.destination), "one destination, one letter");
                cost += if a.arm == Arm::Treated { one.cost.0 } else { 0 };
            }
        }
        let drawn = plan.treated + plan.holdout;
        prop_assert!(asked.top.is_none_or(|top| drawn <= top));
        prop_assert!(asked.budget.is_none_or(|budget| plan.cost <= budget && cost <= budget.0));
        prop_assert!((plan.holdout as f64 - asked.holdout * drawn as f64).abs() <= 1.0);
        prop_assert!(asked.holdout == 0.0 || drawn < 2 || (plan.holdout > 0 && plan.treated > 0));
        let skipped: u64 = plan.skipped.iter().map(|(_, n)| n).sum();
        prop_assert_eq!(drawn + skipped, plan.assignments.len() as u64);
    }

    #[test]
    fn the_order_of_the_input_is_nothing(candidates in shop(), asked in any_ask(), seed in any::<u64>()) {
        let mut shuffled = candidates.clone();
        Draw::new(seed).shuffle(&mut shuffled);
        prop_assert_eq!(draft(candidates, &asked), draft(shuffled, &asked));
    }

    #[test]
    fn more_money_never_means_fewer(candidates in shop(), asked in any_ask(), low in 0..4_000i64, more in 0..2_000i64) {
        let drawn = |budget: i64| {
            let plan = draft(candidates.clone(), &Ask { budget: Some(Money(budget)), ..asked.clone() });
            (plan.treated, plan.treated + plan.holdout)
        };
        let (poor, rich) = (drawn(low), drawn(low + more));
        prop_assert!(poor.0 <= rich.0 && poor.1 <= rich.1, "{:?} {:?}", poor, rich);
    }

    #[test]
    fn strata_are_alike(n in 2..2_000i64, share in 0.02..0.9f64, seed in any::<u64>()) {
        let chances = |c: i64| (c as f64 * 0.618_034).fract();
        let candidates = (0..n).map(|c| Candidate { p_return: chances(c), ..candidate(c, 1) }).collect();
        let variants = vec![0.5, 0.3, 0.2];
        let plan = draft(candidates, &Ask { holdout: share, variants: variants.clone(), seed, ..ask() });
        let strata = usize::from(plan.assignments.iter().map(|a| a.stratum).max().unwrap_or(0)) + 1;
        let mut edges = vec![];
        for s in 0..strata {
            let of: Vec<_> = plan.assignments.iter().filter(|a| usize::from(a.stratum) == s).collect();
            prop_assert!(of.len().abs_diff(n as usize / strata) <= 1, "like size");
            let (low, high) = of.iter().fold((1.0f64, 0.0f64), |(l, h), a| (l.min(a.p_return), h.max(a.p_return)));
            edges.push((low, high));
            let held = of.iter().filter(|a| a.arm == Arm::Holdout).count();
            let exact = plan.holdout as f64 * of.len() as f64 / n as f64;
            prop_assert!((held as f64 - exact).abs() < 1.0 + 1e-6, "{held} of {exact}");
            let treated = (of.len() - held) as f64;
            for (v, part) in variants.iter().enumerate() {
                let got = of.iter().filter(|a| a.arm == Arm::Treated && usize::from(a.variant) == v).count();
                prop_assert!((got as f64 - treated * part).abs() < 1.0 + 1e-6, "variant {v}: {got} of {treated}");
            }
        }
        prop_assert!(edges.windows(2).all(|pair| pair[0].1 <= pair[1].0), "strata part p_return: {edges:?}");
        prop_assert!(strata == 1 || plan.holdout.min(plan.treated) as usize >= 5 * strata);
    }
}

#[test]
fn the_lot_is_fair() {
    // Everybody has the same chance of being held out, wherever they stand and whatever is asked of others.
    let candidates: Vec<Candidate> =
        (0..30).map(|c| Candidate { p_return: c as f64 / 30.0, ..candidate(c, 30 - c) }).collect();
    let seeds = 4_000;
    let mut held = [0; 30];
    let mut second = [0; 30];
    for seed in 0..seeds {
        let asked = Ask { holdout: 0.3, variants: vec![0.5, 0.5], seed, ..ask() };
        for (i, a) in draft(candidates.clone(), &asked).assignments.iter().enumerate() {
            held[i] += u32::from(a.arm == Arm::Holdout);
            second[i] += u32::from(a.variant == 1);
        }
    }
    // Five standard errors: 0.3 within 0.036, 0.35 within 0.038.
    for (i, (held, second)) in held.iter().zip(second).enumerate() {
        let share = |n: u32| f64::from(n) / seeds as f64;
        assert!((share(*held) - 0.3).abs() < 0.036, "{i}: held out {}", share(*held));
        assert!((share(second) - 0.35).abs() < 0.038, "{i}: second variant {}", share(second));
    }
}

#[test]
fn another_seed_is_another_lot() {
    let candidates: Vec<Candidate> = (0..500).map(|c| candidate(c, 1)).collect();
    let held = |seed| {
        let plan = draft(candidates.clone(), &Ask { holdout: 0.5, seed, ..ask() });
        plan.assignments.iter().map(|a| a.arm == Arm::Holdout).collect::<Vec<bool>>()
    };
    let (one, two) = (held(1), held(2));
    let same = one.iter().zip(&two).filter(|(a, b)| a == b).count();
    assert!((200..300).contains(&same), "{same} of 500 alike");
    assert_eq!(one, held(1));
}
