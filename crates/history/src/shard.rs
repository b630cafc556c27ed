//! The tables of a shard: histories, judgements, and the days on which customers moved.

use crate::Error;
use crate::summarise::Sums;
use crate::table::{Loaded, NONE, Parts, table};
use arrow::array::{Array, Int32Array, ListArray};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Field, Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
};
use model::{Cpm, Day, History, Judgement, Money, Silent, Stage, State, SubscriptionState, Type};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

table! {
    /// Histories in the order of customers.
    Histories, HistoriesBuilder {
        customer: i64 => Int64Type,
        first_order: i32 => Int32Type,
        last_order: i32 => Int32Type,
        n_orders: u32 => UInt32Type,
        spend: i64 => Int64Type,
        n_gaps: u32 => UInt32Type,
        gap_sum: i32 => Int32Type,
        gap_sd: f64 => Float64Type,
        gap_median2: i32 => Int32Type,
        last_categories: u32 => UInt32Type,
        last_contact: i32 => Int32Type,
        last_visit: i32 => Int32Type,
        last_login: i32 => Int32Type,
        last_use: i32 => Int32Type,
        last_interest: i32 => Int32Type,
        advocacy: u32 => UInt32Type,
        complaints_open: u32 => UInt32Type,
        known_since: i32 => Int32Type,
        flags: u8 => UInt8Type,
        withdrawn: i32 => Int32Type,
        competitor: i32 => Int32Type,
        dissatisfied: i32 => Int32Type,
        subscription: u8 => UInt8Type,
        subscription_since: i32 => Int32Type,
        next_delivery: i32 => Int32Type,
    }
}

table! {
    /// Judgements, row by row of the histories.
    Judged, JudgedBuilder {
        state: u8 => UInt8Type,
        since: i32 => Int32Type,
        stage: u8 => UInt8Type,
        silent: i32 => Int32Type,
        at_risk_line: i32 => Int32Type,
        dormant_line: i32 => Int32Type,
        rule: u16 => UInt16Type,
        silent_category: u8 => UInt8Type,
        kind: u8 => UInt8Type,
        cpm: u8 => UInt8Type,
        marks: u8 => UInt8Type,
    }
}

/// Bits of `Judged::marks`.
pub(crate) const LONG_DORMANT: u8 = 1;
pub(crate) const CPM_GONE: u8 = 2;

fn code(day: Option<Day>) -> i32 {
    day.map_or(NONE, |d| d.0)
}

pub(crate) fn day(code: i32) -> Option<Day> {
    (code != NONE).then_some(Day(code))
}

impl HistoriesBuilder {
    pub(crate) fn push(&mut self, sums: &Sums) {
        let h = &sums.history;
        self.append(
            h.customer,
            code(h.first_order),
            code(h.last_order),
            h.n_orders,
            h.spend.0,
            h.n_gaps,
            sums.gap_sum,
            h.gap_sd,
            sums.gap_median2,
            h.last_categories,
            code(h.last_contact),
            code(h.last_visit),
            code(h.last_login),
            code(h.last_use),
            code(h.last_interest),
            h.advocacy,
            h.complaints_open,
            code(h.known_since),
            h.flags,
            code(h.withdrawn),
            code(h.competitor),
            code(h.dissatisfied),
            h.subscription.code(),
            code(h.subscription_since),
            code(h.next_delivery),
        );
    }
}

impl Histories {
    pub(crate) fn get(&self, i: usize) -> History {
        let history = History {
            customer: self.customer.at(i),
            first_order: day(self.first_order.at(i)),
            last_order: day(self.last_order.at(i)),
            n_orders: self.n_orders.at(i),
            spend: Money(self.spend.at(i)),
            n_gaps: self.n_gaps.at(i),
            gap_sd: self.gap_sd.at(i),
            last_categories: self.last_categories.at(i),
            last_contact: day(self.last_contact.at(i)),
            last_visit: day(self.last_visit.at(i)),
            last_login: day(self.last_login.at(i)),
            last_use: day(self.last_use.at(i)),
            last_interest: day(self.last_interest.at(i)),
            advocacy: self.advocacy.at(i),
            complaints_open: self.complaints_open.at(i),
            known_since: day(self.known_since.at(i)),
            flags: self.flags.at(i),
            withdrawn: day(self.withdrawn.at(i)),
            competitor: day(self.competitor.at(i)),
            dissatisfied: day(self.dissatisfied.at(i)),
            subscription: SubscriptionState::from_code(self.subscription.at(i)).unwrap_or_default(),
            subscription_since: day(self.subscription_since.at(i)),
            next_delivery: day(self.next_delivery.at(i)),
            ..History::default()
        };
        Sums { history, gap_sum: self.gap_sum.at(i), gap_median2: self.gap_median2.at(i) }.to_history()
    }

