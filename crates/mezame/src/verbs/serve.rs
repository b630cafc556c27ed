//! The pages, the door that customers open, and a worker, until Ctrl-C.

use crate::cli::ServeArgs;
use crate::out::Talk;
use crate::verbs::{keeping, work};
use anyhow::{Context, Result};
use app::{App, Work};
use model::Day;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::{DoorConfig, Front, Hosts};

pub fn run(app: &App, args: &ServeArgs, today: Option<Day>, talk: &Talk) -> Result<ExitCode> {
    // Drawn before the first page asks, so that nobody waits for it.
    app.board()?;
    app.compare()?;
    let stop = Arc::new(AtomicBool::new(false));
    let worker = args.work.then(|| start_worker(app, &stop, *talk)).transpose()?;
    let keeper = keeping::start(app, &stop, *talk);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(app, args, today));
    stop.store(true, Ordering::Relaxed);
    keeper.join().map_err(|_| anyhow::anyhow!("the keeper broke down"))?;
    if let Some(worker) = worker {
        worker.join().map_err(|_| anyhow::anyhow!("the worker broke down"))??;
    }
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Sends beside the pages; what holds it is said, and the pages stay.
fn start_worker(
    app: &App,
    stop: &Arc<AtomicBool>,
    talk: Talk,
) -> Result<std::thread::JoinHandle<Result<()>>> {
    let (app, stop) = (app.clone(), stop.clone());
    let how = Work { name: work::name()?, once: false, connections: None };
    Ok(std::thread::spawn(move || {
        let said = Mutex::new(None);
        if let Err(why) = app.work(&how, &stop, &|sum| work::watch(sum, &said, &talk)) {
            eprintln!("! 送信を始められません / sending does not start: {why:#}");
        }
        Ok(())
    }))
}

async fn serve(app: &App, args: &ServeArgs, today: Option<Day>) -> Result<()> {
    let (end, ended) = watch::channel(false);
    tokio::spawn(async move {
        interrupted().await;
        // Nobody listens any more where both have ended by themselves.
        let _ = end.send(true);
    });
    let until = |mut ended: watch::Receiver<bool>| async move {
        // The sender ends only with the signal.
        let _ = ended.wait_for(|done| *done).await;
    };
    let pages = listen(args.host, args.port, "--port").await?;
    eprintln!("http://{}/  (Ctrl-C で終了 / ends)", pages.local_addr()?);
    let network = !args.host.is_loopback();
    let hosts = if network || args.behind_proxy { Hosts::any() } else { Hosts::this_machine() };
    let front = Front { hosts, proxied: args.behind_proxy, network };
    let pages = web::serve_as(app.clone(), pages, front, until(ended.clone()));
    let Some(port) = args.door else { return pages.await };
    let door = listen(args.door_host, port, "--door").await?;
    eprintln!("お客様の入口 / the customers' door: http://{}/", door.local_addr()?);
    let config =
        DoorConfig { proxied: args.behind_proxy, ..DoorConfig::new(milliseconds(today.map(|_| app.now()))) };
    let door = web::serve_door(app.clone(), door, config, until(ended));
    tokio::try_join!(pages, door)?;
    Ok(())
}

async fn listen(host: IpAddr, port: u16, option: &str) -> Result<TcpListener> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}: choose another {option}"))
}

/// The wall clock for what customers do: a scanner is told from a person by milliseconds. On a set day it
/// goes on from there (Unix seconds): limits fill again, and links are as old as the day says.
#[allow(clippy::disallowed_methods, reason = "the binary is what reads the wall clock")]
fn milliseconds(set: Option<i64>) -> Arc<dyn Fn() -> i64 + Send + Sync> {
    let wall = || jiff::Timestamp::now().as_millisecond();
    let ahead = set.map_or(0, |at| at * 1_000 - wall());
    Arc::new(move || wall() + ahead)
}

/// Ends at Ctrl-C or SIGTERM.
async fn interrupted() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            ctrl_c.await.ok();
            return;
        };
        tokio::select! {
            _ = ctrl_c => (),
            _ = term.recv() => (),
        }
    }
    #[cfg(not(unix))]
    ctrl_c.await.ok();
}
