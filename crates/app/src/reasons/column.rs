//! What customers said, put beside a snapshot: the column of reasons that segments ask for.

use super::list::{PRICE, UNKNOWN_REASON, reasons};
use super::price::left_over_price;
use crate::{App, Settings, lock};
use anyhow::Result;
use history::{Snapshot, Told};
use judgement::current;
use model::{Day, History, ReasonSource, Statement};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How sure the register of price changes is by itself.
const REGISTER: f64 = 0.4;

/// A snapshot with what customers said, kept while neither changes.
pub(crate) struct Dressed {
    bare: Arc<Snapshot>,
    seq: i64,
    settings: Settings,
    dressed: Arc<Snapshot>,
}

impl App {
    /// The snapshot with what customers said up to its day beside it.
    pub(crate) fn with_said(&self, bare: Arc<Snapshot>) -> Result<Arc<Snapshot>> {
        let (seq, settings) = (self.inner.store.said_seq()?, self.settings()?);
        let mut held = lock(&self.inner.said);
        let same = |d: &&Dressed| Arc::ptr_eq(&d.bare, &bare) && d.seq == seq && d.settings == settings;
        if let Some(known) = held.as_ref().filter(same) {
            return Ok(known.dressed.clone());
        }
        let dressed = Arc::new(self.dress_up(&bare, &settings)?);
        *held = Some(Dressed { bare, seq, settings, dressed: dressed.clone() });
        Ok(dressed)
    }

    fn dress_up(&self, bare: &Snapshot, settings: &Settings) -> Result<Snapshot> {
        let mut said = Said {
            names: std::iter::once(UNKNOWN_REASON.to_owned())
                .chain(reasons(settings)?.into_iter().map(|r| r.id))
                .collect(),
            prices: price_leavers(bare, settings)?,
            told: Vec::new(),
        };
        let (mut of, mut own) = (0, Vec::<Statement>::new());
        self.inner.store.statements(None, bare.as_of(), &mut |customer, statement| {
            if customer != of {
                said.close(of, &mut own, bare);
                of = customer;
            }
            own.push(statement);
        })?;
        said.close(of, &mut own, bare);
        let mut unsaid = std::mem::take(&mut said.prices);
        while let Some((customer, day)) = unsaid.pop_first() {
            said.prices.insert(customer, day);
            said.close(customer, &mut own, bare);
        }
        let mut told: BTreeMap<i64, Told> = said.told.into_iter().map(|t| (t.customer, t)).collect();
        self.inner.store.expectation_gaps(bare.as_of(), &mut |customer, gap| {
            let nothing = Told { customer, left_for: 0, said: false, on: None, gap: None };
            told.entry(customer).or_insert(nothing).gap = Some(gap);
        })?;
        Ok(bare.with_told(said.names, told.into_values()))
    }
}

/// What was said so far, customer by customer.
struct Said {
    names: Vec<String>,
    /// Who stayed away after which change of prices.
    prices: BTreeMap<i64, Day>,
    told: Vec<Told>,
}

impl Said {
    /// Ends the statements of one customer; leaves `own` empty.
    fn close(&mut self, customer: i64, own: &mut Vec<Statement>, bare: &Snapshot) {
        own.extend(self.prices.remove(&customer).map(register));
        let last = bare.row(customer).and_then(|row| row.history.last_order);
        if let Some(counts) = current(own, last) {
            let left_for = place(&mut self.names, &counts.reason);
            let (said, on) = (counts.source.is_said(), Some(counts.day));
            self.told.push(Told { customer, left_for, said, on, gap: None });
        }
        own.clear();
    }
}

/// The place of a reason's word; one that the shop has dropped from its list is still what was said.
fn place(names: &mut Vec<String>, reason: &str) -> u16 {
    let at = names.iter().position(|name| name == reason).unwrap_or_else(|| {
        names.push(reason.to_owned());
        names.len() - 1
    });
    u16::try_from(at).unwrap_or(0)
}

/// What the register of price changes says of somebody who stayed away after one.
fn register(change: Day) -> Statement {
    let (y, m, d) = change.ymd();
    Statement {
        id: None,
        reason: PRICE.to_owned(),
        source: ReasonSource::PriceChange,
        confidence: REGISTER,
        day: change,
        words: format!("{y}/{m:02}/{d:02}の値上げのあと、ふだんの間隔でご注文がありません"),
        by: String::new(),
        at: i64::from(change.0) * 86_400,
    }
}

/// What the register says of one customer.
pub(super) fn of_register(history: &History, settings: &Settings) -> Option<Statement> {
    left_over_price(history, &settings.calls.price_changes, settings.calls.price_days).map(register)
}

/// Everybody of whom the register says something.
fn price_leavers(bare: &Snapshot, settings: &Settings) -> Result<BTreeMap<i64, Day>> {
    let changes = &settings.calls.price_changes;
    let Some(latest) = changes.iter().filter(|day| **day <= bare.as_of()).max() else {
        return Ok(BTreeMap::new());
    };
    // Whoever might have left, found by columns; each is looked at closely then.
    let maybe = bare.select(&format!("state <> 'active' and n_gaps > 0 and last_order < '{latest}'"))?;
    let known: Vec<Day> = changes.iter().copied().filter(|day| *day <= bare.as_of()).collect();
    let left = |index: u32| {
        let history = bare.row_at(index).history;
        let change = left_over_price(&history, &known, settings.calls.price_days)?;
        Some((history.customer, change))
    };
    Ok(maybe.iter().filter_map(left).collect())
}
