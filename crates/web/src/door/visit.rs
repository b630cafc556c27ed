//! Visits to the shop's site, as the script on its pages tells them; and the script itself.
//!
//! Whoever tells one learns nothing: known or not, kept or not, the answer is the same and empty.

use super::{Caller, Door};
use crate::assets::VISIT;
use app::{VISIT_PARAMETER, VisitTold, host_of};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The longest telling, bytes.
pub(super) const TOLD: usize = 4 * 1024;

/// The longest token and the longest customer number that are looked at, bytes.
const LONGEST_TOKEN: usize = 64;
const LONGEST_CUSTOMER: usize = 100;

/// The script. Any page may hold it: it says nothing that is not said by the page itself.
pub async fn script(headers: HeaderMap) -> Response {
    let mut response = VISIT.send(&headers);
    // Pages of the shop are of another origin.
    let open = HeaderValue::from_static("cross-origin");
    response.headers_mut().insert("cross-origin-resource-policy", open);
    // The address stays, so the script must be asked for anew.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// A visit.
pub async fn tell(State(door): State<Door>, headers: HeaderMap, caller: Caller, body: Bytes) -> Response {
    let nothing = StatusCode::NO_CONTENT.into_response();
    if !door.visit_of_network.take(caller.network, caller.at) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let Ok(told) = serde_json::from_slice::<VisitTold>(&body) else { return nothing };
    let origin = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if told.token.len() > LONGEST_TOKEN || told.customer.len() > LONGEST_CUSTOMER {
        return nothing;
    }
    let at = caller.at;
    if told.consent == "no" {
        // Who takes it back is heard from anywhere and however many come at once: their token is the proof.
        return match door.ask(move |app| app.hear_visit(&told, at / 1_000)).await {
            Ok(_) => nothing,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        };
    }
    // As `hear_visit` reads it: beside a token the number says nothing.
    let who = if told.token.is_empty() { told.customer.clone() } else { told.token.clone() };
    // Where many come at once, some visits are let go rather than anybody else kept waiting.
    let Ok(_place) = door.visits_at_once.try_acquire() else { return nothing };
    if !door.sign().await.visits.contains(&host_of(&origin).unwrap_or_default())
        || !door.visit_of_person.take(who, at)
    {
        return nothing;
    }
    // A visit that cannot be kept is no loss that its visitor should wait for.
    let _ = door.ask(move |app| app.hear_visit(&told, at / 1_000)).await;
    nothing
}

/// The address with what names the letter's reader to the shop's own site; any other host is told nothing.
pub async fn named(door: &Door, to: String, touch: i64, at: i64) -> String {
    let hosts = door.sign().await.visits;
    if !host_of(&to).is_some_and(|host| hosts.contains(&host)) {
        return to;
    }
    let Ok(token) = door.ask(move |app| app.visit_token(touch, at / 1_000)).await else { return to };
    let (address, place) = match to.split_once('#') {
        Some((address, place)) => (address, format!("#{place}")),
        None => (to.as_str(), String::new()),
    };
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{VISIT_PARAMETER}={token}{place}")
}
