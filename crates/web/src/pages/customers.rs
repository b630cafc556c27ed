//! 顧客: any list of people, counted, sorted, taken away.

use crate::download;
use crate::fault::Fault;
use crate::pictures::mark;
use crate::query::Query;
use crate::say::{Count, visible};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{ColumnInfo, ExportFormat, ListPage, ListQuery, ListRow, OutlookMode};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as With};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use model::{Day, Money, Silent, Stage, State};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/customers", get(list))
        .route("/customers/count", get(count))
        .route("/customers/export.csv", get(export))
        .route("/customers/export.xlsx", get(export))
        .route("/customers/export.parquet", get(export))
        .route("/customers/export.json", get(export))
        .route("/customers/crm/{crm}", get(export_crm))
}

const PER_PAGE: usize = 50;
/// The silent categories a marketer works with; the others need no chip.
const SILENT: [Silent; 5] = [Silent::Paused, Silent::OneOff, Silent::Cancelled, Silent::New, Silent::Running];

/// The columns that the list can be sorted by: published name, Japanese, English, figures?
const SORTS: [(&str, &str, &str); 8] = [
    ("days_silent", "沈黙日数", "Silent"),
    ("last_order", "最後の注文", "Last order"),
    ("n_orders", "注文回数", "Orders"),
    ("spend", "累計金額", "Spend"),
    ("own_cycle_days", "ふだんの間隔", "Usual gap"),
    ("first_order", "最初の注文", "First order"),
    ("p_return", "復帰の見込み", "Return"),
    ("value", "期待価値", "Value"),
];
/// The sorts that need a model, and those that give way to them.
const EXPECTED: [&str; 2] = ["p_return", "value"];
const YIELDING: [&str; 2] = ["own_cycle_days", "first_order"];

/// What the address asks for; the same for the list, the count and the export.
pub fn list_query(query: &Query) -> ListQuery {
    let sort = SORTS.iter().map(|s| s.0).find(|s| *s == query.get("sort")).unwrap_or("days_silent");
    ListQuery {
        condition: condition(query),
        segment: Some(query.get("segment").to_owned()).filter(|s| !s.is_empty()),
        search: query.get("q").to_owned(),
        sort: sort.to_owned(),
        descending: query.get("dir") == "desc",
        page: query.number("page").map_or(0, |n| usize::try_from(n - 1).unwrap_or(0)),
        per_page: PER_PAGE,
    }
}

/// The chips and the typed text as one condition. Chips of one row are alternatives.
fn condition(query: &Query) -> String {
    let mut parts = Vec::new();
    for (name, column, known) in [
        ("state", "state", State::ALL.iter().map(|v| v.word()).collect::<Vec<_>>()),
        ("stage", "stage", Stage::ALL.iter().map(|v| v.word()).collect()),
        ("silent", "silent_category", Silent::ALL.iter().map(|v| v.word()).collect()),
    ] {
        let chosen: Vec<String> =
            query.all(name).filter(|w| known.contains(w)).map(|w| format!("'{w}'")).collect();
        match chosen.len() {
            0 => {}
            1 => parts.push(format!("{column} = {}", chosen[0])),
            _ => parts.push(format!("{column} in ({})", chosen.join(", "))),
        }
    }
    let typed = query.get("where");
    if !typed.is_empty() {
        parts.push(if parts.is_empty() { typed.to_owned() } else { format!("({typed})") });
    }
    parts.join(" and ")
}

#[derive(Template)]
#[template(path = "customers.html")]
struct ListView {
    s: Shell,
    asked: ListQuery,
    /// `Err`: why the condition cannot be read.
    list: Result<ListPage, Fault>,
    segments: Vec<(String, String)>,
    columns: &'static [ColumnInfo],
    /// Whether the shop wants expectations.
    forecasts: bool,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let asked = list_query(&s.query);
    let question = asked.clone();
    let (segments, mode) = site.ask(|app| Ok((app.segments()?, app.settings()?.outlook))).await?;
    let list = match site.ask(move |app| app.list(&question)).await {
        Err(why @ Fault::Segment(_)) => Err(why),
        Err(why) => return Err(why),
        Ok(page) => Ok(page),
    };
    render(&ListView {
        s,
        asked,
        list,
        segments,
        columns: app::columns(),
        forecasts: mode != OutlookMode::Off,
    })
}

