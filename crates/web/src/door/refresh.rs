//! The page on which customers put their own facts right: a question first, then the form, once.

use super::page::{self, Frame, show};
use super::stop::{soon, stranger};
use super::{Caller, Door};
use crate::say::Lang;
use app::{App, Asking, Question, Refresh, RefreshForm, TypedFacts};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::{Channel, OwnFact};

/// A form at most, bytes: an address in Japanese takes nine for a letter.
pub(super) const FORM: usize = 16 * 1024;

/// Says whose page it is, behind masks, and asks its question. Opening it changes nothing.
pub async fn ask(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    if let Err(answer) = lets(&door, &token, &caller, false).await {
        return answer;
    }
    let (of, now) = (token.clone(), caller.at / 1_000);
    let found = soon(door.ask(move |app| app.refresh_page(&of, now))).await;
    answer(&door, &token, &caller, found).await
}

/// An answer to the question, or the form itself.
pub async fn save(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(answer) = lets(&door, &token, &caller, true).await {
        return answer;
    }
    let value = |name: &str| {
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (of, now) = (token.clone(), caller.at / 1_000);
    let pass = value("pass");
    if pass.is_empty() {
        let said = value("answer");
        let found = soon(door.ask(move |app| app.refresh_answer(&of, &said, now))).await;
        return answer(&door, &token, &caller, found).await;
    }
    let typed = TypedFacts {
        name: value("name"),
        mail: value("mail"),
        phone: value("phone"),
        postal: value("postal"),
        address: value("address"),
    };
    let agreed = fields.iter().filter(|(field, _)| field == "agree");
    let agreed: Vec<Channel> = agreed.filter_map(|(_, word)| Channel::from_word(word)).collect();
    let (asker, lang) = (caller.asker(), caller.lang);
    let keep = move |app: &App| {
        let shop = app.sign()?.shop;
        let agreed: Vec<(Channel, String)> =
            agreed.into_iter().map(|channel| (channel, wording(&shop, channel, lang))).collect();
        app.refresh_save(&of, &pass, &typed, &agreed, &asker)
    };
    let found = soon(door.ask(keep)).await;
    answer(&door, &token, &caller, found).await
}

/// Whether this caller may come now: with a token of ours, and neither they nor the token too often.
async fn lets(door: &Door, token: &str, caller: &Caller, writes: bool) -> Result<(), Response> {
    let Some(touch) = door.app.knows_refresh(token) else { return Err(stranger(door, caller).await) };
    let may = door.lets(caller, true)
        && door.refresh_of_touch.take(touch, caller.at)
        && (!writes || door.refresh_of_network.take(caller.network, caller.at));
    if may { Ok(()) } else { Err(page::slower(caller.lang)) }
}

async fn answer(door: &Door, token: &str, caller: &Caller, found: anyhow::Result<Refresh>) -> Response {
    let (l, f) = (caller.lang, Frame::of(door, caller.lang).await);
    let (code, title, text) = match found {
        Ok(Refresh::Ask(asking)) => {
            let code = if asking.missed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            return show(code, &AskPage { f, token, asking });
        }
        Ok(Refresh::Form(form)) => {
            let faulty = !form.faults.is_empty();
            let code = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            return show(code, &FormPage { f, token, form: *form });
        }
        Ok(Refresh::Unknown) => return page::unknown(door, l).await,
        Ok(Refresh::Done) => (
            StatusCode::OK,
            l.t("ご確認ありがとうございました", "Thank you"),
            l.t(
                "いただいた内容を承りました。このリンクは一度だけお使いいただけるもので、ここで終わりです。内容を直したいときは、お問い合わせください。",
                "We have what you gave us. This link works once, and is used up now. To change something, please ask us.",
            ),
        ),
        Ok(Refresh::Expired) => (
            StatusCode::GONE,
            l.t("このリンクの期限が切れています", "This link has expired"),
            l.t(
                "お客様の情報を守るため、リンクには期限があります。ご登録内容の変更は、お問い合わせください。",
                "To protect your details, the link works for a while only. Please ask us to change your details.",
            ),
        ),
        Ok(Refresh::Closed) => (
            StatusCode::FORBIDDEN,
            l.t("このページは閉じられています", "This page is closed"),
            l.t(
                "ご回答がご登録内容と続けて合わなかったため、お客様の情報を守るために閉じました。ご登録内容の変更は、お問い合わせください。",
                "The answers did not match what we know, so we closed it to protect your details. Please ask us to change them.",
            ),
        ),
        Err(_) => return page::not_taken(door, l).await,
    };
    show(code, &page::WordsPage { f, title, text, mail: None })
}

/// What receiving by a channel means, as it is shown beside the box and kept as proof.
fn wording(shop: &str, channel: Channel, l: Lang) -> String {
    match l {
        Lang::Ja => {
            format!("{shop}からの商品やお得な情報のご案内を、{}で受け取ることに同意します。", channel.ja())
        }
        Lang::En => format!("I agree to receive news and offers of {shop} by {}.", channel.en()),
    }
}

/// The question, with what is known behind masks.
#[derive(Template)]
#[template(path = "door_refresh_ask.html")]
struct AskPage<'a> {
    f: Frame,
    token: &'a str,
    asking: Asking,
}

impl AskPage<'_> {
    fn fact(&self, fact: &OwnFact) -> &'static str {
        self.f.l.t(fact.ja(), fact.en())
    }

    /// What is asked, and how to write it.
    fn question(&self) -> (&'static str, &'static str) {
        let l = self.f.l;
        match self.asking.question {
            Question::Birthday => (
                l.t("お誕生日(月日)", "Your birthday (month and day)"),
                l.t("4桁の数字で入れてください。2月14日は 0214 です。", "Four digits: 14 February is 0214."),
            ),
            Question::Postal => (
                l.t("ご登録の郵便番号の下4桁", "The last four digits of the postal code we know"),
                l.t("お引っ越しの前の番号でもかまいません。", "It may be the one of before you moved."),
            ),
            Question::Phone => (
                l.t("ご登録の電話番号の下4桁", "The last four digits of the telephone number we know"),
                l.t("4桁の数字で入れてください。", "Four digits."),
            ),
            Question::Nothing => ("", ""),
        }
    }

    fn asks(&self) -> bool {
        self.asking.question != Question::Nothing
    }
}

/// The form.
#[derive(Template)]
#[template(path = "door_refresh_form.html")]
struct FormPage<'a> {
    f: Frame,
    token: &'a str,
    form: RefreshForm,
}

impl FormPage<'_> {
    fn fault(&self, field: &str) -> Option<&'static str> {
        let fault = self.form.faults.iter().find(|(of, ..)| *of == field)?;
        Some(self.f.l.t(fault.1, fault.2))
    }

    fn bad(&self, fact: &str) -> bool {
        self.form.bad.iter().any(|f| f.word() == fact)
    }

    fn wording(&self, channel: &Channel) -> String {
        wording(&self.f.sign.shop, *channel, self.f.l)
    }

    fn stands(&self, given: &bool, stopped: &bool) -> &'static str {
        match (given, stopped) {
            (_, true) => self.f.l.t("いまは停止中です。", "Stopped at present."),
            (true, false) => self.f.l.t("すでに同意をいただいています。", "You have agreed already."),
            (false, false) => self.f.l.t("まだ同意をいただいていません。", "You have not agreed yet."),
        }
    }
}
