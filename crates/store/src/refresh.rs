//! What customers say of themselves on their own page: taken over with its history, in one transaction.
//!
//! Their word wins over what an import said before. A later file that still says what they replaced
//! is no news and changes nothing (`import/own.rs`); one that says a third thing, and a later order's
//! own words, are. What was known against a former address stays with that address.

use crate::db::{Conn, Row, params};
use crate::identity::{STORED, Stored, stored_row};
use crate::settings::next_id;
use crate::{Error, Result, Store, bits, changes, destinations_of, import, responses};
use model::{Basis, Channel, MatchKey, OwnFact, Record, Response, StopReason};
use std::collections::HashSet;

/// Everything a customer said on their page.
pub struct OwnWord<'a> {
    pub touch: i64,
    /// The facts that they confirmed or corrected, as they are now; the rest is not looked at.
    pub said: &'a Record,
    pub facts: &'a [OwnFact],
    /// What they agreed to: the channel, the stop that closed it, and the words that were shown.
    pub agreed: &'a [(Channel, StopReason, String)],
    pub response: &'a Response,
    /// By what a record can be found (`intake`).
    pub keys: &'a dyn Fn(&Record) -> Vec<MatchKey>,
    /// Unix seconds.
    pub at: i64,
}

/// How the page of a touch stands.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct RefreshState {
    /// Wrong answers so far.
    pub tries: u32,
    /// When the page was used up, Unix seconds.
    pub done: Option<i64>,
}

/// One fact of one record that the customer confirmed or corrected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileChange {
    pub record: i64,
    pub fact: OwnFact,
    /// It was right as it stood.
    pub confirmed: bool,
    /// `None`: there was none, or it is erased.
    pub old: Option<String>,
    pub new: Option<String>,
    /// Unix seconds.
    pub at: i64,
    pub touch: i64,
}

/// For a must-not `s` of an address that a record `k.record` has or had: whether it still holds there.
pub(crate) const STILL: &str =
    "NOT EXISTS (SELECT 1 FROM former_keys f WHERE f.key = k.key AND f.record = k.record
     AND ((f.channel = -1 AND s.reason = 8) OR (f.channel = s.channel AND s.reason IN (0, 1, 2, 4, 5, 9))))";

/// The record whose fact the page shows and a correction replaces: the first that has it outside a
/// mall; of telephone numbers, the first with a mobile one.
pub fn shown(records: &[Stored], fact: OwnFact) -> Option<&Stored> {
    let mut own = records.iter().filter(|r| !r.record.mall && fact.print(&r.record).is_some());
    match fact {
        OwnFact::Phone => {
            let mobile = |r: &&Stored| r.record.destination(Channel::Sms).is_some();
            own.clone().find(mobile).or_else(|| own.next())
        }
        _ => own.next(),
    }
}

impl Store {
    /// How the page of a touch stands.
    pub fn refresh_state(&self, touch: i64) -> Result<RefreshState> {
        let sql = "SELECT tries, done FROM refreshes WHERE touch = ?1";
        let state = |row: &Row<'_>| {
            Ok(RefreshState { tries: u32::try_from(row.int(0)?).unwrap_or(u32::MAX), done: row.opt_int(1)? })
        };
        Ok(self.db.read(|conn| conn.one(sql, params![touch], state))?.unwrap_or_default())
    }

    /// Counts a wrong answer; says how many there were.
    pub fn refresh_missed(&self, touch: i64) -> Result<u32> {
        self.db.write_now(|conn| {
            let sql = "INSERT INTO refreshes (touch, tries) VALUES (?1, 1)
                       ON CONFLICT (touch) DO UPDATE SET tries = refreshes.tries + 1 RETURNING tries";
            let tries = conn.one(sql, params![touch], |row| row.int(0))?;
            Ok(u32::try_from(tries.unwrap_or(0)).unwrap_or(u32::MAX))
        })
    }

    /// Takes a customer's word over: their facts with the history of each, their permissions with the
    /// words shown, and the response. `false`, and nothing is written, where the page is used up or
    /// had `most_tries` wrong answers.
    pub fn take_own_word(&self, word: &OwnWord<'_>, most_tries: u32) -> Result<bool> {
        self.db.write_now(|conn| {
            let sql = "INSERT INTO refreshes (touch, tries, done) VALUES (?1, 0, ?2) ON CONFLICT (touch)
                       DO UPDATE SET done = excluded.done WHERE refreshes.done IS NULL AND refreshes.tries < ?3";
            if conn.exec(sql, params![word.touch, word.at, i64::from(most_tries)])? == 0 {
                return Ok(false);
            }
            let customer = conn.one("SELECT customer FROM touches WHERE id = ?1", params![word.touch], |row| row.int(0))?;
            let customer = customer.ok_or(Error::Missing { what: "touch", id: word.touch })?;
            let mut records = records(conn, customer)?;
            let person = records.first().map(|r| r.customer).ok_or(Error::Missing { what: "customer", id: customer })?;
            for fact in word.facts {
                take(conn, word, *fact, customer, &mut records)?;
            }
            for (channel, reason, wording) in word.agreed {
                agree(conn, word, (*channel, *reason), wording, (customer, person))?;
            }
            responses::insert(conn, word.response, None)?;
            changes::note(conn, &[person])?;
            Ok(true)
        })
    }

    /// What a person ever said of themselves, the newest first.
    pub fn profile_changes(&self, customer: i64) -> Result<Vec<ProfileChange>> {
        let sql = "SELECT record, field, was, now_is, old, new, at, touch FROM profile_changes WHERE record IN
                   (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1)) ORDER BY id DESC";
        let mut words = self.db.read(|conn| {
            conn.all(sql, params![customer], |row| {
                Ok(ProfileChange {
                    record: row.int(0)?,
                    fact: row.known(1, OwnFact::from_code)?,
                    confirmed: row.opt_int(2)? == Some(row.int(3)?),
                    old: row.opt_text(4)?,
                    new: row.opt_text(5)?,
                    at: row.int(6)?,
                    touch: row.int(7)?,
                })
            })
        })?;
        // They said it once, of however many of their records.
        let mut said = HashSet::new();
        words.retain(|w| said.insert((w.touch, w.at, w.fact, w.confirmed, w.old.clone(), w.new.clone())));
        Ok(words)
    }

    /// Forgets the words of a person's former facts. That they changed, and when, stays.
    pub fn erase_profile_changes(&self, customer: i64) -> Result<u64> {
        let sql = "UPDATE profile_changes SET old = NULL, new = NULL WHERE (old IS NOT NULL OR new IS NOT NULL) AND record IN
                   (SELECT id FROM records WHERE customer = (SELECT customer FROM records WHERE id = ?1))";
        self.db.write(|conn| conn.exec(sql, params![customer]))
    }
}

