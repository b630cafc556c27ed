//! What must never be shown or logged: passwords and keys, handed in by the binary.

use anyhow::{Context, Result};
use hmac::{Hmac, KeyInit, Mac};
use response::{Key, Keys};
use sha2::Sha256;
use std::fmt;

/// Passwords and keys. The first signing key signs, all of them verify, so that a key can be
/// changed without breaking links already sent.
#[derive(Clone, Default)]
pub struct Secrets {
    /// (number, key), the one that signs first.
    pub signing: Vec<(u8, [u8; 32])>,
    pub smtp_password: Option<String>,
    /// A private key as PEM.
    pub dkim_key: Option<String>,
    /// SendGrid's public key for its event webhook; base64 as its console shows it.
    pub sendgrid_key: Option<String>,
    /// Topics of SNS whose reports are believed; empty: none.
    pub sns_topics: Vec<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} signing keys)", self.signing.len())
    }
}

impl Secrets {
    /// The keys of links and return paths; `None` where there is no key.
    pub fn keys(&self) -> Option<Keys> {
        let mut keys = self.signing.iter().map(|(id, secret)| Key { id: *id, secret: *secret });
        let first = keys.next()?;
        Some(Keys::new(first, keys.collect()))
    }

    /// A keyed hash: the same text gives the same bytes, and nobody without the key can foretell them.
    pub(crate) fn seal(&self, text: &str) -> [u8; 32] {
        let secret = self.signing.first().map_or([0; 32], |(_, secret)| *secret);
        // HMAC fills a key up to its block with zeros (RFC 2104): done here, no length can be wrong.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl crate::App {
    /// The keys of links; an installation without one must not send.
    pub(crate) fn keys(&self) -> Result<Keys> {
        self.inner.secrets.keys().context("there is no signing key: see `mezame doctor`")
    }
}
