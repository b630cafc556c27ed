//! 同梱物: which leaflet goes into which parcel of a day (M120).

use crate::App;
use anyhow::{Context, Result, ensure};
use model::{Day, TimeOfDay};
use outreach::post::{Pick, write_pick_list};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write;

/// A leaflet and for whom it is; of several that fit the first is packed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaflet {
    /// As the packing table calls it.
    pub leaflet: String,
    /// Segment text; empty: everybody.
    #[serde(default, rename = "where")]
    pub condition: String,
    /// Why this one, for who packs.
    #[serde(default)]
    pub why: String,
}

impl App {
    /// Writes the pick list of a shipping day: orders since the cut-off of the day before (or of `since`) up to
    /// its own, gifts left out, each with the first leaflet that fits its customer. Returns the rows written.
    pub fn pick_leaflets(
        &self,
        day: Day,
        since: Option<Day>,
        cut_off: TimeOfDay,
        out: &mut dyn Write,
    ) -> Result<usize> {
        let settings = self.settings()?;
        let leaflets = &settings.post.leaflets;
        ensure!(
            !leaflets.is_empty(),
            "there is no leaflet yet: mezame settings set post.leaflets '[{{\"leaflet\":\"NAME\",\"where\":\"stage = ''first_time''\"}}]'"
        );
        let since = since.unwrap_or(day.plus(-1));
        ensure!(since < day, "the orders of a day begin before it");
        let minutes = cut_off.minutes();
        let (from, to) = (settings.moment(since, minutes), settings.moment(day, minutes));
        let snapshot = self.judged()?;
        let mut fitting: Vec<(&Leaflet, BTreeSet<i64>)> = vec![];
        for leaflet in leaflets {
            let rows = snapshot
                .select(&leaflet.condition)
                .with_context(|| format!("the leaflet '{}'", leaflet.leaflet))?;
            let people = rows.iter().map(|index| snapshot.row_at(index).history.customer).collect();
            fitting.push((leaflet, people));
        }
        let mut picks = vec![];
        for (order, at, person) in self.inner.store.parcels(from, to)? {
            let Some((leaflet, _)) = fitting.iter().find(|(_, people)| people.contains(&person)) else {
                continue;
            };
            let stage = snapshot.row(person).map(|row| row.judgement.stage.ja().to_owned());
            let why = if leaflet.why.is_empty() { &leaflet.condition } else { &leaflet.why };
            picks.push(Pick {
                order,
                ordered_at: at,
                leaflet: leaflet.leaflet.clone(),
                stage: stage.unwrap_or_default(),
                why: why.clone(),
            });
        }
        Ok(write_pick_list(day, to, &picks, out)?)
    }
}
