//! A copy of the shop's whole memory while work goes on, its check, and its way back.

use super::copy::{About, Manifest, Reader, TableSum, Told, Writer};
use super::seal::{Seal, Unseal};
use crate::{App, Config};
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use store::{Dumped, Loaded, Store};

const SECRETS: &str = "secrets.toml";

/// What of the data folder a copy leaves out: the database itself, what can be made anew, what lives in
/// one place only (the journal knows what left from *here*), and passwords unless they are asked for.
const LEFT_OUT: [&str; 9] = [
    "columns",
    "uploads",
    "attempts.journal",
    "keeper",
    "nightly",
    "nightly.lock",
    "mezame.db",
    SECRETS,
    "secrets.toml.new",
];

/// How a copy is made.
#[derive(Clone, Default)]
pub struct Backup {
    pub seal: Seal,
    /// Take the passwords and keys along.
    pub secrets: bool,
    /// Who makes it.
    pub by: String,
}

/// What a copy that was put back came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Restored {
    pub manifest: Manifest,
    pub rows: u64,
}

impl App {
    /// Writes a copy of everything to a file that is not there yet; readers and writers go on.
    pub fn back_up(&self, out: &Path, how: &Backup) -> Result<Manifest> {
        ensure!(!out.exists(), "{} is there already: name another file", out.display());
        ensure!(
            !lies_in(out, self.data_dir())?,
            "{}: データフォルダの外を指定してください。中に置くと、バックアップが自分自身を写し続けます / name a place outside the data folder: inside, a copy would copy itself",
            out.display()
        );
        let mut part = out.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        self.note_access(&how.by, "backup", None, None, if how.secrets { "secrets" } else { "" })?;
        let made = self.write_copy(&private(&part)?, how);
        let manifest = match made {
            Ok(manifest) => manifest,
            Err(why) => {
                // Half a copy is of no use; the reason is what somebody needs.
                let _ = fs::remove_file(&part);
                return Err(why.context(format!("writing the copy {}", out.display())));
            }
        };
        fs::rename(&part, out).with_context(|| format!("naming the copy {}", out.display()))?;
        Ok(manifest)
    }

    fn write_copy(&self, file: &File, how: &Backup) -> Result<Manifest> {
        let about = About {
            mezame_copy: 0,
            made: self.now(),
            shop: self.settings()?.shop,
            steps: self.inner.store.steps()?,
            secrets: how.secrets,
        };
        let mut copy = Writer::new(file.try_clone()?, &how.seal, about)?;
        self.inner.store.dump(&mut |dumped| match dumped {
            Dumped::Table(table) => copy.table(table),
            Dumped::Row(row) => copy.row(row),
            Dumped::End(table, sum) => copy.end(table, &sum),
        })?;
        for (name, path) in files_of(self.data_dir(), how.secrets)? {
            // What was taken in meanwhile is in the next copy, or in the database already.
            let Ok(from) = File::open(&path) else { continue };
            copy.file(&name, from)?;
        }
        copy.finish()
    }

    /// What every table holds now, as a copy would say.
    pub fn table_sums(&self) -> Result<Vec<TableSum>> {
        Ok(self.inner.store.sums()?.iter().map(|(name, sum)| TableSum::of(name, sum)).collect())
    }

    /// Reads a copy to its end: whether it is whole, and what is in it.
    pub fn check_backup(path: &Path, unseal: &Unseal) -> Result<Manifest> {
        let mut copy = Reader::open(path, unseal)?;
        let (mut sum, mut buffer) = (store::Sum::default(), Vec::new());
        while let Some(told) = copy.next()? {
            match told {
                Told::Table(_) => sum = store::Sum::default(),
                Told::Row(row) => sum.add(&row, &mut buffer),
                Told::End(said) => {
                    ensure!(said == sum, "a table of the copy does not sum up to what it says")
                }
                Told::Whole(manifest) => return Ok(manifest),
                Told::File(_) | Told::Piece(_) | Told::FileEnd => {}
            }
        }
        bail!("the copy breaks off")
    }

