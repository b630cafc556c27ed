//! LINE's Messaging API: a message pushed once, what comes back by its webhook, and whose id is whose.

mod door;
mod leaving;
mod link;
mod webhook;
mod words;

pub use door::{ChatDoor, ChatHanded, ChatQuota, MULTICAST, retry_key};
pub(crate) use leaving::asks_otherwise;
pub use leaving::asks_to_stop;
pub use link::{LinkOffer, link_url};
pub use webhook::{ChatEvent, ChatKind, chat_events};
pub use words::{ChatButton, ChatError, ChatWords};
