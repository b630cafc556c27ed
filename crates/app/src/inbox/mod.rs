//! What customers write to us: kept as talks, answered by somebody with a name, within a day.
//!
//! While nobody has answered, nothing leaves to that customer by itself; while a complaint is not settled,
//! neither (`store::exclusions`, rules `open_inquiry` and `open_complaint`).

mod form;
mod hearing;
mod sorting;

pub use form::{InquiryForm, TypedInquiry};
pub(crate) use hearing::Said;

use crate::{App, Settings};
use anyhow::{Result, ensure};
use model::{BusinessTime, Channel, InquiryWay, Leaving, Severity};
pub use store::{InquiryFilter, InquiryWords};
use store::{NewWords, StoredInquiry};

/// Most talks that are looked at for Today's page.
const COUNTED: usize = 10_000;

/// A talk with whom it is with.
#[derive(Clone, Debug)]
pub struct InquiryView {
    pub inquiry: StoredInquiry,
    /// As they are called; empty where nobody knows.
    pub name: String,
    /// Their newest words.
    pub said: String,
    /// When an answer is due, Unix seconds; `None` where none is waited for.
    pub due: Option<i64>,
    /// That is past.
    pub overdue: bool,
}

/// What waits for somebody to answer.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct InboxCount {
    pub waiting: u64,
    /// Of them: beyond the shop's hours of business time.
    pub overdue: u64,
    pub complaints: u64,
}

impl Settings {
    /// When an answer to words of this moment is due: days on which the shop is closed do not count.
    pub(crate) fn answer_due(&self, since: i64) -> i64 {
        let time = BusinessTime { days_off: &self.days_off, opens: 0, closes: 24 * 60 };
        let minute = u16::try_from(self.minute_of(since)).unwrap_or(0);
        let (day, minute) = time.add_minutes((self.day_of(since), minute), self.inbox.hours * 60);
        match minute {
            1_440.. => self.moment(day.plus(1), i64::from(minute) - 1_440),
            _ => self.moment(day, minute.into()),
        }
    }
}

impl App {
    /// How many talks there are of a kind, and a page of them.
    pub fn inbox(
        &self,
        filter: InquiryFilter,
        page: usize,
        per_page: usize,
    ) -> Result<(u64, Vec<InquiryView>)> {
        let per_page = per_page.clamp(1, 200);
        let (total, rows) = self.inner.store.inquiries(filter, page.saturating_mul(per_page), per_page)?;
        let (settings, now) = (self.settings()?, self.now());
        let names = self.named(rows.iter().filter_map(|(talk, _)| talk.customer))?;
        let view = |(talk, said): (StoredInquiry, String)| {
            let name = talk.customer.and_then(|c| names.get(&c)).map(|(_, name)| name.clone());
            seen(talk, name.unwrap_or_default(), said, &settings, now)
        };
        Ok((total, rows.into_iter().map(view).collect()))
    }

    /// A talk and everything said in it, the oldest first.
    pub fn inquiry(&self, id: i64) -> Result<(InquiryView, Vec<InquiryWords>)> {
        let (talk, said) = self.inner.store.inquiry(id)?;
        let names = self.named(talk.customer.into_iter())?;
        let name = talk.customer.and_then(|c| names.get(&c)).map(|(_, name)| name.clone());
        let last = said.iter().rfind(|w| w.by.is_empty()).map(|w| w.said.clone()).unwrap_or_default();
        Ok((seen(talk, name.unwrap_or_default(), last, &self.settings()?, self.now()), said))
    }

    /// What waits for somebody, for the page that is opened first.
    pub fn inbox_count(&self) -> Result<InboxCount> {
        let (settings, now) = (self.settings()?, self.now());
        let since = self.inner.store.waiting_since(COUNTED)?;
        // What came later is due later: the first that is not overdue ends it.
        let overdue = since.iter().take_while(|since| settings.answer_due(**since) < now).count();
        Ok(InboxCount {
            waiting: since.len() as u64,
            overdue: overdue as u64,
            complaints: self.inner.store.complaints_open()?,
        })
    }

    /// An operator answered; `said` may be empty where the words stand elsewhere. What waited for it goes on.
    pub fn answer_inquiry(&self, id: i64, said: &str, by: &str) -> Result<()> {
        Ok(self.inner.store.answer_inquiry(id, said.trim(), by.trim(), self.now())?)
    }

    /// An operator settled it, a complaint with it.
    pub fn close_inquiry(&self, id: i64, why: &str, by: &str) -> Result<()> {
        let when = (self.now(), self.today()?);
        Ok(self.inner.store.close_inquiry(id, why.trim(), by.trim(), when)?)
    }

