//! A campaign under way: every step's counts, what it waits for, and the handles.

use super::{Head, PER_PAGE, editor, find, is_draft, refusal, rule_in_words, shown, to};
use crate::fault::Fault;
use crate::pages::{Fields, field, signed};
use crate::pictures::{Part, stack};
use crate::say::Lang;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{CampaignRow, Drafted, LogRow, StepProgress, StoredCampaign, TouchRow, TouchSums};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use model::{CampaignState, Channel, ResponseKind, TouchState};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/live", get(live))
        .route("/campaigns/{id}/pause", post(pause))
        .route("/campaigns/{id}/resume", post(resume))
        .route("/campaigns/{id}/cancel", post(cancel))
        .route("/campaigns/{id}/touches", get(touches))
}

#[derive(Template)]
#[template(path = "campaign_sending.html")]
struct Page {
    s: Shell,
    head: Head,
    live: Live,
    log: Vec<LogRow>,
    drafted: Option<Drafted>,
    /// Database and journal disagree: nothing is sent.
    held: bool,
    /// Channels of its steps that are not set up, with why in both languages.
    shut: Vec<(Channel, String)>,
    /// Its steps from the first to the last.
    picture: [String; 2],
}

/// The part that refreshes itself.
#[derive(Template)]
#[template(path = "campaign_live.html")]
struct Fragment {
    s: Shell,
    live: Live,
}

/// How it stands now.
struct Live {
    stored: StoredCampaign,
    steps: Vec<StepProgress>,
    sum: TouchSums,
    /// Letters a minute.
    rate: Option<f64>,
    now: i64,
    stale_hours: u32,
}

impl Live {
    async fn of(site: &Site, row: CampaignRow) -> Result<Live, Fault> {
        let sum = TouchSums::of(&row.counts, None);
        let now = site.app.now();
        let rate = site.drawings.rate(row.stored.id, now, sum.sent + sum.failed);
        let (stored, steps, stale_hours) = site
            .ask(move |app| {
                let steps = app.step_progress(&row)?;
                Ok((row.stored, steps, app.settings()?.stale_hours))
            })
            .await?;
        Ok(Live { stored, steps, sum, rate, now, stale_hours })
    }

    fn id(&self) -> i64 {
        self.stored.id
    }

    fn runs(&self) -> bool {
        self.stored.state == CampaignState::Approved
    }

    fn state(&self) -> CampaignState {
        self.stored.state
    }

    fn touches_href(&self, state: &str, step: Option<usize>) -> String {
        let step = step.map_or(String::new(), |n| format!("&step={n}"));
        format!("/campaigns/{}/touches?state={state}{step}", self.stored.id)
    }

    fn step_href(&self, state: &str, step: &usize) -> String {
        self.touches_href(state, Some(*step))
    }

    fn all_href(&self, state: &str) -> String {
        self.touches_href(state, None)
    }

    fn bar(&self, of: &TouchSums, step: Option<usize>, s: &Shell) -> String {
        let part = |(state, size): (TouchState, u64)| Part {
            class: state.word(),
            label: format!("{} {}", s.t(state.ja(), state.en()), s.items(size, "letter")),
            href: self.touches_href(state.word(), step),
            size,
        };
        let parts: Vec<Part<'_>> = parts_of(of).into_iter().map(part).collect();
        match of.all() {
            0 => String::new(),
            _ => stack(s.t("接触の内訳", "How the letters stand"), &parts),
        }
    }

    /// What the colours of the bar mean, with their figures: class, Japanese, English, letters.
    fn keys(&self) -> Vec<(&'static str, &'static str, &'static str, u64)> {
        let key = |(state, n): (TouchState, u64)| (state.word(), state.ja(), state.en(), n);
        parts_of(&self.sum).into_iter().filter(|(_, n)| *n > 0).map(key).collect()
    }

    fn step_bar(&self, of: &StepProgress, n: &usize, s: &Shell) -> String {
        self.bar(&of.sums, Some(*n), s)
    }

    fn whole_bar(&self, s: &Shell) -> String {
        self.bar(&self.sum, None, s)
    }

    /// The next thing that happens, in a sentence.
    fn next(&self, s: &Shell) -> String {
        let next = self.steps.iter().find(|step| !step.made);
        let open = self.sum.queued + self.sum.under_way;
        match (next.and_then(|step| Some((&step.name, step.due?))), s.lang) {
            _ if open > 0 => self.pace(open, s),
            (Some((name, due)), Lang::Ja) => format!("次は{}の「{name}」です。", s.moment(due)),
            (Some((name, due)), Lang::En) => format!("Next: '{name}', {}.", s.moment(due)),
            (None, Lang::Ja) => "すべてのステップを終えました。".to_owned(),
            (None, Lang::En) => "Every step is through.".to_owned(),
        }
    }

