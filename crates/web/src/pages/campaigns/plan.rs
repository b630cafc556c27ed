//! The plan: who gets it, who is held out, who is skipped and why, what it costs and can show.

use super::approval::Approval;
use super::drawing::Drawn;
use super::{Head, PER_PAGE, find, is_draft, rule_in_words, shown};
use crate::fault::Fault;
use crate::pictures::{Part, bar, stack};
use crate::query::encoded;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{Chosen, Drafted};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse, Json, Redirect, Response};
use axum::routing::get;
use model::Arm;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/plan", get(show).post(draw))
        .route("/campaigns/{id}/plan/progress", get(progress))
        .route("/campaigns/{id}/plan/people", get(people))
}

#[derive(Template)]
#[template(path = "campaign_plan.html")]
struct Page {
    s: Shell,
    head: Head,
    whom: String,
    condition: String,
    drafted: Option<Drafted>,
    /// Seconds since the drawing began that runs now.
    running: Option<i64>,
    failed: Option<String>,
    approval: Option<Approval>,
    approved: Option<(String, i64)>,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let row = find(&site, id).await?;
    let stored = row.stored.clone();
    let drawn = site.drawings.of(id);
    let running = match drawn {
        Some(Drawn::Running(since)) => Some(site.app.now() - since),
        _ => None,
    };
    let failed = match drawn {
        Some(Drawn::Failed(why)) => Some(why),
        _ => None,
    };
    let (drafted, approval) = site
        .ask(move |app| {
            let Some(drafted) = app.drafted(id)? else { return Ok((None, None)) };
            let open = is_draft(row.stored.state) && running.is_none();
            let approval = if open { Some(Approval::of(app, &row, &drafted)?) } else { None };
            Ok((Some(drafted), approval))
        })
        .await?;
    render(&Page {
        head: Head::of(&stored, "/plan"),
        whom: super::whom_words(&stored.campaign, s.lang),
        condition: stored.campaign.whom.condition.clone(),
        approved: stored.approved.clone(),
        s,
        drafted,
        running,
        failed,
        approval,
    })
}

impl Page {
    fn people_href(&self, arm: Arm, rule: &str) -> String {
        let rule = if rule.is_empty() { String::new() } else { format!("&rule={}", encoded(rule)) };
        format!("/campaigns/{}/plan/people?arm={}{rule}", self.head.id, arm.word())
    }

    fn treated_href(&self) -> String {
        self.people_href(Arm::Treated, "")
    }

    fn holdout_href(&self) -> String {
        self.people_href(Arm::Holdout, "")
    }

    fn skipped_href(&self, rule: &str) -> String {
        self.people_href(Arm::Skipped, rule)
    }

    fn skipped(&self, d: &Drafted) -> u64 {
        d.forecast.skipped.iter().map(|(_, n, ..)| n).sum()
    }

    /// Everybody whom the segment found, as one bar.
    fn bar(&self, d: &Drafted) -> String {
        let part = |arm: Arm, size: u64| Part {
            class: arm.word(),
            label: format!("{} {}", self.s.t(arm.ja(), arm.en()), self.s.people(size)),
            href: self.people_href(arm, ""),
            size,
        };
        let f = &d.forecast;
        let parts = [
            part(Arm::Treated, f.treated),
            part(Arm::Holdout, f.holdout),
            part(Arm::Skipped, self.skipped(d)),
        ];
        stack(self.s.t("条件に合う方の内訳", "Whom the words find"), &parts)
    }

    fn share(&self, n: &u64, d: &Drafted) -> String {
        bar(*n, d.forecast.found, "fill")
    }

