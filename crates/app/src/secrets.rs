//! What must never be shown or logged: passwords and keys, handed in by the binary.

use anyhow::{Context, Result};
use hmac::{Hmac, KeyInit, Mac};
use response::{Key, Keys};
use sha2::{Digest, Sha256};
use std::fmt;

/// Passwords and keys. The first signing key signs, all of them verify, so that a key can be
/// changed without breaking links already sent.
#[derive(Clone, Default)]
pub struct Secrets {
    /// (number, key), the one that signs first.
    pub signing: Vec<(u8, [u8; 32])>,
    pub smtp_password: Option<String>,
    /// Of the mailbox that bounces come to.
    pub imap_password: Option<String>,
    /// The token or password of the SMS provider, and what its reports are proven by (empty: the same).
    pub sms_secret: Option<String>,
    pub sms_hook_secret: Option<String>,
    /// The access token and the secret of the LINE channel.
    pub line_token: Option<String>,
    pub line_secret: Option<String>,
    /// A private key as PEM.
    pub dkim_key: Option<String>,
    /// SendGrid's public key for its event webhook; base64 as its console shows it.
    pub sendgrid_key: Option<String>,
    /// Topics of SNS whose reports are believed; empty: none.
    pub sns_topics: Vec<String>,
    /// What a call with files proves itself by (M031).
    pub import_token: Option<String>,
    /// What calls with orders are signed with.
    pub order_secret: Option<String>,
    /// What the shop's site signs its own customer numbers with (M023).
    pub visit_secret: Option<String>,
    /// Variables of the environment that went before the file.
    pub variables: Vec<&'static str>,
}

/// What may be said of a secret: never itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretKept {
    /// Its name in `secrets.toml`.
    pub key: &'static str,
    /// The variable that goes before the file; empty: there is none.
    pub variable: &'static str,
    pub set: bool,
    /// It came from the variable, not from the file.
    pub from_variable: bool,
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

    /// Which secrets are set, and where each came from.
    fn kept(&self) -> Vec<SecretKept> {
        let kept = |key, variable: &'static str, set| {
            let from_variable = set && self.variables.contains(&variable);
            SecretKept { key, variable, set, from_variable }
        };
        vec![
            kept("smtp_password", "MEZAME_SMTP_PASSWORD", self.smtp_password.is_some()),
            kept("imap_password", "MEZAME_IMAP_PASSWORD", self.imap_password.is_some()),
            kept("sms_secret", "MEZAME_SMS_SECRET", self.sms_secret.is_some()),
            kept("sms_hook_secret", "MEZAME_SMS_HOOK_SECRET", self.sms_hook_secret.is_some()),
            kept("line_token", "MEZAME_LINE_TOKEN", self.line_token.is_some()),
            kept("line_secret", "MEZAME_LINE_SECRET", self.line_secret.is_some()),
            kept("import_token", "MEZAME_IMPORT_TOKEN", self.import_token.is_some()),
            kept("order_secret", "MEZAME_ORDER_SECRET", self.order_secret.is_some()),
            kept("visit_secret", "MEZAME_VISIT_SECRET", self.visit_secret.is_some()),
            kept("dkim_key", "", self.dkim_key.is_some()),
            kept("sendgrid_key", "", self.sendgrid_key.is_some()),
            kept("sns_topics", "", !self.sns_topics.is_empty()),
        ]
    }

    /// A keyed hash: the same text gives the same bytes, and nobody without the key can foretell them.
    pub(crate) fn seal(&self, text: &str) -> [u8; 32] {
        let secret = self.signing.first().map_or([0; 32], |(_, secret)| *secret);
        signed(&secret, text.as_bytes())
    }

    /// Whether two texts are the same, in a time that says nothing of where they differ.
    pub(crate) fn alike(&self, one: &[u8], other: &[u8]) -> bool {
        // Nobody can steer two hashes under our key to differ late.
        let key = self.seal("alike");
        signed(&key, one) == signed(&key, other)
    }
}

/// HMAC-SHA256 of a text.
pub(crate) fn signed(key: &[u8], text: &[u8]) -> [u8; 32] {
    // HMAC fills a key up to its block with zeros, and hashes a longer one (RFC 2104): done here, no
    // length can be wrong.
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(text);
    mac.finalize().into_bytes().into()
}

impl crate::App {
    /// Which secrets this program was given.
    pub fn secrets_kept(&self) -> Vec<SecretKept> {
        self.inner.secrets.kept()
    }

    /// The keys of links; an installation without one must not send.
    pub(crate) fn keys(&self) -> Result<Keys> {
        self.inner.secrets.keys().context("there is no signing key: see `mezame doctor`")
    }
}
