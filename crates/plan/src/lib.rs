//! In: cleared candidates with what they are worth, a budget, a share to hold out, a seed.
//! Out: for each of them treated, held out or skipped with the reason; and what the campaign can show.
//! Never: a database, the clock, ambient randomness, or a treated customer nobody can explain.

mod candidate;
mod cut;
mod draft;
mod entry;
mod forecast;
mod global;
mod lot;
mod own_hour;
mod words;

pub use candidate::{Ask, Candidate, Skip};
pub use draft::{Plan, draft};
pub use entry::entry;
pub use forecast::{Facing, Forecast, forecast};
pub use global::global_holdout;
pub use own_hour::own_hour;
pub use words::sayings;
