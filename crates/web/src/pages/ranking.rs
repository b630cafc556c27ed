//! 優先順位: whom to wake first, for how much, and where it stops paying.

use super::customers::honoured;
use super::settings::change;
use super::{Fields, back, terms};
use crate::download;
use crate::fault::Fault;
use crate::pictures::{Width, bar, gain, mark, range, steps, track};
use crate::query::{Query, people_href};
use crate::say::{Count, Lang};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{
    ListQuery, OutlookMode, QUIET, RankFormat, RankPoint, RankQuery, RankRow, RankTotals, Ranking, STOCKED,
    Settings, UNKNOWN, paying,
};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::{Channel, Money, Sense, State, Type};
use std::collections::HashMap;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/ranking", get(show))
        .route("/ranking.csv", get(export))
        .route("/ranking/terms", post(save))
}

const PER_PAGE: usize = 50;
/// Places of the budget slider.
const SLIDES: f64 = 200.0;

/// What the address asks for.
fn asked(query: &Query) -> RankQuery {
    RankQuery {
        channel: Channel::from_word(query.get("channel")).unwrap_or(Channel::Mail),
        budget: budget(query),
        reachable: !query.get("reachable").is_empty(),
        condition: query.get("where").to_owned(),
    }
}

/// The budget in force: the slider's where it was moved, else the typed one. At its end the slider
/// sets no limit.
fn budget(query: &Query) -> Option<Money> {
    let moved = query.get("slide") != query.get("was");
    let typed = if moved { query.get("slide") } else { query.get("budget") };
    let plain: String = typed.chars().filter(|c| !matches!(c, ',' | '円' | ' ')).collect();
    let units: f64 = plain.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)?;
    let unlimited = moved && query.get("slide") == query.get("end");
    (!unlimited).then(|| Money((units * 100.0).round() as i64))
}

/// The same question without what only the slider needs.
fn plain(query: &Query, ask: &RankQuery) -> Query {
    let rest = query.without(&["slide", "was", "end", "budget", "done", "page"]);
    match ask.budget {
        Some(budget) => rest.with("budget", &budget.to_string()),
        None => rest,
    }
}

#[derive(Template)]
#[template(path = "ranking.html")]
struct Page {
    s: Shell,
    ask: RankQuery,
    settings: Settings,
    /// How much the shop's past can tell; `None` without a model.
    sense: Option<Sense>,
    found: Result<Found, Fault>,
}

/// The ranking and a page of its rows.
struct Found {
    r: Ranking,
    rows: Vec<Row>,
    /// Of these pages, from 1.
    page: u64,
    /// The share at the right end of every bar.
    most: f64,
    pictures: [String; 2],
    steps: Vec<RankPoint>,
}

struct Row {
    r: RankRow,
    name: String,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let ask = asked(&s.query);
    if !s.query.get("slide").is_empty() {
        return Ok(Redirect::to(&plain(&s.query, &ask).on("/ranking")).into_response());
    }
    let page = s.query.number("page").map_or(0, |n| usize::try_from(n - 1).unwrap_or(0));
    let question = ask.clone();
    let (settings, model) = site.ask(|app| Ok((app.settings()?, app.model()?))).await?;
    let answer = site.ask(move |app| {
        let (ranking, rows) = app.rank(&question, page.saturating_mul(PER_PAGE), PER_PAGE)?;
        let ids: Vec<String> = rows.iter().map(|r| r.customer.to_string()).collect();
        let named = match ids.is_empty() {
            true => vec![],
            false => {
                let condition = format!("customer in ({})", ids.join(", "));
                app.list(&ListQuery { condition, per_page: PER_PAGE, ..ListQuery::default() })?.rows
            }
        };
        Ok((ranking, rows, named))
    });
    let found = match answer.await {
        Ok((r, rows, named)) => {
            let names: HashMap<i64, String> = named.iter().map(|n| (n.customer, honoured(n, &s))).collect();
            let draw = |width| gain(&r, &s.currency, width, s.lang);
            Ok(Found {
                pictures: [draw(Width::Desk), draw(Width::Phone)],
                steps: steps(&r),
                most: track(rows.iter().map(|row| row.outlook.p_high)),
                page: page as u64 + 1,
                rows: rows
                    .into_iter()
                    .map(|r| Row { name: names.get(&r.customer).cloned().unwrap_or_default(), r })
                    .collect(),
                r,
            })
        }
        Err(why @ Fault::Segment(_)) => Err(why),
        Err(why) => return Err(why),
    };
    render(&Page { s, ask, settings, sense: model.map(|card| card.sense), found })
}

