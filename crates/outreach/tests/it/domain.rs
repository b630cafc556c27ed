//! What name servers say of a domain, made up here, and what is advised.

use base64::{Engine, prelude::BASE64_STANDARD};
use outreach::domain::{Ask, DomainFacts, Level, Sending, Unreachable, facts, resolver};
use proptest::prelude::*;
use std::net::IpAddr;

/// A made-up RSA key as DER in base64: 256 bytes of modulus for 2048 bits, 128 for 1024.
fn rsa(bytes: usize) -> String {
    let head: &[u8] = match bytes {
        256 => &[0x30, 0x82, 1, 0x22, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0],
        _ => &[0x30, 0x81, 0x9f, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0],
    };
    let key: &[u8] = match bytes {
        256 => &[3, 0x82, 1, 15, 0, 0x30, 0x82, 1, 10, 2, 0x82, 1, 1, 0],
        _ => &[3, 0x81, 0x8d, 0, 0x30, 0x81, 0x89, 2, 0x81, 0x81, 0],
    };
    BASE64_STANDARD.encode([head, key, &vec![0xC5; bytes], &[2, 3, 1, 0, 1]].concat())
}

type Zone = Vec<(String, Ask, Vec<String>)>;

fn zone(rows: &[(&str, Ask, &[&str])]) -> Zone {
    let texts = |texts: &[&str]| texts.iter().map(|&t| t.to_owned()).collect();
    rows.iter().map(|(name, ask, answers)| ((*name).to_owned(), *ask, texts(answers))).collect()
}

fn good() -> Zone {
    let key = format!("v=DKIM1; k=rsa; p={}", rsa(256));
    zone(&[
        ("example.jp", Ask::Txt, &["unrelated", "v=spf1 include:_spf.example.com ~all"]),
        ("_spf.example.com", Ask::Txt, &["v=spf1 ip4:192.0.2.0/24 -all"]),
        ("m1._domainkey.example.jp", Ask::Txt, &[&key]),
        ("_dmarc.example.jp", Ask::Txt, &["v=DMARC1; p=quarantine; rua=mailto:dmarc@example.jp"]),
        ("example.jp", Ask::Mx, &["10 mail.example.jp"]),
        ("1.2.0.192.in-addr.arpa", Ask::Ptr, &["mail.example.jp"]),
        ("mail.example.jp", Ask::Address, &["192.0.2.1"]),
    ])
}

/// The good zone with some answers replaced; no answers takes a name away.
fn with(rows: &[(&str, Ask, &[&str])]) -> Zone {
    let mut zone_now = good();
    for row in zone(rows) {
        zone_now.retain(|(name, ask, _)| (name, ask) != (&row.0, &row.1));
        zone_now.push(row);
    }
    zone_now
}

fn sending() -> Sending<'static> {
    Sending {
        domain: "example.jp",
        selectors: &[("m1", "")],
        address: Some(IpAddr::from([192, 0, 2, 1])),
        per_day: 100,
        ..Sending::default()
    }
}

fn look(zone: &Zone) -> impl Fn(&str, Ask) -> Result<Vec<String>, Unreachable> {
    |name, ask| {
        let row = zone.iter().find(|(n, a, _)| n == name && *a == ask);
        Ok(row.map_or(vec![], |(.., answers)| answers.clone()))
    }
}

fn found(sending: &Sending, zone: &Zone) -> DomainFacts {
    facts(sending, &look(zone)).expect("answers")
}

/// The findings that are not good: level, rule and the English text.
fn troubles(facts: &DomainFacts) -> Vec<String> {
    let bad = facts.findings.iter().filter(|f| f.level != Level::Good);
    bad.map(|f| format!("{} {} {}", f.level.word(), f.rule, f.en)).collect()
}

#[test]
fn a_domain_in_order() {
    let facts = found(&sending(), &good());
    assert_eq!(troubles(&facts), Vec::<String>::new());
    assert_eq!((facts.level(), facts.aligned), (Level::Good, true));
    assert_eq!(facts.spf.as_deref(), Some("v=spf1 include:_spf.example.com ~all"));
    assert_eq!(facts.dmarc.as_deref(), Some("v=DMARC1; p=quarantine; rua=mailto:dmarc@example.jp"));
    assert!(facts.dkim.is_some_and(|record| record.starts_with("v=DKIM1")));
    assert_eq!(facts.mx, ["10 mail.example.jp"]);
    assert_eq!(facts.findings.len(), 4, "SPF, DKIM, DMARC and PTR are each said to be good");
}

