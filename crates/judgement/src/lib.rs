//! In: customers' histories and timelines, and the shop's dormancy policy.
//! Out: state, stage, lines and why; who is likely to return, worth what, learned from the shop's own past.
//! Never: the clock, a random number, a database, or a claim about what a touch would do.

mod frames;
mod gaps;
mod judge;
mod lines;
pub mod outlook;
mod reason;
mod walk;

pub use frames::{CpmCuts, Frames};
pub use judge::{Judge, Movement};
pub use reason::{Reason, reason};
pub use walk::GRACE_DAYS;
