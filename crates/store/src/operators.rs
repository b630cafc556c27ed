//! Who may open the pages from another machine.

use crate::db::params;
use crate::{Error, Result, Store};

impl Store {
    /// Lets an operator in with this (already hashed) password, in place of an earlier one.
    pub fn set_operator(&self, name: &str, word: &str, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "INSERT INTO operators (name, word, made_at) VALUES (?1, ?2, ?3)
                       ON CONFLICT (name) DO UPDATE SET word = excluded.word, shut_at = NULL";
            conn.exec(sql, params![name, word, at])?;
            conn.exec("DELETE FROM logins WHERE operator = ?1", params![name]).map(drop)
        })
    }

    /// Shuts an operator out, at once.
    pub fn shut_operator(&self, name: &str, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "UPDATE operators SET shut_at = ?2 WHERE name = ?1 AND shut_at IS NULL";
            if conn.exec(sql, params![name, at])? == 0 {
                return Err(Error::Refused(format!("there is no operator '{name}' who could come in")));
            }
            conn.exec("DELETE FROM logins WHERE operator = ?1", params![name]).map(drop)
        })
    }

    /// Who may come in: (name, hash of the password, since).
    pub fn operators(&self) -> Result<Vec<(String, String, i64)>> {
        let sql = "SELECT name, word, made_at FROM operators WHERE shut_at IS NULL ORDER BY name";
        self.db.read(|conn| conn.all(sql, &[], |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?))))
    }

    /// Keeps a login under the hash of its token; forgets those not seen since `idle` or made before `oldest`.
    pub fn log_in(&self, token: &str, operator: &str, at: i64, idle: i64, oldest: i64) -> Result<()> {
        self.db.write_now(|conn| {
            conn.exec("DELETE FROM logins WHERE seen_at < ?1 OR made_at < ?2", params![idle, oldest])?;
            let sql = "INSERT INTO logins (token, operator, made_at, seen_at) VALUES (?1, ?2, ?3, ?3)";
            conn.exec(sql, params![token, operator, at]).map(drop)
        })
    }

    /// Whose login this is, if it was seen since `idle`, was made since `oldest` and the operator may
    /// still come in; notes that it was seen now, once a minute.
    pub fn login(&self, token: &str, at: i64, idle: i64, oldest: i64) -> Result<Option<String>> {
        let sql = "SELECT l.operator, l.seen_at FROM logins l JOIN operators o ON o.name = l.operator
                   WHERE l.token = ?1 AND l.seen_at >= ?2 AND l.made_at >= ?3 AND o.shut_at IS NULL";
        let found = self.db.read(|conn| {
            conn.one(sql, params![token, idle, oldest], |row| Ok((row.text(0)?, row.int(1)?)))
        })?;
        if let Some((_, seen)) = &found
            && at - seen > 60
        {
            let sql = "UPDATE logins SET seen_at = ?2 WHERE token = ?1";
            self.db.write_now(|conn| conn.exec(sql, params![token, at]))?;
        }
        Ok(found.map(|(operator, _)| operator))
    }

    /// Ends a login.
    pub fn log_out(&self, token: &str) -> Result<()> {
        self.db.write_now(|conn| conn.exec("DELETE FROM logins WHERE token = ?1", params![token]).map(drop))
    }
}
