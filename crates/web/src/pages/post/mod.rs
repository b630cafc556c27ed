//! 発送: what waits to be posted, what it will cost, what is held back; batches on their way out.

mod batch;
mod making;
mod returns;

pub use making::Makings;

use super::{Fields, back, field, signed};
use crate::fault::Fault;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{
    Alert, AlertKind, App, BatchRow, HeldPiece, MakePost, PostCost, PostDueRow, PostFit, PostLook,
    PostalCodes, PrintAs,
};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State as With};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use making::Making;

/// Batches listed, and pieces looked at before anything is made.
const BATCHES: usize = 50;
const LOOKED_AT: usize = 200;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/post", get(show))
        .route("/post/look", post(look))
        .route("/post/due/{campaign}/{step}", get(due).post(make))
        .route("/post/preview/{campaign}/{step}/{variant}", get(preview))
        .route("/post/suggest/{campaign}", get(suggest))
        .merge(making::routes())
        .merge(batch::routes())
        .merge(returns::routes())
}

#[derive(Template)]
#[template(path = "post.html")]
struct Page {
    s: Shell,
    due: Vec<PostDueRow>,
    /// Campaigns that make nothing fall due.
    held: Vec<Alert>,
    batches: Vec<BatchRow>,
    codes: Option<PostalCodes>,
}

async fn show(With(site): With<Site>, s: Shell) -> Result<Response, Fault> {
    let ask = |app: &App| {
        let mut held = app.alerts()?;
        held.retain(|a| matches!(a.kind, AlertKind::Waits | AlertKind::Paused));
        Ok((app.post_due(&PrintAs::Postcards)?, held, app.post_batches(BATCHES)?, app.postal_codes()?))
    };
    let (due, held, batches, codes) = site.ask(ask).await?;
    render(&Page { s, due, held, batches, codes })
}

impl Page {
    fn yen(&self, hundredths: &i64) -> String {
        self.s.yen(model::Money(*hundredths))
    }

    fn state(&self, row: &BatchRow) -> &'static str {
        let (ja, en) = app::batch_words(&row.batch);
        self.s.t(ja, en)
    }

    fn kind(&self, row: &BatchRow) -> String {
        kind_words(&row.batch.kind, &self.s)
    }
}

/// What a batch is printed as, in the reader's language.
fn kind_words(word: &str, s: &Shell) -> String {
    PrintAs::from_word(word).map_or(word.to_owned(), |kind| s.t(&kind.ja(), &kind.en()).to_owned())
}

/// Makes what has fallen due, where no worker does.
async fn look(With(site): With<Site>) -> Result<Response, Fault> {
    site.ask(|app| app.make_due()).await?;
    Ok(back("/post", "post_looked", None))
}

#[derive(Template)]
#[template(path = "post_due.html")]
struct Due {
    s: Shell,
    campaign: i64,
    step: u16,
    kind: PrintAs,
    look: Result<PostLook, String>,
    /// What the last making came to, where it made nothing.
    nothing: bool,
}

async fn due(
    With(site): With<Site>,
    Path((campaign, step)): Path<(i64, u16)>,
    s: Shell,
) -> Result<Response, Fault> {
    let kind = PrintAs::from_word(s.query.get("as")).unwrap_or(PrintAs::Postcards);
    if matches!(site.makings.of(campaign, step), Some(Making::Running { .. })) {
        return Ok(Redirect::to(&making::href(campaign, step)).into_response());
    }
    let asked = kind.clone();
    let look = site
        .ask(move |app| {
            app.campaign(campaign)?;
            let look = app.look_at_post(campaign, step, &asked, LOOKED_AT);
            Ok(look.map_err(|why| format!("{why:#}")))
        })
        .await
        .map_err(|_| Fault::Missing)?;
    let nothing = s.query.get("made") == "none";
    render(&Due { s, campaign, step, kind, look, nothing })
}

impl Due {
    fn kinds(&self) -> Vec<(String, String, bool)> {
        let one = |kind: PrintAs| {
            let on = kind == self.kind;
            (kind.word(), self.s.t(&kind.ja(), &kind.en()).to_owned(), on)
        };
        PrintAs::all().into_iter().map(one).collect()
    }

