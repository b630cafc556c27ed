//! What lists need: names for numbers, searching, products, the newest order.

use crate::db::{Conn, params};
use crate::identity::{STORED, stored_row};
use crate::{Result, Store, address, fold, settings};
use model::Product;
use std::collections::HashMap;

/// Setting that holds the time of the newest order.
pub(crate) const LATEST: &str = "latest_order";

/// How a list names a customer.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Label {
    pub customer: i64,
    /// As typed; empty when no record has one.
    pub name: String,
    pub company: Option<String>,
    pub prefecture: Option<String>,
    /// (source, id there), by record.
    pub source_ids: Vec<(String, String)>,
}

impl Store {
    /// Labels in the order asked for; an unknown customer's has no `source_ids`.
    pub fn labels(&self, customers: &[i64]) -> Result<Vec<Label>> {
        let mut known: HashMap<i64, Label> = HashMap::with_capacity(customers.len());
        self.db.read(|conn| {
            conn.each_of(&format!("{STORED} WHERE r.customer IN ({{ids}}) ORDER BY r.id"), customers, |row| {
                let one = stored_row(row)?;
                let label = known.entry(one.customer).or_default();
                if label.name.is_empty() {
                    label.name = one.record.name.full();
                }
                label.company = label.company.take().or(one.record.company);
                label.prefecture = label.prefecture.take().or(one.record.prefecture);
                label.source_ids.push((one.source, one.record.ext_id));
                Ok(())
            })
        })?;
        let label = |&customer: &i64| Label { customer, ..known.get(&customer).cloned().unwrap_or_default() };
        Ok(customers.iter().map(label).collect())
    }

    /// Customers by their number, an id in a source, a whole mail address or telephone number, or
    /// the beginning of a name, its reading or a company; the surest first.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<i64>> {
        let text = text.trim();
        let mut found: Vec<i64> = Vec::new();
        if text.is_empty() {
            return Ok(found);
        }
        self.db.read(|conn| {
            if let Ok(number) = text.parse::<i64>() {
                let sql = "SELECT customer FROM records WHERE id = ?1";
                found.extend(conn.all(sql, params![number], |row| row.int(0))?);
            }
            let sql = "SELECT customer FROM records WHERE source IN (SELECT id FROM sources) AND ext_id = ?1 LIMIT ?2";
            found.extend(conn.all(sql, params![text, limit], |row| row.int(0))?);
            if let Some(key) = address::key(text) {
                let sql = "SELECT r.customer FROM match_keys k JOIN records r ON r.id = k.record WHERE k.key = ?1 LIMIT ?2";
                found.extend(conn.all(sql, params![key.0, limit], |row| row.int(0))?);
            }
            let from = fold::fold(text);
            let to = format!("{from}{}", char::MAX);
            // More than asked for: several records of one customer may match.
            let sql = "SELECT r.customer FROM names n JOIN records r ON r.id = n.record
                       WHERE n.folded >= ?1 AND n.folded < ?2 ORDER BY n.folded, n.record LIMIT ?3";
            found.extend(conn.all(sql, params![&from, &to, limit * 3], |row| row.int(0))?);
            Ok(())
        })?;
        let mut seen = std::collections::HashSet::new();
        found.retain(|customer| seen.insert(*customer));
        found.truncate(limit);
        Ok(found)
    }

    /// How many products there are, and a page of them by sku.
    pub fn products(&self, offset: usize, limit: usize) -> Result<(u64, Vec<Product>)> {
        self.db.read(|conn| {
            let count = conn.number("SELECT COUNT(*) FROM products", &[])?;
            let sql = "SELECT sku, name, category, days_per_unit, margin, successor, sensitive FROM products
                       ORDER BY sku LIMIT ?1 OFFSET ?2";
            let page = conn.all(sql, params![limit, offset], |row| {
                Ok(Product {
                    sku: row.text(0)?,
                    name: row.text(1)?,
                    category: row.text(2)?,
                    days_per_unit: row.opt_real(3)?,
                    margin: row.opt_real(4)?,
                    successor: row.text(5)?,
                    sensitive: row.bool(6)?,
                })
            })?;
            Ok((count as u64, page))
        })
    }

    /// Unix seconds of the newest order; `None` without orders.
    pub fn latest_order(&self) -> Result<Option<i64>> {
        let text = self.db.read(|conn| settings::get(conn, LATEST))?;
        Ok(text.and_then(|t| t.parse().ok()))
    }
}

pub(crate) fn category_sets(conn: &mut Conn) -> Result<Vec<Vec<String>>> {
    let mut sets = Vec::new();
    let rows = conn
        .all("SELECT id, names FROM category_sets ORDER BY id", &[], |row| Ok((row.int(0)?, row.text(1)?)))?;
    for (id, names) in rows {
        sets.resize(usize::try_from(id).unwrap_or(0), Vec::new());
        sets.push(serde_json::from_str(&names)?);
    }
    Ok(sets)
}
