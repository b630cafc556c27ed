//! Judging, with the time each part took.

use crate::cli::JudgeArgs;
use crate::out::{Talk, grouped};
use anyhow::Result;
use app::App;
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

#[allow(clippy::disallowed_methods, reason = "the verb's answer is how long it took")]
pub fn run(app: &App, args: &JudgeArgs, talk: &Talk) -> Result<ExitCode> {
    let as_of = args.as_of.map_or_else(|| app.today(), Ok)?;
    let start = Instant::now();
    app.refresh()?;
    let columns = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let card = app.learn(as_of)?;
    app.count_pairs(true)?;
    let learn = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let snapshot = app.judged_as_of(as_of)?;
    let judge = start.elapsed().as_secs_f64();
    let pass = if args.pass {
        let start = Instant::now();
        app.pass(as_of)?;
        Some(start.elapsed().as_secs_f64())
    } else {
        None
    };
    if talk.json {
        let mut seconds = json!({ "columns": columns, "learn": learn, "judge": judge });
        if let Some(pass) = pass {
            seconds["pass"] = json!(pass);
        }
        let model = card.map(|card| card.chosen);
        talk.value(
            &json!({ "as_of": as_of, "customers": snapshot.customers(), "model": model, "seconds": seconds }),
        )?;
    } else {
        let people = grouped(snapshot.customers() as i64);
        talk.line(&match talk.english {
            false => format!(
                "{as_of} 時点で{people}人を判定しました(列の更新 {columns:.2}秒、過去からの学習 {learn:.2}秒、判定 {judge:.2}秒)。"
            ),
            true => format!(
                "Judged {people} customers as of {as_of} (columns {columns:.2} s, learning {learn:.2} s, judging {judge:.2} s)."
            ),
        })?;
        if let Some(pass) = pass {
            talk.line(&format!(
                "{} {pass:.2} s",
                talk.say("履歴の一巡のみ", "the pass over all histories alone")
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
