//! Takes what a file says, chunk by chunk, each chunk one durable transaction.

mod facts;
mod orders;
mod others;
mod own;
mod people;
mod seen;
mod statements;
mod who;

pub(crate) use orders::kind_and_standing;
pub(crate) use people::known_by;

use crate::db::{Conn, Db, ImportLock, params};
use crate::{Error, Result, Store, changes, orders_index, settings};
use model::{Day, Item, Kind};
use seen::{OrderNumbers, PeopleCache};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// A file that is about to be imported.
#[derive(Clone, PartialEq, Debug)]
pub struct NewImport {
    /// As the operator named it.
    pub path: String,
    /// `eccube`, `shopify` ...: ids in the file are unique within it.
    pub source: String,
    pub kind: Kind,
    pub encoding: String,
    /// Unix seconds.
    pub at: i64,
    /// The day of `at` in the shop's zone.
    pub today: Day,
}

/// What an import came to, kept for the list of imports.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    pub rows: u64,
    pub orders: u64,
    pub customers: u64,
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub rejects_file: Option<String>,
    pub warnings: Vec<String>,
}

/// An import as it is remembered.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportRow {
    pub id: i64,
    pub at: i64,
    pub path: String,
    pub source: String,
    pub kind: Kind,
    pub encoding: String,
    /// Ended before its end: killed or failed. What it had written holds; importing the file
    /// again completes it.
    pub interrupted: bool,
    /// `None` while it runs and when it was interrupted.
    pub summary: Option<Summary>,
}

/// What one chunk did. Every item is in exactly one of the first three or in `refused`.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// New customers, orders' buyers included.
    pub customers: u64,
    /// Place in the chunk and the reason why it could not be taken.
    pub refused: Vec<(usize, String)>,
}

/// A running import: the only one on its database.
pub struct ImportSession {
    db: Arc<Db>,
    /// Freed when the session is dropped, or its process dies.
    _lock: ImportLock,
    new: NewImport,
    id: i64,
    memory: Memory,
    /// After an error what is remembered may be untrue.
    broken: bool,
    finished: bool,
}

/// What a session remembers between chunks so as not to ask the database again.
struct Memory {
    source: i64,
    people: PeopleCache,
    orders: OrderNumbers,
    category_sets: HashMap<String, i64>,
    /// Category by sku; read when the first order with lines comes.
    products: Option<HashMap<String, String>>,
    /// A product changed its category: sets of categories are made anew at the end.
    products_changed: bool,
}

/// One transaction at work.
struct Write<'a> {
    conn: &'a mut Conn,
    memory: &'a mut Memory,
    new: &'a NewImport,
    import: i64,
    tally: Tally,
    /// Records whose events changed.
    touched: Vec<i64>,
    /// Anybody's may have: a product lasts another time.
    everyone: bool,
}

impl Store {
    /// Begins an import; `Busy` while another runs. One that was killed is marked interrupted.
    pub fn begin_import(&self, new: &NewImport) -> Result<ImportSession> {
        let lock = ImportLock::take(&self.db)?;
        orders_index::restore(&self.db)?;
        let (id, memory) = self.db.write(|conn| {
            conn.exec("UPDATE imports SET state = 'interrupted' WHERE state = 'running'", &[])?;
            let source = source_id(conn, &new.source)?;
            let id = settings::next_id(conn, "imports")?;
            conn.exec(
                "INSERT INTO imports (id, path, source, kind, encoding, at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'running')",
                params![id, &new.path, source, new.kind.word(), &new.encoding, new.at],
            )?;
            Ok((id, memory(conn, source, new.kind)?))
        })?;
        let db = self.db.clone();
        Ok(ImportSession { db, _lock: lock, new: new.clone(), id, memory, broken: false, finished: false })
    }

    /// Past imports and the running one, newest first.
    pub fn imports(&self, limit: usize) -> Result<Vec<ImportRow>> {
        self.db.read(|conn| {
            let sql = "SELECT i.id, i.at, i.path, s.name, i.kind, i.encoding, i.state, i.summary
                       FROM imports i JOIN sources s ON s.id = i.source ORDER BY i.id DESC LIMIT ?1";
            conn.all(sql, params![limit], |row| {
                let kind = row.text(4)?;
                let summary = row.opt_text(7)?;
                Ok(ImportRow {
                    id: row.int(0)?,
                    at: row.int(1)?,
                    path: row.text(2)?,
                    source: row.text(3)?,
                    kind: Kind::from_word(&kind).ok_or(Error::Content(format!("kind {kind}")))?,
                    encoding: row.text(5)?,
                    interrupted: row.text(6)? == "interrupted",
                    summary: summary.map(|text| serde_json::from_str(&text)).transpose()?,
                })
            })
        })
    }
}

