//! Drafts of posts on social media, and who followed their links.

use crate::db::{Row, params};
use crate::{Error, Result, Store, settings::next_id};
use model::Day;

/// A draft of a post.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SocialDraft {
    /// 0 until it is kept.
    pub id: i64,
    pub campaign: i64,
    /// The platform's name.
    pub platform: String,
    /// `{link}` stands for its link.
    pub body: String,
    /// Where its link leads.
    pub target: String,
    /// utm_content, by which it is told from others of the campaign.
    pub content: String,
    /// Somebody else was asked or paid to say it.
    pub paid: bool,
    /// When it is to be posted.
    pub day: Option<Day>,
    /// By which the door knows its link.
    pub code: String,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
}

/// Who followed the link of a draft.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct SocialClicks {
    pub draft: i64,
    /// By people, as far as can be told.
    pub clicks: u64,
    /// Networks they came from.
    pub networks: u64,
    /// By programs.
    pub programs: u64,
}

const COLUMNS: &str = "id, campaign, platform, body, target, content, paid, day, code, made_by, made_at";

fn draft(row: &Row<'_>) -> Result<SocialDraft> {
    Ok(SocialDraft {
        id: row.int(0)?,
        campaign: row.int(1)?,
        platform: row.text(2)?,
        body: row.text(3)?,
        target: row.text(4)?,
        content: row.text(5)?,
        paid: row.int(6)? != 0,
        day: row.opt_int(7)?.and_then(|day| i32::try_from(day).ok()).map(Day),
        code: row.text(8)?,
        by: row.text(9)?,
        at: row.int(10)?,
    })
}

impl Store {
    /// Keeps a draft; returns its number. The code is made of it by `code`.
    pub fn add_social(&self, new: &SocialDraft, code: &dyn Fn(i64) -> String) -> Result<i64> {
        self.db.write(|conn| {
            let id = next_id(conn, "social_drafts")?;
            let sql = format!(
                "INSERT INTO social_drafts ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
            );
            let (day, paid) = (new.day.map(|d| i64::from(d.0)), i64::from(new.paid));
            let code = code(id);
            let content = if new.content.is_empty() { format!("post-{id}") } else { new.content.clone() };
            let row = params![
                id,
                new.campaign,
                &new.platform,
                &new.body,
                &new.target,
                &content,
                paid,
                day,
                &code,
                &new.by,
                new.at
            ];
            conn.exec(&sql, row)?;
            Ok(id)
        })
    }

    /// One draft.
    pub fn social(&self, id: i64) -> Result<SocialDraft> {
        let sql = format!("SELECT {COLUMNS} FROM social_drafts WHERE id = ?1");
        self.db.read(|conn| conn.one(&sql, params![id], draft))?.ok_or(Error::Missing { what: "post", id })
    }

    /// The draft of a link.
    pub fn social_of_code(&self, code: &str) -> Result<Option<SocialDraft>> {
        let sql = format!("SELECT {COLUMNS} FROM social_drafts WHERE code = ?1");
        self.db.read(|conn| conn.one(&sql, params![code], draft))
    }

    /// Drafts of a campaign, or of all; the newest first.
    pub fn socials(&self, campaign: Option<i64>, limit: usize) -> Result<Vec<SocialDraft>> {
        let of = campaign.map_or(String::new(), |id| format!("WHERE campaign = {id}"));
        let sql = format!("SELECT {COLUMNS} FROM social_drafts {of} ORDER BY id DESC LIMIT ?1");
        self.db.read(|conn| conn.all(&sql, params![limit], draft))
    }

    /// Takes a draft away, with its clicks.
    pub fn drop_social(&self, id: i64) -> Result<()> {
        self.db.write(|conn| {
            conn.exec("DELETE FROM social_clicks WHERE draft = ?1", params![id])?;
            conn.exec("DELETE FROM social_drafts WHERE id = ?1", params![id]).map(drop)
        })
    }

    /// Notes that somebody followed a link.
    pub fn add_social_click(&self, draft: i64, at: i64, network: i64, program: bool) -> Result<()> {
        self.db.write_beside(|conn| {
            let sql = "INSERT INTO social_clicks (draft, at, network, program) VALUES (?1, ?2, ?3, ?4)";
            conn.exec(sql, params![draft, at, network, i64::from(program)]).map(drop)
        })
    }

    /// Who followed the links of a campaign's drafts.
    pub fn social_clicks(&self, campaign: i64) -> Result<Vec<SocialClicks>> {
        let sql = "SELECT c.draft, COUNT(CASE WHEN c.program = 0 THEN 1 END),
                   COUNT(DISTINCT CASE WHEN c.program = 0 THEN c.network END), COUNT(CASE WHEN c.program = 1 THEN 1 END)
                   FROM social_clicks c JOIN social_drafts d ON d.id = c.draft WHERE d.campaign = ?1 GROUP BY c.draft ORDER BY 1";
        self.db.read(|conn| {
            conn.all(sql, params![campaign], |row| {
                Ok(SocialClicks {
                    draft: row.int(0)?,
                    clicks: row.int(1)? as u64,
                    networks: row.int(2)? as u64,
                    programs: row.int(3)? as u64,
                })
            })
        })
    }
}
