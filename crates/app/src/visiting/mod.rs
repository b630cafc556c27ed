//! Visits to the shop's site: who they are of, kept only with consent, and what follows from them.

mod log;
mod telling;

pub use log::LogTaken;
pub(crate) use telling::visit_reason;
pub use telling::{VisitAlert, VisitorRow};

use crate::secrets::signed;
use crate::{App, Settings};
use anyhow::{Result, ensure};
use model::{Visit, VisitKind};
use response::Token;
use serde::Deserialize;
use store::{VisitConsent, VisitTally};

/// The parameter by which a link of ours names its letter to the shop's own site.
pub const VISIT_PARAMETER: &str = "mz";
/// Days for which such a link, once followed, goes on naming them.
const LINK_DAYS: u32 = 1;
/// Seconds for which a signature of the shop's site holds, and by which clocks may differ.
const SIGNED_FOR: i64 = 86_400;
const CLOCKS: i64 = 300;
/// Visits of one customer that are kept around a day: more are no person's.
const MOST_A_DAY: u64 = 200;
/// Longest texts that are kept, characters.
const LONGEST_PAGE: usize = 200;
const LONGEST_SAID: usize = 100;
const LONGEST_WORDING: usize = 300;

/// A visit as the script on the shop's site tells it.
#[derive(Clone, Default, PartialEq, Debug, Deserialize)]
#[serde(default)]
pub struct VisitTold {
    /// `view`, `search` or `cart`.
    pub kind: String,
    pub page: String,
    pub said: String,
    /// `yes` where the page says that the visitor agreed, `agreed` where they just did, `no` where they take
    /// it back.
    pub consent: String,
    /// What they agreed to.
    pub wording: String,
    /// Something else for each event.
    pub n: String,
    /// The token of a link of ours ...
    pub token: String,
    /// ... or the shop's own number of who is logged in, with the source it is of (empty: the only one),
    /// the moment it was signed (Unix seconds) and the signature (hexadecimal).
    pub customer: String,
    pub source: String,
    pub at: i64,
    pub sign: String,
}

/// What became of a visit that was told. The site is told none of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VisitHeard {
    Kept,
    /// Told before.
    Known,
    /// They took their consent back: everything of them is gone.
    Withdrawn,
    /// Not kept: without consent, too many, nobody of ours, or visits are not on.
    Not,
}

impl App {
    /// Hears a visit from the shop's site. Kept only where visits are on, the visitor agreed, and it is one
    /// of our customers by our own signature or the shop's; a consent is taken back even where visits are
    /// off. `now`: Unix seconds.
    pub fn hear_visit(&self, told: &VisitTold, now: i64) -> Result<VisitHeard> {
        let settings = self.settings()?;
        if !settings.visits.on && told.consent != "no" {
            return Ok(VisitHeard::Not);
        }
        let Some(customer) = self.visitor(told, &settings, now)? else { return Ok(VisitHeard::Not) };
        let store = &self.inner.store;
        let known = store.visit_consent(customer)?.map(|c| c.given);
        match (told.consent.as_str(), known) {
            ("no", Some(false)) => return Ok(VisitHeard::Withdrawn),
            ("no", _) => {
                store.state_visits(customer, false, "", now)?;
                return Ok(VisitHeard::Withdrawn);
            }
            ("yes" | "agreed", Some(true)) => {}
            // Who took it back is asked by nobody's page: they agree anew themselves.
            ("agreed", Some(false)) | ("yes" | "agreed", None) => {
                store.state_visits(customer, true, &plain(&told.wording, LONGEST_WORDING), now)?;
            }
            _ => return Ok(VisitHeard::Not),
        }
        let Some(kind) = VisitKind::from_word(&told.kind) else { return Ok(VisitHeard::Not) };
        let nonce: String = told.n.chars().take(LONGEST_SAID).collect();
        let visit = Visit {
            customer,
            at: now,
            kind,
            page: page(&told.page),
            said: plain(&told.said, LONGEST_SAID),
            proof: self.proof(&format!("{customer} {} {nonce}", told.kind)),
        };
        let tally = store.add_visits(&[visit], MOST_A_DAY, &|at| settings.day_of(at))?;
        Ok(match tally {
            VisitTally { kept: 1, .. } => VisitHeard::Kept,
            VisitTally { known: 1, .. } => VisitHeard::Known,
            _ => VisitHeard::Not,
        })
    }

