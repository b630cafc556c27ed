//! What every handler is given: the use cases, and a way to ask them without blocking.

use crate::fault::Fault;
use crate::guard::Front;
use crate::jobs::Jobs;
use crate::login::Gate;
use crate::pages::{Drawings, Makings};
use app::App;
use std::sync::Arc;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct Site {
    pub app: App,
    pub jobs: Arc<Jobs>,
    pub drawings: Arc<Drawings>,
    pub makings: Arc<Makings>,
    pub front: Arc<Front>,
    /// The login; none where the pages are for this machine only.
    pub gate: Option<Arc<Gate>>,
}

impl Site {
    pub fn new(app: App, front: Front) -> Site {
        let gate = front.open().then(|| Arc::new(Gate::new(front.proxied)));
        Site {
            app,
            jobs: Arc::default(),
            drawings: Arc::default(),
            makings: Arc::default(),
            front: Arc::new(front),
            gate,
        }
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
