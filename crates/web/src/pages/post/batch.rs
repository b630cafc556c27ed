//! One batch: what to pull out of it, its files, and the word that it was posted.

use super::kind_words;
use crate::fault::Fault;
use crate::pages::campaigns::shown;
use crate::pages::{Fields, back, field, signed};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{BatchState, BatchView, PostFile, Pulled};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use model::Day;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/post/batches/{id}", get(show))
        .route("/post/batches/{id}/print", post(print))
        .route("/post/batches/{id}/sheet.txt", get(sheet))
        .route("/post/batches/{id}/sheet.csv", get(rows))
        .route("/post/batches/{id}/posted", post(posted))
        .route("/post/batches/{id}/cancel", post(cancel))
}

#[derive(Template)]
#[template(path = "post_batch.html")]
struct Page {
    s: Shell,
    view: BatchView,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let view = site.ask(move |app| app.post_batch(id)).await.map_err(|_| Fault::Missing)?;
    render(&Page { s, view })
}

impl Page {
    fn id(&self) -> i64 {
        self.view.row.batch.id
    }

    fn in_hand(&self) -> bool {
        self.view.row.batch.state == BatchState::Made
    }

    fn state(&self) -> &'static str {
        let (ja, en) = app::batch_words(&self.view.row.batch);
        self.s.t(ja, en)
    }

    fn kind(&self) -> String {
        kind_words(&self.view.row.batch.kind, &self.s)
    }

    fn cost(&self) -> String {
        self.s.yen(model::Money(self.view.row.batch.cost))
    }

    fn name(&self, pulled: &Pulled) -> String {
        shown(&pulled.name, pulled.customer, &self.s)
    }

    fn count(&self) -> String {
        self.s.n(self.view.in_hand)
    }
}

/// Writes the print anew: what must not go any more is skipped from then on, so it is no mere look.
async fn print(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    let files = site
        .ask(move |app| {
            let files = app.post_files(id)?;
            app.post_printed(id)?;
            Ok(files)
        })
        .await
        .map_err(refused("印刷データを作れません", "It cannot be printed"))?;
    Ok(sent(files.print))
}

async fn sheet(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    let [sheet, _] = site
        .ask(move |app| app.post_sheets(id))
        .await
        .map_err(refused("差出票を作れません", "There is no posting sheet"))?;
    Ok(sent(sheet))
}

async fn rows(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    let [_, rows] = site
        .ask(move |app| app.post_sheets(id))
        .await
        .map_err(refused("差出票を作れません", "There is no posting sheet"))?;
    Ok(sent(rows))
}

/// A file to keep.
pub fn sent(file: PostFile) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let headers = [(header::CONTENT_TYPE, file.kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, file.bytes).into_response()
}

/// Somebody says that it was posted, and types how many pieces.
async fn posted(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let on: Day = field(&fields, "on")
        .parse()
        .map_err(|_| Fault::bad("投函した日を入れてください。", "Enter the day on which it was posted."))?;
    let view = site.ask(move |app| app.post_batch(id)).await.map_err(|_| Fault::Missing)?;
    let typed: String = field(&fields, "pieces").chars().filter(char::is_ascii_digit).collect();
    if typed != view.in_hand.to_string() && view.row.batch.state == BatchState::Made {
        return Err(Fault::bad(
            format!(
                "投函した通数が違います。抜き取りを除くと{}通です。抜き取りが増えていないか、もう一度ご確認ください。",
                view.in_hand
            ),
            format!("Without what is to be pulled out there are {} pieces: look again.", view.in_hand),
        ));
    }
    let name = by.clone();
    site.ask(move |app| app.posted(id, on, &name))
        .await
        .map_err(refused("記録できません", "It cannot be written down"))?;
    Ok(back(&format!("/post/batches/{id}"), "post_posted", Some(&by)))
}

async fn cancel(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.cancel_post(id, &name))
        .await
        .map_err(refused("取り消せません", "It cannot be cancelled"))?;
    Ok(back("/post", "post_cancelled", Some(&by)))
}

/// A refusal of the use case, said as one.
fn refused(ja: &'static str, en: &'static str) -> impl Fn(Fault) -> Fault {
    move |why| match why {
        Fault::Broken(e) => {
            Fault::Refused(StatusCode::CONFLICT, format!("{ja}: {e:#}"), format!("{en}: {e:#}"))
        }
        other => other,
    }
}
