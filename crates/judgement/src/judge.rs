//! A policy made ready, and the two questions one asks it.

use crate::{frames::Frames, lines::Lines, walk::Walk};
use model::{Clock, Day, EventKind, History, Judgement, Policy, Rule, State, Timeline};

/// How a customer moves between live (active or at_risk) and not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Movement {
    /// Live for the first time.
    New,
    /// No longer live: dormant, lost or withdrawn from this day on.
    Lapsed,
    /// Live again.
    Reactivated,
}

/// Number of the first category rule in `Judgement::rule`.
pub(crate) const FIRST_CATEGORY: u16 = 1001;

/// A policy made ready for many customers. Rules are numbered as in `Judgement::rule`.
///
/// Subscriptions carry no name on the timeline, so they are counted: one is open per
/// `SubscriptionRunning` not yet answered by a pause or a cancellation, and while one is open
/// the latest next delivery protects (unknown: without end; overdue: for 60 days more).
pub struct Judge<'a> {
    policy: &'a Policy,
    frames: Frames,
    /// Bit per `EventKind` that starts the clock.
    clocks: u32,
    /// Lines of the category rules, in the policy's order.
    categories: Vec<Lines>,
    /// Per category set its rules as a range of `ruled`.
    sets: Vec<(u32, u32)>,
    ruled: Vec<u16>,
}

impl<'a> Judge<'a> {
    /// With the usual frames. `category_sets[i]` are the categories of the set numbered `i`.
    pub fn new(policy: &'a Policy, category_sets: &[Vec<String>]) -> Judge<'a> {
        Judge::with_frames(policy, category_sets, Frames::default())
    }

    /// With the shop's own numbers for stages, CPM and silent categories.
    pub fn with_frames(policy: &'a Policy, category_sets: &[Vec<String>], frames: Frames) -> Judge<'a> {
        let clocks = policy.clock.iter().fold(0, |bits, clock| {
            bits | match clock {
                Clock::Order => bit(EventKind::Order),
                Clock::Use => bit(EventKind::Use),
                Clock::Contact => bit(EventKind::Contact),
                Clock::Login => bit(EventKind::Login),
            }
        });
        let categories = policy.categories.iter().map(|c| Lines::of_category(c, &policy.default)).collect();
        let (mut sets, mut ruled) = (Vec::with_capacity(category_sets.len()), Vec::new());
        for set in category_sets {
            let from = ruled.len() as u32;
            let rules = (FIRST_CATEGORY..).zip(&policy.categories);
            ruled.extend(rules.filter(|(_, r)| set.contains(&r.category)).map(|(number, _)| number));
            sets.push((from, ruled.len() as u32));
        }
        Judge { policy, frames, clocks, categories, sets, ruled }
    }

    /// What we think of the customer at the end of `as_of`. `h` is their history as of that day;
    /// of `t` later events are left out. `segment_rule` is the number (from 1) of the first
    /// segment rule that holds for them.
    ///
    /// With an empty `t` the history speaks alone, which is enough to count states: category
    /// rules then see the last order's categories only, and `since` is left out for active.
    pub fn judge(&self, h: &History, t: &Timeline, segment_rule: Option<u16>, as_of: Day) -> Judgement {
        let mut began = None;
        let walk = match t.days {
            [] => Walk::ended(self, self.number(segment_rule), h),
            _ => self.walk(t, t.until(as_of), segment_rule, &mut |movement, day| {
                began = if movement == Movement::Lapsed { None } else { Some(day) };
            }),
        };
        let now = walk.standing(as_of.0);
        let (cpm, cpm_gone) = self.frames.cpm(h, as_of);
        let since = match now.state {
            State::Active => began,
            State::Prospect => h.known_since,
            _ => now.since.map(Day),
        };
        Judgement {
            customer: h.customer,
            state: now.state,
            since,
            stage: self.frames.stage(h, cpm, as_of),
            silent: now.silent,
            at_risk_line: now.lines.at_risk,
            dormant_line: now.lines.dormant,
            rule: now.rule,
            long_dormant: now.state == State::Dormant && now.silent >= Some(now.lines.long),
            silent_category: self.frames.silent(h, now.delivering, as_of),
            kind: self.frames.kind(h),
            cpm,
            cpm_gone,
        }
    }

    /// Tells every change between live (active, at_risk) and not, in the order of days, as
    /// `judge` would see it at the end of each day. The last lapse may lie after the last event,
    /// so cut at the day of interest. The segment rule is the one that holds for the customer
    /// today: whether it held in the past is not asked.
    pub fn movement(&self, t: &Timeline, segment_rule: Option<u16>, each: &mut dyn FnMut(Movement, Day)) {
        let mut live = false;
        let walk = self.walk(t, t.days.len(), segment_rule, &mut |movement, day| {
            live = movement != Movement::Lapsed;
            each(movement, day);
        });
        let lapse = walk.lapse_day();
        if live && lapse < i32::MAX {
            each(Movement::Lapsed, Day(lapse));
        }
    }

    /// Takes in the first `n` events; `each` hears the movements up to the day of the last one.
    fn walk(
        &self,
        t: &Timeline,
        n: usize,
        segment_rule: Option<u16>,
        each: &mut impl FnMut(Movement, Day),
    ) -> Walk<'_> {
        let mut walk = Walk::new(self, self.number(segment_rule));
        let (mut live, mut ever, mut lapse, mut i) = (false, false, i32::MIN, 0);
        while i < n {
            let day = t.days[i];
            if live && lapse < day {
                each(Movement::Lapsed, Day(lapse));
                live = false;
            }
            while i < n && t.days[i] == day {
                walk.take(t, i);
                i += 1;
            }
            lapse = walk.lapse_day();
            match (live, lapse > day) {
                (true, false) => each(Movement::Lapsed, Day(day)),
                (false, true) if ever => each(Movement::Reactivated, Day(day)),
                (false, true) => each(Movement::New, Day(day)),
                _ => {}
            }
            live = lapse > day;
            ever |= live;
        }
        walk
    }

    fn number(&self, segment_rule: Option<u16>) -> u16 {
        let known = self.policy.segments.len().min(usize::from(FIRST_CATEGORY) - 1);
        segment_rule.filter(|&n| usize::from(n) <= known).unwrap_or(0)
    }

    pub(crate) fn rule(&self, number: u16) -> &Rule {
        let segment = usize::from(number).checked_sub(1).and_then(|i| self.policy.segments.get(i));
        segment.map_or(&self.policy.default, |s| &s.rule)
    }

    pub(crate) fn starts_clock(&self, kind: EventKind) -> bool {
        self.clocks & bit(kind) != 0
    }

    /// The numbers of the category rules that hold for a category set.
    pub(crate) fn rules_of_set(&self, set: u32) -> &[u16] {
        match self.sets.get(set as usize) {
            Some(&(from, to)) => &self.ruled[from as usize..to as usize],
            None => &[],
        }
    }

    pub(crate) fn category_lines(&self, rule: u16) -> Lines {
        self.categories[usize::from(rule - FIRST_CATEGORY)]
    }
}

const fn bit(kind: EventKind) -> u32 {
    1 << kind as u32
}
