//! What a campaign's document and its letters must not say or lack, each remark with its rule.

mod claims;
mod document;
mod fold;
mod letter;
mod limits;
mod offer;
mod phone;
mod prices;
mod quotes;
mod scenario;
mod seasonal;
mod sender;
mod sms;
mod social;
mod terms;
mod tone;
mod visible;

pub(crate) use document::names_advertising;
pub use letter::{Letter, lint_letter};
pub use quotes::Quote;
pub use sms::{SmsSample, SmsWords, lint_sms};
pub use social::lint_post;

use crate::Effect;
use crate::rules::named;
use model::{Campaign, Day, Evidence, ShopProfile, StepKind};
use serde::Serialize;

/// How grave a remark is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The campaign cannot be approved, the letter cannot go.
    Block,
    Warn,
    Note,
}

/// One remark on a campaign or a letter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Remark {
    /// The rule's id.
    pub rule: &'static str,
    pub level: Level,
    /// The step's name; `None`: the whole campaign.
    pub step: Option<String>,
    /// The part it is about: `subject`, `body`, `holdout`, `from_address` ...
    pub field: &'static str,
    pub ja: String,
    pub en: String,
    /// The words that were found, as they stand.
    pub found: Vec<String>,
}

impl Remark {
    /// A remark in the rule's own words, as grave as the rule is.
    fn of(id: &str, field: &'static str) -> Remark {
        let rule = named(id);
        let level = match rule.effect {
            Effect::Block => Level::Block,
            Effect::Warn | Effect::Pause => Level::Warn,
            Effect::Note => Level::Note,
        };
        let (ja, en) = (rule.ja.to_owned(), rule.en.to_owned());
        Remark { rule: rule.id, level, step: None, field, ja, en, found: vec![] }
    }

    fn saying(self, ja: impl Into<String>, en: impl Into<String>) -> Remark {
        Remark { ja: ja.into(), en: en.into(), ..self }
    }

    fn at(self, step: &str) -> Remark {
        Remark { step: Some(step.to_owned()), ..self }
    }

    fn level(self, level: Level) -> Remark {
        Remark { level, ..self }
    }

    fn found(self, found: Vec<String>) -> Remark {
        Remark { found, ..self }
    }
}

/// What the domain of the From address says in the DNS.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Dns {
    pub spf: bool,
    pub dkim: bool,
    /// A DMARC record with p=none or stricter.
    pub dmarc: bool,
    /// The domain of SPF or DKIM is the one of the From address.
    pub aligned: bool,
}

/// A running campaign that reaches some of the same customers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overlap {
    pub campaign: String,
    pub customers: u64,
}

/// What a campaign's document cannot say of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub today: Day,
    pub from_address: String,
    /// Empty where answers go to the From address.
    pub reply_to: String,
    /// `None`: nobody has looked yet.
    pub dns: Option<Dns>,
    /// Mails of all campaigns on the busiest day expected.
    pub mails_per_day: u64,
    /// Whether the public door answered when it was tried; `None`: not tried.
    pub public_answers: Option<bool>,
    /// An opt-out by mail is read by somebody or something.
    pub mailto_opt_out: bool,
    /// Hours that the oldest opt-out has waited to take effect; 0 where none waits.
    pub opt_out_waits: u32,
    pub evidence: Vec<Evidence>,
    /// Running campaigns with customers in common (M062).
    pub overlaps: Vec<Overlap>,
    /// Earlier campaigns that gave the same limited offer to some of the same customers (L-24).
    pub reissues: Vec<Overlap>,
    /// When nothing ships (M166).
    pub days_off: model::DaysOff,
    /// Its SMS as a made-up customer would get them.
    pub sms: Vec<SmsSample>,
    /// The shop's library, for what the words quote of it (M088).
    pub quotes: Vec<Quote>,
}

