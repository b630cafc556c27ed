//! Steps that fall due become touches, touches become letters, letters leave once.

mod balance;
mod clerk;
mod entering;
mod firing;
mod gates;
mod handing;
mod held;
mod journal;
mod letters;
mod lines;
mod pace;
mod reports;
mod trial;
mod worker;

pub use held::Held;
pub use worker::{Work, Worked};

pub(crate) use balance::{certain, told};
pub(crate) use firing::Asked;
pub(crate) use gates::Gates;
pub(crate) use journal::Journal;
pub(crate) use letters::{Desk, fields};
pub(crate) use trial::try_on;
