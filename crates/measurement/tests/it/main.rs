//! Measurements of campaigns whose truth is known, and what is said of them.

mod coverage;
mod figures;
mod funnel;
mod learning;
mod sentences;
mod variants;
mod world;
