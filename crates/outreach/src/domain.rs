//! What the world's name servers say of the shop's sending domain, and what to publish where it falls short (L-36, L-41).

mod alignment;
mod dns;
mod key;
mod spf;

pub use dns::resolver;

use std::net::IpAddr;

/// From so many letters a day on, the large mail services want SPF, DKIM and DMARC together (L-36).
pub const MANY_A_DAY: u64 = 5_000;

/// What is asked of a name server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Each text in one piece.
    Txt,
    /// "10 mail.example.jp"; a null MX (RFC 7505) is "0 .".
    Mx,
    /// The name of an address, asked for by its reverse name.
    Ptr,
    /// IPv4 and IPv6 addresses.
    Address,
}

/// No answer, neither yes nor no.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "DNSから{name}の回答がありません。ネットワークとDNSの設定をご確認ください / DNS does not answer for {name}: check the network and the name servers of this machine"
)]
pub struct Unreachable {
    pub name: String,
}

/// How answers are had: texts, none where there is no such name or record.
pub type Look<'a> = &'a dyn Fn(&str, Ask) -> Result<Vec<String>, Unreachable>;

/// How the shop sends.
#[derive(Clone, Copy, Default, Debug)]
pub struct Sending<'a> {
    /// The domain after the @ of From.
    pub domain: &'a str,
    /// The domain of the return path; empty: the same.
    pub return_path: &'a str,
    /// DKIM selectors, each with the record our key wants; the record is empty where a mail service signs.
    pub selectors: &'a [(&'a str, &'a str)],
    /// What the mail service wants in SPF, "include:amazonses.com"; empty where we send ourselves.
    pub include: &'a str,
    /// The address that hands letters to the world; `None` where a mail service does.
    pub address: Option<IpAddr>,
    /// Letters on the busiest day.
    pub per_day: u64,
}

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    Good,
    /// Letters arrive, some of them as spam or with a warning.
    Warn,
    /// Not to be sent like this.
    Stop,
}

impl Level {
    pub const fn word(self) -> &'static str {
        match self {
            Level::Good => "good",
            Level::Warn => "warn",
            Level::Stop => "stop",
        }
    }
}

/// One thing found, and the line that mends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    pub level: Level,
    /// "L-36", "L-41", or "MX" for what no rule of law or mail service asks for.
    pub rule: &'static str,
    pub ja: String,
    pub en: String,
    /// A line of a zone file; empty where there is nothing to publish.
    pub publish: String,
}

/// What was found of a domain. Records as published, `None` where there is none (or none that counts).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DomainFacts {
    pub domain: String,
    pub spf: Option<String>,
    /// The first selector's record that can be used.
    pub dkim: Option<String>,
    pub dmarc: Option<String>,
    pub mx: Vec<String>,
    /// DMARC would pass: SPF or DKIM passes for the domain of From.
    pub aligned: bool,
    /// The gravest first.
    pub findings: Vec<Finding>,
}

impl DomainFacts {
    /// The gravest level found.
    pub fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Good)
    }
}

/// Looks everything up. Fails with the first name that gets no answer: without a network the rest
/// would only wait as long again.
pub fn facts(sending: &Sending, look: Look) -> Result<DomainFacts, Unreachable> {
    let return_path = if sending.return_path.is_empty() { sending.domain } else { sending.return_path };
    let mut findings = vec![];
    let spf = spf::check(sending, return_path, look, &mut findings)?;
    let dkim = key::check(sending, look, &mut findings)?;
    let dmarc = alignment::check(sending, look, &mut findings)?;
    let spf_aligned = alignment::aligned(sending.domain, return_path, dmarc.as_ref());
    let by_spf = spf.passes && spf_aligned;
    let aligned = dmarc.is_some() && (by_spf || dkim.is_some());
    together(spf.passes, dkim.is_some(), by_spf, &mut findings);
    let mx = mailboxes(sending.domain, return_path, look, &mut findings)?;
    reverse(sending, look, &mut findings)?;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Ok(DomainFacts {
        domain: sending.domain.to_owned(),
        spf: spf.record,
        dkim,
        dmarc: dmarc.map(|found| found.record),
        mx,
        aligned,
        findings,
    })
}

/// A finding that many letters a day turn into a stop (L-36).
fn by_volume(sending: &Sending) -> Level {
    if sending.per_day >= MANY_A_DAY { Level::Stop } else { Level::Warn }
}

