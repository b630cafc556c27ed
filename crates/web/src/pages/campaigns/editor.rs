//! The editor of a draft: the letter's own order, with counts and remarks beside it while one types.

use super::form::{Form, LEFT_FOR, Wrong, act, document};
use super::{Head, find, is_draft, refusal, to, whom_href};
use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{App, Checked, LeftFor, Remark, RemarkLevel, StoredCampaign};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Sent, Path, State as With};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::{Campaign, Channel, Codes, Happened, OfferKind, Saying, StepKind};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}", get(super::sending::show).post(save))
        .route("/campaigns/{id}/check", post(check))
        .route("/campaigns/{id}/text", get(text).post(save_text))
        .route("/campaigns/{id}/drop", post(drop_draft))
}

type Pairs = Sent<Vec<(String, String)>>;

/// What the house says of a document.
pub struct Looked {
    /// How many the words find, and where they are listed.
    found: Result<(u64, String), Fault>,
    /// By which channel how many are best written to (M100).
    advice: Option<Saying>,
    remarks: Vec<Shown>,
    wrong: Vec<Wrong>,
}

/// One remark, with its place and the way out.
struct Shown {
    level: RemarkLevel,
    rule: String,
    step: String,
    ja: String,
    en: String,
    found: Vec<String>,
    href: String,
}

impl Looked {
    fn at(app: &App, id: i64, campaign: &Campaign, wrong: Vec<Wrong>) -> anyhow::Result<Looked> {
        let found = app.count_whom(campaign).map(|n| (n, whom_href(campaign))).map_err(Fault::from);
        let advice = found.is_ok().then(|| app.advise_campaign(campaign)).transpose()?.map(|a| a.says);
        let checked = app.check_campaign(campaign)?;
        Ok(Looked { found, advice, remarks: shown(id, campaign, checked), wrong })
    }

    pub fn blocks(&self) -> usize {
        self.remarks.iter().filter(|r| r.level == RemarkLevel::Block).count() + self.wrong.len()
    }

    fn others(&self) -> usize {
        self.remarks.iter().filter(|r| r.level != RemarkLevel::Block).count()
    }
}

/// Remarks in the order of their gravity; what cannot be printed first.
fn shown(id: i64, campaign: &Campaign, checked: Checked) -> Vec<Shown> {
    let broken = checked.broken.into_iter().map(|b| Shown {
        level: RemarkLevel::Block,
        rule: b.rule.to_owned(),
        href: format!(
            "/campaigns/{id}#{}",
            place(campaign, &b.step, if b.step.is_empty() { "whom" } else { "body" })
        ),
        step: b.step,
        ja: b.ja,
        en: b.en,
        found: vec![],
    });
    let remarks = checked.remarks.into_iter().map(|r: Remark| {
        let step = r.step.unwrap_or_default();
        Shown {
            level: r.level,
            rule: r.rule.to_owned(),
            href: way(id, campaign, &step, r.field),
            step,
            ja: r.ja,
            en: r.en,
            found: r.found,
        }
    });
    let mut all: Vec<Shown> = broken.chain(remarks).collect();
    all.sort_by_key(|r| r.level);
    all
}

/// Where a remark is mended: a field of the form, or the shop's settings.
fn way(id: i64, campaign: &Campaign, step: &str, field: &str) -> String {
    match field {
        "from_address" => "/settings/mail#sending-from".to_owned(),
        "reply_to" => "/settings/mail#sending-reply_to".to_owned(),
        "dns" => "/settings/mail#h-tries".to_owned(),
        "contact" | "address" | "purpose" => format!("/settings/sender#profile-{field}"),
        "public_url" | "opt_out" => "/settings/sender#profile-public_url".to_owned(),
        "sender" => "/settings/sender#shop".to_owned(),
        _ => format!("/campaigns/{id}#{}", place(campaign, step, field)),
    }
}

/// The id of a field in the form.
fn place(campaign: &Campaign, step: &str, field: &str) -> String {
    if let Some(n) = campaign.steps.iter().position(|s| !step.is_empty() && s.name == step) {
        return match field {
            "name" | "kind" | "after_days" | "at" | "channel" | "subject" | "preheader" | "body" | "mjml" => {
                format!("steps-{n}-{field}")
            }
            _ => format!("steps-{n}"),
        };
    }
    match field {
        "name" | "owner" | "start" | "budget" | "holdout" | "window" | "late_hours" | "predecessor"
        | "changed" | "no_holdout_because" => field.to_owned(),
        "hypothesis" => "goal-hypothesis".to_owned(),
        "whom" => "whom".to_owned(),
        "amount" | "ends" | "order_value" | "codes" | "code" | "lottery" | "best_prize" | "all_prizes"
        | "offer" | "price_history" => "offer".to_owned(),
        "bounces" | "complaints" | "opt_outs" => format!("stop-{field}"),
        "variants" | "share" | "changes" => "variants".to_owned(),
        _ => "steps".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "campaign_edit.html")]
