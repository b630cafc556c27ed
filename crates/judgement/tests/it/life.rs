//! A customer's life in a few words, its history the slow and plain way, and an oracle of states.

use judgement::{GRACE_DAYS, Judge};
use model::{
    CategoryRule, Clock, Day, EventKind as K, History, Judgement, Policy, Rule, SegmentRule, State,
    SubscriptionState, Timeline,
};

/// (day, kind, value, category set)
pub type Row = (i32, K, i64, u32);

pub struct Life {
    rows: Vec<Row>,
    days: Vec<i32>,
    kinds: Vec<u8>,
    values: Vec<i64>,
    sets: Vec<u32>,
}

/// 0 none known, 1 food, 2 appliance, 3 both, 4 something without a rule.
pub fn sets() -> Vec<Vec<String>> {
    [&[][..], &["food"], &["appliance"], &["appliance", "food"], &["book"]]
        .map(|set| set.iter().map(|c| c.to_string()).collect())
        .into()
}

pub fn fixed(at_risk: i32, dormant: i32) -> Policy {
    Policy::fixed("test", at_risk, dormant)
}

pub fn clocks(policy: Policy, clock: &[Clock]) -> Policy {
    Policy { clock: clock.to_vec(), ..policy }
}

/// Food goes dormant after 120 days, appliances after 365 (M005).
pub fn by_category(policy: Policy) -> Policy {
    let of = |category: &str, at_risk, dormant| CategoryRule { category: category.into(), at_risk, dormant };
    Policy { categories: vec![of("food", 60, 120), of("appliance", 300, 365)], ..policy }
}

pub fn with_segment(policy: Policy, rule: Rule) -> Policy {
    let segment = SegmentRule { name: "法人".into(), condition: "company".into(), rule };
    Policy { segments: vec![segment], ..policy }
}

impl Life {
    pub fn new(mut rows: Vec<Row>) -> Life {
        rows.sort_by_key(|r| (r.0, r.1));
        Life {
            days: rows.iter().map(|r| r.0).collect(),
            kinds: rows.iter().map(|r| r.1 as u8).collect(),
            values: rows.iter().map(|r| r.2).collect(),
            sets: rows.iter().map(|r| r.3).collect(),
            rows,
        }
    }

    /// Orders of 1,000 yen on these days.
    pub fn orders(days: &[i32]) -> Life {
        Life::new(days.iter().map(|&d| (d, K::Order, 100_000, 0)).collect())
    }

    pub fn and(self, day: i32, kind: K, value: i64) -> Life {
        let mut rows = self.rows;
        rows.push((day, kind, value, 0));
        Life::new(rows)
    }

