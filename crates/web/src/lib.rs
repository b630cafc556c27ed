//! In: requests of a browser or a script, from this machine unless the shop opens the door wider.
//! Out: pages that work without script, JSON, and files to download.
//! Never: SQL, a judgement about a customer, the wall clock, or a byte asked from another host.

mod api;
mod assets;
mod caller;
mod calls;
mod door;
mod download;
mod fault;
mod guard;
mod jobs;
mod login;
mod pages;
mod pictures;
mod query;
mod record;
mod say;
mod shell;
mod site;
mod upload;

use app::App;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
pub use caller::Rate;
pub use door::{DoorConfig, door, serve_door};
pub use guard::{Front, Hosts};
pub use login::Operator;
use site::Site;
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Everything behind one address, for this machine only.
pub fn router(app: App) -> Router {
    router_for(app, Front::this_machine())
}

/// The same, reached in another way: with a login where another machine may come.
pub fn router_for(app: App, front: Front) -> Router {
    routes(Site::new(app, front))
}

fn routes(site: Site) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(assets::routes())
        .merge(login::routes())
        .fallback(fault::nowhere)
        .layer(from_fn_with_state(site.clone(), login::admit))
        .layer(from_fn(shell::speak))
        .layer(from_fn_with_state(site.clone(), guard::watch))
        .merge(calls::routes())
        .with_state(site)
}

/// Serves until `stop` resolves; answers that are under way are finished first.
/// Bound to a loopback address it answers to this machine's own names only, and to anybody who
/// comes; bound to another one it asks for a login.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let network = !listener.local_addr()?.ip().is_loopback();
    let hosts = if network { Hosts::any() } else { Hosts::this_machine() };
    serve_as(app, listener, Front { hosts, proxied: false, network }, stop).await
}

/// The same, reached as `front` says. Refuses where a login is needed and nobody could log in.
pub async fn serve_as(
    app: App,
    listener: TcpListener,
    front: Front,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let network = front.network || !listener.local_addr()?.ip().is_loopback();
    let site = Site::new(app, Front { network, ..front });
    if site.gate.is_some() && site.ask(|app| app.operators()).await.is_ok_and(|all| all.is_empty()) {
        anyhow::bail!(
            "the pages would be open to other machines and nobody could log in: \
             add an operator first (mezame operator add NAME), or listen on 127.0.0.1"
        );
    }
    // Counted before the first page asks, so that nobody waits for it.
    let first = site.clone();
    drop(tokio::spawn(async move { first.ask(|app| app.paying()).await }));
    let service = routes(site).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    Ok(())
}
