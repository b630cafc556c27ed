//! One import, and one making of post, at a time, over all processes; a lock dies with its holder.

use super::{Db, Place, params};
use crate::db::{Conn, Pg};
use crate::{Error, Result};
use postgres::error::SqlState;
use std::fs::{File, TryLockError};

const IMPORT: Work = Work { file: "-import", key: 0x6d65_7a61_6d65_0002 };
const POSTING: Work = Work { file: "-posting", key: 0x6d65_7a61_6d65_0003 };

/// What only one may do at a time: the end of its file's name, and its number on a server.
struct Work {
    file: &'static str,
    key: i64,
}

/// Held while an import runs, or while pieces of post are made.
pub(crate) enum ImportLock {
    /// A lock on a file beside the database; the system frees it when the process dies.
    Sqlite(File),
    /// A session lock on a connection of its own, with its number; dropped in another thread, see `Db`.
    Postgres(Option<Conn>, i64),
}

impl ImportLock {
    /// Takes the lock of imports or says `Busy`.
    pub fn take(db: &Db) -> Result<ImportLock> {
        ImportLock::of(db, &IMPORT)
    }

    /// Takes the lock of making post or says `Busy`.
    pub fn take_posting(db: &Db) -> Result<ImportLock> {
        ImportLock::of(db, &POSTING)
    }

    fn of(db: &Db, work: &Work) -> Result<ImportLock> {
        match &db.place {
            Place::Sqlite(path) => {
                let mut name = path.clone().into_os_string();
                name.push(work.file);
                let file = File::options().create(true).append(true).open(name)?;
                match file.try_lock() {
                    Ok(()) => Ok(ImportLock::Sqlite(file)),
                    Err(TryLockError::WouldBlock) => Err(Error::Busy),
                    Err(TryLockError::Error(why)) => Err(why.into()),
                }
            }
            Place::Postgres(config) => {
                let mut client = config.connect(postgres::NoTls)?;
                // A moment's patience: the server may still be clearing up after a killed import.
                client.batch_execute("SET lock_timeout = '2s'")?;
                let mut conn = Conn::Postgres(Pg::new(client));
                match conn.each("SELECT pg_advisory_lock(?1)", params![work.key], |_| Ok(())) {
                    Ok(()) => Ok(ImportLock::Postgres(Some(conn), work.key)),
                    Err(Error::Postgres(why)) if why.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                        Err(Error::Busy)
                    }
                    Err(why) => Err(why),
                }
            }
        }
    }
}

impl Drop for ImportLock {
    fn drop(&mut self) {
        match self {
            // Not left to closing: a child process being started may hold a copy for a moment.
            ImportLock::Sqlite(file) => drop(file.unlock()),
            ImportLock::Postgres(conn, key) => {
                let key = *key;
                let Some(mut conn) = conn.take() else { return };
                // Given back in so many words: the server notices a closed connection only later.
                // When that fails the connection is lost, and the lock with it. The thread: see `Db`.
                let giving_back = std::thread::spawn(move || {
                    conn.each("SELECT pg_advisory_unlock(?1)", params![key], |_| Ok(()))
                });
                let _ = giving_back.join();
            }
        }
    }
}
