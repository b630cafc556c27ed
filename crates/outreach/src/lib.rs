//! In: a cleared touch, its words and the values of one customer.
//! Out: one mail, SMS or LINE message handed over once, with what came of it; and what comes back, read.
//! Never: a customer chosen, a rule judged, SQL, or a message without a `ClearedTouch`.

mod ads;
mod chat;
mod dkim;
pub mod domain;
mod http;
mod mail;
pub mod post;
pub mod reports;
mod said;
mod signed;
mod sms;
mod smtp;
pub mod social;
mod wire;
mod words;

pub use ads::{AdFile, AdPerson, AdPlatform, ad_platform, ad_platforms};
pub use chat::{
    ChatButton, ChatDoor, ChatError, ChatEvent, ChatHanded, ChatKind, ChatQuota, ChatWords, LinkOffer,
    MULTICAST, asks_to_stop, chat_events, link_url, retry_key,
};
pub use dkim::{DkimError, DkimKind, Signer, generate_key, sign};
pub use mail::{Heading, compose};
pub use sms::{
    SMS_PROVIDERS, SmsAccount, SmsAnswer, SmsDoor, SmsError, SmsHanded, SmsProvider, SmsReport, SmsRow,
    SmsState, sms_answers, sms_file, sms_reports,
};
pub use smtp::{Handed, Line, SmtpDoor, SmtpError};
pub use wire::Tls;
pub use words::{FIELDS, Fields, Letter, Links, PaperPress, Press, Script, ScriptPart, WordsError};
