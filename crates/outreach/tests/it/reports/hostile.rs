//! Mails nobody should send: whatever comes is answered, in time, without a person in the answer.

use super::{file, folder, told};
use outreach::reports::read_mail;
use proptest::prelude::*;

fn mails() -> Vec<Vec<u8>> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("mails")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
        .filter(|name| name.ends_with(".eml"))
        .collect();
    names.sort();
    names.iter().map(|name| file(name)).collect()
}

#[test]
fn nesting_and_size_do_no_harm() {
    let multipart: String =
        (0..20_000).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect();
    let nested = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let mut large = file("postfix.eml");
    let expected = told(&read_mail(&large));
    large.resize(30_000_000, b'a');
    assert_eq!(told(&read_mail(&large)), expected, "what stands first is read of the largest mail");
    let hints = "caa4brahamsdx6f5i77wx5dlpaof6@".repeat(30_000);
    let status = format!("Content-Type: message/delivery-status\n\n{}", "Action: failed\n\n".repeat(50_000));
    for mail in [multipart, nested, hints, status, "\0".repeat(100_000)] {
        assert!(read_mail(mail.as_bytes()).len() <= 3);
    }
}

#[test]
fn cut_anywhere() {
    for mail in mails() {
        for end in 0..mail.len() {
            let reports = read_mail(&mail[..end]);
            assert!(reports.len() <= 1 && reports.iter().all(|r| !r.said.contains('@')));
        }
    }
}

proptest! {
    #[test]
    fn bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        read_mail(&bytes);
    }

    #[test]
    fn mails_with_bytes_changed(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
    ) {
        let mails = mails();
        let mut mail = which.get(&mails).clone();
        for (at, byte) in changes {
            let at = at.index(mail.len());
            mail[at] = byte;
        }
        let reports = read_mail(&mail);
        prop_assert!(reports.iter().all(|r| r.said.chars().count() <= 200 && !r.said.contains('@')));
    }
}
