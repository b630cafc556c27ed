//! A campaign's plan: every candidate treated, held out or skipped.

use crate::lot::{self, Ticket};
use crate::{Ask, Candidate, cut};
use model::{Arm, Assignment, Money};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Everybody's assignment and what it comes to.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// One per customer, by customer.
    pub assignments: Vec<Assignment>,
    pub treated: u64,
    pub holdout: u64,
    /// Rule and customers, the most first.
    pub skipped: Vec<(String, u64)>,
    /// What the touches of the treated cost.
    pub cost: Money,
    /// What is expected to be left of them, as believed.
    pub profit: Money,
    /// What the touches of the holdout would have left, as believed: the price of knowing.
    pub forgone: Money,
    /// The mean lift believed of treated and holdout, 0..=1; 0 for nobody.
    pub lift: f64,
    /// The share that was asked to be held out.
    pub share: f64,
}

/// Assigns every candidate. In this order: what clearance refuses; one letter per destination, to the more
/// valuable of its customers; what does not pay; the best so many, and so many as the budget allows; the
/// global holdout; and the lot. Each of them looks only at what was known before, so treated and holdout
/// differ by the lot alone. The same candidates, question and seed give the same plan in any order; a
/// customer given twice counts once, refused if either is, and else held out if either is.
pub fn draft(mut candidates: Vec<Candidate>, ask: &Ask) -> Plan {
    candidates.sort_unstable_by(|a, b| a.customer.cmp(&b.customer).then_with(|| of_two(a, b)));
    candidates.dedup_by_key(|c| c.customer);
    let rules = cut::cut(&candidates, ask);
    let mut plan = Plan {
        assignments: candidates.iter().zip(&rules).map(|(c, rule)| assignment(c, *rule)).collect(),
        treated: 0,
        holdout: 0,
        skipped: counted(&rules),
        cost: Money::ZERO,
        profit: Money::ZERO,
        forgone: Money::ZERO,
        lift: 0.0,
        share: ask.holdout,
    };
    let allowed = candidates.iter().enumerate().filter(|(i, _)| rules[*i].is_none());
    let tickets =
        allowed.map(|(i, c)| Ticket { index: i as u32, customer: c.customer, p_return: c.p_return });
    for drawn in lot::draw(tickets.collect(), ask.holdout, &ask.variants, ask.seed) {
        let candidate = &candidates[drawn.index as usize];
        let assignment = &mut plan.assignments[drawn.index as usize];
        assignment.stratum = drawn.stratum;
        assignment.variant = drawn.variant;
        plan.lift += candidate.lift;
        if drawn.held_out {
            assignment.arm = Arm::Holdout;
            plan.holdout += 1;
            plan.forgone += candidate.profit;
        } else {
            assignment.arm = Arm::Treated;
            plan.treated += 1;
            plan.cost += candidate.cost;
            plan.profit += candidate.profit;
        }
    }
    plan.lift /= (plan.treated + plan.holdout).max(1) as f64;
    plan
}

/// Which of two entries of one customer counts: the lesser. Every field has its say, or the order of the
/// input would.
fn of_two(a: &Candidate, b: &Candidate) -> Ordering {
    let whole =
        |c: &Candidate| (c.refusal.is_none(), c.refusal, !c.held_out, c.profit, c.destination, c.cost);
    let chances = a.p_return.total_cmp(&b.p_return).then(a.lift.total_cmp(&b.lift));
    whole(a).cmp(&whole(b)).then(chances)
}

/// As skipped; the lot says otherwise of those whom no rule does.
fn assignment(c: &Candidate, rule: Option<&'static str>) -> Assignment {
    Assignment {
        customer: c.customer,
        arm: Arm::Skipped,
        variant: 0,
        stratum: 0,
        p_return: if c.p_return > 0.0 { c.p_return.min(1.0) } else { 0.0 },
        profit: c.profit.0,
        rule: rule.map_or(String::new(), str::to_owned),
    }
}

fn counted(rules: &[Option<&'static str>]) -> Vec<(String, u64)> {
    let mut counts = BTreeMap::<&str, u64>::new();
    rules.iter().flatten().for_each(|rule| *counts.entry(rule).or_default() += 1);
    let mut counts: Vec<(String, u64)> = counts.into_iter().map(|(rule, n)| (rule.to_owned(), n)).collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}