    /// An operator says how grave it is (`None`: no complaint), who sees to it and by when (Unix seconds).
    pub fn grade_inquiry(
        &self,
        id: i64,
        severity: Severity,
        owner: &str,
        due: Option<i64>,
        by: &str,
    ) -> Result<()> {
        let settings = self.settings()?;
        let (known, _) = self.inner.store.inquiry(id)?;
        let owners = [owner.trim(), &known.owner, &settings.inbox.owner];
        let owner = owners.into_iter().find(|o| !o.is_empty()).unwrap_or("");
        let due = due.or_else(|| complaint_due(&settings, severity, self.now()));
        Ok(self.inner.store.grade_inquiry(id, severity, (owner, due), by.trim(), self.today()?)?)
    }

    /// An operator writes down what a customer said elsewhere; its number.
    pub fn note_inquiry(&self, customer: i64, said: &str, severity: Severity, by: &str) -> Result<i64> {
        ensure!(
            !by.trim().is_empty(),
            "記録する方のお名前を入れてください / the name of whoever notes it is missing"
        );
        ensure!(!said.trim().is_empty(), "お客様の言葉を入れてください / what the customer said is missing");
        let known = self.inner.store.persons(&[customer])?.contains_key(&customer);
        ensure!(known, "この番号のお客様はいません / there is no customer {customer}");
        let (settings, now) = (self.settings()?, self.now());
        let words = NewWords {
            record: Some(customer),
            way: InquiryWay::Operator,
            touch: None,
            at: now,
            day: settings.day_of(now),
            subject: String::new(),
            said: said.trim().to_owned(),
            contact: String::new(),
            proof: None,
            severity,
            leaving: Leaving::No,
            settled: false,
            owner: by.trim().to_owned(),
            due: complaint_due(&settings, severity, now),
        };
        Ok(self.inner.store.hear_words(&words)?.unwrap_or_default())
    }

    /// An operator says whose words they are.
    pub fn whose_inquiry(&self, id: i64, customer: i64, by: &str) -> Result<()> {
        Ok(self.inner.store.whose_inquiry(id, customer, by.trim())?)
    }

    /// An operator decides about a wish to leave that was only suggested: taken for the channel it came by.
    pub fn decide_leaving(&self, id: i64, leave: bool, by: &str) -> Result<()> {
        let (talk, _) = self.inner.store.inquiry(id)?;
        if let (true, Some(customer)) = (leave, talk.customer) {
            let channel = channel_of(talk.way);
            let reason = crate::hearing::leaving(channel);
            self.suppress(customer, Some(channel), reason, "お問い合わせでのお申し出", by)?;
        }
        let leaving = if leave { Leaving::Taken } else { Leaving::No };
        Ok(self.inner.store.settle_leaving(id, leaving, by.trim())?)
    }
}

/// How grave words read, and whether they name leaving, wherever they were said.
pub(crate) fn sorted(said: &str) -> Result<(Severity, Leaving)> {
    let lists = sorting::Lists::read()?;
    let leaving = if lists.names_leaving(said) { Leaving::Suggested } else { Leaving::No };
    Ok((lists.severity(said), leaving))
}

/// The channel that somebody leaves who says so by this way.
pub(crate) fn channel_of(way: InquiryWay) -> Channel {
    match way {
        InquiryWay::Mail | InquiryWay::Form => Channel::Mail,
        InquiryWay::Sms => Channel::Sms,
        InquiryWay::Line => Channel::Line,
        InquiryWay::Operator => Channel::Phone,
    }
}

/// By when a complaint is to be seen to: a grave one within four hours.
fn complaint_due(settings: &Settings, severity: Severity, now: i64) -> Option<i64> {
    match severity {
        Severity::None => None,
        Severity::Minor | Severity::Serious => Some(settings.answer_due(now)),
        Severity::Grave => Some(now + 4 * 3_600),
    }
}

fn seen(inquiry: StoredInquiry, name: String, said: String, settings: &Settings, now: i64) -> InquiryView {
    let waits = inquiry.answered.is_none() && inquiry.closed.is_none();
    let complaint = inquiry.due.filter(|_| inquiry.severity != Severity::None && inquiry.closed.is_none());
    let answer = waits.then(|| settings.answer_due(inquiry.since));
    let due = answer.into_iter().chain(complaint).min();
    InquiryView { overdue: due.is_some_and(|due| due < now), inquiry, name, said, due }
}
