//! Who the sender is and how mail leaves, as forms: what is wrong stands beside its field.

use super::automatic::AUTOMATIC;
use super::fields::{Field, Group, Kind, MAIL, SENDER, Sheet};
use super::gateways::GATEWAYS;
use super::inbox::INBOX;
use super::post::POST;
use super::visits::VISITS;
use crate::fault::Fault;
use crate::pages::{Fields, back};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{App, Finding, RULES, RuleInfo, SecretKept, SettingFault, Settings};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use std::collections::HashMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route(SENDER.path, get(async |site, s| show(site, s, &SENDER).await).post(save_sender))
        .route(MAIL.path, get(async |site, s| show(site, s, &MAIL).await).post(save_mail))
        .route(GATEWAYS.path, get(async |site, s| show(site, s, &GATEWAYS).await).post(save_gateways))
        .route(POST.path, get(async |site, s| show(site, s, &POST).await).post(save_post))
        .route(INBOX.path, get(async |site, s| show(site, s, &INBOX).await).post(save_inbox))
        .route(AUTOMATIC.path, get(async |site, s| show(site, s, &AUTOMATIC).await).post(save_automatic))
        .route(VISITS.path, get(async |site, s| show(site, s, &VISITS).await).post(save_visits))
        .route("/settings/mail/dns", post(look_up))
}

#[derive(Template)]
#[template(path = "settings_sheet.html")]
struct Page {
    s: Shell,
    sheet: &'static Sheet,
    /// As kept, or as just typed.
    typed: HashMap<&'static str, String>,
    wrong: Vec<SettingFault>,
    /// The sender's domain as it is kept.
    domain: String,
    secrets: Vec<SecretKept>,
    /// What DNS says of the domain, where that was just asked.
    dns: Option<Vec<Finding>>,
}

impl Sheet {
    fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.groups.iter().flat_map(|group| group.fields)
    }

    fn typed(&self, settings: &Settings) -> HashMap<&'static str, String> {
        self.fields().map(|field| (field.key, settings.typed(field.key))).collect()
    }
}

/// How many of a page's needed fields are empty.
pub fn missing(sheet: &Sheet, settings: &Settings) -> usize {
    sheet.fields().filter(|field| field.needed && settings.typed(field.key).is_empty()).count()
}

impl Page {
    fn of(app: &App, s: Shell, sheet: &'static Sheet) -> anyhow::Result<Page> {
        let settings = app.settings()?;
        Ok(Page {
            s,
            sheet,
            typed: sheet.typed(&settings),
            wrong: vec![],
            domain: settings.sending.domain().to_owned(),
            secrets: app.secrets_kept(),
            dns: None,
        })
    }

    fn v(&self, field: &Field) -> &str {
        self.typed.get(field.key).map_or("", String::as_str)
    }

    fn wrong(&self, field: &Field) -> Option<&SettingFault> {
        self.wrong.iter().find(|fault| fault.key == field.key)
    }

