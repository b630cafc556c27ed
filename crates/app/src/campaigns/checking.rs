//! Whether a campaign may be approved: its document, its words, and the words as they will read.

use super::facts::channel_of;
use crate::App;
use anyhow::Result;
use clearance::{Known, Level, Overlap, Remark, lint};
use model::{Arm, Campaign, CampaignState, Channel};
use serde::Serialize;
use std::sync::Arc;

/// What was found.
#[derive(Clone, Default, Debug, Serialize)]
pub struct Checked {
    pub remarks: Vec<Remark>,
    /// What cannot be printed at all, or lacks a fallback: (step, Japanese, English). These block.
    pub broken: Vec<Broken>,
}

/// Words that stop a letter to somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Broken {
    pub rule: &'static str,
    pub step: String,
    pub ja: String,
    pub en: String,
}

/// One thing that blocks, in both languages.
#[derive(Clone, Debug)]
pub struct Block {
    pub rule: String,
    pub ja: String,
    pub en: String,
}

impl Checked {
    /// Everything that stands in the way of an approval.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        let remarks = self.remarks.iter().filter(|r| r.level == Level::Block);
        let rules = remarks.map(|r| Block { rule: r.rule.to_owned(), ja: r.ja.clone(), en: r.en.clone() });
        let broken =
            self.broken.iter().map(|b| Block { rule: b.rule.to_owned(), ja: b.ja.clone(), en: b.en.clone() });
        rules.chain(broken)
    }

    pub fn passes(&self) -> bool {
        self.blocks().next().is_none()
    }
}

impl App {
    /// Checks a document as it stands, approved or not.
    pub fn check_campaign(&self, campaign: &Campaign) -> Result<Checked> {
        let settings = self.settings()?;
        let shop = settings.shop_profile();
        let mut checked =
            Checked { remarks: lint(campaign, &shop, &self.known_of(campaign)?), broken: vec![] };
        if let Err(why) = self.judged().and_then(|s| self.whom(campaign, &s).map(drop)) {
            checked.broken.push(Broken {
                rule: "M061",
                step: String::new(),
                ja: format!("対象の条件を読み取れません: {why:#}"),
                en: format!("whom it is for cannot be read: {why:#}"),
            });
        }
        for (number, step) in campaign.steps.iter().enumerate() {
            if let Err(why) = self.judged().and_then(|snapshot| Ok(snapshot.select(&step.only).map(drop)?)) {
                checked.broken.push(Broken {
                    rule: "M061",
                    step: step.name.clone(),
                    ja: format!("「{}」の条件を読み取れません: {why:#}", step.name),
                    en: format!("'{}': whom it is for cannot be read: {why:#}", step.name),
                });
            }
            for variant in campaign.variant_numbers() {
                if let Some(broken) = self.broken(campaign, number, variant, &step.name)
                    && !checked.broken.iter().any(|b| b.ja == broken.ja && b.step == broken.step)
                {
                    checked.broken.push(broken);
                }
            }
        }
        Ok(checked)
    }

    fn broken(&self, campaign: &Campaign, number: usize, variant: usize, name: &str) -> Option<Broken> {
        let broken = |ja: String, en: String| Broken { rule: "M030", step: name.to_owned(), ja, en };
        match self.gaps(campaign, number, variant) {
            Ok(gaps) if gaps.is_empty() => None,
            Ok(gaps) => {
                let fields = gaps.join(", ");
                Some(broken(
                    format!(
                        "「{name}」の差し込み {fields} は、値のない方にお送りできません。{{{{ {} | or(\"…\") }}}} のように代わりの言葉を書いてください",
                        gaps[0]
                    ),
                    format!(
                        "'{name}': {fields} may be unknown; give a fallback, as in {{{{ {} | or(\"...\") }}}}",
                        gaps[0]
                    ),
                ))
            }
            Err(why) => Some(broken(
                format!("「{name}」の文面を作れません: {why:#}"),
                format!("'{name}' cannot be printed: {why:#}"),
            )),
        }
    }

