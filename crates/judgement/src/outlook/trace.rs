//! What a customer's orders say as of a day, and what came after it.

use super::season::{MOST, season};
use model::{Day, EventKind, Timeline};

/// Days for which goods last at most.
const MOST_STOCK: i32 = 36_500;

/// One buyer as of a day. Several orders on a day are one occasion.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Trace {
    pub customer: i64,
    /// Occasions after the first.
    pub repeats: u32,
    /// Days from the first occasion to the last.
    pub span: i32,
    /// Days since the last occasion.
    pub silent: i32,
    pub orders: u32,
    /// In units of the currency; refunds taken off.
    pub spend: f64,
    /// ln of what the coming days' rate is multiplied with, by the seasons of earlier years.
    pub season: f64,
    /// The sum of the squared gaps.
    pub squares: f64,
}

/// What a buyer did in a stretch of days.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Sequel {
    pub orders: u32,
    /// In units of the currency.
    pub spend: f64,
}

impl Sequel {
    /// Whether they came back.
    pub fn returned(&self) -> bool {
        self.orders > 0
    }

    /// What came after `from`, up to and with `until`.
    pub fn of(t: &Timeline, from: Day, until: Day) -> Sequel {
        let occasion = occasion(t, until);
        let mut sequel = Sequel::default();
        for i in t.until(from)..t.until(until) {
            if t.kinds[i] == occasion {
                sequel.orders += 1;
                sequel.spend += t.amount(i).as_f64();
            }
        }
        sequel
    }
}

/// What counts as an occasion: orders, or invoices for somebody who has nothing else by then. (An
/// order that is also invoiced would count twice.)
fn occasion(t: &Timeline, until: Day) -> u8 {
    let order = EventKind::Order as u8;
    if t.kinds[..t.until(until)].contains(&order) { order } else { EventKind::Invoice as u8 }
}

impl Trace {
    /// The trace on `as_of`, from which `ahead` days are looked ahead; `None` for somebody who has
    /// not ordered by then.
    pub fn of(t: &Timeline, as_of: Day, ahead: i32) -> Option<Trace> {
        let occasion = occasion(t, as_of);
        let (mut first, mut last, mut newest) = (None, 0, [0; MOST]);
        let mut trace = Trace {
            customer: t.customer,
            repeats: 0,
            span: 0,
            silent: 0,
            orders: 0,
            spend: 0.0,
            season: 0.0,
            squares: 0.0,
        };
        for i in 0..t.until(as_of) {
            let (day, kind) = (t.days[i], t.kinds[i]);
            if kind == EventKind::Refund as u8 {
                trace.spend += t.amount(i).as_f64();
            }
            if kind != occasion {
                continue;
            }
            trace.orders += 1;
            trace.spend += t.amount(i).as_f64();
            match first {
                None => first = Some(day),
                Some(_) if day > last => {
                    trace.repeats += 1;
                    trace.squares += f64::from(day - last).powi(2);
                }
                Some(_) => continue,
            }
            last = day;
            newest[trace.repeats as usize % MOST] = as_of.0 - day;
        }
        let first = first?;
        trace.span = last - first;
        trace.silent = as_of.0 - last;
        trace.season = season(&newest[..MOST.min(trace.repeats as usize + 1)], ahead);
        Some(trace)
    }

    /// Days since the first order.
    pub fn age(&self) -> i32 {
        self.span + self.silent
    }

    /// Spread of the gaps as a share of their mean; 1, as chance would have it, with fewer than two.
    pub fn spread(&self) -> f64 {
        if self.repeats < 2 {
            return 1.0;
        }
        let n = f64::from(self.repeats);
        let mean = f64::from(self.span) / n;
        // One gap as chance has it stands beside the customer's own.
        let variance = (self.squares / n - mean * mean).max(0.0) / (mean * mean).max(1.0);
        ((variance * n + 1.0) / (n + 1.0)).sqrt()
    }

    /// Mean order, in units.
    pub fn mean_order(&self) -> f64 {
        self.spend / f64::from(self.orders.max(1))
    }
}

/// Days for which goods are left at least where a customer says so and nobody asked how many.
const SOME_LEFT: i32 = 30;