struct Page {
    s: Shell,
    head: Head,
    form: Form,
    /// Of the document that the form was made from.
    stamp: String,
    looked: Looked,
    segments: Vec<String>,
    /// Names of the other campaigns.
    others: Vec<String>,
    /// The shop's list of reasons.
    reasons: Vec<LeftFor>,
    seconded: Option<(String, i64)>,
    /// Somebody else changed it meanwhile.
    clash: bool,
}

/// One of the rows of the form that come more than once.
struct Row {
    id: String,
    n: usize,
    first: bool,
    last: bool,
}

impl Page {
    async fn of(
        site: &Site,
        s: Shell,
        stored: StoredCampaign,
        form: Form,
        clash: bool,
    ) -> Result<Page, Fault> {
        let (campaign, wrong) = form.read(&stored.campaign);
        let (id, old) = (stored.id, stored.campaign.clone());
        let (looked, segments, others, stamp, reasons) = site
            .ask(move |app| {
                let segments = app.segments()?.into_iter().map(|(name, _)| name).collect();
                let others = app.campaigns()?.into_iter().filter(|c| c.stored.id != id);
                let others = others.map(|c| c.stored.campaign.name).collect();
                let looked = Looked::at(app, id, &campaign, wrong)?;
                Ok((looked, segments, others, app.stamp(&old), app.left_for()?))
            })
            .await?;
        let head = Head::of(&stored, "");
        Ok(Page { s, head, form, stamp, looked, segments, others, reasons, seconded: stored.approved, clash })
    }

    fn v(&self, name: &str) -> &str {
        self.form.get(name)
    }

    /// The reasons that may be chosen, and those that are: the box's name, the reason, whether it is marked.
    fn aims(&self) -> Vec<(String, String, bool)> {
        let unknown = ("unknown".to_owned(), self.s.t("不明", "not known").to_owned());
        let known = self.reasons.iter().map(|r| (r.id.clone(), self.s.t(&r.ja, &r.en).to_owned(), r.hidden));
        let all = known.chain(std::iter::once((unknown.0, unknown.1, false)));
        let named = all.map(|(id, words, hidden)| (format!("{LEFT_FOR}{id}"), words, hidden));
        let shown = named.map(|(name, words, hidden)| (self.form.has(&name), name, words, hidden));
        shown
            .filter(|(on, .., hidden)| *on || !hidden)
            .map(|(on, name, words, _)| (name, words, on))
            .collect()
    }

    fn aimed(&self) -> bool {
        self.aims().iter().any(|aim| aim.2) || self.form.has("whom-spare_reasons")
    }

    /// A field of a row.
    fn r(&self, row: &Row, name: &str) -> &str {
        self.form.get(&format!("{}-{name}", row.id))
    }

    fn on(&self, name: &str) -> bool {
        self.form.has(name)
    }

    fn has(&self, row: &Row, name: &str) -> bool {
        self.form.has(&format!("{}-{name}", row.id))
    }

    fn unless(&self, row: &Row, happened: &Happened) -> bool {
        self.form.has(&format!("{}-unless-{}", row.id, happened.word()))
    }

    fn without(&self, row: &Row, channel: &Channel) -> bool {
        self.form.has(&format!("{}-without-{}", row.id, channel.word()))
    }

    fn any_without(&self, row: &Row) -> bool {
        Channel::ALL.iter().any(|channel| self.without(row, channel))
    }

    fn rows(&self, kind: &str) -> Vec<Row> {
        let many = self.form.rows(kind);
        (0..many).map(|n| Row { id: format!("{kind}-{n}"), n, first: n == 0, last: n + 1 == many }).collect()
    }

    fn changes(&self, row: &Row) -> Vec<Row> {
        self.rows(&format!("{}-changes", row.id))
    }

    fn wrong(&self, name: &str) -> Option<&Wrong> {
        self.looked.wrong.iter().find(|w| w.field == name)
    }

