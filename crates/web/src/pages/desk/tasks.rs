//! Next actions: overdue first, each done with one tap.

use super::caller;
use crate::fault::Fault;
use crate::pages::{Fields, field};
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::TaskView;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new().route("/desk/tasks", get(list).post(add)).route("/desk/tasks/{id}/done", post(done))
}

#[derive(Template)]
#[template(path = "desk_tasks.html")]
struct Page {
    s: Shell,
    tasks: Vec<TaskView>,
    mine: bool,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let mine = s.query.get("mine") == "1" && !s.operator.is_empty();
    let owner = mine.then(|| s.operator.clone());
    let tasks = site.ask(move |app| app.tasks(owner.as_deref())).await?;
    render(&Page { s, tasks, mine })
}

async fn add(With(site): With<Site>, s: Shell, Form(fields): Fields) -> Result<Response, Fault> {
    let by = caller(&s, &fields)?;
    let bad = |ja: &str, en: &str| Fault::bad(ja, en);
    let customer: i64 = field(&fields, "customer")
        .parse()
        .map_err(|_| bad("お客様の番号を入れてください。", "Enter the customer's number."))?;
    let (what, at) = (field(&fields, "what").to_owned(), field(&fields, "at").to_owned());
    if what.is_empty() || at.is_empty() {
        return Err(bad("することと日時を入れてください。", "Say what is to be done, and when."));
    }
    let (owner, name) = (field(&fields, "owner").to_owned(), by.clone());
    let added = site.ask(move |app| {
        let at = app.moment_typed(&at)?;
        app.add_task(customer, &what, at, &owner, &name)
    });
    added.await.map_err(|fault| match super::said(&fault, &s) {
        Some(problem) => Fault::bad(problem.clone(), problem),
        None => bad("この番号のお客様はいません。", "There is no customer of that number."),
    })?;
    Ok(to_tasks(&by))
}

async fn done(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = caller(&s, &fields)?;
    let name = by.clone();
    // Done by somebody else a moment ago is done.
    let _ = site.ask(move |app| Ok(app.task_done(id, &name).is_ok())).await?;
    Ok(to_tasks(&by))
}

fn to_tasks(by: &str) -> Response {
    let mut response = Redirect::to("/desk/tasks").into_response();
    remember(&mut response, "operator", by);
    response
}

impl Page {
    fn overdue(&self) -> usize {
        self.tasks.iter().filter(|t| t.overdue).count()
    }
}
