//! Signatures held against another implementation: dkimpy, of the Debian package python3-dkim.

use crate::help::{heading, letter, touch};
use outreach::{DkimKind, Signer, compose, generate_key, sign};
use std::io::Write;
use std::process::{Command, Stdio};

/// Made for this test, by openssl, as `RSA PRIVATE KEY`.
const PKCS1: &str = include_str!("pkcs1.pem");

/// Verifies signature `number` of the mail read from standard input; names and records are arguments.
const VERIFY: &str = "
import sys, dkim
zone = dict(zip(sys.argv[2::2], sys.argv[3::2]))
verifier = dkim.DKIM(sys.stdin.buffer.read())
answer = lambda name, timeout=5: zone.get(name.decode().rstrip('.'), '').encode()
try:
    print(verifier.verify(idx=int(sys.argv[1]), dnsfunc=answer))
except dkim.DKIMException as e:
    print(e)
";

fn verified(mail: &[u8], number: usize, signers: &[Signer]) -> String {
    // The package of Debian belongs to Debian's own interpreter.
    let mut python = Command::new("/usr/bin/python3");
    python.args(["-c", VERIFY, &number.to_string()]);
    for signer in signers {
        python.args([signer.record_name(), signer.record().expect("a record")]);
    }
    let mut python = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    python.stdin.take().expect("its input").write_all(mail).expect("written");
    String::from_utf8(python.wait_with_output().expect("an answer").stdout).expect("text").trim().to_owned()
}

fn signer(selector: &str, pem: &str) -> Signer {
    Signer::from_pem("example.jp", selector, pem).expect("a key")
}

fn mail() -> Vec<u8> {
    compose(&touch(1, "hanako@example.jp"), &heading(), &letter())
}

#[test]
fn others_find_the_signatures_good() {
    let fresh = |kind| generate_key(kind).expect("a key");
    let signers =
        [signer("rsa", &fresh(DkimKind::Rsa)), signer("ed", &fresh(DkimKind::Ed25519)), signer("old", PKCS1)];
    let odd_body =
        b"From: a@example.jp\r\nSubject:  a \t b  \r\n\tc\r\n\r\n.dot\r\n \t\r\na  b \t\r\n\r\n\r\n".to_vec();
    let no_body = b"From: a@example.jp\r\nSubject: x\r\n\r\n".to_vec();
    let twice = b"From: a@example.jp\r\nSubject: one\r\nSubject: two\r\n\r\nx".to_vec();
    for plain in [mail(), odd_body, no_body, twice] {
        let signed = sign(&signers, &plain, 1_795_341_600).expect("a signature");
        assert!(signed.ends_with(&plain));
        for number in 0..signers.len() {
            assert_eq!(verified(&signed, number, &signers), "True", "signature {number}");
        }
    }
}

#[test]
fn others_find_a_changed_mail_bad() {
    let signers = [signer("rsa", PKCS1)];
    let signed = sign(&signers, &mail(), 1_795_341_600).expect("a signature");
    assert_eq!(verified(&signed, 0, &signers), "True");
    let text = String::from_utf8(signed).expect("ASCII");
    for changed in [
        text.replacen("hanako@", "taro@", 1),
        text.replacen("One-Click", "Two-Clicks", 1),
        // Signed once more than they are there: one more breaks the signature.
        text.replacen("MIME-Version:", "Subject: added\r\nMIME-Version:", 1),
        text.replacen("MIME-Version:", "From: evil@example.com\r\nMIME-Version:", 1),
        text.replacen("MIME-Version:", "Reply-To: evil@example.com\r\nMIME-Version:", 1),
        text.replacen("5bGx55Sw", "5bGx55Sx", 1),
        text.clone() + "one line more\r\n",
        text.replacen("t=1795341600", "t=1795341601", 1),
    ] {
        assert_ne!(changed, text);
        assert_ne!(verified(changed.as_bytes(), 0, &signers), "True");
    }
}

#[test]
fn the_same_mail_and_moment_give_the_same_rsa_signature() {
    let signers = [signer("rsa", PKCS1)];
    assert_eq!(sign(&signers, &mail(), 7), sign(&signers, &mail(), 7));
    assert_ne!(sign(&signers, &mail(), 7), sign(&signers, &mail(), 8));
    assert_eq!(sign(&[], &mail(), 7).expect("nothing to sign"), mail());
}

#[test]
fn keys_and_names_that_are_none() {
    let rsa = generate_key(DkimKind::Rsa).expect("a key");
    for pem in ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", &rsa[..600]] {
        assert!(Signer::from_pem("example.jp", "s", pem).is_err(), "{pem}");
    }
    let public = rsa.replace("PRIVATE", "PUBLIC");
    assert!(Signer::from_pem("example.jp", "s", &public).is_err());
    for (domain, selector) in
        [("", "s"), ("example.jp", ""), ("example.jp; x", "s"), ("example.jp", "s\r\nx")]
    {
        assert!(Signer::from_pem(domain, selector, &rsa).is_err());
    }
    let record = signer("s1", &rsa).record().expect("a record");
    assert!(record.starts_with("v=DKIM1; k=rsa; p=MII") && record.len() > 390);
    assert_eq!(signer("s1", &rsa).record_name(), "s1._domainkey.example.jp");
}
