//! 閲覧の記録: who looked at or took out what about customers.

use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{AccessQuery, AccessView};
use askama::Template;
use axum::Router;
use axum::extract::State as With;
use axum::response::Response;
use axum::routing::get;

const PER_PAGE: usize = 100;

pub fn routes() -> Router<Site> {
    Router::new().route("/access", get(show))
}

#[derive(Template)]
#[template(path = "access.html")]
struct Page {
    s: Shell,
    rows: Vec<AccessView>,
    /// Asked of one customer, and of one operator.
    customer: Option<i64>,
    who: String,
    days: u32,
    /// Older ones, where there are more.
    older: Option<String>,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let customer = s.query.number("customer");
    let who = s.query.get("by").to_owned();
    let page = s.query.number("page").map_or(0, |n| usize::try_from(n - 1).unwrap_or(0)).min(100_000);
    let ask = AccessQuery {
        customer,
        who: who.clone(),
        since: 0,
        // One more tells whether there are older ones.
        limit: PER_PAGE + 1,
        skip: page * PER_PAGE,
    };
    let (mut rows, days) =
        site.ask(move |app| Ok((app.accesses(&ask)?, app.settings()?.automatic.access_days))).await?;
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let older = more.then(|| s.query.with("page", &(page + 2).to_string()).on("/access"));
    render(&Page { s, rows, customer, who, days, older })
}
