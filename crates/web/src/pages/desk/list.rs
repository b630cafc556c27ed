//! Who waits for a call, and the list to print.

use crate::download;
use crate::fault::Fault;
use crate::say::Lang;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{DeskList, DeskQuery, DeskRow};
use askama::Template;
use axum::Router;
use axum::extract::State as With;
use axum::response::Response;
use axum::routing::get;

pub fn routes() -> Router<Site> {
    Router::new().route("/desk/list", get(list)).route("/desk/list.csv", get(csv))
}

#[derive(Template)]
#[template(path = "desk_list.html")]
struct Page {
    s: Shell,
    list: DeskList,
    campaign: Option<i64>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let campaign = s.query.number("campaign");
    let page = s.query.number("page").and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1) - 1;
    let list = site.ask(move |app| app.desk_list(&DeskQuery { campaign, page })).await?;
    render(&Page { s, list, campaign })
}

async fn csv(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let (campaign, english) = (s.query.number("campaign"), s.lang == Lang::En);
    let name = format!("{}_{}.csv", s.t("電話リスト", "calls"), s.today);
    let who = s.operator.clone();
    Ok(download::file(&site, &name, "text/csv; charset=utf-8", move |app, out| {
        let calls = app.desk_list(&DeskQuery { campaign, page: 0 })?.total;
        app.note_access(&who, "list", None, Some(calls), "desk")?;
        app.desk_csv(campaign, english, out).map(drop)
    }))
}

impl Page {
    fn pages(&self) -> usize {
        (self.list.total as usize).div_ceil(self.list.per_page).max(1)
    }

    fn page_href(&self, page: &usize) -> String {
        self.s.query.with("page", &page.to_string()).on(&self.s.path)
    }

    fn csv_href(&self) -> String {
        self.s.query.without(&["page"]).on("/desk/list.csv")
    }

    fn chosen(&self, campaign: &i64) -> bool {
        self.campaign == Some(*campaign)
    }

    fn name(&self, row: &DeskRow) -> String {
        match (row.name.is_empty(), row.company.as_deref()) {
            (false, _) => row.name.clone(),
            (true, Some(company)) => company.to_owned(),
            (true, None) => format!("{} {}", self.s.t("お客様", "customer"), row.person),
        }
    }

    fn why(&self, row: &DeskRow) -> String {
        let (ja, en) = row.why();
        self.s.t(&ja, &en).to_owned()
    }

    fn missing(&self, row: &DeskRow) -> String {
        let words: Vec<&str> = row.missing.iter().map(|(ja, en)| self.s.t(ja, en)).collect();
        words.join(self.s.t("、", ", "))
    }
}
