//! One customer's events, summed up as of a day.

use model::{Day, EventKind, History, Money, SubscriptionState, Timeline};

/// The history of one customer from their events on or before `as_of`.
pub fn summarise(t: &Timeline, as_of: Day) -> History {
    Summary::default().of(t, as_of).to_history()
}

/// A history, with the gaps as whole numbers, so that nothing is lost when it is stored.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(crate) struct Sums {
    pub(crate) history: History,
    /// Days from the first to the last order of its own; invoices make no gaps.
    pub(crate) gap_sum: i32,
    /// Twice the median gap.
    pub(crate) gap_median2: i32,
}

impl Sums {
    pub(crate) fn to_history(self) -> History {
        let n = f64::from(self.history.n_gaps.max(1));
        History {
            gap_mean: f64::from(self.gap_sum) / n,
            gap_median: f64::from(self.gap_median2) / 2.0,
            ..self.history
        }
    }
}

/// Scratch space that is used again for every customer.
#[derive(Default)]
pub(crate) struct Summary {
    gaps: Vec<i32>,
}

/// Subscriptions have no name in a timeline, so they are counted.
#[derive(Default)]
struct Subscriptions {
    running: u32,
    paused: u32,
    ended: u32,
    next: i64,
}

impl Summary {
    pub(crate) fn of(&mut self, t: &Timeline, as_of: Day) -> Sums {
        let until = t.until(as_of);
        let mut h = History { customer: t.customer, ..History::default() };
        let mut subscriptions = Subscriptions::default();
        let mut last_own: Option<i32> = None;
        self.gaps.clear();
        for i in 0..until {
            let day = t.days[i];
            match EventKind::from_code(t.kinds[i]) {
                Some(EventKind::Order) => {
                    match last_own {
                        Some(last) if last != day => self.gaps.push(day.wrapping_sub(last)),
                        _ => {}
                    }
                    last_own = Some(day);
                    h.dealing(Day(day), t.amount(i), t.categories[i]);
                }
                Some(EventKind::Refund) => h.spend += t.amount(i),
                Some(EventKind::Invoice) => h.dealing(Day(day), t.amount(i), t.categories[i]),
                Some(kind) => h.other(kind, Day(day), t.values[i], &mut subscriptions),
                None => {}
            }
        }
        let (gap_sum, gap_median2) = self.rhythm(&mut h);
        Sums { history: h, gap_sum, gap_median2 }
    }

    /// Fills in number and spread of the gaps; returns their sum and twice their median.
    fn rhythm(&mut self, h: &mut History) -> (i32, i32) {
        let n = self.gaps.len();
        h.n_gaps = n as u32;
        if n == 0 {
            return (0, 0);
        }
        let sum: i64 = self.gaps.iter().map(|&g| i64::from(g)).sum();
        let squares: i64 = self.gaps.iter().map(|&g| i64::from(g) * i64::from(g)).sum();
        if n > 1 {
            // Exact: the days of a calendar bound n * squares far below 2^63.
            let over = n as i64 * squares - sum * sum;
            h.gap_sd = (over as f64 / (n as f64 * (n - 1) as f64)).sqrt();
        }
        (sum as i32, twice_median(&mut self.gaps))
    }
}

fn twice_median(gaps: &mut [i32]) -> i32 {
    let n = gaps.len();
    if n > 32 {
        gaps.sort_unstable();
    } else {
        // Most customers have few gaps: insertion beats the general sort.
        for i in 1..n {
            let (mut j, gap) = (i, gaps[i]);
            while j > 0 && gaps[j - 1] > gap {
                gaps[j] = gaps[j - 1];
                j -= 1;
            }
            gaps[j] = gap;
        }
    }
    gaps[(n - 1) / 2] + gaps[n / 2]
}

trait Take {
    fn dealing(&mut self, day: Day, amount: Money, categories: u32);
    fn other(&mut self, kind: EventKind, day: Day, value: i64, subscriptions: &mut Subscriptions);
}

impl Take for History {
    fn dealing(&mut self, day: Day, amount: Money, categories: u32) {
        self.first_order.get_or_insert(day);
        self.last_order = Some(day);
        self.n_orders += 1;
        self.spend += amount;
        if categories != 0 {
            self.last_categories = categories;
        }
        if self.competitor.is_some_and(|d| d < day) {
            self.competitor = None;
        }
        if self.dissatisfied.is_some_and(|d| d < day) {
            self.dissatisfied = None;
        }
    }

    fn other(&mut self, kind: EventKind, day: Day, value: i64, subscriptions: &mut Subscriptions) {
        match kind {
            EventKind::Order | EventKind::Refund | EventKind::Invoice => {}
            EventKind::Supply | EventKind::Stock => {}
            EventKind::Contact => self.last_contact = Some(day),
            EventKind::Visit => self.last_visit = Some(day),
            EventKind::Login => self.last_login = Some(day),
            EventKind::Use => self.last_use = Some(day),
            EventKind::Interest => self.last_interest = Some(day),
            EventKind::Advocacy => self.advocacy += 1,
            EventKind::ComplaintOpened => self.complaints_open += 1,
            EventKind::ComplaintClosed => self.complaints_open = self.complaints_open.saturating_sub(1),
            EventKind::Competitor => {
                self.competitor.get_or_insert(day);
            }
            EventKind::Dissatisfied => {
                self.dissatisfied.get_or_insert(day);
            }
            EventKind::Withdrawn => {
                self.withdrawn.get_or_insert(day);
            }
            EventKind::Rejoined => self.withdrawn = None,
            EventKind::Known => {
                self.flags = known(self.known_since, self.flags, value as u8);
                self.known_since.get_or_insert(day);
            }
            EventKind::SubscriptionRunning
            | EventKind::SubscriptionPaused
            | EventKind::SubscriptionCancelled => subscribe(self, kind, day, value, subscriptions),
        }
    }
}

/// Member or firm when any record says so; guest or mall only when every record does.
fn known(before: Option<Day>, flags: u8, new: u8) -> u8 {
    let any = (Timeline::MEMBER | Timeline::COMPANY) as u8;
    match before {
        None => new,
        Some(_) => ((flags | new) & any) | ((flags & new) & !any),
    }
}

fn subscribe(h: &mut History, kind: EventKind, day: Day, value: i64, s: &mut Subscriptions) {
    match kind {
        EventKind::SubscriptionRunning => {
            // Unknown is without end, so it outlasts every day.
            let next = if value == 0 { i64::MAX } else { value };
            s.next = if s.running == 0 { next } else { s.next.max(next) };
            s.running += 1;
        }
        EventKind::SubscriptionPaused => {
            s.running = s.running.saturating_sub(1);
            s.paused += 1;
        }
        _ if s.running > 0 => {
            s.running -= 1;
            s.ended += 1;
        }
        _ => {
            s.paused = s.paused.saturating_sub(1);
            s.ended += 1;
        }
    }
    let now = match (s.running, s.paused, s.ended) {
        (1.., _, _) => SubscriptionState::Running,
        (0, 1.., _) => SubscriptionState::Paused,
        _ => SubscriptionState::Cancelled,
    };
    if now != h.subscription {
        h.subscription_since = Some(day);
    }
    h.subscription = now;
    let next = i32::try_from(s.next).ok().map(Day);
    h.next_delivery = next.filter(|_| now == SubscriptionState::Running);
}
