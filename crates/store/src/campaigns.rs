//! Campaigns as documents, how far each has come, and who decided what.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store, settings::next_id};
use model::{Campaign, CampaignState};

/// A campaign as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredCampaign {
    pub id: i64,
    pub campaign: Campaign,
    pub state: CampaignState,
    /// What its lots are drawn from.
    pub seed: u64,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
    /// The plan that was approved.
    pub plan: Option<i64>,
    /// Operators who said yes, joined with a comma where two were asked, and when the last did.
    pub approved: Option<(String, i64)>,
    /// Unix seconds of the local midnight that begins the first step's day.
    pub rooted: Option<i64>,
    /// Why nothing fires although it is approved: a rule's id; empty where nothing is in the way.
    pub waits: String,
}

/// Something that was done with a campaign.
#[derive(Clone, PartialEq, Debug)]
pub struct LogRow {
    pub at: i64,
    pub by: String,
    /// `made`, `changed`, `drafted`, `approved`, `paused` ...
    pub what: String,
    pub note: String,
}

const COLUMNS: &str =
    "id, body, state, seed, made_by, made_at, plan, approved_by, approved_at, rooted, waits";

fn stored(row: &Row<'_>) -> Result<StoredCampaign> {
    Ok(StoredCampaign {
        id: row.int(0)?,
        campaign: serde_json::from_str(row.str(1)?)?,
        state: row.known(2, CampaignState::from_code)?,
        seed: row.int(3)? as u64,
        by: row.text(4)?,
        at: row.int(5)?,
        plan: row.opt_int(6)?,
        approved: row.opt_text(7)?.zip(row.opt_int(8)?),
        rooted: row.opt_int(9)?,
        waits: row.text(10)?,
    })
}

fn log(conn: &mut Conn, campaign: i64, at: i64, by: &str, what: &str, note: &str) -> Result<()> {
    let id = next_id(conn, "campaign_log")?;
    conn.exec(
        "INSERT INTO campaign_log (id, campaign, at, made_by, what, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, campaign, at, by, what, note],
    )?;
    Ok(())
}

fn get(conn: &mut Conn, id: i64) -> Result<StoredCampaign> {
    let sql = format!("SELECT {COLUMNS} FROM campaigns WHERE id = ?1");
    conn.one(&sql, params![id], stored)?.ok_or(Error::Missing { what: "campaign", id })
}

impl Store {
    /// Keeps a new draft; a name that is taken is refused.
    pub fn add_campaign(&self, campaign: &Campaign, seed: u64, by: &str, at: i64) -> Result<i64> {
        let body = serde_json::to_string(campaign)?;
        self.db.write(|conn| {
            let name = campaign.name.as_str();
            if conn.number("SELECT COUNT(*) FROM campaigns WHERE name = ?1", params![name])? > 0 {
                return Err(Error::Refused(format!("there is a campaign '{name}' already: choose another name")));
            }
            // Never the number of a campaign that a restored backup has forgotten.
            let id = next_id(conn, "campaigns")?.max(conn.number("SELECT MAX(campaign) FROM touches", &[])? + 1);
            conn.exec(
                "INSERT INTO campaigns (id, name, body, state, seed, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![id, name, body.as_str(), i64::from(CampaignState::Draft.code()), seed as i64, by, at],
            )?;
            log(conn, id, at, by, "made", "")?;
            Ok(id)
        })
    }

    /// Replaces a draft's document. An approved campaign is frozen.
    pub fn change_campaign(&self, id: i64, campaign: &Campaign, by: &str, at: i64) -> Result<()> {
        let body = serde_json::to_string(campaign)?;
        self.db.write(|conn| {
            let before = get(conn, id)?;
            if before.state != CampaignState::Draft && before.state != CampaignState::Seconding {
                return Err(Error::Refused("an approved campaign is frozen: make a successor".to_owned()));
            }
            let name = campaign.name.as_str();
            let taken = "SELECT COUNT(*) FROM campaigns WHERE name = ?1 AND id <> ?2";
            if conn.number(taken, params![name, id])? > 0 {
                return Err(Error::Refused(format!("there is a campaign '{name}' already: choose another name")));
            }
            // A first yes was said to other words.
            let sql = "UPDATE campaigns SET name = ?2, body = ?3, state = ?4, approved_by = NULL, approved_at = NULL WHERE id = ?1";
            conn.exec(sql, params![id, name, body.as_str(), i64::from(CampaignState::Draft.code())])?;
            log(conn, id, at, by, "changed", "")
        })
    }

    /// Every campaign, the newest first.
    pub fn campaigns(&self) -> Result<Vec<StoredCampaign>> {
        self.db
            .read(|conn| conn.all(&format!("SELECT {COLUMNS} FROM campaigns ORDER BY id DESC"), &[], stored))
    }

    /// Those that are approved and send, or would if nothing held them; the oldest first.
    pub fn running_campaigns(&self) -> Result<Vec<StoredCampaign>> {
        let sql = format!("SELECT {COLUMNS} FROM campaigns WHERE state = ?1 ORDER BY id");
        self.db.read(|conn| conn.all(&sql, params![i64::from(CampaignState::Approved.code())], stored))
    }

