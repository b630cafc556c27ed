//! The form by which customers ask or tell us something: by a link of their own, or open to everybody.

use super::page::{self, Frame, show};
use super::stop::soon;
use super::{Caller, Door};
use app::{App, InquiryForm, TypedInquiry};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;

/// A form at most, bytes: a question of 4,000 letters, nine bytes each in Japanese, and three fields.
pub(super) const FORM: usize = 48 * 1024;

type Sent = Form<Vec<(String, String)>>;

/// The form by a link. Opening it changes nothing.
pub async fn ask(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    shown(&door, Some(token), &caller).await
}

/// The open form.
pub async fn open(State(door): State<Door>, caller: Caller) -> Response {
    shown(&door, None, &caller).await
}

/// What was written by a link.
pub async fn send(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    Form(fields): Sent,
) -> Response {
    taken(&door, Some(token), &caller, &fields).await
}

/// What was written in the open form.
pub async fn send_open(State(door): State<Door>, caller: Caller, Form(fields): Sent) -> Response {
    taken(&door, None, &caller, &fields).await
}

/// Whether this caller may come now.
fn lets(door: &Door, token: Option<&str>, caller: &Caller, writes: bool) -> bool {
    let ours = token.is_some_and(|token| door.app.knows_inquiry(token).is_some());
    door.lets(caller, ours) && (!writes || door.form_of_network.take(caller.network, caller.at))
}

async fn shown(door: &Door, token: Option<String>, caller: &Caller) -> Response {
    if !lets(door, token.as_deref(), caller, false) {
        return page::slower(caller.lang);
    }
    let of = token.clone();
    let found = soon(door.ask(move |app| app.inquiry_form(of.as_deref()))).await;
    answer(door, token, TypedInquiry::default(), caller, found).await
}

async fn taken(door: &Door, token: Option<String>, caller: &Caller, fields: &[(String, String)]) -> Response {
    if !lets(door, token.as_deref(), caller, true) {
        return page::slower(caller.lang);
    }
    let value = |name: &str| {
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    // A field that no person sees: programs that fill in everything are thanked like everybody, and forgotten.
    if !value("website").is_empty() {
        return answer(door, token, TypedInquiry::default(), caller, Ok(InquiryForm::Taken)).await;
    }
    let typed = TypedInquiry {
        name: value("name"),
        mail: value("mail"),
        phone: value("phone"),
        words: value("words"),
    };
    let (of, sent, asker) = (token.clone(), typed.clone(), caller.asker());
    let keep = move |app: &App| app.take_inquiry(of.as_deref(), &sent, &asker);
    let found = soon(door.ask(keep)).await;
    answer(door, token, typed, caller, found).await
}

async fn answer(
    door: &Door,
    token: Option<String>,
    typed: TypedInquiry,
    caller: &Caller,
    found: anyhow::Result<InquiryForm>,
) -> Response {
    let (l, f) = (caller.lang, Frame::of(door, caller.lang).await);
    let (code, title, text) = match found {
        Ok(InquiryForm::Ask(faults)) => {
            let faulty = !faults.is_empty();
            let code = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            return show(code, &FormPage { f, token, typed, faults });
        }
        Ok(InquiryForm::Unknown) => return page::unknown(door, l).await,
        Ok(InquiryForm::Taken) => (
            StatusCode::OK,
            l.t("お問い合わせを承りました", "Thank you for writing"),
            l.t(
                "担当者が確認し、あらためてお返事いたします。お返事までの間、お店からのご案内はお送りしません。",
                "Somebody will read it and answer you. Until then we send you no news or offers.",
            ),
        ),
        Err(_) => return page::not_taken(door, l).await,
    };
    show(code, &page::WordsPage { f, title, text, mail: None })
}

#[derive(Template)]
#[template(path = "door_form.html")]
struct FormPage {
    f: Frame,
    token: Option<String>,
    typed: TypedInquiry,
    faults: Vec<app::FieldFault>,
}

impl FormPage {
    /// Where it is sent to.
    fn to(&self) -> String {
        let token = self.token.as_ref().map_or(String::new(), |token| format!("/{token}"));
        format!("/form{token}?lang={}", self.f.code())
    }

    fn fault(&self, field: &str) -> Option<&'static str> {
        let fault = self.faults.iter().find(|(of, ..)| *of == field)?;
        Some(self.f.l.t(fault.1, fault.2))
    }
}
