//! In: what became of the treated and of the holdout of a campaign.
//! Out: the lift with its interval, money, cost, the funnel, and a verdict no stronger than the figures.
//! Never: a database, the clock, or a claim that the interval does not carry.

mod advice;
mod benchmarks;
mod compare;
mod funnel;
mod learn;
mod lift;
mod measure;
mod money;
mod outcome;
mod pressure;
mod target;
mod variants;
mod verdict;
mod words;

pub use advice::{Advice, advice};
pub use benchmarks::{BENCHMARKS, Benchmark, benchmarks};
pub use compare::{Comparison, compare};
pub use funnel::{FunnelRow, Metric, Sight};
pub use learn::{Belief, Evidence, Pooling, believe, evidence, pool};
pub use lift::{Lift, Method, WINDOWS, Window};
pub use measure::{KindLift, Measurement, measure};
pub use money::{CostPer, Gains};
pub use outcome::{Answers, Ask, Outcome, Share};
pub use pressure::{PressureClass, PressureTenth, pressure};
pub use stats::trial::Interval;
pub use target::{Standing, Target, targets};
pub use variants::{VariantResult, Variants};
pub use verdict::Verdict;
pub use words::{comparison, early, money, verdict};
