//! The columns follow the store; everyone is judged from the columns.

use anyhow::{Context, Result};
use history::{Columns, Move, Snapshot, Task};
use judgement::{Judge, Movement};
use model::{Day, Event, History, Policy, State, Timeline};
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

/// Judges everyone as of a day, reusing of the last snapshot in `dir` whatever still holds.
pub fn judge(
    dir: &Path,
    policy: &Policy,
    categories: Vec<Vec<String>>,
    as_of: Day,
    threads: usize,
) -> Result<Snapshot> {
    let _lock = history::lock(dir)?;
    let judge = Judge::new(policy, &categories);
    let task = Task { dir, policy, categories, as_of, threads };
    let one = |h: &History, t: &Timeline, rule: Option<u16>| judge.judge(h, t, rule, as_of);
    let moves = |t: &Timeline, rule: Option<u16>, each: &mut dyn FnMut(Move, Day)| {
        judge.movement(t, rule, &mut |movement, day| each(same(movement), day));
    };
    Ok(history::judge(task, one, moves)?)
}

fn same(movement: Movement) -> Move {
    match movement {
        Movement::New => Move::New,
        Movement::Lapsed => Move::Lapsed,
        Movement::Reactivated => Move::Reactivated,
    }
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
