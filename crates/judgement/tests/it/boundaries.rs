//! The requirements' boundaries, each a row: M001-M011, M157, and the precedence of states.

use crate::life::{Life, by_category, clocks, fixed, with_segment};
use judgement::Judge;
use model::{Clock, Day, EventKind as K, Policy, Rule, State};

const TODAY: i32 = 20_000;

fn preset(name: &str) -> Policy {
    Policy::presets().into_iter().find(|p| p.name == name).expect("a preset")
}

/// A life whose order days are counted back from today, with other happenings likewise.
fn ago(orders: &[i32], others: &[(i32, K)]) -> Life {
    let life = Life::orders(&orders.iter().map(|d| TODAY - d).collect::<Vec<_>>());
    others.iter().fold(life, |life, &(days, kind)| life.and(TODAY - days, kind, 0))
}

fn every(gap: i32, last: i32, n: i32) -> Vec<i32> {
    (0..n).map(|i| last + i * gap).collect()
}

#[track_caller]
fn check(rows: &[(&str, &Policy, Life, &str)]) {
    for (name, policy, life, expected) in rows {
        let j = life.judge(policy, None, TODAY);
        assert_eq!(j.state.word(), *expected, "{name}: {j:?}");
    }
}

#[test]
fn fixed_days() {
    let (year, r181, months3, days240) =
        (preset("1year"), preset("R181"), preset("3months"), preset("240days"));
    check(&[
        ("M001 366", &year, ago(&[366], &[]), "dormant"),
        ("M001 365", &year, ago(&[365], &[]), "dormant"),
        ("M001 364", &year, ago(&[364], &[]), "at_risk"),
        ("M007 181", &r181, ago(&[181], &[]), "dormant"),
        ("M007 180", &r181, ago(&[180], &[]), "at_risk"),
        ("M008 90", &r181, ago(&[90], &[]), "at_risk"),
        ("M008 89", &r181, ago(&[89], &[]), "active"),
        ("M008 only the last counts", &r181, ago(&[500, 89], &[]), "active"),
        ("C1 90", &months3, ago(&[90], &[]), "dormant"),
        ("C1 240", &days240, ago(&[240], &[]), "dormant"),
        ("C1 239", &days240, ago(&[239], &[]), "at_risk"),
        ("a refund is no order", &r181, ago(&[181], &[(5, K::Refund)]), "dormant"),
        ("M167 an invoice is dealing", &r181, ago(&[400], &[(30, K::Invoice)]), "active"),
        ("never ordered", &r181, ago(&[], &[(3, K::Known), (2, K::Interest)]), "prospect"),
        ("tomorrow's order is not known", &r181, ago(&[181, -1], &[]), "dormant"),
    ]);
    for (days, long) in [(364, false), (365, true)] {
        assert_eq!(ago(&[days], &[]).judge(&r181, None, TODAY).long_dormant, long, "{days}");
    }
}

#[test]
fn the_clock_is_the_policy_s() {
    let visited = || ago(&[400], &[(10, K::Contact)]);
    let order = fixed(90, 181);
    let contact = clocks(fixed(90, 181), &[Clock::Contact]);
    let login = clocks(fixed(90, 181), &[Clock::Login]);
    let either = clocks(fixed(90, 181), &[Clock::Order, Clock::Contact]);
    check(&[
        ("M002 order", &order, visited(), "dormant"),
        ("M002 contact", &contact, visited(), "active"),
        ("M002 either", &either, visited(), "active"),
        ("M002 either, by order", &either, ago(&[10], &[(400, K::Contact)]), "active"),
        ("C12 orders, no login", &login, ago(&[400, 5], &[]), "dormant"),
        ("C12 the first order starts it", &login, ago(&[5], &[(400, K::Login)]), "active"),
        ("C12 use is not login", &login, ago(&[400], &[(5, K::Use)]), "dormant"),
        ("a contact alone is no customer", &contact, ago(&[], &[(400, K::Contact)]), "prospect"),
    ]);
    assert_eq!(visited().judge(&contact, None, TODAY).silent, Some(10));
}

