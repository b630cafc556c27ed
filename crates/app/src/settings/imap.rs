//! The mailbox that bounces and complaints come to, read over IMAP.

use super::Tls;
use serde::{Deserialize, Serialize};

/// Where the mailbox lies. Its password is not here: see `Secrets`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imap {
    /// The IMAP server; empty: no mailbox is read.
    pub host: String,
    pub port: u16,
    /// `Tls::None` on this machine only.
    pub tls: Tls,
    pub username: String,
    pub folder: String,
    /// Certificates, as PEM, of a server that no public authority vouches for.
    pub authorities: String,
}

impl Default for Imap {
    fn default() -> Imap {
        Imap {
            host: String::new(),
            port: 993,
            tls: Tls::Implicit,
            username: String::new(),
            folder: "INBOX".to_owned(),
            authorities: String::new(),
        }
    }
}