    /// What the document cannot say of itself.
    fn known_of(&self, campaign: &Campaign) -> Result<Known> {
        let settings = self.settings()?;
        let ours: Vec<i64> = self
            .judged()
            .and_then(|snapshot| self.whom(campaign, &snapshot))
            // What cannot be read is told by itself.
            .map_or(vec![], |chosen| chosen.into_iter().map(|(customer, _)| customer).collect());
        let mut known = Known {
            from_address: settings.sending.from.clone(),
            reply_to: settings.sending.reply_to.clone(),
            dns: self.dns_known()?,
            evidence: campaign.evidence.clone(),
            mailto_opt_out: settings.sending.hears_mail(),
            days_off: settings.days_off.clone(),
            sms: self.sms_samples(campaign)?,
            quotes: self.quotes()?,
            ..Known::on(self.today()?)
        };
        if campaign.steps.iter().any(|s| channel_of(s) == Channel::Mail) {
            known.mails_per_day = ours.len() as u64;
        }
        for other in self.inner.store.campaigns()? {
            let running = matches!(other.state, CampaignState::Approved | CampaignState::Paused);
            let reissued = same_limited_offer(campaign, &other.campaign);
            let asked = (running || reissued) && other.campaign.name != campaign.name;
            let Some(plan) = other.plan.filter(|_| asked) else { continue };
            let (treated, common) = self.in_common(plan, &ours)?;
            let overlap = Overlap { campaign: other.campaign.name, customers: common };
            if running {
                known.mails_per_day += treated;
                known.overlaps.extend((common > 0).then(|| overlap.clone()));
            }
            known.reissues.extend((reissued && common > 0).then_some(overlap));
        }
        Ok(known)
    }

    /// The treated of a plan, and how many of them are among these customers (ascending).
    fn in_common(&self, plan: i64, customers: &[i64]) -> Result<(u64, u64)> {
        let treated = self.treated(plan)?;
        let common = treated.iter().filter(|who| customers.binary_search(who).is_ok()).count();
        Ok((treated.len() as u64, common as u64))
    }

    /// The treated of an approved plan, ascending. Frozen, so it is read once: words are checked with
    /// every keystroke.
    fn treated(&self, plan: i64) -> Result<Arc<Vec<i64>>> {
        if let Some(known) = crate::lock(&self.inner.treated).get(&plan) {
            return Ok(known.clone());
        }
        let mut treated = Vec::new();
        self.inner.store.plan_rows(plan, &mut |row| {
            if row.assignment.arm == Arm::Treated {
                treated.push(row.assignment.customer);
            }
        })?;
        treated.sort_unstable();
        let treated = Arc::new(treated);
        crate::lock(&self.inner.treated).insert(plan, treated.clone());
        Ok(treated)
    }

    /// What DNS said of the sender's domain when it was last looked at (`mezame doctor mail`).
    fn dns_known(&self) -> Result<Option<clearance::Dns>> {
        let domain = self.settings()?.sending.domain().to_owned();
        let kept = self.inner.store.setting(&format!("dns.{domain}"))?;
        let flags: Option<[bool; 4]> = kept.and_then(|text| serde_json::from_str(&text).ok());
        Ok(flags.map(|[spf, dkim, dmarc, aligned]| clearance::Dns { spf, dkim, dmarc, aligned }))
    }

    /// Keeps what DNS said of a domain.
    pub fn keep_dns(&self, domain: &str, flags: [bool; 4]) -> Result<()> {
        Ok(self.inner.store.set_setting(&format!("dns.{domain}"), &serde_json::to_string(&flags)?)?)
    }
}

/// Whether both give the same thing until an end (L-24).
fn same_limited_offer(one: &Campaign, other: &Campaign) -> bool {
    let (Some(a), Some(b)) = (&one.offer, &other.offer) else { return false };
    let limited = a.ends.is_some() && b.ends.is_some();
    limited && a.kind == b.kind && a.amount == b.amount && a.name == b.name
}
