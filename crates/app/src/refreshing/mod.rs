//! The page on which customers confirm or correct their own facts (M116): one touch's, for a while.
//!
//! Before its question is answered a page shows masks only. Whoever answers gets a pass for the same
//! touch; with it the form is written once, and the page is used up. What comes of it is in
//! `store::OwnWord`. The channel of the next step follows by itself: destinations and clearance are
//! looked up when a step fires and again when it leaves (M117).

mod mask;
mod typed;

pub use typed::{FieldFault, Question, TypedFacts};

use crate::hearing::leaving;
use crate::{App, Asker};
use anyhow::{Context, Result};
use mask::masked;
use model::{Channel, OwnFact, ReachFacts, Response, ResponseKind, StopReason};
use response::{Keys, Token};
use store::{OwnWord, Stored, StoredTouch, shown};
use typed::birthday;

/// Days for which a link works, the day it was made not counted.
pub const REFRESH_DAYS: i64 = 14;
/// Wrong answers after which a page stays closed.
pub const REFRESH_TRIES: u32 = 5;
/// Hours for which a pass works, after the one it was given in.
const PASS_HOURS: i64 = 1;

/// What the page of a token has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refresh {
    /// No token of ours, or its customer is gone.
    Unknown,
    /// Too old, or a pass that took too long.
    Expired,
    /// Too many wrong answers.
    Closed,
    /// Used up: once is all.
    Done,
    /// The question, with the facts behind masks.
    Ask(Asking),
    /// The form.
    Form(Box<RefreshForm>),
}

/// The page before its question is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asking {
    pub question: Question,
    /// What is known, behind masks.
    pub masked: Vec<(OwnFact, String)>,
    /// Whether the last answer was wrong.
    pub missed: bool,
    /// Answers left.
    pub left: u32,
}

/// The form, for whoever answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefreshForm {
    /// Must come back with it.
    pub pass: String,
    /// The link by which one leaves.
    pub leave: String,
    pub typed: TypedFacts,
    pub faults: Vec<FieldFault>,
    /// Facts at which nothing reaches them.
    pub bad: Vec<OwnFact>,
    /// The channels that may be agreed to: whether a consent is known, and whether they closed it.
    pub channels: Vec<(Channel, bool, bool)>,
}

/// What one token leads to, read anew for every request.
struct Opened {
    touch: StoredTouch,
    records: Vec<Stored>,
    reach: ReachFacts,
    tries: u32,
}

/// The link to the page of a touch, by which one customer may correct their own facts until
/// `REFRESH_DAYS` after `now`. For the words of a message, on its way out.
pub(crate) fn refresh_url(keys: &Keys, public_url: &str, touch: i64, now: i64) -> String {
    let until = u32::try_from(now.div_euclid(86_400) + REFRESH_DAYS).unwrap_or(0);
    let token = keys.sign(Token::Refresh { touch, until });
    format!("{}/r/{token}", public_url.trim_end_matches('/'))
}

impl App {
    /// The link to the page of a touch; `None` without a public address of the door.
    pub fn refresh_link(&self, touch: i64) -> Result<Option<String>> {
        let public_url = self.settings()?.profile.public_url;
        if public_url.is_empty() {
            return Ok(None);
        }
        Ok(Some(refresh_url(&self.keys()?, &public_url, touch, self.now())))
    }

    /// Forgets the words of a customer's former facts; says of how many.
    pub fn erase_own_words(&self, customer: i64) -> Result<u64> {
        Ok(self.inner.store.erase_profile_changes(customer)?)
    }

    /// The touch of one of our tokens, whether or not it still works; asks no database.
    pub fn knows_refresh(&self, token: &str) -> Option<i64> {
        match self.keys().ok()?.read(token)? {
            Token::Refresh { touch, .. } => Some(touch),
            _ => None,
        }
    }

    /// What the page shows first.
    pub fn refresh_page(&self, token: &str, now: i64) -> Result<Refresh> {
        Ok(match self.open_refresh(token, now)? {
            Ok(opened) => Refresh::Ask(opened.asking(false)),
            Err(other) => other,
        })
    }

    /// An answer to the question: the form, or the question again.
    pub fn refresh_answer(&self, token: &str, answer: &str, now: i64) -> Result<Refresh> {
        let mut opened = match self.open_refresh(token, now)? {
            Ok(opened) => opened,
            Err(other) => return Ok(other),
        };
        let (question, strong) = opened.question();
        if question.is_met(answer, &opened.records) {
            let typed = if strong { TypedFacts::known(&opened.records) } else { TypedFacts::default() };
            return Ok(Refresh::Form(Box::new(self.form(&opened, typed, vec![], now)?)));
        }
        opened.tries = self.inner.store.refresh_missed(opened.touch.touch.id)?;
        Ok(match opened.tries >= REFRESH_TRIES {
            true => Refresh::Closed,
            false => Refresh::Ask(opened.asking(true)),
        })
    }

