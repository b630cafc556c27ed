//! Who may be reached by which channel, why the others may not, and the ways forward.

use crate::{App, Reach, ReachRefusal, ReachRow, Way};
use anyhow::Result;
use clearance::{RULES, RuleInfo};
use model::{Channel, ReachFacts, StopReason};
use std::collections::BTreeMap;
use store::Attestation;

/// Counts per channel, gathered as customers stream by.
#[derive(Default)]
struct Count {
    reachable: u64,
    refused: BTreeMap<&'static str, u64>,
}

impl App {
    /// What decides whether customers may be reached, one per customer, ascending; with what the
    /// shop's books keep them out for today.
    pub(crate) fn reach_facts(&self, of: Option<&[i64]>, each: &mut dyn FnMut(ReachFacts)) -> Result<()> {
        let settings = self.settings()?;
        let today = settings.day_of(self.now());
        let kept = self.inner.store.exclusions(of, &settings.keep_out, today)?;
        let mut kept = kept.into_iter().peekable();
        let tired = self.want_fewer()?;
        Ok(self.inner.store.reach_facts(of, &mut |mut facts| {
            while let Some((customer, exclusion)) = kept.next_if(|(customer, _)| *customer <= facts.customer)
            {
                if customer == facts.customer {
                    facts.exclusions.push(exclusion);
                }
            }
            facts.wants_fewer = tired.binary_search(&facts.customer).is_ok();
            each(facts);
        })?)
    }

    /// Reachability of everyone in a segment ("" = all).
    pub fn reach(&self, condition: &str) -> Result<Reach> {
        let chosen = match condition.trim() {
            "" => None,
            text => {
                let snapshot = self.judged()?;
                let selection = snapshot.select(text)?;
                Some(selection.iter().map(|i| snapshot.row_at(i).history.customer).collect::<Vec<i64>>())
            }
        };
        let mut customers = 0;
        let mut counts: [Count; 6] = Default::default();
        let mut stops: BTreeMap<StopReason, u64> = BTreeMap::new();
        self.reach_facts(chosen.as_deref(), &mut |facts| {
            customers += 1;
            for (count, (_, verdict)) in counts.iter_mut().zip(clearance::reach(&facts)) {
                match verdict {
                    Ok(_) => count.reachable += 1,
                    Err(rule) => *count.refused.entry(rule.id).or_default() += 1,
                }
            }
            let mut reasons: Vec<StopReason> = facts.stops.iter().map(|&(_, reason)| reason).collect();
            reasons.sort();
            reasons.dedup();
            for reason in reasons {
                *stops.entry(reason).or_default() += 1;
            }
        })?;
        let channels = Channel::ALL.iter().zip(counts).map(|(&channel, count)| row(channel, count)).collect();
        Ok(Reach { customers, channels, stops: stops.into_iter().collect() })
    }

    /// Records a dated statement by a named operator that customers gave a basis.
    pub fn attest(&self, statement: &Attestation) -> Result<i64> {
        anyhow::ensure!(
            !statement.by.trim().is_empty(),
            "an attestation needs the name of the person who makes it"
        );
        anyhow::ensure!(
            !statement.wording.trim().is_empty(),
            "an attestation needs what was shown to customers, where and since when"
        );
        Ok(self.inner.store.attest(statement)?)
    }

    /// Every attestation, revoked ones too.
    pub fn attestations(&self) -> Result<Vec<store::AttestationRow>> {
        Ok(self.inner.store.attestations()?)
    }

    /// Takes an attestation back; it stays on record.
    pub fn revoke(&self, attestation: i64, by: &str) -> Result<()> {
        Ok(self.inner.store.revoke_attestation(attestation, by, self.now())?)
    }

    /// Closes one channel (or all) for one customer.
    pub fn suppress(
        &self,
        customer: i64,
        channel: Option<Channel>,
        reason: StopReason,
        note: &str,
        by: &str,
    ) -> Result<()> {
        Ok(self.inner.store.suppress(customer, channel, reason, note, by, self.now())?)
    }

    /// Lifts a suppression: an operator's act with a reason, never an import's.
    pub fn lift(&self, suppression: i64, by: &str, why: &str) -> Result<()> {
        anyhow::ensure!(
            !by.trim().is_empty() && !why.trim().is_empty(),
            "lifting needs a name and a reason (--by NAME --why TEXT)"
        );
        Ok(self.inner.store.lift_suppression(suppression, by, why, self.now())?)
    }
}

fn row(channel: Channel, count: Count) -> ReachRow {
    let info = |id: &str| RULES.iter().find(|r: &&RuleInfo| r.id == id);
    let mut refused: Vec<ReachRefusal> = count
        .refused
        .iter()
        .map(|(&id, &customers)| ReachRefusal {
            rule: id.to_owned(),
            ja: info(id).map_or(id, |r| r.ja).to_owned(),
            en: info(id).map_or(id, |r| r.en).to_owned(),
            customers,
        })
        .collect();
    refused.sort_by_key(|r| std::cmp::Reverse(r.customers));
    let ways = ways(channel, &count);
    ReachRow { channel, reachable: count.reachable, refused, ways }
}

/// What can be done for those who may not be reached.
fn ways(channel: Channel, count: &Count) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut add =
        |ja: &str, en: &str, verb: String| ways.push(Way { ja: ja.to_owned(), en: en.to_owned(), verb });
    let refused = |id| count.refused.get(id).is_some_and(|&n| n > 0);
    let word = channel.word();
    if refused("L-01") || refused("L-03") || refused("L-17") {
        add(
            "同意の記録(誰が・いつ・どの文面で)をCSVで取り込む",
            "import the consents you hold (who, when, which wording)",
            "mezame import consents.csv --kind consents".to_owned(),
        );
        add(
            "カートで全員から同意を得ている場合は、担当者名と日付を添えて宣言する",
            "if your cart asked everybody, state so with a name and a date",
            format!("mezame reach attest --channel {word} --basis opt_in --by 氏名 --wording 文面"),
        );
        add(
            "同意の要らないチャネル(郵便DM・電話)で連絡する",
            "use a channel that needs no consent (post, phone)",
            "mezame reach".to_owned(),
        );
    }
    if refused("no_address") || refused("L-35") || refused("L-46") {
        add(
            "連絡先のある顧客CSVを取り込む",
            "import a customer file that has the addresses",
            "mezame import customers.csv".to_owned(),
        );
    }
    if refused("L-47") {
        add(
            "自社サイトで同意を得た方だけ、その記録を取り込む",
            "import the consents of those who agreed in your own shop",
            "mezame import consents.csv --kind consents".to_owned(),
        );
    }
    ways
}
