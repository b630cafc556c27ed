//! One page, one file.

mod access;
pub mod ahead;
mod board;
mod campaigns;
pub mod customers;
mod desk;
mod import;
mod improvements;
mod model_card;
mod person;
mod policy;
mod post;
mod products;
mod ranking;
mod reach;
mod reasons;
mod segments;
mod settings;
mod suggestions;
mod surveys;
mod terms;
pub mod voices;

pub use campaigns::Drawings;
pub use customers::list_query;
pub use post::Makings;

use crate::fault::Fault;
use crate::query::encoded;
use crate::shell::remember;
use crate::site::Site;
use axum::Router;
use axum::extract::Form;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::collections::HashMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .merge(access::routes())
        .merge(board::routes())
        .merge(campaigns::routes())
        .merge(customers::routes())
        .merge(desk::routes())
        .merge(import::routes())
        .merge(improvements::routes())
        .merge(model_card::routes())
        .merge(person::routes())
        .merge(policy::routes())
        .merge(post::routes())
        .merge(ranking::routes())
        .merge(reach::routes())
        .merge(reasons::routes())
        .merge(segments::routes())
        .merge(settings::routes())
        .merge(products::routes())
        .merge(suggestions::routes())
        .merge(surveys::routes())
        .merge(voices::routes())
}

/// What a plain form sends.
pub type Fields = Form<HashMap<String, String>>;

/// A field, trimmed; empty when missing.
fn field<'a>(fields: &'a HashMap<String, String>, name: &str) -> &'a str {
    fields.get(name).map_or("", |v| v.trim())
}

/// The name of the operator who signs for this.
fn signed(fields: &HashMap<String, String>) -> Result<String, Fault> {
    match field(fields, "by") {
        "" => Err(Fault::bad(
            "担当者のお名前を入れてください。誰が決めたかを記録に残します。",
            "Enter your name: the record says who decided.",
        )),
        by => Ok(by.chars().take(80).collect()),
    }
}

/// Back to a page that says what was done; the operator's name is kept for the next form.
fn back(to: &str, done: &str, by: Option<&str>) -> Response {
    let and = if to.contains('?') { '&' } else { '?' };
    let mut response = Redirect::to(&format!("{to}{and}done={}", encoded(done))).into_response();
    if let Some(by) = by {
        remember(&mut response, "operator", by);
    }
    response
}
