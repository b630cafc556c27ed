//! Letters as people would get them, before anybody does; and letters to the shop's own mailboxes.

use super::facts::{Surroundings, channel_of};
use super::ways::channels_of;
use crate::sending::{Desk, Gates};
use crate::{App, Settings, SmsStyle, posting, sending};
use anyhow::{Context, Result, bail, ensure};
use clearance::{SmsLimits, SmsSample, SmsSize, SmsWords, sms_size};
use model::{Campaign, Channel, Codes, Name, ShopProfile};
use outreach::{Fields, Links, Press, Script};
use serde::Serialize;
use std::sync::Arc;
use store::LetterOf;

/// In place of a token that is not signed yet, as long as those of an SMS are.
const TOKEN: &str = "previewpreviewpreviewpr";

/// One step's letter to one customer; of an SMS or a LINE message `text` is the whole of it.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    pub subject: String,
    pub preheader: String,
    pub html: String,
    pub text: String,
    /// Under a LINE message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
}

/// A button: what stands on it, and where it leads.
#[derive(Clone, Debug, Serialize)]
pub struct Button {
    pub label: String,
    pub url: String,
}

/// A letter with whom it is for.
#[derive(Clone, Debug)]
pub struct Preview {
    pub customer: i64,
    pub name: String,
    pub channel: Channel,
    /// Of an SMS: its parts and what they cost (L-31).
    pub size: Option<SmsSize>,
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
        let channel = campaign.steps.get(step).map_or(Channel::Mail, channel_of);
        let press = press(campaign, step, variant, channel, &around.shop)?;
        let records = self.inner.store.records_of(people)?;
        let bought = self.bought(campaign, people)?;
        let code = sample_code(campaign, step, variant);
        let limits = self.sms_limits(&around.settings).filter(|_| channel == Channel::Sms);
        let mut previews = Vec::with_capacity(people.len());
        for customer in people {
            let Some(records) = records.get(customer) else { continue };
            let fields = sending::fields(records, bought.get(customer), code.as_deref(), &around);
            let fields = with_sample(fields, campaign);
            let letter = match channel {
                Channel::Phone => read_out(campaign, step, variant, &fields, &around.shop),
                Channel::Post => posting::as_text(campaign, step, variant, &fields, &around.shop),
                _ => print(&press, &fields, channel, campaign, &around.shop),
            };
            let name = records.first().map(|r| r.record.name.clone()).unwrap_or_default();
            let remarks = match &letter {
                Ok(letter) => self.remarks_on(letter, channel, &name, &around),
                Err(_) => vec![],
            };
            let size =
                limits.zip(letter.as_ref().ok()).map(|(limits, letter)| sms_size(&letter.text, &limits));
            let (customer, name) = (*customer, name.full());
            previews.push(Preview { customer, name, channel, size, step, variant, letter, remarks });
        }
        Ok(previews)
    }

    fn remarks_on(
        &self,
        letter: &Letter,
        channel: Channel,
        name: &Name,
        around: &Surroundings,
    ) -> Vec<clearance::Remark> {
        let (shop, sms) = (&around.shop, &around.settings.sms);
        let opt_out = way_out(channel, shop);
        match (channel, self.sms_limits(&around.settings)) {
            (Channel::Sms, Some(limits)) => {
                let (hosts, short20) = (sms.link_hosts(), sms.style == SmsStyle::Short20);
                let (text, limits, verified) = (letter.text.as_str(), &limits, false);
                let words =
                    SmsWords { text, opt_out: &opt_out, limits, hosts: &hosts, name, verified, short20 };
                clearance::lint_sms(&words, shop)
            }
            (Channel::Sms | Channel::Line | Channel::Phone | Channel::Post, _) => vec![],
            _ => {
                let Letter { subject, html, text, .. } = letter;
                clearance::lint_letter(&clearance::Letter { subject, html, text, opt_out: &opt_out }, shop)
            }
        }
    }

    /// How the shop's SMS provider counts; `None` where there is none. Before there is one, as all of them do.
    fn sms_limits(&self, settings: &Settings) -> Option<SmsLimits> {
        let provider = settings.sms.provider().ok().or_else(|| outreach::SmsProvider::known("generic"))?;
        Some(settings.sms.limits(&provider))
    }

    /// The SMS of a campaign as a made-up customer would get them, for the lint (L-31..L-33, M086, M087, M163).
    pub(crate) fn sms_samples(&self, campaign: &Campaign) -> Result<Vec<SmsSample>> {
        let (settings, today) = (self.settings()?, self.today()?);
        let (shop, Some(limits)) = (settings.shop_profile(), self.sms_limits(&settings)) else {
            return Ok(vec![]);
        };
        let fields = Fields {
            name: Name { family: "見本".to_owned(), given: "花子".to_owned(), ..Name::default() },
            last_product: "お求めの商品".to_owned(),
            first_order: Some(today.plus(-700)),
            last_order: Some(today.plus(-400)),
            n_orders: 3,
            points: Some(1_000),
            points_expire: Some(today.plus(30)),
            coupon: sample_code(campaign, 0, 0).unwrap_or_default(),
            coupon_expire: Some(today.plus(14)),
            ..Fields::unknown(today)
        };
        let mut samples = vec![];
        for (number, step) in campaign.steps.iter().enumerate() {
            if !channels_of(step).contains(&Channel::Sms) {
                continue;
            }
            for variant in campaign.variant_numbers() {
                // Words that cannot be printed are told by themselves.
                let Ok(press) = press(campaign, number, variant, Channel::Sms, &shop) else { continue };
                let Ok(letter) = print(&press, &fields, Channel::Sms, campaign, &shop) else { continue };
                samples.push(SmsSample {
                    step: step.name.clone(),
                    text: letter.text,
                    opt_out: way_out(Channel::Sms, &shop),
                    limits,
                    hosts: settings.sms.link_hosts(),
                    name: fields.name.clone(),
                    short20: settings.sms.style == SmsStyle::Short20,
                });
            }
        }
        Ok(samples)
    }

    /// The fields of a step that lack a fallback: what would stop its letter to somebody of whom
    /// little is known. An error where the words cannot be printed at all.
    pub(crate) fn gaps(&self, campaign: &Campaign, step: usize, variant: usize) -> Result<Vec<String>> {
        let (shop, today) = (self.settings()?.shop_profile(), self.today()?);
        let mut gaps = vec![];
        for channel in campaign.steps.get(step).map(channels_of).unwrap_or_default() {
            let more = match channel {
                Channel::Phone => script(campaign, step, variant, &shop)?.gaps(today)?,
                Channel::Post => posting::paper(campaign, step, variant, &shop)?.gaps(today)?,
                _ => press(campaign, step, variant, channel, &shop)?.gaps(today)?,
            };
            gaps.extend(more.into_iter().filter(|gap| !gaps.contains(gap)).collect::<Vec<_>>());
        }
        // Everybody who is written to has a code where the offer gives one.
        let coded = sample_code(campaign, step, variant).is_some();
        // And whoever a trigger lets in has what lapses then.
        let certain = sending::certain(campaign);
        let known = |gap: &str| (coded && gap == "coupon") || certain.contains(&gap);
        Ok(gaps.into_iter().filter(|gap| !known(gap)).collect())
    }

    /// The real targets of a step's links.
    pub(crate) fn links_of(&self, (campaign, step, variant, channel): LetterOf) -> Result<Vec<String>> {
        let stored = self.inner.store.campaign(campaign)?.campaign;
        let shop = self.settings()?.shop_profile();
        let (step, variant) = (usize::from(step), usize::from(variant));
        Ok(match channel {
            Channel::Post => posting::paper(&stored, step, variant, &shop)?.links().to_vec(),
            _ => press(&stored, step, variant, channel, &shop)?.links().to_vec(),
        })
    }

    /// Sends a step's letter, filled in for one customer, to the shop's own mailboxes, telephones or friends
    /// (M162). Outside the ledger: nobody else can get it.
    pub fn try_letter(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        customer: i64,
    ) -> Result<Vec<Trial>> {
        let settings = self.settings()?;
        let channel = campaign.steps.get(step).map_or(Channel::Mail, channel_of);
        ensure!(channel != Channel::Post, "post is tried on paper: print the preview");
        let (own, key) = own_of(channel, &settings);
        let own: Vec<String> = own.split([',', ' ']).filter(|a| !a.is_empty()).map(str::to_owned).collect();
        ensure!(!own.is_empty(), "there is nobody of the shop to try it on: mezame settings set {key} ...");
        let Some(preview) = self.preview_for(campaign, step, variant, &[customer])?.pop() else {
            bail!("there is no customer {customer}");
        };
        let letter = preview.letter.map_err(anyhow::Error::msg)?;
        let around = self.surroundings(self.now(), true)?;
        let gates = Arc::new(Gates::of(self, &settings));
        let desk = Desk::open(self, &around, gates)?;
        own.into_iter().map(|to| sending::try_on(self, &desk, channel, &to, &letter)).collect()
    }
}

