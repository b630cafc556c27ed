//! The suite of `stats`: published and reference values, simulate-and-recover, degenerate input.

mod reference;

mod degenerate;
mod fits;
mod identities;
mod leaning;
mod lifts;
mod ranks;
mod recover;
mod special;
mod strata;
mod trials;