#[test]
fn own_rhythm() {
    let own = preset("own_cycle");
    check(&[
        ("M006 yearly buyer, 10 months", &own, ago(&every(365, 304, 4), &[]), "active"),
        ("M006 yearly buyer, at the ceiling", &own, ago(&every(365, 730, 4), &[]), "dormant"),
        ("M006 weekly buyer, 2 months", &own, ago(&every(7, 60, 30), &[]), "dormant"),
        ("weekly buyer, floor", &own, ago(&every(7, 30, 30), &[]), "dormant"),
        ("weekly buyer, below the floor", &own, ago(&every(7, 29, 30), &[]), "at_risk"),
        ("two gaps exactly are not more than two", &own, ago(&every(32, 64, 3), &[]), "at_risk"),
        ("one day more is", &own, ago(&every(32, 65, 3), &[]), "dormant"),
        ("M008 80 % of 65", &own, ago(&every(32, 52, 3), &[]), "at_risk"),
        ("M008 a day less", &own, ago(&every(32, 51, 3), &[]), "active"),
        ("two orders: fallback", &own, ago(&every(32, 180, 2), &[]), "at_risk"),
        ("two orders: fallback 181", &own, ago(&every(32, 181, 2), &[]), "dormant"),
        ("three on one day have no rhythm", &own, ago(&every(0, 144, 3), &[]), "active"),
    ]);
}

#[test]
fn by_category_and_segment() {
    let policy = by_category(fixed(90, 181));
    for (name, orders, state, silent, rule) in [
        ("M005 food", &[(121, 1)][..], State::Dormant, 121, 1001),
        ("M005 food, a day before", &[(119, 1)], State::AtRisk, 119, 1001),
        ("M005 appliance", &[(121, 2)], State::Active, 121, 1002),
        ("M005 appliance, a year", &[(365, 2)], State::Dormant, 365, 1002),
        ("liveliest: appliance", &[(300, 2), (130, 1)], State::AtRisk, 300, 1002),
        ("liveliest: food", &[(350, 2), (50, 1)], State::Active, 50, 1001),
        ("one order of both", &[(200, 3)], State::Active, 200, 1002),
        ("no rule: default", &[(121, 4)], State::AtRisk, 121, 0),
        ("unknown: default", &[(300, 1), (181, 0)], State::Dormant, 181, 0),
    ] {
        let life = Life::new(orders.iter().map(|&(d, set)| (TODAY - d, K::Order, 100, set)).collect());
        let j = life.judge(&policy, None, TODAY);
        assert_eq!((j.state, j.silent, j.rule), (state, Some(silent), rule), "{name}");
    }
    let policy = with_segment(policy, Rule::FixedDays { at_risk: 10, dormant: 20, long: 30 });
    let life = Life::new(vec![(TODAY - 25, K::Order, 100, 2)]);
    for (segment, state, rule) in
        [(Some(1), State::Dormant, 1), (None, State::Active, 1002), (Some(9), State::Active, 1002)]
    {
        let j = life.judge(&policy, segment, TODAY);
        assert_eq!((j.state, j.rule), (state, rule), "segment {segment:?}");
    }
}

#[test]
fn one_state_by_precedence() {
    let p = fixed(90, 181);
    check(&[
        ("M010 withdrawn before lost", &p, ago(&[5], &[(3, K::Withdrawn), (4, K::Competitor)]), "withdrawn"),
        ("M010 lost before dormant", &p, ago(&[300], &[(3, K::Dissatisfied)]), "lost"),
        ("M010 a new order takes lost back", &p, ago(&[300, 2], &[(3, K::Competitor)]), "active"),
        ("an order on the day of the evidence does not", &p, ago(&[3], &[(3, K::Competitor)]), "lost"),
        ("M010 withdrawn stays, whatever is ordered", &p, ago(&[300, 2], &[(3, K::Withdrawn)]), "withdrawn"),
        ("M161 rejoined", &p, ago(&[300], &[(9, K::Withdrawn), (3, K::Rejoined)]), "dormant"),
        ("withdrawn before any order", &p, ago(&[], &[(3, K::Withdrawn)]), "withdrawn"),
        ("lost before any order", &p, ago(&[], &[(3, K::Competitor)]), "lost"),
        (
            "M011 解約 alone is not lost",
            &p,
            ago(&[20], &[(50, K::SubscriptionRunning), (3, K::SubscriptionCancelled)]),
            "active",
        ),
        (
            "M011 解約, long ago",
            &p,
            ago(&[200], &[(250, K::SubscriptionRunning), (190, K::SubscriptionCancelled)]),
            "dormant",
        ),
        ("a complaint is not lost", &p, ago(&[20], &[(3, K::ComplaintOpened)]), "active"),
    ]);
}

