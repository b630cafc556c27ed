//! How long the goods of an order last: quantity times the product master's days per unit.

use crate::Result;
use crate::db::{Conn, Row};
use crate::hash;
use model::{Day, Event, EventKind};
use std::collections::HashMap;

/// Nothing lasts longer than a hundred years, whatever a file says.
const LONGEST: f64 = 36_500.0;

/// What of an order decides whether it counts.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub record: i64,
    pub day: Day,
    pub kind: i64,
    pub standing: i64,
    pub total: i64,
    pub points: i64,
}

/// Lines come order by order. Gifts are used up elsewhere (M159).
const LINES: &str = "SELECT o.id, o.record, o.day, o.kind, o.standing, o.total, o.points, l.quantity, l.sku
     FROM orders o JOIN lines l ON l.order_id = o.id
     WHERE o.gift = 0 AND l.sku IN (SELECT sku FROM products WHERE days_per_unit > 0)";

/// A product that lasts.
#[derive(Clone, Copy)]
struct Lasting {
    /// Stands for the product in an event; never 0.
    code: u32,
    /// Of one piece.
    days: f64,
}

/// One `Supply` for each order that `owner` (who says its customer) lets count, and each product
/// on it that lasts; of all records or of these. Nothing is read where no product lasts.
pub(crate) fn supplies(
    conn: &mut Conn,
    records: &Option<Vec<i64>>,
    mut owner: impl FnMut(&Head) -> Option<i64>,
    each: &mut dyn FnMut(Event),
) -> Result<()> {
    let products = lasting(conn)?;
    if products.is_empty() {
        return Ok(());
    }
    let mut order: Option<(i64, Head)> = None;
    let mut goods: Vec<(Lasting, i64)> = Vec::new();
    let mut close = |order: Option<(i64, Head)>, goods: &mut Vec<(Lasting, i64)>| {
        let customer = order.and_then(|(_, head)| Some((owner(&head)?, head.day)));
        for (product, quantity) in goods.drain(..) {
            if let Some((customer, day)) = customer.filter(|_| quantity > 0) {
                let days = (quantity as f64 * product.days).round().clamp(1.0, LONGEST);
                let (kind, value) = (EventKind::Supply, days as i64);
                each(Event { customer, day, kind, value, categories: product.code });
            }
        }
    };
    let mut line = |row: &Row<'_>| -> Result<()> {
        let Some(&product) = products.get(row.str(8)?) else { return Ok(()) };
        let id = row.int(0)?;
        if order.is_none_or(|(last, _)| last != id) {
            close(order, &mut goods);
            order = Some((id, head(row)?));
        }
        let quantity = row.int(7)?;
        match goods.iter_mut().find(|g| g.0.code == product.code) {
            Some(known) => known.1 = known.1.saturating_add(quantity),
            None => goods.push((product, quantity)),
        }
        Ok(())
    };
    match records {
        None => conn.each(&format!("{LINES} ORDER BY o.id"), &[], &mut line)?,
        Some(records) => {
            conn.each_of(&format!("{LINES} AND o.record IN ({{ids}}) ORDER BY o.id"), records, &mut line)?;
        }
    }
    close(order, &mut goods);
    Ok(())
}

fn head(row: &Row<'_>) -> Result<Head> {
    Ok(Head {
        record: row.int(1)?,
        day: row.day(2)?,
        kind: row.int(3)?,
        standing: row.int(4)?,
        total: row.int(5)?,
        points: row.opt_int(6)?.unwrap_or(0),
    })
}

/// By sku.
fn lasting(conn: &mut Conn) -> Result<HashMap<String, Lasting>> {
    let sql = "SELECT sku, days_per_unit FROM products WHERE days_per_unit > 0 AND sku <> ''";
    let rows = conn.all(sql, &[], |row| Ok((row.text(0)?, row.opt_real(1)?.unwrap_or(0.0))))?;
    let product = |(sku, days): (String, f64)| {
        let code = (hash::text(&sku) as u32).max(1);
        (sku, Lasting { code, days })
    };
    Ok(rows.into_iter().filter(|(_, days)| days.is_finite()).map(product).collect())
}