impl ListView {
    fn chips(&self) -> Vec<Chips> {
        let row = |name: &'static str,
                   title: &'static str,
                   words: Vec<(&'static str, &'static str, String)>| Chips {
            name,
            title,
            chips: words
                .into_iter()
                .map(|(word, label, mark)| Chip {
                    word,
                    label,
                    mark,
                    on: self.s.query.all(name).any(|w| w == word),
                })
                .collect(),
        };
        let s = &self.s;
        vec![
            row(
                "state",
                s.t("状態", "State"),
                State::ALL.iter().map(|v| (v.word(), s.t(v.ja(), v.en()), mark(*v))).collect(),
            ),
            row(
                "stage",
                s.t("段階", "Stage"),
                Stage::ALL.iter().map(|v| (v.word(), s.t(v.ja(), v.en()), String::new())).collect(),
            ),
            row(
                "silent",
                s.t("沈黙の型", "Silence"),
                SILENT.iter().map(|v| (v.word(), s.t(v.ja(), v.en()), String::new())).collect(),
            ),
        ]
    }

    /// Whether a filter beyond the typed text is on, so that the form opens.
    fn narrowed(&self) -> bool {
        ["state", "stage", "silent", "where", "segment"].iter().any(|n| !self.s.query.get(n).is_empty())
    }

    /// Whether the list shows what is expected of each, in the place of two columns of the past.
    fn expects(&self) -> bool {
        self.s.query.get("show") == "outlook" || EXPECTED.contains(&self.asked.sort.as_str())
    }

    /// The list with the other columns.
    fn other_columns(&self) -> String {
        let query = self.s.query.without(&["show", "done"]);
        match self.expects() {
            true if EXPECTED.contains(&query.get("sort")) => query.without(&["sort", "dir"]).on("/customers"),
            true => query.on("/customers"),
            false => query.with("show", "outlook").on("/customers"),
        }
    }

    fn sorts(&self) -> Vec<Sort> {
        let hidden = if self.expects() { YIELDING } else { EXPECTED };
        SORTS
            .iter()
            .filter(|(name, ..)| !hidden.contains(name))
            .map(|(name, ja, en)| {
                let on = self.asked.sort == *name;
                let turned = on && !self.asked.descending;
                // Money, orders and silence are read from the largest down.
                let dir = if turned || (!on && *name != "first_order" && *name != "last_order") {
                    "desc"
                } else {
                    "asc"
                };
                let href = self
                    .s
                    .query
                    .without(&["page", "done"])
                    .with("sort", name)
                    .with("dir", dir)
                    .on("/customers");
                let aria = if !on {
                    "none"
                } else if self.asked.descending {
                    "descending"
                } else {
                    "ascending"
                };
                Sort { label: self.s.t(ja, en), href, aria }
            })
            .collect()
    }

    fn export(&self, format: &str, encoding: &str) -> String {
        let query = self.s.query.without(&["page", "done"]);
        if encoding.is_empty() {
            query.on(&format!("/customers/export.{format}"))
        } else {
            query.with("encoding", encoding).on(&format!("/customers/export.{format}"))
        }
    }

    fn crms(&self) -> Vec<(&'static str, String)> {
        let query = self.s.query.without(&["page", "done"]);
        app::crms().map(|(word, label)| (label, query.on(&format!("/customers/crm/{word}")))).collect()
    }

    fn page(&self, number: impl Count) -> String {
        self.s.query.with("page", &number.number().to_string()).without(&["done"]).on("/customers")
    }

    fn pages(&self, list: &ListPage) -> usize {
        (list.total as usize).div_ceil(list.per_page.max(1)).max(1)
    }

    fn sama(&self, row: &ListRow) -> String {
        honoured(row, &self.s)
    }

    fn day_or_dash(&self, day: &Option<Day>) -> String {
        day.map_or_else(|| "–".to_owned(), |d| self.s.date(d))
    }

    fn mark(&self, state: &State) -> String {
        mark(*state)
    }
}

/// The name as one writes to a customer: 様 for a person, 御中 for a firm without a person.
pub fn honoured(row: &ListRow, s: &Shell) -> String {
    let (name, firm) = (visible(&row.name), visible(row.company.as_deref().unwrap_or_default()));
    match (name.is_empty(), firm.is_empty()) {
        (false, _) => s.t(&format!("{name} 様"), &name).to_owned(),
        (true, false) => s.t(&format!("{firm} 御中"), &firm).to_owned(),
        (true, true) => format!("{} {}", s.t("顧客", "Customer"), row.customer),
    }
}

