//! Links and pictures: answered when what was heard is kept, or at once when it cannot be for now.

use super::{Caller, Door, page, visit};
use app::{Fetch, Leads};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long a customer waits for a database that is busy.
const PATIENCE: Duration = Duration::from_millis(500);

/// GIF89a, one transparent point.
const POINT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// A link of a letter: on to where that letter leads, never to anything the request says.
pub async fn click(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    let fetch = door.ear.click(&token);
    if !door.lets(&caller, fetch.is_some()) {
        return page::slower(caller.lang);
    }
    let Some(fetch) = fetch else { return page::unknown(&door, caller.lang).await };
    let leads = match kept(&door, fetch, &caller).await {
        Some(leads) => leads,
        None => found_out(&door, fetch, caller.at).await,
    };
    let (Leads::To(to) | Leads::Home(to)) = leads.unwrap_or_else(|| Leads::Home(String::new()));
    let to = match fetch.reader() {
        Some(touch) => visit::named(&door, to, touch, caller.at).await,
        None => to,
    };
    match location(&to) {
        Some(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        None => page::unknown(&door, caller.lang).await,
    }
}

/// The link of a post on social media: on to the shop's own site, never to anything the request says.
pub async fn social(State(door): State<Door>, Path(code): Path<String>, caller: Caller) -> Response {
    // A post is for everybody: a whole town may follow it from the network of its telephone company.
    if !door.lets(&caller, true) {
        return page::slower(caller.lang);
    }
    let asker = caller.asker();
    match door
        .ask(move |app| app.follow_social(&code, &asker))
        .await
        .ok()
        .flatten()
        .as_deref()
        .and_then(location)
    {
        Some(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        None => page::unknown(&door, caller.lang).await,
    }
}

/// The picture of one point.
pub async fn open(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    let fetch = door.ear.open(token.strip_suffix(".gif").unwrap_or(&token));
    if !door.lets(&caller, fetch.is_some()) {
        return page::slower(caller.lang);
    }
    let Some(fetch) = fetch else { return page::unknown(&door, caller.lang).await };
    kept(&door, fetch, &caller).await;
    ([(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"))], POINT).into_response()
}

/// Waits until it is written; `None` where it cannot be just now. Of a click, where it leads.
async fn kept(door: &Door, fetch: Fetch, caller: &Caller) -> Option<Option<Leads>> {
    let (tell, told) = oneshot::channel();
    // Whoever has stopped waiting need not be told.
    door.ear.hear(fetch, &caller.asker(), move |leads| drop(tell.send(leads)));
    timeout(PATIENCE, told).await.ok()?.ok()
}

/// Where a click leads while the database writes nothing: it may still be read.
async fn found_out(door: &Door, fetch: Fetch, now: i64) -> Option<Leads> {
    let ear = door.ear.clone();
    let asked = tokio::task::spawn_blocking(move || ear.leads(fetch, now));
    timeout(PATIENCE, asked).await.ok()?.ok()?.ok()
}

/// An address of the web as a header; what is not ASCII is percent-encoded, as browsers do.
fn location(to: &str) -> Option<HeaderValue> {
    let scheme = to.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let mut written = String::with_capacity(to.len());
    for byte in to.bytes() {
        match byte {
            b'!'..=b'~' => written.push(byte as char),
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    HeaderValue::from_str(&written).ok()
}

/// For whoever watches over the door.
pub async fn health(State(door): State<Door>) -> Response {
    let state = door.ear.state();
    let well = state.refused.is_empty() && state.lost == 0;
    let code = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let text = match well {
        true => "ok\n".to_owned(),
        false => format!(
            "not written: {}, lost: {}, the database says: {}\n",
            state.waiting, state.lost, state.refused
        ),
    };
    (code, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_headers() {
        for (to, header) in [
            ("https://shop.example.jp/a?b=c#d", Some("https://shop.example.jp/a?b=c#d")),
            ("HTTP://shop.example.jp", Some("HTTP://shop.example.jp")),
            ("https://shop.example.jp/宇治茶", Some("https://shop.example.jp/%E5%AE%87%E6%B2%BB%E8%8C%B6")),
            (
                "https://shop.example.jp/a b\r\nset-cookie: x",
                Some("https://shop.example.jp/a%20b%0D%0Aset-cookie:%20x"),
            ),
            ("javascript:alert(1)", None),
            ("javascript://%0aalert(1)", None),
            ("//evil.example.com", None),
            ("/path", None),
            ("mailto:a@example.jp", None),
            ("", None),
        ] {
            assert_eq!(location(to).as_ref().and_then(|h| h.to_str().ok()), header, "{to}");
        }
    }
}
