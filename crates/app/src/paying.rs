//! Whom a touch is expected to pay for, as a segment and as a count.

use crate::{App, OutlookMode, RankQuery, Settings, lock};
use anyhow::Result;
use history::Snapshot;
use model::{Channel, Day, Type};
use std::sync::Arc;

/// Whom the ranking is about.
pub const QUIET: &str = "state in ('at_risk', 'dormant')";
/// Of these, left out: goods still at home; nothing known.
pub const STOCKED: &str = "stock_days is not null";
pub const UNKNOWN: &str = "p_return is null";

/// Channels that the board speaks of.
const TOLD: [Channel; 3] = [Channel::Mail, Channel::Post, Channel::Phone];

/// The segment of exactly those whom the ranking holds above its stop line, whoever may be reached.
pub fn paying(settings: &Settings, ask: &RankQuery, as_of: Day) -> String {
    // A profit is above zero from half a hundredth more than the cost.
    let need = settings.cost_of(ask.channel).as_f64() + 0.005;
    let gain = |lift: f64| format!("{lift} * value_if_returns >= {need}");
    let visited = settings.raised_from(as_of);
    let of = |kind: Type, long: bool| {
        let lift = settings.lift_of(ask.channel, kind, long);
        match visited {
            None => gain(lift),
            Some(day) => {
                let raised = (lift * settings.raised(Some(day), as_of)).min(1.0);
                format!("({} or (last_visit >= '{day}' and {}))", gain(lift), gain(raised))
            }
        }
    };
    let by_depth = |kind: Type| {
        format!("((not long_dormant and {}) or (long_dormant and {}))", of(kind, false), of(kind, true))
    };
    let by_type =
        format!("((type = 'b' and {}) or (type <> 'b' and {}))", by_depth(Type::B), by_depth(Type::A));
    // Nobody can be brought who would come anyway.
    let certain = format!("(1 - p_return) * value_if_returns >= {need}");
    let own = match ask.condition.trim() {
        "" => String::new(),
        own => format!(" and ({own})"),
    };
    format!("{QUIET} and stock_days is null and {by_type} and {certain}{own}")
}

/// The counts of one judgement under one set of terms.
pub(crate) struct Told {
    snapshot: Arc<Snapshot>,
    settings: Settings,
    counts: Vec<(Channel, u64)>,
}

impl App {
    /// How many a touch pays for, by mail, post and phone; empty where nothing can be expected of
    /// anybody.
    pub fn paying(&self) -> Result<Vec<(Channel, u64)>> {
        let (snapshot, settings) = (self.judged()?, self.settings()?);
        let mut held = lock(&self.inner.paying);
        let same = |t: &&Told| Arc::ptr_eq(&t.snapshot, &snapshot) && t.settings == settings;
        if let Some(told) = held.as_ref().filter(same) {
            return Ok(told.counts.clone());
        }
        let mut counts = vec![];
        if settings.outlook != OutlookMode::Off && !snapshot.select("p_return is not null")?.is_empty() {
            for channel in TOLD {
                let ask = RankQuery { channel, budget: None, reachable: false, condition: String::new() };
                counts.push((
                    channel,
                    snapshot.select(&paying(&settings, &ask, snapshot.as_of()))?.len() as u64,
                ));
            }
        }
        *held = Some(Told { snapshot, settings, counts: counts.clone() });
        Ok(counts)
    }
}
