//! Walks one customer's timeline and knows, after every event, how they stand.

use crate::{
    gaps::Gaps,
    judge::Judge,
    lines::{Lines, dormant_line},
};
use model::{EventKind, History, Rule, State, SubscriptionState, Timeline};

/// How long an overdue next delivery still protects: deliveries slip and files come late.
pub const GRACE_DAYS: i32 = 60;

/// Something that keeps the customer alive: `rule`'s clock, last started on `day`.
#[derive(Clone, Copy)]
struct Claim {
    rule: u16,
    day: i32,
    lines: Lines,
}

impl Claim {
    fn at_risk_from(&self) -> i32 {
        self.day.saturating_add(self.lines.at_risk)
    }
    fn dormant_from(&self) -> i32 {
        self.day.saturating_add(self.lines.dormant)
    }
}

/// How the customer stands on a day.
pub(crate) struct Standing {
    pub(crate) state: State,
    /// When the state began; `None` for active, whose beginning is its last return, and prospect.
    pub(crate) since: Option<i32>,
    /// Days of silence on the deciding clock; `None` without an order.
    pub(crate) silent: Option<i32>,
    pub(crate) lines: Lines,
    pub(crate) rule: u16,
    pub(crate) delivering: bool,
}

/// The running facts. After the events of a day, asks are answered as of that day or any later
/// day before the next event.
pub(crate) struct Walk<'j> {
    judge: &'j Judge<'j>,
    rule: &'j Rule,
    /// Number of `rule` as in `Judgement::rule`.
    number: u16,
    first_order: Option<i32>,
    n_orders: u32,
    /// The last day that started the clock of `rule`.
    clock: Option<i32>,
    /// The dormant line of `rule`, from the orders up to now.
    dormant: i32,
    /// The category claims that stay active, and that stay short of dormant, the longest.
    longest_active: Option<Claim>,
    longest_awake: Option<Claim>,
    gaps: Gaps,
    gap_from: Option<i32>,
    withdrawn: Option<i32>,
    lost: Option<i32>,
    /// Subscriptions started and not yet ended.
    open: u32,
    /// The days on which an open subscription protects, first and last.
    protected_from: i32,
    protected_to: i32,
    /// The last day on which a withdrawal, a loss or a protection ended.
    gate: i32,
}

