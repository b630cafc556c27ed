//! DKIM: whether the keys we sign with are published, whole and strong enough.

use super::{Ask, Finding, Level, Look, Sending, Unreachable, by_volume, finding, txt};
use base64::{Engine, prelude::BASE64_STANDARD};
use mail_auth::common::{parse::TxtRecordParser, verify::DomainKey};

/// An RSA key of 2048 bits takes 294 bytes, one of 1024 bits 162 (RFC 8301 asks for 2048).
const SHORT_KEY: usize = 270;

/// The first usable record, and what is to be said of every selector.
pub(super) fn check(
    sending: &Sending,
    look: Look,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, Unreachable> {
    let mut usable = None;
    for (selector, wanted) in sending.selectors {
        let name = format!("{selector}._domainkey.{}", sending.domain);
        let found = look(&name, Ask::Txt)?;
        let record = found.iter().find(|record| record.contains("p=")).cloned();
        let (said, ok) = judge(sending, &name, record.as_deref(), wanted);
        findings.push(said);
        if ok && usable.is_none() {
            usable = record;
        }
    }
    if sending.selectors.is_empty() {
        findings.push(finding(
            by_volume(sending),
            "L-36",
            "DKIMのセレクターが設定されていません。署名の鍵を作成するか、メールサービスのセレクターを設定してください。",
            "No DKIM selector is set: make a signing key, or enter the selector of the mail service.",
            String::new(),
        ));
    }
    Ok(usable)
}

fn judge(sending: &Sending, name: &str, record: Option<&str>, wanted: &str) -> (Finding, bool) {
    let publish = if wanted.is_empty() { String::new() } else { txt(name, wanted) };
    let bad = |ja: &str, en: &str| {
        let (ja, en) = (format!("{name}: {ja}"), format!("{name}: {en}"));
        (finding(by_volume(sending), "L-36", &ja, &en, publish.clone()), false)
    };
    let Some(record) = record else {
        return bad("DKIMの公開鍵が公開されていません。", "no DKIM key is published.");
    };
    if tag(record, "p").is_empty() {
        return bad("この鍵は失効と公開されています。", "the key is published as revoked.");
    }
    if DomainKey::parse(record.as_bytes()).is_err() {
        return bad("DKIMレコードを読み取れません。", "the DKIM record cannot be read.");
    }
    if !wanted.is_empty() && tag(record, "p") != tag(wanted, "p") {
        return bad(
            "公開されている鍵が、署名に使う鍵と異なります。",
            "the published key is not the one we sign with.",
        );
    }
    let rsa = ["", "rsa"].contains(&tag(record, "k").as_str());
    let length = BASE64_STANDARD.decode(tag(record, "p")).map_or(0, |der| der.len());
    let (ja, en) = if rsa && length < SHORT_KEY {
        (
            "DKIMの鍵が2048ビット未満です。長い鍵への交換をお勧めします。",
            "the DKIM key has fewer than 2048 bits: a longer one is advised.",
        )
    } else if tag(record, "t").split(':').any(|flag| flag.trim() == "y") {
        (
            "試験中(t=y)と公開されているため、署名がないものとして扱われることがあります。",
            "published as a test (t=y): the signature may be passed over.",
        )
    } else {
        let (ja, en) =
            (format!("{name}: DKIMの公開鍵を確認しました。"), format!("{name}: the DKIM key is in place."));
        return (finding(Level::Good, "L-36", &ja, &en, String::new()), true);
    };
    (finding(Level::Warn, "L-36", &format!("{name}: {ja}"), &format!("{name}: {en}"), publish), true)
}

/// The value of a tag without white space; empty for none.
pub(super) fn tag(record: &str, name: &str) -> String {
    let pairs = record.split(';').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value).next();
    value.unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect()
}
