//! Who waits for a call, in order of value; and the same as a list to print.

use super::clearing::Looked;
use crate::campaigns::RuleSaid;
use crate::export::inert;
use crate::{App, rule_words};
use anyhow::Result;
use model::{Channel, Money, Step, Touch};
use std::io::Write;
use store::{StoredCall, Waiting};

/// Calls on one page.
const PER_PAGE: usize = 50;
/// Calls looked at in one go for a file.
const CHUNK: usize = 500;

/// Which calls to show.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct DeskQuery {
    pub campaign: Option<i64>,
    /// 0 = the first page.
    pub page: usize,
}

/// One call that waits.
#[derive(Clone, Debug)]
pub struct DeskRow {
    pub touch: i64,
    pub person: i64,
    pub name: String,
    pub company: Option<String>,
    pub number: String,
    pub campaign: i64,
    pub campaign_name: String,
    pub step: String,
    /// Expected profit of the touch.
    pub value: Money,
    pub promised: bool,
    pub tries: u32,
    pub last: Option<StoredCall>,
    /// Why no call is made now; `None` where one may be.
    pub no: Option<RuleSaid>,
    /// What is not known of a company (M028): Japanese, English.
    pub missing: Vec<(&'static str, &'static str)>,
}

/// A page of who waits.
#[derive(Clone, Debug)]
pub struct DeskList {
    pub total: u64,
    pub page: usize,
    pub per_page: usize,
    /// Those who may be called, now or at a later hour.
    pub rows: Vec<DeskRow>,
    /// Those whom a rule keeps out: they are skipped when their turn comes (M103).
    pub kept_out: Vec<DeskRow>,
    /// Campaigns with calls under way: number, name.
    pub campaigns: Vec<(i64, String)>,
}

const HEADER: [&str; 13] = [
    "touch",
    "customer",
    "name",
    "company",
    "number",
    "campaign",
    "step",
    "expected_profit",
    "tries",
    "last_call",
    "last_result",
    "last_note",
    "missing",
];

impl App {
    /// Who waits, in the order in which they are taken.
    pub fn desk_list(&self, query: &DeskQuery) -> Result<DeskList> {
        let (store, now) = (&self.inner.store, self.now());
        let offset = query.page.saturating_mul(PER_PAGE);
        let waiting = store.waiting_calls(now, query.campaign, offset, PER_PAGE)?;
        let (rows, kept_out) = self.desk_rows(waiting)?.into_iter().partition(|row| !row.kept_out());
        let running = store.running_campaigns()?.into_iter();
        let calls = running.filter(|c| {
            let by_phone =
                |s: &Step| s.channel == Some(Channel::Phone) || s.else_channels.contains(&Channel::Phone);
            c.campaign.steps.iter().any(by_phone)
        });
        Ok(DeskList {
            total: store.count_calls(now, query.campaign)?,
            page: query.page,
            per_page: PER_PAGE,
            rows,
            kept_out,
            campaigns: calls.map(|c| (c.id, c.campaign.name)).collect(),
        })
    }

    /// Writes who may be called as CSV for a spreadsheet or a printer; returns the rows.
    pub fn desk_csv(
        &self,
        campaign: Option<i64>,
        english: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<u64> {
        out.write_all(b"\xEF\xBB\xBF")?;
        let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        lines.write_record(HEADER)?;
        let (now, mut offset, mut written) = (self.now(), 0, 0);
        loop {
            let waiting = self.inner.store.waiting_calls(now, campaign, offset, CHUNK)?;
            if waiting.is_empty() {
                lines.flush()?;
                return Ok(written);
            }
            offset += waiting.len();
            for row in self.desk_rows(waiting)?.iter().filter(|row| !row.kept_out()) {
                lines.write_record(self.cells(row, english)?.iter().map(|cell| inert(cell)))?;
                written += 1;
            }
        }
    }

    fn cells(&self, row: &DeskRow, english: bool) -> Result<[String; 13]> {
        let last = row.last.as_ref();
        let word = |c: &StoredCall| if english { c.result.en() } else { c.result.ja() };
        let missing: Vec<&str> = row.missing.iter().map(|(ja, en)| if english { *en } else { *ja }).collect();
        Ok([
            row.touch.to_string(),
            row.person.to_string(),
            row.name.clone(),
            row.company.clone().unwrap_or_default(),
            row.number.clone(),
            row.campaign_name.clone(),
            row.step.clone(),
            (row.value.0 / 100).to_string(),
            row.tries.to_string(),
            last.map(|c| self.local_time(c.at)).transpose()?.unwrap_or_default(),
            last.map(word).unwrap_or_default().to_owned(),
            last.map(|c| c.note.clone()).unwrap_or_default(),
            missing.join("、"),
        ])
    }

    fn desk_rows(&self, waiting: Vec<Waiting>) -> Result<Vec<DeskRow>> {
        let around = self.surroundings(self.now(), false)?;
        let touches: Vec<Touch> = waiting.iter().map(|w| w.touch.clone()).collect();
        let looked = self.look_at_calls(&touches, &around)?;
        waiting.into_iter().zip(looked).map(|(waiting, looked)| self.desk_row(&waiting, looked)).collect()
    }

    fn desk_row(&self, waiting: &Waiting, looked: Looked) -> Result<DeskRow> {
        let calls = self.inner.store.calls_of(looked.person)?;
        let said = |no: super::clearing::No| RuleSaid { rule: no.rule, allowed: false, ja: no.ja, en: no.en };
        let named = looked.records.iter().map(|r| r.record.name.full()).find(|name| !name.is_empty());
        let stored = &looked.campaign;
        let step = stored.campaign.steps.get(usize::from(looked.touch.step));
        Ok(DeskRow {
            touch: looked.touch.id,
            person: looked.person,
            name: named.unwrap_or_default(),
            company: looked.records.iter().find_map(|r| r.record.company.clone()),
            campaign: stored.id,
            campaign_name: stored.campaign.name.clone(),
            step: step.map(|s| s.name.clone()).unwrap_or_default(),
            value: Money(waiting.value),
            promised: waiting.promised,
            tries: looked.touch.tries,
            missing: if looked.company {
                super::card::missing(&looked.records, &self.contacts_of(looked.person)?, None, &calls)
            } else {
                vec![]
            },
            last: calls.into_iter().next(),
            no: looked.no.map(said),
            number: looked.number,
        })
    }
}

impl DeskRow {
    /// Whether a rule keeps them out that no later hour mends.
    pub fn kept_out(&self) -> bool {
        let waits = ["L-13", "business_hours", "stale"];
        self.no.as_ref().is_some_and(|no| !waits.contains(&no.rule))
    }

    /// The rule's own sentence where one keeps them out.
    pub fn why(&self) -> (String, String) {
        self.no.as_ref().map_or_else(Default::default, |no| {
            if no.ja.is_empty() { rule_words(no.rule) } else { (no.ja.clone(), no.en.clone()) }
        })
    }
}
