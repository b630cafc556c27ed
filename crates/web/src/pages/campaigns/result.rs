//! 結果: the verdict first, then the picture, then the table; and all campaigns beside each other.

use super::{Head, PER_PAGE, find, is_draft, refusal, shown, to};
use crate::fault::Fault;
use crate::pages::{Fields, field};
use crate::pictures::{Bar, Width, forest, range, track};
use crate::say::Lang;
use crate::shell::{Shell, remember, render};
use crate::site::Site;
use app::{
    AllResults, Benchmark, CampaignResult, Did, FunnelRow, Interval, Metric, Pooling, ResultRow, Share,
    Sight, SocialView, Window, benchmarks,
};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::{Arm, Channel, Money, ResponseKind, Saying};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/campaigns/{id}/result", get(show).post(again))
        .route("/campaigns/{id}/who", get(who))
        .route("/campaigns/{id}/successor", post(successor))
        .route("/results", get(all))
}

#[derive(Template)]
#[template(path = "campaign_result.html")]
struct Page {
    s: Shell,
    head: Head,
    /// `None` before it has begun.
    told: Option<Told>,
    /// When it begins, where it has not.
    begins: Option<i64>,
    /// Posts on social media: contact, shown apart from what came back.
    posts: Vec<SocialView>,
}

/// A result with its sentences.
struct Told {
    r: CampaignResult,
    says: Vec<Saying>,
    advice: Vec<Saying>,
    picture: [String; 2],
}

async fn show(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let head = Head::of(&stored, "/result");
    let begun = stored.plan.is_some() && stored.rooted.is_some_and(|at| at <= site.app.now());
    if !begun {
        let begins = stored.rooted.filter(|_| !is_draft(stored.state));
        return render(&Page { s, head, told: None, begins, posts: vec![] });
    }
    let posts = site.ask(move |app| app.posts_followed(id)).await?;
    let (r, says, advice) = site
        .ask(move |app| {
            let r = app.told(id)?;
            let (says, advice) = (app.result_words(&r)?, app.advice(&r.measurement));
            Ok((r, says, advice))
        })
        .await?;
    let drawn = |width| picture(&r, width, s.lang);
    let picture = [drawn(Width::Desk), drawn(Width::Phone)];
    render(&Page { s, head, told: Some(Told { r, says, advice, picture }), begins: None, posts })
}

/// Treated and holdout, window by window.
fn picture(r: &CampaignResult, width: Width, lang: Lang) -> String {
    let m = &r.measurement;
    let bar = |w: &Window, class: &'static str, share: Share| {
        let rate = share.interval(m.level);
        let arm = match class {
            "treated" => lang.t("送った方", "treated"),
            _ => lang.t("送らなかった方", "held out"),
        };
        let label = format!("{} {arm}", within(w, lang));
        Bar { label, class, value: rate.value, low: rate.low, high: rate.high, apart: class == "treated" }
    };
    let shown = m.windows.iter().filter(|w| w.treated.of > 0);
    let bars: Vec<Bar> = shown
        .flat_map(|w| {
            let holdout = (w.holdout.of > 0).then(|| bar(w, "holdout", w.holdout));
            [Some(bar(w, "treated", w.treated)), holdout].into_iter().flatten()
        })
        .collect();
    forest(
        &bars,
        &finding(r, lang),
        lang.t("ご注文された方の割合(95%の幅)", "share who ordered, with its 95 % interval"),
        width,
        lang,
    )
}

fn within(w: &Window, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("{}日以内", w.days),
        Lang::En => format!("within {} days", w.days),
    }
}

/// What the picture shows, claiming no more than the shares and no sooner than the window's end.
fn finding(r: &CampaignResult, lang: Lang) -> String {
    let Some(w) = r.measurement.primary() else { return String::new() };
    let day = r.measurement.as_of_day;
    match (w.over, lang) {
        (true, _) => shares(w, lang),
        (false, Lang::Ja) => format!("途中経過({day}日目): {}", shares(w, lang)),
        (false, Lang::En) => format!("So far (day {day}): {}", shares(w, lang)),
    }
}

