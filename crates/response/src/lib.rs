//! In: what came back from the world: a signed token, a request, a bounce's meaning.
//! Out: which touch it belongs to, whether a person did it, and what it closes.
//! Never: a database, HTTP, the clock, or an opt-out that is forgotten.

mod base32;
mod meaning;
mod rules;
mod settle;
mod token;
mod verdict;

pub use meaning::{Effect, Past, Rate, SOFT_DAYS, SOFT_TIMES, meaning};
pub use rules::{RULES, RuleInfo, rule};
pub use settle::settle;
pub use token::{Key, Keys, Token};
pub use verdict::{Counts, HEAD, NEAR_MS, Ruling, TRAP, counts, judge};
