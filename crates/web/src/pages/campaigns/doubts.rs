//! 要確認: letters of which nobody knows whether they arrived, for an operator to settle.

use super::{Head, PER_PAGE, find, refusal, shown, to};
use crate::fault::Fault;
use crate::pages::{Fields, field, signed};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::TouchRow;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/doubts", get(list))
        .route("/campaigns/{id}/doubts/{touch}", post(settle))
}

#[derive(Template)]
#[template(path = "campaign_doubts.html")]
struct Page {
    s: Shell,
    head: Head,
    steps: Vec<String>,
    rows: Vec<TouchRow>,
    next: Option<String>,
}

async fn list(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let after = s.query.number("after").unwrap_or(0);
    let rows = site
        .ask(move |app| {
            let doubts = app.doubts(Some(id), after, PER_PAGE)?;
            app.with_names(doubts)
        })
        .await?;
    let last = rows.last().filter(|_| rows.len() == PER_PAGE).map(|r| r.stored.touch.id);
    let next = last.map(|after| s.query.with("after", &after.to_string()).on(&s.path));
    let steps = stored.campaign.steps.iter().map(|s| s.name.clone()).collect();
    render(&Page { head: Head::of(&stored, ""), s, steps, rows, next })
}

impl Page {
    fn name(&self, row: &TouchRow) -> String {
        shown(&row.name, row.person, &self.s)
    }

    fn step_of(&self, row: &TouchRow) -> &str {
        self.steps.get(usize::from(row.stored.touch.step)).map_or("", String::as_str)
    }

    fn when(&self, row: &TouchRow) -> String {
        self.s.moment(row.stored.attempted.unwrap_or(row.stored.touch.due))
    }
}

async fn settle(
    With(site): With<Site>,
    Path((id, touch)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    find(&site, id).await?;
    let by = signed(&fields)?;
    let sent = match field(&fields, "arrived") {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::bad("届いたかどうかを選んでください。", "Say whether it arrived.")),
    };
    let name = by.clone();
    let done = site.ask(move |app| app.settle_doubt(touch, sent, &name)).await;
    done.map_err(refusal("登録できません", "It cannot be settled"))?;
    Ok(to(&format!("/campaigns/{id}/doubts"), "settled", "", Some(&by)))
}
