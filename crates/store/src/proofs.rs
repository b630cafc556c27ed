//! What shows that an address reaches its customer, or that it does not: read from responses, from the
//! customers' own words and from must-nots. Nothing of it is kept a second time.

use crate::db::Conn;
use crate::refresh::STILL;
use crate::{Result, Store};
use model::{Channel, OwnFact, ResponseKind, StopReason, Verdict};

/// What one piece of evidence is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// An address, as a hash (`model::MatchKey`), by a channel.
    Address(Channel, i64),
    /// A fact with the hash of its value (`OwnFact::print`).
    Fact(OwnFact, i64),
    /// Whatever the customer has for a channel.
    Channel(Channel),
}

/// What happened there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shows {
    Heard(ResponseKind),
    /// The customer confirmed or corrected it.
    OwnWord,
    /// A must-not in force: it does not reach.
    Dead,
}

/// The newest of its kind for one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proof {
    pub person: i64,
    pub about: About,
    pub shows: Shows,
    /// Unix seconds.
    pub at: i64,
}

/// What only arrives, or is only done, where the address reaches somebody.
const ALIVE: [ResponseKind; 6] = [
    ResponseKind::Delivered,
    ResponseKind::Click,
    ResponseKind::OptOut,
    ResponseKind::Preference,
    ResponseKind::Reply,
    ResponseKind::Redeemed,
];

impl Store {
    /// Everything that proves or disproves an address, of some people or of everybody; in no order.
    pub fn proofs(&self, of: Option<&[i64]>, each: &mut dyn FnMut(Proof)) -> Result<()> {
        self.db.read(|conn| {
            heard(conn, of, each)?;
            said(conn, of, each)?;
            dead(conn, of, each)
        })
    }
}

/// Runs a query with `{of}` in its conditions for some people or for everybody.
fn run(
    conn: &mut Conn,
    sql: &str,
    of: Option<&[i64]>,
    each: &mut dyn FnMut(&crate::db::Row<'_>) -> Result<()>,
) -> Result<()> {
    match of {
        None => conn.each(&sql.replace("{of}", "1 = 1"), &[], each),
        Some(people) => conn.each_of(&sql.replace("{of}", "r.customer IN ({ids})"), people, each),
    }
}

fn heard(conn: &mut Conn, of: Option<&[i64]>, each: &mut dyn FnMut(Proof)) -> Result<()> {
    let kinds: Vec<String> = ALIVE.iter().map(|kind| kind.code().to_string()).collect();
    let sql = format!(
        "SELECT r.customer, t.channel, t.destination, e.kind, MAX(e.at) FROM responses e JOIN touches t ON t.id = e.touch
         JOIN records r ON r.id = t.customer WHERE e.verdict = {} AND e.kind IN ({}) AND t.destination IS NOT NULL AND {{of}}
         GROUP BY r.customer, t.channel, t.destination, e.kind",
        Verdict::Person.code(),
        kinds.join(",")
    );
    run(conn, &sql, of, &mut |row| {
        let about = About::Address(row.known(1, Channel::from_code)?, row.int(2)?);
        let shows = Shows::Heard(row.known(3, ResponseKind::from_code)?);
        each(Proof { person: row.int(0)?, about, shows, at: row.int(4)? / 1_000 });
        Ok(())
    })
}

fn said(conn: &mut Conn, of: Option<&[i64]>, each: &mut dyn FnMut(Proof)) -> Result<()> {
    let sql = "SELECT r.customer, c.field, c.now_is, MAX(c.at) FROM profile_changes c JOIN records r ON r.id = c.record
               WHERE {of} GROUP BY r.customer, c.field, c.now_is";
    run(conn, sql, of, &mut |row| {
        let about = About::Fact(row.known(1, OwnFact::from_code)?, row.int(2)?);
        each(Proof { person: row.int(0)?, about, shows: Shows::OwnWord, at: row.int(3)? });
        Ok(())
    })
}

fn dead(conn: &mut Conn, of: Option<&[i64]>, each: &mut dyn FnMut(Proof)) -> Result<()> {
    let bad = StopReason::BadAddress.code();
    for joined in [
        "JOIN records r ON r.id = s.record".to_owned(),
        format!("JOIN match_keys k ON k.key = s.match_key AND {STILL} JOIN records r ON r.id = k.record"),
    ] {
        let sql = format!(
            "SELECT r.customer, s.channel, MAX(s.at) FROM suppressions s {joined}
             WHERE s.lifted_at IS NULL AND s.reason = {bad} AND s.channel IS NOT NULL AND {{of}} GROUP BY r.customer, s.channel"
        );
        run(conn, &sql, of, &mut |row| {
            let about = About::Channel(row.known(1, Channel::from_code)?);
            each(Proof { person: row.int(0)?, about, shows: Shows::Dead, at: row.int(2)? });
            Ok(())
        })?;
    }
    Ok(())
}