impl Known {
    /// Nothing known but the day: every check that needs more says so.
    pub fn on(today: Day) -> Known {
        Known {
            today,
            from_address: String::new(),
            reply_to: String::new(),
            dns: None,
            mails_per_day: 0,
            public_answers: None,
            mailto_opt_out: false,
            opt_out_waits: 0,
            evidence: vec![],
            overlaps: vec![],
            reissues: vec![],
            days_off: model::DaysOff::default(),
            sms: vec![],
            quotes: vec![],
        }
    }

    fn proves(&self, rule: &str) -> bool {
        self.evidence.iter().any(|e| e.rule == rule && !e.name.trim().is_empty())
    }
}

/// Every remark on a campaign, the gravest first, otherwise in the order of its steps.
pub fn lint(campaign: &Campaign, shop: &ShopProfile, known: &Known) -> Vec<Remark> {
    let letters = letters(campaign);
    let mut remarks = document::remarks(campaign, known);
    remarks.extend(sender::remarks(campaign, shop, known));
    remarks.extend(offer::remarks(campaign, &letters, shop, known));
    for letter in &letters {
        remarks.extend(limits::remarks(letter, campaign));
        remarks.extend(prices::remarks(letter, campaign, known));
        remarks.extend(claims::remarks(letter, shop.trade, known));
        remarks.extend(tone::remarks(letter));
        remarks.extend(quotes::remarks(letter, known));
    }
    remarks.extend(scenario::remarks(campaign, &letters, shop.trade));
    remarks.extend(phone::remarks(campaign, shop));
    for sample in &known.sms {
        remarks.extend(lint_sms(&sample.words(), shop).into_iter().map(|r| r.at(&sample.step)));
    }
    let mut seen = vec![];
    remarks.retain(|r| {
        !seen.contains(r) && {
            seen.push(r.clone());
            true
        }
    });
    remarks.sort_by_key(|r| r.level);
    remarks
}

/// One step as one variant says it, as people will read it: placeholders and markup taken out.
struct Spoken {
    /// Number of the step, from 0.
    place: usize,
    /// Number of the variant, from 0.
    variant: usize,
    step: String,
    kind: StepKind,
    /// Days after the start.
    after_days: i32,
    /// Field and its visible words.
    texts: Vec<(&'static str, String)>,
    /// The words as written, for what only they can tell (links, fields).
    raw: String,
}

/// Every step in every variant.
fn letters(campaign: &Campaign) -> Vec<Spoken> {
    let variants = 0..campaign.variants.len().max(1);
    let both = variants.flat_map(|v| (0..campaign.steps.len()).map(move |s| (s, v)));
    let spoken = |(place, variant)| {
        let step = campaign.step_for(place, variant)?;
        let words = &step.words;
        let raw = [&words.subject, &words.preheader, &words.body, &words.mjml].map(String::as_str);
        let fields = ["subject", "preheader", "body"].into_iter().zip(raw);
        let mut texts: Vec<(&'static str, String)> =
            fields.map(|(field, text)| (field, visible::of_words(text))).collect();
        texts.push(("mjml", visible::of_words(&visible::of_html(&words.mjml))));
        texts.retain(|(_, text)| !text.is_empty());
        let (kind, after_days) = (step.kind, step.days());
        Some(Spoken { place, variant, step: step.name, kind, after_days, texts, raw: raw.join("\n") })
    };
    both.filter_map(spoken).collect()
}

impl Spoken {
    /// One remark per field that has any of these.
    fn remarks(&self, id: &'static str, find: impl Fn(&str) -> Vec<String>) -> Vec<Remark> {
        let hits = self.texts.iter().map(|(field, text)| (*field, find(text)));
        let hits = hits.filter(|(_, found)| !found.is_empty());
        hits.map(|(field, found)| Remark::of(id, field).at(&self.step).found(found)).collect()
    }

    fn says(&self, find: impl Fn(&str) -> Vec<String>) -> bool {
        self.texts.iter().any(|(_, text)| !find(text).is_empty())
    }
}