    /// What was typed into the form, with the pass; `agreed`: channels and the words shown beside them.
    /// Done, the form again with what is wrong, or why it cannot be.
    pub fn refresh_save(
        &self,
        token: &str,
        pass: &str,
        typed: &TypedFacts,
        agreed: &[(Channel, String)],
        asker: &Asker,
    ) -> Result<Refresh> {
        let now = asker.at / 1_000;
        let opened = match self.open_refresh(token, now)? {
            Ok(opened) => opened,
            Err(other) => return Ok(other),
        };
        let touch = opened.touch.touch.id;
        match self.keys()?.read(pass) {
            Some(Token::Pass { touch: of, until })
                if of == touch && now.div_euclid(3_600) <= i64::from(until) => {}
            _ => return Ok(Refresh::Expired),
        }
        let (said, facts) = match typed.read() {
            Ok(read) => read,
            Err(faults) => {
                return Ok(Refresh::Form(Box::new(self.form(&opened, typed.clone(), faults, now)?)));
            }
        };
        let offered = opened.channels();
        let agreed: Vec<(Channel, StopReason, String)> = agreed
            .iter()
            .filter(|(channel, _)| offered.iter().any(|(c, ..)| c == channel))
            .map(|(channel, words)| (*channel, leaving(*channel), words.clone()))
            .collect();
        let words = facts.iter().map(|fact| fact.word()).chain(agreed.iter().map(|(c, ..)| c.word()));
        let said_words = format!("refresh: {}", words.collect::<Vec<_>>().join(" "));
        let response =
            Response { said: said_words, ..self.response(touch, ResponseKind::Preference, None, asker) };
        let word = OwnWord {
            touch,
            said: &said,
            facts: &facts,
            agreed: &agreed,
            response: &response,
            keys: &intake::identity::keys,
            at: now,
        };
        if !self.inner.store.take_own_word(&word, REFRESH_TRIES)? {
            return Ok(Refresh::Done);
        }
        self.proven(&response)?;
        Ok(Refresh::Done)
    }

    /// What a token leads to; or why it leads nowhere now.
    fn open_refresh(&self, token: &str, now: i64) -> Result<Result<Opened, Refresh>> {
        let Some(Token::Refresh { touch, until }) = self.keys()?.read(token) else {
            return Ok(Err(Refresh::Unknown));
        };
        if now.div_euclid(86_400) > i64::from(until) {
            return Ok(Err(Refresh::Expired));
        }
        let store = &self.inner.store;
        let Ok(touch) = store.touch(touch) else { return Ok(Err(Refresh::Unknown)) };
        let state = store.refresh_state(touch.touch.id)?;
        if state.done.is_some() {
            return Ok(Err(Refresh::Done));
        }
        if state.tries >= REFRESH_TRIES {
            return Ok(Err(Refresh::Closed));
        }
        let Some(person) = store.persons(&[touch.touch.customer])?.into_values().next() else {
            return Ok(Err(Refresh::Unknown));
        };
        let records = store.records_of(&[person])?.remove(&person).unwrap_or_default();
        let mut reach = ReachFacts::default();
        store.reach_facts(Some(&[person]), &mut |facts| reach = facts)?;
        Ok(Ok(Opened { touch, records, reach, tries: state.tries }))
    }

    fn form(
        &self,
        opened: &Opened,
        typed: TypedFacts,
        faults: Vec<FieldFault>,
        now: i64,
    ) -> Result<RefreshForm> {
        let touch = opened.touch.touch.id;
        let keys = self.keys()?;
        let until = u32::try_from(now.div_euclid(3_600) + PASS_HOURS).context("the hour of a pass")?;
        let bad = |fact: &OwnFact| {
            let dead = |c: &Channel| opened.reach.stops.contains(&(Some(*c), StopReason::BadAddress));
            fact.channels().iter().any(dead)
        };
        Ok(RefreshForm {
            pass: keys.sign(Token::Pass { touch, until }),
            leave: keys.sign(Token::Preferences { touch }),
            typed,
            faults,
            bad: OwnFact::ALL.iter().copied().filter(bad).collect(),
            channels: opened.channels(),
        })
    }
}

impl Opened {
    /// What is asked, and whether only the customer is likely to know it: the number that a message
    /// went to is known to whoever holds it now, the postal code to whoever found the postcard.
    fn question(&self) -> (Question, bool) {
        let by = self.touch.touch.channel;
        let knows = |fact| shown(&self.records, fact).is_some();
        let called = matches!(by, Channel::Sms | Channel::Phone);
        let postal = shown(&self.records, OwnFact::Place).is_some_and(|r| r.record.postal.is_some());
        match () {
            () if birthday(&self.records).is_some() => (Question::Birthday, true),
            () if postal && by != Channel::Post => (Question::Postal, true),
            () if knows(OwnFact::Phone) => (Question::Phone, !called),
            () if postal => (Question::Postal, false),
            () => (Question::Nothing, false),
        }
    }

    fn asking(&self, missed: bool) -> Asking {
        let (question, _) = self.question();
        let mask = |fact: &OwnFact| {
            let record = shown(&self.records, *fact)?;
            Some((*fact, masked(*fact, &record.record, question == Question::Phone)))
        };
        Asking {
            question,
            masked: OwnFact::ALL.iter().filter_map(mask).collect(),
            missed,
            left: REFRESH_TRIES.saturating_sub(self.tries),
        }
    }

    fn channels(&self) -> Vec<(Channel, bool, bool)> {
        let ways = [Channel::Mail, Channel::Sms, Channel::Post, Channel::Phone, Channel::Line];
        let offered = ways.into_iter().filter(|c| *c != Channel::Line || self.reach.has_line);
        offered
            .map(|c| {
                let given = self.reach.consents.iter().any(|(of, _)| *of == c);
                (c, given, self.reach.stops.contains(&(Some(c), leaving(c))))
            })
            .collect()
    }
}
