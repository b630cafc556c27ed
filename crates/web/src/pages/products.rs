//! 商品: the product master as imported (M172).

use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use askama::Template;
use axum::Router;
use axum::extract::State as With;
use axum::response::Response;
use axum::routing::get;
use model::Product;

pub fn routes() -> Router<Site> {
    Router::new().route("/products", get(list))
}

const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "products.html")]
struct Page {
    s: Shell,
    total: u64,
    page: usize,
    rows: Vec<Product>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let page = s.query.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    let (total, rows) =
        site.ask(move |app| app.products((page - 1).saturating_mul(PER_PAGE), PER_PAGE)).await?;
    render(&Page { s, total, page, rows })
}

impl Page {
    fn pages(&self) -> usize {
        (self.total as usize).div_ceil(PER_PAGE).max(1)
    }

    fn days(&self, product: &Product) -> String {
        product.days_per_unit.map_or_else(|| "-".to_owned(), |d| format!("{d}{}", self.s.t("日", " days")))
    }

    fn margin(&self, product: &Product) -> String {
        product.margin.map_or_else(|| "-".to_owned(), |m| format!("{:.0}%", m * 100.0))
    }
}
