//! Whether each channel of each customer reaches them: valid, unknown or bad, with evidence and date
//! (M025), and how fresh the list is (M133).

use crate::App;
use anyhow::Result;
use model::{Channel, OwnFact, ReachFacts, ResponseKind};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{About, Proof, Shows, Stored, destinations_of, shown};

/// Days for which a proof keeps a customer fresh.
const FRESH_DAYS: i64 = 365;
/// People looked at in one go.
const CHUNK: usize = 1_000;

/// Whether an address reaches its customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Something was delivered there or came back from there, or the customer said so.
    Valid,
    /// There is an address, and nothing is known of it.
    Unknown,
    /// It bounced, was returned or is a dead number.
    Bad,
}

/// One channel of one customer who has an address for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reachability {
    pub channel: Channel,
    pub standing: Standing,
    pub evidence_ja: String,
    pub evidence_en: String,
    /// Unix seconds of the evidence.
    pub at: Option<i64>,
}

/// One channel over all customers who have an address for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct StandingRow {
    pub channel: Channel,
    pub valid: u64,
    pub unknown: u64,
    pub bad: u64,
}

/// The state of the shop's addresses.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Freshness {
    pub customers: u64,
    pub rows: Vec<StandingRow>,
    /// Customers with at least one channel proven at its present address within a year.
    pub fresh: u64,
    /// The same as a share of all customers, 0..=1.
    pub score: f64,
}

impl Standing {
    /// As written on a Japanese page.
    pub const fn ja(self) -> &'static str {
        match self {
            Standing::Valid => "届く",
            Standing::Unknown => "未確認",
            Standing::Bad => "届かない",
        }
    }

    /// As written on an English page.
    pub const fn en(self) -> &'static str {
        match self {
            Standing::Valid => "valid",
            Standing::Unknown => "unknown",
            Standing::Bad => "bad",
        }
    }
}

impl App {
    /// Whether each channel of a customer reaches them.
    pub fn reachability(&self, customer: i64) -> Result<Vec<Reachability>> {
        let store = &self.inner.store;
        let mut proofs = Vec::new();
        store.proofs(Some(&[customer]), &mut |proof| proofs.push(proof))?;
        let records = store.records_of(&[customer])?.remove(&customer).unwrap_or_default();
        let mut known = ReachFacts::default();
        store.reach_facts(Some(&[customer]), &mut |facts| known = facts)?;
        let mut channels = Vec::new();
        for channel in Channel::ALL.iter().copied().filter(|c| has(&known, *c)) {
            let (standing, proof) = standing(channel, &records, &proofs);
            let (ja, en) = evidence(proof);
            let at = proof.map(|p| p.at);
            channels.push(Reachability {
                channel,
                standing,
                evidence_ja: ja.to_owned(),
                evidence_en: en.to_owned(),
                at,
            });
        }
        Ok(channels)
    }