impl Page {
    fn is_off(&self) -> bool {
        self.settings.outlook == OutlookMode::Off
    }

    /// A word of care where the shop's past tells little.
    fn little(&self) -> Option<&'static str> {
        let words = self.s.t(
            "このお店の過去から分かることはまだわずかです。順番の目安としてお使いください。",
            "This shop's own past tells little yet: take the order as a rough one.",
        );
        matches!(self.sense, Some(Sense::None | Sense::Little)).then_some(words)
    }

    fn channels(&self) -> &'static [Channel] {
        Channel::ALL
    }

    /// What one touch costs, to the cent where there are any: 0.5円.
    fn cost(&self, channel: &Channel) -> String {
        self.s.yen_about(self.settings.cost_of(*channel))
    }

    fn channel(&self) -> &'static str {
        self.s.t(self.ask.channel.ja(), self.ask.channel.en())
    }

    fn here(&self, name: &str, value: &str) -> String {
        self.s.query.without(&["page", "done", name]).with(name, value).on("/ranking")
    }

    fn page(&self, number: impl Count) -> String {
        self.here("page", &number.number().to_string())
    }

    fn pages(&self, found: &Found) -> u64 {
        found.r.listed().customers.div_ceil(PER_PAGE as u64).max(1)
    }

    fn here_of(&self, found: &Found) -> u64 {
        found.page
    }

    fn csv(&self) -> String {
        self.s.query.without(&["page", "done"]).on("/ranking.csv")
    }

    /// As far as it pays and the budget reaches.
    fn line(&self, found: &Found) -> RankTotals {
        if found.r.budget.is_some() { found.r.taken } else { found.r.pays }
    }

    /// Whether the budget, not the profit, ends the list.
    fn is_cut(&self, found: &Found) -> bool {
        found.r.budget.is_some() && found.r.taken.customers < found.r.pays.customers
    }

    fn line_href(&self, found: &Found) -> String {
        self.people_of_line(found, "")
    }

    fn regular_href(&self, found: &Found) -> String {
        self.people_of_line(found, " and type = 'b'")
    }

    /// Where the people of the line are listed: by themselves where a condition can say it.
    fn people_of_line(&self, found: &Found, more: &str) -> String {
        match self.ask.reachable || self.is_cut(found) {
            true => "#rows".to_owned(),
            false => people_href(&(paying(&self.settings, &self.ask, found.r.as_of) + more)),
        }
    }

    /// The quiet of the segment asked for, with one more condition.
    fn quiet_href(&self, more: &str) -> String {
        let own = match self.ask.condition.as_str() {
            "" => String::new(),
            own => format!(" and ({own})"),
        };
        people_href(&format!("{QUIET}{own}{more}"))
    }

    fn stocked_href(&self) -> String {
        self.quiet_href(&format!(" and {STOCKED}"))
    }

    fn unknown_href(&self) -> String {
        self.quiet_href(&format!(" and {UNKNOWN}"))
    }

    fn reach_href(&self) -> String {
        self.quiet_href("").replacen("/customers", "/reach", 1)
    }

    /// The slider: its step, its end, where it stands; all in units of the currency.
    fn slider(&self, found: &Found) -> (String, String, String) {
        let cost = found.r.pays.cost.as_f64();
        let step = step(cost / SLIDES);
        let end = (cost / step).ceil().max(1.0) * step;
        let at = found.r.budget.map_or(end, |b| (b.as_f64() / step).round() * step).min(end);
        (plain_number(step), plain_number(end), plain_number(at))
    }

    fn budget_text(&self) -> String {
        self.ask.budget.map_or(String::new(), |b| b.to_string())
    }

    /// The curve for the script: customers, added orders, profit in units, up to the stop line.
    fn curve(&self, found: &Found) -> String {
        let r = &found.r;
        let below = r.curve.iter().map(|p| p.totals).filter(|t| t.customers < r.pays.customers);
        let point =
            |t: RankTotals| format!("[{},{:.3},{:.1}]", t.customers, t.added_orders, t.profit.as_f64());
        format!("[{}]", below.chain([r.pays]).map(point).collect::<Vec<_>>().join(","))
    }

    fn unit_cost(&self) -> f64 {
        self.settings.cost_of(self.ask.channel).as_f64()
    }

    /// The profit of the first in line.
    fn best(&self, found: &Found) -> String {
        let first = found.r.curve.first().map_or(Money::ZERO, |p| p.marginal);
        self.s.yen_about(first)
    }

    /// Customers of the line who are expected back without any touch.
    fn anyway(&self, found: &Found) -> u64 {
        self.line(found).returns_anyway.round() as u64
    }

    fn share_bar(&self, of: &RankTotals) -> String {
        bar(of.regular, of.customers, "fill")
    }

    fn types_finding(&self, found: &Found) -> String {
        let (line, all, s) = (self.line(found), found.r.all, &self.s);
        let share = |t: RankTotals| t.regular as f64 / t.customers.max(1) as f64;
        let first = line.customers > 0 && share(line) > share(all) + 0.005;
        match (first, s.lang) {
            (true, Lang::Ja) => "くり返し購入のBの方が先に並びます".to_owned(),
            (true, Lang::En) => "B, who bought more than once, come first".to_owned(),
            (false, Lang::Ja) => "BとAの割合".to_owned(),
            (false, Lang::En) => "B and A".to_owned(),
        }
    }

    /// The page of the stop line, where it lies within the list.
    fn stop_href(&self, found: &Found) -> Option<String> {
        let (pays, listed) = (found.r.pays.customers, found.r.listed().customers);
        let page = pays / PER_PAGE as u64 + 1;
        (pays < listed).then(|| format!("{}#stop", self.page(page)))
    }

    /// Whether the stop line lies right above this row.
    fn stops_above(&self, row: &Row, found: &Found) -> bool {
        row.r.rank == found.r.pays.customers + 1
    }

    fn mark(&self, state: &State) -> String {
        mark(*state)
    }

    fn bar(&self, row: &Row, found: &Found) -> String {
        let o = &row.r.outlook;
        range((o.p_low, o.p_return, o.p_high), found.most)
    }

    /// A or B, where either.
    fn kind(&self, row: &Row) -> &'static str {
        match row.r.kind {
            Type::B => "B",
            Type::A => "A",
            Type::None => "",
        }
    }

    /// The lift believed, in percentage points.
    fn points(&self, row: &Row) -> String {
        format!("{:.2}{}", row.r.expected_lift * 100.0, self.s.t("pt", " pt"))
    }

    /// How late the next order is, or when it is due.
    fn due(&self, row: &Row, found: &Found) -> String {
        match row.r.outlook.overdue(found.r.as_of) {
            late @ 1.. if self.s.lang == Lang::Ja => format!("{}超過", self.s.days(late)),
            late @ 1.. => format!("{} late", self.s.days(late)),
            ahead if self.s.lang == Lang::Ja => format!("あと{}", self.s.days(-ahead)),
            ahead => format!("in {}", self.s.days(-ahead)),
        }
    }

    fn finding(&self, found: &Found) -> String {
        let (r, s) = (&found.r, &self.s);
        let (pays, profit) = (s.people(r.pays.customers), s.yen_about(r.pays.profit));
        match (r.pays.customers, s.lang) {
            (0, Lang::Ja) => "どなたへの連絡も、いまの仮の値では費用に見合いません".to_owned(),
            (0, Lang::En) => "On these terms a touch pays for nobody".to_owned(),
            (n, Lang::Ja) if n == r.all.customers => {
                format!("最後の{pays}目まで費用に見合い、利益の見込みは合計{profit}です")
            }
            (n, Lang::En) if n == r.all.customers => {
                format!("It pays down to the last of {pays}; the expected profit is {profit}")
            }
            (_, Lang::Ja) => format!("{pays}で利益の見込みが最大の{profit}になり、その先は減ります"),
            (_, Lang::En) => format!("The expected profit peaks at {profit} with {pays}, and falls beyond"),
        }
    }

    fn terms(&self) -> terms::Terms<'_> {
        terms::Terms::new(&self.settings, &self.s)
    }
}

