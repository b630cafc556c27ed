//! One table, read twice: a survey that writes nothing, then every item once.

use crate::error::Error;
use crate::field::Field;
use crate::input::{Encoding, Input, Record, Records, Text};
use crate::plan::Plan;
use crate::read::{Entry, Orders, Reader, Reject, Set, Spread, hash};
use crate::row::Row;
use crate::survey::{Counts, Survey};
use jiff::tz::TimeZone;
use model::{Day, Item, Kind};
use std::ops::ControlFlow;

/// A table that was recognised. Nothing of it is in memory (but a worksheet's text).
pub struct Upload {
    pub(crate) input: Input,
    pub(crate) encoding: Encoding,
    pub(crate) delimiter: u8,
    /// Records before the header row.
    pub(crate) preamble: usize,
    pub(crate) plan: Plan,
    pub(crate) zone: TimeZone,
    pub(crate) today: Day,
}

/// Sees the bytes done now and then, and the first rows as they stand.
type Watch<'w> = dyn FnMut(Option<u64>, &mut Reader<'_>, Option<&Row<'_>>) + 'w;

/// How often progress is told: every so many rows.
const TICK: u64 = 4096;

impl Upload {
    /// The path, and after `!` the member of a zip or the worksheet.
    pub fn label(&self) -> &str {
        &self.input.label
    }

    /// Word of the source: order and customer ids are unique within it.
    pub fn source(&self) -> &str {
        &self.plan.source
    }

    /// The format as people call it: `EC-CUBE 4 受注CSV・配送CSV`.
    pub fn title(&self) -> &str {
        &self.plan.title
    }

    pub fn kind(&self) -> Kind {
        self.plan.kind
    }

    /// `UTF-8`, `UTF-8 BOM`, `CP932`, `EUC-JP`, `UTF-16`, `xlsx`.
    pub fn encoding(&self) -> &str {
        self.encoding.name()
    }

    /// First pass: reads everything, writes nothing.
    ///
    /// # Errors
    /// When the file is damaged, holds no rows, or more than half of its rows are bad.
    pub fn survey(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Survey, Error> {
        let mut counts = Counts::default();
        let mut spread = Spread::default();
        let mut reader = self.reader();
        let mut orders = Orders::survey(&mut spread);
        let mut customers = Set::default();
        let mut sink = |entry: Entry| {
            if let Entry::Item(_, item) = &entry
                && let Some(id) = customer_of(item)
            {
                customers.insert(hash(id));
            }
            counts.entry(&entry);
            ControlFlow::Continue(())
        };
        let mut sample = Vec::new();
        let rows = self.walk(&mut reader, &mut orders, &mut sink, &mut |done, reader, row| {
            if let Some(done) = done {
                progress(done, self.input.len);
            }
            if let Some(row) = row.filter(|_| sample.len() < 5) {
                sample.push(reader.sample(row));
            }
        })?;
        progress(self.input.len, self.input.len);
        let differing = orders.differing;
        counts.less(&spread.surveyed());
        let mut survey = counts.survey(&self.plan, rows, customers.len() as u64, sample, spread);
        survey.warn(&self.plan, &reader, differing);
        survey.judge(self.label())
    }

    /// Second pass: every item once, every bad row or cell as a `Reject`. Stops on `Break`.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn read(&self, survey: &Survey, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), Error> {
        let mut reader = self.reader();
        let mut orders = Orders::read(&survey.spread);
        self.walk(&mut reader, &mut orders, each, &mut |_, _, _| {}).map(|_| ())
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(&self.plan, self.zone.clone(), self.today)
    }

    /// The records behind the header row.
    fn records(&self) -> Result<Records, Error> {
        let mut records = Records::new(Text::open(&self.input, self.encoding)?, self.delimiter);
        for _ in 0..=self.preamble {
            records.next()?;
        }
        Ok(records)
    }