    /// 毎分1,200通、残り約3分。
    fn pace(&self, open: u64, s: &Shell) -> String {
        let waiting = s.n(open);
        match (self.rate, s.lang) {
            (Some(rate), Lang::Ja) => format!(
                "残り{waiting}通を、毎分{}通でお送りしています(あと約{})。",
                s.n(rate.round() as i64),
                s.lasting((open as f64 / rate * 60.0).ceil() as i64)
            ),
            (Some(rate), Lang::En) => format!(
                "{waiting} to go, {} a minute (about {} left).",
                s.n(rate.round() as i64),
                s.lasting((open as f64 / rate * 60.0).ceil() as i64)
            ),
            (None, Lang::Ja) => format!("{waiting}通が順番を待っています。"),
            (None, Lang::En) => format!("{waiting} wait in line."),
        }
    }

    /// People of a step who did this, as heard.
    fn heard(&self, step: &StepProgress, kind: &str) -> u64 {
        let kind = ResponseKind::from_word(kind);
        step.heard.iter().filter(|h| Some(h.kind) == kind).map(|h| h.people).sum()
    }

    fn tracks(&self) -> bool {
        self.stored.campaign.tracking.clicks
    }

    /// Why nothing fires although it is approved.
    fn waits(&self, s: &Shell) -> String {
        match (self.stored.waits.as_str(), s.lang) {
            ("late", Lang::Ja) => format!(
                "予定の時刻を{}時間より長く過ぎたため、送らずにお待ちしています。いま送ってもよい内容か、ご確認ください。",
                self.stored.campaign.late_hours
            ),
            ("late", Lang::En) => format!(
                "A step came due more than {} hours late and asks before it fires. Is it still right to send?",
                self.stored.campaign.late_hours
            ),
            ("stale", Lang::Ja) => format!(
                "注文の取込が{}時間より前のため止めています。ご注文済みの方に届かないよう、取込が終わると自動で再開します。",
                self.stale_hours
            ),
            ("stale", Lang::En) => format!(
                "The newest import of orders is more than {} hours old. It goes on by itself after the next import.",
                self.stale_hours
            ),
            (rule, _) => rule_in_words(rule, s),
        }
    }
}

/// How many letters stand where, in the order in which they are drawn.
fn parts_of(of: &TouchSums) -> [(TouchState, u64); 6] {
    [
        (TouchState::Sent, of.sent),
        (TouchState::Attempted, of.under_way),
        (TouchState::Queued, of.queued),
        (TouchState::InDoubt, of.in_doubt),
        (TouchState::Failed, of.failed),
        (TouchState::Skipped, of.skipped),
    ]
}

/// The editor of a draft, the sending page of what is approved.
pub async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let row = find(&site, id).await?;
    if is_draft(row.stored.state) {
        return editor::open(&site, s, row.stored).await;
    }
    let head = Head::of(&row.stored, "");
    let known = row.clone();
    let steps = site.ask(move |app| app.campaign_path(&known)).await?;
    let picture = super::steps::picture(&head, &steps, &s);
    let live = Live::of(&site, row).await?;
    let campaign = live.stored.campaign.clone();
    let (log, drafted, held, shut) = site
        .ask(move |app| {
            let shut = app.shut_channels(&campaign)?;
            Ok((app.campaign_log(id)?, app.drafted(id)?, app.held()?.is_some(), shut))
        })
        .await?;
    render(&Page { s, head, live, log, drafted, held, shut, picture })
}

