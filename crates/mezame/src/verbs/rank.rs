//! Whom to wake first, and where it stops paying.

use crate::cli::{RankArgs, RankFormat};
use crate::out::{Talk, day, grouped, table};
use anyhow::{Context, Result};
use app::{App, RankQuery, RankRow, Ranking};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

pub fn run(app: &App, args: &RankArgs, talk: &Talk) -> Result<ExitCode> {
    if let Some(as_of) = args.as_of {
        app.hold(as_of);
    }
    let ask = RankQuery {
        channel: args.channel,
        budget: args.budget,
        reachable: args.reachable,
        condition: args.condition.clone(),
    };
    let format = match args.format {
        Some(RankFormat::Csv) => app::RankFormat::Csv,
        Some(RankFormat::Json) => app::RankFormat::Json,
        None if talk.json => app::RankFormat::Json,
        None => {
            let (ranking, rows) = app.rank(&ask, 0, args.limit)?;
            show(app, &ranking, &rows, talk)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    match &args.out {
        None => {
            let mut out = BufWriter::new(std::io::stdout());
            app.export_ranking(&ask, format, talk.english, &mut out)?;
            out.flush()?;
        }
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| format!("making {}", path.display()))?;
            let mut out = BufWriter::new(file);
            let ranking = app.export_ranking(&ask, format, talk.english, &mut out)?;
            out.flush()?;
            let rows = grouped(ranking.listed().customers as i64);
            eprintln!("{}: {rows} {}", path.display(), talk.say("行", "rows"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A ranking as one sentence, who is left out, and its rows with the line where it stops paying.
pub fn show(app: &App, r: &Ranking, rows: &[RankRow], talk: &Talk) -> Result<()> {
    if r.quiet == 0 {
        return talk.line(talk.say(
            "順位に並ぶ方(予兆・休眠)はまだいません。注文の取込(mezame import)や条件(--where)をご確認ください。",
            "Nobody is going quiet or dormant here. Import orders (mezame import), or look at --where.",
        ));
    }
    let currency = app.settings()?.currency;
    let line = if r.budget.is_some() { r.taken } else { r.pays };
    let (ja, en) = (r.channel.ja(), r.channel.en());
    talk.line(&match talk.english {
        false => format!(
            "{ja}の費用に見合う見込みの方は{}です(予兆・休眠の{}のうち)。費用 {}、増える見込みのご注文 {:.1}件、利益の見込み {}。",
            talk.people(line.customers),
            talk.people(r.quiet),
            talk.money(line.cost, &currency),
            line.added_orders,
            talk.money(rounded(line.profit), &currency),
        ),
        true => format!(
            "A touch by {en} is expected to pay for {} of {} quiet customers: cost {}, {:.1} added orders, profit {}.",
            talk.people(line.customers),
            talk.people(r.quiet),
            talk.money(line.cost, &currency),
            line.added_orders,
            talk.money(rounded(line.profit), &currency),
        ),
    })?;
    talk.line(talk.say(
        "効果と費用は設定の仮の値です(mezame settings show の lift と cost)。実際の効果は保留群との比較で分かります。",
        "Lift and cost are the settings' assumptions (lift and cost in `mezame settings show`); a holdout will tell.",
    ))?;
    left_out(r, talk)?;
    talk.line("")?;
    talk.line(&listed(r, rows, &currency, talk))
}

fn left_out(r: &Ranking, talk: &Talk) -> Result<()> {
    let reasons = [
        (
            r.stocked,
            "手元の商品が残っている方(なくなるころにお声がけを)",
            "with goods still at home: wait until they run out",
        ),
        (r.unreachable, "この手段では連絡できない方", "not to be reached by this channel"),
        (r.unknown, "見込みを出せない方", "without an expectation"),
    ];
    for (n, ja, en) in reasons.iter().filter(|r| r.0 > 0) {
        talk.line(&format!(
            "{} {}: {}",
            talk.say("除いた方:", "Left out:"),
            talk.say(ja, en),
            talk.people(*n)
        ))?;
    }
    Ok(())
}

fn listed(r: &Ranking, rows: &[RankRow], currency: &str, talk: &Talk) -> String {
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        if row.rank == r.pays.customers + 1 {
            let stop =
                talk.say("── ここから先は費用倒れ ──", "-- from here a touch costs more than it brings --");
            lines.push(vec![
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                stop.to_owned(),
            ]);
        }
        let o = &row.outlook;
        lines.push(vec![
            row.rank.to_string(),
            row.customer.to_string(),
            format!("{:.1}%", o.p_return * 100.0),
            talk.money(rounded(o.value_if_returns), currency),
            talk.money(row.expected_profit, currency),
            format!("{} {}", day(Some(o.next_order)), talk.say(&row.reason_ja, &row.reason_en)),
        ]);
    }
    let header = match talk.english {
        false => ["順位", "顧客番号", "復帰確率", "復帰時の価値", "利益の見込み", "次回の見込み日と理由"],
        true => ["rank", "customer", "p_return", "value if returns", "expected profit", "next order and why"],
    };
    table(&header, &[0, 1, 2, 3, 4], lines)
}

/// Whole units: a forecast of cents says more than it knows.
fn rounded(amount: model::Money) -> model::Money {
    model::Money((amount.0 as f64 / 100.0).round() as i64 * 100)
}