    fn rule_words<'a>(&self, rule: &'a str, ja: &'a str, en: &'a str) -> String {
        match ja.is_empty() {
            true => rule_in_words(rule, &self.s),
            false => self.s.t(ja, en).to_owned(),
        }
    }

    fn about(&self, (value, ..): &(f64, f64, f64)) -> String {
        self.s.people(value.round() as i64)
    }

    /// 95%の幅 20〜51人
    fn interval(&self, (_, low, high): &(f64, f64, f64)) -> String {
        let n = |x: &f64| self.s.n(x.round() as i64);
        match self.s.lang {
            crate::say::Lang::Ja => format!("95%の幅 {}〜{}人", n(low), n(high)),
            crate::say::Lang::En => format!("95%: {} to {}", n(low), n(high)),
        }
    }

    /// Two figures are enough for a size: 約510,000人.
    fn roughly(&self, n: &u64) -> String {
        let step = 10_u64.pow((*n).max(1).ilog10().saturating_sub(1));
        format!("{}{}", self.s.t("約", "about "), self.s.people(n.div_ceil(step) * step))
    }

    fn points(&self, lift: &f64) -> String {
        format!("{:.2}{}", lift * 100.0, self.s.t("ポイント", " points"))
    }

    fn sayings<'a>(&self, d: &'a Drafted) -> &'a [String] {
        match self.s.lang {
            crate::say::Lang::Ja => &d.forecast.ja,
            crate::say::Lang::En => &d.forecast.en,
        }
    }
}

async fn draw(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    if !is_draft(stored.state) {
        return Err(Fault::bad(
            "承認した施策のプランは引き直せません。",
            "An approved campaign keeps its plan.",
        ));
    }
    let drawings = site.drawings.clone();
    site.ask(move |app| Ok(drawings.begin(app, id))).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}/plan")).into_response())
}

/// For the script: whether the drawing still runs.
async fn progress(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let (step, words) = match site.drawings.of(id) {
        Some(Drawn::Running(since)) => ("drawing", lasted(&s, site.app.now() - since)),
        _ => ("drawn", String::new()),
    };
    Ok(Json(serde_json::json!({ "step": step, "share": null, "words": words })).into_response())
}

fn lasted(s: &Shell, seconds: i64) -> String {
    match s.lang {
        crate::say::Lang::Ja => {
            format!(
                "お一人ずつ規則に照らし、くじを引いています({}経過、100万人でも30秒ほど)",
                s.lasting(seconds)
            )
        }
        crate::say::Lang::En => format!(
            "Asking every rule of everybody and drawing lots ({} so far; a million take about 30 s)",
            s.lasting(seconds)
        ),
    }
}

#[derive(Template)]
#[template(path = "campaign_people.html")]
struct People {
    s: Shell,
    head: Head,
    arm: Option<Arm>,
    rule: String,
    rows: Vec<Chosen>,
    next: Option<String>,
    variants: Vec<String>,
}

async fn people(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let arm = Arm::from_word(s.query.get("arm"));
    let (rule, after) = (s.query.get("rule").to_owned(), s.query.number("after").unwrap_or(0));
    let asked = rule.clone();
    let rows = site.ask(move |app| app.chosen(id, arm, &asked, after, PER_PAGE)).await?;
    let last = rows.last().filter(|_| rows.len() == PER_PAGE).map(|r| r.customer);
    let next = last.map(|after| s.query.with("after", &after.to_string()).on(&s.path));
    let variants = stored.campaign.variants.iter().map(|v| v.name.clone()).collect();
    render(&People { head: Head::of(&stored, "/plan"), s, arm, rule, rows, next, variants })
}

impl People {
    fn title(&self) -> String {
        match self.arm {
            Some(Arm::Skipped) if !self.rule.is_empty() => rule_in_words(&self.rule, &self.s),
            Some(arm) => self.s.t(arm.ja(), arm.en()).to_owned(),
            None => self.s.t("条件に合う方", "Everybody the words find").to_owned(),
        }
    }

    fn name(&self, row: &Chosen) -> String {
        shown(&row.name, row.person, &self.s)
    }

    fn why(&self, row: &Chosen) -> String {
        match row.rule.is_empty() {
            true => self.variants.get(usize::from(row.variant)).cloned().unwrap_or_default(),
            false => rule_in_words(&row.rule, &self.s),
        }
    }

    fn why_href(&self, row: &Chosen) -> String {
        format!("/campaigns/{}/why?customer={}", self.head.id, row.person)
    }
}
