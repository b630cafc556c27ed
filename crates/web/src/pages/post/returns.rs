//! Pieces that came back, keyed or scanned.

use crate::fault::Fault;
use crate::pages::{Fields, field, signed};
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::{RETURN_REASONS, ReturnsTaken};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::response::Response;
use axum::routing::get;

/// Longest list taken at once, bytes: some thousand pieces.
const LONGEST: usize = 500_000;

pub fn routes() -> Router<Site> {
    Router::new().route("/post/returns", get(show).post(take))
}

#[derive(Template)]
#[template(path = "post_returns.html")]
struct Page {
    s: Shell,
    typed: String,
    taken: Option<ReturnsTaken>,
}

async fn show(s: Shell) -> Result<Response, Fault> {
    render(&Page { s, typed: String::new(), taken: None })
}

impl Page {
    fn reasons(&self) -> Vec<(usize, &'static str)> {
        RETURN_REASONS.iter().enumerate().map(|(n, (ja, en))| (n + 1, self.s.t(ja, en))).collect()
    }

    /// Reason, pieces new, of these closed.
    fn counts<'a>(&self, taken: &'a ReturnsTaken) -> Vec<(&'a str, usize, usize)> {
        let count = |(ja, en): &(&'static str, &'static str)| {
            let of = taken.pieces.iter().filter(|p| p.ja == *ja && !p.known);
            let (n, closed) = (of.clone().count(), of.filter(|p| p.closed).count());
            (self.s.t(ja, en), n, closed)
        };
        RETURN_REASONS.iter().map(count).filter(|(_, n, _)| *n > 0).collect()
    }

    fn known(&self, taken: &ReturnsTaken) -> usize {
        taken.pieces.iter().filter(|p| p.known).count()
    }
}

async fn take(With(site): With<Site>, s: Shell, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let mut text = field(&fields, "list").to_owned();
    if text.len() > LONGEST {
        return Err(Fault::bad(
            "一度に登録できるのは数千通までです。分けてください。",
            "Too many at once: take them in parts.",
        ));
    }
    // The reason chosen above holds until a line says another.
    let reason = field(&fields, "reason");
    if !reason.is_empty() {
        text = format!("{reason}\n{text}");
    }
    let name = by.clone();
    let taken = site.ask(move |app| app.take_returns(&text, &name)).await?;
    // What was not understood stays in the form.
    let typed = taken.unknown.join("\n");
    let mut answer = render(&Page { s, typed, taken: Some(taken) })?;
    remember(&mut answer, "operator", &by);
    Ok(answer)
}
