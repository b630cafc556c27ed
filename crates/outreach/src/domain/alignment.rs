//! DMARC: the policy that holds for the domain of From, and whether another domain counts as the same.

use super::{Ask, Finding, Level, Look, Sending, Unreachable, by_volume, finding, txt};
use mail_auth::{
    common::parse::TxtRecordParser,
    dmarc::{Alignment, Dmarc, Policy},
};

/// The record that holds, and where it stands.
pub(super) struct Found {
    pub record: String,
    /// The domain or one of its parents.
    at: String,
    strict: bool,
}

/// As many names as are asked on the way up (RFC 9989 walks the tree as well).
const MOST_STEPS: usize = 5;

pub(super) fn check(
    sending: &Sending,
    look: Look,
    findings: &mut Vec<Finding>,
) -> Result<Option<Found>, Unreachable> {
    let mut at = sending.domain;
    for _ in 0..MOST_STEPS {
        let records = look(&format!("_dmarc.{at}"), Ask::Txt)?;
        let ours: Vec<&String> = records.iter().filter(|r| r.trim_start().starts_with("v=DMARC1")).collect();
        if let [record] = ours[..] {
            return Ok(judge(sending, at, record, findings));
        }
        if ours.len() > 1 {
            let ja = "DMARCレコードが複数あるため、どれも使われません。1つにまとめてください。";
            findings.push(finding(
                by_volume(sending),
                "L-36",
                ja,
                "Several DMARC records: none of them counts.",
                proposal(at),
            ));
            return Ok(None);
        }
        match at.split_once('.') {
            Some((_, parent)) if parent.contains('.') => at = parent,
            _ => break,
        }
    }
    let ja = "DMARCレコードがありません。1日5,000通以上をGmailに送る場合は必須です。";
    let en = "No DMARC record: required from 5,000 letters a day to Gmail on.";
    findings.push(finding(by_volume(sending), "L-36", ja, en, proposal(sending.domain)));
    Ok(None)
}

fn proposal(domain: &str) -> String {
    txt(&format!("_dmarc.{domain}"), &format!("v=DMARC1; p=none; rua=mailto:dmarc@{domain}"))
}

fn judge(sending: &Sending, at: &str, record: &str, findings: &mut Vec<Finding>) -> Option<Found> {
    let Ok(dmarc) = Dmarc::parse(record.as_bytes()) else {
        let ja = "DMARCレコードを読み取れません。";
        findings.push(finding(
            by_volume(sending),
            "L-36",
            ja,
            "The DMARC record cannot be read.",
            proposal(at),
        ));
        return None;
    };
    let sub = at != sending.domain && dmarc.sp != Policy::Unspecified;
    let policy = match if sub { &dmarc.sp } else { &dmarc.p } {
        Policy::Quarantine => "quarantine",
        Policy::Reject => "reject",
        Policy::None | Policy::Unspecified => "none",
    };
    let ja = format!("{at}のDMARCレコードを確認しました(方針: {policy})。");
    let en = format!("The DMARC record of {at} is in place (policy: {policy}).");
    findings.push(finding(Level::Good, "L-36", &ja, &en, String::new()));
    Some(Found { record: record.to_owned(), at: at.to_owned(), strict: dmarc.aspf == Alignment::Strict })
}

/// Whether SPF for the return path speaks for the domain of From. Relaxed, the two need only belong
/// together: one below the other, or both below the domain whose DMARC record holds.
pub(super) fn aligned(domain: &str, return_path: &str, dmarc: Option<&Found>) -> bool {
    let below = |name: &str, parent: &str| {
        name.eq_ignore_ascii_case(parent)
            || name.to_lowercase().ends_with(&format!(".{}", parent.to_lowercase()))
    };
    match dmarc {
        Some(found) if found.strict => domain.eq_ignore_ascii_case(return_path),
        found => {
            below(domain, return_path)
                || below(return_path, domain)
                || found.is_some_and(|found| below(return_path, &found.at))
        }
    }
}
