//! Letters as twenty real customers would get them, and tries on the shop's own mailboxes.

use super::{Head, find, refusal, shown, to};
use crate::fault::Fault;
use crate::pages::{Fields, field};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{Preview, Remark, RemarkLevel};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use model::{Channel, Money};
use std::collections::BTreeMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/preview", get(show))
        .route("/campaigns/{id}/letters/{step}/{variant}/{customer}", get(letter))
        .route("/campaigns/{id}/try", post(attempt))
}

/// Customers looked at together.
const MANY: usize = 20;

/// A letter brings its own style and nothing else: no script, no form, no request, in a frame of ours.
pub const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
frame-ancestors 'self'; base-uri 'none'; form-action 'none'";
/// The page around them may show frames of ours.
const FRAMES_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "campaign_preview.html")]
struct Page {
    s: Shell,
    head: Head,
    steps: Vec<String>,
    variants: Vec<String>,
    step: usize,
    variant: usize,
    found: Result<Vec<Preview>, String>,
    own: String,
    channel: Channel,
    currency: String,
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let head = Head::of(&stored, "/preview");
    let campaign = stored.campaign;
    let within = |name: &str, many: usize| {
        s.query.number(name).and_then(|n| usize::try_from(n).ok()).unwrap_or(0).min(many.saturating_sub(1))
    };
    let (step, variant) = (within("step", campaign.steps.len()), within("variant", campaign.variants.len()));
    let steps: Vec<String> = campaign.steps.iter().map(|s| s.name.clone()).collect();
    let variants = campaign.variants.iter().map(|v| v.name.clone()).collect();
    let channel = campaign.steps.get(step).and_then(|s| s.channel).unwrap_or(Channel::Mail);
    let (found, own, currency) = site
        .ask(move |app| {
            let settings = app.settings()?;
            let own = match channel {
                Channel::Sms => settings.sms.test_numbers,
                Channel::Line => settings.line.test_ids,
                _ => settings.test_addresses,
            };
            let found = match campaign.steps.is_empty() {
                true => Ok(vec![]),
                false => app.preview(&campaign, step, variant, MANY).map_err(|why| format!("{why:#}")),
            };
            Ok((found, own, settings.currency))
        })
        .await?;
    let mut answer =
        render(&Page { s, head, steps, variants, step, variant, found, own, channel, currency })?;
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMES_POLICY));
    Ok(answer)
}

impl Page {
    fn name(&self, p: &Preview) -> String {
        shown(&p.name, p.customer, &self.s)
    }

    fn here(&self, step: usize, variant: usize) -> String {
        format!("/campaigns/{}/preview?step={step}&variant={variant}", self.head.id)
    }

    /// Whether it is read in a bubble on a telephone.
    fn brief(&self) -> bool {
        matches!(self.channel, Channel::Sms | Channel::Line)
    }

    /// Whether it is printed.
    fn on_paper(&self) -> bool {
        self.channel == Channel::Post
    }

    fn paper_href(&self, p: &Preview) -> String {
        self.all_on_paper(std::slice::from_ref(p))
    }

    /// These pieces as they will print.
    fn all_on_paper(&self, previews: &[Preview]) -> String {
        let people: Vec<String> = previews.iter().map(|p| p.customer.to_string()).collect();
        format!("/post/preview/{}/{}/{}?people={}", self.head.id, self.step, self.variant, people.join(","))
    }

    /// The setting that names whom it is tried on.
    fn own_key(&self) -> &'static str {
        match self.channel {
            Channel::Sms => "sms.test_numbers",
            Channel::Line => "line.test_ids",
            _ => "test_addresses",
        }
    }

    /// Characters, parts and price of an SMS.
    fn size(&self, p: &Preview) -> Option<String> {
        let size = p.size?;
        let price = i64::try_from(size.price).unwrap_or(i64::MAX);
        let said = [
            self.s.items(size.units, "character"),
            format!("{} {}", self.s.n(size.parts), self.s.t("通分", "charged")),
            self.s.money(Money(price), &self.currency),
        ];
        let shown = if price > 0 { &said[..] } else { &said[..2] };
        Some(shown.join(" · "))
    }

    fn step_href(&self, step: usize) -> String {
        self.here(step, self.variant)
    }

    fn variant_href(&self, variant: usize) -> String {
        self.here(self.step, variant)
    }

    fn letter_href(&self, p: &Preview) -> String {
        format!("/campaigns/{}/letters/{}/{}/{}", self.head.id, self.step, self.variant, p.customer)
    }

    fn is(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    /// Remarks on the letters as they read, each once, with how many of them it is about.
    fn remarks<'a>(&self, found: &'a [Preview]) -> Vec<(&'a Remark, usize)> {
        let mut all: BTreeMap<(RemarkLevel, &str, &str), (&Remark, usize)> = BTreeMap::new();
        for remark in found.iter().flat_map(|p| &p.remarks) {
            all.entry((remark.level, remark.rule, remark.ja.as_str())).or_insert((remark, 0)).1 += 1;
        }
        all.into_values().collect()
    }

    /// How many of them cannot be printed.
    fn failing(&self, found: &[Preview]) -> usize {
        found.iter().filter(|p| p.letter.is_err()).count()
    }

    fn blocks(&self, remark: &Remark) -> bool {
        remark.level == RemarkLevel::Block
    }
}

/// One letter as it would arrive, for a frame.
async fn letter(
    With(site): With<Site>,
    Path((id, step, variant, customer)): Path<(i64, usize, usize, i64)>,
) -> Result<Response, Fault> {
    let campaign = find(&site, id).await?.stored.campaign;
    if step >= campaign.steps.len() {
        return Err(Fault::Missing);
    }
    let made = site.ask(move |app| app.preview_for(&campaign, step, variant, &[customer])).await?.pop();
    let html = made.and_then(|p| p.letter.ok()).ok_or(Fault::Missing)?.html;
    Ok(([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY)], Html(html)).into_response())
}

/// Sends a letter to the shop's own mailboxes.
async fn attempt(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let campaign = find(&site, id).await?.stored.campaign;
    let number = |name: &str| field(&fields, name).parse::<usize>().unwrap_or(0);
    let (step, variant) = (number("step"), number("variant"));
    let customer: i64 = field(&fields, "customer").parse().unwrap_or(0);
    let tried = site
        .ask(move |app| app.try_letter(&campaign, step, variant, customer))
        .await
        .map_err(refusal("お試しの送信ができません", "The letter cannot be tried"))?;
    if let Some(refused) = tried.iter().find(|t| !t.accepted) {
        return Err(Fault::bad(
            format!("{} に届きませんでした: {}", refused.to, refused.said),
            format!("{} refused it: {}", refused.to, refused.said),
        ));
    }
    Ok(to(&format!("/campaigns/{id}/preview"), "tried", "", None))
}