    /// Every row through `reader` to `each`; `watch` sees progress and the rows as they stand.
    fn walk(
        &self,
        reader: &mut Reader<'_>,
        orders: &mut Orders<'_>,
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
        watch: &mut Watch<'_>,
    ) -> Result<u64, Error> {
        let mut records = self.records()?;
        let replaces = self.encoding.decoder().is_some();
        let is_orders = matches!(self.plan.kind, Kind::Orders | Kind::Invoices);
        let mut rows = 0;
        let mut out = Out { made: Vec::new(), line: 0, each };
        loop {
            let done = records.done();
            let Some(record) = records.next()? else { break };
            if record.is_blank() || self.is_header_again(&record) {
                continue;
            }
            rows += 1;
            out.line = record.line;
            let tick = rows % TICK == 1;
            if let Some(reject) = self.shape(&record, replaces) {
                if out.give(Entry::Reject(reject)).is_break() {
                    return Ok(rows);
                }
                continue;
            }
            let row = Row::new(&record, &self.plan);
            if tick || rows <= 5 {
                watch(tick.then_some(done), reader, Some(&row).filter(|_| rows <= 5));
            }
            let refused = match is_orders {
                true => orders.row(reader, &row, &mut out.made).err(),
                false => reader.items(&row).map(|items| out.items(items)).err(),
            };
            if out.flush(&mut reader.soft, refused).is_break() {
                return Ok(rows);
            }
        }
        orders.finish(reader, &mut out.made);
        let _ = out.flush(&mut reader.soft, None);
        Ok(rows)
    }

    /// Files put together by hand repeat their header.
    fn is_header_again(&self, record: &Record<'_>) -> bool {
        let headers = &self.plan.headers;
        record.get(0) == headers[0] && record.cells().eq(headers.iter().map(String::as_str))
    }

    fn shape(&self, record: &Record<'_>, replaces: bool) -> Option<Reject> {
        let reject = |column: String, value: &str, reason: String| Reject {
            line: record.line,
            column,
            value: value.chars().take(200).collect(),
            reason,
            row_lost: true,
        };
        if replaces && record.is_damaged() {
            let at = record.cells().position(|c| c.contains('\u{fffd}')).unwrap_or(0);
            let header = self.plan.headers.get(at).cloned().unwrap_or_default();
            return Some(reject(
                header,
                record.get(at),
                format!("holds bytes that are no {}", self.encoding()),
            ));
        }
        let (cells, columns) = (record.len(), self.plan.headers.len());
        if cells > columns && record.cells().skip(columns).any(|c| !c.trim().is_empty()) {
            let why = format!(
                "more cells ({cells}) than the header has columns ({columns}): a separator or quotation mark inside a text?"
            );
            return Some(reject(String::new(), record.get(columns), why));
        }
        if cells < columns && !self.plan.excel && cells <= self.plan.last_column() {
            let why = format!(
                "fewer cells ({cells}) than the header has columns ({columns}): cut off, or a line break inside a text?"
            );
            return Some(reject(String::new(), record.get(0), why));
        }
        None
    }
}

/// Where entries go, in the order of the file.
struct Out<'e> {
    made: Vec<crate::read::Made>,
    /// Of the row at hand.
    line: u64,
    each: &'e mut dyn FnMut(Entry) -> ControlFlow<()>,
}

impl Out<'_> {
    fn give(&mut self, entry: Entry) -> ControlFlow<()> {
        (self.each)(entry)
    }

    fn items(&mut self, items: Vec<Item>) {
        self.made.extend(items.into_iter().map(crate::read::Made::Item));
    }

    fn flush(&mut self, soft: &mut Vec<Reject>, refused: Option<Reject>) -> ControlFlow<()> {
        use crate::read::Made;
        for made in self.made.drain(..) {
            (self.each)(match made {
                Made::Order(order) => Entry::Item(self.line, Item::Order(order)),
                Made::Item(item) => Entry::Item(self.line, item),
                Made::Reject(reject) => Entry::Reject(reject),
            })?;
        }
        for reject in soft.drain(..).chain(refused) {
            (self.each)(Entry::Reject(reject))?;
        }
        ControlFlow::Continue(())
    }
}

fn customer_of(item: &Item) -> Option<&str> {
    Some(match item {
        Item::Record(record) => &record.ext_id,
        Item::Order(order) => &order.buyer.ext_id,
        Item::Subscription(s) => &s.who,
        Item::Activity(a) => &a.who,
        Item::Balance(b) => &b.who,
        Item::Coupon(c) => &c.who,
        Item::Review(r) => &r.who,
        Item::Mourning(m) => &m.who,
        Item::Consent(c) => &c.who,
        Item::Suppression(s) => &s.who,
        Item::Product(_) => return None,
    })
}

/// The field of a column, for the survey's list.
pub(crate) fn field_word(plan: &Plan, column: usize) -> Option<String> {
    plan.field_of(column).map(Field::word).map(str::to_owned)
}
