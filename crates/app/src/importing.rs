//! A shop's files into the store: look first, then write in chunks, then match people.

use crate::{App, FileReport, ImportView, Progress, lock};
use anyhow::{Context, Result};
use intake::{Entry, Map, Options, Reject, Survey, Upload};
use model::{Item, Kind};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use store::{NewImport, Summary};

/// Items per transaction: small enough that an unsubscribe never waits long behind one.
const CHUNK: usize = 5_000;

/// What to import and how to read it.
#[derive(Clone, Debug, Default)]
pub struct ImportRequest {
    /// Files, or folders of files.
    pub paths: Vec<PathBuf>,
    pub source: Option<String>,
    pub kind: Option<Kind>,
    /// TOML text of a column map.
    pub map: Option<String>,
    pub dry_run: bool,
}

type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);

impl App {
    /// Imports every file; a file that must be refused whole is reported and the others go on.
    pub fn import(&self, request: &ImportRequest, progress: OnProgress<'_>) -> Result<Vec<FileReport>> {
        let _one_at_a_time = lock(&self.inner.importing);
        let mut reports = Vec::new();
        let mut uploads = Vec::new();
        let options = self.options(request)?;
        for path in files_of(&request.paths)? {
            match intake::open(&path, &options) {
                Ok(found) => uploads.extend(found),
                Err(why) => reports.push(refused(&path.display().to_string(), request, &why)),
            }
        }
        // People before what refers to them, whatever the order on the command line.
        uploads.sort_by_key(|u| rank(u.kind()));
        for upload in uploads {
            reports.push(self.import_one(upload, request.dry_run, progress)?);
        }
        if !request.dry_run {
            let tell =
                |done| progress(Progress { phase: "match", file: String::new(), done, total: 0, rows: done });
            self.match_records(&mut { tell })?;
            self.tie_codes()?;
            self.read_reviews()?;
            self.notice_returns()?;
            self.count_pairs(false)?;
        }
        Ok(reports)
    }

    fn options(&self, request: &ImportRequest) -> Result<Options> {
        let settings = self.settings()?;
        Ok(Options {
            source: request.source.clone(),
            kind: request.kind,
            map: request.map.as_deref().map(Map::parse).transpose()?,
            zone: settings.tz(),
            today: settings.day_of(self.now()),
        })
    }

    fn import_one(&self, upload: Upload, dry_run: bool, progress: OnProgress<'_>) -> Result<FileReport> {
        let label = upload.label().to_owned();
        let mut tell = |phase: &'static str, done, total, rows| {
            progress(Progress { phase, file: label.clone(), done, total, rows });
        };
        let survey = match upload.survey(&mut |done, total| tell("survey", done, total, 0)) {
            Ok(survey) => survey,
            Err(why) => {
                let request = ImportRequest {
                    kind: Some(upload.kind()),
                    source: Some(upload.source().to_owned()),
                    ..Default::default()
                };
                return Ok(refused(&label, &request, &why));
            }
        };
        let mut report = described(&upload, &survey, dry_run);
        if !dry_run {
            self.write(upload, &survey, &mut report, &mut tell)?;
        }
        Ok(report)
    }

    /// Reads in a thread of its own while this one writes: reading is never the brake.
    fn write(
        &self,
        upload: Upload,
        survey: &Survey,
        report: &mut FileReport,
        tell: &mut dyn FnMut(&'static str, u64, u64, u64),
    ) -> Result<()> {
        let mut session = self.inner.store.begin_import(&NewImport {
            path: report.path.clone(),
            source: report.source.clone(),
            kind: report.kind,
            encoding: report.encoding.clone(),
            at: self.now(),
            today: self.today()?,
        })?;
        let mut rejects = Rejects::at(self.rejects_path(session.id()));
        std::thread::scope(|scope| -> Result<()> {
            let (send, chunks) = sync_channel(4);
            let reader = scope.spawn(move || read_chunks(&upload, survey, send));
            let written = write_chunks(&chunks, &mut session, &mut rejects, report, &mut |done| {
                tell("write", done, survey.items, done);
            });
            // Hanging up lets a reader that still has chunks to give end by itself.
            drop(chunks);
            let read = reader.join().map_err(|_| anyhow::anyhow!("reading stopped by an internal error"))?;
            written?;
            Ok(read?)
        })?;
        report.rejected = rejects.written;
        report.rejects_file = rejects.close()?.map(|p| p.display().to_string());
        session.finish(&Summary {
            rows: report.rows,
            orders: report.orders,
            customers: report.customers,
            inserted: report.inserted,
            updated: report.updated,
            unchanged: report.unchanged,
            rejected: report.rejected,
            rejects_file: report.rejects_file.clone(),
            warnings: report.warnings.clone(),
        })?;
        Ok(())
    }

    fn rejects_path(&self, import: i64) -> PathBuf {
        self.inner.data.join("rejects").join(format!("{import}.csv"))
    }

    /// The rejects file of an import, where it has one.
    pub fn rejects(&self, import: i64) -> Result<Option<PathBuf>> {
        let path = self.rejects_path(import);
        Ok(path.exists().then_some(path))
    }

    /// Past imports, the newest first.
    pub fn imports(&self, limit: usize) -> Result<Vec<ImportView>> {
        let rows = self.inner.store.imports(limit)?;
        Ok(rows.into_iter().map(past).collect())
    }
}

