//! The order of the sieves, on candidates few enough to follow by hand.

use model::{Arm, Money};
use plan::{Ask, Candidate, Plan, draft};

pub fn candidate(customer: i64, profit: i64) -> Candidate {
    Candidate {
        customer,
        p_return: 0.1,
        lift: 0.02,
        cost: Money::units(10),
        profit: Money::units(profit),
        refusal: None,
        destination: customer as u64,
        held_out: false,
    }
}

pub fn ask() -> Ask {
    Ask { budget: None, top: None, paying: false, holdout: 0.0, variants: vec![], seed: 1 }
}

/// Customer and why skipped; the others' rule is empty.
fn rules(plan: &Plan) -> Vec<(i64, &str)> {
    plan.assignments.iter().map(|a| (a.customer, a.rule.as_str())).collect()
}

#[test]
fn each_sieve_in_its_turn() {
    let candidates = vec![
        Candidate { refusal: Some("L-01"), destination: 70, ..candidate(1, 900) },
        Candidate { destination: 70, ..candidate(2, 500) },
        Candidate { destination: 70, ..candidate(3, 600) },
        Candidate { destination: 0, ..candidate(4, 400) },
        Candidate { destination: 0, held_out: true, ..candidate(5, 300) },
        candidate(6, 200),
        candidate(7, 100),
        candidate(8, 50),
        candidate(9, 0),
        candidate(10, -5),
    ];
    // The best six of those that pay; the money is for three touches, and one that is held out costs nothing.
    let asked = Ask { budget: Some(Money::units(39)), top: Some(5), paying: true, ..ask() };
    let plan = draft(candidates, &asked);
    let expected = [
        (1, "L-01"),
        (2, "duplicate"),
        (3, ""),
        (4, ""),
        (5, "global_holdout"),
        (6, ""),
        (7, "budget"),
        (8, "top"),
        (9, "not_paying"),
        (10, "not_paying"),
    ];
    assert_eq!(rules(&plan), expected);
    assert_eq!((plan.treated, plan.holdout), (3, 0));
    assert_eq!((plan.cost, plan.profit), (Money::units(30), Money::units(1_200)));
    assert_eq!(plan.skipped[0], ("not_paying".to_owned(), 2), "the most first");
    assert_eq!(plan.skipped.iter().map(|(_, n)| n).sum::<u64>(), 7);
}

#[test]
fn the_more_valuable_of_a_mailbox_stays_and_a_tie_goes_to_the_older_customer() {
    let same = |customer, profit| Candidate { destination: 5, ..candidate(customer, profit) };
    for (profits, stays) in [([3, 9, 9], 2), ([9, 9, 1], 1), ([1, 2, 3], 3)] {
        let candidates = (1..).zip(profits).map(|(c, p)| same(c, p)).collect();
        let plan = draft(candidates, &ask());
        let treated: Vec<i64> =
            plan.assignments.iter().filter(|a| a.arm == Arm::Treated).map(|a| a.customer).collect();
        assert_eq!(treated, [stays], "{profits:?}");
    }
}

#[test]
fn the_holdout_makes_room_in_the_budget() {
    let candidates: Vec<Candidate> = (0..100).map(|c| candidate(c, 1_000 - c)).collect();
    for (share, within) in [(0.0, 50), (0.1, 56), (0.5, 100)] {
        let asked = Ask { budget: Some(Money::units(500)), holdout: share, ..ask() };
        let plan = draft(candidates.clone(), &asked);
        assert_eq!((plan.treated, plan.treated + plan.holdout), (50, within), "{share}");
        assert_eq!(plan.cost, Money::units(500));
    }
}

#[test]
fn a_holdout_of_any_share_is_never_nobody() {
    for (n, share, held) in
        [(0, 0.5, 0), (1, 0.5, 0), (2, 0.01, 1), (2, 1.0, 1), (10, 0.0, 0), (40, 0.001, 1), (1_000, 0.1, 100)]
    {
        let plan = draft((0..n).map(|c| candidate(c, 1)).collect(), &Ask { holdout: share, ..ask() });
        assert_eq!((plan.holdout, plan.treated), (held, n as u64 - held), "{n} {share}");
    }
    let odd = draft((0..50).map(|c| candidate(c, 1)).collect(), &Ask { holdout: f64::NAN, ..ask() });
    assert_eq!(odd.holdout, 0);
}

#[test]
fn a_customer_given_twice_counts_once_and_a_refusal_stays() {
    let refused = Candidate { refusal: Some("L-03"), ..candidate(1, 5) };
    for candidates in [vec![candidate(1, 9), refused], vec![refused, candidate(1, 9)]] {
        assert_eq!(rules(&draft(candidates, &ask())), [(1, "L-03")]);
    }
    let held = Candidate { held_out: true, profit: Money::units(99), ..candidate(1, 5) };
    for candidates in [vec![candidate(1, 9), held], vec![held, candidate(1, 9)]] {
        assert_eq!(rules(&draft(candidates, &ask())), [(1, "global_holdout")]);
    }
    // Alike in all but the chances and the cost.
    let dearer = Candidate { cost: Money::units(20), p_return: 0.4, ..candidate(1, 9) };
    let (one, other) = (vec![candidate(1, 9), dearer], vec![dearer, candidate(1, 9)]);
    assert_eq!(draft(one, &ask()), draft(other, &ask()));
}
