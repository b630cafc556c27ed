//! Audiences of one campaign: how many wait, and the files for each platform.

use super::{Head, find, refusal};
use crate::fault::Fault;
use crate::pages::{Fields, field};
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::{AdsExport, AdsWaiting};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub fn routes() -> Router<Site> {
    Router::new().route("/campaigns/{id}/ads", get(show).post(export))
}

#[derive(Template)]
#[template(path = "campaign_ads.html")]
struct Page {
    s: Shell,
    head: Head,
    waiting: AdsWaiting,
    platforms: Vec<(String, String)>,
    /// What an export came to that has more than one file: they are shown to be fetched one by one.
    done: Option<AdsExport>,
    /// Who asked for it.
    by: String,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let head = Head::of(&stored, "/ads");
    let (waiting, platforms) = site.ask(move |app| Ok((app.ads_waiting(id)?, app.ad_platforms()))).await?;
    render(&Page { s, head, waiting, platforms, done: None, by: String::new() })
}

/// Writes down who is due and shows what is in the files; with a part named, that file itself.
async fn export(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Form(form): Fields,
) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let (platform, by) = (field(&form, "platform").to_owned(), field(&form, "by").to_owned());
    let part = form.get("part").cloned();
    let named = platform.clone();
    let remembered = by.clone();
    let done = site
        .ask(move |app| app.export_audience(id, &platform, &by))
        .await
        .map_err(refusal("書き出せませんでした", "This cannot be exported"))?;
    let mut response = match part {
        Some(part) => {
            let file = done.files.into_iter().find(|file| file.part == part).ok_or(Fault::Missing)?;
            let dash = if part.is_empty() { "" } else { "-" };
            let name = format!("attachment; filename=\"{named}{dash}{part}-{id}.csv\"");
            let kind = "text/csv; charset=utf-8".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file.text).into_response()
        }
        None => {
            let head = Head::of(&stored, "/ads");
            let (waiting, platforms) =
                site.ask(move |app| Ok((app.ads_waiting(id)?, app.ad_platforms()))).await?;
            render(&Page { s, head, waiting, platforms, done: Some(done), by: remembered.clone() })?
        }
    };
    remember(&mut response, "operator", &remembered);
    Ok(response)
}
