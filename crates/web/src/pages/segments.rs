//! セグメント: named rules, each with its count.

use super::{Fields, back, field};
use crate::fault::Fault;
use crate::query::{encoded, people_href};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::ColumnInfo;
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::Money;

pub fn routes() -> Router<Site> {
    Router::new().route("/segments", get(list).post(save)).route("/segments/delete", post(delete))
}

/// Conditions that most shops start with: Japanese, English, text.
const EXAMPLES: [(&str, &str, &str); 4] = [
    ("3回以上買った休眠の方", "dormant, three orders or more", "state = 'dormant' and n_orders >= 3"),
    ("休眠に近い得意客", "good customers going quiet", "state = 'at_risk' and spend >= 30000"),
    ("一度きりで1年以上", "bought once, silent for a year", "n_orders = 1 and days_silent >= 365"),
    (
        "ふだんの間隔の2倍を過ぎた方",
        "beyond twice the usual gap",
        "n_orders >= 3 and days_silent > 2 * own_cycle_days",
    ),
];

#[derive(Template)]
#[template(path = "segments.html")]
struct Page {
    s: Shell,
    rows: Vec<Row>,
    columns: &'static [ColumnInfo],
}

struct Row {
    name: String,
    condition: String,
    href: String,
    /// `None` where the condition no longer holds.
    found: Option<(u64, Money)>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let rows = site
        .ask(|app| {
            let row = |(name, condition): (String, String)| Row {
                href: format!("/customers?segment={}", encoded(&name)),
                found: app.count(&condition).ok(),
                name,
                condition,
            };
            Ok(app.segments()?.into_iter().map(row).collect())
        })
        .await?;
    render(&Page { s, rows, columns: app::columns() })
}

impl Page {
    fn examples(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &EXAMPLES
    }

    fn try_href(&self, condition: &str) -> String {
        people_href(condition)
    }
}

async fn save(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let (name, condition) = (field(&fields, "name").to_owned(), field(&fields, "where").to_owned());
    if name.is_empty() || condition.is_empty() {
        return Err(Fault::bad("名前と条件の両方を入れてください。", "Enter both a name and a condition."));
    }
    site.ask(move |app| app.save_segment(&name, &condition)).await?;
    Ok(back("/segments", "segment", None))
}

async fn delete(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let name = field(&fields, "name").to_owned();
    site.ask(move |app| app.delete_segment(&name)).await?;
    Ok(back("/segments", "segment_gone", None))
}
