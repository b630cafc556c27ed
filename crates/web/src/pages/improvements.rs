//! 改善: what is made better because of what customers said, and telling exactly those who said it.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::query::Query;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{ImprovementView, LeftFor};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::Day;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/voices/improvements", get(list).post(add))
        .route("/voices/improvements/{id}/fixed", post(fixed))
        .route("/voices/improvements/{id}/campaign", post(campaign))
}

#[derive(Template)]
#[template(path = "improvements.html")]
struct Page {
    s: Shell,
    rows: Vec<ImprovementView>,
    reasons: Vec<LeftFor>,
    start: Day,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (rows, mut reasons) = site.ask(|app| Ok((app.improvements()?, app.left_for()?))).await?;
    reasons.retain(|reason| !reason.hidden);
    render(&Page { start: s.today.plus(7), s, rows, reasons })
}

impl Page {
    fn people(&self, condition: &str) -> String {
        Query::default().with("where", condition).on("/customers")
    }
}

async fn add(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let text = |name: &str| field(&fields, name).to_owned();
    let (issue, reason, message, name) = (text("issue"), text("reason"), text("message"), by.clone());
    let done = site.ask(move |app| app.add_improvement(&issue, &reason, &message, &name)).await;
    done.map_err(|_| {
        Fault::bad(
            "改善することと休眠理由を入れてください(2,000文字まで)。",
            "Enter what is to be made better and the reason (2,000 characters at most).",
        )
    })?;
    Ok(back("/voices/improvements", "improvement", Some(&by)))
}

async fn fixed(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let on: Option<Day> = field(&fields, "on").replace('/', "-").parse().ok();
    let name = by.clone();
    let done = site.ask(move |app| app.fix_improvement(id, on, &name)).await;
    done.map_err(|_| {
        Fault::bad("直した日は今日までの日付で入れてください。", "The day it was done is today or before.")
    })?;
    Ok(back("/voices/improvements", "improvement_fixed", Some(&by)))
}

async fn campaign(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let start: Day = field(&fields, "start").replace('/', "-").parse().unwrap_or(s.today.plus(7));
    let made = site.ask(move |app| app.improvement_campaign(id, start, &by)).await;
    let made = made.map_err(|_| {
        Fault::bad(
            "下書きを作れません。「直した」と登録してあるか、もう下書きがないかをご確認ください。",
            "The draft cannot be made: see whether it is marked as done, and has no campaign yet.",
        )
    })?;
    Ok(Redirect::to(&format!("/campaigns/{made}?done=campaign_made")).into_response())
}
