//! What goes with what, on the command line.

use crate::cli::GoodsVerb;
use crate::out::{Talk, safe, table};
use crate::verbs::customers::number;
use anyhow::Result;
use app::{App, GoodsPair};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: GoodsVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        GoodsVerb::Next { customer } => next(app, number(app, &customer)?, talk)?,
        GoodsVerb::Pairs { anew, limit } => {
            app.count_pairs(anew)?;
            pairs(app, limit, talk)?;
        }
        GoodsVerb::Refuse { customer, sku, by } => {
            let customer = number(app, &customer)?;
            app.refuse_goods(customer, &sku, &by)?;
            next(app, customer, talk)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn next(app: &App, customer: i64, talk: &Talk) -> Result<()> {
    let found = app.next_goods(&[customer])?.remove(&customer);
    if talk.json {
        let value = found.map(|n| json!({ "sku": n.sku, "name": n.name, "because_ja": n.ja, "because_en": n.en, "successor": n.successor }));
        return talk.value(&value);
    }
    match found {
        Some(n) => talk.line(&safe(&format!("{} ({}): {}", n.name, n.sku, talk.say(&n.ja, &n.en)))),
        None => talk.line(talk.say(
            "おすすめできる商品はまだ分かりません。",
            "Nothing can be said of what they may like next.",
        )),
    }
}

fn pairs(app: &App, limit: usize, talk: &Talk) -> Result<()> {
    let (mut pairs, names) = app.goods_pairs()?;
    pairs.sort_by_key(|p| std::cmp::Reverse(p.both));
    pairs.truncate(limit);
    if talk.json {
        let row = |p: &GoodsPair| json!({ "a": p.a, "b": p.b, "both": p.both, "confidence": p.confidence, "lift": p.lift });
        return talk.value(&pairs.iter().map(row).collect::<Vec<Value>>());
    }
    let name = |sku: &String| safe(names.get(sku).filter(|n| !n.is_empty()).unwrap_or(sku));
    let line = |p: &GoodsPair| {
        vec![
            name(&p.a),
            name(&p.b),
            p.both.to_string(),
            format!("{:.0}%", p.confidence * 100.0),
            format!("{:.1}", p.lift),
        ]
    };
    let header = match talk.english {
        false => ["お求めの商品", "あわせてお求めの商品", "人数", "割合", "ふつうの何倍"],
        true => ["with", "goes", "customers", "share", "times usual"],
    };
    talk.line(&table(&header, &[2, 3, 4], pairs.iter().map(line).collect()))
}
