//! Whose LINE id is whose: a customer known to our page and a friend known to LINE, tied by a nonce.
//!
//! The friend follows a link with a token of LINE's to our page, where a signed link of ours already says which
//! customer it is; the page makes an offer, keeps it, and sends them on to LINE with its nonce; LINE's
//! webhook brings the nonce back with the id. Nobody can tie another's id: LINE checks that the one who pressed is the one the token
//! was made for.

use crate::http::encoded;
use crate::signed::same;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Seconds for which an offer stands: as long as LINE's own token.
const STANDS: i64 = 600;

/// What our page keeps between sending somebody to LINE and hearing from it: never the nonce itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkOffer {
    pub customer: i64,
    /// SHA-256 of the nonce, hexadecimal: what to look the offer up by.
    pub hash: String,
    /// Unix seconds.
    pub until: i64,
}

impl LinkOffer {
    /// A new offer and its nonce. `random`: 32 bytes that nobody can foretell.
    pub fn new(customer: i64, random: [u8; 32], now: i64) -> (LinkOffer, String) {
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(random);
        (LinkOffer { customer, hash: LinkOffer::hash_of(&nonce), until: now + STANDS }, nonce)
    }

    /// What an offer with this nonce is looked up by.
    pub fn hash_of(nonce: &str) -> String {
        let hash = digest(&SHA256, nonce.as_bytes());
        hash.as_ref().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Whether this nonce, as LINE brought it back, answers the offer now. Once is all: the caller deletes it.
    pub fn answered(&self, nonce: &str, now: i64) -> bool {
        now <= self.until && same(self.hash.as_bytes(), LinkOffer::hash_of(nonce).as_bytes())
    }
}

/// Where our page sends them.
pub fn link_url(link_token: &str, nonce: &str) -> String {
    let (token, nonce) = (encoded(link_token), encoded(nonce));
    format!("https://access.line.me/dialog/bot/accountLink?linkToken={token}&nonce={nonce}")
}
