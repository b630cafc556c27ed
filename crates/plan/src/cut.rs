//! Who is in, before any lot is drawn: clearance, one letter per mailbox, what pays, how many, how much.

use crate::{Ask, Candidate, Skip, lot};
use model::Money;
use std::cmp::Reverse;

/// The verdict on each candidate, in their order: `None` is in.
pub(crate) fn cut(candidates: &[Candidate], ask: &Ask) -> Vec<Option<&'static str>> {
    let mut rules: Vec<Option<&'static str>> = candidates.iter().map(|c| c.refusal).collect();
    // The best first; equals by customer, so that the order of the input is nothing.
    let mut line: Vec<u32> = (0..candidates.len() as u32).collect();
    line.retain(|i| rules[*i as usize].is_none());
    let place = |i: &u32| {
        let c = &candidates[*i as usize];
        (Reverse(c.profit), c.customer)
    };
    line.sort_unstable_by_key(place);

    drop_duplicates(candidates, &line, &mut rules);
    line.retain(|i| rules[*i as usize].is_none());
    if ask.paying {
        let stop = line.partition_point(|i| candidates[*i as usize].profit > Money::ZERO);
        skip(&mut rules, &line[stop..], Skip::NotPaying);
        line.truncate(stop);
    }
    let top = ask.top.map_or(line.len(), |top| line.len().min(usize::try_from(top).unwrap_or(usize::MAX)));
    skip(&mut rules, &line[top..], Skip::Top);
    line.truncate(top);
    if let Some(budget) = ask.budget {
        let stop = affordable(candidates, &line, budget, ask.holdout);
        skip(&mut rules, &line[stop..], Skip::Budget);
        line.truncate(stop);
    }
    let held: Vec<u32> = line.into_iter().filter(|i| candidates[*i as usize].held_out).collect();
    skip(&mut rules, &held, Skip::GlobalHoldout);
    rules
}

fn skip(rules: &mut [Option<&'static str>], places: &[u32], why: Skip) {
    places.iter().for_each(|i| rules[*i as usize] = Some(why.rule()));
}

/// Of those who share a destination, the first in line stays.
fn drop_duplicates(candidates: &[Candidate], line: &[u32], rules: &mut [Option<&'static str>]) {
    let destination = |place: u32| candidates[line[place as usize] as usize].destination;
    let mut places: Vec<u32> = (0..line.len() as u32).filter(|p| destination(*p) != 0).collect();
    places.sort_unstable_by_key(|p| (destination(*p), *p));
    for pair in places.windows(2).filter(|pair| destination(pair[0]) == destination(pair[1])) {
        rules[line[pair[1] as usize] as usize] = Some(Skip::Duplicate.rule());
    }
}

/// How many of the line can be afforded: the most for which the treated cost no more than the budget,
/// whoever is drawn. The holdout costs nothing, so more than budget / cost are in; where costs differ, it is
/// reckoned as though the lot held out the cheapest. So the budget is kept whatever the lot says, and more
/// money never means fewer customers.
fn affordable(candidates: &[Candidate], line: &[u32], budget: Money, share: f64) -> usize {
    let dearest = |many: usize| {
        let drawn = line[..many].iter().map(|i| &candidates[*i as usize]).filter(|c| !c.held_out);
        let mut costs: Vec<i64> = drawn.map(|c| c.cost.0.max(0)).collect();
        let free = lot::held(costs.len(), share);
        if free > 0 {
            costs.select_nth_unstable(free - 1);
        }
        costs[free..].iter().map(|c| i128::from(*c)).sum::<i128>()
    };
    let (mut fits, mut beyond) = (0, line.len() + 1);
    while beyond - fits > 1 {
        let middle = fits + (beyond - fits) / 2;
        if dearest(middle) <= i128::from(budget.0) { fits = middle } else { beyond = middle }
    }
    fits
}
