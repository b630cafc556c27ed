//! The answer to an invitation: reading the page says nothing, its buttons do.

use super::page::{self, Frame, show};
use super::stop::{soon, stranger};
use super::{Caller, Door};
use app::Invitation;
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::{Attendance, Day};

#[derive(Template)]
#[template(path = "door_invitation.html")]
struct InvitationPage<'a> {
    f: Frame,
    token: &'a str,
    i: Invitation,
}

impl InvitationPage<'_> {
    /// 2027年3月1日(月)
    fn date(&self, day: &Day) -> String {
        let (year, month, date) = day.ymd();
        let at = day.weekday() as usize;
        let ja = ["月", "火", "水", "木", "金", "土", "日"][at];
        let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at];
        match self.f.code() {
            "ja" => format!("{year}年{month}月{date}日({ja})"),
            _ => format!("{day} ({en})"),
        }
    }

    fn coming(&self) -> bool {
        self.i.answer == Some(Attendance::Coming)
    }
}

/// What they are invited to, and two buttons.
pub async fn ask(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    if door.app.knows_invitation(&token).is_none() {
        return stranger(&door, &caller).await;
    }
    if !door.lets(&caller, true) {
        return page::slower(caller.lang);
    }
    let of = token.clone();
    match soon(door.ask(move |app| app.invitation(&of))).await {
        Ok(Some(i)) => {
            let f = Frame::of(&door, caller.lang).await;
            show(StatusCode::OK, &InvitationPage { f, token: &token, i })
        }
        Ok(None) => page::unknown(&door, caller.lang).await,
        Err(_) => page::busy(&door, caller.lang).await,
    }
}

/// Says that they come, or not.
pub async fn answer(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Response {
    let Some(touch) = door.app.knows_invitation(&token) else { return stranger(&door, &caller).await };
    if !door.lets(&caller, true)
        || !door.refresh_of_touch.take(touch, caller.at)
        || !door.refresh_of_network.take(caller.network, caller.at)
    {
        return page::slower(caller.lang);
    }
    let form = String::from_utf8_lossy(&body).into_owned();
    let named = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let coming = match named("answer") {
        Some("coming") => true,
        Some("not_coming") => false,
        _ => return page::refused(&door, caller.lang, StatusCode::BAD_REQUEST).await,
    };
    let people = named("people").and_then(|n| n.parse().ok()).unwrap_or(1);
    let (asker, of) = (caller.asker(), token.clone());
    match soon(door.ask(move |app| app.answer_invitation(&of, coming, people, &asker))).await {
        // Too late, or gone since: the page says which.
        Ok(_) => Redirect::to(&format!("/i/{token}?lang={}", caller.lang.code())).into_response(),
        Err(_) => page::busy(&door, caller.lang).await,
    }
}
