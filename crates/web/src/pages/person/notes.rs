//! Notes of one customer: added and taken back by a name.

use crate::fault::Fault;
use crate::pages::{Fields, back, field, signed};
use crate::site::Site;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use model::{Day, NoteKind};

pub async fn add(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let kind = NoteKind::from_word(field(&fields, "kind"))
        .ok_or_else(|| Fault::bad("メモの種類を選んでください。", "Choose the kind of note."))?;
    let day: Day =
        field(&fields, "day").parse().map_err(|_| Fault::bad("日付を入れてください。", "Enter the day."))?;
    let (said, place) = (field(&fields, "said").to_owned(), field(&fields, "place").to_owned());
    if said.is_empty() {
        return Err(Fault::bad("内容を入れてください。", "Say what was said or done."));
    }
    let name = by.clone();
    if day > site.ask(|app| app.today()).await? {
        return Err(Fault::bad("今日までの日付を入れてください。", "A note is of today or before."));
    }
    site.ask(move |app| app.add_note(id, kind, day, &said, &place, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "noted", Some(&by)))
}

pub async fn strike(
    With(site): With<Site>,
    Path((id, note)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.strike_note(note, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "noted", Some(&by)))
}