fn finding(level: Level, rule: &'static str, ja: &str, en: &str, publish: String) -> Finding {
    Finding { level, rule, ja: ja.to_owned(), en: en.to_owned(), publish }
}

/// What only shows when SPF and DKIM are seen side by side.
fn together(spf: bool, dkim: bool, by_spf: bool, findings: &mut Vec<Finding>) {
    if !spf && !dkim {
        findings.push(finding(
            Level::Stop,
            "L-36",
            "SPFとDKIMのどちらも確認できません。どちらか一方もないメールは、主なメールサービスで拒否されます。",
            "Neither SPF nor DKIM can be verified: the large mail services refuse such letters.",
            String::new(),
        ));
    }
    if !by_spf && !dkim {
        findings.push(finding(
            Level::Warn,
            "L-41",
            "ドコモのメールでは、なりすましの警告が表示されます。",
            "docomo shows its users a warning that the sender may be forged.",
            String::new(),
        ));
    }
}

/// Whether bounces and answers can arrive.
fn mailboxes(
    domain: &str,
    return_path: &str,
    look: Look,
    findings: &mut Vec<Finding>,
) -> Result<Vec<String>, Unreachable> {
    let mx = look(domain, Ask::Mx)?;
    let null = |mx: &[String]| mx.iter().any(|record| record.split_whitespace().nth(1) == Some("."));
    if null(&mx) {
        findings.push(finding(
            Level::Stop,
            "MX",
            "「メールを受け取らないドメイン」と公開されています。差出人に使うと、多くのサーバーで拒否されます。",
            "The domain says that it takes no mail (null MX): many servers refuse it as a sender.",
            String::new(),
        ));
    }
    let mut names = vec![domain];
    names.extend(Some(return_path).filter(|name| *name != domain));
    for name in names {
        let records = if name == domain { mx.clone() } else { look(name, Ask::Mx)? };
        if records.is_empty() {
            findings.push(Finding {
                level: Level::Warn,
                rule: "MX",
                ja: format!("{name}にMXレコードがありません。エラーメールや返信を受け取れません。"),
                en: format!("{name} has no MX record: bounces and answers cannot arrive."),
                publish: format!("{name}. IN MX 10 mail.{domain}."),
            });
        }
    }
    Ok(mx)
}

/// Whether the sending address has a name that leads back to it.
fn reverse(sending: &Sending, look: Look, findings: &mut Vec<Finding>) -> Result<(), Unreachable> {
    let Some(address) = sending.address else { return Ok(()) };
    let names = look(&reverse_name(address), Ask::Ptr)?;
    let mut back = false;
    for name in names.iter().take(4) {
        back |= look(name, Ask::Address)?.iter().any(|text| text.parse() == Ok(address));
    }
    findings.push(if back {
        finding(
            Level::Good,
            "L-36",
            "送信元アドレスの逆引き(PTR)と正引きが一致しています。",
            "The sending address has a name that leads back to it (PTR).",
            String::new(),
        )
    } else {
        finding(
            by_volume(sending),
            "L-36",
            "送信元アドレスの逆引き(PTR)がないか、正引きと一致しません。アドレスを提供する事業者に設定をご依頼ください。",
            "The sending address has no name that leads back to it (PTR): ask whoever provides the address.",
            format!("{}. IN PTR mail.{}.", reverse_name(address), sending.domain),
        )
    });
    Ok(())
}

/// 192.0.2.1 as 1.2.0.192.in-addr.arpa (RFC 1035 section 3.5; RFC 3596 section 2.5).
fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let nibbles = v6.octets().into_iter().rev().flat_map(|byte| [byte & 15, byte >> 4]);
            nibbles.map(|nibble| format!("{nibble:x}.")).collect::<String>() + "ip6.arpa"
        }
    }
}

/// A TXT record as a line of a zone file, in pieces of at most 255 characters (RFC 1035 section 3.3).
fn txt(name: &str, record: &str) -> String {
    let chars: Vec<char> = record.chars().filter(char::is_ascii).collect();
    let pieces = chars.chunks(255).map(|piece| format!("\"{}\"", piece.iter().collect::<String>()));
    format!("{name}. IN TXT {}", pieces.collect::<Vec<_>>().join(" "))
}
