//! Touches that go out as an audience of an ad platform, and what keeps somebody out of one (L-45).

use crate::db::{Conn, params};
use crate::touches::{TOUCH, touch};
use crate::{Attempted, Result, Store};
use model::{CampaignState, Channel, Day, Touch, TouchState};

impl Store {
    /// Touches by ads of a campaign that runs, in line and due.
    pub fn due_for_ads(&self, campaign: i64, now: i64) -> Result<Vec<Touch>> {
        let sql = format!(
            "SELECT {TOUCH} FROM touches t WHERE t.campaign = ?1 AND t.channel = ?2 AND t.state = 0 AND t.due <= ?3
             AND t.campaign IN (SELECT id FROM campaigns WHERE state = ?4 AND waits = '') ORDER BY t.id"
        );
        let (ads, running) = (i64::from(Channel::Ads.code()), i64::from(CampaignState::Approved.code()));
        self.db.read(|conn| conn.all(&sql, params![campaign, ads, now, running], touch))
    }

    /// Touches by ads that were handed over; of a campaign, or of all.
    pub fn audience(&self, campaign: Option<i64>) -> Result<Vec<Touch>> {
        let of = campaign.map_or(String::new(), |id| format!("AND t.campaign = {id}"));
        let sql =
            format!("SELECT {TOUCH} FROM touches t WHERE t.channel = ?1 AND t.state = ?2 {of} ORDER BY t.id");
        let (ads, sent) = (i64::from(Channel::Ads.code()), i64::from(TouchState::Sent.code()));
        self.db.read(|conn| conn.all(&sql, params![ads, sent], touch))
    }

    /// Writes attempt and outcome of touches that are still in line, in one transaction; those that an
    /// opt-out took out of it meanwhile are left alone. Returns what was written.
    pub fn hand_over_audience(
        &self,
        touches: &[i64],
        by: &str,
        said: &str,
        at: i64,
    ) -> Result<Vec<Attempted>> {
        self.db.write_now(|conn| {
            let mut attempted = Vec::with_capacity(touches.len());
            for id in touches {
                attempted.extend(hand_over(conn, *id, by, said, at)?);
            }
            Ok(attempted)
        })
    }

    /// Takes touches out of the line: (touch, rule).
    pub fn skip_audience(&self, touches: &[(i64, &'static str)], at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let skipped = i64::from(TouchState::Skipped.code());
            for (id, rule) in touches {
                let sql =
                    "UPDATE touches SET state = ?2, rule = ?3, settled = ?4 WHERE id = ?1 AND state = 0";
                conn.exec(sql, params![*id, skipped, *rule, at])?;
            }
            Ok(())
        })
    }

    /// Which of these people ever bought a product that is marked as sensitive, ascending.
    pub fn bought_sensitive(&self, people: &[i64]) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT r.customer FROM records r JOIN orders o ON o.record = r.id
                   JOIN lines l ON l.order_id = o.id JOIN products p ON p.sku = l.sku
                   WHERE p.sensitive = 1 AND r.customer IN ({ids})";
        let mut found = Vec::new();
        self.db.read(|conn| {
            conn.each_of(sql, people, |row| {
                found.push(row.int(0)?);
                Ok(())
            })
        })?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The days on which these people ordered what counts: (person, day), in no order.
    pub fn order_days(&self, people: &[i64], pending: bool, each: &mut dyn FnMut(i64, Day)) -> Result<()> {
        let sql = format!(
            "SELECT r.customer, o.day FROM records r JOIN orders o ON o.record = r.id
             WHERE o.kind = 0 AND o.standing <= {} AND r.customer IN ({{ids}})",
            i64::from(pending)
        );
        self.db.read(|conn| {
            conn.each_of(&sql, people, |row| {
                each(row.int(0)?, row.day(1)?);
                Ok(())
            })
        })
    }
}

fn hand_over(conn: &mut Conn, id: i64, by: &str, said: &str, at: i64) -> Result<Option<Attempted>> {
    let sql = format!(
        "SELECT {TOUCH} FROM touches t WHERE t.id = ?1 AND t.state = 0
         AND t.campaign IN (SELECT id FROM campaigns WHERE state = ?2 AND waits = '')"
    );
    let running = i64::from(CampaignState::Approved.code());
    let Some(t) = conn.one(&sql, params![id, running], touch)? else { return Ok(None) };
    let (n, sent) = (i64::from(t.tries) + 1, i64::from(TouchState::Sent.code()));
    let sql = "UPDATE touches SET state = ?2, tries = ?3, settled = ?4, worker = '', rule = '' WHERE id = ?1 AND state = 0";
    if conn.exec(sql, params![id, sent, n, at])? == 0 {
        return Ok(None);
    }
    let sql = "INSERT INTO attempts (touch, n, at, worker, outcome, said, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)";
    conn.exec(sql, params![id, n, at, by, sent, said])?;
    Ok(Some(Attempted {
        touch: t.id,
        n: t.tries + 1,
        at,
        campaign: t.campaign,
        step: t.step,
        customer: t.customer,
        channel: t.channel,
        destination: t.destination,
    }))
}

impl Store {
    /// How many customers ordered what counts within each of these spans of days, both ends included.
    pub fn buyers_between(&self, spans: &[(Day, Day)], pending: bool) -> Result<Vec<u64>> {
        let sql = format!(
            "SELECT COUNT(DISTINCT r.customer) FROM orders o JOIN records r ON r.id = o.record
             WHERE o.kind = 0 AND o.standing <= {} AND o.day >= ?1 AND o.day <= ?2",
            i64::from(pending)
        );
        self.db.read(|conn| {
            spans.iter().map(|(from, until)| Ok(conn.number(&sql, params![*from, *until])? as u64)).collect()
        })
    }
}
