//! The codes of one campaign: the list, who got them, and what shared and spoken ones brought.

use super::{Head, find, refusal};
use crate::download;
use crate::fault::Fault;
use crate::pages::{Fields, field};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{CodesView, Listed};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/codes", get(show).post(add))
        .route("/campaigns/{id}/codes/made", post(make))
        .route("/campaigns/{id}/codes.csv", get(csv))
}

#[derive(Template)]
#[template(path = "campaign_codes.html")]
struct Page {
    s: Shell,
    head: Head,
    codes: CodesView,
    /// What was just added, and what was known already.
    added: Option<(u64, u64)>,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let codes = site.ask(move |app| app.codes_view(id)).await?;
    let added = s.query.number("new").zip(s.query.number("known"));
    let added = added.map(|(new, known)| (i64::unsigned_abs(new), i64::unsigned_abs(known)));
    render(&Page { head: Head::of(&stored, "/codes"), s, codes, added })
}

async fn add(With(site): With<Site>, Path(id): Path<i64>, Form(form): Fields) -> Result<Response, Fault> {
    find(&site, id).await?;
    let text = field(&form, "codes").to_owned();
    let done = site
        .ask(move |app| app.import_codes(id, &text))
        .await
        .map_err(refusal("コードを読み取れませんでした", "The codes cannot be read"))?;
    Ok(back(id, done))
}

async fn make(With(site): With<Site>, Path(id): Path<i64>, Form(form): Fields) -> Result<Response, Fault> {
    find(&site, id).await?;
    let count = field(&form, "count").parse().unwrap_or(0);
    let done = site
        .ask(move |app| app.make_codes(id, count))
        .await
        .map_err(refusal("コードを作れませんでした", "The codes cannot be made"))?;
    Ok(back(id, done))
}

fn back(id: i64, done: Listed) -> Response {
    Redirect::to(&format!("/campaigns/{id}/codes?new={}&known={}", done.new, done.known)).into_response()
}

/// Every code for the cart: code, customer, whether it was used.
async fn csv(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    find(&site, id).await?;
    Ok(download::file(&site, &format!("codes-{id}.csv"), "text/csv; charset=utf-8", move |app, out| {
        writeln!(out, "code,customer,used")?;
        let mut failed = Ok(());
        app.each_code(id, &mut |code, customer, used| {
            let customer = customer.map(|c| c.to_string()).unwrap_or_default();
            let row = writeln!(out, "{code},{customer},{}", u8::from(used));
            failed = std::mem::replace(&mut failed, Ok(())).and(row);
        })?;
        Ok(failed?)
    }))
}
