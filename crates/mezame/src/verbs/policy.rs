//! The dormancy policy.

use crate::cli::PolicyVerb;
use crate::out::{Talk, day, table};
use anyhow::{Context, Result, bail};
use app::App;
use model::Policy;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub fn run(app: &App, what: PolicyVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        PolicyVerb::Show => show(&app.policy()?, talk)?,
        PolicyVerb::Set { policy, at_risk, dormant, horizon, by } => {
            let mut chosen = match (policy, dormant) {
                (Some(name), _) => named(&name)?,
                (None, Some(days)) => {
                    Policy::fixed(&format!("{days}days"), at_risk.unwrap_or((days + 1) / 2), days)
                }
                (None, None) => bail!("name a preset or a TOML file, or give --dormant DAYS"),
            };
            chosen.horizon = horizon.unwrap_or(chosen.horizon);
            let saved = app.set_policy(chosen, &by)?;
            show(&saved, talk)?;
        }
        PolicyVerb::History => history(app, talk)?,
        PolicyVerb::Compare => compare(app, talk)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn named(name: &str) -> Result<Policy> {
    if let Some(preset) = Policy::presets().into_iter().find(|p| p.name.eq_ignore_ascii_case(name)) {
        return Ok(preset);
    }
    if !Path::new(name).exists() {
        let names: Vec<String> = Policy::presets().into_iter().map(|p| p.name).collect();
        bail!("'{name}' is neither a file nor a preset ({})", names.join(", "));
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("reading {name}"))?;
    app::policy_from_toml(&text).with_context(|| format!("reading the policy in {name}"))
}

fn show(policy: &Policy, talk: &Talk) -> Result<()> {
    if talk.json {
        return talk.value(policy);
    }
    let (ja, en) = app::describe(policy);
    talk.line(&format!("# {}\n{}", talk.say(&ja, &en), app::policy_to_toml(policy)?))
}

fn history(app: &App, talk: &Talk) -> Result<()> {
    let all = app.policies()?;
    if talk.json {
        let row =
            |p: &app::SavedPolicy| json!({ "policy": p.policy, "by": p.by, "at": p.at, "active": p.active });
        return talk.value(&all.iter().map(row).collect::<Vec<_>>());
    }
    let settings = app.settings()?;
    let rows = all.iter().map(|p| {
        let (ja, en) = app::describe(&p.policy);
        let active = if p.active { talk.say("適用中", "in force") } else { "" };
        vec![
            format!("{} v{}", p.policy.name, p.policy.version),
            day(Some(settings.day_of(p.at))),
            p.by.clone(),
            active.to_owned(),
            talk.say(&ja, &en).to_owned(),
        ]
    });
    let header = match talk.english {
        false => ["定義", "日付", "設定者", "", "内容"],
        true => ["policy", "date", "by", "", "rule"],
    };
    talk.line(&table(&header, &[], rows.collect()))
}

fn compare(app: &App, talk: &Talk) -> Result<()> {
    let all = app.compare()?;
    if talk.json {
        let row = |p: &app::PolicySizes| {
            json!({
                "name": p.policy.name, "in_force": p.in_force, "active": p.active,
                "at_risk": p.at_risk, "dormant": p.dormant, "long_dormant": p.long_dormant,
            })
        };
        return talk.value(&all.iter().map(row).collect::<Vec<_>>());
    }
    let rows = all.iter().map(|p| {
        let mark = if p.in_force { "*" } else { "" };
        vec![
            format!("{}{mark}", p.policy.name),
            talk.people(p.active),
            talk.people(p.at_risk),
            talk.people(p.dormant),
            talk.people(p.long_dormant),
            talk.say(&p.ja, &p.en).to_owned(),
        ]
    });
    let header = match talk.english {
        false => ["定義(*適用中)", "アクティブ", "休眠予兆", "休眠", "うち長期", "内容"],
        true => ["policy (* in force)", "active", "going quiet", "dormant", "long dormant", "rule"],
    };
    talk.line(&table(&header, &[1, 2, 3, 4], rows.collect()))
}
