//! Logistic and linear regression with a ridge penalty, standardised inside, the penalty chosen on rows held out.

mod chosen;
mod design;
mod leaning;
mod matrix;
mod newton;
mod ridge;

pub use chosen::{Chosen, fit_chosen, fit_chosen_in};
pub use design::Linear;
pub use leaning::{Leaning, lean};
pub use newton::{Fit, Logistic, fit};
pub use ridge::{RidgeFit, ridge};

/// ln(p / (1 - p)), p kept 1e-12 away from 0 and 1; 0 for what is no number.
pub fn logit(p: f64) -> f64 {
    let p = if p.is_nan() { 0.5 } else { p.clamp(1e-12, 1.0 - 1e-12) };
    (p / (1.0 - p)).ln()
}
