//! How much customers were written to, against who left and who went quiet afterwards (M037).

use crate::{App, lock};
use anyhow::Result;
use history::Snapshot;
use measurement::{PressureClass, PressureTenth, pressure};
use model::{Day, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days in which touches are counted, and days in which is looked what became of people.
const DAYS: i32 = 90;

/// Tenths of those who were touched, by how often.
#[derive(Clone, PartialEq, Debug)]
pub struct Pressure {
    /// Touches are counted from `from` up to the day before `cut`; what followed, from `cut` on.
    pub from: Day,
    pub cut: Day,
    pub until: Day,
    /// Who was touched and not dormant at `cut`.
    pub customers: u64,
    /// The fewest touches first; empty where nobody was touched then.
    pub tenths: Vec<PressureTenth>,
}

/// The pressure as of one snapshot, kept while the snapshot is.
pub(crate) struct Pressed {
    snapshot: Arc<Snapshot>,
    pressure: Pressure,
}

impl App {
    /// Contact pressure of the ninety days before the last ninety, and what followed.
    pub fn pressure(&self) -> Result<Pressure> {
        let snapshot = self.judged()?;
        let mut held = lock(&self.inner.pressed);
        if let Some(known) = held.as_ref().filter(|p| Arc::ptr_eq(&p.snapshot, &snapshot)) {
            return Ok(known.pressure.clone());
        }
        let pressure = self.press(&snapshot)?;
        *held = Some(Pressed { snapshot, pressure: pressure.clone() });
        Ok(pressure)
    }

    fn press(&self, snapshot: &Snapshot) -> Result<Pressure> {
        let (settings, store) = (self.settings()?, &self.inner.store);
        let until = snapshot.as_of();
        let (cut, from) = (until.plus(-DAYS), until.plus(-2 * DAYS));
        let moment = |day: Day| settings.moment(day, 0);
        let left = store.left_between(moment(cut), moment(until.plus(1)))?;
        let mut classes: BTreeMap<u32, PressureClass> = BTreeMap::new();
        store.touched_between(moment(from), moment(cut), &mut |customer, touches| {
            let Some(row) = snapshot.row(customer) else { return };
            let quiet = matches!(row.judgement.state, State::Dormant | State::Lost | State::Withdrawn);
            // Whoever was dormant before did not become so after.
            if quiet && row.judgement.since.is_none_or(|since| since < cut) {
                return;
            }
            let class =
                classes.entry(touches).or_insert(PressureClass { touches, ..PressureClass::default() });
            class.customers += 1;
            class.left += u64::from(left.contains(&customer));
            class.lapsed += u64::from(quiet);
        })?;
        let classes: Vec<PressureClass> = classes.into_values().collect();
        let customers = classes.iter().map(|c| c.customers).sum();
        Ok(Pressure { from, cut, until, customers, tenths: pressure(&classes) })
    }
}
