//! What came by itself, and what became of it.

use crate::{App, FileReport};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use store::{Arrival, ArrivalState, Way};

/// An arrival as it is shown.
#[derive(Clone, Debug)]
pub struct ArrivalView {
    pub id: i64,
    /// Unix seconds.
    pub at: i64,
    pub way_ja: &'static str,
    pub way_en: &'static str,
    pub name: String,
    pub state: ArrivalState,
    pub rows: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// Why it failed; empty otherwise.
    pub why: String,
    /// Whether a failure waits for somebody to take note of it.
    pub open: bool,
}

impl ArrivalView {
    pub(super) fn of(arrival: &Arrival) -> ArrivalView {
        let reports: Value =
            arrival.reports.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or(Value::Null);
        let sum = |field: &str| {
            reports.as_array().into_iter().flatten().filter_map(|r| r[field].as_u64()).sum::<u64>()
        };
        let (way_ja, way_en) = match arrival.way {
            Way::Folder => ("フォルダ", "folder"),
            Way::File => ("API(ファイル)", "call with a file"),
            Way::Orders => ("API(受注)", "call with orders"),
        };
        ArrivalView {
            id: arrival.id,
            at: arrival.at,
            way_ja,
            way_en,
            name: arrival.name.clone(),
            state: arrival.state,
            rows: sum("rows"),
            inserted: sum("inserted"),
            updated: sum("updated"),
            unchanged: sum("unchanged"),
            rejected: sum("rejected"),
            why: arrival.why.clone(),
            open: arrival.state == ArrivalState::Failed && arrival.seen_by.is_none(),
        }
    }

    /// How it stands: a word, Japanese, English.
    pub fn standing(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            ArrivalState::Waiting => ("waiting", "順番を待っています", "waiting"),
            ArrivalState::Done => ("done", "取り込みました", "taken in"),
            ArrivalState::Failed => ("failed", "取り込めませんでした", "failed"),
        }
    }
}

/// An arrival as `GET /api/import/ID` answers.
pub fn arrival_json(a: &ArrivalView) -> Value {
    json!({
        "id": a.id, "at": a.at, "name": a.name, "state": a.standing().0, "rows": a.rows, "inserted": a.inserted,
        "updated": a.updated, "unchanged": a.unchanged, "rejected": a.rejected, "why": a.why,
    })
}

impl App {
    /// The newest arrivals, the newest first.
    pub fn arrivals(&self, limit: usize) -> Result<Vec<ArrivalView>> {
        Ok(self.inner.store.arrivals(limit)?.iter().map(ArrivalView::of).collect())
    }

    /// One arrival.
    pub fn arrival(&self, id: i64) -> Result<Option<ArrivalView>> {
        Ok(self.inner.store.arrival(id)?.as_ref().map(ArrivalView::of))
    }

    /// Failures that nobody has taken note of, the newest first.
    pub fn arrivals_failed(&self) -> Result<Vec<ArrivalView>> {
        Ok(self.inner.store.arrivals_failed(50)?.iter().map(ArrivalView::of).collect())
    }

    /// An operator has taken note of a failure.
    pub fn see_arrival(&self, id: i64, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        self.inner.store.see_arrival(id, by.trim(), self.now())?;
        self.forget_call(id)
    }

    /// Remembers something that arrived and is settled already.
    pub(super) fn note_arrival(
        &self,
        way: Way,
        name: &str,
        bytes: u64,
        state: ArrivalState,
        reports: &[FileReport],
        why: &str,
    ) -> Result<()> {
        let id = self.inner.store.add_arrival(way, name, bytes, self.now())?;
        self.settle_arrival(id, name, state, reports, why)
    }

    /// What became of an arrival. One that was taken in settles failures of the same name.
    pub(super) fn settle_arrival(
        &self,
        id: i64,
        name: &str,
        state: ArrivalState,
        reports: &[FileReport],
        why: &str,
    ) -> Result<()> {
        let (store, now) = (&self.inner.store, self.now());
        let reports = serde_json::to_string(reports)?;
        store.settle_arrival(id, state, Some(&reports), why, now)?;
        if state == ArrivalState::Done {
            store.forgive_arrivals(name, "mezame", now)?;
        }
        Ok(())
    }
}
