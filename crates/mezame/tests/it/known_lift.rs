//! Campaigns on made-up customers whose true lift is known: how often the interval holds it.

use madeup::Answers;
use measurement::{Answers as Heard, Ask, Outcome, measure};
use model::{Arm, Channel, Money, Tracking, Type};
use plan::{Candidate, draft};

/// Seeds: MEZAME_SEEDS=1000 makes the whole run (bench/known_lift.sh).
fn seeds() -> u64 {
    testkit::asked("MEZAME_SEEDS").and_then(|n| n.parse().ok()).unwrap_or(100)
}

/// One campaign to its end: (the truth, low, value, high), in shares.
fn campaign(seed: u64) -> (f64, f64, f64, f64) {
    let customers = 3_000_u64;
    let truth = Answers { seed, lift: 0.04, click: 0.1, leave: 0.0 };
    // Customers differ, and what is foreseen of each is roughly right.
    let rate = |c: u64| 0.02 + 0.18 * ((c * 7919) % 100) as f64 / 100.0;
    let candidates = (1..=customers).map(|c| Candidate {
        customer: c as i64,
        p_return: rate(c),
        lift: 0.04,
        cost: Money::units(1),
        profit: Money::units(50),
        refusal: None,
        destination: c,
        held_out: false,
    });
    let ask = plan::Ask { budget: None, top: None, paying: false, holdout: 0.2, variants: vec![], seed };
    let drawn = draft(candidates.collect(), &ask);
    let mut added = 0.0;
    let outcomes: Vec<Outcome> = drawn
        .assignments
        .iter()
        .map(|a| {
            let who = a.customer as u64;
            let alone = truth.returns_alone(who, rate(who));
            let moved = truth.of(who).orders_after;
            added += f64::from(u8::from(alone.is_none() && moved.is_some()));
            let treated = moved.filter(|_| a.arm == Arm::Treated);
            let day = alone.into_iter().chain(treated).min();
            Outcome {
                arm: a.arm,
                variant: 0,
                stratum: a.stratum,
                kind: Type::B,
                p_return: a.p_return,
                returned_day: day,
                spend: day.map_or(Money::ZERO, |_| Money::units(3_000 + (who % 50 * 100) as i64)),
                profit: day.map_or(Money::ZERO, |_| Money::units(1_200 + (who % 50 * 40) as i64)),
                cost: Money::units(i64::from(a.arm == Arm::Treated)),
                reached_by_others: false,
                answers: Heard::default(),
            }
        })
        .collect();
    let ask = Ask {
        channel: Channel::Mail,
        window: 90,
        as_of_day: 91,
        level: 0.95,
        acquisition_cost: None,
        tracking: Tracking::default(),
        seed,
    };
    let m = measure(&outcomes, &ask);
    let lift = m.primary().unwrap().lift.unwrap().points;
    (added / customers as f64, lift.low, lift.value, lift.high)
}

#[test]
fn the_interval_holds_the_truth() {
    let seeds = seeds();
    let told: Vec<(f64, f64, f64, f64)> = (1..=seeds).map(campaign).collect();
    let held = told.iter().filter(|(truth, low, _, high)| (low..=high).contains(&truth)).count();
    let mut widths: Vec<f64> = told.iter().map(|(_, low, _, high)| high - low).collect();
    widths.sort_by(f64::total_cmp);
    let share = held as f64 / seeds as f64;
    let bias = told.iter().map(|(truth, _, value, _)| value - truth).sum::<f64>() / seeds as f64;
    eprintln!(
        "{seeds} campaigns of 3,000 customers: the primary 95 % interval holds the truth {:.1} % of the time, \
         median width {:.2} points, mean error {:+.3} points",
        share * 100.0,
        widths[widths.len() / 2] * 100.0,
        bias * 100.0
    );
    assert!(share >= 0.9, "{share}");
    assert!(bias.abs() < 0.004, "{bias}");
}
