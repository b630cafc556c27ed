//! Orders with their lines: new ones appended, changed ones replaced, known ones left alone.

use super::Write;
use super::seen::OrderNumbers;
use crate::db::{Conn, Lookup, V, params};
use crate::{Error, Result, bits, hash, settings};
use model::{Line, Order, OrderKind};
use std::collections::HashMap;

const COLUMNS: [&str; 22] = [
    "id",
    "record",
    "day",
    "kind",
    "standing",
    "gift",
    "total",
    "refunded",
    "category_set",
    "goods",
    "points",
    "source",
    "ext_id",
    "at",
    "fingerprint",
    "import",
    "shipping",
    "tax",
    "discount",
    "shipped",
    "medium",
    "refund_of",
];
const LINE_COLUMNS: [&str; 7] = ["order_id", "place", "name", "sku", "category", "quantity", "price"];
const KNOWN: &str = "t.id, t.fingerprint, t.record, t.kind, t.standing";
const BY_EXT_ID: Lookup = Lookup { table: "orders", number: "source", text: "ext_id", select: KNOWN };

/// What the table has of an order.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    fingerprint: i64,
    record: i64,
    counted: bool,
}

/// Whether it makes its buyer someone who ordered; what counts as history is the shop's setting.
pub(super) fn counts(order: &Order) -> bool {
    counted(order.kind as i64, order.standing as i64)
}

fn counted(kind: i64, standing: i64) -> bool {
    kind != OrderKind::Refund as i64 && standing <= model::Standing::Pending as i64
}

