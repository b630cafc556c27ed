//! A made-up campaign whose truth is known.

use measurement::{Answers, Ask, Outcome};
use model::{Arm, Channel, Money, Tracking, Type};
use stats::draw::Draw;

/// The primary window of all of them.
pub const WINDOW: i32 = 90;
/// What stays of the spend.
pub const MARGIN: f64 = 0.3;
/// What a touch costs, in units.
pub const COST: i64 = 5;

/// What is true of a campaign.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub n: usize,
    /// Held out, 0..1.
    pub share: f64,
    /// Mean probability of a return if left alone; customers differ widely.
    pub rate: f64,
    /// What a touch adds to it.
    pub lift: f64,
    /// Whether one order in a thousand is fifty times the usual.
    pub whales: bool,
}

impl World {
    /// The mean of an order: lognormal, median 5,000, sigma 0.8.
    fn order(&self) -> f64 {
        5_000.0 * (0.5f64 * 0.8 * 0.8).exp() * if self.whales { 1.0 + 0.001 * 49.0 } else { 1.0 }
    }

    /// The true spend and profit that a campaign with so many treated brings.
    pub fn gains(&self, treated: u64) -> (f64, f64) {
        let spend = treated as f64 * self.lift * self.order();
        (spend, spend * MARGIN - treated as f64 * COST as f64)
    }

    /// Everybody's outcome: drawn in strata of like p_return as `plan` does, returns even over the window.
    pub fn outcomes(&self, seed: u64) -> Vec<Outcome> {
        let mut draw = Draw::new(seed);
        let mut chances: Vec<f64> =
            (0..self.n).map(|_| draw.beta(1.0, (1.0 - self.rate) / self.rate)).collect();
        chances.sort_by(f64::total_cmp);
        let held = (self.share * self.n as f64).round() as usize;
        let strata = (held / 5).clamp(1, 10);
        let edge = |s: usize, of: usize| s * of / strata;
        let mut outcomes = vec![];
        for s in 0..strata {
            let people = &chances[edge(s, self.n)..edge(s + 1, self.n)];
            let mut arms = vec![Arm::Treated; people.len()];
            arms[..edge(s + 1, held) - edge(s, held)].fill(Arm::Holdout);
            draw.shuffle(&mut arms);
            for (p, arm) in people.iter().zip(arms) {
                outcomes.push(self.outcome(*p, arm, s as u16, &mut draw));
            }
        }
        outcomes
    }

    fn outcome(&self, p: f64, arm: Arm, stratum: u16, draw: &mut Draw) -> Outcome {
        let treated = arm == Arm::Treated;
        let returned = draw.chance(p + if treated { self.lift } else { 0.0 });
        let day = draw.below(WINDOW as usize) as i32;
        let size = if self.whales && draw.chance(0.001) { 50.0 } else { 1.0 };
        let order = size * 5_000.0 * (0.8 * draw.normal()).exp();
        let units = |n: f64| Money((n * 100.0).round() as i64);
        Outcome {
            arm,
            variant: 0,
            stratum,
            kind: if p > self.rate { Type::B } else { Type::A },
            p_return: p,
            returned_day: returned.then_some(day),
            spend: if returned { units(order) } else { Money::ZERO },
            profit: if returned { units(MARGIN * order) } else { Money::ZERO },
            cost: if treated { Money::units(COST) } else { Money::ZERO },
            reached_by_others: false,
            answers: Answers { sent: treated, delivered: treated, ..Answers::default() },
        }
    }
}

/// The usual question, so many days after the start.
pub fn ask(as_of_day: i32) -> Ask {
    Ask {
        channel: Channel::Mail,
        window: WINDOW,
        as_of_day,
        level: 0.95,
        acquisition_cost: Some(Money::units(8_000)),
        tracking: Tracking { clicks: true, opens: true },
        seed: 7,
    }
}
