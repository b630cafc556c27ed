//! What runs beside the pages or the sending: takes in what arrives, and judges anew each night.

use super::folder::Watcher;
use crate::{App, ImportRequest};
use anyhow::Result;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// Between two thoughts about ending.
const TICK: Duration = Duration::from_millis(100);
/// Seconds between two signs of life.
const BEAT: i64 = 20;

/// What one look came to, where there is anything to say.
#[derive(Clone, Debug)]
pub enum Keeping {
    /// Files or orders were taken in: done, failed.
    Took(usize, usize),
    /// Everyone was judged and the past was learned from anew.
    Nightly,
    /// What goes wrong; said once as long as it stays the same.
    Trouble(String),
}

/// What a keeper remembers from look to look.
#[derive(Default)]
struct Kept {
    watcher: Option<(String, Watcher)>,
    beat: i64,
    said: String,
}

impl App {
    /// Looks after the data until `stop`: the watched folder, what calls brought, the nightly round.
    /// Several may run; a file and a night are one keeper's alone.
    pub fn keep(&self, stop: &AtomicBool, tell: &dyn Fn(Keeping)) {
        let mut kept = Kept::default();
        while !stop.load(Ordering::Relaxed) {
            match self.keep_once(&mut kept, tell) {
                Ok(()) => kept.said.clear(),
                Err(why) => {
                    let text = format!("{why:#}");
                    if kept.said != text {
                        tell(Keeping::Trouble(text.clone()));
                        kept.said = text;
                    }
                }
            }
            let mut rest = EVERY;
            while !rest.is_zero() && !stop.load(Ordering::Relaxed) {
                std::thread::park_timeout(TICK);
                rest = rest.saturating_sub(TICK);
            }
        }
    }

    fn keep_once(&self, kept: &mut Kept, tell: &dyn Fn(Keeping)) -> Result<()> {
        let settings = self.settings()?;
        let now = self.now();
        if (now - kept.beat).abs() >= BEAT {
            self.beat_keeper(now)?;
            kept.beat = now;
        }
        let folder = &settings.automatic.folder;
        if kept.watcher.as_ref().is_none_or(|(of, _)| of != folder) {
            let new = |folder: &String| Watcher::new(self, Path::new(folder), ImportRequest::default());
            // What calls brought goes on whatever is wrong with the folder.
            let watcher = Some(folder).filter(|f| !f.is_empty()).map(new).transpose();
            kept.watcher = match watcher {
                Ok(watcher) => watcher.map(|w| (folder.clone(), w)),
                Err(why) => {
                    self.take_calls(tell)?;
                    return Err(why);
                }
            };
        }
        if let Some((_, watcher)) = &mut kept.watcher {
            let reports = watcher.look(&|_| ())?;
            told(reports.iter().map(|r| r.refused.is_some()), tell);
        }
        self.take_calls(tell)?;
        if self.nightly()? {
            tell(Keeping::Nightly);
        }
        Ok(())
    }

    fn take_calls(&self, tell: &dyn Fn(Keeping)) -> Result<()> {
        let failed = self.take_arrivals()?;
        told(failed.into_iter(), tell);
        Ok(())
    }
}

fn told(failed: impl Iterator<Item = bool>, tell: &dyn Fn(Keeping)) {
    let (failed, done): (Vec<bool>, Vec<bool>) = failed.partition(|failed| *failed);
    if !failed.is_empty() || !done.is_empty() {
        tell(Keeping::Took(done.len(), failed.len()));
    }
}
