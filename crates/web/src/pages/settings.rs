//! 設定: what the shop has decided about itself.

mod automatic;
mod fields;
mod gateways;
mod inbox;
mod post;
mod sheet;
mod visits;

use super::{Fields, back, field};
use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{Finding, Level, Settings};
use askama::Template;
use automatic::AUTOMATIC;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use fields::{MAIL, SENDER, Sheet};
use gateways::GATEWAYS;
use inbox::INBOX;
use model::SpendRule;
use post::POST;
use visits::VISITS;

pub fn routes() -> Router<Site> {
    Router::new().route("/settings", get(show).post(save)).merge(sheet::routes())
}

const SPENDS: [(&str, &str, &str, SpendRule); 3] = [
    (
        "paid",
        "支払額(税込・送料込・ポイント値引後)",
        "what was paid (tax, shipping, after points)",
        SpendRule::Paid,
    ),
    ("goods", "商品小計", "goods only", SpendRule::Goods),
    ("before_points", "支払額+使ったポイント", "what was paid plus points used", SpendRule::BeforePoints),
];

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    s: Shell,
    now: Settings,
    findings: Vec<Finding>,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (now, findings) = site.ask(|app| Ok((app.settings()?, app.doctor()?))).await?;
    render(&Page { s, now, findings })
}

impl Page {
    fn spends(&self) -> Vec<(&'static str, &'static str, bool)> {
        SPENDS.iter().map(|(word, ja, en, rule)| (*word, self.s.t(ja, en), *rule == self.now.spend)).collect()
    }

    /// The pages of the sender, of mail, of SMS and LINE, of post, and of what runs by itself.
    fn sheets(&self) -> [&'static Sheet; 7] {
        [&SENDER, &MAIL, &GATEWAYS, &POST, &AUTOMATIC, &VISITS, &INBOX]
    }

    fn missing(&self, sheet: &Sheet) -> usize {
        sheet::missing(sheet, &self.now)
    }

    fn level(&self, found: &Finding) -> (&'static str, &'static str) {
        level(&self.s, found.level)
    }
}

/// The class and the word of a finding.
fn level(s: &Shell, level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Good => ("good", s.t("良好", "good")),
        Level::Note => ("note", s.t("ご確認", "note")),
        Level::Problem => ("problem", s.t("要対応", "problem")),
    }
}

async fn save(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let spend = SPENDS.iter().find(|s| s.0 == field(&fields, "spend")).map_or(SpendRule::Paid, |s| s.3);
    change(&site, move |now| Settings {
        shop: field(&fields, "shop").to_owned(),
        zone: field(&fields, "zone").to_owned(),
        currency: field(&fields, "currency").to_owned(),
        spend,
        pending_counts: fields.contains_key("pending_counts"),
        zero_counts: fields.contains_key("zero_counts"),
        ..now
    })
    .await?;
    Ok(back("/settings", "settings", None))
}

/// Saves what `to` makes of the settings in force; what it leaves alone stays.
pub async fn change(
    site: &Site,
    to: impl FnOnce(Settings) -> Settings + Send + 'static,
) -> Result<(), Fault> {
    site.ask(move |app| app.set_settings(&to(app.settings()?))).await.map_err(|why| match why {
        Fault::Broken(e) => Fault::Refused(
            StatusCode::BAD_REQUEST,
            format!("設定を保存できません: {e:#}"),
            format!("The settings cannot be saved: {e:#}"),
        ),
        other => other,
    })
}
