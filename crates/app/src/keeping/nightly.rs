//! Once a night, at the shop's hour: everyone is judged anew and the past is learned from, without cron.

use super::backup::Backup;
use super::folder::held;
use super::seal::Seal;
use crate::App;
use anyhow::{Context, Result};
use model::Day;
use std::fs;
use std::path::{Path, PathBuf};

/// How a night's copy is named, around its day.
const COPY: &str = "mezame-";
const ENDING: &str = ".copy";

/// The nights' copies in a folder, the oldest first; other files are nobody's here.
pub(super) fn nightly_copies(folder: &Path) -> Result<Vec<(Day, PathBuf)>> {
    let named = || format!("reading the folder {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(named)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let day = name.strip_prefix(COPY).and_then(|rest| rest.strip_suffix(ENDING)?.parse().ok());
        found.extend(day.map(|day| (day, path)));
    }
    found.sort();
    Ok(found)
}

impl App {
    /// Judges and learns anew where the hour has passed and this machine has not done so since; says
    /// whether it did. A machine that slept through the hour does it when it wakes.
    pub fn nightly(&self) -> Result<bool> {
        let settings = self.settings()?;
        let Some(hour) = settings.automatic.hour() else { return Ok(false) };
        let now = self.now();
        let today = settings.day_of(now);
        let due = if settings.minute_of(now) >= hour.minutes() { today } else { today.plus(-1) };
        let Some(_held) = held(&self.data_dir().join("nightly.lock"))? else { return Ok(false) };
        match self.last_nightly()? {
            Some(done) if done >= due => return Ok(false),
            Some(_) => {}
            // A new installation judges when it is asked; its first night is the next one.
            None => {
                self.note_nightly(due)?;
                return Ok(false);
            }
        }
        let done = self.night(today);
        // What went wrong is told once, and tried again the next night.
        self.note_nightly(due)?;
        done.map(|()| true)
    }

    fn night(&self, today: Day) -> Result<()> {
        self.refresh()?;
        self.learn(today)?;
        self.judged()?;
        self.paying()?;
        self.forget_accesses()?;
        self.nightly_copy(today)
    }

    /// A copy of everything in the folder of the settings; the oldest of them give way.
    fn nightly_copy(&self, today: Day) -> Result<()> {
        let automatic = self.settings()?.automatic;
        if automatic.backup_folder.is_empty() {
            return Ok(());
        }
        let folder = PathBuf::from(&automatic.backup_folder);
        let keys: Vec<String> = automatic.keys().map(str::to_owned).collect();
        let seal = if keys.is_empty() { Seal::Open } else { Seal::Keys(keys) };
        let to = folder.join(format!("{COPY}{today}{ENDING}"));
        if !to.exists() {
            self.back_up(&to, &Backup { seal, secrets: false, by: "mezame".to_owned() })?;
        }
        let mut copies = nightly_copies(&folder)?;
        let keep = usize::try_from(automatic.backup_keep).unwrap_or(usize::MAX);
        for (_, old) in copies.drain(..copies.len().saturating_sub(keep)) {
            fs::remove_file(&old).with_context(|| format!("removing {}", old.display()))?;
        }
        Ok(())
    }

    /// The day whose nightly round this machine did last.
    pub(super) fn last_nightly(&self) -> Result<Option<Day>> {
        let path = self.nightly_file();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e).with_context(|| format!("reading {}", path.display())),
        }
    }

    fn note_nightly(&self, day: Day) -> Result<()> {
        let path = self.nightly_file();
        fs::write(&path, format!("{day}\n")).with_context(|| format!("writing {}", path.display()))
    }

    fn nightly_file(&self) -> PathBuf {
        self.data_dir().join("nightly")
    }
}
