//! The two indexes of orders, which a first import into an empty store does without:
//! appending and sorting once at the end takes half the time and a tenth of the writing.

use crate::db::{Conn, Db, ImportLock, params};
use crate::{Error, Result, settings};

const FLAG: &str = "orders_index";

/// Makes them where missing.
pub(crate) fn create(conn: &mut Conn) -> Result<()> {
    conn.batch(
        "CREATE UNIQUE INDEX IF NOT EXISTS orders_ext_id ON orders (source, ext_id);
         CREATE INDEX IF NOT EXISTS orders_record ON orders (record);",
    )?;
    conn.exec("DELETE FROM settings WHERE key = ?1", params![FLAG])?;
    Ok(())
}

/// Drops them, leaving word of it for whoever comes after a kill.
pub(crate) fn drop_for_bulk(conn: &mut Conn) -> Result<()> {
    conn.batch("DROP INDEX IF EXISTS orders_ext_id; DROP INDEX IF EXISTS orders_record;")?;
    settings::put(conn, FLAG, "dropped")
}

/// Makes them again if they were dropped. The caller holds the import lock.
pub(crate) fn restore(db: &Db) -> Result<()> {
    if db.read(|conn| settings::get(conn, FLAG))?.is_some() {
        db.write(create)?;
    }
    Ok(())
}

/// Makes them again after a kill; leaves them to a running import.
pub(crate) fn heal(db: &Db) -> Result<()> {
    if db.read(|conn| settings::get(conn, FLAG))?.is_none() {
        return Ok(());
    }
    match ImportLock::take(db) {
        Ok(_lock) => restore(db),
        Err(Error::Busy) => Ok(()),
        Err(why) => Err(why),
    }
}