/// The records of the person whom a customer's number belongs to now, ascending.
fn records(conn: &mut Conn, customer: i64) -> Result<Vec<Stored>> {
    let sql =
        format!("{STORED} WHERE r.customer = (SELECT customer FROM records WHERE id = ?1) ORDER BY r.id");
    conn.all(&sql, params![customer], stored_row)
}

/// Takes one fact over: into every record that said the same as the one shown.
fn take(
    conn: &mut Conn,
    word: &OwnWord<'_>,
    fact: OwnFact,
    customer: i64,
    records: &mut [Stored],
) -> Result<()> {
    let Some(now_is) = fact.print(word.said) else { return Ok(()) };
    let seen = shown(records, fact).map(|r| (r.id, fact.print(&r.record)));
    let was = seen.and_then(|(_, print)| print);
    if was == Some(now_is) {
        let id = seen.map_or(customer, |(id, _)| id);
        return note(conn, word, fact, id, (was, now_is), (None, None));
    }
    let before = ways(records, fact);
    let own: Vec<usize> = match was {
        Some(_) => (0..records.len())
            .filter(|i| !records[*i].record.mall && fact.print(&records[*i].record) == was)
            .collect(),
        // Nobody said it before: it is theirs whose touch it was.
        None => {
            let own = |r: &Stored| !r.record.mall;
            let at = records
                .iter()
                .position(|r| own(r) && r.id == customer)
                .or_else(|| records.iter().position(own));
            at.into_iter().collect()
        }
    };
    for at in own {
        let stored = &mut records[at];
        let old = fact.of(&stored.record);
        fact.copy(word.said, &mut stored.record);
        let new = fact.of(&stored.record);
        let old = (!old.is_empty()).then_some(old);
        note(conn, word, fact, stored.id, (was, now_is), (old.as_deref(), Some(&new)))?;
        keep(conn, stored, &(word.keys)(&stored.record))?;
    }
    let after = ways(records, fact);
    let person = records.first().map_or(customer, |r| r.customer);
    for ((channel, old), (_, new)) in before.into_iter().zip(after) {
        leave(conn, word, person, channel, old, new)?;
    }
    Ok(())
}

/// Where each channel that goes by a fact leads.
fn ways(records: &[Stored], fact: OwnFact) -> Vec<(Channel, Option<MatchKey>)> {
    let way = |channel: &Channel| (*channel, destinations_of(records, *channel).next().map(|(key, _)| key));
    fact.channels().iter().map(way).collect()
}

fn note(
    conn: &mut Conn,
    word: &OwnWord<'_>,
    fact: OwnFact,
    record: i64,
    (was, now_is): (Option<i64>, i64),
    (old, new): (Option<&str>, Option<&str>),
) -> Result<()> {
    let sql = "INSERT INTO profile_changes (record, field, was, now_is, old, new, at, how, touch)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'page', ?8)";
    let field = i64::from(fact.code());
    conn.exec(sql, params![record, field, was, now_is, old, new, word.at, word.touch]).map(drop)
}

