//! 流れ: the whole campaign as a picture, step after step, and exactly who stands behind each number.

use super::sending::{touch_when, touch_why};
use super::{Head, PER_PAGE, find, is_draft, shown};
use crate::fault::Fault;
use crate::pictures::{Rung, Stage, Stop, Width, ladder, path};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{PersonPath, StepPath, StepPlace, TouchRow};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as With};
use axum::response::Response;
use axum::routing::get;

pub fn routes() -> Router<Site> {
    Router::new().route("/campaigns/{id}/steps", get(show)).route("/campaigns/{id}/steps/{step}", get(people))
}

#[derive(Template)]
#[template(path = "campaign_steps.html")]
struct Page {
    s: Shell,
    head: Head,
    steps: Vec<StepPath>,
    picture: [String; 2],
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let row = find(&site, id).await?;
    let head = Head::of(&row.stored, "/steps");
    let steps = site.ask(move |app| app.campaign_path(&row)).await?;
    let picture = picture(&head, &steps, &s);
    render(&Page { s, head, steps, picture })
}

/// The steps of a campaign, drawn for a desk and for a phone.
pub(super) fn picture(head: &Head, steps: &[StepPath], s: &Shell) -> [String; 2] {
    let draft = is_draft(head.state);
    let label =
        format!("{} {}", s.t("施策の流れ。ステップ", "The campaign, step by step:"), s.n(steps.len()));
    let rungs: Vec<Rung<'_>> =
        steps.iter().enumerate().map(|(n, step)| rung(head, n, step, draft, s)).collect();
    [Width::Desk, Width::Phone].map(|width| ladder(&rungs, &label, width, s.lang))
}

fn rung<'a>(head: &Head, n: usize, step: &'a StepPath, draft: bool, s: &'a Shell) -> Rung<'a> {
    let c = &step.counts;
    let stage = match (step.made, c.due) {
        (true, _) if c.waiting == 0 => Stage::Over,
        (false, 0) => Stage::ToCome,
        _ => Stage::Now,
    };
    let when = s.t(&step.when.ja, &step.when.en);
    let when = step.at.map_or(when.to_owned(), |at| format!("{when} · {}", s.moment(at)));
    let told = |place: &StepPlace| {
        let always = matches!(place, StepPlace::Due | StepPlace::Sent);
        let count = c.at(*place);
        let href = || place_href(head.id, n, *place);
        (always || count > 0).then(|| (s.t(place.ja(), place.en()), count, href()))
    };
    Rung {
        name: &step.name,
        channel: s.t(step.channel.ja(), step.channel.en()),
        when,
        words: &step.words,
        only: s.t(&step.only.ja, &step.only.en),
        stage,
        parts: vec![
            ("sent", c.sent),
            ("queued", c.waiting),
            ("in_doubt", c.in_doubt),
            ("failed", c.failed),
            ("left", c.ordered),
            ("skipped", c.skipped),
        ],
        figures: if draft { vec![] } else { StepPlace::ALL.iter().filter_map(told).collect() },
    }
}

fn place_href(id: i64, step: usize, place: StepPlace) -> String {
    format!("/campaigns/{id}/steps/{step}?at={}", place.word())
}

impl Page {
    fn places(&self) -> [StepPlace; 8] {
        StepPlace::ALL
    }

    fn href(&self, step: &usize, place: &StepPlace) -> String {
        place_href(self.head.id, *step, *place)
    }

    fn count(&self, step: &StepPath, place: &StepPlace) -> u64 {
        step.counts.at(*place)
    }
}

#[derive(Template)]
#[template(path = "campaign_touches.html")]
struct People {
    s: Shell,
    head: Head,
    state: StepPlace,
    step: Option<String>,
    rows: Vec<TouchRow>,
    next: Option<String>,
}

async fn people(
    With(site): With<Site>,
    Path((id, step)): Path<(i64, u16)>,
    s: Shell,
) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let name = stored.campaign.steps.get(usize::from(step)).map(|s| s.name.clone()).ok_or(Fault::Missing)?;
    let state = StepPlace::from_word(s.query.get("at")).unwrap_or(StepPlace::Due);
    let after = s.query.number("after").unwrap_or(0);
    let rows = site.ask(move |app| app.touches_at(id, step, state, after, PER_PAGE)).await?;
    let last = rows.last().filter(|_| rows.len() == PER_PAGE).map(|r| r.stored.touch.id);
    let next = last.map(|after| s.query.with("after", &after.to_string()).on(&s.path));
    render(&People { head: Head::of(&stored, ""), s, state, step: Some(name), rows, next })
}

impl People {
    fn name(&self, row: &TouchRow) -> String {
        shown(&row.name, row.person, &self.s)
    }

    fn step_of(&self, _: &TouchRow) -> &str {
        self.step.as_deref().unwrap_or_default()
    }

    fn when(&self, row: &TouchRow) -> String {
        touch_when(row, &self.s)
    }

    fn why(&self, row: &TouchRow) -> String {
        touch_why(row, &self.s)
    }

    fn why_href(&self, row: &TouchRow) -> String {
        format!("/campaigns/{}/why?customer={}", self.head.id, row.person)
    }
}

/// One customer's path, drawn for a desk and for a phone.
pub(super) fn path_picture(told: &PersonPath, now: i64, s: &Shell) -> [String; 2] {
    let stop = |(n, mark): (usize, &app::PathMark)| Stop {
        kind: mark.kind,
        when: mark.at.map_or(s.t("日時は未定", "not decided").to_owned(), |at| s.moment(at)),
        by: mark.channel.filter(|_| mark.kind != "heard").map_or("", |c| s.t(c.ja(), c.en())),
        told: match mark.spend {
            Some(spend) => format!("{} {}", s.t(&mark.ja, &mark.en), s.yen(spend)),
            None => s.t(&mark.ja, &mark.en).to_owned(),
        },
        next: told.next == Some(n),
    };
    let stops: Vec<Stop<'_>> = told.marks.iter().enumerate().map(stop).collect();
    let place = told.marks.iter().position(|m| m.at.is_none_or(|at| at > now)).unwrap_or(stops.len());
    let label = s.t(&told.ja, &told.en);
    let today = (place, s.t("いま", "now"));
    [Width::Desk, Width::Phone].map(|width| path(&stops, today, label, width))
}
