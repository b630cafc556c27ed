//! An hour and a minute in the shop's zone.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Minutes after midnight, 0..=1439; written `HH:MM`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `None` where there is no such time.
    pub const fn new(hour: u16, minute: u16) -> Option<TimeOfDay> {
        if hour < 24 && minute < 60 { Some(TimeOfDay(hour * 60 + minute)) } else { None }
    }

    /// Minutes after midnight.
    pub const fn minutes(self) -> i64 {
        self.0 as i64
    }
}

impl FromStr for TimeOfDay {
    type Err = String;
    fn from_str(text: &str) -> Result<TimeOfDay, String> {
        let parts = text.trim().split_once(':');
        let time = parts.and_then(|(h, m)| TimeOfDay::new(h.parse().ok()?, m.parse().ok()?));
        time.ok_or_else(|| format!("'{text}' is no time of day: write it as 10:00"))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;
    fn try_from(text: String) -> Result<TimeOfDay, String> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