    /// A window that the form does not offer and the document has.
    fn odd_window(&self) -> bool {
        !["", "30", "90", "180"].contains(&self.v("window"))
    }

    fn kinds(&self) -> &'static [StepKind] {
        StepKind::ALL
    }

    fn greetings(&self) -> &'static [model::Greeting] {
        model::Greeting::ALL
    }

    fn seasons(&self) -> &'static [model::SeasonKind] {
        model::SeasonKind::ALL
    }

    fn triggers(&self) -> &'static [model::Trigger] {
        model::Trigger::ALL
    }

    fn channels(&self) -> &'static [Channel] {
        Channel::ALL
    }

    fn happenings(&self) -> &'static [Happened] {
        Happened::ALL
    }

    fn offers(&self) -> &'static [OfferKind] {
        OfferKind::ALL
    }

    fn codes(&self) -> &'static [Codes] {
        Codes::ALL
    }

    fn fields(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        app::FIELDS
    }

    /// The sentence of the holdout, with what it costs to do without.
    fn holdout_words(&self) -> String {
        let share = self.v("holdout").trim();
        match (share, self.s.lang) {
            ("" | "0", crate::say::Lang::Ja) => {
                "保留群がないと、何人戻られてもこの施策の効果とは言えません。送らない理由を下に書いてください。".to_owned()
            }
            ("" | "0", _) => "Without a holdout nothing can be said later about what it brought. Say below why.".to_owned(),
            (n, crate::say::Lang::Ja) => format!(
                "対象の{n}%の方をくじで選び、お送りしません。その方々との差が、この施策の効果です。"
            ),
            (n, _) => format!("{n}% are drawn by lot and get nothing. The difference to them is the effect."),
        }
    }
}

/// The editor of a draft as it is kept.
pub async fn open(site: &Site, s: Shell, stored: StoredCampaign) -> Result<Response, Fault> {
    let form = Form::of(&stored.campaign);
    render(&Page::of(site, s, stored, form, false).await?)
}

async fn save(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Sent(pairs): Pairs,
) -> Result<Response, Fault> {
    let stored = frozen_or(find(&site, id).await?.stored)?;
    let form = Form::sent(pairs);
    let (mut campaign, wrong) = form.read(&stored.campaign);
    let old = stored.campaign.clone();
    let clash = site.ask(move |app| Ok(app.stamp(&old))).await? != form.get("stamp");
    if clash || !wrong.is_empty() {
        let mut answer = render(&Page::of(&site, s, stored, form, clash).await?)?;
        *answer.status_mut() = if clash { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
        return Ok(answer);
    }
    let place = act(&mut campaign, form.get("do"));
    let by = if s.operator.is_empty() { campaign.owner.clone() } else { s.operator };
    keep(&site, id, campaign, by).await?;
    let path = match form.get("do") {
        "preview" => format!("/campaigns/{id}/preview"),
        "plan" => format!("/campaigns/{id}/plan"),
        _ => format!("/campaigns/{id}"),
    };
    Ok(to(&path, "campaign", &place, None))
}

/// A frozen campaign keeps its words.
fn frozen_or(stored: StoredCampaign) -> Result<StoredCampaign, Fault> {
    match is_draft(stored.state) {
        true => Ok(stored),
        false => Err(Fault::bad(
            "承認した施策は書き換えられません。「次の施策を作る」から新しい下書きを作ってください。",
            "An approved campaign is frozen. Make the next one from it.",
        )),
    }
}

async fn keep(site: &Site, id: i64, campaign: Campaign, by: String) -> Result<(), Fault> {
    let name = campaign.name.clone();
    site.ask(move |app| {
        let taken = app.campaigns()?.iter().any(|c| c.stored.id != id && c.stored.campaign.name == name);
        Ok(taken)
    })
    .await
    .and_then(|taken| if taken { Err(super::list::taken()) } else { Ok(()) })?;
    if campaign.name.is_empty() {
        return Err(super::list::nameless());
    }
    let kept = site.ask(move |app| app.change_campaign(id, &campaign, &by)).await;
    kept.map_err(refusal("保存できません", "It cannot be kept"))
}

#[derive(Template)]
#[template(path = "campaign_check.html")]
struct Fragment {
    s: Shell,
    looked: Looked,
}

/// What the house says of the form as typed, nothing kept.
async fn check(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Sent(pairs): Pairs,
) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let (campaign, wrong) = Form::sent(pairs).read(&stored.campaign);
    let looked = site.ask(move |app| Looked::at(app, id, &campaign, wrong)).await?;
    let html = Fragment { s, looked }.render().map_err(|e| Fault::Broken(e.into()))?;
    Ok(Html(html).into_response())
}