fn shares(w: &Window, lang: Lang) -> String {
    let rate = |share: Share| format!("{:.1}%", share.rate() * 100.0);
    match (lang, w.holdout.of) {
        (Lang::Ja, 0) => format!("{}日以内のご注文は、送った方の{}です", w.days, rate(w.treated)),
        (Lang::En, 0) => format!("{} of the treated ordered within {} days", rate(w.treated), w.days),
        (Lang::Ja, _) => format!(
            "{}日以内のご注文は、送った方の{}、送らなかった方の{}です",
            w.days,
            rate(w.treated),
            rate(w.holdout)
        ),
        (Lang::En, _) => format!(
            "Within {} days {} of the treated ordered, and {} of the holdout",
            w.days,
            rate(w.treated),
            rate(w.holdout)
        ),
    }
}

impl Page {
    fn finding(&self, told: &Told) -> String {
        finding(&told.r, self.s.lang)
    }

    fn say<'a>(&self, saying: &'a Saying) -> &'a str {
        self.s.t(&saying.ja, &saying.en)
    }

    fn within(&self, w: &Window) -> String {
        within(w, self.s.lang)
    }

    fn rate(&self, share: &Share) -> String {
        if share.of == 0 { "–".to_owned() } else { format!("{:.1}%", share.rate() * 100.0) }
    }

    /// +2.5ポイント(+0.3〜+4.8)
    fn points(&self, i: &Interval) -> String {
        let n = |x: f64| format!("{:+.2}", x * 100.0);
        match self.s.lang {
            Lang::Ja => format!("{}ポイント({}〜{})", n(i.value), n(i.low), n(i.high)),
            Lang::En => format!("{} points ({} to {})", n(i.value), n(i.low), n(i.high)),
        }
    }

    fn amount(&self, units: f64) -> String {
        self.s.yen_about(Money((units * 100.0).round() as i64))
    }

    fn amounts(&self, i: &Interval) -> String {
        let (value, low, high) = (self.amount(i.value), self.amount(i.low), self.amount(i.high));
        match self.s.lang {
            Lang::Ja => format!("{value}({low}〜{high})"),
            Lang::En => format!("{value} ({low} to {high})"),
        }
    }

    fn cost_per(&self, told: &Told) -> Option<String> {
        let c = told.r.measurement.cost_per_return?;
        let high = c.high.map_or_else(|| self.s.t("上限なし", "no bound").to_owned(), |h| self.amount(h));
        Some(match self.s.lang {
            Lang::Ja => format!("{}({}〜{high})", self.amount(c.value), self.amount(c.low)),
            Lang::En => format!("{} ({} to {high})", self.amount(c.value), self.amount(c.low)),
        })
    }

    /// The share of a new customer's cost, in percent.
    fn beside_new(&self, told: &Told) -> Option<String> {
        let to_new = told.r.measurement.cost_per_return?.to_new_customer?;
        Some(self.s.share(to_new))
    }

    fn returned_href(&self, arm: &str, days: &i32) -> String {
        format!("/campaigns/{}/who?did=returned&arm={arm}&days={days}", self.head.id)
    }

    fn plan_href(&self, arm: &str) -> String {
        format!("/campaigns/{}/plan/people?arm={arm}", self.head.id)
    }

    /// Exactly the people of a line of the funnel, where they can be named.
    fn funnel_href(&self, row: &FunnelRow, told: &Told) -> Option<String> {
        let who = |did: &str| Some(format!("/campaigns/{}/who?did={did}", self.head.id));
        match row.metric {
            _ if row.people.hits == 0 => None,
            Metric::Sent => who("sent"),
            Metric::Opened => who("open"),
            Metric::Clicked => who("click"),
            Metric::OptedOut => who("opt_out"),
            Metric::Complained => who("complaint"),
            Metric::Returned => Some(self.returned_href("treated", &told.r.measurement.window)),
            Metric::Bounced | Metric::Delivered | Metric::Responded => None,
        }
    }

    fn seen(&self, row: &FunnelRow) -> bool {
        matches!(row.sight, Sight::Measured | Sight::Proxy)
    }

    fn sight(&self, row: &FunnelRow) -> &'static str {
        match row.sight {
            Sight::Measured => "measured",
            Sight::Proxy => "proxy",
            Sight::NotMeasurable | Sight::NotTracked => "unseen",
        }
    }

    fn funnel_bar(&self, row: &FunnelRow, told: &Told) -> String {
        let i = row.people.interval(told.r.measurement.level);
        range((i.low, i.value, i.high), track([i.high].into_iter()))
    }

    fn usual(&self, row: &FunnelRow, channel: &Channel) -> Vec<&'static Benchmark> {
        benchmarks(*channel, row.metric).collect()
    }

    fn usual_words(&self, b: &Benchmark) -> String {
        let n = |x: f64| format!("{:.1}%", x * 100.0);
        let figures = if b.low == b.high { n(b.low) } else { format!("{}〜{}", n(b.low), n(b.high)) };
        let claim = if b.claim { self.s.t("、公称", ", claimed") } else { "" };
        format!("{} {figures} ({}{claim})", self.s.t(b.ja, b.en), b.source)
    }

    fn variant(&self, n: &u8, told: &Told) -> String {
        let name = told.r.campaign.campaign.variants.get(usize::from(*n)).map(|v| v.name.clone());
        name.unwrap_or_else(|| format!("{}", n + 1))
    }

    fn wins(&self, n: &u8, told: &Told) -> bool {
        told.r.measurement.variants.winner == Some(*n)
    }
}

