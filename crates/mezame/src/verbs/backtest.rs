//! A past day: learned from before it, compared with what came after.

use crate::cli::BacktestArgs;
use crate::out::{Talk, day, grouped, table};
use anyhow::Result;
use app::{App, Backtest, BacktestQuery, Figure, Scope};
use std::process::ExitCode;

pub fn run(app: &App, args: &BacktestArgs, talk: &Talk) -> Result<ExitCode> {
    let ask = BacktestQuery { cut: args.cut, horizon: args.horizon, quiet: args.quiet, deep: args.deep };
    let found = app.backtest(&ask)?;
    if talk.json {
        talk.value(&app::backtest_json(&found))?;
    } else {
        show(&found, talk)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(b: &Backtest, talk: &Talk) -> Result<()> {
    let quiet = b.scopes.iter().find(|s| s.scope == "quiet");
    let auc = |name: &str| {
        let figure = quiet.and_then(|s| s.scorers.iter().find(|f| f.name == name));
        figure.and_then(|f| f.auc).map_or_else(|| "-".to_owned(), |a| format!("{a:.3}"))
    };
    talk.line(&match talk.english {
        false => format!(
            "{} までの記録で学び、その後{}日間の実際と比べました。静かになった方の並べ方(AUC): Mezame {}、最終購入日順 {}、R181 {}、RFM {}。",
            day(Some(b.cut)), b.horizon_days, auc("mezame"), auc("recency"), auc("r181"), auc("rfm")
        ),
        true => format!(
            "Learned from the records up to {} and compared with the {} days after it. Ranking the quiet (AUC): Mezame {}, recency {}, R181 {}, RFM {}.",
            b.cut, b.horizon_days, auc("mezame"), auc("recency"), auc("r181"), auc("rfm")
        ),
    })?;
    for scope in &b.scopes {
        talk.line("")?;
        talk.line(&title(b, scope, talk))?;
        talk.line(&figures(&scope.scorers, talk))?;
    }
    Ok(())
}

fn title(b: &Backtest, scope: &Scope, talk: &Talk) -> String {
    let (ja, en) = match scope.scope {
        "quiet" => (
            format!("{}日を超えて静かな方", b.quiet_days),
            format!("silent for more than {} days", b.quiet_days),
        ),
        "deep" => (
            format!("{}日を超えて静かな方", b.deep_days),
            format!("silent for more than {} days", b.deep_days),
        ),
        _ => ("全員".to_owned(), "everybody".to_owned()),
    };
    let (all, back) = (grouped(scope.customers as i64), grouped(scope.returned as i64));
    match talk.english {
        false => format!("{ja}: {all}人、うち戻った方 {back}人"),
        true => format!("{en}: {all} customers, {back} of them came back"),
    }
}

fn figures(all: &[Figure], talk: &Talk) -> String {
    let number =
        |n: Option<f64>, digits: usize| n.map_or_else(|| "-".to_owned(), |n| format!("{n:.digits$}"));
    let share = |n: Option<f64>| n.map_or_else(|| "-".to_owned(), |n| format!("{:.1}%", n * 100.0));
    let row = |f: &Figure| {
        vec![
            f.name.to_owned(),
            number(f.auc, 3),
            share(f.top10_returned),
            share(f.top10_revenue),
            number(f.log_loss, 4),
            number(f.brier, 4),
            number(f.level, 2),
            number(f.slope, 2),
        ]
    };
    let header = match talk.english {
        false => [
            "並べ方",
            "AUC",
            "上位1割に戻った方",
            "上位1割の売上",
            "対数損失",
            "Brier",
            "見込み÷実際",
            "傾き",
        ],
        true => [
            "list",
            "AUC",
            "returns in top tenth",
            "spend in top tenth",
            "log loss",
            "Brier",
            "predicted/actual",
            "slope",
        ],
    };
    table(&header, &[1, 2, 3, 4, 5, 6, 7], all.iter().map(row).collect())
}
