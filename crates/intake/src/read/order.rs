//! Rows to orders: one per order id, however its rows look and wherever they stand.

use super::person::is_other_person;
use super::spread::{Map, Spread, hash};
use super::{Reader, Reject};
use crate::field::Field;
use crate::normal::money::{money, quantity};
use crate::row::Row;
use model::{Buyer, Day, Item, Kind, Line, Money, Order, OrderKind, Standing};
use std::collections::HashMap;

/// An order whose rows are still coming.
struct Draft {
    order: Box<Order>,
    status: Option<String>,
    at: bool,
    total: bool,
    buyer: bool,
    paid: bool,
    cancelled: bool,
    /// Sum of the lines, and the fees, for files without a total.
    sum: Option<Money>,
    fees: Option<Money>,
    line: u64,
    /// The cell of the total in the first row, to notice a total per line.
    total_cell: String,
    differs: bool,
    /// A row of it was refused: nothing more need be said if it comes to nothing.
    told: bool,
    /// Its customer or an amount was refused: half of it must not come in.
    spoiled: bool,
    /// At least one row of it was taken.
    taken: bool,
    /// What else its rows say (定期), told behind it.
    extras: Vec<Item>,
}

/// Which pass over the file it is.
pub(crate) enum Pass<'s> {
    Survey(&'s mut Spread),
    Read(&'s Spread),
}

/// Puts the rows of orders together.
pub(crate) struct Orders<'s> {
    pass: Pass<'s>,
    current: Option<Draft>,
    /// Orders with rows in several places, and how many places are still to come.
    open: HashMap<String, (Draft, u32)>,
    places: Map<u32>,
    counts: Map<u32>,
    /// Orders whose rows name different totals.
    pub differing: u64,
}

/// What a finished group of rows came to.
pub(crate) enum Made {
    Order(Box<Order>),
    Item(Item),
    Reject(Reject),
}

