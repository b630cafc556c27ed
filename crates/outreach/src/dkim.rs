//! DKIM signatures (RFC 6376, RFC 8463), relaxed/relaxed.
//!
//! A signer of our own: mail-auth's reads the clock where `now` is an argument here, and brings a
//! resolver of names with it. The arithmetic is aws-lc's.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use thiserror::Error;

/// Headers that are signed, each once more than it is there: nobody can add another (RFC 6376, 8.15).
const SIGNED: [&str; 10] = [
    "from",
    "subject",
    "to",
    "date",
    "message-id",
    "reply-to",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
];

/// Why a key or a name cannot sign.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum DkimError {
    #[error(
        "DKIMの鍵を読み取れません: {0} / the DKIM key cannot be read: {0} (PEM; RSA of 2048 bits or more, or Ed25519)"
    )]
    Key(String),
    #[error(
        "DKIMのドメインまたはセレクターの書き方に誤りがあります / the DKIM domain or selector is no domain name"
    )]
    Name,
}

/// The kind of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DkimKind {
    /// RSA, 2048 bits: what everybody can check.
    Rsa,
    /// Smaller and quicker; to be used beside RSA.
    Ed25519,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// One key under its name. Shared by threads.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

/// A new key as PEM (PKCS#8). The one thing here that is different every time.
pub fn generate_key(kind: DkimKind) -> Result<String, DkimError> {
    let failed = |_| DkimError::Key("鍵を生成できません / no key could be made".to_owned());
    let der = match kind {
        DkimKind::Rsa => {
            let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            AsDer::<Pkcs8V1Der<'_>>::as_der(&key).map_err(failed)?.as_ref().to_vec()
        }
        DkimKind::Ed25519 => {
            Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(failed)?.as_ref().to_vec()
        }
    };
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    Ok(pem + "-----END PRIVATE KEY-----\n")
}

impl Signer {
    /// A key in PEM: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1).
    pub fn from_pem(domain: &str, selector: &str, pem: &str) -> Result<Signer, DkimError> {
        if ![domain, selector].into_iter().all(is_name) {
            return Err(DkimError::Name);
        }
        let key = read_key(pem)?;
        Ok(Signer { domain: domain.to_ascii_lowercase(), selector: selector.to_ascii_lowercase(), key })
    }

    /// Where the record is published: `selector._domainkey.domain`.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The TXT record's text. In a zone file a text over 255 bytes is written as several strings.
    pub fn record(&self) -> Result<String, DkimError> {
        match &self.key {
            Key::Rsa(key) => {
                let public = AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key());
                let public = public.map_err(|_| DkimError::Key("公開鍵 / public key".to_owned()))?;
                Ok(format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public.as_ref())))
            }
            Key::Ed25519(key) => {
                Ok(format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key().as_ref())))
            }
        }
    }

    /// The header's value but for the signature itself, folded.
    fn unsigned(&self, names: &[&str], body_hash: &str, now: i64) -> String {
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let mut out = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n\ts={}; t={now}; bh={body_hash};\r\n\th=",
            self.domain, self.selector
        );
        for (at, names) in names.chunks(4).enumerate() {
            out.push_str(if at > 0 { ":\r\n\t" } else { "" });
            out.push_str(&names.join(":"));
        }
        out + ";\r\n\tb="
    }

    fn signature(&self, data: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &self.key {
            Key::Rsa(key) => {
                let mut out = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut out)
                    .map_err(|_| DkimError::Key("署名できません / it does not sign".to_owned()))?;
                Ok(out)
            }
            // RFC 8463, 3: what is signed is the hash.
            Key::Ed25519(key) => Ok(key.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec()),
        }
    }
}

