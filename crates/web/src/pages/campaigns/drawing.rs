//! Plans that are being drawn, and how fast campaigns send: what a page remembers between two looks.

use app::App;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A drawing that ends within this is not worth a page of its own.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// The rate is that of so many seconds.
const LOOKS: i64 = 60;

/// What became of a drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Drawn {
    /// Since when, Unix seconds.
    Running(i64),
    Done,
    Failed(String),
}

/// All campaigns whose plan is being drawn or was drawn last, and what was sent at the last looks.
#[derive(Default)]
pub struct Drawings {
    known: Mutex<BTreeMap<i64, Drawn>>,
    changed: Condvar,
    /// Campaign -> (Unix seconds, letters that have left), the oldest first.
    looks: Mutex<BTreeMap<i64, VecDeque<(i64, u64)>>>,
}

impl Drawings {
    /// Begins to draw the plan of a draft, and waits a moment for it. Blocks; the drawing itself runs on.
    pub fn begin(self: &Arc<Self>, app: &App, id: i64) -> Drawn {
        let mut known = held(&self.known);
        if !matches!(known.get(&id), Some(Drawn::Running(_))) {
            known.insert(id, Drawn::Running(app.now()));
            let (all, app) = (self.clone(), app.clone());
            // Its end is told by `known`; nobody waits for the thread itself.
            drop(tokio::task::spawn_blocking(move || {
                let drawn = app.draft_plan(id);
                let end = drawn.map_or_else(|why| Drawn::Failed(format!("{why:#}")), |_| Drawn::Done);
                held(&all.known).insert(id, end);
                all.changed.notify_all();
            }));
        }
        let runs = |known: &mut BTreeMap<i64, Drawn>| matches!(known.get(&id), Some(Drawn::Running(_)));
        let waited =
            self.changed.wait_timeout_while(known, PATIENCE, runs).unwrap_or_else(PoisonError::into_inner);
        waited.0.get(&id).cloned().unwrap_or(Drawn::Done)
    }

    /// How far the drawing of a campaign is; `None` where nothing was drawn since the program began.
    pub fn of(&self, id: i64) -> Option<Drawn> {
        held(&self.known).get(&id).cloned()
    }

    /// Notes what has left by now; letters per minute since the oldest look of the last minute.
    pub fn rate(&self, id: i64, now: i64, left: u64) -> Option<f64> {
        let mut looks = held(&self.looks);
        let looks = looks.entry(id).or_default();
        if looks.back().is_none_or(|(at, _)| *at < now) {
            looks.push_back((now, left));
        }
        while looks.front().is_some_and(|(at, _)| now - at > LOOKS) {
            looks.pop_front();
        }
        let (at, then) = looks.front().copied()?;
        (now - at >= 2 && left > then).then(|| (left - then) as f64 * 60.0 / (now - at) as f64)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_that_of_the_last_minute() {
        let all = Drawings::default();
        assert_eq!(all.rate(1, 100, 0), None);
        assert_eq!(all.rate(1, 110, 50), Some(300.0));
        assert_eq!(all.rate(1, 165, 50), None, "nothing has left for a minute");
        assert_eq!(all.rate(2, 165, 50), None, "another campaign");
    }
}
