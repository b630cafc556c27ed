//! Probabilities that mean what they say: recalibration, and checks of how far they do.

mod beta;
mod bins;
mod isotonic;
mod slope;

pub use beta::{Beta, Platt, beta, platt};
pub use bins::{Bin, bins};
pub use isotonic::{Band, Block, Isotonic, band, isotonic};
pub use slope::{Slope, slope_intercept};
