//! Drafts a plan of a million made-up candidates and says how long it took; `million [CANDIDATES]`.

use model::Money;
use plan::{Ask, Candidate, draft};
use stats::draw::Draw;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

#[allow(clippy::disallowed_methods, reason = "a program of its own, of one word")]
fn main() -> Result<(), Box<dyn Error>> {
    let n: i64 = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let mut draw = Draw::new(1);
    let candidate = |customer| Candidate {
        customer,
        p_return: draw.beta(1.0, 15.0),
        lift: 0.005,
        cost: Money(50 + 10 * (customer % 3)),
        profit: Money(draw.below(100_000) as i64 - 20_000),
        refusal: (customer % 5 == 0).then_some("L-01"),
        destination: (customer / 2 * 2 + customer % 7 / 3) as u64,
        held_out: customer % 100 == 0,
    };
    let candidates: Vec<Candidate> = (0..n).map(candidate).collect();
    let ask = Ask {
        budget: Some(Money(n * 30)),
        top: None,
        paying: true,
        holdout: 0.1,
        variants: vec![0.5, 0.5],
        seed: 1,
    };
    let start = Instant::now();
    let plan = draft(candidates, &ask);
    let took = start.elapsed().as_secs_f64();
    let (treated, holdout) = (plan.treated, plan.holdout);
    writeln!(std::io::stdout(), "{n} candidates in {took:.2} s: {treated} treated, {holdout} held out")?;
    Ok(())
}
