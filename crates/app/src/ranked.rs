//! A ranking on its way out: CSV and JSON, row by row.

use crate::export::{inert, json_list};
use crate::{App, Backtest, RankQuery, RankRow, Ranking};
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Write;

/// The columns, in order.
pub const RANK_COLUMNS: [&str; 12] = [
    "rank",
    "customer",
    "p_return",
    "p_low",
    "p_high",
    "value_if_returns",
    "value",
    "expected_lift",
    "cost",
    "expected_profit",
    "next_order_date",
    "reason",
];

/// How a ranking is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RankFormat {
    /// UTF-8 with a mark at the start, so that Excel knows.
    Csv,
    /// A list of objects.
    Json,
}

impl App {
    /// Writes every listed row of a ranking; amounts are in units of the currency.
    pub fn export_ranking(
        &self,
        ask: &RankQuery,
        format: RankFormat,
        english: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<Ranking> {
        match format {
            RankFormat::Json => {
                json_list(out, |item| self.each_ranked(ask, &mut |row| item(&rank_json(&row, english))))
            }
            RankFormat::Csv => {
                out.write_all(b"\xEF\xBB\xBF")?;
                let mut lines =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *out);
                lines.write_record(RANK_COLUMNS)?;
                let ranking = self.each_ranked(ask, &mut |row| {
                    let cells = rank_json(&row, english);
                    let text = |name: &&str| match &cells[*name] {
                        Value::String(text) => inert(text),
                        other => other.to_string(),
                    };
                    Ok(lines.write_record(RANK_COLUMNS.iter().map(text))?)
                })?;
                lines.flush()?;
                Ok(ranking)
            }
        }
    }
}

/// One row by column.
pub fn rank_json(row: &RankRow, english: bool) -> Value {
    let (o, rounded) = (&row.outlook, |x: f64| (x * 1e6).round() / 1e6);
    json!({
        "rank": row.rank,
        "customer": row.customer,
        "p_return": rounded(o.p_return),
        "p_low": rounded(o.p_low),
        "p_high": rounded(o.p_high),
        "value_if_returns": o.value_if_returns.as_f64(),
        "value": o.value().as_f64(),
        "expected_lift": rounded(row.expected_lift),
        "cost": row.cost.as_f64(),
        "expected_profit": row.expected_profit.as_f64(),
        "next_order_date": o.next_order,
        "reason": if english { &row.reason_en } else { &row.reason_ja },
    })
}

/// A back-test as `backtest --json` writes it.
pub fn backtest_json(found: &Backtest) -> Value {
    let fit = found.fit.iter().map(|fit| {
        let params: serde_json::Map<String, Value> =
            fit.params.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "model": fit.model,
            "params": params,
            "log_likelihood": fit.log_likelihood,
            "converged": fit.converged,
            "reason": fit.reason,
        })
    });
    json!({
        "cut": found.cut,
        "horizon_days": found.horizon_days,
        "quiet_days": found.quiet_days,
        "deep_days": found.deep_days,
        "chosen": found.chosen,
        "scopes": found.scopes,
        "fit": fit.collect::<Vec<_>>(),
        "card": found.card,
    })
}
