//! SPF: one record, few enough look-ups, and the machine that sends is in it.

use super::{Ask, Finding, Level, Look, Sending, Unreachable, by_volume, finding, txt};
use mail_auth::{
    common::parse::TxtRecordParser,
    spf::{Directive, Macro, Mechanism, Qualifier, Spf},
};
use std::net::{IpAddr, Ipv4Addr};

/// More names than this, and receivers give up (RFC 7208 section 4.6.4).
const MOST_LOOKUPS: usize = 10;

pub(super) struct Checked {
    pub record: Option<String>,
    /// Letters sent as said would pass.
    pub passes: bool,
}

/// What following a record came to.
#[derive(Default)]
struct Followed {
    lookups: usize,
    /// An address of ours stands in it.
    holds: bool,
}

pub(super) fn check(
    sending: &Sending,
    return_path: &str,
    look: Look,
    findings: &mut Vec<Finding>,
) -> Result<Checked, Unreachable> {
    let mut records = records(return_path, look)?;
    let proposal = txt(return_path, &proposed(sending, records.first().map(String::as_str)));
    let mut bad = |ja: &str, en: &str| {
        let (ja, en) = (format!("{return_path}: {ja}"), format!("{return_path}: {en}"));
        findings.push(finding(by_volume(sending), "L-36", &ja, &en, proposal.clone()));
    };
    if records.len() != 1 {
        match records.len() {
            0 => bad("SPFレコードがありません。", "no SPF record."),
            _ => bad(
                "SPFレコードが複数あるため、どれも使われません。1つにまとめてください。",
                "several SPF records: none of them counts.",
            ),
        }
        return Ok(Checked { record: None, passes: false });
    }
    let record = records.remove(0);
    let parsed = Spf::parse(record.as_bytes()).ok().filter(|_| record.split_whitespace().skip(1).all(known));
    let Some(spf) = parsed else {
        bad("SPFレコードを読み取れません。", "the SPF record cannot be read.");
        return Ok(Checked { record: Some(record), passes: false });
    };
    let mut followed = Followed::default();
    follow(&spf, return_path, sending.address, look, &mut followed)?;
    let included = sending.include.is_empty()
        || record.to_lowercase().split_whitespace().any(|word| word == sending.include.to_lowercase());
    let passes = if followed.lookups > MOST_LOOKUPS {
        bad(
            "SPFレコードの参照が10回を超えるため、無効として扱われます。使っていないincludeを外してください。",
            "the SPF record needs more than 10 look-ups and does not count: take out what is not used.",
        );
        false
    } else if !included || (sending.address.is_some() && !followed.holds) {
        bad(
            "SPFレコードに、このメールの送信元が含まれていません。",
            "the SPF record does not hold what sends these letters.",
        );
        false
    } else {
        findings.push(end(&spf, return_path));
        true
    };
    Ok(Checked { record: Some(record), passes })
}

/// Whether receivers know a word of the record: a mistyped mechanism ("ipv4:") voids all of it, an
/// unknown "name=value" is passed over (RFC 7208 section 4.6.1, section 6).
fn known(word: &str) -> bool {
    let bare = word.trim_start_matches(['+', '-', '~', '?']).to_ascii_lowercase();
    let name = bare.split([':', '/', '=']).next().unwrap_or("");
    let mechanisms = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];
    mechanisms.contains(&name) || bare[name.len()..].starts_with('=')
}

/// Whether the record leaves the door open.
fn end(spf: &Spf, domain: &str) -> Finding {
    let all = spf.directives.iter().find(|directive| directive.mechanism == Mechanism::All);
    match all.map(|directive| &directive.qualifier) {
        Some(Qualifier::Pass) => finding(
            Level::Warn,
            "L-36",
            &format!("{domain}: SPFレコードが誰の送信でも認めています(+all)。~allに変更してください。"),
            &format!("{domain}: the SPF record lets anybody send (+all): change it to ~all."),
            String::new(),
        ),
        _ => finding(
            Level::Good,
            "L-36",
            &format!("{domain}: SPFレコードを確認しました。"),
            &format!("{domain}: the SPF record is in place."),
            String::new(),
        ),
    }
}

fn records(domain: &str, look: Look) -> Result<Vec<String>, Unreachable> {
    let mut found = look(domain, Ask::Txt)?;
    found.retain(|record| record == "v=spf1" || record.to_lowercase().starts_with("v=spf1 "));
    Ok(found)
}

