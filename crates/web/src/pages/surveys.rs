//! アンケート: what customers answered, and the words that wait for a person.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::pictures::bar;
use crate::query::Query;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{ChoiceSum, Survey, SurveyResult, SurveyRow, survey_from_toml, survey_to_toml};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/voices/surveys", get(list).post(make))
        .route("/voices/surveys/{id}", get(one))
        .route("/voices/surveys/{id}/use", post(put_in_force))
}

#[derive(Template)]
#[template(path = "surveys.html")]
struct ListPage {
    s: Shell,
    rows: Vec<SurveyRow>,
    /// A document to begin from, or what was typed, and what is wrong with it.
    draft: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct OnePage {
    s: Shell,
    r: SurveyResult,
    page: usize,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (rows, shipped) = site.ask(|app| Ok((app.surveys()?, survey_to_toml(&Survey::shipped()?)?))).await?;
    render(&ListPage { s, rows, draft: shipped, problem: None })
}

async fn make(With(site): With<Site>, s: Shell, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let draft: String = field(&fields, "document").chars().take(60_000).collect();
    let (text, name) = (draft.clone(), by.clone());
    let made = site
        .ask(move |app| {
            // What is wrong with it is told on the page, what is wrong with us is not.
            Ok(survey_from_toml(&text, "TOML").and_then(|survey| app.add_survey(&survey, &name)))
        })
        .await?;
    match made {
        Ok(id) => Ok(back(&format!("/voices/surveys/{id}"), "survey", Some(&by))),
        Err(why) => {
            let rows = site.ask(|app| app.surveys()).await?;
            let mut answer = render(&ListPage { s, rows, draft, problem: Some(format!("{why:#}")) })?;
            *answer.status_mut() = axum::http::StatusCode::BAD_REQUEST;
            Ok(answer)
        }
    }
}

async fn one(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let page = usize::try_from(s.query.number("page").unwrap_or(0)).unwrap_or(0);
    let r = site.ask(move |app| app.survey_result(id, page)).await.map_err(|_| Fault::Missing)?;
    render(&OnePage { s, r, page })
}

async fn put_in_force(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    site.ask(move |app| app.use_survey(id)).await.map_err(|_| Fault::Missing)?;
    Ok(back("/voices/surveys", "survey_used", Some(&by)))
}

impl OnePage {
    fn bar(&self, sum: &ChoiceSum) -> String {
        bar(sum.answers, self.r.row.answers, "fill")
    }

    fn scale(&self, value: &f64) -> String {
        format!("{value:.1}")
    }

    /// Everybody whose experience fell short of what they expected.
    fn below_href(&self) -> String {
        Query::default().with("where", "expectation_gap > 0").on("/customers")
    }

    fn next(&self) -> Option<String> {
        let shown = (self.page + 1) * app::SURVEY_VOICES;
        let next = || self.s.query.with("page", &(self.page + 1).to_string()).without(&["done"]);
        (self.r.row.answers > shown as u64).then(|| next().on(&self.s.path))
    }
}
