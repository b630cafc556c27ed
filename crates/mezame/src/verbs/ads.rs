//! Audiences for ad platforms, the page of own facts, and the year.

use crate::cli::{AdsFileArgs, AdsVerb, RefreshVerb};
use crate::out::{Talk, day, table};
use anyhow::{Context, Result};
use app::{AdsExport, App};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(app: &App, what: AdsVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        AdsVerb::Platforms => platforms(app, talk)?,
        AdsVerb::Export(args) => {
            let campaign = app.find_campaign(&args.campaign)?;
            let export = app.export_audience(campaign, &args.file.platform, &args.by)?;
            write(&export, &args.file, talk)?;
        }
        AdsVerb::Suppress(args) => write(&app.export_suppressed(&args.platform)?, &args, talk)?,
        AdsVerb::Seed(args) => write(&app.export_seed(&args.platform)?, &args, talk)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn platforms(app: &App, talk: &Talk) -> Result<()> {
    let all = app.ad_platforms();
    if talk.json {
        let all = all.iter().map(|(name, label)| json!({ "name": name, "label": label }));
        return talk.value(&all.collect::<Vec<_>>());
    }
    let rows = all.into_iter().map(|(name, label)| vec![name, label]).collect();
    talk.line(&table(&[talk.say("名前", "name"), talk.say("配信先", "platform")], &[], rows))
}

fn write(export: &AdsExport, args: &AdsFileArgs, talk: &Talk) -> Result<()> {
    let mut written = Vec::new();
    for file in &export.files {
        let path = path_of(&args.out, file.part);
        app::write_whole(&path, file.text.as_bytes())?;
        written.push((path.display().to_string(), file.rows));
    }
    if talk.json {
        let left = export.left_out.iter().map(|(rule, n, ..)| json!({ "rule": rule, "customers": n }));
        return talk.value(&json!({
            "platform": export.platform.name, "customers": export.people, "new": export.new,
            "files": written.iter().map(|(path, rows)| json!({ "path": path, "rows": rows })).collect::<Vec<_>>(),
            "left_out": left.collect::<Vec<_>>(),
            "notes": export.notes.iter().map(|(ja, en)| talk.say(ja, en)).collect::<Vec<_>>(),
        }));
    }
    for (path, rows) in &written {
        talk.line(&format!("{path}: {rows} {}", talk.say("行", "rows")))?;
    }
    talk.line(&match talk.english {
        false => {
            format!("{}、うち今回はじめて渡す方 {}", talk.people(export.people), talk.people(export.new))
        }
        true => format!("{} customers, {} of them for the first time", export.people, export.new),
    })?;
    for (rule, n, ja, en) in &export.left_out {
        talk.line(&format!("  × {}  {} [{rule}]", talk.people(*n), talk.say(ja, en)))?;
    }
    for (ja, en) in &export.notes {
        talk.line(&format!("  ! {}", talk.say(ja, en)))?;
    }
    Ok(())
}

/// `audience.csv` as `audience-mail.csv` for a file of its own.
fn path_of(out: &Path, part: &str) -> PathBuf {
    if part.is_empty() {
        return out.to_owned();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    match out.extension() {
        Some(kind) => out.with_file_name(format!("{stem}-{part}.{}", kind.to_string_lossy())),
        None => out.with_file_name(format!("{stem}-{part}")),
    }
}

pub fn refresh(app: &App, what: &RefreshVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        RefreshVerb::Link { touch } => {
            let link = app.refresh_link(*touch)?;
            let link = link.context("set the door's public address first: profile.public_url")?;
            match talk.json {
                true => talk.value(&json!({ "link": link, "days": app::REFRESH_DAYS }))?,
                false => talk.line(&link)?,
            }
        }
        RefreshVerb::Erase { customer } => {
            let erased = app.erase_own_words(*customer)?;
            talk.line(&format!(
                "{}: {erased}",
                talk.say("消去した変更の記録", "changes whose words are gone")
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn calendar(app: &App, year: Option<i32>, talk: &Talk) -> Result<ExitCode> {
    let year = match year {
        Some(year) => year,
        None => app.today()?.ymd().0,
    };
    anyhow::ensure!((2022..=2099).contains(&year), "the calendar knows the years 2022 to 2099");
    let (holidays, seasons) = app.calendar(year)?;
    if talk.json {
        let holidays = holidays.iter().map(|h| json!({ "day": h.day, "ja": h.ja, "en": h.en }));
        let seasons = seasons.iter().map(|s| {
            json!({
                "season": s.season.kind.word(), "from": s.season.from, "until": s.season.until,
                "begin": s.begin, "lead": s.season.lead, "bought_last_year": s.bought_last_year,
            })
        });
        let (holidays, seasons) = (holidays.collect::<Vec<_>>(), seasons.collect::<Vec<_>>());
        talk.value(&json!({ "year": year, "holidays": holidays, "seasons": seasons }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = holidays.iter().map(|h| vec![day(Some(h.day)), talk.say(h.ja, h.en).to_owned()]).collect();
    talk.line(&table(&[talk.say("祝日", "holiday"), ""], &[], rows))?;
    talk.line("")?;
    let rows = seasons.iter().map(|s| {
        let name = talk.say(s.season.kind.ja(), s.season.kind.en()).to_owned();
        vec![
            name,
            day(Some(s.season.from)),
            day(Some(s.season.until)),
            day(Some(s.begin)),
            talk.people(s.bought_last_year),
        ]
    });
    let header = match talk.english {
        false => ["季節", "から", "まで", "準備を始める日", "昨年この時期に買った方"],
        true => ["season", "from", "until", "begin on", "bought last year"],
    };
    talk.line(&table(&header, &[4], rows.collect()))?;
    Ok(ExitCode::SUCCESS)
}
