//! People who speak for a company.

use crate::words::words;
use serde::{Deserialize, Serialize};

/// Whether somebody still has the post they had.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    InPlace,
    /// Works in another department now.
    Moved,
    /// Has left the company.
    Retired,
}
words!(PostState {
    InPlace = "in_place", "在籍", "in place";
    Moved = "moved", "異動", "moved";
    Retired = "retired", "退職", "retired";
});