/// The record there is, with what sends added; or a new one.
fn proposed(sending: &Sending, record: Option<&str>) -> String {
    let own = match sending.address {
        Some(IpAddr::V4(v4)) => format!("ip4:{v4}"),
        Some(IpAddr::V6(v6)) => format!("ip6:{v6}"),
        None if sending.include.is_empty() => "mx".to_owned(),
        None => sending.include.to_owned(),
    };
    match record.and_then(|record| record.get("v=spf1".len()..)) {
        Some(rest) if rest.split_whitespace().all(|word| word != own) => format!("v=spf1 {own}{rest}"),
        Some(rest) => format!("v=spf1{rest}"),
        None => format!("v=spf1 {own} ~all"),
    }
}

/// Walks includes and redirects while receivers would, counting names as they do.
fn follow(
    spf: &Spf,
    domain: &str,
    address: Option<IpAddr>,
    look: Look,
    so_far: &mut Followed,
) -> Result<(), Unreachable> {
    for directive in &spf.directives {
        let next = match &directive.mechanism {
            Mechanism::Include { macro_string } => {
                so_far.lookups += 1;
                literal(macro_string)
            }
            Mechanism::A { .. } | Mechanism::Mx { .. } | Mechanism::Ptr { .. } | Mechanism::Exists { .. } => {
                so_far.lookups += 1;
                None
            }
            Mechanism::All | Mechanism::Ip4 { .. } | Mechanism::Ip6 { .. } => None,
        };
        if so_far.lookups > MOST_LOOKUPS {
            return Ok(());
        }
        if let Some(next) = next {
            step(&next, address, look, so_far)?;
        } else if let (Some(address), Qualifier::Pass) = (address, &directive.qualifier) {
            so_far.holds |= holds(directive, domain, address, look)?;
        }
    }
    let Some(next) = spf.redirect.as_ref().and_then(literal) else { return Ok(()) };
    so_far.lookups += 1;
    if so_far.lookups > MOST_LOOKUPS { Ok(()) } else { step(&next, address, look, so_far) }
}

fn step(domain: &str, address: Option<IpAddr>, look: Look, so_far: &mut Followed) -> Result<(), Unreachable> {
    match records(domain, look)?.first().map(|record| Spf::parse(record.as_bytes())) {
        Some(Ok(spf)) => follow(&spf, domain, address, look, so_far),
        _ => Ok(()),
    }
}

/// A name without macros; those depend on the letter and cannot be followed.
fn literal(name: &Macro) -> Option<String> {
    match name {
        Macro::Literal(bytes) => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

fn holds(directive: &Directive, domain: &str, address: IpAddr, look: Look) -> Result<bool, Unreachable> {
    let named = |name: &Macro| literal(name).unwrap_or_else(|| domain.to_owned());
    Ok(match (&directive.mechanism, address) {
        (Mechanism::Ip4 { addr, mask }, IpAddr::V4(ours)) => within(*addr, ours, *mask),
        (Mechanism::Ip6 { addr, mask }, IpAddr::V6(ours)) => addr.to_bits() & mask == ours.to_bits() & mask,
        (Mechanism::A { macro_string, ip4_mask, ip6_mask }, _) => {
            leads_to(&named(macro_string), (*ip4_mask, *ip6_mask), address, look)?
        }
        (Mechanism::Mx { macro_string, ip4_mask, ip6_mask }, _) => {
            let mut found = false;
            for record in look(&named(macro_string), Ask::Mx)?.iter().take(MOST_LOOKUPS) {
                let host = record.split_whitespace().nth(1).unwrap_or("");
                found = found || leads_to(host, (*ip4_mask, *ip6_mask), address, look)?;
            }
            found
        }
        _ => false,
    })
}

fn within(a: Ipv4Addr, b: Ipv4Addr, mask: u32) -> bool {
    a.to_bits() & mask == b.to_bits() & mask
}

fn leads_to(host: &str, masks: (u32, u128), ours: IpAddr, look: Look) -> Result<bool, Unreachable> {
    let answers = look(host, Ask::Address)?;
    Ok(answers.iter().filter_map(|text| text.parse().ok()).any(|found| match (found, ours) {
        (IpAddr::V4(found), IpAddr::V4(ours)) => within(found, ours, masks.0),
        (IpAddr::V6(found), IpAddr::V6(ours)) => found.to_bits() & masks.1 == ours.to_bits() & masks.1,
        _ => false,
    }))
}