/// Measures with the orders known now.
async fn again(With(site): With<Site>, Path(id): Path<i64>) -> Result<Response, Fault> {
    find(&site, id).await?;
    let done = site.ask(move |app| app.measure(id)).await;
    done.map_err(refusal("まだ計算できません", "It cannot be measured yet"))?;
    Ok(to(&format!("/campaigns/{id}/result"), "measured", "", None))
}

async fn successor(
    With(site): With<Site>,
    Path(id): Path<i64>,
    s: Shell,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let before = find(&site, id).await?.stored.campaign;
    let by = match field(&fields, "by") {
        "" => before.owner,
        by => by.to_owned(),
    };
    let name = match field(&fields, "name") {
        "" => s.t(&format!("{} の次", before.name), &format!("{}, next", before.name)).to_owned(),
        name => name.to_owned(),
    };
    let (title, author) = (name, by.clone());
    let made = site
        .ask(move |app| {
            let taken = app.campaigns()?.iter().any(|c| c.stored.campaign.name == title);
            if taken { Ok(None) } else { app.successor(id, &title, &author).map(Some) }
        })
        .await
        .map_err(refusal("次の施策を作れません", "The next one cannot be made"))?;
    let made = made.ok_or_else(super::list::taken)?;
    let mut response = Redirect::to(&format!("/campaigns/{made}?done=campaign_made#changed")).into_response();
    remember(&mut response, "operator", &by);
    Ok(response)
}

#[derive(Template)]
#[template(path = "campaign_who.html")]
struct Who {
    s: Shell,
    head: Head,
    title: String,
    total: usize,
    rows: Vec<(i64, String)>,
    next: Option<String>,
}

