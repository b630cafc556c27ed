//! How many of the dormant went quiet for which reason, and who has said nothing at all.

use super::list::{UNKNOWN_REASON, answer, reason_words, reasons};
use crate::{App, state_condition};
use anyhow::Result;
use model::{Day, State};
use std::collections::BTreeMap;

/// The silent ones (M040): dormant, without a reason, a complaint or an inquiry. A list of people to ask, not
/// a reason.
pub const SILENT_ONES: &str =
    "state = 'dormant' and left_for = 'unknown' and complaints_open = 0 and last_interest is null";

/// One reason among the dormant.
#[derive(Clone, PartialEq, Debug)]
pub struct ReasonRow {
    pub id: String,
    pub ja: String,
    pub en: String,
    pub customers: u64,
    /// Of these, whose reason is inferred.
    pub inferred: u64,
    /// Exactly these customers, as a segment, and those of whom it is inferred.
    pub condition: String,
    pub inferred_condition: String,
    /// The scenario that answers it: id, Japanese, English; `None` where none does.
    pub scenario: Option<(String, &'static str, &'static str)>,
}

/// Why the dormant went quiet.
#[derive(Clone, PartialEq, Debug)]
pub struct ReasonReport {
    pub as_of: Day,
    pub dormant: u64,
    pub dormant_condition: String,
    /// Reasons that somebody has, the most first; then the others that may be chosen.
    pub rows: Vec<ReasonRow>,
    pub unknown: ReasonRow,
    /// The silent ones, and the segment that finds them: `SILENT_ONES`.
    pub silent: u64,
}

impl App {
    /// Why the dormant went quiet, as of today (or the held day).
    pub fn reason_report(&self) -> Result<ReasonReport> {
        let (snapshot, list) = (self.judged()?, reasons(&self.settings()?)?);
        let dormant_condition = state_condition(State::Dormant);
        let dormant = snapshot.select(&dormant_condition)?;
        let inferred = snapshot.select(&format!("{dormant_condition} and left_for_basis = 'inferred'"))?;
        let inferred: BTreeMap<String, u64> = snapshot.reasons_of(&inferred).into_iter().collect();
        let row = |(id, customers): (String, u64)| {
            let (ja, en) = reason_words(&list, &id);
            let condition = format!("{dormant_condition} and left_for = '{id}'");
            ReasonRow {
                inferred: if id == UNKNOWN_REASON { 0 } else { inferred.get(&id).copied().unwrap_or(0) },
                inferred_condition: format!("{condition} and left_for_basis = 'inferred'"),
                scenario: answer(&list, &id),
                id,
                ja,
                en,
                customers,
                condition,
            }
        };
        let mut rows: Vec<ReasonRow> = snapshot.reasons_of(&dormant).into_iter().map(row).collect();
        let unknown = rows.remove(0);
        let hidden = |r: &ReasonRow| list.iter().any(|known| known.id == r.id && known.hidden);
        rows.retain(|r| r.customers > 0 || !hidden(r));
        rows.sort_by_key(|r| std::cmp::Reverse(r.customers));
        Ok(ReasonReport {
            as_of: snapshot.as_of(),
            dormant: dormant.len() as u64,
            dormant_condition,
            rows,
            unknown,
            silent: snapshot.select(SILENT_ONES)?.len() as u64,
        })
    }
}
