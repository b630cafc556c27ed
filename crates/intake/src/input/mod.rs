//! From a path to records: unpacking, decoding, splitting, each with its limits.

mod encoding;
mod excel;
mod origin;
mod records;
mod text;

pub(crate) use encoding::{Encoding, detect};
pub(crate) use origin::{Input, inputs, inputs_of_bytes};
pub(crate) use records::{Record, Records};
pub(crate) use text::Text;

/// The longest record that is read: no shop writes a longer row, and an unclosed quote does.
pub(crate) const MAX_RECORD: usize = 1 << 20;
/// The most columns a table may have.
pub(crate) const MAX_COLUMNS: usize = 4096;
/// How much of a file is looked at to tell its encoding.
pub(crate) const SAMPLE: usize = 1 << 20;