async fn who(With(site): With<Site>, Path(id): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let stored = find(&site, id).await?.stored;
    let arm = Arm::from_word(s.query.get("arm")).unwrap_or(Arm::Treated);
    let days = s.query.number("days").and_then(|n| i32::try_from(n).ok()).unwrap_or(stored.campaign.window);
    let (did, title) = match s.query.get("did") {
        "sent" => (Did::Sent, s.t("送信した方", "Sent to").to_owned()),
        "returned" => (
            Did::Returned(arm, days),
            match s.lang {
                Lang::Ja => format!("{}のうち{days}日以内にご注文された方", arm.ja()),
                Lang::En => format!("{}: ordered within {days} days", arm.en()),
            },
        ),
        word => {
            let kind = ResponseKind::from_word(word).ok_or(Fault::Missing)?;
            (Did::Heard(kind), s.t(kind.ja(), kind.en()).to_owned())
        }
    };
    let from = s.query.number("from").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let (total, found) = site
        .ask(move |app| {
            let all = app.who(id, did)?;
            let page: Vec<i64> = all.iter().skip(from).take(PER_PAGE).copied().collect();
            let names = app.named(page.iter().copied())?;
            let named = |c: &i64| names.get(c).cloned().unwrap_or((*c, String::new()));
            Ok((all.len(), page.iter().map(named).collect::<Vec<_>>()))
        })
        .await?;
    let more = from + found.len() < total;
    let next = more.then(|| s.query.with("from", &(from + PER_PAGE).to_string()).on(&s.path));
    let rows = found.into_iter().map(|(person, name)| (person, shown(&name, person, &s))).collect();
    render(&Who { head: Head::of(&stored, "/result"), s, title, total, rows, next })
}

#[derive(Template)]
#[template(path = "results.html")]
struct AllPage {
    s: Shell,
    all: AllResults,
    picture: [String; 2],
}

async fn all(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let all = site.ask(|app| app.all_results()).await?;
    let drawn = |width| pooled(&all, width, s.lang);
    let picture = [drawn(Width::Desk), drawn(Width::Phone)];
    render(&AllPage { s, all, picture })
}

/// Every ended campaign's lift, and what they say together.
fn pooled(all: &AllResults, width: Width, lang: Lang) -> String {
    let ended = all.rows.iter().filter_map(|row| {
        let w = row.measurement.primary().filter(|w| w.over)?;
        let lift = w.lift?.points;
        let label: String = row.campaign.campaign.name.chars().take(20).collect();
        Some(Bar { label, class: "lift", value: lift.value, low: lift.low, high: lift.high, apart: false })
    });
    let mut bars: Vec<Bar> = ended.collect();
    if let Some(p) = &all.pooling {
        let label = lang.t("すべて合わせて", "all together").to_owned();
        bars.push(Bar {
            label,
            class: "pooled",
            value: p.lift.value,
            low: p.lift.low,
            high: p.lift.high,
            apart: true,
        });
    }
    let unit = lang.t("送らなかった方との差(ポイント、95%の幅)", "difference to the holdout (points, 95 %)");
    forest(&bars, lang.t("施策ごとの増分", "Lift by campaign"), unit, width, lang)
}

impl AllPage {
    fn verdict<'a>(&self, row: &'a ResultRow) -> &'a str {
        self.s.t(&row.says.ja, &row.says.en)
    }

    fn points(&self, i: &Interval) -> String {
        let n = |x: f64| format!("{:+.2}", x * 100.0);
        match self.s.lang {
            Lang::Ja => format!("{}ポイント({}〜{})", n(i.value), n(i.low), n(i.high)),
            Lang::En => format!("{} points ({} to {})", n(i.value), n(i.low), n(i.high)),
        }
    }

    /// What all campaigns say together, no stronger than the interval.
    fn finding(&self, p: &Pooling) -> String {
        let points = self.points(&p.lift);
        match (p.lift.low > 0.0, p.lift.high < 0.0, self.s.lang) {
            (true, _, Lang::Ja) => {
                format!("これまでの施策を合わせると、送った方の復帰は{points}高くなりました。")
            }
            (_, true, Lang::Ja) => format!(
                "これまでの施策を合わせると、送った方の復帰は{points}と、送らなかった方を下回りました。"
            ),
            (_, _, Lang::Ja) => format!("これまでの施策を合わせても、まだ差があるとは言えません。{points}"),
            (true, _, Lang::En) => format!("All campaigns together brought back {points} more."),
            (_, true, Lang::En) => {
                format!("All campaigns together: fewer returned than of the holdout, {points}.")
            }
            (_, _, Lang::En) => format!("All campaigns together do not show a difference yet: {points}."),
        }
    }

    fn own<'a>(&self, row: &'a ResultRow) -> Option<&'a Interval> {
        row.measurement.primary()?.lift.as_ref().map(|lift| &lift.points)
    }
}
