//! How often somebody hears from a newsletter, and when it grows quieter by itself (M092, M093).

use crate::{Day, words::words};
use serde::{Deserialize, Serialize};

/// How often.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    Weekly,
    Monthly,
    /// Not by mail any more; nobody asked for it, and any reaction brings it back.
    Resting,
    /// They said so.
    Stopped,
}
words!(Cadence {
    Weekly = "weekly", "週に1回", "once a week";
    Monthly = "monthly", "月に1回", "once a month";
    Resting = "resting", "お休み中", "resting";
    Stopped = "stopped", "停止", "stopped";
});

/// Days that lie between two weekly issues at least; a day short of a week, for an issue that was late.
const WEEK: i32 = 6;

impl Cadence {
    /// Whether an issue of a day is for somebody whose last one was on another.
    pub fn is_due(self, last: Option<Day>, on: Day) -> bool {
        let month = |day: Day| {
            let (year, month, _) = day.ymd();
            (year, month)
        };
        match (self, last) {
            (Cadence::Resting | Cadence::Stopped, _) => false,
            (_, None) => true,
            (Cadence::Weekly, Some(last)) => on.since(last) >= WEEK,
            (Cadence::Monthly, Some(last)) => month(on) > month(last),
        }
    }
}

/// A campaign whose mails are issues of the shop's newsletter. Its steps by other channels are for those
/// who rest from mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Newsletter {
    /// So many issues in a row without a reaction make it monthly.
    pub monthly_after: u32,
    /// So many make it rest.
    pub rest_after: u32,
}

impl Default for Newsletter {
    fn default() -> Newsletter {
        Newsletter { monthly_after: 6, rest_after: 12 }
    }
}

impl Newsletter {
    /// What somebody gets who asked for `wish` and did not react to the last `silent` issues.
    pub fn kept(&self, wish: Cadence, silent: u32) -> Cadence {
        match wish {
            Cadence::Stopped => Cadence::Stopped,
            _ if silent >= self.rest_after => Cadence::Resting,
            _ if silent >= self.monthly_after => Cadence::Monthly,
            _ => wish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M093: 6 silent mails -> monthly; 12 -> resting; a reaction (none silent) -> as wished.
    #[test]
    fn m093_silence_makes_it_quieter_and_a_reaction_brings_it_back() {
        let news = Newsletter::default();
        let kept = |wish| [0, 5, 6, 11, 12, 40].map(|silent| news.kept(wish, silent));
        use Cadence::*;
        assert_eq!(kept(Weekly), [Weekly, Weekly, Monthly, Monthly, Resting, Resting]);
        assert_eq!(kept(Monthly), [Monthly, Monthly, Monthly, Monthly, Resting, Resting]);
        assert_eq!(kept(Stopped), [Stopped; 6]);
    }

    #[test]
    fn m092_weekly_and_monthly_lists_are_due_as_set() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (cadence, last, on, due) in [
            (Cadence::Weekly, None, "2026-11-23", true),
            (Cadence::Weekly, Some("2026-11-23"), "2026-11-30", true),
            (Cadence::Weekly, Some("2026-11-24"), "2026-11-30", true),
            (Cadence::Weekly, Some("2026-11-26"), "2026-11-30", false),
            (Cadence::Monthly, None, "2026-11-30", true),
            (Cadence::Monthly, Some("2026-11-02"), "2026-11-30", false),
            (Cadence::Monthly, Some("2026-11-30"), "2026-12-07", true),
            (Cadence::Monthly, Some("2026-12-28"), "2027-01-04", true),
            (Cadence::Resting, None, "2026-11-23", false),
            (Cadence::Stopped, Some("2026-01-01"), "2026-11-23", false),
        ] {
            assert_eq!(cadence.is_due(last.map(day), day(on)), due, "{cadence:?} {last:?} {on}");
        }
    }
}
