//! 声: what customers say. Here: what they wrote to us, and who answers it.

mod library;

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::record;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{InboxCount, InquiryFilter, InquiryView, InquiryWords};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::get;
use model::{Leaving, Severity};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/voices", get(list))
        .route("/voices/inquiries/{id}", get(one).post(act))
        .merge(library::routes())
}

/// The pages of this place: path, Japanese, English.
pub const TABS: &[(&str, &str, &str)] = &[
    ("/voices", "問い合わせ", "Inquiries"),
    ("/voices/reasons", "休眠理由", "Why they left"),
    ("/voices/surveys", "アンケート", "Surveys"),
    ("/voices/improvements", "改善", "Improvements"),
    ("/voices/library", "素材", "Library"),
];

/// Whether a page belongs to a tab.
pub fn is_tab(page: &str, tab: &str) -> bool {
    match tab {
        "/voices" => page == tab || page.starts_with("/voices/inquiries"),
        _ => page.starts_with(tab),
    }
}

/// Talks on a page.
const PER_PAGE: usize = 50;
/// Characters of them in the list.
const SHOWN: usize = 160;

const CHIPS: [(&str, &str, &str); 5] = [
    ("waiting", "お答え待ち", "Waiting"),
    ("complaints", "対応中のクレーム", "Complaints"),
    ("answered", "お答え済み", "Answered"),
    ("closed", "終了", "Closed"),
    ("all", "すべて", "All"),
];

#[derive(Template)]
#[template(path = "voices.html")]
struct ListPage {
    s: Shell,
    count: InboxCount,
    show: &'static str,
    page: usize,
    total: u64,
    rows: Vec<InquiryView>,
}

#[derive(Template)]
#[template(path = "voices_one.html")]
struct OnePage {
    s: Shell,
    x: InquiryView,
    words: Vec<InquiryWords>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let asked = s.query.get("show").to_owned();
    let show = CHIPS.iter().map(|chip| chip.0).find(|word| *word == asked).unwrap_or(CHIPS[0].0);
    let filter = match show {
        "complaints" => InquiryFilter::Complaints,
        "answered" => InquiryFilter::Answered,
        "closed" => InquiryFilter::Closed,
        "all" => InquiryFilter::All,
        _ => InquiryFilter::Waiting,
    };
    let page = usize::try_from(s.query.number("page").unwrap_or(0)).unwrap_or(0);
    let ((total, rows), count) =
        site.ask(move |app| Ok((app.inbox(filter, page, PER_PAGE)?, app.inbox_count()?))).await?;
    render(&ListPage { s, count, show, page, total, rows })
}

async fn one(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let (x, words) = site.ask(move |app| app.inquiry(id)).await.map_err(|_| Fault::Missing)?;
    if let Some(customer) = x.inquiry.customer {
        record::looked(&site, &s, customer);
    }
    render(&OnePage { s, x, words })
}

async fn act(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    let value = |of: &str| field(&fields, of).to_owned();
    let word = value("act");
    match word.as_str() {
        "answer" => {
            let said = value("said");
            site.ask(move |app| app.answer_inquiry(id, &said, &name)).await?;
        }
        "close" => {
            let said = value("said");
            site.ask(move |app| app.close_inquiry(id, &said, &name)).await?;
        }
        "grade" => {
            let severity = Severity::from_word(&value("severity"))
                .ok_or_else(|| Fault::bad("重さを選んでください。", "Choose how grave it is."))?;
            let (owner, due) = (value("owner"), value("due"));
            site.ask(move |app| {
                let due = (!due.is_empty()).then(|| app.moment_typed(&due)).transpose()?;
                app.grade_inquiry(id, severity, &owner, due, &name)
            })
            .await?;
        }
        "whose" => {
            let customer: i64 = value("customer")
                .parse()
                .map_err(|_| Fault::bad("お客様の番号を入れてください。", "Enter the customer's number."))?;
            let tied = site.ask(move |app| app.whose_inquiry(id, customer, &name)).await;
            tied.map_err(|_| {
                Fault::bad("この番号のお客様はいません。", "There is no customer of that number.")
            })?;
        }
        "leave" | "stay" => {
            let leave = word == "leave";
            site.ask(move |app| app.decide_leaving(id, leave, &name)).await?;
        }
        _ => return Err(Fault::bad("何をするかを選んでください。", "Choose what to do.")),
    }
    let to = if matches!(word.as_str(), "answer" | "close") {
        "/voices".to_owned()
    } else {
        format!("/voices/inquiries/{id}")
    };
    Ok(back(&to, "voice", Some(&by)))
}

/// As somebody is called; of whom nobody knows, what they gave to be answered by.
fn called(x: &InquiryView, s: &Shell) -> String {
    match (x.name.is_empty(), x.inquiry.contact.is_empty()) {
        (false, _) => s.t(&format!("{} 様", x.name), &x.name).to_owned(),
        (true, false) => format!("{} ({})", s.t("ご登録のない方", "Not known"), x.inquiry.contact),
        (true, true) => s.t("お名前のない方", "No name").to_owned(),
    }
}

impl ListPage {
    fn chips(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &CHIPS
    }

    fn who(&self, x: &InquiryView) -> String {
        called(x, &self.s)
    }

    fn is_complaint(&self, x: &InquiryView) -> bool {
        x.inquiry.severity != Severity::None
    }

    fn may_leave(&self, x: &InquiryView) -> bool {
        x.inquiry.leaving == Leaving::Suggested
    }

    fn short(&self, said: &str) -> String {
        let mut short: String = said.chars().take(SHOWN).collect();
        if short.len() < said.len() {
            short.push('…');
        }
        short
    }

    fn more(&self) -> Option<String> {
        let shown = (self.page + 1).saturating_mul(PER_PAGE);
        let next = || self.s.query.with("page", &(self.page + 1).to_string()).without(&["done"]);
        (self.total > shown as u64).then(|| next().on(&self.s.path))
    }
}

impl OnePage {
    fn who(&self) -> String {
        called(&self.x, &self.s)
    }

    fn complaint(&self) -> bool {
        self.x.inquiry.severity != Severity::None
    }

    fn may_leave(&self) -> bool {
        self.x.inquiry.leaving == Leaving::Suggested && self.x.inquiry.customer.is_some()
    }

    fn severities(&self) -> &'static [Severity] {
        Severity::ALL
    }

    /// How far it is, in one sentence.
    fn stands(&self) -> String {
        let i = &self.x.inquiry;
        let by = |who: &(String, i64)| (who.0.clone(), self.s.moment(who.1));
        match (&i.closed, &i.answered) {
            (Some(closed), _) => {
                let (who, when) = by(closed);
                self.s
                    .t(&format!("{when} に {who} が終えました。"), &format!("Closed by {who} at {when}."))
                    .to_owned()
            }
            (None, Some(answered)) => {
                let (who, when) = by(answered);
                let ja = format!("{when} に {who} がお答えしました。");
                self.s.t(&ja, &format!("Answered by {who} at {when}.")).to_owned()
            }
            (None, None) if self.x.overdue => {
                let (ja, en) = ("お答えの期限を過ぎています。", "The answer is overdue.");
                self.s.t(ja, en).to_owned()
            }
            (None, None) => self.s.t("お答えを待っています。", "Waits for an answer.").to_owned(),
        }
    }
}