/// When the goods bought by `as_of` run out (M038): the same goods one after the other, different
/// goods side by side; a hundred years at most. What the customer says of them counts instead: so
/// many days from the day they said so; where they do not say how many, half of what was bought
/// last, a month at least, or as reckoned where that is longer. `None` where neither the product
/// master nor the customer says anything.
pub fn stock_until(t: &Timeline, as_of: Day) -> Option<Day> {
    let (supply, stock) = (EventKind::Supply as u8, EventKind::Stock as u8);
    let latest = as_of.plus(MOST_STOCK).0;
    // Goods, when they run out, and for how many days the last of them were.
    let mut ends: Vec<(u32, i32, i32)> = Vec::new();
    let mut counted = None;
    for i in (0..t.until(as_of)).filter(|i| t.kinds[*i] == supply || t.kinds[*i] == stock) {
        let days = i32::try_from(t.values[i].clamp(0, MOST_STOCK.into())).unwrap_or_default();
        let (goods, day) = (t.categories[i], t.days[i]);
        if t.kinds[i] == stock {
            let many = (t.values[i] >= 0).then_some(days);
            // Whoever said how many that day has said it all.
            if many.is_some() || counted != Some(day) {
                left(&mut ends, day, many);
            }
            counted = many.map_or(counted, |_| Some(day));
            continue;
        }
        match ends.iter_mut().find(|(of, ..)| *of == goods) {
            Some((_, end, last)) => (*end, *last) = ((day.max(*end) + days).min(latest), days),
            None => ends.push((goods, (day + days).min(latest), days)),
        }
    }
    ends.into_iter().map(|(_, end, _)| Day(end.min(latest))).max()
}

/// The customer says on a day that goods are left, for so many days if they say how many. Goods of which
/// nothing is known have no name.
fn left(ends: &mut Vec<(u32, i32, i32)>, day: i32, days: Option<i32>) {
    if ends.is_empty() {
        ends.push((0, day, 0));
    }
    for (_, end, last) in ends {
        *end = match days {
            Some(days) => day + days,
            None => (*end).max(day + SOME_LEFT.max(*last / 2)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events as (day, kind, value, goods); the day they run out as of day 100.
    fn until(events: &[(i32, EventKind, i64, u32)]) -> Option<i32> {
        let days: Vec<i32> = events.iter().map(|e| e.0).collect();
        let kinds: Vec<u8> = events.iter().map(|e| e.1 as u8).collect();
        let values: Vec<i64> = events.iter().map(|e| e.2).collect();
        let categories: Vec<u32> = events.iter().map(|e| e.3).collect();
        let t =
            Timeline { customer: 1, days: &days, kinds: &kinds, values: &values, categories: &categories };
        stock_until(&t, Day(100)).map(|day| day.0)
    }

    /// M038: two bottles of sixty days bought thirty days ago last ninety more; and what the customer says
    /// of them counts instead.
    #[test]
    fn what_is_left_is_reckoned_and_what_is_said_counts() {
        use EventKind::{Stock, Supply};
        let bought = (70, Supply, 120, 7);
        for (events, expected) in [
            (vec![bought], Some(190)),
            // Some are left: as reckoned, where that is longer.
            (vec![bought, (100, Stock, -1, 0)], Some(190)),
            (vec![bought, (100, Stock, 150, 0)], Some(250)),
            (vec![bought, (100, Stock, 0, 0)], Some(100)),
            // Reckoned to be used up long ago: half of what was bought last, a month at least.
            (vec![(-200, Supply, 120, 7), (100, Stock, -1, 0)], Some(160)),
            (vec![(-200, Supply, 20, 7), (100, Stock, -1, 0)], Some(130)),
            (vec![(100, Stock, -1, 0)], Some(130)),
            (vec![(100, Stock, 60, 0)], Some(160)),
            // Whoever said how many that day has said it all, in either order.
            (vec![bought, (100, Stock, 10, 0), (100, Stock, -1, 0)], Some(110)),
            (vec![bought, (100, Stock, -1, 0), (100, Stock, 10, 0)], Some(110)),
            // What is bought afterwards comes on top.
            (vec![(50, Supply, 30, 7), (60, Stock, 60, 0), (90, Supply, 30, 7)], Some(150)),
            (vec![(150, Stock, 60, 0)], None),
        ] {
            assert_eq!(until(&events), expected, "{events:?}");
        }
    }
}
