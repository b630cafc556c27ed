//! In: what a stage understood or an operator decided, to be remembered, on SQLite or PostgreSQL.
//! Out: queries by noun: records, orders, events, permissions, policies, models, merges, what changed.
//! Never: a judgement, a file of a shop, the clock; nor an import that undoes a refusal.

mod accesses;
mod address;
mod ads;
mod arrivals;
mod batches;
mod bits;
mod cadences;
mod campaigns;
mod changes;
mod codes;
mod contacts;
mod contents;
mod costs;
mod crm;
mod db;
mod desk;
mod dump;
mod engagement;
mod entries;
mod error;
mod events;
mod exclusions;
mod faces;
mod fold;
mod gateways;
mod hash;
mod identity;
mod import;
mod improvements;
mod inquiries;
mod ledger;
mod lists;
mod merge;
mod migrate;
mod models;
mod notes;
mod occasions;
mod operators;
mod orders_index;
mod outcomes;
mod pairs;
mod paths;
mod permission;
mod person;
mod plans;
mod pressure;
mod proofs;
mod reach;
mod refresh;
mod reload;
mod responses;
mod returns;
mod settings;
mod socials;
mod statements;
mod stock;
mod supply;
mod surveys;
mod tasks;
mod touches;
mod visits;

pub use accesses::{Access, AccessQuery};
pub use arrivals::{Arrival, ArrivalState, Way};
pub use batches::{Batch, BatchPiece, BatchState, NewPiece, PostDue, PostingLock, batch_worker};
pub use cadences::{CadenceChange, Heard, Wished};
pub use campaigns::{LogRow, StoredCampaign};
pub use changes::Changed;
pub use codes::{CodeOrders, CodeStock, Given, SharedCode};
pub use contacts::{ContactFacts, StoredContact};
pub use contents::{NewContent, StoredContent};
pub use costs::Paid;
pub use crm::Dealings;
pub use desk::{CallStop, InHand, NewCall, StopOf, StoredCall, Waiting};
pub use dump::{ColumnKind, Datum, Dumped, Sum, Table};
pub use engagement::{CameBack, EngagementSums};
pub use entries::Due;
pub use error::Error;
pub use events::Counting;
pub use faces::{Bought, destination_of, destinations_of};
pub use gateways::Handover;
pub use identity::{Outcome, Stored, Suggestion, ToMatch};
pub use import::{ImportRow, ImportSession, NewImport, Summary, Tally};
pub use improvements::Improvement;
pub use inquiries::{InquiryFilter, InquiryWords, NewWords, StoredInquiry};
pub use ledger::{Attempted, Ended, Entry};
pub use lists::Label;
pub use migrate::table_comments;
pub use models::SavedModel;
pub use notes::{NewNote, StoredNote};
pub use occasions::{Mourning, StoredAttendance};
pub use outcomes::{Coupon, StoredMeasurement};
pub use pairs::{GoodsHad, GoodsPair};
pub use paths::AtStep;
pub use permission::{Attestation, AttestationRow, StoredConsent, StoredSuppression};
pub use person::{Merge, Person, StoredOrder};
pub use plans::{PlanRow, StoredPlan};
pub use proofs::{About, Proof, Shows};
pub use refresh::{OwnWord, ProfileChange, RefreshState, shown};
pub use reload::Loaded;
pub use responses::{Closing, LetterOf, ResponseCount};
pub use returns::Return;
pub use settings::SavedPolicy;
pub use socials::{SocialClicks, SocialDraft};
pub use statements::{NewReview, NewStatement};
pub use surveys::{StoredSurvey, SurveyAnswer, SurveySum};
pub use tasks::{NewTask, StoredTask};
pub use touches::{NewTouch, StoredTouch, TouchCount};
pub use visits::{VisitConsent, VisitTally, Visitor};

use error::Result;
use std::sync::Arc;

/// The shop's memory. Cheap to clone; safe to use from many threads. Every call blocks: an async
/// caller goes through a blocking thread.
#[derive(Clone)]
pub struct Store {
    db: Arc<db::Db>,
}

impl Store {
    /// Whether it is a file of this machine's own.
    pub fn is_embedded(&self) -> bool {
        self.db.is_sqlite()
    }

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
