//! Drafts made, changed and written out.

use super::{document, done};
use crate::cli::NewArgs;
use crate::out::Talk;
use anyhow::{Context, Result, bail};
use app::{App, SCENARIOS, campaign_from_toml, campaign_to_toml};
use model::Campaign;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub fn new(app: &App, args: &NewArgs, talk: &Talk) -> Result<ExitCode> {
    let mut campaign = match (&args.scenario, &args.file) {
        (Some(id), _) => {
            let Some(scenario) = SCENARIOS.iter().find(|s| s.id == id) else {
                let known: Vec<&str> = SCENARIOS.iter().map(|s| s.id).collect();
                bail!("there is no scenario '{id}'; there are {}", known.join(", "));
            };
            let mut made = match args.start {
                Some(start) => scenario.starting(start)?,
                None => campaign_from_toml(scenario.toml, id)?,
            };
            made.scenario.clone_from(id);
            app.aimed(made)?
        }
        (None, Some(file)) => read(file)?,
        (None, None) => Campaign::default(),
    };
    campaign.name.clone_from(&args.name);
    if !args.owner.is_empty() {
        campaign.owner.clone_from(&args.owner);
    }
    campaign.start = args.start.or(campaign.start);
    let id = app.add_campaign(&campaign, &campaign.owner)?;
    if talk.json {
        talk.value(&json!({ "id": id, "name": campaign.name }))?;
    } else {
        talk.line(&match talk.english {
            false => {
                format!("施策 {id}「{}」の下書きを作りました。次: mezame campaign check {id}", args.name)
            }
            true => format!("Made the draft {id} '{}'. Next: mezame campaign check {id}", args.name),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Campaign> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    campaign_from_toml(&text, &file.display().to_string())
}

pub fn export(app: &App, campaign: &str, out: Option<&Path>, talk: &Talk) -> Result<ExitCode> {
    let campaign = document(app, campaign)?;
    if talk.json {
        talk.value(&campaign)?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = campaign_to_toml(&campaign)?;
    match out {
        Some(path) => std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?,
        None => talk.line(text.trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

pub fn edit(app: &App, campaign: &str, file: &Path, by: &str, talk: &Talk) -> Result<ExitCode> {
    let id = app.find_campaign(campaign)?;
    let before = app.campaign(id)?.stored.campaign;
    let mut changed = read(file)?;
    if changed.name.is_empty() {
        changed.name = before.name;
    }
    app.change_campaign(id, &changed, by)?;
    done(talk, "下書きを書き換えました。", "The draft is changed.")
}

pub fn apologise(app: &App, campaign: &str, name: &str, by: &str, talk: &Talk) -> Result<ExitCode> {
    let before = app.campaign(app.find_campaign(campaign)?)?.stored.campaign;
    let mut apology = app::scenario("apology").context("the scenario of an apology")?;
    name.clone_into(&mut apology.name);
    apology.owner = if by.is_empty() { before.owner } else { by.to_owned() };
    apology.whom = model::Whom { reached_by: before.name, ..model::Whom::default() };
    apology.start = Some(app.today()?);
    let id = app.add_campaign(&apology, by)?;
    done(
        talk,
        &format!(
            "お詫びの下書き {id} を作りました。文面の【…ここに】と時刻を直してから mezame campaign plan {id} へ進んでください。"
        ),
        &format!(
            "Made the draft {id} of an apology. Fill in its slots and hour, then: mezame campaign plan {id}"
        ),
    )
}
