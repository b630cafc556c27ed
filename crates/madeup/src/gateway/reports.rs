//! Delivery reports of a gateway: doubled, late, dropped, and out of order.

use super::sms::Counted;
use crate::dice::Dice;

/// What becomes of messages and of the reports on them; shares from 0 to 1.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct ReportTemper {
    pub seed: u64,
    /// Of messages: not delivered this time, and to numbers that are dead.
    pub failed: f64,
    pub dead: f64,
    /// Of reports: said twice, said only the next time, never said.
    pub doubled: f64,
    pub late: f64,
    pub dropped: f64,
}

/// The bodies of one round.
pub(super) struct Sheaf<'a> {
    temper: &'a ReportTemper,
    round: u64,
    made: u64,
    pub now: Vec<String>,
    pub late: Vec<String>,
}

impl Sheaf<'_> {
    pub fn new(temper: &ReportTemper, round: u64) -> Sheaf<'_> {
        Sheaf { temper, round, made: 0, now: vec![], late: vec![] }
    }

    pub fn add(&mut self, message: &Counted) {
        self.made += 1;
        let mut dice = Dice::new(self.temper.seed, self.made, self.round);
        let (state, reason) = match () {
            () if dice.chance(self.temper.dead) => ("failed", "unknown_number"),
            () if dice.chance(self.temper.failed) => ("failed", "out_of_reach"),
            () => ("delivered", ""),
        };
        let Counted { id, reference, text, .. } = message;
        let parts = text.encode_utf16().count().div_ceil(67);
        let body = format!(
            r#"{{"reports":[{{"id":"{id}","reference":"{reference}","state":"{state}","reason":"{reason}","parts":{parts}}}]}}"#
        );
        let late = dice.chance(self.temper.late);
        let doubled = dice.chance(self.temper.doubled);
        if dice.chance(self.temper.dropped) {
            return;
        }
        let at = if late { &mut self.late } else { &mut self.now };
        let place = dice.below(at.len() as u64 + 1) as usize;
        at.insert(place, body.clone());
        if doubled {
            // The second time comes sooner or later, in this round or the next.
            let at = if dice.chance(0.5) { &mut self.late } else { &mut self.now };
            at.push(body);
        }
    }
}
