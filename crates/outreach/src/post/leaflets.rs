//! 同梱物: which leaflet goes into which parcel, as the pick list of the packing table.

use super::rows::write_rows;
use model::Day;
use std::io::{self, Write};

/// A leaflet for one order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pick {
    /// The order's number as the shop knows it.
    pub order: String,
    /// When the order came in, Unix seconds.
    pub ordered_at: i64,
    /// Which leaflet, by the shop's name for it.
    pub leaflet: String,
    /// Stage of the customer, as the shop reads it (`リピーター`).
    pub stage: String,
    /// Why this one.
    pub why: String,
}

/// What is packed on a day: orders that came in by the cut-off (Unix seconds). Returns the rows
/// written; later orders wait for the next day's list.
pub fn write_pick_list(
    ship_day: Day,
    cut_off: i64,
    picks: &[Pick],
    out: &mut dyn Write,
) -> io::Result<usize> {
    let mut today: Vec<&Pick> = picks.iter().filter(|pick| pick.ordered_at <= cut_off).collect();
    today.sort_by(|a, b| (&a.leaflet, &a.order).cmp(&(&b.leaflet, &b.order)));
    let rows = today.iter().map(|pick| {
        vec![
            ship_day.to_string(),
            pick.order.clone(),
            pick.leaflet.clone(),
            pick.stage.clone(),
            pick.why.clone(),
        ]
    });
    write_rows(&["ship_day", "order", "leaflet", "stage", "reason"], rows, out)?;
    Ok(today.len())
}