impl Write<'_> {
    /// A run of orders; no id twice.
    pub(super) fn orders(&mut self, orders: &[&Order]) -> Result<()> {
        let mut scratch = Vec::new();
        let fingerprints: Vec<i64> = orders.iter().map(|o| hash::order(o, &mut scratch)).collect();
        let known = self.known(orders)?;
        let records = self.buyers(orders)?;
        let sets = self.sets(orders)?;
        let mut next = settings::next_id(self.conn, "orders")?;
        let mut rows: Vec<V<'_>> = Vec::with_capacity(orders.len() * COLUMNS.len());
        let mut lines: Vec<V<'_>> = Vec::new();
        let mut changed = Vec::new();
        let mut newest = 0;
        for (i, order) in orders.iter().enumerate() {
            match known[i] {
                Some(k) if k.fingerprint == fingerprints[i] => self.tally.unchanged += 1,
                Some(_) => changed.push(i),
                None => {
                    push_order(
                        &mut rows,
                        next,
                        order,
                        records[i],
                        sets[i],
                        fingerprints[i],
                        self.memory.source,
                        self.import,
                    );
                    push_lines(&mut lines, next, &order.lines);
                    if let OrderNumbers::InMemory(numbers) = &mut self.memory.orders {
                        numbers.put(&order.ext_id, next);
                    }
                    self.touched.push(records[i]);
                    newest = newest.max(order.at);
                    self.tally.inserted += 1;
                    next += 1;
                }
            }
        }
        self.conn.insert_many("orders", &COLUMNS, &rows)?;
        self.conn.insert_many("lines", &LINE_COLUMNS, &lines)?;
        for i in changed {
            if let Some(known) = known[i] {
                self.replace(known, orders[i], records[i], sets[i], fingerprints[i])?;
                newest = newest.max(orders[i].at);
            }
        }
        latest(self.conn, newest)
    }

    /// What the table has of each, by its index or, in a bulk load, by what this session wrote.
    fn known(&mut self, orders: &[&Order]) -> Result<Vec<Option<Known>>> {
        let mut known = vec![None; orders.len()];
        let read = |row: &crate::db::Row<'_>| -> Result<Known> {
            let counted = counted(row.int(3)?, row.int(4)?);
            Ok(Known { id: row.int(0)?, fingerprint: row.int(1)?, record: row.int(2)?, counted })
        };
        match &self.memory.orders {
            OrderNumbers::InTable => {
                let ids: Vec<&str> = orders.iter().map(|o| o.ext_id.as_str()).collect();
                self.conn.lookup(&BY_EXT_ID, self.memory.source, &ids, |place, row| {
                    known[place] = Some(read(row)?);
                    Ok(())
                })?;
            }
            OrderNumbers::InMemory(numbers) => {
                let sql = format!("SELECT {KNOWN} FROM orders t WHERE t.id = ?1 AND t.ext_id = ?2");
                for (order, known) in orders.iter().zip(&mut known) {
                    if let Some(candidate) = numbers.candidate(&order.ext_id) {
                        *known = self.conn.one(&sql, params![candidate, &order.ext_id], read)?;
                    }
                }
            }
        }
        Ok(known)
    }

    fn replace(
        &mut self,
        known: Known,
        order: &Order,
        record: i64,
        set: i64,
        fingerprint: i64,
    ) -> Result<()> {
        let mut row = Vec::with_capacity(COLUMNS.len());
        push_order(&mut row, known.id, order, record, set, fingerprint, self.memory.source, self.import);
        let assign: Vec<String> =
            COLUMNS.iter().enumerate().skip(1).map(|(i, column)| format!("{column} = ?{}", i + 1)).collect();
        self.conn.exec(&format!("UPDATE orders SET {} WHERE id = ?1", assign.join(", ")), &row)?;
        self.conn.exec("DELETE FROM lines WHERE order_id = ?1", params![known.id])?;
        let mut lines = Vec::new();
        push_lines(&mut lines, known.id, &order.lines);
        self.conn.insert_many("lines", &LINE_COLUMNS, &lines)?;
        self.touched.extend([record, known.record]);
        self.tally.updated += 1;
        if known.counted && !(counts(order) && record == known.record) {
            self.ordered_anew(known.record)?;
        }
        Ok(())
    }

    /// An order of this record ceased to count: does another?
    fn ordered_anew(&mut self, record: i64) -> Result<()> {
        let sql = "SELECT COUNT(*) FROM orders WHERE record = ?1 AND kind <> ?2 AND standing <= ?3";
        let left = self
            .conn
            .number(sql, params![record, OrderKind::Refund as i64, model::Standing::Pending as i64])?;
        if left == 0 {
            let sql = format!("UPDATE records SET bits = bits & ~{} WHERE id = ?1", bits::ORDERED);
            self.conn.exec(&sql, params![record])?;
        }
        self.memory.people.clear(); // it remembers who ordered
        Ok(())
    }

    /// The set of categories of each order, numbered; a line without one takes its product's.
    fn sets(&mut self, orders: &[&Order]) -> Result<Vec<i64>> {
        let mut sets = vec![0; orders.len()];
        for (order, set) in orders.iter().zip(&mut sets).filter(|(o, _)| !o.lines.is_empty()) {
            if self.memory.products.is_none() {
                self.memory.products = Some(product_categories(self.conn)?);
            }
            let products = self.memory.products.as_ref();
            let names = names_of(order.lines.iter().map(|l| (l.category.as_str(), l.sku.as_str())), products);
            *set = set_number(self.conn, &mut self.memory.category_sets, names)?;
        }
        Ok(sets)
    }
}

/// Sorted, each once.
fn names_of<'l>(
    lines: impl Iterator<Item = (&'l str, &'l str)>,
    products: Option<&'l HashMap<String, String>>,
) -> Vec<&'l str> {
    let mut names: Vec<&str> = lines
        .map(|(category, sku)| match category {
            "" => products.and_then(|p| p.get(sku)).map_or("", String::as_str),
            own => own,
        })
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn set_number(conn: &mut Conn, known: &mut HashMap<String, i64>, names: Vec<&str>) -> Result<i64> {
    if names.is_empty() {
        return Ok(0);
    }
    let text = serde_json::to_string(&names)?;
    if let Some(&id) = known.get(&text) {
        return Ok(id);
    }
    let id = settings::next_id(conn, "category_sets")?;
    conn.exec("INSERT INTO category_sets (id, names) VALUES (?1, ?2)", params![id, text.as_str()])?;
    known.insert(text, id);
    Ok(id)
}