/// Of whom of the shop's own a channel is tried, and the setting that names them.
pub(crate) fn own_of(channel: Channel, settings: &Settings) -> (&str, &'static str) {
    match channel {
        Channel::Sms => (&settings.sms.test_numbers, "sms.test_numbers"),
        Channel::Line => (&settings.line.test_ids, "line.test_ids"),
        _ => (&settings.test_addresses, "test_addresses"),
    }
}

/// The words of a step for a variant, compiled for the channel by which they go.
pub(crate) fn press(
    campaign: &Campaign,
    step: usize,
    variant: usize,
    channel: Channel,
    shop: &ShopProfile,
) -> Result<Press> {
    let step = campaign.step_for(step, variant).context("the campaign has no such step")?;
    Ok(Press::of(channel, &step.words, shop, campaign.offer.as_ref(), &campaign.owner)?)
}

/// The words of a step as a script for a call, compiled.
pub(crate) fn script(campaign: &Campaign, step: usize, variant: usize, shop: &ShopProfile) -> Result<Script> {
    let step = campaign.step_for(step, variant).context("the campaign has no such step")?;
    Ok(Script::new(&step.words, shop, campaign.offer.as_ref(), &campaign.owner)?)
}

/// A script as the campaign's owner would read it out.
fn read_out(
    campaign: &Campaign,
    step: usize,
    variant: usize,
    fields: &Fields,
    shop: &ShopProfile,
) -> Result<Letter, String> {
    let fields = Fields { caller: campaign.owner.clone(), ..fields.clone() };
    let printed = script(campaign, step, variant, shop).and_then(|script| Ok(script.print(&fields)?));
    let (subject, parts) = printed.map_err(|why| format!("{why:#}"))?;
    let part = |p: &outreach::ScriptPart| match p.heading.as_str() {
        "" => p.text.clone(),
        heading => format!("■ {heading}\n{}", p.text),
    };
    let text = parts.iter().map(part).collect::<Vec<_>>().join("\n\n");
    Ok(Letter { subject, preheader: String::new(), html: String::new(), text, button: None })
}

