//! 今日: who is asleep.

use crate::fault::Fault;
use crate::pictures::{Part, Width, bar, flow, mark, stack};
use crate::query::people_href;
use crate::say::Lang;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{
    Alert, AlertKind, ArrivalView, Board, Cell, InboxCount, MonthRow, PolicySizes, TaskView, VisitAlert,
};
use askama::Template;
use axum::Router;
use axum::extract::State as With;
use axum::response::Response;
use axum::routing::get;
use model::{Channel, State};

pub fn routes() -> Router<Site> {
    Router::new().route("/", get(today))
}

/// Orders older than this many days are worth a word.
const STALE_DAYS: i64 = 7;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    s: Shell,
    b: Board,
    sizes: Vec<PolicySizes>,
    stack: String,
    flow_desk: String,
    flow_phone: String,
    flow_says: String,
    /// Whole days since the newest order, when that is long.
    stale: Option<i64>,
    /// How many a touch is expected to pay for, per channel; empty without a model.
    paying: Vec<(Channel, u64)>,
    /// What waits for a person, of every campaign.
    alerts: Vec<Alert>,
    /// Next actions due by the end of today, overdue first.
    tasks: Vec<TaskView>,
    /// What customers wrote that waits for an answer.
    inbox: InboxCount,
    /// Dormant customers who came to the site.
    visited: Option<VisitAlert>,
    /// Files that could not be taken in by themselves.
    failed: Vec<ArrivalView>,
}

#[derive(Template)]
#[template(path = "board_empty.html")]
struct EmptyPage {
    s: Shell,
}

async fn today(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let found = site
        .ask(|app| {
            let empty = app.is_empty()?;
            Ok(if empty { None } else { Some((app.board()?, app.compare()?, app.now())) })
        })
        .await?;
    let Some((b, sizes, now)) = found else { return render(&EmptyPage { s }) };
    let (paying, alerts, tasks, inbox) =
        site.ask(|app| Ok((app.paying()?, app.alerts()?, app.tasks_due()?, app.inbox_count()?))).await?;
    let failed = site.ask(|app| app.arrivals_failed()).await?;
    let visited = site.ask(|app| app.visit_alert()).await?;
    let stale = b.latest_order.map(|at| (now - at) / 86_400).filter(|days| *days > STALE_DAYS);
    render(&BoardPage {
        stack: state_bar(&b, &s),
        flow_desk: flow(&b.movement, Width::Desk, s.lang),
        flow_phone: flow(&b.movement, Width::Phone, s.lang),
        flow_says: finding(&b.movement, s.lang),
        stale,
        paying,
        alerts,
        tasks,
        inbox,
        visited,
        failed,
        b,
        sizes,
        s,
    })
}

impl BoardPage {
    /// The dormant who came to the site.
    fn visited_href(&self, alert: &VisitAlert) -> String {
        people_href(&alert.condition)
    }

    /// Where a matter is settled.
    fn settle_href(&self, alert: &Alert) -> String {
        settle_href(alert)
    }
}

/// The page on which a matter of a campaign is settled.
pub fn settle_href(alert: &Alert) -> String {
    let page = match alert.kind {
        AlertKind::InDoubt => "/doubts",
        AlertKind::Seconding => "/plan",
        AlertKind::Target => "/result",
        AlertKind::Paused | AlertKind::Waits | AlertKind::Complaints => "",
    };
    format!("/campaigns/{}{page}", alert.campaign)
}

fn state_bar(b: &Board, s: &Shell) -> String {
    let parts: Vec<Part<'_>> = b
        .states
        .iter()
        .map(|c| Part {
            class: fill(&c.word),
            label: format!(
                "{} {} ({})",
                s.t(&c.ja, &c.en),
                s.people(c.customers),
                s.pct(c.customers, b.customers)
            ),
            href: people_href(&c.condition),
            size: c.customers,
        })
        .collect();
    stack(s.t("状態ごとの人数", "Customers by state"), &parts)
}