    /// One campaign.
    pub fn campaign(&self, id: i64) -> Result<StoredCampaign> {
        self.db.read(|conn| get(conn, id))
    }

    /// The number of a campaign by its name.
    pub fn campaign_named(&self, name: &str) -> Result<Option<i64>> {
        self.db.read(|conn| {
            conn.one("SELECT id FROM campaigns WHERE name = ?1", params![name], |row| row.int(0))
        })
    }

    /// What was done with a campaign, the newest first.
    pub fn campaign_log(&self, id: i64) -> Result<Vec<LogRow>> {
        let sql = "SELECT at, made_by, what, note FROM campaign_log WHERE campaign = ?1 ORDER BY id DESC";
        self.db.read(|conn| {
            conn.all(sql, params![id], |row| {
                Ok(LogRow { at: row.int(0)?, by: row.text(1)?, what: row.text(2)?, note: row.text(3)? })
            })
        })
    }

    /// The first of two yeses.
    pub fn second_campaign(&self, id: i64, by: &str, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "UPDATE campaigns SET state = ?2, approved_by = ?3, approved_at = ?4 WHERE id = ?1 AND state = ?5";
            let (seconding, draft) = (CampaignState::Seconding.code(), CampaignState::Draft.code());
            moved(conn.exec(sql, params![id, i64::from(seconding), by, at, i64::from(draft)])?)?;
            log(conn, id, at, by, "seconding", "")
        })
    }

    /// Takes a first yes back, where one was said.
    pub fn unsecond_campaign(&self, id: i64, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "UPDATE campaigns SET state = ?2, approved_by = NULL, approved_at = NULL WHERE id = ?1 AND state = ?3";
            let (draft, seconding) = (CampaignState::Draft.code(), CampaignState::Seconding.code());
            match conn.exec(sql, params![id, i64::from(draft), i64::from(seconding)])? {
                0 => Ok(()),
                _ => log(conn, id, at, "mezame", "changed", "the plan was drawn again"),
            }
        })
    }

    /// Freezes: one row says that this plan holds from now on.
    pub fn approve_campaign(&self, id: i64, plan: i64, rooted: i64, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let whole = "SELECT COUNT(*) FROM plans WHERE id = ?1 AND campaign = ?2 AND body IS NOT NULL";
            if conn.number(whole, params![plan, id])? == 0 {
                return Err(Error::Missing { what: "plan", id: plan });
            }
            let sql =
                "UPDATE campaigns SET state = ?2, plan = ?3, rooted = ?4, approved_by = ?5, approved_at = ?6
                       WHERE id = ?1 AND state IN (?7, ?8)";
            let code = |s: CampaignState| i64::from(s.code());
            moved(conn.exec(
                sql,
                params![
                    id,
                    code(CampaignState::Approved),
                    plan,
                    rooted,
                    by,
                    at,
                    code(CampaignState::Draft),
                    code(CampaignState::Seconding)
                ],
            )?)?;
            log(conn, id, at, by, "approved", "")
        })
    }

    /// Moves a campaign from one of some states to another; says whether it was in one of them.
    pub fn move_campaign(
        &self,
        id: i64,
        from: &[CampaignState],
        to: CampaignState,
        by: &str,
        note: &str,
        at: i64,
    ) -> Result<bool> {
        self.db.write_now(|conn| {
            let codes: Vec<String> = from.iter().map(|s| s.code().to_string()).collect();
            let sql = format!(
                "UPDATE campaigns SET state = ?2, waits = '' WHERE id = ?1 AND state IN ({})",
                codes.join(",")
            );
            let done = conn.exec(&sql, params![id, i64::from(to.code())])? > 0;
            if done {
                log(conn, id, at, by, to.word(), note)?;
            }
            Ok(done)
        })
    }

    /// Says why an approved campaign does not fire, or (empty) that nothing is in the way.
    pub fn hold_campaign(&self, id: i64, waits: &str, by: &str, at: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "UPDATE campaigns SET waits = ?2 WHERE id = ?1 AND waits <> ?2";
            if conn.exec(sql, params![id, waits])? > 0 {
                log(conn, id, at, by, if waits.is_empty() { "released" } else { "held" }, waits)?;
            }
            Ok(())
        })
    }

    /// Forgets a draft for good.
    pub fn drop_campaign(&self, id: i64) -> Result<()> {
        self.db.write(|conn| {
            let sql = "DELETE FROM campaigns WHERE id = ?1 AND state = ?2 AND plan IS NULL";
            moved(conn.exec(sql, params![id, i64::from(CampaignState::Draft.code())])?)?;
            for table in [
                "assignments WHERE plan IN (SELECT id FROM plans WHERE campaign = ?1)",
                "plans WHERE campaign = ?1",
                "campaign_log WHERE campaign = ?1",
            ] {
                conn.exec(&format!("DELETE FROM {table}"), params![id])?;
            }
            Ok(())
        })
    }
}

fn moved(rows: u64) -> Result<()> {
    match rows {
        0 => Err(Error::Refused("the campaign is not in a state that allows this".to_owned())),
        _ => Ok(()),
    }
}
