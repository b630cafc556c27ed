//! In: what is known of one customer's addresses, permissions and must-nots.
//! Out: per channel the permission with what it rests on, or the rule that refuses.
//! Never: a database, the clock, or a permission nobody can point to.

mod reach;
mod rules;

pub use reach::{Permission, reach};
pub use rules::{RULES, RuleInfo, rule};
