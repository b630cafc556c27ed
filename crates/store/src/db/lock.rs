//! One import at a time, over all processes; the lock dies with its holder.

use super::{Db, Place, params};
use crate::db::{Conn, Pg};
use crate::{Error, Result};
use std::fs::{File, TryLockError};

const IMPORT_KEY: i64 = 0x6d65_7a61_6d65_0002;

/// Held while an import runs.
pub(crate) enum ImportLock {
    /// A lock on a file beside the database; the system frees it when the process dies.
    Sqlite { _held: File },
    /// A session lock on a connection of its own; dropped in another thread, see `Db`.
    Postgres(Option<Conn>),
}

impl ImportLock {
    /// Takes the lock or says `Busy`.
    pub fn take(db: &Db) -> Result<ImportLock> {
        match &db.place {
            Place::Sqlite(path) => {
                let mut name = path.clone().into_os_string();
                name.push("-import");
                let file = File::options().create(true).append(true).open(name)?;
                match file.try_lock() {
                    Ok(()) => Ok(ImportLock::Sqlite { _held: file }),
                    Err(TryLockError::WouldBlock) => Err(Error::Busy),
                    Err(TryLockError::Error(why)) => Err(why.into()),
                }
            }
            Place::Postgres(config) => {
                let mut conn = Conn::Postgres(Pg::new(config.connect(postgres::NoTls)?));
                let sql = "SELECT CASE WHEN pg_try_advisory_lock(?1) THEN 1::bigint ELSE 0::bigint END";
                let taken = conn.number(sql, params![IMPORT_KEY])? == 1;
                let lock = ImportLock::Postgres(Some(conn));
                if taken { Ok(lock) } else { Err(Error::Busy) }
            }
        }
    }
}

impl Drop for ImportLock {
    fn drop(&mut self) {
        if let ImportLock::Postgres(conn) = self {
            let conn = conn.take();
            // As for `Db`: a client that panics while closing has nothing left to lose.
            let _ = std::thread::spawn(move || drop(conn)).join();
        }
    }
}
