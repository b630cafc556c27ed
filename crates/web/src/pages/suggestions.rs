//! 同じ人の確認: pairs of records that may be one person, for a person to decide.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{RecordView, SuggestionView};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};

pub fn routes() -> Router<Site> {
    Router::new().route("/suggestions", get(list)).route("/suggestions/{id}", post(decide))
}

const PER_PAGE: usize = 20;

#[derive(Template)]
#[template(path = "suggestions.html")]
struct Page {
    s: Shell,
    total: u64,
    page: usize,
    rows: Vec<SuggestionView>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let page = s.query.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    let (total, rows) =
        site.ask(move |app| app.suggestions((page - 1).saturating_mul(PER_PAGE), PER_PAGE)).await?;
    render(&Page { s, total, page, rows })
}

/// One line of the comparison: label, both sides, whether they agree.
struct Pair {
    label: &'static str,
    a: String,
    b: String,
    same: bool,
}

impl Page {
    fn pairs(&self, row: &SuggestionView) -> Vec<Pair> {
        let s = &self.s;
        let line = |label, of: &dyn Fn(&RecordView) -> String| {
            let (a, b) = (of(&row.a), of(&row.b));
            (!a.is_empty() || !b.is_empty()).then(|| Pair { label, same: a == b, a, b })
        };
        let lines = [
            line(s.t("氏名", "Name"), &|r| r.name.clone()),
            line(s.t("フリガナ", "Reading"), &|r| r.kana.clone()),
            line(s.t("会社", "Company"), &|r| r.company.clone().unwrap_or_default()),
            line(s.t("メール", "Mail"), &|r| r.email.clone().unwrap_or_default()),
            line(s.t("電話", "Phone"), &|r| r.phones.join(" / ")),
            line(s.t("住所", "Address"), &|r| {
                format!("{} {}", r.postal.clone().unwrap_or_default(), r.address).trim().to_owned()
            }),
            line(s.t("生年月日", "Birthday"), &|r| r.birthday.map(|d| s.date(d)).unwrap_or_default()),
        ];
        lines.into_iter().flatten().collect()
    }

    fn pages(&self) -> usize {
        (self.total as usize).div_ceil(PER_PAGE).max(1)
    }
}

async fn decide(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let merge = match field(&fields, "same") {
        "yes" => true,
        "no" => false,
        _ => {
            return Err(Fault::bad(
                "同じ方か別の方かを選んでください。",
                "Say whether they are one person or two.",
            ));
        }
    };
    let name = by.clone();
    site.ask(move |app| app.decide(id, merge, &name)).await?;
    let to = match field(&fields, "from").parse::<i64>() {
        Ok(customer) => format!("/customers/{customer}"),
        Err(_) => "/suggestions".to_owned(),
    };
    Ok(back(&to, if merge { "merged" } else { "apart" }, Some(&by)))
}
