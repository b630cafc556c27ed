//! A made-up shop's files.

use crate::cli::{MakeShopArgs, ShopFormat};
use crate::out::{Talk, grouped};
use anyhow::{Context, Result};
use app::Config;
use madeup::{Format, Shop};
use serde_json::json;
use std::process::ExitCode;

pub fn run(args: &MakeShopArgs, config: Config, talk: &Talk) -> Result<ExitCode> {
    let today = app::Settings::default().day_of((config.clock.0)());
    let shop = Shop { customers: args.customers, seed: args.seed, today };
    let format = match args.format {
        ShopFormat::Eccube => Format::Eccube,
        ShopFormat::Shopify => Format::Shopify,
        ShopFormat::OrdersCsv => Format::OrdersCsv,
    };
    let written = shop
        .write(format, &args.out)
        .with_context(|| format!("writing the shop to {}", args.out.display()))?;
    if talk.json {
        talk.value(&json!({
            "files": written.files, "map": written.map, "customers": written.customers, "orders": written.orders,
        }))?;
    } else {
        for file in &written.files {
            talk.line(&file.display().to_string())?;
        }
        let n = |n: u64| grouped(n as i64);
        talk.line(&match talk.english {
            false => format!("{}人、受注{}件", n(written.customers), n(written.orders)),
            true => format!("{} customers, {} orders", n(written.customers), n(written.orders)),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}