fn memory(conn: &mut Conn, source: i64, kind: Kind) -> Result<Memory> {
    let sets = conn.all("SELECT names, id FROM category_sets", &[], |row| Ok((row.text(0)?, row.int(1)?)))?;
    let has_orders = matches!(kind, Kind::Orders | Kind::Invoices);
    let empty = conn.number("SELECT MAX(id) FROM orders", &[])? == 0;
    let orders = if has_orders && empty {
        orders_index::drop_for_bulk(conn)?;
        OrderNumbers::in_memory()
    } else {
        OrderNumbers::InTable
    };
    Ok(Memory {
        source,
        people: PeopleCache::default(),
        orders,
        category_sets: sets.into_iter().collect(),
        products: None,
        products_changed: false,
    })
}

fn source_id(conn: &mut Conn, name: &str) -> Result<i64> {
    let known = conn.one("SELECT id FROM sources WHERE name = ?1", params![name], |row| row.int(0))?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = settings::next_id(conn, "sources")?;
    conn.exec("INSERT INTO sources (id, name) VALUES (?1, ?2)", params![id, name])?;
    Ok(id)
}

impl ImportSession {
    /// The number of this import.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Writes a chunk (some thousand items): all of it or, on an error, nothing. After an error
    /// the session takes no more.
    pub fn write(&mut self, items: &[Item]) -> Result<Tally> {
        if self.broken {
            return Err(Error::Refused("this import failed and must be begun anew".to_owned()));
        }
        let ImportSession { db, memory, new, id, .. } = self;
        let written = db.write(|conn| {
            if memory.orders.is_full() {
                orders_index::create(conn)?;
                memory.orders = OrderNumbers::InTable;
            }
            let (tally, touched) = (Tally::default(), Vec::new());
            let mut write = Write { conn, memory, new, import: *id, tally, touched, everyone: false };
            write.all(items)?;
            let Write { tally, mut touched, everyone, .. } = write;
            touched.sort_unstable();
            touched.dedup();
            if everyone {
                changes::note_all(conn)?;
            }
            changes::note_records(conn, &touched)?;
            Ok(tally)
        });
        self.broken = written.is_err();
        written
    }

    /// Ends the import: indexes, the summary, everything synced to disk.
    pub fn finish(mut self, summary: &Summary) -> Result<()> {
        let text = serde_json::to_string(summary)?;
        self.memory.orders = OrderNumbers::InTable; // sorting the index needs the room
        orders_index::restore(&self.db)?;
        let (id, again) = (self.id, self.memory.products_changed);
        self.db.write(|conn| {
            if again {
                orders::categories_anew(conn)?;
            }
            conn.exec(
                "UPDATE imports SET state = 'finished', summary = ?2 WHERE id = ?1",
                params![id, text.as_str()],
            )?;
            Ok(())
        })?;
        self.finished = true;
        let big = summary.inserted + summary.updated > 10_000;
        let sqlite = if big {
            "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);"
        } else {
            "PRAGMA wal_checkpoint(PASSIVE);"
        };
        self.db.maintain(sqlite, if big { "ANALYZE" } else { "" })
    }
}

impl Drop for ImportSession {
    /// An import that failed leaves the database as usable as it was; so would the next start.
    fn drop(&mut self) {
        if !self.finished {
            let _ = orders_index::restore(&self.db);
        }
    }
}

impl Write<'_> {
    /// Runs of orders and of records go in bulk; a thing named twice begins a new run, so that
    /// the later one finds the earlier one written.
    fn all(&mut self, items: &[Item]) -> Result<()> {
        let mut rest = 0;
        let mut seen = crate::hash::HashedSet::default();
        while rest < items.len() {
            seen.clear();
            let bulk = |item: &Item| match item {
                Item::Order(order) => Some((0, crate::hash::text(&order.ext_id))),
                Item::Record(record) => Some((1, crate::hash::text(&record.ext_id))),
                _ => None,
            };
            let Some((kind, _)) = items.get(rest).and_then(bulk) else {
                self.other(rest, &items[rest])?;
                rest += 1;
                continue;
            };
            let fits = |item: &&Item| bulk(item).is_some_and(|(k, hash)| k == kind && seen.insert(hash));
            let run = items[rest..].iter().take_while(fits).count();
            let run_items = &items[rest..rest + run];
            match kind {
                0 => {
                    let orders = run_items
                        .iter()
                        .filter_map(|i| if let Item::Order(o) = i { Some(&**o) } else { None });
                    self.orders(&orders.collect::<Vec<_>>())?;
                }
                _ => {
                    let records = run_items
                        .iter()
                        .filter_map(|i| if let Item::Record(r) = i { Some(&**r) } else { None });
                    self.records(&records.collect::<Vec<_>>())?;
                }
            }
            rest += run;
        }
        Ok(())
    }
}
