//! The pages, until Ctrl-C.

use crate::cli::ServeArgs;
use anyhow::{Context, Result};
use app::App;
use std::net::SocketAddr;
use std::process::ExitCode;

pub fn run(app: &App, args: &ServeArgs) -> Result<ExitCode> {
    // Drawn before the first page asks, so that nobody waits for it.
    app.board()?;
    app.compare()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let address = SocketAddr::new(args.host, args.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("listening on {address}: choose another --port"))?;
        let bound = listener.local_addr()?;
        eprintln!("http://{bound}/  (Ctrl-C で終了 / ends)");
        if !args.host.is_loopback() {
            eprintln!("! {bound} は社外からも見える場合があります。ログインはまだありません。/ no login yet: keep this behind your own proxy");
        }
        web::serve(app.clone(), listener, interrupted()).await
    })?;
    Ok(ExitCode::SUCCESS)
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
