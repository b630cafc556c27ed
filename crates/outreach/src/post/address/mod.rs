//! A stored address taken apart, and its postal code checked against Japan Post's own list.

mod check;
mod directory;
mod split;

pub use check::{Checked, check};
pub use directory::{Directory, DirectoryError, Place};
pub use split::Address;
