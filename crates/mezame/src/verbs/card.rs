//! The model card: what the expectations rest on.

use crate::out::{Talk, day, grouped, table};
use anyhow::Result;
use app::App;
use model::{Candidate, ModelCard, Saying};
use std::process::ExitCode;

pub fn run(app: &App, talk: &Talk) -> Result<ExitCode> {
    let card = app.model()?;
    if talk.json {
        talk.value(&card)?;
        return Ok(ExitCode::SUCCESS);
    }
    match card {
        Some(card) => show(&card, talk)?,
        None => talk.line(talk.say(
            "見込みはまだありません。注文を取り込むと学習します(設定 outlook が off の場合は出しません)。",
            "There are no expectations yet: they are learned once orders are imported (unless the setting outlook is off).",
        ))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The card as lines and tables.
pub fn show(card: &ModelCard, talk: &Talk) -> Result<()> {
    let said = |s: &Saying| talk.say(&s.ja, &s.en).to_owned();
    let chosen = card.candidates.iter().find(|c| c.chosen);
    let name = chosen.map_or_else(|| card.chosen.clone(), |c| said(&c.says));
    talk.line(&match talk.english {
        false => {
            format!("使っている方法: {name}({} 時点、{}日先の見込み)", day(Some(card.as_of)), card.horizon)
        }
        true => format!("In use: {name} (as of {}, {} days ahead)", card.as_of, card.horizon),
    })?;
    talk.line(&said(&card.why))?;
    talk.line(&format!(
        "{}: {} - {}, {} {}, {} {}",
        talk.say("データ", "Data"),
        day(card.first_order),
        day(card.last_order),
        grouped(card.buyers as i64),
        talk.say("人", "buyers"),
        grouped(card.orders as i64),
        talk.say("件の注文", "orders"),
    ))?;
    talk.line("")?;
    talk.line(&windows(card, talk))?;
    talk.line("")?;
    talk.line(&candidates(&card.candidates, talk))?;
    talk.line("")?;
    let number = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| format!("{n:.2}"));
    talk.line(&match talk.english {
        false => format!(
            "確率の当たり方: 傾き {}(1が適正)、直近の窓での人数の見込み÷実際 {}",
            number(card.slope),
            number(card.level)
        ),
        true => format!(
            "Calibration: slope {} (1 is right); predicted over actual on the newest window {}",
            number(card.slope),
            number(card.level)
        ),
    })?;
    talk.line("")?;
    talk.line(talk.say("ご注意", "What to know"))?;
    for limit in &card.limits {
        talk.line(&format!("・{}", said(limit)))?;
    }
    Ok(())
}

fn windows(card: &ModelCard, talk: &Talk) -> String {
    let row = |w: &model::Window| {
        let n = |n: u64| grouped(n as i64);
        vec![day(Some(w.origin)), w.horizon.to_string(), n(w.customers), n(w.quiet), n(w.returned)]
    };
    let header = match talk.english {
        false => ["試した日", "先の日数", "見た人数", "静かになった方", "うち戻った方"],
        true => ["tried on", "days ahead", "customers", "quiet", "of these back"],
    };
    table(&header, &[1, 2, 3, 4], card.windows.iter().map(row).collect())
}

fn candidates(all: &[Candidate], talk: &Talk) -> String {
    let share = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| format!("{:.1}%", n * 100.0));
    let number = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| format!("{n:.3}"));
    let row = |c: &Candidate| {
        let mark = if c.chosen { "●" } else { "" };
        vec![
            mark.to_owned(),
            talk.say(&c.says.ja, &c.says.en).to_owned(),
            number(c.auc),
            share(c.top10_returned),
            share(c.top10_revenue),
            number(c.log_loss),
        ]
    };
    let header = match talk.english {
        false => ["", "並べ方", "AUC", "上位1割に戻った方", "上位1割の売上", "対数損失"],
        true => ["", "list", "AUC", "returns in the top tenth", "spend in the top tenth", "log loss"],
    };
    table(&header, &[2, 3, 4, 5], all.iter().map(row).collect())
}
