//! The columns follow the store; everyone is judged from the columns.

use crate::learning::InForce;
use anyhow::{Context, Result};
use history::{Columns, Move, Snapshot, Task};
use judgement::{Judge, Movement};
use model::{Day, Event, History, Judgement, Policy, State, Timeline};
use std::path::Path;
use store::{Changed, Counting, Store};

/// Where the store remembers which columns its changes have gone into: columns that were put
/// back from an older copy, or belong to another store, are rebuilt.
const STAMP: &str = "columns";

/// Beyond this share of the customers a rebuild is quicker than a delta, and needs less memory.
const MOST_CHANGED: u64 = 5;

/// Brings the columns in `dir` up to date with the store; says whether anything had changed.
pub fn refresh(store: &Store, dir: &Path, counting: &Counting) -> Result<bool> {
    let _lock = history::lock(dir)?;
    let mut columns = Columns::open(dir)?;
    let tag = format!("{:?}, pending {}, zero {}", counting.spend, counting.pending, counting.zero);
    let (seq, changed) = store.changed()?;
    let known = !columns.is_empty() && columns.tag() == tag && store.setting(STAMP)? == Some(columns.stamp());
    match changed {
        Changed::Nothing if known => return Ok(false),
        Changed::Customers(who) if known && who.len() as u64 * MOST_CHANGED <= columns.customers() => {
            let mut events: Vec<Event> = Vec::new();
            store.events(Some(&who), counting, &mut |event| events.push(event))?;
            columns.replace(seq, &who, events)?;
        }
        _ => {
            let mut fill = |each: &mut dyn FnMut(Event)| Ok(store.events(None, counting, each)?);
            columns.rebuild(seq, &tag, &mut fill).context("rebuilding the columns")?;
        }
    }
    store.set_setting(STAMP, &columns.stamp())?;
    store.forget_changes(seq)?;
    Ok(true)
}

/// Judges everyone as of a day, reusing of the last snapshot in `dir` whatever still holds, and
/// says with a model who is likely to return.
pub fn judge(
    dir: &Path,
    policy: &Policy,
    categories: Vec<Vec<String>>,
    as_of: Day,
    model: Option<&InForce>,
    threads: usize,
) -> Result<Snapshot> {
    let _lock = history::lock(dir)?;
    let judge = Judge::new(policy, &categories);
    let task = Task { dir, policy, categories, as_of, threads };
    let one = |h: &History, t: &Timeline, rule: Option<u16>| judge.judge(h, t, rule, as_of);
    let moves = |t: &Timeline, rule: Option<u16>, each: &mut dyn FnMut(Move, Day)| {
        judge.movement(t, rule, &mut |movement, day| each(same(movement), day));
    };
    let snapshot = history::judge(task, one, moves)?;
    let Some(model) = model else { return Ok(snapshot) };
    let outlook = |_: &History, _: &Judgement, t: &Timeline| model.outlook(t, as_of);
    Ok(history::foresee(dir, &snapshot, &model.stamp, threads, outlook)?)
}

fn same(movement: Movement) -> Move {
    match movement {
        Movement::New => Move::New,
        Movement::Lapsed => Move::Lapsed,
        Movement::Reactivated => Move::Reactivated,
    }
}

/// Makes every customer's history from the columns and throws it away: what judging cannot do
/// without. Says how many customers there are and how many orders they made.
pub fn pass(dir: &Path, as_of: Day, threads: usize) -> Result<(u64, u64)> {
    let counted = history::visit(dir, as_of, threads, <(u64, u64)>::default, |(customers, orders), h, _| {
        *customers += 1;
        *orders += u64::from(h.n_orders);
    })?;
    Ok(counted.into_iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1)))
}

/// How many customers a policy puts where; `states` by `State::code`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sizes {
    pub states: [u64; State::ALL.len()],
    pub long_dormant: u64,
}

