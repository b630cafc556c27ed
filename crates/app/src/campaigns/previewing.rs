//! Letters as people would get them, before anybody does; and letters to the shop's own mailboxes.

use crate::sending::Desk;
use crate::{App, sending};
use anyhow::{Context, Result, bail, ensure};
use model::{Campaign, Codes, Offer, ShopProfile};
use outreach::{Fields, Links, Press};
use serde::Serialize;

/// One step's letter to one customer.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    pub subject: String,
    pub preheader: String,
    pub html: String,
    pub text: String,
}

/// A letter with whom it is for.
#[derive(Clone, Debug)]
pub struct Preview {
    pub customer: i64,
    pub name: String,
    pub step: usize,
    pub variant: usize,
    /// The letter, or why there would be none.
    pub letter: Result<Letter, String>,
    pub remarks: Vec<clearance::Remark>,
}

/// A letter tried on the shop's own mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    pub to: String,
    pub accepted: bool,
    pub said: String,
}

impl App {
    /// Letters of one step to `many` real customers of the campaign, spread over the whole of them.
    pub fn preview(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        many: usize,
    ) -> Result<Vec<Preview>> {
        let snapshot = self.judged()?;
        let chosen = self.whom(campaign, &snapshot)?;
        let apart = (chosen.len() / many.max(1)).max(1);
        let people: Vec<i64> =
            chosen.iter().step_by(apart).take(many).map(|(customer, _)| *customer).collect();
        self.preview_for(campaign, step, variant, &people)
    }

    /// Letters of one step to these customers.
    pub fn preview_for(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        people: &[i64],
    ) -> Result<Vec<Preview>> {
        let now = self.now();
        let due = self.settings()?.due(campaign, step, variant);
        let around = self.surroundings(due.unwrap_or(now).max(now), true)?;
        let press = press(campaign, step, variant, &around.shop)?;
        let records = self.inner.store.records_of(people)?;
        let bought = self.inner.store.bought(people, around.settings.pending_counts)?;
        let code = sample_code(campaign.offer.as_ref());
        let mut previews = Vec::with_capacity(people.len());
        for customer in people {
            let Some(records) = records.get(customer) else { continue };
            let fields = sending::fields(records, bought.get(customer), code.as_ref(), &around);
            let letter = print(&press, &fields, &around.shop.public_url);
            let remarks = match &letter {
                Ok(letter) => {
                    let opt_out = stop_link(&around.shop.public_url);
                    let Letter { subject, html, text, .. } = letter;
                    clearance::lint_letter(
                        &clearance::Letter { subject, html, text, opt_out: &opt_out },
                        &around.shop,
                    )
                }
                Err(_) => vec![],
            };
            let name = records.first().map(|r| r.record.name.full()).unwrap_or_default();
            previews.push(Preview { customer: *customer, name, step, variant, letter, remarks });
        }
        Ok(previews)
    }

    /// The fields of a step that lack a fallback: what would stop its letter to somebody of whom
    /// little is known. An error where the words cannot be printed at all.
    pub(crate) fn gaps(&self, campaign: &Campaign, step: usize, variant: usize) -> Result<Vec<String>> {
        let gaps = press(campaign, step, variant, &self.settings()?.shop_profile())?.gaps(self.today()?)?;
        // Everybody who is written to has a code where the offer gives one.
        let coded = campaign.offer.as_ref().is_some_and(|o| o.codes != Codes::None);
        Ok(gaps.into_iter().filter(|gap| !(coded && gap == "coupon")).collect())
    }

    /// The real targets of a step's links.
    pub(crate) fn links_of(&self, campaign: i64, step: u16, variant: u8) -> Result<Vec<String>> {
        let stored = self.inner.store.campaign(campaign)?.campaign;
        let shop = self.settings()?.shop_profile();
        Ok(press(&stored, usize::from(step), usize::from(variant), &shop)?.links().to_vec())
    }

    /// Sends a step's letter, filled in for one customer, to the shop's own mailboxes (M162). Outside
    /// the ledger: nobody else can get it.
    pub fn try_letter(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        customer: i64,
    ) -> Result<Vec<Trial>> {
        let settings = self.settings()?;
        let own: Vec<String> =
            settings.test_addresses.split([',', ' ']).filter(|a| !a.is_empty()).map(str::to_owned).collect();
        ensure!(
            !own.is_empty(),
            "there is no mailbox to try it on: mezame settings set test_addresses ADDRESS"
        );
        let Some(preview) = self.preview_for(campaign, step, variant, &[customer])?.pop() else {
            bail!("there is no customer {customer}");
        };
        let letter = preview.letter.map_err(anyhow::Error::msg)?;
        let around = self.surroundings(self.now(), true)?;
        let desk = Desk::open(self, &around)?;
        own.into_iter().map(|to| sending::try_on(self, &desk, &to, &letter)).collect()
    }
}

/// The words of a step for a variant, compiled.
pub(crate) fn press(campaign: &Campaign, step: usize, variant: usize, shop: &ShopProfile) -> Result<Press> {
    let step = campaign.step_for(step, variant).context("the campaign has no such step")?;
    Ok(Press::new(&step.words, shop, campaign.offer.as_ref(), &campaign.owner)?)
}

fn print(press: &Press, fields: &Fields, public_url: &str) -> Result<Letter, String> {
    let links =
        Links { click: None, pixel: None, trap: None, unsubscribe: stop_link(public_url), preferences: None };
    let letter = press.print(fields, &links).map_err(|why| why.to_string())?;
    Ok(Letter { subject: letter.subject, preheader: letter.preheader, html: letter.html, text: letter.text })
}

/// What stands for the link by which one leaves.
fn stop_link(public_url: &str) -> String {
    let door =
        if public_url.is_empty() { "https://shop.example.jp" } else { public_url.trim_end_matches('/') };
    format!("{door}/u/preview")
}

/// What stands for a code before there are any.
fn sample_code(offer: Option<&Offer>) -> Option<String> {
    let offer = offer?;
    match offer.codes {
        Codes::None => None,
        Codes::Shared => Some(offer.code.clone()),
        Codes::Unique => Some(format!("{}XXXXXXXXXX", offer.code)),
    }
}
