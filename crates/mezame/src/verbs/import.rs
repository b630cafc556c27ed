//! A shop's files, taken in.

use crate::cli::ImportArgs;
use crate::out::{Talk, grouped, safe, table};
use crate::progress::Bar;
use anyhow::{Context, Result};
use app::{App, FileReport, ImportRequest, Watcher};
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;

pub fn run(app: &App, args: &ImportArgs, talk: &Talk) -> Result<ExitCode> {
    let map = args.map.as_ref().map(|path| {
        std::fs::read_to_string(path).with_context(|| format!("reading the map {}", path.display()))
    });
    let request = ImportRequest {
        paths: args.paths.clone(),
        source: Some(args.source.clone()).filter(|s| s != "auto"),
        kind: args.kind.0,
        map: map.transpose()?,
        dry_run: args.dry_run,
    };
    if let Some(folder) = &args.watch {
        return watch(app, Watcher::new(app, folder, request)?, args.every, talk);
    }
    let bar = Bar::new();
    let reports = app.import(&request, &|step| bar.show(step));
    bar.done();
    let reports = reports?;
    if talk.json {
        talk.value(&reports)?;
    } else {
        show(&reports, talk)?;
    }
    let refused = reports.iter().any(|r| r.refused.is_some());
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Looks, waits, looks again, until Ctrl-C ends the process: everything taken in is already safe.
fn watch(app: &App, mut watcher: Watcher, every: u64, talk: &Talk) -> Result<ExitCode> {
    // Nobody sends: waiting on it is waiting until the next look is due.
    let (_keep, pause) = std::sync::mpsc::channel::<()>();
    loop {
        let reports = watcher.look(&|_| ())?;
        if !reports.is_empty() {
            if talk.json {
                talk.value(&reports)?;
            } else {
                show(&reports, talk)?;
            }
            app.judged()?;
        }
        pause.recv_timeout(Duration::from_secs(every)).ok();
    }
}

/// What each file came to, in words.
pub fn show(reports: &[FileReport], talk: &Talk) -> Result<()> {
    for r in reports {
        if let Some(why) = &r.refused {
            talk.line(&format!("× {}\n  {}", safe(&r.path), safe(why)))?;
            continue;
        }
        let kind = if talk.english { r.kind.en() } else { r.kind.ja() };
        let n = |n: u64| grouped(n as i64);
        let head = format!("{} ({} {kind}, {})", safe(&r.path), r.source, r.encoding);
        if r.dry_run {
            dry(r, &head, talk)?;
            continue;
        }
        talk.line(&format!("○ {head}"))?;
        talk.line(&match talk.english {
            false => format!(
                "  {}行 → 新規 {}、更新 {}、変更なし {}、不備 {}",
                n(r.rows),
                n(r.inserted),
                n(r.updated),
                n(r.unchanged),
                n(r.rejected)
            ),
            true => format!(
                "  {} rows: {} inserted, {} updated, {} unchanged, {} rejected",
                n(r.rows),
                n(r.inserted),
                n(r.updated),
                n(r.unchanged),
                n(r.rejected)
            ),
        })?;
        if let Some(file) = &r.rejects_file {
            talk.line(&format!("  {}: {file}", talk.say("不備の一覧", "rejected rows")))?;
        }
        warnings(r, talk)?;
    }
    Ok(())
}

/// How a file would be read: columns, then the first rows as understood.
fn dry(r: &FileReport, head: &str, talk: &Talk) -> Result<()> {
    talk.line(&format!("? {head}"))?;
    let n = |n: u64| grouped(n as i64);
    talk.line(&match talk.english {
        false => format!(
            "  {}行、受注 {}、顧客 {}、不備 {}。まだ何も書き込んでいません。",
            n(r.rows),
            n(r.orders),
            n(r.customers),
            n(r.rejected)
        ),
        true => format!(
            "  {} rows, {} orders, {} customers, {} rejected. Nothing has been written.",
            n(r.rows),
            n(r.orders),
            n(r.customers),
            n(r.rejected)
        ),
    })?;
    let unused: Vec<&str> = r.columns.iter().filter(|c| c.1.is_none()).map(|c| c.0.as_str()).collect();
    let used =
        r.columns.iter().filter_map(|(header, field)| Some(vec![safe(header), field.clone()?])).collect();
    talk.line(&table(&[talk.say("列", "column"), talk.say("読み方", "read as")], &[], used))?;
    if !unused.is_empty() {
        talk.line(&format!("  {}: {}", talk.say("使わない列", "not used"), safe(&unused.join(", "))))?;
    }
    for (i, row) in r.sample.iter().enumerate() {
        let cells: Vec<String> =
            row.iter().map(|(field, value)| format!("{field}={}", safe(value))).collect();
        talk.line(&format!("  {}: {}", i + 1, cells.join(" ")))?;
    }
    warnings(r, talk)
}

fn warnings(r: &FileReport, talk: &Talk) -> Result<()> {
    for warning in &r.warnings {
        talk.line(&format!("  ! {}", safe(warning)))?;
    }
    Ok(())
}

/// Prints a proposed column map.
pub fn suggest(args: &ImportArgs) -> Result<ExitCode> {
    let talk = Talk { json: false, english: true };
    if let Some(path) = &args.suggest_map {
        talk.line(&app::suggest_map(path)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the sources whose files are recognised.
pub fn sources(talk: &Talk) -> Result<ExitCode> {
    let all = app::sources();
    if talk.json {
        let kinds = |s: &app::SourceInfo| s.kinds.iter().map(|k| k.word()).collect::<Vec<_>>();
        talk.value(
            &all.iter()
                .map(|s| json!({ "source": s.name, "ja": s.ja, "kinds": kinds(s) }))
                .collect::<Vec<_>>(),
        )?;
    } else {
        let kinds = |s: &app::SourceInfo| {
            s.kinds.iter().map(|k| if talk.english { k.en() } else { k.ja() }).collect::<Vec<_>>().join("・")
        };
        let rows = all.iter().map(|s| vec![s.name.to_owned(), s.ja.to_owned(), kinds(s)]).collect();
        talk.line(&table(
            &["--source", talk.say("名前", "name"), talk.say("読めるもの", "reads")],
            &[],
            rows,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
