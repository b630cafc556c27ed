//! What goes with what, what somebody has, and what they do not want.

use crate::db::{V, params};
use crate::{Error, Result, Store, settings};
use std::collections::{BTreeMap, BTreeSet};

/// Setting that holds when pairs were last counted.
const COUNTED: &str = "pairs_counted";
/// Orders that brought something: sales, delivered or on their way; no gifts.
const BROUGHT: &str = "o.kind = 0 AND o.standing <= 1 AND o.gift = 0 AND l.sku <> ''";

/// Two products that the same customers bought.
#[derive(Clone, PartialEq, Debug)]
pub struct GoodsPair {
    pub a: String,
    pub b: String,
    pub both: u64,
    pub confidence: f64,
    pub lift: f64,
}

/// What somebody bought, and what they do not want.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct GoodsHad {
    /// The latest first, each once.
    pub had: Vec<String>,
    /// Sent back, refused, or not to be offered.
    pub unwanted: BTreeSet<String>,
}

impl Store {
    /// Everybody's products, one customer's after the other: customer, product, its name. A product comes as
    /// often as it was bought.
    pub fn each_product_bought(&self, each: &mut dyn FnMut(i64, &str, &str)) -> Result<()> {
        let sql = format!(
            "SELECT r.customer, l.sku, l.name FROM orders o JOIN records r ON r.id = o.record
             JOIN lines l ON l.order_id = o.id WHERE {BROUGHT} ORDER BY r.customer"
        );
        self.db.read(|conn| {
            conn.each(&sql, &[], |row| {
                each(row.int(0)?, row.str(1)?, row.str(2)?);
                Ok(())
            })
        })
    }

    /// The number of the last import.
    pub fn imports_known(&self) -> Result<i64> {
        self.db.read(|conn| conn.number("SELECT MAX(id) FROM imports", &[]))
    }

    /// About how many orders there are.
    pub fn orders_known(&self) -> Result<u64> {
        Ok(self.db.read(|conn| conn.number("SELECT MAX(id) FROM orders", &[]))?.unsigned_abs())
    }

    /// Keeps what was counted in place of what was.
    pub fn keep_pairs(&self, pairs: &[GoodsPair], names: &BTreeMap<String, String>, at: i64) -> Result<()> {
        self.db.write(|conn| {
            conn.batch("DELETE FROM goods_pairs; DELETE FROM goods_names")?;
            let rows: Vec<V<'_>> = pairs
                .iter()
                .flat_map(|p| {
                    let both = i64::try_from(p.both).unwrap_or(i64::MAX);
                    [
                        V::from(&p.a),
                        V::from(&p.b),
                        V::from(both),
                        V::from(Some(p.confidence)),
                        V::from(Some(p.lift)),
                    ]
                })
                .collect();
            conn.insert_many("goods_pairs", &["a", "b", "bought_both", "confidence", "lift"], &rows)?;
            let rows: Vec<V<'_>> =
                names.iter().flat_map(|(sku, name)| [V::from(sku), V::from(name)]).collect();
            conn.insert_many("goods_names", &["sku", "name"], &rows)?;
            settings::put(conn, COUNTED, &at.to_string())
        })
    }

    /// When pairs were last counted, Unix seconds.
    pub fn pairs_counted(&self) -> Result<Option<i64>> {
        let text = self.db.read(|conn| settings::get(conn, COUNTED))?;
        Ok(text.and_then(|t| t.parse().ok()))
    }

    /// Every pair, and the names of their products.
    pub fn goods_pairs(&self) -> Result<(Vec<GoodsPair>, BTreeMap<String, String>)> {
        self.db.read(|conn| {
            let pairs = conn.all(
                "SELECT a, b, bought_both, confidence, lift FROM goods_pairs ORDER BY a, confidence DESC, b",
                &[],
                |row| {
                    Ok(GoodsPair {
                        a: row.text(0)?,
                        b: row.text(1)?,
                        both: row.int(2)?.unsigned_abs(),
                        confidence: row.opt_real(3)?.unwrap_or(0.0),
                        lift: row.opt_real(4)?.unwrap_or(0.0),
                    })
                },
            )?;
            let names =
                conn.all("SELECT sku, name FROM goods_names", &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
            Ok((pairs, names.into_iter().collect()))
        })
    }

    /// What these people bought, the latest first; and what they sent back, refused or do not want to be offered.
    pub fn goods_of(&self, people: &[i64]) -> Result<BTreeMap<i64, GoodsHad>> {
        let mut all: BTreeMap<i64, GoodsHad> = BTreeMap::new();
        self.db.read(|conn| {
            // Completed and pending are had; what was sent back, refused or paid back is not wanted again.
            let sql = "SELECT r.customer, l.sku, o.standing, o.refunded FROM records r JOIN orders o ON o.record = r.id
                       JOIN lines l ON l.order_id = o.id WHERE o.kind = 0 AND o.gift = 0 AND l.sku <> ''
                       AND r.customer IN ({ids}) ORDER BY o.day DESC, o.id DESC";
            conn.each_of(sql, people, |row| {
                let GoodsHad { had, unwanted } = all.entry(row.int(0)?).or_default();
                let (sku, standing, refunded) = (row.text(1)?, row.int(2)?, row.int(3)?);
                if standing <= 1 && !had.contains(&sku) {
                    had.push(sku.clone());
                }
                if refunded > 0 || standing == SENT_BACK || standing == REFUSED {
                    unwanted.insert(sku);
                }
                Ok(())
            })?;
            let sql = "SELECT r.customer, g.sku FROM records r JOIN goods_refused g ON g.record = r.id
                       WHERE r.customer IN ({ids})";
            conn.each_of(sql, people, |row| {
                all.entry(row.int(0)?).or_default().unwanted.insert(row.text(1)?);
                Ok(())
            })
        })?;
        Ok(all)
    }

    /// A customer does not want to be offered a product.
    pub fn refuse_goods(&self, customer: i64, sku: &str, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            if conn.number("SELECT COUNT(*) FROM records WHERE id = ?1", params![customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: customer });
            }
            let sql = "INSERT INTO goods_refused (record, sku, made_by, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
            conn.exec(sql, params![customer, sku, by, at]).map(drop)
        })
    }
}

const SENT_BACK: i64 = model::Standing::Returned as i64;
const REFUSED: i64 = model::Standing::Refused as i64;
