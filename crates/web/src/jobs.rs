//! Imports that were started from a page: they run on when the tab is closed.

use crate::fault::Fault;
use app::{App, FileReport, ImportRequest, Progress};
use model::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Jobs whose outcome is remembered; older ones are in the history of imports.
const REMEMBERED: usize = 50;
const OPTIONS: &str = "options.json";

/// How the files are to be read; empty means "find out".
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub source: String,
    pub kind: Option<Kind>,
    pub map: String,
}

impl Reading {
    pub fn is_kind(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }
}

/// How far a job is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Reading without writing.
    Looking,
    /// Read; waits for somebody to say go.
    Understood,
    Running,
    Done,
    Failed,
}

/// What a job's page shows.
#[derive(Clone, Debug)]
pub struct Standing {
    pub step: Step,
    pub progress: Option<Progress>,
    /// Unix seconds when the phase that `progress` tells of began.
    pub since: i64,
    pub reports: Vec<FileReport>,
    pub error: Option<String>,
}

/// Some uploaded files and what became of them.
pub struct Job {
    pub id: String,
    pub reading: Reading,
    folder: PathBuf,
    standing: Mutex<Standing>,
}

/// All jobs since the program started; those before it are found again by their folder.
#[derive(Default)]
pub struct Jobs {
    known: Mutex<BTreeMap<String, Arc<Job>>>,
}

impl Jobs {
    /// A new folder for files that are about to arrive: its id and path.
    pub fn new_folder(&self, app: &App) -> anyhow::Result<(String, PathBuf)> {
        let uploads = app.data_dir().join("uploads");
        fs::create_dir_all(&uploads)?;
        for n in 1.. {
            let id = format!("{}-{n}", app.now());
            match fs::create_dir(uploads.join(&id)) {
                Ok(()) => return Ok((id.clone(), uploads.join(id))),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e.into()),
            }
        }
        anyhow::bail!("no free upload folder in {}", uploads.display())
    }

    /// Looks at the files of a folder without writing; replaces an earlier look.
    pub fn look(&self, app: &App, id: &str, reading: Reading) -> anyhow::Result<Arc<Job>> {
        let folder = app.data_dir().join("uploads").join(id);
        fs::write(folder.join(OPTIONS), serde_json::to_vec(&reading)?)?;
        let standing =
            Standing { step: Step::Looking, progress: None, since: app.now(), reports: vec![], error: None };
        let job = Arc::new(Job { id: id.to_owned(), reading, folder, standing: Mutex::new(standing) });
        let mut known = held(&self.known);
        known.insert(id.to_owned(), job.clone());
        while known.len() > REMEMBERED {
            known.pop_first();
        }
        job.clone().start(app, true);
        Ok(job)
    }

    /// A job by its id; one whose files outlived the program is looked at again.
    pub fn find(&self, app: &App, id: &str) -> Result<Arc<Job>, Fault> {
        if let Some(job) = held(&self.known).get(id).cloned() {
            return Ok(job);
        }
        let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let folder = app.data_dir().join("uploads").join(id);
        if !plain || files_in(&folder).is_empty() {
            return Err(Fault::Missing);
        }
        let reading = fs::read(folder.join(OPTIONS)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Ok(self.look(app, id, reading.unwrap_or_default())?)
    }

    /// Takes the uploaded files away. A running job is left alone.
    pub fn discard(&self, app: &App, id: &str) -> Result<(), Fault> {
        let job = self.find(app, id)?;
        if matches!(job.standing().step, Step::Running | Step::Looking) {
            return Err(Fault::bad(
                "読み取り中は破棄できません。終わるまでお待ちください。",
                "Files cannot be discarded while they are being read. Wait until it has ended.",
            ));
        }
        held(&self.known).remove(id);
        job.forget_files();
        Ok(())
    }
}

impl Job {
    pub fn standing(&self) -> Standing {
        held(&self.standing).clone()
    }

    pub fn files(&self) -> Vec<PathBuf> {
        files_in(&self.folder)
    }

    /// Writes what was understood; does nothing unless the job waits for it.
    pub fn run(self: Arc<Job>, app: &App) {
        {
            let mut standing = held(&self.standing);
            if standing.step != Step::Understood {
                return;
            }
            standing.step = Step::Running;
            standing.progress = None;
            standing.since = app.now();
        }
        self.start(app, false);
    }

    fn start(self: Arc<Job>, app: &App, dry_run: bool) {
        let app = app.clone();
        // Its end is told by `standing`; nobody waits for the task itself.
        drop(tokio::task::spawn_blocking(move || self.work(&app, dry_run)));
    }

    fn work(&self, app: &App, dry_run: bool) {
        let request = ImportRequest {
            paths: self.files(),
            source: Some(self.reading.source.clone()).filter(|s| !s.is_empty()),
            kind: self.reading.kind,
            map: Some(self.reading.map.clone()).filter(|m| !m.trim().is_empty()),
            dry_run,
        };
        // Rate and remaining time are those of the phase, so each phase has its own beginning.
        let tell = |progress: Progress| {
            let mut standing = held(&self.standing);
            let same = |p: &Progress| p.phase == progress.phase && p.file == progress.file;
            if !standing.progress.as_ref().is_some_and(same) {
                standing.since = app.now();
            }
            standing.progress = Some(progress);
        };
        let outcome = app.import(&request, &tell).and_then(|reports| {
            if !dry_run {
                tell(Progress { phase: "judge", file: String::new(), done: 0, total: 0, rows: 0 });
                app.judged()?; // so that the board is ready when the result is read
            }
            Ok(reports)
        });
        let mut standing = held(&self.standing);
        standing.progress = None;
        match outcome {
            Ok(mut reports) => {
                // Our folder means nothing to the person who chose the file.
                let folder = format!("{}/", self.folder.display());
                for why in reports.iter_mut().filter_map(|r| r.refused.as_mut()) {
                    *why = why.replace(&folder, "");
                }
                let any = reports.iter().any(|r| r.refused.is_none());
                standing.step = if !dry_run {
                    Step::Done
                } else if any {
                    Step::Understood
                } else {
                    Step::Failed
                };
                standing.reports = reports;
            }
            Err(why) => {
                standing.step = Step::Failed;
                standing.error = Some(format!("{why:#}"));
            }
        }
        if standing.step == Step::Done {
            drop(standing);
            self.forget_files(); // personal data has no reason to stay here
        }
    }

    fn forget_files(&self) {
        // What cannot be removed now is found and shown again by `find`.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|e| e.path()).filter(|p| p.is_file() && !p.ends_with(OPTIONS)).collect();
    files.sort();
    files
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
