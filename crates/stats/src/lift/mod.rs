//! Who is moved by being touched: effect models on a randomised trial, and how well they order people.

mod learner;
mod qini;

pub use learner::{Trial, TwoModels, r_learner, t_learner};
pub use qini::{auuc, qini, qini_curve, qini_interval};
