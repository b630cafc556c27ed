//! One person, several records: asks identity about every new record and keeps the answer.

use crate::App;
use anyhow::Result;
use intake::identity::{Verdict, compare};
use store::{Outcome, ToMatch};

/// Records settled in one transaction.
const ROUND: usize = 500;

impl App {
    /// Settles every record that waits. Killed in between, the rest still waits.
    pub(crate) fn match_records(&self, progress: &mut dyn FnMut(u64)) -> Result<()> {
        let mut done = 0;
        loop {
            let waiting = self.inner.store.to_match(ROUND)?;
            if waiting.is_empty() {
                return Ok(());
            }
            let settled: Vec<(i64, Vec<Outcome>)> =
                waiting.iter().map(|one| (one.record.id, outcomes(one))).collect();
            self.inner.store.settle_all(&settled, self.now())?;
            done += waiting.len() as u64;
            progress(done);
        }
    }
}

fn outcomes(one: &ToMatch) -> Vec<Outcome> {
    let a = &one.record;
    let judged = one.candidates.iter().filter(|b| b.customer != a.customer).filter_map(|b| {
        let words = |facts: Vec<intake::identity::Fact>| facts.iter().map(|f| f.word().to_owned()).collect();
        match compare(&a.record, &a.source, &b.record, &b.source) {
            Verdict::Same { facts } => Some(Outcome::Merge { with_record: b.id, facts: words(facts) }),
            Verdict::Maybe { facts, conflict } => {
                Some(Outcome::Suggest { with_record: b.id, facts: words(facts), conflict })
            }
            Verdict::Apart => None,
        }
    });
    judged.collect()
}
