//! How one customer lives with the shop: when they order, pause, leave and come back.

use crate::dice::Dice;
use model::{Day, SubscriptionStatus};

/// How far back the shop's books go.
pub(crate) const YEARS_OF_BOOKS: i32 = 5;
const SPAN: i32 = YEARS_OF_BOOKS * 365;

/// What kind of buyer somebody truly is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Behaviour {
    /// Orders by an own rhythm and still does.
    Regular,
    /// Orders now and then and still does.
    Irregular,
    /// Ordered once, and that was it.
    OneTimer,
    /// 定期 that runs.
    Subscriber,
    /// 定期 that pauses.
    SubscriberPaused,
    /// 定期 that was cancelled; some go on buying singly.
    SubscriberCancelled,
    /// お中元 and お歳暮 only.
    Gift,
    /// Had a rhythm, then stopped for good.
    Lapsed,
    /// Was silent for long and came back.
    Returner,
    /// 退会.
    Withdrawn,
    /// Registered, never ordered.
    Prospect,
}

use Behaviour::*;

const SHARES: [(u32, Behaviour); 11] = [
    (150, Regular),
    (130, Irregular),
    (400, OneTimer),
    (50, Subscriber),
    (20, SubscriberPaused),
    (50, SubscriberCancelled),
    (60, Gift),
    (60, Lapsed),
    (30, Returner),
    (20, Withdrawn),
    (30, Prospect),
];

/// Share in 1,000 and days between orders of those who have a rhythm.
const RHYTHMS: [(u32, f64); 7] =
    [(50, 7.0), (80, 14.0), (350, 30.0), (270, 60.0), (150, 91.0), (70, 182.0), (30, 365.0)];
const LOOSE: [(u32, f64); 5] = [(20, 40.0), (30, 70.0), (25, 120.0), (15, 200.0), (10, 365.0)];
const INTERVALS: [(u32, f64); 4] = [(60, 30.0), (25, 60.0), (12, 90.0), (3, 182.0)];

impl Behaviour {
    /// Every type, in the order of `word`'s list in `truth.json`.
    pub const ALL: [Behaviour; 11] = [
        Regular,
        Irregular,
        OneTimer,
        Subscriber,
        SubscriberPaused,
        SubscriberCancelled,
        Gift,
        Lapsed,
        Returner,
        Withdrawn,
        Prospect,
    ];

    /// The word in `truth.csv`.
    pub const fn word(self) -> &'static str {
        match self {
            Regular => "regular",
            Irregular => "irregular",
            OneTimer => "one_timer",
            Subscriber => "subscriber",
            SubscriberPaused => "subscriber_paused",
            SubscriberCancelled => "subscriber_cancelled",
            Gift => "gift",
            Lapsed => "lapsed",
            Returner => "returner",
            Withdrawn => "withdrawn",
            Prospect => "prospect",
        }
    }

    pub(crate) fn subscribes(self) -> bool {
        matches!(self, Subscriber | SubscriberPaused | SubscriberCancelled)
    }
}

/// The subscription of somebody who has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub status: SubscriptionStatus,
    pub ended: Option<Day>,
    pub next: Option<Day>,
}

/// One customer's true life with the shop.
pub(crate) struct Life {
    pub behaviour: Behaviour,
    /// Days between orders; 0 for those who have no rhythm.
    pub rhythm: f64,
    pub registered: Day,
    /// The day after which they never order again; `None` while they still do.
    pub alive_until: Option<Day>,
    pub withdrawn: Option<Day>,
    pub plan: Option<Plan>,
    /// Ascending; a day may come twice.
    pub days: Vec<Day>,
}

impl Life {
    /// The life of customer `index`. `pace` multiplies how often people order; `buyers_only`
    /// turns those who never ordered into one-timers.
    pub fn of(seed: u64, index: u64, today: Day, pace: f64, buyers_only: bool) -> Life {
        let mut dice = Dice::new(seed, index, 1);
        let behaviour = match dice.weighted(&SHARES) {
            Prospect if buyers_only => OneTimer,
            behaviour => behaviour,
        };
        let first = today.plus(-1 - dice.between(0, SPAN - 1));
        let mut life = Life {
            behaviour,
            rhythm: 0.0,
            registered: first,
            alive_until: None,
            withdrawn: None,
            plan: None,
            days: Vec::new(),
        };
        match behaviour {
            Prospect => {}
            OneTimer => life.once(first),
            Regular | Irregular => life.keep_on(&mut dice, first, today, pace),
            Subscriber | SubscriberPaused | SubscriberCancelled => {
                life.subscribe(&mut dice, first, today, pace);
            }
            Gift => life.give(&mut dice, first, today),
            Lapsed | Withdrawn => life.stop(&mut dice, first, today, pace),
            Returner => life.come_back(&mut dice, today, pace),
        }
        life.registered = first.min(life.days.first().copied().unwrap_or(first));
        life
    }

    fn once(&mut self, day: Day) {
        self.days.push(day);
        self.alive_until = Some(day);
    }

    fn keep_on(&mut self, dice: &mut Dice, first: Day, today: Day, pace: f64) {
        if self.behaviour == Irregular {
            self.rhythm = (dice.weighted(&LOOSE) * (0.8 + 0.4 * dice.unit()) / pace).max(3.0);
            self.walk(dice, first, today, loose);
        } else {
            self.rhythm = (dice.weighted(&RHYTHMS) / pace).max(3.0);
            self.walk(dice, first, today, steady);
        }
    }

