//! Who answered an invitation, who was there, and a form to note it.

use super::{Head, find, refusal};
use crate::fault::Fault;
use crate::pages::{Fields, back, field, signed};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::AttendanceRow;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::get;
use model::{Attendance, Occasion};

pub fn routes() -> Router<Site> {
    Router::new().route("/campaigns/{id}/answers", get(show).post(note))
}

#[derive(Template)]
#[template(path = "campaign_answers.html")]
struct Page {
    s: Shell,
    head: Head,
    occasion: Occasion,
    rows: Vec<AttendanceRow>,
}

impl Page {
    fn answers(&self) -> &'static [Attendance] {
        Attendance::ALL
    }

    /// Answers of a kind, and how many people these are.
    fn sums(&self) -> Vec<(Attendance, usize, u32)> {
        let of = |answer: &Attendance| {
            let rows = self.rows.iter().filter(|r| r.answer == *answer);
            (*answer, rows.clone().count(), rows.map(|r| r.people).sum())
        };
        Attendance::ALL.iter().map(of).collect()
    }
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let occasion = stored.campaign.occasion.clone().ok_or(Fault::Missing)?;
    let rows = site.ask(move |app| app.attendances(id)).await?;
    render(&Page { head: Head::of(&stored, "/answers"), s, occasion, rows })
}

async fn note(With(site): With<Site>, Path(id): Path<i64>, Form(form): Fields) -> Result<Response, Fault> {
    find(&site, id).await?;
    let by = signed(&form)?;
    let answer = Attendance::from_word(field(&form, "answer"))
        .ok_or_else(|| Fault::bad("出欠を選んでください。", "Choose the answer."))?;
    let customer = field(&form, "customer")
        .parse()
        .map_err(|_| Fault::bad("顧客番号を数字で入れてください。", "Enter the customer's number."))?;
    let people = field(&form, "people").parse().unwrap_or(1);
    let (note, name) = (field(&form, "note").to_owned(), by.clone());
    site.ask(move |app| app.attend(id, customer, (answer, people), &note, &name))
        .await
        .map_err(refusal("記録できませんでした", "This cannot be noted"))?;
    Ok(back(&format!("/campaigns/{id}/answers"), "voice", Some(&by)))
}
