//! What visits are worth a word: dormant customers who came, and their place in the ranking.

use crate::{App, Settings};
use anyhow::Result;
use model::{Day, Saying, State};
use serde::Serialize;

/// Days for which a dormant customer's visit is told on the first page.
const TOLD_FOR: i32 = 7;

/// Dormant customers who came to the site: told on the first page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct VisitAlert {
    pub customers: u64,
    /// The segment of exactly those.
    pub condition: String,
    #[serde(flatten)]
    pub says: Saying,
}

/// Somebody who came lately.
#[derive(Clone, Debug, Serialize)]
pub struct VisitorRow {
    pub customer: i64,
    pub name: String,
    pub state: Option<State>,
    /// Unix seconds of the last visit.
    pub last: i64,
    pub visits: u64,
}

impl App {
    /// Dormant customers who came within a week; `None` where there are none.
    pub fn visit_alert(&self) -> Result<Option<VisitAlert>> {
        let snapshot = self.judged()?;
        let since = snapshot.as_of().plus(-TOLD_FOR);
        let condition = format!("state = 'dormant' and last_visit >= '{since}'");
        let customers = snapshot.select(&condition)?.len() as u64;
        Ok((customers > 0).then(|| VisitAlert {
            customers,
            condition,
            says: Saying {
                ja: format!(
                    "休眠の方が{customers}人、この{TOLD_FOR}日のあいだにサイトに来られました。いまが声をかける機会です。"
                ),
                en: format!(
                    "{customers} dormant came to the site within {TOLD_FOR} days: the moment to write to them."
                ),
            },
        }))
    }

    /// Who came since a day, whoever came last first.
    pub fn visitors(&self, days: u32, limit: usize) -> Result<Vec<VisitorRow>> {
        let found = self.inner.store.visitors(self.now() - i64::from(days) * 86_400, limit)?;
        let names = self.named(found.iter().map(|v| v.customer))?;
        let snapshot = self.judged()?;
        let row = |v: store::Visitor| VisitorRow {
            customer: v.customer,
            name: names.get(&v.customer).map(|n| n.1.clone()).unwrap_or_default(),
            state: snapshot.row(v.customer).map(|row| row.judgement.state),
            last: v.last,
            visits: v.visits,
        };
        Ok(found.into_iter().map(row).collect())
    }
}

impl Settings {
    /// From which day on a visit raises somebody's place; `None` where it never does.
    pub(crate) fn raised_from(&self, as_of: Day) -> Option<Day> {
        let days = i32::try_from(self.visits.raise_days).unwrap_or(i32::MAX);
        (self.visits.raise > 0.0 && days > 0).then(|| as_of.plus(-days))
    }

    /// By how much more a touch is expected to bring because of a visit: 1 without one, never more than
    /// `1 + visits.raise`.
    pub(crate) fn raised(&self, last_visit: Option<Day>, as_of: Day) -> f64 {
        match (self.raised_from(as_of), last_visit) {
            (Some(from), Some(day)) if day >= from => 1.0 + self.visits.raise,
            _ => 1.0,
        }
    }
}

/// What a visit adds to a reason; empty without one that counts.
pub(crate) fn visit_reason(settings: &Settings, last_visit: Option<Day>, as_of: Day) -> Option<Saying> {
    let factor = settings.raised(last_visit, as_of);
    let day = last_visit.filter(|_| factor > 1.0)?;
    let ago = as_of.since(day).max(0);
    let (ja, en) = match ago {
        0 => ("本日".to_owned(), "today".to_owned()),
        n => (format!("{n}日前に"), format!("{n} days ago")),
    };
    Some(Saying {
        ja: format!("{ja}サイトに来られたため、効き目を{factor:.1}倍と見ています。"),
        en: format!("Came to the site {en}, so a touch is taken to bring {factor:.1} times as much."),
    })
}
