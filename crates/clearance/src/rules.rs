//! The rules of reaching somebody, as dated data: law, channel practice and the house's own.

mod house;
mod letter;
mod reaching;
mod words;

use model::Channel;
use serde::Serialize;

/// What follows where a rule does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing goes: this customer, this channel or this campaign is refused.
    Block,
    /// An operator is told and may go on.
    Warn,
    /// A running campaign stops by itself until an operator has looked.
    Pause,
    /// Said to the operator; nothing in this release acts on it.
    Note,
}

/// One rule. Nothing here is legal advice: a rule that rests on common knowledge alone
/// is `verified: false` and `mezame doctor` lists it for the operator's own check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// `L-01`.. from law and channel practice, `M061`.. from what Mezame promises; a plain word
    /// where it is neither.
    pub id: &'static str,
    pub effect: Effect,
    /// The channels it is about; empty for all of them.
    pub channels: &'static [Channel],
    /// What is wrong where it does not hold, to an operator.
    pub ja: &'static str,
    pub en: &'static str,
    /// The law, the channel's own page, or a requirement of ours.
    pub source: &'static str,
    /// The day the source was looked at, `2026-11-21`.
    pub as_of: &'static str,
    /// Whether the source itself was read.
    pub verified: bool,
}

const AS_OF: &str = "2026-11-21";
const ALL: &[Channel] = &[];
const MAIL: &[Channel] = &[Channel::Mail];
const MAIL_SMS: &[Channel] = &[Channel::Mail, Channel::Sms];
const SMS: &[Channel] = &[Channel::Sms];
const LINE: &[Channel] = &[Channel::Line];
const POST: &[Channel] = &[Channel::Post];
const PHONE: &[Channel] = &[Channel::Phone];
const PHONE_SMS: &[Channel] = &[Channel::Phone, Channel::Sms];
const ADS: &[Channel] = &[Channel::Ads];

/// A rule whose source was read.
const fn read(
    id: &'static str,
    effect: Effect,
    channels: &'static [Channel],
    (ja, en): (&'static str, &'static str),
    source: &'static str,
) -> RuleInfo {
    RuleInfo { id, effect, channels, ja, en, source, as_of: AS_OF, verified: true }
}

/// A rule that rests on common knowledge until an operator has looked its source up.
const fn known(
    id: &'static str,
    effect: Effect,
    channels: &'static [Channel],
    said: (&'static str, &'static str),
    source: &'static str,
) -> RuleInfo {
    RuleInfo { verified: false, ..read(id, effect, channels, said, source) }
}

const PARTS: [&[RuleInfo]; 4] = [reaching::RULES, letter::RULES, words::RULES, house::RULES];

/// Every rule, by theme: who may be reached, the letter, its words, the house's own.
pub const RULES: &[RuleInfo] = &joined();

const COUNT: usize = PARTS[0].len() + PARTS[1].len() + PARTS[2].len() + PARTS[3].len();

const fn joined() -> [RuleInfo; COUNT] {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut part, mut filled) = (0, 0);
    while part < PARTS.len() {
        let mut at = 0;
        while at < PARTS[part].len() {
            all[filled] = PARTS[part][at];
            at += 1;
            filled += 1;
        }
        part += 1;
    }
    all
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static RuleInfo> {
    RULES.iter().find(|r| r.id == id)
}

/// The rule with an id of this crate's own code: all of them stand in `RULES` (tested). Were one
/// missing, the strictest, no consent, is named.
pub(crate) fn named(id: &str) -> &'static RuleInfo {
    rule(id).unwrap_or(&RULES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_law_is_there_once_with_its_words() {
        for number in 1..=48 {
            let id = format!("L-{number:02}");
            assert_eq!(RULES.iter().filter(|r| r.id == id).count(), 1, "{id}");
        }
        for (at, r) in RULES.iter().enumerate() {
            assert!(RULES[at + 1..].iter().all(|other| other.id != r.id), "{} is there twice", r.id);
            assert!(!r.ja.is_empty() && !r.en.is_empty() && !r.source.is_empty(), "{}", r.id);
            assert!(!r.ja.contains(['!', '！']) && r.as_of.len() == 10, "{}", r.id);
        }
    }

    #[test]
    fn what_rests_on_common_knowledge_says_so() {
        let unverified: Vec<&str> = RULES.iter().filter(|r| !r.verified).map(|r| r.id).collect();
        let expected =
            "L-06 L-07 L-08 L-10 L-13 L-14 L-15 L-18 L-19 L-20 L-24 L-26 L-27 L-33 L-40 L-42 L-45 L-47";
        let mut unverified = unverified;
        unverified.sort_unstable();
        assert_eq!(unverified.join(" "), expected);
    }

    #[test]
    fn an_unknown_id_is_refused_as_the_first_rule() {
        assert_eq!((rule("L-99"), named("L-99").id), (None, "L-01"));
    }
}