    pub fn timeline(&self) -> Timeline<'_> {
        let (days, kinds, values, categories) = (&self.days, &self.kinds, &self.values, &self.sets);
        Timeline { customer: 7, days, kinds, values, categories }
    }

    pub fn judge(&self, policy: &Policy, segment: Option<u16>, as_of: i32) -> Judgement {
        Judge::new(policy, &sets()).judge(&self.history(as_of), &self.timeline(), segment, Day(as_of))
    }

    fn until(&self, day: i32) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |r| r.0 <= day)
    }

    fn last(&self, kinds: &[K], day: i32) -> Option<i32> {
        self.until(day).filter(|r| kinds.contains(&r.1)).map(|r| r.0).max()
    }

    fn orders_until(&self, day: i32) -> Vec<&Row> {
        self.until(day).filter(|r| matches!(r.1, K::Order | K::Invoice)).collect()
    }

    fn gaps(&self, day: i32) -> Vec<i32> {
        let mut days: Vec<i32> = self.until(day).filter(|r| r.1 == K::Order).map(|r| r.0).collect();
        days.dedup();
        let mut gaps: Vec<i32> = days.windows(2).map(|w| w[1] - w[0]).collect();
        gaps.sort_unstable();
        gaps
    }

    fn mean(&self, day: i32) -> Option<f64> {
        let gaps = self.gaps(day);
        (!gaps.is_empty()).then(|| f64::from(gaps.iter().sum::<i32>()) / gaps.len() as f64)
    }

    fn median(&self, day: i32) -> Option<f64> {
        let gaps = self.gaps(day);
        let n = gaps.len();
        (n > 0).then(|| f64::from(gaps[(n - 1) / 2] + gaps[n / 2]) / 2.0)
    }

    fn lost(&self, day: i32, kind: K) -> Option<i32> {
        let ordered = self.last(&[K::Order, K::Invoice], day).unwrap_or(i32::MIN);
        self.until(day).filter(|r| r.1 == kind && r.0 >= ordered).map(|r| r.0).next()
    }

    fn withdrawn(&self, day: i32) -> Option<i32> {
        let back = self.until(day).filter(|r| r.1 == K::Rejoined).last();
        self.until(day).find(|r| r.1 == K::Withdrawn && back.is_none_or(|b| b.0 < r.0)).map(|r| r.0)
    }

    /// Starts of the subscriptions since none was open, while one is.
    fn running(&self, day: i32) -> Vec<&Row> {
        let (mut open, mut starts) = (0, vec![]);
        for row in self.until(day) {
            match row.1 {
                K::SubscriptionRunning => {
                    open += 1;
                    starts.push(row);
                }
                K::SubscriptionPaused | K::SubscriptionCancelled => open = 0.max(open - 1),
                _ => {}
            }
            if open == 0 {
                starts.clear();
            }
        }
        starts
    }

    pub fn history(&self, as_of: i32) -> History {
        let orders = self.orders_until(as_of);
        let day = |kind: K| self.last(&[kind], as_of).map(Day);
        let ended = [K::SubscriptionPaused, K::SubscriptionCancelled];
        let subscription = match self.until(as_of).filter(|r| ended.contains(&r.1)).last() {
            _ if !self.running(as_of).is_empty() => SubscriptionState::Running,
            Some((_, K::SubscriptionPaused, ..)) => SubscriptionState::Paused,
            Some(_) => SubscriptionState::Cancelled,
            None => SubscriptionState::None,
        };
        let next: Vec<i32> = self.running(as_of).iter().map(|r| r.2 as i32).collect();
        let next = next.iter().max().filter(|_| !next.contains(&0));
        History {
            customer: 7,
            first_order: orders.first().map(|r| Day(r.0)),
            last_order: orders.last().map(|r| Day(r.0)),
            n_orders: orders.len() as u32,
            spend: orders.iter().map(|r| model::Money(r.2)).sum(),
            n_gaps: self.gaps(as_of).len() as u32,
            gap_mean: self.mean(as_of).unwrap_or(0.0),
            gap_median: self.median(as_of).unwrap_or(0.0),
            last_contact: day(K::Contact),
            last_login: day(K::Login),
            last_use: day(K::Use),
            last_interest: day(K::Interest),
            advocacy: self.until(as_of).filter(|r| r.1 == K::Advocacy).count() as u32,
            known_since: day(K::Known),
            withdrawn: self.withdrawn(as_of).map(Day),
            competitor: self.lost(as_of, K::Competitor).map(Day),
            dissatisfied: self.lost(as_of, K::Dissatisfied).map(Day),
            subscription,
            next_delivery: next.map(|&n| Day(n)),
            ..History::default()
        }
    }

    /// The state by the words of the requirements, from scratch.
    pub fn state(&self, policy: &Policy, segment: Option<u16>, day: i32) -> State {
        if self.withdrawn(day).is_some() {
            return State::Withdrawn;
        }
        if self.lost(day, K::Competitor).or(self.lost(day, K::Dissatisfied)).is_some() {
            return State::Lost;
        }
        let protects = |r: &&Row| r.2 == 0 || (r.2 as i32 + GRACE_DAYS >= r.0.max(day));
        match self.orders_until(day) {
            orders if orders.is_empty() => State::Prospect,
            _ if self.running(day).iter().any(protects) => State::Active,
            orders => self.claims(policy, segment, &orders, day).min().expect("an order makes a claim"),
        }
    }

    /// What each clock says; the smallest is the liveliest.
    fn claims(
        &self,
        policy: &Policy,
        segment: Option<u16>,
        orders: &[&Row],
        day: i32,
    ) -> impl Iterator<Item = State> {
        let own =
            self.lines(segment.map_or(&policy.default, |_| &policy.segments[0].rule), orders.len(), day);
        let mut claims = vec![];
        for (i, order) in orders.iter().enumerate() {
            let names = &sets()[order.3 as usize];
            let rules = policy.categories.iter().filter(|c| segment.is_none() && names.contains(&c.category));
            let ruled: Vec<_> = rules.map(|c| (order.0, (c.at_risk, c.dormant))).collect();
            if ruled.is_empty() && (i == 0 || policy.clock.contains(&Clock::Order)) {
                claims.push((order.0, own));
            }
            claims.extend(ruled);
        }
        for (clock, kind) in [(Clock::Use, K::Use), (Clock::Contact, K::Contact), (Clock::Login, K::Login)] {
            if policy.clock.contains(&clock) {
                claims.extend(self.last(&[kind], day).map(|last| (last, own)));
            }
        }
        claims.into_iter().map(move |(last, (at_risk, dormant))| match day - last {
            silent if silent >= dormant => State::Dormant,
            silent if silent >= at_risk => State::AtRisk,
            _ => State::Active,
        })
    }

    fn lines(&self, rule: &Rule, n_orders: usize, day: i32) -> (i32, i32) {
        match *rule {
            Rule::FixedDays { at_risk, dormant, .. } => (at_risk, dormant),
            Rule::OwnCycle { k, floor, ceiling, least_orders, at_risk_share, fallback, .. } => {
                let dormant = match self.median(day) {
                    Some(gap) if n_orders >= least_orders as usize => {
                        (1..).find(|&d| f64::from(d) > k * gap).unwrap_or(ceiling).clamp(floor, ceiling)
                    }
                    _ => fallback,
                };
                (((at_risk_share * f64::from(dormant)).ceil() as i32).max(1), dormant)
            }
        }
    }
}