#[test]
fn each_thing_missing_alone() {
    let short = format!("v=DKIM1; p={}", rsa(128));
    let test = format!("v=DKIM1; t=y; p={}", rsa(256));
    let many = "v=spf1 a:1.example.jp a:2.example.jp a:3.example.jp a:4.example.jp a:5.example.jp a:6.example.jp \
                a:7.example.jp a:8.example.jp a:9.example.jp mx ip4:192.0.2.1 include:_spf.example.com ~all";
    let table: &[(&str, Ask, &[&str], &str)] = &[
        ("example.jp", Ask::Txt, &[], "no SPF record"),
        ("example.jp", Ask::Txt, &["v=spf1 ~all", "v=spf1 mx ~all"], "several SPF records"),
        ("example.jp", Ask::Txt, &["v=spf1 ip4=192.0.2.1 ~all"], "cannot be read"),
        ("example.jp", Ask::Txt, &["v=spf1 ipv4:192.0.2.1 ip4:192.0.2.1 ~all"], "cannot be read"),
        ("example.jp", Ask::Txt, &["v=spf1 ip4:198.51.100.1 ~all"], "does not hold what sends"),
        ("example.jp", Ask::Txt, &["v=spf1 -ip4:192.0.2.1 ~all"], "does not hold what sends"),
        ("example.jp", Ask::Txt, &["v=spf1 ip4:192.0.2.1 +all"], "lets anybody send"),
        ("example.jp", Ask::Txt, &[many], "more than 10 look-ups"),
        ("example.jp", Ask::Txt, &["v=spf1 redirect=example.jp"], "more than 10 look-ups"),
        ("m1._domainkey.example.jp", Ask::Txt, &[], "no DKIM key is published"),
        ("m1._domainkey.example.jp", Ask::Txt, &["v=DKIM1; p="], "published as revoked"),
        ("m1._domainkey.example.jp", Ask::Txt, &["v=DKIM1; k=other; p=AAAA"], "cannot be read"),
        ("m1._domainkey.example.jp", Ask::Txt, &[&short], "fewer than 2048 bits"),
        ("m1._domainkey.example.jp", Ask::Txt, &[&test], "published as a test"),
        ("_dmarc.example.jp", Ask::Txt, &[], "No DMARC record"),
        ("_dmarc.example.jp", Ask::Txt, &["v=DMARC1; p=none", "v=DMARC1; p=reject"], "Several DMARC records"),
        ("_dmarc.example.jp", Ask::Txt, &["v=DMARC1; p=perhaps"], "cannot be read"),
        ("example.jp", Ask::Mx, &[], "no MX record"),
        ("example.jp", Ask::Mx, &["0 ."], "null MX"),
        ("1.2.0.192.in-addr.arpa", Ask::Ptr, &[], "no name that leads back"),
        ("mail.example.jp", Ask::Address, &["198.51.100.1"], "no name that leads back"),
    ];
    for (name, ask, answers, trouble) in table {
        let facts = found(&sending(), &with(&[(name, *ask, answers)]));
        let said = troubles(&facts);
        assert!(said.len() == 1 && said[0].contains(trouble), "{name} {answers:?}: {said:?}");
    }
}

#[test]
fn many_letters_a_day_turn_a_warning_into_a_stop() {
    let zone = with(&[("_dmarc.example.jp", Ask::Txt, &[])]);
    for (per_day, level) in [(4_999, Level::Warn), (5_000, Level::Stop)] {
        let facts = found(&Sending { per_day, ..sending() }, &zone);
        assert_eq!((facts.level(), facts.aligned), (level, false), "{per_day}");
    }
}

#[test]
fn without_spf_and_dkim_nothing_is_sent() {
    let zone = with(&[("example.jp", Ask::Txt, &[]), ("m1._domainkey.example.jp", Ask::Txt, &[])]);
    let facts = found(&sending(), &zone);
    let said = troubles(&facts);
    assert!(said[0].starts_with("stop L-36 Neither SPF nor DKIM"), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("warn L-41")), "{said:?}");
}

#[test]
fn the_ways_a_sending_machine_stands_in_spf() {
    let table: &[(&str, bool)] = &[
        ("v=spf1 ip4:192.0.2.1 -all", true),
        ("v=spf1 a:mail.example.jp -all", true),
        ("v=spf1 mx -all", true),
        ("v=spf1 redirect=_spf.example.com", true),
        ("v=spf1 ip4:192.0.2.2/32 -all", false),
        ("v=spf1 ip6:2001:db8::/32 -all", false),
        ("v=spf1 a -all", false),
    ];
    for (record, holds) in table {
        let facts = found(&sending(), &with(&[("example.jp", Ask::Txt, &[record])]));
        assert_eq!(troubles(&facts).is_empty(), *holds, "{record}");
    }
    let six = Sending { address: "2001:db8::1".parse().ok(), ..sending() };
    let back = format!("1.{}8.b.d.0.1.0.0.2.ip6.arpa", "0.".repeat(23));
    let zone = with(&[
        ("example.jp", Ask::Txt, &["v=spf1 ip6:2001:db8::/32 -all"]),
        (&back, Ask::Ptr, &["mail.example.jp"]),
        ("mail.example.jp", Ask::Address, &["2001:db8::1"]),
    ]);
    assert_eq!(troubles(&found(&six, &zone)), Vec::<String>::new());
}