fn past(row: store::ImportRow) -> ImportView {
    let summary = row.summary.map(|s| FileReport {
        rows: s.rows,
        orders: s.orders,
        customers: s.customers,
        inserted: s.inserted,
        updated: s.updated,
        unchanged: s.unchanged,
        rejected: s.rejected,
        rejects_file: s.rejects_file,
        warnings: s.warnings,
        ..blank(&row.path, &row.source, row.kind, &row.encoding)
    });
    ImportView {
        id: row.id,
        at: row.at,
        path: row.path,
        source: row.source,
        kind: row.kind,
        finished: summary.is_some(),
        interrupted: row.interrupted,
        summary,
    }
}

/// A chunk on its way from the reader to the writer.
struct Chunk {
    items: Vec<(u64, Item)>,
    rejects: Vec<Reject>,
}

fn read_chunks(upload: &Upload, survey: &Survey, send: SyncSender<Chunk>) -> Result<(), intake::Error> {
    let fresh = || Chunk { items: Vec::with_capacity(CHUNK), rejects: Vec::new() };
    let mut chunk = fresh();
    upload.read(survey, &mut |entry| {
        match entry {
            Entry::Item(line, item) => chunk.items.push((line, item)),
            Entry::Reject(reject) => chunk.rejects.push(reject),
        }
        if chunk.items.len() + chunk.rejects.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        match send.send(std::mem::replace(&mut chunk, fresh())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()), // the writer failed and says why
        }
    })?;
    // The last, short chunk; when the writer is gone its own error is the one to show.
    let _ = send.send(chunk);
    Ok(())
}

fn write_chunks(
    chunks: &Receiver<Chunk>,
    session: &mut store::ImportSession,
    rejects: &mut Rejects,
    report: &mut FileReport,
    tell: &mut dyn FnMut(u64),
) -> Result<()> {
    let mut done = 0;
    for chunk in chunks {
        let (lines, items): (Vec<u64>, Vec<Item>) = chunk.items.into_iter().unzip();
        let tally = session.write(&items)?;
        report.inserted += tally.inserted;
        report.updated += tally.updated;
        report.unchanged += tally.unchanged;
        for reject in &chunk.rejects {
            rejects.add(reject)?;
        }
        for (index, reason) in tally.refused {
            let line = lines.get(index).copied().unwrap_or_default();
            rejects.add(&Reject {
                line,
                column: String::new(),
                value: String::new(),
                reason,
                row_lost: true,
            })?;
        }
        done += items.len() as u64;
        tell(done);
    }
    Ok(())
}

