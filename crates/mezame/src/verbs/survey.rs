//! Surveys on the command line.

use crate::cli::SurveyVerb;
use crate::out::{Talk, safe, table};
use anyhow::{Context, Result};
use app::{App, Survey, SurveyResult, SurveyRow, survey_from_toml, survey_to_toml};
use serde_json::{Value, json};
use std::process::ExitCode;

pub fn run(app: &App, what: SurveyVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        SurveyVerb::List => list(app, talk)?,
        SurveyVerb::Show { survey } => show(app, survey.as_deref(), talk)?,
        SurveyVerb::New { file, by } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let id = app.add_survey(&survey_from_toml(&text, &file.display().to_string())?, &by)?;
            match talk.json {
                true => talk.value(&json!({ "id": id }))?,
                false => talk.line(&format!(
                    "{} {id}",
                    talk.say(
                        "作りました。これからのお便りはこのアンケートにつながります:",
                        "Made, and in use: survey"
                    )
                ))?,
            }
        }
        SurveyVerb::Document { survey } => {
            let survey = match survey {
                None => Survey::shipped()?,
                Some(name) => {
                    let id = app.find_survey(&name)?;
                    let found = app.surveys()?.into_iter().find(|s| s.id == id);
                    found.map(|s| s.survey).context("the survey just found")?
                }
            };
            match talk.json {
                true => talk.value(&survey)?,
                false => talk.line(survey_to_toml(&survey)?.trim_end())?,
            }
        }
        SurveyVerb::Use { survey } => {
            let id = app.find_survey(&survey)?;
            app.use_survey(id)?;
            match talk.json {
                true => talk.value(&json!({ "in_use": id }))?,
                false => talk.line(talk.say("このアンケートを使います。", "In use from now on."))?,
            }
        }
        SurveyVerb::Link { touch } => {
            let link = app.survey_link(touch)?;
            let missing = "profile.public_url が未設定です / profile.public_url is not set";
            match talk.json {
                true => talk.value(&json!({ "link": link }))?,
                false => talk.line(&link.context(missing)?)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, talk: &Talk) -> Result<()> {
    let rows = app.surveys()?;
    if talk.json {
        let row = |s: &SurveyRow| json!({ "id": s.id, "name": s.survey.name, "answers": s.answers, "in_use": s.in_force, "by": s.by });
        return talk.value(&rows.iter().map(row).collect::<Vec<Value>>());
    }
    let line = |s: &SurveyRow| {
        let mark = if s.in_force { talk.say("使用中", "in use") } else { "" };
        vec![s.id.to_string(), safe(&s.survey.name), s.answers.to_string(), safe(&s.by), mark.to_owned()]
    };
    let header = match talk.english {
        false => ["番号", "アンケート", "回答", "作成", ""],
        true => ["id", "survey", "answers", "by", ""],
    };
    talk.line(&table(&header, &[0, 2], rows.iter().map(line).collect()))
}

fn show(app: &App, name: Option<&str>, talk: &Talk) -> Result<()> {
    let id = match name {
        Some(name) => app.find_survey(name)?,
        None => app.surveys()?.iter().find(|s| s.in_force).map(|s| s.id).context("no survey is in use")?,
    };
    let r = app.survey_result(id, 0)?;
    if talk.json {
        return talk.value(&result_json(&r));
    }
    talk.line(&safe(&format!("{} ({})", r.row.survey.name, r.row.answers)))?;
    let line = |sum: &app::ChoiceSum| vec![safe(talk.say(&sum.ja, &sum.en)), sum.answers.to_string()];
    let header = match talk.english {
        false => ["休眠理由", "回答"],
        true => ["why", "answers"],
    };
    talk.line(&table(&header, &[1], r.reasons.iter().map(line).collect()))?;
    if r.scale.answers > 0 {
        talk.line(&format!(
            "{} {:.1} → {:.1} ({} {})",
            talk.say("期待 → 実感", "expected -> in use"),
            r.scale.expected,
            r.scale.evaluated,
            talk.say("下回った方", "below"),
            talk.people(r.scale.below)
        ))?;
    }
    for v in r.voices.iter().filter(|v| !v.comment.is_empty()) {
        let mark = if v.grave { talk.say("【要対応】", "[needs a person] ") } else { "" };
        talk.line(&safe(&format!("{mark}{} {}: {}", v.person, v.name, v.comment.replace('\n', " "))))?;
    }
    Ok(())
}

fn result_json(r: &SurveyResult) -> Value {
    json!({
        "id": r.row.id, "name": r.row.survey.name, "answers": r.row.answers,
        "reasons": r.reasons.iter().map(|s| json!({ "reason": s.id, "answers": s.answers })).collect::<Vec<_>>(),
        "pair": { "answers": r.scale.answers, "expected": r.scale.expected, "evaluated": r.scale.evaluated, "below": r.scale.below },
        "may_contact": r.may_contact, "grave": r.grave,
        "voices": r.voices.iter().map(|v| json!({ "customer": v.person, "reason": v.reason_en, "gap": v.gap, "comment": v.comment, "grave": v.grave })).collect::<Vec<_>>(),
    })
}
