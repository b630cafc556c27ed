//! 電話: one caller, one call, and its result with one tap.

mod list;
mod tasks;

use super::{Fields, field};
use crate::fault::Fault;
use crate::pictures::mark;
use crate::say::visible;
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::{CallCard, CallSaid, DeskView, Hand, LeftFor, OrderView, TaskView, Turn};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::{CallResult, PostState};
use std::collections::HashMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/desk", get(show))
        .route("/desk/next", post(next))
        .route("/desk/{touch}/result", post(result))
        .route("/desk/{touch}/back", post(back))
        .route("/desk/{touch}/undo", post(undo))
        .merge(list::routes())
        .merge(tasks::routes())
}

/// Orders shown on the card.
const ORDERS: usize = 3;
/// Calls and other touches shown on the card.
const PAST: usize = 6;
/// Next actions shown before the whole list.
const TASKS: usize = 5;

/// The results in the order in which a thumb finds them: the heading, its class, and the buttons.
const RESULTS: [(&str, &str, &str, &[CallResult]); 3] = [
    (
        "お話しできた",
        "Talked",
        "talked",
        &[
            CallResult::Reached,
            CallResult::Deal,
            CallResult::CallBack,
            CallResult::Surplus,
            CallResult::Moved,
            CallResult::Retired,
        ],
    ),
    (
        "つながらなかった",
        "Not reached",
        "missed",
        &[
            CallResult::Absent,
            CallResult::Family,
            CallResult::HungUp,
            CallResult::DeadNumber,
            CallResult::WrongPerson,
        ],
    ),
    (
        "これからお電話しない",
        "No more calls",
        "closing",
        &[CallResult::Refused, CallResult::Complaint, CallResult::Deceased],
    ),
];

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    s: Shell,
    view: DeskView,
    tasks: Vec<TaskView>,
    /// What customers may say they left for.
    reasons: Vec<LeftFor>,
    /// What could not be done as asked.
    problem: Option<String>,
    /// What was typed then.
    typed: HashMap<String, String>,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    page(&site, s, None, HashMap::new()).await
}