/// Writes a profile down with all that it is found by.
fn keep(conn: &mut Conn, stored: &Stored, keys: &[MatchKey]) -> Result<()> {
    let text = serde_json::to_string(&stored.record)?;
    let sql = "INSERT INTO profiles (record, profile, from_file) VALUES (?1, ?2, 0)
               ON CONFLICT (record) DO UPDATE SET profile = excluded.profile";
    conn.exec(sql, params![stored.id, text.as_str()])?;
    let ordered = bits::ORDERED;
    let sql = format!("UPDATE records SET bits = ?2 | (bits & {ordered}) WHERE id = ?1");
    conn.exec(&sql, params![stored.id, bits::of(&stored.record)])?;
    import::known_by(conn, stored.id, &stored.record, keys)
}

/// The person is no longer where a channel led to: what is known against that place stays there, and
/// what was in line for it goes to the new one.
fn leave(
    conn: &mut Conn,
    word: &OwnWord<'_>,
    person: i64,
    channel: Channel,
    old: Option<MatchKey>,
    new: Option<MatchKey>,
) -> Result<()> {
    let Some(new) = new.filter(|new| Some(*new) != old) else { return Ok(()) };
    let code = i64::from(channel.code());
    let of = "k.record IN (SELECT id FROM records WHERE customer = ?1)";
    conn.exec(
        "DELETE FROM former_keys WHERE key = ?2 AND record IN (SELECT id FROM records WHERE customer = ?1)",
        params![person, new.0],
    )?;
    let agreed = word.agreed.iter().any(|(c, ..)| *c == channel);
    for mark in [Some(-1), agreed.then_some(code)].into_iter().flatten() {
        // Other addresses of theirs that reach nobody close nothing either from now on.
        let sql = format!(
            "INSERT INTO former_keys (key, record, channel) SELECT k.key, k.record, ?3 FROM match_keys k WHERE {of}
             AND k.key <> ?4 AND (k.key = ?2 OR EXISTS (SELECT 1 FROM suppressions s WHERE s.match_key = k.key
             AND s.channel = ?5 AND s.lifted_at IS NULL)) ON CONFLICT DO NOTHING"
        );
        conn.exec(&sql, params![person, old.map(|key| key.0), mark, new.0, code])?;
    }
    // "Returned to sender", said of the person by a file or an operator, was said of the old place.
    let sql =
        "UPDATE suppressions SET lifted_by = 'customer', lifted_why = 'address corrected', lifted_at = ?4
               WHERE lifted_at IS NULL AND reason = ?3 AND channel = ?2
               AND record IN (SELECT id FROM records WHERE customer = ?1)";
    let bad = i64::from(StopReason::BadAddress.code());
    conn.exec(sql, params![person, code, bad, word.at])?;
    let sql = "UPDATE touches SET destination = ?3 WHERE state = 0 AND channel = ?2 AND destination = ?4
               AND customer IN (SELECT id FROM records WHERE customer = ?1) AND NOT EXISTS (SELECT 1 FROM touches o
               WHERE o.campaign = touches.campaign AND o.step = touches.step AND o.channel = ?2 AND o.destination = ?3)";
    conn.exec(sql, params![person, code, new.0, old.map(|key| key.0)]).map(drop)
}

/// A permission given anew: the proof is kept, and what the person themselves had closed is open again.
/// A must-not of an address stays unless it was theirs alone: nobody opens another's.
fn agree(
    conn: &mut Conn,
    word: &OwnWord<'_>,
    (channel, reason): (Channel, StopReason),
    wording: &str,
    (customer, person): (i64, i64),
) -> Result<()> {
    let sql = "UPDATE suppressions SET lifted_by = 'customer', lifted_why = ?4, lifted_at = ?3
               WHERE lifted_at IS NULL AND reason = ?2 AND (record IN (SELECT id FROM records WHERE customer = ?1)
               OR (match_key IN (SELECT t.destination FROM touches t WHERE t.id = ?5 AND t.channel = ?6)
                   AND NOT EXISTS (SELECT 1 FROM match_keys k JOIN records r ON r.id = k.record
                                   WHERE k.key = suppressions.match_key AND r.customer <> ?1)))";
    let code = i64::from(channel.code());
    conn.exec(sql, params![person, i64::from(reason.code()), word.at, wording, word.touch, code])?;
    let id = next_id(conn, "consents")?;
    let sql =
        "INSERT INTO consents (id, record, channel, basis, given, given_on, day, evidence, source, import)
               SELECT ?1, id, ?3, ?4, 1, ?5, ?5, ?6, source, 0 FROM records WHERE id = ?2";
    let day = word.at.div_euclid(86_400);
    let basis = i64::from(Basis::OptIn.code());
    conn.exec(sql, params![id, customer, code, basis, day, wording]).map(drop)
}
