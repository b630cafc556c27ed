//! In: a shop's files, in any encoding, format and state of repair, and column maps.
//! Out: `model` items, each order whole and once, and what was refused with line, column and reason.
//! Never: a database, a decision about a customer, or more of a file in memory than it must.

mod access_log;
mod error;
mod field;
mod format;
pub mod identity;
mod input;
mod map;
mod normal;
mod open;
mod plan;
mod read;
mod row;
mod sources;
mod suggest;
mod survey;
pub mod typed;
mod upload;
mod words;

pub use access_log::{Hit, hit};
pub use error::Error;
pub use map::Map;
pub use open::{Options, open, open_bytes};
pub use read::{Entry, Reject};
pub use sources::{SourceInfo, sources};
pub use suggest::suggest_map;
pub use survey::Survey;
pub use upload::Upload;