#[test]
fn a_running_subscription_is_never_dormant() {
    let p = fixed(90, 181);
    let runs = |next: i32| Life::orders(&[TODAY - 400]).and(TODAY - 400, K::SubscriptionRunning, next.into());
    check(&[
        ("M157 six-month cycle", &p, runs(TODAY + 30), "active"),
        ("M157 unknown next delivery", &p, runs(0), "active"),
        ("overdue by 60 days", &p, runs(TODAY - 60), "active"),
        ("overdue by 61 days", &p, runs(TODAY - 61), "dormant"),
        ("paused", &p, runs(TODAY + 30).and(TODAY - 1, K::SubscriptionPaused, 0), "dormant"),
        (
            "resumed",
            &p,
            runs(0).and(TODAY - 9, K::SubscriptionPaused, 0).and(TODAY, K::SubscriptionRunning, 0),
            "active",
        ),
        (
            "one of two ended",
            &p,
            runs(0).and(TODAY - 99, K::SubscriptionRunning, 0).and(TODAY, K::SubscriptionCancelled, 0),
            "active",
        ),
        ("withdrawn all the same", &p, runs(0).and(TODAY, K::Withdrawn, 0), "withdrawn"),
        ("never ordered", &p, Life::new(vec![(TODAY, K::SubscriptionRunning, 0, 0)]), "prospect"),
    ]);
}

#[test]
fn since_when() {
    let p = fixed(90, 181);
    let contact = clocks(fixed(90, 181), &[Clock::Contact]);
    let (running, cancelled) = (K::SubscriptionRunning, K::SubscriptionCancelled);
    let stale = || ago(&[300], &[]).and(TODAY - 50, running, i64::from(TODAY - 115));
    for (name, policy, life, since) in [
        ("M009 at 90 days, today and once", &p, ago(&[90], &[]), 0),
        ("M009 a day later it is yesterday's", &p, ago(&[500, 91], &[]), 1),
        ("dormant from its line", &p, ago(&[200], &[]), 19),
        ("active from the first order", &p, ago(&[120, 60, 5], &[]), 120),
        ("active from the return", &p, ago(&[500, 60, 5], &[]), 60),
        ("lost from the evidence", &p, ago(&[30], &[(9, K::Competitor)]), 9),
        ("withdrawn from its day", &p, ago(&[30], &[(9, K::Withdrawn)]), 9),
        ("dormant again from the rejoining", &p, ago(&[300], &[(9, K::Withdrawn), (3, K::Rejoined)]), 3),
        ("known since", &p, ago(&[], &[(7, K::Known)]), 7),
        ("dormant from the cancellation", &p, ago(&[300], &[(300, running), (4, cancelled)]), 4),
        ("a subscription long overdue changes nothing", &p, stale(), 119),
        ("nor one that ends the day it starts", &p, ago(&[300], &[(4, running), (4, cancelled)]), 119),
        (
            "nor a withdrawal undone the same day",
            &p,
            ago(&[300], &[(4, K::Withdrawn), (4, K::Rejoined)]),
            119,
        ),
        ("no longer lost from the order", &contact, ago(&[100, 5], &[(9, K::Competitor)]), 5),
    ] {
        assert_eq!(life.judge(policy, None, TODAY).since, Some(Day(TODAY - since)), "{name}");
    }
}

#[test]
fn movements() {
    let (withdrawn, rejoined) = (K::Withdrawn, K::Rejoined);
    for (life, policy, expected) in [
        (Life::orders(&[0]), fixed(90, 181), "New 0, Lapsed 181"),
        (Life::orders(&[0, 181]), fixed(90, 181), "New 0, Lapsed 362"),
        (Life::orders(&[0, 182]), fixed(90, 181), "New 0, Lapsed 181, Reactivated 182, Lapsed 363"),
        (
            Life::orders(&[0, 10, 20, 100]),
            Policy::own_cycle("own"),
            "New 0, Lapsed 50, Reactivated 100, Lapsed 130",
        ),
        (
            Life::orders(&[0]).and(5, withdrawn, 0).and(9, rejoined, 0),
            fixed(90, 181),
            "New 0, Lapsed 5, Reactivated 9, Lapsed 181",
        ),
        (Life::orders(&[5]).and(0, withdrawn, 0).and(9, rejoined, 0), fixed(90, 181), "New 9, Lapsed 186"),
        (Life::orders(&[0]).and(0, K::SubscriptionRunning, 0), fixed(90, 181), "New 0"),
        (Life::orders(&[0]).and(0, K::SubscriptionRunning, 200), fixed(90, 181), "New 0, Lapsed 261"),
        (Life::orders(&[]).and(0, K::Contact, 0), fixed(90, 181), ""),
    ] {
        let mut told = vec![];
        Judge::new(&policy, &[])
            .movement(&life.timeline(), None, &mut |m, day| told.push(format!("{m:?} {}", day.0)));
        assert_eq!(told.join(", "), expected, "{:?}", life.timeline());
    }
}
