//! 休眠理由: why the dormant went quiet, who has said nothing, and what contact pressure went before.

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::pictures::{Bar, Width, bar, forest};
use crate::query::Query;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{LeftFor, OwnReason, Pressure, ReasonReport, ReasonRow, SCENARIOS, SILENT_ONES, Scenario, Stated};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::ReasonSource;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/voices/reasons", get(show))
        .route("/voices/reasons/list", post(change))
        .route("/customers/{id}/reasons", post(state))
        .route("/customers/{id}/goods/refuse", post(refuse_goods))
        .route("/customers/{id}/reasons/{statement}/drop", post(take_back))
}

#[derive(Template)]
#[template(path = "reasons.html")]
struct Page {
    s: Shell,
    r: ReasonReport,
    pressure: Pressure,
    picture: [String; 2],
    list: Vec<LeftFor>,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (r, pressure, list) =
        site.ask(|app| Ok((app.reason_report()?, app.pressure()?, app.left_for()?))).await?;
    let bars: Vec<Bar> = pressure
        .tenths
        .iter()
        .map(|t| Bar {
            label: touches(&s, t.from, t.to),
            class: "treated",
            value: t.lapsed.value,
            low: t.lapsed.low,
            high: t.lapsed.high,
            apart: false,
        })
        .collect();
    let title =
        s.t("連絡の多さと、その後に休眠した割合", "Touches, and the share that went dormant afterwards");
    let unit = s.t("その後90日で休眠した割合", "went dormant within 90 days");
    let picture = [Width::Desk, Width::Phone].map(|width| forest(&bars, title, unit, width, s.lang));
    render(&Page { s, r, pressure, picture, list })
}

/// 3回, 4〜6回.
fn touches(s: &Shell, from: u32, to: u32) -> String {
    let unit = s.t("回", " touches");
    if from == to { format!("{from}{unit}") } else { format!("{from}〜{to}{unit}") }
}

impl Page {
    fn people(&self, condition: &str) -> String {
        Query::default().with("where", condition).on("/customers")
    }

    fn silent(&self) -> String {
        self.people(SILENT_ONES)
    }

    /// Reasons that somebody has.
    fn told(&self) -> impl Iterator<Item = &ReasonRow> {
        self.r.rows.iter().filter(|row| row.customers > 0)
    }

    fn untold(&self) -> String {
        let none = self.r.rows.iter().filter(|row| row.customers == 0);
        none.map(|row| self.s.t(&row.ja, &row.en)).collect::<Vec<_>>().join(self.s.t("、", ", "))
    }

    fn begin(&self, scenario: &str) -> String {
        Query::default().with("scenario", scenario).on("/campaigns/new")
    }

    fn silent_words(&self) -> &'static str {
        SILENT_ONES
    }

    fn scenarios(&self) -> &'static [Scenario] {
        SCENARIOS
    }

    fn known(&self) -> u64 {
        self.r.dormant - self.r.unknown.customers
    }

    /// Everybody whose reason is known.
    fn known_href(&self) -> String {
        self.people(&format!("{} and left_for <> 'unknown'", self.r.dormant_condition))
    }

    fn bar(&self, row: &ReasonRow) -> String {
        bar(row.customers, self.r.dormant, "fill")
    }

    fn touches(&self, from: &u32, to: &u32) -> String {
        touches(&self.s, *from, *to)
    }

    /// The highest tenth against the lowest, in a sentence; none where there is nothing to compare.
    fn finding(&self) -> Option<String> {
        let [first, .., last] = self.pressure.tenths.as_slice() else { return None };
        let (s, pct) = (&self.s, |x: f64| format!("{:.1}%", x * 100.0));
        let apart = last.lapsed.low > first.lapsed.high;
        let (few, many) = (touches(s, first.from, first.to), touches(s, last.from, last.to));
        Some(format!(
            "{} {} → {}, {} {} → {} ({}〜{}){}",
            few,
            s.t("の方", ""),
            pct(first.lapsed.value),
            many,
            s.t("の方", ""),
            pct(last.lapsed.value),
            pct(last.lapsed.low),
            pct(last.lapsed.high),
            match apart {
                true => s.t(
                    "。多く連絡した方ほど、休眠が多くなっています。",
                    ". The more touches, the more went dormant."
                ),
                false => s.t("。差があるとは、まだ言えません。", ". No difference can be told yet."),
            }
        ))
    }
}

/// The shop's list: what is offered, what answers it, and one more of its own.
async fn change(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let ids: Vec<String> =
        fields.keys().filter_map(|name| name.strip_prefix("scenario-")).map(str::to_owned).collect();
    let row = |id: String| {
        let offered = fields.contains_key(&format!("offered-{id}"));
        let scenario = field(&fields, &format!("scenario-{id}")).to_owned();
        (id, offered, scenario)
    };
    let rows: Vec<(String, bool, String)> = ids.into_iter().map(row).collect();
    let text = |name: &str| field(&fields, name).to_owned();
    let own = OwnReason { id: text("own-id"), ja: text("own-ja"), en: text("own-en") };
    let own = (!own.id.is_empty() || !own.ja.is_empty()).then_some(own);
    let done = site.ask(move |app| app.change_reasons(&rows, own)).await;
    done.map_err(|_| {
        Fault::bad(
            "追加する理由は、id(英小文字・数字・_)と日本語の名前を入れてください。",
            "A reason of your own needs an id (small letters, digits, _) and a Japanese name.",
        )
    })?;
    Ok(back("/voices/reasons", "reason_list", Some(&by)))
}

async fn state(With(site): With<Site>, Path(id): Path<i64>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let reason = field(&fields, "reason").to_owned();
    if reason.is_empty() {
        return Err(Fault::bad("休眠理由を選んでください。", "Choose the reason."));
    }
    let words: String = field(&fields, "words").chars().take(2_000).collect();
    let source = ReasonSource::from_word(field(&fields, "source")).filter(|source| source.is_said());
    let source = source.unwrap_or(ReasonSource::Note);
    let stated = Stated { customer: id, reason, source, confidence: 1.0, words };
    let name = by.clone();
    site.ask(move |app| app.state_reason(&stated, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "reason", Some(&by)))
}

async fn refuse_goods(
    With(site): With<Site>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let (sku, name) = (field(&fields, "sku").to_owned(), by.clone());
    site.ask(move |app| app.refuse_goods(id, &sku, &name)).await.map_err(|_| Fault::Missing)?;
    Ok(back(&format!("/customers/{id}"), "goods_refused", Some(&by)))
}

async fn take_back(
    With(site): With<Site>,
    Path((id, statement)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let name = by.clone();
    site.ask(move |app| app.drop_reason(statement, &name)).await?;
    Ok(back(&format!("/customers/{id}"), "reason_gone", Some(&by)))
}
