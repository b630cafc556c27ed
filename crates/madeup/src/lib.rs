//! In: how many customers, a seed and a day.
//! Out: the files that a shop of that size would export, and beside them what is true of it.
//! Never: a real person, the clock, or all customers in memory at once.

mod answers;
mod demo;
mod dice;
mod eccube;
mod gateway;
mod goods;
mod life;
mod lists;
mod names;
mod order;
mod person;
mod places;
mod plain;
mod postbox;
mod sheet;
mod shopify;
mod sink;
mod truth;

pub use answers::{Answer, Answers, links};
pub use demo::Demo;
pub use eccube::{CUSTOMER_HEADER as ECCUBE_CUSTOMERS, ORDER_HEADER as ECCUBE_ORDERS};
pub use gateway::{Counted, LineGateway, LineTemper, Mishap, Mishaps, ReportTemper, SmsGateway, SmsTemper};
pub use life::Behaviour;
pub use postbox::Postbox;
pub use shopify::{CUSTOMER_HEADER as SHOPIFY_CUSTOMERS, ORDER_HEADER as SHOPIFY_ORDERS};
pub use sink::{Accepted, Fault, Keep, Phase, Sink, Temper, What};
pub use truth::Tally;

use demo::named;
use eccube::Eccube;
use life::Life;
use model::Day;
use order::Order;
use person::Person;
use plain::Plain;
use shopify::Shopify;
use std::io;
use std::path::{Path, PathBuf};
use truth::Truth;

/// Orders per customer where nothing else is asked for.
pub const ORDERS_PER_CUSTOMER: f64 = 10.0;

/// A made-up mail-order shop. The same three values make the same files, byte for byte, and
/// customer number i is the same in a small shop and in a large one.
#[derive(Clone, Copy, Debug)]
pub struct Shop {
    pub customers: u64,
    pub seed: u64,
    /// The last day of the books; they begin five years earlier.
    pub today: Day,
}

/// Whose export the files look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// EC-CUBE 4's 会員CSV and 受注CSV.
    Eccube,
    /// Shopify's customers and orders.
    Shopify,
    /// `order,customer,ordered_at,total` with a map: only customers who ordered, only orders
    /// that happened.
    OrdersCsv,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Files to import, customers before orders. `truth.csv` and `truth.json` lie beside them.
    pub files: Vec<PathBuf>,
    /// Persons in the files.
    pub customers: u64,
    /// Orders in the files, whatever became of them, malformed ones included.
    pub orders: u64,
    /// The column map that the files need, if any.
    pub map: Option<PathBuf>,
    /// What counts of it.
    pub counted: Tally,
}

impl Shop {
    /// Writes the whole shop in one format into the folder `out`, made if need be, with about ten
    /// orders per customer. Memory does not grow with the number of customers.
    pub fn write(&self, format: Format, out: &Path) -> io::Result<Written> {
        self.write_with(format, out, ORDERS_PER_CUSTOMER)
    }

    /// As `write`, with another number of orders per customer (roughly; at least 1).
    pub fn write_with(&self, format: Format, out: &Path, orders_per_customer: f64) -> io::Result<Written> {
        let pace = pace(orders_per_customer);
        std::fs::create_dir_all(out)?;
        match format {
            Format::Eccube => self.write_eccube(out, pace),
            Format::Shopify => self.write_shopify(out, pace),
            Format::OrdersCsv => self.write_plain(out, pace),
        }
    }

    fn write_eccube(&self, out: &Path, pace: f64) -> io::Result<Written> {
        let mut files = Eccube::create(out, self.seed, self.today)?;
        let mut truth = Truth::create(out)?;
        let mut orders = Vec::new();
        for index in 0..self.customers {
            let (person, life) = self.customer(index, pace, &mut orders);
            let known = files.put(&person, &life, &orders)?;
            truth.put(Some(&person), index, &life, &named(eccube::SOURCE, known))?;
        }
        let count = files.orders();
        self.close(truth, out, files.finish()?.into(), count, None)
    }

    fn write_shopify(&self, out: &Path, pace: f64) -> io::Result<Written> {
        let mut files = Shopify::create(out, self.seed, self.today)?;
        let mut truth = Truth::create(out)?;
        let mut orders = Vec::new();
        for index in 0..self.customers {
            let (person, life) = self.customer(index, pace, &mut orders);
            let person = person.with_own_mailbox();
            let known = files.put(&person, &life, &orders)?;
            truth.put(Some(&person), index, &life, &named(shopify::SOURCE, known))?;
        }
        let count = files.orders();
        self.close(truth, out, files.finish()?.into(), count, None)
    }

    fn write_plain(&self, out: &Path, pace: f64) -> io::Result<Written> {
        let mut files = Plain::create(out)?;
        let mut truth = Truth::create(out)?;
        let mut orders = Vec::new();
        for index in 0..self.customers {
            let life = Life::of(self.seed, index, self.today, pace, true);
            order::orders(self.seed, index, &life, self.today, &mut orders);
            let known = files.put(index, &life, &mut orders)?;
            truth.put(None, index, &life, &[(plain::SOURCE, known)])?;
        }
        let count = files.orders();
        let map = Some(out.join("orders.toml"));
        self.close(truth, out, vec![(files.finish()?, 0)], count, map)
    }

    fn customer(&self, index: u64, pace: f64, out: &mut Vec<Order>) -> (Person, Life) {
        let life = Life::of(self.seed, index, self.today, pace, false);
        order::orders(self.seed, index, &life, self.today, out);
        (Person::of(self.seed, index, self.today), life)
    }

    fn close(
        &self,
        mut truth: Truth,
        out: &Path,
        files: Vec<((String, u64), u64)>,
        orders: u64,
        map: Option<PathBuf>,
    ) -> io::Result<Written> {
        let paths = files.iter().map(|((name, _), _)| out.join(name)).collect();
        for (file, malformed) in files {
            truth.file(file, malformed);
        }
        let (customers, counted) = (truth.persons(), truth.total());
        truth.finish(out, self.seed, self.today)?;
        Ok(Written { files: paths, customers, orders, map, counted })
    }
}

/// Orders per customer at pace 1: those of one-timers and gifts, and those that a pace multiplies.
const UNPACED: f64 = 0.7;
const PACED: f64 = 10.25;

fn pace(orders_per_customer: f64) -> f64 {
    ((orders_per_customer - UNPACED) / PACED).max(0.05)
}
