//! Small named values, dormancy policies and saved segments.

use crate::db::{Conn, params};
use crate::{Result, Store};
use model::Policy;

/// A policy as it was saved.
#[derive(Clone, PartialEq, Debug)]
pub struct SavedPolicy {
    /// With its version.
    pub policy: Policy,
    /// The operator who saved it.
    pub by: String,
    /// Unix seconds.
    pub at: i64,
    /// Exactly one is.
    pub active: bool,
}

pub(crate) fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    conn.one("SELECT value FROM settings WHERE key = ?1", params![key], |row| row.text(0))
}

pub(crate) fn put(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    conn.exec(
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, value],
    )?;
    Ok(())
}

/// The next free number of a table: safe because one writes at a time.
pub(crate) fn next_id(conn: &mut Conn, table: &str) -> Result<i64> {
    Ok(conn.number(&format!("SELECT MAX(id) FROM {table}"), &[])? + 1)
}

impl Store {
    /// The value of a setting of the app.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.db.read(|conn| get(conn, &own(key)))
    }

    /// Sets a setting of the app.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.db.write(|conn| put(conn, &own(key), value))
    }

    /// Saves a policy under the next version of its name and puts it in force; earlier ones stay.
    pub fn save_policy(&self, policy: &Policy, by: &str, at: i64) -> Result<Policy> {
        let mut policy = policy.clone();
        self.db.write(|conn| {
            let last = conn
                .number("SELECT MAX(version) FROM policies WHERE name = ?1", params![policy.name.as_str()])?;
            policy.version = u32::try_from(last + 1).unwrap_or(u32::MAX);
            let body = serde_json::to_string(&policy)?;
            conn.exec("UPDATE policies SET active = 0 WHERE active = 1", &[])?;
            let id = next_id(conn, "policies")?;
            conn.exec(
                "INSERT INTO policies (id, name, version, body, saved_by, at, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)",
                params![id, policy.name.as_str(), i64::from(policy.version), body.as_str(), by, at],
            )?;
            Ok(policy)
        })
    }

    /// Every version of every policy, newest first.
    pub fn policies(&self) -> Result<Vec<SavedPolicy>> {
        self.db.read(|conn| {
            conn.all("SELECT body, saved_by, at, active FROM policies ORDER BY id DESC", &[], |row| {
                Ok(SavedPolicy {
                    policy: serde_json::from_str(&row.text(0)?)?,
                    by: row.text(1)?,
                    at: row.int(2)?,
                    active: row.bool(3)?,
                })
            })
        })
    }

    /// The policy in force, if one was ever saved.
    pub fn active_policy(&self) -> Result<Option<Policy>> {
        Ok(self.policies()?.into_iter().find(|p| p.active).map(|p| p.policy))
    }

    /// Saves a segment under its name, in place of an earlier one.
    pub fn save_segment(&self, name: &str, condition: &str, at: i64) -> Result<()> {
        self.db.write(|conn| {
            conn.exec(
                "INSERT INTO segments (name, condition, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET condition = excluded.condition, at = excluded.at",
                params![name, condition, at],
            )?;
            Ok(())
        })
    }

    /// Saved segments by name: (name, condition).
    pub fn segments(&self) -> Result<Vec<(String, String)>> {
        self.db.read(|conn| {
            conn.all("SELECT name, condition FROM segments ORDER BY name", &[], |row| {
                Ok((row.text(0)?, row.text(1)?))
            })
        })
    }

    /// Forgets a segment; says whether there was one.
    pub fn delete_segment(&self, name: &str) -> Result<bool> {
        self.db.write(|conn| Ok(conn.exec("DELETE FROM segments WHERE name = ?1", params![name])? > 0))
    }
}

/// The app's settings cannot touch the store's own.
fn own(key: &str) -> String {
    format!("app.{key}")
}