#[test]
fn alignment_of_the_return_path() {
    let base = |dmarc: &'static str| {
        with(&[
            ("_dmarc.example.jp", Ask::Txt, &[dmarc]),
            ("m1._domainkey.example.jp", Ask::Txt, &[]),
            ("bounce.example.jp", Ask::Txt, &["v=spf1 ip4:192.0.2.1 -all"]),
            ("bounce.example.jp", Ask::Mx, &["10 mail.example.jp"]),
            ("bounce.example.com", Ask::Txt, &["v=spf1 ip4:192.0.2.1 -all"]),
            ("bounce.example.com", Ask::Mx, &["10 mail.example.jp"]),
            ("news.example.jp", Ask::Mx, &["10 mail.example.jp"]),
        ])
    };
    let (relaxed, strict) = ("v=DMARC1; p=none", "v=DMARC1; p=none; aspf=s");
    for (domain, return_path, dmarc, aligned) in [
        ("example.jp", "bounce.example.jp", relaxed, true),
        ("example.jp", "bounce.example.jp", strict, false),
        ("example.jp", "bounce.example.com", relaxed, false),
        ("news.example.jp", "bounce.example.jp", relaxed, true),
    ] {
        let facts = found(&Sending { domain, return_path, ..sending() }, &base(dmarc));
        assert_eq!(facts.aligned, aligned, "{domain} {return_path} {dmarc}");
    }
}

#[test]
fn what_to_publish_is_ready_to_be_pasted() {
    let key = format!("v=DKIM1; k=rsa; p={}", rsa(256));
    let selectors = [("m1", key.as_str())];
    let empty = Zone::new();
    let asks =
        Sending { selectors: &selectors, include: "include:amazonses.com", address: None, ..sending() };
    let lines: Vec<String> = found(&asks, &empty).findings.into_iter().map(|f| f.publish).collect();
    assert!(
        lines.contains(&"example.jp. IN TXT \"v=spf1 include:amazonses.com ~all\"".to_owned()),
        "{lines:?}"
    );
    let dmarc = "_dmarc.example.jp. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc@example.jp\"";
    assert!(lines.iter().any(|line| line == dmarc), "{lines:?}");
    let dkim = lines.iter().find(|line| line.starts_with("m1._domainkey")).expect("DKIM");
    let pieces: Vec<&str> = dkim.split('"').skip(1).step_by(2).collect();
    assert_eq!(pieces.concat(), key);
    assert!(pieces.len() == 2 && pieces.iter().all(|piece| piece.len() <= 255), "{dkim}");
    let other = with(&[("example.jp", Ask::Txt, &["v=spf1 mx ~all"])]);
    let asks = Sending { include: "include:amazonses.com", address: None, ..sending() };
    let added = found(&asks, &other).findings.remove(0).publish;
    assert_eq!(added, "example.jp. IN TXT \"v=spf1 include:amazonses.com mx ~all\"");
}

#[test]
fn a_key_that_is_not_ours_is_seen() {
    let wanted = format!("v=DKIM1; k=rsa; p={}", rsa(256).replace("xcXF", "xcXG"));
    let selectors = [("m1", wanted.as_str())];
    let facts = found(&Sending { selectors: &selectors, ..sending() }, &good());
    assert!(troubles(&facts)[0].contains("not the one we sign with"), "{:?}", troubles(&facts));
    assert_eq!(facts.dkim, None);
}

#[test]
fn without_a_network_the_first_question_ends_it() {
    let asked = std::cell::Cell::new(0);
    let silent = |name: &str, _| {
        asked.set(asked.get() + 1);
        Err(Unreachable { name: name.to_owned() })
    };
    let error = facts(&sending(), &silent).expect_err("no network");
    assert_eq!((error.name.as_str(), asked.get()), ("example.jp", 1));
    let said = error.to_string();
    assert!(said.contains("DNSから") && said.contains("check the network"), "{said}");
}

/// Without a network this is silence, with one it is "no such name" (RFC 2606): never a panic, never long.
#[test]
fn the_resolver_answers_or_says_that_it_cannot() {
    let Ok(look) = resolver() else { return };
    if let Ok(answers) = look("mezame.invalid", Ask::Txt) {
        assert_eq!(answers, Vec::<String>::new());
    }
}

proptest! {
    #[test]
    fn whatever_is_published_is_survived(record in ".{0,120}", tags in "(v=spf1|v=DMARC1;|v=DKIM1;|p=|all|include:| |;|=|/|[a-z0-9.%{}-]{1,5}){0,20}") {
        for text in [record, format!("v=spf1 {tags}"), format!("v=DMARC1; {tags}"), format!("v=DKIM1; p=AAAA; {tags}")] {
            let always = |_: &str, _| Ok(vec![text.clone()]);
            prop_assert!(facts(&sending(), &always).is_ok());
        }
    }
}
