//! What comes back: bounces in every dialect, complaints, answers, webhooks, and what never gets through.

mod bounces;
mod hostile;
mod imap;
mod maildir;
mod sendgrid;
mod sns;

use outreach::reports::Report;

/// The token in every file of `tests/mails`, as `crates/response/tests/it/token.rs` has it.
const TOKEN: &str = "caa4brahamsdx6f5i77wx5dlpaof6";

/// A file of `tests/mails`.
fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect(name)
}

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails")
}

/// One line per report: kind, code, words; and no person in it.
fn told(reports: &[Report]) -> Vec<String> {
    for report in reports {
        let all = format!("{report:?}").to_lowercase();
        assert!(!all.contains('@') && !all.contains("madeup"), "a person in {all}");
    }
    let line = |r: &Report| format!("{} {} {}", r.kind.word(), r.code, r.said).trim().replace("  ", " ");
    reports.iter().map(line).collect()
}
