//! In: one customer's history and timeline, and the shop's dormancy policy.
//! Out: state, stage, lines and when they began; every lapse and return; the reason in plain words.
//! Never: the clock, a random number, a database, or a claim about what a customer will do.

mod frames;
mod gaps;
mod judge;
mod lines;
mod reason;
mod walk;

pub use frames::{CpmCuts, Frames};
pub use judge::{Judge, Movement};
pub use reason::{Reason, reason};
pub use walk::GRACE_DAYS;
