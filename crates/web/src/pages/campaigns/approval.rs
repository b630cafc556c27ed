//! The yes: one sentence of what will happen, a name, and the number of people typed.

use super::{find, refusal, to};
use crate::fault::Fault;
use crate::pages::{Fields, field, signed};
use crate::say::Lang;
use crate::shell::Shell;
use crate::site::Site;
use app::{App, Approved, CampaignRow, Drafted};
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::post;

pub fn routes() -> Router<Site> {
    Router::new().route("/campaigns/{id}/approve", post(approve))
}

/// Whether a drawn plan may be approved now, and by what it is bound.
pub struct Approval {
    /// The first letter, Unix seconds.
    first: Option<i64>,
    steps: usize,
    pub plan: i64,
    pub treated: u64,
    /// The first of two names, where the shop wants two.
    pub seconded: Option<(String, i64)>,
    pub wants_two: bool,
    pub hindrances: Vec<Hindrance>,
}

/// Something in the way, with the way out.
pub struct Hindrance {
    pub ja: String,
    pub en: String,
    pub href: String,
    pub ja_way: &'static str,
    pub en_way: &'static str,
}

impl Approval {
    pub fn of(app: &App, row: &CampaignRow, drafted: &Drafted) -> anyhow::Result<Approval> {
        let (stored, id) = (&row.stored, row.stored.id);
        let settings = app.settings()?;
        let first = app.step_progress(row)?.iter().filter_map(|step| step.due).min();
        let blocks = app.check_campaign(&stored.campaign)?.blocks().count();
        let mut hindrances = Vec::new();
        let mut hinder = |ja: &str, en: &str, href: String, ja_way: &'static str, en_way: &'static str| {
            hindrances.push(Hindrance { ja: ja.to_owned(), en: en.to_owned(), href, ja_way, en_way });
        };
        if blocks > 0 {
            hinder(
                &format!("承認の前に直すところが{blocks}件あります。"),
                &format!("{blocks} remarks stand in the way."),
                format!("/campaigns/{id}#check"),
                "指摘を見る",
                "See them",
            );
        }
        let again = format!("/campaigns/{id}/plan#draw");
        if drafted.outdated {
            let ja = "プランを引いたあとで施策が変わりました。";
            hinder(
                ja,
                "The campaign was changed after its plan was drawn.",
                again.clone(),
                "引き直す",
                "Draw again",
            );
        } else if drafted.plan.as_of != app.today()? {
            let ja = "プランは今日のものではありません。最新の注文で引き直してください。";
            hinder(ja, "The plan is not of today.", again, "引き直す", "Draw again");
        }
        if drafted.forecast.treated == 0 {
            let way = format!("/campaigns/{id}#whom");
            hinder(
                "お送りできる方がいません。",
                "Nobody would be touched.",
                way,
                "対象を見直す",
                "Change whom it is for",
            );
        }
        if first.is_some_and(|first| first <= app.now()) {
            let way = format!("/campaigns/{id}#start");
            hinder(
                "最初の配信の時刻を過ぎています。",
                "The first step's time has passed.",
                way,
                "開始日を直す",
                "Move the start",
            );
        }
        Ok(Approval {
            first,
            steps: stored.campaign.steps.len(),
            plan: drafted.plan.id,
            treated: drafted.forecast.treated,
            seconded: stored.approved.clone(),
            wants_two: settings.second_approver,
            hindrances,
        })
    }

    /// いつ、誰に、何通、いくら、何人は送らない。
    pub fn sentence(&self, s: &Shell, d: &Drafted, whom: &str) -> String {
        let f = &d.forecast;
        let when = self.first.map_or_else(|| s.t("未定", "not decided").to_owned(), |at| s.moment(at));
        let letters = f.treated * self.steps as u64;
        let (treated, cost) = (s.people(f.treated), s.yen_about(f.cost));
        let kept = match (f.holdout, s.lang) {
            (0, Lang::Ja) => "比較のために送らない方はいません。".to_owned(),
            (0, Lang::En) => "nobody is held out.".to_owned(),
            (n, Lang::Ja) => format!("比較のため{}には送りません。", s.people(n)),
            (n, Lang::En) => format!("{} get nothing, to compare.", s.people(n)),
        };
        match s.lang {
            Lang::Ja => format!(
                "{when}から、{whom}のうち{treated}に、お一人最大{}通、合計で最大{}通をお送りし、費用は最大{cost}、{kept}",
                self.steps,
                s.n(letters)
            ),
            Lang::En => format!(
                "From {when}, {treated} of \"{whom}\" get up to {} letters each, {} at most in all, for {cost} at most; {kept}",
                self.steps,
                s.n(letters)
            ),
        }
    }
}

async fn approve(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    find(&site, id).await?;
    let by = signed(&fields)?;
    let typed: String = field(&fields, "people").chars().filter(char::is_ascii_digit).collect();
    let seen: i64 = field(&fields, "plan").parse().unwrap_or(0);
    let drafted = site.ask(move |app| app.drafted(id)).await?;
    let Some(drafted) = drafted.filter(|d| d.plan.id == seen) else {
        return Err(Fault::bad(
            "ご覧になったあとでプランが引き直されました。もう一度ご確認ください。",
            "The plan was drawn again since you looked. Look again.",
        ));
    };
    if typed.parse() != Ok(drafted.forecast.treated) {
        return Err(Fault::bad(
            format!("お送りする人数({}人)を数字で入れてください。", drafted.forecast.treated),
            format!("Type the number of people it goes to: {}.", drafted.forecast.treated),
        ));
    }
    let name = by.clone();
    let done = site
        .ask(move |app| app.approve_campaign(id, &name))
        .await
        .map_err(refusal("承認できません", "It cannot be approved"))?;
    let (path, done) = match done {
        Approved::AwaitsSecond => (format!("/campaigns/{id}/plan"), "seconded"),
        Approved::Frozen => (format!("/campaigns/{id}"), "approved"),
    };
    Ok(to(&path, done, "", Some(&by)))
}
