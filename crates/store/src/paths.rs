//! How the steps of a campaign stand, and exactly whose touches stand there.

use crate::db::{V, params};
use crate::touches::{listed, stored};
use crate::{Result, Store, StoredTouch};
use model::{Arm, CampaignState, ResponseKind, TouchState};

/// Which touches of a step are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtStep<'a> {
    /// In one of these states.
    In(&'a [TouchState]),
    /// In one of these states, by this rule.
    By(&'a [TouchState], &'a str),
    /// In one of these states, by any other rule.
    NotBy(&'a [TouchState], &'a str),
    /// Somebody opted out by it.
    OptedOut,
}

impl Store {
    /// Touches of each step by which somebody opted out. Costs what the shop's opt-outs are, not its touches.
    pub fn opt_outs_by_step(&self, campaign: i64) -> Result<Vec<(u16, u64)>> {
        // The cross join has SQLite begin with the few; the index's own words are repeated.
        let sql = format!(
            "SELECT t.step, COUNT(DISTINCT e.touch) FROM responses e CROSS JOIN touches t
             WHERE e.kind = {} AND t.id = e.touch AND t.campaign = ?1 GROUP BY t.step ORDER BY t.step",
            ResponseKind::OptOut.code()
        );
        self.db.read(|conn| {
            conn.all(&sql, params![campaign], |row| {
                Ok((u16::try_from(row.int(0)?).unwrap_or(u16::MAX), row.int(1)? as u64))
            })
        })
    }

    /// Approved campaigns by whose plan one person is treated, the newest first.
    pub fn treated_in(&self, customer: i64, limit: usize) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT c.id FROM assignments a JOIN campaigns c ON c.plan = a.plan
                   WHERE a.customer IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))
                   AND a.arm = ?2 AND c.state = ?3 ORDER BY c.id DESC LIMIT ?4";
        let (treated, approved) = (i64::from(Arm::Treated.code()), i64::from(CampaignState::Approved.code()));
        self.db.read(|conn| conn.all(sql, params![customer, treated, approved, limit], |row| row.int(0)))
    }

    /// Touches of a step that stand so, by number after `after`.
    pub fn touches_standing(
        &self,
        campaign: i64,
        step: u16,
        wanted: AtStep<'_>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredTouch>> {
        let of = match wanted {
            // The plus keeps SQLite from walking through the step: it begins with the few who opted out.
            AtStep::OptedOut => "+t.campaign = ?1 AND +t.step = ?2",
            _ => "t.campaign = ?1 AND t.step = ?2",
        };
        let (ask, rule) = match wanted {
            AtStep::In(states) => (among(states), None),
            AtStep::By(states, rule) => (format!("{} AND t.rule = ?5", among(states)), Some(rule)),
            AtStep::NotBy(states, rule) => (format!("{} AND t.rule <> ?5", among(states)), Some(rule)),
            AtStep::OptedOut => {
                let kind = ResponseKind::OptOut.code();
                (format!("t.id IN (SELECT e.touch FROM responses e WHERE e.kind = {kind})"), None)
            }
        };
        let sql = listed(&format!("{of} AND t.id > ?3 AND {ask} ORDER BY t.id LIMIT ?4"));
        let mut values = vec![V::from(campaign), i64::from(step).into(), after.into(), limit.into()];
        values.extend(rule.map(V::from));
        self.db.read(|conn| conn.all(&sql, &values, stored))
    }
}

fn among(states: &[TouchState]) -> String {
    let codes: Vec<String> = states.iter().map(|s| s.code().to_string()).collect();
    format!("t.state IN ({})", codes.join(","))
}
