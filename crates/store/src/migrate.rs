//! Brings a database to the shape that this version expects, by numbered steps.

use crate::db::{Conn, params};
use crate::{Result, Store, orders_index};

/// Every step, oldest first. A step that has landed is never edited.
const STEPS: [(&str, &str); 2] = [
    ("0001_start", include_str!("../migrations/0001_start.sql")),
    ("0002_models", include_str!("../migrations/0002_models.sql")),
];

impl Store {
    /// Runs every step that is missing, each in one transaction; returns their names.
    pub fn migrate(&self) -> Result<Vec<String>> {
        let mut done = Vec::new();
        self.db.write(|conn| conn.batch("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"))?;
        for (name, sql) in STEPS {
            let new = self.db.write(|conn| {
                if is_done(conn, name)? {
                    return Ok(false);
                }
                conn.batch(&dialect(conn, sql))?;
                orders_index::create(conn)?;
                conn.exec("INSERT INTO migrations (name) VALUES (?1)", params![name])?;
                Ok(true)
            })?;
            if new {
                done.push(name.to_owned());
            }
        }
        Ok(done)
    }

    /// The steps that `migrate` would run.
    pub fn pending_migrations(&self) -> Result<Vec<String>> {
        self.db.read(|conn| {
            let exists = conn.number(
                match conn {
                    Conn::Sqlite(_) => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'migrations'",
                    Conn::Postgres(_) => {
                        "SELECT COUNT(*) FROM information_schema.tables \
                         WHERE table_name = 'migrations' AND table_schema = current_schema()"
                    }
                },
                &[],
            )? > 0;
            let mut pending = Vec::new();
            for (name, _) in STEPS {
                if !exists || !is_done(conn, name)? {
                    pending.push(name.to_owned());
                }
            }
            Ok(pending)
        })
    }
}

fn is_done(conn: &mut Conn, name: &str) -> Result<bool> {
    Ok(conn.number("SELECT COUNT(*) FROM migrations WHERE name = ?1", params![name])? > 0)
}

/// The one text as this database wants it.
fn dialect(conn: &Conn, sql: &str) -> String {
    match conn {
        Conn::Sqlite(_) => sql
            .replace("id BIGINT PRIMARY KEY", "id INTEGER PRIMARY KEY")
            .replace("record BIGINT PRIMARY KEY", "record INTEGER PRIMARY KEY")
            .replace("customer BIGINT PRIMARY KEY", "customer INTEGER PRIMARY KEY"),
        Conn::Postgres(_) => sql.replace(" WITHOUT ROWID", "").replace(" TEXT", " TEXT COLLATE \"C\""),
    }
}
