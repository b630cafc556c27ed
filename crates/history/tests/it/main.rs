//! Columns, snapshots and segments from outside, against plain and slow ways to say the same.

mod cdnow;
mod columns;
mod export;
mod foresee;
mod helper;
mod segments;
mod snapshot;
mod summary;
