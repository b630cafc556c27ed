//! What a shop's data needs without anybody's click, and what keeps it safe.

mod access;
mod arrivals;
mod backup;
mod calls;
mod copy;
mod crm;
mod everything;
mod folder;
mod health;
mod keeper;
mod nightly;
mod orders;
mod seal;
mod taking;

pub use access::AccessView;
pub use arrivals::{ArrivalView, arrival_json};
pub use backup::{Backup, Restored};
pub use calls::{CallFault, MOST_CALL_BYTES, MOST_ORDER_BYTES, Receiving};
pub use copy::{About, Manifest, TableSum};
pub use crm::crms;
pub use folder::Watcher;
pub use keeper::Keeping;
pub(crate) use seal::public_key;
pub use seal::{Seal, Unseal};
pub use store::{AccessQuery, ArrivalState};
pub(crate) use taking::Tries;