#[derive(Template)]
#[template(path = "campaign_text.html")]
struct TextPage {
    s: Shell,
    head: Head,
    text: String,
    stamp: String,
    error: Option<Misread>,
    /// Somebody else changed it meanwhile.
    clash: bool,
}

/// Why a document cannot be read, and the line it is about.
struct Misread {
    why: String,
    line: Option<(usize, String)>,
}

async fn text(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let head = Head::of(&stored, "/text");
    if s.query.get("download") == "1" {
        return take_away(&stored);
    }
    let (text, old) = (document(&stored.campaign), stored.campaign);
    let stamp = site.ask(move |app| Ok(app.stamp(&old))).await?;
    render(&TextPage { s, head, text, stamp, error: None, clash: false })
}

fn take_away(stored: &StoredCampaign) -> Result<Response, Fault> {
    use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
    let name = crate::upload::safe_name(&format!("{}.toml", stored.campaign.name));
    let named = format!(
        "attachment; filename=\"campaign-{}.toml\"; filename*=UTF-8''{}",
        stored.id,
        crate::query::encoded(&name)
    );
    let headers =
        [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, document(&stored.campaign)).into_response())
}

async fn save_text(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Sent(pairs): Pairs,
) -> Result<Response, Fault> {
    let stored = frozen_or(find(&site, id).await?.stored)?;
    let form = Form::sent(pairs);
    let text = form.get("text").to_owned();
    let old = stored.campaign.clone();
    let stamp = site.ask(move |app| Ok(app.stamp(&old))).await?;
    let clash = stamp != form.get("stamp");
    let read = app::campaign_from_toml(&text, s.t("文書", "document"));
    let (campaign, error) = match read {
        Ok(campaign) => (Some(campaign), None),
        Err(why) => (None, Some(Misread::of(&format!("{why:#}"), &text))),
    };
    match campaign.filter(|_| !clash) {
        Some(campaign) => {
            let by = if s.operator.is_empty() { campaign.owner.clone() } else { s.operator };
            keep(&site, id, campaign, by).await?;
            Ok(to(&format!("/campaigns/{id}/text"), "campaign", "", None))
        }
        None => {
            let head = Head::of(&stored, "/text");
            let mut answer = render(&TextPage { s, head, text, stamp, error, clash })?;
            *answer.status_mut() = if clash { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
            Ok(answer)
        }
    }
}

impl Misread {
    fn of(why: &str, text: &str) -> Misread {
        let number =
            why.split("line ").nth(1).and_then(|rest| rest.split([',', ':', ' ']).next()?.parse().ok());
        let line = number.and_then(|n: usize| Some((n, text.lines().nth(n.checked_sub(1)?)?.to_owned())));
        Misread { why: why.to_owned(), line }
    }
}

async fn drop_draft(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    frozen_or(find(&site, id).await?.stored)?;
    let gone = site.ask(move |app| app.drop_campaign(id)).await;
    gone.map_err(refusal("下書きを捨てられません", "The draft cannot be dropped"))?;
    Ok(Redirect::to("/campaigns?done=campaign_gone").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_line() {
        let text = "name = \"x\"\nholdout = many\n";
        let why = app::campaign_from_toml(text, "document").expect_err("no number").to_string();
        let told = Misread::of(&why, text);
        assert_eq!(told.line, Some((2, "holdout = many".to_owned())), "{why}");
        assert_eq!(Misread::of("no place named", text).line, None);
    }

    #[test]
    fn a_remark_leads_to_its_field() {
        let campaign = app::scenario("r181").expect("a campaign");
        let second = campaign.steps[1].name.clone();
        for (step, field, to) in [
            ("", "start", "/campaigns/3#start"),
            ("", "ends", "/campaigns/3#offer"),
            ("", "from_address", "/settings/mail#sending-from"),
            (second.as_str(), "subject", "/campaigns/3#steps-1-subject"),
            (second.as_str(), "steps", "/campaigns/3#steps-1"),
            ("", "steps", "/campaigns/3#steps"),
        ] {
            assert_eq!(way(3, &campaign, step, field), to);
        }
    }
}
