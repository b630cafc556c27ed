//! How often the intervals of a measurement hold the truth, on made-up campaigns whose truth is known.
//!
//! `cargo run --release -p measurement --example coverage -- --seeds 1000`: per setting the coverage and the median
//! width of the primary interval (percentage points), how often the looks every ten days before the end missed at
//! least once, and the coverage of spend and profit where an interval was given.

#[path = "../tests/it/world.rs"]
mod world;

use measurement::{Interval, Method, measure};
use std::error::Error;
use std::io::Write;
use world::{WINDOW, World, ask};

/// How one interval did over all seeds.
#[derive(Default)]
struct Tally {
    held: u32,
    widths: Vec<f64>,
}

impl Tally {
    fn add(&mut self, interval: Interval, truth: f64) {
        self.held += u32::from(interval.holds(truth));
        self.widths.push(interval.high - interval.low);
    }

    fn coverage(&self) -> f64 {
        100.0 * f64::from(self.held) / self.widths.len().max(1) as f64
    }

    fn width(&mut self) -> f64 {
        self.widths.sort_by(f64::total_cmp);
        self.widths.get(self.widths.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

const fn world(n: usize, share: f64, rate: f64, lift: f64, whales: bool) -> World {
    World { n, share, rate, lift, whales }
}

const WORLDS: &[World] = &[
    world(200, 0.5, 0.05, 0.05, false),
    world(200, 0.2, 0.15, 0.0, false),
    world(1_000, 0.1, 0.05, 0.02, false),
    world(1_000, 0.3, 0.15, 0.05, false),
    world(2_000, 0.5, 0.01, 0.005, false),
    world(2_000, 0.2, 0.05, 0.02, false),
    world(5_000, 0.1, 0.01, 0.005, false),
    world(5_000, 0.1, 0.05, 0.0, false),
    world(5_000, 0.2, 0.10, 0.03, true),
    world(20_000, 0.1, 0.03, 0.005, false),
    world(20_000, 0.1, 0.10, 0.02, false),
    world(20_000, 0.5, 0.15, 0.02, true),
];

#[allow(clippy::disallowed_methods, reason = "a program of its own, of two words")]
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let seeds = match words.iter().position(|w| w == "--seeds") {
        Some(at) => words.get(at + 1).ok_or("--seeds N")?.parse()?,
        None => 1_000,
    };
    let mut out = std::io::stdout();
    writeln!(
        out,
        "     n share  rate  lift whales | primary  width adjusted | missed by a look | spend  width given | profit"
    )?;
    for w in WORLDS {
        let line = run(w, seeds);
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn run(w: &World, seeds: u64) -> String {
    let (mut primary, mut spend, mut profit) = (Tally::default(), Tally::default(), Tally::default());
    let (mut adjusted, mut missed) = (0, 0);
    for seed in 0..seeds {
        let outcomes = w.outcomes(seed);
        let m = measure(&outcomes, &ask(WINDOW));
        let lift = m.primary().and_then(|p| p.lift).expect("both arms");
        primary.add(lift.points, w.lift);
        adjusted += u64::from(lift.method == Method::Adjusted);
        if let Some(gains) = m.gains {
            let truth = w.gains(m.treated);
            spend.add(gains.spend, truth.0);
            profit.add(gains.profit, truth.1);
        }
        let out = |day: &i32| {
            let points =
                measure(&outcomes, &ask(*day)).primary().and_then(|p| p.lift).expect("both arms").points;
            !points.holds(w.lift * f64::from(*day) / f64::from(WINDOW))
        };
        missed += u32::from((10..WINDOW).step_by(10).any(|day| out(&day)));
    }
    let percent = |n: f64| 100.0 * n / seeds as f64;
    format!(
        "{:6} {:5.2} {:5.2} {:5.3} {:6} | {:5.1} % {:6.2} {:6.0} % | {:14.1} % | {:5.1} {:6.0}k {:3.0} % | {:5.1} %",
        w.n,
        w.share,
        w.rate,
        w.lift,
        w.whales,
        primary.coverage(),
        100.0 * primary.width(),
        percent(adjusted as f64),
        percent(f64::from(missed)),
        spend.coverage(),
        spend.width() / 1_000.0,
        percent(spend.widths.len() as f64),
        profit.coverage(),
    )
}