    fn subscribe(&mut self, dice: &mut Dice, first: Day, today: Day, pace: f64) {
        let interval = (dice.weighted(&INTERVALS) / pace).round().max(3.0);
        self.rhythm = interval;
        let end = match self.behaviour {
            Subscriber => today,
            SubscriberPaused => first.max(today.plus(-dice.between(20, 300))),
            _ => first.plus(dice.between(0, today.since(first).min(900))),
        };
        self.walk(dice, first, end, punctual);
        let last = self.days.last().copied().unwrap_or(first);
        let next = last.plus(interval as i32).max(today.plus(1));
        self.plan = Some(match self.behaviour {
            Subscriber => Plan { status: SubscriptionStatus::Running, ended: None, next: Some(next) },
            SubscriberPaused => Plan { status: SubscriptionStatus::Paused, ended: Some(end), next: None },
            _ => Plan { status: SubscriptionStatus::Cancelled, ended: Some(end), next: None },
        });
        if self.behaviour == SubscriberCancelled {
            self.after_cancelling(dice, end, today);
        }
    }

    /// A third buys on singly, at half the old pace.
    fn after_cancelling(&mut self, dice: &mut Dice, end: Day, today: Day) {
        if !dice.chance(0.35) {
            self.alive_until = Some(end);
            return;
        }
        self.rhythm *= 2.0;
        let from = end.plus(self.rhythm as i32);
        if from <= today {
            self.walk(dice, from, today, loose);
        }
    }

    fn give(&mut self, dice: &mut Dice, first: Day, today: Day) {
        let (summer, winter) = dice.weighted(&[(3, (0.0, 0.9)), (1, (0.9, 0.0)), (2, (0.85, 0.9))]);
        self.rhythm = if summer > 0.0 && winter > 0.0 { 182.0 } else { 365.0 };
        for year in first.ymd().0..=today.ymd().0 {
            let seasons = [(summer, 6, 20, 26), (winter, 11, 25, 26)];
            for (chance, month, day, length) in seasons {
                let day = Day::from_ymd(year, month, day).map(|d| d.plus(dice.between(0, length)));
                self.days.extend(day.filter(|d| dice.chance(chance) && *d >= first && *d <= today));
            }
        }
        if self.days.is_empty() {
            self.behaviour = OneTimer;
            self.rhythm = 0.0;
            self.once(first);
        }
    }

    fn stop(&mut self, dice: &mut Dice, first: Day, today: Day, pace: f64) {
        self.rhythm = (dice.weighted(&RHYTHMS) / pace).max(3.0);
        let room = today.since(first);
        let end = first.plus(dice.between(room / 4, room * 3 / 4));
        self.walk(dice, first, end, steady);
        let last = self.days.last().copied().unwrap_or(first);
        self.alive_until = Some(last);
        if self.behaviour == Withdrawn {
            let left = last.plus(dice.between(5, 60)).min(today);
            self.withdrawn = Some(left);
        }
    }

    fn come_back(&mut self, dice: &mut Dice, today: Day, pace: f64) {
        let first = today.plus(-dice.between(1_000, SPAN));
        self.rhythm = (dice.weighted(&RHYTHMS) / pace).max(3.0);
        let stopped = first.plus(dice.between(60, 400));
        let back = stopped.plus(dice.between(200, 500));
        self.walk(dice, first, stopped, steady);
        self.walk(dice, back, today, steady);
    }

    /// Orders from one day on until another, one in 200 of them twice a day.
    fn walk(&mut self, dice: &mut Dice, from: Day, until: Day, gap: fn(&mut Dice, f64) -> f64) {
        let mut day = from;
        while day <= until {
            self.days.push(day);
            if dice.chance(0.005) {
                self.days.push(day);
            }
            day = day.plus((gap(dice, self.rhythm).round() as i32).max(1));
        }
    }
}

fn steady(dice: &mut Dice, rhythm: f64) -> f64 {
    rhythm * (1.0 + 0.12 * dice.normal())
}

/// Two uniforms: a wide triangle from nothing to twice the rhythm.
fn loose(dice: &mut Dice, rhythm: f64) -> f64 {
    rhythm * (dice.unit() + dice.unit())
}

fn punctual(dice: &mut Dice, rhythm: f64) -> f64 {
    rhythm + f64::from(dice.between(-1, 1))
}

#[cfg(test)]
mod tests {
    use super::{Behaviour, Life, SubscriptionStatus};
    use model::Day;

    #[test]
    fn lives_keep_their_word() {
        let today = Day(20_779);
        let lives: Vec<Life> = (0..20_000).map(|i| Life::of(3, i, today, 1.0, false)).collect();
        for (i, life) in lives.iter().enumerate() {
            let last = life.days.last().copied();
            assert!(life.days.is_sorted() && last.is_none_or(|d| d <= today), "{i}");
            assert!(life.days.first().is_none_or(|d| *d >= life.registered), "{i}");
            assert!(life.alive_until.is_none_or(|end| last.is_some_and(|d| d <= end)), "{i}");
            assert_eq!(life.days.is_empty(), life.behaviour == Behaviour::Prospect, "{i}");
            assert_eq!(life.withdrawn.is_some(), life.behaviour == Behaviour::Withdrawn, "{i}");
            assert_eq!(life.plan.is_some(), life.behaviour.subscribes(), "{i}");
            let runs = life.plan.filter(|p| p.status == SubscriptionStatus::Running);
            assert!(runs.is_none_or(|p| p.next > Some(today) && p.ended.is_none()), "{i}");
        }
        let shares = Behaviour::ALL.map(|b| lives.iter().filter(|l| l.behaviour == b).count() / 200);
        assert!((38..44).contains(&shares[Behaviour::OneTimer as usize]), "{shares:?}");
        assert!(shares.iter().all(|s| *s >= 1), "{shares:?}");
    }
}
