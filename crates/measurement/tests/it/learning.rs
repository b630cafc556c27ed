//! What several campaigns teach together.

use crate::figures::trial;
use crate::world::{WINDOW, World, ask};
use measurement::{Evidence, Measurement, believe, evidence, measure, pool};
use model::{Channel, Type};

const SMALL: World = World { n: 400, share: 0.3, rate: 0.08, lift: 0.04, whales: false };

#[test]
fn small_campaigns_say_together_what_none_says_alone() {
    let all: Vec<Measurement> = (0..12).map(|seed| measure(&SMALL.outcomes(seed), &ask(WINDOW))).collect();
    let decided =
        all.iter().filter(|m| m.primary().and_then(|w| w.lift).expect("arms").points.low > 0.0).count();
    let running = measure(&SMALL.outcomes(99), &ask(30));
    let mut given: Vec<&Measurement> = all.iter().collect();
    given.insert(1, &running);
    let pooled = pool(&given).expect("ended campaigns");
    assert!(decided < 8, "{decided} of 12 alone");
    assert!(pooled.lift.low > 0.0 && pooled.lift.holds(SMALL.lift), "{:?}", pooled.lift);
    assert_eq!(pooled.customers, 12 * 400);
    assert_eq!(pooled.campaigns.len(), 13);
    assert_eq!(pooled.campaigns[1], None, "what still runs says nothing");
    let own = all[1].primary().and_then(|w| w.lift).expect("arms").points;
    let shrunk = pooled.campaigns[2].expect("ended");
    assert!((shrunk.value - pooled.lift.value).abs() <= (own.value - pooled.lift.value).abs());
}

#[test]
fn nothing_to_pool() {
    assert_eq!(pool(&[]), None);
    assert_eq!(pool(&[&measure(&trial(5, 90, 5, 90), &ask(30))]), None);
    assert_eq!(pool(&[&measure(&trial(5, 90, 0, 0), &ask(WINDOW))]), None);
}

#[test]
fn evidence_comes_by_type_and_only_at_the_end() {
    let outcomes = SMALL.outcomes(1);
    assert!(evidence(&measure(&outcomes, &ask(60))).is_empty());
    let found = evidence(&measure(&outcomes, &ask(WINDOW)));
    assert_eq!(found.iter().map(|e| e.kind).collect::<Vec<_>>(), [Type::A, Type::B]);
    assert_eq!(found.iter().map(|e| e.n).sum::<u64>(), 400);
    assert!(found.iter().all(|e| e.channel == Channel::Mail && e.se > 0.005 && e.se < 0.1), "{found:?}");
}

fn said(lift: f64, se: f64) -> Evidence {
    Evidence { channel: Channel::Mail, kind: Type::A, lift, se, n: 1_000 }
}

#[test]
fn belief_moves_with_the_evidence() {
    let prior = (0.005, 0.005);
    let none = believe(prior, &[]);
    assert_eq!((none.lift.value, none.campaigns, none.customers), (0.005, 0, 0));
    assert!((none.sd - 0.005).abs() < 1e-9);
    // Prior and one campaign of the same error meet in the middle.
    let one = believe(prior, &[said(0.015, 0.005)]);
    assert!((one.lift.value - 0.010).abs() < 1e-9 && (one.sd - 0.005 / 2f64.sqrt()).abs() < 1e-9, "{one:?}");
    // A lift of eleven points against an assumption of half a point: the assumption was wrong.
    let strong = believe((0.005, 0.0025), &[said(0.11, 0.02)]);
    assert!(strong.lift.value > 0.10 && strong.sd < 0.021, "{strong:?}");
    // At twice their errors chance still explains it, and nothing jumps there.
    let edge = |lift: f64| believe(prior, &[said(lift, 0.005)]).lift.value;
    let line = 0.005 + 2.0 * 0.005 * 2f64.sqrt();
    assert!(edge(line + 1e-6) - edge(line) < 1e-5, "{} {}", edge(line), edge(line + 1e-6));
    let vague = believe(prior, &[said(0.10, 0.2)]);
    assert!((vague.lift.value - 0.005).abs() < 0.001, "a small campaign moves little: {vague:?}");
    let many = believe(prior, &vec![said(0.03, 0.002); 20]);
    assert!((many.lift.value - 0.03).abs() < 0.001 && many.sd < 0.001, "{many:?}");
    assert_eq!((many.campaigns, many.customers), (20, 20_000));
    let unlike =
        believe(prior, &[said(0.0, 0.002), said(0.06, 0.002), said(-0.03, 0.002), said(0.05, 0.002)]);
    assert!(unlike.sd > 3.0 * many.sd, "campaigns that differ leave doubt about the next: {unlike:?}");
}
