//! One verb, one file; the smallest stand here.

pub mod ads;
pub mod advise;
pub mod backtest;
pub mod board;
pub mod cadence;
pub mod campaign;
pub mod card;
pub mod codes;
pub mod contact;
pub mod copies;
pub mod customers;
pub mod demo;
pub mod desk;
pub mod goods;
pub mod import;
pub mod improvement;
pub mod inbox;
pub mod judge;
pub mod keeping;
pub mod library;
pub mod make_shop;
pub mod matching;
pub mod measure;
pub mod notes;
pub mod operator;
pub mod policy;
pub mod post;
pub mod rank;
pub mod reach;
pub mod reasons;
pub mod segment;
pub mod sender;
pub mod serve;
pub mod settings;
pub mod social;
pub mod survey;
pub mod visits;
pub mod work;

use crate::out::{Talk, safe, table};
use anyhow::Result;
use app::{App, Config, Level};
use serde_json::json;
use std::process::ExitCode;

/// What waits for a person to look at.
pub const NEEDS_A_PERSON: u8 = 3;

pub fn migrate(config: Config, talk: &Talk) -> Result<ExitCode> {
    let done = App::migrate(config)?;
    if talk.json {
        talk.value(&json!({ "applied": done }))?;
    } else if done.is_empty() {
        talk.line(talk.say("データベースは最新です。", "The database is up to date."))?;
    } else {
        talk.line(&format!("{}: {}", talk.say("適用しました", "Applied"), done.join(", ")))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn products(app: &App, limit: usize, talk: &Talk) -> Result<ExitCode> {
    let (total, rows) = app.products(0, limit)?;
    if talk.json {
        talk.value(&json!({ "total": total, "products": rows }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let number = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let row = |p: &model::Product| {
        let sensitive = if p.sensitive { talk.say("注意", "yes") } else { "" };
        vec![
            safe(&p.sku),
            safe(&p.name),
            safe(&p.category),
            number(p.days_per_unit),
            number(p.margin),
            safe(&p.successor),
            sensitive.to_owned(),
        ]
    };
    let header = match talk.english {
        false => ["商品コード", "商品名", "分類", "1個の日数", "粗利率", "後継商品", "取扱"],
        true => ["code", "name", "category", "days per unit", "margin", "successor", "sensitive"],
    };
    talk.line(&table(&header, &[3, 4], rows.iter().map(row).collect()))?;
    if total > rows.len() as u64 {
        talk.line(&format!("{} {total}", talk.say("全", "in all:")))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn doctor(app: &App, talk: &Talk) -> Result<ExitCode> {
    let found = app.doctor()?;
    let bad = found.iter().any(|f| f.level == Level::Problem);
    if talk.json {
        talk.value(&found)?;
    } else {
        for finding in &found {
            let mark = match finding.level {
                Level::Good => "○",
                Level::Note => "・",
                Level::Problem => "×",
            };
            talk.line(&format!("{mark} {}", talk.say(&finding.ja, &finding.en)))?;
        }
    }
    Ok(if bad { ExitCode::from(NEEDS_A_PERSON) } else { ExitCode::SUCCESS })
}
