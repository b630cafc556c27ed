//! 施策: campaigns from the first word to the result, one step of the way per file.

mod ads;
mod answers;
mod approval;
mod codes;
mod doubts;
mod drawing;
mod editor;
mod form;
mod list;
mod plan;
mod preview;
mod result;
mod sending;
mod social;
mod steps;
mod why;

pub use drawing::Drawings;

use crate::fault::Fault;
use crate::query::encoded;
use crate::say::Lang;
use crate::shell::{Shell, remember};
use crate::site::Site;
use app::{CampaignRow, StoredCampaign};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::{Campaign, CampaignState};

pub fn routes() -> Router<Site> {
    Router::new()
        .merge(list::routes())
        .merge(editor::routes())
        .merge(preview::routes())
        .merge(plan::routes())
        .merge(ads::routes())
        .merge(codes::routes())
        .merge(answers::routes())
        .merge(approval::routes())
        .merge(sending::routes())
        .merge(steps::routes())
        .merge(social::routes())
        .merge(doubts::routes())
        .merge(result::routes())
        .merge(why::routes())
}

/// Rows of one page of a list.
const PER_PAGE: usize = 100;

/// What the head of every page of one campaign says.
struct Head {
    id: i64,
    name: String,
    state: CampaignState,
    tab: &'static str,
    /// One of its steps is shown by ads.
    ads: bool,
    /// It gives codes.
    codes: bool,
    /// It invites to something.
    invites: bool,
}

impl Head {
    fn of(stored: &StoredCampaign, tab: &'static str) -> Head {
        Head {
            id: stored.id,
            name: stored.campaign.name.clone(),
            state: stored.state,
            tab,
            ads: by_ads(&stored.campaign),
            codes: has_codes(&stored.campaign),
            invites: stored.campaign.occasion.is_some(),
        }
    }

    fn is_draft(&self) -> bool {
        is_draft(self.state)
    }

    /// Address, Japanese, English, whether it is this page.
    fn tabs(&self) -> Vec<(String, &'static str, &'static str, bool)> {
        let draft: &[(&str, &str, &str)] = &[
            ("", "編集", "Edit"),
            ("/steps", "流れ", "Steps"),
            ("/preview", "文面の確認", "Letters"),
            ("/plan", "プランと承認", "Plan and approval"),
            ("/social", "SNS", "Social media"),
            ("/text", "文書(TOML)", "Document (TOML)"),
        ];
        let frozen: &[(&str, &str, &str)] = &[
            ("", "配信", "Sending"),
            ("/steps", "流れ", "Steps"),
            ("/result", "結果", "Result"),
            ("/plan", "プラン", "Plan"),
            ("/preview", "文面", "Letters"),
            ("/why", "届いた理由", "Why"),
            ("/social", "SNS", "Social media"),
            ("/text", "文書(TOML)", "Document (TOML)"),
        ];
        let tabs = if self.is_draft() { draft } else { frozen };
        let own = [
            ("/codes", "コード", "Codes", self.codes),
            ("/answers", "出欠", "Answers", self.invites),
            ("/ads", "広告", "Ads", self.ads && !self.is_draft()),
        ];
        let own: Vec<(&str, &str, &str)> =
            own.into_iter().filter(|tab| tab.3).map(|(path, ja, en, _)| (path, ja, en)).collect();
        tabs.iter()
            .chain(&own)
            .map(|(path, ja, en)| (format!("/campaigns/{}{path}", self.id), *ja, *en, *path == self.tab))
            .collect()
    }
}

/// Whether a step goes out as an audience of an ad platform.
fn by_ads(campaign: &Campaign) -> bool {
    let by = |channel| channel == Some(model::Channel::Ads);
    let swapped = campaign.variants.iter().flat_map(|v| &v.changes).any(|change| by(change.channel));
    swapped || campaign.steps.iter().any(|s| by(s.channel) || s.else_channels.contains(&model::Channel::Ads))
}

