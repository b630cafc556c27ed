//! Whom post suits better than mail, and why (M098).

use crate::App;
use anyhow::Result;
use clearance::reach;
use model::{Arm, Channel, Day, Money, ReachFacts, StopReason};
use serde::Serialize;
use std::collections::BTreeMap;

/// From this age on post is read more than mail (source 003: 郵便物をこまめにチェックする層).
pub const ELDERLY: i32 = 60;
/// Customers looked at together.
const CHUNK: usize = 2_000;

/// Of a campaign's people whom post may reach, how many it suits, by reason; one may have several.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize)]
pub struct PostFit {
    /// Whom the campaign is for.
    pub people: u64,
    /// Whom post may reach.
    pub reachable: u64,
    /// Whom it suits for any reason.
    pub suited: u64,
    pub elderly: u64,
    /// Mail does not reach them: none known, or dead.
    pub unmailable: u64,
    /// Among the tenth that spent most.
    pub valuable: u64,
}

impl App {
    /// Whom of a campaign's treated (before there is a plan, of all it is for) post suits: 60歳以上, メール不達, 高額.
    pub fn suggest_post(&self, id: i64) -> Result<PostFit> {
        let snapshot = self.judged()?;
        let assigned = self.assigned(id)?;
        let treated =
            assigned.into_iter().filter(|(_, arm)| *arm == Arm::Treated).map(|(customer, _)| customer);
        let mut people: Vec<i64> = treated.collect();
        if people.is_empty() {
            let campaign = self.inner.store.campaign(id)?.campaign;
            people = self.whom(&campaign, &snapshot)?.into_iter().map(|(customer, _)| customer).collect();
        }
        let spend = |person: &i64| snapshot.row(*person).map_or(Money::ZERO, |row| row.history.spend);
        let mut spent: Vec<Money> = people.iter().map(spend).collect();
        spent.sort_unstable();
        let high = spent.get(spent.len() * 9 / 10).copied().unwrap_or(Money::ZERO);
        let today = self.today()?;
        let mut fit = PostFit { people: people.len() as u64, ..PostFit::default() };
        for some in people.chunks(CHUNK) {
            let records = self.inner.store.records_of(some)?;
            let mut facts: BTreeMap<i64, ReachFacts> = BTreeMap::new();
            self.reach_facts(Some(some), &mut |one| {
                facts.insert(one.customer, one);
            })?;
            for person in some {
                let Some(known) = facts.get(person).filter(|f| by_post(f)) else { continue };
                fit.reachable += 1;
                let born = records.get(person).and_then(|all| all.iter().find_map(|r| r.record.birthday));
                let reasons = [
                    born.is_some_and(|born| age(born, today) >= ELDERLY),
                    !known.has_email || known.stops.contains(&(Some(Channel::Mail), StopReason::BadAddress)),
                    high > Money::ZERO && spend(person) >= high,
                ];
                let counts = [&mut fit.elderly, &mut fit.unmailable, &mut fit.valuable];
                for (count, holds) in counts.into_iter().zip(reasons) {
                    *count += u64::from(holds);
                }
                fit.suited += u64::from(reasons.contains(&true));
            }
        }
        Ok(fit)
    }
}

/// Whether post may reach somebody.
fn by_post(facts: &ReachFacts) -> bool {
    reach(facts).iter().any(|(channel, verdict)| *channel == Channel::Post && verdict.is_ok())
}

/// Whole years.
pub(crate) fn age(born: Day, today: Day) -> i32 {
    let ((year, month, day), (y, m, d)) = (born.ymd(), today.ymd());
    y - year - i32::from((m, d) < (month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_whole_ones() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (born, today, years) in [
            ("1966-11-22", "2026-11-22", 60),
            ("1966-11-23", "2026-11-22", 59),
            ("1964-02-29", "2026-02-28", 61),
        ] {
            assert_eq!(age(day(born), day(today)), years, "{born}");
        }
    }
}
