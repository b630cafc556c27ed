//! Whether a campaign may be approved: its document, its words, and the words as they will read.

use super::facts::channel_of;
use crate::App;
use anyhow::Result;
use clearance::{Known, Level, Overlap, Remark, lint};
use model::{Arm, Campaign, CampaignState, Channel};
use serde::Serialize;
use std::collections::HashSet;

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
        let variants = campaign.variants.len().max(1);
        for (number, step) in campaign.steps.iter().enumerate() {
            for variant in 0..variants {
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
        let today = self.today()?;
        let mut overlaps = Vec::new();
        let ours = self.judged().and_then(|s| {
            let chosen = self.whom(campaign, &s)?;
            Ok(chosen.iter().map(|i| s.row_at(i).history.customer).collect::<HashSet<i64>>())
        });
        let ours = ours.unwrap_or_default();
        let mut mails = 0;
        for other in self.inner.store.campaigns()? {
            let running = matches!(other.state, CampaignState::Approved | CampaignState::Paused);
            let Some(plan) = other.plan.filter(|_| running && other.campaign.name != campaign.name) else {
                continue;
            };
            let mut customers = 0;
            self.inner.store.plan_rows(plan, &mut |row| {
                let treated = row.assignment.arm == Arm::Treated;
                customers += u64::from(treated && ours.contains(&row.assignment.customer));
                mails += u64::from(treated);
            })?;
            if customers > 0 {
                overlaps.push(Overlap { campaign: other.campaign.name, customers });
            }
        }
        let by_mail = campaign.steps.iter().any(|s| channel_of(s) == Channel::Mail);
        Ok(Known {
            from_address: settings.sending.from.clone(),
            reply_to: settings.sending.reply_to.clone(),
            dns: self.dns_known()?,
            mails_per_day: mails + if by_mail { ours.len() as u64 } else { 0 },
            mailto_opt_out: !settings.sending.maildir.is_empty(),
            overlaps,
            reissues: self.reissues(campaign, &ours)?,
            ..Known::on(today)
        })
    }

    /// Earlier campaigns that gave the same limited offer to some of the same customers (L-24).
    fn reissues(&self, campaign: &Campaign, ours: &HashSet<i64>) -> Result<Vec<Overlap>> {
        let Some(offer) = campaign.offer.as_ref().filter(|o| o.ends.is_some()) else { return Ok(vec![]) };
        let mut found = Vec::new();
        for other in self.inner.store.campaigns()? {
            let same = other.campaign.offer.as_ref().is_some_and(|o| {
                o.kind == offer.kind && o.amount == offer.amount && o.name == offer.name && o.ends.is_some()
            });
            let Some(plan) = other.plan.filter(|_| same && other.campaign.name != campaign.name) else {
                continue;
            };
            let mut customers = 0;
            self.inner.store.plan_rows(plan, &mut |row| {
                let treated = row.assignment.arm == Arm::Treated;
                customers += u64::from(treated && ours.contains(&row.assignment.customer));
            })?;
            if customers > 0 {
                found.push(Overlap { campaign: other.campaign.name, customers });
            }
        }
        Ok(found)
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
