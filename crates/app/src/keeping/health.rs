//! Whether what should run by itself does: for `mezame doctor`, Today and the settings.

use super::nightly::nightly_copies;
use crate::doctor::finding;
use crate::{App, Finding, Level, Settings};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A keeper that gave no sign for so many seconds is gone.
const SILENT: i64 = 120;
/// A copy so many days old is old.
const FRESH: i32 = 2;

impl App {
    /// What is wrong with what should happen by itself.
    pub(crate) fn keeping_findings(&self) -> Result<Vec<Finding>> {
        let settings = self.settings()?;
        let folder = &settings.automatic.folder;
        let mut found = Vec::new();
        let failed = self.arrivals_failed()?;
        if !failed.is_empty() {
            let names = failed.iter().take(5).map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ");
            found.push(finding(
                Level::Problem,
                format!(
                    "自動で取り込めなかったファイルが{}件あります: {names}(mezame arrivals)",
                    failed.len()
                ),
                format!(
                    "{} files could not be taken in by themselves: {names} (mezame arrivals)",
                    failed.len()
                ),
            ));
        }
        found.push(self.copies_found(&settings)?);
        if folder.is_empty() {
            return Ok(found);
        }
        if !Path::new(folder).is_dir() {
            found.push(finding(
                Level::Problem,
                format!("自動取込のフォルダがありません: {folder}"),
                format!("the watched folder is not there: {folder}"),
            ));
            return Ok(found);
        }
        let beat = self.last_beat()?;
        found.push(match beat {
            Some(at) if self.now() - at <= SILENT => finding(
                Level::Good,
                format!("{folder} に置かれたファイルを自動で取り込んでいます"),
                format!("files put into {folder} are taken in by themselves"),
            ),
            _ => finding(
                Level::Problem,
                format!("{folder} を見ているプログラムがありません: mezame serve か mezame work を動かしてください"),
                format!("nobody watches {folder}: run mezame serve or mezame work"),
            ),
        });
        Ok(found)
    }

    /// Whether there is a copy to come back to.
    fn copies_found(&self, settings: &Settings) -> Result<Finding> {
        let folder = &settings.automatic.backup_folder;
        if folder.is_empty() {
            return Ok(finding(
                Level::Note,
                "毎晩のバックアップは設定されていません: mezame settings set automatic.backup_folder /…"
                    .to_owned(),
                "no nightly backup is set up: mezame settings set automatic.backup_folder /...".to_owned(),
            ));
        }
        // A folder that cannot be read holds no copy that would help.
        let newest = nightly_copies(Path::new(folder)).ok().and_then(|copies| Some(copies.last()?.0));
        let today = settings.day_of(self.now());
        Ok(match newest {
            Some(day) if today.0 - day.0 <= FRESH => finding(
                Level::Good,
                format!("最新のバックアップは {day} のものです({folder})"),
                format!("the newest backup is of {day} ({folder})"),
            ),
            _ => finding(
                Level::Problem,
                format!("{folder} に新しいバックアップがありません"),
                format!("there is no new backup in {folder}"),
            ),
        })
    }

    /// A sign of life of a keeper on this machine.
    pub(super) fn beat_keeper(&self, now: i64) -> Result<()> {
        let path = self.beat_file();
        std::fs::write(&path, now.to_string()).with_context(|| format!("writing {}", path.display()))
    }

    fn last_beat(&self) -> Result<Option<i64>> {
        let path = self.beat_file();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e).with_context(|| format!("reading {}", path.display())),
        }
    }

    fn beat_file(&self) -> PathBuf {
        self.data_dir().join("keeper")
    }
}
