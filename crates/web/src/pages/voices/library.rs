//! 素材: what may be shown in letters, and whose it is.

use crate::fault::Fault;
use crate::pages::{Fields, back, field, signed};
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{NewContent, StoredContent};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State as With};
use axum::response::Response;
use axum::routing::{get, post};
use model::{ContentKind, Day, Marking};

pub fn routes() -> Router<Site> {
    Router::new().route("/voices/library", get(list).post(save)).route("/voices/library/retire", post(retire))
}

#[derive(Template)]
#[template(path = "voices_library.html")]
struct Page {
    s: Shell,
    all: Vec<StoredContent>,
}

async fn list(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let mut all = site.ask(|app| app.library()).await?;
    all.retain(|c| c.retired.is_none());
    render(&Page { s, all })
}

async fn save(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let text = |name: &str| field(&fields, name).to_owned();
    let kind = ContentKind::from_word(&text("kind"))
        .ok_or_else(|| Fault::bad("種類を選んでください。", "Choose the kind."))?;
    let marking = Marking::from_word(&text("marking")).unwrap_or(Marking::Unknown);
    let content = NewContent {
        word: text("word"),
        kind,
        title: text("title"),
        said: text("said"),
        holder: text("holder"),
        permitted_on: day(field(&fields, "permitted_on"))?,
        until: day(field(&fields, "until"))?,
        marking,
        link: text("link"),
    };
    let name = by.clone();
    site.ask(move |app| app.save_content(&content, &name)).await.map_err(|_| {
        Fault::bad(
            "呼び名は半角の小文字・数字・_ で、本文は2,000文字までで入れてください。",
            "A word has small letters, figures and _; the text has 2,000 characters at most.",
        )
    })?;
    Ok(back("/voices/library", "voice", Some(&by)))
}

async fn retire(With(site): With<Site>, Form(fields): Fields) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let word = field(&fields, "word").to_owned();
    // Taken out by somebody else a moment ago is out.
    let _ = site.ask(move |app| Ok(app.retire_content(&word).is_ok())).await?;
    Ok(back("/voices/library", "voice", Some(&by)))
}

fn day(typed: &str) -> Result<Option<Day>, Fault> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| Fault::bad("日付の形をご確認ください。", "Check the date."))
}

impl Page {
    fn kinds(&self) -> &'static [ContentKind] {
        ContentKind::ALL
    }

    fn markings(&self) -> &'static [Marking] {
        Marking::ALL
    }

    /// How a letter names it.
    fn name(&self, c: &StoredContent) -> String {
        format!("{{{{ {}.{} }}}}", c.content.kind.word(), c.content.word)
    }

    /// What is missing before it may be shown without a doubt.
    fn lacks(&self, c: &StoredContent) -> Vec<&'static str> {
        let x = &c.content;
        let doubtful =
            x.marking == Marking::Unmarked || (x.marking == Marking::Unknown && x.kind == ContentKind::Sns);
        let over = x.until.is_some_and(|until| until < self.s.today);
        [
            (x.holder.is_empty(), self.s.t("権利者が未登録", "nobody knows whose it is")),
            (x.permitted_on.is_none(), self.s.t("掲載許可の日が未登録", "no day of permission")),
            (over, self.s.t("掲載期間が終了", "may not be shown any more")),
            (doubtful, self.s.t("広告表示の確認が必要", "may need the mark 広告")),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect()
    }
}
