//! The thin door to SQLite and PostgreSQL: one writer, a few readers, transactions.

mod conn;
mod copy;
mod lock;
mod value;

pub(crate) use conn::{Conn, Lookup, Pg};
pub(crate) use lock::ImportLock;
pub(crate) use value::{Row, V, params, without_nul};

use crate::{Error, Result};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Idle readers kept open.
const READERS: usize = 4;

/// Serialises writers over processes: change numbers must commit in order.
const WRITER_KEY: i64 = 0x6d65_7a61_6d65_0001;

/// Where the data is.
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<postgres::Config>),
}

/// Connections to one place.
pub(crate) struct Db {
    pub place: Place,
    writer: Mutex<Option<Conn>>,
    /// For what must not wait behind an import: opt-outs, the ledger.
    urgent: Mutex<Option<Conn>>,
    readers: Mutex<Vec<Conn>>,
}

impl Db {
    /// `sqlite:PATH` or `postgres://...`.
    pub fn open(url: &str) -> Result<Db> {
        let place = place(url)?;
        let db =
            Db { place, writer: Mutex::new(None), urgent: Mutex::new(None), readers: Mutex::new(Vec::new()) };
        *lock(&db.writer) = Some(db.connect()?);
        Ok(db)
    }

    /// Reads in one snapshot.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let idle = lock(&self.readers).pop();
        let mut conn = match idle {
            Some(conn) if conn.usable() => conn,
            _ => self.connect()?,
        };
        conn.batch(match conn {
            Conn::Sqlite(_) => "BEGIN",
            Conn::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        })?;
        let answer = f(&mut conn)?;
        conn.batch("COMMIT")?;
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(conn);
        }
        Ok(answer)
    }

    /// Writes in one transaction: all of it or nothing.
    pub fn write<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.transact(&self.writer, true, f)
    }

    /// The same on a connection of its own, so that it waits for one chunk of a bulk writer at most.
    pub fn write_now<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.transact(&self.urgent, true, f)
    }

    /// The same, and on PostgreSQL beside other writers: for rows that one process alone holds
    /// (a claimed touch) or that nobody else writes, and numbers that the database gives.
    pub fn write_beside<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        self.transact(&self.urgent, false, f)
    }

    fn transact<T>(
        &self,
        slot_of: &Mutex<Option<Conn>>,
        alone: bool,
        f: impl FnOnce(&mut Conn) -> Result<T>,
    ) -> Result<T> {
        let mut slot = lock(slot_of);
        // Taken out while in use: after an error or a panic the next writer starts with a fresh one.
        let mut conn = match slot.take() {
            Some(conn) if conn.usable() => conn,
            _ => self.connect()?,
        };
        if !std::ptr::eq(slot_of, &self.writer) {
            conn.hurry()?;
        }
        conn.batch(match conn {
            Conn::Sqlite(_) => "BEGIN IMMEDIATE",
            Conn::Postgres(_) => "BEGIN",
        })?;
        if alone && matches!(conn, Conn::Postgres(_)) {
            conn.each("SELECT pg_advisory_xact_lock(?1)", params![WRITER_KEY], |_| Ok(()))?;
        }
        let done = f(&mut conn);
        conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        *slot = Some(conn);
        done
    }

    /// Work on the writer's connection outside a transaction (checkpoints, VACUUM).
    pub fn maintain(&self, sqlite: &str, postgres: &str) -> Result<()> {
        let mut slot = lock(&self.writer);
        let conn = match &mut *slot {
            Some(conn) => conn,
            empty => empty.insert(self.connect()?),
        };
        let sql = if matches!(conn, Conn::Sqlite(_)) { sqlite } else { postgres };
        if sql.is_empty() { Ok(()) } else { conn.batch(sql) }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Sqlite(_))
    }

    fn connect(&self) -> Result<Conn> {
        match &self.place {
            Place::Sqlite(path) => open_sqlite(path).map(Conn::Sqlite),
            Place::Postgres(config) => {
                let mut client = config.connect(postgres::NoTls)?;
                client.batch_execute("SET client_min_messages = warning")?;
                Ok(Conn::Postgres(Pg::new(client)))
            }
        }
    }
}

impl Conn {
    /// A file that is locked is asked for every millisecond: SQLite's own waiting grows to a tenth
    /// of a second and misses the gaps between the chunks of a bulk writer.
    fn hurry(&mut self) -> Result<()> {
        if let Conn::Sqlite(conn) = self {
            conn.busy_handler(Some(|tries| {
                std::thread::park_timeout(std::time::Duration::from_millis(1));
                tries < 30_000
            }))?;
        }
        Ok(())
    }

    fn usable(&self) -> bool {
        match self {
            Conn::Sqlite(_) => true,
            Conn::Postgres(pg) => !pg.client.is_closed(),
        }
    }
}

impl Drop for Db {
    /// The PostgreSQL client waits for its farewell on a runtime of its own, which a thread of
    /// an async server may not do: another thread closes.
    fn drop(&mut self) {
        if self.is_sqlite() {
            return;
        }
        let writers = (lock(&self.writer).take(), lock(&self.urgent).take());
        let readers = std::mem::take(&mut *lock(&self.readers));
        let closing = std::thread::spawn(move || drop((writers, readers)));
        // A client that panics while closing has nothing left to lose.
        let _ = closing.join();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn place(url: &str) -> Result<Place> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return match path {
            "" => Err(Error::Address("the address sqlite: needs a path, as in sqlite:shop.db".to_owned())),
            path => Ok(Place::Sqlite(PathBuf::from(path))),
        };
    }
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(Error::Address(
            "the address of the database must begin with sqlite: or postgres://".to_owned(),
        ));
    }
    // The driver's own text may quote the address with its password.
    let config = postgres::Config::from_str(url).map_err(|_| {
        Error::Address(
            "the address of PostgreSQL cannot be read; write it as postgres://USER:PASSWORD@HOST:5432/DATABASE"
                .to_owned(),
        )
    })?;
    match config.get_ssl_mode() {
        postgres::config::SslMode::Disable | postgres::config::SslMode::Prefer => {
            Ok(Place::Postgres(Box::new(config)))
        }
        _ => Err(Error::Address(
            "sslmode=require cannot be met: this version speaks to PostgreSQL without TLS; use a socket, \
             the same host or a tunnel, and leave sslmode out"
                .to_owned(),
        )),
    }
}

fn open_sqlite(path: &Path) -> Result<rusqlite::Connection> {
    let conn = rusqlite::Connection::open(path)?;
    conn.busy_timeout(std::time::Duration::from_secs(30))?;
    conn.set_prepared_statement_cache_capacity(200);
    // NORMAL: a kill loses nothing that was committed; a power cut may lose the last commits but
    // never half of one. The end of an import is synced to disk.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864; PRAGMA threads = 2;",
    )?;
    Ok(conn)
}
