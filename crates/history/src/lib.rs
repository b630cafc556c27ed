//! In: every customer's events, unordered, and what another stage thinks of each history.
//! Out: one row per customer as of a day, and any question (segment) about those rows.
//! Never: a name or an address, SQL against a database, or an opinion of its own.

mod bits;
mod columns;
mod error;
mod export;
mod files;
mod foresee;
mod movement;
mod outlooks;
mod parallel;
mod pass;
mod published;
mod reuse;
mod rows;
mod scores;
mod segment;
mod shard;
mod snapshot;
mod spill;
mod summarise;
mod table;
mod told;
mod totals;

pub use columns::{Columns, Fill};
pub use error::{BoxError, Error};
pub use export::write_parquet;
pub use files::{Lock, lock};
pub use foresee::foresee;
pub use movement::Month;
pub use pass::{Task, judge, visit};
pub use published::{ColumnInfo, columns};
pub use scores::{Cut, Cuts, Scores};
pub use segment::{SegmentError, check_condition};
pub use shard::Move;
pub use snapshot::{Row, Selection, Snapshot};
pub use summarise::summarise;
pub use told::Told;
pub use totals::{Count, Totals};
