//! The door's own listener: few headers, no long waits, so many connections at a time.

use super::{Door, DoorConfig, routes};
use anyhow::{Context, Result};
use app::App;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tower::ServiceExt;

/// How long a request's head may take, and how long a connection may stay idle.
const HEAD: Duration = Duration::from_secs(15);
/// How long a whole request may take: longer than an opt-out waits to be written.
const WHOLE: Duration = Duration::from_secs(30);
/// Headers at most, and their bytes.
const HEADERS: usize = 64;
const BUFFER: usize = 16 * 1024;
/// How long answers that are under way may take at the end.
const FAREWELL: Duration = Duration::from_secs(10);

/// Holds the customers' door open until `stop` resolves; answers that are under way are finished and
/// what was heard is written first. Fails without a signing key: nothing that was sent could be read.
pub async fn serve_door(
    app: App,
    listener: TcpListener,
    config: DoorConfig,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let connections = u32::try_from(config.connections).context("too many connections")?;
    let places = Arc::new(Semaphore::new(config.connections));
    let door = Door::new(app, config)?;
    let router = routes(door.clone());
    let (end, ended) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        // Taken before accepting: whoever finds no place waits in the system's own line.
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place?,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Too many open files, or a caller that is gone already: the next may do better.
                Err(_) => { tokio::task::yield_now().await; continue }
            },
            () = &mut stop => break,
        };
        stream.set_nodelay(true).ok();
        let (router, mut ended) = (router.clone(), ended.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let mut request = request.map(axum::body::Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                answer(router.clone(), request)
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(HEADERS).max_buf_size(BUFFER);
            let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
            // A connection that breaks has nobody left to tell.
            let _ = tokio::select! {
                done = connection.as_mut() => done,
                _ = ended.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            drop(place);
        });
    }
    drop(end);
    // Whoever takes longer is cut off.
    let _ = timeout(FAREWELL, places.acquire_many(connections)).await;
    drop(router);
    // The last ear writes what is left.
    tokio::task::spawn_blocking(move || drop(door)).await?;
    Ok(())
}

async fn answer(router: axum::Router, request: Request) -> Result<axum::response::Response, Infallible> {
    match timeout(WHOLE, router.oneshot(request)).await {
        Ok(answered) => answered,
        Err(_) => Ok(axum::response::IntoResponse::into_response(hyper::StatusCode::REQUEST_TIMEOUT)),
    }
}