    /// The row of a customer.
    pub(crate) fn find(&self, customer: i64) -> Option<usize> {
        let row = self.lower_bound(0, customer);
        (row < self.len && self.customer.at(row) == customer).then_some(row)
    }

    /// The first row from `from` on whose customer is not below.
    pub(crate) fn lower_bound(&self, from: usize, customer: i64) -> usize {
        self.customer.lower_bound(from..self.len, customer)
    }
}

impl JudgedBuilder {
    pub(crate) fn push(&mut self, j: &Judgement) {
        let mark = |on: bool, bit: u8| if on { bit } else { 0 };
        self.append(
            j.state.code(),
            code(j.since),
            j.stage.code(),
            j.silent.unwrap_or(NONE),
            j.at_risk_line,
            j.dormant_line,
            j.rule,
            j.silent_category.code(),
            j.kind.code(),
            j.cpm.code(),
            mark(j.long_dormant, LONG_DORMANT) | mark(j.cpm_gone, CPM_GONE),
        );
    }
}

impl Judged {
    pub(crate) fn get(&self, customer: i64, i: usize) -> Judgement {
        let silent = self.silent.at(i);
        let marks = self.marks.at(i);
        Judgement {
            customer,
            state: State::from_code(self.state.at(i)).unwrap_or(State::Prospect),
            since: day(self.since.at(i)),
            stage: Stage::from_code(self.stage.at(i)).unwrap_or(Stage::Lead),
            silent: (silent != NONE).then_some(silent),
            at_risk_line: self.at_risk_line.at(i),
            dormant_line: self.dormant_line.at(i),
            rule: self.rule.at(i),
            long_dormant: marks & LONG_DORMANT != 0,
            silent_category: Silent::from_code(self.silent_category.at(i)).unwrap_or(Silent::None),
            kind: Type::from_code(self.kind.at(i)).unwrap_or(Type::None),
            cpm: Cpm::from_code(self.cpm.at(i)).unwrap_or(Cpm::None),
            cpm_gone: marks & CPM_GONE != 0,
        }
    }
}

/// How a customer moved between live and not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    /// Live for the first time.
    New = 0,
    /// No longer live.
    Lapsed = 1,
    /// Live again.
    Reactivated = 2,
}

/// Every customer's moves, each as four times its day plus its kind, row by row of the histories.
#[derive(Clone, Debug)]
pub(crate) struct Moves {
    ends: OffsetBuffer<i32>,
    moves: ScalarBuffer<i32>,
}

/// `Moves` while they are written.
pub(crate) struct MovesBuilder {
    ends: Vec<i32>,
    moves: Vec<i32>,
}

impl Default for MovesBuilder {
    fn default() -> MovesBuilder {
        MovesBuilder { ends: vec![0], moves: vec![] }
    }
}

impl MovesBuilder {
    pub(crate) fn push(&mut self, what: Move, on: Day) {
        // A day beyond the calendar never comes: a lapse after it is none.
        if let Some(day) = on.0.checked_mul(4) {
            self.moves.push(day + what as i32);
        }
    }

    /// Ends the moves of one customer.
    pub(crate) fn close(&mut self) {
        self.ends.push(self.moves.len() as i32);
    }

    pub(crate) fn copy(&mut self, from: &Moves, rows: Range<usize>) {
        let shift = self.moves.len() as i32 - from.ends[rows.start];
        self.moves
            .extend_from_slice(&from.moves[from.ends[rows.start] as usize..from.ends[rows.end] as usize]);
        self.ends.extend(from.ends[rows.start + 1..=rows.end].iter().map(|end| end + shift));
    }

    pub(crate) fn finish(self) -> Moves {
        Moves { ends: OffsetBuffer::new(self.ends.into()), moves: self.moves.into() }
    }
}

impl Moves {
    /// Every move of every customer.
    pub(crate) fn each(&self, mut each: impl FnMut(i32, usize)) {
        for m in self.moves.iter() {
            each(m >> 2, (m & 3) as usize);
        }
    }

    pub(crate) fn save(&self, path: &Path) -> Result<u64, Error> {
        let item = Arc::new(Field::new("item", DataType::Int32, false));
        let values = Arc::new(Int32Array::new(self.moves.clone(), None));
        let list = ListArray::new(item, self.ends.clone(), values, None);
        let mut parts = Parts::default();
        let rows = list.len();
        parts.push("moves", Arc::new(list));
        parts.save(rows, path)
    }

    pub(crate) fn load(path: &Path, size: u64) -> Result<Moves, Error> {
        let loaded = Loaded::load(path, size)?;
        let wrong = || Error::damaged(path)("the moves are missing");
        let list = loaded.array::<ListArray>("moves").ok_or_else(wrong)?;
        let values = list.values().as_any().downcast_ref::<Int32Array>().ok_or_else(wrong)?;
        Ok(Moves { ends: list.offsets().clone(), moves: values.values().clone() })
    }
}