impl<'s> Orders<'s> {
    pub fn new(pass: Pass<'s>) -> Orders<'s> {
        let (open, places, counts) = (HashMap::new(), Map::default(), Map::default());
        Orders { pass, current: None, open, places, counts, differing: 0 }
    }

    pub fn survey(spread: &'s mut Spread) -> Orders<'s> {
        Orders::new(Pass::Survey(spread))
    }

    pub fn read(spread: &'s Spread) -> Orders<'s> {
        Orders::new(Pass::Read(spread))
    }

    /// Takes a row. An order that it ends goes to `out`.
    pub fn row(&mut self, reader: &mut Reader<'_>, row: &Row<'_>, out: &mut Vec<Made>) -> Result<(), Reject> {
        let cell = row.get(Field::Order);
        let goes_on = match &self.current {
            Some(draft) if cell.is_empty() => {
                row.get(Field::OrderedAt).is_empty() && !draft.order.ext_id.is_empty()
            }
            Some(draft) => *draft.order.ext_id == *cell,
            None => false,
        };
        if goes_on {
            return self.add(reader, row);
        }
        let id = reader.id(row, Field::Order)?.unwrap_or_default();
        if !id.is_empty() && self.current.as_ref().is_some_and(|d| d.order.ext_id == id) {
            return self.add(reader, row);
        }
        self.end(reader, out);
        self.current = Some(self.begin(id, row.line()));
        self.add(reader, row)
    }

    /// The end of the file.
    pub fn finish(&mut self, reader: &mut Reader<'_>, out: &mut Vec<Made>) {
        self.end(reader, out);
        let mut rest: Vec<Draft> =
            std::mem::take(&mut self.open).into_values().map(|(draft, _)| draft).collect();
        rest.sort_by_key(|draft| draft.line);
        for draft in rest {
            self.make(reader, draft, out);
        }
    }

    fn begin(&mut self, id: String, line: u64) -> Draft {
        match self.open.remove(&id) {
            Some((draft, _)) => draft,
            None => Draft::new(id, line),
        }
    }

    fn add(&mut self, reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), Reject> {
        let Some(draft) = &mut self.current else { return Ok(()) };
        draft.add(reader, row).inspect_err(|_| draft.told = true)?;
        if !reader.plan.slots(Field::Subscription).is_empty() {
            for item in reader.subscription(row)? {
                if !draft.extras.contains(&item) {
                    draft.extras.push(item);
                }
            }
        }
        draft.taken = true;
        Ok(())
    }

    /// The current group of rows has ended.
    fn end(&mut self, reader: &mut Reader<'_>, out: &mut Vec<Made>) {
        let Some(draft) = self.current.take() else { return };
        if let Pass::Read(spread) = &self.pass
            && !draft.order.ext_id.is_empty()
            && let Some(all) = spread.scattered.get(&hash(&draft.order.ext_id))
        {
            let left = self.places.entry(hash(&draft.order.ext_id)).or_insert(*all);
            *left = left.saturating_sub(1);
            if *left > 0 {
                self.open.insert(draft.order.ext_id.clone(), (draft, *left));
                return;
            }
        }
        self.make(reader, draft, out);
    }

    fn make(&mut self, reader: &mut Reader<'_>, mut draft: Draft, out: &mut Vec<Made>) {
        let id = (!draft.order.ext_id.is_empty()).then(|| hash(&draft.order.ext_id));
        self.differing += u64::from(draft.differs);
        let extras = std::mem::take(&mut draft.extras);
        let made = draft.finish(reader);
        if let (Pass::Survey(spread), Some(id)) = (&mut self.pass, id) {
            // A refusal without a reject of its own is none to take back.
            spread.group(id, !matches!(made, Err(Some(_))));
        }
        let order = match made {
            Ok(order) if id.is_none() => self.without_id(order),
            Ok(order) => order,
            Err(reject) => return out.extend(reject.map(Made::Reject)),
        };
        out.push(Made::Order(order));
        out.extend(extras.into_iter().map(Made::Item));
    }

    /// The id is customer, time and position among equals: the same file twice gives the same.
    fn without_id(&mut self, mut order: Box<Order>) -> Box<Order> {
        let stem = format!("{}|{}", order.buyer.ext_id, order.at);
        let key = hash(&stem);
        let n = match &mut self.pass {
            Pass::Survey(spread) => {
                spread.pair(key);
                1
            }
            Pass::Read(spread) if spread.repeated.contains(&key) => {
                let count = self.counts.entry(key).or_default();
                *count += 1;
                *count
            }
            Pass::Read(_) => 1,
        };
        order.ext_id = format!("{stem}|{n}");
        if order.buyer.ext_id.is_empty() {
            order.buyer.ext_id = format!("guest:order:{}", order.ext_id);
        }
        order
    }
}

impl Draft {
    fn new(id: String, line: u64) -> Draft {
        let order = Order {
            ext_id: id,
            buyer: Buyer { ext_id: String::new(), record: None },
            at: 0,
            day: Day(0),
            kind: OrderKind::Sale,
            standing: Standing::Completed,
            total: Money::ZERO,
            refunded: Money::ZERO,
            goods: None,
            shipping: None,
            tax: None,
            discount: None,
            points: None,
            gift: false,
            shipped: None,
            medium: None,
            refund_of: None,
            lines: Vec::new(),
        };
        Draft {
            order: Box::new(order),
            status: None,
            at: false,
            total: false,
            buyer: false,
            paid: false,
            cancelled: false,
            sum: None,
            fees: None,
            line,
            total_cell: String::new(),
            differs: false,
            told: false,
            spoiled: false,
            taken: false,
            extras: Vec::new(),
        }
    }

    fn add(&mut self, reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), Reject> {
        if !self.at {
            let at = reader.moment(row, Field::OrderedAt, Some(Field::OrderedTime));
            if let Some((at, day)) = reader.hard(row, Field::OrderedAt, at)? {
                (self.order.at, self.order.day, self.at) = (at, day, true);
            }
        }
        self.amounts(reader, row).inspect_err(|_| self.spoiled = true)?;
        if !self.buyer {
            let (id, record) = reader.buyer(row).inspect_err(|_| self.spoiled = true)?;
            self.buyer = id.is_some() || record.is_some();
            self.order.buyer = Buyer { ext_id: id.unwrap_or_default(), record };
        }
        self.state(reader, row);
        self.line(reader, row)
    }

    /// Order totals stand on every row or on the first only: each is taken once.
    fn amounts(&mut self, reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), Reject> {
        let order = &mut self.order;
        if !self.total {
            let total = reader.money(row, Field::Total);
            if let Some(total) = reader.hard(row, Field::Total, total)? {
                (order.total, self.total) = (total, true);
                if !order.ext_id.is_empty() {
                    self.total_cell = row.get(Field::Total).into_owned();
                }
            }
        } else if !self.differs {
            let cell = row.get(Field::Total);
            self.differs = !cell.is_empty() && *cell != *self.total_cell;
        }
        if order.refunded == Money::ZERO {
            let refunded = reader.money(row, Field::Refunded);
            let refunded = reader.hard(row, Field::Refunded, refunded)?.unwrap_or_default();
            order.refunded = Money(refunded.0.saturating_abs());
        }
        for (slot, field) in [
            (&mut order.goods, Field::Goods),
            (&mut order.shipping, Field::Shipping),
            (&mut order.tax, Field::Tax),
            (&mut order.discount, Field::Discount),
            (&mut order.points, Field::Points),
            (&mut self.fees, Field::Fees),
        ] {
            if slot.is_none() && row.has(field) {
                let amount = reader.money(row, field);
                *slot = reader.soft(row, field, amount);
            }
        }
        // Points and discounts are written as 500 by some carts and as -500 by others.
        for slot in [&mut order.points, &mut order.discount] {
            *slot = slot.map(|m| Money(m.0.saturating_abs()));
        }
        Ok(())
    }

    fn state(&mut self, reader: &mut Reader<'_>, row: &Row<'_>) {
        if self.status.is_none() {
            self.status = reader.word(row, Field::Status).map(str::to_owned);
        }
        self.paid |= !row.get(Field::PaidAt).is_empty();
        self.cancelled |= !row.get(Field::CancelledAt).is_empty();
        let order = &mut self.order;
        if order.shipped.is_none() && row.has(Field::Shipped) {
            order.shipped = reader.day(row, Field::Shipped);
        }
        for (slot, field) in [(&mut order.medium, Field::Medium), (&mut order.refund_of, Field::RefundOf)] {
            if slot.is_none() {
                *slot = Some(row.get(field).into_owned()).filter(|t| !t.is_empty());
            }
        }
        order.gift = order.gift
            || row.cells(Field::Gift).any(is_gift)
            || is_other_person(row, order.buyer.record.as_deref());
    }

    fn line(&mut self, reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), Reject> {
        let lines = [Field::Item, Field::Sku, Field::Category, Field::Price, Field::LineTotal];
        if !lines.iter().any(|f| row.has(*f)) {
            return Ok(());
        }
        let kind = row.get(Field::LineKind);
        if !kind.is_empty() && reader.plan.word(Field::LineKind, &kind) != Some("product") {
            return Ok(());
        }
        let text = |field| row.get(field).into_owned();
        let (mut name, variant) = (text(Field::Item), row.get(Field::Variant));
        // A category alone is a line, too: rules of the dormancy policy ask for no more.
        let telling = [Field::Sku, Field::Category, Field::LineTotal];
        if name.is_empty() && telling.iter().all(|f| row.get(*f).is_empty()) {
            return Ok(());
        }
        if !variant.is_empty() {
            name = format!("{name} {variant}");
        }
        let pieces = reader.hard(row, Field::Quantity, quantity(&row.get(Field::Quantity)))?.unwrap_or(1);
        let comma = reader.plan.decimal_comma;
        let price = reader.hard(row, Field::Price, money(&row.get(Field::Price), comma))?;
        let whole = reader.hard(row, Field::LineTotal, money(&row.get(Field::LineTotal), comma))?;
        let each = |sum: Money| Money(sum.0 / pieces.max(1));
        let line_sum = whole.or(price.map(|p| Money(p.0.saturating_mul(pieces))));
        self.sum = match (self.sum, line_sum) {
            (None, sum) => sum,
            (sum, None) => sum,
            (Some(a), Some(b)) => Some(a + b),
        };
        let line = Line {
            name,
            sku: text(Field::Sku),
            category: text(Field::Category),
            quantity: pieces,
            price: price.or(whole.map(each)).unwrap_or_default(),
        };
        match reader.plan.several {
            None => self.order.lines.push(line),
            Some(mark) => {
                let codes = line.sku.split(mark).map(str::trim).filter(|code| !code.is_empty());
                let named =
                    |code: &str| Some(&line.name).filter(|n| !n.is_empty()).map_or(code, |n| n).to_owned();
                let lines =
                    codes.map(|code| Line { name: named(code), sku: code.to_owned(), ..line.clone() });
                self.order.lines.extend(lines);
            }
        }
        Ok(())
    }

    /// What was paid, where no column says so.
    fn summed(&self) -> Option<Money> {
        let order = &self.order;
        let added: Money = [order.shipping, self.fees].into_iter().flatten().sum();
        let taken: Money = [order.discount, order.points].into_iter().flatten().sum();
        self.sum.or(order.goods).map(|goods| goods + added - taken)
    }

    /// A field that an order needs was blank in all of its rows.
    fn lacking(&self, reader: &Reader<'_>, field: Field, why: &str) -> Option<Reject> {
        let column = reader.plan.header_of(field).to_owned();
        let reject =
            Reject { line: self.line, column, value: String::new(), reason: why.to_owned(), row_lost: true };
        (!self.told).then_some(reject)
    }

    /// A sum over the rows that are left would be a wrong one.
    fn halved(&self, reader: &Reader<'_>) -> Reject {
        let reason =
            "another row of this order was refused, and its amount is the sum of its rows".to_owned();
        let (column, value) = (reader.plan.header_of(Field::Order).to_owned(), self.order.ext_id.clone());
        Reject { line: self.line, column, value, reason, row_lost: true }
    }

    fn finish(mut self, reader: &mut Reader<'_>) -> Result<Box<Order>, Option<Reject>> {
        let status = self.status.as_deref();
        // A cart that was left behind has no date yet (EC-CUBE 購入処理中): nothing was ordered.
        if status == Some("drop") || self.spoiled || status == Some("checkout") && !self.at {
            return Err(None);
        }
        let amount = self.total.then_some(self.order.total).or_else(|| self.summed());
        if !self.at {
            return Err(self.lacking(reader, Field::OrderedAt, "the date is blank"));
        }
        let Some(total) = amount else {
            return Err(self.lacking(reader, Field::Total, "the amount is blank"));
        };
        if self.told && !self.total {
            return Err(self.taken.then(|| self.halved(reader)));
        }
        let mut order = self.order;
        order.standing = match status {
            _ if self.cancelled => Standing::Cancelled,
            Some("pending") if self.paid => Standing::Completed,
            Some("pending") => Standing::Pending,
            Some("cancelled") => Standing::Cancelled,
            Some("returned") => Standing::Returned,
            Some("refused") => Standing::Refused,
            Some("checkout") => Standing::Checkout,
            _ => Standing::Completed,
        };
        order.total = total;
        if reader.plan.kind == Kind::Invoices {
            order.kind = OrderKind::Invoice;
        }
        if status == Some("refund") || total < Money::ZERO {
            order.kind = OrderKind::Refund;
            order.total = Money(-total.0.saturating_abs());
        }
        if order.buyer.ext_id.is_empty() && !order.ext_id.is_empty() {
            order.buyer.ext_id = format!("guest:order:{}", order.ext_id);
        }
        if let Some(record) = &mut order.buyer.record
            && record.ext_id.is_empty()
        {
            record.ext_id = order.buyer.ext_id.clone();
        }
        reader.future += u64::from(order.day > reader.today);
        self.order = order;
        Ok(self.order)
    }
}

fn is_gift(cell: &str) -> bool {
    let folded = crate::normal::text::key(cell);
    !matches!(
        folded.as_str(),
        "" | "0" | "no" | "false" | "なし" | "無し" | "無" | "いいえ" | "×" | "-" | "不要" | "希望しない"
    )
}
