//! A folder whose new files are taken in by themselves: done ones go to `done`, the others to `failed`.

use super::taking::{Taken, Tries};
use crate::importing::importable;
use crate::{App, FileReport, ImportRequest, Progress};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use store::{ArrivalState, Way};

const DONE: &str = "done";
const FAILED: &str = "failed";
/// Where a file lies while it is taken in: nobody else finds it there, and it is found again after a kill.
const TAKING: &str = "taking";
/// How files are read that no known format fits; made by `mezame import --suggest-map`.
const MAP: &str = "map.toml";
/// Whoever holds it takes files; the system frees it when its holder dies.
const LOCK: &str = ".mezame.lock";

/// Takes in what appears in a folder. The caller decides how often to look.
pub struct Watcher {
    app: App,
    folder: PathBuf,
    request: ImportRequest,
    /// As it looked last time: a file is taken in once it has stopped growing.
    seen: BTreeMap<PathBuf, Mark>,
    tries: Tries,
}

/// Size in bytes and time of change in nanoseconds.
type Mark = (u64, u128);

impl Watcher {
    /// Watches `folder`; `request` says how its files are read (its paths are not used).
    pub fn new(app: &App, folder: &Path, request: ImportRequest) -> Result<Watcher> {
        let folder =
            folder.canonicalize().with_context(|| format!("looking at the folder {}", folder.display()))?;
        ensure!(folder.is_dir(), "{} is not a folder", folder.display());
        let (seen, tries) = (BTreeMap::new(), Tries::default());
        Ok(Watcher { app: app.clone(), folder, request, seen, tries })
    }

    /// Takes in every file that has not grown since the last look, and what a killed look left.
    /// While another one looks at this folder, nothing.
    pub fn look(&mut self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Vec<FileReport>> {
        let Some(_held) = held(&self.folder.join(LOCK))? else { return Ok(vec![]) };
        for inner in [TAKING, DONE, FAILED].map(|name| self.folder.join(name)) {
            // A link here would let whoever may write into the folder write anywhere.
            ensure!(!inner.is_symlink(), "{} is a link: a folder must stand there", inner.display());
        }
        let now = marks(&self.folder)?;
        let last = std::mem::replace(&mut self.seen, now);
        let taking = self.folder.join(TAKING);
        for (path, _) in self.seen.iter().filter(|(path, mark)| last.get(*path) == Some(mark)) {
            place(path, &taking)?;
        }
        if !taking.is_dir() {
            return Ok(vec![]);
        }
        let files = marks(&taking)?;
        let paths: Vec<PathBuf> = files.keys().cloned().collect();
        let mut taken = self.app.take(&paths, &self.request, &mut self.tries, progress)?;
        self.by_map(&paths, &mut taken, progress)?;
        let mut all = Vec::new();
        for ((path, mark), taken) in files.into_iter().zip(taken) {
            // Somebody still writes into it: it is taken in again once that has ended.
            if !matches!(taken, Taken::Later) && mark_of(&path) != Some(mark) {
                place(&path, &self.folder)?;
                continue;
            }
            all.extend(self.settle(&path, mark.0, taken)?);
        }
        Ok(all)
    }

    /// Reads what no known format fits by the folder's own map, where there is one.
    fn by_map(
        &mut self,
        paths: &[PathBuf],
        taken: &mut [Taken],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<()> {
        let path = self.folder.join(MAP);
        if self.request.map.is_some() || mark_of(&path).is_none() {
            return Ok(());
        }
        let map = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let request = ImportRequest { map: Some(map), ..self.request.clone() };
        for (path, taken) in paths.iter().zip(taken) {
            let refused = |t: &Taken| matches!(t, Taken::Failed(reports, _) if reports.iter().any(|r| r.refused.is_some()));
            if refused(taken) {
                // A map that does not fit either leaves the first reason: it names the columns.
                let again = self.app.take(std::slice::from_ref(path), &request, &mut self.tries, progress)?;
                if let Some(done @ Taken::Done(_)) = again.into_iter().next() {
                    *taken = done;
                }
            }
        }
        Ok(())
    }

    /// Puts a file where it belongs, with the rows that could not be read beside it, and remembers it.
    fn settle(&self, path: &Path, bytes: u64, taken: Taken) -> Result<Vec<FileReport>> {
        let (state, reports, why) = match taken {
            Taken::Done(reports) => (ArrivalState::Done, reports, String::new()),
            Taken::Failed(reports, why) => (ArrivalState::Failed, reports, why),
            Taken::Later => return Ok(vec![]),
        };
        let to = self.folder.join(if state == ArrivalState::Done { DONE } else { FAILED });
        let moved = place(path, &to)?;
        for (n, file) in reports.iter().filter_map(|r| r.rejects_file.as_ref()).enumerate() {
            let ending = if n == 0 { ".rejects.csv".to_owned() } else { format!(".rejects-{}.csv", n + 1) };
            let beside = with_ending(&moved, &ending);
            let mut from = File::open(file).with_context(|| format!("reading {file}"))?;
            write_beside(&beside, &mut from)?;
        }
        if !why.is_empty() {
            let beside = with_ending(&moved, ".reason.txt");
            write_beside(&beside, &mut format!("{why}\n").as_bytes())?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.app.note_arrival(Way::Folder, &name, bytes, state, &reports, &why)?;
        Ok(reports)
    }
}

/// The lock of a folder; `None` while another one holds it.
pub(super) fn held(path: &Path) -> Result<Option<File>> {
    let named = || format!("opening {}", path.display());
    let file = File::options().create(true).append(true).open(path).with_context(named)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(why)) => Err(why).with_context(named),
    }
}

/// Moves a file into a folder, under a name that nothing has there yet; where it now is.
fn place(path: &Path, folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let numbered = (2..).map(|n| folder.join(format!("{n}-{name}")));
    let free = std::iter::once(folder.join(&name)).chain(numbered).find(|p| !p.exists());
    let to = free.context("no name is free")?;
    std::fs::rename(path, &to).with_context(|| format!("moving {} to {}", path.display(), to.display()))?;
    Ok(to)
}

/// Writes a new file; what stood there, be it a link, gives way and is not followed.
fn write_beside(path: &Path, from: &mut dyn std::io::Read) -> Result<()> {
    let named = || format!("writing {}", path.display());
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e).with_context(named),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).open(path).with_context(named)?;
    std::io::copy(from, &mut file).with_context(named)?;
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn marks(folder: &Path) -> Result<BTreeMap<PathBuf, Mark>> {
    let mut marks = BTreeMap::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?
    {
        let path = entry?.path();
        // A file may vanish between listing and looking; then it is simply not there.
        if let Some(mark) = Some(&path).filter(|p| importable(p)).and_then(|p| mark_of(p)) {
            marks.insert(path, mark);
        }
    }
    Ok(marks)
}

/// `None` for anything but a file that lies here itself: links may point at what is not the shop's.
fn mark_of(path: &Path) -> Option<Mark> {
    let meta = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let changed = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    Some((meta.len(), changed))
}
