//! What every handler is given: the use cases, and a way to ask them without blocking.

use crate::fault::Fault;
use crate::guard::Hosts;
use crate::jobs::Jobs;
use app::App;
use std::sync::Arc;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct Site {
    pub app: App,
    pub jobs: Arc<Jobs>,
    pub hosts: Arc<Hosts>,
}

impl Site {
    pub fn new(app: App, hosts: Hosts) -> Site {
        Site { app, jobs: Arc::default(), hosts: Arc::new(hosts) }
    }

    /// Runs a use case on a thread that may block.
    pub async fn ask<T, F>(&self, question: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> anyhow::Result<T> + Send + 'static,
    {
        let app = self.app.clone();
        match tokio::task::spawn_blocking(move || question(&app)).await {
            Ok(answer) => answer.map_err(Fault::from),
            Err(gone) => Err(Fault::Broken(anyhow::Error::new(gone))),
        }
    }
}
