//! Copies of everything, their way back, and who looked.

use crate::cli::{AccessArgs, BackupArgs, BackupVerb, ExportArgs, RestoreArgs, SealArgs};
use crate::out::{Talk, grouped, safe, table};
use anyhow::{Context, Result, bail, ensure};
use app::{AccessQuery, App, Backup, Config, Manifest, Seal, TableSum, Unseal};
use serde_json::json;
use std::io::{BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

pub fn backup(app: &App, args: &BackupArgs, talk: &Talk) -> Result<ExitCode> {
    let Some(out) = &args.out else { bail!("name the file to write: --out FILE") };
    let how = Backup { seal: seal(&args.seal, talk)?, secrets: args.secrets, by: who(&args.seal.by) };
    let manifest = app.back_up(out, &how)?;
    tell(&manifest, talk)?;
    if !args.secrets && !talk.json {
        talk.line(talk.say(
            "パスワードと署名鍵は含まれていません(--secrets)。secrets.toml を別の場所に保管してください。",
            "Passwords and signing keys are not in it (--secrets): keep secrets.toml somewhere else.",
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What needs no installation: looking into a file.
pub fn check(what: &BackupVerb, talk: &Talk) -> Result<ExitCode> {
    let BackupVerb::Check { file, key } = what;
    let manifest = App::check_backup(file, &unseal(key.as_deref())?)?;
    tell(&manifest, talk)?;
    Ok(ExitCode::SUCCESS)
}

pub fn restore(config: Config, args: &RestoreArgs, talk: &Talk) -> Result<ExitCode> {
    let restored = App::restore(config, &args.file, &unseal(args.key.as_deref())?, args.secrets)?;
    tell(&restored.manifest, talk)?;
    if !talk.json {
        talk.line(talk.say(
            "復元しました。バックアップの後に送ったものをこの場所は知らないため、送信を止めています。mezame work --held で確かめ、mezame work --release --by 名前 で再開してください。",
            "Restored. This place does not know what was sent after the backup was made, so sending is held: look at mezame work --held, then say mezame work --release --by NAME.",
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn export(app: &App, args: &ExportArgs, talk: &Talk) -> Result<ExitCode> {
    let tables = app.export_all(&args.all, &seal(&args.seal, talk)?, &who(&args.seal.by), talk.english)?;
    if talk.json {
        talk.value(&tables)?;
    } else {
        sums(&tables, talk)?;
        talk.line(&args.all.display().to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(manifest: &Manifest, talk: &Talk) -> Result<()> {
    let about = &manifest.about;
    if talk.json {
        return talk.value(&json!({
            "made": about.made, "shop": about.shop, "secrets": about.secrets, "tables": manifest.tables,
            "files": manifest.files, "sha256": manifest.sha256,
        }));
    }
    sums(&manifest.tables, talk)?;
    talk.line(&match talk.english {
        false => format!(
            "{} {}、ファイル{}件、SHA-256 {}",
            safe(&about.shop),
            time(about.made),
            manifest.files,
            manifest.sha256
        ),
        true => format!(
            "{} {}, {} files, SHA-256 {}",
            safe(&about.shop),
            time(about.made),
            manifest.files,
            manifest.sha256
        ),
    })
}

/// A moment as ISO 8601: a copy is looked at without a shop's zone.
fn time(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or(String::new(), |t| t.to_string())
}

fn sums(tables: &[TableSum], talk: &Talk) -> Result<()> {
    let held = tables.iter().filter(|t| t.rows > 0);
    let rows = held.map(|t| vec![t.name.clone(), grouped(t.rows as i64), t.sum.clone()]).collect();
    talk.line(&table(
        &[talk.say("表", "table"), talk.say("行", "rows"), talk.say("照合値", "sum")],
        &[1],
        rows,
    ))
}

pub fn access(app: &App, args: &AccessArgs, talk: &Talk) -> Result<ExitCode> {
    let since = args.since.map_or(Ok(0), |day| Ok::<_, anyhow::Error>(app.settings()?.moment(day, 0)))?;
    let ask =
        AccessQuery { customer: args.customer, who: args.by.clone(), since, limit: args.limit, skip: 0 };
    let all = app.accesses(&ask)?;
    if talk.json {
        let one = |a: &app::AccessView| {
            json!({
                "at": a.at, "who": a.who, "act": a.act, "customer": a.customer, "people": a.people, "what": a.what,
            })
        };
        talk.value(&all.iter().map(one).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = all.iter().map(|a| {
        let number = |n: Option<i64>| n.map_or(String::new(), |n| n.to_string());
        Ok(vec![
            app.local_time(a.at)?,
            safe(&a.who),
            talk.say(a.act_ja, a.act_en).to_owned(),
            number(a.customer),
            number(a.people),
            safe(&a.what),
        ])
    });
    let header = match talk.english {
        false => ["時刻", "担当", "したこと", "顧客番号", "人数", "条件など"],
        true => ["at", "by", "what", "customer", "people", "condition"],
    };
    talk.line(&table(&header, &[3, 4], rows.collect::<Result<_>>()?))?;
    Ok(ExitCode::SUCCESS)
}

/// Who it is: as they say, or as this machine knows them.
#[allow(clippy::disallowed_methods, reason = "the binary is what reads the environment")]
pub fn who(by: &str) -> String {
    match by.trim() {
        "" => std::env::var("USER")
            .or_else(|_| std::env::var("USERNAME"))
            .unwrap_or_else(|_| "console".to_owned()),
        by => by.to_owned(),
    }
}

fn seal(args: &SealArgs, talk: &Talk) -> Result<Seal> {
    if !args.to.is_empty() {
        return Ok(Seal::Keys(args.to.clone()));
    }
    if !args.seal {
        return Ok(Seal::Open);
    }
    let words = match passphrase() {
        Some(words) => words,
        None => {
            let mut err = std::io::stderr().lock();
            write!(err, "{}", talk.say("合言葉: ", "passphrase: "))?;
            err.flush()?;
            let mut words = String::new();
            std::io::stdin().lock().read_line(&mut words)?;
            words.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    ensure!(words.chars().count() >= 12, "a passphrase has 12 characters or more");
    Ok(Seal::Passphrase(words))
}

fn unseal(key: Option<&Path>) -> Result<Unseal> {
    let keys = match key {
        None => vec![],
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            text.lines().filter(|l| l.starts_with("AGE-SECRET-KEY-1")).map(str::to_owned).collect()
        }
    };
    Ok(Unseal { passphrase: passphrase(), keys })
}

#[allow(clippy::disallowed_methods, reason = "the binary is what reads the environment")]
fn passphrase() -> Option<String> {
    std::env::var("MEZAME_PASSPHRASE").ok().filter(|words| !words.is_empty())
}