fn product_categories(conn: &mut Conn) -> Result<HashMap<String, String>> {
    let sql = "SELECT sku, category FROM products WHERE category <> '' AND sku <> ''";
    Ok(conn.all(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?.into_iter().collect())
}

/// After a change in the product master: the sets of all orders with lines that have no category
/// of their own. Reads every such line, which is rare and takes seconds at most per million.
pub(super) fn categories_anew(conn: &mut Conn) -> Result<()> {
    let products = product_categories(conn)?;
    let known =
        conn.all("SELECT names, id FROM category_sets", &[], |row| Ok((row.text(0)?, row.int(1)?)))?;
    let mut known: HashMap<String, i64> = known.into_iter().collect();
    let mut texts: Vec<Vec<String>> = Vec::new();
    let mut wanted: Vec<(i64, u32)> = Vec::new();
    let mut seen: HashMap<Vec<String>, u32> = HashMap::new();
    let mut of_order: (i64, Vec<(String, String)>) = (0, vec![]);
    let mut close = |order: i64, lines: &[(String, String)]| {
        let names = names_of(lines.iter().map(|(c, s)| (c.as_str(), s.as_str())), Some(&products));
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let place = *seen.entry(names.clone()).or_insert_with(|| {
            texts.push(names);
            texts.len() as u32 - 1
        });
        wanted.push((order, place));
    };
    conn.each("SELECT order_id, category, sku FROM lines ORDER BY order_id, place", &[], |row| {
        let order = row.int(0)?;
        if order != of_order.0 {
            close(of_order.0, &of_order.1);
            of_order = (order, vec![]);
        }
        of_order.1.push((row.text(1)?, row.text(2)?));
        Ok(())
    })?;
    close(of_order.0, &of_order.1);
    let sets =
        texts.iter().map(|names| set_number(conn, &mut known, names.iter().map(String::as_str).collect()));
    let sets: Vec<i64> = sets.collect::<Result<_>>()?;
    let mut touched = Vec::new();
    for (order, place) in wanted {
        let sql = "UPDATE orders SET category_set = ?2 WHERE id = ?1 AND category_set <> ?2";
        if conn.exec(sql, params![order, sets[place as usize]])? > 0 {
            touched.push(order);
        }
    }
    let mut records = Vec::new();
    conn.each_of("SELECT DISTINCT record FROM orders WHERE id IN ({ids})", &touched, |row| {
        records.push(row.int(0)?);
        Ok(())
    })?;
    crate::changes::note_records(conn, &records)
}

/// Keeps the time of the newest order, so that nobody has to look for it among ten million.
fn latest(conn: &mut Conn, at: i64) -> Result<()> {
    let known = settings::get(conn, crate::lists::LATEST)?.and_then(|t| t.parse::<i64>().ok());
    if at != 0 && known.is_none_or(|known| at > known) {
        settings::put(conn, crate::lists::LATEST, &at.to_string())?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one row, field by field, in the order of COLUMNS")]
fn push_order<'o>(
    rows: &mut Vec<V<'o>>,
    id: i64,
    o: &'o Order,
    record: i64,
    set: i64,
    fingerprint: i64,
    source: i64,
    import: i64,
) {
    let money = |m: Option<model::Money>| m.map(|m| m.0);
    let (kind, standing) = (o.kind as i64, o.standing as i64);
    rows.extend_from_slice(params![id, record, o.day, kind, standing, o.gift, o.total.0, o.refunded.0, set]);
    rows.extend_from_slice(params![
        money(o.goods),
        money(o.points),
        source,
        &o.ext_id,
        o.at,
        fingerprint,
        import
    ]);
    rows.extend_from_slice(params![money(o.shipping), money(o.tax), money(o.discount), o.shipped]);
    rows.extend_from_slice(params![o.medium.as_deref(), o.refund_of.as_deref()]);
}

fn push_lines<'o>(rows: &mut Vec<V<'o>>, order: i64, lines: &'o [Line]) {
    for (place, l) in lines.iter().enumerate() {
        rows.extend_from_slice(params![order, place, &l.name, &l.sku, &l.category, l.quantity, l.price.0]);
    }
}

/// An order's numbers back from columns 0..: see `crate::person`.
pub(crate) fn kind_and_standing(kind: i64, standing: i64) -> Result<(OrderKind, model::Standing)> {
    use model::Standing::*;
    let kinds = [OrderKind::Sale, OrderKind::Refund, OrderKind::Invoice];
    let standings = [Completed, Pending, Cancelled, Returned, Checkout];
    let at = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    match (kinds.get(at(kind)), standings.get(at(standing))) {
        (Some(&kind), Some(&standing)) => Ok((kind, standing)),
        _ => Err(Error::Content(format!("order kind {kind}, standing {standing}"))),
    }
}
