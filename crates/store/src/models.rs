//! What was learned of the shop, time after time: cards to look back on, the last one to use.

use crate::db::{Row, V, params};
use crate::{Error, Result, Store, settings};
use model::{Day, ModelCard};

/// More than a year of nightly ones.
const KEPT: i64 = 400;

const BETWEEN: &str = "WHERE as_of >= ?1 AND as_of <= ?2 ORDER BY as_of DESC, id DESC LIMIT 1";

/// A model as it was saved.
#[derive(Clone, PartialEq, Debug)]
pub struct SavedModel {
    pub id: i64,
    /// Unix seconds.
    pub at: i64,
    /// The day of its card.
    pub as_of: Day,
    pub card: ModelCard,
    /// The caller's own JSON, as it was given.
    pub body: String,
}

impl Store {
    /// Saves a model and returns its number; only the newest 400 are kept. A card that could not
    /// be read again (a number in it is none) is refused.
    pub fn save_model(&self, at: i64, card: &ModelCard, body: &str) -> Result<i64> {
        let text = serde_json::to_string(card)?;
        serde_json::from_str::<ModelCard>(&text).map_err(|_| {
            Error::Refused("the model card holds a number that is none: it is not saved".to_owned())
        })?;
        self.db.write(|conn| {
            let id = settings::next_id(conn, "models")?;
            conn.exec(
                "INSERT INTO models (id, at, as_of, card, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, at, card.as_of, text.as_str(), body],
            )?;
            conn.exec("DELETE FROM models WHERE id <= ?1", params![id - KEPT])?;
            Ok(id)
        })
    }

    /// The last model saved; `None` without one, or where another version wrote it so that this
    /// one cannot read it: it is to be learned anew.
    pub fn latest_model(&self) -> Result<Option<SavedModel>> {
        self.first("ORDER BY id DESC LIMIT 1", &[])
    }

    /// The model of the latest day from `from` to `to`, both included; of those of one day the
    /// last one saved. `None` as above.
    pub fn model_between(&self, from: Day, to: Day) -> Result<Option<SavedModel>> {
        self.first(BETWEEN, params![from, to])
    }

    /// The number of the model that `model_between` gives, without reading it.
    pub fn model_number_between(&self, from: Day, to: Day) -> Result<Option<i64>> {
        let sql = format!("SELECT id FROM models {BETWEEN}");
        self.db.read(|conn| conn.one(&sql, params![from, to], |row| row.int(0)))
    }

    fn first(&self, which: &str, params: &[V<'_>]) -> Result<Option<SavedModel>> {
        let sql = format!("SELECT id, at, card, body FROM models {which}");
        let read = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?, row.text(2)?, row.text(3)?));
        let found = self.db.read(|conn| conn.one(&sql, params, read))?;
        Ok(found.and_then(|(id, at, card, body)| {
            let card: ModelCard = serde_json::from_str(&card).ok()?;
            Some(SavedModel { id, at, as_of: card.as_of, card, body })
        }))
    }

    /// Cards by (number, Unix seconds), the newest first, without those that cannot be read.
    pub fn models(&self, limit: usize) -> Result<Vec<(i64, i64, ModelCard)>> {
        let sql = "SELECT id, at, card FROM models ORDER BY id DESC LIMIT ?1";
        self.db.read(|conn| {
            let rows = conn.all(sql, params![limit], |row| Ok((row.int(0)?, row.int(1)?, row.text(2)?)))?;
            let card = |(id, at, card): (i64, i64, String)| Some((id, at, serde_json::from_str(&card).ok()?));
            Ok(rows.into_iter().filter_map(card).collect())
        })
    }
}
