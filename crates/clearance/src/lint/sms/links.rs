//! Where an SMS leads: to the shop's own hosts, to one thing to do, and to something to check it by.

use super::super::sender::{host, registered};
use super::{Level, Remark, SmsWords};
use model::ShopProfile;

/// Hosts that hide where a link leads (L-33).
const SHORTENERS: [&str; 16] = [
    "bit.ly",
    "goo.gl",
    "t.co",
    "tinyurl.com",
    "is.gd",
    "ow.ly",
    "buff.ly",
    "cutt.ly",
    "rebrand.ly",
    "shorturl.at",
    "x.gd",
    "onl.la",
    "onl.bz",
    "onl.sc",
    "ux.nu",
    "00m.in",
];

/// The links of a text: runs of ASCII with a host in them.
pub(super) fn links(text: &str) -> Vec<&str> {
    let within = |c: char| c.is_ascii_graphic() && !"<>\"'()[]{}|,;".contains(c);
    let runs = text.split(|c| !within(c)).map(|run| run.trim_end_matches(['.', ':', '!', '?']));
    runs.filter(|run| is_link(run)).collect()
}

fn is_link(run: &str) -> bool {
    if run.contains("://") {
        return true;
    }
    let host = run.split(['/', '?', '#']).next().unwrap_or("");
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    let named = ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_alphabetic());
    // A bare host is one too: telephones make it one. An address of mail is none.
    named && !run.contains('@')
}

/// Links lead to the shop's own hosts, closed to others (L-33).
pub(super) fn hosts(links: &[&str], words: &SmsWords<'_>, shop: &ShopProfile) -> Vec<Remark> {
    let own: Vec<String> =
        [&shop.site, &shop.public_url].iter().filter_map(|url| host(url)).map(|h| registered(&h)).collect();
    let known = |host: &str| {
        own.contains(&registered(host)) || words.hosts.iter().any(|other| other.eq_ignore_ascii_case(host))
    };
    let hidden =
        |host: &str| SHORTENERS.iter().any(|short| host == *short || host.ends_with(&format!(".{short}")));
    let mut remarks = vec![];
    for link in links {
        let remark = Remark::of("L-33", "text").found(vec![(*link).to_owned()]);
        match host(link) {
            Some(host) if hidden(&host) => remarks.push(remark.saying(
                "短縮リンクは、行き先が分からず迷惑SMSとして止められます。お店のドメインをお使いください",
                "a shortened link hides where it leads and is filtered: use the shop's own domain",
            )),
            Some(host) if known(&host) => {
                if link.starts_with("http://") {
                    remarks.push(remark.level(Level::Warn).saying(
                        "リンクは https:// をお使いください",
                        "a link begins with https://",
                    ));
                }
            }
            _ => remarks.push(remark.saying(
                "お店のドメインではないリンクがあります。登録した短いドメインは設定に加えてください",
                "a link leads to a host that is not the shop's own: add a registered short domain to the settings",
            )),
        }
    }
    remarks
}

/// One link, one thing to do (M086); the way out is not counted.
pub(super) fn action(links: &[&str], words: &SmsWords<'_>) -> Option<Remark> {
    let mut others: Vec<&str> = links.iter().copied().filter(|link| *link != words.opt_out).collect();
    others.dedup();
    let called = others.is_empty() && telephone(&words.text.replace(words.opt_out, " "));
    let remark = Remark::of("M086", "text").level(Level::Warn);
    match others.len() {
        0 if !called => Some(remark.saying(
            "次にしていただくこと（リンクか電話番号）が一つもありません",
            "nothing to do is named: neither a link nor a telephone number",
        )),
        0 | 1 => None,
        n => Some(
            remark
                .saying(
                    format!("リンクが{n}つあります。していただくことは一つにしてください"),
                    format!("{n} links: one SMS asks for one thing"),
                )
                .found(others.into_iter().map(str::to_owned).collect()),
        ),
    }
}

/// Whether a text names a telephone number: ten digits or more from 0, hyphens between.
fn telephone(text: &str) -> bool {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || c == '-'));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.into_iter().any(|run| run.starts_with('0') && (10..=11).contains(&run.len()))
}

/// Something by which the reader can check who wrote it: the shop's site, or its number (M163).
pub(super) fn checkable(links: &[&str], text: &str, shop: &ShopProfile) -> Option<Remark> {
    let site = host(&shop.site).map(|h| registered(&h));
    let leads = |link: &&str| host(link).map(|h| registered(&h)) == site;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = digits(&shop.contact);
    let contact = shop.contact.trim();
    let called = (number.len() >= 10 && digits(text).contains(&number))
        || (!contact.is_empty() && text.contains(contact));
    let shown = called || (site.is_some() && links.iter().any(leads));
    (!shown).then(|| Remark::of("M163", "text"))
}
