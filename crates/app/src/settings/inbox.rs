//! How the shop answers what customers write to it.

use super::SettingFault;
use serde::{Deserialize, Serialize};

/// What customers write, and how soon it is to be answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inbox {
    /// Hours within which an answer is due; days on which the shop is closed do not count (M045).
    pub hours: u32,
    /// Who sees to complaints; empty: whoever takes them.
    pub owner: String,
    /// Whether the form is open to everybody; by a link in a letter it always is.
    pub open_form: bool,
}

impl Default for Inbox {
    fn default() -> Inbox {
        Inbox { hours: 24, owner: String::new(), open_form: true }
    }
}

impl Inbox {
    pub(super) fn faults(&self) -> Option<SettingFault> {
        let fits = (1..=240).contains(&self.hours);
        (!fits).then(|| SettingFault::new("inbox.hours", "1から240の時間を入れてください", "1 to 240 hours"))
    }
}