/// What each of some policies without segment rules would say of everyone, in one reading of
/// the columns.
pub fn compare(
    dir: &Path,
    policies: &[Policy],
    categories: &[Vec<String>],
    as_of: Day,
    threads: usize,
) -> Result<Vec<Sizes>> {
    let judges: Vec<Judge> = policies.iter().map(|p| Judge::new(p, categories)).collect();
    let none = || vec![Sizes::default(); policies.len()];
    let shards = history::visit(dir, as_of, threads, none, |sizes, h, t| {
        for (judge, sizes) in judges.iter().zip(sizes) {
            let judgement = judge.judge(h, t, None, as_of);
            sizes.states[usize::from(judgement.state.code())] += 1;
            sizes.long_dormant += u64::from(judgement.long_dormant);
        }
    })?;
    let mut all = none();
    for shard in shards {
        for (sum, part) in all.iter_mut().zip(shard) {
            sum.states.iter_mut().zip(part.states).for_each(|(sum, n)| *sum += n);
            sum.long_dormant += part.long_dormant;
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Clock, EventKind};

    /// Numbers that look random and are the same in every run (xorshift).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) % n
        }

        fn life(&mut self, customer: i64) -> Vec<Event> {
            let event = |dice: &mut Dice| {
                let code = if dice.below(2) == 0 { 0 } else { dice.below(EventKind::ALL.len() as u64) as u8 };
                let kind = EventKind::from_code(code).unwrap_or(EventKind::Order);
                let day = dice.below(400) as i32;
                let value = match kind {
                    EventKind::SubscriptionRunning => [0, dice.below(500) as i64][dice.below(2) as usize],
                    EventKind::Known => dice.below(16) as i64,
                    _ => dice.below(9_000_000) as i64,
                };
                Event { customer, day: Day(day), kind, value, categories: dice.below(3) as u32 }
            };
            (0..self.below(12)).map(|_| event(self)).collect()
        }
    }

    fn said(s: &Snapshot) -> (Vec<history::Row>, Vec<history::Month>) {
        ((0..s.customers() as u32).map(|i| s.row_at(i)).collect(), s.movement(24))
    }

    fn policies() -> Vec<Policy> {
        let clocks = vec![Clock::Order, Clock::Contact, Clock::Login];
        let short = Policy { clock: clocks.clone(), ..Policy::fixed("short", 10, 40) };
        let mut foods = Policy::fixed("foods", 30, 60);
        foods.categories = vec![model::CategoryRule { category: "tea".into(), at_risk: 5, dormant: 15 }];
        vec![short, Policy { clock: clocks, ..Policy::own_cycle("own") }, foods]
    }

    /// Days pass, customers change, and at every step the snapshot says what one made from
    /// nothing says.
    #[test]
    fn reused_snapshots_equal_new_ones() {
        let sets = || vec![vec![], vec!["tea".to_owned()], vec!["rice".to_owned()]];
        for (seed, policy) in (1..).zip(policies().into_iter().cycle().take(9)) {
            let mut dice = Dice(0x9E37_79B9 * seed);
            let dir = tempfile::tempdir().expect("a folder");
            let mut columns = Columns::open(dir.path()).expect("opens");
            let first: Vec<Event> = (0..300).flat_map(|c| dice.life(c)).collect();
            let mut fill = |each: &mut dyn FnMut(Event)| {
                first.iter().for_each(|e| each(*e));
                Ok(())
            };
            columns.rebuild(1, "", &mut fill).expect("builds");
            let mut day = 395;
            for step in 2..14 {
                day += dice.below(30) as i32 - 3;
                if dice.below(2) == 0 {
                    let customer = dice.below(310) as i64;
                    let life = dice.life(customer);
                    columns.replace(step, &[customer], life).expect("replaces");
                }
                let reused = judge(dir.path(), &policy, sets(), Day(day), None, 2).expect("judges");
                std::fs::rename(dir.path().join("judged"), dir.path().join("aside")).expect("is there");
                let anew = judge(dir.path(), &policy, sets(), Day(day), None, 1).expect("judges");
                assert_eq!(said(&reused), said(&anew), "{} on day {day}, seed {seed}", policy.name);
                std::fs::remove_dir_all(dir.path().join("judged")).expect("is there");
                std::fs::rename(dir.path().join("aside"), dir.path().join("judged")).expect("is there");
            }
        }
    }
}
