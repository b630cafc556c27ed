//! Batches that are being made from a page: they go on when the tab is closed.

use crate::fault::Fault;
use crate::say::Lang;
use crate::shell::{Shell, render};
use crate::site::Site;
use app::{App, MakePost};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse, Json, Redirect, Response};
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A making that ends within this is not worth a page of its own.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How far a making is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Making {
    Running {
        /// Unix seconds.
        since: i64,
        done: u64,
        total: u64,
    },
    /// The batch; none where no piece could be made.
    Done(Option<i64>),
    Failed(String),
}

/// The last making of every campaign and step.
#[derive(Default)]
pub struct Makings {
    known: Mutex<BTreeMap<(i64, u16), Making>>,
    changed: Condvar,
}

impl Makings {
    /// Begins to make and waits a moment for it. Blocks; the making itself runs on.
    pub fn begin(self: &Arc<Self>, app: &App, ask: MakePost, by: String) -> Making {
        let of = (ask.campaign, ask.step.unwrap_or(0));
        let running = |known: &mut BTreeMap<_, _>| matches!(known.get(&of), Some(Making::Running { .. }));
        let mut known = held(&self.known);
        if !running(&mut known) {
            let since = app.now();
            known.insert(of, Making::Running { since, done: 0, total: 0 });
            let (all, app) = (self.clone(), app.clone());
            // Its end is told by `known`; nobody waits for the thread itself.
            drop(tokio::task::spawn_blocking(move || {
                let tell = |done, total| {
                    held(&all.known).insert(of, Making::Running { since, done, total });
                };
                let made = app.make_post(&ask, &by, &tell);
                let end = match made {
                    Ok(made) => Making::Done(made.into_iter().find_map(|m| m.batch)),
                    Err(why) => Making::Failed(format!("{why:#}")),
                };
                held(&all.known).insert(of, end);
                all.changed.notify_all();
            }));
        }
        let waited = self.changed.wait_timeout_while(known, PATIENCE, running);
        waited.unwrap_or_else(PoisonError::into_inner).0.get(&of).cloned().unwrap_or(Making::Done(None))
    }

    /// How far the last making is; `None` where there was none since the program began.
    pub fn of(&self, campaign: i64, step: u16) -> Option<Making> {
        held(&self.known).get(&(campaign, step)).cloned()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/post/making/{campaign}/{step}", get(show))
        .route("/post/making/{campaign}/{step}/progress", get(progress))
}

/// The page that shows how far a making is.
pub fn href(campaign: i64, step: u16) -> String {
    format!("/post/making/{campaign}/{step}")
}

/// Where a making leads from here.
pub fn then(campaign: i64, step: u16, made: &Making) -> Result<Response, Fault> {
    let to = match made {
        Making::Running { .. } => href(campaign, step),
        Making::Done(Some(batch)) => format!("/post/batches/{batch}"),
        Making::Done(None) => format!("/post/due/{campaign}/{step}?made=none"),
        Making::Failed(why) => {
            return Err(Fault::bad(
                format!("作れませんでした: {why}"),
                format!("It could not be made: {why}"),
            ));
        }
    };
    Ok(Redirect::to(&to).into_response())
}

#[derive(Template)]
#[template(path = "post_making.html")]
struct Page {
    s: Shell,
    campaign: i64,
    step: u16,
    words: String,
}

async fn show(
    With(site): With<Site>,
    Path((campaign, step)): Path<(i64, u16)>,
    s: Shell,
) -> Result<Response, Fault> {
    match site.makings.of(campaign, step) {
        None => Ok(Redirect::to("/post").into_response()),
        Some(Making::Running { since, done, total }) => {
            let words = said(&s, site.app.now() - since, done, total);
            render(&Page { s, campaign, step, words })
        }
        Some(made) => then(campaign, step, &made),
    }
}

/// For the script: how far it is.
async fn progress(
    With(site): With<Site>,
    Path((campaign, step)): Path<(i64, u16)>,
    s: Shell,
) -> Result<Response, Fault> {
    let json = match site.makings.of(campaign, step) {
        Some(Making::Running { since, done, total }) => serde_json::json!({
            "step": "making",
            "share": (total > 0).then(|| done as f64 / total as f64),
            "words": said(&s, site.app.now() - since, done, total),
        }),
        _ => serde_json::json!({ "step": "made", "share": null, "words": "" }),
    };
    Ok(Json(json).into_response())
}

/// 2,000通のうち500通を用意しました。あと約12秒。
fn said(s: &Shell, seconds: i64, done: u64, total: u64) -> String {
    if done == 0 || total == 0 {
        return s.t("お一人ずつ規則に照らしています", "Asking every rule of everybody").to_owned();
    }
    let left = (seconds as f64 * (total.saturating_sub(done)) as f64 / done as f64).ceil() as i64;
    let left = s.lasting(left);
    match s.lang {
        Lang::Ja => format!("{}通のうち{}通を用意しました(あと約{left})", s.n(total), s.n(done)),
        Lang::En => format!("{} of {} are ready (about {left} left)", s.n(done), s.n(total)),
    }
}
