//! From what came in to a talk: whose it is, whether we had it already, what it is about.

use super::complaint_due;
use super::sorting::Lists;
use crate::App;
use anyhow::Result;
use model::{Channel, InquiryWay, Leaving, MatchKey, ResponseKind, Severity};
use outreach::reports::Report;
use outreach::{SmsAnswer, asks_to_stop, sms_answers};
use response::{Past, meaning};
use store::{Closing, NewWords};

/// Somebody's words, as they came in.
pub(crate) struct Said<'a> {
    pub way: InquiryWay,
    /// The touch they answer.
    pub touch: Option<i64>,
    /// By what its writer may be known.
    pub key: Option<MatchKey>,
    /// Unix seconds.
    pub at: i64,
    pub subject: &'a str,
    pub text: &'a str,
    /// How to answer whom nobody knows; empty: words of strangers are not kept.
    pub contact: &'a str,
    pub proof: Option<String>,
    /// A wish to leave was taken already.
    pub left: bool,
}

impl App {
    /// Keeps words in the talk they belong to; `None` where nobody can tell whose they are, or they are
    /// known already.
    pub(crate) fn hear_said(&self, said: &Said<'_>) -> Result<Option<i64>> {
        let store = &self.inner.store;
        let of_touch = said.touch.and_then(|touch| store.touch(touch).ok()).map(|t| t.touch.customer);
        let record = match (of_touch, said.key) {
            (Some(record), _) => Some(record),
            (None, Some(key)) => store.only_one_with(key)?,
            (None, None) => None,
        };
        if (record.is_none() && said.contact.is_empty()) || said.text.trim().is_empty() {
            return Ok(None);
        }
        let (settings, lists) = (self.settings()?, Lists::read()?);
        // A sender's clock may be anywhere: nothing was written after it was read.
        let at = said.at.min(self.now());
        let all = format!("{}\n{}", said.subject, said.text);
        // Anybody may type anybody's address into the open form: what its words weigh, an operator says.
        let unproven = said.way == InquiryWay::Form && of_touch.is_none() && record.is_some();
        let named = lists.severity(&all);
        let severity = if unproven { Severity::None } else { named };
        let contact = match (unproven, record) {
            (true, _) if named != Severity::None => {
                format!("{}（未確認・クレームの可能性あり）", said.contact)
            }
            (true, _) => format!("{}（未確認）", said.contact),
            (false, Some(_)) => String::new(),
            (false, None) => said.contact.to_owned(),
        };
        let settled = said.left && asks_to_stop(said.text);
        let leaving = match () {
            () if said.left => Leaving::Taken,
            () if lists.names_leaving(&all) => Leaving::Suggested,
            () => Leaving::No,
        };
        let words = NewWords {
            record,
            way: said.way,
            touch: said.touch,
            at,
            day: settings.day_of(at),
            subject: said.subject.to_owned(),
            said: said.text.trim().to_owned(),
            contact,
            proof: said.proof.clone(),
            severity,
            leaving,
            settled,
            owner: settings.inbox.owner.clone(),
            due: complaint_due(&settings, severity, at),
        };
        Ok(store.hear_words(&words)?)
    }

    /// What a person wrote by mail: an answer to a letter of ours, or from somebody we know by this address
    /// alone. Says whether it is anybody's.
    pub(crate) fn hear_mail(&self, report: &Report, touch: Option<i64>) -> Result<bool> {
        let Some(written) = &report.written else { return Ok(false) };
        let key = intake::typed::mail(&written.from).ok().flatten().map(|mail| MatchKey::email(&mail));
        let customer = match (touch, key) {
            (None, Some(key)) => self.inner.store.only_one_with(key)?,
            _ => None,
        };
        let left = report.kind == ResponseKind::OptOut;
        // With a letter it answers, that letter's own opt-out is taken (`hear_report`).
        let shared = match (touch, customer, key) {
            (None, None, Some(key)) if left => self.stop_address(key, Channel::Mail, "メールでのお申し出")?,
            _ => false,
        };
        if touch.is_none() && customer.is_none() && !shared {
            return Ok(false);
        }
        if let (true, Some(customer)) = (left, customer) {
            let reason = crate::hearing::leaving(Channel::Mail);
            self.suppress(customer, Some(Channel::Mail), reason, "メールでのお申し出", "customer")?;
        }
        let text = if written.text.is_empty() { &written.subject } else { &written.text };
        let at = report.at.map_or_else(|| self.now(), |ms| ms.div_euclid(1_000));
        self.hear_said(&Said {
            way: InquiryWay::Mail,
            touch,
            key,
            at,
            subject: &written.subject,
            text,
            contact: if shared { &written.from } else { "" },
            proof: (!report.id.is_empty()).then(|| format!("mail:{}", report.id)),
            left,
        })?;
        Ok(true)
    }

    /// An address that more than one customer has is left by whoever writes from it; `false`: nobody has it.
    fn stop_address(&self, key: MatchKey, channel: Channel, note: &str) -> Result<bool> {
        let reason = crate::hearing::leaving(channel);
        let closing = Closing { channel: Some(channel), reason, rule: "L-09", address_only: true };
        Ok(self.inner.store.stop_address(key, &closing, note, self.now())?)
    }

    /// What people answer to SMS, as the provider hands it on; `false` where the call is not the provider's.
    pub fn hear_sms_answers(
        &self,
        headers: &[(&str, &str)],
        body: &[u8],
        path_and_query: &str,
    ) -> Result<bool> {
        let Some((provider, secret, url)) = self.sms_caller(path_and_query)? else { return Ok(false) };
        let Ok(answers) = sms_answers(&provider, secret, headers, body, &url) else { return Ok(false) };
        answers.iter().try_for_each(|answer| self.hear_sms_answer(&provider.name, answer))?;
        Ok(true)
    }

    fn hear_sms_answer(&self, provider: &str, answer: &SmsAnswer) -> Result<()> {
        let (store, key) = (&self.inner.store, MatchKey::phone(&answer.from));
        let touch = store.last_touch_to(Channel::Sms, key)?;
        let left = asks_to_stop(&answer.text);
        let kind = if left { ResponseKind::OptOut } else { ResponseKind::Reply };
        let (proof, now) = (format!("sms_in:{provider}:{}", answer.id), self.now());
        let mut shared = false;
        match touch {
            Some(touch) => {
                let past = Past { touch, kind, at: now * 1_000 };
                let closings = crate::hearing::closings(&meaning(Channel::Sms, past, &[]), false);
                let asker = crate::Asker { at: now * 1_000, ..crate::Asker::default() };
                let response = self.response(touch, kind, None, &asker);
                store.hear(&response, Some(&proof), &closings, "customer")?;
            }
            None if left => {
                if let Some(customer) = store.only_one_with(key)? {
                    let reason = crate::hearing::leaving(Channel::Sms);
                    self.suppress(customer, Some(Channel::Sms), reason, "SMSでのお申し出", "customer")?;
                } else {
                    shared = self.stop_address(key, Channel::Sms, "SMSでのお申し出")?;
                }
            }
            None => {}
        }
        let said = Said {
            way: InquiryWay::Sms,
            touch,
            key: Some(key),
            at: now,
            subject: "",
            text: &answer.text,
            contact: if shared { &answer.from } else { "" },
            proof: Some(proof),
            left,
        };
        self.hear_said(&said).map(drop)
    }
}