fn print(
    press: &Press,
    fields: &Fields,
    channel: Channel,
    campaign: &Campaign,
    shop: &ShopProfile,
) -> Result<Letter, String> {
    let door = shop.public_url.trim_end_matches('/');
    let click = |_: usize| format!("{door}/c/{TOKEN}");
    let brief = matches!(channel, Channel::Sms | Channel::Line);
    let clicks = brief && campaign.tracking.clicks && !door.is_empty();
    let links = Links {
        click: clicks.then_some(&click as &dyn Fn(usize) -> String),
        unsubscribe: way_out(channel, shop),
        refresh: (!door.is_empty()).then(|| format!("{door}/r/{TOKEN}")),
        inquiry: (!door.is_empty()).then(|| format!("{door}/form/{TOKEN}")),
        rsvp: (!door.is_empty()).then(|| format!("{door}/i/{TOKEN}")),
        survey: (!door.is_empty()).then(|| format!("{door}/s/{TOKEN}")),
        ..Links::default()
    };
    let letter = press.print(fields, &links).map_err(|why| why.to_string())?;
    let button = letter.button.map(|button| Button { label: button.label, url: button.url });
    let outreach::Letter { subject, preheader, html, text, .. } = letter;
    Ok(Letter { subject, preheader, html, text, button })
}

/// What stands for the link by which one leaves; of an SMS without a door, the shop's own contact.
fn way_out(channel: Channel, shop: &ShopProfile) -> String {
    let door = shop.public_url.trim_end_matches('/');
    match (channel, door) {
        (Channel::Sms | Channel::Line, "") => shop.contact.clone(),
        (Channel::Sms | Channel::Line, door) => format!("{door}/u/{TOKEN}"),
        (_, "") => "https://shop.example.jp/u/preview".to_owned(),
        (_, door) => format!("{door}/u/preview"),
    }
}

/// In place of the letters of a code that nobody has yet: as long as ours.
const SAMPLE: &str = "XXXXXXXXXX";

/// What stands for a code before there are any.
pub(crate) fn sample_code(campaign: &Campaign, step: usize, variant: usize) -> Option<String> {
    let own = campaign.code_of(step, variant);
    if !own.is_empty() {
        return Some(own.to_owned());
    }
    let offer = campaign.offer.as_ref()?;
    sample_of(offer.codes, &offer.code)
}

/// What stands for a code of this kind; a shared one is itself.
pub(crate) fn sample_of(codes: Codes, code: &str) -> Option<String> {
    match codes {
        Codes::None => None,
        Codes::Shared => Some(code.to_owned()),
        Codes::Unique => Some(format!("{code}{SAMPLE}")),
        Codes::Listed => Some(SAMPLE.to_owned()),
    }
}

/// Fields with what stands for a coupon held in the cart, where the campaign is about one: who holds
/// which is known on the day it lapses.
fn with_sample(fields: Fields, campaign: &Campaign) -> Fields {
    let fields = Fields { occasion: campaign.occasion.clone(), ..fields };
    match sending::certain(campaign).contains(&"coupon_expire") {
        true => Fields { coupon: SAMPLE.to_owned(), coupon_expire: Some(fields.today.plus(14)), ..fields },
        false => fields,
    }
}