    fn mistaken(&self) -> Vec<&'static Field> {
        self.sheet.fields().filter(|field| self.wrong(field).is_some()).collect()
    }

    /// What is wrong with settings that this page does not show.
    fn elsewhere(&self) -> Vec<&SettingFault> {
        self.wrong.iter().filter(|fault| self.sheet.fields().all(|field| field.key != fault.key)).collect()
    }

    fn missing(&self) -> Vec<&'static Field> {
        self.sheet.fields().filter(|field| field.needed && self.v(field).is_empty()).collect()
    }

    fn open(&self, group: &Group) -> bool {
        !group.folded || group.fields.iter().any(|f| !self.v(f).is_empty() || self.wrong(f).is_some())
    }

    /// The id of its place on the page.
    fn id(&self, field: &Field) -> String {
        field.key.replace('.', "-")
    }

    /// What describes it to whoever cannot see the page.
    fn by(&self, field: &Field) -> String {
        let id = self.id(field);
        if self.wrong(field).is_some() { format!("{id}-hint {id}-wrong") } else { format!("{id}-hint") }
    }

    fn is_mail(&self) -> bool {
        self.sheet.path == MAIL.path
    }

    /// The rules that the page names, with what they say.
    fn rules(&self) -> impl Iterator<Item = &'static RuleInfo> {
        let named = self.sheet.fields().flat_map(|field| field.rules).collect::<Vec<_>>();
        RULES.iter().filter(move |rule| named.iter().any(|id| **id == rule.id))
    }

    fn secrets(&self) -> impl Iterator<Item = (&'static str, &SecretKept)> {
        let said = |key: &str| self.sheet.secrets.iter().find(|(known, ..)| *known == key);
        self.secrets.iter().filter_map(move |kept| said(kept.key).map(|(_, ja, en)| (self.s.t(ja, en), kept)))
    }

    /// A finding's words, and the line to publish that may follow them.
    fn parts<'a>(&self, found: &'a Finding) -> (&'a str, &'a str) {
        let text = self.s.t(found.ja.as_str(), found.en.as_str());
        text.split_once('\n').map_or((text, ""), |(words, line)| (words, line.trim()))
    }

    fn level(&self, found: &Finding) -> (&'static str, &'static str) {
        super::level(&self.s, found.level)
    }
}

async fn show(With(site): With<Site>, s: Shell, sheet: &'static Sheet) -> Result<Response, Fault> {
    render(&site.ask(move |app| Page::of(app, s, sheet)).await?)
}

async fn save_sender(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &SENDER).await
}

async fn save_mail(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &MAIL).await
}

async fn save_gateways(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &GATEWAYS).await
}

async fn save_post(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &POST).await
}

async fn save_inbox(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &INBOX).await
}

async fn save_automatic(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &AUTOMATIC).await
}

async fn save_visits(site: With<Site>, s: Shell, fields: Fields) -> Result<Response, Fault> {
    save(site, s, fields, &VISITS).await
}

async fn save(
    With(site): With<Site>,
    s: Shell,
    Form(sent): Fields,
    sheet: &'static Sheet,
) -> Result<Response, Fault> {
    let wrong = site.ask(move |app| keep(app, s, sheet, &sent)).await?;
    match wrong {
        None => Ok(back(sheet.path, "settings", None)),
        Some(page) => {
            let mut answer = render(&page)?;
            *answer.status_mut() = StatusCode::BAD_REQUEST;
            Ok(answer)
        }
    }
}

/// Keeps what the form says and leaves all else alone; the page with what is wrong, where anything is.
fn keep(
    app: &App,
    s: Shell,
    sheet: &'static Sheet,
    sent: &HashMap<String, String>,
) -> anyhow::Result<Option<Page>> {
    let mut page = Page::of(app, s, sheet)?;
    let mut settings = app.settings()?;
    for field in sheet.fields() {
        // A field that a form does not hold stays as it is.
        let Some(text) = sent.get(field.key) else { continue };
        let text = text.replace("\r\n", "\n").trim().to_owned();
        page.wrong.extend(settings.put(field.key, &text).err());
        page.typed.insert(field.key, text);
    }
    // One remark for each field: what cannot be read is not judged as well.
    for fault in settings.faults() {
        if page.wrong.iter().all(|known| known.key != fault.key) {
            page.wrong.push(fault);
        }
    }
    if page.wrong.is_empty() {
        app.set_settings(&settings)?;
        return Ok(None);
    }
    Ok(Some(page))
}

/// Asks DNS what it says of the sender's domain.
async fn look_up(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let page = site.ask(move |app| {
        let mut page = Page::of(app, s, &MAIL)?;
        if !page.domain.is_empty() {
            page.dns = Some(app.doctor_mail(&page.domain)?);
        }
        Ok(page)
    });
    render(&page.await?)
}
