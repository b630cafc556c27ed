//! JSON for scripts: the same figures as the pages.

use crate::fault::Fault;
use crate::login::Operator;
use crate::pages::list_query;
use crate::query::Query;
use crate::say::Lang;
use crate::site::Site;
use app::ListQuery;
use axum::extract::{Path, Query as Pairs, State as With};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/api/board", get(board))
        .route("/api/customers", get(customers))
        .route("/api/customers/{id}", get(customer))
        .route("/api/segments/count", get(count))
        .route("/api/{*anything}", get(crate::fault::nowhere))
}

type Asked = Pairs<Vec<(String, String)>>;

async fn board(With(site): With<Site>) -> Result<Json<Value>, Fault> {
    let board = site.ask(|app| app.board()).await?;
    Ok(Json(app::board_json(&board)))
}

async fn customers(
    With(site): With<Site>,
    Pairs(asked): Asked,
    Extension(lang): Extension<Lang>,
    who: Who,
) -> Result<Json<Value>, Fault> {
    let query = Query(asked);
    let limit = query.number("limit").unwrap_or(100).clamp(1, 500) as usize;
    let asked = ListQuery { per_page: limit, ..list_query(&query) };
    let who = name_of(who);
    let page =
        site.ask(move |app| app.note_list(&who, "list", &asked).and_then(|()| app.list(&asked))).await?;
    Ok(Json(json!({
        "as_of": page.as_of, "total": page.total, "spend": amount(page.spend),
        "customers": page.rows.iter().map(|row| app::row_json(row, lang == Lang::En)).collect::<Vec<_>>(),
    })))
}

async fn customer(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Extension(lang): Extension<Lang>,
    who: Who,
) -> Result<Json<Value>, Fault> {
    let found = site.ask(move |app| app.person(id)).await?.ok_or(Fault::Missing)?;
    let who = name_of(who);
    site.ask(move |app| app.note_access(&who, "person", Some(id), None, "")).await?;
    Ok(Json(app::person_json(&found, lang == Lang::En)))
}

/// Who is logged in, where a login is asked for.
type Who = Option<Extension<Operator>>;

fn name_of(who: Who) -> String {
    who.map_or(String::new(), |Extension(Operator(name))| name)
}

async fn count(With(site): With<Site>, Pairs(asked): Asked) -> Result<Json<Value>, Fault> {
    let condition = list_query(&Query(asked)).condition;
    let (customers, spend) = site.ask(move |app| app.count(&condition)).await?;
    Ok(Json(json!({ "customers": customers, "spend": amount(spend) })))
}

/// Units of the currency: a whole number where it is one.
fn amount(money: model::Money) -> Value {
    if money.0 % 100 == 0 { json!(money.0 / 100) } else { json!(money.as_f64()) }
}