    /// Puts a copy back into an empty place. Everything of it, or nothing; and nothing is sent from there
    /// until an operator has looked at what left since the copy was made.
    pub fn restore(config: Config, path: &Path, unseal: &Unseal, secrets: bool) -> Result<Restored> {
        let manifest = App::check_backup(path, unseal)?;
        ensure!(
            !secrets || manifest.about.secrets,
            "there are no secrets in this copy: it was made without them"
        );
        let data = config.data.clone();
        fs::create_dir_all(&data).with_context(|| format!("making the data folder {}", data.display()))?;
        for name in ["columns", "rejects", "arrivals"] {
            ensure!(!data.join(name).exists(), "{} is not empty: name an empty place", data.display());
        }
        ensure!(
            !secrets || !data.join(SECRETS).exists(),
            "{} is there already: take it away, or leave --secrets out",
            data.join(SECRETS).display()
        );
        let url = config.db.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("mezame.db").display()));
        let now = (config.clock.0)();
        let store = Store::open(&url)?;
        let rows = load(&store, path, unseal, now, &data, secrets)?;
        Ok(Restored { manifest, rows })
    }
}

fn load(store: &Store, path: &Path, unseal: &Unseal, now: i64, data: &Path, secrets: bool) -> Result<u64> {
    let mut copy = Reader::open(path, unseal)?;
    let (steps, made) = (copy.about.steps.clone(), copy.about.made);
    // The first thing behind the tables, read while they were loaded.
    let mut behind = None;
    let rows = store.reload(&steps, made, now, &mut || match copy
        .next()
        .map_err(|why| io::Error::other(format!("{why:#}")))?
    {
        Some(Told::Table(table)) => Ok(Some(Loaded::Table(table))),
        Some(Told::Row(row)) => Ok(Some(Loaded::Row(row))),
        Some(Told::End(sum)) => Ok(Some(Loaded::End(sum))),
        other => {
            behind = other;
            Ok(None)
        }
    })?;
    let mut open: Option<File> = None;
    let mut told = behind;
    loop {
        match told {
            Some(Told::File(name)) => open = place(data, &name, secrets)?,
            Some(Told::Piece(bytes)) => {
                if let Some(file) = &mut open {
                    file.write_all(&bytes)?;
                }
            }
            Some(Told::FileEnd) => {
                if let Some(file) = open.take() {
                    file.sync_all()?;
                }
            }
            Some(Told::Whole(_)) | None => return Ok(rows),
            Some(Told::Table(_) | Told::Row(_) | Told::End(_)) => bail!("the copy's parts are out of order"),
        }
        told = copy.next()?;
    }
}

/// Where a file of a copy belongs; `None`: it is left out. Never outside the data folder.
fn place(data: &Path, name: &str, secrets: bool) -> Result<Option<File>> {
    let path = Path::new(name);
    let inside = path.components().all(|c| matches!(c, Component::Normal(_)));
    ensure!(inside && !name.is_empty(), "the copy holds a file that would lie outside the data folder");
    if name == SECRETS && !secrets {
        return Ok(None);
    }
    ensure!(name == SECRETS || !left_out(path), "the copy holds a file that none may hold");
    let to = data.join(path);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    private(&to).map(Some)
}

/// A new file that its owner alone reads.
pub(super) fn private(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).with_context(|| format!("writing {}", path.display()))
}

/// Whether a file that is to be written would lie in a folder, links followed.
fn lies_in(out: &Path, folder: &Path) -> Result<bool> {
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent =
        parent.canonicalize().with_context(|| format!("looking at the folder {}", parent.display()))?;
    let folder =
        folder.canonicalize().with_context(|| format!("looking at the folder {}", folder.display()))?;
    Ok(parent.starts_with(folder))
}

fn left_out(path: &Path) -> bool {
    let first = path.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned());
    first.is_some_and(|name| LEFT_OUT.contains(&name.as_str()) || name.starts_with("mezame.db"))
}

/// The files of a data folder that belong into a copy: name with `/` between folders, and path.
fn files_of(data: &Path, secrets: bool) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let entry = entry?;
            let path = entry.path();
            let Ok(inner) = path.strip_prefix(data) else { continue };
            let wanted = secrets && inner == Path::new(SECRETS);
            if left_out(inner) && !wanted {
                continue;
            }
            // Links are not followed: what they point at is not the shop's.
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let parts: Vec<_> = inner.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                found.push((parts.join("/"), path.clone()));
            }
        }
    }
    found.sort();
    Ok(found)
}
