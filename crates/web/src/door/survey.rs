//! A survey on the customers' door: by a link of one's own, for a while, once; without script.

use super::page::{self, Frame, show};
use super::stop::{soon, stranger};
use super::{Caller, Door};
use app::{QuestionKind, RATED, SCALE, STOCK_LEFT, SurveyForm, SurveyPage, SurveyQuestion, SurveyTyped};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;

/// A form at most, bytes: thirty answers of 2,000 letters are never typed; three long ones may be.
pub(super) const FORM: usize = 64 * 1024;
/// Fields looked at; no survey has more.
const FIELDS: usize = 40;

/// The questions. Opening them changes nothing.
pub async fn ask(State(door): State<Door>, Path(token): Path<String>, caller: Caller) -> Response {
    if let Err(answer) = lets(&door, &token, &caller, false).await {
        return answer;
    }
    let (of, now) = (token.clone(), caller.at / 1_000);
    let found = soon(door.ask(move |app| app.survey_page(&of, now))).await;
    answer(&door, &token, &caller, found).await
}

/// The answers.
pub async fn save(
    State(door): State<Door>,
    Path(token): Path<String>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(answer) = lets(&door, &token, &caller, true).await {
        return answer;
    }
    let typed: SurveyTyped = fields.into_iter().take(FIELDS).collect();
    let (of, asker) = (token.clone(), caller.asker());
    let found = soon(door.ask(move |app| app.survey_answer(&of, &typed, &asker))).await;
    answer(&door, &token, &caller, found).await
}

/// Whether this caller may come now: with a token of ours, and neither they nor the token too often.
async fn lets(door: &Door, token: &str, caller: &Caller, writes: bool) -> Result<(), Response> {
    let Some(touch) = door.app.knows_survey(token) else { return Err(stranger(door, caller).await) };
    let may = door.lets(caller, true)
        && door.refresh_of_touch.take(touch, caller.at)
        && (!writes || door.refresh_of_network.take(caller.network, caller.at));
    if may { Ok(()) } else { Err(page::slower(caller.lang)) }
}

async fn answer(door: &Door, token: &str, caller: &Caller, found: anyhow::Result<SurveyPage>) -> Response {
    let (l, f) = (caller.lang, Frame::of(door, caller.lang).await);
    match found {
        Ok(SurveyPage::Form(form)) => {
            let faulty = !form.faults.is_empty();
            let code = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            show(code, &FormPage { f, token, form: *form })
        }
        Ok(SurveyPage::Unknown) => page::unknown(door, l).await,
        Ok(SurveyPage::Done(ja, en)) => {
            show(StatusCode::OK, &ThanksPage { text: l.t(&ja, &en).to_owned(), f })
        }
        Ok(SurveyPage::Expired) => {
            let title = l.t("アンケートは終了しました", "This survey has ended");
            let text = l.t(
                "お答えいただける期間が過ぎています。ご意見は、お問い合わせ先までお寄せください。",
                "The time for answering is over. Please write to us with anything you would like to say.",
            );
            show(StatusCode::GONE, &page::WordsPage { f, title, text, mail: None })
        }
        Err(_) => page::not_taken(door, l).await,
    }
}

#[derive(Template)]
#[template(path = "door_survey.html")]
struct FormPage<'a> {
    f: Frame,
    token: &'a str,
    form: SurveyForm,
}

#[derive(Template)]
#[template(path = "door_survey_thanks.html")]
struct ThanksPage {
    f: Frame,
    text: String,
}

impl FormPage<'_> {
    fn is_text(&self, question: &SurveyQuestion) -> bool {
        question.kind == QuestionKind::Comment
    }

    /// What may be chosen: the word and what it says.
    fn choices(&self, question: &SurveyQuestion) -> Vec<(String, String)> {
        let l = self.f.l;
        let own = |word: &str, ja: &str, en: &str| (word.to_owned(), l.t(ja, en).to_owned());
        match question.kind {
            QuestionKind::Reason => self.form.reasons.iter().map(|r| own(&r.id, &r.ja, &r.en)).collect(),
            QuestionKind::Expected | QuestionKind::Evaluated => {
                let scale = if question.kind == QuestionKind::Expected { SCALE } else { RATED };
                (1_u8..).zip(scale).map(|(n, (ja, en))| own(&n.to_string(), ja, en)).collect()
            }
            QuestionKind::Stock => STOCK_LEFT.iter().map(|(word, _, ja, en)| own(word, ja, en)).collect(),
            QuestionKind::Choice => question.choices.iter().map(|c| own(&c.id, &c.ja, &c.en)).collect(),
            QuestionKind::Contact => {
                vec![own("yes", "連絡してもよい", "you may"), own("no", "連絡は不要", "please do not")]
            }
            QuestionKind::Comment => vec![],
        }
    }

    fn typed(&self, id: &str) -> &str {
        self.form.typed.get(id).map_or("", String::as_str)
    }

    fn faulty(&self, id: &str) -> bool {
        self.form.faults.iter().any(|f| f == id)
    }
}