    /// Who came, as they were when asked. `None`: nobody whom we or the shop named.
    fn visitor(&self, told: &VisitTold, settings: &Settings, now: i64) -> Result<Option<i64>> {
        let store = &self.inner.store;
        if !told.token.is_empty() {
            let Some(touch) = self.touch_of_visit(&told.token, settings, now)? else { return Ok(None) };
            let Ok(stored) = store.touch(touch) else { return Ok(None) };
            return Ok(store.persons(&[stored.touch.customer])?.into_values().next());
        }
        let Some(secret) = &self.inner.secrets.visit_secret else { return Ok(None) };
        let fresh = (now - SIGNED_FOR..=now + CLOCKS).contains(&told.at);
        let own =
            signed(secret.as_bytes(), format!("{}\n{}\n{}", told.source, told.customer, told.at).as_bytes());
        let proven =
            self.inner.secrets.alike(hex(&own).as_bytes(), told.sign.to_ascii_lowercase().as_bytes());
        if told.customer.is_empty() || !fresh || !proven {
            return Ok(None);
        }
        Ok(store.named_by_shop(&told.source, &told.customer)?)
    }

    /// The touch by whose link somebody came, while the link still names them.
    fn touch_of_visit(&self, token: &str, settings: &Settings, now: i64) -> Result<Option<i64>> {
        let Some(Token::Visit { touch, until }) = self.keys()?.read(token) else { return Ok(None) };
        let today = settings.day_of(now).0;
        Ok(u32::try_from(today).is_ok_and(|today| today <= until).then_some(touch))
    }

    /// The token that names a letter's reader to the shop's site, from now on for a day.
    pub fn visit_token(&self, touch: i64, now: i64) -> Result<String> {
        let today = u32::try_from(self.settings()?.day_of(now).0).unwrap_or(0);
        Ok(self.keys()?.sign(Token::Visit { touch, until: today + LINK_DAYS }))
    }

    /// The shop's own hosts, by whose pages visits are told and to which posts may lead.
    pub fn own_hosts(&self) -> Result<Vec<String>> {
        Ok(self.settings()?.own_hosts())
    }

    /// Whether a customer agreed that visits are kept, and what was kept, the newest first.
    pub fn visits_of(&self, customer: i64, limit: usize) -> Result<(Option<VisitConsent>, Vec<Visit>)> {
        let store = &self.inner.store;
        Ok((store.visit_consent(customer)?, store.visits_of(customer, limit)?))
    }

    /// An operator notes that a customer agreed, or that they take it back: then everything kept of them goes.
    pub fn state_visits(&self, customer: i64, given: bool, wording: &str, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "this needs the name of the operator: --by NAME");
        ensure!(!given || !wording.trim().is_empty(), "say what they agreed to, and where: --wording TEXT");
        let wording = plain(&format!("{wording} ({by})"), LONGEST_WORDING);
        Ok(self.inner.store.state_visits(customer, given, &wording, self.now())?)
    }

    /// Forgets visits that are older than the shop's limit; returns how many.
    pub fn forget_visits(&self) -> Result<u64> {
        let settings = self.settings()?;
        let before = self.now() - i64::from(settings.visits.keep_days) * 86_400;
        Ok(self.inner.store.forget_visits(before, settings.day_of(before))?)
    }

    /// What makes a doubled event one: nobody without our key can aim at another's.
    fn proof(&self, text: &str) -> i64 {
        let seal = self.inner.secrets.seal(&format!("visit {text}"));
        i64::from_be_bytes(seal[..8].try_into().unwrap_or_default())
    }
}

impl Settings {
    /// The shop's own hosts: those it names, else that of its site. Lower case.
    pub fn own_hosts(&self) -> Vec<String> {
        let named = self.visits.hosts.split(',').map(str::trim).filter(|host| !host.is_empty());
        let mut hosts: Vec<String> = named.map(str::to_ascii_lowercase).collect();
        if hosts.is_empty() {
            hosts.extend(host_of(&self.profile.site));
        }
        hosts
    }
}

/// The host of an address of the web, in lower case, without its port. `None` for anything else.
pub fn host_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    // Before an @ stands a login, by which an address can look like another's.
    if authority.contains('@') || authority.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let host = authority.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The path alone: what follows a question mark may be anybody's secret.
fn page(told: &str) -> String {
    plain(told.split(['?', '#']).next().unwrap_or_default(), LONGEST_PAGE)
}

/// At most so many characters, none of them invisible.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect::<String>().trim().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_browsers_read_them() {
        for (address, host) in [
            ("https://shop.example.jp/a?b#c", Some("shop.example.jp")),
            ("HTTPS://Shop.Example.JP:8443", Some("shop.example.jp")),
            ("https://shop.example.jp@evil.example.com/", None),
            ("https://evil.example.com\\@shop.example.jp/", Some("evil.example.com")),
            ("https://shop.example.jp\r\n.evil.example.com/", None),
            ("//shop.example.jp/", None),
            ("javascript://shop.example.jp/%0aalert(1)", None),
            ("https:///shop.example.jp", None),
            ("", None),
        ] {
            assert_eq!(host_of(address).as_deref(), host, "{address}");
        }
    }

    #[test]
    fn only_plain_text_is_kept() {
        assert_eq!(page("/tea/green?mail=a@example.jp#x"), "/tea/green");
        assert_eq!(plain("緑茶\u{7}\n  ", 10), "緑茶");
        assert_eq!(plain(&"長".repeat(500), 100).chars().count(), 100);
    }
}
