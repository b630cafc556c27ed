//! How often one customer hears from us, and when the season asks for silence.

use crate::fault::Fault;
use crate::pages::{Fields, back, field, signed};
use crate::site::Site;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use model::Cadence;

/// How often they asked to get the newsletter.
pub async fn newsletter(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let wish = Cadence::from_word(field(&fields, "wish"))
        .filter(|wish| *wish != Cadence::Resting)
        .ok_or_else(|| Fault::bad("頻度を選んでください。", "Choose how often."))?;
    let name = by.clone();
    site.ask(move |app| app.set_cadence(id, wish, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "noted", Some(&by)))
}

/// They are in mourning: no New Year's card this season.
pub async fn mourn(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let since = match field(&fields, "since") {
        "" => None,
        text => Some(text.parse().map_err(|_| Fault::bad("日付を入れてください。", "Enter the day."))?),
    };
    let (note, name) = (field(&fields, "note").to_owned(), by.clone());
    site.ask(move |app| app.mourn(id, since, &note, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "noted", Some(&by)))
}

pub async fn lift(
    With(site): With<Site>,
    Path((id, mourning)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.lift_mourning(mourning, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "noted", Some(&by)))
}