struct Chips {
    name: &'static str,
    title: &'static str,
    chips: Vec<Chip>,
}

struct Chip {
    word: &'static str,
    label: &'static str,
    mark: String,
    on: bool,
}

struct Sort {
    label: &'static str,
    href: String,
    aria: &'static str,
}

#[derive(Template)]
#[template(path = "count.html")]
struct Counted {
    s: Shell,
    /// People, spend and the list of them; or why the condition cannot be read.
    found: Result<(u64, Money, String), Fault>,
}

/// The count alone, for beside the text while it is typed.
async fn count(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let asked = ListQuery { per_page: 1, page: 0, ..list_query(&s.query) };
    let plain = asked.segment.is_none() && asked.search.is_empty();
    let counted = site.ask(move |app| match plain {
        true => app.count(&asked.condition),
        false => app.list(&asked).map(|page| (page.total, page.spend)),
    });
    let found = match counted.await {
        Ok((people, spend)) => Ok((people, spend, s.query.without(&["page", "done"]).on("/customers"))),
        Err(why @ Fault::Segment(_)) => Err(why),
        Err(why) => return Err(why),
    };
    let html = Counted { s, found }.render().map_err(|e| Fault::Broken(e.into()))?;
    Ok(Html(html).into_response())
}

async fn export(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let cp932 = s.query.get("encoding") == "cp932";
    let ending = s.path.rsplit('.').next().unwrap_or_default();
    let (format, kind) = match ending {
        "csv" if cp932 => (ExportFormat::Csv { cp932 }, "text/csv; charset=Shift_JIS"),
        "csv" => (ExportFormat::Csv { cp932 }, "text/csv; charset=utf-8"),
        "xlsx" => (ExportFormat::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "parquet" => (ExportFormat::Parquet, "application/vnd.apache.parquet"),
        _ => (ExportFormat::Json, "application/json"),
    };
    let asked = list_query(&s.query);
    // A condition that cannot be read is told as a page, before a file has begun.
    let first = ListQuery { per_page: 1, page: 0, ..asked.clone() };
    let who = s.operator.clone();
    site.ask(move |app| app.list(&first).and_then(|_| app.note_list(&who, "list", &first))).await?;
    let label = asked.segment.as_deref().unwrap_or(s.t("顧客", "customers"));
    let name = format!("{}-{}.{ending}", crate::upload::safe_name(label), s.today);
    let english = s.lang == crate::say::Lang::En;
    Ok(download::file(&site, &name, kind, move |app, out| app.export(&asked, format, english, out).map(drop)))
}

/// The same list under the headers of a CRM.
async fn export_crm(With(site): With<Site>, Path(crm): Path<String>, s: Shell) -> Result<Response, Fault> {
    let Some((word, _)) = app::crms().find(|(word, _)| *word == crm) else { return Err(Fault::Missing) };
    let cp932 = s.query.get("encoding") == "cp932";
    let asked = list_query(&s.query);
    let (first, who) = (asked.clone(), s.operator.clone());
    site.ask(move |app| app.note_list(&who, "crm", &first)).await?;
    let kind = if cp932 { "text/csv; charset=Shift_JIS" } else { "text/csv; charset=utf-8" };
    let name = format!("{word}-{}.csv", s.today);
    Ok(download::file(&site, &name, kind, move |app, out| app.export_crm(&asked, word, cp932, out).map(drop)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &[(&str, &str)]) -> Query {
        Query(text.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn chips_and_text_are_one_condition() {
        for (asked, condition) in [
            (vec![], ""),
            (vec![("where", " spend > 1 ")], "spend > 1"),
            (vec![("state", "dormant")], "state = 'dormant'"),
            (
                vec![("state", "dormant"), ("state", "lost"), ("where", "a or b")],
                "state in ('dormant', 'lost') and (a or b)",
            ),
            (vec![("state", "x' or 1=1 --"), ("silent", "paused")], "silent_category = 'paused'"),
        ] {
            assert_eq!(list_query(&query(&asked)).condition, condition, "{asked:?}");
        }
    }

    #[test]
    fn pages_count_from_one_and_sorts_are_known() {
        let asked = list_query(&query(&[("page", "3"), ("sort", "password"), ("dir", "desc")]));
        assert_eq!((asked.page, asked.sort.as_str(), asked.descending), (2, "days_silent", true));
        assert_eq!(list_query(&query(&[("page", "-4")])).page, 0);
    }
}
