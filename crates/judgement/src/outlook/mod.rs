//! Who will come back if left alone, how likely, worth what, and when: learned from the shop's own past.

mod account;
mod backtest;
mod chance;
mod forecaster;
mod learn;
mod level;
mod past;
mod peers;
mod profit;
mod rows;
mod season;
mod signs;
mod trace;
mod tried;
mod why;
mod worth;

pub use backtest::{Backtest, Figure, Scope, Test};
pub use forecaster::Forecaster;
pub use learn::{Learned, Mode, learn};
pub use past::{Past, Plan};
pub use profit::{Profit, profit};
pub use trace::{Sequel, Trace};
pub use why::why;
