//! From sent to returned: what was seen of the treated, and how well it can be seen at all.

use crate::{Ask, Outcome, Share};
use model::{Arm, Channel};
use serde::{Deserialize, Serialize};

/// One thing that is counted per person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    Sent,
    Bounced,
    Delivered,
    Opened,
    Clicked,
    Responded,
    OptedOut,
    Complained,
    Returned,
}

impl Metric {
    pub const ALL: [Metric; 9] = [
        Metric::Sent,
        Metric::Bounced,
        Metric::Delivered,
        Metric::Opened,
        Metric::Clicked,
        Metric::Responded,
        Metric::OptedOut,
        Metric::Complained,
        Metric::Returned,
    ];

    pub const fn ja(self) -> &'static str {
        match self {
            Metric::Sent => "送信",
            Metric::Bounced => "不達",
            Metric::Delivered => "到達",
            Metric::Opened => "開封",
            Metric::Clicked => "クリック",
            Metric::Responded => "反応",
            Metric::OptedOut => "配信停止",
            Metric::Complained => "迷惑メール報告",
            Metric::Returned => "復帰",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Metric::Sent => "sent",
            Metric::Bounced => "bounced",
            Metric::Delivered => "delivered",
            Metric::Opened => "opened",
            Metric::Clicked => "clicked",
            Metric::Responded => "responded",
            Metric::OptedOut => "opted out",
            Metric::Complained => "complained",
            Metric::Returned => "returned",
        }
    }
}

/// How well something can be seen (M136).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    Measured,
    /// A stand-in: mail programs fetch pictures by themselves, a QR code stands for reading.
    Proxy,
    NotMeasurable,
    /// The shop chose not to.
    NotTracked,
}

impl Sight {
    pub const fn ja(self) -> &'static str {
        match self {
            Sight::Measured => "実測",
            Sight::Proxy => "代わりの指標",
            Sight::NotMeasurable => "測れません",
            Sight::NotTracked => "計測していません",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Sight::Measured => "measured",
            Sight::Proxy => "proxy",
            Sight::NotMeasurable => "not measurable",
            Sight::NotTracked => "not tracked",
        }
    }
}

/// One line of the funnel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FunnelRow {
    pub metric: Metric,
    pub sight: Sight,
    /// People, of those of the line it rests on (sent of treated, delivered of sent, opened of delivered;
    /// returned of all treated).
    pub people: Share,
    /// The same with what programs and scanners did.
    pub raw: u64,
}

pub(crate) fn funnel(outcomes: &[Outcome], ask: &Ask) -> Vec<FunnelRow> {
    let treated = || outcomes.iter().filter(|o| o.arm == Arm::Treated);
    let count = |of: &dyn Fn(&Outcome) -> bool| treated().filter(|o| of(o)).count() as u64;
    let all = treated().count() as u64;
    let (sent, delivered) = (count(&|o| o.answers.sent), count(&|o| o.answers.delivered));
    let row = |metric: Metric| {
        let hits = count(&|o| has(metric, o, ask));
        let (of, raw) = match metric {
            Metric::Sent | Metric::Returned => (all, hits),
            Metric::Bounced | Metric::Delivered => (sent, hits),
            Metric::Opened => (delivered, count(&|o| o.answers.opened_raw)),
            Metric::Clicked => (delivered, count(&|o| o.answers.clicked_raw)),
            Metric::Responded | Metric::OptedOut | Metric::Complained => (delivered, hits),
        };
        FunnelRow { metric, sight: sight(metric, ask), people: Share { hits, of }, raw: raw.max(hits) }
    };
    Metric::ALL.into_iter().map(row).collect()
}

fn has(metric: Metric, o: &Outcome, ask: &Ask) -> bool {
    match metric {
        Metric::Sent => o.answers.sent,
        Metric::Bounced => o.answers.bounced,
        Metric::Delivered => o.answers.delivered,
        Metric::Opened => o.answers.opened,
        Metric::Clicked => o.answers.clicked,
        Metric::Responded => o.answers.responded,
        Metric::OptedOut => o.answers.opted_out,
        Metric::Complained => o.answers.complained,
        Metric::Returned => o.returned(ask.window, ask.as_of_day),
    }
}

/// What a channel lets one see.
fn sight(metric: Metric, ask: &Ask) -> Sight {
    match (metric, ask.channel) {
        (Metric::Sent | Metric::Returned | Metric::Responded, _) => Sight::Measured,
        (Metric::Opened, Channel::Mail) if !ask.tracking.opens => Sight::NotTracked,
        (Metric::Opened, Channel::Mail | Channel::Line | Channel::Post) => Sight::Proxy,
        (Metric::Opened, _) => Sight::NotMeasurable,
        (Metric::Clicked, Channel::Phone) => Sight::NotMeasurable,
        (Metric::Clicked, _) if !ask.tracking.clicks => Sight::NotTracked,
        (Metric::Clicked, Channel::Post) => Sight::Proxy,
        // A mail that nobody sent back counts as arrived; a letter that did not come back, too.
        (Metric::Delivered, Channel::Mail | Channel::Post) => Sight::Proxy,
        (Metric::Delivered | Metric::Bounced, Channel::Ads) => Sight::NotMeasurable,
        (Metric::Complained, Channel::Mail) => Sight::Proxy,
        (Metric::Complained, Channel::Ads) => Sight::NotMeasurable,
        _ => Sight::Measured,
    }
}
