//! Rows understood: what each kind of file says, in the model's words.

mod order;
mod other;
mod person;
mod spread;

pub(crate) use order::{Made, Orders};
pub(crate) use spread::{Excess, Set, Spread, hash};

use crate::field::Field;
use crate::normal::date::{ShopClock, stamp, time_of_day};
use crate::normal::money::money;
use crate::normal::{Why, contact};
use crate::plan::Plan;
use crate::row::Row;
use jiff::tz::TimeZone;
use model::{Day, Item, Kind, Money};
use std::collections::BTreeMap;

/// One thing that a file says, or a row (or cell) that could not be understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// With the line of the row that completed it (an order may have begun earlier).
    Item(u64, Item),
    Reject(Reject),
}

/// What was refused, for the rejects file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line of the file, counted from 1; in a worksheet the row.
    pub line: u64,
    /// Header of the column.
    pub column: String,
    /// The cell.
    pub value: String,
    pub reason: String,
    /// Whether the row was lost, or only this cell and the row came in without it.
    pub row_lost: bool,
}

/// The state that understanding rows needs.
pub(crate) struct Reader<'p> {
    pub plan: &'p Plan,
    clock: ShopClock,
    today: Day,
    /// Cells refused of rows that were taken.
    pub soft: Vec<Reject>,
    /// Values without a word of ours, and how often.
    pub unknown: BTreeMap<(Field, String), u64>,
    /// Orders dated after today.
    pub future: u64,
    has_person: bool,
}

/// Past this many different unknown values the column is not a status at all.
const MOST_UNKNOWN: usize = 50;