/// The round step of 1, 2 or 5 times a power of ten that is at least this.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(0.01).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= least).unwrap_or(10.0 * power)
}

/// Without a fraction where there is none.
fn plain_number(n: f64) -> String {
    if n.fract().abs() < 1e-9 { format!("{n:.0}") } else { format!("{n:.2}") }
}

async fn save(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let terms = terms::read(&fields)?;
    change(&site, move |now| terms.on(now)).await?;
    let channel = Channel::from_word(super::field(&fields, "channel")).unwrap_or(Channel::Mail);
    Ok(back(&format!("/ranking?channel={}", channel.word()), "terms", None))
}

async fn export(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let ask = asked(&s.query);
    // A condition that cannot be read is told as a page, before a file has begun.
    let condition = ask.condition.clone();
    site.ask(move |app| app.count(&condition)).await?;
    let label = format!("{}-{}", s.t("優先順位", "ranking"), s.t(ask.channel.ja(), ask.channel.en()));
    let name = format!("{}-{}.csv", crate::upload::safe_name(&label), s.today);
    let english = s.lang == Lang::En;
    Ok(download::file(&site, &name, "text/csv; charset=utf-8", move |app, out| {
        app.export_ranking(&ask, RankFormat::Csv, english, out).map(drop)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &[(&str, &str)]) -> Query {
        Query(text.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn the_slider_speaks_only_when_it_was_moved() {
        for (asked, cents) in [
            (vec![], None),
            (vec![("budget", "")], None),
            (vec![("budget", "12,000円")], Some(1_200_000)),
            (vec![("budget", "150"), ("slide", "200"), ("was", "200"), ("end", "900")], Some(15_000)),
            (vec![("budget", "150"), ("slide", "300"), ("was", "200"), ("end", "900")], Some(30_000)),
            (vec![("budget", "150"), ("slide", "900"), ("was", "200"), ("end", "900")], None),
            (vec![("budget", "0.5")], Some(50)),
            (vec![("budget", "-3")], None),
            (vec![("budget", "inf")], None),
        ] {
            assert_eq!(budget(&query(&asked)).map(|b| b.0), cents, "{asked:?}");
        }
    }

    #[test]
    fn a_moved_slider_leads_to_a_plain_address() {
        let query =
            query(&[("channel", "sms"), ("slide", "300"), ("was", "200"), ("end", "900"), ("budget", "5")]);
        let ask = asked(&query);
        assert_eq!(plain(&query, &ask).on("/ranking"), "/ranking?channel=sms&budget=300");
    }

    #[test]
    fn slides_are_round() {
        for (least, round) in [(4.2, 5.0), (0.0, 0.01), (64.8, 100.0), (1.0, 1.0), (2500.0, 5000.0)] {
            assert_eq!(step(least), round, "{least}");
        }
    }
}