async fn page(
    site: &Site,
    s: Shell,
    problem: Option<String>,
    typed: HashMap<String, String>,
) -> Result<Response, Fault> {
    let by = s.operator.clone();
    let (view, mut tasks, mut reasons) =
        site.ask(move |app| Ok((app.desk(&by)?, app.tasks_due()?, app.left_for()?))).await?;
    reasons.retain(|reason| !reason.hidden);
    tasks.truncate(TASKS);
    let refused = problem.is_some();
    let mut answer = render(&Page { s, view, tasks, reasons, problem, typed })?;
    if refused {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(answer)
}

/// Who calls: whoever is logged in, else whoever they say they are.
fn caller(s: &Shell, fields: &HashMap<String, String>) -> Result<String, Fault> {
    if s.logged_in {
        return Ok(s.operator.clone());
    }
    let by = match field(fields, "by") {
        "" => s.operator.trim(),
        by => by,
    };
    match visible(by) {
        by if by.is_empty() => Err(Fault::bad(
            "お電話する方のお名前を入れてください。お客様に名乗るお名前です。",
            "Enter the caller's name: it is the one said to the customer.",
        )),
        by => Ok(by.chars().take(80).collect()),
    }
}

fn to_desk(by: &str, place: &str) -> Response {
    let mut response = Redirect::to(&format!("/desk{place}")).into_response();
    remember(&mut response, "operator", by);
    response
}

/// The use case's own sentence, in the reader's language: it says both, a slash between.
fn said(fault: &Fault, s: &Shell) -> Option<String> {
    let Fault::Broken(why) = fault else { return None };
    let text = format!("{why}");
    let (ja, en) = text.split_once(" / ")?;
    Some(s.t(ja, en).to_owned())
}

async fn next(With(site): With<Site>, s: Shell, Form(fields): Fields) -> Result<Response, Fault> {
    let by = caller(&s, &fields)?;
    let campaign = field(&fields, "campaign").parse().ok();
    let name = by.clone();
    let turn = site.ask(move |app| app.desk_next(&name, campaign)).await?;
    let problem = match turn {
        Turn::Call(_) => return Ok(to_desk(&by, "")),
        // The page itself says when it opens, and that nobody waits.
        Turn::Closed { .. } | Turn::Nobody => return Ok(to_desk(&by, "?asked=1")),
        Turn::Held { ja, en, .. } => s.t(&ja, &en).to_owned(),
    };
    page(&site, Shell { operator: by, ..s }, Some(problem), HashMap::new()).await
}

async fn result(
    With(site): With<Site>,
    Path(touch): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = caller(&s, &fields)?;
    let Some(result) = CallResult::from_word(field(&fields, "result")) else {
        return Err(Fault::bad("結果を選んでください。", "Choose what came of the call."));
    };
    let text = |name| field(&fields, name).to_owned();
    let minutes = match field(&fields, "minutes") {
        "" => None,
        typed => Some(typed.parse::<u32>().ok().filter(|m| *m <= 600).ok_or_else(|| {
            Fault::bad("通話の分数は0〜600の数字で入れてください。", "Minutes are a number from 0 to 600.")
        })?),
    };
    let (at, name) = (text("at"), by.clone());
    let mut call = CallSaid {
        note: text("note"),
        branch: text("branch"),
        left_for: text("left_for"),
        next: text("next"),
        owner: text("owner"),
        minutes,
        ..CallSaid::of(touch, result)
    };
    let done = site
        .ask(move |app| {
            call.at = if at.is_empty() { None } else { Some(app.moment_typed(&at)?) };
            app.desk_result(&name, &call)
        })
        .await;
    match done {
        Ok(_) => Ok(to_desk(&by, "")),
        Err(fault) => match said(&fault, &s) {
            // What was typed stays on the page.
            Some(problem) => page(&site, Shell { operator: by, ..s }, Some(problem), fields).await,
            None => Err(fault),
        },
    }
}

async fn back(
    With(site): With<Site>,
    Path(touch): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let (by, why) = (caller(&s, &fields)?, field(&fields, "why").to_owned());
    if field(&fields, "skip") == "1" && why.is_empty() {
        let problem = s.t("見送る理由を入れてください。", "Say why nobody is to call.").to_owned();
        return page(&site, Shell { operator: by, ..s }, Some(problem), fields).await;
    }
    let why = if field(&fields, "skip") == "1" { why } else { String::new() };
    let name = by.clone();
    match site.ask(move |app| app.desk_back(touch, &name, &why)).await {
        Ok(()) => Ok(to_desk(&by, "")),
        Err(fault) => match said(&fault, &s) {
            Some(problem) => page(&site, Shell { operator: by, ..s }, Some(problem), HashMap::new()).await,
            None => Err(fault),
        },
    }
}

async fn undo(
    With(site): With<Site>,
    Path(touch): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let (by, why) = (caller(&s, &fields)?, field(&fields, "why").to_owned());
    let name = by.clone();
    match site.ask(move |app| app.desk_undo(touch, &name, &why)).await {
        Ok(()) => Ok(to_desk(&by, "")),
        Err(fault) => match said(&fault, &s) {
            Some(problem) => page(&site, Shell { operator: by, ..s }, Some(problem), HashMap::new()).await,
            None => Err(fault),
        },
    }
}

impl Page {
    fn post_states(&self) -> &'static [PostState] {
        PostState::ALL
    }

    fn results(&self) -> &'static [(&'static str, &'static str, &'static str, &'static [CallResult])] {
        &RESULTS
    }

    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }

    fn mark(&self, card: &CallCard) -> String {
        card.person.as_ref().map(|p| mark(p.row.judgement.state)).unwrap_or_default()
    }

    /// The number as people read it: in groups where it is a Japanese one.
    fn grouped(&self, number: &str) -> String {
        grouped(number)
    }

    fn orders<'a>(&self, card: &'a CallCard) -> &'a [OrderView] {
        let orders = card.person.as_ref().map_or(&[][..], |p| p.orders.as_slice());
        &orders[..orders.len().min(ORDERS)]
    }

    fn bought(&self, order: &OrderView) -> String {
        let names: Vec<&str> = order.lines.iter().take(3).map(|l| l.0.as_str()).collect();
        names.join(self.s.t("、", ", "))
    }

    /// What was done with the customer before, the newest first: when, what, and the words that were kept.
    fn past(&self, card: &CallCard) -> Vec<(i64, String, String)> {
        let calls = card.calls.iter().map(|c| {
            let what = format!("{} {}", self.s.t("電話", "call"), self.s.t(c.result.ja(), c.result.en()));
            let minutes = if c.minutes > 0 {
                format!(" {}{}", c.minutes, self.s.t("分", " min"))
            } else {
                String::new()
            };
            (c.at, format!("{what}（{}{minutes}）", c.caller), c.note.clone())
        });
        let others = card.touches.iter().filter(|t| t.stored.touch.id != card.touch).filter_map(|t| {
            let channel = t.stored.touch.channel;
            let at = t.stored.settled.or(t.stored.attempted)?;
            let state = t.stored.touch.state;
            let what =
                format!("{} {}", self.s.t(channel.ja(), channel.en()), self.s.t(state.ja(), state.en()));
            (channel != model::Channel::Phone).then(|| (at, what, format!("{} {}", t.campaign, t.step)))
        });
        let mut all: Vec<(i64, String, String)> = calls.chain(others).collect();
        all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        all.truncate(PAST);
        all
    }

    /// The last talk: the shop's own notes of it.
    fn last_talk(&self, card: &CallCard) -> Option<(String, String)> {
        let person = card.person.as_ref()?;
        let talk = person.activities.iter().find(|a| a.kind == model::ActivityKind::Contact)?;
        Some((self.s.day(talk.day), talk.note.clone()))
    }
}

/// 090-0000-0001, 03-0000-0000.
fn grouped(number: &str) -> String {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    match (digits, number.len()) {
        (true, 11) => format!("{}-{}-{}", &number[..3], &number[3..7], &number[7..]),
        (true, 10) if number.starts_with("03") || number.starts_with("06") => {
            format!("{}-{}-{}", &number[..2], &number[2..6], &number[6..])
        }
        (true, 10) => format!("{}-{}-{}", &number[..3], &number[3..6], &number[6..]),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups() {
        for (digits, read) in [
            ("09000000001", "090-0000-0001"),
            ("0300000000", "03-0000-0000"),
            ("0450000000", "045-000-0000"),
            ("+12025550100", "+12025550100"),
        ] {
            assert_eq!(grouped(digits), read);
        }
    }

    #[test]
    fn every_result_has_its_button() {
        let shown: Vec<CallResult> =
            RESULTS.iter().flat_map(|(.., results)| results.iter().copied()).collect();
        assert_eq!(shown.len(), CallResult::ALL.len());
        assert!(CallResult::ALL.iter().all(|r| shown.contains(r)));
    }
}
