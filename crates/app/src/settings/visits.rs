//! Visits to the shop's site, and by which channel is advised.

use serde::{Deserialize, Serialize};

/// Visits to the shop's site (M023).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Visits {
    /// Whether the customers' door takes visits and hands out the script.
    pub on: bool,
    /// The shop's own hosts, apart by commas: pages on them may report visits, links of posts may lead to
    /// them. Empty: the host of `profile.site`.
    pub hosts: String,
    /// A visit is forgotten after so many days.
    pub keep_days: u32,
    /// For so many days a visit raises somebody's place in the ranking.
    pub raise_days: u32,
    /// By how much at most, on the day itself: 1 doubles what a touch is expected to bring; 0: not at all.
    pub raise: f64,
}

impl Default for Visits {
    fn default() -> Visits {
        Visits { on: false, hosts: String::new(), keep_days: 180, raise_days: 14, raise: 1.0 }
    }
}

/// By which channel somebody is best written to (M098, M100).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Advice {
    /// From this age on post is suggested where it pays; 0: never by age.
    pub post_from_age: u32,
}

impl Default for Advice {
    fn default() -> Advice {
        Advice { post_from_age: 60 }
    }
}
