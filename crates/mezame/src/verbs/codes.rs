//! Coupon codes on the command line.

use crate::cli::CodesVerb;
use crate::out::Talk;
use anyhow::{Context, Result};
use app::{App, CodesView, Listed};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub fn run(app: &App, what: CodesVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        CodesVerb::Import { campaign, file } => {
            let text = read(&file)?;
            listed(app.import_codes(app.find_campaign(&campaign)?, &text)?, talk)
        }
        CodesVerb::Make { campaign, count } => {
            listed(app.make_codes(app.find_campaign(&campaign)?, count)?, talk)
        }
        CodesVerb::Export { campaign, out, bare } => {
            export(app, app.find_campaign(&campaign)?, out.as_deref(), bare)
        }
        CodesVerb::List { campaign } => list(&app.codes_view(app.find_campaign(&campaign)?)?, talk),
        CodesVerb::Redeem { file } => redeem(app, &file, talk),
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

fn listed(done: Listed, talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        talk.value(&done)?;
    } else {
        talk.line(&match talk.english {
            false => format!("コードを{}件加えました。登録済みは{}件です。", done.new, done.known),
            true => format!("{} codes added; {} known already.", done.new, done.known),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn export(app: &App, campaign: i64, out: Option<&Path>, bare: bool) -> Result<ExitCode> {
    let mut text = String::from(if bare { "" } else { "code,customer,used\n" });
    app.each_code(campaign, &mut |code, customer, used| {
        text.push_str(&match bare {
            true => format!("{code}\n"),
            false => {
                let customer = customer.map(|c| c.to_string()).unwrap_or_default();
                format!("{code},{customer},{}\n", u8::from(used))
            }
        });
    })?;
    match out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(codes: &CodesView, talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        talk.value(codes)?;
        return Ok(ExitCode::SUCCESS);
    }
    let CodesView { stock, left, given, used, .. } = codes;
    talk.line(&match talk.english {
        false => format!("お渡し {given}件(ご利用 {used}件)。用意したコードは{stock}件、残り{left}件。"),
        true => format!("{given} given, {used} of them used; of a list of {stock}, {left} are left."),
    })?;
    for code in &codes.spoken {
        let place = [code.step.as_str(), code.variant.as_str()].into_iter().filter(|p| !p.is_empty());
        let place = place.collect::<Vec<_>>().join(" / ");
        let (orders, sales) = (code.orders, code.sales);
        talk.line(&match talk.english {
            false => format!("{}\t{place}\tご注文 {orders}件\t{sales}", code.code),
            true => format!("{}\t{place}\t{orders} orders\t{sales}", code.code),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn redeem(app: &App, file: &Path, talk: &Talk) -> Result<ExitCode> {
    let text = read(file)?;
    let codes = text.lines().map(|l| l.split(',').next().unwrap_or("").trim().trim_matches('"'));
    let (used, unknown) = app.redeem(codes.filter(|c| !c.is_empty()))?;
    if talk.json {
        talk.value(&json!({ "redeemed": used, "unknown_or_known_already": unknown }))?;
    } else {
        talk.line(&match talk.english {
            false => format!(
                "{used}件を利用済みにしました。心当たりのない、または記録済みのコードは{unknown}件です。"
            ),
            true => format!("{used} redeemed; {unknown} unknown or known already."),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}
