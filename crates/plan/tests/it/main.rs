//! Plans: what must hold of every one of them, and what a forecast says before approval.

mod forecasts;
mod global;
mod nevers;
mod order;
