//! Leaving and choosing: reading a page changes nothing, a form does at once.

use super::page::{self, ChoicesPage, Frame, StopPage, wording};
use super::{Caller, Door};
use anyhow::{Context, Result};
use app::Preferences;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::{Cadence, Channel};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::timeout;

/// How long an opt-out may take to be written before we say that it is not.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks whether to stop. Mail scanners open every link: this stops nothing.
pub async fn ask(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    let preferences = match known(&door, &token, &caller).await {
        Ok(preferences) => preferences,
        Err(answer) => return answer,
    };
    let f = Frame::of(&door, caller.lang).await;
    let channel = preferences.channel;
    let stopped = preferences.stopped(channel);
    page::show(StatusCode::OK, &StopPage { f, token: &token, channel, stopped })
}

/// Stops, at once and without another question: the button of the page, or a mail program's own
/// (RFC 8058), which gets a plain word. A token of ours is never turned away for coming too often.
pub async fn leave(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Response {
    if !door.app.knows_opt_out(&token) {
        return stranger(&door, &caller).await;
    }
    let (asker, of) = (caller.asker(), token.clone());
    match soon(door.ask(move |app| app.opt_out(&of, None, &asker))).await {
        Ok(Some(_)) if one_click(&body) => "stopped\n".into_response(),
        Ok(Some(channel)) => {
            let f = Frame::of(&door, caller.lang).await;
            page::show(StatusCode::OK, &StopPage { f, token: &token, channel, stopped: true })
        }
        Ok(None) => page::unknown(&door, caller.lang).await,
        Err(_) => page::not_kept(&door, caller.lang, token).await,
    }
}

/// Every way of being reached, with a button for each.
pub async fn choices(
    State(door): State<Door>,
    Path(token): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    caller: Caller,
) -> Response {
    let preferences = match known(&door, &token, &caller).await {
        Ok(preferences) => preferences,
        Err(answer) => return answer,
    };
    let f = Frame::of(&door, caller.lang).await;
    let channel = query.get("done").and_then(|word| Channel::from_word(word));
    let done = channel.map(|channel| (channel, preferences.stopped(channel)));
    let chosen = query.contains_key("chosen") && preferences.newsletter.is_some();
    page::show(StatusCode::OK, &ChoicesPage { f, token: &token, preferences, done, chosen })
}

/// Stops one channel, or opens it again with the words that were shown.
pub async fn choose(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Response {
    if !door.app.knows_opt_out(&token) {
        return stranger(&door, &caller).await;
    }
    let form = String::from_utf8_lossy(&body).into_owned();
    let named = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    if let Some(wish) = named("newsletter").and_then(Cadence::from_word).filter(|c| *c != Cadence::Resting) {
        return choose_cadence(&door, token, &caller, wish).await;
    }
    let channel = |name: &str| named(name).and_then(Channel::from_word);
    let (asker, of, lang) = (caller.asker(), token.clone(), caller.lang);
    let (done, channel) = match (channel("stop"), channel("again")) {
        (Some(channel), _) => {
            let stop = move |app: &app::App| Ok(app.opt_out(&of, Some(channel), &asker)?.is_some());
            (soon(door.ask(stop)).await, channel)
        }
        (None, Some(channel)) if door.lets(&caller, true) => {
            let again = move |app: &app::App| {
                let wording = wording(&app.sign()?.shop, channel, lang);
                app.opt_in_again(&of, channel, &wording, &asker)
            };
            (soon(door.ask(again)).await, channel)
        }
        (None, Some(_)) => return page::slower(lang),
        _ => return page::refused(&door, lang, StatusCode::BAD_REQUEST).await,
    };
    match done {
        Ok(true) => {
            let to = format!("/p/{token}?lang={}&done={}", lang.code(), channel.word());
            Redirect::to(&to).into_response()
        }
        Ok(false) => page::unknown(&door, lang).await,
        Err(_) => page::not_kept(&door, lang, token).await,
    }
}

/// How often the newsletter is to come. Whoever stops it is never told to come back later.
async fn choose_cadence(door: &Door, token: String, caller: &Caller, wish: Cadence) -> Response {
    if wish != Cadence::Stopped && !door.lets(caller, true) {
        return page::slower(caller.lang);
    }
    let (asker, of) = (caller.asker(), token.clone());
    match soon(door.ask(move |app| app.choose_cadence(&of, wish, &asker))).await {
        Ok(true) => {
            let to = format!("/p/{token}?lang={}&chosen={}", caller.lang.code(), wish.word());
            Redirect::to(&to).into_response()
        }
        Ok(false) => page::unknown(door, caller.lang).await,
        Err(_) => page::not_kept(door, caller.lang, token).await,
    }
}

/// The answer to who holds no token of ours, as often as their network may ask.
pub(super) async fn stranger(door: &Door, caller: &Caller) -> Response {
    match door.lets(caller, false) {
        true => page::unknown(door, caller.lang).await,
        false => page::slower(caller.lang),
    }
}

/// What a token lets its holder see, or the answer to who holds none.
async fn known(door: &Door, token: &str, caller: &Caller) -> Result<Preferences, Response> {
    if !door.app.knows_opt_out(token) {
        return Err(stranger(door, caller).await);
    }
    if !door.lets(caller, true) {
        return Err(page::slower(caller.lang));
    }
    let of = token.to_owned();
    match soon(door.ask(move |app| app.preferences(&of))).await {
        Ok(Some(preferences)) => Ok(preferences),
        Ok(None) => Err(page::unknown(door, caller.lang).await),
        Err(_) => Err(page::not_kept(door, caller.lang, token.to_owned()).await),
    }
}

pub(super) async fn soon<T>(answer: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(PATIENCE, answer).await.context("the database takes too long")?
}

/// The form of RFC 8058 section 3.2, url-encoded or in parts.
fn one_click(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let coded = text.trim().split('&').any(|pair| pair == "List-Unsubscribe=One-Click");
    coded || (text.contains("name=\"List-Unsubscribe\"") && text.contains("\r\n\r\nOne-Click\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_programs_own_button_is_told_from_the_pages() {
        let parts =
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        for (body, one) in [
            ("List-Unsubscribe=One-Click", true),
            ("List-Unsubscribe=One-Click\r\n", true),
            ("a=b&List-Unsubscribe=One-Click", true),
            (parts, true),
            ("stop=page", false),
            ("", false),
            ("List-Unsubscribe=Two", false),
        ] {
            assert_eq!(one_click(body.as_bytes()), one, "{body}");
        }
    }
}
