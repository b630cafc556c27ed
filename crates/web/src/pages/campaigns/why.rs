//! この方に届いた理由・届かなかった理由: one customer and one campaign.

use super::{Head, find, shown};
use crate::fault::Fault;
use crate::pages::customers::honoured;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{ListQuery, ListRow, PersonPath, Why};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as With};
use axum::response::Response;
use axum::routing::get;

pub fn routes() -> Router<Site> {
    Router::new().route("/campaigns/{id}/why", get(show))
}

/// People offered by a search.
const OFFERED: usize = 20;

#[derive(Template)]
#[template(path = "campaign_why.html")]
struct Page {
    s: Shell,
    head: Head,
    /// What was typed.
    asked: String,
    found: Vec<ListRow>,
    told: Option<(String, Why)>,
    /// Their way through the campaign, with what is next.
    path: Option<(PersonPath, [String; 2])>,
    variants: Vec<String>,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let asked = s.query.get("customer").to_owned();
    let typed = asked.clone();
    let (told, path, found) = site
        .ask(move |app| {
            if typed.is_empty() {
                return Ok((None, None, vec![]));
            }
            if let Some(customer) = typed.parse::<i64>().ok()
                && app.named([customer].into_iter())?.contains_key(&customer)
            {
                let why = app.why(id, customer)?;
                let name = app.named([customer].into_iter())?.remove(&customer).map(|n| n.1);
                let path = app.path_of(id, customer)?;
                return Ok((Some((name.unwrap_or_default(), why)), Some(path), vec![]));
            }
            let query = ListQuery { search: typed, per_page: OFFERED, ..ListQuery::default() };
            Ok((None, None, app.list(&query)?.rows))
        })
        .await?;
    let now = site.app.now();
    let path = path.map(|path| {
        let drawn = super::steps::path_picture(&path, now, &s);
        (path, drawn)
    });
    let variants = stored.campaign.variants.iter().map(|v| v.name.clone()).collect();
    render(&Page { head: Head::of(&stored, "/why"), s, asked, found, told, path, variants })
}

impl Page {
    fn name(&self, name: &str, why: &Why) -> String {
        shown(name, why.customer, &self.s)
    }

    fn offered(&self, row: &ListRow) -> String {
        honoured(row, &self.s)
    }

    fn variant(&self, n: &u8) -> &str {
        self.variants.get(usize::from(*n)).map_or("", String::as_str)
    }

    fn href(&self, row: &ListRow) -> String {
        format!("/campaigns/{}/why?customer={}", self.head.id, row.customer)
    }
}
