//! JSON for scripts: the same figures as the pages.

use crate::fault::Fault;
use crate::pages::list_query;
use crate::query::Query;
use crate::say::Lang;
use crate::site::Site;
use app::{Board, ListQuery, ListRow};
use axum::extract::{Path, Query as Pairs, State as With};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::{Map, Value, json};

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
    Ok(Json(board_json(&board)))
}

fn board_json(b: &Board) -> Value {
    let counts = |cells: &[app::Cell]| -> Map<String, Value> {
        cells.iter().map(|c| (c.word.clone(), c.customers.into())).collect()
    };
    let month = |m: &app::MonthRow| {
        json!({"month": m.month.to_string()[..7], "opening": m.opening, "new": m.new,
               "reactivated": m.reactivated, "lapsed": m.lapsed, "closing": m.closing})
    };
    json!({
        "as_of": b.as_of,
        "policy": {"name": b.policy, "version": b.policy_version},
        "customers": b.customers,
        "spend": amount(b.spend),
        "states": counts(&b.states),
        "stages": counts(&b.stages),
        "segments": b.segments.iter().map(|c| json!({"name": c.word, "customers": c.customers})).collect::<Vec<_>>(),
        "movement": b.movement.iter().map(month).collect::<Vec<_>>(),
        "newly_dormant": b.newly_dormant.customers,
        "long_dormant": b.long_dormant.customers,
        "suggestions": b.suggestions,
    })
}

async fn customers(With(site): With<Site>, Pairs(asked): Asked) -> Result<Json<Value>, Fault> {
    let query = Query(asked);
    let limit = query.number("limit").unwrap_or(100).clamp(1, 500) as usize;
    let asked = ListQuery { per_page: limit, ..list_query(&query) };
    let page = site.ask(move |app| app.list(&asked)).await?;
    Ok(Json(json!({
        "as_of": page.as_of, "total": page.total, "spend": amount(page.spend),
        "customers": page.rows.iter().map(row_json).collect::<Vec<_>>(),
    })))
}

fn row_json(r: &ListRow) -> Value {
    json!({
        "customer": r.customer,
        "source_ids": r.source_ids.iter().map(|(source, id)| format!("{source}:{id}")).collect::<Vec<_>>(),
        "name": r.name,
        "company": r.company,
        "prefecture": r.prefecture,
        "state": r.judgement.state,
        "stage": r.judgement.stage,
        "first_order": r.history.first_order,
        "last_order": r.history.last_order,
        "days_silent": r.days_silent,
        "n_orders": r.history.n_orders,
        "spend": amount(r.history.spend),
        "own_cycle_days": (r.history.n_gaps > 0).then_some(r.history.gap_median),
        "reason": r.reason_ja,
        "reason_en": r.reason_en,
    })
}

async fn customer(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Extension(lang): Extension<Lang>,
) -> Result<Json<Value>, Fault> {
    let found = site.ask(move |app| app.person(id)).await?;
    Ok(Json(app::person_json(&found.ok_or(Fault::Missing)?, lang == Lang::En)))
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
