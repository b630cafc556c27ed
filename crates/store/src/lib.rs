//! In: what a stage understood or an operator decided, to be remembered, on SQLite or PostgreSQL.
//! Out: queries by noun: records, orders, events, permissions, policies, models, merges, what changed.
//! Never: a judgement, a file of a shop, the clock; nor an import that undoes a refusal.

mod address;
mod bits;
mod changes;
mod db;
mod error;
mod events;
mod fold;
mod hash;
mod identity;
mod import;
mod lists;
mod merge;
mod migrate;
mod models;
mod orders_index;
mod permission;
mod person;
mod reach;
mod settings;
mod supply;

pub use changes::Changed;
pub use error::Error;
pub use events::Counting;
pub use identity::{Outcome, Stored, Suggestion, ToMatch};
pub use import::{ImportRow, ImportSession, NewImport, Summary, Tally};
pub use lists::Label;
pub use models::SavedModel;
pub use permission::{Attestation, AttestationRow, StoredConsent, StoredSuppression};
pub use person::{Merge, Person, StoredOrder};
pub use settings::SavedPolicy;

use error::Result;
use std::sync::Arc;

/// The shop's memory. Cheap to clone; safe to use from many threads. Every call blocks: an async
/// caller goes through a blocking thread.
#[derive(Clone)]
pub struct Store {
    db: Arc<db::Db>,
}

impl Store {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://...`, and completes what a killed
    /// first import left undone. The shape is left alone: see `migrate`.
    pub fn open(url: &str) -> Result<Store> {
        let store = Store { db: Arc::new(db::Db::open(url)?) };
        if store.pending_migrations()?.is_empty() {
            orders_index::heal(&store.db)?;
        }
        Ok(store)
    }
}
