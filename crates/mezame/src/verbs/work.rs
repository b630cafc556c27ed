//! Sending, until Ctrl-C or until nothing is due.

use crate::cli::WorkArgs;
use crate::out::{Talk, table};
use crate::verbs::{NEEDS_A_PERSON, keeping};
use anyhow::Result;
use app::{App, Work, Worked};
use serde_json::json;
use std::io::{Write, stderr};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub fn run(app: &App, args: &WorkArgs, talk: &Talk) -> Result<ExitCode> {
    if args.held {
        return held(app, talk);
    }
    if args.release {
        let adopted = app.release_held(&args.by)?;
        talk.line(&match talk.english {
            false => format!("{adopted}通を「要確認」として記録し、送信の停止を解きました。"),
            true => format!("{adopted} taken into the books as in doubt; sending may go on."),
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let ended = stop.clone();
    ctrlc::set_handler(move || ended.store(true, Ordering::Relaxed))?;
    let how = Work { name: name()?, once: args.once, connections: args.connections };
    if !args.once {
        eprintln!(
            "{} ({})",
            talk.say("送信を受け持っています。Ctrl-C で終了します。", "Sending; Ctrl-C ends."),
            how.name
        );
    }
    let keeper = (!args.once).then(|| keeping::start(app, &stop, *talk));
    let said = Mutex::new(None);
    let worked = app.work(&how, &stop, &|sum| watch(sum, &said, talk));
    stop.store(true, Ordering::Relaxed);
    if let Some(keeper) = keeper {
        keeper.join().map_err(|_| anyhow::anyhow!("the keeper broke down"))?;
    }
    let worked = worked?;
    tell(&worked, talk)?;
    Ok(if worked.in_doubt > 0 { ExitCode::from(NEEDS_A_PERSON) } else { ExitCode::SUCCESS })
}

/// A name no other worker has.
pub fn name() -> Result<String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system gives no random bytes: {e}"))?;
    Ok(format!("{}-{:08x}", std::process::id(), u32::from_be_bytes(bytes)))
}

/// Says how far it has come now and then, and a trouble as soon as it is another one. Whoever
/// listened may be gone: sending goes on.
pub fn watch(sum: &Worked, said: &Mutex<Option<String>>, talk: &Talk) {
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    if sum.trouble != *said {
        said.clone_from(&sum.trouble);
        if let Some(trouble) = &sum.trouble {
            let _ = writeln!(stderr(), "! {trouble}");
        }
    }
    let done = sum.sent + sum.failed + sum.later + sum.in_doubt;
    if done > 0 && done.is_multiple_of(1_000) && !talk.json {
        let _ = writeln!(stderr(), "{done} {}", talk.say("通", "done"));
    }
}

fn tell(w: &Worked, talk: &Talk) -> Result<()> {
    if talk.json {
        return talk.value(&json!({
            "sent": w.sent, "failed": w.failed, "later": w.later, "in_doubt": w.in_doubt, "trouble": w.trouble
        }));
    }
    talk.line(&match talk.english {
        false => {
            format!("送信{}通、失敗{}通、後で再送{}通、要確認{}通", w.sent, w.failed, w.later, w.in_doubt)
        }
        true => format!("{} sent, {} failed, {} put off, {} in doubt", w.sent, w.failed, w.later, w.in_doubt),
    })?;
    if let Some(trouble) = &w.trouble {
        talk.line(&format!("! {trouble}"))?;
    }
    Ok(())
}

fn held(app: &App, talk: &Talk) -> Result<ExitCode> {
    let Some(held) = app.held()? else {
        talk.line(talk.say("送信は止められていません。", "Sending is not held."))?;
        return Ok(ExitCode::SUCCESS);
    };
    if talk.json {
        let waiting: Vec<i64> = held.waiting.iter().map(|t| t.touch.id).collect();
        let one = |a: &app::Attempted| json!({ "touch": a.touch, "attempt": a.n, "at": a.at, "campaign": a.campaign, "step": a.step + 1, "customer": a.customer });
        talk.value(&json!({ "forgotten": held.forgotten.iter().map(one).collect::<Vec<_>>(), "foreign": held.foreign, "restored": held.restored, "waiting": waiting }))?;
        return Ok(ExitCode::from(NEEDS_A_PERSON));
    }
    if held.restored {
        talk.line(talk.say(
            "バックアップから戻した場所です。バックアップの後に送ったものは、元の場所の attempts.journal をこのデータフォルダに置くと下に並びます。",
            "A backup was put back here. What was sent after it was made is listed below once the lost place's attempts.journal lies in this data folder.",
        ))?;
    }
    talk.line(talk.say(
        "送信の控え(attempts.journal)にあってデータベースにない送信です。バックアップから戻した後に起こります。",
        "Sent by the journal's account, and unknown to the database, as after restoring a backup:",
    ))?;
    let rows = held.forgotten.iter().take(50).map(|a| {
        let numbers = [a.touch, a.campaign, i64::from(a.step) + 1, a.customer].map(|n| n.to_string());
        Ok(numbers.into_iter().chain([app.local_time(a.at)?]).collect())
    });
    let header = match talk.english {
        false => ["番号", "施策", "ステップ", "顧客番号", "送信"],
        true => ["touch", "campaign", "step", "customer", "at"],
    };
    talk.line(&table(&header, &[0, 1, 2, 3], rows.collect::<Result<_>>()?))?;
    talk.line(&match talk.english {
        false => format!("いま待っている送信: {}件以上", held.waiting.len()),
        true => format!("waiting in line: {} or more", held.waiting.len()),
    })?;
    talk.line("mezame work --release --by …")?;
    Ok(ExitCode::from(NEEDS_A_PERSON))
}