impl<'j> Walk<'j> {
    pub(crate) fn new(judge: &'j Judge<'j>, number: u16) -> Walk<'j> {
        let rule = judge.rule(number);
        Walk {
            judge,
            rule,
            dormant: dormant_line(rule, 0, None),
            number,
            first_order: None,
            n_orders: 0,
            clock: None,
            longest_active: None,
            longest_awake: None,
            gaps: Gaps::new(),
            gap_from: None,
            withdrawn: None,
            lost: None,
            open: 0,
            protected_from: i32::MIN,
            protected_to: i32::MIN,
            gate: i32::MIN,
        }
    }

    /// Where the walk would have ended, as far as a history tells: of the categories it knows
    /// only the last order's, and nothing of when a loss or a protection ended.
    pub(crate) fn ended(judge: &'j Judge<'j>, number: u16, h: &History) -> Walk<'j> {
        let mut walk = Walk::new(judge, number);
        let Some(first) = h.first_order else { return walk.gated(h) };
        walk.first_order = Some(first.0);
        let latest = [
            (EventKind::Order, h.last_order),
            (EventKind::Use, h.last_use),
            (EventKind::Contact, h.last_contact),
            (EventKind::Login, h.last_login),
        ];
        let ruled = h.last_order.filter(|_| !judge.rules_of_set(h.last_categories).is_empty() && number == 0);
        let own = latest.into_iter().filter(|&(kind, _)| judge.starts_clock(kind));
        let own = own.filter(|&(kind, _)| kind != EventKind::Order || ruled.is_none());
        let started = own.filter_map(|(_, day)| day).max();
        if let Some(day) = ruled {
            walk.order(day.0, h.last_categories);
        }
        walk.clock = if ruled.is_some() { started } else { started.max(Some(first)) }.map(|day| day.0);
        walk.n_orders = h.n_orders;
        walk.dormant = dormant_line(walk.rule, h.n_orders, (h.n_gaps > 0).then_some(h.gap_median));
        walk.gated(h)
    }

    fn gated(mut self, h: &History) -> Walk<'j> {
        self.withdrawn = h.withdrawn.map(|day| day.0);
        self.lost = h.competitor.into_iter().chain(h.dissatisfied).min().map(|day| day.0);
        if h.subscription == SubscriptionState::Running {
            self.open = 1;
            self.protected_to = h.next_delivery.map_or(i32::MAX, |next| next.plus(GRACE_DAYS).0);
        }
        self
    }

    /// Takes in event `i`; events come in the order of their days.
    pub(crate) fn take(&mut self, t: &Timeline, i: usize) {
        let day = t.days[i];
        let Some(kind) = EventKind::from_code(t.kinds[i]) else { return };
        match kind {
            EventKind::Order => {
                self.gap(day);
                self.order(day, t.categories[i]);
            }
            EventKind::Invoice => self.order(day, t.categories[i]),
            EventKind::Contact | EventKind::Login | EventKind::Use if self.judge.starts_clock(kind) => {
                self.clock = Some(day);
            }
            EventKind::Competitor | EventKind::Dissatisfied => {
                self.lost.get_or_insert(day);
            }
            EventKind::Withdrawn => {
                self.withdrawn.get_or_insert(day);
            }
            EventKind::Rejoined => self.rejoin(day),
            EventKind::SubscriptionRunning => self.start(day, t.values[i]),
            EventKind::SubscriptionPaused | EventKind::SubscriptionCancelled => self.end(day),
            _ => {}
        }
    }

    fn gap(&mut self, day: i32) {
        if matches!(self.rule, Rule::OwnCycle { .. }) {
            if let Some(gap) = self.gap_from.map(|from| day.saturating_sub(from)).filter(|&gap| gap > 0) {
                self.gaps.insert(gap);
            }
            self.gap_from = Some(day);
        }
    }

    fn order(&mut self, day: i32, set: u32) {
        let ruled = if self.number == 0 { self.judge.rules_of_set(set) } else { &[] };
        for &rule in ruled {
            let claim = Claim { rule, day, lines: self.judge.category_lines(rule) };
            keep(&mut self.longest_active, claim, Claim::at_risk_from);
            keep(&mut self.longest_awake, claim, Claim::dormant_from);
        }
        // The first order starts every clock: nobody can be silent before.
        if ruled.is_empty() && (self.first_order.is_none() || self.judge.starts_clock(EventKind::Order)) {
            self.clock = Some(day);
        }
        if self.lost.is_some_and(|evidence| evidence < day) {
            self.lost = None;
            self.gate = day;
        }
        self.first_order.get_or_insert(day);
        self.n_orders = self.n_orders.saturating_add(1);
        if matches!(self.rule, Rule::OwnCycle { .. }) {
            self.dormant = dormant_line(self.rule, self.n_orders, self.gaps.median());
        }
    }

    /// `next`: day number of the next delivery or the end of the term, 0 when unknown.
    fn start(&mut self, day: i32, next: i64) {
        if self.open == 0 || self.protected_to < day {
            self.protected_from = day;
        }
        self.open += 1;
        let to = if next == 0 { i32::MAX } else { clamp(next).saturating_add(GRACE_DAYS) };
        if to >= day {
            self.protected_to = self.protected_to.max(to);
        }
    }

    fn end(&mut self, day: i32) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0 && self.protected_to >= day {
            self.protected_to = i32::MIN;
            // What began and ended on one day was never in force at the end of one.
            if self.protected_from < day {
                self.gate = day;
            }
        }
    }

    fn rejoin(&mut self, day: i32) {
        if self.withdrawn.take().is_some_and(|from| from < day) {
            self.gate = day;
        }
    }

    fn own_claim(&self) -> Option<Claim> {
        self.clock.map(|day| Claim { rule: self.number, day, lines: self.own_lines() })
    }

    fn own_lines(&self) -> Lines {
        Lines::of(self.rule, self.dormant)
    }

    /// The first day after which, without another event, the customer is no longer active or
    /// at_risk: `i32::MAX` for never, `i32::MIN` when they are not even now.
    pub(crate) fn lapse_day(&self) -> i32 {
        if self.first_order.is_none() || self.withdrawn.is_some() || self.lost.is_some() {
            return i32::MIN;
        }
        let own = self.clock.map_or(i32::MIN, |day| day.saturating_add(self.dormant));
        let category = self.longest_awake.map_or(i32::MIN, |c| c.dormant_from());
        own.max(category).max(self.protected_to.saturating_add(1))
    }

    /// How the customer stands at the end of `day`.
    pub(crate) fn standing(&self, day: i32) -> Standing {
        let delivering = self.open > 0 && self.protected_to >= day;
        let own = self.own_claim();
        let awake = latest(own, self.longest_awake, Claim::dormant_from);
        let active = latest(own, self.longest_active, Claim::at_risk_from);
        let gate = self.gate.max(if self.protected_to < day {
            self.protected_to.saturating_add(1)
        } else {
            i32::MIN
        });
        let (state, since, claim) = match (awake, active) {
            (Some(awake), Some(active)) if self.first_order.is_some() => {
                if delivering || day < active.at_risk_from() {
                    (State::Active, None, Some(active))
                } else if day < awake.dormant_from() {
                    (State::AtRisk, Some(active.at_risk_from().max(gate)), Some(awake))
                } else {
                    (State::Dormant, Some(awake.dormant_from().max(gate)), Some(awake))
                }
            }
            _ => (State::Prospect, None, None),
        };
        let (state, since) = match (self.withdrawn, self.lost) {
            (Some(day), _) => (State::Withdrawn, Some(day)),
            (None, Some(day)) => (State::Lost, Some(day)),
            (None, None) => (state, since),
        };
        Standing {
            state,
            since,
            silent: claim.map(|c| day.saturating_sub(c.day)),
            lines: claim.map_or_else(|| self.own_lines(), |c| c.lines),
            rule: claim.map_or(self.number, |c| c.rule),
            delivering,
        }
    }
}

fn clamp(day: i64) -> i32 {
    day.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

fn keep(best: &mut Option<Claim>, claim: Claim, until: fn(&Claim) -> i32) {
    if best.is_none_or(|b| until(&b) <= until(&claim)) {
        *best = Some(claim);
    }
}

fn latest(a: Option<Claim>, b: Option<Claim>, until: fn(&Claim) -> i32) -> Option<Claim> {
    match (a, b) {
        (Some(x), Some(y)) if until(&x) < until(&y) => Some(y),
        (Some(x), _) => Some(x),
        (None, y) => y,
    }
}
