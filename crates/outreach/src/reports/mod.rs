//! What mail systems send back: bounces, complaints, deliveries and answers, each as a `Report`.
//!
//! Nothing here is believed: whoever knows an address of the shop can write to it. A report counts
//! only through a hint that the shop's own keys signed, so the worst a stranger can do is to report
//! on a letter that they were sent.

mod amazon;
mod classify;
mod fields;
mod imap;
mod json;
mod mail;
mod maildir;
mod scrub;
mod sendgrid;
mod sns;
mod written;

pub use amazon::Amazon;
pub use imap::{Batch, ImapDoor, ImapError, Inbox, Position};
pub use mail::{MOST_READ, read_mail};
pub use maildir::{Swept, read_maildir};
pub use sendgrid::{SENDGRID_KEY, sendgrid};
pub use sns::{Heard, sns};
pub use written::Written;

use model::ResponseKind;

/// The largest body of a webhook that is looked at, bytes.
pub const MOST_BODY: usize = 1024 * 1024;

/// One thing a mail system says of one letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The same when the same report comes twice by the same way; empty where nothing tells.
    pub id: String,
    pub kind: ResponseKind,
    /// Texts that look like tokens of ours, from return paths, Message-IDs and arguments: the first
    /// that `response::Keys::touch_of_hint` reads names the touch. Never an address.
    pub hints: Vec<String>,
    /// When, as the reporter says: Unix milliseconds.
    pub at: Option<i64>,
    /// The enhanced code (RFC 3463), "5.1.1"; empty where none was given.
    pub code: String,
    /// What opened or clicked, as it called itself; empty for the rest.
    pub agent: String,
    /// The reporter's own words without addresses, at most 200 characters.
    pub said: String,
    /// What a person wrote, where it is a person's mail.
    pub written: Option<Box<Written>>,
}

/// Why a webhook's call was not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    #[error("本文が大きすぎます / the body is larger than {MOST_BODY} bytes")]
    TooLarge,
    #[error("このメールサービスの通知の形式ではありません / the body is not what this mail service sends")]
    Malformed,
    #[error(
        "署名が一致しません。設定の検証キーをご確認ください / the signature does not match: check the webhook's key in the settings"
    )]
    Signature,
    #[error(
        "署名された時刻が現在から10分以上離れています。時計をご確認ください / the signed time is more than ten minutes from now: check the clock"
    )]
    Stale,
    #[error("設定にあるSNSトピックではありません / the topic is not the one in the settings")]
    Topic,
    #[error("Amazon SNSの証明書ではありません / the certificate is not from Amazon SNS")]
    Certificate,
    /// Worth another try.
    #[error("いまAmazonに問い合わせできません / Amazon cannot be asked just now")]
    Unfetched,
}
