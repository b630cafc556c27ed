//! A folder whose new files import themselves (M031).

use crate::{App, FileReport, ImportRequest, Progress, importing::importable};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Remembers which files of a folder have been taken in. The caller decides how often to look.
pub struct Watcher {
    app: App,
    folder: PathBuf,
    request: ImportRequest,
    /// As it looked last time: a file is taken in once it has stopped growing.
    seen: BTreeMap<PathBuf, Mark>,
    /// As it looked when it was taken in; kept over restarts.
    taken: BTreeMap<String, Mark>,
}

/// Size in bytes and time of change in nanoseconds.
type Mark = (u64, u128);

impl Watcher {
    /// Watches `folder`; `request` says how its files are read (its paths are not used).
    pub fn new(app: &App, folder: &Path, request: ImportRequest) -> Result<Watcher> {
        let folder =
            folder.canonicalize().with_context(|| format!("looking at the folder {}", folder.display()))?;
        anyhow::ensure!(folder.is_dir(), "{} is not a folder", folder.display());
        let taken = match app.inner.store.setting(&key(&folder))? {
            Some(text) => serde_json::from_str(&text).context("reading which files were taken in")?,
            None => BTreeMap::new(),
        };
        Ok(Watcher { app: app.clone(), folder, request, seen: BTreeMap::new(), taken })
    }

    /// Takes in every file that is new or changed and has not grown since the last look.
    pub fn look(&mut self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Vec<FileReport>> {
        let now = marks(&self.folder)?;
        let last = std::mem::replace(&mut self.seen, now);
        let ready: Vec<(PathBuf, Mark)> = self
            .seen
            .iter()
            .filter(|(path, mark)| last.get(*path) == Some(mark) && self.taken.get(&name(path)) != Some(mark))
            .map(|(path, mark)| (path.clone(), *mark))
            .collect();
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let paths = ready.iter().map(|(path, _)| path.clone()).collect();
        let reports = self.app.import(&ImportRequest { paths, ..self.request.clone() }, progress)?;
        self.taken.extend(ready.into_iter().map(|(path, mark)| (name(&path), mark)));
        self.app.inner.store.set_setting(&key(&self.folder), &serde_json::to_string(&self.taken)?)?;
        Ok(reports)
    }
}

fn key(folder: &Path) -> String {
    format!("watched:{}", folder.display())
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn marks(folder: &Path) -> Result<BTreeMap<PathBuf, Mark>> {
    let mut marks = BTreeMap::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?
    {
        let path = entry?.path();
        if !importable(&path) {
            continue;
        }
        // A file may vanish between listing and looking; then it is simply not there.
        let Ok(meta) = path.metadata() else { continue };
        let changed = meta.modified()?.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
        if meta.is_file() {
            marks.insert(path, (meta.len(), changed));
        }
    }
    Ok(marks)
}
