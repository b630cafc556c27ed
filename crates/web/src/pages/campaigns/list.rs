//! 施策の一覧: every campaign with how far it has come, and the scenarios to begin from.

use super::{refusal, whom_words};
use crate::fault::Fault;
use crate::pages::board::settle_href;
use crate::pages::{Fields, field};
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::{Alert, App, CampaignRow, SCENARIOS, Scenario, TouchSums};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::{Campaign, CampaignState, Day};
use std::collections::BTreeMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns", get(list))
        .route("/campaigns/new", get(begin).post(make))
        .route("/campaigns/proposals/{word}", post(propose))
}

/// A name that is another campaign's.
pub fn taken() -> Fault {
    Fault::bad(
        "同じ名前の施策があります。別の名前を付けてください。",
        "There is a campaign of that name already. Choose another name.",
    )
}

pub fn nameless() -> Fault {
    Fault::bad("施策の名前を入れてください。", "Give the campaign a name.")
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct Page {
    s: Shell,
    rows: Vec<Row>,
    /// The season to prepare for next.
    season: Option<model::Season>,
    /// What the season asks for today.
    proposals: Vec<app::Proposal>,
}

/// A campaign in the list.
struct Row {
    id: i64,
    name: String,
    owner: String,
    state: CampaignState,
    whom: String,
    condition: String,
    /// Treated and held out, where a plan was drawn.
    people: Option<(u64, u64)>,
    sums: TouchSums,
    /// What waits for a person.
    alerts: Vec<Alert>,
    /// The step that comes next, and when.
    next: Option<(String, Option<i64>)>,
    /// What it brought, Japanese and English, and whether that is the last word.
    result: Option<(String, String, bool)>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let lang = s.lang;
    let (rows, season, proposals) = site
        .ask(move |app| {
            let told = app.all_results()?.rows.into_iter();
            let told: BTreeMap<i64, _> =
                told.map(|r| (r.campaign.id, (r.says.ja, r.says.en, r.measurement.over()))).collect();
            let alerts = app.alerts()?;
            let rows = app
                .campaigns()?
                .iter()
                .map(|row| line(app, row, &told, &alerts, lang))
                .collect::<anyhow::Result<Vec<Row>>>()?;
            Ok((rows, app.next_season()?, app.proposals()?))
        })
        .await?;
    render(&Page { s, rows, season, proposals })
}

fn line(
    app: &App,
    row: &CampaignRow,
    told: &BTreeMap<i64, (String, String, bool)>,
    alerts: &[Alert],
    lang: crate::say::Lang,
) -> anyhow::Result<Row> {
    let stored = &row.stored;
    let drafted = app.drafted(stored.id)?;
    let running = matches!(stored.state, CampaignState::Approved | CampaignState::Paused);
    let steps = if running { app.step_progress(row)? } else { vec![] };
    Ok(Row {
        id: stored.id,
        name: stored.campaign.name.clone(),
        owner: stored.campaign.owner.clone(),
        state: stored.state,
        whom: whom_words(&stored.campaign, lang),
        condition: stored.campaign.whom.condition.clone(),
        people: drafted.filter(|d| !d.outdated).map(|d| (d.forecast.treated, d.forecast.holdout)),
        sums: TouchSums::of(&row.counts, None),
        alerts: alerts.iter().filter(|a| a.campaign == stored.id).cloned().collect(),
        next: steps.into_iter().find(|step| !step.made).map(|step| (step.name, step.due)),
        result: told.get(&stored.id).cloned(),
    })
}

impl Page {
    fn settle_href(&self, alert: &Alert) -> String {
        settle_href(alert)
    }
}

#[derive(Template)]
#[template(path = "campaign_new.html")]
struct NewPage {
    s: Shell,
    /// A week from today: time to fill in the words.
    start: Day,
    chosen: String,
}

async fn begin(s: Shell) -> Result<Response, Fault> {
    let (start, chosen) = (s.today.plus(7), s.query.get("scenario").to_owned());
    render(&NewPage { s, start, chosen })
}

impl NewPage {
    fn scenarios(&self) -> &'static [Scenario] {
        SCENARIOS
    }

    fn is_chosen(&self, id: &str, first: &bool) -> bool {
        self.chosen == id || (self.chosen.is_empty() && *first)
    }
}

async fn make(With(site): With<Site>, s: Shell, Form(fields): Fields) -> Result<Response, Fault> {
    let (name, owner) = (field(&fields, "name").to_owned(), field(&fields, "owner").to_owned());
    if name.is_empty() {
        return Err(nameless());
    }
    let start: Option<Day> = field(&fields, "start").replace('/', "-").parse().ok();
    let id = field(&fields, "scenario").to_owned();
    let scenario = SCENARIOS.iter().find(|x| x.id == id);
    if scenario.is_none() && !id.is_empty() {
        return Err(Fault::bad("シナリオを選び直してください。", "Choose a scenario."));
    }
    let (title, by) = (name.clone(), owner.clone());
    let made = site
        .ask(move |app| {
            if app.campaigns()?.iter().any(|c| c.stored.campaign.name == title) {
                return Ok(None);
            }
            let base = match scenario {
                Some(scenario) => scenario.starting(start.unwrap_or(s.today.plus(7)))?,
                None => Campaign::default(),
            };
            let campaign = Campaign { name: title, owner: by.clone(), start, scenario: id, ..base };
            app.add_campaign(&app.aimed(campaign)?, &by).map(Some)
        })
        .await
        .map_err(refusal("下書きを作れません", "The draft cannot be made"))?;
    let made = made.ok_or_else(taken)?;
    let mut response = Redirect::to(&format!("/campaigns/{made}?done=campaign_made")).into_response();
    if !owner.is_empty() {
        remember(&mut response, "operator", &owner);
    }
    Ok(response)
}

/// The draft of what the season asks for.
async fn propose(With(site): With<Site>, Path(word): Path<String>) -> Result<Response, Fault> {
    let made = site
        .ask(move |app| app.take_proposal(&word, "", ""))
        .await
        .map_err(refusal("下書きを作れません", "The draft cannot be made"))?;
    Ok(Redirect::to(&format!("/campaigns/{made}?done=campaign_made")).into_response())
}
