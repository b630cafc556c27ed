//! What came back, and what it closes at once.

use crate::db::{Conn, Row, params};
use crate::permission::{NewStop, add_stop};
use crate::settings::{get, put};
use crate::{Result, Store};
use model::{Channel, Response, ResponseKind, StopReason, TouchState, Verdict};
use std::collections::BTreeMap;
use std::collections::HashMap;

/// A must-not that follows from a response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closing {
    /// `None` closes every channel.
    pub channel: Option<Channel>,
    pub reason: StopReason,
    /// The rule by which touches in line are skipped.
    pub rule: &'static str,
    /// Of the address, whoever has it; else of the person too.
    pub address_only: bool,
}

/// What a campaign's responses come to: distinct touches per kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResponseCount {
    pub step: u16,
    pub kind: ResponseKind,
    /// Touches with any.
    pub raw: u64,
    /// Touches with one by a person.
    pub people: u64,
}

pub(crate) fn response(row: &Row<'_>) -> Result<Response> {
    Ok(Response {
        id: row.int(0)?,
        touch: row.int(1)?,
        kind: row.known(2, ResponseKind::from_code)?,
        at: row.int(3)?,
        link: row.opt_int(4)?.map(|l| i32::try_from(l).unwrap_or(-2)),
        agent: row.text(5)?,
        network: row.int(6)?,
        said: row.text(7)?,
        verdict: row.known(8, Verdict::from_code)?,
    })
}

/// Where the settings say up to which response it is judged who fetched.
const JUDGED: &str = "heard_judged";

const RESPONSE: &str = "id, touch, kind, at, link, agent, network, said, verdict";

/// A letter as all who get it read it: campaign, step, variant, and the channel, whose words and links are its own.
pub type LetterOf = (i64, u16, u8, Channel);

impl Store {
    /// Keeps a response and, in the same breath, closes what it closes: the must-not is written and
    /// every touch in line that it forbids is skipped. `proof` makes a doubled report one; `None`
    /// when nothing is doubled. Says whether it was new.
    pub fn hear(&self, r: &Response, proof: Option<&str>, closings: &[Closing], by: &str) -> Result<bool> {
        self.db.write_now(|conn| {
            let new = insert(conn, r, proof)?;
            // A stop holds even where the report is an old one: somebody may have lifted it by hand
            // since, and then said it again.
            for closing in closings.iter().filter(|_| new) {
                close(conn, r.touch, closing, by, r.at / 1_000)?;
            }
            Ok(new)
        })
    }

    /// Keeps many responses that close nothing (clicks, openings), in one transaction.
    pub fn hear_many(&self, responses: &[Response]) -> Result<()> {
        self.db.write_beside(|conn| responses.iter().try_for_each(|r| insert(conn, r, None).map(drop)))
    }