impl<'p> Reader<'p> {
    pub fn new(plan: &'p Plan, zone: TimeZone, today: Day) -> Reader<'p> {
        let clock = ShopClock::new(zone);
        let has_person = plan.hook.is_some() || person::FACTS.iter().any(|f| !plan.slots(*f).is_empty());
        Reader { plan, clock, today, soft: Vec::new(), unknown: BTreeMap::new(), future: 0, has_person }
    }

    /// What a row of any kind but orders says: usually one item.
    pub fn items(&mut self, row: &Row<'_>) -> Result<Vec<Item>, Reject> {
        match self.plan.kind {
            Kind::Customers | Kind::Contacts => self.record(row),
            Kind::Subscriptions => self.subscription(row),
            Kind::Visits => self.activity(row),
            Kind::Products => self.product(row),
            Kind::Points => self.balance(row),
            Kind::Coupons => self.coupon(row),
            Kind::Reviews => self.review(row),
            Kind::Consents => self.consent(row),
            Kind::Suppressions => self.suppression(row),
            Kind::Orders | Kind::Invoices => Ok(Vec::new()),
        }
    }

    fn reject(&self, row: &Row<'_>, field: Field, why: &str) -> Reject {
        Reject {
            line: row.line(),
            column: self.plan.header_of(field).to_owned(),
            value: row.get(field).into_owned(),
            reason: why.to_owned(),
            row_lost: true,
        }
    }

    /// A value the row can do without: refused by itself.
    fn soft<T>(&mut self, row: &Row<'_>, field: Field, value: Result<Option<T>, Why>) -> Option<T> {
        value.unwrap_or_else(|why| {
            let reject = self.reject(row, field, why);
            self.soft.push(Reject { row_lost: false, ..reject });
            None
        })
    }

    fn hard<T>(&self, row: &Row<'_>, field: Field, value: Result<T, Why>) -> Result<T, Reject> {
        value.map_err(|why| self.reject(row, field, why))
    }

    /// An id; what means "no member" is none.
    fn id(&self, row: &Row<'_>, field: Field) -> Result<Option<String>, Reject> {
        let id = self.hard(row, field, contact::id(&row.get(field)))?;
        Ok(id.filter(|id| field != Field::Customer || !contact::is_no_member(id)))
    }

    fn money(&self, row: &Row<'_>, field: Field) -> Result<Option<Money>, Why> {
        let mut sum = None;
        for cell in row.cells(field) {
            let amount = money(cell, self.plan.decimal_comma)?;
            if field.combine() != crate::field::Combine::Sum {
                return Ok(amount);
            }
            sum = sum.or(amount.map(|_| Money::ZERO)).map(|s| s + amount.unwrap_or_default());
        }
        Ok(sum)
    }

    fn day(&mut self, row: &Row<'_>, field: Field) -> Option<Day> {
        let found = self.moment(row, field, None);
        self.soft(row, field, found).map(|(_, day)| day)
    }

    /// Unix seconds and day, from a cell and perhaps a second one with the time.
    fn moment(
        &mut self,
        row: &Row<'_>,
        field: Field,
        time: Option<Field>,
    ) -> Result<Option<(i64, Day)>, Why> {
        let Some(mut found) = stamp(&row.get(field), self.plan.dates())? else { return Ok(None) };
        if let Some(time) = time.filter(|t| found.time.is_none() && row.has(*t)) {
            found.time = time_of_day(&row.get(time))?;
        }
        Ok(Some(self.clock.unix(found, self.plan.zone.as_ref())))
    }

    /// Our word for a cell; counts those that have none.
    fn word(&mut self, row: &Row<'_>, field: Field) -> Option<&'p str> {
        let value = row.get(field);
        if value.is_empty() {
            return None;
        }
        let word = self.plan.word(field, &value);
        if word.is_none() && (self.unknown.len() < MOST_UNKNOWN) {
            *self.unknown.entry((field, value.into_owned())).or_default() += 1;
        }
        word
    }

    /// The row as it is understood: our field and what it is taken to say.
    pub fn sample(&mut self, row: &Row<'_>) -> Vec<(String, String)> {
        let mut shown = Vec::new();
        for field in Field::ALL.iter().copied().filter(|f| row.has(*f)) {
            let cell = row.get(field).into_owned();
            if cell.is_empty() {
                continue;
            }
            let understood = self.understood(row, field).unwrap_or_else(|why| format!("{cell} (!) {why}"));
            shown.push((field.word().to_owned(), if understood.is_empty() { cell } else { understood }));
        }
        shown
    }

    fn understood(&mut self, row: &Row<'_>, field: Field) -> Result<String, Why> {
        use Field::*;
        let text = row.get(field);
        Ok(match field {
            Total | Refunded | Goods | Shipping | Fees | Tax | Discount | Points | Price | LineTotal
            | Balance => self.money(row, field)?.map(|m| m.to_string()).unwrap_or_default(),
            OrderedAt => {
                let day = self.moment(row, field, Some(OrderedTime))?.map(|(_, day)| day);
                let time =
                    stamp(&text, self.plan.dates())?.and_then(|s| s.time.filter(|_| s.offset.is_none()));
                let time = time.map(|t| format!(" {:02}:{:02}", t / 3600, t / 60 % 60));
                day.map(|d| format!("{d}{}", time.unwrap_or_default())).unwrap_or_default()
            }
            PaidAt | CancelledAt | Shipped | Birthday | Registered | WithdrawnOn | On | Started | Ended
            | NextDelivery | Expires | AsOf | CardOn => {
                self.moment(row, field, None)?.map(|(_, day)| day.to_string()).unwrap_or_default()
            }
            Phone => {
                let all: Vec<String> = contact::phones(&text)?.into_iter().map(|p| p.digits).collect();
                all.join(" ")
            }
            Email => contact::email(&text)?.unwrap_or_default(),
            Postal | PostalPart => contact::postal(&text)?.unwrap_or_default(),
            Order | Customer => contact::id(&text)?.unwrap_or_default(),
            Status | Membership | SubscriptionStatus | Channel | Basis | Reason | Agreed | Activity => {
                self.plan.word(field, &text).map(str::to_owned).unwrap_or_default()
            }
            _ => text.into_owned(),
        })
    }
}
