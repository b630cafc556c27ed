//! Files that came by themselves are imported together, and each is told apart afterwards.

use crate::{App, FileReport, ImportRequest, Progress};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file that fails so often for no fault of its own words is put aside.
const MOST_TRIES: u32 = 3;

/// What became of one file.
#[derive(Clone, Debug)]
pub(super) enum Taken {
    Done(Vec<FileReport>),
    /// Read, and not usable, or never readable: why.
    Failed(Vec<FileReport>, String),
    /// Something else was in the way: it waits.
    Later,
}

/// How often each file was tried in vain.
#[derive(Default)]
pub(crate) struct Tries(BTreeMap<PathBuf, u32>);

impl App {
    /// Imports files as `request` says (its paths are not used): together, so that people come before
    /// their orders, or one by one where together fails, so that no file stops another.
    pub(super) fn take(
        &self,
        files: &[PathBuf],
        request: &ImportRequest,
        tries: &mut Tries,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Vec<Taken>> {
        let together = |paths: Vec<PathBuf>| {
            self.import(&ImportRequest { paths, dry_run: false, ..request.clone() }, progress)
        };
        if files.is_empty() {
            return Ok(vec![]);
        }
        let taken: Vec<Taken> = match together(files.to_vec()) {
            Ok(reports) => files.iter().map(|file| settled(file, &reports)).collect(),
            Err(_) => {
                // A store that does not answer is no file's fault.
                self.settings()?;
                files
                    .iter()
                    .map(|file| match together(vec![file.clone()]) {
                        Ok(reports) => settled(file, &reports),
                        Err(why) => tries.failed(file, &why),
                    })
                    .collect()
            }
        };
        for (file, _) in files.iter().zip(&taken).filter(|(_, taken)| !matches!(taken, Taken::Later)) {
            tries.0.remove(file);
        }
        if taken.iter().any(|t| matches!(t, Taken::Done(_))) {
            self.judged()?;
        }
        Ok(taken)
    }
}

impl Tries {
    fn failed(&mut self, file: &Path, why: &anyhow::Error) -> Taken {
        if matches!(why.downcast_ref::<store::Error>(), Some(store::Error::Busy)) {
            return Taken::Later;
        }
        let tries = self.0.entry(file.to_owned()).or_default();
        *tries += 1;
        if *tries < MOST_TRIES { Taken::Later } else { Taken::Failed(vec![], format!("{why:#}")) }
    }
}

/// A file's part of what an import came to.
fn settled(file: &Path, reports: &[FileReport]) -> Taken {
    let name = file.display().to_string();
    let own =
        |r: &&FileReport| r.path == name || r.path.strip_prefix(&name).is_some_and(|m| m.starts_with('!'));
    let own: Vec<FileReport> = reports.iter().filter(own).cloned().collect();
    let refused: Vec<String> = own.iter().filter_map(|r| r.refused.clone()).collect();
    if !refused.is_empty() {
        // The folder means nothing to whoever put the file there.
        let folder = file.parent().map_or(String::new(), |f| format!("{}/", f.display()));
        return Taken::Failed(own, refused.join("\n").replace(&folder, ""));
    }
    let kept: u64 = own.iter().map(|r| r.inserted + r.updated + r.unchanged).sum();
    let rejected: u64 = own.iter().map(|r| r.rejected).sum();
    match (own.is_empty(), kept, rejected) {
        (true, ..) => Taken::Failed(own, "読めるデータがありません / there is no table in it".to_owned()),
        (false, 0, 1..) => Taken::Failed(
            own,
            format!("{rejected}行すべてを読み取れませんでした / none of its {rejected} rows could be read"),
        ),
        _ => Taken::Done(own),
    }
}