    fn waiting<'a>(&self, look: &'a PostLook) -> Vec<&'a HeldPiece> {
        look.held.iter().filter(|h| !h.skipped).collect()
    }

    fn skipped<'a>(&self, look: &'a PostLook) -> Vec<&'a HeldPiece> {
        look.held.iter().filter(|h| h.skipped).collect()
    }

    fn name(&self, held: &HeldPiece) -> String {
        super::campaigns::shown(&held.name, held.customer, &self.s)
    }

    fn parts<'a>(&self, cost: &'a PostCost) -> Vec<(&'a str, String)> {
        cost.parts.iter().map(|p| (self.s.t(p.ja.as_str(), p.en.as_str()), self.s.yen(p.amount))).collect()
    }
}

/// Takes what is due in hand; a long making goes on without the tab.
async fn make(
    With(site): With<Site>,
    Path((campaign, step)): Path<(i64, u16)>,
    Form(fields): Fields,
) -> Result<Response, Fault> {
    let by = signed(&fields)?;
    let print = PrintAs::from_word(field(&fields, "as"))
        .ok_or_else(|| Fault::bad("印刷の形を選んでください。", "Choose what it is printed as."))?;
    let number = |name: &str, otherwise: f64| match field(&fields, name) {
        "" => Ok(otherwise),
        text => text.parse::<f64>().map_err(|_| {
            Fault::bad(format!("「{text}」は数字ではありません。"), format!("'{text}' is no number."))
        }),
    };
    let offset =
        [number("right", 0.0)?, number("down", 0.0)?].map(|mm| (mm.clamp(-30.0, 30.0) * 10.0).round() as i32);
    let start_at = number("start_at", 1.0)?.clamp(1.0, 65.0) as usize;
    let ask = MakePost { campaign, step: Some(step), print, start_at, offset };
    let (makings, app, name) = (site.makings.clone(), site.app.clone(), by.clone());
    let made = tokio::task::spawn_blocking(move || makings.begin(&app, ask, name))
        .await
        .map_err(|gone| Fault::Broken(anyhow::Error::new(gone)))?;
    let mut answer = making::then(campaign, step, &made)?;
    crate::shell::remember(&mut answer, "operator", &by);
    Ok(answer)
}

/// Pieces as they will print, shown by the browser itself.
async fn preview(
    With(site): With<Site>,
    Path((campaign, step, variant)): Path<(i64, usize, usize)>,
    s: Shell,
) -> Result<Response, Fault> {
    let people: Vec<i64> =
        s.query.get("people").split(',').filter_map(|n| n.parse().ok()).take(100).collect();
    let kind = PrintAs::from_word(s.query.get("as")).unwrap_or(PrintAs::Postcards);
    let file = site
        .ask(move |app| {
            let campaign = app.campaign(campaign)?.stored.campaign;
            Ok(app.preview_post(&campaign, step, variant, &people, &kind).map_err(|why| format!("{why:#}")))
        })
        .await
        .map_err(|_| Fault::Missing)?;
    let file = file.map_err(|why| {
        Fault::bad(format!("印刷のとおりにお見せできません: {why}"), format!("It cannot be printed: {why}"))
    })?;
    let headers = [(header::CONTENT_TYPE, file.kind), (header::CONTENT_DISPOSITION, "inline")];
    Ok((headers, file.bytes).into_response())
}

#[derive(Template)]
#[template(path = "post_suggest.html")]
struct Suggested {
    s: Shell,
    campaign: i64,
    fit: PostFit,
}

/// Whom of a campaign post suits better than mail.
async fn suggest(With(site): With<Site>, Path(campaign): Path<i64>, s: Shell) -> Result<Response, Fault> {
    let fit = site
        .ask(move |app| {
            app.campaign(campaign)?;
            app.suggest_post(campaign)
        })
        .await
        .map_err(|_| Fault::Missing)?;
    render(&Suggested { s, campaign, fit })
}
