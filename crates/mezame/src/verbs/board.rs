//! Who is asleep.

use crate::cli::BoardArgs;
use crate::out::{Talk, day, grouped, safe, table};
use anyhow::Result;
use app::{App, Board, Cell};
use std::process::ExitCode;

/// Months of movement on the screen; JSON and the page have 24.
const MONTHS: usize = 6;

pub fn run(app: &App, args: &BoardArgs, talk: &Talk) -> Result<ExitCode> {
    if let Some(as_of) = args.as_of {
        app.hold(as_of);
    }
    show(app, &app.board()?, talk)?;
    Ok(ExitCode::SUCCESS)
}

/// The board as JSON, or as one sentence and its tables.
pub fn show(app: &App, board: &Board, talk: &Talk) -> Result<()> {
    if talk.json {
        return talk.value(&app::board_json(board));
    }
    let currency = app.settings()?.currency;
    let count = |word: &str| board.states.iter().find(|c| c.word == word).map_or(0, |c| c.customers);
    talk.line(&match talk.english {
        false => format!(
            "休眠 {}。今日新たに {}。({} 時点、{}中)",
            talk.people(count("dormant")),
            talk.people(board.newly_dormant.customers),
            day(Some(board.as_of)),
            talk.people(board.customers)
        ),
        true => format!(
            "{} dormant, {} of them since today. ({} customers as of {})",
            grouped(count("dormant") as i64),
            board.newly_dormant.customers,
            grouped(board.customers as i64),
            board.as_of
        ),
    })?;
    let policy = talk.say(&board.policy_ja, &board.policy_en);
    talk.line(&format!(
        "{}: {} v{} ({policy})",
        talk.say("定義", "Policy"),
        board.policy,
        board.policy_version
    ))?;
    talk.line("")?;
    talk.line(&cells(talk.say("状態", "state"), &board.states, &currency, talk))?;
    talk.line("")?;
    talk.line(&cells(talk.say("段階", "stage"), &board.stages, &currency, talk))?;
    talk.line("")?;
    talk.line(&movement(board, talk))?;
    if let Some(alert) = app.visit_alert()? {
        talk.line(&format!("! {} mezame visits list", talk.say(&alert.says.ja, &alert.says.en)))?;
    }
    for alert in app.alerts()? {
        let name = safe(&alert.name);
        talk.line(&format!("! {name}: {}", talk.say(&alert.says.ja, &alert.says.en)))?;
    }
    if board.suggestions > 0 {
        talk.line("")?;
        talk.line(&match talk.english {
            false => format!("同じ方かもしれない組が{}件あります: mezame match list", board.suggestions),
            true => format!("{} pairs of records may be one person: mezame match list", board.suggestions),
        })?;
    }
    Ok(())
}

fn cells(title: &str, cells: &[Cell], currency: &str, talk: &Talk) -> String {
    let all: u64 = cells.iter().map(|c| c.customers).sum::<u64>().max(1);
    let row = |c: &Cell| {
        let share = format!("{:.1}%", c.customers as f64 * 100.0 / all as f64);
        vec![
            talk.say(&c.ja, &c.en).to_owned(),
            talk.people(c.customers),
            share,
            talk.money(c.spend, currency),
        ]
    };
    let header =
        [title, talk.say("人数", "customers"), talk.say("割合", "share"), talk.say("累計金額", "spend")];
    table(&header, &[1, 2, 3], cells.iter().map(row).collect())
}

fn movement(board: &Board, talk: &Talk) -> String {
    let from = board.movement.len().saturating_sub(MONTHS);
    let rows = board.movement[from..].iter().map(|m| {
        let (year, month, _) = m.month.ymd();
        let n = |n: u64| grouped(n as i64);
        vec![
            format!("{year}/{month:02}"),
            n(m.opening),
            n(m.new),
            n(m.reactivated),
            n(m.lapsed),
            n(m.closing),
        ]
    });
    let header = match talk.english {
        false => ["月", "月初", "新規", "復帰", "休眠化", "月末"],
        true => ["month", "opening", "new", "reactivated", "lapsed", "closing"],
    };
    table(&header, &[1, 2, 3, 4, 5], rows.collect())
}
