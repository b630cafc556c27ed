//! By which channel somebody, or a segment, is best written to.

use crate::cli::AdviseArgs;
use crate::out::{Talk, grouped, table};
use anyhow::Result;
use app::{App, CustomerAdvice, SegmentAdvice};
use model::Money;
use std::process::ExitCode;

pub fn run(app: &App, args: &AdviseArgs, talk: &Talk) -> Result<ExitCode> {
    match (&args.customer, &args.condition) {
        (Some(customer), _) => {
            let id = super::customers::number(app, customer)?;
            one(app, &app.advise(id)?, talk)
        }
        (None, condition) => many(app, &app.advise_where(condition.as_deref().unwrap_or(""))?, talk),
    }
}

fn one(app: &App, advice: &CustomerAdvice, talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        talk.value(advice)?;
        return Ok(ExitCode::SUCCESS);
    }
    talk.line(talk.say(&advice.says.ja, &advice.says.en))?;
    let currency = app.settings()?.currency;
    let row = |c: &app::ChannelWeighed| {
        let shut = c.shut().map(|why| talk.say(&why.ja, &why.en).to_owned());
        vec![
            talk.say(c.channel.ja(), c.channel.en()).to_owned(),
            talk.money(c.cost, &currency),
            talk.say(if c.paid { "実績" } else { "設定" }, if c.paid { "as paid" } else { "as set" })
                .to_owned(),
            format!("{:.2}", c.lift * 100.0),
            c.measured.to_string(),
            c.brings.map_or("-".to_owned(), |m| talk.money(Money(m.0 / 100 * 100), &currency)),
            shut.unwrap_or_default(),
        ]
    };
    let header = match talk.english {
        false => [
            "手段",
            "1回の費用",
            "費用の根拠",
            "増分(ポイント)",
            "計測した施策",
            "見込める利益",
            "使えない理由",
        ],
        true => ["channel", "cost each", "cost", "lift (points)", "measured", "brings", "shut because"],
    };
    talk.line(&table(&header, &[1, 3, 4, 5], advice.channels.iter().map(row).collect()))?;
    Ok(ExitCode::SUCCESS)
}

fn many(app: &App, advice: &SegmentAdvice, talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        talk.value(advice)?;
        return Ok(ExitCode::SUCCESS);
    }
    talk.line(talk.say(&advice.says.ja, &advice.says.en))?;
    let currency = app.settings()?.currency;
    let row = |c: &app::ChannelShare| {
        vec![
            talk.say(c.channel.ja(), c.channel.en()).to_owned(),
            grouped(c.customers as i64),
            grouped(c.by_age as i64),
            talk.money(c.cost, &currency),
            talk.money(Money(c.brings.0 / 100 * 100), &currency),
        ]
    };
    let header = match talk.english {
        false => ["手段", "人数", "うち年代による", "費用", "見込める利益"],
        true => ["channel", "customers", "of these by age", "cost", "brings"],
    };
    talk.line(&table(&header, &[1, 2, 3, 4], advice.channels.iter().map(row).collect()))?;
    Ok(ExitCode::SUCCESS)
}
