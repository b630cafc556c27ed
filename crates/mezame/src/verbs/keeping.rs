//! What runs by itself beside the pages and the sending, and what it took in.

use crate::cli::ArrivalsArgs;
use crate::out::{Talk, safe, table};
use anyhow::Result;
use app::{App, Keeping, arrival_json};
use std::io::{Write, stderr};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;

/// Looks after the data in a thread of its own until `stop`.
pub fn start(app: &App, stop: &Arc<AtomicBool>, talk: Talk) -> JoinHandle<()> {
    let (app, stop) = (app.clone(), stop.clone());
    std::thread::spawn(move || app.keep(&stop, &|what| say(&what, talk)))
}

/// Whoever listened may be gone: keeping goes on.
fn say(what: &Keeping, talk: Talk) {
    let line = match (what, talk.english) {
        (Keeping::Took(done, 0), false) => format!("自動の取込: {done}件"),
        (Keeping::Took(done, failed), false) => {
            format!("自動の取込: {done}件、取り込めなかったもの{failed}件(mezame arrivals)")
        }
        (Keeping::Took(done, failed), true) => {
            format!("taken in by themselves: {done}, failed: {failed} (mezame arrivals)")
        }
        (Keeping::Nightly, false) => "全員を判定し直し、過去から学び直しました".to_owned(),
        (Keeping::Nightly, true) => "everyone is judged anew, and the past was learned from".to_owned(),
        (Keeping::Trouble(why), _) => format!("! {why}"),
    };
    let _ = writeln!(stderr(), "{line}");
}

/// Lists what came by itself, or takes note of a failure.
pub fn arrivals(app: &App, args: &ArrivalsArgs, talk: &Talk) -> Result<ExitCode> {
    if let Some(id) = args.seen {
        app.see_arrival(id, &args.by)?;
        talk.noted("確認済みにしました。", "Noted.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let all = app.arrivals(args.limit)?;
    if talk.json {
        talk.value(&all.iter().map(arrival_json).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = all.iter().map(|a| {
        let (_, ja, en) = a.standing();
        let figures = [a.rows, a.inserted, a.updated, a.rejected].map(|n| n.to_string());
        let open = if a.open { "! " } else { "" };
        let head = [
            a.id.to_string(),
            app.local_time(a.at)?,
            safe(&a.name).to_string(),
            format!("{open}{}", talk.say(ja, en)),
        ];
        Ok(head.into_iter().chain(figures).collect())
    });
    let header = match talk.english {
        false => ["番号", "時刻", "ファイル", "結果", "行", "新規", "更新", "不備"],
        true => ["number", "at", "file", "outcome", "rows", "new", "changed", "rejected"],
    };
    talk.line(&table(&header, &[0, 4, 5, 6, 7], rows.collect::<Result<_>>()?))?;
    for a in all.iter().filter(|a| a.open) {
        talk.line(&format!("  ! {}: {}", a.id, safe(&a.why)))?;
    }
    Ok(ExitCode::SUCCESS)
}
