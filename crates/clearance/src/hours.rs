//! The hours at which a channel may be used, in the shop's zone.

use model::{Channel, TimeOfDay};
use serde::{Deserialize, Serialize};

const DAY: i64 = 24 * 60;

/// From one minute to the one before another; over midnight where `to` is not later than `from`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

impl Open {
    fn holds(self, minute: i64) -> bool {
        let (from, to) = (self.from.minutes(), self.to.minutes());
        if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

/// When each channel may be used; `None`: at any hour. The shop may set them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Open>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Open>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Open>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Open>,
}

impl Default for Hours {
    /// SMS (L-34) and calls (L-13) from nine to eight; nothing is said of mail and LINE.
    fn default() -> Hours {
        let daytime = between(9, 20);
        Hours { mail: None, sms: daytime, line: None, phone: daytime }
    }
}

fn between(from: u16, to: u16) -> Option<Open> {
    Some(Open { from: TimeOfDay::new(from, 0)?, to: TimeOfDay::new(to, 0)? })
}

impl Hours {
    /// Whether the channel may be used at this minute after midnight (0..=1439).
    pub fn open(&self, channel: Channel, minute: i64) -> bool {
        let set = match channel {
            Channel::Mail => self.mail,
            Channel::Sms => self.sms,
            Channel::Line => self.line,
            Channel::Phone => self.phone,
            // A letter and an advertisement are looked at when it suits their reader.
            Channel::Post | Channel::Ads => None,
        };
        // L-13: from nine in the evening to eight nobody is called, whatever the shop has set.
        let decent = channel != Channel::Phone || (8 * 60..21 * 60).contains(&minute);
        decent && set.is_none_or(|open| open.holds(minute))
    }

    /// Minutes to wait until the channel may be used, 0 where it may be now; `None` where the
    /// shop's hours leave no minute of the day.
    pub fn wait(&self, channel: Channel, minute: i64) -> Option<i64> {
        (0..DAY).find(|later| self.open(channel, (minute + later) % DAY))
    }

    /// The rule that closes the channel outside its hours.
    pub fn rule(channel: Channel) -> &'static str {
        match channel {
            Channel::Sms => "L-34",
            Channel::Phone => "L-13",
            _ => "quiet_hours",
        }
    }
}
