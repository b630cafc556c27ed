//! In: customers' histories and timelines, and the shop's dormancy policy.
//! Out: state, stage, lines and why; who is likely to return, worth what, learned from the shop's own past.
//! Never: the clock, a random number, a database, or a claim about what a touch would do.

mod advise;
mod frames;
mod gaps;
mod judge;
mod left_for;
mod lines;
mod next_goods;
pub mod outlook;
mod reason;
mod walk;

pub use advise::{Advised, Because, Known, Open, advise, advised};
pub use frames::{CpmCuts, Frames};
pub use judge::{Judge, Movement};
pub use left_for::{Hint, current, likely};
pub use next_goods::{NextFor, Pair, Pairing, next_goods};
pub use reason::{Reason, reason};
pub use walk::GRACE_DAYS;
