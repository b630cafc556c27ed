//! What the first pass found: counts, a sample, what to warn of, whether to refuse.

use crate::error::Error;
use crate::plan::Plan;
use crate::read::{Entry, Excess, Reader, Reject, Spread};
use crate::upload::field_word;
use model::{Item, Money};
use std::collections::BTreeMap;

/// What a file holds, before anything of it is written.
pub struct Survey {
    /// Rows behind the header, blank ones not counted.
    pub rows: u64,
    pub items: u64,
    pub orders: u64,
    /// Distinct ids seen.
    pub customers: u64,
    /// Rows that will not come in.
    pub rejected: u64,
    /// Cells that will not come in, of rows that will.
    pub refused_cells: u64,
    /// The first five rows as understood: our field and value.
    pub sample: Vec<Vec<(String, String)>>,
    /// Every header, and our field for it.
    pub columns: Vec<(String, Option<String>)>,
    pub warnings: Vec<String>,
    pub(crate) spread: Spread,
    worst: Option<Worst>,
}

/// The commonest reason.
struct Worst {
    reason: String,
    column: String,
    count: u64,
    line: u64,
}

/// How many different reasons are counted apart.
const MOST_REASONS: usize = 1_000;

#[derive(Default)]
pub(crate) struct Counts {
    items: u64,
    orders: u64,
    /// Orders of nothing.
    free: u64,
    lost: BTreeMap<(String, String), (u64, u64)>,
    rejected: u64,
    soft: BTreeMap<(String, String), (u64, u64)>,
    refused: u64,
}

impl Counts {
    pub fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Item(_, item) => {
                self.items += 1;
                if let Item::Order(order) = item {
                    self.orders += 1;
                    self.free += u64::from(order.total == Money::ZERO);
                }
            }
            Entry::Reject(reject) if reject.row_lost => {
                self.rejected += 1;
                count(&mut self.lost, reject);
            }
            Entry::Reject(reject) => {
                self.refused += 1;
                count(&mut self.soft, reject);
            }
        }
    }

    /// What was counted once per group of an order's rows.
    pub fn less(&mut self, excess: &Excess) {
        self.items -= excess.orders;
        self.orders -= excess.orders;
        self.rejected -= excess.rejects;
    }

    pub fn survey(
        self,
        plan: &Plan,
        rows: u64,
        customers: u64,
        sample: Vec<Vec<(String, String)>>,
        spread: Spread,
    ) -> Survey {
        let worst = self.lost.into_iter().max_by_key(|(_, (count, _))| *count);
        let mut warnings = Vec::new();
        if self.free * 2 > self.orders {
            let (free, all) = (self.free, self.orders);
            warnings
                .push(format!("{free} of {all} orders have the amount 0: is this an export without prices?"));
        }
        for ((column, reason), (count, line)) in self.soft {
            warnings.push(format!("{column}: {count} cells left out, the rows came in without them: {reason} (first in line {line})"));
        }
        Survey {
            rows,
            items: self.items,
            orders: self.orders,
            customers,
            rejected: self.rejected,
            refused_cells: self.refused,
            sample,
            columns: plan.headers.iter().enumerate().map(|(i, h)| (h.clone(), field_word(plan, i))).collect(),
            warnings,
            spread,
            worst: worst.map(|((column, reason), (count, line))| Worst { reason, column, count, line }),
        }
    }
}

fn count(into: &mut BTreeMap<(String, String), (u64, u64)>, reject: &Reject) {
    if into.len() < MOST_REASONS {
        let key = (reject.column.clone(), reject.reason.clone());
        into.entry(key).or_insert((0, reject.line)).0 += 1;
    }
}

impl Survey {
    pub(crate) fn warn(&mut self, plan: &Plan, reader: &Reader<'_>, differing: u64) {
        for ((field, value), count) in &reader.unknown {
            let column = plan.header_of(*field);
            let taken = match field.word() {
                "status" => "counted as completed",
                "membership" => "counted as members",
                _ => "passed over",
            };
            self.warnings.push(format!(
                "{column} \"{value}\" is not known ({count} times): {taken}. Say what it means in a map: [values.{}] \"{value}\" = \"...\"",
                field.word()
            ));
        }
        if differing > 0 {
            self.warnings.push(format!(
                "{}: in {differing} orders the rows name different amounts; the first was taken. If the column holds the amount of one line, map it as line_total",
                plan.header_of(crate::field::Field::Total)
            ));
        }
        if reader.future > 0 {
            self.warnings.push(format!("{} orders are dated after today", reader.future));
        }
        if plan.mall {
            self.warnings
                .push("customers of a mall: kept for analysis only, never reached (L-47)".to_owned());
        }
    }

    /// A file with more than half of its rows bad is refused whole.
    pub(crate) fn judge(self, file: &str) -> Result<Survey, Error> {
        if self.rows == 0 {
            let next = "Export it again for a longer time, if there should be any.";
            return Err(Error::damaged(file, None, "has a header row and no other rows", next));
        }
        match &self.worst {
            Some(worst) if self.rejected * 2 > self.rows && self.rows >= 3 => Err(Error::MostlyBad {
                file: file.to_owned(),
                rejected: self.rejected,
                rows: self.rows,
                count: worst.count,
                reason: worst.reason.clone(),
                column: worst.column.clone(),
                line: worst.line,
            }),
            _ => Ok(self),
        }
    }
}