/// Whether somebody gets a code by it.
fn has_codes(campaign: &Campaign) -> bool {
    let offered = campaign.offer.as_ref().is_some_and(|o| o.codes != model::Codes::None);
    let spoken = campaign.variants.iter().flat_map(|v| &v.changes).any(|c| c.code.is_some());
    offered || spoken || campaign.steps.iter().any(|s| !s.code.is_empty())
}

fn is_draft(state: CampaignState) -> bool {
    matches!(state, CampaignState::Draft | CampaignState::Seconding)
}

/// A campaign that exists.
async fn find(site: &Site, id: i64) -> Result<CampaignRow, Fault> {
    site.ask(move |app| app.campaign_if(id)).await?.ok_or(Fault::Missing)
}

/// What the use case refused, told as a refusal: the sentence of ours first, its reason after it.
fn refusal(ja: &'static str, en: &'static str) -> impl Fn(Fault) -> Fault {
    move |why| match why {
        Fault::Broken(e) => {
            Fault::Refused(StatusCode::BAD_REQUEST, format!("{ja}: {e:#}"), format!("{en}: {e:#}"))
        }
        other => other,
    }
}

/// Back to a page of a campaign, at a place of it.
fn to(path: &str, done: &str, place: &str, by: Option<&str>) -> Response {
    let place = if place.is_empty() { String::new() } else { format!("#{place}") };
    let mut response = Redirect::to(&format!("{path}?done={}{place}", encoded(done))).into_response();
    if let Some(by) = by.filter(|by| !by.is_empty()) {
        remember(&mut response, "operator", by);
    }
    response
}

/// Whom a campaign is for, in words; a condition is shown beside them as it is written.
fn whom_words(campaign: &Campaign, lang: Lang) -> String {
    let whom = &campaign.whom;
    let mut parts = Vec::new();
    if !whom.reached_by.is_empty() {
        parts.push(match lang {
            Lang::Ja => format!("「{}」が届いた方", whom.reached_by),
            Lang::En => format!("reached by '{}'", whom.reached_by),
        });
    }
    if !whom.segment.is_empty() {
        parts.push(whom.segment.clone());
    }
    if parts.is_empty() && !whom.condition.is_empty() {
        parts.push(lang.t("条件に合う方", "those who meet the condition").to_owned());
    }
    if parts.is_empty() {
        parts.push(lang.t("すべての顧客", "every customer").to_owned());
    }
    if let Some(top) = whom.top {
        parts.push(match lang {
            Lang::Ja => format!("上位{}", lang.people(top)),
            Lang::En => format!("the best {}", lang.n(top)),
        });
    }
    if !whom.left_for.is_empty() {
        parts.push(lang.t("休眠理由が合う方", "quiet for the reasons chosen").to_owned());
    }
    if whom.paying {
        parts.push(lang.t("費用に見合う方", "worth the cost").to_owned());
    }
    parts.join(lang.t("、", ", "))
}

/// The list of the customers whom the words of a document find.
fn whom_href(campaign: &Campaign) -> String {
    let whom = &campaign.whom;
    let pairs = [("segment", &whom.segment), ("where", &whom.condition)];
    let kept = pairs.into_iter().map(|(n, v)| (n.to_owned(), v.clone()));
    crate::query::Query(kept.collect()).without(&[]).on("/customers")
}

/// A rule's own sentence in the reader's language.
fn rule_in_words(rule: &str, s: &Shell) -> String {
    let (ja, en) = app::rule_words(rule);
    s.t(&ja, &en).to_owned()
}

/// A name as a page shows it; a number where there is none.
pub fn shown(name: &str, person: i64, s: &Shell) -> String {
    let name = crate::say::visible(name);
    match name.is_empty() {
        false => s.t(&format!("{name} 様"), &name).to_owned(),
        true => format!("{} {person}", s.t("顧客", "Customer")),
    }
}
