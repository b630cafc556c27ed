//! `orders.csv`: one row per order, and the column map that explains it.

use crate::life::Life;
use crate::order::Order;
use crate::sheet::{Dialect, Row, Sheet};
use crate::truth::Identity;
use std::io;
use std::path::Path;

pub(crate) const SOURCE: &str = "shop";

/// Says to `import --map` which column is what.
const MAP: &str = "kind = \"orders\"\nsource = \"shop\"\n\n[columns]\norder = \"order\"\n\
customer = \"customer\"\nordered_at = \"ordered_at\"\ntotal = \"total\"\n";

/// The plain file: customers in blocks, each customer's orders by day. Only orders that
/// happened, for the file has no column to say otherwise; no malformed rows.
pub(crate) struct Plain {
    sheet: Sheet,
    row: Row,
    orders: u64,
}

impl Plain {
    pub fn create(out: &Path) -> io::Result<Plain> {
        let header = ["order", "customer", "ordered_at", "total"];
        std::fs::write(out.join("orders.toml"), MAP)?;
        let sheet = Sheet::create(out, "orders.csv", Dialect::Plain, &header)?;
        Ok(Plain { sheet, row: Row::default(), orders: 0 })
    }

    pub fn put(&mut self, index: u64, life: &Life, orders: &mut [Order]) -> io::Result<Identity> {
        let customer = format!("C{:08}", index + 1);
        let mut identity = Identity::new(customer.clone(), "", None);
        debug_assert_eq!(life.days.len(), orders.len());
        for order in orders {
            order.standing = model::Standing::Completed;
            self.orders += 1;
            let paid = order.without_fee();
            identity.count(order, paid);
            self.row.clear();
            let fields = [&format!("{}", self.orders), &customer, &order.day.to_string(), &paid.to_string()];
            Dialect::Plain.all(&mut self.row, &fields.map(String::as_str))?;
            self.sheet.write(&self.row)?;
        }
        Ok(identity)
    }

    /// Orders written so far.
    pub fn orders(&self) -> u64 {
        self.orders
    }

    pub fn finish(self) -> io::Result<(String, u64)> {
        self.sheet.finish()
    }
}
