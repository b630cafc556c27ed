//! Campaigns on the command line.

mod change;
mod look;
mod plan;

use crate::cli::CampaignVerb;
use crate::out::Talk;
use anyhow::{Context, Result};
use app::App;
use model::Campaign;
use std::path::Path;
use std::process::ExitCode;

pub fn run(app: &App, what: CampaignVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        CampaignVerb::List => look::list(app, talk),
        CampaignVerb::Scenarios => look::scenarios(talk),
        CampaignVerb::Proposals => super::cadence::proposals(app, talk),
        CampaignVerb::Propose { word, name, owner } => {
            super::cadence::propose(app, &word, &name, &owner, talk)
        }
        CampaignVerb::Answers { campaign } => super::cadence::answers(app, &campaign, talk),
        CampaignVerb::Attend { campaign, customer, answer, people, note, by } => {
            super::cadence::attend(app, &campaign, &customer, (answer, people, &note), &by, talk)
        }
        CampaignVerb::Fields => look::fields(talk),
        CampaignVerb::New(args) => change::new(app, &args, talk),
        CampaignVerb::Export { campaign, out } => change::export(app, &campaign, out.as_deref(), talk),
        CampaignVerb::Edit { campaign, file, by } => change::edit(app, &campaign, &file, &by, talk),
        CampaignVerb::Check { campaign } => look::check(app, &campaign, talk),
        CampaignVerb::Preview(args) => look::preview(app, &args, talk),
        CampaignVerb::Try { campaign, step, variant, customer } => {
            look::try_letter(app, &campaign, step, variant, customer, talk)
        }
        CampaignVerb::Plan { campaign } => plan::plan(app, &campaign, talk),
        CampaignVerb::Approve { campaign, by, yes } => plan::approve(app, &campaign, &by, yes, talk),
        CampaignVerb::Pause { campaign, by, why } => {
            app.pause_campaign(app.find_campaign(&campaign)?, &by, &why)?;
            done(talk, "一時停止しました。", "Paused.")
        }
        CampaignVerb::Resume { campaign, by } => {
            app.resume_campaign(app.find_campaign(&campaign)?, &by)?;
            done(talk, "再開しました。", "Going on.")
        }
        CampaignVerb::Cancel { campaign, by, why } => {
            let skipped = app.cancel_campaign(app.find_campaign(&campaign)?, &by, &why)?;
            done(
                talk,
                &format!("中止しました。待っていた{skipped}通はお送りしません。"),
                &format!("Cancelled; {skipped} in line are not sent."),
            )
        }
        CampaignVerb::Show { campaign } => look::show(app, &campaign, talk),
        CampaignVerb::Why { campaign, customer } => look::why(app, &campaign, &customer, talk),
        CampaignVerb::Doubts { campaign } => plan::doubts(app, campaign.as_deref(), talk),
        CampaignVerb::Settle { touch, sent, by, .. } => {
            app.settle_doubt(touch, sent, &by)?;
            done(talk, "記録しました。", "Noted.")
        }
        CampaignVerb::Next { campaign, name, by } => {
            let id = app.successor(app.find_campaign(&campaign)?, &name, &by)?;
            done(talk, &format!("施策 {id} を作りました。"), &format!("Made campaign {id}."))
        }
        CampaignVerb::Apologise { campaign, name, by } => change::apologise(app, &campaign, &name, &by, talk),
        CampaignVerb::Drop { campaign } => {
            app.drop_campaign(app.find_campaign(&campaign)?)?;
            done(talk, "下書きを削除しました。", "The draft is gone.")
        }
    }
}

fn done(talk: &Talk, ja: &str, en: &str) -> Result<ExitCode> {
    if talk.json {
        talk.value(&serde_json::json!({ "done": true }))?;
    } else {
        talk.line(talk.say(ja, en))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A document: of a file that exists, or of a campaign by number or name.
fn document(app: &App, text: &str) -> Result<Campaign> {
    let path = Path::new(text);
    if text.ends_with(".toml") && path.exists() {
        let words = std::fs::read_to_string(path).with_context(|| format!("reading {text}"))?;
        return app::campaign_from_toml(&words, text);
    }
    Ok(app.campaign(app.find_campaign(text)?)?.stored.campaign)
}
