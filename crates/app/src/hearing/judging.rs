//! Who opened and clicked: judged after the answer was given, and again when somebody near is found out.

use crate::App;
use anyhow::Result;
use model::{Response, TouchState, Verdict};
use response::{NEAR_MS, Ruling, TRAP, judge};

/// Most responses of one touch, and most clicks of its network within the minute of a sweep, that
/// are looked at.
const LOOKED_AT: usize = 200;
/// Most clicks of its network that are searched for a link nobody sees.
const SEARCHED: usize = 2_000;

impl App {
    /// Judges who fetched a touch's links and picture between two moments (milliseconds), and settles
    /// a touch in doubt where a person did. Returns (touch, moment) of what must be looked at again:
    /// what the same network fetched near to a link nobody sees, or in one sweep.
    pub(crate) fn judge_touch(&self, touch: i64, from: i64, to: i64) -> Result<Vec<(i64, i64)>> {
        let store = &self.inner.store;
        let of_touch = store.responses_near(touch, from - NEAR_MS, to + NEAR_MS, LOOKED_AT)?;
        let Ok(stored) = store.touch(touch) else { return Ok(vec![]) };
        let sent = stored.settled.filter(|_| stored.touch.state == TouchState::Sent).map(|s| s * 1_000);
        let neighbours = self.neighbours(&of_touch)?;
        let rulings = judge(&of_touch, sent, &neighbours);
        let changed: Vec<(&Response, Ruling)> =
            of_touch.iter().zip(rulings).filter(|(r, ruling)| r.verdict != ruling.verdict).collect();
        if !changed.is_empty() {
            let verdicts: Vec<(i64, Verdict)> =
                changed.iter().map(|(r, ruling)| (r.id, ruling.verdict)).collect();
            store.judge_responses(&verdicts)?;
        }
        for response in &of_touch {
            let ruling = changed.iter().find(|(r, _)| r.id == response.id);
            let verdict = ruling.map_or(response.verdict, |(_, ruling)| ruling.verdict);
            if response::settle(stored.touch.state, &Response { verdict, ..response.clone() }).is_some() {
                store.prove(touch, true, response.at / 1_000)?;
                break;
            }
        }
        // Only what changed spreads, so that this ends.
        let spreads = changed.iter().any(|(_, ruling)| matches!(ruling.rule, "B-01" | "B-08"));
        let others =
            neighbours.iter().filter(|n| spreads && n.touch != touch && n.verdict == Verdict::Person);
        Ok(others.map(|n| (n.touch, n.at)).collect())
    }

    /// What the networks of these responses did near to them: the links nobody sees within ten
    /// minutes, other links within the minute of a sweep.
    fn neighbours(&self, of_touch: &[Response]) -> Result<Vec<Response>> {
        let mut windows: Vec<(i64, i64)> = of_touch
            .iter()
            .filter(|r| r.network != 0)
            .map(|r| (r.network, r.at.div_euclid(NEAR_MS)))
            .collect();
        windows.sort_unstable();
        windows.dedup();
        let mut near: Vec<Response> = vec![];
        for (network, window) in windows {
            let here = of_touch.iter().filter(|r| r.network == network && r.at.div_euclid(NEAR_MS) == window);
            let at: Vec<i64> = here.map(|r| r.at).collect();
            let (Some(first), Some(last)) = (at.iter().min(), at.iter().max()) else { continue };
            let store = &self.inner.store;
            near.extend(store.clicks_near(network, first - NEAR_MS, last + NEAR_MS, SEARCHED, Some(TRAP))?);
            near.extend(store.clicks_near(network, first - SWEEP_MS, last + SWEEP_MS, LOOKED_AT, None)?);
        }
        Ok(near)
    }
}

/// B-08's minute.
const SWEEP_MS: i64 = 60_000;
