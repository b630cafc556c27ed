//! In: a cleared touch, its words and the values of one customer.
//! Out: one mail handed over once, with what came of it; and bounces and complaints read back.
//! Never: a customer chosen, a rule judged, SQL, or a mail without a `ClearedTouch`.

mod dkim;
pub mod domain;
mod mail;
pub mod reports;
mod smtp;
mod words;

pub use dkim::{DkimError, DkimKind, Signer, generate_key, sign};
pub use mail::{Heading, compose};
pub use smtp::{Handed, Line, SmtpDoor, SmtpError, Tls};
pub use words::{FIELDS, Fields, Letter, Links, Press, WordsError};