/// The mail with one signature of each signer before it, in their order. `now`: Unix seconds.
pub fn sign(signers: &[Signer], mail: &[u8], now: i64) -> Result<Vec<u8>, DkimError> {
    let end = mail.windows(4).position(|w| w == b"\r\n\r\n").map_or(mail.len(), |at| at + 2);
    let (head, body) = (&mail[..end], mail.get(end + 2..).unwrap_or(b""));
    let body_hash = STANDARD.encode(digest(&SHA256, &relaxed_body(body)));
    let (names, signed) = signed_headers(head);
    let mut out = Vec::with_capacity(mail.len() + 800 * signers.len());
    for signer in signers {
        let header = signer.unsigned(&names, &body_hash, now);
        let mut data = signed.clone();
        relaxed_header(header.as_bytes(), &mut data);
        let text = STANDARD.encode(signer.signature(&data)?);
        out.extend_from_slice(header.as_bytes());
        for (at, line) in text.as_bytes().chunks(72).enumerate() {
            out.extend_from_slice(if at > 0 { b"\r\n\t" } else { b"" });
            out.extend_from_slice(line);
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(mail);
    Ok(out)
}

/// The names for `h=`, and the headers as they are signed: of each name the last first, then the
/// one that is not there.
fn signed_headers(head: &[u8]) -> (Vec<&'static str>, Vec<u8>) {
    let headers = headers(head);
    let (mut names, mut data) = (vec![], Vec::with_capacity(head.len()));
    for name in SIGNED {
        let same = |header: &&&[u8]| {
            header.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
                && header.get(name.len()) == Some(&b':')
        };
        for header in headers.iter().rev().filter(same) {
            names.push(name);
            relaxed_header(header, &mut data);
            data.extend_from_slice(b"\r\n");
        }
        names.push(name);
    }
    (names, data)
}

/// Each header with its folded lines.
fn headers(head: &[u8]) -> Vec<&[u8]> {
    let mut found = vec![];
    let mut start = 0;
    for at in 0..head.len() {
        let ends = head[at] == b'\n' && !matches!(head.get(at + 1), Some(b' ' | b'\t'));
        if ends {
            found.push(&head[start..=at]);
            start = at + 1;
        }
    }
    found
}

/// RFC 6376, 3.4.2, without the line's end.
fn relaxed_header(header: &[u8], out: &mut Vec<u8>) {
    let colon = header.iter().position(|b| *b == b':').unwrap_or(header.len());
    out.extend(header[..colon].trim_ascii_end().iter().map(u8::to_ascii_lowercase));
    out.push(b':');
    let mut words = header[(colon + 1).min(header.len())..]
        .split(|b| b" \t\r\n".contains(b))
        .filter(|word| !word.is_empty());
    out.extend_from_slice(words.next().unwrap_or(b""));
    for word in words {
        out.push(b' ');
        out.extend_from_slice(word);
    }
}

/// RFC 6376, 3.4.4: runs of blanks are one, none at a line's end, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut end = 0;
    for line in body.split_inclusive(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r\n").unwrap_or(line);
        let start = out.len();
        let mut blank = false;
        for byte in line {
            if b" \t".contains(byte) {
                blank = true;
                continue;
            }
            if std::mem::take(&mut blank) {
                out.push(b' ');
            }
            out.push(*byte);
        }
        let empty = out.len() == start;
        out.extend_from_slice(b"\r\n");
        end = if empty { end } else { out.len() };
    }
    out.truncate(end);
    out
}

fn read_key(pem: &str) -> Result<Key, DkimError> {
    let bad = |why: &str| DkimError::Key(why.to_owned());
    let (_, rest) = pem.split_once("-----BEGIN ").ok_or_else(|| bad("PEM"))?;
    let (label, rest) = rest.split_once("-----").ok_or_else(|| bad("PEM"))?;
    let (body, _) = rest.split_once("-----END").ok_or_else(|| bad("PEM"))?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = STANDARD.decode(body).map_err(|_| bad("base64"))?;
    match label {
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).map(Key::Rsa).map_err(|e| bad(&e.to_string())),
        "PRIVATE KEY" => match Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der) {
            Ok(key) => Ok(Key::Ed25519(key)),
            Err(_) => RsaKeyPair::from_pkcs8(&der).map(Key::Rsa).map_err(|e| bad(&e.to_string())),
        },
        other => Err(bad(other)),
    }
}

/// Letters, digits, hyphens, dots and underscores: nothing that could end a tag or a line.
fn is_name(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    !text.is_empty() && text.len() <= 253 && text.chars().all(fine)
}