fn fill(word: &str) -> &'static str {
    match State::from_word(word) {
        Some(State::Active) => "fill-active",
        Some(State::AtRisk) => "fill-at_risk",
        Some(State::Dormant) => "fill-dormant",
        Some(State::Lost) => "fill-lost",
        Some(State::Withdrawn) => "fill-withdrawn",
        Some(State::Prospect) | None => "fill-prospect",
    }
}

/// What the flow says, in one sentence.
fn finding(months: &[MonthRow], lang: Lang) -> String {
    let (Some(first), Some(last)) =
        (months.len().checked_sub(13).and_then(|i| months.get(i)).or(months.first()), months.last())
    else {
        return String::new();
    };
    let (then, now) = (first.closing, last.closing);
    let span = months.len().min(13) - 1;
    let change = lang.people(now.abs_diff(then));
    match (lang, now.cmp(&then)) {
        (Lang::Ja, std::cmp::Ordering::Equal) => {
            format!("稼働中の方は{span}か月前と同じ {} です", lang.people(now))
        }
        (Lang::Ja, order) => format!(
            "稼働中の方はこの{span}か月で {change}{}、いまは {} です",
            if order.is_lt() { "減り" } else { "増え" },
            lang.people(now)
        ),
        (Lang::En, std::cmp::Ordering::Equal) => {
            format!("{} awake, as many as {span} months ago", lang.people(now))
        }
        (Lang::En, order) => format!(
            "{} awake now, {change} {} than {span} months ago",
            lang.people(now),
            if order.is_lt() { "fewer" } else { "more" }
        ),
    }
}

impl BoardPage {
    fn overdue(&self) -> usize {
        self.tasks.iter().filter(|t| t.overdue).count()
    }

    fn mark(&self, word: &str) -> String {
        State::from_word(word).map(mark).unwrap_or_default()
    }

    fn href(&self, cell: &Cell) -> String {
        people_href(&cell.condition)
    }

    fn state(&self, state: State) -> Option<&Cell> {
        self.b.states.iter().find(|c| c.word == state.word())
    }

    fn dormant(&self) -> Option<&Cell> {
        self.state(State::Dormant)
    }

    fn at_risk(&self) -> Option<&Cell> {
        self.state(State::AtRisk)
    }

    fn share(&self, cell: &Cell, of: &[Cell]) -> String {
        bar(cell.customers, of.iter().map(|c| c.customers).max().unwrap_or(0), "fill")
    }

    fn share_of_spend(&self, cell: &Cell) -> String {
        let most = self.b.deciles.iter().map(|c| c.spend.0).max().unwrap_or(0);
        bar(cell.spend.0.max(0) as u64, most.max(0) as u64, "fill")
    }

    /// CPM's rows: those still there, those gone.
    fn cpm(&self, gone: &bool) -> Vec<&Cell> {
        self.b.cpm.iter().filter(|c| c.word.ends_with("_gone") == *gone).collect()
    }

    /// How strongly a cell of the heat map is coloured, 0..=5.
    fn heat(&self, customers: &u64) -> u8 {
        let most = self.b.rfm.iter().flatten().map(|c| c.customers).max().unwrap_or(0);
        if *customers == 0 || most == 0 {
            0
        } else {
            1 + ((*customers as f64 / most as f64).sqrt() * 4.0).round() as u8
        }
    }

    /// The policy's name with its version, where it has one.
    fn policy_name(&self) -> String {
        if self.b.policy_version == 0 {
            self.b.policy.clone()
        } else {
            format!("{} v{}", self.b.policy, self.b.policy_version)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Day;

    #[test]
    fn the_finding_says_the_change() {
        let row =
            |closing| MonthRow { month: Day(20_000), opening: 0, new: 0, reactivated: 0, lapsed: 0, closing };
        let mut months = vec![row(7); 11];
        months.extend([row(5012), row(1), row(4195)]);
        months.drain(..1);
        months[0] = row(5012);
        assert_eq!(finding(&months, Lang::Ja), "稼働中の方はこの12か月で 817人減り、いまは 4,195人 です");
        assert_eq!(finding(&[row(3)], Lang::En), "3 customers awake, as many as 0 months ago");
        assert_eq!(finding(&[], Lang::Ja), "");
    }
}