    /// A customer opens their channel again by their own signed page: the opt-outs of that channel
    /// that they, or nobody, gave are lifted, and the consent with its wording is kept.
    pub fn reopen(
        &self,
        touch: i64,
        channel: Channel,
        reason: StopReason,
        wording: &str,
        at: i64,
    ) -> Result<()> {
        self.db.write_now(|conn| {
            let Some((customer, destination)) = whose(conn, touch, Some(channel))? else { return Ok(()) };
            let sql = "UPDATE suppressions SET lifted_by = 'customer', lifted_why = ?5, lifted_at = ?4
                       WHERE lifted_at IS NULL AND reason = ?3 AND (match_key = ?2 OR record IN
                       (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1)))";
            conn.exec(sql, params![customer, destination, i64::from(reason.code()), at, wording])?;
            let id = crate::settings::next_id(conn, "consents")?;
            let sql = "INSERT INTO consents (id, record, channel, basis, given, given_on, day, evidence, source, import)
                       SELECT ?1, ?2, ?3, 0, 1, ?4, ?4, ?5, source, 0 FROM records WHERE id = ?2";
            let day = at.div_euclid(86_400);
            conn.exec(sql, params![id, customer, i64::from(channel.code()), day, wording]).map(drop)
        })
    }

    /// Responses of a touch between two moments (milliseconds, both included), the oldest first, so
    /// many at most: whoever has a letter can fetch its links for ever.
    pub fn responses_near(&self, touch: i64, from: i64, to: i64, limit: usize) -> Result<Vec<Response>> {
        let sql = format!(
            "SELECT {RESPONSE} FROM responses WHERE touch = ?1 AND at >= ?2 AND at <= ?3 ORDER BY at, id LIMIT ?4"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db.read(|conn| conn.all(&sql, params![touch, from, to, limit], response))
    }

    /// Of the newest so many clicks from a network between two moments (milliseconds, both included),
    /// those of one link, or all; the newest first.
    pub fn clicks_near(
        &self,
        network: i64,
        from: i64,
        to: i64,
        newest: usize,
        link: Option<i32>,
    ) -> Result<Vec<Response>> {
        let one = link.map_or(String::new(), |link| format!("WHERE link = {link}"));
        // The inner limit bounds what is read: behind one network there may be a whole country.
        let sql = format!(
            "SELECT {RESPONSE} FROM (SELECT * FROM responses WHERE network = ?1 AND at >= ?2 AND at <= ?3
             AND kind = ?4 ORDER BY at DESC LIMIT ?5) AS near {one} ORDER BY at DESC, id DESC"
        );
        let click = i64::from(ResponseKind::Click.code());
        let newest = i64::try_from(newest).unwrap_or(i64::MAX);
        self.db.read(|conn| conn.all(&sql, params![network, from, to, click, newest], response))
    }

    /// Clicks and openings with a number above this one: (number, touch, milliseconds), ascending.
    pub fn fetched_since(&self, id: i64, limit: usize) -> Result<Vec<(i64, i64, i64)>> {
        let sql =
            "SELECT id, touch, at FROM responses WHERE id > ?1 AND kind IN (?2, ?3) ORDER BY id LIMIT ?4";
        let (click, open) = (i64::from(ResponseKind::Click.code()), i64::from(ResponseKind::Open.code()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db.read(|conn| {
            conn.all(sql, params![id, click, open, limit], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
        })
    }

    /// Notes up to which number it is judged who fetched, without waiting behind an import.
    pub fn set_judged(&self, id: i64) -> Result<()> {
        self.db.write_now(|conn| put(conn, JUDGED, &id.to_string()))
    }

    /// Up to which number it is judged who fetched; 0 where nothing was.
    pub fn judged(&self) -> Result<i64> {
        let text = self.db.read(|conn| get(conn, JUDGED))?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// The highest number of a response; 0 where there is none.
    pub fn last_response(&self) -> Result<i64> {
        self.db.read(|conn| conn.number("SELECT MAX(id) FROM responses", &[]))
    }

    /// Which letter each of these touches is.
    pub fn letters_of(&self, touches: &[i64]) -> Result<HashMap<i64, LetterOf>> {
        let mut letters = HashMap::with_capacity(touches.len());
        self.db.read(|conn| {
            conn.each_of(
                "SELECT id, campaign, step, variant, channel FROM touches WHERE id IN ({ids})",
                touches,
                |row| {
                    let step = u16::try_from(row.int(2)?).unwrap_or(u16::MAX);
                    let variant = u8::try_from(row.int(3)?).unwrap_or(u8::MAX);
                    let channel = row.known(4, Channel::from_code)?;
                    letters.insert(row.int(0)?, (row.int(1)?, step, variant, channel));
                    Ok(())
                },
            )
        })?;
        Ok(letters)
    }

    /// Responses of a campaign (or of all) in order of touch and time, from a number on.
    pub fn each_response(&self, campaign: i64, each: &mut dyn FnMut(Response)) -> Result<()> {
        let sql = format!(
            "SELECT {RESPONSE} FROM responses WHERE touch IN (SELECT id FROM touches WHERE campaign = ?1) ORDER BY touch, at, id"
        );
        self.db.read(|conn| {
            conn.each(&sql, params![campaign], |row| {
                each(response(row)?);
                Ok(())
            })
        })
    }

    /// Changes verdicts: (response, verdict).
    pub fn judge_responses(&self, verdicts: &[(i64, Verdict)]) -> Result<()> {
        self.db.write_beside(|conn| {
            for (id, verdict) in verdicts {
                let sql = "UPDATE responses SET verdict = ?2 WHERE id = ?1";
                conn.exec(sql, params![*id, i64::from(verdict.code())])?;
            }
            Ok(())
        })
    }

    /// Distinct touches per step and kind, raw and by people.
    pub fn response_counts(&self, campaign: i64) -> Result<Vec<ResponseCount>> {
        // Responses stand in one index in the order of their touches, so each is seen once and nothing is sorted:
        // a fifth of what a look for each touch costs. Touches of a campaign lie together.
        let sql = "SELECT t.step, h.kind, COUNT(*), COUNT(CASE WHEN h.best = 0 THEN 1 END) FROM
                   (SELECT touch, kind, MIN(verdict) AS best FROM responses
                    WHERE touch >= (SELECT MIN(id) FROM touches WHERE campaign = ?1)
                    AND touch <= (SELECT MAX(id) FROM touches WHERE campaign = ?1) GROUP BY touch, kind) AS h
                   CROSS JOIN touches t WHERE t.id = h.touch AND t.campaign = ?1 GROUP BY t.step, h.kind ORDER BY 1, 2";
        self.db.read(|conn| {
            conn.all(sql, params![campaign], |row| {
                Ok(ResponseCount {
                    step: u16::try_from(row.int(0)?).unwrap_or(u16::MAX),
                    kind: row.known(1, ResponseKind::from_code)?,
                    raw: row.int(2)? as u64,
                    people: row.int(3)? as u64,
                })
            })
        })
    }

    /// Touches complained about, by campaign; complaints alone are read.
    pub fn complained(&self) -> Result<BTreeMap<i64, u64>> {
        // In the words of the index `responses_complaints`, so that it is used.
        let sql = format!(
            "SELECT t.campaign, COUNT(DISTINCT e.touch) FROM responses e JOIN touches t ON t.id = e.touch
             WHERE e.kind = {} GROUP BY t.campaign",
            ResponseKind::Complaint.code()
        );
        let rows = self.db.read(|conn| conn.all(&sql, &[], |row| Ok((row.int(0)?, row.int(1)? as u64))))?;
        Ok(rows.into_iter().collect())
    }

    /// What an address went through: (touch, kind, milliseconds) of its bounces, over every touch sent to it.
    pub fn bounces_like(&self, touch: i64) -> Result<Vec<(i64, ResponseKind, i64)>> {
        let sql = "SELECT r.touch, r.kind, r.at FROM responses r JOIN touches t ON t.id = r.touch
                   WHERE t.destination = (SELECT destination FROM touches WHERE id = ?1) AND r.kind IN (?2, ?3) ORDER BY r.at";
        let (hard, soft) = (ResponseKind::HardBounce.code(), ResponseKind::SoftBounce.code());
        self.db.read(|conn| {
            conn.all(sql, params![touch, i64::from(hard), i64::from(soft)], |row| {
                Ok((row.int(0)?, row.known(1, ResponseKind::from_code)?, row.int(2)?))
            })
        })
    }

    /// Something proves that a touch in doubt arrived, or that it failed; says whether it was in doubt.
    pub fn prove(&self, touch: i64, sent: bool, now: i64) -> Result<bool> {
        let state = if sent { TouchState::Sent } else { TouchState::Failed };
        self.db.write_beside(|conn| {
            let sql =
                "UPDATE touches SET state = ?2, rule = 'proven', settled = ?3 WHERE id = ?1 AND state = ?4";
            let doubt = i64::from(TouchState::InDoubt.code());
            Ok(conn.exec(sql, params![touch, i64::from(state.code()), now, doubt])? > 0)
        })
    }
}

/// The customer of a touch, and the hash of where it went if that is an address of `channel`.
fn whose(conn: &mut Conn, touch: i64, channel: Option<Channel>) -> Result<Option<(i64, Option<i64>)>> {
    let channel = channel.map_or(-1, |c| i64::from(c.code()));
    conn.one("SELECT customer, destination, channel FROM touches WHERE id = ?1", params![touch], |row| {
        let of_it = channel < 0 || row.int(2)? == channel;
        Ok((row.int(0)?, row.opt_int(1)?.filter(|_| of_it)))
    })
}

pub(crate) fn insert(conn: &mut Conn, r: &Response, proof: Option<&str>) -> Result<bool> {
    let sql = "INSERT INTO responses (touch, kind, at, link, agent, network, said, verdict, proof)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
    let (kind, verdict) = (i64::from(r.kind.code()), i64::from(r.verdict.code()));
    let link = r.link.map(i64::from);
    let row = params![r.touch, kind, r.at, link, &r.agent, r.network, &r.said, verdict, proof];
    Ok(conn.exec(sql, row)? > 0)
}

fn close(conn: &mut Conn, touch: i64, closing: &Closing, by: &str, at: i64) -> Result<()> {
    let Some((customer, destination)) = whose(conn, touch, closing.channel)? else { return Ok(()) };
    let stop = |record: Option<i64>, key: Option<i64>| NewStop {
        record,
        key,
        channel: closing.channel,
        reason: closing.reason,
        since: None,
        note: String::new(),
        source: String::new(),
        by: by.to_owned(),
        at,
    };
    if let Some(key) = destination {
        add_stop(conn, &stop(None, Some(key)))?;
    }
    if !closing.address_only {
        add_stop(conn, &stop(Some(customer), None))?;
    }
    // A dead address ends the letter that found it as failed, which its own attempt says.
    let but = closing.address_only.then_some(touch);
    let person = (!closing.address_only).then_some(customer);
    for whose in destination.map(Whose::Address).into_iter().chain(person.map(Whose::Person)) {
        skip_open(conn, whose, closing.channel, but, closing.rule, at)?;
    }
    Ok(())
}

/// Whose touches are meant.
#[derive(Clone, Copy)]
pub(crate) enum Whose {
    /// Everybody's who has this address, by its hash.
    Address(i64),
    /// One person's, over all their records.
    Person(i64),
}

/// Skips the touches in line, or in hand, by a channel or by all; all but one.
pub(crate) fn skip_open(
    conn: &mut Conn,
    whose: Whose,
    channel: Option<Channel>,
    but: Option<i64>,
    rule: &str,
    at: i64,
) -> Result<()> {
    let of_channel = channel.map_or(String::new(), |c| format!("AND channel = {}", c.code()));
    let others = but.map_or(String::new(), |touch| format!("AND id <> {touch}"));
    let (whose, of) = match whose {
        Whose::Address(key) => ("destination = ?1", key),
        Whose::Person(customer) => (
            "customer IN (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))",
            customer,
        ),
    };
    let sql = format!(
        "UPDATE touches SET state = ?2, rule = ?3, settled = ?4 WHERE state IN (0, 1) {of_channel} {others} AND {whose}"
    );
    conn.exec(&sql, params![of, i64::from(TouchState::Skipped.code()), rule, at]).map(drop)
}
