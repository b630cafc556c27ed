//! In: requests of a browser or a script, from this machine unless the shop opens the door wider.
//! Out: pages that work without script, JSON, and files to download.
//! Never: SQL, a judgement about a customer, the wall clock, or a byte asked from another host.

mod api;
mod assets;
mod download;
mod fault;
mod guard;
mod jobs;
mod pages;
mod pictures;
mod query;
mod say;
mod shell;
mod site;
mod upload;

use app::App;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
pub use guard::Hosts;
use site::Site;
use std::future::Future;
use tokio::net::TcpListener;

/// Everything behind one address, for this machine only.
pub fn router(app: App) -> Router {
    router_for(app, Hosts::this_machine())
}

/// The same, answering to the names in `hosts`.
pub fn router_for(app: App, hosts: Hosts) -> Router {
    routes(Site::new(app, hosts))
}

fn routes(site: Site) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(assets::routes())
        .fallback(fault::nowhere)
        .layer(from_fn(shell::speak))
        .layer(from_fn_with_state(site.clone(), guard::watch))
        .with_state(site)
}

/// Serves until `stop` resolves; answers that are under way are finished first.
/// Bound to a loopback address it answers to this machine's own names only.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let loopback = listener.local_addr()?.ip().is_loopback();
    let hosts = if loopback { Hosts::this_machine() } else { Hosts::any() };
    serve_as(app, listener, hosts, stop).await
}

/// The same with the names it answers to.
pub async fn serve_as(
    app: App,
    listener: TcpListener,
    hosts: Hosts,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let site = Site::new(app, hosts);
    // Counted before the first page asks, so that nobody waits for it.
    let first = site.clone();
    drop(tokio::spawn(async move { first.ask(|app| app.paying()).await }));
    axum::serve(listener, routes(site)).with_graceful_shutdown(stop).await?;
    Ok(())
}