/// The rejects file, made with its first row.
pub(crate) struct Rejects {
    path: PathBuf,
    file: Option<csv::Writer<std::fs::File>>,
    pub(crate) written: u64,
}

impl Rejects {
    pub(crate) fn at(path: PathBuf) -> Rejects {
        Rejects { path, file: None, written: 0 }
    }

    pub(crate) fn add(&mut self, reject: &Reject) -> Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                if let Some(folder) = self.path.parent() {
                    std::fs::create_dir_all(folder)
                        .with_context(|| format!("making {}", folder.display()))?;
                }
                let mut raw = std::fs::File::create(&self.path)
                    .with_context(|| format!("making {}", self.path.display()))?;
                raw.write_all(b"\xEF\xBB\xBF")?; // Excel reads UTF-8 only with it
                let mut file = csv::Writer::from_writer(raw);
                file.write_record(["line", "column", "value", "reason"])?;
                self.file.insert(file)
            }
        };
        let line = if reject.line == 0 { String::new() } else { reject.line.to_string() };
        file.write_record([&line, &reject.column, &crate::export::inert(&reject.value), &reject.reason])?;
        self.written += 1;
        Ok(())
    }

    pub(crate) fn close(self) -> Result<Option<PathBuf>> {
        let Some(mut file) = self.file else { return Ok(None) };
        file.flush()?;
        Ok(Some(self.path))
    }
}

/// A report on a file of which nothing has been read yet.
fn blank(path: &str, source: &str, kind: Kind, encoding: &str) -> FileReport {
    FileReport {
        path: path.to_owned(),
        source: source.to_owned(),
        kind,
        encoding: encoding.to_owned(),
        rows: 0,
        orders: 0,
        customers: 0,
        inserted: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        rejects_file: None,
        warnings: vec![],
        refused: None,
        columns: vec![],
        sample: vec![],
        dry_run: false,
    }
}

fn described(upload: &Upload, survey: &Survey, dry_run: bool) -> FileReport {
    FileReport {
        rows: survey.rows,
        orders: survey.orders,
        customers: survey.customers,
        rejected: survey.rejected,
        warnings: survey.warnings.clone(),
        columns: if dry_run { survey.columns.clone() } else { vec![] },
        sample: if dry_run { survey.sample.clone() } else { vec![] },
        dry_run,
        ..blank(upload.label(), upload.source(), upload.kind(), upload.encoding())
    }
}

fn refused(label: &str, request: &ImportRequest, why: &dyn std::fmt::Display) -> FileReport {
    let source = request.source.as_deref().unwrap_or_default();
    FileReport {
        refused: Some(why.to_string()),
        dry_run: request.dry_run,
        ..blank(label, source, request.kind.unwrap_or(Kind::Orders), "")
    }
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Products => 0,
        Kind::Customers => 1,
        Kind::Contacts => 2,
        Kind::Orders => 3,
        Kind::Invoices => 4,
        Kind::Subscriptions => 5,
        Kind::Visits => 6,
        Kind::Points => 7,
        Kind::Coupons => 8,
        Kind::Reviews => 9,
        Kind::Consents => 10,
        Kind::Suppressions => 11,
    }
}

/// The files named, with every folder replaced by the importable files in it, by name.
fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in
            std::fs::read_dir(path).with_context(|| format!("reading the folder {}", path.display()))?
        {
            let file = entry?.path();
            if file.is_file() && importable(&file) {
                inside.push(file);
            }
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Whether the name says that it may hold a table.
pub(crate) fn importable(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let ends = [".csv", ".tsv", ".txt", ".xlsx", ".zip", ".gz"];
    !name.starts_with('.') && !name.starts_with('~') && ends.iter().any(|e| name.ends_with(e))
}