impl Page {
    /// Why a channel is shut, in the page's language.
    fn why_shut<'a>(&self, why: &'a str) -> &'a str {
        let (ja, en) = why.split_once(" / ").unwrap_or((why, why));
        self.s.t(ja, en)
    }

    /// What was done, as people say it.
    fn said(&self, row: &LogRow) -> (&'static str, &'static str) {
        match row.what.as_str() {
            "made" => ("下書きを作成", "made"),
            "changed" => ("内容を変更", "changed"),
            "seconding" => ("一人目の承認", "first approval"),
            "approved" if row.note == "resumed" => ("再開", "resumed"),
            "approved" => ("承認", "approved"),
            "paused" => ("一時停止", "paused"),
            "cancelled" => ("中止", "cancelled"),
            "held" => ("待機", "held"),
            "released" => ("待機を解除", "released"),
            "finished" => ("配信完了", "finished"),
            _ => ("記録", "noted"),
        }
    }

    fn note(&self, row: &LogRow) -> String {
        match row.what.as_str() {
            "held" => match row.note.as_str() {
                "late" => self.s.t("予定より遅れたため", "late").to_owned(),
                "stale" => self.s.t("注文の取込が古いため", "orders are stale").to_owned(),
                rule => rule_in_words(rule, &self.s),
            },
            "approved" if row.note == "resumed" => String::new(),
            // Rules that pause by themselves say both languages, a slash between.
            _ => match row.note.split_once(" / ") {
                Some((ja, en)) => self.s.t(ja, en).to_owned(),
                None => row.note.clone(),
            },
        }
    }

    fn ends(&self) -> bool {
        matches!(self.head.state, CampaignState::Cancelled | CampaignState::Finished)
    }
}

async fn live(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let live = Live::of(&site, find(&site, id).await?).await?;
    let html = Fragment { s, live }.render().map_err(|e| Fault::Broken(e.into()))?;
    Ok(Html(html).into_response())
}

async fn pause(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let (by, why) = (signed(&fields)?, field(&fields, "why").to_owned());
    let name = by.clone();
    let done = site.ask(move |app| app.pause_campaign(id, &name, &why)).await;
    done.map_err(refusal("一時停止できません", "It cannot be paused"))?;
    Ok(to(&format!("/campaigns/{id}"), "paused", "", Some(&by)))
}

async fn resume(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    let done = site.ask(move |app| app.resume_campaign(id, &name)).await;
    done.map_err(refusal("再開できません", "It cannot go on"))?;
    Ok(to(&format!("/campaigns/{id}"), "resumed", "", Some(&by)))
}

async fn cancel(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let (by, why) = (signed(&fields)?, field(&fields, "why").to_owned());
    let typed = field(&fields, "name").to_owned();
    let stored = find(&site, id).await?.stored;
    if typed != stored.campaign.name {
        return Err(Fault::bad(
            "中止は取り消せません。施策の名前をそのまま入れてください。",
            "A cancelled campaign does not come back. Type its name as it stands.",
        ));
    }
    let name = by.clone();
    let done = site.ask(move |app| app.cancel_campaign(id, &name, &why)).await;
    done.map_err(refusal("中止できません", "It cannot be cancelled"))?;
    Ok(to(&format!("/campaigns/{id}"), "cancelled", "", Some(&by)))
}

/// When a touch ended, was last tried, or is due.
pub(super) fn touch_when(row: &TouchRow, s: &Shell) -> String {
    s.moment(row.stored.settled.or(row.stored.attempted).unwrap_or(row.stored.touch.due))
}

/// Why it ended as it did: the rule, else the other side's own words.
pub(super) fn touch_why(row: &TouchRow, s: &Shell) -> String {
    match row.stored.rule.as_str() {
        "" => row.stored.said.clone(),
        "settled" => s.t("担当者が判断しました", "settled by an operator").to_owned(),
        "proven" => s.t("反応が届いて分かりました", "proven by a response").to_owned(),
        rule => rule_in_words(rule, s),
    }
}

#[derive(Template)]
#[template(path = "campaign_touches.html")]
struct Touches {
    s: Shell,
    head: Head,
    state: TouchState,
    step: Option<String>,
    steps: Vec<String>,
    rows: Vec<TouchRow>,
    next: Option<String>,
}

async fn touches(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let state = TouchState::from_word(s.query.get("state")).unwrap_or(TouchState::Sent);
    let step = s.query.number("step").and_then(|n| u16::try_from(n).ok());
    let after = s.query.number("after").unwrap_or(0);
    let rows = site.ask(move |app| app.touches(id, state, step, after, PER_PAGE)).await?;
    let last = rows.last().filter(|_| rows.len() == PER_PAGE).map(|r| r.stored.touch.id);
    let next = last.map(|after| s.query.with("after", &after.to_string()).on(&s.path));
    let steps: Vec<String> = stored.campaign.steps.iter().map(|s| s.name.clone()).collect();
    let step = step.and_then(|n| steps.get(usize::from(n)).cloned());
    render(&Touches { head: Head::of(&stored, ""), s, state, step, steps, rows, next })
}

impl Touches {
    fn name(&self, row: &TouchRow) -> String {
        shown(&row.name, row.person, &self.s)
    }

    fn step_of(&self, row: &TouchRow) -> &str {
        self.steps.get(usize::from(row.stored.touch.step)).map_or("", String::as_str)
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
