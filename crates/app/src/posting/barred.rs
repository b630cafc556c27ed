//! Pieces in hand that must not go after all: their customer left, died or moved since.

use crate::App;
use crate::campaigns::{Surroundings, state_of};
use anyhow::Result;
use clearance::{Again, Contact, clear};
use model::{Channel, ReachFacts, Touch};

/// Which of these touches, in hand already, must not go after all: (touch, rule).
pub(super) fn must_not_go(
    app: &App,
    around: &Surroundings,
    touches: &[Touch],
) -> Result<Vec<(i64, &'static str)>> {
    let snapshot = app.judged()?;
    let customers: Vec<i64> = touches.iter().map(|t| t.customer).collect();
    let persons = app.inner.store.persons(&customers)?;
    let mut people: Vec<i64> = persons.values().copied().collect();
    people.sort_unstable();
    people.dedup();
    let facts = app.facts(Some(&people), around.now)?;
    let records = app.inner.store.records_of(&people)?;
    let (nobody, nothing) = (ReachFacts::default(), Vec::<Contact>::new());
    let look = |touch: &Touch| {
        let person = persons.get(&touch.customer).copied()?;
        let records = records.get(&person).map_or(&[][..], Vec::as_slice);
        let Some(address) = store::destination_of(records, Channel::Post, touch.destination) else {
            return Some("moved");
        };
        let reach = facts.reach.get(&person).unwrap_or(&nobody);
        // A cap that filled up meanwhile or orders that grew old are no reason to pull out a printed piece.
        let state = state_of(snapshot.row(person).as_ref());
        let case = around.case(reach, &nothing, state, false, true);
        match clear(touch.id, Channel::Post, &address, &case) {
            Err(refusal) if refusal.again == Again::Never => Some(refusal.rule.id),
            _ => None,
        }
    };
    Ok(touches.iter().filter_map(|touch| Some((touch.id, look(touch)?))).collect())
}
