//! In: numbers, as slices of `f64`, with a seed where something is drawn.
//! Out: numbers: fits that say whether they converged, probabilities, ranks, intervals, tests.
//! Never: a word of the business, the clock, threads, files, or a default passed off as a fit.

pub mod calibrate;
pub mod descent;
pub mod draw;
pub mod lift;
pub mod logistic;
pub mod rank;
pub mod renewal;
pub mod repeat;
pub mod special;
pub mod trial;
