//! Random events, and a judge so simple that its answers are plain.

use history::{Columns, Move, Snapshot, Task};
use model::{
    Cpm, Day, Event, EventKind, History, Judgement, Money, Outlook, Policy, Silent, Stage, State, Timeline,
    Type,
};
use proptest::prelude::*;
use std::path::Path;

pub const SETS: [&[&str]; 3] = [&[], &["tea"], &["rice", "Tea cups"]];

pub fn sets() -> Vec<Vec<String>> {
    SETS.iter().map(|set| set.iter().map(|&s| s.to_owned()).collect()).collect()
}

pub fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![3 => Just(0_u8), 1 => 0..EventKind::ALL.len() as u8];
    let seed = (0..25_i64, 0..60_i32, kind, -3..100_i64, 0..3_u32);
    seed.prop_map(|(customer, day, code, value, categories)| {
        let kind = EventKind::from_code(code).unwrap_or(EventKind::Order);
        let value = if kind == EventKind::Known { value.rem_euclid(16) } else { value * 50 };
        Event { customer: customer * 1_000_003 - 7, day: Day(1000 + day), kind, value, categories }
    })
}

pub fn events() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(event(), 0..300)
}

pub fn build(dir: &Path, events: &[Event]) -> Columns {
    let mut columns = Columns::open(dir).expect("opens");
    columns
        .rebuild(1, "tag", &mut |each| {
            events.iter().for_each(|e| each(*e));
            Ok(())
        })
        .expect("builds");
    columns
}

pub fn policy() -> Policy {
    Policy::fixed("plain", 10, 20)
}

/// Active, at_risk and dormant by the days since the last order; live until dormant.
pub fn judge(dir: &Path, policy: &Policy, as_of: Day) -> Snapshot {
    let task = Task { dir, policy, categories: sets(), as_of, threads: 2 };
    history::judge(task, |h, _, rule| one(h, rule, as_of), moves).expect("judges")
}

fn one(h: &History, rule: Option<u16>, as_of: Day) -> Judgement {
    let silent = h.days_silent(as_of);
    let line = if rule.is_some() { 5 } else { 20 };
    let (state, since) = match silent {
        None => (State::Prospect, h.known_since),
        Some(s) if s < 10.min(line) => (State::Active, h.first_order),
        Some(s) if s < line => (State::AtRisk, h.last_order.map(|d| d.plus(10))),
        Some(_) if h.competitor.or(h.dissatisfied).is_some() => (State::Lost, h.last_order),
        Some(_) => (State::Dormant, h.last_order.map(|d| d.plus(line))),
    };
    Judgement {
        customer: h.customer,
        state,
        since,
        stage: if h.n_orders > 1 { Stage::Repeater } else { Stage::FirstTime },
        silent,
        at_risk_line: 10,
        dormant_line: line,
        rule: rule.unwrap_or(0),
        long_dormant: silent > Some(40),
        silent_category: Silent::None,
        kind: Type::A,
        cpm: if h.n_orders > 0 { Cpm::First } else { Cpm::None },
        cpm_gone: silent > Some(30),
    }
}

fn moves(t: &Timeline, rule: Option<u16>, each: &mut dyn FnMut(Move, Day)) {
    let line = if rule.is_some() { 5 } else { 20 };
    let mut last: Option<i32> = None;
    for i in (0..t.days.len()).filter(|&i| t.kinds[i] == EventKind::Order as u8) {
        match last {
            None => each(Move::New, Day(t.days[i])),
            Some(before) if t.days[i] - before >= line => {
                each(Move::Lapsed, Day(before + line));
                each(Move::Reactivated, Day(t.days[i]));
            }
            _ => {}
        }
        last = Some(t.days[i]);
    }
    if let Some(last) = last {
        each(Move::Lapsed, Day(last + line));
    }
}

/// The same snapshot with `look` beside every row.
pub fn foresee(dir: &Path, snapshot: &Snapshot, stamp: &str) -> Snapshot {
    history::foresee(dir, snapshot, stamp, 2, look).expect("foresees")
}

/// Nothing for every fourth history; else numbers that change with history, judgement and timeline.
pub fn look(h: &History, j: &Judgement, t: &Timeline) -> Option<Outlook> {
    let last = h.last_order.filter(|_| !h.n_orders.is_multiple_of(4))?;
    let p_return = 1.0 / f64::from(h.n_orders + 1 + (j.state == State::Dormant) as u32);
    Some(Outlook {
        p_return,
        p_low: p_return / 2.0,
        p_high: p_return.sqrt(),
        value_if_returns: Money(h.spend.0.abs() + t.days.len() as i64),
        next_order: last.plus(30),
        stock_until: (!h.n_orders.is_multiple_of(3)).then_some(last.plus(20)),
        peers_back: 0.5,
    })
}

/// Everything a snapshot has to say.
pub fn said(s: &Snapshot) -> (Vec<history::Row>, Vec<history::Month>) {
    let rows = (0..s.customers() as u32).map(|i| s.row_at(i)).collect();
    (rows, s.movement(24))
}