    /// What is known of everybody's addresses. Reads everybody's facts, and the records of those of
    /// whom there is evidence.
    pub fn freshness(&self) -> Result<Freshness> {
        let store = &self.inner.store;
        let mut of: BTreeMap<i64, Vec<Proof>> = BTreeMap::new();
        store.proofs(None, &mut |proof| of.entry(proof.person).or_default().push(proof))?;
        let since = self.now() - FRESH_DAYS * 86_400;
        let mut judged: BTreeMap<i64, Vec<(Channel, Standing)>> = BTreeMap::new();
        let mut fresh = 0;
        let people: Vec<i64> = of.keys().copied().collect();
        for some in people.chunks(CHUNK) {
            for (person, records) in store.records_of(some)? {
                let proofs = of.get(&person).map_or(&[][..], Vec::as_slice);
                let mut is_fresh = false;
                let mut said = Vec::new();
                for &channel in reached_by() {
                    let (standing, proof) = standing(channel, &records, proofs);
                    is_fresh |= standing == Standing::Valid && proof.is_some_and(|p| p.at >= since);
                    said.push((channel, standing));
                }
                fresh += u64::from(is_fresh);
                judged.insert(person, said);
            }
        }
        let row = |channel: &Channel| StandingRow { channel: *channel, valid: 0, unknown: 0, bad: 0 };
        let mut rows: Vec<StandingRow> = reached_by().iter().map(row).collect();
        let mut customers = 0;
        store.reach_facts(None, &mut |facts| {
            customers += 1;
            let said = judged.get(&facts.customer).map_or(&[][..], Vec::as_slice);
            for row in rows.iter_mut().filter(|row| has(&facts, row.channel)) {
                match said.iter().find(|(c, _)| *c == row.channel).map(|(_, standing)| *standing) {
                    Some(Standing::Valid) => row.valid += 1,
                    Some(Standing::Bad) => row.bad += 1,
                    Some(Standing::Unknown) | None => row.unknown += 1,
                }
            }
        })?;
        let score = if customers == 0 { 0.0 } else { fresh as f64 / customers as f64 };
        Ok(Freshness { customers, rows, fresh, score })
    }
}

/// Ads reach nobody at an address of their own.
fn reached_by() -> &'static [Channel] {
    &[Channel::Mail, Channel::Sms, Channel::Line, Channel::Post, Channel::Phone]
}

/// Whether there is an address for a channel.
fn has(facts: &ReachFacts, channel: Channel) -> bool {
    match channel {
        Channel::Mail => facts.has_email,
        Channel::Sms => facts.has_mobile,
        Channel::Line => facts.has_line,
        Channel::Post => facts.has_post,
        Channel::Phone => facts.has_phone,
        Channel::Ads => false,
    }
}

/// Whether a channel's present address reaches a person, and the newest evidence of it. What was shown
/// of a former address says nothing; what is known against the present one counts before all else.
fn standing<'p>(channel: Channel, records: &[Stored], proofs: &'p [Proof]) -> (Standing, Option<&'p Proof>) {
    let newest = |of: &dyn Fn(&&Proof) -> bool| proofs.iter().filter(of).max_by_key(|proof| proof.at);
    let dead = newest(&|p| p.shows == Shows::Dead && p.about == About::Channel(channel));
    if dead.is_some() {
        return (Standing::Bad, dead);
    }
    let key = destinations_of(records, channel).next().map(|(key, _)| key.0);
    let fact = OwnFact::ALL.iter().copied().find(|fact| fact.channels().contains(&channel));
    let print = fact.and_then(|fact| fact.print(&shown(records, fact)?.record));
    let alive = newest(&|p| match p.about {
        About::Address(of, to) => of == channel && Some(to) == key,
        About::Fact(of, value) => Some(of) == fact && Some(value) == print,
        About::Channel(_) => false,
    });
    match alive {
        Some(_) => (Standing::Valid, alive),
        None => (Standing::Unknown, None),
    }
}

/// What the evidence is, in words: Japanese, English.
fn evidence(proof: Option<&Proof>) -> (&'static str, &'static str) {
    match proof.map(|p| p.shows) {
        None => ("まだ何も届いていないか、確かめられていません", "nothing is known yet"),
        Some(Shows::Dead) => ("届かずに戻りました", "it came back"),
        Some(Shows::OwnWord) => ("ご本人が確認されました", "the customer confirmed it"),
        Some(Shows::Heard(ResponseKind::Delivered)) => ("届いたと報告がありました", "reported as delivered"),
        Some(Shows::Heard(ResponseKind::Click)) => ("リンクが押されました", "a link was followed"),
        Some(Shows::Heard(ResponseKind::Reply)) => ("返信がありました", "it was answered"),
        Some(Shows::Heard(ResponseKind::Redeemed)) => ("クーポンが使われました", "its coupon was redeemed"),
        Some(Shows::Heard(_)) => ("配信の設定をされました", "the customer chose what to receive"),
    }
}
