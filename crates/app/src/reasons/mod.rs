//! Why customers went quiet: what was said, what is only likely, and who has said nothing at all.

mod aiming;
mod column;
mod list;
mod noticing;
mod person;
mod pressure;
mod price;
mod report;

pub use list::{LeftFor, UNKNOWN_REASON};
pub use person::{LikelyReason, PersonReasons, StatementView};
pub use pressure::Pressure;
pub use report::{ReasonReport, ReasonRow, SILENT_ONES};

pub(crate) use column::Dressed;
use list::TOO_MANY;
pub(crate) use list::{PRICE, reason_words};
pub(crate) use pressure::Pressed;

use crate::{App, OwnReason};
use anyhow::{Result, ensure};
use model::{ReasonSource, Statement};
use store::NewStatement;

/// The longest note, in characters.
const LONGEST: usize = 2_000;

/// What an operator states of a customer.
#[derive(Clone, PartialEq, Debug)]
pub struct Stated {
    pub customer: i64,
    /// An id of the shop's list.
    pub reason: String,
    pub source: ReasonSource,
    /// How sure it is, 0..=1.
    pub confidence: f64,
    /// What was said or seen.
    pub words: String,
}

impl App {
    /// The shop's list of reasons, hidden ones too.
    pub fn left_for(&self) -> Result<Vec<LeftFor>> {
        list::reasons(&self.settings()?)
    }

    /// Who went quiet because we write too often, ascending.
    pub(crate) fn want_fewer(&self) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        self.judged()?.each_told(&mut |customer, reason| {
            if reason == TOO_MANY {
                found.push(customer);
            }
        });
        found.sort_unstable();
        Ok(found)
    }

    /// Whether a word stands in the shop's list and may be chosen.
    pub(crate) fn known_reason(&self, id: &str) -> Result<()> {
        let list = self.left_for()?;
        let words: Vec<&str> = list.iter().filter(|r| !r.hidden).map(|r| r.id.as_str()).collect();
        ensure!(
            words.contains(&id),
            "休眠理由「{id}」はありません。使える言葉: {} / there is no reason '{id}'; there are {}",
            words.join(", "),
            words.join(", ")
        );
        Ok(())
    }

    /// Writes down why a customer went quiet, in an operator's name. It counts at once (see
    /// `judgement::current`).
    pub fn state_reason(&self, stated: &Stated, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        self.known_reason(&stated.reason)?;
        ensure!(
            (0.0..=1.0).contains(&stated.confidence),
            "確かさは0〜1で入れてください / how sure it is goes from 0 to 1"
        );
        ensure!(
            stated.words.chars().count() <= LONGEST,
            "メモは{LONGEST}文字までです / the note is too long"
        );
        let (now, words) = (self.now(), stated.words.trim().to_owned());
        let statement = Statement {
            id: None,
            reason: stated.reason.clone(),
            source: stated.source,
            confidence: stated.confidence,
            day: self.settings()?.day_of(now),
            words,
            by: by.trim().to_owned(),
            at: now,
        };
        let new = NewStatement { customer: stated.customer, statement, proof: None };
        self.inner.store.add_statements(&[new]).map(drop)?;
        Ok(())
    }

    /// Changes the shop's list: which reasons are offered, which scenario answers each, and one more of the
    /// shop's own. `rows`: id, offered, scenario (empty for none).
    pub fn change_reasons(&self, rows: &[(String, bool, String)], own: Option<OwnReason>) -> Result<()> {
        let mut settings = self.settings()?;
        for (id, offered, scenario) in rows {
            settings.reasons.hidden.retain(|hidden| hidden != id);
            if !offered {
                settings.reasons.hidden.push(id.clone());
            }
            settings.reasons.scenarios.insert(id.clone(), scenario.clone());
        }
        if let Some(own) = own {
            settings.reasons.own.retain(|known| known.id != own.id);
            settings.reasons.own.push(own);
        }
        self.set_settings(&settings)
    }

    /// Takes a statement back; it stays on record with who did so.
    pub fn drop_reason(&self, statement: i64, by: &str) -> Result<()> {
        ensure!(!by.trim().is_empty(), "担当者のお名前を入れてください / this needs a name: --by NAME");
        Ok(self.inner.store.drop_statement(statement, by.trim(), self.now())?)
    }
}
